"""Subdivision, consolidation and reduction of capital: what scales, by how much, and what may not be a fraction."""

from __future__ import annotations

from datetime import date

import pytest

from domain.capital.balances import Impossible
from domain.events import SharesConsolidated
from domain.returns import filings, monthly, next_day
from domain.rulebook import findings
from domain.values import Money
from infrastructure.readers.values import build
from tests.domain.book_of import at, entries, event, folded, set_up, two_classes

HKD = Money.parse
AUGUST = date(2024, 8, 31)


def subdivided(on="5 August 2024", into="4", **said):
    return event("SharesSubdivided", on, into=into, **said)


def consolidated(on="5 August 2024", shares="4", **said):
    return event("SharesConsolidated", on, shares=shares, **said)


RIGHTS = [
    event("SchemeAdopted", "2 July 2024", scheme="2024", share_class="ordinary", particulars="Options", limit="10,001"),
    event("SchemeBalanceBroughtForward", "2 July 2024", scheme="2024", outstanding="4,000", granted_before="1,000"),
    event("MandateGranted", "2 July 2024", mandate="issue", purpose="issue", percent="20", base="500,000"),
    event("MandateGranted", "2 July 2024", mandate="repurchase", purpose="repurchase", percent="10", base="500,000"),
    event(
        "WarrantsIssued", "3 July 2024", instrument="w", share_class="ordinary", description="Warrants", shares="600",
        warrants="1,200", price="HKD 2",
    ),
    event(
        "ConvertiblesIssued", "3 July 2024", instrument="cb", share_class="ordinary", description="Bonds", shares="800",
        amount="HKD 2,400", price="HKD 3",
    ),
    event(
        "IssueAgreed", "4 July 2024", agreement="june", share_class="ordinary", description="Placing agreement", shares="1,000",
        price="HKD 1.5", mandate="issue",
    ),
    event("SharesRepurchased", "5 July 2024", share_class="ordinary", shares="8,000", intention="treasury", mandate="repurchase"),
    event("SharesRepurchased", "8 July 2024", share_class="ordinary", shares="4,000", intention="cancellation", mandate="repurchase"),
    event("PlacingCompleted", "9 July 2024", share_class="ordinary", shares="2,000", mandate="issue"),
]  # fmt: skip


def totals(position):
    """Every account that is not empty, the members' authority aside."""
    return {
        f"{account.book} {account.code} {account.name}": number
        for account, number in position.totals.items()
        if number and account.name != "authority"
    }


BEFORE = {
    "shares ordinary unissued": 498_000,
    "shares ordinary held": 490_000,
    "shares ordinary treasury": 8_000,
    "shares ordinary pending_cancellation": 4_000,
    "scheme 2024 available": 5_001,
    "scheme 2024 outstanding": 4_000,
    "scheme 2024 exercised": 1_000,
    "mandate issue headroom": 97_000,
    "mandate issue reserved": 1_000,
    "mandate issue used": 2_000,
    "mandate repurchase headroom": 38_000,
    "mandate repurchase used": 12_000,
    "instrument w outstanding": 1_200,
    "issuable w outstanding": 600,
    "instrument cb outstanding": 240_000,
    "issuable cb outstanding": 800,
    "agreement june outstanding": 1_000,
}
# What is counted in warrants or in money stays; so does what was exercised of a scheme before.
STAYS = {"instrument w outstanding", "instrument cb outstanding", "scheme 2024 exercised"}


def test_the_book_before():
    assert totals(folded(entries(*set_up(), *RIGHTS))) == BEFORE


@pytest.mark.parametrize("into", [2, 4, 10])
@pytest.mark.parametrize("named", [None, "ordinary"])
def test_a_subdivision_multiplies_everything_that_counts_shares(into, named):
    position = folded(entries(*set_up(), *RIGHTS, subdivided(into=str(into), share_class=named)))
    assert totals(position) == {name: number if name in STAYS else number * into for name, number in BEFORE.items()}
    assert position.terms.schemes["2024"].limit == 10_001 * into
    assert (position.terms.mandates["issue"].base, position.terms.mandates["issue"].base_now) == (500_000, 500_000 * into)


