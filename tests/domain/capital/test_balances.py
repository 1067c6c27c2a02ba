"""The fold: what no day may close with, names that must exist, positions and periods."""

from __future__ import annotations

from datetime import date

import pytest

from domain.capital.accounts import Account, ClassBalance
from domain.capital.balances import Impossible, has_floor
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from tests.domain.book_of import at, entries, event, folded, set_up, two_classes

HK = {"share_class": "ordinary", "class_label": "Ordinary shares", "authorised": "no"}
OPTIONS = [
    event("SchemeAdopted", "2 July 2024", scheme="2024", share_class="ordinary", particulars="Options", limit="900"),
    event("OptionsGranted", "3 July 2024", scheme="2024", options="100"),
]
# What stands before the day, what happens at exactly the limit, and what is said one share beyond it.
FLOORS = {
    "held": (
        set_up(held="100"),
        lambda shares: event("SharesRedeemed", "5 July 2024", share_class="ordinary", shares=str(shares)),
        "shares of class ordinary in members' hands would be -1 at close of 5 July 2024"
        " (entry 5, Shares redeemed, 5 July 2024, 101 of 100)",
    ),
    "treasury": (
        set_up(treasury="100"),
        lambda shares: event("TreasurySharesSold", "5 July 2024", share_class="ordinary", shares=str(shares)),
        "treasury shares of class ordinary would be -1 at close of 5 July 2024 (entry 5, Treasury shares sold, 5 July 2024, 101 of 100)",
    ),
    "pending cancellation": (
        set_up(pending="100"),
        lambda shares: event("RepurchasedSharesCancelled", "5 July 2024", share_class="ordinary", shares=str(shares)),
        "shares of class ordinary pending cancellation would be -1 at close of 5 July 2024"
        " (entry 5, Repurchased shares cancelled, 5 July 2024, 101 of 100)",
    ),
    "unissued, by an issue": (
        set_up(authorised="1,000,000", held="999,900"),
        lambda shares: event("PlacingCompleted", "5 July 2024", share_class="ordinary", shares=str(shares)),
        "issued shares of class ordinary would be 1,000,001 at close of 5 July 2024, 1 above the 1,000,000 authorised"
        " (entry 5, Placing completed, 5 July 2024, 101)",
    ),
    "unissued, by a reduction": (
        set_up(authorised="1,000,000", held="999,900"),
        lambda shares: event("AuthorisedCapitalReduced", "5 July 2024", share_class="ordinary", shares=str(shares)),
        "issued shares of class ordinary would be 999,900 at close of 5 July 2024, 1 above the 999,899 authorised"
        " (entry 5, Authorised capital reduced, 5 July 2024, 101)",
    ),
    "unissued, by an opening balance": (
        set_up(authorised="1,000,000", held="1")[:3],
        lambda shares: event("BalanceBroughtForward", "5 July 2024", share_class="ordinary", held=f"{999_900 + shares}"),
        "issued shares of class ordinary would be 1,000,001 at close of 5 July 2024, 1 above the 1,000,000 authorised"
        " (entry 4, Balance brought forward, 5 July 2024, 1,000,001)",
    ),
    "options, by exercise": (
        [*set_up(), *OPTIONS],
        lambda options: event("OptionsExercised", "5 July 2024", scheme="2024", options=str(options)),
        "options or awards outstanding under scheme 2024 would be -1 at close of 5 July 2024 (entry 7, Options exercised, 5 July 2024, 101 of 100)",
    ),
    "options, by lapse": (
        [*set_up(), *OPTIONS],
        lambda options: event("OptionsLapsed", "5 July 2024", scheme="2024", options=str(options)),
        "options or awards outstanding under scheme 2024 would be -1 at close of 5 July 2024 (entry 7, Options lapsed, 5 July 2024, 101 of 100)",
    ),
    "options, by cancellation": (
        [*set_up(), *OPTIONS],
        lambda options: event("OptionsCancelled", "5 July 2024", scheme="2024", options=str(options)),
        "options or awards outstanding under scheme 2024 would be -1 at close of 5 July 2024 (entry 7, Options cancelled, 5 July 2024, 101 of 100)",
    ),
    "options, by a decrease of a nominee's shares": (
        [*set_up(), *OPTIONS],
        lambda options: event("SchemeSharesMoved", "5 July 2024", scheme="2024", shares=f"-{options}", word="Sold"),
        "options or awards outstanding under scheme 2024 would be -1 at close of 5 July 2024"
        " (entry 7, Scheme shares moved, 5 July 2024, 101 of 100)",
    ),
}


@pytest.mark.parametrize(("before", "on_the_day", "_"), FLOORS.values(), ids=list(FLOORS))
def test_an_account_may_be_emptied_exactly(before, on_the_day, _):
    folded(entries(*before, on_the_day(100)))


