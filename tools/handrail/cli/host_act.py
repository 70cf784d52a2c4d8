"""What people ask for on a git host: who it is, what they want, and the answer that they get."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

import click

from handrail.base.errors import HandrailError, NotAllowed, WrongUsage
from handrail.base.words import one_line
from handrail.cli.context import Context
from handrail.cli.mcp_act import TOOLS
from handrail.cli.mcp_tool import find_tool, given, told
from handrail.model.people import Config, Person

_MOST = 100_000
_INPUTS = ("action", "name", "steps", "text", "fields")


def asked(context: Context, environment: Mapping[str, str]) -> str:
    """Do what is asked for, as the person who asks. Gives a sentence about it. Raises HandrailError."""
    person = _person(context.config, environment.get("HANDRAIL_ACTOR", ""))
    body, inputs = environment.get("HANDRAIL_ISSUE_BODY", ""), environment.get("HANDRAIL_INPUTS", "")
    if bool(body) == bool(inputs):
        raise WrongUsage("One of HANDRAIL_INPUTS and HANDRAIL_ISSUE_BODY says what is wanted.")
    name, arguments = ("start", _from_issue(body)) if body else _from_inputs(inputs)
    _become(person)
    tool = find_tool(TOOLS, name)
    return _said(tool.call(context, given(tool, arguments)))


def answer(issue: str, do: Callable[[], str]) -> None:
    """Do it and say what came of it: on the terminal, and under the issue, which is closed when it is done.

    Raises what went wrong, after it was said under the issue.
    """
    try:
        said = do()
    except HandrailError as error:
        if issue:
            _reply(issue, f"This could not be done.\n\n{told(error)}")
        raise
    click.echo(said)
    if issue:
        _reply(issue, said, close=True)


def _reply(issue: str, text: str, *, close: bool = False) -> None:
    from handrail.cli.show_diff import escaped
    from handrail.integrations.host import host_of
    from handrail.integrations.host_keep import keep_comment

    host = host_of(os.environ)
    keep_comment(host, issue, "act", "\n\n".join(escaped(line) for line in text.split("\n") if line.strip()))
    if close:
        host.close_issue(issue)


def _person(config: Config, actor: str) -> Person:
    name = actor.strip().lstrip("@").casefold()
    if not name:
        raise WrongUsage("`HANDRAIL_ACTOR` does not say who asks.", "In a workflow it is `github.actor`.")
    for one in config.people.values():
        if name in {one.github.casefold(), *(address.casefold() for address in one.email)} - {""}:
            return _able(one)
    shown = one_line(actor)[:60]
    raise NotAllowed(
        f"`{shown}` is nobody whom handrail.yml lists.",
        f"Somebody who may change it adds `github: {shown}` to a person there.",
    )


def _able(person: Person) -> Person:
    if not person.active:
        raise NotAllowed(f"@{person.key} has left, as handrail.yml says.")
    if person.agent:
        raise NotAllowed(f"@{person.key} is an agent, and forms are for people.", "Agents act by `handrail mcp`.")
    if not person.email:
        raise NotAllowed(
            f"@{person.key} has no `email` in handrail.yml, by which their commits are known.", "Add one there."
        )
    return person


def _become(person: Person) -> None:
    """Let git take the person for the author; the committer is the workflow, where it has no name of its own."""
    os.environ["GIT_AUTHOR_NAME"], os.environ["GIT_AUTHOR_EMAIL"] = person.shown, person.email[0]
    os.environ.setdefault("GIT_COMMITTER_NAME", "Handrail")
    os.environ.setdefault("GIT_COMMITTER_EMAIL", "handrail@localhost")


def _from_issue(body: str) -> dict[str, object]:
    from handrail.integrations.host_form import PROCESS, read_form, wish_of

    wish = wish_of(read_form(body))
    if "process" not in wish:
        raise WrongUsage(f"The issue has no answer under `{PROCESS}`.", "Make it with one of the forms `Start: …`.")
    return wish


def _from_inputs(text: str) -> tuple[str, dict[str, object]]:
    try:
        inputs = json.loads(text[:_MOST])
    except (ValueError, RecursionError):
        inputs = None
    if not isinstance(inputs, dict) or not all(isinstance(one, str) for one in inputs.values()):
        raise WrongUsage("HANDRAIL_INPUTS is no JSON object of texts.", "In a workflow it is `toJSON(inputs)`.")
    for name in inputs:
        if name not in _INPUTS:
            raise WrongUsage(f"There is no input `{name[:60]}`.", f"There are: {', '.join(_INPUTS)}.")
    action, name, text = (inputs.get(key, "").strip() for key in ("action", "name", "text"))
    fields = _fields(inputs.get("fields", ""))
    if action == "start":
        wanted: dict[str, object] = {"process": name, "title": text, "fields": fields}
    else:
        steps = inputs.get("steps", "").replace(",", " ").split()
        wanted = {"name": name, "steps": steps, "note": text, "fields": fields}
    return action, {key: value for key, value in wanted.items() if value}


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, (part.strip() for part in text.splitlines())):
        name, sign, value = line.partition("=")
        if not sign:
            raise WrongUsage(f"`{line[:60]}` is no `name=value`.", "Fields are written one on a line: plan=pro.")
        found[name.strip()] = value.strip()
    return found


def _said(done: Mapping[str, Any]) -> str:
    holder = done.get("run") or done.get("project")
    steps = ", ".join(one["title"] for one in done["steps"])
    what = f"{done['action']} {holder}" if done["action"] == "started" else f"{done['action']}: {steps} ({holder})"
    return "\n".join([f"@{done['by']} {what}", *done["said"], *done["followed"]])


def write_forms(context: Context, folder: str, *, check: bool) -> list[str]:
    """Write the forms that are not as they should be, and give their paths from the workspace's root."""
    from handrail.integrations.host_form import form_of
    from handrail.store.paths import write_bytes

    changed: list[str] = []
    for process in context.overview().workspace.processes.values():
        if process.status != "effective":
            continue
        path = f"{folder}/start-{process.id.replace('/', '--')}.yml"
        data, place = form_of(process).encode(), context.root / path
        if place.is_file() and place.read_bytes() == data:
            continue
        changed.append(path)
        if not check:
            write_bytes(context.root, path, data)
    return changed
