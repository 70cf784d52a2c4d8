"""AI agents: the official SDK's client reads, acts within the rules, and is told what would have been right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

pytest.importorskip("mcp")

import anyio
from mcp import Client, MCPError, StdioServerParameters

TOOLS = Path(__file__).parents[2] / "tools"
NOW = "2026-11-23T09:00:00Z"
CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
  robo: {name: Triage agent, email: [robo@example.org], agent: true}
  gone: {name: Old agent, agent: true}
"""
ONBOARDING = """---
title: Onboarding
owner: "@mara"
name: "{{ customer }}"
fields:
  customer: {required: true}
  plan: {choices: [basic, pro], default: basic}
  account: {}
---

## Prepare

- [ ] Create the account {#account @robo ask=account}

  Use the plan **{{ plan }}**.

- [ ] Import the data {#data @robo proof=link}

## Go live

- [ ] Check the data {#look @ana not-by=data}
- [ ] Released {#release @ana approval back=data}
"""
PROPOSED = ONBOARDING.replace("title: Onboarding", "title: Careful\nagents: propose")
CAMPAIGN = """---
title: Campaign
owner: "@mara"
start: 2026-11-23
---

- [ ] Brief {#brief @robo est=2d}
- [ ] Shoot {#shoot @ben est=3d after=brief}
"""


@pytest.fixture
def office(workspace):
    files = {
        "processes/onboarding/README.md": ONBOARDING,
        "processes/careful/README.md": PROPOSED,
        "projects/campaign/README.md": CAMPAIGN,
    }
    return workspace(files, config=CONFIG)


def environment():
    kept = {name: value for name, value in os.environ.items() if name.startswith(("GIT_", "HOME", "PATH", "TZ"))}
    return {**kept, "PYTHONPATH": str(TOOLS), "HANDRAIL_NOW": NOW}


@asynccontextmanager
async def client_of(folder, *options):
    arguments = ["-m", "handrail", "-C", str(folder.root), "mcp", *options]
    async with Client(StdioServerParameters(command=sys.executable, args=arguments, env=environment())) as client:
        yield client


async def ask(client, tool, **arguments):
    """Call a tool that succeeds, and give its answer."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def refusal(client, tool, **arguments):
    """Call a tool that fails, and give what it says."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result.content[0].text
    return result.content[0].text


def test_an_agent_plays_an_onboarding_through(office):
    async def play():
        async with client_of(office, "--allow-actions", "--agent", "robo") as client:
            listed = await ask(client, "list", what="processes")
            assert [one["process"] for one in listed["processes"]] == ["careful", "onboarding"]
            fields = (await ask(client, "show", name="onboarding"))["fields"]
            assert [one["name"] for one in fields if one["required"]] == ["customer"]
            said = await refusal(client, "start", process="onboarding")
            assert "customer" in said
            started = await ask(client, "start", process="onboarding", fields={"customer": "Ada"})
            run = started["run"]
            assert started["next"]["id"] == "account"
            told = await ask(client, "show", name=run, step="account")
            assert "the plan **basic**" in told["instruction"]
            assert told["needs"]["fields"] == ["account"]
            assert "account" in await refusal(client, "check", name="ada", steps=["account"])
            done = await ask(client, "check", name="ada", steps=["account"], fields={"account": "A-7"}, note="made it")
            assert (done["action"], done["by"], done["next"]["id"]) == ("done", "robo", "data")
            assert "link" in await refusal(client, "check", name="ada", steps=["data"])
            await ask(client, "check", name="ada", steps=["data"], proof="https://example.org/log/1")
            four_eyes = await refusal(client, "check", name="ada", steps=["look"])
            assert "somebody else" in four_eyes or "not-by" in four_eyes
            return run

    run = anyio.run(play)
    path = f"processes/onboarding/runs/{run.rpartition('/')[2]}.md"
    assert "@robo done: made it" in office.read(path)
    lines = office.git("log", "--format=%an|%cn|%s", "-3").splitlines()
    assert all(line.startswith("Triage agent|Mara Lind|") for line in lines)
    assert lines[0].endswith(": Import the data")


def test_what_an_agent_finishes_is_a_proposal_where_the_process_says_so(office, handrail):
    async def play():
        async with client_of(office, "--allow-actions", "--agent", "robo") as client:
            await ask(client, "start", process="careful", fields={"customer": "Bob"})
            done = await ask(client, "check", name="bob", steps=["account"], fields={"account": "B-1"})
            assert done["action"] == "proposed"
            said = await refusal(client, "approve", name="bob", steps=["release"])
            assert "agent" in said or "approve" in said

    anyio.run(play)
    assert handrail(office, "check", "bob", "account", now=NOW).exit_code == 0
    verdict = handrail(office, "verify", "HEAD~2..HEAD", now=NOW)
    assert verdict.exit_code == 0, verdict.output


def test_a_project_is_looked_at_and_worked_on(office):
    async def play():
        async with client_of(office, "--allow-actions", "--agent", "robo") as client:
            assert [one["id"] for one in (await ask(client, "project_plan", project="camp"))["tasks"]] == [
                "brief",
                "shoot",
            ]
            await ask(client, "check", name="campaign", steps=["brief"])
            report = await ask(client, "project_report", project="campaign")
            assert report["progress"] > 0
            assert (await ask(client, "status"))["projects"][0]["next"]["id"] == "shoot"

    anyio.run(play)