@pytest.mark.parametrize(("before", "on_the_day", "said"), FLOORS.values(), ids=list(FLOORS))
def test_one_share_beyond_what_is_there_is_impossible_and_day_and_shortfall_are_named(before, on_the_day, said):
    with pytest.raises(Impossible) as refused:
        folded(entries(*before, on_the_day(101)))
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("book", "code", "name", "floor"),
    [
        ("shares", "ordinary", "unissued", True),
        ("shares", "ordinary", "held", True),
        ("shares", "ordinary", "treasury", True),
        ("shares", "ordinary", "pending_cancellation", True),
        ("shares", "ordinary", "authority", False),
        ("shares", "hk", "unissued", False),
        ("shares", "hk", "held", True),
        ("scheme", "2024", "outstanding", True),
        ("scheme", "2024", "available", False),
        ("scheme", "2024", "authority", False),
        ("mandate", "issue-2024", "headroom", False),
        ("mandate", "issue-2024", "authority", False),
    ],
)
def test_only_what_must_be_there_has_a_floor(book, code, name, floor):
    position = folded(entries(*set_up(), event("ShareClassCreated", "2 July 2024", **{**HK, "share_class": "hk"})))
    assert has_floor(position.terms, Account(book, code, name)) is floor


def test_an_issuer_without_authorised_capital_may_issue_any_number():
    (balance,) = folded(
        entries(
            event("ShareClassCreated", "1 July 2024", **HK),
            event("BalanceBroughtForward", "1 July 2024", share_class="ordinary", held="100"),
            event("PlacingCompleted", "2 July 2024", share_class="ordinary", shares="999,999,999,999,999"),
        )
    ).balances()
    assert balance == ClassBalance("ordinary", None, 1_000_000_000_000_099, 0, 1_000_000_000_000_099, 0)


def test_what_counts_is_the_close_of_the_day_not_the_order_within_it():
    sold_before_bought = [
        event("TreasurySharesSold", "5 July 2024", share_class="ordinary", shares="100"),
        event("SharesRepurchased", "5 July 2024", share_class="ordinary", shares="100", intention="treasury"),
    ]
    assert folded(entries(*set_up(), *sold_before_bought)).balance("ordinary").treasury == 0


def test_a_day_between_two_others_is_checked_as_well():
    book = entries(
        *set_up(),
        event("TreasurySharesSold", "5 July 2024", share_class="ordinary", shares="100"),
        event("SharesRepurchased", "6 July 2024", share_class="ordinary", shares="100", intention="treasury"),
    )
    with pytest.raises(Impossible, match="would be -100 at close of 5 July 2024"):
        folded(book)


def test_the_entry_named_is_the_one_that_takes_from_the_empty_account():
    book = entries(
        *set_up(),
        event("PlacingCompleted", "5 July 2024", share_class="ordinary", shares="1"),
        event("TreasurySharesCancelled", "5 July 2024", share_class="ordinary", shares="2"),
        event("SharesRedeemed", "5 July 2024", share_class="ordinary", shares="1"),
    )
    with pytest.raises(Impossible) as refused:
        folded(book)
    assert (refused.value.entry.number, refused.value.field) == (6, None)


@pytest.mark.parametrize(
    ("what", "field", "said"),
    [
        (
            event("PlacingCompleted", "5 July 2024", share_class="ordinery", shares="1"),
            "share_class",
            'unknown class "ordinery" on 5 July 2024. Classes: ordinary. Did you mean ordinary?',
        ),
        (
            event("PlacingCompleted", "5 July 2024", share_class="ordinary", shares="1", mandate="issue-2024"),
            "mandate",
            'unknown mandate "issue-2024" on 5 July 2024. There is none on 5 July 2024.',
        ),
        (
            event("OptionsGranted", "5 July 2024", scheme="2025", options="1"),
            "scheme",
            'unknown scheme "2025" on 5 July 2024. Schemes: 2024. Did you mean 2024?',
        ),
        (
            event("ClassAConvertedToB", "5 July 2024", from_class="ordinary", to_class="Z", shares="1"),
            "to_class",
            'unknown class "Z" on 5 July 2024. Classes: ordinary.',
        ),
        (
            event("ClassAConvertedToB", "5 July 2024", from_class="Z", to_class="ordinary", shares="1"),
            "from_class",
            'unknown class "Z" on 5 July 2024. Classes: ordinary.',
        ),
        (
            event("SchemeAdopted", "5 July 2024", scheme="new", share_class="H", particulars="Options"),
            "share_class",
            'unknown class "H" on 5 July 2024. Classes: ordinary.',
        ),
    ],
)
def test_a_name_the_book_does_not_have_is_refused_and_the_nearest_one_named(what, field, said):
    with pytest.raises(Impossible) as refused:
        folded(entries(*set_up(), *OPTIONS, what))
    assert (refused.value.field, str(refused.value)) == (field, said)


