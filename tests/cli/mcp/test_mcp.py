"""The tools over standard input and output, asked by a real client, on the demo: they read and propose, and never write."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import SCRIPT, captable, done

# The library is among those that the tests need; where it is not installed yet, the rest of the suite still runs.
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mcp") is None and "CI" not in os.environ, reason="mcp is not installed: pip install '.[mcp]'"
)

PLACING = {
    "event": "PlacingCompleted", "share_class": "B", "shares": 120_000_000, "effective_on": "2025-03-03", "price": "HKD 1.6",
    "mandate": "issue-2024", "source": "letter of the placing agent",
}  # fmt: skip


def asked(server: Any, *questions: tuple[str, dict[str, Any]]) -> list[Any]:
    """What a client is answered: for each question whether it failed, and the answer."""
    import anyio
    from mcp import Client

    async def talk() -> list[Any]:
        with anyio.fail_after(120):
            async with Client(server) as client:
                found = [await client.call_tool(name, given) for name, given in questions]
        return [(bool(each.is_error), each.structured_content) for each in found]

    return anyio.run(talk)


@pytest.fixture
def tools(demo: Path) -> Iterator[Any]:
    """The tools on the demo, in this process, by a clock that stands still."""
    from cli.mcp.server import server_of
    from tests.cli.web.conftest import desk_of

    desk = desk_of(str(demo))
    yield server_of(desk)
    desk.store.close()


def test_the_tools_answer_as_the_commands_do(tools):
    answers = asked(
        tools,
        ("balances", {"as_of": "2024-12-31"}),
        ("issuers", {}),
        ("entries", {"event": "placing-completed", "issuer": "00020"}),
        ("entry", {"number": 41}),
        ("rule", {"rule": "HK302"}),
        ("monthly_return", {"month": "2024-12", "submitted_on": "2025-01-06"}),
        ("event", {"event": "placing-completed"}),
    )
    assert [failed for failed, _ in answers] == [False] * 7
    balances, issuers, entries, entry, rule, monthly, event = [answer for _, answer in answers]
    by_command = done("balances", "--as-of", "2024-12-31", "--json").json["classes"]
    assert [{name: row[name] for name in each} for row, each in zip(balances["classes"], by_command, strict=True)] == by_command
    # The worked issuer completed its placing of 1,865,000,000 class B shares on 17 December 2024.
    assert balances["classes"][0]["issued_excluding_treasury"] == 36_393_336_530
    assert [each["issuer"] for each in issuers["issuers"]] == ["00020"]
    assert 41 in [each["entry"] for each in entries["entries"]]
    assert (entry["event"], entry["shares"]) == ("PlacingCompleted", 1_865_000_000)
    assert rule["versions"][0]["code"] == "HK302"
    assert monthly["document"]["form"] == {"code": "FF301", "version": "1.1.1"}
    assert any(41 in line["entries"] for line in monthly["explained"])
    assert "shares" in event["schema"]["properties"]


def test_a_proposal_has_balances_findings_and_deadlines_and_writes_nothing(demo, tools):
    before = hashlib.sha256(demo.read_bytes()).digest()
    ((failed, answer),) = asked(tools, ("propose", {"records": [PLACING]}))
    assert not failed
    assert (answer["recorded"], answer["would_record"]) == ([], [49])
    (effect,) = answer["effects"]
    # 36,393,336,530 + 120,000,000
    assert effect["after"]["issued_excluding_treasury"] == 36_513_336_530
    assert answer["due"] == ["Due: Next Day Disclosure Return, Tue 4 March 2025 08:30 HKT (13.25A(2)(a)(i))"]
    assert hashlib.sha256(demo.read_bytes()).digest() == before
    assert done("verify", "--json").code == 0
    assert len(done("export").out.splitlines()) == 48


def test_what_cannot_be_answered_says_why_in_the_words_of_a_command(tools):
    answers = asked(
        tools,
        ("balances", {"as_off": "2024-12-31"}),
        ("balances", {"as_of": "soon"}),
        ("balances", {"issuer": "00021"}),
        ("entry", {}),
        ("entry", {"number": 4_000}),
        ("record", {"records": [PLACING]}),
        ("propose", {"records": [{**PLACING, "shares": 5.5}]}),
        ("propose", {"records": [{**PLACING, "shares": 10**13}]}),
        ("propose", {"records": "all"}),
        ("event", {"event": "placing-finished"}),
        ("due", {"all": True}),
    )
    assert all(failed for failed, _ in answers)
    assert [answer["code"] for _, answer in answers] == [
        "bad input", "bad input", "not found", "bad input", "not found", "not found", "bad input", "refused", "bad input",
        "bad input", "bad input",
    ]  # fmt: skip
    details = [answer["detail"] for _, answer in answers]
    assert details[0] == "as_off: balances has no such argument; its arguments: issuer, as_of, known_at"
    assert details[3] == "number: entry needs it"
    assert details[5].startswith("there is no tool 'record'; there are: issuers, ")
    assert "shares" in details[6]
    assert details[8] == 'records: expected a list of records, got "all"'
    assert details[9] == "event: there is no event 'placing-finished'. Did you mean placing-completed?"


@pytest.mark.parametrize(
    ("tool", "given", "detail"),
    [
        ("entry", {"number": "x"}, 'number: expected a whole number, got "x"'),
        ("entry", {"number": 41.5}, "number: expected a whole number, got 41.5"),
        ("entry", {"number": True}, "number: expected a whole number, got true"),
        ("entries", {"page": [1]}, "page: expected a whole number, got [1]"),
        ("series", {"all": "yes"}, 'all: expected true or false, got "yes"'),
        ("balances", {"as_of": 20241217}, "as_of: expected text in quotation marks, got 20241217"),
        ("balances", {"issuer": 20}, "issuer: expected text in quotation marks, got 20"),
        ("rule", {"rule": ["HK302"]}, 'rule: expected text in quotation marks, got ["HK302"]'),
        ("event", {"event": "placing"}, "event: there is no event 'placing'. Did you mean placing-completed?"),
        ("event", {"event": " "}, "event: expected the name of an event, such as placing-completed"),
        ("entries", {"event": "Placing"}, "event: there is no event 'Placing'. Did you mean placing-completed?"),
        ("propose", {"records": {}}, "records: expected a list of records, got {}"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
def test_an_argument_that_is_no_such_value_is_refused_by_its_name(demo, tool, given, detail):
    from cli.mcp.tools import TOOLS, answered
    from cli.web.asked import BadQuery
    from tests.cli.web.conftest import desk_of

    desk = desk_of(str(demo))
    with pytest.raises(BadQuery) as refused:
        answered(TOOLS[tool], desk, given)
    desk.store.close()
    assert str(refused.value) == detail


def test_an_argument_that_is_null_is_one_left_out(demo):
    from cli.mcp.tools import TOOLS, answered
    from tests.cli.web.conftest import desk_of

    desk = desk_of(str(demo))
    assert answered(TOOLS["balances"], desk, {"as_of": "2024-12-31", "issuer": None})["as_of"] == "2024-12-31"
    desk.store.close()


def test_an_event_has_either_of_its_names(demo):
    from cli.mcp.tools import TOOLS, answered
    from tests.cli.web.conftest import desk_of

    desk = desk_of(str(demo))
    by_command, by_class = (
        [answered(TOOLS[tool], desk, {"event": name}) for tool in ("event", "entries")]
        for name in ("placing-completed", "PlacingCompleted")
    )
    desk.store.close()
    assert by_command == by_class


def test_no_tool_says_that_it_writes(demo):
    import anyio
    from mcp import Client

    from cli.mcp.server import server_of
    from tests.cli.web.conftest import desk_of

    desk = desk_of(str(demo))

    async def listed() -> list[Any]:
        async with Client(server_of(desk)) as client:
            return list((await client.list_tools()).tools)

    tools = anyio.run(listed)
    desk.store.close()
    assert {each.name for each in tools} >= {"balances", "due", "findings", "propose"}
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.input_schema["additionalProperties"] is False
        assert all(each["description"] for each in tool.input_schema["properties"].values()), tool.name


def test_the_page_for_programs_names_every_tool_and_its_commands_run(demo):
    from cli.mcp.tools import TOOLS
    from tests.test_docs import ROOT

    page = (ROOT / "AGENTS.md").read_text()
    assert all(f"`{name}`" in page for name in TOOLS)
    commands = page.split("```sh\n")[1].split("```")[0].splitlines()
    assert len(commands) == 5
    for command in commands:
        ran = captable(*shlex.split(command)[1:])
        assert ran.code in (0, 1), ran.err
        json.loads(ran.out)


# --- The command ----------------------------------------------------------------------------------------------------------


def test_a_client_starts_the_command_and_is_answered(demo):
    from mcp import StdioServerParameters

    server = StdioServerParameters(command=str(SCRIPT), args=["mcp", "--store", str(demo)], env=dict(os.environ))
    ((failed, answer),) = asked(server, ("balances", {"as_of": "2024-12-31"}))
    assert (failed, answer["classes"][0]["issued_excluding_treasury"]) == (False, 36_393_336_530)


def test_the_command_says_what_it_is_and_ends_with_its_input(demo):
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}}
    asks = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}
    (answer,) = done("mcp", "--store", str(demo), given=json.dumps(asks).encode() + b"\n").out.splitlines()
    said = json.loads(answer)["result"]
    assert (said["serverInfo"]["name"], list(said["capabilities"])) == ("captable", ["tools"])
    assert "Every tool reads or proposes; none records and none files." in said["instructions"]


def test_without_the_library_the_command_says_what_to_install(demo, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ran = captable("mcp", "--store", str(demo))
    assert (ran.code, ran.out) == (2, "")
    assert "this needs mcp: pip install 'captable[mcp]'" in ran.err


def test_the_command_reads_a_store_that_is_there(folder):
    ran = captable("mcp", "--store", "nowhere.db")
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere.db" in ran.err
