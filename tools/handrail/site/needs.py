"""What cannot go on without somebody, on the home page: under whoever that is, and what is nobody's first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from handrail.reports.results import Assignment, Finding
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, div, link, span, tag, text
from handrail.site.parts import avatar, empty, icon, more_words
from handrail.site.paths import STALLED, person_src

PEOPLE_SHOWN, TASKS_SHOWN = 8, 3

Key = tuple[str, str, str]


def needs_somebody(view: View) -> Html:
    """Give who is waited for, those with most that is late first; what is overdue, stalled, to approve or confirm."""
    findings = view.site.overview.findings
    places = {(one.kind, one.holder, one.item): number for number, one in enumerate(findings.found)}
    waiting = {work.person: _needed(work.now) for work in view.site.works.values()}
    busy = sorted((who for who in waiting if waiting[who]), key=lambda who: (*_urgency(waiting[who]), who))
    theirs = {_key(task) for tasks in waiting.values() for task in tasks}
    nobodys = [place for key, place in places.items() if key not in theirs]
    if not busy and not nobodys:
        return empty(view.say("Nothing has stalled and nothing is late."))
    blocks = [_nobody(view, nobodys)] if nobodys else []
    blocks += [_person(view, who, waiting[who], places) for who in busy[:PEOPLE_SHOWN]]
    more = len(busy) - PEOPLE_SHOWN
    single, several = (
        "{n} more person and all {all} that have stalled",
        "{n} more people and all {all} that have stalled",
    )
    words = view.say("all {all} that have stalled", all=len(findings))
    words = view.many(more, single, several, all=len(findings)) if more > 0 else words
    all_of_it = link(view.to(STALLED), words)
    rest = tag("p", all_of_it, class_="hr-more") if findings else EMPTY
    return text([div("hr-attention hr-attention--people", blocks), rest])


def _needed(tasks: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    return tuple(task for task in tasks if task.overdue or task.stalled or _decides(task))


def _decides(task: Assignment) -> bool:
    return bool(task.step.item.attributes.approval or task.confirmers)


def _urgency(tasks: tuple[Assignment, ...]) -> tuple[int, int]:
    return -sum(task.overdue for task in tasks), -len(tasks)


def _key(task: Assignment) -> Key:
    return task.kind, task.holder, task.step.id


def _person(view: View, who: str, tasks: tuple[Assignment, ...], places: Mapping[Key, int]) -> Html:
    name = link(view.to(person_src(who)), view.site.overview.workspace.config.person(who).shown)
    head = tag("h3", avatar(view, who), " ", name, span("hr-attention__count", str(len(tasks))))
    rows = [_task(view, task, places) for task in tasks[:TASKS_SHOWN]]
    more = len(tasks) - TASKS_SHOWN
    rest = [tag("li", link(view.to(person_src(who)), more_words(view, more)), class_="hr-quiet")] if more > 0 else []
    return div("hr-attention__block", head, tag("ul", rows, rest, class_="hr-plain"))


def _task(view: View, task: Assignment, places: Mapping[Key, int]) -> Html:
    place = places.get(_key(task))
    mark = "overdue" if task.overdue else "stalled" if task.stalled else "approval"
    if place is not None:
        why = view.said(_reason(view.site.overview.findings[place]))
    elif task.overdue and task.due:
        why = view.site.clock.until(task.due)
    else:
        why = view.say("to confirm" if task.confirmers else "to approve")
    return _row(view, (task.kind, task.holder, task.holder_title), (task.step.id, task.step.item.title), mark, why)


def _nobody(view: View, places: list[int]) -> Html:
    found = [view.site.overview.findings[place] for place in islice(places, TASKS_SHOWN)]
    head = tag("h3", icon("who"), " ", view.say("Nobody yet"), span("hr-attention__count", str(len(places))))
    rows = [
        _row(
            view,
            (one.kind, one.holder, one.holder_title),
            (one.item, one.title or one.holder_title),
            "overdue" if "overdue" in one.codes else "stalled",
            view.said(_reason(one)),
        )
        for one in found
    ]
    more = len(places) - TASKS_SHOWN
    rest = [tag("li", link(view.to(STALLED), more_words(view, more)), class_="hr-quiet")] if more > 0 else []
    return div("hr-attention__block", head, tag("ul", rows, rest, class_="hr-plain"))


def _reason(found: Finding) -> str:
    """Give how late it is, else the worst there is to say."""
    known = dict(zip(found.codes, found.reasons, strict=False))
    return known.get("overdue", found.reasons[0])


def _row(view: View, holder: tuple[str, str, str], item: tuple[str, str], mark: str, why: str) -> Html:
    kind, id, name = holder
    title = view.holder(kind, id, item[1], item[0])
    where = [view.title(name), ": "] if item[0] else []
    told = div("hr-quiet", where, span("hr-due--late", why) if mark == "overdue" else why)
    return tag("li", span(f"hr-dot hr-is-{mark}", icon(mark)), div("hr-attention__main", title, told))
