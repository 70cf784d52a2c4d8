# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`project baseline`, `project report` and `project board`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage
from handrail.cli.look import as_json, say, say_json
from handrail.cli.params import Name

if TYPE_CHECKING:
    from handrail.cli.context import Context
    from handrail.reports.board import By


@click.command()
@click.argument("project", type=Name("project"))
@click.argument("name", required=False, default="")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@click.pass_obj
def baseline(obj: Context, project: str, name: str, no_commit: bool) -> None:
    """Keep the plan as it stands, so that later plans can be told against it.

    NAME is what the baseline is called; the date, where there is none. It is written into `baseline.yml` beside the
    project. Reports compare with the newest one; a baseline never changes.

    \b
    Example:
      handrail project baseline spring agreed
    """
    from handrail.app.baseline import keep_baseline
    from handrail.cli.say import where
    from handrail.cli.show_report import kept_text

    found = obj.find(project, "project")
    overview = obj.overview()
    if found.id not in overview.projects:
        raise WrongUsage(f"`{found.id}` cannot be read.", "handrail lint says why")
    kept = keep_baseline(
        obj.repository, overview, found.id, name, who=obj.who(), config=obj.config, commit=not no_commit
    )
    click.echo(kept_text(overview, kept, where(kept.saved)))


@click.command()
@click.argument("project", required=False, default="", metavar="[PROJECT]", type=Name("project"))
@click.option("--all", "everything", is_flag=True, help="Finished projects too; nothing left out of lists.")
@as_json
@click.pass_obj
def report(obj: Context, project: str, everything: bool, json_wanted: bool) -> None:
    """Show how a project stands and what it needs; without PROJECT, all of them in a line each.

    \b
    Example:
      handrail project report spring
      handrail project report
    """
    from handrail.reports.manage import report as report_of

    names = [obj.find(project, "project").id] if project else []
    overview = obj.overview()
    wanted = names or [key for key, one in overview.projects.items() if everything or one.state == "active"]
    found = [one for one in (report_of(overview, name) for name in wanted) if one is not None]
    if names and not found:
        raise WrongUsage(f"`{names[0]}` cannot be read.", "handrail lint says why")
    if json_wanted:
        from handrail.reports.project_views import portfolio_view, report_view

        return say_json(report_view(overview, found[0]) if names else portfolio_view(overview, found))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_report import portfolio_text, report_text

    paint = paint_for_terminal()
    if names:
        return say(report_text(overview, paint, found[0], everything=everything))
    return say(portfolio_text(overview, paint, found))


@click.command()
@click.argument("project", type=Name("project"))
@click.option("--by", type=click.Choice(["state", "phase", "person"]), default="state", help="What the columns are.")
@click.option("--all", "everything", is_flag=True, help="All finished tasks, not only the newest.")
@as_json
@click.pass_obj
def board(obj: Context, project: str, by: By, everything: bool, json_wanted: bool) -> None:
    """Show a project's tasks in columns.

    The project's front matter may set limits, as in `limits: {doing: 3}`: a column that holds more is marked.

    \b
    Example:
      handrail project board spring --by person
    """
    from handrail.reports.board import board as board_of
    from handrail.reports.board import board_view

    found = obj.find(project, "project").id
    overview = obj.overview()
    made = board_of(overview, found, by)
    if made is None:
        raise WrongUsage(f"`{found}` cannot be read.", "handrail lint says why")
    if json_wanted:
        return say_json(board_view(overview, made))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_board import board_text

    return say(board_text(overview, paint_for_terminal(), made, everything=everything))
