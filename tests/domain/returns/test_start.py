"""What a book begins with that begins from a Monthly Return: the same balances and rows, and a note of what can only be supposed."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.returns import monthly, next_day
from domain.returns.cells import BLANK
from domain.returns.proposals import BY_HAND
from domain.returns.start import opening_facts
from tests.domain.book_of import entries, event, set_up, two_classes, warrants

MONTH_END, ON = date(2024, 8, 31), "31 August 2024"
OVER = {"share_class": "ordinary"}
SCHEME = event(
    "SchemeAdopted",
    "1 July 2024",
    scheme="s",
    particulars="Scheme of 2024",
    limit="1,000",
    general_meeting_on="23 May 2024",
    **OVER,
)
GRANTED = event("OptionsGranted", "5 July 2024", scheme="s", options="100")
EXISTING = event(
    "SchemeAdopted", "1 July 2024", scheme="e", particulars="Scheme of existing shares", existing_shares="yes", **OVER
)
HELD = event("SchemeBalanceBroughtForward", "1 July 2024", scheme="e", outstanding="70")
WARRANTS = warrants(description="認股權證", stock_code="02345", type_label="Listed")
BONDS = event(
    "ConvertiblesIssued",
    "2 July 2024",
    instrument="cb",
    description="可換股債券",
    shares="500",
    amount="USD 1,000",
    price="USD 2",
    **OVER,
)
FLOATING = event(
    "ConvertiblesIssued",
    "3 July 2024",
    instrument="fl",
    description="Notes",
    shares="0",
    amount="HKD 900",
    price_terms="92 % of the closing price",
    **OVER,
)
AGREED = [
    event("IssueAgreed", "3 July 2024", agreement=code, description="Subscription", shares=shares, price="HKD 2", **OVER)
    for code, shares in (("a", "60"), ("b", "90"))
]


def bought(on, shares):
    return event("SharesRepurchased", on, shares=shares, intention="cancellation", price="HKD 2", **OVER)


def of_the_month(*facts, book=None):
    return monthly.prepare(entries(*(book or set_up()), *facts), MONTH_END, date(2024, 9, 4))


def begun(document, *reports):
    """The events that a book begins with, without those of its issuer and classes."""
    leave = ("IssuerRegistered", "SignatoryAppointed", "ShareClassCreated", "AuthorisedCapitalIncreased")
    return [each.event for each in opening_facts(document, reports) if type(each.event).__name__ not in leave]


def balance(issued="500,000", **more):
    return event(
        "BalanceBroughtForward",
        ON,
        issued_excluding_treasury=issued,
        **{"treasury": "0", "pending_cancellation": "0", **OVER, **more},
    )


def test_a_book_begins_with_its_issuer_signatory_and_classes():
    signed = event("SignatoryAppointed", "1 July 2024", name="Ho Siu Ming", title="Company Secretary")
    found = opening_facts(of_the_month(book=[*two_classes(), signed]))
    assert [each.event for each in found] == [
        event("IssuerRegistered", ON, issuer="00020", name="Example Inc."),
        event("SignatoryAppointed", ON, name="Ho Siu Ming", title="Company Secretary"),
        event("ShareClassCreated", ON, share_class="B", class_label="WVR ordinary shares", type_label="B", par_value="USD 0.001", listed="yes", stock_code="00020"),
        event("AuthorisedCapitalIncreased", ON, share_class="B", shares="2,000,000"),
        event("ShareClassCreated", ON, share_class="A", class_label="WVR ordinary shares", type_label="A", par_value="USD 0.001"),
        event("AuthorisedCapitalIncreased", ON, share_class="A", shares="500,000"),
        event("BalanceBroughtForward", ON, share_class="B", issued_excluding_treasury="600,000", treasury="0", pending_cancellation="0"),
        event("BalanceBroughtForward", ON, share_class="A", issued_excluding_treasury="400,000", treasury="0", pending_cancellation="0"),
    ]  # fmt: skip
    assert found[0].note == "place of incorporation and financial year-end are not printed: captable correct adds them"


@pytest.mark.parametrize(("labels", "codes"), [
    ([("WVR ordinary shares", "A"), ("Ordinary shares", "B")], ["A", "B"]),
    ([("Class A ordinary shares", "Not applicable"), ("Class B ordinary shares", "Not applicable")], ["A", "B"]),
    ([("Ordinary shares", "Class Y"), ("Ordinary shares", "Class Z")], ["Y", "Z"]),
    ([("Preference shares", "Series 1"), ("Preference shares", "Series 2")], ["preference", "preference-2"]),
])  # fmt: skip
def test_two_classes_have_each_a_code_of_their_own_and_a_note_of_their_votes(labels, codes):
    on = "1 July 2024"
    book = [event("IssuerRegistered", on, issuer="00001", name="Example Limited")]
    for code, listed, (class_label, type_label) in zip(("X1", "X2"), ("no", "yes"), labels, strict=True):
        stock_code = {"stock_code": "00001"} if listed == "yes" else {}
        book += [
            event("ShareClassCreated", on, share_class=code, class_label=class_label, type_label=type_label, par_value="HKD 1", listed=listed, **stock_code),
            event("AuthorisedCapitalIncreased", on, share_class=code, shares="1,000"),
            event("BalanceBroughtForward", on, share_class=code, issued_excluding_treasury="600" if listed == "yes" else "70"),
        ]  # fmt: skip
    found = opening_facts(monthly.prepare(entries(*book), MONTH_END, date(2024, 9, 4)))
    created = [each for each in found if type(each.event).__name__ == "ShareClassCreated"]
    assert [each.event.share_class for each in created] == codes
    assert {each.note for each in created} == {"how many votes a share has is not printed: one is assumed"}
    brought = [each.event for each in found if type(each.event).__name__ == "BalanceBroughtForward"]
    assert [(each.share_class, each.issued_excluding_treasury) for each in brought] == list(zip(codes, (70, 600), strict=True))


def test_an_issuer_of_no_stock_code_and_a_capital_that_is_not_authorised_are_left_open():
    document = of_the_month()
    (block,) = document.issued
    nameless = attrs.evolve(block, heading=attrs.evolve(block.heading, stock_code=None))
    found = opening_facts(attrs.evolve(document, issued=(nameless,), authorised=None))
    assert [(each.event, each.note) for each in found[:1]] == [
        (None, "no class has a stock code: record issuer-registered with a code of your own")
    ]
    created = {"class_label": "Ordinary shares", "listed": "yes", "authorised": "no"}
    assert [each.event for each in found[1:]] == [event("ShareClassCreated", ON, **created, **OVER), balance()]


def test_schemes_begin_with_what_is_outstanding_and_may_be_granted():
    """1,000 less 100 granted are free: 900 and the 100 outstanding are the limit, of what was used before nothing is known."""
    assert begun(of_the_month(SCHEME, GRANTED, EXISTING, HELD)) == [
        event("SchemeAdopted", ON, scheme="scheme-of-2024", particulars="Scheme of 2024", limit="1,000", general_meeting_on="23 May 2024", **OVER),
        event("SchemeBalanceBroughtForward", ON, scheme="scheme-of-2024", outstanding="100"),
        event("SchemeAdopted", ON, scheme="scheme-of-existing-shares", particulars="Scheme of existing shares", existing_shares="yes", **OVER),
        event("SchemeBalanceBroughtForward", ON, scheme="scheme-of-existing-shares", outstanding="70"),
        balance(),
    ]  # fmt: skip


def test_the_same_rows_follow_from_what_a_book_begins_with():
    """What stands in the rows of August is what a book begun from it prints for September."""
    facts = [SCHEME, GRANTED, EXISTING, HELD, WARRANTS, BONDS, FLOATING, *AGREED, bought("5 August 2024", "60")]
    document = of_the_month(*facts)
    again = monthly.prepare(
        entries(*(each.event for each in opening_facts(document) if each.event)), date(2024, 9, 30), date(2024, 10, 4)
    )
    assert again.issued[0].opening.issued.value == document.issued[0].closing.issued.value == 500_000
    (before,), (after,) = document.options, again.options
    assert [(row.closing.value, row.may_be_granted.value, row.may_be_issued.value) for row in after.rows] == [
        (row.closing.value, row.may_be_granted.value, row.may_be_issued.value) for row in before.rows
    ]
    assert [(row.closing.value, row.may_be_granted.value) for row in after.rows] == [(100, 900), (70, None)]
    for part, rows in {"warrants": [(300, 900)], "convertibles": [(1_000, 500), (900, None)]}.items():
        assert [(row.closing, row.may_be_issued.value) for row in getattr(again, part)[0].rows] == rows
    assert [row.may_be_issued.value for row in again.agreements[0].rows] == [60, 90]


def test_instruments_have_each_a_code_of_their_own_though_their_names_have_no_letters():
    facts = begun(of_the_month(WARRANTS, BONDS, FLOATING))
    assert facts == [
        attrs.evolve(WARRANTS, effective_on=MONTH_END, instrument="unnamed"),
        attrs.evolve(BONDS, effective_on=MONTH_END, instrument="unnamed-2"),
        attrs.evolve(FLOATING, effective_on=MONTH_END, instrument="notes"),
        balance(),
    ]


def test_instruments_of_which_nothing_is_left_and_agreements_that_were_completed_are_not_brought_forward():
    lapsed = event("WarrantsLapsed", "5 August 2024", instrument="w", warrants="300", shares="900")
    completed = event("PlacingCompleted", "6 August 2024", shares="60", agreement="a", **OVER)
    assert begun(of_the_month(WARRANTS, lapsed, *AGREED, completed)) == [
        attrs.evolve(AGREED[1], effective_on=MONTH_END, agreement="subscription"),
        balance("500,060"),
    ]


def test_agreements_of_one_description_have_each_a_code_of_their_own_and_a_note():
    found = [each for each in opening_facts(of_the_month(*AGREED)) if each.event.agreement]
    assert [(each.event.agreement, each.event.shares) for each in found] == [("subscription", 60), ("subscription-2", 90)]
    assert found[0].note == "awards stand in this part too: a scheme of awards is recorded as scheme-adopted instead"


def test_bonds_of_no_currency_are_recorded_by_hand():
    document = of_the_month(BONDS)
    (block,) = document.convertibles
    nameless = attrs.evolve(block, rows=tuple(attrs.evolve(row, currency=None) for row in block.rows))
    found = opening_facts(attrs.evolve(document, convertibles=(nameless,)))
    assert [(each.path, each.note) for each in found if each.event is None] == [("convertibles[0].rows[0]", BY_HAND)]


# --- Purchases that are pending -------------------------------------------------------------------------------------------

PURCHASES = bought("5 August 2024", "60"), bought("6 August 2024", "40")


def of_the_day(*facts, on):
    return next_day.prepare(entries(*set_up(), *facts), on, date(2024, 9, 30))


def test_purchases_that_are_pending_have_the_days_of_a_return_that_lists_them_whole():
    first, both = of_the_day(PURCHASES[0], on=date(2024, 8, 5)), of_the_day(*PURCHASES, on=date(2024, 8, 6))
    tranches = "2024-08-05: 60 @ HKD 2; 2024-08-06: 40 @ HKD 2"
    assert begun(of_the_month(*PURCHASES), first, both) == [balance(pending_cancellation="100", tranches=tranches)]


def test_a_return_of_after_the_month_has_their_days_too_and_its_own_are_left_out():
    later = of_the_day(*PURCHASES, bought("2 September 2024", "7"), on=date(2024, 9, 2))
    tranches = "2024-08-05: 60 @ HKD 2; 2024-08-06: 40 @ HKD 2"
    assert begun(of_the_month(*PURCHASES), later) == [balance(pending_cancellation="100", tranches=tranches)]


@pytest.mark.parametrize("reports", [[], [of_the_day(PURCHASES[0], on=date(2024, 8, 5))]])
def test_the_days_of_what_is_pending_are_left_open_where_no_return_lists_all_of_it(reports):
    *_, found = opening_facts(of_the_month(*PURCHASES), reports)
    assert (found.event, found.note) == (
        balance(pending_cancellation="100"),
        "the pending purchases are in none of the returns given: their days are not known",
    )


def test_blank_balances_are_none():
    document = of_the_month()
    (block,) = document.issued
    blank = attrs.evolve(block, closing=attrs.evolve(block.closing, issued=BLANK, treasury=BLANK))
    assert begun(attrs.evolve(document, issued=(blank,))) == [balance("0")]