def test_a_consolidation_divides_everything_that_counts_shares_and_rounds_as_the_rules_do():
    """10,001 to the nearest share is 2,500; 5,001 is 1,250; a mandate's use rounds against it."""
    used = event("PlacingCompleted", "10 July 2024", share_class="ordinary", shares="4", mandate="issue")
    more = event("PlacingCompleted", "11 July 2024", share_class="ordinary", shares="4", mandate="repurchase")
    position = folded(entries(*set_up(), *RIGHTS, used, more, consolidated(fractions="cancelled")))
    divided = {name: number if name in STAYS else number // 4 for name, number in BEFORE.items()}
    expected = divided | {
        "shares ordinary unissued": 124_498,
        "shares ordinary held": 122_502,
        "scheme 2024 available": 1_250,
        "mandate issue used": 501,
        "mandate issue headroom": 24_249,
        "mandate repurchase used": 3_001,
        "mandate repurchase headroom": 9_499,
    }
    assert totals(position) == expected
    assert position.terms.schemes["2024"].limit == 2_500
    assert position.terms.mandates["issue"].base_now == 125_000


@pytest.mark.parametrize(
    ("limit", "by", "nearest"),
    [("10", "4", 3), ("9", "4", 2), ("6", "4", 2), ("5", "4", 1), ("2", "4", 1), ("1", "4", 0), ("3", "2", 2)],
)
def test_a_schemes_limit_goes_to_the_nearest_share_half_up(limit, by, nearest):
    scheme = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="Options", limit=limit)
    position = folded(entries(*set_up(), scheme, consolidated(shares=by)))
    assert (position.terms.schemes["s"].limit, position.total("scheme", "s", "available")) == (nearest, nearest)


def test_what_was_used_of_a_mandate_rounds_up_and_the_base_down():
    """10 per cent of 1,003 is 100; by 4, the base is 250 and the limit 25; 9 used become 3."""
    mandate = event("MandateGranted", "2 July 2024", mandate="m", purpose="issue", percent="10", base="1,003")
    used = event("PlacingCompleted", "3 July 2024", share_class="ordinary", shares="9", mandate="m")
    before = set_up(authorised="1,000,000", held="499,991")
    position = folded(entries(*before, mandate, used, consolidated()))
    assert (position.terms.mandates["m"].limit, position.total("mandate", "m", "used")) == (25, 3)
    assert position.total("mandate", "m", "headroom") == 22


@pytest.mark.parametrize("named", [None, "ordinary"])
def test_a_consolidation_that_uses_a_mandate_up_by_rounding_is_no_finding(named):
    """10 per cent of 31 is 3, all of it used; by 2, the base is 15 and the limit 1, and the 3 used become 2."""
    mandate = event("MandateGranted", "2 July 2024", mandate="m", purpose="issue", percent="10", base="31")
    used = event("PlacingCompleted", "3 July 2024", share_class="ordinary", shares="3", mandate="m")
    book = entries(*set_up(authorised="1,000,000", held="31"), mandate, used, consolidated(shares="2", share_class=named))
    assert folded(book).total("mandate", "m", "headroom") == -1
    assert findings(book) == ()


# --- par value and prices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reorganisation", "par", "warrants", "bonds", "agreed"),
    [
        (subdivided(), "HKD 0.025", "HKD 0.5", "HKD 0.75", "HKD 0.375"),
        (subdivided(into="10"), "HKD 0.01", "HKD 0.2", "HKD 0.3", "HKD 0.15"),
        (consolidated(shares="8", fractions="cancelled"), "HKD 0.8", "HKD 16", "HKD 24", "HKD 12"),
    ],
)
def test_par_value_and_prices_scale_inversely(reorganisation, par, warrants, bonds, agreed):
    facts = folded(entries(*set_up(), *RIGHTS, reorganisation)).terms
    assert facts.classes["ordinary"].par_value == HKD(par)
    assert [facts.instruments[name].price for name in ("w", "cb")] == [HKD(warrants), HKD(bonds)]
    assert facts.agreements["june"].price == HKD(agreed)


