"""Plans of Microsoft Project give the same dates here as there: calendar, days off, constraints, wall time."""

from __future__ import annotations

import json

import pytest

STANDARD = (("08:00", "12:00"), ("13:00", "17:00"))
NOW = "2026-11-23T08:00:00Z"
CONFIG = 'calendar: {week: mon-fri, hours: "09:00-17:00"}\n'


def weekdays(hours=STANDARD, work=range(2, 7), inner="") -> str:
    spans = "".join(f"<WorkingTime><FromTime>{a}:00</FromTime><ToTime>{b}:00</ToTime></WorkingTime>" for a, b in hours)
    days = "".join(
        f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(day in work)}</DayWorking>"
        + (f"<WorkingTimes>{spans}</WorkingTimes>" if day in work else "")
        + "</WeekDay>"
        for day in range(1, 8)
    )
    return f"<WeekDays>{days}{inner}</WeekDays>"


def off(first, last, *, kind="1", more="", working="0") -> str:
    return (
        f"<Exception><TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod>"
        f"<Type>{kind}</Type>{more}<DayWorking>{working}</DayWorking></Exception>"
    )


def calendar(uid=1, week="", exceptions="", base="-1") -> str:
    return (
        f"<Calendar><UID>{uid}</UID><Name>C{uid}</Name><BaseCalendarUID>{base}</BaseCalendarUID>{week}"
        f"<Exceptions>{exceptions}</Exceptions></Calendar>"
    )


def task(uid, hours, *after, level=1, **more) -> str:
    rows = "".join(f"<{key}>{value}</{key}>" for key, value in more.items())
    links = "".join(
        f"<PredecessorLink><PredecessorUID>{one}</PredecessorUID><Type>1</Type></PredecessorLink>" for one in after
    )
    return (
        f"<Task><UID>{uid}</UID><Name>T{uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Duration>PT{hours}H0M0S</Duration>{rows}{links}</Task>"
    )


def plan_xml(*tasks, calendars="", main="1", more="") -> str:
    calendars = calendars or calendar(week=weekdays())
    return (
        '<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><Title>Plan</Title>'
        "<StartDate>2026-11-23T08:00:00</StartDate><FinishDate>2026-12-31T17:00:00</FinishDate>"
        f"<CalendarUID>{main}</CalendarUID><MinutesPerDay>480</MinutesPerDay>{more}"
        f"<Calendars>{calendars}</Calendars><Tasks>{''.join(tasks)}</Tasks></Project>"
    )


@pytest.fixture
def company(workspace):
    return workspace({"processes/a/README.md": "- [ ] a\n"}, config=CONFIG)


@pytest.fixture
def dates(company, handrail):
    """Import a plan, and give early and late start and finish of its tasks, and what was told."""

    def of(xml: str) -> tuple[dict[str, tuple[str, ...]], str]:
        company.write({"plan.xml": xml})
        told = handrail(company, "import", "msproject", "plan.xml", now=NOW)
        assert told.exit_code == 0, told.output
        shown = json.loads(handrail(company, "project", "plan", "plan", "--json", now=NOW).output)
        keys = ("early_start", "early_finish", "late_start", "late_finish")
        found = {one["id"].partition("-")[0]: tuple(one[key][5:16] for key in keys) for one in shown["tasks"]}
        return found, told.output

    return of


def test_hours_and_days_off_of_the_plan_become_the_project_s_calendar(dates, company, handrail) -> None:
    xml = plan_xml(
        task(1, 20), task(2, 16, 1), calendars=calendar(week=weekdays(), exceptions=off("2026-11-25", "2026-11-26"))
    )
    found, told = dates(xml)
    assert "Not carried over" not in told
    front = company.read("projects/plan/README.md").split("---")[1]
    assert 'calendar: {hours: "08:00-12:00, 13:00-17:00", closed: [2026-11-25, 2026-11-26]}' in front
    assert found["t1"][:2] == ("11-23T08:00", "11-27T12:00")
    assert found["t2"] == ("11-27T13:00", "12-01T12:00", "11-27T13:00", "12-01T12:00")
    assert handrail(company, "lint").exit_code == 0
    assert "Up to date" in handrail(company, "import", "msproject", "plan.xml", now=NOW).output


def test_a_calendar_like_the_workspace_s_is_not_written(dates, company) -> None:
    dates(plan_xml(task(1, 8), calendars=calendar(week=weekdays(hours=(("09:00", "17:00"),)))))
    assert "calendar:" not in company.read("projects/plan/README.md")


