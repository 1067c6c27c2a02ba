"""What must be true from one return to the next, without a book."""

from __future__ import annotations

from datetime import date

import attrs

from domain.returns.cells import BLANK, ClassHeading, Figure
from domain.returns.documents import (
    BalanceLine,
    Change,
    ClassSection,
    DatedBalance,
    MandateBlock,
    NextDayReturn,
    PendingShares,
    TradeReport,
)
from domain.returns.printed import as_printed
from domain.returns.succession import breaks
from tests.infrastructure import full_documents as full
from tests.infrastructure import sample_documents as sample

HEADING = ClassHeading(1, "ORD", "Ordinary shares", "Not applicable", True, "09999", (), None)


def balance(day: int, shares: int) -> DatedBalance:
    return DatedBalance(date(2025, 7, day), Figure(shares), Figure(0), Figure(shares))


def pending(day: int, shares: int) -> PendingShares:
    return PendingShares(
        1, "Shares repurchased for cancellation but not yet cancelled", None, date(2025, 7, day), Figure(shares), None, None
    )


def cancelled(day: int, shares: int) -> Change:
    return Change(
        1, "Repurchase of shares (shares repurchased and cancelled)", None, date(2025, 7, day), Figure(-shares), None, BLANK, None
    )


def bought(shares: int, used: int) -> TradeReport:
    mandate = MandateBlock(date(2025, 6, 20), 1_000, Figure(used), None, None)
    return TradeReport(HEADING, (), Figure(shares), (), Figure(shares), Figure(0), mandate)


def returned(
    opening: DatedBalance, closing: DatedBalance, *, tranches: tuple[PendingShares, ...] = (), changes: tuple[Change, ...] = (),
    report: TradeReport | None = None,
) -> NextDayReturn:  # fmt: skip
    section = ClassSection(HEADING, opening, changes, closing, tranches)
    form = full.form("FF305", "1.3.0")
    base = attrs.evolve(full.next_day(), form=form, submitted_on=closing.on, sections=(section,), treasury_sales=())
    return attrs.evolve(base, repurchases=(report,) if report else ())


FIRST = returned(balance(1, 9_000), balance(7, 9_000), tranches=(pending(7, 100),), report=bought(100, 300))


def says(*documents: NextDayReturn) -> list[tuple[str, str, str]]:
    return [(each.where, each.expected, each.found) for each in breaks(documents)]


def test_returns_that_follow_each_other_hold() -> None:
    after = returned(balance(7, 9_000), balance(8, 9_000), tranches=(pending(7, 100), pending(8, 50)), report=bought(50, 350))
    assert says(FIRST, after) == []
    assert says(after, FIRST) == []


def test_a_return_opens_where_the_last_one_closed() -> None:
    after = returned(balance(7, 8_990), balance(8, 8_990), tranches=(pending(7, 100),))
    assert says(FIRST, after) == [("class ORD, issued", "9,000", "8,990"), ("class ORD, total", "9,000", "8,990")]


def test_the_number_of_a_monthly_return_before_june_2024_is_the_total() -> None:
    """9,000 shares in issue, 400 of them in treasury: FF301 1.0 printed 9,000, and FF305 prints all three."""
    block = attrs.evolve(full.monthly().issued[0], heading=HEADING, closing=BalanceLine(Figure(9_000), BLANK, BLANK))
    month = attrs.evolve(full.monthly(), form=full.form("FF301", "1.0.2"), month_end=date(2025, 6, 30), issued=(block,))
    opening = DatedBalance(date(2025, 6, 30), Figure(8_600), Figure(400), Figure(9_000))
    assert says(month, returned(opening, balance(8, 9_000))) == []
    less = DatedBalance(date(2025, 6, 30), Figure(8_600), Figure(300), Figure(8_900))
    assert says(month, returned(less, balance(8, 9_000))) == [("class ORD, total", "9,000", "8,900")]


def test_a_return_opens_on_the_day_of_the_last_one() -> None:
    after = returned(balance(4, 9_000), balance(8, 9_000), tranches=(pending(7, 100),))
    assert says(FIRST, after) == [("opening date", "7 July 2025", "4 July 2025")]


