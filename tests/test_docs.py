"""What the documentation says is so: pages from the code are fresh, commands and links exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from handrail.cli.main import handrail as root
from handrail.cli.reference import main as write_reference
from handrail.cli.reference import walk_commands

TOP = Path(__file__).parents[1]
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
LINES = sorted(
    {
        (str(page.relative_to(TOP)), line.strip().removeprefix("$ "))
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("$ handrail ")
    }
)


def test_the_reference_pages_are_what_the_program_says():
    assert write_reference(["--check", str(TOP / "docs" / "reference")]) == 0


@pytest.mark.parametrize(("name", "command"), [(name, command) for name, command, _ in walk_commands(root)])
def test_every_command_has_help_with_an_example(name: str, command: click.Command):
    assert command.help, name
    assert "Example:" in command.help, name


@pytest.mark.parametrize(("page", "line"), LINES)
def test_commands_in_the_documentation_exist_with_their_options(page: str, line: str):
    words = shlex.split(re.split(r" [|#>]", line)[0].rstrip("\\"))[1:]
    command: click.Command = root
    context = click.Context(root, info_name="handrail")
    if words and words[0].startswith("--"):
        return
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None, f"{page}: {line}"
        command, context = found, click.Context(found, info_name=found.name, parent=context)
    command.make_parser(context).parse_args(args=words)


def test_there_are_commands_in_the_documentation():
    assert len(LINES) > 30


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_links_lead_to_files_that_exist(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^()\s#]+)(?:#[^()\s]*)?\)", re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"[a-z]+:", target):
            continue
        generated = (TOP / "docs" / target.lstrip("./")).parent.name in {"processes", "projects", "people", "stalled"}
        assert generated or (page.parent / target).exists(), f"{page}: {target}"
