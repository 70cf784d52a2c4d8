"""Names that people type: any part that fits just one thing will do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from handrail.app.files import PROCESSES, PROJECTS, README, RUNS, Listing, inside, is_plain, kind_of
from handrail.base.errors import WrongUsage
from handrail.base.value import dataclass
from handrail.base.words import did_you_mean
from handrail.model.item import Item, walk
from handrail.model.people import Config
from handrail.model.project import Project
from handrail.model.run import Run

_SHOWN = 8
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-")
_FIRST = {
    "run": "`handrail start PROCESS` starts one.",
    "project": "`handrail new project NAME` writes one.",
    "process": "`handrail new process NAME` writes one, `handrail adopt FILE` makes one of a checklist.",
}
Titles = Callable[[], Mapping[tuple[str, str], str]]


class Identity(Protocol):
    """Whom git takes the user for."""

    @property
    def name(self) -> str:
        """The configured name."""

    @property
    def email(self) -> str:
        """The configured address."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has a name on the command line: `kind` is run, project or process; `path` is its file's."""

    kind: str
    id: str
    path: str


def person_of(config: Config, identity: Identity) -> str:
    """Give the key of the person with that e-mail address, else a slug of the git name."""
    address = identity.email.strip().lower()
    for person in config.people.values():
        if address and address in (known.lower() for known in person.email):
            return person.key
    from handrail.text.plain import slug

    return slug(identity.name, slug(address.partition("@")[0], "somebody"))


def person_named(config: Config, text: str) -> str:
    """Give the key of a person or team that a user typed, with or without `@`. Raises WrongUsage for nobody."""
    key = text.strip().removeprefix("@")
    known = {*config.people, *config.teams}
    if key in known or (not known and re.fullmatch(r"[A-Za-z0-9][\w.-]{0,62}", key)):
        return key
    found = {p.key for p in config.people.values() if key.lower() in {p.name.lower(), p.github.lower(), *p.email}}
    if len(found) == 1 and key:
        return found.pop()
    if not known:
        raise WrongUsage(f"`{text[:80]}` cannot be a person's name.", "Use letters, digits and hyphens.")
    raise WrongUsage(f"Nobody is called `{text[:80]}`.", _sentence(did_you_mean(key[:80], known)))


def parent_of(root: Path, path: str) -> str:
    """Give the run that a run was started for, from the first lines of its file; empty where it names none."""
    try:
        with (root / path).open(encoding="utf-8", errors="replace") as file:
            head = file.read(4096)
    except OSError:
        return ""
    found = re.search(r'^parent: *"?([^"#\n]+)#', head, re.MULTILINE)
    return found[1] if found else ""


def find_named(
    listing: Listing, name: str, kinds: tuple[str, ...], titles: Titles, parents: Callable[[str], str] = str
) -> Named:
    """Find what a name means among the kinds. Titles are read only where no id fits."""
    wanted = _from_path(inside(name, " or ".join(kinds)))
    everything = _everything(listing, kinds)
    found = _fitting(everything, wanted)
    if found:
        return _only(found, name, parents)
    found = _by_title(everything, name, titles)
    if found:
        return _only(found, name, parents)
    nouns = " or ".join(kinds).replace(" or ", ", ", len(kinds) - 2)
    near = did_you_mean(wanted, [*(one.id for one in everything), *(one.id.rpartition("/")[2] for one in everything)])
    if not everything:
        near = f"There is none yet: {_FIRST['process' if 'process' in kinds else kinds[0]]}"
    raise WrongUsage(f"There is no {nouns} `{name[:100]}`.", _sentence(near))


def find_by_id(root: Path, name: str, kinds: tuple[str, ...]) -> Named | None:
    """Find what a full id or a path names, without looking at anything else; None where several or none have it."""
    wanted = _from_path(inside(name, " or ".join(kinds)))
    process, _, run = wanted.rpartition("/")
    places = {
        "run": f"{PROCESSES}/{process}/{RUNS}/{run}.md",
        "process": f"{PROCESSES}/{wanted}/{README}",
        "project": f"{PROJECTS}/{wanted}/{README}",
    }
    found = [
        Named(kind, wanted, path)
        for kind, path in places.items()
        if kind in kinds and (kind == "project" or kind_of(path) == (kind, wanted)) and is_plain(root, path)
    ]
    return found[0] if len(found) == 1 and found[0].kind == "run" else None


