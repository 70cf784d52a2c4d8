"""What `handrail lint --fix` does to a file: where one answer alone is right, it takes the mistake's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from handrail.base.problem import Problem, sort_key
from handrail.text.lines import Lines, split_lines

_BOM = "\ufeff"


def fixed(text: str, problems_of: Callable[[str], tuple[Problem, ...]]) -> tuple[str, tuple[Problem, ...]]:
    """Give a file's text with everything fixed that can be, and the problems that are gone.

    `problems_of` reads such a text. A fix that would bring up another problem is left out. Fixing again
    changes nothing.
    """
    gone: list[Problem] = []
    while True:
        found = problems_of(text)
        before = len(gone)
        # From the back, so that what stands before keeps its place.
        waiting = [sorted((one for one in found if one.fix), key=sort_key, reverse=True)]
        while waiting:
            group = waiting.pop()
            changed = _changed(text, group)
            after = problems_of(changed) if changed != text else found
            if changed != text and not _counted(after) - (_counted(found) - _counted(group)):
                gone.extend(group)
                text, found = changed, after
            elif len(group) > 1:
                half = len(group) // 2
                waiting.extend((group[half:], group[:half]))
        if len(gone) == before:
            return text, tuple(sorted(gone, key=sort_key))


def _counted(problems: Iterable[Problem]) -> Counter[tuple[str, str]]:
    return Counter((problem.code, problem.message) for problem in problems)


def _changed(text: str, problems: Sequence[Problem]) -> str:
    """Give the text with some fixes, the last place first; the text itself where something else stands there."""
    bom = _BOM if text.startswith(_BOM) else ""
    lines = split_lines(text.removeprefix(_BOM))
    texts = list(lines.texts)
    for problem in problems:
        number = problem.place.line - 1
        new = _mended(texts[number], problem) if 0 <= number < len(texts) else None
        if new is None:
            return text
        texts[number] = new
    return bom + Lines(tuple(texts), lines.endings).joined()


def _mended(line: str, problem: Problem) -> str | None:
    place, fix = problem.place, problem.fix
    raw = line[place.column - 1 : place.end_column - 1]
    if fix is None:
        return None
    quote = raw[:1] if raw[:1] in {'"', "'"} and raw == raw[:1] + fix.old + raw[:1] else ""
    if raw != quote + fix.old + quote:
        return None
    return line[: place.column - 1] + quote + fix.new + quote + line[place.end_column - 1 :]
