"""The critical path method: early and late dates, float, deadlines, and nets that cannot be."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.model.calendar import Calendar, Duration
from handrail.model.item import Link
from handrail.plan.schedule import Schedule, Task, schedule
from handrail.plan.task import roll_up
from handrail.plan.worktime import working_time

TIME = working_time(Calendar())  # Monday to Friday, 9:00 to 17:00 UTC
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY_S = 8 * 3600


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(amount: float) -> Duration:
    return Duration(amount, "d")


def after(*names: str) -> tuple[Link, ...]:
    return tuple(Link(name) for name in names)


def plan(*tasks: Task, now: datetime = MONDAY) -> Schedule:
    return schedule(tasks, start=MONDAY, now=now, time=TIME)


def span(result: Schedule, task: str) -> tuple[str, str]:
    dates = result.dates[task]
    return f"{dates.early_start:%m-%d %H:%M}", f"{dates.early_finish:%m-%d %H:%M}"


class TestNetByHand:
    """a(3) -> b(4) -> d(2); a -> c(1) -> d; e(5) alone. Nine days; c has three days of float, e four."""

    TASKS = (
        Task("a", days(3)),
        Task("b", days(4), after("a")),
        Task("c", days(1), after("a")),
        Task("d", days(2), after("b", "c")),
        Task("e", days(5)),
    )

    def test_early_dates(self) -> None:
        result = plan(*self.TASKS)
        assert span(result, "a") == ("11-23 09:00", "11-25 17:00")
        assert span(result, "b") == ("11-26 09:00", "12-01 17:00")
        assert span(result, "c") == ("11-26 09:00", "11-26 17:00")
        assert span(result, "d") == ("12-02 09:00", "12-03 17:00")
        assert (result.start, result.finish) == (MONDAY, utc("2026-12-03T17:00"))

    def test_late_dates(self) -> None:
        dates = plan(*self.TASKS).dates
        assert (dates["c"].late_start, dates["c"].late_finish) == (utc("2026-12-01T09:00"), utc("2026-12-01T17:00"))
        assert (dates["e"].late_start, dates["e"].late_finish) == (utc("2026-11-27T09:00"), utc("2026-12-03T17:00"))

    def test_float_and_critical_path(self) -> None:
        result = plan(*self.TASKS)
        floats = {name: dates.total_float_s / DAY_S for name, dates in result.dates.items()}
        assert floats == {"a": 0, "b": 0, "c": 3, "d": 0, "e": 4}
        assert result.dates["c"].free_float_s == 3 * DAY_S
        assert [name for name, dates in result.dates.items() if dates.critical] == ["a", "b", "d"]
        assert result.critical_path == ("a", "b", "d")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link("a"), ("11-26 09:00", "11-27 17:00")),
        (Link("a", "fs", days(1)), ("11-27 09:00", "11-30 17:00")),
        (Link("a", "fs", days(-1)), ("11-25 09:00", "11-26 17:00")),
        (Link("a", "ss", days(1)), ("11-24 09:00", "11-25 17:00")),
        (Link("a", "ff"), ("11-24 09:00", "11-25 17:00")),
        (Link("a", "ff", days(1)), ("11-25 09:00", "11-26 17:00")),
        (Link("a", "sf", days(3)), ("11-24 09:00", "11-25 17:00")),
        (Link("a", "sf"), ("11-23 09:00", "11-24 17:00")),  # never before the project starts
        (Link("a", "fs", Duration(2, "d", elapsed=True)), ("11-30 09:00", "12-01 17:00")),  # over the weekend
    ],
)
def test_kinds_of_link(link: Link, expected: tuple[str, str]) -> None:
    result = plan(Task("a", days(3)), Task("b", days(2), (link,)))
    assert span(result, "b") == expected
    assert min(dates.total_float_s for dates in result.dates.values()) >= 0


class TestMilestones:
    def test_a_milestone_is_on_the_day_on_which_the_last_task_finishes(self) -> None:
        result = plan(Task("a", days(5)), Task("m", milestone=True, links=after("a")), Task("b", days(1), after("m")))
        assert span(result, "m") == ("11-27 17:00", "11-27 17:00")
        assert span(result, "b") == ("11-30 09:00", "11-30 17:00")
        assert result.dates["m"].late_finish == result.dates["m"].early_finish

    def test_a_milestone_with_a_date_is_on_that_day(self) -> None:
        result = plan(Task("m", milestone=True, start=date(2026, 11, 30)))
        assert span(result, "m") == ("11-30 09:00", "11-30 09:00")

    def test_a_milestone_that_starts_the_project(self) -> None:
        assert span(plan(Task("m", milestone=True)), "m") == ("11-23 09:00", "11-23 09:00")


class TestDates:
    def test_a_start_holds_a_task_back_and_gives_those_before_it_float(self) -> None:
        result = plan(Task("a", days(1)), Task("b", days(1), after("a"), start=date(2026, 11, 26)))
        assert span(result, "b") == ("11-26 09:00", "11-26 17:00")
        assert result.dates["a"].total_float_s == 2 * DAY_S
        assert result.critical_path == ("b",)

    def test_a_deadline_moves_nothing_and_gives_its_chain_negative_float(self) -> None:
        result = plan(
            Task("a", days(3)), Task("b", days(2), after("a"), deadline=date(2026, 11, 26)), Task("c", days(9))
        )
        assert span(result, "b") == ("11-26 09:00", "11-27 17:00")
        assert {name: dates.total_float_s / DAY_S for name, dates in result.dates.items()} == {"a": -1, "b": -1, "c": 0}
        (missed,) = result.missed
        assert (missed.task, missed.by_s, missed.deadline) == ("b", DAY_S, utc("2026-11-26T17:00"))
        assert result.chain("b") == ("a", "b")

    def test_a_deadline_is_met_until_the_end_of_its_day(self) -> None:
        assert plan(Task("a", days(4), deadline=date(2026, 11, 26))).missed == ()
        always = working_time(Calendar(always=True))
        night = [Task("a", Duration(15, "h"), deadline=date(2026, 11, 23))]
        assert schedule(night, start=MONDAY, now=MONDAY, time=always).missed == ()

    def test_a_deadline_on_a_weekend_means_the_friday_before(self) -> None:
        assert plan(Task("a", days(5), deadline=date(2026, 11, 29))).missed == ()

    def test_a_deadline_before_the_start_of_the_project(self) -> None:
        result = plan(Task("a", days(1), deadline=date(2026, 11, 20)))
        assert result.dates["a"].total_float_s == -DAY_S
        assert result.dates["a"].late_finish == utc("2026-11-20T17:00")


class TestWorkUnderWay:
    NOW = utc("2026-11-26T13:00")  # Thursday, three and a half days in

    def test_what_has_not_started_starts_now(self) -> None:
        assert span(plan(Task("a", days(1)), now=self.NOW), "a") == ("11-26 13:00", "11-27 13:00")

    def test_a_finished_task_keeps_its_dates_and_is_not_critical(self) -> None:
        done = Task("a", days(1), actual_start=utc("2026-11-23T10:00"), actual_finish=utc("2026-11-25T12:00"))
        result = plan(done, Task("b", days(1), after("a")), now=self.NOW)
        assert span(result, "a") == ("11-23 10:00", "11-25 12:00")
        assert not result.dates["a"].critical
        assert result.dates["a"].progress == 1
        assert span(result, "b") == ("11-26 13:00", "11-27 13:00")

    def test_a_finished_task_of_unknown_start_took_as_long_as_it_takes(self) -> None:
        result = plan(Task("a", days(1), actual_finish=utc("2026-11-25T12:00")), now=self.NOW)
        assert span(result, "a") == ("11-24 12:00", "11-25 12:00")

    def test_what_is_left_by_progress_is_done_from_now_on(self) -> None:
        result = plan(Task("a", days(4), actual_start=MONDAY, progress=0.5), now=self.NOW)
        assert span(result, "a") == ("11-23 09:00", "11-30 13:00")

    def test_without_progress_the_time_worked_counts(self) -> None:
        assert span(plan(Task("a", days(4), actual_start=MONDAY), now=self.NOW), "a")[1] == "11-26 17:00"
        assert span(plan(Task("a", days(1), actual_start=MONDAY), now=self.NOW), "a")[1] == "11-26 13:00"

    def test_what_is_left_waits_for_what_the_task_waits_for(self) -> None:
        early = Task("b", days(2), after("a"), actual_start=MONDAY, progress=0.5)
        result = plan(Task("a", days(1)), early, now=self.NOW)
        assert span(result, "b") == ("11-23 09:00", "11-30 13:00")
        assert result.critical_path == ("a", "b")

    def test_an_open_milestone_is_never_in_the_past(self) -> None:
        saturday = utc("2026-11-28T12:00")
        done = Task("a", days(1), actual_finish=utc("2026-11-27T17:00"))
        assert span(plan(done, Task("m", milestone=True, links=after("a")), now=saturday), "m")[1] == "11-30 09:00"


class TestElapsedWork:
    def test_concrete_cures_over_the_weekend(self) -> None:
        cure = Task("cure", Duration(2, "d", elapsed=True), after("pour"))
        result = plan(Task("pour", days(5)), cure, Task("build", days(1), after("cure")))
        assert span(result, "cure") == ("11-27 17:00", "11-29 17:00")
        assert span(result, "build") == ("11-30 09:00", "11-30 17:00")
        assert result.dates["pour"].critical


class TestNetsThatCannotBe:
    def test_a_cycle_is_named_and_the_rest_is_scheduled(self) -> None:
        result = plan(
            Task("a", days(1), after("c")),
            Task("b", days(1), after("a")),
            Task("c", days(1), after("b")),
            Task("d", days(1), after("c", "d")),
        )
        assert result.cycles == (("a", "b", "c"), ("d",))
        assert span(result, "d") == ("11-24 09:00", "11-24 17:00")

    def test_the_shortest_cycle_of_a_knot_is_named(self) -> None:
        result = plan(Task("a", links=after("d")), Task("b", links=after("a", "c")), Task("c", links=after("b")),
                      Task("d", links=after("c")))  # fmt: skip
        assert result.cycles == (("b", "c"),)

    def test_a_cycle_of_two_thousand(self) -> None:
        ring = [Task(f"t{number}", links=after(f"t{(number - 1) % 2000}")) for number in range(2000)]
        (cycle,) = plan(*ring).cycles
        assert cycle == tuple(task.id for task in ring)

    def test_links_to_nothing_are_reported(self) -> None:
        assert plan(Task("a", links=after("ghost"))).unknown == (("a", "ghost"),)

    def test_no_tasks(self) -> None:
        assert plan() == Schedule(None, None)

    def test_work_without_end_stops_at_the_end_of_time(self) -> None:
        result = plan(Task("a", days(1e12)), Task("b", days(1), after("a")), Task("c", days(-5)))
        assert result.finish is not None
        assert result.finish.year == 9999


def test_a_container_spans_its_parts_and_weighs_progress_by_work() -> None:
    done = Task("a", days(1), actual_start=MONDAY, actual_finish=utc("2026-11-23T17:00"))
    result = plan(done, Task("b", days(3), after("a")), Task("m", milestone=True), now=utc("2026-11-24T09:00"))
    rollup = roll_up(result.dates.values())
    assert rollup is not None
    assert (rollup.start, rollup.finish) == (MONDAY, utc("2026-11-26T17:00"))
    assert (rollup.progress, rollup.work_s, rollup.critical) == (0.25, 4 * DAY_S, True)
    assert roll_up(()) is None


@st.composite
def nets(draw: st.DrawFn, kinds: Sequence[str] = ("fs", "ss", "ff", "sf")) -> list[Task]:
    tasks: list[Task] = []
    for number in range(draw(st.integers(1, 12))):
        before = draw(st.lists(st.integers(0, number - 1), unique=True, max_size=3)) if number else []
        links = tuple(
            Link(f"t{other}", draw(st.sampled_from(kinds)), Duration(draw(st.integers(-6, 12)), "h"))
            for other in before
        )
        tasks.append(Task(f"t{number}", Duration(draw(st.integers(0, 30)), "h"), links))
    return tasks


@settings(max_examples=60, deadline=None)
@given(tasks=nets())
def test_late_is_not_before_early_and_total_float_not_below_free_float(tasks: list[Task]) -> None:
    result = plan(*tasks)
    for dates in result.dates.values():
        assert dates.total_float_s >= dates.free_float_s >= 0
        assert dates.late_finish >= dates.early_finish
        assert dates.late_start >= dates.early_start
    assert any(dates.critical for dates in result.dates.values())


@settings(max_examples=60, deadline=None)
@given(tasks=nets(kinds=("fs",)))
def test_the_critical_path_without_lag_is_as_long_as_the_project(tasks: list[Task]) -> None:
    tasks = [Task(task.id, task.work, tuple(Link(link.item) for link in task.links)) for task in tasks]
    result = plan(*tasks)
    work = {task.id: TIME.seconds(task.work) for task in tasks}
    assert result.finish is not None
    assert sum(work[name] for name in result.critical_path) == TIME.between(MONDAY, result.finish).total_seconds()
    assert all(result.dates[name].critical for name in result.critical_path)


@settings(max_examples=60, deadline=None)
@given(tasks=nets(), data=st.data())
def test_the_order_of_the_file_does_not_matter(tasks: list[Task], data: st.DataObject) -> None:
    assert plan(*data.draw(st.permutations(tasks))) == plan(*tasks)


@settings(max_examples=60, deadline=None)
@given(tasks=nets(), data=st.data())
def test_leaving_a_task_out_makes_no_project_longer(tasks: list[Task], data: st.DataObject) -> None:
    left = data.draw(st.sampled_from(tasks))
    shorter, whole = plan(*(task for task in tasks if task is not left)).finish, plan(*tasks).finish
    assert whole is not None
    assert shorter is None or shorter <= whole


class TestSize:
    def test_a_chain_of_ten_thousand(self) -> None:
        chain = [Task(f"t{n}", Duration(1, "h"), after(f"t{n - 1}") if n else ()) for n in range(10_000)]
        began = clock.perf_counter()
        result = plan(*chain)
        assert clock.perf_counter() - began < 6
        assert len(result.critical_path) == 10_000

    def test_a_net_of_ten_thousand(self) -> None:
        net = [Task(f"t{n}", Duration(n % 37, "h"), after(*_some_before(n))) for n in range(10_000)]
        began = clock.perf_counter()
        assert plan(*net).finish is not None
        assert clock.perf_counter() - began < 6


def _some_before(number: int) -> list[str]:
    return sorted({f"t{number - 1 - number * k % min(number, 250)}" for k in (3, 7, 11)}) if number else []


def test_night_shifts_and_split_days() -> None:
    nights = working_time(Calendar(hours=((time(22), time(6)),)))
    result = schedule([Task("a", days(1)), Task("b", days(1), after("a"))], start=MONDAY, now=MONDAY, time=nights)
    assert span(result, "a") == ("11-23 22:00", "11-24 06:00")
    assert result.finish == MONDAY + timedelta(days=1, hours=21)
