"""What axe finds in the theme's `article` of a page."""

from __future__ import annotations

from typing import Any

import pytest

# All that axe asks of colours; everything else is the same in the dark.
COLOURS = ("color-contrast", "link-in-text-block")


def violations(page: Any, scheme: str, *, unfolded: bool = True) -> list[tuple[str, str]]:
    """Open what is folded and give each violated rule with its place; in the dark of those about colours.

    Fails where the page is not in the scheme.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if unfolded:
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.body.dataset.mdColorScheme") == {"light": "default", "dark": "slate"}[scheme]
    only = {"runOnly": {"type": "rule", "values": COLOURS}} if scheme == "dark" else None
    found = axe.run(page, context="article", options=only).response["violations"]
    return [(one["id"], " ".join(map(str, node["target"]))) for one in found for node in one["nodes"]]
