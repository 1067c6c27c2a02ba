"""What each return filed discloses: only what was recorded before it was prepared."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capital.entries import in_effect
from domain.disclosure.register import MONTHLY, NEXT_DAY, Register
from domain.disclosure.triggers import LISTED
from domain.returns import monthly, next_day
from domain.returns.filings import NotPrepared
from tests.domain.book_of import entries, entry, event, set_up

FIFTH, SIXTH = date(2024, 8, 5), date(2024, 8, 6)


def placed(on, shares="10", **said):
    return event("PlacingCompleted", on, share_class="ordinary", shares=shares, **said)


def bought(on, shares, intention="treasury", **said):
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, intention=intention, **said)


def filed(closing_on, submitted_on, kind="next-day", **said):
    return event("ReturnFiled", closing_on, kind=kind, submitted_on=submitted_on, **said)


JULY = filed("31 July 2024", "6 August 2024", "monthly")
OF_THE_5TH, OF_THE_6TH = filed("5 August 2024", "5 August 2024"), filed("6 August 2024", "6 August 2024")


def book(*what):
    """A book of 500,000 shares, whose first own facts are entries 5 and on."""
    return entries(*set_up(), *what)


def numbers(found):
    return [each.number for each in found]


def left(held):
    """The changes of a book that no return counts."""
    return numbers(Register.of(held).open(in_effect(held)))


# --- what is in no return -----------------------------------------------------------------------------------------


def test_a_change_recorded_before_the_return_of_its_day_is_in_it():
    assert left(book(placed("5 August 2024"), OF_THE_5TH)) == []


def test_a_change_recorded_after_the_return_of_its_day_is_in_none():
    assert left(book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "20"))) == [7]


def test_a_return_that_says_what_it_was_prepared_from_knows_nothing_since_though_it_was_recorded_later():
    assert left(book(placed("5 August 2024"), placed("5 August 2024", "20"), attrs.evolve(OF_THE_5TH, book_number=5))) == [6]


def test_a_filing_recorded_by_hand_may_say_that_it_was_prepared_from_more():
    held = book(OF_THE_5TH, placed("5 August 2024"))
    assert left(held) == [6]
    corrected = entry(7, attrs.evolve(OF_THE_5TH, book_number=6), replaces=5)
    assert left([*held, corrected]) == []


def test_a_corrected_filing_knows_no_more_than_the_one_that_it_replaces():
    held = book(OF_THE_5TH, placed("5 August 2024"))
    corrected = entry(7, attrs.evolve(OF_THE_5TH, form="FF305 1.3.0"), replaces=5)
    assert left([*held, corrected]) == [6]


def test_a_withdrawn_filing_discloses_nothing():
    held = book(placed("5 August 2024"), OF_THE_5TH)
    withdrawn = entry(7, event("EntryWithdrawn", "5 August 2024", reason="not submitted"), replaces=6)
    assert left([*held, withdrawn]) == [5]


def test_a_correction_is_known_where_what_it_corrects_was():
    held = book(placed("5 August 2024"), OF_THE_5TH)
    assert left([*held, entry(7, placed("5 August 2024", "11"), replaces=5)]) == []


def test_a_correction_to_a_later_day_leaves_the_return_that_had_it():
    held = book(placed("5 August 2024"), OF_THE_5TH)
    assert left([*held, entry(7, placed("6 August 2024"), replaces=5)]) == [7]


def test_a_correction_to_an_earlier_day_was_not_in_the_return_of_that_day():
    held = book(placed("6 August 2024"), OF_THE_5TH)
    assert left([*held, entry(7, placed("5 August 2024"), replaces=5)]) == [7]


def test_what_was_recorded_as_another_kind_of_fact_was_not_disclosed():
    scheme = event("SchemeAdopted", "1 July 2024", scheme="s", share_class="ordinary", particulars="x")
    granted = event("OptionsGranted", "5 August 2024", scheme="s", options="10")
    held = book(scheme, granted, OF_THE_5TH)
    exercised = event("OptionsExercised", "5 August 2024", scheme="s", options="10")
    assert left([*held, entry(8, exercised, replaces=6)]) == [8]


def test_what_happened_before_the_first_return_recorded_was_disclosed_in_others():
    assert left(book(JULY, placed("30 June 2024"))) == []
    assert left(book(JULY, placed("1 July 2024"))) == [6]


# --- the second return of a day -----------------------------------------------------------------------------------


def prepared(held, on=FIFTH, submitted_on=SIXTH, **more):
    return next_day.prepare(held, on, submitted_on, **more)


def rows(document):
    (section,) = document.sections
    return [(row.issued.value, row.changed_on.day) for row in section.changes if row.issued.value]


def balances(document):
    (section,) = document.sections
    lines = (section.opening, section.closing)
    return [(line.on.day, line.issued.value, line.treasury.value, line.total.value) for line in lines]


def test_the_second_return_of_a_day_lists_what_the_first_did_not():
    document = prepared(book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "2,000", price="HKD 2")))
    assert rows(document) == [(2_000, 5)]
    assert balances(document) == [(5, 500_010, 0, 500_010), (5, 502_010, 0, 502_010)]
    assert document.status == "New Submission"
    assert document.opening_basis == (
        "closing balance of the Next Day Disclosure Return of 5 August 2024, without entry 7, which no return has"
    )


def test_its_percentages_are_of_what_the_first_closed_with():
    document = prepared(book(placed("5 August 2024", "500,000"), OF_THE_5TH, placed("5 August 2024", "100,000")))
    # 100,000 of 1,000,000.
    assert str(document.sections[0].changes[0].percent) == "10"


def test_a_purchase_for_cancellation_stands_in_part_b_and_section_ii_of_the_second_return():
    first, second = (bought("5 August 2024", shares, "cancellation", price="HKD 2") for shares in ("100", "600"))
    document = prepared(book(first, OF_THE_5TH, second))
    assert [row.shares.value for row in document.sections[0].pending] == [100, 600]
    assert [row.shares.value for row in document.repurchases[0].rows] == [600]
    assert balances(document) == [(5, 500_000, 0, 500_000)] * 2


def test_a_purchase_into_treasury_changes_the_balance_of_the_second_return_alone():
    document = prepared(book(bought("5 August 2024", "100"), OF_THE_5TH, bought("5 August 2024", "600")))
    assert balances(document) == [(5, 499_900, 100, 500_000), (5, 499_300, 700, 500_000)]
    assert [row.shares.value for row in document.repurchases[0].rows] == [600]


def test_a_return_of_a_later_day_lists_what_the_last_one_did_not_beside_its_own():
    held = book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "20"), placed("6 August 2024", "30"))
    document = prepared(held, SIXTH, date(2024, 8, 7))
    assert rows(document) == [(20, 5), (30, 6)]
    assert balances(document) == [(5, 500_010, 0, 500_010), (6, 500_060, 0, 500_060)]


def test_a_change_of_before_the_opening_is_listed_where_no_return_in_between_knew_of_it():
    held = book(placed("5 August 2024"), OF_THE_5TH, placed("6 August 2024", "30"), OF_THE_6TH, placed("5 August 2024", "20"))
    document = prepared(held, date(2024, 8, 7), date(2024, 8, 8))
    # It opens where the last return closed, at 500,040, and closes there too: nothing happened later.
    assert rows(document) == [(20, 5)]
    assert balances(document) == [(6, 500_040, 0, 500_040), (6, 500_060, 0, 500_060)]


def test_what_a_second_return_listed_is_listed_no_more():
    held = book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "20"), OF_THE_5TH, placed("6 August 2024", "30"))
    document = prepared(held, SIXTH, date(2024, 8, 7))
    assert rows(document) == [(30, 6)]
    assert balances(document) == [(5, 500_030, 0, 500_030), (6, 500_060, 0, 500_060)]


def test_a_correction_of_what_was_disclosed_is_not_listed_again():
    held = [*book(placed("5 August 2024"), OF_THE_5TH), entry(7, placed("5 August 2024", "11"), replaces=5)]
    with pytest.raises(NotPrepared, match=r"after 5 August 2024 and until 6 August 2024"):
        prepared(held, SIXTH, date(2024, 8, 7))
    again = prepared(held, submitted_on=date(2024, 8, 7))
    assert (rows(again), again.status) == ([(11, 5)], "Resubmission")


def test_a_correction_to_a_later_day_is_listed_with_that_day():
    held = [*book(placed("5 August 2024"), OF_THE_5TH), entry(7, placed("6 August 2024"), replaces=5)]
    document = prepared(held, SIXTH, date(2024, 8, 7))
    assert (rows(document), balances(document)[0]) == ([(10, 6)], (5, 500_000, 0, 500_000))


def test_where_nothing_is_left_to_list_a_return_is_that_of_its_day_once_more():
    document = prepared(book(placed("5 August 2024"), OF_THE_5TH))
    assert (rows(document), document.status, balances(document)[0][0]) == ([(10, 5)], "Resubmission", 31)


def test_a_resubmission_lists_the_whole_day_also_what_the_first_did_not():
    document = prepared(book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "20")), again=True)
    assert rows(document) == [(10, 5), (20, 5)]
    assert (document.status, balances(document)[0]) == ("Resubmission", (31, 500_000, 0, 500_000))


def test_what_was_never_filed_is_not_submitted_again():
    with pytest.raises(NotPrepared, match=r"no Next Day Disclosure Return of 5 August 2024 is recorded as filed"):
        prepared(book(placed("5 August 2024")), again=True)


def test_a_change_counted_in_old_shares_is_not_listed_beside_a_balance_in_new_ones():
    held = book(
        placed("5 August 2024"),
        OF_THE_5TH,
        event("SharesSubdivided", "6 August 2024", into="2"),
        OF_THE_6TH,
        placed("5 August 2024", "20"),
    )
    with pytest.raises(NotPrepared, match=r"entry 9 of 5 August 2024 is in no return.*\(entry 7\).*--on 2024-08-05"):
        prepared(held, date(2024, 8, 7), date(2024, 8, 8))
    assert rows(prepared(held)) == [(20, 5)]


def test_a_change_in_new_shares_is_listed_beside_the_balance_after_the_subdivision():
    subdivided = event("SharesSubdivided", "6 August 2024", into="2")
    document = prepared(book(subdivided, OF_THE_6TH, placed("6 August 2024", "20")), date(2024, 8, 7), date(2024, 8, 8))
    assert balances(document) == [(6, 1_000_000, 0, 1_000_000), (6, 1_000_020, 0, 1_000_020)]


def test_a_monthly_return_in_between_that_counts_a_change_opens_the_next_return_with_it():
    """Its balance was published: what no Next Day Disclosure Return listed is disclosed by the return of its own day."""
    august = filed("31 August 2024", "5 September 2024", "monthly")
    held = book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "20"), august, placed("2 September 2024", "30"))
    document = prepared(held, date(2024, 9, 2), date(2024, 9, 6))
    assert (rows(document), balances(document)[0][1]) == ([(30, 2)], 500_030)
    assert rows(prepared(held, submitted_on=date(2024, 9, 6))) == [(20, 5)]


# --- the Monthly Return -------------------------------------------------------------------------------------------


def test_a_monthly_return_lists_what_a_next_day_return_listed_late_in_its_own_month():
    held = book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "20"), OF_THE_5TH)
    document = monthly.prepare(held, date(2024, 8, 31), date(2024, 9, 5))
    assert [row.issued.value for row in document.other_movements[0].rows] == [10, 20]


@pytest.mark.parametrize(("until", "listed"), [("5 August 2024", 6), ("4 August 2024", None), ("6 August 2024", 6)])
def test_a_return_lists_what_happened_until_its_closing_date(until, listed):
    held = book(placed("5 August 2024"), filed(until, "6 August 2024"))
    found = Register.of(held).listing(held[4])
    assert (found and found.entry) == listed


def test_a_monthly_return_is_no_next_day_disclosure_return():
    held = book(placed("5 August 2024"), filed("31 August 2024", "5 September 2024", "monthly"))
    register = Register.of(held)
    assert register.listing(held[4]) is None
    assert register.monthly(held[4]).entry == register.covering(held[4]).entry == 6


def test_what_is_passed_over_is_named_with_the_return_that_should_have_had_it():
    held = book(placed("5 August 2024"), OF_THE_5TH, placed("5 August 2024", "20"), placed("6 August 2024"))
    found = list(Register.of(held).passed_over(in_effect(held)))
    assert [(each.number, by.entry) for each, by in found] == [(7, 6)]
    assert list(Register.of([*held, entry(9, OF_THE_5TH)]).passed_over(in_effect(held))) == []


# --- the answers, by looking through all returns ------------------------------------------------------------------

DAYS = st.dates(date(2024, 7, 29), date(2024, 9, 3))
FACTS = st.builds(placed, DAYS.map(str)) | st.builds(bought, DAYS.map(str), st.just("5"))
RETURNS = st.builds(
    lambda closing, days, kind, known: filed(str(closing), str(closing + timedelta(days=days)), kind, book_number=known),
    DAYS, st.integers(0, 20), st.sampled_from((MONTHLY, NEXT_DAY)), st.none() | st.integers(1, 30),
)  # fmt: skip


def opening(register, filed):
    out_by_then = (each.until for each in register.returns if each.submitted_on <= filed.submitted_on)
    return max((until for until in out_by_then if until < filed.until), default=date.min)


def looked_through(register, change):
    """The returns that cover, list and pass over a change, and the Monthly Return that has it: their definitions."""
    day = change.event.effective_on
    out = [each for each in register.returns if each.submitted_on >= day and each.until >= day]
    know = [each for each in out if register.knows(each, change)]
    disclosed = day <= register.begins_on
    covering = out if disclosed else know
    listing = covering[:1]
    if covering and covering[0].kind != NEXT_DAY:
        listing = [each for each in know if each.kind == NEXT_DAY and opening(register, each) < day]
    passed_over = [] if disclosed else [each for each in out if each not in know]
    monthly = [each for each in know if each.kind == MONTHLY and each.opens_by < day]
    return [next(iter(found), None) for found in (covering, listing, passed_over, monthly)]


@given(st.lists(st.tuples(FACTS | RETURNS, st.none() | st.integers(5, 30)), max_size=25))
def test_a_register_answers_as_if_all_its_returns_were_looked_through(facts):
    held = book()
    for fact, corrects in facts:
        number, free = len(held) + 1, {each.replaces for each in held}
        held.append(entry(number, fact, replaces=corrects if corrects not in free and (corrects or number) < number else None))
    register = Register.of(held)
    for each in in_effect(held):
        if type(each.event) in LISTED:
            answers = (register.covering, register.listing, register.passed_over_by, register.monthly)
            assert [answer(each) for answer in answers] == looked_through(register, each)
