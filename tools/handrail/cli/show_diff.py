"""`diff` in words: for a terminal, and as Markdown that can stand in a pull request's comment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handrail.base.words import count, one_line
from handrail.cli.paint import Paint
from handrail.reports.procedure_diff import ProcedureDifference, RunKept, StepDifference
from handrail.reports.procedure_words import Quote, difference_words

_FATES = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
_MOST_RUNS = 10
_LONGEST = 200
_MARKS = re.compile(r"[\\`*_{}\[\]()#|~!:]")


def diff_text(paint: Paint, base: str, differences: Sequence[ProcedureDifference]) -> str:
    """Show what changed since the commit `base`, one procedure after the other."""
    if not differences:
        return f"No procedure has changed since {_since(base)}."
    lines: list[str] = []
    for one in differences:
        if lines:
            lines.append("")
        lines.append(paint.heading(one.title, f"{one.process}, {_fate(one)}"))
        lines += [paint.line(paint.cell(difference_words(change, _quoted)), indent=2) for change in one.front]
        for step in one.steps:
            sign, colour = _FATES[step.fate]
            told = [
                paint.cell(sign, fg=colour, bold=True),
                paint.cell(step.title),
                paint.cell(f"[{step.id}]", dim=True),
            ]
            lines.append(paint.line(*told, indent=2))
            lines += [paint.line(paint.cell(words), indent=6) for words in _step_words(step, _quoted)]
        lines += [paint.line(paint.cell(words, dim=True), indent=2) for words in _run_words(one, _quoted)]
    return "\n".join(lines)


def diff_markdown(base: str, differences: Sequence[ProcedureDifference]) -> str:
    """Write what changed as Markdown in which no title or value can do more than be read."""
    if not differences:
        return f"No procedure has changed since {_since(base)}."
    parts = [f"### What this means for {count(len(differences), 'procedure')}"]
    for one in differences:
        parts.append(f"**{escaped(one.title)}** ({code(one.process)}, {_fate(one)})")
        lines = [f"- {difference_words(change, code)}" for change in one.front]
        for step in one.steps:
            told = "; ".join(_step_words(step, code))
            what = "" if step.fate == "changed" else f"{step.fate}: "
            lines.append(f"- {what}{escaped(step.title)} {code('#' + step.id)}{f': {told}' if told else ''}")
        if lines:
            parts.append("\n".join(lines))
        parts += _run_words(one, code)
    return "\n\n".join(parts)


def escaped(text: str) -> str:
    """Give a text on one line as Markdown that shows just that text: no markup, link, mention or reference."""
    line = _cut(one_line(text))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _MARKS.sub(lambda found: f"\\{found.group()}", line).replace("www.", "www\\.")
    # Hosts look for mentions and issue numbers in the text that is left, so the sign is parted from its word.
    return line.replace("@", "@<!-- -->").replace("\\#", "\\#<!-- -->")


def code(text: str) -> str:
    """Give a text on one line as a code span, with as many backticks as it needs."""
    line = _cut(one_line(text))
    runs = [len(found) for found in re.findall("`+", line)]
    fence = "`" * next(number for number in range(1, len(runs) + 2) if number not in runs)
    room = " " if line[:1] in {"`", " "} or line[-1:] in {"`", " "} else ""
    return f"{fence}{room}{line}{room}{fence}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _quoted(text: str) -> str:
    return f"`{_cut(text)}`"


def _since(base: str) -> str:
    return base or "the beginning"


def _fate(one: ProcedureDifference) -> str:
    return {"added": "new", "removed": "removed", "changed": "changed"}[one.fate]


def _step_words(step: StepDifference, quote: Quote) -> list[str]:
    return [difference_words(change, quote) for change in step.changes] if step.fate != "removed" else []


def _run_words(one: ProcedureDifference, quote: Quote) -> list[str]:
    if not one.runs:
        return []
    keep = "keeps" if len(one.runs) == 1 else "keep"
    told = ", ".join(_run(run, quote) for run in one.runs[:_MOST_RUNS])
    more = f" and {len(one.runs) - _MOST_RUNS} more" if len(one.runs) > _MOST_RUNS else ""
    return [f"{count(len(one.runs), 'active run')} {keep} an older revision: {told}{more}"]


def _run(run: RunKept, quote: Quote) -> str:
    return quote(run.id.rpartition("/")[2])
