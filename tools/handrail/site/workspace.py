"""From a folder to the site's pages: reads the workspace, sets up the rendering, calls the generator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from handrail.app.files import list_files, read_text
from handrail.app.load import Readings, load_config, load_workspace, without_collecting
from handrail.app.moment import moment_of
from handrail.app.settled import Settled, settled_runs
from handrail.app.versions import Version, versions
from handrail.base.errors import HandrailError
from handrail.base.problem import Problem, sort_key
from handrail.base.value import dataclass
from handrail.model.workspace import Workspace
from handrail.reports.check import check_workspace
from handrail.reports.moment import Moment
from handrail.reports.overview import overview, overview_of, state_of
from handrail.reports.results import Overview
from handrail.site.again import RunPages
from handrail.site.beside import Extra
from handrail.site.context import Options, Render
from handrail.site.pages import Made, pages
from handrail.site.paths import HOME, Urls, page_src
from handrail.site.plain_pages import plain_pages

FORM = ".github/workflows/action.yml"
MANY = 300
"""From so many runs on, those that are long over are not read for each build."""
_NOT_OURS = frozenset({"pymdownx.tasklist"})


@dataclass(frozen=True, slots=True)
class Source:
    """A workspace read at one moment. `companions` are the titles and texts of Markdown files beside its own."""

    overview: Overview
    problems: tuple[Problem, ...]
    companions: Mapping[str, tuple[str, str]]
    files: frozenset[str]
    commit: str
    root: Path
    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    settled: Settled | None = None


def load(root: Path, now: datetime, readings: Readings | None = None, *, keep: bool = False) -> Source:
    """Read the workspace at `root` as it stands at `now` (UTC). `readings` keeps what was read, for the next time.

    With `keep`, of very many runs those that are long over are not read; their pages are kept.
    """
    with without_collecting():
        return _load(root, now, readings, keep=keep)


def _load(root: Path, now: datetime, readings: Readings | None, *, keep: bool) -> Source:
    settled = _settled(root, now) if keep else None
    known = settled.runs() if settled else {}
    workspace = _with_hand_ticks(load_workspace(root, readings=readings, known=known), root)
    unread = settled.ids() if settled else frozenset()
    problems = tuple(sorted({*workspace.problems, *check_workspace(workspace, but=unread)}, key=sort_key))
    attachments = list_files(root).attachments
    companions = {path: _companion(root, path) for path in attachments if path.endswith(".md")}
    head = _head(root)
    return Source(
        _overview(workspace, moment_of(workspace.config, now), settled),
        problems,
        companions,
        frozenset(attachments),
        head,
        root,
        _versions(workspace, root, head, readings or Readings()),
        settled,
    )


def _settled(root: Path, now: datetime) -> Settled | None:
    """Give the runs that need not be read: of few, of a workspace inside a larger repository, or with errors, none."""
    from handrail.store.repository import Repository

    problems: list[Problem] = []
    config = load_config(root, problems)
    if problems or len(list_files(root).runs) < MANY:
        return None
    try:
        repository = Repository.find(root)
        if repository.root != root.resolve():
            return None
        return settled_runs(repository, config, moment_of(config, now))
    except HandrailError:
        return None


def _overview(workspace: Workspace, moment: Moment, settled: Settled | None) -> Overview:
    if settled is None:
        return overview(workspace, moment)
    heads = {state.run.id: state for state in settled.heads.values()}
    states = {id: heads.get(id) or state_of(workspace, run, moment) for id, run in workspace.runs.items()}
    settled.kept.workspace = workspace
    return overview_of(workspace, moment, states, settled.kept)


def _versions(workspace: Workspace, root: Path, head: str, readings: Readings) -> Mapping[str, tuple[Version, ...]]:
    """Give what changed in procedures lately; while nothing is committed, git is not asked again."""
    from handrail.store.repository import Repository

    if not head:
        return {}
    known = "\n".join((head, *(process.path for process in workspace.processes.values()), repr(workspace.config)))
    return readings.get("versions of procedures", known, lambda: versions(Repository.find(root), workspace))


def _with_hand_ticks(workspace: Workspace, root: Path) -> Workspace:
    """Fill in who ticked boxes by hand; a folder without git's history says nothing about that."""
    from handrail.app.byhand import with_hand_ticks
    from handrail.store.repository import Repository

    try:
        return with_hand_ticks(workspace, Repository.find(root))
    except HandrailError:
        return workspace


