"""Calendars, dates and conditions that nobody can mean: refused with their place, and nothing is written."""

from __future__ import annotations

import pytest

NOW = "2026-11-23T09:12:00Z"
README = "processes/x/README.md"
PEOPLE = "people:\n  mara: {email: [mara@example.org]}\n"


@pytest.fixture
def refused(workspace, handrail):
    """Lint a workspace and start a run in it: both must name the place, and nothing may be written."""

    def call(text: str, says: str, config: str = "") -> None:
        folder = workspace({README: text}, config=PEOPLE + config)
        before = folder.git("rev-parse", "HEAD")
        for arguments in (["lint"], ["start", "x", "One"], ["start", "x", "One", "--dry-run"]):
            result = handrail(folder, *arguments, now=NOW)
            assert result.exit_code == 1, (arguments, result.output)
            assert says in result.output, (arguments, result.output)
            assert "Traceback" not in result.output
            assert "should not have happened" not in result.output
        assert folder.git("status", "--porcelain") == ""
        assert folder.git("rev-parse", "HEAD") == before

    return call


@pytest.mark.parametrize(
    ("calendar", "says"),
    [
        ("{week: someday}", "handrail.yml:3:18: error[bad-value]: `week`: `someday` is no day or span of days"),
        ('{hours: "09:00-09:00"}', "handrail.yml:3:11: error[bad-calendar]"),
        ("{holidays: XX}", "handrail.yml:3:22: error[bad-calendar]: `holidays`: no holidays are known for `XX`"),
        ("{holidays: DE-XX}", "handrail.yml:3:22: error[bad-calendar]: `holidays`: no holidays are known for `DE-XX`"),
        ("{timezone: Europe/Atlantis}", ("handrail.yml:3:22: error[bad-value]: `timezone`: there is no time zone "
                                        "`Europe/Atlantis`")),
        ("{timezone: ../../etc/passwd}", "handrail.yml:3:22: error[bad-value]: `timezone`: there is no time zone"),
        ("{closed: [2026-13-01]}", "handrail.yml:3:21: error[bad-value]: `closed`: there is no day `2026-13-01`"),
    ],
)  # fmt: skip
def test_a_calendar_in_which_nobody_can_reckon(refused, calendar, says):
    refused("- [ ] Do it {#it due=2d}\n", says, f"calendar: {calendar}\n")


@pytest.mark.parametrize(
    ("attribute", "says"),
    [
        ("due=10000-01-01", "the year of `10000-01-01` is outside 1970 to 2200"),
        ("due=0000-01-01", "the year of `0000-01-01` is outside 1970 to 2200"),
        ("due=9999-12-31", "the year of `9999-12-31` is outside 1970 to 2200"),
        ("due=99999999d", "`99999999d` is longer than a hundred years"),
        ("due=start+99999999w", "`+99999999w` is longer than a hundred years"),
        ("est=9999999d", "`9999999d` is longer than a hundred years"),
        ("wait=9999999999999999h", "`9999999999999999h` is not a span of time"),
        ("stall=-3d", "`-3d` is negative"),
        ("due=2026-02-30", "there is no day `2026-02-30`"),
    ],
)
def test_a_time_beyond_all_measure(refused, attribute, says):
    refused(
        f"- [ ] Do it {{#it {attribute}}}\n",
        f"{README}:1:18: error[bad-value]: `{attribute.partition('=')[0]}`: {says}",
    )


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("plan.__class__", "1:26: error[bad-condition]: `if`: `.` cannot stand here: fields have no parts"),
        ("__import__('os')", "1:32: error[bad-condition]: `if`: there are no functions in conditions"),
        ("plan['x']", "1:26: error[bad-condition]: `if`: expected"),
        ("plan + 1 > 2", "1:27: error[bad-condition]: `if`: `+`: there is no arithmetic in conditions"),
        ("lambda: 1", "1:28: error[bad-condition]: `if`: `:` cannot stand here"),
        ("plan == 'x' ; plan", "1:34: error[bad-condition]: `if`: `;` cannot stand here"),
        ("(" * 200 + "plan" + ")" * 200, "error[bad-condition]: `if`: nested deeper than 40 levels"),
        ("plan or " * 1_000 + "plan", "error[bad-condition]: `if`: the condition is longer than 2000 characters"),
    ],
)  # fmt: skip
def test_a_condition_that_wants_to_be_a_program(refused, condition, says):
    refused(f'- [ ] Do it {{#it if="{condition}"}}\n', says)


def test_a_condition_of_a_hundred_thousand_characters(refused):
    refused(f'- [ ] Do it {{#it if="{"plan or " * 12_500}plan"}}\n', "1:4: error[long-title]")


def test_a_date_at_the_end_of_time_is_no_crash(workspace, handrail):
    text = (
        "---\nfields: {launch: {type: date}}\n---\n\n- [ ] Do it {#it due=launch+5d}\n- [ ] Then {#then wait=36000d}\n"
    )
    folder = workspace({README: text})
    assert handrail(folder, "start", "x", "One", "-f", "launch=9999-12-31", now=NOW).exit_code == 0
    for arguments in (
        ["show", "one"],
        ["status"],
        ["stalled"],
        ["lint"],
        ["check", "one", "it"],
        ["show", "one", "then"],
    ):
        result = handrail(folder, *arguments, now=NOW)
        assert result.exit_code in (0, 1), result.output
        assert "should not have happened" not in result.output
    assert handrail(folder, "due", "one", "then", "10000-01-01", now=NOW).exit_code == 1
    assert handrail(folder, "start", "x", "Two", "--due", "10000-01-01", now=NOW).exit_code == 2
