"""Which file is what: every path below `processes/` and `projects/` is named, known as an attachment, or reported."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from handrail.base.errors import WrongUsage
from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass

CONFIG = "handrail.yml"
PROCESSES, PROJECTS, RUNS, README = "processes", "projects", "runs", "README.md"
MAX_BYTES = 1024 * 1024
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")


@dataclass(frozen=True, slots=True)
class Listing:
    """The paths of a workspace by id, in the order of ids, and what stands where nothing should."""

    processes: dict[str, str]
    runs: dict[str, str]
    projects: dict[str, str]
    attachments: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def list_files(root: Path) -> Listing:
    """Look through `processes/` and `projects/` without opening a file that is in its place."""
    lister = _Lister(root)
    lister.look(PROCESSES)
    lister.look(PROJECTS)
    return Listing(
        dict(sorted(lister.processes.items())),
        dict(sorted(lister.runs.items())),
        dict(sorted(lister.projects.items())),
        tuple(sorted(lister.attachments)),
        tuple(lister.problems),
    )


def list_projects(root: Path) -> dict[str, str]:
    """Give the paths of the projects by id, in the order of ids."""
    lister = _Lister(root)
    lister.look(PROJECTS)
    return dict(sorted(lister.projects.items()))


def kind_of(path: str) -> tuple[str, str]:
    """Tell by its path what a file below `processes/` is: `run` or `process` with its id, else two empty texts.

    The rule is that of `list_files`, for paths that git tells.
    """
    top, *folders, name = path.split("/")
    if top != PROCESSES or not folders:
        return "", ""
    below = folders[folders.index(RUNS) + 1 :] if RUNS in folders else None
    owner = folders if below is None else folders[: folders.index(RUNS)]
    if not owner or any(one.startswith(".") or one.lower().endswith(_MARKDOWN) for one in owner):
        return "", ""
    if below is None:
        return ("process", "/".join(owner)) if name == README else ("", "")
    is_run = not below and name.endswith(".md") and name.lower() != README.lower()
    return ("run", f"{'/'.join(owner)}/{name[:-3]}") if is_run else ("", "")


def is_plain(root: Path, path: str) -> bool:
    """Tell whether a path leads to a regular file, through no symbolic link."""
    try:
        ways = [root / part for part in Path(path).parents if part != Path()]
        return stat.S_ISREG((root / path).lstat().st_mode) and not any(way.is_symlink() for way in ways)
    except (OSError, ValueError):
        return False


def read_text(root: Path, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Give a file's text; empty, with the problem, where it is not a plain UTF-8 file of at most 1 MiB."""
    full = root / path
    try:
        info = full.lstat()
        if not stat.S_ISREG(info.st_mode):
            kind = "a symbolic link" if stat.S_ISLNK(info.st_mode) else "not a file"
            return "", (_problem("unreadable", path, f"this is {kind}", "put the file itself here"),)
        if info.st_size > MAX_BYTES:
            size = f"the file has {info.st_size:,} bytes, {MAX_BYTES:,} are allowed"
            return "", (_problem("too-large", path, size, "split it, or move what is no procedure elsewhere"),)
        data = full.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        return "", (_problem("unreadable", path, f"this cannot be read: {reason}"),)
    return decode(path, data)


