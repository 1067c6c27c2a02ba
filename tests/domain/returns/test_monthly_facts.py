"""What a Monthly Return calls for in a book that has nothing of its month: the facts, and the same month from them."""

from __future__ import annotations

from datetime import date

from domain.returns import monthly
from domain.returns.monthly_facts import BY_HAND, NO_DAY, monthly_facts
from domain.returns.proposals import Known
from tests.domain.book_of import entries, event, set_up

AUGUST = date(2024, 8, 31)
BEFORE = [
    *set_up(),
    event("WarrantsIssued", "2 July 2024", instrument="w", share_class="ordinary", description="Warrants 2026", shares="900", warrants="900", price="HKD 2"),
    event("IssueAgreed", "3 July 2024", agreement="a", share_class="ordinary", description="Subscription", shares="60", price="HKD 2"),
]  # fmt: skip
IN_AUGUST = [
    event("AuthorisedCapitalIncreased", "1 August 2024", share_class="ordinary", shares="50,000"),
    event("SchemeAdopted", "2 August 2024", scheme="s", share_class="ordinary", particulars="Scheme of 2024", limit="1,000"),
    event("OptionsGranted", "5 August 2024", scheme="s", options="100"),
    event("OptionsExercised", "6 August 2024", scheme="s", options="20", price="HKD 1.5"),
    event("OptionsLapsed", "7 August 2024", scheme="s", options="5"),
    event("WarrantsExercised", "8 August 2024", instrument="w", shares="300", warrants="300"),
    event("WarrantsLapsed", "9 August 2024", instrument="w", shares="10", warrants="10"),
    event("ConvertiblesIssued", "12 August 2024", instrument="cb", share_class="ordinary", description="Bonds 2028", shares="500", amount="HKD 1,000", price="HKD 2"),
    event("BonusIssueCompleted", "14 August 2024", share_class="ordinary", shares="40"),
    event("PlacingCompleted", "15 August 2024", share_class="ordinary", shares="60", agreement="a"),
]  # fmt: skip


def of_august(*facts):
    return monthly.prepare(entries(*BEFORE, *facts), AUGUST, date(2024, 9, 4))


def called_for():
    return list(monthly_facts(of_august(*IN_AUGUST), Known(list(BEFORE))))


def test_every_row_calls_for_what_it_says_at_the_end_of_the_month_or_on_its_day():
    """Options raised 20 × HKD 1.5 in all, so that their price is known; of the limit 100 were granted, 905 are free: 5 lapsed."""
    on = "31 August 2024"
    assert [(each.event, each.note) for each in called_for() if each.event is not None] == [
        (event("AuthorisedCapitalIncreased", on, share_class="ordinary", shares="50,000"), NO_DAY),
        (event("SchemeAdopted", on, scheme="scheme-of-2024", share_class="ordinary", particulars="Scheme of 2024", limit="980"), NO_DAY),
        (event("OptionsGranted", on, scheme="scheme-of-2024", options="100"), NO_DAY),
        (event("OptionsExercised", on, scheme="scheme-of-2024", options="20", price="HKD 1.5"), NO_DAY),
        (event("OptionsLapsed", on, scheme="scheme-of-2024", options="5"), NO_DAY),
        (event("WarrantsExercised", on, instrument="w", shares="300", warrants="300"), NO_DAY),
        (event("ConvertiblesIssued", on, instrument="bonds-2028", share_class="ordinary", description="Bonds 2028", shares="500", amount="HKD 1,000", price="HKD 2"), NO_DAY),
        (event("BonusIssueCompleted", "14 August 2024", share_class="ordinary", shares="40"), ""),
        (event("PlacingCompleted", "15 August 2024", share_class="ordinary", shares="60"), ""),
    ]  # fmt: skip


def test_a_row_from_which_no_fact_follows_is_recorded_by_hand():
    """Of warrants that lapsed the return does not say how many shares can no longer be issued."""
    assert [(each.path, each.note) for each in called_for() if each.event is None] == [("warrants[0].rows[0]", BY_HAND)]


def test_what_the_book_has_of_the_month_already_is_not_called_for_again():
    known = Known([*BEFORE, *IN_AUGUST])
    assert [each.path for each in monthly_facts(of_august(*IN_AUGUST), known) if each.event is not None] == []


def test_the_facts_called_for_and_those_recorded_by_hand_make_the_month_again():
    by_hand = [each for each in IN_AUGUST if type(each).__name__ == "WarrantsLapsed"]
    published = of_august(*IN_AUGUST)
    again = of_august(*(each.event for each in called_for() if each.event is not None), *by_hand)
    for document in (published, again):
        (block,), (options,) = document.issued, document.options
        # 500,000, 20 on options, 300 on warrants, 40 bonus shares and 60 placed; 100 options less 20 and 5.
        assert block.closing.issued.value == 500_420
        assert [row.closing.value for row in options.rows] == [75]
    for part in ("warrants", "convertibles"):
        rows = [[row.closing for row in getattr(each, part)[0].rows] for each in (again, published)]
        assert rows[0] == rows[1]
