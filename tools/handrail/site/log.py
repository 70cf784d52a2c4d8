"""What happened: the log of one run or project, and the page of what everybody did lately."""

from __future__ import annotations

from collections.abc import Iterable

from handrail.base.words import one_line
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.reports.activity import deed, entries_of, newest_first
from handrail.reports.results import Activity
from handrail.site.context import Site, View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.page import Page
from handrail.site.parts import avatar, empty, filters, moment
from handrail.site.paths import ACTIVITY
from handrail.site.steps import EVIDENCE, deed_sentence, deed_word, evidence_of, value_shown

UNTOLD = EVIDENCE | {"sha256", "proposes"}
"""Values of an event that are shown in another way than by name and value."""
ENTRIES_SHOWN = 200


def activity_page(site: Site) -> Page:
    """Give the page of who did what in the last thirty days, newest first, which can be narrowed."""
    view = site.at(ACTIVITY)
    found, entries = site.lately, site.lately[:ENTRIES_SHOWN]
    lead = tag("p", view.say("Who did what in the last thirty days, the newest first."), class_="hr-lead")
    feed = link(view.to("feed.xml"), "feed.xml")
    parts: list[Content] = [tag("h1", view.say("Activity")), lead]
    parts.append(tag("p", view.told("To follow it in a reader: {feed}.", feed=feed), class_="hr-quiet hr-small"))
    if entries:
        parts += [_narrow(view, entries), activity_list(view, entries, id="activity", marked=True)]
    else:
        parts.append(empty(view.say("Nothing happened in the last thirty days.")))
    if len(found) > len(entries):
        single = "And {n} older entry: `handrail log` lists everything."
        several = "And {n} older entries: `handrail log` lists everything."
        parts.append(tag("p", view.many(len(found) - len(entries), single, several), class_="hr-quiet"))
    words = view.say("Who did what lately.")
    return Page(ACTIVITY, view.say("Activity"), div("hr-activity", parts), description=words, search=words)


def _narrow(view: View, entries: Iterable[Activity]) -> Html:
    site = view.site
    config, workspace = site.overview.workspace.config, site.overview.workspace
    who = sorted({(config.person(entry.who).shown, entry.who) for entry in entries})
    names = {id: process.title for id, process in workspace.processes.items()}
    names |= {id: project.title for id, project in workspace.projects.items()}
    where = sorted({(names.get(entry.within, entry.within), entry.within) for entry in entries})
    deeds = sorted({(deed_word(site.language, deed(entry)), deed(entry)) for entry in entries})
    say = view.say
    return filters(
        view, "activity", ("who", say("Person"), who), ("where", say("Where"), where), ("what", say("What"), deeds)
    )


def history(view: View, holder: Run | Project) -> Html:
    """Give everything that happened in one run or project, newest first."""
    entries = newest_first(entries_of(holder))
    return activity_list(view, entries, here=holder.id) if entries else empty(view.say("Nothing yet."))


def activity_list(
    view: View, entries: Iterable[Activity], *, id: str | None = None, marked: bool = False, here: str = ""
) -> Html:
    """Give events as a list by day, newest first. `here` is the run or project on whose page the list stands.

    `marked` says on each entry what `filters` narrow by.
    """
    rows: list[Content] = []
    last = ""
    for entry in entries:
        today = view.site.day_words(entry.time)
        if today != last:
            rows.append(tag("li", moment(view, entry.time, today), class_="hr-log__day"))
            last = today
        marks = {"data_who": entry.who, "data_where": entry.within, "data_what": deed(entry)} if marked else {}
        rows.append(tag("li", _entry(view, entry, here), class_="hr-log__entry", **marks))
    return tag("ol", rows, class_="hr-log", id=id)


def _what(view: View, entry: Activity, here: str) -> Content:
    """Give what was done as a link, and where it stands unless that is the page itself."""
    if not entry.item:
        there = entry.holder != here
        return view.holder(entry.kind, entry.holder, entry.holder_title) if there else view.say("the whole")
    if entry.holder == here:
        return link(f"#{entry.item}", view.title(entry.title))
    step = view.holder(entry.kind, entry.holder, entry.title, entry.item)
    where = span("hr-quiet", view.holder(entry.kind, entry.holder, entry.holder_title))
    return view.told("{what} in {where}", what=step, where=where)


def _values(view: View, entry: Activity) -> Html:
    """Give what an event says beside its note: to whom or which day something went, else names with their values."""
    told = [(name, value) for name, value in entry.values if name not in UNTOLD]
    if not told:
        return EMPTY
    name, value = told[0]
    if entry.verb == "assigned" and name == "to":
        who = [view.site.overview.workspace.config.person(key).shown for key in value.split()]
        return span("hr-quiet", " →\u00a0", ", ".join(who))
    if entry.verb == "due" and name == "on":
        return span("hr-quiet", " →\u00a0", value_shown(view, value))
    pairs = [(", ", name.replace("_", " "), " ", value_shown(view, value)) for name, value in told]
    return span("hr-quiet", ": ", [part for pair in pairs for part in pair][1:])


def _entry(view: View, entry: Activity, here: str) -> Html:
    what = _what(view, entry, here)
    evidence = [evidence_of(view, name, value) for name, value in entry.values if name in EVIDENCE]
    others = _values(view, entry)
    note = tag("q", one_line(entry.note)) if entry.note else EMPTY
    return text(
        [
            avatar(view, entry.who),
            div(
                "hr-log__main",
                view.told(deed_sentence(deed(entry)), who=view.person(entry.who), what=what),
                others,
                note,
                evidence,
            ),
            moment(view, entry.time, view.site.clock.time(entry.time)),
        ]
    )
