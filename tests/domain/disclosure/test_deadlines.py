"""Filing deadlines and status."""

from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import pytest

from domain import events
from domain.disclosure.deadlines import obligations, percent_rounded_down
from domain.law.business_days import HONG_KONG
from infrastructure.calendar import TradingCalendar
from tests.domain.book_of import entries, entry, event, set_up, two_classes
from tests.domain.trading import Weekdays

CALENDAR = TradingCalendar()


def hkt(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HONG_KONG)


def recorded(book, moment):
    """The book as if all of it had been recorded at a moment."""
    return [attrs.evolve(each, recorded_at=hkt(moment)) for each in book]


def due(book, now, **more):
    return obligations(book, hkt(now), more.pop("calendar", CALENDAR), **more)


def next_day(found):
    return [each for each in found if each.kind == "next-day"]


def monthly(found):
    return [each for each in found if each.kind == "monthly"]


def shown(each):
    return each.about.isoformat(), f"{each.due_at:%Y-%m-%d %H:%M}", each.status


# --- the worked issuer ------------------------------------------------------------------------------------------


def of(found, kind, about):
    (one,) = (each for each in found if (each.kind, each.about) == (kind, date.fromisoformat(about)))
    return one


def test_the_cancellation_of_30_december_2022_is_brought_in_by_the_conversion_and_was_filed_in_time(demo_entries):
    one = of(due(demo_entries, "2026-01-06T09:00"), "next-day", "2022-12-30")
    assert shown(one) == ("2022-12-30", "2023-01-03 08:30", "filed")
    assert one.filed_on == date(2022, 12, 30)
    assert one.citation == "13.25A(2)(a)(xi), 13.25A(2)(b)(v), 13.25A(3)"
    assert one.because == (
        "any other change of issued shares (a.xi); also to disclose: cancellation of shares bought or redeemed (b.v)"
    )
    assert one.confidence == "unverified"


def test_the_cancellation_alone_would_not_have_been_due(demo_entries):
    conversion = next(each for each in demo_entries if getattr(each.event, "shares", 0) == 7_139_508)
    alone = [each for each in demo_entries if each.number != conversion.number]
    one = of(due(alone, "2026-01-06T09:00"), "next-day", "2022-12-30")
    assert one.status == "not needed"
    # 31,775,000 of 33,500,700,000 is 0.09484...%.
    assert one.because == (
        "cancellation of shares bought or redeemed (b.v): 31,775,000 shares, 0.0948 % of 33,500,700,000, "
        "under 5 %, and no (a) event"
    )


def test_december_2024_is_due_on_18_december_and_8_january(demo_entries):
    found = due(demo_entries, "2026-01-06T09:00")
    assert shown(of(found, "next-day", "2024-12-17")) == ("2024-12-17", "2024-12-18 08:30", "filed")
    assert shown(of(found, "monthly", "2024-12-31")) == ("2024-12-31", "2025-01-08 08:30", "filed")
    placing = of(found, "next-day", "2024-12-17")
    assert (placing.citation, placing.confidence) == ("13.25A(2)(a)(i)", "verified")


def test_what_was_due_before_the_book_was_begun_is_not_called_late(demo_entries):
    statuses = {each.status for each in due(demo_entries, "2026-01-06T09:00")}
    assert statuses == {"filed", "not recorded here", "open"}


def test_the_shares_of_the_listing_itself_call_for_no_return(demo_entries):
    found = next_day(due(demo_entries, "2026-01-06T09:00"))
    assert found[0].about == date(2022, 1, 21)


def test_monthly_returns_begin_with_the_month_of_listing(demo_entries):
    first = monthly(due(demo_entries, "2026-01-06T09:00"))[0]
    # Five business days after 31 December 2021: 3 to 7 January 2022.
    assert shown(first) == ("2021-12-31", "2022-01-07 08:30", "not recorded here")


# --- next-day returns -------------------------------------------------------------------------------------------


def placing(on="17 December 2024", shares="10"):
    return event("PlacingCompleted", on, share_class="ordinary", shares=shares)


def filed(until, submitted, kind="next-day"):
    return event("ReturnFiled", until, kind=kind, submitted_on=submitted)


