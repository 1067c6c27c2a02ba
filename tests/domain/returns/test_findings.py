"""Which findings mark a return as a draft: those about what it prints, not those about what earlier returns were about."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.law.rule import Finding
from domain.returns import monthly, next_day
from domain.returns.findings import about
from domain.rulebook import findings
from tests.domain.book_of import entries, event, set_up


def mandate(code, on="2 July 2024", purpose="issue", base="500,000", percent="0.2"):
    return event("MandateGranted", on, mandate=code, purpose=purpose, percent=percent, base=base)


def placed(on, shares, code="issue", **said):
    return event("PlacingCompleted", on, share_class="ordinary", shares=shares, mandate=code, **said)


def bought(on, shares, **said):
    said = {"intention": "cancellation", "mandate": "repurchase", **said}
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, **said)


def confirmed(on, issued):
    return event("BalanceConfirmed", on, share_class="ordinary", issued_excluding_treasury=issued, document="a statement")


def filed(on, submitted_on, kind="next-day"):
    return event("ReturnFiled", on, kind=kind, submitted_on=submitted_on)


def codes(found):
    return [each.code for each in found]


def marked(book, document):
    return codes(about(document, book, findings(book)))


def next_days(book, on, submitted_on):
    return marked(book, next_day.prepare(book, on, submitted_on))


def months(book, month_end):
    return marked(book, monthly.prepare(book, month_end, date(2025, 1, 6)))


AUGUST, SEPTEMBER, OCTOBER = date(2024, 8, 31), date(2024, 9, 30), date(2024, 10, 31)


def test_a_finding_about_a_dealing_marks_the_return_that_lists_it_and_no_later_one():
    scheme = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="x")
    book = entries(
        *set_up(), scheme, mandate("issue"), placed("5 August 2024", "1,001"), filed("5 August 2024", "6 August 2024"),
        event("BonusIssueCompleted", "2 September 2024", share_class="ordinary", shares="5"),
    )  # fmt: skip
    assert codes(findings(book)) == ["HK302"]
    assert next_days(book, date(2024, 8, 5), date(2024, 8, 7)) == ["HK302"]
    assert next_days(book, date(2024, 9, 2), date(2024, 9, 3)) == []
    assert [months(book, month) for month in (AUGUST, SEPTEMBER)] == [["HK302"], []]


def test_a_later_return_under_the_same_mandate_is_not_marked_for_what_was_done_under_it_before():
    book = entries(
        *set_up(), mandate("issue", percent="20"), placed("5 August 2024", "10", agreed_on="1 July 2024"),
        filed("5 August 2024", "6 August 2024"), placed("2 September 2024", "10"),
    )  # fmt: skip
    # The first placing was agreed before the mandate was granted: the finding names both.
    assert codes(findings(book)) == ["HK303"]
    assert next_days(book, date(2024, 9, 2), date(2024, 9, 3)) == []


def test_a_finding_about_a_mandate_marks_the_returns_of_what_is_done_under_it():
    book = entries(
        *set_up(), mandate("issue", base="400,000", percent="20"), mandate("other", "3 July 2024", percent="20"),
        placed("5 August 2024", "10"), filed("5 August 2024", "6 August 2024"), placed("2 September 2024", "10", "other"),
        event("BonusIssueCompleted", "1 October 2024", share_class="ordinary", shares="5"),
    )  # fmt: skip
    assert [each.code for each in findings(book) if each.code == "HK305"] == ["HK305"]
    assert "HK305" in next_days(book, date(2024, 8, 5), date(2024, 8, 7))
    assert "HK305" not in next_days(book, date(2024, 9, 2), date(2024, 9, 3))
    assert [("HK305" in months(book, month)) for month in (AUGUST, SEPTEMBER, OCTOBER)] == [True, False, False]


def test_the_mandate_of_what_still_waits_for_its_cancellation_is_printed():
    book = entries(
        *set_up(), mandate("repurchase", purpose="repurchase", base="400,000", percent="10"), bought("5 August 2024", "10"),
        event("BonusIssueCompleted", "2 September 2024", share_class="ordinary", shares="5"),
    )  # fmt: skip
    assert codes(findings(book)) == ["HK305"]
    assert months(book, SEPTEMBER) == ["HK305"]


@pytest.mark.parametrize(
    ("statements", "marks"),
    [
        ([confirmed("20 July 2024", "1")], ["HK101"]),
        ([confirmed("20 July 2024", "1"), confirmed("30 August 2024", "500,000")], []),
        ([confirmed("20 July 2024", "500,000"), confirmed("30 August 2024", "1")], ["HK101"]),
        ([confirmed("1 October 2024", "1")], []),
    ],
    ids=["none since", "a later one that agrees", "a later one that does not", "one of after the close"],
)
def test_a_balance_that_does_not_agree_marks_every_return_until_a_later_one_agrees(statements, marks):
    book = entries(*set_up(), *statements)
    assert months(book, SEPTEMBER) == marks


def test_a_finding_about_a_scheme_marks_the_monthly_returns_that_print_it_alone():
    adopted = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="x")
    book = entries(*set_up(), adopted, event("BonusIssueCompleted", "2 September 2024", share_class="ordinary", shares="5"))
    of_the_scheme = [Finding("HK999", "so", (5,), "c", "verified")]
    assert codes(about(monthly.prepare(book, SEPTEMBER, date(2024, 10, 4)), book, of_the_scheme)) == ["HK999"]
    assert codes(about(next_day.prepare(book, date(2024, 9, 2), date(2024, 9, 3)), book, of_the_scheme)) == []


@pytest.mark.parametrize(
    ("number", "marks"), [(1, ["HK999"]), (2, ["HK999"]), (4, ["HK999"]), (3, []), (None, ["HK999"]), (99, [])]
)
def test_what_every_return_prints_marks_every_one_and_so_does_a_finding_about_the_whole_book(number, marks):
    """Issuer, class and opening balance; not the authorised capital of before the month, nor an entry that is not in effect."""
    book = entries(*set_up())
    found = [Finding("HK999", "so", () if number is None else (number,), "c", "verified")]
    assert codes(about(monthly.prepare(book, SEPTEMBER, date(2024, 10, 4)), book, found)) == marks


def test_a_change_that_no_return_had_marks_the_return_that_lists_it():
    late = bought("5 August 2024", "700", trades="Off-market: 700 @ HKD 1 = HKD 701", mandate=None)
    book = entries(*set_up(), filed("5 August 2024", "5 August 2024"), late)
    document = next_day.prepare(book, date(2024, 8, 6), date(2024, 8, 7))
    assert "HK201" in codes(about(document, book, findings(book)))


def test_a_purchase_that_stands_in_part_b_again_marks_every_return_that_lists_it():
    odd = bought("5 August 2024", "700", trades="Off-market: 700 @ HKD 1 = HKD 701", mandate=None)
    book = entries(
        *set_up(), odd, filed("5 August 2024", "5 August 2024"),
        event("BonusIssueCompleted", "2 September 2024", share_class="ordinary", shares="5"),
    )  # fmt: skip
    assert "HK201" in next_days(book, date(2024, 9, 2), date(2024, 9, 3))


def test_a_return_that_opens_at_another_balance_than_the_last_one_closed_at_is_marked():
    """499,900 in issue at close of 5 August were published; 80 were bought, not 100. What opens there is marked until it is put right."""
    on, treasury = "5 August 2024", {"intention": "treasury", "general_meeting_on": "2 July 2024", "mandate": None}
    facts = [
        *set_up(), bought(on, "100", **treasury), filed(on, "6 August 2024"),
        event("BonusIssueCompleted", "12 August 2024", share_class="ordinary", shares="7"), bought(on, "80", **treasury),
        filed("31 August 2024", "2 September 2024", "monthly"),
    ]  # fmt: skip
    book = [attrs.evolve(each, replaces=5 if each.number == 8 else None) for each in entries(*facts)]
    assert next_days(book[:-1], date(2024, 8, 12), date(2024, 8, 13)) == ["HK618"]
    # The Monthly Return opens at the end of July, and has the correction.
    assert months(book[:-1], AUGUST) == []
    assert next_days(book, date(2024, 8, 12), date(2024, 8, 13)) == []


def test_what_an_opening_balance_holds_already_marks_every_return():
    """Nothing is listed twice, but 500,005 stand where 500,000 were; the second balance was added to the first."""
    bonus = {"share_class": "ordinary", "shares": "5"}
    later = event("BonusIssueCompleted", "2 September 2024", **bonus)
    for doubled, said in (
        (event("BonusIssueCompleted", "1 July 2024", **bonus), "holds entry 5 of 1 July 2024 already"),
        (event("BalanceBroughtForward", "1 July 2024", share_class="ordinary", held="7"), "holds entry 5 of 1 July 2024 already"),
    ):
        book = entries(*set_up(), doubled, filed("31 July 2024", "6 August 2024", "monthly"), later)
        assert [said in each.message for each in findings(book)] == [True]
        assert next_days(book, date(2024, 9, 2), date(2024, 9, 3)) == ["HK102"]
        assert [months(book, month) for month in (AUGUST, SEPTEMBER, OCTOBER)] == [["HK102"], ["HK102"], ["HK102"]]
