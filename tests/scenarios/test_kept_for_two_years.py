"""Invented issuers of different kinds, each kept for two years: every return that is due is filed, and made again to the byte.

A scenario of `kept_for_two_years` has what is `given` in the words of `record --file`, the returns that are `filed`, what is
`found late`, after all of them, and `then` what comes of it. Every expected figure is worked out by hand and written as a sum
(`sums.py`). Facts are recorded on the morning on which the next return is submitted: the business day after the day of a Next
Day Disclosure Return, and the fourth one after the month of a Monthly Return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs
import pytest

from application.file_return import Filed, file_return, rebuild
from application.record import record
from domain.capital.entries import Draft, Entry, Viewpoint, in_effect
from domain.disclosure.deadlines import FILED, NOT_NEEDED, POLL, obligations
from domain.law.business_days import HONG_KONG, next_business_day, nth_business_day_after_month_end
from domain.mandates.status import history
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn
from domain.returns.filed import as_now, filings, touched
from domain.returns.forms import MONTHLY, NEXT_DAY
from domain.rulebook import findings
from domain.values import month_end_of
from infrastructure.calendar import TradingCalendar
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.readers import values
from infrastructure.renderers import render
from tests.domain.book_of import position_at
from tests.domain.capital.test_properties import check_monthly, check_section, rows_of
from tests.scenarios.sums import chained, summed
from tests.scenarios.test_scenarios import Written, check_balance, check_lines, printed, read, records

ISSUERS = sorted((Path(__file__).parent / "kept_for_two_years").glob("*.yaml"))
CALENDAR = TradingCalendar()


# --- how a scenario is kept -------------------------------------------------------------------------------------


@attrs.define
class Clock:
    """A clock that stands in the morning of a day, and goes on by a second at every reading."""

    now: datetime = datetime(2000, 1, 1, tzinfo=HONG_KONG)

    def morning_of(self, day: date) -> None:
        self.now = max(self.now, datetime.combine(day, time(7), HONG_KONG))

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@attrs.define(slots=False)
class Kept:
    """An issuer whose two years are over: the scenario, its book, the returns filed by name, what was recorded late."""

    scenario: Written
    store: SqlEventStore
    issuer: str
    filed: Mapping[str, Filed]
    late: Sequence[Entry]

    @property
    def then(self) -> Written:
        return self.scenario["then"]

    @cached_property
    def entries(self) -> Sequence[Entry]:
        return list(self.store.entries(self.issuer))

    @property
    def months(self) -> dict[str, MonthlyReturn]:
        """The Monthly Returns by their months: September 2023."""
        documents = (filed.document for filed in self.filed.values())
        return {f"{each.month_end:%B %Y}": each for each in documents if isinstance(each, MonthlyReturn)}


def month_ends(span: str) -> Iterator[date]:
    """The month ends of a span in words: July 2023 to June 2025."""
    first, last = (datetime.strptime(month, "%B %Y").date() for month in span.split(" to "))
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield month_end_of(date(number // 12, number % 12 + 1, 1))


def returns_of(scenario: Written) -> list[tuple[date, date, str]]:
    """The day on which each return is submitted, the day that it is about, and its kind, in the order of filing."""
    days = [values.day(day) for day in scenario["filed"]["next-day"]]
    return sorted([
        *((next_business_day(day, CALENDAR), day, NEXT_DAY) for day in days),
        *((nth_business_day_after_month_end(on, CALENDAR, 4), on, MONTHLY) for on in month_ends(scenario["filed"]["monthly"])),
    ])  # fmt: skip


def name_of(kind: str, on: date) -> str:
    return f"Monthly Return for {on:%B %Y}" if kind == MONTHLY else f"Next Day Disclosure Return of {on:%-d %B %Y}"


def keep(path: Path, store: SqlEventStore, clock: Clock) -> Kept:
    scenario, waiting = read(path)
    issuer, filed = waiting[0].event.issuer, {}
    for submitted_on, on, kind in returns_of(scenario):
        clock.morning_of(submitted_on)
        waiting = record_until(submitted_on, store, issuer, waiting)
        name = name_of(kind, on)
        rendering = "pdf" if name in scenario["filed"]["pdf"] else "json"
        filed[name] = file_return(
            store, issuer, kind, on, submitted_on,
            render=render, rendering=rendering, recorded_by="secretary",
        )  # fmt: skip
    assert waiting == ()
    late = record(store, issuer, records(path, "found late")).entries if "found late" in scenario else ()
    return Kept(scenario, store, issuer, filed, late)


def record_until(day: date, store: SqlEventStore, issuer: str, waiting: Sequence[Draft]) -> tuple[Draft, ...]:
    """Record what happened before a day; the rest happens later."""
    record(store, issuer, [draft for draft in waiting if draft.event.effective_on < day])
    return tuple(draft for draft in waiting if draft.event.effective_on >= day)


@pytest.fixture(scope="module", params=ISSUERS, ids=[path.stem for path in ISSUERS])
def kept(request, tmp_path_factory):
    clock = Clock()
    opened = open_store(str(tmp_path_factory.mktemp("kept") / "captable.db"), clock=clock, create=True)
    yield keep(request.param, opened, clock)
    opened.close()


# --- what is due ------------------------------------------------------------------------------------------------


def test_the_returns_that_are_due_are_those_filed_and_all_are_in_time(kept):
    known = kept.entries[: len(kept.entries) - len(kept.late)]
    found = obligations(known, known[-1].recorded_at, CALENDAR)
    due = {(each.kind, each.about): each.status for each in found if each.kind != POLL and each.status != NOT_NEEDED}
    assert due == {(kind, on): FILED for _, on, kind in returns_of(kept.scenario)}


# --- the figures of every month ---------------------------------------------------------------------------------


def figure(found: Any, *path: str) -> Fraction | None:
    for name in path:
        found = getattr(found, name, None)
    number = getattr(found, "value", found)
    return None if number is None else Fraction(number)


def block_of(blocks: Any, code: str) -> Any:
    return next((block for block in blocks or () if block.heading.code == code), None)


def row_of(document: MonthlyReturn, name: str) -> Any:
    """The row of a scheme, an instrument or an agreement in Part III(A) to (D), by its particulars or description."""
    parts = (*document.options, *document.warrants, *document.convertibles, *document.agreements)
    return next((row for (_, described), row in rows_of(parts).items() if described == name), None)


PRINTED: Mapping[str, Callable[[MonthlyReturn, str], Fraction | None]] = {
    "authorised": lambda document, code: figure(block_of(document.authorised, code), "closing"),
    "issued": lambda document, code: figure(block_of(document.issued, code), "closing", "issued"),
    "treasury": lambda document, code: figure(block_of(document.issued, code), "closing", "treasury"),
    "outstanding": lambda document, name: figure(row_of(document, name), "closing"),
    "may be issued": lambda document, name: figure(row_of(document, name), "may_be_issued"),
    "may be granted": lambda document, name: figure(row_of(document, name), "may_be_granted"),
}
"""The figure at close of a month that a Monthly Return prints of a class, a scheme or an instrument; None if it has none."""


def check_months(sums: Mapping[str, str], printed_in: Mapping[str, Fraction | None]) -> None:
    """A figure moves in the months stated and in no other; after the month in which it ends nothing is printed."""
    last = next((when.removeprefix("after ") for when in sums if when.startswith("after ")), None)
    stated = dict(chained({when: words for when, words in sums.items() if not when.startswith("after ")}))
    assert stated.keys() <= printed_in.keys()
    expected, over = summed(next(iter(sums.values())))[0], False
    for month, found in printed_in.items():
        expected = stated.get(month, expected)
        # What begins with nothing is not there before.
        nothing = over or (found is None and not expected and month not in stated)
        assert found == (None if nothing else expected), f"{month}: {found} is printed, not {'nothing' if over else expected}"
        over = over or month == last


@pytest.mark.parametrize("what", PRINTED)
def test_every_month_closes_with_what_the_scenario_adds_up_to(what, kept):
    for name, sums in kept.then["month ends"].get(what, {}).items():
        check_months(sums, {month: PRINTED[what](document, name) for month, document in kept.months.items()})


def test_what_is_pending_cancellation_is_what_the_scenario_adds_up_to(kept):
    positions = {month: position_at(kept.entries, Viewpoint(each.month_end)) for month, each in kept.months.items()}
    for code, sums in kept.then["month ends"].get("pending", {}).items():
        check_months(sums, {month: Fraction(each.balance(code).pending_cancellation) for month, each in positions.items()})


def test_the_scenario_leaves_out_no_class_and_no_right_that_the_returns_have(kept):
    documents, stated = kept.months.values(), kept.then["month ends"]
    assert {block.heading.code for each in documents for block in each.issued} == stated["issued"].keys()
    rights = {
        described
        for each in documents
        for _, described in rows_of((*each.options, *each.warrants, *each.convertibles, *each.agreements))
    }
    assert rights == stated.get("may be issued", {}).keys()


def test_every_return_adds_up_and_opens_where_an_earlier_one_closed(kept):
    """Known at its own time: what was found late is in none of them."""
    earlier = None
    for filed in kept.filed.values():
        known, document = kept.entries[: filed.recorded.entries[0].number - 1], filed.document
        if isinstance(document, MonthlyReturn):
            check_monthly(document, earlier, position_at(known, Viewpoint(document.month_end)))
            earlier = document
        else:
            closing = position_at(known, Viewpoint(document.sections[0].closing.on))
            for section in document.sections:
                check_section(document, section, closing)


# --- what is left of mandates, and other days -------------------------------------------------------------------


def test_mandates_have_left_what_the_scenario_adds_up_to(kept):
    ordered = in_effect(kept.entries)
    assert kept.then["mandates left"].keys() == history(ordered).standings.keys()
    for code, sums in kept.then["mandates left"].items():
        for day, left in chained(sums):
            assert history(ordered, values.day(day)).standings[code].headroom == left, f"{code} at close of {day}"


def test_balances_on_other_days_are_those_of_the_scenario(kept):
    for written in kept.then["balances"]:
        check_balance(kept.entries, written, kept.scenario)


def test_the_scenarios_own_arithmetic_comes_out(kept):
    for words in kept.then.get("by hand", ()):
        summed(words)


def test_the_book_has_the_findings_of_the_scenario(kept):
    assert [finding.message for finding in findings(kept.entries)] == list(kept.then["findings"])


# --- what the returns print -------------------------------------------------------------------------------------


def test_returns_print_the_lines_of_the_scenario(kept):
    for written in kept.then["returns"]:
        document = kept.filed[written["return"]].document
        check_lines(document, written["lines"])
        for words in written.get("nowhere", ()):
            assert not [line for line in printed(document) if words in line], f"{written['return']} prints {words}"


@pytest.mark.parametrize("format_name", ["text", "html"])
def test_every_return_prints_in_the_other_formats(format_name, kept):
    assert all(render(filed.document, format_name) for filed in kept.filed.values())


# --- what is made again -----------------------------------------------------------------------------------------


def test_every_return_is_made_again_to_the_byte_after_all_that_was_recorded_since(kept):
    assert [each.name for each in filings(kept.entries) if each.filed.book_number] == list(kept.filed)
    for name, filed in kept.filed.items():
        found, content = rebuild(kept.store, kept.issuer, filed.recorded.entries[0].number, render=render)
        assert (found.name, content) == (name, filed.content)


def test_every_return_is_what_the_moment_before_its_filing_knew(kept):
    for filed in kept.filed.values():
        entry, document = filed.recorded.entries[0], filed.document
        prepare = monthly.prepare if isinstance(document, MonthlyReturn) else next_day.prepare
        known_at = entry.recorded_at - timedelta(microseconds=1)
        assert prepare(kept.entries, entry.event.effective_on, document.submitted_on, known_at) == document


def test_what_is_found_late_changes_the_returns_from_its_own_month_on(kept):
    found = [filing.name for filing, _ in touched(kept.entries, [entry.number for entry in kept.late])]
    span = kept.then.get("touched")
    assert found == [name_of(MONTHLY, on) for on in month_ends(span)] if span else not found


def test_returns_as_they_are_known_now_print_the_lines_of_the_scenario(kept):
    by_name = {each.name: each for each in filings(kept.entries)}
    for written in kept.then.get("returns as known now", ()):
        check_lines(as_now(kept.entries, by_name[written["return"]]), written["lines"])