def live(*what, begun="2024-07-01T09:00"):
    return recorded(entries(*set_up(), *what), begun)


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2024-12-17T23:00", "open"),
        ("2024-12-18T08:30", "open"),
        ("2024-12-18T08:31", "overdue"),
        ("2025-02-01T00:00", "overdue"),
    ],
)
def test_a_return_is_open_until_half_past_eight_and_overdue_from_then_on(now, status):
    assert [shown(each) for each in next_day(due(live(placing()), now))] == [("2024-12-17", "2024-12-18 08:30", status)]


@pytest.mark.parametrize(
    ("submitted", "status"), [("17 December 2024", "filed"), ("18 December 2024", "filed"), ("19 December 2024", "filed late")]
)
def test_a_filing_is_in_time_on_the_day_of_the_deadline_and_late_the_day_after(submitted, status):
    (found,) = next_day(due(live(placing(), filed("17 December 2024", submitted)), "2024-12-31T12:00"))
    assert (found.status, found.filed) == (status, 6)


def test_a_filing_submitted_later_is_not_yet_there():
    book = live(placing(), filed("17 December 2024", "18 December 2024"))
    assert [each.status for each in next_day(due(book, "2024-12-17T20:00"))] == ["open"]


def test_a_resubmission_does_not_make_a_return_late():
    book = live(placing(), filed("17 December 2024", "17 December 2024"), filed("17 December 2024", "20 December 2024"))
    (found,) = next_day(due(book, "2024-12-31T12:00"))
    assert (found.status, found.filed_on) == ("filed", date(2024, 12, 17))


def test_a_return_covers_the_days_from_its_opening_until_its_closing():
    book = live(placing("16 December 2024"), placing(), filed("17 December 2024", "17 December 2024"))
    assert [each.status for each in next_day(due(book, "2024-12-31T12:00"))] == ["filed", "filed"]


def test_a_return_that_opens_at_a_month_end_covers_nothing_of_that_month():
    book = live(
        placing("29 November 2024"),
        placing(),
        filed("30 November 2024", "6 December 2024", "monthly"),
        filed("17 December 2024", "17 December 2024"),
    )
    assert [shown(each)[2] for each in next_day(due(book, "2024-12-31T12:00"))] == ["overdue", "filed"]


def stating(day):
    *before, opening = set_up()
    return [*before, attrs.evolve(opening, filings_recorded_from=date.fromisoformat(day))]


@pytest.mark.parametrize("begun", ["2024-12-18T08:29", "2026-01-05T09:00"])
def test_a_return_about_a_day_after_the_opening_is_overdue_whenever_it_was_recorded(begun):
    book = recorded(entries(*set_up(), placing()), begun)
    assert [each.status for each in next_day(due(book, "2026-01-06T09:00"))] == ["overdue"]


@pytest.mark.parametrize(("day", "status"), [("2024-12-18", "overdue"), ("2024-12-19", "not recorded here")])
def test_a_book_that_states_from_when_it_records_filings_calls_none_due_earlier_overdue(day, status):
    book = recorded(entries(*stating(day), placing()), "2024-12-17T09:00")
    assert [each.status for each in next_day(due(book, "2026-01-06T09:00"))] == [status]


@pytest.mark.parametrize(("begun", "status"), [("2024-12-18T08:30", "overdue"), ("2024-12-18T08:31", "not recorded here")])
def test_a_book_without_an_opening_has_the_filings_due_since_it_was_begun(begun, status):
    whole = [each for each in set_up() if not isinstance(each, events.BalanceBroughtForward)]
    book = recorded(entries(*whole, placing(shares="10")), begun)
    assert [each.status for each in next_day(due(book, "2026-01-06T09:00"))] == [status]


def test_what_is_withdrawn_is_not_due():
    book = live(placing())
    withdrawn = attrs.evolve(book[-1], number=6, event=event("EntryWithdrawn", "17 December 2024", reason="not so"), replaces=5)
    assert next_day(due([*book, withdrawn], "2024-12-20T09:00")) == []


def test_what_was_not_yet_known_is_not_due():
    book = live()
    later = attrs.evolve(entries(*set_up(), placing())[-1], recorded_at=hkt("2024-12-19T10:00"))
    assert next_day(due([*book, later], "2024-12-20T09:00", known_at=hkt("2024-12-19T09:59"))) == []
    assert next_day(due([*book, later], "2024-12-20T09:00", known_at=hkt("2024-12-19T10:00")))


def test_what_happens_later_is_not_yet_due():
    assert next_day(due(live(placing()), "2024-12-16T09:00")) == []


