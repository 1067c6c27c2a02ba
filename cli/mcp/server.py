"""The tools over standard input and output, by the library of the Model Context Protocol."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import anyio
import mcp_types as types
from anyio.to_thread import run_sync
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from cli.mcp.tools import TOOLS, Tool, answered
from cli.web.desk import Desk
from cli.web.problems import details, problem_of
from domain.law.rule import NO_ADVICE

INSTRUCTIONS = (
    "The share-capital record of Hong Kong-listed issuers. Every tool reads or proposes; none records and none files. Dates are "
    "inclusive, at close of the Hong Kong day; as_of is the day asked about, known_at what the book knew at a moment. Numbers of "
    f"shares are whole. Quote the entries and rules that an answer names. {NO_ADVICE}"
)


def serve(desk: Desk) -> None:
    """Answer until standard input ends."""
    anyio.run(_serve, server_of(desk))


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def server_of(desk: Desk) -> Server[Any]:
    """A server whose tools ask a desk."""

    async def listed(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_shown(each) for each in TOOLS.values()])

    async def called(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        return await run_sync(_result, desk, asked.name, asked.arguments or {})

    return Server(
        "captable",
        version=version("captable"),
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def _shown(tool: Tool) -> types.Tool:
    reads = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    return types.Tool(name=tool.name, description=tool.does, input_schema=dict(tool.schema), annotations=reads)


def _result(desk: Desk, name: str, given: dict[str, Any]) -> types.CallToolResult:
    """What a tool answers; an error as problem details, by the words with which a command would end."""
    try:
        found, failed = answered(_tool(name), desk, given), False
    except Exception as error:
        problem = details(problem_of(error))
        found, failed = {"code": problem.code, "title": problem.title, "detail": problem.detail, "errors": problem.errors}, True
    text = json.dumps(found, ensure_ascii=False, default=str)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=json.loads(text), is_error=failed
    )


def _tool(name: str) -> Tool:
    from domain.errors import NotFound

    if name not in TOOLS:
        raise NotFound(f"there is no tool {name[:40]!r}; there are: {', '.join(TOOLS)}")
    return TOOLS[name]