def find_item(holder: Run | Project, text: str) -> Item:
    """Find the one item that a text means. Raises WrongUsage, with what it may have been, otherwise."""
    items = tuple(walk(holder.items))
    noun = "step" if isinstance(holder, Run) else "task"
    wanted = text.strip().removeprefix("#")
    folded = wanted.casefold()
    tests: tuple[Callable[[Item], bool], ...] = (
        lambda item: item.id == wanted,
        lambda item: item.title.casefold() == folded,
        lambda item: item.id.startswith(folded),
        lambda item: folded in item.title.casefold(),
        lambda item: folded in item.id,
    )
    for fits in tests if wanted else ():
        found = [item for item in items if fits(item)]
        if len(found) == 1:
            return found[0]
        if found:
            shown = "; ".join(f"`{item.id}` ({_short(item.title)})" for item in found[:_SHOWN])
            more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            raise WrongUsage(
                f"`{text[:100]}` fits {len(found)} {noun}s of `{holder.id}`.", f"Say which: {shown}{more}."
            )
    near = did_you_mean(wanted[:100], (item.id for item in items))
    if len(items) > _SHOWN and not near.startswith("did"):
        near = f"`handrail show {holder.id}` lists them: any part of a title will do"
    raise WrongUsage(f"`{holder.id}` has no {noun} `{text[:100]}`.", _sentence(near))


def _everything(listing: Listing, kinds: tuple[str, ...]) -> list[Named]:
    places = {"run": listing.runs, "project": listing.projects, "process": listing.processes}
    return [Named(kind, name, path) for kind in kinds for name, path in places[kind].items()]


def _from_path(name: str) -> str:
    """Take a file's path (as a shell completes it) for the id of what stands in it."""
    run = re.fullmatch(r"processes/(.+)/runs/([^/]+)\.md", name)
    if run:
        return f"{run[1]}/{run[2]}"
    other = re.fullmatch(r"(?:processes|projects)/(.+?)(?:/README\.md)?", name)
    return other[1] if other else name


def _fitting(everything: Sequence[Named], wanted: str) -> list[Named]:
    """Give what fits best. A disk may hold a letter and its accent apart where a keyboard gives one character."""
    for fits in (_exact, _last_part, _without_date, _part):
        found = [one for one in everything if fits(one, wanted)]
        if found:
            return found
    if wanted.isascii():
        return []
    from unicodedata import normalize

    composed = {normalize("NFC", one.id): one for one in everything}
    whole = normalize("NFC", wanted)
    if whole == wanted and all(name == one.id for name, one in composed.items()):
        return []
    found = _fitting([replace(one, id=name) for name, one in composed.items()], whole)
    return [composed[one.id] for one in found]


def _exact(one: Named, wanted: str) -> bool:
    return one.id == wanted


def _last_part(one: Named, wanted: str) -> bool:
    return one.id.rpartition("/")[2] == wanted.lower()


def _without_date(one: Named, wanted: str) -> bool:
    return _DATE.sub("", one.id.rpartition("/")[2], count=1) == "-".join(wanted.lower().split())


def _part(one: Named, wanted: str) -> bool:
    return bool(wanted) and "-".join(wanted.lower().split()) in one.id.lower()


def _by_title(everything: Iterable[Named], name: str, titles: Titles) -> list[Named]:
    folded = name.strip().casefold()
    if not folded:
        return []
    known = titles()
    return [one for one in everything if folded in known.get((one.kind, one.id), "").casefold()]


def _eldest(found: list[Named], parents: Callable[[str], str]) -> Named | None:
    """Give the run that all others were started for, directly or not: it is the one that people mean by the name."""
    if len(found) > _SHOWN or any(one.kind != "run" for one in found):
        return None
    above = {one.id: parents(one.path) for one in found}
    tops = [one for one in found if above[one.id] not in above]
    return tops[0] if len(tops) == 1 else None


def _only(found: list[Named], name: str, parents: Callable[[str], str]) -> Named:
    if len(found) == 1:
        return found[0]
    eldest = _eldest(found, parents)
    if eldest is not None:
        return eldest
    shown = ", ".join(f"`{one.id}`" for one in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise WrongUsage(f"`{name[:100]}` fits {len(found)} names: {shown}{more}.", "Type more of the name.")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] if text else ""


def _short(title: str) -> str:
    return title if len(title) <= 60 else f"{title[:59]}…"