def test_an_issuer_without_a_listed_class_owes_nothing():
    unlisted = [each for each in set_up() if type(each).__name__ != "ShareClassCreated"]
    made = event("ShareClassCreated", "1 July 2024", share_class="ordinary", class_label="Ordinary shares", par_value="HKD 0.1")
    assert due(entries(unlisted[0], made, *unlisted[1:], placing()), "2026-01-06T09:00") == ()


def test_a_class_delisted_owes_nothing_from_then_on():
    gone = event("ShareClassDetailsChanged", "10 December 2024", share_class="ordinary", listed="no")
    found = due(live(gone, placing()), "2025-03-01T09:00")
    assert next_day(found) == []
    assert monthly(found)[-1].about == date(2024, 11, 30)


def test_a_changed_trading_day_moves_the_deadline():
    calendar = Weekdays(frozenset({date(2024, 12, 18)}))
    assert next_day(due(live(placing()), "2024-12-18T09:00", calendar=calendar))[0].due_at == hkt("2024-12-19T08:30")


@pytest.mark.parametrize(
    ("on", "word"), [("30 December 2026", None), ("31 December 2026", "provisional"), ("31 December 2027", "projection")]
)
def test_a_deadline_says_where_the_calendar_is_not_certain(on, word):
    (found,) = next_day(due(live(placing(on)), "2028-01-10T09:00"))
    assert found.certainty == word


# --- what was recorded after the return of its day ----------------------------------------------------------------


def test_a_return_of_the_day_that_did_not_know_of_a_change_does_not_meet_it():
    book = live(placing(), filed("17 December 2024", "17 December 2024"), placing(shares="20"))
    (found,) = next_day(due(book, "2024-12-17T20:00"))
    assert (found.status, found.filed, found.entries) == ("open", None, (5, 7))
    assert found.lacking == "entry 7 is not in the return filed on 17 December 2024 (entry 6)"
    (found,) = next_day(due(book, "2024-12-18T09:00"))
    assert found.status == "overdue"


@pytest.mark.parametrize(("submitted", "status"), [("18 December 2024", "filed"), ("19 December 2024", "filed late")])
@pytest.mark.parametrize("until", ["17 December 2024", "18 December 2024"])
def test_a_later_return_that_lists_it_meets_it(until, submitted, status):
    book = live(placing(), filed("17 December 2024", "17 December 2024"), placing(shares="20"), filed(until, submitted))
    (found,) = next_day(due(book, "2024-12-31T12:00"))
    assert (found.status, found.filed) == (status, 8)


def test_a_reference_added_to_the_first_return_of_a_day_does_not_put_it_after_the_second():
    of_the_day = filed("17 December 2024", "17 December 2024")
    book = entries(*set_up(), placing(), of_the_day, placing(shares="20"), of_the_day)
    receipt = entry(9, attrs.evolve(of_the_day, submitted_at="17:45"), replaces=6)
    (found,) = next_day(due(recorded([*book, receipt], "2024-07-01T09:00"), "2024-12-31T12:00"))
    assert (found.filed, found.filed_at) == (8, None)


def test_a_correction_of_what_was_filed_leaves_it_filed():
    book = live(placing(), filed("17 December 2024", "17 December 2024"))
    corrected = attrs.evolve(book[4], number=7, event=placing(shares="20"), replaces=5)
    (found,) = next_day(due([*book, corrected], "2024-12-31T12:00"))
    assert (found.status, found.filed) == ("filed", 6)


def test_a_b_event_that_no_return_knew_of_adds_up_with_the_next_though_its_day_is_disclosed():
    book = live(*SCHEME, filed("2 July 2024", "2 July 2024"), exercised("20,000"), exercised("6,000", "3 July 2024"))
    assert [each.status for each in next_day(due(book, "2024-07-03T20:00"))] == ["not needed", "open"]


def test_a_monthly_return_that_did_not_know_of_a_fact_is_open_until_it_is_submitted_again():
    book = live(filed("31 July 2024", "5 August 2024", "monthly"), placing("29 July 2024"))
    found = of(due(book, "2024-08-05T20:00"), "monthly", "2024-07-31")
    assert (found.status, found.lacking) == ("open", "entry 6 is not in the return filed on 5 August 2024 (entry 5)")
    again = live(*[each.event for each in book[4:]], filed("31 July 2024", "7 August 2024", "monthly"))
    found = of(due(again, "2024-08-20T20:00"), "monthly", "2024-07-31")
    assert (found.status, found.filed) == ("filed", 7)


