"""Pages of runs that the last build left in the site's folder: one that would come out the same stays as it is.

MkDocs empties the folder at the start of each build. What lies there is set aside before, and a page goes back to its
place where it is sure to be what this build would write: it would be made of the same, and nobody has touched its
file. So it keeps its time, too, and who sends the site on by rsync sends what is new.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from handrail.store.kept_pages import KeptPages, Written

ASIDE = ".handrail-before"
"""MkDocs leaves alone what begins with a dot."""
_FOLDER = "processes"


class WrittenPages:
    """What the last build wrote below `site`, and where `keep` remembers it. Where anything fails, nothing is there."""

    def __init__(self, keep: Path, site: Path) -> None:
        self._store = KeptPages(keep, "")
        self.site = site
        self._known: Mapping[str, Written] = {}

    def set_aside(self) -> None:
        """Move what may be of use out of MkDocs' way; call `clear` when the build has ended."""
        self._known = self._store.written(str(self.site))
        folder = self.site / _FOLDER
        if not self._known or folder.is_symlink():
            return
        try:
            (self.site / ASIDE).mkdir()
            folder.rename(self.site / ASIDE / _FOLDER)
        except OSError:
            self._known = {}

    def put_back(self, place: str, marks: Mapping[str, str]) -> bool:
        """Put the file at `place` where it was, if it is the one that was written under the mark that it has now."""
        known = self._known.get(place)
        if known is None or known.mark != marks.get(place):
            return False
        before, after = f"{self.site}/{ASIDE}/{place}", f"{self.site}/{place}"
        try:
            if _as_it_is(before, known.mark) != known:
                return False
            _move(before, after)
        except OSError:
            return False
        return True

    def keep(self, marks: Mapping[str, str]) -> None:
        """Remember the files that lie in the folder now at the places that `marks` names."""
        found: dict[str, Written] = {}
        for place, mark in marks.items():
            with contextlib.suppress(OSError):
                found[place] = _as_it_is(f"{self.site}/{place}", mark)
        if found != self._known:
            self._store.keep_written(str(self.site), found)


def clear(site: Path) -> None:
    """Remove what was set aside below `site`, also by a build that was killed."""
    if (site / ASIDE).exists():
        shutil.rmtree(site / ASIDE, ignore_errors=True)


def _move(before: str, after: str) -> None:
    """Move a file; with its folder, where it is alone in it."""
    old, new = os.path.dirname(before), os.path.dirname(after)
    above = os.path.dirname(new)
    if os.path.isdir(above) and not os.path.exists(new) and len(os.listdir(old)) == 1:
        os.rename(old, new)
        return
    os.makedirs(new, exist_ok=True)
    os.rename(before, after)


def _as_it_is(path: str, mark: str) -> Written:
    """Give a file as it lies there. Raises OSError where there is none, or something else."""
    found = os.lstat(path)
    if not stat.S_ISREG(found.st_mode):
        raise FileNotFoundError(path)
    return Written(mark, found.st_size, found.st_mtime_ns)
