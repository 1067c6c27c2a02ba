"""What earlier filings say of a return: where it opens, its status, and whether it can be prepared."""

from __future__ import annotations

from datetime import date

import pytest

from domain.returns import monthly, next_day
from domain.returns.filings import NotPrepared, scope_of, status_of
from tests.domain.book_of import entries, event, recorded_at, set_up

ASSUMED = "assumed: no return filed before is recorded; taken from the end of the preceding month"


def filed(kind, closing_on, submitted_on, **said):
    return event("ReturnFiled", closing_on, kind=kind, submitted_on=submitted_on, **said)


PLACED = event("PlacingCompleted", "17 December 2024", share_class="ordinary", shares="10")


def opening(*returns, submitted_on=date(2024, 12, 18), known_at=None):
    """The opening of a return of 17 December 2024, on which 10 shares were placed, after some returns."""
    scope = scope_of(entries(*set_up(), PLACED, *returns), date(2024, 12, 17), submitted_on, known_at)
    return scope.changes.opened_on, scope.basis


MONTHLY_OF_NOVEMBER = filed("monthly", "30 November 2024", "6 December 2024")
NEXT_DAY_OF_THE_10TH = filed("next-day", "10 December 2024", "11 December 2024")


@pytest.mark.parametrize(
    ("returns", "opened_on", "basis"),
    [
        ([], date(2024, 11, 30), ASSUMED),
        ([MONTHLY_OF_NOVEMBER], date(2024, 11, 30), "closing balance of the Monthly Return for November 2024"),
        (
            [MONTHLY_OF_NOVEMBER, NEXT_DAY_OF_THE_10TH],
            date(2024, 12, 10),
            "closing balance of the Next Day Disclosure Return of 10 December 2024",
        ),
        (
            [NEXT_DAY_OF_THE_10TH, MONTHLY_OF_NOVEMBER],
            date(2024, 12, 10),
            "closing balance of the Next Day Disclosure Return of 10 December 2024",
        ),
        # One of the same closing date that knew of the change is submitted again, not followed.
        (
            [MONTHLY_OF_NOVEMBER, filed("next-day", "17 December 2024", "17 December 2024")],
            date(2024, 11, 30),
            "closing balance of the Monthly Return for November 2024",
        ),
        # One not yet submitted does not open the next.
        (
            [MONTHLY_OF_NOVEMBER, filed("next-day", "16 December 2024", "19 December 2024")],
            date(2024, 11, 30),
            "closing balance of the Monthly Return for November 2024",
        ),
        (
            [filed("next-day", "30 November 2024", "2 December 2024"), filed("monthly", "31 October 2024", "6 November 2024")],
            date(2024, 11, 30),
            "closing balance of the Next Day Disclosure Return of 30 November 2024",
        ),
    ],
)
def test_a_next_day_return_opens_where_the_last_return_published_closed(returns, opened_on, basis):
    assert opening(*returns) == (opened_on, basis)


def test_a_filing_not_yet_known_does_not_open_a_return():
    assert opening(MONTHLY_OF_NOVEMBER, known_at=recorded_at(5)) == (date(2024, 11, 30), ASSUMED)


def test_without_a_filing_the_month_end_before_is_assumed_in_january_too():
    placed = event("PlacingCompleted", "1 January 2025", share_class="ordinary", shares="10")
    scope = scope_of(entries(*set_up(), placed), date(2025, 1, 1), date(2025, 1, 2))
    assert scope.changes.opened_on == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("listed_on", "opened_on", "taken_from"),
    [
        ("29 November 2024", date(2024, 11, 30), "the end of the preceding month"),
        ("30 November 2024", date(2024, 11, 30), "the end of the preceding month"),
        ("2 December 2024", date(2024, 12, 2), "the day of the listing"),
        ("16 December 2024", date(2024, 12, 16), "the day of the listing"),
        # Nothing was disclosed before what happened on the day of the listing itself.
        ("17 December 2024", date(2024, 11, 30), "the end of the preceding month"),
    ],
)
def test_the_first_return_after_a_listing_opens_at_close_of_that_day(listed_on, opened_on, taken_from):
    listed = event("GlobalOfferingCompleted", listed_on, share_class="ordinary", shares="100")
    found = opening(listed)
    assert found == (opened_on, f"assumed: no return filed before is recorded; taken from {taken_from}")


def test_a_return_that_was_filed_since_a_listing_opens_the_next():
    listed = event("GlobalOfferingCompleted", "2 December 2024", share_class="ordinary", shares="100")
    assert opening(listed, NEXT_DAY_OF_THE_10TH)[0] == date(2024, 12, 10)


