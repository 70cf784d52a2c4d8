"""A full disk, a folder that cannot be written, a remote that refuses or goes away: the old state or the new one."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
PROCESS = "---\ntitle: Onboarding\norder: any\n---\n\n- [ ] Send {#send @mara}\n\n- [ ] Sign {#sign @mara}\n"
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
NOW = "2026-11-23T09:12:00Z"
LATER = "2026-11-23T10:00:00Z"
PROGRAM = [sys.executable, "-m", "handrail"]


def start(folder, handrail) -> None:
    assert handrail(folder, "start", "onboarding", "ada", now=NOW).exit_code == 0


def told(done: subprocess.CompletedProcess[str]) -> str:
    """Give what an action said that came to nothing because of the system."""
    said = done.stdout + done.stderr
    assert done.returncode == 3, said
    assert "Traceback" not in said
    return said


def call(folder, *words: str, limit: str = "", before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run the program by itself, with a limit of the shell's on the size of files."""
    environment = {**os.environ, "PYTHONPATH": str(TOOLS), "HANDRAIL_NOW": LATER, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*before, *PROGRAM, *words]
    if limit:
        command = ["sh", "-c", f'ulimit -f {limit}; exec "$@"', "sh", *command]
    return subprocess.run(
        command, cwd=folder.root, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def is_old(folder, head: str) -> None:
    assert folder.git("rev-parse", "HEAD") == head
    assert folder.git("status", "--porcelain") == ""
    assert "- [ ] Send" in folder.read(RUN)
    folder.git("fsck", "--connectivity-only")


def is_new(folder) -> None:
    assert "- [x] Send" in folder.git("show", f"HEAD:{RUN}")
    assert "- [x] Send" in folder.read(RUN)
    assert folder.git("status", "--porcelain") == ""


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="small-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)]
    try:
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("a small file system cannot be mounted here")
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", str(place)], check=True)
    finally:
        place.rmdir()


def fill(filler: Path) -> None:
    """Write into a file until nothing more goes in."""
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        while os.write(descriptor, b"x" * 4096):
            pass
    except OSError as error:
        assert error.errno == errno.ENOSPC
    finally:
        os.close(descriptor)


def test_a_full_disk(workspace, handrail) -> None:
    seed = workspace({"processes/onboarding/README.md": PROCESS})
    start(seed, handrail)
    with small_disk("1m") as place:
        folder = type(seed)(place / "clone")
        subprocess.run(["git", "clone", "-q", "--template=", "--no-hardlinks", seed.root, folder.root], check=True)
        folder.git("remote", "remove", "origin")
        head = folder.git("rev-parse", "HEAD")
        filler = place / "filler"
        for left in (0, 1, 2, 4, 6):  # pages: the disk is full at another moment each time
            fill(filler)
            os.truncate(filler, filler.stat().st_size - left * 4096)
            done = call(folder, "check", "ada", "send")
            filler.unlink()
            if done.returncode == 0:
                break
            assert "space left" in told(done)
            is_old(folder, head)
        assert handrail(folder, "check", "ada", "sign", now=LATER).exit_code == 0
        if done.returncode:
            assert handrail(folder, "check", "ada", "send", now=LATER).exit_code == 0
        is_new(folder)


@pytest.mark.skipif(os.name == "nt", reason="the shell has no such limit")
@pytest.mark.parametrize("limit", ["0", "1"])
def test_files_that_may_not_grow(workspace, handrail, limit) -> None:
    folder = workspace({"processes/onboarding/README.md": PROCESS})
    start(folder, handrail)
    head = folder.git("rev-parse", "HEAD")
    done = call(folder, "check", "ada", "send", "-m", "x" * 3000, limit=limit)
    assert told(done)
    is_old(folder, head)
    assert handrail(folder, "check", "ada", "send", now=LATER).exit_code == 0
    is_new(folder)


@pytest.mark.skipif(os.name == "nt", reason="folders have no such mode")
@pytest.mark.parametrize("place", [".git/objects", ".git", "processes/onboarding/runs"])
def test_a_folder_that_cannot_be_written(workspace, handrail, place) -> None:
    folder = workspace({"processes/onboarding/README.md": PROCESS})
    start(folder, handrail)
    head = folder.git("rev-parse", "HEAD")
    shut = [path for path in (folder.root / place, *(folder.root / place).rglob("*")) if path.is_dir()]
    for path in shut:
        path.chmod(0o555)
    try:
        done = call(folder, "check", "ada", "send", before=as_anybody(shut[0]))
    finally:
        for path in shut:
            path.chmod(0o755)
    assert "ermission" in told(done)
    is_old(folder, head)
    assert handrail(folder, "check", "ada", "send", now=LATER).exit_code == 0
    is_new(folder)


def as_anybody(shut: Path) -> tuple[str, ...]:
    """Give what makes a program obey the modes of folders, as root does not."""
    if os.geteuid():
        return ()
    words = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    if not shutil.which("setpriv") or not subprocess.run([*words, "test", "-w", shut], check=False).returncode:
        pytest.skip("root may write everywhere")
    return words


@pytest.fixture
def shared(workspace, handrail):
    """A clone and its remote."""
    seed = workspace({"processes/onboarding/README.md": PROCESS}, name="seed")
    start(seed, handrail)
    remote, root = seed.root.parent / "remote.git", seed.root.parent / "clone"
    subprocess.run(["git", "clone", "-q", "--bare", seed.root, remote], check=True)
    subprocess.run(["git", "clone", "-q", remote, root], check=True)
    return type(seed)(root)


def test_a_remote_whose_hook_refuses(shared, handrail) -> None:
    hook = shared.root.parent / "remote.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'release week: ask Ines' >&2\nexit 1\n")
    hook.chmod(0o755)
    result = handrail(shared, "check", "ada", "send", now=LATER)
    assert "not shared" in result.output
    assert "release week: ask Ines" in result.output
    is_new(shared)
    assert "1 change" in handrail(shared, "status", now=LATER).output
    assert "Undone" in handrail(shared, "undo", now=LATER).output
    hook.unlink()
    assert handrail(shared, "check", "ada", "sign", now=LATER).exit_code == 0
    assert "- [x] Sign" in shared.git("show", f"origin/main:{RUN}")


def test_a_remote_that_goes_away(shared, handrail) -> None:
    remote = shared.root.parent / "remote.git"
    remote.rename(remote.with_name("moved.git"))
    result = handrail(shared, "check", "ada", "send", now=LATER)
    assert result.exit_code == 0
    assert "not shared" in result.output
    is_new(shared)
    assert handrail(shared, "sync").exit_code == 3
    assert handrail(shared, "undo", "--dry-run", now=LATER).exit_code == 0
    remote.with_name("moved.git").rename(remote)
    assert handrail(shared, "sync").exit_code == 0
    assert "- [x] Send" in shared.git("show", f"origin/main:{RUN}")


def test_an_undo_of_what_is_shared_while_the_remote_is_away(shared, handrail) -> None:
    assert handrail(shared, "check", "ada", "send", now=LATER).exit_code == 0
    remote = shared.root.parent / "remote.git"
    remote.rename(remote.with_name("moved.git"))
    result = handrail(shared, "undo", now="2026-11-23T11:00:00Z")
    assert result.exit_code == 0
    assert "not shared" in result.output
    assert "reopened: undo" in shared.read(RUN)
