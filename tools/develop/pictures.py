"""Pictures of the site for the guide: `python tools/develop/pictures.py docs/guide/pictures`.

A sample company at a fixed moment is built anew and looked at in Chromium, in light and dark, on a desktop and a phone.
The same versions of all programs give the same pictures; they are WebP, written by the browser itself.
"""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import sync_playwright

NOW = "2026-11-23T10:30:00Z"
DESKTOP, PHONE = (1280, 800, 1), (390, 760, 2)
SCHEMES = ("light", "dark")
MOST_BYTES = 1_500_000
_QUALITY = 0.75
_ARGUMENTS = "--no-sandbox --hide-scrollbars --force-color-profile=srgb --font-render-hinting=none --disable-lcd-text"
_TO_WEBP = """async ([png, quality]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


class Shot(NamedTuple):
    """One picture: its name, the page, what stands at its upper edge (empty: the page's own beginning), the device."""

    name: str
    page: str
    anchor: str
    device: tuple[int, int, int]


def main(arguments: Sequence[str]) -> int:
    """Write all pictures into the folder that is named; give the exit status."""
    folder = Path(arguments[0] if arguments else "docs/guide/pictures")
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "nordlicht"
        handrail("demo", str(workspace), at=Path(scratch))
        handrail("site", "build", at=workspace)
        shots = wanted(workspace)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.webp"):
            old.unlink()
        with served(workspace / "site") as address:
            photograph(address, shots, folder)
    size = sum(one.stat().st_size for one in folder.glob("*.webp"))
    print(f"{len(shots) * len(SCHEMES)} pictures, {size / 1000:.0f} kB, in {folder}")
    return int(size > MOST_BYTES)


def wanted(workspace: Path) -> list[Shot]:
    """Give the pictures that the guide shows; the run is the active one that is nearest to three fifths."""
    found = json.loads(handrail("status", "--json", at=workspace))["runs"]
    active = [run for run in found if run["process"] == "customer-onboarding" and run["state"] == "active"]
    run = min(active, key=lambda one: (abs(_share(one["progress"]) - 0.6), one["run"]))["run"]
    process, _, name = run.rpartition("/")
    page = f"processes/{process}/runs/{name}/"
    return [
        Shot("home", "", "", DESKTOP),
        Shot("home-runs", "", "runs", DESKTOP),
        Shot("process-flow", "processes/customer-onboarding/", "part--flow", DESKTOP),
        Shot("process-figures", "processes/publishing/article/", "part--figures", DESKTOP),
        Shot("run", page, "", DESKTOP),
        Shot("run-timeline", page, "part--timeline", DESKTOP),
        Shot("project", "projects/spring-campaign/", "", DESKTOP),
        Shot("project-timeline", "projects/spring-campaign/", "part--timeline", DESKTOP),
        Shot("phone-home", "", "attention", PHONE),
        Shot("phone-process", "processes/customer-onboarding/", "part--flow", PHONE),
        Shot("phone-run", page, "", PHONE),
    ]


def _share(progress: dict[str, int]) -> float:
    return (progress["done"] + progress["skipped"]) / max(progress["total"], 1)


def photograph(address: str, shots: Sequence[Shot], folder: Path) -> None:
    """Take every picture in every scheme."""
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=_ARGUMENTS.split())
        for shot in shots:
            for scheme in SCHEMES:
                (folder / f"{shot.name}-{scheme}.webp").write_bytes(_picture(browser, address, shot, scheme))
        browser.close()


def _picture(browser: Any, address: str, shot: Shot, scheme: str) -> bytes:
    width, height, scale = shot.device
    size = {"width": width, "height": height}
    context = browser.new_context(
        viewport=size, device_scale_factor=scale, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address + shot.page + (f"#{shot.anchor}" if shot.anchor else ""), wait_until="networkidle")
    page.add_style_tag(content=".headerlink { visibility: hidden; } * { transition: none !important; }")
    page.wait_for_timeout(400)
    png = base64.b64encode(page.screenshot()).decode("ascii")
    blank = context.new_page()
    webp = base64.b64decode(blank.evaluate(_TO_WEBP, [png, _QUALITY]))
    context.close()
    return webp


def handrail(*arguments: str, at: Path) -> str:
    """Run Handrail of this source tree in a folder, at the fixed moment; give what it prints."""
    tools = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": tools, "HANDRAIL_NOW": NOW, "NO_MKDOCS_2_WARNING": "1", "TZ": "UTC"}
    command = [sys.executable, "-m", "handrail", *arguments]
    return subprocess.run(command, cwd=at, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, and give its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
