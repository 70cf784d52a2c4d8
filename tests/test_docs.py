"""What the documentation says is so: pages from the code are fresh, commands and links exist, the tutorial works."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from handrail.cli.main import handrail as root
from handrail.cli.reference import main as write_reference
from handrail.cli.reference import walk_commands

if TYPE_CHECKING:
    from click.testing import Result

TOP = Path(__file__).parents[1]
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
COMMAND = re.compile(r"(?:^ *\$ |^ *- (?:run: )?|`)(handrail [^`\n]*)", re.MULTILINE)
"""A command line after a prompt, in a job of a build server, or in running text."""
LINES = sorted(
    {
        (str(page.relative_to(TOP)), line.strip())
        for page in PAGES
        for line in COMMAND.findall(page.read_text(encoding="utf-8"))
    }
)
TUTORIAL = (TOP / "docs" / "guide" / "tutorial.md").read_text(encoding="utf-8")
NOW = "2026-11-23T10:02:11Z"


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
    assert len(LINES) > 100


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_links_lead_to_files_that_exist(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^()\s#]+)(?:#[^()\s]*)?\)", re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"[a-z]+:", target):
            continue
        generated = (TOP / "docs" / target.lstrip("./")).parent.name in {"processes", "projects", "people", "stalled"}
        assert generated or (page.parent / target).exists(), f"{page}: {target}"


def test_links_into_a_page_lead_to_a_heading():
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^()\s#:]*)#([^()\s]+)\)", page.read_text(encoding="utf-8")):
            if target.endswith(".webp"):
                continue  # what follows says in which scheme the picture is shown
            text = (page.parent / target if target else page).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+?)(?: \{.*\})?$", text, re.MULTILINE)
            known = {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}
            assert anchor in known | set(re.findall(r"\{:? ?#([\w-]+)", text)), f"{page}: {target}#{anchor}"


def test_pictures_come_in_both_schemes_are_all_shown_and_light():
    found = sorted((TOP / "docs/guide/pictures").iterdir())
    names = {re.sub(r"-(light|dark)\.webp$", "", one.name) for one in found}
    assert [one.name for one in found] == sorted(
        f"{name}-{scheme}.webp" for name in names for scheme in ("light", "dark")
    )
    guide = (TOP / "docs/guide/read-the-site.md").read_text(encoding="utf-8")
    for one in found:
        assert f"pictures/{one.name}#only-{one.stem.rpartition('-')[2]}" in guide, one.name
    assert sum(one.stat().st_size for one in found) < 1_500_000


@pytest.fixture
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be the person whom the tutorial speaks of."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ana Reyes")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")


def blocks(kind: str) -> list[str]:
    """Give the tutorial's blocks of one kind, without those that are indented (choices and remarks)."""
    return re.findall(rf"^```{kind}\n(.*?)^```", TUTORIAL, re.DOTALL | re.MULTILINE)


def tutorial_commands() -> Iterator[tuple[str, str]]:
    """Give each command of the tutorial with the output that is shown beneath it, in order."""
    for block in blocks("console"):
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield re.sub(r" +# .*", "", command), output


@pytest.mark.usefixtures("ana")
def test_the_tutorial_works_as_it_is_written(tmp_path: Path, handrail: Callable[..., Result]):
    folder, played = tmp_path, []
    checklist, process, step = blocks("markdown")
    for command, shown in tutorial_commands():
        words = shlex.split(command)
        printed, status = "", 0
        if words[0] == "cd":
            folder = folder / words[1]
            assert blocks("yaml")[0] in (folder / "handrail.yml").read_text()
            (folder / "checklist.md").write_text(checklist)
        elif words[0] == "git":
            done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
            printed, status = done.stdout, done.returncode
        elif words[:3] == ["handrail", "site", "serve"]:
            words[2] = "build"
            assert handrail(folder, *words[1:], now=NOW).exit_code == 0
        else:
            answers = "d\n\nd\n2026-12-01\nq\n" if words[1] == "do" else None
            result = handrail(folder, *words[1:], now=NOW, input=answers)
            printed, status = result.output, result.exit_code
        assert status == 0, (command, printed)
        assert printed == shown or not shown, command
        played.append(command)
        if words[:2] == ["handrail", "adopt"]:
            (folder / "processes" / "new-client" / "README.md").write_text(process)
    run = (folder / "processes/new-client/runs/2026-11-23-ada-lovelace.md").read_text()
    assert step in run
    assert "set start_date=2026-12-01" in run
    assert len(played) > 12
