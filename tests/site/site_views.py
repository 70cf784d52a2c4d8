"""A view of an empty workspace, for tests of pure pieces."""

from __future__ import annotations

from datetime import UTC, datetime

from handrail.app.moment import moment_of
from handrail.model.workspace import Workspace
from handrail.reports.overview import overview
from handrail.site.context import Site, View


def view_of(path: str = "processes/x/README.md", src: str = "processes/x/index.md") -> View:
    """Give a view from a page made from `path`."""
    workspace = Workspace()
    moment = moment_of(workspace.config, datetime(2026, 11, 23, 9, tzinfo=UTC))
    return Site(overview(workspace, moment), lambda text: text).at(src, path)
