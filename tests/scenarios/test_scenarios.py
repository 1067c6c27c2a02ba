"""Scenarios that a company secretary can review: what was recorded, and what the book then says.

A scenario has a `title`, what is `given` in the words of `record --file`, recorded one after the other, and `then`:
balances at close of days, lines of returns in their order (cells parted by `|`), and every finding. `known_at: entry 5`
looks with the knowledge of the moment at which entry 5 was recorded; at the head of a scenario it counts for all of it.
The file of an event (tests/events) may hold one too, under `scenario`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from application.prepare_return import monthly_return, next_day_return
from application.record import record
from domain.capital.entries import Draft, Entry, Viewpoint
from domain.returns.filings import NotPrepared
from domain.rulebook import findings
from infrastructure.event_store import SqlEventStore
from infrastructure.readers import values
from infrastructure.readers.records import read_records
from infrastructure.renderers import layout_of
from infrastructure.renderers.layout import Heading, Paragraph, RuledTable
from tests.domain.book_of import position_at
from tests.events import WITH_SCENARIO
from tests.written import LOADER, texts_of

SCENARIOS = [*sorted(Path(__file__).parent.glob("*.yaml")), *WITH_SCENARIO]
EXPECTED = {"balances", "monthly return", "next-day return", "findings"}
Written = Mapping[str, Any]


def records(path: Path, key: str) -> tuple[Draft, ...]:
    """The records under a key of a scenario, as the product's own reader reads them."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    written = _under(_under(node, "scenario") if path in WITH_SCENARIO else node, key)
    batch = read_records(
        path.name, yaml.serialize(written, Dumper=yaml.BaseDumper, allow_unicode=True).encode(), recorded_by="secretary"
    )
    assert batch.problems == ()
    return batch.drafts


def _under(node: Any, key: str) -> Any:
    (value,) = [value for name, value in node.value if name.value == key]
    return value


def read(path: Path) -> tuple[Written, tuple[Draft, ...]]:
    """A scenario's expectations, and the records that it is given."""
    written = texts_of(path)
    return written["scenario"] if path in WITH_SCENARIO else written, records(path, "given")


def known_at(entries: Sequence[Entry], written: Written, scenario: Written) -> datetime | None:
    named = written.get("known_at", scenario.get("known_at"))
    return entries[int(named.removeprefix("entry ")) - 1].recorded_at if named else None


def printed(document: Any) -> Iterator[str]:
    """The rows, headings and paragraphs of a return, as lines of cells."""
    for page in layout_of(document).pages:
        for block in page.blocks:
            if isinstance(block, RuledTable):
                yield from (" ".join(" | ".join(cell.text for cell in row).split()) for row in block.rows)
            elif isinstance(block, Heading | Paragraph):
                yield block.text


def check_lines(document: Any, lines: Sequence[str]) -> None:
    """Each line stands in the return, after the one before it."""
    rest = iter(list(printed(document)))
    for line in lines:
        assert " ".join(line.split()) in rest, f"{line!r} is not among, or not in this order:\n" + "\n".join(printed(document))


def check_balance(entries: Sequence[Entry], written: Written, scenario: Written) -> None:
    position = position_at(entries, Viewpoint(values.day(written["on"]), known_at(entries, written, scenario)))
    balance = position.balance(written["share_class"])
    said = {name: value for name, value in written.items() if name not in ("on", "share_class", "known_at")}
    assert said
    numbers = {name: getattr(balance, name) for name in said}
    assert numbers == {name: None if value == "not applicable" else values.whole(value) for name, value in said.items()}


def check_monthly(store: SqlEventStore, issuer: str, written: Written, at: datetime | None) -> None:
    year, month = written["month"].split("-")
    document = monthly_return(store, issuer, int(year), int(month), values.day(written["submitted_on"]), at)
    check_lines(document, written["lines"])


def check_next_day(store: SqlEventStore, issuer: str, written: Written, at: datetime | None) -> None:
    days = values.day(written["on"]), values.day(written["submitted_on"])
    if "not prepared" in written:
        with pytest.raises(NotPrepared) as refused:
            next_day_return(store, issuer, *days, at)
        assert str(refused.value) == written["not prepared"]
    else:
        check_lines(next_day_return(store, issuer, *days, at), written["lines"])


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_what_was_recorded_gives_what_the_scenario_says(path, store):
    scenario, drafts = read(path)
    issuer = drafts[0].event.issuer
    for draft in drafts:
        record(store, issuer, [draft])
    entries, then = list(store.entries(issuer)), scenario["then"]
    assert set(then) <= EXPECTED
    for written in then.get("balances", ()):
        check_balance(entries, written, scenario)
    for written in then.get("monthly return", ()):
        check_monthly(store, issuer, written, known_at(entries, written, scenario))
    for written in then.get("next-day return", ()):
        check_next_day(store, issuer, written, known_at(entries, written, scenario))
    assert [finding.message for finding in findings(entries)] == list(then.get("findings", ()))


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_a_scenario_has_a_title_facts_and_expectations_and_nothing_else(path):
    scenario, drafts = read(path)
    assert set(scenario) - {"known_at"} == {"title", "given", "then"}
    assert scenario["title"].strip()
    assert drafts
