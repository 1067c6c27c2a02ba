"""`captable tonight`: one page for the evening: what is due at 08:30, the draft return, and what may be bought tomorrow."""

from __future__ import annotations

from datetime import date

import click

from application import ask
from application import due as deadlines
from application.prepare_return import next_day_return
from cli import options, output
from cli.evening_sheet import Evening, layout
from cli.wiring import book, trading_days
from domain import rulebook
from domain.capital.entries import Viewpoint
from domain.capital.ledger import Ledger
from domain.clearance.clear import clear
from domain.clearance.proposal import BUY_BACK, FIVE, ClearanceSheet, Proposal
from domain.disclosure.deadlines import Obligation
from domain.events.fields import FieldError
from domain.law.business_days import Calendar, deadline, next_business_day
from domain.mandates.status import history
from domain.returns.documents import NextDayReturn
from domain.returns.filings import NotPrepared
from domain.values import Money
from infrastructure.event_store import SqlEventStore
from infrastructure.readers import values
from infrastructure.renderers import SHEET_FORMATS, render_layout


@click.command()
@click.option("--on", type=options.Day(), callback=options.say_ahead, help="The evening of this day (default: today).")
@click.option("--closes", metavar="PRICES", help="The last five closing prices, the oldest first: 1.49,1.50,1.50,1.51,1.50.")
@click.option("--currency", default="HKD", show_default=True, metavar="CODE", help="The currency of --closes.")
@click.option("--class", "share_class", metavar="CODE", help="The class to buy (default: the first listed).")
@options.output
@options.rendering(SHEET_FORMATS, "text")
@options.calendar
@options.of_a_book
def tonight(
    on: date | None,
    closes: str | None,
    currency: str,
    share_class: str | None,
    path: str | None,
    fmt: str | None,
    calendar: str | None,
    at: options.BookAt,
) -> None:
    """One page to print and sign: what is due tomorrow, the draft return, the mandates, what may be bought at what price.

    The highest price stays below 105 % of the average of five closing prices, which --closes gives. What is not known is marked
    as such.

    \b
    Examples:
      captable tonight
      captable tonight --on 2024-12-17 --closes 1.49,1.50,1.50,1.51,1.50 -o tonight.pdf
    """
    prices = _prices(closes, currency)
    with book(*at) as (books, code):
        found = _evening(books, code, on or options.today(), share_class, prices, trading_days(calendar))
    chosen = output.format_of(fmt, path, SHEET_FORMATS, "text")
    output.give(render_layout(layout(found), chosen), path, "evening sheet")


def _prices(closes: str | None, currency: str) -> tuple[Money, ...]:
    if closes is None:
        return ()
    try:
        found = tuple(values.money(f"{currency} {each.strip()}") for each in closes.split(","))
    except values.UnreadableValue as error:
        raise click.UsageError(f"--closes: {error}") from None
    if len(found) != FIVE:
        raise click.UsageError(f"--closes: expected the closing prices of five trading days, got {len(found)}")
    return found


def _evening(
    books: SqlEventStore, code: str, day: date, share_class: str | None, closes: tuple[Money, ...], calendar: Calendar
) -> Evening:
    tomorrow, now = next_business_day(day, calendar), deadlines.at_close(day)
    entries = list(books.entries(code))
    ask.check_begun(entries, Viewpoint(day))
    # The page for a past evening leaves out what happened after it.
    ledger = Ledger.of(sorted(Ledger.of(entries).until(day), key=lambda entry: entry.number))
    terms = ledger.at(day).terms
    wanted = share_class or next((each.code for each in terms.classes.values() if each.listed), None)
    return Evening(
        day=day,
        tomorrow=tomorrow,
        issuer=code,
        name=terms.issuer.name if terms.issuer else code,
        last_entry=entries[-1].number,
        due=[each for each in deadlines.due(books, code, now, calendar) if _is_due(each, tomorrow)],
        draft=_draft(books, code, day, tomorrow),
        mandates=tuple(history(ledger, tomorrow).standings.values()),
        share_class=wanted,
        closes=closes,
        clearance=_clearance(ledger, tomorrow, wanted, closes, calendar),
        findings=rulebook.check(entries, day, now=now, calendar=calendar)[::-1],
    )


def _is_due(each: Obligation, tomorrow: date) -> bool:
    return deadlines.is_pressing(each) and each.due_at <= deadline(tomorrow)


def _draft(books: SqlEventStore, code: str, day: date, tomorrow: date) -> NextDayReturn | str:
    try:
        return next_day_return(books, code, day, tomorrow)
    except NotPrepared as reason:
        return str(reason)


def _clearance(
    ledger: Ledger, tomorrow: date, share_class: str | None, closes: tuple[Money, ...], calendar: Calendar
) -> ClearanceSheet | str:
    """Whether one share may be bought: what forbids one forbids any number."""
    if share_class is None:
        return "no class is listed"
    try:
        return clear(
            ledger, Proposal(kind=BUY_BACK, on=tomorrow, shares=1, share_class=share_class, closes=closes), None, calendar
        )
    except FieldError as error:
        return str(error)
