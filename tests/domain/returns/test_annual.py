"""The tables of an annual report, beside the twelve Monthly Returns of the year; expected figures by hand."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from application.record import record
from domain import events
from domain.capital.entries import Draft
from domain.capital.ledger import Ledger
from domain.returns import monthly
from domain.returns.annual import NOT_FILED, NOT_FROM_HERE, AnnualTables, CapitalLine, tables
from domain.returns.filings import NotPrepared
from domain.returns.purchases import Bought
from domain.values import Money
from infrastructure.event_store import SqlEventStore
from tests.application.test_take_in import BEGINS, ISSUER, year_of_returns
from tests.domain.book_of import entries, event

YEAR_END = date(2025, 12, 31)


def year_kept(store: SqlEventStore) -> AnnualTables:
    """The tables of a year whose twelve Monthly Returns were filed from the book."""
    year_of_returns(store)
    return tables(Ledger.of(store.entries(ISSUER)), YEAR_END)


def numbers(line: CapitalLine) -> tuple[int | None, int | None]:
    return line.issued.value, line.treasury.value


def test_a_year_opens_moves_and_closes_as_by_hand(store: SqlEventStore) -> None:
    found = year_kept(store)
    (ordinary,) = found.classes
    assert {line.kind: numbers(line) for line in ordinary.movements} == {
        # 300,000 in January and 600,000 in June were bought into treasury; what is bought to be cancelled moves when it is.
        events.SharesRepurchased: (-900_000, 900_000),
        events.OptionsExercised: (600_000, 0),
        events.RepurchasedSharesCancelled: (-3_400_000, 0),
        events.PlacingCompleted: (50_000_000, 0),
        events.TreasurySharesSold: (800_000, -800_000),
        events.ScripDividendIssued: (3_000_000, 0),
    }
    assert (numbers(ordinary.opening), numbers(ordinary.closing)) == ((905_000_000, 2_000_000), (955_100_000, 2_100_000))


def test_purchases_are_those_of_each_month_with_their_prices_and_all_that_was_paid(store: SqlEventStore) -> None:
    found = year_kept(store)
    highest, lowest = (Money.parse("HKD 3"),), (Money.parse("HKD 2"),)
    assert [(each.month_end.month, each.bought) for each in found.purchases] == [
        (month, Bought(shares, highest, lowest, (Money.parse(paid),)))
        for month, shares, paid in (
            (1, 800_000, "HKD 1994000"),
            (5, 400_000, "HKD 1000000"),
            (6, 600_000, "HKD 1500000"),
            (10, 1_500_000, "HKD 3750000"),
        )
    ]


def test_the_tables_agree_with_the_twelve_returns(store: SqlEventStore) -> None:
    found = year_kept(store)
    assert [(month.month_end.month, month.not_compared, month.differs) for month in found.months] == [
        (month, None, ()) for month in range(1, 13)
    ]


def test_a_fact_corrected_after_its_return_is_said_with_both_figures(store: SqlEventStore) -> None:
    year_of_returns(store)
    placing = next(each for each in store.entries(ISSUER) if isinstance(each.event, events.PlacingCompleted))
    smaller = attrs.evolve(placing.event, shares=40_000_000)
    record(store, ISSUER, [Draft(event=smaller, recorded_by="secretary", replaces=placing.number)])
    found = tables(Ledger.of(store.entries(ISSUER)), YEAR_END)
    assert {month.month_end.month: month.differs for month in found.months if month.differs} == {
        3: ("class ordinary, issued: 50,000,000 as filed, 40,000,000 in the book now",)
    }


def test_a_month_whose_return_is_not_filed_or_not_made_here_is_not_compared() -> None:
    book = entries(
        event("IssuerRegistered", BEGINS, issuer=ISSUER, name="Example Lighthouse Limited"),
        event("ShareClassCreated", BEGINS, share_class="o", class_label="Ordinary shares"),
        event("BalanceBroughtForward", BEGINS, share_class="o", held="100"),
        event("ReturnFiled", "31 January 2025", kind="monthly", submitted_on="5 February 2025"),
    )
    months = tables(Ledger.of(book), YEAR_END).months
    assert [month.not_compared for month in months[:2]] == [NOT_FROM_HERE, NOT_FILED]


@pytest.mark.parametrize(
    ("ends", "opened_on"),
    [(date(2025, 12, 31), date(2024, 12, 31)), (date(2025, 2, 28), date(2024, 2, 29)), (date(2024, 2, 29), date(2023, 2, 28))],
)
def test_a_financial_year_is_the_twelve_months_until_its_last_day(ends: date, opened_on: date) -> None:
    book = entries(
        event("IssuerRegistered", "1 January 2020", issuer=ISSUER, name="Example Lighthouse Limited"),
        event("ShareClassCreated", "1 January 2020", share_class="o", class_label="Ordinary shares"),
        event("BalanceBroughtForward", "1 January 2020", share_class="o", held="100"),
    )
    found = tables(Ledger.of(book), ends)
    assert (found.opened_on, len(found.months), found.months[-1].month_end) == (opened_on, 12, ends)


def test_a_year_that_opens_before_the_book_is_refused() -> None:
    book = entries(
        event("ShareClassCreated", "31 March 2025", share_class="o", class_label="Ordinary shares"),
        event("BalanceBroughtForward", "31 March 2025", share_class="o", held="100"),
    )
    with pytest.raises(NotPrepared, match="the book begins at close of 31 March 2025"):
        tables(Ledger.of(book), YEAR_END)


def test_a_class_that_a_return_does_not_name_did_not_move_in_it() -> None:
    """Shares of another class were created and issued in March, after the return of March was made: 500 more than it prints."""
    begun = [
        event("IssuerRegistered", BEGINS, issuer=ISSUER, name="Example Lighthouse Limited"),
        event("ShareClassCreated", BEGINS, share_class="o", class_label="Ordinary shares", listed="yes", stock_code=ISSUER),
        event("AuthorisedCapitalIncreased", BEGINS, share_class="o", shares="1,000"),
        event("BalanceBroughtForward", BEGINS, share_class="o", held="100"),
    ]
    made = monthly.prepare(entries(*begun), date(2025, 3, 31), date(2025, 4, 3))
    filed = event(
        "ReturnFiled",
        "31 March 2025",
        kind="monthly",
        submitted_on="3 April 2025",
        form=str(made.form),
        book_number="4",
        digest="0" * 64,
    )
    later = [
        event("ShareClassCreated", "3 March 2025", share_class="p", class_label="Preference shares", authorised="no"),
        event("OtherSharesIssued", "4 March 2025", share_class="p", shares="500", text="Issue of preference shares"),
    ]
    (march,) = (each for each in tables(Ledger.of(entries(*begun, filed, *later)), YEAR_END).months if each.month_end.month == 3)
    assert (march.not_compared, march.differs) == (None, ("class p, issued: 0 as filed, 500 in the book now",))