def test_a_grant_of_the_month_that_its_return_did_not_know_of_is_open_too():
    granted = event("OptionsGranted", "29 July 2024", scheme="s", options="10")
    book = live(*SCHEME, filed("31 July 2024", "5 August 2024", "monthly"), granted)
    assert of(due(book, "2024-08-05T20:00"), "monthly", "2024-07-31").status == "open"
    book = live(*SCHEME, filed("31 July 2024", "5 August 2024", "monthly"), attrs.evolve(granted, effective_on=date(2024, 8, 1)))
    assert of(due(book, "2024-08-05T20:00"), "monthly", "2024-07-31").status == "filed"


def test_a_long_book_read_from_a_day_on_counts_what_an_earlier_return_did_not_know_of():
    book = live(
        *SCHEME, exercised("1", "2 July 2024"), filed("3 July 2024", "3 July 2024"), exercised("20,000"),
        exercised("6,000", "4 July 2024"),
    )  # fmt: skip
    found = next_day(due(book, "2024-07-04T20:00", about=date(2024, 7, 4)))
    assert [shown(each)[::2] for each in found][-1] == ("2024-07-04", "open")


# --- the (b) list -----------------------------------------------------------------------------------------------

SCHEME = (
    event("SchemeAdopted", "1 July 2024", scheme="s", share_class="ordinary", particulars="Options"),
    event("SchemeBalanceBroughtForward", "1 July 2024", scheme="s", outstanding="100,000"),
)


def exercised(options, on="2 July 2024"):
    return event("OptionsExercised", on, scheme="s", options=options)


@pytest.mark.parametrize(("options", "status"), [("24,999", "not needed"), ("25,000", "open")])
def test_five_percent_of_500_000_is_25_000(options, status):
    (found,) = next_day(due(live(*SCHEME, exercised(options)), "2024-07-02T20:00"))
    assert found.status == status


def test_a_percentage_under_the_limit_never_reads_as_the_limit():
    (found,) = next_day(due(live(*SCHEME, exercised("24,999")), "2024-07-02T20:00"))
    assert "24,999 shares, 4.9998 % of 500,000, under 5 %" in found.because
    assert percent_rounded_down(49_999_999, 10**9) == "4.9999"
    assert (
        percent_rounded_down(5, 100),
        percent_rounded_down(1, 10),
        percent_rounded_down(0, 7),
        percent_rounded_down(1, 0),
    ) == ("5", "10", "0", "100")


def test_treasury_shares_leave_the_base_since_11_june_2024_and_not_before():
    # 500,000 in members' hands and 10,000 in treasury: 25,499 is under 5 % of 510,000 and over 5 % of 500,000.
    def statuses(on):
        scheme = [attrs.evolve(each, effective_on=date(2024, 6, 3)) for each in SCHEME]
        book = entries(*set_up("3 June 2024", treasury="10,000"), *scheme, exercised("25,499", on))
        return [each.status for each in next_day(due(recorded(book, "2024-06-03T09:00"), "2024-06-12T08:00"))]

    assert statuses("10 June 2024") == ["not needed"]
    assert statuses("11 June 2024") == ["open"]


def test_small_issues_add_up_until_a_monthly_return_discloses_them():
    book = (*SCHEME, exercised("20,000", "29 July 2024"), exercised("6,000", "2 August 2024"))
    assert [each.status for each in next_day(due(live(*book), "2024-08-02T20:00"))] == ["not needed", "open"]
    disclosed = filed("31 July 2024", "2 August 2024", "monthly")
    assert [each.status for each in next_day(due(live(*book, disclosed), "2024-08-02T20:00"))] == ["not needed", "not needed"]


def test_a_monthly_return_due_before_the_book_records_filings_is_taken_as_made():
    book = entries(*stating("2025-01-01"), *SCHEME, exercised("20,000", "29 July 2024"), exercised("6,000", "9 August 2024"))
    # The return for July was due on 7 August.
    assert [each.status for each in next_day(due(recorded(book, "2025-01-01T09:00"), "2025-01-02T20:00"))] == ["not needed"] * 2


