"""The MCP server: tools and resources over standard input and output. The one file that knows the official SDK."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

import handrail
from handrail.base.errors import HandrailError, WrongUsage
from handrail.base.words import one_line
from handrail.cli import mcp_act, mcp_look
from handrail.cli.context import Context
from handrail.cli.mcp_tool import Json, Tool, find_tool, given, told

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

T = TypeVar("T")
_PAGE = 200
_SCHEME = "handrail://"
_INSTRUCTIONS = (
    "Handrail keeps a team's processes, runs and projects as Markdown in git. `next` and `mine` say what waits, "
    "`show` with a run and a step says how it is done. Steps are named by their ids. "
)
_READS = "This server only reads: what has to be done, tell a person."
_ACTS = (
    "What you do is saved as a commit in the name of the agent `{agent}`. Finish a step only when it is done, with a "
    "note that says how. What a process lets agents only propose waits for a person."
)


class Service:
    """What a client can ask for. `fresh` makes a context for each call, so that every answer is about now."""

    def __init__(self, fresh: Callable[[], Context], *, agent: str = "") -> None:
        self.fresh = fresh
        self.agent = agent
        self.tools: tuple[Tool, ...] = mcp_look.TOOLS + (mcp_act.TOOLS if agent else ())

    def server(self) -> Server[Any]:
        """Give the server, to be run on any transport."""
        return Server(
            "handrail",
            version=handrail.__version__,
            instructions=_INSTRUCTIONS + (_ACTS.format(agent=self.agent) if self.agent else _READS),
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
        )

    def call(self, name: str, arguments: object) -> Json:
        """Do what a tool does. Raises HandrailError."""
        if not self.agent and any(tool.name == name for tool in mcp_act.TOOLS):
            hint = "A person can allow more: `handrail mcp --allow-actions --agent NAME`, or `mcp:` in handrail.yml."
            raise WrongUsage(f"`{name}` writes, and this server only reads.", hint)
        tool = find_tool(self.tools, name)
        return tool.call(self.fresh(), given(tool, arguments))

    def resources(self) -> list[types.Resource]:
        """Give every process, project and active run."""
        context = self.fresh()
        overview = context.brief()
        found = [("process", one.id, one.title) for one in overview.workspace.processes.values()]
        found += [("project", one.project.id, one.project.title) for one in overview.projects.values()]
        found += [("run", one.run.id, one.run.title) for one in overview.runs.values() if one.state == "active"]
        return [
            types.Resource(uri=f"{_SCHEME}{kind}/{quote(id)}", name=id, title=title, mime_type="text/markdown")
            for kind, id, title in found
        ]

    def read(self, uri: str) -> str:
        """Give the Markdown of a process, project or run. Raises WrongUsage."""
        from handrail.app.files import read_text

        kind, _, name = uri.removeprefix(_SCHEME).partition("/")
        context = self.fresh()
        paths = {"process": context.listing.processes, "project": context.listing.projects, "run": context.listing.runs}
        if not uri.startswith(_SCHEME) or kind not in paths:
            raise WrongUsage(
                f"`{one_line(uri)[:120]}` is no resource.", f"They begin with {_SCHEME}run/, process/, project/."
            )
        path = paths[kind].get(unquote(name)) or context.find(unquote(name), kind).path
        text, problems = read_text(context.root, path)
        if problems:
            raise WrongUsage(f"`{path}` cannot be read: {problems[0].message}.")
        return text

    async def _list_tools(self, _: ServerRequestContext[Any], __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in self.tools])

    async def _call_tool(
        self, _: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            found = await _aside(partial(self.call, params.name, params.arguments))
        except HandrailError as error:
            return types.CallToolResult(content=[types.TextContent(text=told(error))], is_error=True)
        text = json.dumps(found, ensure_ascii=False)
        return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=found)

    async def _list_resources(
        self, _: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        start = _cursor(params)
        found = await _answered(self.resources)
        after = str(start + _PAGE) if start + _PAGE < len(found) else None
        return types.ListResourcesResult(resources=found[start : start + _PAGE], next_cursor=after)

    async def _list_templates(self, _: ServerRequestContext[Any], __: Any) -> types.ListResourceTemplatesResult:
        known = {"run": "A run, as its file has it.", "process": "A procedure.", "project": "A project."}
        return types.ListResourceTemplatesResult(
            resource_templates=[
                types.ResourceTemplate(
                    uri_template=f"{_SCHEME}{kind}/{{+id}}", name=kind, description=help, mime_type="text/markdown"
                )
                for kind, help in known.items()
            ]
        )

    async def _read_resource(
        self, _: ServerRequestContext[Any], params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        text = await _answered(partial(self.read, params.uri))
        contents = types.TextResourceContents(uri=params.uri, mime_type="text/markdown", text=text)
        return types.ReadResourceResult(contents=[contents])


def serve(service: Service) -> None:
    """Serve one client on standard input and output until it hangs up."""
    logging.getLogger("mcp").setLevel(logging.ERROR)

    async def run() -> None:
        server = service.server()
        async with stdio_server() as (reader, writer):
            await server.run(reader, writer, server.create_initialization_options())

    anyio.run(run)


def _described(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=not tool.acts, destructive_hint=False, open_world_hint=False)
    return types.Tool(name=tool.name, description=tool.help, input_schema=tool.schema(), annotations=hints)


_one_at_a_time = anyio.CapacityLimiter(1)


async def _aside(call: Callable[[], T]) -> T:
    """Do something that takes a while, one after another, with errors that are ours put into a sentence."""
    try:
        return await anyio.to_thread.run_sync(call, limiter=_one_at_a_time)
    except HandrailError:
        raise
    except Exception as error:
        words = one_line(str(error))[:300]
        raise HandrailError(f"This should not have happened ({type(error).__name__}: {words}).") from error
    finally:
        gc.unfreeze()  # a command counts on its process to end; this one goes on


async def _answered(call: Callable[[], T]) -> T:
    """Do the same for what has no results that are errors: those of the protocol."""
    try:
        return await _aside(call)
    except HandrailError as error:
        raise MCPError(types.INVALID_PARAMS, told(error)) from None


def _cursor(params: types.PaginatedRequestParams | None) -> int:
    text = params.cursor if params and params.cursor else "0"
    if not text.isdecimal() or len(text) > 9:
        raise MCPError(types.INVALID_PARAMS, "The cursor is one that an earlier answer gave as next_cursor.")
    return int(text)