@pytest.mark.parametrize(
    ("exception", "closed"),
    [
        (off("2026-11-24", "2026-12-04", more="<Period>3</Period>"), "2026-11-24, 2026-11-27, 2026-11-30, 2026-12-03"),
        (off("2026-01-01", "2028-12-31", kind="2", more="<Month>11</Month><MonthDay>24</MonthDay>"),
         "2026-12-24, 2027-12-24"),
        (off("2026-01-01", "2026-12-31", kind="3",
             more="<Month>10</Month><MonthItem>7</MonthItem><MonthPosition>3</MonthPosition>"), "2026-11-26"),
        (off("2026-11-01", "2026-12-31", kind="4", more="<Period>1</Period><MonthDay>2</MonthDay>"),
         "2026-11-02, 2026-12-02"),
        (off("2026-11-01", "2026-12-31", kind="5",
             more="<Period>1</Period><MonthItem>8</MonthItem><MonthPosition>4</MonthPosition>"),
         "2026-11-27, 2026-12-25"),
        (off("2026-11-23", "2026-12-11", kind="6", more="<Period>2</Period><DaysOfWeek>34</DaysOfWeek>"),
         "2026-11-23, 2026-11-27, 2026-12-07, 2026-12-11"),
    ],
    ids=["every third day", "yearly", "fourth Thursday of November", "monthly", "last Friday", "every other week"],
)  # fmt: skip
def test_days_off_that_come_again_are_spelled_out(dates, company, exception, closed) -> None:
    dates(plan_xml(task(1, 8), calendars=calendar(week=weekdays(), exceptions=exception)))
    assert f"closed: [{closed}" in company.read("projects/plan/README.md")


def test_days_off_as_older_versions_write_them_and_a_calendar_on_another(dates) -> None:
    day = (
        "<WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod><FromDate>2026-11-24T00:00:00</FromDate>"
        "<ToDate>2026-11-24T23:59:00</ToDate></TimePeriod></WeekDay>"
    )
    calendars = calendar(1, weekdays(inner=day)) + calendar(2, base="1")
    found, _ = dates(plan_xml(task(1, 16), calendars=calendars, main="2"))
    assert found["t1"][1] == "11-25T17:00"


def test_what_a_calendar_says_and_cannot_be_kept_is_listed(dates) -> None:
    exceptions = off("2026-11-28", "2026-11-28", working="1") + off("2026-11-24", "2026-11-24", kind="8")
    calendars = calendar(week=weekdays(), exceptions=exceptions) + calendar(2, weekdays(), base="1")
    ana = "<Resource><UID>1</UID><Name>Ana</Name><Type>1</Type><CalendarUID>2</CalendarUID></Resource>"
    more = f"<Resources>{ana}</Resources>"
    _, told = dates(plan_xml(task(1, 8), calendars=calendars, more=more + "<ScheduleFromStart>0</ScheduleFromStart>"))
    for said in ("1 exception with hours", "1 exception of a kind", "days or hours of their own: Ana", "backwards"):
        assert said in told


@pytest.mark.parametrize(
    ("kind", "day", "said"),
    [
        (2, "2026-11-26T08:00:00", "start=2026-11-26"),
        (3, "2026-11-27T17:00:00", "start=2026-11-26"),
        (4, "2026-11-26T08:00:00", "start=2026-11-26"),
        (5, "2026-11-26T08:00:00", "due=2026-11-27"),
        (6, "2026-11-27T17:00:00", "start=2026-11-26"),
        (7, "2026-11-27T17:00:00", "due=2026-11-27"),
    ],
)
def test_constraints_bound_the_end_of_a_task_that_they_speak_of(dates, company, kind, day, said) -> None:
    found, _ = dates(plan_xml(task(1, 16, ConstraintType=kind, ConstraintDate=day), task(2, 80)))
    line = next(line for line in company.read("projects/plan/README.md").splitlines() if "T1" in line)
    assert said in line
    if "start" in said:
        assert found["t1"][:2] == ("11-26T08:00", "11-27T17:00")
    if kind in (2, 3, 5, 7):
        assert found["t1"][2:] == ("11-26T08:00", "11-27T17:00")


def test_a_constraint_on_a_summary_holds_for_what_is_in_it(dates) -> None:
    summary = task(1, 16, Summary=1, ConstraintType=4, ConstraintDate="2026-11-30T08:00:00")
    found, _ = dates(plan_xml(summary, task(2, 8, level=2), task(3, 8, 2, level=2), task(4, 8)))
    assert found["t2"][0] == "11-30T08:00"
    assert found["t4"][0] == "11-23T08:00"


def test_inactive_tasks_are_left_out_and_tasks_without_length_are_milestones(dates) -> None:
    found, told = dates(plan_xml(task(1, 8), task(2, 80, 1, Active=0), task(3, 0, 1, 2), task(4, 8, 3)))
    assert "inactive”: T2" in told
    assert "t2" not in found
    assert found["t3"][:2] == ("11-23T17:00", "11-23T17:00")
    assert found["t4"][0] == "11-24T08:00"


