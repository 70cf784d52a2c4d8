"""Build, serve and write out the site from the command line."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handrail.base.errors import HandrailError, WrongUsage

if TYPE_CHECKING:
    from handrail.site.finish import Finish
    from handrail.site.page import Page
    from handrail.site.pages import Made


def build(root: Path, out: Path | None = None, strict: bool = True) -> Path:
    """Build the site of the workspace at `root` into `out` (default: as `mkdocs.yml` says). Gives the folder.

    Raises HandrailError where the configuration or, with `strict`, any warning stops it.
    """
    config_file = _config_file(root)
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    _speak()
    try:
        more: dict[str, Any] = {"site_dir": str(out.resolve())} if out else {}
        config = load_config(str(config_file), strict=strict, **more)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()
    except MkDocsException as error:
        raise HandrailError(f"The site was not built: {error}", "Mend what is said above, then try again.") from error
    return Path(config.site_dir)


def serve(root: Path, address: str = "127.0.0.1:8000", open_in_browser: bool = False) -> None:
    """Show the site at `address` and build it again whenever a file changes, until interrupted."""
    config_file = _config_file(root)
    from mkdocs.commands.serve import serve as mkdocs_serve
    from mkdocs.exceptions import MkDocsException

    _speak()
    try:
        mkdocs_serve(str(config_file), open_in_browser=open_in_browser, dev_addr=address)
    except MkDocsException as error:
        raise HandrailError(f"The site cannot be shown: {error}", "Mend what is said above, then try again.") from error
    except OSError as error:
        raise WrongUsage(f"Nothing can be served at {address}: {error.strerror}.", "Name another address.") from error


def write_pages(root: Path, out: Path, now: datetime) -> tuple[Path, ...]:
    """Write the generated pages below `out`, each as a Markdown file of front matter and HTML; give their paths.

    A home page of the workspace's own is written with the dashboard in it. Raises WrongUsage where `out` is the folder
    of the workspace's own pages.
    """
    from handrail.app.files import read_text
    from handrail.site.home import dashboard, with_dashboard
    from handrail.site.paths import HOME
    from handrail.site.workspace import write_extras

    made, how = _made(root, now)
    if out.resolve() == how.docs.resolve():
        raise WrongUsage(
            f"`{out}` is where your own pages stand, they would be overwritten.",
            "Name another folder, and copy your pages there first.",
        )
    home = how.docs / "index.md"
    own = read_text(home.parent, home.name)[0] if home.is_file() else ""
    written = []
    for page in map(made.whole, made.pages):
        path = out / page.src
        path.parent.mkdir(parents=True, exist_ok=True)
        text = with_dashboard(own, dashboard(made.site)) if own and page.src == HOME else _text(page)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    for name in made.files:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((root / name).read_bytes())
        written.append(path)
    beside = [extra for extra in made.extras if not extra.path.endswith(".md")]  # those stand where pages do
    return (*written, *write_extras(out, beside))


def finish_site(root: Path, site: Path, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Finish a site that another builder made of `write_pages`; give the number of pages and which are missing.

    Raises WrongUsage where there is no such site.
    """
    from handrail.site.finish import finish

    if not site.is_dir():
        raise WrongUsage(f"There is no folder `{site}`.", "Build the site first, then finish it.")
    made, how = _made(root, now)
    for page in made.pages:
        made.whole(page)  # what files a run's page shows is known when it is made
    return len(made.pages), finish(site, root, made, how)


def _made(root: Path, now: datetime) -> tuple[Made, Finish]:
    """Give the pages as `mkdocs.yml` asks for them, and what it says of the finished site."""
    config_file = _config_file(root)
    from mkdocs.config import load_config

    from handrail.site.finish import Finish
    from handrail.site.paths import Urls
    from handrail.site.workspace import below, edit_base, load, make, renderer

    _speak()
    config = load_config(str(config_file))
    source = load(root, now)
    escape_html = source.overview.workspace.config.escape_html
    render = renderer(config.markdown_extensions, config.mdx_configs, escape_html=escape_html)
    urls = Urls(config.use_directory_urls)
    docs = Path(config.docs_dir)
    made = make(
        source,
        render,
        urls=urls,
        edit=edit_base(config.repo_url or "", config.edit_uri or "", below(root, docs)),
        home=config.site_url or "",
        language=str(config.theme.get("language") or "en"),
    )
    said: Any = getattr(config.plugins.get("handrail"), "config", {})
    return made, Finish(urls, said.get("policy", True), said.get("private", False), docs)


def _text(page: Page) -> str:
    import json

    # Runs are left out of the search: there are too many of them to be searched whole.
    search = "search:\n  exclude: true\n" if page.search else ""
    front = f"---\ntitle: {json.dumps(page.title)}\ndescription: {json.dumps(page.description)}\n{search}---\n\n"
    return f'{front}<div class="hr-page">\n{page.body}\n</div>\n'


def _config_file(root: Path) -> Path:
    path = root / "mkdocs.yml"
    if not path.is_file():
        raise WrongUsage("There is no `mkdocs.yml` here.", "`handrail init` writes one.")
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    return path


def _speak() -> None:
    """Let MkDocs' own messages reach the terminal, warnings and worse with their level."""
    logger = logging.getLogger("mkdocs")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)-8s %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
