"""An imported procedure becomes a process, or brings the process up to date that it became before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handrail.app.act import Saved, save
from handrail.app.files import MAX_BYTES, PROCESSES, README, decode
from handrail.app.setup import new_id
from handrail.base.errors import BrokenFiles, NotAllowed
from handrail.base.problem import has_errors
from handrail.base.value import dataclass
from handrail.base.words import count
from handrail.model.imported import ImportedProcess
from handrail.model.item import Item, walk
from handrail.model.people import Config
from handrail.model.process import Process

if TYPE_CHECKING:
    from handrail.store.repository import Repository
    from handrail.text.document import Document

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class TakenInProcess:
    """What an import came to. `how` is `fresh`, `replaced` (nobody had changed it here), `added` or `same`."""

    process: str
    path: str
    how: str
    steps: int
    added: int
    lost: tuple[str, ...]
    notes: tuple[str, ...]
    saved: Saved = Saved()
    text: str = ""


def take_in_process(
    repository: Repository,
    found: ImportedProcess,
    *,
    name: str,
    who: str,
    config: Config,
    commit: bool = True,
    dry_run: bool = False,
) -> TakenInProcess:
    """Write a procedure as the process `name` (its title's slug where that is empty), as one commit.

    Where that process came from the same source before and nobody has changed its text since, it gets the new text.
    Where somebody has, new steps are added, nothing is taken away, and what differs is told. Raises NotAllowed where a
    process of another source is there.
    """
    from handrail.text.plain import slug

    process = new_id(name or slug(found.title, "imported"), "process")[0]
    path = f"{PROCESSES}/{process}/{README}"
    people = _people(found, config)
    made = _Made(found, path, process, who, people)

    def transform(before: bytes | None) -> bytes:
        text = made.fresh() if before is None else made.updated(before)
        if len(text.encode()) > MAX_BYTES:
            raise NotAllowed(f"The process would be larger than {MAX_BYTES:,} bytes.", "Split it before the export.")
        return text.encode()

    def message() -> str:
        from handrail.store.message import build_message

        trailers = [("Handrail-Action", "import"), ("Handrail-Process", process)]
        return build_message(f"import {process}: {found.title}", f"From {found.source}.", trailers)

    saved, text = Saved(), ""
    before = repository.read_or_none(path)
    if dry_run:
        text = transform(before).decode()
    elif before is None or transform(before) != before:
        saved = save(repository, path, transform, message, config=config, commit=commit)
    notes = (*found.notes, *made.notes, *_roles_note(found, people, process))
    return TakenInProcess(process, path, made.how, len(found.steps), made.added, found.lost, notes, saved, text)


class _Made:
    """The texts that an import may come to, and how each came about."""

    def __init__(self, found: ImportedProcess, path: str, process: str, who: str, people: dict[str, str]) -> None:
        self.found = found
        self.path = path
        self.process = process
        self.who = who
        self.people = people
        self.how = "fresh"
        self.added = len(found.steps)
        self.notes: list[str] = []

    def fresh(self) -> str:
        """Give the text of a new file."""
        from handrail.format.imported_process import step_ids, write_process

        text = write_process(self.found, step_ids(self.found), self.people, self.who)
        self._read(text)
        self.how, self.added = "fresh", len(self.found.steps)
        return text

    def updated(self, before: bytes) -> str:
        """Give the text of a file that is there."""
        from handrail.format.imported_process import is_untouched, step_ids, write_process

        text, problems = decode(self.path, before)
        if problems:
            raise BrokenFiles(f"`{self.path}` cannot be read.", problems, "Nothing was written.")
        known, document = self._read(text)
        self._refuse_other(document)
        items = {item.id: item for item in walk(known.items)}
        ids = step_ids(self.found, items)
        new = {index for index, id in ids.items() if id not in items}
        if is_untouched(text):
            after = write_process(self.found, ids, self.people, known.owner.lstrip("@") or self.who)
            self.how = "same" if after == text else "replaced"
        else:
            after = self._with_new(text, ids, new)
            self.how = "added" if new else "same"
            self._tell(items, ids)
        self._read(after)
        self.added = len(new)
        return after

    def _with_new(self, text: str, ids: dict[int, str], new: set[int]) -> str:
        from handrail.format.imported_process import steps_text

        if not new:
            return text
        newline = "\r\n" if "\r\n" in text else "\n"
        parts = "\n\n".join(steps_text(self.found, ids, self.people, only=new))
        roles = [role for role in self._new_roles(new) if f"{role}:" not in text]
        if roles:
            self.notes.append(f"add to `roles` in the front matter: {', '.join(roles)}")
        return newline.join([text.rstrip(), "", parts.replace("\n", newline), ""])

    def _new_roles(self, new: set[int]) -> list[str]:
        from handrail.format.imported_process import roles_of

        roles = roles_of(self.found, self.people)
        names = dict.fromkeys(name for index in sorted(new) for name in self.found.steps[index].who)
        return [roles[name] for name in names if name in roles]

    def _tell(self, items: dict[str, Item], ids: dict[int, str]) -> None:
        """Say how what was changed here differs from what stands there."""
        from handrail.text.plain import plain

        self.notes.append("its text was changed here since the last import, so nothing in it was replaced")
        gone = [id for id in items if id not in ids.values()]
        if gone:
            self.notes.append(f"not there any more, kept here: {_some(gone)}")
        titles = {id: plain(self.found.steps[index].title) for index, id in ids.items()}
        other = [id for id, item in items.items() if titles.get(id, plain(item.title)) != plain(item.title)]
        if other:
            self.notes.append(f"called otherwise there: {_some(other)}")

    def _refuse_other(self, document: Document) -> None:
        from handrail.format.imported import SOURCE_KEY

        source = document.values.get(SOURCE_KEY) if document.values is not None else None
        if source is None or source.text != self.found.source:
            hint = "Give another name: `--process NAME`."
            raise NotAllowed(f"`{self.process}` is there already and did not come from this source.", hint)

    def _read(self, text: str) -> tuple[Process, Document]:
        from handrail.format.process import read_process
        from handrail.text.document import read_document

        document = read_document(self.path, text)
        reading = read_process(document, self.process)
        if reading.value is None or has_errors(reading.problems):
            errors = tuple(one for one in reading.problems if one.level == "error")
            raise BrokenFiles(f"`{self.path}` would have errors.", errors, "Nothing was written.")
        return reading.value, document


def _people(found: ImportedProcess, config: Config) -> dict[str, str]:
    """Give the key of everybody whom the procedure names and the workspace lists."""
    known: dict[str, str] = {}
    for person in config.people.values():
        for word in (person.key, person.name.casefold(), person.github.casefold(), *person.email):
            known.setdefault(word, person.key)
    known |= {team: team for team in config.teams}
    names = {name for step in found.steps for name in step.who}
    return {name: known[name.casefold()] for name in names if name.casefold() in known}


def _roles_note(found: ImportedProcess, people: dict[str, str], process: str) -> tuple[str, ...]:
    from handrail.format.imported_process import roles_of

    roles = tuple(dict.fromkeys(roles_of(found, people).values()))
    if not roles:
        return ()
    told = f"{count(len(roles), 'role')} to be filled, in `roles` or at the start: {_some(roles)}"
    return (told,)


def _some(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