@pytest.mark.parametrize(("par", "into", "divided"), [
    ("USD 0.000000025", "5", "USD 0.000000005"),
    ("USD 0.00000000000000000004", "4", "USD 0.00000000000000000001"),
    ("HKD 1", "1,024", "HKD 0.0009765625"),
])  # fmt: skip
def test_a_par_value_of_up_to_twenty_decimals_divides_exactly(par, into, divided):
    created = event("ShareClassCreated", "1 July 2024", share_class="x", class_label="x", par_value=par)
    assert str(folded(entries(created, subdivided(into=into))).terms.classes["x"].par_value) == divided


@pytest.mark.parametrize(
    ("par", "into", "said"),
    [
        ("HKD 0.1", "3", "the par value of class x does not divide: HKD 0.1 does not divide by 3"),
        ("HKD 0.1", "7", "the par value of class x does not divide: HKD 0.1 does not divide by 7"),
        (
            "USD 0.00000000000000000001", "2",
            "the par value of class x does not divide: "
            "expected an amount of at most 20 decimal places, got 0.000000000000000000005",
        ),
    ],
)  # fmt: skip
def test_a_par_value_that_does_not_divide_is_refused(par, into, said):
    created = event("ShareClassCreated", "1 July 2024", share_class="x", class_label="x", par_value=par)
    with pytest.raises(Impossible) as refused:
        folded(entries(created, subdivided(into=into)))
    assert (refused.value.field, str(refused.value)) == ("into", said)


def test_shares_without_par_value_have_none_after():
    created = event("ShareClassCreated", "1 July 2024", share_class="x", class_label="x", authorised="no")
    opening = event("BalanceBroughtForward", "1 July 2024", share_class="x", held="100")
    position = folded(entries(created, opening, subdivided(into="3")))
    assert (position.terms.classes["x"].par_value, position.balance("x").authorised) == (None, None)
    assert position.balance("x").issued_excluding_treasury == 300


# --- fractions --------------------------------------------------------------------------------------------------

ONE_MORE = event("PlacingCompleted", "2 July 2024", share_class="ordinary", shares="1")


@pytest.mark.parametrize(
    ("book", "what"),
    [
        (set_up(authorised="1,000,001"), "the 1,000,001 authorised shares of class ordinary"),
        ([*set_up(), ONE_MORE], "the 500,001 issued shares of class ordinary"),
        (set_up(treasury="3"), "the 500,003 issued shares of class ordinary"),
        (set_up(pending="6"), "the 500,006 issued shares of class ordinary"),
    ],
    ids=["authorised", "held", "treasury", "pending"],
)
def test_fractions_are_refused_unless_the_event_says_what_happened_to_them(book, what):
    with pytest.raises(Impossible) as refused:
        folded(entries(*book, consolidated()))
    said = f"{what} do not divide by 4; say what happened to the fractions: sold, cancelled or rounded up"
    assert (refused.value.field, str(refused.value)) == ("fractions", said)
    for fractions in ("sold", "cancelled"):
        folded(entries(*book, consolidated(fractions=fractions)))


