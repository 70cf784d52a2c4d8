"""The laws: what is decided can be applied, nothing raises, and a run can always be brought to its end."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from rules_made import CONFIG, Play, at, make_project, make_run, spans, step

from handrail.model.change import Action, Decision, Refusal
from handrail.model.item import Due, Item, Link, walk
from handrail.model.process import Field, Process
from handrail.rules.apply import apply
from handrail.rules.decide import VERBS, decide
from handrail.rules.fold import fold

PROCEDURE = Process(
    "p", "processes/p/README.md", "P", fields=(Field("plan", choices=("basic", "pro")), Field("n", "number"))
)
PEOPLE = ("ana", "ben", "chi", "ines", "tom")

IDS = [f"s{number}" for number in range(12)]
conditions = st.sampled_from(["", "", "", "plan == 'pro'", "n > 3", "unknown", "(("])
some_ids = st.lists(st.sampled_from(IDS), max_size=2).map(tuple)
dues = st.sampled_from([None, Due(span=spans("2d")), Due(span=spans("-3d"), anchor="launch"), Due(day=at().date())])


@st.composite
def any_steps(draw: st.DrawFn) -> tuple[Item, ...]:
    """Make steps with anything in them: cycles, double ids, approvals to nobody, links to nowhere."""
    made: list[Item] = []
    for _ in range(draw(st.integers(3, 12))):
        children = tuple(made.pop() for _ in range(draw(st.integers(0, min(2, len(made))))))
        made.append(
            step(
                draw(st.sampled_from(IDS)),
                *children,
                who=draw(st.lists(st.sampled_from([*PEOPLE, "finance"]), max_size=2).map(tuple)),
                after=draw(
                    st.lists(
                        st.builds(Link, st.sampled_from(IDS), st.sampled_from(["fs", "ss", "ff"])), max_size=2
                    ).map(tuple)
                ),
                condition=draw(conditions),
                gate=draw(st.booleans()),
                optional=draw(st.booleans()),
                approval=draw(st.sampled_from(["", "", "1", "2", "all"])),
                back=draw(some_ids),
                not_by=draw(some_ids),
                ask=draw(st.sampled_from([(), ("n",), ("plan", "x")])),
                proof=draw(st.sampled_from([(), ("link",), ("note", "file")])),
                wait=draw(st.sampled_from([None, spans("1d")])),
                due=draw(dues),
            )
        )
    return tuple(made)


texts = st.sampled_from(["", "none", "2026-12-01", "ben", "ana chi", "https://example.org", "../x", "a\nb", "9" * 400])
options = st.tuples(st.sampled_from(["to", "on", "until", "link", "file", "from", "role"]), texts)
fields = st.tuples(st.sampled_from(["plan", "n", "x", "launch", "no name"]), st.sampled_from(["pro", "5", "", "x"]))
often = ["check", "check", "begin", "skip", "reopen", "approve", "reject", "assign", "block", "unblock", "set", "due"]
targets = [(name,) for name in IDS[:5]] * 2 + [("s1", "s2"), ("s0", "s0"), ("s3", "nowhere"), ()]
actions = st.builds(
    Action,
    st.sampled_from([*often * 3, *VERBS, "dance"]),
    st.sampled_from(targets),
    st.sampled_from(["because", "because", "one\ntwo", ""]),
    st.sampled_from([(("link", "https://example.org"), ("to", "ben"), ("on", "2026-12-01"))] * 3)
    | st.lists(options, max_size=2).map(tuple),
    st.sampled_from([(("n", "5"), ("plan", "pro"))] * 3 + [()]) | st.lists(fields, max_size=2).map(tuple),
)
actors = st.sampled_from([*PEOPLE, "robo"])
moves = st.lists(st.tuples(actions, actors, st.integers(0, 60)), min_size=8, max_size=25)
agents = st.sampled_from(["", "propose"])


@settings(max_examples=60, deadline=None)
@given(any_steps(), st.sampled_from(["sequence", "strict", "any"]), st.booleans(), agents, moves)
def test_law_3_what_is_decided_is_taken_and_nothing_raises(
    steps: tuple[Item, ...], order: str, project: bool, rule: str, played: list[tuple[Action, str, int]]
) -> None:
    run = make_run(*steps, order=order, agents=rule, fields={"plan": "pro", "n": "4"})
    play = Play(make_project(*steps) if project else run, PROCEDURE)
    for action, who, hours in played:
        play.now += timedelta(hours=hours)
        outcome = decide(play.state, action, who=who, now=play.now, config=CONFIG, procedure=PROCEDURE)
        if isinstance(outcome, Refusal):
            assert outcome.code
            assert outcome.message
            continue
        before = {change.item: 0 for change in outcome.changes}
        play.holder = apply(play.holder, outcome.changes)
        assert before
        assert all(change.event.time.microsecond == 0 for change in outcome.changes)
        for item in walk(play.holder.items):
            facts = fold(item)
            assert (bool(facts.closed), facts.untimed) == (item.checked, False)
            assert list(item.events) == sorted(item.events, key=lambda event: event.time)
            if rule and not project:
                assert "robo" not in (facts.by, *facts.approvals)


@st.composite
def sound_steps(draw: st.DrawFn) -> tuple[Item, ...]:
    """Make steps without gates and approvals, that wait only for earlier ones that exist."""
    names = iter(IDS)
    known: list[str] = []

    def one(depth: int) -> Item:
        name = next(names)
        earlier = st.lists(st.sampled_from(known), max_size=2).map(tuple) if known else st.just(())
        attributes = {
            "after": tuple(Link(other) for other in draw(earlier)),
            "not_by": draw(earlier)[:1],
            "condition": draw(st.sampled_from(["", "", "plan == 'pro'", "n > 3"])),
            "optional": draw(st.booleans()),
            "ask": draw(st.sampled_from([(), ("n",)])),
            "proof": draw(st.sampled_from([(), ("link",)])),
            "wait": draw(st.sampled_from([None, spans("2d")])),
        }
        known.append(name)
        children = tuple(one(depth + 1) for _ in range(draw(st.integers(0, 2)))) if depth < 2 and len(known) < 6 else ()
        return step(name, *children, **attributes)

    return tuple(one(0) for _ in range(draw(st.integers(1, 4))) if len(known) < 8)


@settings(max_examples=60, deadline=None)
@given(sound_steps(), st.sampled_from(["sequence", "strict", "any"]), agents, moves)
def test_every_reachable_state_leads_to_the_end_without_cancelling(
    steps: tuple[Item, ...], order: str, rule: str, played: list[tuple[Action, str, int]]
) -> None:
    play = Play(make_run(*steps, order=order, agents=rule, fields={"plan": "pro", "n": "4"}), PROCEDURE)
    for action, who, hours in played:
        play.now += timedelta(hours=hours)
        outcome = decide(play.state, action, who=who, now=play.now, config=CONFIG, procedure=PROCEDURE)
        if isinstance(outcome, Decision) and action.verb != "cancel":
            play.holder = apply(play.holder, outcome.changes)
    for _ in range(3 * len(IDS)):
        _move_on(play)
        if play.state.state == "done":
            break
    assert play.state.state == "done"


def _move_on(play: Play) -> None:
    """Do whatever can be done today, as a team would, and come back next week."""
    play.now += timedelta(days=7)
    for name, one in play.steps.items():
        if one.facts.blocked:
            _try(play, "unblock", name, "ana")
        for who in PEOPLE:
            if play.steps[name].state not in ("done", "skipped", "na"):
                _try(play, "check", name, who)
        if play.steps[name].facts.proposed:
            _try(play, "reopen", name, "ana")


def _try(play: Play, verb: str, name: str, who: str) -> None:
    outcome = play.ask(verb, name, who=who, fields={"n": "5"}, link="https://example.org")
    if isinstance(outcome, Decision):
        play.holder = apply(play.holder, outcome.changes)


@settings(max_examples=40, deadline=None)
@given(any_steps(), st.sampled_from(["sequence", "strict", "any"]))
def test_every_state_is_whole(steps: tuple[Item, ...], order: str) -> None:
    play = Play(make_run(*steps, order=order, fields={"plan": "pro", "n": "4"}), PROCEDURE)
    state = play.state
    assert len(list(walk(play.holder.items))) == state.progress.total + state.progress.na
    assert 0 <= state.progress.share <= 1
    for one in play.steps.values():
        assert (one.state == "waiting") or not one.waits_for
