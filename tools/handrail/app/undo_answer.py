"""What answers an action that others have seen: an event that takes its effect back, where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from handrail.app.names import Named
from handrail.base.errors import NotAllowed
from handrail.base.value import dataclass
from handrail.model.change import Action
from handrail.model.item import Event, walk
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.rules.fold import fold

Holder = Run | Project
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The action that takes another one's effect back, and what it leaves, in sentences."""

    action: Action
    notices: tuple[str, ...] = ()


def answer_to(verb: str, target: Named, before: Holder | None, after: Holder, subject: str) -> Answer:
    """Give what answers an action of which `before` and `after` are the file's two states.

    Raises NotAllowed with a way out where no event can: what others have read cannot be unsaid.
    """
    prefix = "handrail" if target.kind == "run" else "handrail project"
    if before is None:
        message = f"“{subject}” is shared: a run that others may have seen is not deleted."
        raise NotAllowed(message, f"`{prefix} cancel {target.id} -m REASON` ends it.")
    made = _added(before, after)
    mine = [(item, event) for item, event in made if event.verb == verb]
    make = _ANSWERS.get(verb)
    answer = make(before, mine, f"undo: {subject}") if make and mine else None
    if answer is None:
        message = f"“{subject}” is shared, and no event takes it back."
        raise NotAllowed(message, f"A note can correct it: `{prefix} note {target.id} -m TEXT`.")
    return answer if verb == "set" else Answer(answer.action, _left(made))


def _left(made: list[tuple[str, Event]]) -> tuple[str, ...]:
    names = ", ".join(f"`{name}`" for _, event in made if event.verb == "set" for name, _ in event.values)
    return (f"The value of {names} stays as it was given.",) if names else ()


def _added(before: Holder, after: Holder) -> list[tuple[str, Event]]:
    """Give the events that came, in the order of the file, those of the Log first."""
    had = Counter(_events(before))
    found = []
    for one in _events(after):
        had[one] -= 1
        if had[one] < 0:
            found.append(one)
    return found


def _events(holder: Holder) -> list[tuple[str, Event]]:
    under = ((item.id, event) for item in walk(holder.items) for event in item.events)
    return [*(("", event) for event in holder.log), *under]


def _ids(made: list[tuple[str, Event]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item, _ in made if item))


def _reopen(_: Holder, made: list[tuple[str, Event]], note: str) -> Answer | None:
    return Answer(Action("reopen", _ids(made), note)) if _ids(made) else None


def _unblock(_: Holder, made: list[tuple[str, Event]], note: str) -> Answer | None:
    return Answer(Action("unblock", _ids(made), note)) if _ids(made) else None


def _assign(before: Holder, made: list[tuple[str, Event]], note: str) -> Answer | None:
    had = set()
    for item in walk(before.items):
        if item.id in _ids(made):
            people = fold(item).assignees
            had.add(item.attributes.who if people is None else people)
    return (
        Answer(Action("assign", _ids(made), note, (("to", " ".join(had.pop()) or "none"),))) if len(had) == 1 else None
    )


def _due(before: Holder, made: list[tuple[str, Event]], note: str) -> Answer | None:
    ids = _ids(made)
    if ids:
        had = {fold(item).due for item in walk(before.items) if item.id in ids}
    else:
        had = {next((event.value("on") for event in reversed(before.log) if event.verb == "due"), "")}
    return Answer(Action("due", ids, note, (("on", had.pop() or "none"),))) if len(had) == 1 else None


def _set(before: Holder, made: list[tuple[str, Event]], note: str) -> Answer | None:
    had = dict(before.fields) if isinstance(before, Run) else {}
    for _, event in sorted(_events(before), key=lambda one: one[1].time):
        if event.verb == "set":
            had.update(event.values)
    names = dict.fromkeys(name for _, event in made for name, _ in event.values)
    if not all(had.get(name) for name in names):
        return None
    return Answer(Action("set", _ids(made), note, (), tuple((name, had[name]) for name in names)))


_ANSWERS: dict[str, Callable[[Holder, list[tuple[str, Event]], str], Answer | None]] = {
    "done": _reopen,
    "skipped": _reopen,
    "approved": _reopen,
    "blocked": _unblock,
    "assigned": _assign,
    "due": _due,
    "set": _set,
}
