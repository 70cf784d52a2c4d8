"""The last action of a person, taken back: as if it had never been, or answered by an event where others have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from handrail.app.act import Done, Saved, perform, sentence, sharing
from handrail.app.names import Named
from handrail.app.undo_answer import answer_to
from handrail.app.undo_find import Found, id_of, is_shared, last_action, read_action, same_action
from handrail.app.verify_library import kind_of
from handrail.app.verify_undo import text_of, text_without, what_depends
from handrail.base.errors import NotAllowed
from handrail.base.value import dataclass
from handrail.model.change import Action
from handrail.model.people import Config
from handrail.store import range as ranges

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_FOLDERS = ("processes", "projects")
_NOTHING_WRITTEN = "Nothing was written."


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the `commit` and its `subject`; `notices` are sentences for the person.

    `action` is the event that answers it where it was shared, with `done`, what came of that. Else it is taken out,
    and with `removed` its file is gone.
    """

    commit: str
    subject: str
    saved: Saved = Saved()
    action: Action | None = None
    done: Done | None = None
    removed: bool = False
    notices: tuple[str, ...] = ()


class _IsShared(NotAllowed):
    """Others have the action already."""


@dataclass(slots=True)
class _Attempt:
    """What the last call of the transform found."""

    commit: str
    removed: bool = False
    beside: Mapping[str, bytes | None] = field(default_factory=dict)
    tries: int = 0


def undo(
    repository: Repository, target: Named | None, *, who: str, now: datetime, config: Config, dry_run: bool = False
) -> Undone:
    """Take back the last action of `who` in this clone's branch, or the last on `target`; `dry_run` writes nothing.

    Raises NotAllowed with the reason and a way out where it cannot be any more, and what `perform` and git raise.
    """
    repository.check_ready()
    last = last_action(repository, target, who, config)
    notices = ("An undo is not undone itself: this is the action before it.",) if last.stepped_back else ()
    found = read_action(repository, last.entry)
    if not is_shared(repository, last.entry.commit, who, config):
        try:
            return _take_out(repository, found, notices, who, config, dry_run=dry_run)
        except _IsShared:
            pass
    return _answer(repository, found, notices, who=who, now=now, config=config, dry_run=dry_run)


def _take_out(
    repository: Repository, found: Found, notices: tuple[str, ...], who: str, config: Config, *, dry_run: bool
) -> Undone:
    from handrail.store.message import build_message
    from handrail.store.sync import act

    first, attempt = found.entry, _Attempt(found.entry.commit)

    def transform(before: bytes | None) -> bytes | None:
        attempt.tries += 1
        return _again(repository, found, attempt, before, who, config)

    def message() -> str:
        run = kind_of(found.path) == "run"
        trailers = [
            ("Handrail-Action", "undo"),
            ("Handrail-Run" if run else "Handrail-Project", id_of(found.path)),
            ("Handrail-Undoes", attempt.commit),
        ]
        return build_message(f"undo {first.subject}", "", trailers)

    if dry_run:
        transform(repository.read_or_none(found.path))
        return Undone(first.commit, first.subject, removed=attempt.removed, notices=notices)
    mode, branch = sharing(repository, config)
    outcome = act(repository, found.path, transform, message, mode, branch=branch, beside=lambda: attempt.beside)
    saved = Saved(outcome.commit, outcome.shared, outcome.notice, outcome.hint, outcome.branch)
    return Undone(first.commit, first.subject, saved, removed=attempt.removed, notices=notices)


def _again(
    repository: Repository, first: Found, attempt: _Attempt, before: bytes | None, who: str, config: Config
) -> bytes | None:
    """Take it out of the file as it is now. After a lost race it may be another commit, or shared by now."""
    entry = same_action(repository, first)
    if entry is None:  # the push that seemed to fail had arrived
        if attempt.tries > 1:
            return before
        raise NotAllowed("Something else was done here just now.", f"{_NOTHING_WRITTEN} Try again.")
    if is_shared(repository, entry.commit, who, config):
        raise _IsShared("It is shared already.")
    found = read_action(repository, entry)
    attempt.commit = entry.commit
    text, attempt.beside = _without(repository, found, before)
    attempt.removed = not found.deeds.change.old
    return None if attempt.removed else text


def _without(repository: Repository, found: Found, before: bytes | None) -> tuple[bytes, dict[str, bytes | None]]:
    entry, change = found.entry, found.deeds.change
    if before is None:
        raise NotAllowed(f"`{change.path}` is not there any more.", _NOTHING_WRITTEN)
    written = before.decode("utf-8", "surrogateescape")
    windows = "\r\n" in written and "\r\n" not in text_of(found.judging, change.new)
    present = written.replace("\r\n", "\n") if windows else written
    text = text_without(found.judging, change, present)
    if text is None and not change.old:
        hint = f"`handrail cancel {id_of(change.path)} -m REASON` ends it."
        raise NotAllowed(f"“{entry.subject}” cannot be undone: more has happened in this run since.", hint)
    if text is None:
        raise NotAllowed(f"“{entry.subject}” cannot be undone: its lines are not there as it wrote them.", _way_out())
    problems = what_depends(found.judging, change, present, text, found.tip)
    if problems:
        message = f"“{entry.subject}” cannot be undone, since what came later depends on it: {problems[0].message}"
        raise NotAllowed(sentence(message), _way_out())
    _refuse_named(repository, found)
    gone: dict[str, bytes | None] = {one.path: None for one in found.deeds.copies}
    return (text.replace("\n", "\r\n") if windows else text).encode("utf-8", "surrogateescape"), gone


def _refuse_named(repository: Repository, found: Found) -> None:
    """Refuse to remove what other files name: a run that others belong to, a file that came as evidence."""
    names = [one.path for one in found.deeds.copies]
    names += [] if found.deeds.change.old else [id_of(found.path)]
    for name in names:
        others = [path for path in ranges.files_naming(repository, found.tip.id, name, _FOLDERS) if path != found.path]
        if others:
            message = f"“{found.entry.subject}” cannot be undone: `{others[0]}` names `{name}`."
            raise NotAllowed(message, _way_out())


def _answer(
    repository: Repository, found: Found, notices: tuple[str, ...], *, who: str, now: datetime, config: Config,
    dry_run: bool,
) -> Undone:  # fmt: skip
    entry, change = found.entry, found.deeds.change
    before = found.judging.library.version(change.path, change.old).version
    after = found.judging.library.version(change.path, change.new).version
    target = Named(kind_of(change.path), id_of(change.path), change.path)
    if after is None:
        raise NotAllowed(f"“{entry.subject}” cannot be read any more.", _way_out())
    answer = answer_to(
        entry.trailer("Handrail-Action") or "", target, before.holder if before else None, after.holder, entry.subject
    )
    notices = (*notices, *answer.notices)
    if dry_run:
        return Undone(entry.commit, entry.subject, action=answer.action, notices=notices)
    done = perform(repository, target, answer.action, who=who, now=now, config=config, undoes=entry.commit)
    return Undone(entry.commit, entry.subject, done.saved, answer.action, done, notices=notices)


def _way_out() -> str:
    return f"{_NOTHING_WRITTEN} `handrail reopen` opens a step again, `handrail note` corrects what was said."