def test_a_task_by_a_calendar_that_never_rests_takes_wall_time(dates) -> None:
    always = calendar(2, weekdays(hours=(("00:00", "00:00"),), work=range(1, 8)))
    night = calendar(3, weekdays(hours=(("22:00", "06:00"),)))
    xml = plan_xml(
        task(1, 24),
        task(2, 72, 1, CalendarUID=2),
        task(3, 8, 2),
        task(4, 8, CalendarUID=3),
        calendars=calendar(week=weekdays()) + always + night,
    )
    found, told = dates(xml)
    assert found["t2"][:2] == ("11-25T17:00", "11-28T17:00")
    assert found["t3"][0] == "11-30T08:00"
    assert "the calendar “C3””: T4" in told


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{hours: '08:00-12:00,11:00-17:00'}", "overlap"),
        ("{week: mon-tuesday}", "is no day"),
        ("{zone: UTC}", "zone"),
        ("[mon]", "calendar"),
        ("{closed: [2026-13-01]}", "closed"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_a_finding_and_the_workspace_s_holds(company, handrail, value, said) -> None:
    company.write({"projects/plan/README.md": f"---\ntitle: P\ncalendar: {value}\n---\n\n- [ ] One {{#one est=1d}}\n"})
    assert said in handrail(company, "lint").output
    assert handrail(company, "project", "plan", "plan", now=NOW).exit_code in (0, 1)


def test_a_project_can_run_around_the_clock(company, handrail) -> None:
    company.write(
        {"projects/p/README.md": "---\ncalendar: always\nstart: 2026-11-28\n---\n\n- [ ] One {#one est=2d}\n"}
    )
    shown = json.loads(handrail(company, "project", "plan", "p", "--json", now=NOW).output)
    assert [shown["start"], shown["finish"]] == ["2026-11-28T00:00:00Z", "2026-11-30T00:00:00Z"]


def test_a_calendar_that_was_exported_comes_back(company, handrail) -> None:
    text = (
        '---\ntitle: P\nstart: 2026-11-23\ncalendar: {week: mon-sat, hours: "07:00-11:00,12:00-15:00", '
        "closed: [2026-11-24]}\n---\n\n- [ ] One {#one est=3d}\n\n- [ ] Two {#two est=14h after=one}\n"
    )
    company.write({"projects/p/README.md": text})
    xml = handrail(company, "export", "msproject", "p", now=NOW).output
    company.write({"back.xml": xml})
    assert handrail(company, "import", "msproject", "back.xml", "--project", "back", now=NOW).exit_code == 0
    front = company.read("projects/back/README.md").split("---")[1]
    assert 'week: "mon,tue,wed,thu,fri,sat", hours: "07:00-11:00, 12:00-15:00", closed: [2026-11-24]' in front
    first, second = (
        json.loads(handrail(company, "project", "plan", name, "--json", now=NOW).output) for name in ("p", "back")
    )
    assert [first["start"], first["finish"]] == [second["start"], second["finish"]]
    assert first["finish"] == "2026-11-30T08:00:00Z"  # it is eight already: an hour of Monday is over


def test_what_takes_longer_there_than_its_duration_is_listed(dates) -> None:
    split = task(1, 8, Start="2026-11-23T08:00:00", Finish="2026-11-25T17:00:00")
    by_hand = task(2, 8, Manual=1, Start="2026-11-24T08:00:00", Finish="2026-11-25T17:00:00")
    by_hand = by_hand.replace("<Duration>PT8H0M0S</Duration>", "")
    late = task(3, 8, ConstraintType=4, ConstraintDate="2026-11-24T13:00:00")
    xml = plan_xml(split, by_hand, late).replace("2026-11-23T08:00:00</StartDate>", "2026-11-23T13:00:00</StartDate>")
    found, told = dates(xml)
    for said in ("interrupted, or slower by another calendar”: T1", "a time of day”: T3", "in the course of a day"):
        assert said in told
    assert found["t2"][:2] == ("11-24T08:00", "11-25T17:00")


def test_a_task_that_begins_in_the_future_is_planned_whole(dates) -> None:
    begun = task(1, 40, PercentComplete=50, ActualStart="2026-11-24T08:00:00")
    found, _ = dates(plan_xml(begun, task(2, 8, 1)))
    assert found["t1"][:2] == ("11-24T08:00", "11-30T17:00")
    assert found["t2"][0] == "12-01T08:00"


def test_what_is_left_of_a_task_is_exact_though_percents_are_rounded(company, handrail) -> None:
    begun = task(1, 24, PercentComplete=33, ActualStart="2026-11-23T08:00:00", ActualDuration="PT8H0M0S")
    company.write({"plan.xml": plan_xml(begun, task(2, 8, 1), task(3, 80))})
    evening = "2026-11-23T17:00:00Z"
    assert handrail(company, "import", "msproject", "plan.xml", now=evening).exit_code == 0
    assert "progress=33.3333%" in company.read("projects/plan/README.md")
    shown = json.loads(handrail(company, "project", "plan", "plan", "--json", now=evening).output)
    first, second, _ = shown["tasks"]
    assert (first["finish"], second["start"]) == ("2026-11-25T17:00:00Z", "2026-11-26T08:00:00Z")
    assert first["late_start"] == first["start"] == "2026-11-23T08:00:00Z"
