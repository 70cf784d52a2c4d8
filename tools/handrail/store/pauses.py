"""How long to wait between tries when many share with one remote, so that work gets through and nobody starves.

Pauses are drawn evenly from nothing to a longest one (full jitter), which doubles with each lost race. Were it
forgotten after each action, whoever just got through would try again at once, and starve those who have lost often.
So a clone keeps the level: an action that gets through takes one off, and so do a few quiet seconds. Who has waited
long pauses less.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

FIRST_SECONDS = 0.05
LONGEST_SECONDS = 4.0
HIGHEST = 7
PATIENT_SECONDS = 8.0
QUIET_SECONDS = 5.0


def longest(level: int, waited: float = 0.0) -> float:
    """Give the upper end of the next pause in seconds, at a level and after so many seconds of waiting."""
    growing = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0**level)
    return float(max(FIRST_SECONDS, growing * 0.5 ** (max(0.0, waited - PATIENT_SECONDS) / PATIENT_SECONDS)))


class Pauses:
    """The pauses of one action. `keep` is the clone's own folder, `random` what they are drawn from."""

    def __init__(self, keep: Path, random: Random | None = None) -> None:
        self._file = keep / "lost-races"
        self._random = random
        self._level = self._kept()

    def _kept(self) -> int:
        try:
            quiet = max(0.0, time.time() - self._file.stat().st_mtime)
            return max(0, min(HIGHEST, int(self._file.read_text())) - int(quiet / QUIET_SECONDS))
        except (OSError, ValueError):
            return 0

    def before(self) -> None:
        """Wait before the first try, where races were lost here a moment ago."""
        if self._level:
            time.sleep(self._draw(longest(self._level)))

    def after_loss(self, waited: float) -> None:
        """Wait after a lost race."""
        self._level = min(HIGHEST, self._level + 1)
        time.sleep(self._draw(longest(self._level, waited)))

    def end(self) -> None:
        """Keep the level for the next action here."""
        with suppress(OSError):
            if self._level > 1:
                self._file.write_text(str(self._level - 1))
            else:
                self._file.unlink(missing_ok=True)

    def _draw(self, seconds: float) -> float:
        if self._random is None:
            from random import Random

            self._random = Random(os.getpid())  # noqa: S311 - spreads retries, guards nothing
        return self._random.uniform(0, seconds)
