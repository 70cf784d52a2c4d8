"""A Trello board, from the JSON that its menu exports.

Boards of all ages are read: keys that an older export has not are taken as empty. Lists become phases and cards tasks,
archived ones included; checklists become lists in a task's text, comments notes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from handrail.base.errors import NotAllowed
from handrail.base.words import count
from handrail.integrations.sheet import paragraphs
from handrail.model.imported import Happened, ImportedPlan, Incoming

Json = Mapping[str, Any]
_DONE = re.compile(
    r"\b(done|complete[d]?|finished|closed|shipped|erledigt|fertig|terminé|hecho|完了)\b|^完了", re.IGNORECASE
)
_DOING = re.compile(r"\b(doing|in progress|in arbeit|working on|en cours|en curso)\b", re.IGNORECASE)
_MOST = 20_000
_COMMENTS = ("commentCard", "copyCommentCard")


def read_board(name: str, text: str, zone: tzinfo, *, subtasks: bool = False) -> ImportedPlan:
    """Read a board. `zone` is the workspace's: a due instant falls on its date there.

    `subtasks` makes tasks of checklist items. Raises NotAllowed for what is no board, by name for a card.
    """
    board = _board(name, text)
    return _Board(board, zone, subtasks=subtasks).plan()


def _board(name: str, text: str) -> Json:
    try:
        board = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAllowed(
            f"`{name}` is not JSON.", "In Trello: menu, Print, export and share, Export as JSON."
        ) from None
    if not isinstance(board, dict):
        raise NotAllowed(f"`{name}` is not the JSON of a Trello board.", "It holds no board.")
    if isinstance(board.get("cards"), list) and isinstance(board.get("lists"), list):
        return board
    if "idList" in board or ("idBoard" in board and "desc" in board):
        raise NotAllowed(f"`{name}` is a single card, not a board.", "Export the board: menu, Print, export and share.")
    raise NotAllowed(f"`{name}` is not the JSON of a Trello board: it has no lists and cards.")


class _Board:
    """A board while it is read."""

    def __init__(self, board: Json, zone: tzinfo, *, subtasks: bool) -> None:
        self.board, self.zone, self.subtasks = board, zone, subtasks
        self.lists = {_text(one, "id"): one for one in _dicts(board, "lists")}
        self.members = {_text(one, "id"): _member(one) for one in _dicts(board, "members")}
        self.labels = {_text(one, "id"): one for one in _dicts(board, "labels")}
        self.checklists = {_text(one, "id"): one for one in _dicts(board, "checklists")}
        self.fields = {_text(one, "id"): one for one in _dicts(board, "customFields")}
        self.actions: dict[str, list[Json]] = {}
        for action in _dicts(board, "actions"):
            card = action.get("data", {}).get("card", {}) if isinstance(action.get("data"), dict) else {}
            self.actions.setdefault(_text(card, "id") if isinstance(card, dict) else "", []).append(action)
        self.lost: dict[str, int] = {}

    def plan(self) -> ImportedPlan:
        cards = _dicts(self.board, "cards")
        if len(cards) > _MOST:
            raise NotAllowed(f"The board has {len(cards):,} cards, {_MOST:,} are allowed.", "Archive and export again.")
        places = {id: (number, _number(one.get("pos"))) for number, (id, one) in enumerate(self.lists.items())}
        order = sorted(self.lists, key=lambda id: (bool(self.lists[id].get("closed")), places[id][1], places[id][0]))
        rank = {id: number for number, id in enumerate(order)}
        cards = sorted(cards, key=lambda card: (rank.get(_text(card, "idList"), len(rank)), _number(card.get("pos"))))
        tasks = [task for card in cards for task in self.card(card)]
        self.count("attachment without an address", sum(len(_files_of(card)) for card in cards))
        self.count("limit of a list", sum(1 for one in self.lists.values() if one.get("softLimit")))
        self.count("sticker", sum(len(card.get("stickers") or []) for card in cards))
        self.count("vote", sum(len(card.get("idMembersVoted") or []) for card in cards))
        self.count("data set of a Power-Up", len(_dicts(self.board, "pluginData")))
        empty = [
            _text(one, "name") for id, one in self.lists.items() if not any(_text(c, "idList") == id for c in cards)
        ]
        lost = [f"{count(number, what)}: Handrail has no such thing" for what, number in self.lost.items() if number]
        if empty:
            lost.append(f"{count(len(empty), 'list')} without cards: {', '.join(empty[:5])}")
        if len(_dicts(self.board, "actions")) >= 1000:
            lost.append("the export holds the last 1,000 actions only: older comments and times are not in it")
        key = _text(self.board, "shortLink") or _text(self.board, "id")
        return ImportedPlan(
            source=f"trello {key}".strip(),
            title=_text(self.board, "name") or "Trello board",
            summary=_text(self.board, "desc").strip().split("\n")[0],
            tasks=tuple(tasks),
            lost=tuple(lost),
            notes=self.notes(cards),
        )

    def notes(self, cards: list[Json]) -> tuple[str, ...]:
        archived = sum(1 for card in cards if self.is_archived(card) and not self.is_done(card))
        done = sorted({_text(one, "name") for one in self.lists.values() if _DONE.search(_text(one, "name"))})
        found = []
        if archived:
            found.append(f"{count(archived, 'archived card')} came over as skipped tasks")
        templates = sum(1 for card in cards if card.get("isTemplate"))
        if templates:
            found.append(f"{count(templates, 'template card')} came over as tasks")
        if done:
            found.append(f"cards in {', '.join(done[:4])} count as done")
        return tuple(found)

    def count(self, what: str, number: int) -> None:
        self.lost[what] = self.lost.get(what, 0) + number

    def list_of(self, card: Json) -> str:
        return _text(self.lists.get(_text(card, "idList"), {}), "name")

    def is_done(self, card: Json) -> bool:
        return bool(card.get("dueComplete")) or bool(_DONE.search(self.list_of(card)))

    def is_archived(self, card: Json) -> bool:
        return bool(card.get("closed")) or bool(self.lists.get(_text(card, "idList"), {}).get("closed"))

    def card(self, card: Json) -> list[Incoming]:
        closed = "done" if self.is_done(card) else "skipped" if self.is_archived(card) else ""
        people = tuple(self.members.get(str(one), "") for one in card.get("idMembers") or ())
        key = _text(card, "shortLink") or _text(card, "id")
        task = Incoming(
            key=key,
            title=_text(card, "name"),
            phase=self.list_of(card),
            people=tuple(name for name in people if name),
            start=self.day(card.get("start")),
            due=self.day(card.get("due")),
            closed=closed,
            happened=self.happened(card, closed),
            body=self.body(card),
        )
        return [task, *(self.items(card, key, task.phase) if self.subtasks else [])]

    def happened(self, card: Json, closed: str) -> tuple[Happened, ...]:
        found: list[Happened] = []
        moved: dict[str, Happened] = {}
        for action in self.actions.get(_text(card, "id"), []):
            time, who = _instant(action.get("date")), self.who(action)
            data = action.get("data") if isinstance(action.get("data"), dict) else {}
            if time is None or not isinstance(data, dict):
                continue
            if action.get("type") in _COMMENTS and _text(data, "text").strip():
                found.append(Happened(time, "noted", who, _text(data, "text")))
            after = data.get("listAfter")
            if isinstance(after, dict):
                moved.setdefault(_text(after, "name"), Happened(time, "", who))
            finished = data.get("card", {}).get("dueComplete") if isinstance(data.get("card"), dict) else None
            if finished is True:
                moved.setdefault("", Happened(time, "", who))
        last = _instant(card.get("dateLastActivity")) or _made_at(_text(card, "id"))
        here = moved.get("") or moved.get(self.list_of(card))
        if closed:
            time = here.time if here else last
            why = "archived in Trello" if closed == "skipped" else ""
            found.append(Happened(time, closed, here.who if here else "", why))
        elif _DOING.search(self.list_of(card)):
            found.append(Happened(here.time if here else last, "started", here.who if here else ""))
        return tuple(found)

    def who(self, action: Json) -> str:
        """Give who did something; the action itself names people who have left the board."""
        known = self.members.get(_text(action, "idMemberCreator"), "")
        creator = action.get("memberCreator")
        return known or (_member(creator) if isinstance(creator, dict) else "")

    def body(self, card: Json) -> str:
        parts = [_text(card, "desc").strip()]
        parts += [self.custom(field) for field in _dicts(card, "customFieldItems")]
        names = [_text(one, "name") or _text(one, "color") for one in self.labels_of(card)]
        if any(names):
            parts.append(f"Labels: {', '.join(name for name in names if name)}")
        if not self.subtasks:
            parts += [self.checklist(one) for one in self.checklists_of(card)]
        links = [
            f"- [{_text(one, 'name') or 'attachment'}]({_text(one, 'url')})" for one in _dicts(card, "attachments")
        ]
        parts.append("\n".join(link for link in links if "](http" in link))
        return paragraphs(*parts)

    def labels_of(self, card: Json) -> list[Json]:
        inside = _dicts(card, "labels")
        return inside or [self.labels[id] for id in card.get("idLabels") or () if id in self.labels]

    def checklists_of(self, card: Json) -> list[Json]:
        inside = _dicts(card, "checklists")
        known = [self.checklists[id] for id in card.get("idChecklists") or () if id in self.checklists]
        return inside or known or [one for one in self.checklists.values() if _text(one, "idCard") == _text(card, "id")]

    def checklist(self, one: Json) -> str:
        items = sorted(_dicts(one, "checkItems"), key=lambda item: _number(item.get("pos")))
        lines = [
            f"- {'☑' if item.get('state') == 'complete' else '☐'} {_text(item, 'name')}{self.asides(item)}"
            for item in items
        ]
        return f"**{_text(one, 'name') or 'Checklist'}**\n\n" + "\n".join(lines) if lines else ""

    def asides(self, item: Json) -> str:
        """Give by when and by whom an item of a checklist is to be done, in brackets."""
        due = self.day(item.get("due"))
        parts = [self.members.get(_text(item, "idMember"), ""), f"due {due.isoformat()}" if due else ""]
        return f" ({', '.join(part for part in parts if part)})" if any(parts) else ""

    def items(self, card: Json, parent: str, phase: str) -> list[Incoming]:
        found = []
        for one in self.checklists_of(card):
            for item in sorted(_dicts(one, "checkItems"), key=lambda item: _number(item.get("pos"))):
                done = item.get("state") == "complete"
                time = _instant(card.get("dateLastActivity")) or _made_at(_text(card, "id"))
                happened = (Happened(time, "done"),) if done else ()
                who = self.members.get(_text(item, "idMember"), "")
                found.append(
                    Incoming(
                        _text(item, "id"),
                        _text(item, "name"),
                        phase,
                        parent,
                        people=(who,) if who else (),
                        due=self.day(item.get("due")),
                        closed="done" if done else "",
                        happened=happened,
                    )
                )
        return found

    def custom(self, field: Json) -> str:
        known = self.fields.get(_text(field, "idCustomField"), {})
        value = field.get("value")
        text = " ".join(str(one) for one in value.values()) if isinstance(value, dict) else ""
        for option in _dicts(known, "options"):
            if _text(option, "id") == _text(field, "idValue") and isinstance(option.get("value"), dict):
                text = str(option["value"].get("text", ""))
        return f"{_text(known, 'name') or 'Field'}: {text}" if text else ""

    def day(self, text: Any) -> date | None:
        instant = _instant(text)
        return instant.astimezone(self.zone).date() if instant else None


def _files_of(card: Json) -> list[Json]:
    """Give the attachments of a card that no link leads to."""
    return [one for one in _dicts(card, "attachments") if not _text(one, "url").startswith("http")]


def _dicts(holder: Json, key: str) -> list[Json]:
    value = holder.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(holder: Json, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _member(one: Json) -> str:
    return _text(one, "fullName") or _text(one, "username")


def _instant(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if 1970 <= moment.year <= 2200 else None


def _made_at(id: str) -> datetime:
    """Give when something was made: the first four bytes of its id are seconds."""
    try:
        return datetime.fromtimestamp(int(id[:8], 16), UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