def test_it_only_reads_unless_somebody_allows_more(office):
    async def play():
        async with client_of(office) as client:
            tools = (await client.list_tools()).tools
            assert all(tool.annotations.read_only_hint for tool in tools)
            assert "check" not in {tool.name for tool in tools}
            said = await refusal(client, "check", name="x", steps=["y"])
            assert "only reads" in said
            assert "--allow-actions" in said

    anyio.run(play)
    before = office.git("rev-list", "--count", "HEAD")
    office.write({"handrail.yml": CONFIG + "mcp: {actions: true, agent: robo}\n"})
    office.commit()

    async def allowed(*options):
        async with client_of(office, *options) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    assert "check" in anyio.run(allowed)
    assert "check" not in anyio.run(allowed, "--read-only")
    assert int(office.git("rev-list", "--count", "HEAD")) == int(before) + 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "in the name of an agent"),
        (("--agent", "ana"), "must not look like their work"),
        (("--agent", "rob"), "did you mean `robo`"),
        (("--agent", "gone"), "no `email`"),
    ],
)
def test_actions_need_an_agent_that_is_known_for_one(office, handrail, options, said):
    done = handrail(office, "mcp", "--allow-actions", *options, now=NOW)
    assert done.exit_code == 2
    assert said in done.output


def test_a_bad_call_is_told_what_would_have_been_right(office):
    async def play():
        async with client_of(office, "--allow-actions", "--agent", "robo") as client:
            await ask(client, "start", process="onboarding", fields={"customer": "Ada"})
            assert "did you mean `check`" in (await refusal(client, "chek", name="ada")).lower()
            said = await refusal(client, "check", name="ada", step=["account"])
            assert "Did you mean `steps`?" in said
            assert "It takes: name, steps, [note], [fields], [proof]." in said
            assert "needs `steps`" in await refusal(client, "check", name="ada")
            assert "list of texts" in await refusal(client, "check", name="ada", steps=7)
            assert "account" in await refusal(client, "check", name="ada", steps=["acount"])
            assert "nobody" in (await refusal(client, "mine", person="zoe")).lower()
            assert "processes, runs, projects" in await refusal(client, "list", what="people")
            assert "20,000 are allowed" in await refusal(client, "note", name="ada", note="x" * 30_000)
            assert "address" in await refusal(client, "check", name="ada", steps=["data"], proof="/etc/passwd")
            assert "passwd" in await refusal(client, "show", name="../../etc/passwd")
            assert "basic" in await refusal(client, "set", name="ada", fields={"plan": "gold"})
            with pytest.raises(MCPError, match="no resource"):
                await client.read_resource("file:///etc/passwd")
            with pytest.raises(MCPError, match=r"handrail\.yml"):
                await client.read_resource("handrail://run/..%2F..%2Fhandrail.yml")

    anyio.run(play)


def test_processes_projects_and_runs_are_resources(office, handrail):
    assert handrail(office, "start", "onboarding", "-f", "customer=Ada", now=NOW).exit_code == 0

    async def play():
        async with client_of(office) as client:
            known = [one.uri for one in (await client.list_resources()).resources]
            assert known == [
                "handrail://process/careful",
                "handrail://process/onboarding",
                "handrail://project/campaign",
                "handrail://run/onboarding/2026-11-23-ada",
            ]
            for uri in known:
                (content,) = (await client.read_resource(uri)).contents
                assert "title:" in content.text
            templates = (await client.list_resource_templates()).resource_templates
            assert {one.uri_template for one in templates} == {
                f"handrail://{kind}/{{+id}}" for kind in ("run", "process", "project")
            }

    anyio.run(play)


def request(number, method, params):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


def test_nonsense_is_survived(office):
    command = [sys.executable, "-m", "handrail", "-C", str(office.root), "mcp"]
    about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    long = {"name": "show", "arguments": {"name": "x" * 3_000_000}}
    lines = [
        "this is no JSON",
        "{",
        "[]",
        '{"jsonrpc": "2.0"}',
        request(1, "initialize", about),
        '{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        request(2, "no/such/method", {}),
        request(3, "tools/call", {"name": 7}),
        request(4, "tools/call", long),
        request(5, "resources/list", {"cursor": "-1"}),
        "\x00\x07 \ufffd",
        request(6, "tools/call", {"name": "list", "arguments": {"what": "runs"}}),
    ]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write("\n".join(lines) + "\n")
    server.stdin.flush()
    answers = {}
    while 6 not in answers:
        found = json.loads(server.stdout.readline())
        answers[found.get("id")] = found
    server.stdin.close()
    assert server.wait(20) == 0
    assert all("error" in answers[number] for number in (2, 3, 5))
    assert answers[4]["result"]["isError"]
    assert json.loads(answers[6]["result"]["content"][0]["text"])["runs"] == []


def test_without_the_sdk_it_says_what_to_install(office, handrail, monkeypatch):
    from handrail.cli import mcp as command

    monkeypatch.setattr(command, "find_spec", lambda name: None)
    done = handrail(office, "mcp", now=NOW)
    assert done.exit_code == 1
    assert "pip install 'handrail[mcp]'" in done.output
