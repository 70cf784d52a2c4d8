"""`handrail notify`: who is told what, when, and that nobody is told twice. Messages go through Apprise to a server."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("apprise")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:apprise")
NOW = "2026-11-23T09:00:00Z"  # a Monday
CONFIG = """\
title: Us
site_url: https://us.example.org/
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {email: [ben@example.org], leave: [2026-11-20..2026-11-24]}
  mara: {email: [mara@example.org]}
  robo: {email: [robo@example.org], agent: true}
calendar: {timezone: UTC}
"""
PROCESS = '---\ntitle: Offers\nowner: "@mara"\n---\n\n- [ ] Write {#write @ana}\n'
PROJECT = (
    '---\ntitle: Spring\nowner: "@mara"\nstart: 2026-11-02\n---\n\n- [ ] Plan {#plan @mara est=3w}\n\n'
    "## Updates\n\n### 2026-11-10 green\n\nFine.\n"
)


def run(name: str, *steps: str) -> str:
    return (
        f"---\nrun: offers/{name}\nprocess: offers\ntitle: {name.title()}\nstarted: 2026-11-09T09:00:00Z\n"
        "order: any\n---\n\n" + "\n\n".join(steps) + "\n\n## Log\n\n- 2026-11-09T09:00:00Z @mara started\n"
    )


FILES = {
    "processes/offers/README.md": PROCESS,
    "processes/offers/runs/acme.md": run(
        "acme",
        "- [ ] Write **it** {#write @ana due=2026-11-12}",
        "- [ ] Send it {#send @ana due=2026-11-23}",
        "- [ ] Ask them {#ask @ana}\n  - 2026-11-10T09:00:00Z @ana blocked until=2026-11-18: away",
        "- [ ] Call {#call @ana}\n  - 2026-11-10T09:00:00Z @ana blocked until=2026-12-18: away",
        "- [ ] Later {#later @ana due=2026-12-12}",
    ),
    "processes/offers/runs/clip.md": run("clip", "- [ ] Sign it {#sign @ana approval=1}"),
    "processes/offers/runs/bolt.md": run("bolt", "- [ ] Write it {#write @ben due=2026-11-20}"),
}


class Inbox:
    """What a service was sent, by the person that its address names."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.broken: set[str] = set()
        self.address = ""

    def to(self, person: str) -> list[str]:
        return [text for name, _, text in self.sent if name == person]


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    found = Inbox()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            person = self.path.strip("/")
            if person not in found.broken:
                found.sent.append((person, body["title"], body["message"]))
            self.send_response(500 if person in found.broken else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.address = f"json://user:s3cret@127.0.0.1:{server.server_port}"
    monkeypatch.setenv("HANDRAIL_NOTIFY", found.address + "/{person}?to={email}")
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def notify(workspace: Callable[..., Any], handrail: Callable[..., Any]) -> Callable[..., Any]:
    folder = workspace({**FILES, "projects/spring/README.md": PROJECT}, config=CONFIG)
    call = lambda *words, now=NOW, at=None: handrail(at or folder, "notify", *words, now=now)  # noqa: E731
    call.folder = folder
    return call


def test_each_person_gets_one_message_with_all_that_waits(notify: Any, inbox: Inbox):
    result = notify()
    assert result.exit_code == 0, result.output
    (text,) = inbox.to("ana")
    assert text.strip() == (
        "Overdue (1)\n- Write it, Acme: 11 days late\n\n"
        "Due today (1)\n- Send it, Acme: today 17:00\n\n"
        "Waits for your approval (1)\n- Sign it, Clip\n\n"
        "Blocked, and the date has passed (1)\n- Ask them, Acme\n\n"
        "https://us.example.org/people/ana/"
    )
    (owner,) = inbox.to("mara")
    assert "Status report due (1)\n- Spring, project: the last one is 13 days old" in owner
    assert "Overdue with others, in what you own (1)\n- Write it, Acme: overdue by 11 days (Ana Reyes)" in owner
    assert sorted({name for name, _, _ in inbox.sent}) == ["ana", "mara"]
    assert "s3cret" not in result.output


def test_nobody_is_told_twice_and_what_is_new_is_told(notify: Any, inbox: Inbox):
    notify()
    assert notify().output.splitlines()[-1] == "There is nothing new to tell."
    assert notify(now="2026-11-23T16:00:00Z").output.splitlines()[-1] == "There is nothing new to tell."
    assert len(inbox.sent) == 2
    notify("--person", "ana", now="2026-11-24T09:00:00Z")  # what was due yesterday is overdue now
    assert len(inbox.to("ana")) == 2
    assert "- Write it, Acme: 12 days late (told before)\n- Send it, Acme: 1 day late\n" in inbox.to("ana")[1]


def test_what_still_waits_is_told_again_after_a_while(notify: Any, inbox: Inbox):
    notify("--person", "mara")
    notify("--person", "mara", now="2026-11-27T09:00:00Z")
    assert len(inbox.to("mara")) == 1 + 1  # Bolt has become long overdue by then
    notify("--person", "mara", now="2026-11-30T10:00:00Z")
    assert len(inbox.to("mara")) == 3


def test_nobody_is_told_outside_their_hours(notify: Any, inbox: Inbox):
    for now in ("2026-11-22T12:00:00Z", "2026-11-23T05:00:00Z", "2026-11-23T20:00:00Z"):
        assert "Not at this hour: @ana" in notify(now=now).output
    assert inbox.sent == []
    assert "Not at this hour: @ben." in notify().output  # on leave
    notify("--any-hour", "--person", "ben")
    assert len(inbox.to("ben")) == 1


def test_somebody_without_an_address_is_named_and_the_others_are_told(
    notify: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("HANDRAIL_NOTIFY")
    monkeypatch.setenv("HANDRAIL_NOTIFY_ANA", inbox.address + "/ana")
    result = notify()
    assert (result.exit_code, "@mara has no address: set HANDRAIL_NOTIFY_MARA." in result.output) == (0, True)
    assert [name for name, _, _ in inbox.sent] == ["ana"]
    monkeypatch.setenv("HANDRAIL_NOTIFY_MARA", inbox.address + "/mara")
    notify()
    assert [name for name, _, _ in inbox.sent] == ["ana", "mara"]


def test_what_a_service_did_not_take_is_tried_again(notify: Any, inbox: Inbox):
    inbox.broken = {"ana"}
    result = notify()
    assert (result.exit_code, [name for name, _, _ in inbox.sent]) == (3, ["mara"])
    assert "@ana could not be told: the service did not take it." in result.output
    assert "s3cret" not in result.output
    inbox.broken = set()
    assert notify().exit_code == 0
    assert [name for name, _, _ in inbox.sent] == ["mara", "ana"]


@pytest.mark.parametrize("address", ["nonsense", "unknown://x", "json://127.0.0.1:1/ana"])
def test_an_address_that_is_none_is_said_without_it(
    notify: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setenv("HANDRAIL_NOTIFY_ANA", address)
    result = notify("--person", "ana")
    assert (result.exit_code, "@ana could not be told" in result.output, address in result.output) == (3, True, False)


def test_a_dry_run_shows_the_messages_and_sends_nothing(notify: Any, inbox: Inbox):
    for _ in range(2):
        result = notify("--dry-run", "--person", "ana")
        assert result.output.startswith("To @ana: Us: 4 things for you, 4 new\n\nOverdue (1)\n- Write it, Acme: ")
    assert inbox.sent == []
    notify()
    assert notify("--dry-run").output.splitlines()[-1] == "There is nothing new to tell."


def test_clones_know_of_each_other_what_was_told(notify: Any, inbox: Inbox, tmp_path: Path):
    bare = tmp_path / "origin.git"
    git = lambda *words: subprocess.run(["git", *map(str, words)], check=True, capture_output=True)  # noqa: E731
    git("clone", "-q", "--bare", notify.folder.root, bare)
    for name in ("one", "two"):
        git("clone", "-q", bare, tmp_path / name)
    assert "Told @ana" in notify(at=tmp_path / "one").output
    assert notify(at=tmp_path / "two").output.splitlines()[-1] == "There is nothing new to tell."
    assert len(inbox.sent) == 2


def test_of_two_jobs_at_once_one_tells(notify: Any, inbox: Inbox, tmp_path: Path):
    from handrail.store.repository import Repository
    from handrail.store.shared_note import SharedNote

    bare = tmp_path / "origin.git"
    subprocess.run(["git", "clone", "-q", "--bare", notify.folder.root, bare], check=True)
    notes = []
    for name in ("one", "two"):
        subprocess.run(["git", "clone", "-q", bare, tmp_path / name], check=True)
        notes.append(SharedNote(Repository.find(tmp_path / name), "refs/handrail/notified"))
    read = [one.read() for one in notes]
    assert notes[0].write("first", read[0]) is not None
    assert notes[1].write("second", read[1]) is None
    again = notes[1].read()
    assert again.text == "first"
    assert notes[1].write("second", again) is not None
    assert notes[0].read().text == "second"


def test_where_it_cannot_be_noted_nothing_is_sent(notify: Any, inbox: Inbox, tmp_path: Path):
    bare = tmp_path / "origin.git"
    subprocess.run(["git", "clone", "-q", "--bare", notify.folder.root, bare], check=True)
    subprocess.run(["git", "clone", "-q", bare, tmp_path / "one"], check=True)
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    result = notify(at=tmp_path / "one")
    assert (result.exit_code, "nothing was sent" in result.output, inbox.sent) == (3, True, [])


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"ana": 1}', '{"ana": {"x": "y"}}'])
def test_a_note_that_nobody_can_read_counts_as_none(notify: Any, inbox: Inbox, text: str):
    from handrail.store.repository import Repository
    from handrail.store.shared_note import SharedNote

    shared = SharedNote(Repository.find(notify.folder.root), "refs/handrail/notified")
    assert shared.write(text, shared.read()) is not None
    assert notify().exit_code == 0
    assert len(inbox.sent) == 2


def test_the_times_are_the_workspaces_own(notify: Any, inbox: Inbox):
    notify.folder.write({"handrail.yml": CONFIG + "notify: {escalate: 3w, report: 30d, again: 1h}\n"})
    notify()
    assert inbox.to("mara") == []
    notify(now="2026-11-23T10:30:00Z")
    assert len(inbox.to("ana")) == 2


CHANNELS = """\
notify:
  channels:
    Offers: {processes: [offers]}
    bens: {people: [ben]}
    spring: {projects: [spring]}
    nothing: {people: [robo]}
"""


def test_a_channel_gets_one_message_with_what_it_is_told_of_and_who_has_it(
    notify: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
):
    (notify.folder.root / "handrail.yml").write_text(CONFIG + CHANNELS)
    for name in ("OFFERS", "BENS", "SPRING", "NOTHING"):
        monkeypatch.setenv(f"HANDRAIL_NOTIFY_CHANNEL_{name}", f"{inbox.address}/{name}")
    assert notify().exit_code == 0
    (offers,), (bens,), (spring,) = inbox.to("OFFERS"), inbox.to("BENS"), inbox.to("SPRING")
    assert "- Write it, Acme: 11 days late (Ana Reyes)" in offers and "- Ask them, Acme: Ana Reyes" in offers
    assert "Waits for approval (1)" in offers and "- Write it, Bolt: 3 days late (ben)" in offers
    assert "for you" not in " ".join(title for name, title, _ in inbox.sent if name == "OFFERS")
    assert "Bolt" in bens and "Acme" not in bens
    assert "Status report due (1)" in spring and "Acme" not in spring
    assert not inbox.to("NOTHING")
    inbox.sent.clear()
    assert notify().exit_code == 0
    assert not inbox.sent


def test_a_channel_is_not_told_by_the_way_of_everybody(notify: Any, inbox: Inbox):
    (notify.folder.root / "handrail.yml").write_text(CONFIG + CHANNELS)
    said = notify()
    assert "#bens has no address: set HANDRAIL_NOTIFY_CHANNEL_BENS." in said.output
    assert {name for name, _, _ in inbox.sent} == {"ana", "mara"}


def test_a_channel_of_what_is_not_there_is_found_by_lint(notify: Any, handrail: Callable[..., Any]):
    channel = "notify:\n  channels:\n    sales: {people: [ann], processes: [offer], projects: [sprint]}\n"
    (notify.folder.root / "handrail.yml").write_text(CONFIG + channel)
    said = handrail(notify.folder, "lint", now=NOW).output
    for words in ("nobody is called @ann", "there is no process offer", "there is no project sprint"):
        assert f"the channel `sales`: {words}" in said


def test_without_any_address_nobody_is_told_and_nothing_fails(notify: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HANDRAIL_NOTIFY", "")
    said = notify()
    assert (said.exit_code, said.output) == (0, "Nobody is told: HANDRAIL_NOTIFY says where, and it is not set.\n")
