"""Every command of the command line: section, name, where it lives, one sentence."""

from __future__ import annotations

from handrail.cli.lazy import Entry

_SET_UP, _RUN, _LOOK = "Set up", "Run", "Look"
_PROJECT, _CI, _EXCHANGE, _SITE = "Projects", "CI", "Exchange", "Site and more"

COMMANDS: tuple[Entry, ...] = (
    Entry(_SET_UP, "init", "handrail.cli.setup:init", "Make a folder a workspace."),
    Entry(_SET_UP, "new", "handrail.cli.setup:new", "Write a new process or project to fill in."),
    Entry(_SET_UP, "adopt", "handrail.cli.setup:adopt", "Make a process of a Markdown checklist that you have."),
    Entry(_SET_UP, "lint", "handrail.cli.lint:lint", "Find everything that is wrong in the files."),
    Entry(_SET_UP, "fmt", "handrail.cli.lint:fmt", "Write missing blank lines and the events of hand-made ticks."),
    Entry(
        _SET_UP, "schema", "handrail.cli.schema:schema", "Print the JSON Schema by which editors check what you type."
    ),
    Entry(_RUN, "start", "handrail.cli.start:start", "Start a run of a process."),
    Entry(_RUN, "check", "handrail.cli.act:check", "Check off steps."),
    Entry(_RUN, "begin", "handrail.cli.act:begin", "Say that you are working on a step."),
    Entry(_RUN, "skip", "handrail.cli.act:skip", "Skip steps, with a reason."),
    Entry(_RUN, "reopen", "handrail.cli.act:reopen", "Open finished steps again, with a reason."),
    Entry(_RUN, "approve", "handrail.cli.act:approve", "Approve what waits for your approval."),
    Entry(_RUN, "reject", "handrail.cli.act:reject", "Send work back, with a reason."),
    Entry(_RUN, "assign", "handrail.cli.act:assign", "Give steps to somebody."),
    Entry(_RUN, "due", "handrail.cli.act:due", "Set or clear a due date by hand."),
    Entry(_RUN, "block", "handrail.cli.act:block", "Say that a step cannot go on, and why."),
    Entry(_RUN, "unblock", "handrail.cli.act:unblock", "Say that a blocked step can go on."),
    Entry(_RUN, "note", "handrail.cli.act:note", "Write a note under a step, or in a run's log."),
    Entry(_RUN, "set", "handrail.cli.act:set_", "Set fields of a run."),
    Entry(_RUN, "cancel", "handrail.cli.act:cancel", "Stop a run for good, with a reason."),
    Entry(_RUN, "upgrade", "handrail.cli.upgrade:upgrade", "Move a run on to the present text of its procedure."),
    Entry(_RUN, "rename", "handrail.cli.act:rename", "Give a run another title."),
    Entry(_RUN, "undo", "handrail.cli.undo:undo", "Take back the last thing that you did here."),
    Entry(_RUN, "do", "handrail.cli.do:do", "Walk through a run, step by step."),
    Entry(_RUN, "sync", "handrail.cli.sync:sync", "Fetch what others did and share what you did."),
    Entry(_LOOK, "status", "handrail.cli.look:status", "Show how all runs and projects stand."),
    Entry(_LOOK, "list", "handrail.cli.look:list_", "List processes, runs and projects."),
    Entry(_LOOK, "show", "handrail.cli.look:show", "Show one run, project or process; with STEP, what that step says."),
    Entry(_LOOK, "mine", "handrail.cli.look:mine", "Show what waits for you, or for PERSON."),
    Entry(_LOOK, "next", "handrail.cli.look:next_", "Show what can be done next, by whom, worst first."),
    Entry(_LOOK, "log", "handrail.cli.look:log", "Show who did what, newest first."),
    Entry(_LOOK, "stalled", "handrail.cli.stalled:stalled", "Find what has stalled, and whom to ask."),
    Entry(
        _LOOK,
        "metrics",
        "handrail.cli.figures:metrics",
        "Show how long runs take, where they wait and what goes wrong.",
    ),
    Entry(_LOOK, "forecast", "handrail.cli.forecast:forecast", "Tell when a run, process or project will be finished."),
    Entry(_LOOK, "report", "handrail.cli.figures:report", "Show what a period came to, beside the one before it."),
    Entry(_LOOK, "diff", "handrail.cli.diff:diff", "Say what changes to procedures mean, step by step."),
    Entry(_PROJECT, "project", "handrail.cli.project:project", "Plan projects and check off their tasks."),
    Entry(_CI, "verify", "handrail.cli.verify:verify", "Judge every change in a range of commits."),
    Entry(_CI, "notify", "handrail.cli.notify:notify", "Tell people what waits for them, each thing once."),
    Entry(_CI, "host", "handrail.cli.host:host", "Talk to the git host: comments, issues, forms."),
    Entry(_CI, "tick", "handrail.cli.tick:tick", "Start the runs that are due."),
    Entry(
        _EXCHANGE,
        "import",
        "handrail.cli.import_:import_",
        "Make projects and processes of what other systems export.",
    ),
    Entry(
        _EXCHANGE,
        "export",
        "handrail.cli.export:export",
        "Write a project, or what happened in runs, for other programs.",
    ),
    Entry(_EXCHANGE, "mcp", "handrail.cli.mcp:mcp", "Serve AI agents over the Model Context Protocol."),
    Entry(_SITE, "site", "handrail.cli.site:site", "Build and serve the site."),
    Entry(_SITE, "demo", "handrail.cli.demo:demo", "Build a sample company's workspace to try things in."),
    Entry(_SITE, "completion", "handrail.cli.completion:completion", "Print a shell's completion script."),
)
