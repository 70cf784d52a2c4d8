"""Four questions that tell whether work is a process or a project."""

from __future__ import annotations

from handrail.base.value import dataclass
from handrail.site.context import Site, View
from handrail.site.markup import Html, div, link, span, tag, text
from handrail.site.page import Page
from handrail.site.paths import KIND, PROCESSES, PROJECTS


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and the two answers to it."""

    name: str
    asks: str
    process: str
    project: str


QUESTIONS = (
    Question(
        "Repeatability",
        "Will you do it again?",
        "Yes, in much the same order.",
        "No, or so rarely that nobody will remember how.",
    ),
    Question(
        "Uniqueness",
        "Is the result a new thing?",
        "The same kind of result each time.",
        "Something that did not exist before.",
    ),
    Question(
        "Resources",
        "Who does it, and with which money?",
        "Roles that always do this, in everyday work.",
        "People and money set aside for it, until it is over.",
    ),
    Question(
        "Risk",
        "What can go wrong?",
        "Known mistakes, which a step prevents.",
        "Things that nobody has met yet, which need watching.",
    ),
)


def kinds_page(site: Site) -> Page:
    """Give the page that helps somebody to decide. The script counts the answers; without it they can be read."""
    view = site.at(KIND)
    lead = tag(
        "p",
        view.say(
            "A process fails when people stop following it. A project fails when its plan meets reality and nobody "
            "notices. So they are led in different ways: answer four questions before you begin."
        ),
        class_="hr-lead",
    )
    asked = [_question(view, number, one) for number, one in enumerate(QUESTIONS, 1)]
    verdict = tag(
        "output", class_="hr-verdict", aria_live="polite", data_hr_verdict=True, hidden=True,
        data_process=view.say("It is a process: write it down and run it for each case."),
        data_project=view.say("It is a project: make one plan, and change it as things happen."),
        data_both=view.say("It has something of both: begin with a process, and plan only what is new."),
    )  # fmt: skip
    form = tag("form", asked, verdict, class_="hr-questions", data_hr_questions=True)
    rule = tag(
        "p",
        view.say(
            "Three or four answers on one side: that is what you have. Two and two: begin with a process. If only a "
            "part of a project repeats, let a run of a process do that part."
        ),
    )
    to_processes = link(view.to(PROCESSES), view.say("Processes"))
    to_projects = link(view.to(PROJECTS), view.say("Projects"))
    ways = tag(
        "ul",
        tag(
            "li",
            tag("strong", view.say("A process:"), " "),
            view.told("{processes} are written down once and run for each case.", processes=to_processes),
        ),
        tag(
            "li",
            tag("strong", view.say("A project:"), " "),
            view.told("{projects} have one plan, which changes every week.", projects=to_projects),
        ),
        class_="hr-prose",
    )
    title = view.say("What kind of work is this?")
    body = text([tag("h1", title), lead, form, rule, ways])
    return Page(KIND, title, body, description=view.say("Process or project: four questions that tell."), in_nav=False)


def which_kind(view: View) -> Html:
    """Give the line that leads to the questions."""
    return tag(
        "p",
        view.say("Not sure?"),
        " ",
        link(view.to(KIND), view.say("What kind of work is this?")),
        class_="hr-quiet hr-small",
    )


def _question(view: View, number: int, one: Question) -> Html:
    legend = tag("legend", span("hr-question__name", view.say(one.name)), " ", view.say(one.asks))
    answers = [_answer(view, number, "process", one.process), _answer(view, number, "project", one.project)]
    return tag("fieldset", legend, div("hr-question__answers", answers), class_="hr-question")


def _answer(view: View, number: int, kind: str, words: str) -> Html:
    choice = tag("input", type="radio", name_=f"q{number}", value=kind)
    side = span("hr-question__kind", view.say("process" if kind == "process" else "project"))
    return tag("label", choice, span("hr-question__words", view.say(words)), side, class_="hr-answer")