def make(
    source: Source,
    render: Render,
    *,
    urls: Urls,
    edit: str = "",
    pages: Mapping[str, str] | None = None,
    last: RunPages | None = None,
    home: str = "",
    language: str = "en",
    rendering: str = "",
) -> Made:
    """Give the pages. `render` is what `renderer` gives, `edit` the address of the git host's editor.

    `pages` are the places in the site of the workspace's own pages, by path, `last` the pages of
    runs from the last build, `home` the site's own address, `language` what the theme speaks, `rendering` how `render`
    renders.
    """
    found = {**(pages or {}), **{path: page_src(path) for path in source.companions}}
    blob = edit.replace("/edit/", "/blob/", 1) if "/edit/" in edit else ""
    own_home = HOME in (pages or {}).values()
    address = home and home.rstrip("/") + "/"
    form = _form(source.root, blob)
    options = Options(
        urls,
        blob,
        edit,
        found,
        source.files,
        source.commit,
        own_home,
        address,
        source.versions,
        form,
        language,
        rendering,
    )
    with without_collecting():
        made = _pages(source.overview, render, options, source.companions, last, source.settled)

    def read(path: str) -> str:
        return read_text(source.root, path)[0]

    if source.settled:
        source.settled.kept.index.close()  # the pages that are still to be made are made of files
    plain = plain_pages(source.overview, made.pages, options.home, read, made.site.language)
    return replace(made, extras=(*made.extras, *plain))


def _form(root: Path, blob: str) -> str:
    """Give the address of the git host's form for actions, where the workspace has the workflow that it starts."""
    repository, found, _ = blob.partition("/blob/")
    return f"{repository}/actions/workflows/action.yml" if found and read_text(root, FORM)[0] else ""


_pages = pages


def write_extras(folder: Path, extras: Iterable[Extra]) -> tuple[Path, ...]:
    """Write files beside the pages below a folder; give their paths."""
    written = []
    for extra in extras:
        path = folder / extra.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(extra.text, encoding="utf-8", newline="")
        written.append(path)
    return tuple(written)


def told_time(said: str, epoch: str) -> datetime | None:
    """Read a time as ISO 8601 (`said`) or in seconds since 1970 (`epoch`); None where neither is given.

    Raises ValueError, OverflowError or OSError where it is no time.
    """
    if not said:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else None
    moment = datetime.fromisoformat(said)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def below(root: Path, folder: Path) -> str:
    """Give a folder's path inside the workspace, empty where it is outside or the workspace itself."""
    try:
        path = folder.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return ""
    return "" if path == "." else path


def edit_base(repository: str, edit: str, docs: str) -> str:
    """Give the address below which the git host edits a file of the workspace, empty where there is no host.

    `repository` and `edit` are MkDocs' `repo_url` and `edit_uri`, which speaks of the folder `docs`.
    """
    inside = edit.strip("/")
    if not repository or not inside:
        return ""
    if docs and inside.endswith(f"/{docs}"):
        inside = inside.removesuffix(f"/{docs}")
    return f"{repository.rstrip('/')}/{inside}/"


def renderer(extensions: Sequence[str], settings: Mapping[str, Any] | None, *, escape_html: bool) -> Render:
    """Give a function that renders Markdown as the site's own pages are; one instance serves for all.

    With `escape_html`, HTML in it is shown as the text that it is.
    """
    import markdown

    used = [name for name in extensions if name not in _NOT_OURS]
    configs = {name: dict(values) for name, values in (settings or {}).items() if name in used and values}
    engine = markdown.Markdown(extensions=used, extension_configs=configs)
    if escape_html:
        engine.preprocessors.deregister("html_block")
        engine.inlinePatterns.deregister("html")

    @cache  # the runs of a process all show the same instructions
    def render(text: str) -> str:
        engine.reset()
        try:
            return engine.convert(text)
        except RecursionError:
            return f"<pre>{escape(text)}</pre>"

    return render


def _companion(root: Path, path: str) -> tuple[str, str]:
    text = read_text(root, path)[0]
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        text = text[text.index("\n---\n", 4) + 5 :]
    first = next((line for line in text.splitlines() if line.startswith("# ")), "")
    return first[2:].strip() or Path(path).stem.replace("-", " ").capitalize(), text


def _head(root: Path) -> str:
    from handrail.store.repository import Repository

    try:
        return Repository.find(root).head() or ""
    except HandrailError:
        return ""
