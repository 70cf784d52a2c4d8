"""A remote that never answers: what was done is saved, few wait for it, and `sync` sends it when it is back."""

from __future__ import annotations

import subprocess
import time

import pytest

PROCESS = "---\ntitle: Onboarding\n---\n\n- [ ] Draft {#draft}\n\n- [ ] Sign {#sign}\n"


@pytest.fixture
def silent(workspace, handrail, tmp_path, monkeypatch):
    """Give a clone with a run, whose remote takes what is sent to it and never says a word."""
    made = workspace({"processes/onboarding/README.md": PROCESS})
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(made.root), str(remote)], check=True)
    made.git("remote", "add", "origin", str(remote))
    made.git("fetch", "-q")
    made.git("branch", "-q", "-u", "origin/main")
    assert handrail(made, "start", "onboarding", "ada").exit_code == 0
    made.git("config", "protocol.ext.allow", "always")
    made.git("remote", "set-url", "origin", "ext::sleep 600")
    monkeypatch.setenv("HANDRAIL_NETWORK_SECONDS", "1")
    return made


def test_nobody_waits_for_it_long_and_each_action_is_saved(silent, handrail, tmp_path) -> None:
    began = time.monotonic()
    first = handrail(silent, "check", "ada", "draft")
    assert first.exit_code == 0
    assert "saved here, not shared: no answer within 1 second" in first.output
    asked = time.monotonic() - began
    began = time.monotonic()
    second = handrail(silent, "check", "ada", "sign")
    assert "the remote gave no answer a moment ago" in second.output
    assert time.monotonic() - began < asked, "it is not asked again so soon"
    assert "2 changes" in handrail(silent, "status").output

    silent.git("remote", "set-url", "origin", str(tmp_path / "remote.git"))
    assert handrail(silent, "sync").exit_code == 0
    assert silent.git("rev-parse", "origin/main") == silent.git("rev-parse", "HEAD")
    again = handrail(silent, "note", "ada", "-m", "heard again")
    assert "saved and shared" in again.output
