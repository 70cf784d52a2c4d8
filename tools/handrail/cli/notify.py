# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail notify`: tells people what waits for them, each thing once."""

from __future__ import annotations

import os
import re
from functools import partial

import click

from handrail.cli.context import Context, pass_context
from handrail.cli.params import PERSON

_PREFIX = "HANDRAIL_NOTIFY"


@click.command()
@click.option("--person", "persons", metavar="PERSON", multiple=True, type=PERSON, help="Only this person.")
@click.option("--any-hour", is_flag=True, help="Also to those who do not work at this hour.")
@click.option("--dry-run", is_flag=True, help="Only show what would be sent.")
@pass_context
def notify(context: Context, persons: tuple[str, ...], *, any_hour: bool, dry_run: bool) -> None:
    """Tell people what waits for them, each thing once.

    One message for each: what is overdue, due today, waits for an approval or confirmation, was blocked until a
    date that has passed, and projects without a report. What lies long with others goes to the owner. Nobody is
    told outside their working hours, or when there is nothing new. What was told is kept under a git ref that
    clones share.

    HANDRAIL_NOTIFY_ANA is where @ana is told, HANDRAIL_NOTIFY where everybody is who has none of their own, with
    {email} and {person} in it; both are Apprise URLs, such as mailto://user:password@example.org?to={email}.
    HANDRAIL_NOTIFY_CHANNEL_SALES is where the channel `sales` of handrail.yml is told. Without any, nobody is told.
    It needs the extra `notify`: pip install 'handrail[notify]'.

    \b
    Example:
      handrail notify --dry-run
    """
    if not dry_run and not any(name.startswith(_PREFIX) and value for name, value in os.environ.items()):
        return click.echo(f"Nobody is told: {_PREFIX} says where, and it is not set.")
    from handrail.app.notify import pending, tell, told_so_far
    from handrail.reports.digest import digest_text

    overview = context.overview()
    find = partial(
        pending, overview, only=[one.lstrip("@") for one in persons], reachable=partial(_reachable, context),
        any_hour=any_hour,
    )  # fmt: skip
    if dry_run:
        due, others = find(told_so_far(context.repository)[0])
        for one in due:
            title, text = digest_text(overview, one)
            click.echo(f"To {_named(one.person)}: {title}\n\n{text}\n")
        _say(others.unreachable, others.resting)
        return click.echo("" if due else "There is nothing new to tell.", nl=not due)
    from handrail.integrations.post import check_ready, send

    check_ready()
    done = tell(
        context.repository, find, lambda one: send(_address(context, one.person), *digest_text(overview, one)),
        context.now,
    )  # fmt: skip
    for one in done.sent:
        click.echo(f"Told {_named(one.person)}: {digest_text(overview, one)[0]}")
    _say(done.unreachable, done.resting)
    for person, why in (done.failed or {}).items():
        click.echo(f"{_named(person)} could not be told: {why}. The next run tries again.", err=True)
    if not done.sent and not done.failed:
        click.echo("There is nothing new to tell.")
    if done.failed:
        raise SystemExit(3)
    return None


def _say(unreachable: tuple[str, ...], resting: tuple[str, ...]) -> None:
    for person in unreachable:
        click.echo(f"{_named(person)} has no address: set {_variable(person)}.", err=True)
    if resting:
        click.echo(f"Not at this hour: {' '.join(map(_named, resting))}.", err=True)


def _named(reader: str) -> str:
    return reader if reader.startswith("#") else f"@{reader}"


def _variable(reader: str) -> str:
    """Give the variable with the address of a person, or of a channel (`#name`)."""
    channel = "_CHANNEL" if reader.startswith("#") else ""
    return f"{_PREFIX}{channel}_{re.sub(r'[^A-Z0-9]', '_', reader.removeprefix('#').upper())}"


def _address(context: Context, person: str) -> str:
    """Give where a person is told; empty where nobody said so."""
    own = os.environ.get(_variable(person), "")
    if own or person.startswith("#"):
        return own
    general, emails = os.environ.get(_PREFIX, ""), context.config.person(person).email
    if "{email}" in general and not emails:
        return ""
    from urllib.parse import quote

    return general.replace("{email}", quote(emails[0] if emails else "")).replace("{person}", quote(person))


def _reachable(context: Context, person: str) -> bool:
    return bool(_address(context, person))
