"""`handrail project`: the plan of a project, and the same verbs on its tasks as on a run's steps."""

from __future__ import annotations

from handrail.cli import verbs
from handrail.cli.lazy import Entry, LazyGroup

_HELP = """Plan projects and check off their tasks.

\b
Example:
  handrail project plan spring
  handrail project check spring brief
"""
_ENTRIES = (
    Entry("Look", "plan", "handrail.cli.look:plan", "Show a project's schedule and its critical path."),
    Entry("Look", "report", "handrail.cli.report:report", "Show how a project stands and what it needs."),
    Entry("Look", "board", "handrail.cli.report:board", "Show a project's tasks in columns."),
    Entry("Look", "what-if", "handrail.cli.replan:what_if", "Try changes, and see what they do."),
    Entry("Do", "move", "handrail.cli.replan:move", "Let tasks start no earlier than a date."),
    Entry("Do", "split", "handrail.cli.replan:split", "Divide a task into sub-tasks."),
    Entry("Look", "level", "handrail.cli.level:level", "Delay tasks until nobody has too much."),
    Entry("Do", "baseline", "handrail.cli.report:baseline", "Keep the plan as it stands."),
)

project = LazyGroup("project", entries=_ENTRIES, short_help="Plan projects and check off their tasks.", help=_HELP)
for _make in verbs.ALL:
    project.add_made(_make(verbs.PROJECT), "Do")
