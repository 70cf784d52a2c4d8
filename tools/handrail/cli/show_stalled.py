"""`stalled` on a terminal: what, why, since when, who has it and who could help."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.base.words import count
from handrail.cli.paint import Cell, Paint
from handrail.cli.show_parts import Look, look_at
from handrail.reports.results import Finding, Overview

_MOST = 50


def stalled_text(overview: Overview, paint: Paint, found: Sequence[Finding], *, everything: bool = False) -> str:
    """Show the findings, worst first; of many only the first."""
    look = look_at(overview, paint)
    if not found:
        return "Nothing has stalled."
    lines = [look.paint.heading(f"{count(len(found), 'finding')}, worst first")]
    for finding in found if everything else found[:_MOST]:
        lines += finding_lines(finding, look)
    if not everything and len(found) > _MOST:
        more = look.paint.cell(f"and {len(found) - _MOST} more: handrail stalled --all", dim=True)
        lines.append(look.paint.line(more, indent=5))
    return "\n".join(lines)


def finding_lines(finding: Finding, look: Look) -> list[str]:
    """Give two lines: what it is and where, then why and whom to ask."""
    sign = look.paint.cell(look.paint.sign("alert"), fg="red", bold=True)
    where = look.title(finding.holder_title, dim=True) if finding.item else look.paint.cell(finding.holder, dim=True)
    what = look.title(finding.title, bold=True)
    room = max(look.paint.width - where.width - 7, 24)
    first = look.paint.line(sign, Cell(look.paint.cut(what.text, room), what.style), where, indent=2)
    return [first, _why(finding, look)]


def _why(finding: Finding, look: Look) -> str:
    reasons = look.paint.cell(", ".join(finding.reasons), fg="red" if "overdue" in finding.codes else "yellow")
    people = [_ask(finding, look)]
    room = max(look.paint.width - 5 - people[0].width - 2, 24)
    return look.paint.line(Cell(look.paint.cut(reasons.text, room), reasons.style), *people, indent=5)


def _ask(finding: Finding, look: Look) -> Cell:
    """Give who has it, and who is next in line: "@ana -> @ben"."""
    has = " ".join(f"@{key}" for key in finding.assignees)
    following = f"@{finding.next_in_line}" if finding.next_in_line else ""
    if has and following:
        return look.paint.cell(f"{has} {look.paint.sign('arrow')} {following}", fg="blue")
    return look.paint.cell(has or (f"ask {following}" if following else ""), fg="blue")
