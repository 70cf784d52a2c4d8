"""A title by `{{ period }}` is good whether a schedule or a person starts the run."""

from __future__ import annotations

NOW = "2026-12-01T09:12:00Z"
TEXT = (
    '---\nname: "Close {{ period }}"\nschedule: "FREQ=MONTHLY;BYMONTHDAY=1"\nowner: mara\n---\n\n- [ ] Book {#book}\n'
)


def test_the_period_is_the_day_of_the_start_or_of_the_schedule(workspace, handrail):
    folder = workspace({"processes/close/README.md": TEXT})
    assert "Started: Close 2026-12-03" in handrail(folder, "start", "close", now="2026-12-03T09:12:00Z").output
    folder = workspace({"processes/close/README.md": TEXT})
    assert handrail(folder, "tick", now=NOW).exit_code == 0
    assert 'title: "Close 2026-12-01"' in folder.read("processes/close/runs/2026-12-01-close.md")
