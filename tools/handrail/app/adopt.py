"""A Markdown checklist as it was found becomes a process of the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.act import Saved
from handrail.app.files import MAX_BYTES, PROCESSES, README, decode
from handrail.app.setup import new_id, write_new
from handrail.base.errors import BrokenFiles, NotAllowed, WrongUsage
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.model.item import walk
from handrail.model.process import Process

if TYPE_CHECKING:
    from handrail.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Adoption:
    """The new process, its file, what is wrong in it still, and what to tell."""

    process: Process
    path: str
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    saved: Saved


def adopt_file(
    repository: Repository, file: Path, *, id: str = "", bullets: bool = False, commit: bool = True
) -> Adoption:
    """Make a process of a file, which may lie anywhere and stays as it is.

    `id` is taken from the file's name where none is given; a number is added then where it is taken. Raises
    BrokenFiles for a file that is no text, NotAllowed for one without items.
    """
    from handrail.format.adopt import adopt, suggested_id

    text = _text(file)
    wanted = new_id(id or suggested_id(_telling_name(file)), "process")[0]
    name = wanted if id else _free(repository.root, wanted)
    path = f"{PROCESSES}/{name}/{README}"
    adopted = adopt(text, path=path, id=name, name=_telling_name(file).rpartition(".")[0] or file.name, bullets=bullets)
    if not adopted.process.items:
        hint = "An item is a line `- [ ] what to do`; `--bullets` takes plain list items too."
        raise NotAllowed(f"`{file}` has no checklist item.", hint)
    subject = f"adopt {name}: {adopted.process.title}"
    saved = write_new(repository, path, adopted.text, subject, commit=commit)
    return Adoption(adopted.process, path, adopted.problems, adopted.notices, saved)


def count_items(process: Process) -> int:
    """Give the number of steps, sub-steps included."""
    return sum(1 for _ in walk(process.items))


def _telling_name(file: Path) -> str:
    """Give a file's name; its folder's where every such file is called the same."""
    if file.stem.lower() in {"readme", "index", "checklist"} and file.resolve().parent.name:
        return f"{file.resolve().parent.name}.md"
    return file.name


def _text(file: Path) -> str:
    if file.is_dir():
        raise WrongUsage(f"`{file}` is a folder, not a file.", "Name the Markdown file in it.")
    if not file.is_file():
        raise WrongUsage(f"There is no file `{file}`.")
    if file.stat().st_size > MAX_BYTES:
        raise NotAllowed(f"`{file}` is larger than {MAX_BYTES:,} bytes.", "Split it.")
    text, problems = decode(str(file), file.read_bytes())
    if problems:
        raise BrokenFiles(f"`{file}` cannot be adopted.", problems)
    return text


def _free(root: Path, id: str) -> str:
    number = 2
    free = id
    while (root / PROCESSES / free / README).exists():
        free = f"{id}-{number}"
        number += 1
    return free