@pytest.mark.parametrize(
    ("returns", "submitted_on", "status"),
    [
        ([], date(2024, 12, 18), "New Submission"),
        ([filed("next-day", "17 December 2024", "17 December 2024")], date(2024, 12, 17), "New Submission"),
        ([filed("next-day", "17 December 2024", "17 December 2024")], date(2024, 12, 18), "Resubmission"),
        ([filed("next-day", "17 December 2024", "18 December 2024", status="Resubmission")], date(2024, 12, 18), "Resubmission"),
        ([filed("next-day", "17 December 2024", "19 December 2024")], date(2024, 12, 18), "New Submission"),
        ([filed("next-day", "16 December 2024", "17 December 2024")], date(2024, 12, 18), "New Submission"),
        ([filed("monthly", "17 December 2024", "17 December 2024")], date(2024, 12, 18), "New Submission"),
    ],
)
def test_a_return_submitted_again_is_a_resubmission(returns, submitted_on, status):
    assert status_of(entries(*returns), "next-day", date(2024, 12, 17), submitted_on) == status


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ([], "New Submission"),
        ([event("OptionsGranted", "30 November 2024", scheme="s", options="1")], "Resubmission"),
        ([event("OptionsGranted", "1 December 2024", scheme="s", options="1")], "New Submission"),
        ([event("SignatoryAppointed", "30 November 2024", name="Lee", title="Director")], "New Submission"),
        ([event("EntryWithdrawn", "30 November 2024", reason="not so")], "Resubmission"),
    ],
    ids=["nothing", "a movement", "a movement of the next month", "no movement", "a withdrawal"],
)
def test_a_return_submitted_again_on_one_day_is_a_resubmission_where_something_was_recorded_between(since, status):
    book = entries(filed("monthly", "30 November 2024", "6 December 2024"), *since)
    assert status_of(book, "monthly", date(2024, 11, 30), date(2024, 12, 6)) == status


SUBMITTED = date(2025, 1, 6)


@pytest.mark.parametrize(
    ("book", "month_end", "said"),
    [
        (set_up("1 July 2024")[:3], date(2024, 6, 30), "the book holds no class of shares at 30 June 2024"),
        (
            set_up("1 July 2024"),
            date(2024, 6, 30),
            "the book begins at close of 1 July 2024 (entry 4); what stood at close of 31 May 2024 is not known. "
            "Begin the book there: captable correct 4 --on 2024-05-31, with the balance of that day; then record what happened since",
        ),
        (
            set_up("1 July 2024"),
            date(2024, 7, 31),
            "the book begins at close of 1 July 2024 (entry 4); what stood at close of 30 June 2024 is not known. "
            "Begin the book there: captable correct 4 --on 2024-06-30, with the balance of that day; then record what happened since",
        ),
        (set_up("1 July 2024")[1:], date(2024, 8, 31), "the book names no issuer: record issuer-registered first"),
    ],
)
def test_a_monthly_return_of_a_month_that_the_book_does_not_cover_is_not_prepared(book, month_end, said):
    with pytest.raises(NotPrepared) as refused:
        monthly.prepare(entries(*book), month_end, SUBMITTED)
    assert str(refused.value) == said


PLACING = event("PlacingCompleted", "17 July 2024", share_class="ordinary", shares="1")


@pytest.mark.parametrize(
    ("book", "on", "said"),
    [
        (
            set_up("1 July 2024"),
            date(2024, 8, 17),
            "no share was issued, bought, cancelled or converted after 31 July 2024 and until 17 August 2024: "
            "there is nothing to disclose",
        ),
        (
            [*set_up("1 July 2024"), PLACING],
            date(2024, 7, 17),
            "the book begins at close of 1 July 2024 (entry 4); what stood at close of 30 June 2024 is not known. "
            "Begin the book there: captable correct 4 --on 2024-06-30, with the balance of that day; then record what happened since. "
            "Or record the return that was filed for the day on which the book begins, or for a later one: captable record "
            "return-filed --kind next-day --on DAY --submitted-on DAY",
        ),
        ([*set_up("1 June 2024")[1:], PLACING], date(2024, 7, 17), "the book names no issuer: record issuer-registered first"),
    ],
)
def test_a_next_day_return_without_a_change_or_an_opening_is_not_prepared(book, on, said):
    with pytest.raises(NotPrepared) as refused:
        next_day.prepare(entries(*book), on, SUBMITTED)
    assert str(refused.value) == said
