"""How a run begins: its roles, its values, its copy of the steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from rules_made import CONFIG, MONDAY, OFFICE, Play, spans, step

from handrail.format.fill import fill
from handrail.model.change import Refusal
from handrail.model.item import Heading, Item, Prose, walk
from handrail.model.people import Config
from handrail.model.process import Field, Process
from handrail.model.run import Run
from handrail.rules.begin import new_run

PROCESS = Process(
    "hr/onboarding",
    "processes/hr/onboarding/README.md",
    "Onboarding",
    content=(
        Prose("Why we do this."),
        Heading(2, "Contract"),
        replace(
            step("send", step("sub"), who=("sales", "chi")), title="Send it to {{ customer }}", body="Use the form."
        ),
        Prose("More."),
        replace(step("pay", who=("finance",)), checked=True, explicit_id=False),
    ),
    roles={"sales": ("ana",)},
    fields=(
        Field("customer", required=True),
        Field("plan", "choice", choices=("basic", "pro"), default="basic"),
        Field("manager", "person"),
    ),
    target=spans("10d"),
    order="strict",
)


def begin(process: Process = PROCESS, config: Config = CONFIG, **given: object) -> Run | Refusal:
    values: dict[str, object] = {
        "title": "", "fields": {"customer": "Ada"}, "roles": {}, "by": "ana", "due": None, "project": "", "parent": "",
        "revision": "6f1c", "run_id": "2026-11-23-ada", "now": MONDAY,
    }  # fmt: skip
    return new_run(process, config=config, time=OFFICE, fill=fill, **{**values, **given})  # type: ignore[arg-type]


def started(process: Process = PROCESS, **given: object) -> Run:
    run = begin(process, **given)  # type: ignore[arg-type]
    assert isinstance(run, Run), run
    return run


def refused(process: Process = PROCESS, **given: object) -> Refusal:
    refusal = begin(process, **given)  # type: ignore[arg-type]
    assert isinstance(refusal, Refusal), refusal
    return refusal


def test_a_run_says_by_itself_what_it_is() -> None:
    run = started(now=datetime(2026, 11, 23, 9, 0, 0, 77, UTC))
    assert (run.id, run.path) == ("hr/onboarding/2026-11-23-ada", "processes/hr/onboarding/runs/2026-11-23-ada.md")
    assert (run.title, run.started, run.by, run.revision, run.order) == ("Ada", MONDAY, "ana", "6f1c", "strict")
    assert run.fields == {"customer": "Ada", "plan": "basic"}
    assert [(event.verb, event.who) for event in run.log] == [("started", "ana")]


def test_steps_are_copied_without_their_instructions_and_unticked() -> None:
    run = started()
    assert [type(block) for block in run.content] == [Heading, Item, Item]
    send, sub, pay = walk(run.items)
    assert (send.title, send.body, [child.id for child in send.children]) == ("Send it to Ada", "", ["sub"])
    assert sub.id == "sub"
    assert pay.explicit_id
    assert not pay.checked
    Play(run).do("check", "sub", "send", "pay")


def test_behaviour_11_roles_are_resolved_when_the_run_starts() -> None:
    send, _, pay = walk(started().items)
    assert (send.attributes.who, send.attributes.role) == (("ana", "chi"), ("sales",))
    assert (pay.attributes.who, pay.attributes.role) == (("finance",), ())
    send, *_ = walk(started(roles={"sales": "@ben ines"}).items)
    assert send.attributes.who == ("ben", "ines", "chi")
    assert started().roles == {"sales": ("ana",)}


def test_behaviour_11_a_stand_in_fills_the_roles_that_nobody_does() -> None:
    process = replace(PROCESS, roles={"sales": ()})
    assert refused(process).code == "empty-role"
    assert started(process, stand_in="ben").roles["sales"] == ("ben",)
    assert started(process, stand_in="ben", roles={"sales": "ana"}).roles["sales"] == ("ana",)
    assert refused(process, stand_in="nobody").code == "unknown-person"


def test_behaviour_11_an_empty_role_is_refused_with_the_flag_that_fills_it() -> None:
    refusal = refused(replace(PROCESS, roles={}))
    assert (refusal.code, refusal.hint) == ("empty-role", "`handrail start hr/onboarding --role sales=PERSON`")
    assert refused(roles={"sales": "none"}).code == "empty-role"
    assert refused(roles={"slaes": "ben"}).hint == "did you mean `sales`?"
    assert refused(roles={"sales": "bne"}).hint == "did you mean `ben`?"


def test_a_workspace_that_lists_nobody_takes_every_name_as_a_person() -> None:
    send, _, pay = walk(started(replace(PROCESS, roles={}), config=Config()).items)
    assert (send.attributes.who, pay.attributes.who) == (("sales", "chi"), ("finance",))


def test_a_role_may_come_from_a_field() -> None:
    process = replace(PROCESS, roles={"sales": ("@{{ manager }}",)})
    send, *_ = walk(started(process, fields={"customer": "Ada", "manager": "@tom"}).items)
    assert send.attributes.who == ("tom", "chi")
    assert refused(process).code == "empty-role"


def test_values_are_checked_before_anything_is_written() -> None:
    assert refused(fields={}).hint == "`handrail start hr/onboarding -f customer=…`"
    assert refused(fields={"customer": "Ada", "plan": "por"}).hint == "did you mean `pro`?"
    assert refused(fields={"custmer": "Ada"}).hint == "did you mean `customer`?"


def test_the_title_comes_from_the_pattern_or_the_first_required_text() -> None:
    assert started(replace(PROCESS, name="{{ customer }} ({{ plan }})")).title == "Ada (basic)"
    assert started(title=" Ada\nLovelace ").title == "Ada Lovelace"
    assert started(replace(PROCESS, fields=()), fields={}).title == "Onboarding"


def test_the_run_is_due_by_its_target_unless_it_is_said() -> None:
    assert started().due in (date(2026, 12, 4), date(2026, 12, 7))
    assert started(due=date(2026, 12, 24)).due == date(2026, 12, 24)


def test_only_what_is_in_effect_starts() -> None:
    assert refused(replace(PROCESS, status="retired")).code == "retired"
    assert refused(replace(PROCESS, status="draft")).code == "draft"
    assert refused(replace(PROCESS, effective=date(2027, 1, 1))).code == "draft"
    assert started(replace(PROCESS, status="draft"), trial=True).trial


def test_a_name_pattern_without_its_value_gives_way_to_the_process_title() -> None:
    process = replace(PROCESS, name="Close {{ month }}", title="Month-end close", fields=(Field("month"),))
    assert started(process, title="", fields={"month": "2026-11"}).title == "Close 2026-11"
    assert started(process, title="", fields={}).title == "Month-end close"
