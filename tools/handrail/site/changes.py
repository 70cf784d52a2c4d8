"""What changed in a procedure lately: each of its newest revisions, with who made it and what it means."""

from __future__ import annotations

from handrail.app.versions import Version
from handrail.base.words import count, one_line
from handrail.model.item import walk
from handrail.model.process import Process
from handrail.reports.procedure_diff import StepDifference
from handrail.reports.procedure_words import difference_words
from handrail.site.context import View, named_fields
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.parts import folded, moment, person

_SHOWN, _MOST = 6, 60
_LONGEST = 160
_FATES = {"added": "new: ", "removed": "gone: ", "changed": ""}


def changes(view: View, process: Process) -> Html:
    """Give the newest revisions of a procedure; nothing where git tells of none."""
    found = view.site.options.versions.get(process.id, ())
    return text([_version(view, process, one) for one in found])


def _version(view: View, process: Process, one: Version) -> Html:
    difference = one.difference
    new = difference.fate == "added"
    rows = [tag("li", difference_words(change, quoted)) for change in difference.front if not new]
    rows += [_step(process, step) for step in difference.steps if not new]
    told = f"{count(len(rows), 'change')}" if not new else f"first version, {count(len(difference.steps), 'step')}"
    head = div("hr-update__head", tag("b", moment(view, one.time)), person(view, one.who), span("hr-quiet", told))
    rest = rows[_SHOWN:_MOST]
    if rows[_MOST:]:
        rest.append(tag("li", f"and {len(rows) - _MOST} more"))
    more = folded(f"{len(rows) - _SHOWN} more", tag("ul", rest, class_="hr-plain")) if rest else EMPTY
    listed = tag("ul", rows[:_SHOWN], class_="hr-plain hr-small") if rows else EMPTY
    return div("hr-update", head, listed, more)


def _step(process: Process, step: StepDifference) -> Html:
    known = any(item.id == step.id for item in walk(process.items))
    title: Content = quoted(named_fields(step.title))
    name = link(f"#{step.id}", title) if known and step.fate != "removed" else title
    told = [difference_words(change, quoted) for change in step.changes] if step.fate == "changed" else []
    return tag("li", _FATES[step.fate], name, f": {'; '.join(told)}" if told else "")


def quoted(words: str) -> str:
    """Give what somebody wrote, on one line and in quotation marks; what is very long is cut."""
    line = one_line(words)
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}”"