# 499,997 members' shares, 2 in treasury and 1 pending are 500,000: 125,000 in any account.
@pytest.mark.parametrize(
    ("held", "treasury", "pending", "excluding", "own", "waiting"),
    [
        ("499,997", "2", "1", 125_000, 0, 0),
        ("499,990", "8", "2", 124_998, 2, 0),
        ("499,989", "3", "8", 125_000, 0, 2),
        ("499,993", "7", "0", 124_999, 1, 0),
    ],
)
def test_a_class_that_divides_is_rounded_as_a_whole_not_by_account(held, treasury, pending, excluding, own, waiting):
    book = entries(*set_up(held=held, treasury=treasury, pending=pending), consolidated())
    (balance,) = folded(book).balances()
    assert (balance.total_issued, balance.issued_excluding_treasury, balance.treasury) == (125_000, excluding, own)
    assert balance.pending_cancellation == waiting


def test_fractions_cancelled_leave_whole_shares_in_every_account():
    """500,003 and 7 and 6 are 500,016: by 4, 125,004; of 7 and of 6 one share each is left, the members have the rest."""
    book = entries(
        *set_up(authorised="1,000,003", held="500,003", treasury="7", pending="6"), consolidated(fractions="cancelled")
    )
    (balance,) = folded(book).balances()
    assert (balance.authorised, balance.issued_excluding_treasury, balance.treasury) == (250_000, 125_003, 1)
    assert balance.pending_cancellation == 1


@pytest.mark.parametrize(
    ("fractions", "issued", "said"),
    [
        ("cancelled", "125,000", None),
        ("cancelled", "124,000", None),
        ("cancelled", "125,001", "expected at most 125,000 for class ordinary, got 125,001"),
        ("rounded up", "125,001", None),
        ("rounded up", "126,000", None),
        ("rounded up", "125,000", "expected at least 125,001 for class ordinary, got 125,000"),
    ],
)
def test_the_registers_number_is_taken_where_each_holders_fraction_was_rounded(fractions, issued, said):
    """500,003 by 4 are 125,000.75."""
    book = entries(*set_up(held="500,003"), consolidated(fractions=fractions, issued=issued, share_class="ordinary"))
    if said is None:
        assert folded(book).balance("ordinary").total_issued == int(issued.replace(",", ""))
    else:
        with pytest.raises(Impossible) as refused:
            folded(book)
        assert (refused.value.field, str(refused.value)) == ("issued", said)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"fractions": "rounded up", "share_class": "ordinary"}, "issued"),
        ({"fractions": "sold", "share_class": "ordinary", "issued": "5"}, "issued"),
        ({"fractions": "cancelled", "issued": "5"}, "issued"),
        ({"share_class": "ordinary", "issued": "5"}, "issued"),
    ],
    ids=["rounded up, no number", "sold, a number", "no class", "no word on fractions"],
)
def test_a_number_by_the_register_belongs_to_a_class_and_to_fractions_rounded_by_holder(said, field):
    made, problems = build(SharesConsolidated, {"effective_on": "5 August 2024", "shares": "4", **said})
    assert made is None
    assert [name for name, _ in problems] == [field]


def test_a_consolidation_by_a_number_that_divides_needs_no_word_about_fractions():
    assert folded(entries(*set_up(), consolidated())).balance("ordinary").issued_excluding_treasury == 125_000


def test_rights_to_shares_follow_their_own_terms_and_never_stop_a_consolidation():
    """5 options, 7 shares on warrants, 9 agreed: by 4 they are 1, 1 and 2."""
    options = event("OptionsGranted", "3 July 2024", scheme="2024", options="5")
    warrants = event(
        "WarrantsIssued", "3 July 2024", instrument="w", share_class="ordinary", description="W", shares="7", warrants="4"
    )
    agreed = event("IssueAgreed", "3 July 2024", agreement="a", share_class="ordinary", description="A", shares="9")
    position = folded(entries(*set_up(), *RIGHTS[:1], options, warrants, agreed, consolidated()))
    found = [position.total(*account) for account in (("scheme", "2024", "outstanding"), ("issuable", "w", "outstanding"))]
    assert [*found, position.total("agreement", "a", "outstanding")] == [1, 1, 2]


