# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail mcp`: a server for AI agents that speak the Model Context Protocol."""

from __future__ import annotations

import os
from importlib.util import find_spec

import click

from handrail.base.errors import NotAllowed, WrongUsage
from handrail.base.words import did_you_mean
from handrail.cli.context import Context, pass_context
from handrail.cli.params import PERSON
from handrail.model.people import Config, Person


@click.command("mcp")
@click.option("--allow-actions/--read-only", "actions", default=None, help="Let the agent act, or only read (default).")
@click.option(
    "--agent", type=PERSON, default="", metavar="NAME", help="The agent that acts: a person with `agent: true`."
)
@pass_context
def mcp(context: Context, *, actions: bool | None, agent: str) -> None:
    """Serve AI agents over the Model Context Protocol.

    It talks on standard input and output. Agents read how everything stands and, with --allow-actions, start runs and
    check off steps in the name of the agent that --agent names, by the same rules as everybody.
    `mcp: {actions: true, agent: NAME}` in handrail.yml says the same. It needs the extra `mcp`: pip install
    'handrail[mcp]'.

    \b
    Example:
      handrail mcp
      handrail mcp --allow-actions --agent robo
    """
    if find_spec("mcp") is None:
        raise NotAllowed("The MCP SDK is not installed.", "pip install 'handrail[mcp]'")
    policy = context.config.mcp
    key = agent.lstrip("@") or policy.agent
    acting = ""
    if actions if actions is not None else policy.actions:
        acting = _become(_agent(context.config, key))
    from handrail.cli.mcp_server import Service, serve

    start, now_text = context.root, context.now_text
    serve(Service(lambda: Context(start, now_text), agent=acting))


def _agent(config: Config, key: str) -> Person:
    """Give the agent of that key: it must be known for one, so that nothing it does looks like a person's work."""
    agents = {name: one for name, one in config.people.items() if one.agent}
    if not key:
        hint = f"Name it: --agent {next(iter(agents), 'NAME')}."
        raise WrongUsage("Actions are done in the name of an agent.", hint)
    if key not in config.people:
        raise WrongUsage(
            f"There is no agent `{key[:60]}` in handrail.yml.", f"{did_you_mean(key, agents)} {_HOW}".strip()
        )
    if key not in agents:
        raise WrongUsage(f"`{key}` is a person, and what an agent does must not look like their work.", _HOW)
    if not agents[key].email:
        raise WrongUsage(f"The agent `{key}` has no `email`, by which its commits are known.", _HOW)
    return agents[key]


_HOW = "List it among `people` in handrail.yml: `robo: {name: Triage agent, email: [robo@example.org], agent: true}`."


def _become(agent: Person) -> str:
    """Let git take the agent for the author of all that follows; the committer stays whoever runs the server."""
    os.environ["GIT_AUTHOR_NAME"] = agent.shown
    os.environ["GIT_AUTHOR_EMAIL"] = agent.email[0]
    return agent.key
