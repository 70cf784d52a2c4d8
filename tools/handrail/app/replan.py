"""Changes of a plan that are written into its file, each as one commit that changes only the words it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from handrail.app.act import Saved, save
from handrail.app.load import Held, hold
from handrail.app.names import Named, find_item
from handrail.base.errors import BrokenFiles, NotAllowed, WrongUsage
from handrail.base.problem import has_errors
from handrail.base.value import dataclass
from handrail.model.item import Item, walk
from handrail.model.people import Config
from handrail.model.project import Project
from handrail.rules.fold import fold

if TYPE_CHECKING:
    from handrail.store.repository import Repository

MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Replanned:
    """What was changed: the tasks, and what git said."""

    items: tuple[Item, ...]
    saved: Saved


def set_attribute(
    repository: Repository,
    target: Named,
    names: tuple[str, ...],
    key: str,
    value: str,
    *,
    verb: str,
    config: Config,
    commit: bool = True,
) -> Replanned:
    """Set one attribute of tasks, or take it away where `value` is empty. Raises NotAllowed for a finished task."""

    def change(held: Held, items: tuple[Item, ...]) -> str:
        from handrail.format.attribute_edit import set_words

        return set_words(held.document, {item.id: {key: value} for item in items})

    subject = f"{verb} {{titles}} to {value}" if value else f"{verb} {{titles}}: no {key} any more"
    return _replan(repository, target, names, change, subject=subject, verb=verb, config=config, commit=commit)


def set_starts(
    repository: Repository, target: Named, starts: Mapping[str, str], *, config: Config, commit: bool = True
) -> Replanned:
    """Write the first day of several tasks, by id, as one commit."""

    def change(held: Held, items: tuple[Item, ...]) -> str:
        from handrail.format.attribute_edit import set_words

        return set_words(held.document, {item.id: {"start": starts[item.id]} for item in items})

    names = tuple(starts)
    return _replan(
        repository, target, names, change, subject="level {titles}", verb="level", config=config, commit=commit
    )


def split_task(
    repository: Repository,
    target: Named,
    name: str,
    parts: tuple[tuple[str, str], ...],
    *,
    config: Config,
    commit: bool = True,
) -> Replanned:
    """Divide a task into sub-tasks (title and estimate each), done one after the other; its own estimate goes."""
    if not 2 <= len(parts) <= MOST_PARTS:
        raise WrongUsage(f"A task is split into 2 to {MOST_PARTS} parts.", "As in 'First half=2d' 'Second half=3d'.")

    def change(held: Held, items: tuple[Item, ...]) -> str:
        from handrail.format.attribute_edit import add_children, set_words
        from handrail.text.document import read_document

        item = items[0]
        if item.children:
            raise NotAllowed(f"`{item.id}` has sub-tasks already.", "Split one of those.")
        text = set_words(held.document, {item.id: {"est": "", "progress": ""}})
        document = read_document(held.document.path, text)
        return add_children(document, item.id, _children(held.holder, item, parts))

    return _replan(
        repository, target, (name,), change, subject="split {titles}", verb="split", config=config, commit=commit
    )


def _children(holder: object, item: Item, parts: tuple[tuple[str, str], ...]) -> list[str]:
    from handrail.format.attributes import write_attributes
    from handrail.format.imported import safe_title
    from handrail.format.scalars import DURATION_HINT, read_estimate
    from handrail.model.item import Attributes, Link
    from handrail.text.plain import slug, unique

    taken = {one.id for one in walk(holder.items)} if isinstance(holder, Project) else set()
    lines: list[str] = []
    before = ""
    for title, estimate in parts:
        try:
            est = read_estimate(estimate)
        except ValueError as error:
            raise WrongUsage(f"`{title[:60]}`: {error}.", f"{DURATION_HINT[:1].upper()}{DURATION_HINT[1:]}.") from None
        id = unique(slug(title, f"{item.id}-part"), taken)
        taken.add(id)
        attributes = Attributes(est=est, after=(Link(before),) if before else ())
        lines.append(f"{safe_title(title) or 'Part'} {write_attributes(id, attributes)}")
        before = id
    return lines


def _replan(
    repository: Repository,
    target: Named,
    names: tuple[str, ...],
    change: Callable[[Held, tuple[Item, ...]], str],
    *,
    subject: str,
    verb: str,
    config: Config,
    commit: bool,
) -> Replanned:
    found: list[Item] = []

    def transform(before: bytes | None) -> bytes:
        held = hold(target, before)
        found[:] = [find_item(held.holder, name) for name in names]
        for item in found:
            if fold(item).closed:
                hint = f"`handrail project reopen {target.id} {item.id} -m REASON` opens it again."
                raise NotAllowed(f"`{item.id}` is finished: its dates are what they were.", hint)
        text = change(held, tuple(found))
        _check(target, text)
        return text.encode()

    def message() -> str:
        from handrail.store.message import build_message
        from handrail.text.plain import plain

        told = subject.format(titles=", ".join(plain(item.title) for item in found).replace("{", "(").replace("}", ")"))
        trailers = [("Handrail-Action", verb), ("Handrail-Project", target.id)]
        trailers.append(("Handrail-Task", ", ".join(item.id for item in found)))
        return build_message(f"{told.replace(verb, f'{verb} {target.id}:', 1)}", "", trailers)

    saved = save(repository, target.path, transform, message, config=config, commit=commit)
    return Replanned(tuple(found), saved)


def _check(target: Named, text: str) -> None:
    """Refuse a change that would leave the file with an error."""
    try:
        hold(target, text.encode())
    except BrokenFiles as error:
        problems = tuple(replace(one) for one in error.problems)
        if has_errors(problems):
            raise BrokenFiles(f"`{target.path}` would have errors.", problems, "Nothing was written.") from None