# --- prices that do not divide ------------------------------------------------------------------------------------

NO_PAR = [
    event("ShareClassCreated", "1 July 2024", share_class="x", class_label="x", authorised="no"),
    event("BalanceBroughtForward", "1 July 2024", share_class="x", held="900"),
    event(
        "ConvertiblesIssued", "3 July 2024", instrument="cb", share_class="x", description="Bonds", shares="300",
        amount="HKD 300", price="HKD 1",
    ),
]  # fmt: skip
REDEEMED = event("ConvertiblesRedeemed", "4 July 2024", instrument="cb", shares="300", amount="HKD 300")


def test_a_live_price_that_does_not_divide_asks_for_the_adjusted_one():
    with pytest.raises(Impossible) as refused:
        folded(entries(*NO_PAR, subdivided(into="3")))
    said = "HKD 1 does not divide by 3: give the new price of cb, as its terms adjust it"
    assert (refused.value.field, str(refused.value)) == ("prices", said)


def test_the_adjusted_price_is_the_one_given():
    position = folded(entries(*NO_PAR, subdivided(into="3", prices="cb: HKD 0.3333")))
    assert (str(position.terms.instruments["cb"].price), position.total("issuable", "cb", "outstanding")) == ("HKD 0.3333", 900)


def test_the_price_of_what_is_over_stops_nothing():
    position = folded(entries(*NO_PAR, REDEEMED, subdivided(into="3")))
    assert position.balance("x").issued_excluding_treasury == 2_700


@pytest.mark.parametrize("facts", [[], [REDEEMED]])
def test_a_price_for_what_has_none_to_adjust_is_refused(facts):
    right = "other" if not facts else "cb"
    prices = "other: HKD 0.1; cb: HKD 0.3333" if not facts else "cb: HKD 0.1"
    with pytest.raises(Impossible, match=f"there is no price to adjust of {right}"):
        folded(entries(*NO_PAR, *facts, subdivided(into="3", prices=prices)))


# --- which classes, and when ------------------------------------------------------------------------------------


MANDATE = {"mandate": "m", "purpose": "issue", "percent": "20", "base": "1,000,000"}


def test_a_class_reorganised_alone_takes_the_mandates_along_by_its_part_of_the_shares_they_count():
    """600,000 B become 2,400,000 beside 400,000 A: 2,800,000 for 1,000,000, so a fifth is 560,000."""
    mandate = event("MandateGranted", "2 July 2024", **MANDATE)
    position = folded(entries(*two_classes(), mandate, subdivided(share_class="B")))
    assert [(each.share_class, each.issued_excluding_treasury, each.authorised) for each in position.balances()] == [
        ("B", 2_400_000, 8_000_000),
        ("A", 400_000, 500_000),
    ]
    assert [str(share.par_value) for share in position.terms.classes.values()] == ["USD 0.00025", "USD 0.001"]
    found = position.terms.mandates["m"]
    assert (found.base_now, position.total("mandate", "m", "headroom")) == (2_800_000, 560_000)
    assert found.uneven_on == date(2024, 8, 5)


def test_a_day_on_which_all_classes_are_treated_alike_does_not_make_an_earlier_one_even():
    mandate = event("MandateGranted", "2 July 2024", **MANDATE)
    alike = [subdivided("2 September 2024", "2", share_class=code) for code in ("A", "B")]
    position = folded(entries(*two_classes(), mandate, subdivided(share_class="B"), *alike))
    found = position.terms.mandates["m"]
    assert (found.base_now, found.uneven_on) == (5_600_000, date(2024, 8, 5))


@pytest.mark.parametrize(("counts", "base", "headroom"), [("B", 2_400_000, 480_000), ("A", 400_000, 80_000)])
def test_a_mandate_follows_the_classes_that_its_base_counts(counts, base, headroom):
    mandate = event(
        "MandateGranted", "2 July 2024", **{**MANDATE, "base": "600,000" if counts == "B" else "400,000"}, classes=counts
    )
    position = folded(entries(*two_classes(), mandate, subdivided(share_class="B")))
    found = position.terms.mandates["m"]
    assert (found.base_now, found.uneven_on, position.total("mandate", "m", "headroom")) == (base, None, headroom)


