# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail lint` and `handrail fmt`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from handrail.cli.context import Context, pass_context

if TYPE_CHECKING:
    from handrail.base.problem import Problem


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="`github` prints annotations for a workflow.",
)
@click.option("--fix", is_flag=True, help="Mend what has one right answer; the files are left for you to commit.")
@pass_context
def lint(context: Context, paths: tuple[str, ...], as_json: bool, style: str, fix: bool) -> None:
    """Find everything that is wrong in the files.

    Exit status 1 where there is an error; warnings and hints alone are 0. With `--fix`, what is left counts.

    \b
    Example:
      handrail lint processes/hr --fix
    """
    from handrail.app.fix import fix_files, fixable
    from handrail.app.lint import is_wanted, lint_workspace, workspace_path
    from handrail.base.problem import has_errors

    wanted = tuple(workspace_path(context.root, context.start, path) for path in paths)
    gone: tuple[Problem, ...] = ()
    if fix:
        gone = fix_files(context.repository, context.listing, lambda path: not wanted or is_wanted(path, wanted))
    keep = context.repository.keep
    problems = lint_workspace(context.root, context.workspace, wanted, now=context.now, keep=keep)
    left = frozenset() if fix else fixable(context.root, context.listing, problems)
    if as_json or style == "json":
        _print_json(context, problems, gone, left)
    elif style == "github":
        for problem in problems:
            click.echo(annotation(problem))
    else:
        for problem in gone:
            click.echo(f"{click.style('Fixed', fg='green')} {problem.place}: {_change(problem)}")
        _print_text(context, problems, len(left))
    if has_errors(problems):
        raise SystemExit(1)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--check", is_flag=True, help="Only say which files would change; exit status 1 where there are some.")
@pass_context
def fmt(context: Context, names: tuple[str, ...], check: bool) -> None:
    """Write missing blank lines and the events of hand-made ticks.

    Without names, every run and project. Files are written and left for you to commit.

    \b
    Example:
      handrail fmt ada
    """
    from handrail.app.mend import mend
    from handrail.app.names import Named

    if names:
        targets = [context.find(name, "run", "project") for name in names]
    else:
        listing = context.listing
        targets = [Named("run", key, path) for key, path in listing.runs.items()]
        targets += [Named("project", key, path) for key, path in listing.projects.items()]
    who, now = context.who(), context.now
    mended = [(target, mend(context.repository, target, who=who, now=now, write=not check)) for target in targets]
    changed = [target for target, found in mended if found.changed]
    for target in changed:
        click.echo(f"{'Would write' if check else click.style('Wrote', fg='green')} {target.path}")
    for target, found in mended:
        if found.cut_off:
            steps = ", ".join(f"`{name}`" for name in found.cut_off)
            click.echo(
                f"{target.path}: who ticked {steps}, and when, is older than the history of this clone.", err=True
            )
            click.echo("  `git fetch --unshallow` gets the rest.", err=True)
    if not changed:
        click.echo("Nothing to mend.")
    if changed and check:
        raise SystemExit(1)


def annotation(problem: Problem) -> str:
    """Give a problem as a workflow command of GitHub Actions, which shows it beside the line in a pull request."""
    level = {"error": "error", "warning": "warning"}.get(problem.level, "notice")
    place = problem.place
    message = f"{problem.message}{f' ({problem.hint})' if problem.hint else ''}"
    facts = f"file={_property(place.path)},line={place.line},col={place.column},title={_property(problem.code)}"
    return f"::{level} {facts}::{_data(message)}"


def _change(problem: Problem) -> str:
    return f"`{problem.fix.old}` is now `{problem.fix.new}`" if problem.fix else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _print_text(context: Context, problems: tuple[Problem, ...], mendable: int) -> None:
    from handrail.base.words import count
    from handrail.cli.problems import problem_text

    for problem in problems:
        click.echo(problem_text(problem))
    levels = Counter(problem.level for problem in problems)
    space = context.workspace
    files = count(len(space.processes) + len(space.runs) + len(space.projects), "file")
    if not problems:
        click.echo(f"{files}, nothing to complain about.")
        return
    told = [count(levels[level], level) for level in ("error", "warning", "hint") if levels[level]]
    more = f" `handrail lint --fix` mends {mendable} of them." if mendable else ""
    click.echo(f"{'' if levels['error'] else 'No errors, '}{', '.join(told)} in {files}.{more}")


def problem_object(problem: Problem, *, fixable: bool = False) -> dict[str, Any]:
    """Give a problem as JSON has it; `fix` is what `lint --fix` would write in its place, empty for nothing."""
    return {
        "code": problem.code,
        "level": problem.level,
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": problem.message,
        "hint": problem.hint,
        "fix": problem.fix.new if fixable and problem.fix else "",
    }


def _print_json(
    context: Context, problems: tuple[Problem, ...], gone: tuple[Problem, ...], left: frozenset[Problem]
) -> None:
    import json

    from handrail.format.scalars import write_time

    found = [problem_object(problem, fixable=problem in left) for problem in problems]
    fixed = [problem_object(problem, fixable=True) for problem in gone]
    whole = {"schema": "lint/1", "at": write_time(context.now), "problems": found, "fixed": fixed}
    click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
