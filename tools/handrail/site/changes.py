"""What changed in a procedure lately: each of its newest revisions, with who made it and what it means."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.app.versions import Version
from handrail.base.words import one_line
from handrail.model.item import walk
from handrail.model.process import Process
from handrail.reports.procedure_diff import ProcedureDifference, StepDifference
from handrail.reports.procedure_words import difference_words
from handrail.site.context import View, named_fields
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.parts import and_more, folded, moment, more_words, person
from handrail.site.paths import process_src

_SHOWN, _MOST = 6, 60
_LONGEST = 160
_FATES = {"added": "new: {step}", "removed": "gone: {step}", "changed": "{step}"}


def changes(view: View, process: Process) -> Html:
    """Give the newest revisions of a procedure; nothing where git tells of none."""
    found = view.site.options.versions.get(process.id, ())
    return text([_version(view, process, one) for one in found])


def _version(view: View, process: Process, one: Version) -> Html:
    difference = one.difference
    new = difference.fate == "added"
    rows = () if new else change_rows(view, process, difference)
    told = (
        view.count(len(rows), "change")
        if not new
        else view.many(len(difference.steps), "first version, {n} step", "first version, {n} steps")
    )
    head = div("hr-update__head", tag("b", moment(view, one.time)), person(view, one.who), span("hr-quiet", told))
    return div("hr-update", head, change_list(view, rows))


def change_list(view: View, rows: Sequence[Html]) -> Html:
    """Give changes as a list of which some are seen at once."""
    rest = [*rows[_SHOWN:_MOST]]
    if rows[_MOST:]:
        rest.append(tag("li", and_more(view, len(rows) - _MOST)))
    more = folded(more_words(view, len(rows) - _SHOWN), tag("ul", rest, class_="hr-plain")) if rest else EMPTY
    return text([tag("ul", rows[:_SHOWN], class_="hr-plain hr-small") if rows else EMPTY, more])


def change_rows(view: View, process: Process, difference: ProcedureDifference) -> tuple[Html, ...]:
    """Give the differences of two revisions as lines, with links to the steps as they are today."""
    front = [tag("li", view.said(difference_words(change, quoted))) for change in difference.front]
    return (*front, *(_step(view, process, step) for step in difference.steps))


def _step(view: View, process: Process, step: StepDifference) -> Html:
    known = any(item.id == step.id for item in walk(process.items))
    title: Content = quoted(named_fields(step.title))
    name = link(view.to(process_src(process.id), step.id), title) if known and step.fate != "removed" else title
    told = [view.said(difference_words(change, quoted)) for change in step.changes] if step.fate == "changed" else []
    return tag("li", view.told(_FATES[step.fate], step=name), f": {'; '.join(told)}" if told else "")


def quoted(words: str) -> str:
    """Give what somebody wrote, on one line and in quotation marks; what is very long is cut."""
    line = one_line(words)
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}”"
