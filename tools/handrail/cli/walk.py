"""A walk through a run, without the terminal: which step is at hand, what it still needs, what may come next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, cast

from handrail.app.act import Done, perform, state_of
from handrail.app.byhand import with_hand_ticks_of
from handrail.app.load import load_holder, procedure_of
from handrail.app.moment import moment_of
from handrail.base.value import dataclass
from handrail.model.change import Action, Refusal
from handrail.model.item import Item, walk
from handrail.model.process import Field, Process
from handrail.model.run import Run
from handrail.model.state import Child, RunState, StepState

if TYPE_CHECKING:
    from handrail.app.names import Named
    from handrail.app.proof import Proof
    from handrail.cli.context import Context

_HELD = frozenset({"gate", "waits", "wait-not-over", "strict-order", "open-substeps", "not-applicable"})


@dataclass(slots=True)
class Walk:
    """One person's way through one run. The file is read anew before every step: others work on it too."""

    context: Context
    target: Named
    procedure: Process | None = None
    commit: bool = True

    def look(self) -> RunState:
        """Read the run as it stands now."""
        context = self.context
        run = cast("Run", load_holder(context.root, self.target))
        run = with_hand_ticks_of(run, context.repository, context.config)
        if self.procedure is None:
            self.procedure = procedure_of(context.root, run, context.repository)
        moment = moment_of(context.config, context.clock(), context.repository.keep)
        return cast("RunState", state_of(run, self.procedure, moment))

    def act(self, action: Action, proof: Proof | None = None) -> Done:
        """Do one action, as one commit if commits are wished. `proof` is a file that comes with it."""
        context = self.context
        return perform(
            context.repository,
            self.target,
            action,
            who=context.who(),
            now=context.clock(),
            config=context.config,
            commit=self.commit,
            proof=proof,
        )

    def only_proposes(self, state: RunState) -> bool:
        """Tell whether what this person finishes here waits for somebody to confirm it."""
        return state.run.agents == "propose" and self.context.config.person(self.context.who()).agent

    def confirming(self, step: StepState) -> str:
        """Give the verb that confirms what is proposed for a step."""
        from handrail.rules.fold import proposed_by

        return "skip" if step.facts.proposed and proposed_by(step.facts.proposed) == "skipped" else "check"

    def children(self, state: RunState, step: StepState) -> tuple[Child, ...]:
        """Give the runs that were started for a step, oldest first; none for a step that no run finishes."""
        if not step.item.attributes.run:
            return ()
        from handrail.app.family import children_of

        context = self.context
        found = children_of(context.repository, state.run, (step.id,), context.clock(), context.config)
        return found.get(step.id, ())

    def open_child(self, state: RunState, step: StepState) -> Named | None:
        """Give the run under way that finishes a step."""
        from handrail.app.names import Named
        from handrail.format.run import run_path

        found = [child.run for child in self.children(state, step) if child.state == "active"]
        return Named("run", found[-1], run_path(found[-1])) if found else None

    def waits_for_child(self, state: RunState, step: StepState) -> bool:
        """Tell whether a step is finished by a run that is not finished."""
        if not step.item.attributes.run:
            return False
        from handrail.rules.case import counting

        return not counting(self.children(state, step), step.facts.reopened, "done")

    def wanted_for_child(self, state: RunState, step: StepState) -> tuple[Field, ...]:
        """Give the fields that the run for a step needs and that the step does not hand down."""
        from handrail.app.load import load_process
        from handrail.rules.begin import wanted_fields
        from handrail.rules.child import fields_for

        target = self.context.find(step.item.attributes.run, "process")
        given = fields_for(state, step.id)
        process = load_process(self.context.root, target.id, target.path)
        return tuple(field for field in wanted_fields(process) if not given.get(field.name))

    def start_child(self, state: RunState, step: StepState, fields: Mapping[str, str]) -> Named:
        """Start the run that finishes a step, and give it."""
        from handrail.app.family import with_parent
        from handrail.app.names import Named
        from handrail.app.start import Wish, start

        context, who = self.context, self.context.who()
        now, config = context.clock(), context.config
        target = context.find(step.item.attributes.run, "process")
        parent, wish = f"{state.run.id}#{step.id}", Wish(fields=fields)
        wish = with_parent(context.repository, target.id, parent, self.target, wish, who=who, now=now, config=config)[0]
        started = start(context.repository, target, wish, who=who, now=now, config=config, commit=self.commit)
        return Named("run", started.run.id, started.run.path)

    def into(self, child: Named) -> Walk:
        """Give the walk through another run."""
        return Walk(self.context, child, commit=self.commit)

    def next(self, state: RunState, passed: Collection[str]) -> StepState | None:
        """Give the step at hand: ready or in work, else one that may be done early, else one that is blocked.

        `passed` are those that the person has put off for now.
        """
        from handrail.reports.steps import leaves

        if state.state != "active":
            return None
        steps = [step for step in leaves(state.steps) if step.id not in passed]
        ready = next((step for step in steps if step.state in {"ready", "doing"}), None)
        if ready is not None:
            return ready
        early = (step for step in steps if step.state == "waiting" and not self.is_held(state, step))
        return next(early, None) or next((step for step in steps if step.state == "blocked"), None)

    def is_held(self, state: RunState, step: StepState) -> bool:
        """Tell whether something must be finished before a step may be."""
        from handrail.rules.decide import decide

        verb = "approve" if step.item.attributes.approval else "check"
        outcome = decide(
            state,
            Action(verb, (step.id,)),
            who=self.context.who(),
            now=self.context.clock(),
            config=self.context.config,
            procedure=self.procedure,
        )
        return isinstance(outcome, Refusal) and outcome.code in _HELD

    def instruction(self, state: RunState, step: StepState) -> str:
        """Give what the procedure says about a step, with the run's values filled in."""
        from handrail.format.fill import fill

        items = walk(self.procedure.items) if self.procedure else ()
        found: Item | None = next((item for item in items if item.id == step.id), None)
        return fill(found.body, dict(state.fields)) if found else ""

    def asked(self, state: RunState, step: StepState) -> tuple[Field, ...]:
        """Give the fields that a step asks for and that have no value yet."""
        known = dict(state.fields)
        missing = [name for name in step.item.attributes.ask if not known.get(name, "").strip()]
        return tuple((self.procedure and self.procedure.find_field(name)) or Field(name) for name in missing)

    def read(self, field: Field, text: str) -> str | Refusal:
        """Read a value for a field, or say what is wrong with it."""
        from handrail.rules.values import read_value

        return read_value(field, field.name, text, self.context.config)


def parents(state: RunState, id: str) -> tuple[str, ...]:
    """Give the titles of the steps that a sub-step is a part of, the outermost first."""
    stack: list[tuple[StepState, tuple[str, ...]]] = [(step, ()) for step in state.steps]
    while stack:
        step, above = stack.pop()
        if step.id == id:
            return above
        stack.extend((child, (*above, step.item.title)) for child in step.substeps)
    return ()