def test_gross_over_and_net_under_five_percent_is_due_and_marked():
    bought = event("BalanceBroughtForward", "1 July 2024", share_class="ordinary", held="500,000", pending_cancellation="20,000")
    cancelled = event("RepurchasedSharesCancelled", "2 July 2024", share_class="ordinary", shares="13,000")
    book = recorded(entries(*set_up()[:3], bought, *SCHEME, exercised("13,000"), cancelled), "2024-07-01T09:00")
    (found,) = next_day(due(book, "2024-07-02T20:00"))
    assert (found.status, found.only_gross) == ("open", True)
    # 26,000 of 520,000 is 5 % exactly; what comes and what leaves is as much.
    assert found.because.endswith("26,000 shares, 5 % of 520,000, gross; set off 0 %, under 5 %")


# --- monthly returns and polls ----------------------------------------------------------------------------------


def test_a_monthly_return_is_due_though_nothing_moved():
    (found,) = monthly(due(live(), "2024-08-07T08:00"))[:1]
    assert shown(found) == ("2024-07-31", "2024-08-07 08:30", "open")
    assert (found.because, found.confidence) == (
        "fifth business day after the month; no change recorded, a nil return is due too",
        "unverified",
    )


def test_a_monthly_return_says_how_much_moved():
    found = of(due(live(placing()), "2025-01-02T08:00"), "monthly", "2024-12-31")
    assert (found.because, found.confidence) == ("fifth business day after the month; 1 change recorded", "verified")


@pytest.mark.parametrize(
    ("submitted", "status"), [("6 August 2024", "filed"), ("7 August 2024", "filed"), ("8 August 2024", "filed late")]
)
def test_a_monthly_return_is_in_time_until_the_fifth_business_day(submitted, status):
    found = due(live(filed("31 July 2024", submitted, "monthly")), "2024-08-20T08:00")
    assert of(found, "monthly", "2024-07-31").status == status


def test_a_book_that_starts_at_a_month_end_owes_the_month_after():
    book = recorded(entries(*set_up("31 July 2024")), "2024-08-01T09:00")
    assert monthly(due(book, "2024-09-05T09:00"))[0].about == date(2024, 8, 31)


def test_future_monthly_returns_are_listed_as_far_as_is_asked():
    # On Friday 6 September 2024 the Exchange was closed by a typhoon: the fifth business day is the Monday after.
    found = monthly(due(live(), "2024-07-20T09:00", until=date(2024, 9, 9)))
    assert [shown(each) for each in found] == [
        ("2024-07-31", "2024-08-07 08:30", "open"),
        ("2024-08-31", "2024-09-09 08:30", "open"),
    ]
    assert len(monthly(due(live(), "2024-07-20T09:00", until=date(2024, 9, 8)))) == 1


def test_poll_results_are_due_by_the_next_business_day():
    polled = [
        event("PollResultDeclared", "23 June 2023", meeting="annual general meeting", resolution=number, subject="accounts",
              votes=["B: 900 for, 100 against"])
        for number in ("1", "2")
    ]  # fmt: skip
    book = recorded(entries(*two_classes("3 January 2023"), *polled), "2023-01-03T09:00")
    (found,) = (each for each in due(book, "2023-06-23T20:00") if each.kind == "poll results")
    assert shown(found) == ("2023-06-23", "2023-06-26 08:30", "open")
    assert (found.citation, found.entries, found.name) == ("13.39(5)", (8, 9), "Poll results of 23 June 2023")
    (passed,) = (each for each in due(book, "2023-06-26T09:00") if each.kind == "poll results")
    assert passed.status == "not recorded here"


# --- what holds for all -----------------------------------------------------------------------------------------


def test_everything_stands_by_deadline_with_a_status_and_a_name_of_its_own(demo_entries):
    found = due(demo_entries, "2026-01-06T09:00")
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)
    assert {each.status for each in found} <= {"open", "overdue", "filed", "filed late", "not needed", "not recorded here"}
    assert len({each.uid for each in found}) == len(found)


def test_looked_at_from_a_day_on_a_long_book_says_the_same_of_that_day(demo_entries):
    day = date(2024, 12, 17)
    whole = [each for each in next_day(due(demo_entries, "2026-01-06T09:00")) if each.about >= day]
    assert [each for each in next_day(due(demo_entries, "2026-01-06T09:00", about=day)) if each.about >= day] == whole


def test_an_instant_is_the_same_in_any_time_zone():
    book = live(placing())
    at_the_deadline = datetime(2024, 12, 18, 0, 30, tzinfo=UTC)
    assert obligations(book, at_the_deadline, CALENDAR) == due(book, "2024-12-18T08:30")