def test_shares_not_yet_cancelled_are_listed_until_they_are() -> None:
    lost = returned(balance(7, 9_000), balance(8, 9_000))
    gone = returned(balance(7, 9_000), balance(8, 8_900), changes=(cancelled(8, 100),))
    assert says(FIRST, lost) == [("class ORD", "100 of 7 July 2025", "none cancelled, and not listed")]
    assert says(FIRST, gone) == []


def test_what_was_used_of_a_mandate_grows_by_each_report() -> None:
    after = returned(balance(7, 9_000), balance(8, 9_000), tranches=(pending(7, 100), pending(8, 50)), report=bought(50, 340))
    assert says(FIRST, after) == [("class ORD", "350", "340")]


def test_a_month_opens_where_the_last_one_closed() -> None:
    december = as_printed(sample.monthly_december_2024())
    moved = attrs.evolve(december.issued[1].opening, issued=Figure(614_034_471))  # type: ignore[union-attr]
    blocks = (december.issued[0], attrs.evolve(december.issued[1], opening=moved))  # type: ignore[union-attr]
    january = attrs.evolve(december, month_end=date(2025, 1, 31), submitted_on=date(2025, 2, 5), issued=blocks)
    found = breaks([january, december])
    assert ("class B, issued", "36,393,336,530", "34,528,336,530") in [(each.where, each.expected, each.found) for each in found]
    assert ("class A, issued", "614,034,470", "614,034,471") in [(each.where, each.expected, each.found) for each in found]
    assert {(each.before, each.after) for each in found} == {(1, 0)}


def test_months_that_do_not_follow_each_other_are_not_compared() -> None:
    august, october = (attrs.evolve(full.monthly(), month_end=date(2024, month, 31)) for month in (8, 10))
    assert says(august, october) == []


def test_a_class_that_only_one_of_two_returns_has_is_not_compared() -> None:
    other = attrs.evolve(HEADING, code="PREF")

    def of_another_class(document: NextDayReturn) -> NextDayReturn:
        (section,) = document.sections
        reports = tuple(attrs.evolve(each, heading=other) for each in document.repurchases)
        return attrs.evolve(document, sections=(attrs.evolve(section, heading=other),), repurchases=reports)

    assert says(FIRST, of_another_class(returned(balance(7, 70), balance(8, 70), report=bought(50, 999)))) == []


def test_a_mandate_of_another_meeting_or_of_no_meeting_begins_anew() -> None:
    same_class = {"tranches": (pending(7, 100),), "report": bought(50, 999)}
    after = returned(balance(7, 9_000), balance(8, 9_000), **same_class)
    assert says(FIRST, after) == [("class ORD", "350", "999")]
    (report,) = after.repurchases
    for mandate in (None, attrs.evolve(report.mandate, granted_on=date(2025, 7, 7)), attrs.evolve(report.mandate, used=BLANK)):
        assert says(FIRST, attrs.evolve(after, repurchases=(attrs.evolve(report, mandate=mandate),))) == []


def test_what_is_listed_again_with_fewer_shares_was_cancelled_in_part() -> None:
    after = returned(balance(7, 9_000), balance(8, 8_960), tranches=(pending(7, 60),), changes=(cancelled(8, 40),))
    assert says(FIRST, after) == []


def test_a_month_opens_where_the_last_one_closed_for_the_classes_that_both_have() -> None:
    """August is on the form before June 2024: the one number that it prints counts treasury shares."""
    july, august = (attrs.evolve(full.monthly(), month_end=date(2024, month, 31)) for month in (7, 8))
    first, closed = august.issued[0], july.issued[0].closing.total.value or 0
    opening = attrs.evolve(first.opening, issued=Figure(closed + 1), total=BLANK, treasury=BLANK)
    later = attrs.evolve(august, issued=(attrs.evolve(first, opening=opening),))
    code = first.heading.code
    assert says(july, later) == [(f"class {code}, total", f"{closed:,}", f"{closed + 1:,}")]
    new = attrs.evolve(first, opening=opening, heading=attrs.evolve(first.heading, code="NEW"))
    assert says(july, attrs.evolve(august, issued=(new,))) == []
