"""`handrail host`: one comment and one issue that are kept up to date, and forms that act in a person's name."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))
from fake_host import FakeHost, fake_host

NOW = "2026-11-23T09:00:00Z"
CONFIG = """\
title: Us
people:
  ana: {name: Ana Reyes, email: [ana@example.org], github: Ana-R}
  ben: {name: Ben, github: ben-b}
  gone: {email: [gone@example.org], github: gone, active: false}
  robo: {email: [robo@example.org], github: robo, agent: true}
calendar: {timezone: UTC}
"""
PROCESS = """\
---
title: "Onboarding: <new> 'customers'"
owner: "@ana"
fields: {customer: {required: true, label: Who}, plan: {choices: [basic, "pro: all"]}}
name: "{{ customer }}"
---

- [ ] Sign {#sign @ana due=2026-11-18}

- [ ] Approve {#approve approval=1 @ana}
"""
RUN = """\
---
run: onboarding/ada
process: onboarding
title: Ada
started: 2026-11-10T09:00:00Z
by: "@ana"
---

- [ ] Sign {#sign @ana due=2026-11-18}

- [ ] Send {#send @ana}

## Log

- 2026-11-10T09:00:00Z @ana started
"""
FILES = {"processes/onboarding/README.md": PROCESS, "processes/onboarding/runs/ada.md": RUN}
KINDS = ("github", "forgejo", "gitlab")
CI = ("GITHUB_TOKEN", "GITHUB_API_URL", "GITHUB_REPOSITORY", "GITLAB_CI", "HANDRAIL_TOKEN", "HANDRAIL_ACTOR",
      "HANDRAIL_INPUTS", "HANDRAIL_ISSUE", "HANDRAIL_ISSUE_BODY", "GIT_COMMITTER_NAME",
      "GIT_COMMITTER_EMAIL")  # fmt: skip


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHost]:
    for name in (*CI, "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.setenv(name, "")  # so that it is put back, whatever the command sets
        monkeypatch.delenv(name)
    with fake_host() as found:
        use(found, monkeypatch, "github")
        yield found


def use(found: FakeHost, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    if kind == "gitlab":
        values = {"GITLAB_CI": "1", "CI_API_V4_URL": found.address, "CI_PROJECT_ID": "7", "HANDRAIL_TOKEN": "s3cret"}
    else:
        address = found.address + ("/api/v1" if kind == "forgejo" else "")
        values = {"GITHUB_API_URL": address, "GITHUB_REPOSITORY": "us/work", "GITHUB_TOKEN": "s3cret"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def host(workspace: Callable[..., Any], handrail: Callable[..., Any]) -> Callable[..., Any]:
    folder = workspace(FILES, config=CONFIG)
    folder.git("config", "user.name", "Runner")
    folder.git("config", "user.email", "runner@example.org")
    call = lambda *words, text="": handrail(folder, "host", *words, now=NOW, input=text)  # noqa: E731
    call.folder = folder
    return call


# Comments


@pytest.mark.parametrize("kind", KINDS)
def test_one_comment_is_kept_up_to_date(host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch, kind: str):
    use(served, monkeypatch, kind)
    served.comments = {id: {"id": id, "on": 12, "body": f"somebody's word {id}"} for id in range(1, 6)}
    said = [host("comment", "12", text=text).output for text in ("first", "first", "second")]
    assert said == ["Comment written.\n", "Comment unchanged.\n", "Comment updated.\n"]
    assert [one["body"] for one in served.comments.values()][5:] == ["<!-- handrail:check -->\nsecond\n"]
    host("comment", "12", "--name", "verify", text="third")
    assert len(served.comments) == 7


def test_a_mark_that_somebody_else_wrote_is_passed_by(host: Any, served: FakeHost):
    served.comments = {1: {"id": 1, "on": 12, "body": "<!-- handrail:check -->\nnot ours"}}
    served.forbidden = {1}
    assert host("comment", "12", text="ours").output == "Comment written.\n"
    assert host("comment", "12", text="ours").output == "Comment unchanged.\n"


def test_a_text_that_is_too_long_is_cut(host: Any, served: FakeHost):
    host("comment", "12", text="word " * 50_000)
    assert len(served.comments[1]["body"]) < 65_536
    assert served.comments[1]["body"].endswith("… cut here: it is too long for the host.\n")


# A host in trouble


def test_a_busy_host_is_asked_again(host: Any, served: FakeHost):
    served.fail = [500, 429]
    assert host("comment", "12", text="first").exit_code == 0
    assert len(served.comments) == 1


def test_what_may_have_been_done_is_not_done_twice(host: Any, served: FakeHost):
    served.fail = [200]  # an answer that is no list
    result = host("comment", "12", text="first")
    assert (result.exit_code, "is no list" in result.output) == (3, True)
    seen = len(served.seen)
    served.comments[1] = {"id": 1, "on": 12, "body": "x"}
    assert seen == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "not valid"), (403, "permission"), (404, "not there"), (302, "302"), (500, "500"), (422, "422")],
)
def test_what_the_host_refuses_is_said(host: Any, served: FakeHost, status: int, words: str):
    served.fail = [status] * 10
    result = host("comment", "12", text="first")
    assert (result.exit_code, words in result.output, "s3cret" in result.output) == (3, True, False)
    assert all(path.startswith("/repos/us/work/") for _, path in served.seen)


def test_a_host_that_is_not_there(host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:1")
    result = host("comment", "12", text="first")
    assert (result.exit_code, "did not answer" in result.output, "s3cret" in result.output) == (3, True, False)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GITHUB_TOKEN", "", "GITHUB_TOKEN"),
        ("GITHUB_REPOSITORY", "", "GITHUB_REPOSITORY"),
        ("GITHUB_API_URL", "http://example.org", "no https address"),
        ("GITHUB_API_URL", "https://user@example.org", "no https address"),
        ("GITHUB_API_URL", "ftp://[", "no https address"),
    ],
)
def test_what_is_missing_is_named_and_nobody_is_asked(
    host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
):
    monkeypatch.setenv(name, value)
    result = host("comment", "12", text="first")
    assert (result.exit_code, words in result.output, served.seen) == (2, True, [])


# Issues about what has stalled


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("per", ["workspace", "run"])
def test_an_issue_is_opened_brought_up_to_date_and_closed(
    host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch, handrail: Any, kind: str, per: str
):
    use(served, monkeypatch, kind)
    assert host("stalled", "--per", per).output == "opened #1\n"
    assert host("stalled", "--per", per).output == "The issues are up to date.\n"
    ((title, body),) = served.open_issues()
    assert title == ("Stalled: 1 finding" if per == "workspace" else "Stalled: Ada")
    assert "overdue by 5 days" in body
    assert handrail(host.folder, "stalled", now="2026-11-25T09:00:00Z").exit_code == 1
    later = handrail(host.folder, "host", "stalled", "--per", per, now="2026-11-25T09:00:00Z")
    assert later.output == "updated #1\n"
    assert handrail(host.folder, "cancel", "ada", "-m", "no more", now="2026-11-25T09:00:00Z").exit_code == 0
    assert host("stalled", "--per", per).output == "closed #1\n"
    assert served.open_issues() == []
    assert host("stalled", "--per", per).output == "The issues are up to date.\n"


def test_issues_of_people_are_left_alone(host: Any, served: FakeHost):
    served.issues[1] = {"number": 1, "state": "open", "title": "Mine", "body": "<!-- handrail:other --> x"}
    served.issues[2] = {"number": 2, "state": "open", "title": "A pull", "body": "<!-- handrail:stalled -->",
                        "pull_request": {}}  # fmt: skip
    assert host("stalled").output == "opened #3\n"
    assert {number: one["state"] for number, one in served.issues.items()} == {1: "open", 2: "open", 3: "open"}


def test_a_dry_run_asks_nobody(host: Any, served: FakeHost):
    result = host("stalled", "--dry-run", "--per", "run")
    assert (result.output.splitlines()[0], served.seen) == ("Stalled: Ada", [])


# Forms


def act(host: Any, monkeypatch: pytest.MonkeyPatch, actor: str = "ana-r", **values: str) -> Any:
    monkeypatch.setenv("HANDRAIL_ACTOR", actor)
    for name, value in values.items():
        monkeypatch.setenv(f"HANDRAIL_{name}", value)
    return host("act")


def inputs(**values: str) -> str:
    return json.dumps({"action": "check", "name": "ada", "steps": "", "text": "", "fields": "", **values})


def test_a_form_acts_in_the_name_of_who_filled_it_in(host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch):
    result = act(host, monkeypatch, INPUTS=inputs(steps="sign", text="$(touch x); `id` on paper"))
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "@ana done: Sign (onboarding/ada)")
    last = host.folder.git("log", "-1", "--format=%an <%ae>%n%cn")
    assert last.split("\n")[:2] == ["Ana Reyes <ana@example.org>", last.split("\n")[1]]
    assert "@ana done: $(touch x); `id` on paper" in (host.folder.root / "processes/onboarding/runs/ada.md").read_text()
    assert served.seen == []


def test_a_form_starts_a_run(host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch):
    wish = inputs(action="start", name="onboarding", fields="customer=Acme\nplan=pro: all")
    assert act(host, monkeypatch, INPUTS=wish).output.startswith("@ana started onboarding/2026-11-23-acme")


@pytest.mark.parametrize(
    ("actor", "wish", "words"),
    [
        ("stranger", inputs(steps="sign"), "`stranger` is nobody whom handrail.yml lists"),
        ("", inputs(steps="sign"), "does not say who asks"),
        ("gone", inputs(steps="sign"), "has left"),
        ("robo", inputs(steps="sign"), "is an agent"),
        ("ben-b", inputs(steps="sign"), "has no `email`"),
        ("ana-r", "nonsense", "no JSON object of texts"),
        ("ana-r", "[" * 50_000, "no JSON object of texts"),
        ("ana-r", '{"action": 1}', "no JSON object of texts"),
        ("ana-r", '{"action": "check", "who": "ben"}', "no input `who`"),
        ("ana-r", inputs(action="destroy"), "There is no tool `destroy`"),
        ("ana-r", inputs(steps="nothing"), "no step"),
        ("ana-r", inputs(steps="sign", fields="plan"), "no `name=value`"),
        ("ana-r", inputs(name="--help", steps="sign"), "--help"),
        ("ana-r", "", "says what is wanted"),
    ],
)
def test_a_form_that_cannot_be_is_refused_and_nothing_is_done(
    host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch, actor: str, wish: str, words: str
):
    before = host.folder.git("rev-parse", "HEAD")
    result = act(host, monkeypatch, actor, INPUTS=wish)
    assert (result.exit_code != 0, words.casefold() in result.output.casefold()) == (True, True), result.output
    assert host.folder.git("rev-parse", "HEAD") == before


def test_an_issue_starts_a_run_is_answered_and_closed(host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch):
    served.issues[5] = {"number": 5, "state": "open", "title": "Start", "body": ""}
    body = "### Process\r\n\r\nonboarding\r\n\r\n### Title of the run\n\n_No response_\n\n### customer\n\nAcme\n"
    result = act(host, monkeypatch, ISSUE="5", ISSUE_BODY=body)
    assert result.exit_code == 0, result.output
    assert served.issues[5]["state"] == "closed"
    assert "started onboarding/2026" in served.comments[1]["body"].replace("\\", "")


def test_an_issue_that_cannot_be_done_stays_open_with_the_reason(
    host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch
):
    served.issues[5] = {"number": 5, "state": "open", "title": "Start", "body": ""}
    result = act(host, monkeypatch, "@everyone", ISSUE="5", ISSUE_BODY="### Process\n\nonboarding\n")
    assert (result.exit_code, served.issues[5]["state"]) == (1, "open")
    said = served.comments[1]["body"]
    assert "This could not be done" in said
    assert "@everyone" not in said


def test_each_process_has_a_form_and_its_answers_start_a_run(
    host: Any, served: FakeHost, monkeypatch: pytest.MonkeyPatch
):
    assert host("forms", "--check").exit_code == 1
    path = ".github/ISSUE_TEMPLATE/start-onboarding.yml"
    assert host("forms").output == f"Wrote {path}\n"
    assert (host("forms").output, host("forms", "--check").exit_code) == ("The forms are up to date.\n", 0)
    form = yaml.safe_load((host.folder.root / path).read_text("utf-8"))
    assert form["name"] == "Start: Onboarding: <new> 'customers'"
    answers = {"Process": "onboarding", "customer": "Acme", "plan": "pro: all"}
    labels = [one["attributes"]["label"] for one in form["body"]]
    assert labels == ["Process", "Title of the run", "Due", "customer", "plan"]
    assert form["body"][4]["attributes"]["options"] == ["basic", "pro: all"]
    assert [one["attributes"]["label"] for one in form["body"] if one.get("validations")] == ["Process", "customer"]
    body = "\n\n".join(f"### {label}\n\n{answers.get(label, '_No response_')}" for label in labels)
    served.issues[5] = {"number": 5, "state": "open", "title": "Start", "body": ""}
    assert act(host, monkeypatch, ISSUE="5", ISSUE_BODY=body).exit_code == 0
