"""The tools of the MCP server that write: each is the action of the command of its name, and one commit."""

from __future__ import annotations

from functools import partial

from handrail.base.errors import WrongUsage
from handrail.cli.context import Context
from handrail.cli.mcp_look import next_object
from handrail.cli.mcp_tool import Argument, Given, Json, Tool
from handrail.model.change import Action
from handrail.model.state import RunState
from handrail.reports.json_views import instant

_NAME = Argument("name", "A run or project: its id, or any part of it that fits just one.", required=True)
_STEPS = Argument("steps", "The ids of the steps or tasks; `show` lists them.", "texts", required=True)
_NOTE = Argument("note", "A note on what was done.")
_REASON = Argument("note", "Why. It stands in the history.", required=True)
_FIELDS = Argument("fields", 'Values of fields, as in {"plan": "pro"}.', "values")
_PROOF = Argument("proof", "The address (https://…) of the evidence.")


def perform_action(verb: str, context: Context, given: Given) -> Json:
    """Do one action on a run or project, by the same rules as the command line."""
    from handrail.app.act import perform

    target = context.find(given.text("name"), "run", "project")
    action = Action(verb, given.texts("steps"), given.text("note"), _values(given), given.values("fields"))
    done = perform(
        context.repository, target, action, who=context.who(), now=context.now, config=context.config, commit=True
    )
    return done_object(done, context)


def done_object(done: object, context: Context) -> Json:
    """Give what came of an action."""
    from handrail.app.act import Done, past_of

    assert isinstance(done, Done)
    state = done.state
    holder = {"run": state.run.id} if isinstance(state, RunState) else {"project": state.project.id}
    return {
        "schema": "mcp action/1",
        "at": instant(context.now),
        "by": context.who(),
        "action": past_of(done.action, done.decision),
        **holder,
        "state": state.state,
        "steps": [{"id": item.id, "title": item.title} for item in done.items],
        "commit": done.saved.commit,
        "shared": done.saved.shared,
        "branch": done.saved.branch or None,
        "said": [*done.decision.notices, *filter(None, (done.saved.notice, done.saved.hint)), *done.left],
        "followed": [past_of(one.action, one.decision) + " " + _holder(one) for one in done.followed],
        "started": [one.run.id for one in done.started],
        "next": next_object(state),
    }


def start(context: Context, given: Given) -> Json:
    """Start a run."""
    from handrail.app.start import Wish
    from handrail.app.start import start as start_run
    from handrail.cli.params import DAY
    from handrail.cli.start import find_project

    due = given.text("due")
    wish = Wish(
        title=given.text("title"),
        fields=dict(given.values("fields")),
        roles={role: " ".join(people.replace(",", " ").split()) for role, people in given.values("roles")},
        due=DAY.convert(due, None, None) if due else None,
        project=find_project(context, given.text("project")) if given.text("project") else "",
    )
    started = start_run(
        context.repository,
        context.find(given.text("process"), "process"),
        wish,
        who=context.who(),
        now=context.now,
        config=context.config,
        dry_run=given.flag("dry_run"),
    )
    return {
        "schema": "mcp action/1",
        "at": instant(context.now),
        "by": context.who(),
        "action": "started" if not given.flag("dry_run") else "would start",
        "run": started.run.id,
        "state": "active",
        "steps": [{"id": one.id, "title": one.item.title} for one in started.state.steps],
        "commit": started.saved.commit,
        "shared": started.saved.shared,
        "branch": started.saved.branch or None,
        "said": [*started.notices, *filter(None, (started.saved.notice, started.saved.hint)), *started.left],
        "followed": [],
        "started": [one.run.id for one in started.children],
        "next": next_object(started.state),
    }


def _values(given: Given) -> tuple[tuple[str, str], ...]:
    """Give the options of an action in the form of its event."""
    found = [("to", " ".join(given.text("to").replace(",", " ").replace("@", " ").split()))]
    found += [("on", given.text("due")), ("until", _day(given.text("until"))), ("link", _link(given.text("proof")))]
    return tuple(pair for pair in found if pair[1])


def _day(text: str) -> str:
    from handrail.cli.params import DAY

    return str(DAY.convert(text, None, None)) if text else ""


def _link(text: str) -> str:
    if text and not text.startswith(("https://", "http://", "mailto:")):
        raise WrongUsage(
            "`proof` is an address (https://…).", "Files can be handed in on the command line: --proof FILE."
        )
    return text


def _holder(done: object) -> str:
    from handrail.app.act import Done

    assert isinstance(done, Done)
    return done.state.run.id if isinstance(done.state, RunState) else done.state.project.id


def _action(verb: str, help: str, *arguments: Argument) -> Tool:
    return Tool(verb, help, (_NAME, *arguments), partial(perform_action, verb), acts=True)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "start",
        "Start a run of a process. `show` with the process says which fields and roles it asks for.",
        (
            Argument("process", "A process.", required=True),
            Argument("title", "For whom or what; made from the fields where the process says how."),
            Argument("fields", 'Values of its fields, as in {"plan": "pro"}.', "values"),
            Argument("roles", 'Who fills its roles, as in {"sales": "ana"}.', "values"),
            Argument("project", "The project that it belongs to, or PROJECT#TASK."),
            Argument("due", "When it is to be finished: 2026-12-01."),
            Argument("dry_run", "Only say who would get what.", "flag"),
        ),
        start,
        acts=True,
    ),
    _action("check", "Finish steps. Where the process says so, that is a proposal which a person confirms.",
            _STEPS, _NOTE, _FIELDS, _PROOF),
    _action("begin", "Say that you are working on steps.", _STEPS, _NOTE),
    _action("note", "Write a note under steps, or, without steps, in the log.",
            Argument("steps", "The ids of the steps or tasks.", "texts"), Argument("note", "The text.", required=True)),
    _action("skip", "Skip steps, with a reason.", _STEPS, _REASON),
    _action("reopen", "Open finished steps again, with a reason.", _STEPS, _REASON),
    _action("block", "Say that steps cannot go on, and why.", _STEPS, _REASON,
            Argument("until", "Not to be called stalled before this date: 2026-12-01.")),
    _action("unblock", "Say that blocked steps can go on.", _STEPS, _NOTE),
    _action("assign", "Give steps to somebody.", _STEPS, Argument("to", "Their key, or `none`.", required=True)),
    _action("due", "Set a due date by hand.", _STEPS, Argument("due", "2026-12-01, or `none`.", required=True), _NOTE),
    _action("set", "Set fields of a run.",
            Argument("fields", 'As in {"plan": "pro"}.', "values", required=True), _NOTE),
    _action("approve", "Approve what waits for your approval.", _STEPS, _NOTE, _FIELDS, _PROOF),
    _action("reject", "Send work back, with a reason.", _STEPS, _REASON),
    _action("cancel", "Stop a run or project for good, with a reason.", _REASON),
)  # fmt: skip
