"""What `handrail lint --fix` does to a file: where one answer alone is right, it takes the mistake's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

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
        for problem in sorted((one for one in found if one.fix), key=sort_key, reverse=True):
            changed = _changed(text, problem)
            after = problems_of(changed) if changed != text else found
            if not _counted(after) - (_counted(found) - _counted((problem,))):
                gone.append(problem)
                text, found = changed, after
        if len(gone) == before:
            return text, tuple(sorted(gone, key=sort_key))


def _counted(problems: tuple[Problem, ...]) -> Counter[tuple[str, str]]:
    return Counter((problem.code, problem.message) for problem in problems)


def _changed(text: str, problem: Problem) -> str:
    """Give the text with one fix; the text itself where something else stands there than was read."""
    bom = _BOM if text.startswith(_BOM) else ""
    lines = split_lines(text.removeprefix(_BOM))
    number, place, fix = problem.place.line - 1, problem.place, problem.fix
    if fix is None or not 0 <= number < len(lines.texts):
        return text
    line = lines.texts[number]
    raw = line[place.column - 1 : place.end_column - 1]
    quote = raw[:1] if raw[:1] in {'"', "'"} and raw == raw[:1] + fix.old + raw[:1] else ""
    if raw != quote + fix.old + quote:
        return text
    new = line[: place.column - 1] + quote + fix.new + quote + line[place.end_column - 1 :]
    return bom + Lines((*lines.texts[:number], new, *lines.texts[number + 1 :]), lines.endings).joined()