def test_a_class_without_votes_is_not_counted_unless_it_is_named():
    preference = event("ShareClassCreated", "1 July 2024", share_class="P", class_label="Preference shares", votes_per_share="0")
    opening = event("BalanceBroughtForward", "1 July 2024", share_class="P", held="700", treasury="0")
    capital = event("AuthorisedCapitalIncreased", "1 July 2024", share_class="P", shares="700")
    mandate = event("MandateGranted", "2 July 2024", **{**MANDATE, "base": "500,000"})
    position = folded(entries(*set_up(), preference, capital, opening, mandate, subdivided(share_class="P")))
    assert position.terms.mandates["m"].base_now == 500_000
    position = folded(entries(*set_up(), preference, capital, opening, mandate, subdivided(share_class="ordinary")))
    assert (position.terms.mandates["m"].base_now, position.terms.mandates["m"].uneven_on) == (2_000_000, None)


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
@pytest.mark.parametrize("shares", ["2", "5", "8"])
def test_classes_reorganised_one_by_one_on_a_day_are_to_a_mandate_as_all_at_once(order, shares):
    """What was used, 33,333 shares, rounds up once: as if the day had brought one fact."""
    said = {"shares": shares, "fractions": "sold"}
    mandate = event("MandateGranted", "2 July 2024", **MANDATE)
    used = event("PlacingCompleted", "9 July 2024", share_class="B", shares="33,333", mandate="m")
    begun = [*two_classes(), mandate, used]
    one_by_one = folded(entries(*begun, *(consolidated(share_class=code, **said) for code in order)))
    at_once = folded(entries(*begun, consolidated(**said)))
    for name in ("headroom", "used", "reserved"):
        assert one_by_one.total("mandate", "m", name) == at_once.total("mandate", "m", name)
    assert one_by_one.terms.mandates == at_once.terms.mandates
    by = int(shares)
    assert one_by_one.total("mandate", "m", "used") == -(-33_333 // by)
    assert one_by_one.terms.mandates["m"].limit == 200_000 // by


def test_every_class_is_reorganised_where_none_is_named():
    mandate = event("MandateGranted", "2 July 2024", **MANDATE)
    position = folded(entries(*two_classes(), mandate, subdivided()))
    assert [each.issued_excluding_treasury for each in position.balances()] == [2_400_000, 1_600_000]
    assert (position.terms.mandates["m"].base_now, position.total("mandate", "m", "headroom")) == (4_000_000, 800_000)


def test_rights_over_another_class_stay_as_they_are():
    scheme = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="A", particulars="Options", limit="900")
    position = folded(entries(*two_classes(), scheme, subdivided(share_class="B")))
    assert (position.terms.schemes["s"].limit, position.total("scheme", "s", "available")) == (900, 900)


def test_an_agreement_over_a_class_subdivided_alone_reserves_more_of_its_mandate_and_can_be_completed():
    mandate = event("MandateGranted", "2 July 2024", mandate="m", purpose="issue", percent="20", base="1,000,000")
    agreed = event(
        "IssueAgreed", "3 July 2024", agreement="a", share_class="B", description="Placing agreement", shares="100", mandate="m"
    )
    completed = event("PlacingCompleted", "8 August 2024", share_class="B", shares="400", agreement="a")
    book = entries(*two_classes(), mandate, agreed, subdivided(share_class="B"), completed)
    names = ("headroom", "reserved", "used")
    found = [
        tuple(at(book, day).total("mandate", "m", name) for name in names) for day in ("2024-08-04", "2024-08-05", "2024-08-08")
    ]
    # A fifth of 1,000,000, then of 2,800,000.
    assert found == [(199_900, 100, 0), (559_600, 400, 0), (559_600, 0, 400)]


