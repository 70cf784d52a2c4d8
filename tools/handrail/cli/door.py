"""The one place where errors become output and an exit status.

0: fine. 1: something was found, or the action is not allowed. 2: wrong usage. 3: git or the remote refused.
130: stopped by Ctrl-C, as shells have it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from handrail.base.errors import BrokenFiles, HandrailError

INTERRUPTED = 130
REPORT = "please report it, with the command that you ran, to the issue tracker of Handrail"


def leave_with(action: Callable[[], Any]) -> int:
    """Run a command and give its exit status; whatever goes wrong in it is said on standard error."""
    _forgive_narrow_terminals()
    try:
        result = action()
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - this is the one door
        return _say(error)
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _forgive_narrow_terminals() -> None:
    """Let a terminal that cannot show a character show `?` instead of stopping the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _say(error: BaseException) -> int:
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    if isinstance(error, BrokenPipeError):
        return _hush()
    if isinstance(error, HandrailError):
        return _refuse(error)
    if isinstance(error, click.Abort | KeyboardInterrupt | EOFError):
        click.echo("Stopped. What was done before stays done, nothing is half done.", err=True)
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if _debugging():
        raise error
    return _surprise(error)


def _hush() -> int:
    # Whoever reads has had enough (`handrail log | head`): no second error when Python closes the stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _refuse(error: HandrailError) -> int:
    if isinstance(error, BrokenFiles):
        from handrail.cli.problems import problem_text

        for problem in error.problems:
            click.echo(problem_text(problem), err=True)
    click.secho("Error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(error.sentence, err=True)
    if error.hint:
        click.echo(f"  {error.hint}", err=True)
    if _debugging() and error.__cause__ is not None:
        raise error
    return error.exit_code


def _debugging() -> bool:
    return os.environ.get("HANDRAIL_DEBUG", "") not in {"", "0"}


def _surprise(error: BaseException) -> int:
    if isinstance(error, UnicodeDecodeError):
        sentence = f"something that should be UTF-8 text is not: {error.reason} at byte {error.start}"
        return _refuse(HandrailError(sentence, "`handrail lint` names the file"))
    if isinstance(error, OSError) and error.strerror:
        where = f"`{error.filename}`: " if error.filename else ""
        return _refuse(HandrailError(f"{where}{error.strerror.lower()}"))
    words = " ".join(str(error).split())[:300]
    what = f"{type(error).__name__}{f': {words}' if words else ''}"
    sentence = f"this should not have happened ({what}); {REPORT}"
    return _refuse(HandrailError(sentence, "HANDRAIL_DEBUG=1 shows where it happened"))
