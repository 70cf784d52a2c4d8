"""Pieces that every view is made of: people, due times, progress, titles."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from handrail.base.value import dataclass
from handrail.cli.paint import STATE_STYLES, Cell, Paint
from handrail.model.state import CLOSED, Progress, StepState
from handrail.model.workspace import Workspace
from handrail.reports.results import Overview, ProjectPlan
from handrail.reports.words import Clock, zone_of
from handrail.rules.fold import proposed_by
from handrail.text.plain import plain

SOON_DAYS = 1
"""A due time so many days away is shown as near."""


@dataclass(frozen=True, slots=True)
class Look:
    """A terminal and a clock: what it takes to show something."""

    paint: Paint
    clock: Clock
    workspace: Workspace = Workspace()

    def who(self, people: Iterable[str], otherwise: str = "") -> Cell:
        """Give `@ana @robo (agent)`, or a word for nobody."""
        text = " ".join(self.named(key) for key in people)
        return self.paint.cell(text, fg="blue") if text else self.paint.cell(otherwise, fg="yellow")

    def named(self, key: str) -> str:
        """Give `@ana`; an agent is called one."""
        return f"@{key} (agent)" if self.workspace.config.person(key).agent else f"@{key}"

    def asked(self, confirmers: Iterable[str], step: StepState, otherwise: str) -> Cell:
        """Give who has a step; where an agent has proposed it, who is asked to confirm that."""
        people = " ".join(f"@{key}" for key in confirmers)
        return self.paint.cell(f"confirm: {people}", fg="yellow") if people else self.who(step.assignees, otherwise)

    def proposal(self, step: StepState) -> str:
        """Give what an agent proposes: "skip proposed by @robo (agent)"; empty where nothing waits for a person."""
        event = step.facts.proposed
        if event is None or step.state in CLOSED:
            return ""
        return f"{'skip ' if proposed_by(event) == 'skipped' else ''}proposed by {self.named(event.who)}"

    def sent_back(self, step: StepState) -> str:
        """Give why a step was sent back, by whom; empty where it was not."""
        event = step.facts.rejected
        return f"sent back by {self.named(event.who)}: {event.note}" if event and step.state not in CLOSED else ""

    def due(self, step: StepState) -> Cell:
        """Give when a step is due: red where that is past, yellow where it is near."""
        if step.due is None:
            return Cell("")
        if step.overdue:
            return self.paint.cell(self.clock.until(step.due), fg="red", bold=True)
        near = self.clock.days_to(step.due) <= SOON_DAYS
        return self.paint.cell(f"due {self.clock.until(step.due)}", **({"fg": "yellow"} if near else {}))

    def title(self, markdown: str, **style: object) -> Cell:
        """Give a title without its Markdown."""
        return self.paint.cell(plain(markdown) or "(no title)", **style)

    def mark(self, state: str) -> Cell:
        """Give the sign of a step's state."""
        return Cell(self.paint.sign(state), tuple(STATE_STYLES[state].items()))

    def bar(self, progress: Progress, width: int = 10) -> Cell:
        """Draw the progress of a run or project."""
        whole = progress.share >= 1
        return Cell(self.paint.bar(progress.share, width), (("fg", "green" if whole else "cyan"),))

    def count(self, progress: Progress) -> Cell:
        """Give "12/47"."""
        return Cell(f"{progress.done + progress.skipped}/{progress.total}")


def look_at(overview: Overview, paint: Paint) -> Look:
    """Give the look of an overview on a terminal."""
    zone = zone_of(overview.workspace.config.calendar.timezone)
    return Look(paint, Clock(overview.moment.now, zone), overview.workspace)


def warning_lines(plan: ProjectPlan, look: Look) -> list[str]:
    """Give what is wrong with a plan, each sentence wrapped to the terminal."""
    sign = look.paint.sign("alert")
    lines: list[str] = []
    for warning in plan.warnings:
        text = look.paint.cell(f"{sign} {warning}").text
        wrapped = wrap(text, look.paint.width, subsequent_indent="  ")
        lines += [look.paint.style(line, fg="yellow") for line in wrapped]
    return lines


def blocks(*parts: list[str]) -> str:
    """Join groups of lines with an empty line between; empty groups are left out."""
    return "\n\n".join("\n".join(part) for part in parts if part)
