"""A process's past in pictures: how long runs take, how many get done, where they wait, whether promises held."""

from __future__ import annotations

from handrail.model.item import walk
from handrail.model.process import Process
from handrail.plan.chance import sampling_error
from handrail.reports.figure_tables import span as span_of
from handrail.reports.figures import Share, StepFigures
from handrail.reports.outlook import Tested
from handrail.reports.process_history import LEAST_RUNS, NEWEST_RUNS, ProcessHistory, histogram
from handrail.site.charts import ChartData, Mark, Series, chart
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, link, span, tag, text
from handrail.site.parts import bar, table

_STEPS_SHOWN = 8
_WEEKS_SHOWN = 26
_LEAST_WEEKS = 4
_LEAST_TESTED = 10
_LEAST_SHARE = 0.01


def process_figures(view: View, process: Process, found: ProcessHistory) -> Html:
    """Give the figures of a process; where too few runs have finished, a sentence that says so."""
    ended = found.figures.finished
    if ended < LEAST_RUNS:
        told = "Figures come with {least} finished runs; {n} so far."
        told = view.say(
            told if ended else "Figures come with {least} finished runs; none so far.", least=LEAST_RUNS, n=ended
        )
        return tag("p", told, class_="hr-small hr-quiet")
    parts = [
        _lengths(view, process, found),
        _throughput(view, found),
        _shares(view, found),
        _waiting(view, found),
        _promises(view, found),
        tag("p", view.say("Of the newest {n} finished runs.", n=NEWEST_RUNS), class_="hr-small hr-quiet")
        if found.more
        else EMPTY,
    ]
    return text(parts)


def _lengths(view: View, process: Process, found: ProcessHistory) -> Html:
    bins = histogram(found.lengths, found.day)
    lead = found.figures.lead
    days = bins.unit == found.day
    unit = (
        ("Length in days" if process.calendar == "always" else "Length in working days") if days else "Length in hours"
    )
    known = [(50, lead.p50), (85, lead.p85)]
    marks = [
        Mark(
            view.say("{share}% within {span}", share=share, span=view.said(span_of(value, found.day))),
            value / bins.unit,
        )
        for share, value in known
        if value
    ]
    said = [
        view.say("{share}% took {span} or less", share=share, span=view.said(span_of(value, found.day)))
        for share, value in known
        if value
    ]
    single, several = (
        "{n} finished run, from start to end: {shares}.",
        "{n} finished runs, from start to end: {shares}.",
    )
    told = view.many(lead.n, single, several, shares=", ".join(said))
    data = ChartData(
        title=view.say("How long runs take"),
        says=told,
        x=bins.edges,
        series=(Series(view.say("runs"), tuple(map(float, bins.counts))),),
        marks=tuple(marks),
        x_name=view.say(unit),
    )
    return chart(view.site.language, "histogram", data)


def _throughput(view: View, found: ProcessHistory) -> Html:
    weeks = [week for week in found.figures.weeks if week.whole][-_WEEKS_SHOWN:]
    if len(weeks) < _LEAST_WEEKS:
        return EMPTY
    ended = sum(week.finished for week in weeks)
    began = sum(week.started for week in weeks)
    number = len(weeks)
    data = ChartData(
        title=view.say("Finished per week"),
        says=view.say(
            "In {weeks} whole weeks {ended:.1f} runs finished per week, and {began:.1f} started.",
            weeks=number,
            ended=ended / number,
            began=began / number,
        ),
        x=tuple(week.monday for week in weeks),
        series=(Series(view.say("finished"), tuple(float(week.finished) for week in weeks), "done"),),
        x_name=view.say("Week of"),
    )
    return chart(view.site.language, "bars", data)


def _shares(view: View, found: ProcessHistory) -> Html:
    figures = found.figures
    rows = [
        _share(view, "Runs on time", "by the first due date that they had", figures.on_time),
        _share(view, "Steps on time", "by the first due date that they had", figures.steps_on_time),
        _share(view, "Right first time", "nothing opened again, sent back or out of order", figures.right_first_time),
    ]
    shown = [row for row in rows if row]
    return (
        text([tag("h3", view.say("How well it goes")), tag("ul", shown, class_="hr-load hr-load--figures")])
        if shown
        else EMPTY
    )


def _share(view: View, name: str, told: str, share: Share) -> Html:
    if share.value is None:
        return EMPTY
    name, told = view.say(name), view.say(told)
    words = view.say("{share:.0f}% of {n}", share=share.value * 100, n=share.n)
    inside = [
        span("hr-load__name", name, " ", span("hr-quiet", told)),
        bar(share.value, name),
        span("hr-load__words", words),
    ]
    return tag("li", span("hr-load__link", inside))


def _waiting(view: View, found: ProcessHistory) -> Html:
    """Give the steps that take the most of the time in which runs wait, the longest first."""
    steps = [step for step in found.figures.steps if (step.waiting_share or 0) >= _LEAST_SHARE]
    steps.sort(key=lambda step: (-(step.waiting_share or 0), step.id))
    if not steps:
        return EMPTY
    most = max(step.waiting_share or 0 for step in steps)
    rows = [_step(view, found, step, most) for step in steps[:_STEPS_SHOWN]]
    told = view.say("The steps that take most of the time, from when somebody could act to when it was done.")
    note = tag("p", told, class_="hr-small hr-quiet")
    return text([tag("h3", view.say("Where it waits")), note, tag("ul", rows, class_="hr-load hr-load--figures")])


def _step(view: View, found: ProcessHistory, step: StepFigures, most: float) -> Html:
    share = step.waiting_share or 0.0
    title = view.words(step.title)
    words = view.say("{share:.0f}%", share=share * 100)
    if step.sojourn.p85 is not None:
        words += view.say(", 85% within {span}", span=view.said(span_of(step.sojourn.p85, found.day)))
    known = any(step.id == item.id for item in walk(view.site.overview.workspace.processes[step.process].items))
    name = link(f"#{step.id}", view.title(step.title)) if known else view.title(step.title)
    label = view.say("{step}: {share:.0f}% of the time", step=title, share=share * 100)
    inside = [span("hr-load__name", name), bar(share / most, label, full=False)]
    return tag("li", span("hr-load__link", inside, span("hr-load__words", words)))


def _promises(view: View, found: ProcessHistory) -> Html:
    """Give how often promises held that could have been made at each start."""
    rows = [
        (view.number(one.share / 100, ".0%"), view.number(one.held / one.n, ".0%"), str(one.n), view.say(_verdict(one)))
        for one in found.tested
        if one.n
    ]
    if not rows:
        return EMPTY
    told = view.say(
        "Had each run been promised an end at its start, from what was known on that day: how often would it have held?"
    )
    heads = ("Promised", "Held", "Runs", "Forecasts are")
    listed = table(view, view.say("Forecasts against what happened"), heads, rows)
    return text([tag("h3", view.say("How good forecasts are")), tag("p", told, class_="hr-small hr-quiet"), listed])


def _verdict(one: Tested) -> str:
    """Say whether promises held as often as they said, within what chance alone gives (95%)."""
    if one.n < _LEAST_TESTED:
        return "too few to tell"
    share = one.share / 100
    error = 1.96 * sampling_error(share, one.n)
    held = one.held / one.n
    if abs(held - share) <= error:
        return "as good as they say"
    return "too hopeful" if held < share else "too careful"
