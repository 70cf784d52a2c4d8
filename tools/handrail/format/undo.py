"""Taking what one change added out of a text that has gone on since, line by line."""

from __future__ import annotations

from difflib import SequenceMatcher


def taken_out(before: str, after: str, present: str) -> str | None:
    """Give `present` without what changed from `before` to `after`; None where those lines are not there any more.

    Lines that came are taken out, lines that went or were others stand again in their places.
    """
    old, new, now = (text.split("\n") for text in (before, after, present))
    where = _places(new, now)
    found = list(now)
    for tag, low, high, first, end in reversed(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
        if tag == "equal":
            continue
        places = [where.get(number) for number in range(first, end)]
        start = places[0] if places else where.get(first)
        if start is None or places != list(range(start, start + len(places))):
            return None
        found[start : start + len(places)] = old[low:high]
    return "\n".join(found)


def _places(new: list[str], now: list[str]) -> dict[int, int]:
    """Give where the lines of one text stand in the other."""
    blocks = SequenceMatcher(None, new, now, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
