"""The command line as a whole: help, completion, one clock, what it costs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from handrail.cli.main import handrail as root
from handrail.cli.reference import pages, walk_commands
from handrail.cli.table import COMMANDS

TOOLS = Path(__file__).parents[2] / "tools"
HEAVY = (
    "git",
    "yaml",
    "frontmatter",
    "markdown_it",
    "mkdocs",
    "rich",
    "holidays",
    "dateutil",
    "anyascii",
    "subprocess",
)
EVERY = [(name, command) for name, command, _ in walk_commands(root)]


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    paths = os.pathsep.join([str(TOOLS), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-m", "handrail", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_command_and_imports_nothing_heavy():
    program = (
        "import sys\n"
        "from handrail.cli.main import handrail\n"
        "try:\n    handrail.main(['--help'], prog_name='handrail')\n"
        "except SystemExit:\n    print('LOADED', *sys.modules)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(TOOLS)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    shown, _, loaded = said.partition("LOADED ")
    for entry in COMMANDS:
        assert f"  {entry.name} " in shown
        assert entry.short in " ".join(shown.split())
    assert not {module.partition(".")[0] for module in loaded.split()} & set(HEAVY)
    assert {module for module in loaded.split() if module.startswith("handrail.")} <= {
        "handrail.base",
        "handrail.base.value",
        "handrail.base.errors",
        "handrail.base.place",
        "handrail.base.problem",
        "handrail.cli",
        "handrail.cli.context",
        "handrail.cli.door",
        "handrail.cli.lazy",
        "handrail.cli.main",
        "handrail.cli.table",
    }


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_the_table_says_what_the_commands_say(entry):
    command = root.get_command(click.Context(root), entry.name)
    assert command is not None
    assert command.name == entry.name
    assert (command.short_help or command.help or "").startswith(entry.short)


@pytest.mark.parametrize(("name", "command"), EVERY, ids=[name for name, _ in EVERY])
def test_every_command_has_one_sentence_and_an_example(name, command):
    first, _, _ = (command.help or "").strip().partition("\n")
    assert first.endswith(".")
    assert "Example:\n" in (command.help or "")
    assert f"\n  {name}" in (command.help or "") or f"\n      {name}" in (command.help or "")
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{name} {param.opts}"


def test_the_reference_has_every_command_and_option():
    text = pages()["commands.md"]
    for name, command in EVERY:
        assert f" {name} {{ #{name.replace(' ', '-')} }}" in text
        for param in command.params:
            if isinstance(param, click.Option):
                assert param.opts[0] in text


def test_help_works_for_every_command(handrail, tmp_path):
    for name, _ in EVERY:
        result = handrail(tmp_path, *name.split()[1:], "--help")
        assert result.exit_code == 0, result.output
        assert result.output.startswith("Usage: handrail")


def test_version(handrail, tmp_path):
    from handrail import __version__

    assert handrail(tmp_path, "--version").output == f"handrail, version {__version__}\n"


def test_workspace_elsewhere_and_one_clock(workspace, handrail, tmp_path):
    folder = workspace({"processes/release/README.md": "- [ ] Tag\n"})
    result = handrail(tmp_path, "-C", str(folder.root), "--now", "2031-05-04", "start", "release", "X")
    assert result.exit_code == 0, result.output
    assert "started: 2031-05-04T00:00:00Z" in folder.read("processes/release/runs/2031-05-04-x.md")


PROCESS = "---\nroles: {dev: ana}\n---\n\n- [ ] Write the notes {#notes @dev}\n\n- [ ] Tag {#tag}\n"


@pytest.fixture
def folder(workspace, handrail):
    made = workspace({"processes/release/README.md": PROCESS, "processes/hr/new-hire/README.md": "- [ ] a\n"})
    handrail(made, "start", "release", "One", now="2026-11-23T09:00:00Z")
    handrail(made, "start", "release", "Two", now="2026-11-24T09:00:00Z")
    return made


def complete(folder, shell: str, words: str) -> list[str]:
    line = f"handrail {words}"
    said = run(
        folder.root,
        _HANDRAIL_COMPLETE=f"{shell}_complete",
        COMP_WORDS=line,
        COMP_CWORD=str(len(line.split(" ")) - 1) if shell != "fish" else line.rpartition(" ")[2],
    )
    assert said.stderr == ""
    return said.stdout.split("\n")


def test_completion_offers_commands_runs_then_that_runs_open_steps(folder, handrail):
    assert "plain,check" in complete(folder, "bash", "ch")
    runs = complete(folder, "bash", "check ")
    assert runs[:2] == ["plain,release/2026-11-24-two", "plain,release/2026-11-23-one"]
    assert complete(folder, "bash", "check on")[0] == "plain,one"
    handrail(folder, "check", "one", "notes")
    assert complete(folder, "bash", "check one ")[0] == "plain,tag"
    assert complete(folder, "bash", "check release/2026-11-24-two n")[0] == "plain,notes"
    assert "plain,hr/new-hire" in complete(folder, "bash", "start ")
    assert "plain,ana" in complete(folder, "bash", "assign one tag a")
    assert "Write the notes" in complete(folder, "zsh", "check two n")
    assert "plain,tag\tTag" in complete(folder, "fish", "check two t")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(handrail, tmp_path, shell):
    result = handrail(tmp_path, "completion", shell)
    assert result.exit_code == 0
    assert "_HANDRAIL_COMPLETE" in result.output


def test_completion_outside_a_workspace_offers_nothing_and_says_nothing(tmp_path):
    class Outside:
        root = tmp_path

    assert "".join(complete(Outside, "bash", "check ")) == ""


def test_output_that_nobody_reads_is_no_error(folder):
    command = f"{sys.executable} -m handrail --help | head -1"
    said = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder.root,
        env={**os.environ, "PYTHONPATH": str(TOOLS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stderr == ""


def test_a_terminal_that_knows_only_ascii(folder, handrail):
    said = run(folder.root, "check", "one", "notes", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert said.returncode == 0, said.stderr