def decode(path: str, data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Give the text that the bytes are in UTF-8; empty, with the problem and its place, where they are not."""
    if b"\0" in data:
        return "", (_problem("not-text", path, "this is a binary file, not text", "save it as UTF-8 text"),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"this is not UTF-8 text (byte 0x{data[error.start]:02x})"
        hint = f"save it as UTF-8: `iconv -f LATIN1 -t UTF-8 {path}`"
        return "", (Problem("not-text", "error", Place(path, line, column), message, hint),)


def inside(name: str, what: str) -> str:
    """Give a name that a user typed, without slashes around; refuse one that leads out of the workspace."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "~")) or ".." in parts or "\0" in name:
        raise WrongUsage(f"`{name[:100]}` cannot be the name of a {what}: it leads out of the workspace.")
    return "/".join(part for part in parts if part not in {"", "."})


def _folded(name: str) -> str:
    """Give what a name has in common with all that differ in case or in the form of accents only."""
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFC", name.casefold())


def _problem(code: str, path: str, message: str, hint: str = "") -> Problem:
    return Problem(code, "warning" if code == "misplaced-file" else "error", Place(path), message, hint)


class _Lister:
    """Walks the two folders. A folder with a `README.md` is a process or project; what lies beside it belongs to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.processes: dict[str, str] = {}
        self.runs: dict[str, str] = {}
        self.projects: dict[str, str] = {}
        self.attachments: list[str] = []
        self.problems: list[Problem] = []

    def report(self, code: str, path: str, message: str, hint: str = "") -> None:
        self.problems.append(_problem(code, path, message, hint))

    def look(self, top: str) -> None:
        full = self.root / top
        if not os.path.lexists(full):
            return
        if full.is_symlink() or not full.is_dir():
            self.report("unreadable", top, f"`{top}` is not a folder", "make it one")
            return
        visit = self.process_folder if top == PROCESSES else self.project_folder
        # Iterative: a folder can be nested deeper than Python's stack.
        waiting: list[tuple[str, bool]] = [(top, False)]
        while waiting:
            path, owned = waiting.pop()
            waiting.extend(visit(path, owned))

    def entries(self, path: str) -> Iterator[tuple[str, bool]]:
        """Give the names in a folder and whether each is a folder; links and odd files are reported here."""
        try:
            found = sorted(os.scandir(self.root / path), key=lambda entry: entry.name)
        except OSError as error:
            self.report("unreadable", path, f"this folder cannot be read: {(error.strerror or '').lower()}")
            return
        for entry in found:
            if entry.is_file(follow_symlinks=False):
                yield entry.name, False
                continue
            here = f"{path}/{entry.name}"
            if entry.is_symlink():
                self.report("unreadable", here, "this is a symbolic link", "put the file itself here")
            elif entry.is_dir(follow_symlinks=False):
                if entry.name.lower().endswith(_MARKDOWN):
                    self.report("unreadable", here, "this is a folder that is called like a file", "rename it")
                else:
                    yield entry.name, True
            else:
                self.report("unreadable", here, "this is neither a file nor a folder", "remove it")

    def process_folder(self, path: str, owned: bool) -> list[tuple[str, bool]]:
        return self.folder(path, owned, PROCESSES, self.processes)

    def project_folder(self, path: str, owned: bool) -> list[tuple[str, bool]]:
        return self.folder(path, owned, PROJECTS, self.projects)

    def folder(self, path: str, owned: bool, top: str, found: dict[str, str]) -> list[tuple[str, bool]]:
        entries = list(self.entries(path))
        self.alike(path, [name for name, is_folder in entries if is_folder])
        name_of = path[len(top) + 1 :]
        owner = owned or (bool(name_of) and (README, False) in entries)
        deeper: list[tuple[str, bool]] = []
        for name, is_folder in entries:
            here = f"{path}/{name}"
            if is_folder:
                if name == RUNS and top == PROCESSES:
                    self.runs_folder(here, name_of)
                elif not name.startswith("."):
                    deeper.append((here, owner))
            elif name == README and name_of:
                found[name_of] = here
            else:
                self.companion(here, name, owner)
        return deeper

    def alike(self, path: str, names: list[str]) -> None:
        """Report names that many disks cannot tell apart: there, git checks out just one of them."""
        first: dict[str, str] = {}
        for name in names:
            other = first.setdefault(_folded(name), name)
            if other != name:
                message = f"on Windows and macOS this has the same name as `{other}`"
                self.report("same-name", f"{path}/{name}", message, "rename one of the two")

    def companion(self, path: str, name: str, owner: bool) -> None:
        if name.startswith("."):
            self.attachments.append(path)
        elif name.lower() == README.lower() and name != README:
            self.report("misplaced-file", path, f"`{name}` is not read as a process or project", f"call it `{README}`")
        elif name.lower().endswith(_MARKDOWN) and self.is_run(path):
            hint = "a run belongs in the `runs` folder of its process"
            message = "a run stands in the wrong place"
            self.problems.append(Problem("misplaced-file", "error", Place(path), message, hint))
        elif owner:
            self.attachments.append(path)
        else:
            hint = "a process or project is a folder with a `README.md` in it"
            self.report("misplaced-file", path, "this belongs to no process or project", hint)

    def evidence_folder(self, path: str) -> None:
        """Take the files that came as evidence for a run, whatever they are called."""
        for name, is_folder in self.entries(path):
            if is_folder:
                hint = "evidence lies directly in it"
                self.report("misplaced-file", f"{path}/{name}", "the folder of a run has no folders", hint)
            else:
                self.attachments.append(f"{path}/{name}")

    def is_run(self, path: str) -> bool:
        """Tell by its first lines whether a Markdown file outside a `runs` folder calls itself a run."""
        try:
            with (self.root / path).open("rb") as file:
                head = file.read(2048)
        except OSError:
            return False
        lines = head.lstrip(b"\xef\xbb\xbf").splitlines()
        return bool(lines) and lines[0].rstrip() == b"---" and any(line.startswith(b"run:") for line in lines[1:12])

    def runs_folder(self, path: str, process: str) -> None:
        entries = list(self.entries(path))
        runs = {name[:-3] for name, is_folder in entries if name.endswith(".md") and not is_folder}
        self.alike(path, [f"{name}.md" for name in sorted(runs)])
        for name, is_folder in entries:
            here = f"{path}/{name}"
            if is_folder and name in runs:
                self.evidence_folder(here)
            elif is_folder:
                message = "a `runs` folder has no folders but those of the files that came with its runs"
                self.report("misplaced-file", here, message, "move the runs one level up")
            elif name.endswith(".md") and name.lower() != README.lower() and process:
                self.runs[f"{process}/{name[:-3]}"] = here
            elif name.lower().endswith(_MARKDOWN):
                hint = "a run is called `runs/<id>.md`, beside the `README.md` of its process"
                self.report("misplaced-file", here, "this is not read as a run", hint)
            else:
                self.attachments.append(here)
