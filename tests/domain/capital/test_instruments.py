"""Parts III(B), (C) and (D): warrants, convertibles, agreements and awards, with their columns and feet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from domain.capital.balances import Impossible
from domain.events import ConvertiblesIssued
from domain.returns import filings, monthly, next_day
from domain.rulebook import findings
from infrastructure.readers.values import build
from tests.domain.book_of import entries, event, folded, set_up

WARRANTS = event(
    "WarrantsIssued", "3 July 2024", instrument="w", share_class="ordinary", description="Warrants to 2026", shares="6,000",
    warrants="3,000", price="HKD 2.5", stock_code="01234", general_meeting_on="28 June 2024",
)  # fmt: skip
BONDS = event(
    "ConvertiblesIssued", "3 July 2024", instrument="cb", share_class="ordinary", description="Bonds due 2027", shares="7,000",
    amount="USD 21,000.50", price="USD 3", mandate="issue", benchmark_price="USD 2.9",
)  # fmt: skip
MANDATE = event("MandateGranted", "2 July 2024", mandate="issue", purpose="issue", percent="20", base="500,000")
AGREED = event(
    "IssueAgreed", "4 July 2024", agreement="june", share_class="ordinary", description="Placing agreement", shares="10,000",
    price="HKD 1.5", mandate="issue",
)  # fmt: skip
AWARDS = event(
    "SchemeAdopted", "2 July 2024", scheme="awards", share_class="ordinary", particulars="Award scheme", limit="50,000",
    awards="yes", general_meeting_on="1 July 2024",
)  # fmt: skip
BOOK = [*set_up(treasury="9,000"), MANDATE, WARRANTS, BONDS, AGREED, AWARDS]
GRANTED = event("AwardsGranted", "5 July 2024", scheme="awards", awards="8,000")


def august(*what):
    return monthly.prepare(entries(*BOOK, GRANTED, *what), date(2024, 8, 31), date(2024, 9, 5))


def on_warrants(kind, on, shares, warrants, **said):
    return event(kind, on, instrument="w", shares=shares, warrants=warrants, **said)


def on_bonds(kind, on, shares, amount, **said):
    return event(kind, on, instrument="cb", shares=shares, amount=amount, **said)


def on_awards(kind, on, awards, **said):
    return event(kind, on, scheme="awards", awards=awards, **said)


def placing(on, shares, **said):
    return event("PlacingCompleted", on, share_class="ordinary", shares=shares, **said)


def ended(on, shares):
    return event("IssueAgreementEnded", on, agreement="june", shares=shares)


def feet(part):
    return part.issued.value, part.treasury.value


def totals(document):
    return [(total.issued.value, total.treasury.value) for total in document.totals]


# --- (B) warrants -----------------------------------------------------------------------------------------------


def test_a_warrants_row_opens_moves_and_closes():
    document = august(
        on_warrants("WarrantsExercised", "5 August 2024", "200", "100"),
        on_warrants("WarrantsExercised", "6 August 2024", "40", "20", treasury_shares="yes", remarks="Out of treasury."),
        on_warrants("WarrantsLapsed", "7 August 2024", "60", "30"),
    )
    (block,) = document.warrants
    (row,) = block.rows
    assert (row.number, row.description, row.currency, row.stock_code, str(row.price)) == (
        1, "Warrants to 2026", None, "01234", "HKD 2.5",
    )  # fmt: skip
    assert row.general_meeting_on == date(2024, 6, 28)
    assert (row.opening, row.movements, row.closing) == (3_000, (("Exercised", -120), ("Lapsed", -30)), 2_850)
    # 6,000 shares less 240 issued or transferred and 60 no longer to be issued.
    assert (row.new_shares.value, row.treasury_shares.value, row.may_be_issued.value) == (200, 40, 5_700)
    assert feet(block) == (240, 40)
    assert block.remarks == ("Out of treasury.",)
    assert totals(document) == [(240, -40)]
    assert document.other_movements == ()


def test_what_is_issued_in_the_month_opens_at_nothing():
    more = event(
        "WarrantsIssued", "5 August 2024", instrument="v", share_class="ordinary", description="Second", shares="10", warrants="5"
    )
    first, second = august(more).warrants[0].rows
    assert (first.number, first.opening, first.movements, first.closing) == (1, 3_000, (), 3_000)
    assert (second.number, second.opening, second.movements, second.closing) == (2, 0, (("Issued", 5),), 5)
    assert (second.price, second.new_shares.value, second.may_be_issued.value) == (None, None, 10)


# --- (C) convertibles -------------------------------------------------------------------------------------------


def test_a_convertibles_row_is_in_its_currency_and_its_shares_beside_it():
    document = august(
        on_bonds("ConvertiblesConverted", "5 August 2024", "1,000", "USD 3,000"),
        on_bonds("ConvertiblesConverted", "6 August 2024", "500", "USD 1,500.25", treasury_shares="yes"),
        on_bonds("ConvertiblesRedeemed", "7 August 2024", "100", "USD 300.01"),
    )
    (block,) = document.convertibles
    (row,) = block.rows
    assert (row.currency, str(row.price), row.general_meeting_on) == ("USD", "USD 3", date(2024, 7, 2))
    assert (row.opening, row.closing) == (Decimal("21000.50"), Decimal("16200.24"))
    assert row.movements == (("Converted", Decimal("-4500.25")), ("Redeemed", Decimal("-300.01")))
    assert (row.new_shares.value, row.treasury_shares.value, row.may_be_issued.value) == (1_000, 500, 5_400)
    assert feet(block) == (1_500, 500)


@pytest.mark.parametrize("kind", ["ConvertiblesConverted", "ConvertiblesRedeemed"])
def test_an_amount_in_another_currency_than_the_instruments_is_refused(kind):
    with pytest.raises(Impossible) as refused:
        folded(entries(*BOOK, on_bonds(kind, "5 August 2024", "1", "HKD 3")))
    assert (refused.value.field, str(refused.value)) == ("amount", "expected an amount in USD, got HKD 3")


def test_warrants_are_not_converted():
    with pytest.raises(Impossible) as refused:
        folded(entries(*BOOK, event("ConvertiblesConverted", "5 August 2024", instrument="w", shares="1", amount="HKD 3")))
    assert str(refused.value) == "expected a number of warrants, got HKD 3"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            on_warrants("WarrantsExercised", "5 August 2024", "6,001", "1"),
            "shares that may be issued on instrument w would be -1",
        ),
        (on_warrants("WarrantsExercised", "5 August 2024", "1", "3,001"), "the amount outstanding of instrument w would be -1"),
        (on_warrants("WarrantsLapsed", "5 August 2024", "6,001", "1"), "shares that may be issued on instrument w would be -1"),
        (
            on_bonds("ConvertiblesRedeemed", "5 August 2024", "7,001", "USD 1"),
            "shares that may be issued on instrument cb would be -1",
        ),
        (
            on_bonds("ConvertiblesConverted", "5 August 2024", "1", "USD 21,000.51"),
            "the amount outstanding of instrument cb would be USD -0.01",
        ),
        (placing("5 August 2024", "10,001", agreement="june"), "shares to be issued under agreement june would be -1"),
        (ended("5 August 2024", "10,001"), "shares to be issued under agreement june would be -1"),
        (on_awards("AwardsVested", "5 August 2024", "8,001"), "options or awards outstanding under scheme awards would be -1"),
        (on_awards("AwardsLapsed", "5 August 2024", "8,001"), "options or awards outstanding under scheme awards would be -1"),
        (on_awards("AwardsCancelled", "5 August 2024", "8,001"), "options or awards outstanding under scheme awards would be -1"),
    ],
    ids=lambda what: what if isinstance(what, str) else type(what).__name__,
)
def test_no_more_can_be_issued_or_end_than_is_outstanding(what, said):
    with pytest.raises(Impossible) as refused:
        folded(entries(*BOOK, GRANTED, what))
    assert str(refused.value).startswith(f"{said} at close of 5 August 2024")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("WarrantsExercised", {"instrument": "none", "shares": "1", "warrants": "1"}),
        ("ConvertiblesRedeemed", {"instrument": "none", "shares": "1", "amount": "USD 1"}),
        ("IssueAgreementEnded", {"agreement": "none", "shares": "1"}),
        ("PlacingCompleted", {"share_class": "ordinary", "agreement": "none", "shares": "1"}),
    ],
)
def test_what_the_book_does_not_have_is_refused_by_its_field(name, said):
    with pytest.raises(Impossible) as refused:
        folded(entries(*BOOK, event(name, "5 August 2024", **said)))
    assert refused.value.field == next(field for field, value in said.items() if value == "none")


@pytest.mark.parametrize("again", [WARRANTS, BONDS, AGREED], ids=lambda again: type(again).__name__)
def test_an_instrument_or_agreement_is_made_once(again):
    with pytest.raises(Impossible, match="already exists in this book"):
        folded(entries(*BOOK, again))


@pytest.mark.parametrize("amount", ["USD 0", "USD 1.005"])
def test_convertibles_are_counted_in_hundredths_above_zero(amount):
    with pytest.raises(AssertionError, match="expected an amount above zero of at most two decimal places"):
        on_bonds("ConvertiblesRedeemed", "5 August 2024", "1", amount)


# --- (D) agreements and awards ----------------------------------------------------------------------------------


def rows_d(document):
    return [
        (
            row.number,
            row.description,
            row.price and str(row.price),
            row.new_shares.value,
            row.treasury_shares.value,
            row.may_be_issued.value,
        )
        for block in document.agreements
        for row in block.rows
    ]


def test_awards_stand_in_part_d_with_what_vested_of_new_and_of_treasury_shares():
    document = august(
        on_awards("AwardsVested", "5 August 2024", "1,000", price="HKD 1"),
        on_awards("AwardsVested", "6 August 2024", "500", price="HKD 2", treasury_shares="yes", director="yes"),
        on_awards("AwardsLapsed", "7 August 2024", "200"),
        on_awards("AwardsCancelled", "8 August 2024", "100"),
    )
    # 1,000 at HKD 1 and 500 at HKD 2 are HKD 1.3333 a share.
    assert rows_d(document) == [
        (1, "Award scheme", "HKD 1.3333", 1_000, 500, 6_200),
        (2, "Placing agreement", "HKD 1.5", None, None, 10_000),
    ]
    assert feet(document.agreements[0]) == (1_500, 500)
    assert [row.general_meeting_on for row in document.agreements[0].rows] == [date(2024, 7, 1), date(2024, 7, 2)]
    assert document.options == ()


def test_what_lapses_may_be_awarded_again_and_what_is_cancelled_may_not():
    position = folded(
        entries(
            *BOOK, GRANTED, on_awards("AwardsLapsed", "5 August 2024", "300"), on_awards("AwardsCancelled", "5 August 2024", "50")
        )
    )
    assert position.total("scheme", "awards", "available") == 50_000 - 8_000 + 300
    assert [each.code for each in findings(entries(*BOOK, on_awards("AwardsGranted", "5 August 2024", "50,001")))] == ["HK401"]


def test_awards_of_existing_shares_issue_nothing():
    trust = event(
        "SchemeAdopted", "2 July 2024", scheme="trust", share_class="ordinary", particulars="Trust", awards="yes",
        existing_shares="yes",
    )  # fmt: skip
    document = august(
        trust,
        event("AwardsGranted", "3 August 2024", scheme="trust", awards="70"),
        event("AwardsVested", "5 August 2024", scheme="trust", awards="20"),
    )
    assert rows_d(document)[1] == (2, "Trust", None, None, None, 0)
    assert totals(document) == [(None, None)]
    assert document.issued[0].movement.issued.value is None


def test_an_agreement_reserves_its_mandate_and_its_completion_uses_what_was_reserved():
    def mandate(*what):
        position = folded(entries(*BOOK, *what))
        return tuple(position.total("mandate", "issue", name) for name in ("headroom", "reserved", "used"))

    # Of 100,000 the bonds use 7,000.
    assert mandate() == (83_000, 10_000, 7_000)
    assert mandate(placing("5 August 2024", "4,000", agreement="june")) == (83_000, 6_000, 11_000)
    assert mandate(placing("5 August 2024", "10,000", agreement="june", mandate="issue")) == (83_000, 0, 17_000)
    assert mandate(placing("5 August 2024", "4,000", agreement="june"), ended("6 August 2024", "6,000")) == (89_000, 0, 11_000)
    assert mandate(ended("6 August 2024", "10,000")) == (93_000, 0, 7_000)


def test_an_agreement_beyond_the_mandate_is_found_when_it_is_made_and_not_when_it_completes():
    large = event(
        "IssueAgreed", "5 July 2024", agreement="large", share_class="ordinary", description="x", shares="90,000", mandate="issue"
    )
    completed = placing("5 August 2024", "90,000", agreement="large")
    found = findings(entries(*BOOK, large, completed))
    assert [(each.code, each.message, each.entries) for each in found] == [
        ("HK302", "mandate issue is exceeded by 7,000 shares on 5 July 2024", (10,))
    ]


def test_an_agreement_in_two_parts_completes_in_two_parts():
    first = august(placing("5 August 2024", "4,000", agreement="june", price="HKD 1.5"))
    # What completes it is printed under its own category, a placing in Part III(E).
    assert rows_d(first)[1] == (2, "Placing agreement", "HKD 1.5", None, None, 6_000)
    (row,) = first.other_movements[0].rows
    assert (row.category, row.issued.value, row.general_meeting_on) == (
        "Placing/subscription - new shares involved", 4_000, date(2024, 7, 2),
    )  # fmt: skip
    assert feet(first.agreements[0]) == (None, None)


@pytest.mark.parametrize("last", [placing("5 August 2024", "10,000", agreement="june"), ended("5 August 2024", "10,000")])
def test_an_agreement_stands_in_the_month_of_its_end_and_in_none_after(last):
    book = entries(*BOOK, GRANTED, last)
    rows = [rows_d(monthly.prepare(book, on, date(2024, 10, 5))) for on in (date(2024, 8, 31), date(2024, 9, 30))]
    assert [[row[1:] for row in month if row[1] == "Placing agreement"] for month in rows] == [
        [("Placing agreement", "HKD 1.5", None, None, 0)], [],
    ]  # fmt: skip


# --- the next day -----------------------------------------------------------------------------------------------


def next_day_rows(*what):
    document = next_day.prepare(entries(*BOOK, GRANTED, *what), date(2024, 8, 15), date(2024, 8, 16))
    return [
        (row.category, row.changed_on.day, row.issued.value, row.treasury.value, row.price and str(row.price))
        for row in document.sections[0].changes
    ]


def test_conversions_of_one_instrument_on_one_day_are_one_row():
    other = event(
        "ConvertiblesIssued",
        "5 July 2024",
        instrument="cb2",
        share_class="ordinary",
        description="y",
        shares="90",
        amount="HKD 90",
    )
    rows = next_day_rows(
        other,
        on_bonds("ConvertiblesConverted", "5 August 2024", "1,000", "USD 3,000"),
        event("ConvertiblesConverted", "6 August 2024", instrument="cb2", shares="9", amount="HKD 9", price="HKD 1"),
        on_bonds("ConvertiblesConverted", "7 August 2024", "500", "USD 1,500", price="USD 3.3"),
    )
    new = "Conversion of convertible securities - new shares involved"
    assert rows == [(new, 5, 1_000, None, "USD 3"), (new, 6, 9, None, "HKD 1"), (new, 7, 500, None, "USD 3.3")]


def test_new_and_treasury_shares_of_one_instrument_are_two_rows():
    rows = next_day_rows(
        on_warrants("WarrantsExercised", "5 August 2024", "200", "100"),
        on_warrants("WarrantsExercised", "6 August 2024", "40", "20", treasury_shares="yes"),
    )
    assert rows == [
        ("Exercise of warrants - new shares involved", 5, 200, None, "HKD 2.5"),
        ("Exercise of warrants - treasury shares involved", 6, 40, -40, "HKD 2.5"),
    ]


def test_the_price_of_a_conversion_is_the_instruments_of_that_day():
    subdivided = event("SharesSubdivided", "6 August 2024", into="2")
    rows = next_day_rows(
        on_warrants("WarrantsExercised", "5 August 2024", "200", "100"),
        event("ReturnFiled", "5 August 2024", kind="next-day", submitted_on="6 August 2024"),
        subdivided,
        on_warrants("WarrantsExercised", "7 August 2024", "200", "100"),
    )
    assert rows[1] == ("Exercise of warrants - new shares involved", 7, 200, None, "HKD 1.25")


def test_exercises_of_one_scheme_by_directors_and_others_are_two_rows_and_of_one_kind_one():
    rows = next_day_rows(
        on_awards("AwardsVested", "5 August 2024", "10"),
        on_awards("AwardsVested", "5 August 2024", "20", director="yes"),
        on_awards("AwardsVested", "5 August 2024", "30"),
    )
    by = "Vesting of share awards under a share scheme by a"
    assert [row[:3] for row in rows] == [
        (f"{by} participant other than a director - new shares involved", 5, 40),
        (f"{by} director - new shares involved", 5, 20),
    ]


def test_what_issues_no_share_is_not_disclosed():
    with pytest.raises(filings.NotPrepared):
        next_day_rows(
            on_warrants("WarrantsLapsed", "5 August 2024", "60", "30"),
            ended("6 August 2024", "1"),
            on_awards("AwardsLapsed", "7 August 2024", "1"),
        )


# --- one day ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (WARRANTS, on_warrants("WarrantsExercised", "3 July 2024", "2", "1")),
        (BONDS, on_bonds("ConvertiblesConverted", "3 July 2024", "1", "USD 3")),
        (AGREED, placing("4 July 2024", "1", agreement="june")),
    ],
    ids=["warrants", "convertibles", "agreement"],
)
def test_what_is_made_and_used_on_one_day_may_be_recorded_in_any_order(first, then):
    """As it is after a correction of the first, which gets a later number."""
    folded(entries(*set_up(), MANDATE, then, first))


# --- what belongs together --------------------------------------------------------------------------------------

OPTIONS = event("SchemeAdopted", "2 July 2024", scheme="options", share_class="ordinary", particulars="Option scheme")
ANOTHER = event("ShareClassCreated", "2 July 2024", share_class="another", class_label="Another", authorised="no")
ANOTHERS = event("IssueAgreed", "3 July 2024", agreement="another", share_class="another", description="x", shares="10")


def refused(*what):
    with pytest.raises(Impossible) as found:
        folded(entries(*BOOK, GRANTED, *what))
    return found.value.field


@pytest.mark.parametrize("kind", ["OptionsGranted", "OptionsExercised", "OptionsLapsed", "OptionsCancelled"])
def test_a_scheme_of_awards_has_no_options(kind):
    assert refused(event(kind, "5 August 2024", scheme="awards", options="1")) == "scheme"


@pytest.mark.parametrize("kind", ["AwardsGranted", "AwardsVested", "AwardsLapsed", "AwardsCancelled"])
def test_a_scheme_of_options_has_no_awards(kind):
    granted = event("OptionsGranted", "3 July 2024", scheme="options", options="10")
    assert refused(OPTIONS, granted, event(kind, "5 August 2024", scheme="options", awards="1")) == "scheme"


@pytest.mark.parametrize("kind", ["WarrantsExercised", "WarrantsLapsed"])
def test_convertibles_are_not_exercised_as_warrants(kind):
    assert refused(event(kind, "5 August 2024", instrument="cb", shares="1", warrants="1")) == "instrument"


def test_an_agreement_is_completed_by_shares_of_its_class():
    assert refused(ANOTHER, ANOTHERS, placing("5 August 2024", "1", agreement="another")) == "share_class"


def test_bonds_too_say_their_price_in_words_where_nothing_bounds_their_shares():
    """Bonds have a check of their own beside that of every instrument."""
    said = {"instrument": "cb", "share_class": "ordinary", "description": "Bonds", "amount": "HKD 10", "shares": "0"}
    assert event("ConvertiblesIssued", "2 July 2024", price_terms="90 % of the close", **said).shares == 0
    _, problems = build(ConvertiblesIssued, {"effective_on": "2 July 2024", "price": "HKD 1", **said})
    assert problems == [("shares", "expected a number of shares above zero, or the price in words, price_terms")]


def floating(shares="9,000,000"):
    return event(
        "ConvertiblesIssued", "3 July 2024", instrument="f", share_class="ordinary", description="Notes", shares=shares,
        amount="HKD 90,000", price_terms="90 % of the close", floor="HKD 0.01", general_meeting_on="28 June 2024",
    )  # fmt: skip


@pytest.mark.parametrize(("into", "left"), [("2", 9_000_000), ("3", 13_500_000), ("6", 27_000_000)])
def test_a_floor_is_divided_with_the_shares_it_bounds(into, left):
    """HKD 45,000 at a floor of HKD 0.01 are 4,500,000 shares, and as many times more as each share is divided into."""
    no_par = [*set_up()]
    no_par[1] = attrs.evolve(no_par[1], par_value=None, authorised=False)
    del no_par[2]
    divided = event("SharesSubdivided", "5 August 2024", into=into)
    converted = event(
        "ConvertiblesConverted", "6 August 2024", instrument="f", shares="1", amount="HKD 45,000", price="HKD 45,000"
    )
    assert folded(entries(*no_par, floating(), divided, converted)).total("issuable", "f", "outstanding") == left


def test_an_agreement_that_has_ended_has_no_terms_to_adjust():
    ended = event("IssueAgreementEnded", "5 July 2024", agreement="june", shares="10,000")
    for terms in ({"price": "HKD 1", "shares": "5"}, {"price": "HKD 1"}):
        adjusted = event("InstrumentTermsAdjusted", "8 July 2024", agreement="june", **terms)
        with pytest.raises(Impossible, match="nothing of june is outstanding: it has no terms to adjust"):
            folded(entries(*set_up(), MANDATE, AGREED, ended, adjusted))


@pytest.mark.parametrize(("shares", "said"), [("100,000", []), ("100,001", [(7,)])])
def test_an_agreement_is_not_adjusted_to_more_shares_than_its_mandate_allows(shares, said):
    """20 % of 500,000 are 100,000 shares, of which the agreement had reserved 10,000."""
    adjusted = event("InstrumentTermsAdjusted", "8 July 2024", agreement="june", shares=shares)
    found = findings(entries(*set_up(), MANDATE, AGREED, adjusted))
    assert [each.entries for each in found if each.code == "HK302"] == said