def test_an_agreement_that_is_completed_reserves_nothing_after_a_consolidation():
    mandate = event("MandateGranted", "2 July 2024", mandate="m", purpose="issue", percent="20", base="500,000")
    agreed = event("IssueAgreed", "3 July 2024", agreement="a", share_class="ordinary", description="x", shares="9", mandate="m")
    completed = event("PlacingCompleted", "8 August 2024", share_class="ordinary", shares="4", agreement="a")
    position = folded(entries(*set_up(), mandate, agreed, consolidated(shares="2", fractions="cancelled"), completed))
    assert (position.total("agreement", "a", "outstanding"), position.total("mandate", "m", "reserved")) == (0, 0)


def test_a_reorganisation_comes_before_the_days_dealings_however_late_it_is_recorded():
    placing = event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="10")
    book = entries(*set_up(), placing, subdivided(into="2"))
    assert folded(book).balance("ordinary").issued_excluding_treasury == 1_000_010


def test_what_is_found_late_but_was_made_before_the_subdivision_is_multiplied_by_it():
    late = event("SharesRepurchased", "2 August 2024", share_class="ordinary", shares="100", intention="treasury")
    book = entries(*set_up(), subdivided(), late)
    assert [at(book, day).balance("ordinary").treasury for day in ("2024-08-02", "2024-08-04", "2024-08-05")] == [100, 100, 400]
    known_before = at(book, "2024-08-05", book[4].recorded_at)
    assert known_before.balance("ordinary").treasury == 0


def test_a_class_that_the_book_does_not_have_is_refused():
    with pytest.raises(Impossible, match='unknown class "H"'):
        folded(entries(*set_up(), subdivided(share_class="H")))


@pytest.mark.parametrize(("name", "number"), [("SharesSubdivided", "into"), ("SharesConsolidated", "shares")])
@pytest.mark.parametrize("wrong", ["1", "0", "-2", "1.5"])
def test_a_ratio_of_less_than_two_is_none(name, number, wrong):
    with pytest.raises(AssertionError, match=number):
        event(name, "5 August 2024", **{number: wrong})


# --- reduction of capital ---------------------------------------------------------------------------------------


def reduced(par, on="5 August 2024"):
    return event("CapitalReduced", on, share_class="ordinary", par_value=par)


def test_a_reduction_changes_the_par_value_and_no_number():
    before, after = folded(entries(*set_up(), *RIGHTS)), folded(entries(*set_up(), *RIGHTS, reduced("HKD 0.01")))
    assert after.totals == before.totals
    assert after.terms.classes["ordinary"].par_value == HKD("HKD 0.01")
    assert after.terms.instruments == before.terms.instruments


@pytest.mark.parametrize(
    ("par", "said"),
    [
        ("HKD 0.1", "expected less than the par value of class ordinary, HKD 0.1, got HKD 0.1"),
        ("HKD 0.2", "expected less than the par value of class ordinary, HKD 0.1, got HKD 0.2"),
        ("USD 0.01", "class ordinary has a par value of HKD 0.1"),
    ],
)
def test_a_reduction_to_no_less_or_to_another_currency_is_refused(par, said):
    with pytest.raises(Impossible) as refused:
        folded(entries(*set_up(), reduced(par)))
    assert (refused.value.field, str(refused.value)) == ("par_value", said)


def test_shares_without_par_value_have_none_to_reduce():
    created = event("ShareClassCreated", "1 July 2024", share_class="ordinary", class_label="x")
    with pytest.raises(Impossible, match="class ordinary has no par value"):
        folded(entries(created, reduced("HKD 0.01")))


# --- on the returns ---------------------------------------------------------------------------------------------


