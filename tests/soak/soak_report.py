"""What a scenario came to, and the table of them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from soak_check import Fault
from soak_record import Operation

LONGEST_WAIT = 60.0
HEADINGS = (
    "scenario", "operations", "saved", "refused", "unknown", "retries", "lost", "doubled", "broken", "longest wait",
    "per second", "seconds",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One scenario's figures. `judged` is off for the peer, whose faults are shown and fail nothing."""

    name: str
    operations: int
    saved: int
    refused: int
    unknown: int
    retries: int
    faults: tuple[Fault, ...]
    longest: float
    seconds: float
    judged: bool = True
    note: str = ""

    @property
    def good(self) -> bool:
        return not self.judged or (self.operations > 0 and not self.faults and self.longest < LONGEST_WAIT)

    def count(self, *kinds: str) -> int:
        return sum(fault.kind in kinds for fault in self.faults)

    def cells(self) -> tuple[str, ...]:
        broken = self.count("broken", "foreign", "refused", "disagree")
        return (
            self.name, str(self.operations), str(self.saved), str(self.refused), str(self.unknown), str(self.retries),
            str(self.count("lost")), str(self.count("doubled")), str(broken), f"{self.longest:.1f} s",
            f"{self.saved / self.seconds:.1f}" if self.seconds else "-", f"{self.seconds:.0f}",
        )  # fmt: skip

    def line(self) -> str:
        """Give one line for who waits for the table."""
        starved = "STARVED" if self.longest >= LONGEST_WAIT else "NOTHING DONE" if not self.operations else ""
        verdict = f"{len(self.faults)} FAULTS" if self.faults else starved or "fine"
        note = self.note and f" ({self.note})"
        return f"{self.name}: {self.operations} operations in {self.seconds:.0f} s, {verdict}{note}"


def row(
    name: str, operations: Sequence[Operation], faults: Sequence[Fault], seconds: float, *, retries: int = 0, **more
) -> Row:
    """Count what writers were told."""
    told = Counter(one.outcome for one in operations)
    longest = max((one.seconds for one in operations), default=0.0)
    saved = told["shared"] + told["here"]
    return Row(
        name, len(operations), saved, told["refused"], told["unknown"], retries, tuple(faults), longest, seconds, **more
    )


def table(rows: Sequence[Row]) -> str:
    """Give a Markdown table."""
    lines = [HEADINGS, *(one.cells() for one in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    shown = [
        "| " + " | ".join(cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in pairs) + " |"
        for pairs in (enumerate(zip(line, widths, strict=True)) for line in lines)
    ]
    rule = "|" + "|".join(("-" * (width + 1)) + (":" if at else "-") for at, width in enumerate(widths)) + "|"
    return "\n".join([shown[0], rule, *shown[1:]])
