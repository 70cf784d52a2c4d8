"""`handrail do`: a walk through a run with nothing but the keyboard, on a real terminal and with scripted answers."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
NOW = "2026-11-23T09:12:00Z"
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
PROCESS = """\
---
title: Onboarding
roles: {sales: mara}
fields:
  customer: {required: true}
  plan: {choices: [basic, pro], label: Which plan}
  signed_on: {type: date, label: Signed on}
name: "{{ customer }}"
---

## Contract

- [ ] Send the **agreement** {#send @sales due=2d}

  Use the [template](https://example.org/t) for {{ customer }}.

  ```console
  $ handrail mine
  ```

- [ ] Get it back signed {#signed @sales ask=signed_on,plan proof=link}

## Set-up

- [ ] Create the workspace {#workspace after=signed}

  - [ ] Choose the region {#region}

  - [ ] Invite the users {#invite optional}

- [ ] Celebrate {#celebrate optional}
"""


@pytest.fixture
def started(workspace, handrail):
    folder = workspace({"processes/onboarding/README.md": PROCESS})
    assert handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW).exit_code == 0
    return folder


def commits(folder) -> list[str]:
    return folder.git("log", "--format=%s", "--reverse").splitlines()[2:]


def test_a_whole_run_by_letters(started, handrail):
    answers = [
        "d",
        "d",
        "soon",
        "2026-11-20",
        "9",
        "2",
        "https://example.org/s.pdf",
        "d",
        "s",
        "one user only",
        "d",
        "l",
    ]
    result = handrail(started, "do", "ada", input="\n".join(answers) + "\n", now=NOW)
    assert result.exit_code == 0, result.output
    assert "Use the template (https://example.org/t) for Ada." in result.output
    assert "    $ handrail mine" in result.output
    assert "Send the agreement" in result.output
    assert "`soon`" in result.output
    assert "Which plan: 1 basic, 2 pro" in result.output
    text = started.read(RUN)
    assert "set signed_on=2026-11-20 plan=pro" in text
    assert "done link=https://example.org/s.pdf" in text
    assert "skipped: one user only" in text
    assert [subject.partition(" ")[0] for subject in commits(started)] == ["done", "done", "done", "skipped", "done"]
    assert "Finished: " in result.output or "put off" in result.output


def test_it_can_be_left_and_taken_up_at_the_same_place(started, handrail):
    first = handrail(started, "do", "ada", input="d\nq\n", now=NOW)
    assert "Everything so far is saved. Go on with: handrail do onboarding/2026-11-23-ada" in first.output
    second = handrail(started, "do", "ada", input="q\n", now=NOW)
    assert "[signed]" in second.output
    assert "[send]" not in second.output


def test_going_back_writes_nothing(started, handrail):
    result = handrail(started, "do", "ada", input="s\n\nn\n\nb\n\nx\n\nq\n", now=NOW)
    assert result.exit_code == 0, result.output
    assert "Type one of the letters in brackets" in result.output
    assert commits(started) == []


def test_notes_and_blocks(started, handrail):
    result = handrail(started, "do", "ada", input="n\nthey are on holiday\nb\nno template\nq\n", now=NOW)
    assert result.exit_code == 0, result.output
    assert "noted: they are on holiday" in started.read(RUN)
    assert "blocked: no template" in started.read(RUN)
    again = handrail(started, "do", "ada", input="l\nl\nl\nu\nd\nq\n", now=NOW)
    assert again.exit_code == 0, again.output


def test_the_end_of_the_input_leaves_cleanly(started, handrail):
    result = handrail(started, "do", "ada", input="d\n", now=NOW)
    assert result.exit_code == 0
    assert "Everything so far is saved." in result.output


def test_what_is_refused_is_said_and_asked_again(workspace, handrail):
    text = "- [ ] Write {#write}\n\n- [ ] Read {#read not-by=write}\n"
    folder = workspace({"processes/article/README.md": text})
    handrail(folder, "start", "article", "One", now=NOW)
    result = handrail(folder, "do", "one", input="d\nd\nq\n", now=NOW)
    assert result.exit_code == 0, result.output
    assert "takes somebody else than who finished `write`" in result.output


def test_an_approval_is_approved_or_sent_back(workspace, handrail):
    text = "- [ ] Write {#write}\n\n- [ ] Approve {#ok approval @mara}\n"
    folder = workspace({"processes/article/README.md": text})
    handrail(folder, "start", "article", "One", now=NOW)
    result = handrail(folder, "do", "one", input="d\nr\ntoo long\nd\na\n", now=NOW)
    assert result.exit_code == 0, result.output
    assert "Sent back by @mara: too long" in result.output
    assert "Finished: 2 of 2 steps" in result.output


def test_a_finished_run_says_so(workspace, handrail):
    folder = workspace({"processes/a/README.md": "- [ ] Only {#only}\n"})
    handrail(folder, "start", "a", "One", now=NOW)
    assert "Finished: 1 of 1 steps" in handrail(folder, "do", "one", input="d\n", now=NOW).output
    assert "Finished: 1 of 1 steps" in handrail(folder, "do", "one", now=NOW).output


class Terminal:
    """A command on a real terminal."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "handrail", *arguments],
            cwd=folder,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env={**os.environ, "PYTHONPATH": str(TOOLS), "TERM": "xterm", "COLUMNS": "80"},
            start_new_session=True,
            preexec_fn=self._take_terminal,  # noqa: PLW1509 - no threads here
        )
        self.seen = ""

    def _take_terminal(self) -> None:
        import fcntl

        signal.signal(signal.SIGINT, signal.default_int_handler)
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def wait_for(self, text: str, seconds: float = 20) -> str:
        """Read until a text has been shown; give what was shown since the last time."""
        give_up = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if ready:
                try:
                    self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError:
                    break
            assert time.monotonic() < give_up, self.seen
        shown, _, self.seen = self.seen.partition(text)
        return shown + text

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.master, text.encode())

    def interrupt(self, text: str) -> str:
        """Press Ctrl-C until a text is shown: one that comes just before Python reads waits for the next key."""
        for _ in range(5):
            self.type("\x03")
            with contextlib.suppress(AssertionError):
                return self.wait_for(text, seconds=4)
        raise AssertionError(self.seen)

    def end(self) -> int:
        """Wait for the end and give the exit status; the terminal must be as it was."""
        status = self.process.wait(20)
        assert termios.tcgetattr(self.slave) == self.before
        os.close(self.slave)
        os.close(self.master)
        return status


MENU = "[q]uit: "


def test_on_a_real_terminal_and_ctrl_c_in_the_middle(started):
    terminal = Terminal(started.root, "do", "ada")
    shown = terminal.wait_for(MENU)
    assert "0 of" in shown
    terminal.type("d\n")
    assert "Done" in terminal.wait_for(MENU)
    terminal.type("d\n")
    terminal.wait_for("goes back): ")
    assert "Everything so far is saved." in terminal.interrupt("handrail do onboarding/2026-11-23-ada")
    assert terminal.end() == 0
    assert [subject.partition(" ")[0] for subject in commits(started)] == ["done"]
    assert started.git("status", "--porcelain") == ""


def test_ctrl_d_leaves_too(started):
    terminal = Terminal(started.root, "do", "ada")
    terminal.wait_for(MENU)
    terminal.type("\x04")
    terminal.wait_for("Everything so far is saved.")
    assert terminal.end() == 0


def test_forty_seven_steps(workspace, handrail):
    text = "".join(f"- [ ] Step number {number}\n\n" for number in range(47))
    folder = workspace({"processes/long/README.md": text})
    handrail(folder, "start", "long", "One", now=NOW)
    result = handrail(folder, "do", "one", input="d\n" * 47)
    assert "Finished: 47 of 47 steps. Well done." in result.output
    assert len(commits(folder)) == 47


FAMILY = {
    "handrail.yml": (
        "people:\n  mara: {email: [mara@example.org]}\n  ben: {email: [ben@example.org]}\n"
        "  robo: {email: [robo@example.org], agent: true}\nteams: {sales: [mara, ben]}\n"
    ),
    "processes/deal/README.md": (
        "---\ntitle: Deal\nagents: propose\nfields: {amount: {}}\n---\n\n"
        "- [ ] Collect {#collect @robo proof=link}\n- [ ] Offer {#offer @sales proof=file}\n"
        "- [ ] Vendor {#vendor @mara run=vendor(amount)}\n- [ ] Close {#close @mara}\n"
    ),
    "processes/vendor/README.md": (
        "---\ntitle: Vendor\nfields: {amount: {}, name: {required: true, label: Name of the vendor}}\n"
        'name: "{{ name }}"\n---\n\n- [ ] Papers {#papers @mara}\n- [ ] Sign {#sign @mara}\n'
    ),
}
DEAL = "processes/deal/runs/2026-11-23-acme.md"


@pytest.fixture
def deal(workspace, handrail, monkeypatch):
    """A run whose first step an agent has proposed."""
    folder = workspace(FAMILY)
    handrail(folder, "start", "deal", "Acme", now=NOW)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "robo@example.org")
    proof = ("--proof", "https://example.org/facts")
    assert handrail(folder, "check", "deal", "collect", *proof, "-m", "price 900", now=NOW).exit_code == 0
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "mara@example.org")
    return folder


def walk_through(handrail, folder, *answers, name="acme"):
    result = handrail(folder, "do", name, input="".join(f"{answer}\n" for answer in answers), now=NOW)
    assert result.exit_code == 0, result.output
    return result.output


def test_what_an_agent_proposes_is_shown_and_confirmed_with_one_key(deal, handrail):
    shown = walk_through(handrail, deal, "c", "q")
    assert "@robo (agent) proposes: it is done (price 900; https://example.org/facts)" in shown
    assert "@mara done confirms=robo link=https://example.org/facts: price 900" in deal.read(DEAL)


def test_what_an_agent_proposes_is_sent_back_with_a_comment(deal, handrail):
    shown = walk_through(handrail, deal, "r", "which year?", "q")
    assert "Sent back by @mara: which year?" in shown and "Round 2" in shown
    assert "@mara rejected: which year?" in deal.read(DEAL)


def test_an_agent_goes_on_after_its_proposal(deal, handrail, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "robo@example.org")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    shown = walk_through(handrail, deal, "l", "d", str(tmp_path / "scan.pdf"), "q")
    assert "[c]onfirm" not in shown
    assert "Proposed" in shown and "[vendor]" in shown
    assert "noted proposes=done file=processes/deal/runs/2026-11-23-acme/offer-scan.pdf" in deal.read(DEAL)


def test_a_step_is_taken_and_a_file_proves_it(deal, handrail, tmp_path):
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    shown = walk_through(handrail, deal, "c", "t", "d", "nowhere.pdf", str(tmp_path), str(tmp_path / "scan.pdf"), "q")
    assert "It is yours now" in shown
    assert "There is no file `nowhere.pdf`" in shown and "is a folder" in shown
    assert "@mara assigned to=mara" in deal.read(DEAL)
    assert (deal.root / "processes/deal/runs/2026-11-23-acme/offer-scan.pdf").read_bytes() == b"%PDF"


def test_a_step_with_a_run_leads_into_the_run_and_back(deal, handrail):
    shown = walk_through(handrail, deal, "c", "l", "g", "Globex", "d", "d", "d", "q")
    assert "Finished by a run of vendor: not started yet" in shown
    assert "Started: vendor/2026-11-23-globex" in shown
    assert "Done with it: Vendor, in deal/2026-11-23-acme" in shown
    assert "[close]" in shown.rpartition("Well done.")[2]
    assert "done run=vendor/2026-11-23-globex" in deal.read(DEAL)


def test_leaving_inside_leaves_at_once_and_it_goes_on_there(deal, handrail):
    shown = walk_through(handrail, deal, "c", "l", "g", "Globex", "d", "q")
    assert shown.count("Go on with: handrail do") == 1 and "handrail do vendor/2026-11-23-globex" in shown
    shown = walk_through(handrail, deal, "l", "g", "q")
    assert "Finished by a run of vendor: vendor/2026-11-23-globex" in shown and "[sign]" in shown
    assert "Started: " not in shown


def test_going_back_before_the_run_starts_starts_none(deal, handrail):
    walk_through(handrail, deal, "c", "l", "g", "", "q")
    assert not (deal.root / "processes/vendor/runs").exists()


def test_ctrl_c_inside_a_run_inside_leaves_the_terminal_clean(deal):
    terminal = Terminal(deal.root, "do", "acme")
    for answer in ("c", "l"):
        terminal.wait_for(MENU)
        terminal.type(f"{answer}\n")
    terminal.wait_for("[vendor]")
    terminal.wait_for(MENU)
    terminal.type("g\n")
    terminal.wait_for("goes back): ")
    terminal.type("Globex\n")
    terminal.wait_for("[papers]")
    terminal.wait_for(MENU)
    assert "Everything so far is saved." in terminal.interrupt("handrail do deal/2026-11-23-acme")
    assert terminal.end() == 0
    assert deal.git("status", "--porcelain") == ""