@pytest.mark.parametrize(
    ("again", "field", "said"),
    [
        (
            event("IssuerRegistered", "5 July 2024", issuer="00002", name="Other"),
            "issuer",
            "this book already is that of 00001, Example Limited",
        ),
        (
            event("ShareClassCreated", "5 July 2024", share_class="ordinary", class_label="x"),
            "share_class",
            "ordinary already exists in this book",
        ),
        (
            event("SchemeAdopted", "5 July 2024", scheme="2024", share_class="ordinary", particulars="x"),
            "scheme",
            "2024 already exists in this book",
        ),
        (
            event("MandateGranted", "5 July 2024", mandate="m", purpose="issue", percent="1", base="100"),
            "mandate",
            "m already exists in this book",
        ),
    ],
)
def test_what_a_book_has_cannot_be_set_up_again(again, field, said):
    mandate = event("MandateGranted", "3 July 2024", mandate="m", purpose="issue", percent="20", base="100")
    with pytest.raises(Impossible) as refused:
        folded(entries(*set_up(), *OPTIONS, mandate, again))
    assert (refused.value.field, str(refused.value)) == (field, said)


def test_a_name_is_unknown_before_the_day_on_which_it_was_set_up():
    placing = event("PlacingCompleted", "30 June 2024", share_class="ordinary", shares="1")
    with pytest.raises(Impossible, match=r'unknown class "ordinary" on 30 June 2024. There is none on 30 June 2024.'):
        folded(entries(*set_up("1 July 2024"), placing))


def test_balances_are_those_at_close_of_the_day_asked_for():
    book = entries(*set_up(), event("PlacingCompleted", "5 July 2024", share_class="ordinary", shares="100"))
    days = ["2024-06-30", "2024-07-01", "2024-07-04", "2024-07-05", "2024-07-06"]
    issued = [[balance.issued_excluding_treasury for balance in at(book, day).balances()] for day in days]
    assert issued == [[], [500_000], [500_000], [500_100], [500_100]]


def test_the_named_sums_of_a_class():
    book = entries(*set_up(held="500,000", treasury="3,000", pending="200"))
    assert folded(book).balance("ordinary") == ClassBalance(
        share_class="ordinary",
        authorised=1_000_000,
        issued_excluding_treasury=500_200,
        treasury=3_000,
        total_issued=503_200,
        pending_cancellation=200,
    )


def test_balances_stand_in_the_order_in_which_the_classes_were_created():
    assert [balance.share_class for balance in folded(entries(*two_classes())).balances()] == ["B", "A"]


def test_a_class_that_does_not_exist_has_no_balance():
    with pytest.raises(KeyError):
        folded(entries(*set_up())).balance("B")


def test_a_copied_position_goes_its_own_way():
    position = folded(entries(*set_up()))
    twin = position.copy()
    twin.totals.clear()
    twin.terms.classes.clear()
    assert position.balance("ordinary").total_issued == 500_000
    assert Position().balances() == ()


def test_a_period_opens_at_close_of_its_first_day_and_closes_at_close_of_its_last():
    placings = [
        event("PlacingCompleted", f"{day} July 2024", share_class="ordinary", shares=str(10**n))
        for n, day in enumerate((4, 5, 6, 7, 8))
    ]
    found = Ledger.of(entries(*set_up(), *placings)).period(date(2024, 7, 5), date(2024, 7, 7))
    assert [posted.entry.number for posted in found.before] == [1, 2, 3, 4, 5, 6]
    assert [posted.entry.number for posted in found.during] == [7, 8]
    assert found.opening.balance("ordinary").total_issued == 500_011
    assert found.closing.balance("ordinary").total_issued == 501_111


def test_a_period_in_which_nothing_happened_closes_as_it_opened():
    found = Ledger.of(entries(*set_up())).period(date(2024, 7, 5), date(2024, 7, 7))
    assert found.during == ()
    assert found.opening.balances() == found.closing.balances()


def test_a_period_knows_only_what_was_known_at_an_instant():
    book = entries(*set_up(), event("PlacingCompleted", "6 July 2024", share_class="ordinary", shares="1"))
    found = Ledger.of(book, book[3].recorded_at).period(date(2024, 7, 5), date(2024, 7, 7))
    assert found.during == ()


def test_headroom_is_what_is_left_of_a_mandate_and_negative_where_it_was_exceeded():
    book = entries(
        *set_up(),
        event("MandateGranted", "2 July 2024", mandate="issue", purpose="issue", percent="20", base="500"),
        event("PlacingCompleted", "3 July 2024", share_class="ordinary", shares="60", mandate="issue"),
        event("PlacingCompleted", "4 July 2024", share_class="ordinary", shares="41", mandate="issue"),
    )
    left = [at(book, f"2024-07-0{day}").total("mandate", "issue", "headroom") for day in (1, 2, 3, 4)]
    assert left == [0, 100, 40, -1]
