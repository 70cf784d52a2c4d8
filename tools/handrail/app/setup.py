"""Making a workspace: `init`, and new processes and projects to fill in. Nothing that is there is written over."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.act import Saved
from handrail.app.ci import ci_files
from handrail.app.files import CONFIG, PROCESSES, PROJECTS, README, RUNS, inside
from handrail.app.schemas import schema_files
from handrail.app.templates_text import template
from handrail.base.errors import GitRefused, NotAllowed, WrongUsage
from handrail.base.value import dataclass

if TYPE_CHECKING:
    from handrail.app.names import Identity
    from handrail.store.repository import Repository

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_NUMBERED = {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | _NUMBERED)
_MAX_TITLE = 200
_WANTED: dict[str, tuple[str, str]] = {
    CONFIG: (
        "$schema",
        "with the line `# yaml-language-server: $schema=.handrail/schemas/config.json` editors check it",
    ),
    "mkdocs.yml": ("handrail", "for the site, write `plugins: [search, handrail]` and `theme: material`"),
    "docs/index.md": ("handrail: dashboard", "the line `<!-- handrail: dashboard -->` shows how everything stands"),
    ".gitattributes": ("*.md", "add `*.md text eol=lf`, so that git merges check-offs from every system"),
    ".gitignore": ("site", "add `/site/`, where the site is built"),
}
"""What each file of a workspace should hold, and what to say where it was there already and does not."""


@dataclass(frozen=True, slots=True)
class Written:
    """Which files were written, which were there already and what they lack, and what git said."""

    root: Path
    paths: tuple[str, ...]
    kept: tuple[str, ...] = ()
    saved: Saved = Saved()
    new_repository: bool = False
    advice: tuple[str, ...] = ()


def init(folder: Path, *, title: str, ci: str = "github", commit: bool = True) -> Written:
    """Make `folder` a workspace: its git repository where there is none, and every file that is missing.

    `ci` is the kind of host whose build server does its part (`app.ci.KINDS`).

    Raises GitRefused where git does not know who is acting; then nothing is written.
    """
    from handrail.store.git import Git
    from handrail.store.repository import Repository

    if folder.exists() and not folder.is_dir():
        raise WrongUsage(f"`{folder}` is a file, not a folder.")
    here = folder if folder.exists() else folder.parent
    if not here.is_dir():
        raise WrongUsage(f"There is no folder `{here}` to make `{folder.name}` in.")
    identity = Repository(here, here, here).identity()
    repository = _repository_at(here) if folder.exists() else None
    if repository is not None and commit:
        repository.check_ready()
    if repository is None:
        folder.mkdir(exist_ok=True)
        Git(folder).run("init", "-q", "-b", "main")
    repository = repository or Repository.find(folder)
    texts = _workspace_files(identity, title or repository.root.name) | dict(ci_files(ci))
    kept = tuple(path for path in texts if (repository.root / path).exists() or (repository.root / path).is_symlink())
    fresh = {path: text for path, text in texts.items() if path not in kept and not _superfluous(repository, path)}
    saved = _save(repository, fresh, "init: a workspace for Handrail", "init", commit=commit)
    advice = _advice(repository.root, kept)
    fresh_git = not here.joinpath(".git").exists()
    return Written(repository.root, tuple(fresh), kept, saved, new_repository=fresh_git, advice=advice)


def new_process(repository: Repository, name: str, *, title: str, who: str, commit: bool) -> Written:
    """Write a process to fill in. `name` is an id (`hr/new-hire`) or a title, which becomes one."""
    made, shown = new_id(name, "process", title)
    path = f"{PROCESSES}/{made}/{README}"
    text = template("process.md", title=_scalar(shown), who=who)
    return _write_one(repository, path, text, f"new process {made}: {shown}", commit=commit)


def new_project(repository: Repository, name: str, *, title: str, who: str, today: date, commit: bool) -> Written:
    """Write a project to fill in."""
    made, shown = new_id(name, "project", title)
    path = f"{PROJECTS}/{made}/{README}"
    text = template("project.md", title=_scalar(shown), who=who, today=today.isoformat())
    return _write_one(repository, path, text, f"new project {made}: {shown}", commit=commit)


def new_id(name: str, what: str, title: str = "") -> tuple[str, str]:
    """Give the id and the title for something new that a user named. Raises WrongUsage for a name that cannot be."""
    from handrail.text.plain import plain, slug

    wanted = inside(name, what)
    if len(title or name) > _MAX_TITLE:
        raise WrongUsage(f"The name has {len(title or name):,} characters, {_MAX_TITLE} are allowed.", "Shorten it.")
    parts = [part if _ID.fullmatch(part) else slug(part, "") for part in wanted.split("/")]
    if not all(parts):
        raise WrongUsage(f"`{name[:100]}` cannot be the name of a {what}.", "Use letters, digits and hyphens.")
    bad = [part for part in parts if part in _DEVICES or part == RUNS]
    if bad:
        raise WrongUsage(f"A {what} cannot be called `{bad[0]}`.", "Take another word.")
    last = wanted.rpartition("/")[2]
    shown = plain(title) or (last.replace("-", " ").capitalize() if _ID.fullmatch(last) else plain(last))
    return "/".join(parts), shown


def write_new(repository: Repository, path: str, text: str, subject: str, *, commit: bool) -> Saved:
    """Write one new file and commit it alone; refuse where something is there already."""
    return _write_one(repository, path, text, subject, commit=commit).saved


def _write_one(repository: Repository, path: str, text: str, subject: str, *, commit: bool) -> Written:
    if (repository.root / path).exists():
        raise NotAllowed(f"`{path}` is there already.", "Nothing was written. Choose another name.")
    saved = _save(repository, {path: text}, subject, subject.partition(" ")[0], commit=commit)
    return Written(repository.root, (path,), (), saved)


def _save(repository: Repository, texts: dict[str, str], subject: str, action: str, *, commit: bool) -> Saved:
    if not texts:
        return Saved()
    if not commit:
        from handrail.store.paths import write_bytes

        with repository.locked():
            for path, text in texts.items():
                write_bytes(repository.root, path, text.encode())
        return Saved()
    from handrail.store.commit import Write
    from handrail.store.message import build_message

    writes = tuple(Write(path, text.encode(), None) for path, text in texts.items())
    message = build_message(subject, "", [("Handrail-Action", action)])
    return Saved(repository.write_and_commit_many(writes, message=message))


def _repository_at(folder: Path) -> Repository | None:
    """Give the repository that a folder lies in, None where it lies in none; other refusals of git stand."""
    from handrail.store.repository import Repository

    try:
        return Repository.find(folder)
    except GitRefused as error:
        if "not inside a git repository" in error.sentence:
            return None
        raise


def _advice(root: Path, kept: tuple[str, ...]) -> tuple[str, ...]:
    """Say what the files that were there already lack."""
    found: list[str] = []
    for path, (wanted, told) in _WANTED.items():
        place = root / path
        if path in kept and place.is_file() and wanted.encode() not in place.read_bytes():
            found.append(f"{path}: {told}")
    return tuple(found)


def _superfluous(repository: Repository, path: str) -> bool:
    """Tell whether a file of the sample is not wanted because the workspace has its own already."""
    top = path.partition("/")[0]
    return top in {PROCESSES, "docs"} and (repository.root / top).exists()


def _workspace_files(identity: Identity, title: str) -> dict[str, str]:
    from handrail.text.plain import slug

    key = slug(identity.name.split(" ")[0], slug(identity.email.partition("@")[0], "me"))
    about = {"title": _scalar(title), "key": key, "name": _scalar(identity.name), "email": identity.email}
    return {
        CONFIG: template("handrail.yml", **about),
        "mkdocs.yml": template("mkdocs.yml", title=_scalar(title)),
        "docs/index.md": template("index.md", title=title),
        ".gitattributes": "*.md text eol=lf\n",
        ".gitignore": "/site/\n",
        "AGENTS.md": template("agents.md"),
        **schema_files(),
        f"{PROCESSES}/welcome/{README}": template("welcome.md", who=key),
    }


def _scalar(text: str) -> str:
    from handrail.format.run import quoted

    return quoted(text)