def august(*what, book=None):
    return monthly.prepare(entries(*(book or [*set_up(), *RIGHTS]), *what), AUGUST, date(2024, 9, 5))


def test_the_capital_of_each_day_is_number_times_the_par_value_of_that_day():
    """1,000,000 of HKD 0.1, then 4,000,000 of HKD 0.025: the same capital."""
    (block,) = august(subdivided()).authorised
    assert (block.opening.value, block.movement.value, block.closing.value) == (1_000_000, 3_000_000, 4_000_000)
    assert [str(money) for money in (block.opening_par, block.closing_par)] == ["HKD 0.1", "HKD 0.025"]
    assert block.opening_capital == block.closing_capital == HKD("HKD 100,000")


def test_a_reduction_shows_in_part_one_alone():
    document = august(reduced("HKD 0.01"), book=set_up())
    (block,) = document.authorised
    assert (block.movement.value, block.opening_capital, block.closing_capital) == (None, HKD("HKD 100,000"), HKD("HKD 10,000"))
    assert (document.other_movements, document.issued[0].movement.issued.value, document.totals) == ((), None, ())
    with pytest.raises(filings.NotPrepared):
        next_day.prepare(entries(*set_up(), reduced("HKD 0.01")), AUGUST, date(2024, 9, 5))


def test_a_subdivision_is_a_row_of_part_three_e_with_its_general_meeting():
    document = august(subdivided(general_meeting_on="1 August 2024"))
    rows = [(row.category, row.issued.value, row.treasury.value, row.pending.value) for row in document.other_movements[0].rows]
    assert rows == [
        ("Capital reorganisation", 1_482_000, 24_000, None),
        ("Repurchase of shares (shares repurchased for cancellation but not yet cancelled)", None, None, -16_000),
    ]
    assert document.other_movements[0].rows[0].general_meeting_on == date(2024, 8, 1)
    assert (document.totals[0].issued.value, document.totals[0].treasury.value) == (1_482_000, 24_000)
    assert document.confirms is False


@pytest.mark.parametrize(
    ("reorganisation", "word", "number", "closing"),
    [
        (subdivided(), "Subdivision", 12_000, 16_000),
        (consolidated(fractions="cancelled"), "Consolidation", -3_000, 1_000),
    ],
)
def test_options_outstanding_move_under_others(reorganisation, word, number, closing):
    (row,) = august(reorganisation).options[0].rows
    assert [(each.label, each.word, each.number.value) for each in row.movements] == [("Others", word, number)]
    assert (row.opening.value, row.closing.value, row.may_be_issued.value) == (4_000, closing, closing)


def test_the_amount_of_a_convertible_stays_and_its_shares_and_price_follow():
    (row,) = august(subdivided()).convertibles[0].rows
    assert (row.opening, row.movements, row.closing, row.may_be_issued.value, str(row.price)) == (
        2_400,
        (),
        2_400,
        3_200,
        "HKD 0.75",
    )
    (agreement,) = august(subdivided()).agreements[0].rows
    assert (agreement.may_be_issued.value, str(agreement.price)) == (4_000, "HKD 0.375")


def test_a_subdivision_is_disclosed_the_next_day_in_the_block_of_every_class():
    document = next_day.prepare(entries(*two_classes(), subdivided()), date(2024, 8, 5), date(2024, 8, 6))
    assert [
        (section.heading.code, section.changes[0].issued.value, str(section.changes[0].percent)) for section in document.sections
    ] == [
        ("B", 1_800_000, "300"),
        ("A", 1_200_000, "300"),
    ]


def test_a_consolidation_is_a_decrease_with_an_unsigned_percentage():
    document = next_day.prepare(entries(*set_up(), consolidated()), date(2024, 8, 5), date(2024, 8, 6))
    (change,) = document.sections[0].changes
    assert (change.category, change.issued.value, str(change.percent), change.price) == (
        "Capital reorganisation", -375_000, "75", None,
    )  # fmt: skip
