"""What a Monthly Return calls for in a book that has nothing of its month: the facts, and the same month from them."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.returns import monthly
from domain.returns.cells import Figure
from domain.returns.monthly_facts import MORE, NO_DAY, UNDER_IT, monthly_facts
from domain.returns.proposals import BY_HAND, Known
from domain.returns.take_in import facts_called_for
from domain.values import Money
from tests.domain.book_of import bonds, entries, event, set_up

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


AGREED = event(
    "IssueAgreed",
    "12 August 2024",
    agreement="b",
    share_class="ordinary",
    description="Second subscription",
    shares="40",
    price="HKD 2",
)
UNDER = event("PlacingCompleted", "13 August 2024", share_class="ordinary", shares="30", agreement="b")
ENDED = event("IssueAgreementEnded", "14 August 2024", agreement="b", shares="10")
SPLIT = event("SharesSubdivided", "15 August 2024", into="4", share_class="ordinary")
AWARDS = event(
    "SchemeAdopted", "2 August 2024", scheme="aw", share_class="ordinary", particulars="Award scheme", limit="1,000", awards="yes"
)
HELD = event("SchemeBalanceBroughtForward", "2 August 2024", scheme="aw", outstanding="200")
AWARDED = event("AwardsGranted", "5 August 2024", scheme="aw", awards="100")
FORFEITED = event("AwardsLapsed", "6 August 2024", scheme="aw", awards="30")  # fmt: skip


def of_august(*facts):
    return monthly.prepare(entries(*BEFORE, *facts), AUGUST, date(2024, 9, 4))


def called_for():
    return list(monthly_facts(of_august(*IN_AUGUST), Known(list(BEFORE))))


def test_every_row_calls_for_what_it_says_at_the_end_of_the_month_or_on_its_day():
    """Options raised 20 × HKD 1.5 in all, so that their price is known; 905 may be granted, 100 were, and 5 of these lapsed."""
    on = "31 August 2024"
    assert [(each.event, each.note) for each in called_for() if each.event is not None] == [
        (event("AuthorisedCapitalIncreased", on, share_class="ordinary", shares="50,000"), NO_DAY),
        (event("SchemeAdopted", on, scheme="scheme-of-2024", share_class="ordinary", particulars="Scheme of 2024", limit="1,000"), NO_DAY),
        (event("OptionsGranted", on, scheme="scheme-of-2024", options="100"), NO_DAY),
        (event("OptionsExercised", on, scheme="scheme-of-2024", options="20", price="HKD 1.5"), NO_DAY),
        (event("OptionsLapsed", on, scheme="scheme-of-2024", options="5"), NO_DAY),
        (event("WarrantsExercised", on, instrument="w", shares="300", warrants="300"), NO_DAY),
        (event("ConvertiblesIssued", on, instrument="bonds-2028", share_class="ordinary", description="Bonds 2028", shares="500", amount="HKD 1,000", price="HKD 2"), NO_DAY),
        (event("BonusIssueCompleted", "14 August 2024", share_class="ordinary", shares="40"), ""),
        (event("PlacingCompleted", "15 August 2024", share_class="ordinary", shares="60"), ""),
    ]  # fmt: skip


def test_a_row_from_which_no_fact_follows_is_recorded_by_hand():
    """Of warrants that lapsed the return does not say how many shares can no longer be issued; of a placing, not under what."""
    assert [(each.path, each.note) for each in called_for() if each.event is None] == [
        ("warrants[0].rows[0]", BY_HAND),
        ("agreements[0].rows[0]", UNDER_IT),
    ]


@pytest.mark.parametrize(
    ("facts", "known", "said"),
    [
        ([AGREED], [], [UNDER_IT]),
        ([AGREED], [AGREED], []),
        ([AGREED, UNDER], [AGREED, UNDER], []),
        ([AGREED, UNDER], [AGREED, attrs.evolve(UNDER, agreement=None)], [UNDER_IT]),
        ([AGREED, ENDED], [AGREED, ENDED], []),
        ([AGREED, ENDED], [AGREED], [UNDER_IT]),
        ([AGREED, SPLIT], [AGREED, SPLIT], []),
        ([AWARDS, AWARDED], [AWARDS], [UNDER_IT]),
        ([AWARDS, AWARDED], [AWARDS, AWARDED], []),
        ([AWARDS, HELD, AWARDED, FORFEITED], [AWARDS, HELD, AWARDED, FORFEITED], []),
        ([AWARDS, HELD, AWARDED, FORFEITED], [AWARDS, HELD, AWARDED], [UNDER_IT]),
    ],
)
def test_what_may_be_issued_under_an_agreement_or_awarded_is_said_where_the_book_has_another_number(facts, known, said):
    document = attrs.evolve(of_august(*facts), authorised=None)
    found = monthly_facts(document, Known([*BEFORE, *known]))
    assert [each.note for each in found if each.path.startswith("agreements")] == said


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
        assert [(row.closing.value, row.may_be_granted.value) for row in options.rows] == [(75, 905)]
    for part in ("warrants", "convertibles"):
        rows = [[row.closing for row in getattr(each, part)[0].rows] for each in (again, published)]
        assert rows[0] == rows[1]


# --- What is left of a row when the book has a part of it -----------------------------------------------------------------

ON = "31 August 2024"
OVER = {"share_class": "ordinary"}
SCHEME = event("SchemeAdopted", "2 July 2024", scheme="s", particulars="Scheme of 2024", limit="1,000", **OVER)
BROUGHT = event("SchemeBalanceBroughtForward", "2 July 2024", scheme="s", outstanding="500")
BONDS = bonds()
BOOK = [*BEFORE, SCHEME, BROUGHT, BONDS]


def rest(published, *known, book=BOOK):
    """What a book that knows of some facts lacks of a month with others."""
    document = published if isinstance(published, monthly.MonthlyReturn) else month_of(published, book)
    return [each.event or each.note for each in monthly_facts(document, Known([*book, *known]))]


def month_of(facts, book=BOOK):
    return monthly.prepare(entries(*book, *facts), AUGUST, date(2024, 9, 4))


def raised(shares, on="5 August 2024"):
    return event("AuthorisedCapitalIncreased", on, shares=shares, **OVER)


def reduced(shares, on="6 August 2024"):
    return event("AuthorisedCapitalReduced", on, shares=shares, **OVER)


@pytest.mark.parametrize(
    ("published", "known", "left"),
    [
        # + 50,000; of 50,000 the book has 20,000; 50,000 less 30,000, of which it has one, both or the lesser.
        ([raised("50,000")], [], [raised("50,000", ON)]),
        ([raised("50,000")], [raised("20,000")], [raised("30,000", ON)]),
        ([raised("50,000"), reduced("30,000")], [raised("50,000")], [MORE]),
        ([raised("50,000"), reduced("30,000")], [raised("50,000"), reduced("30,000")], []),
        ([raised("50,000"), reduced("30,000")], [reduced("30,000")], [raised("50,000", ON)]),
        ([reduced("30,000")], [], [reduced("30,000", ON)]),
        ([], [raised("50,000")], [MORE]),
    ],
)
def test_authorised_capital_that_the_book_lacks_is_what_was_moved_less_what_it_has(published, known, left):
    assert rest(published, *known) == left


def exercised(options, on="6 August 2024", **more):
    return event("OptionsExercised", on, scheme="s", options=options, **more)


@pytest.mark.parametrize(
    ("published", "known", "left"),
    [
        ([exercised("20")], [], [exercised("20", ON)]),
        ([exercised("20")], [exercised("5", "5 August 2024")], [exercised("15", ON)]),
        ([exercised("20")], [exercised("20", "5 August 2024")], []),
        # Those of July are in the opening balance.
        ([exercised("20")], [exercised("20", "31 July 2024")], [exercised("20", ON)]),
        ([exercised("20")], [exercised("21", "5 August 2024")], [MORE]),
        ([exercised("20", treasury_shares="yes")], [], [exercised("20", ON, treasury_shares="yes")]),
        # 20 × HKD 1.5; a half at HKD 1 and a half at HKD 2 raise what 20 at HKD 1.5 would: the average is the price of the row.
        ([exercised("20", price="HKD 1.5")], [], [exercised("20", ON, price="HKD 1.5")]),
        ([exercised("10", price="HKD 1"), exercised("10", "7 August 2024", price="HKD 2")], [], [exercised("20", ON, price="HKD 1.5")]),
        # HKD 4 for 3 options is no price of one; funds in two currencies, or of more options than are left, neither.
        ([exercised("2", price="HKD 1"), exercised("1", "7 August 2024", price="HKD 2")], [], [exercised("3", ON)]),
        ([exercised("2", price="HKD 1"), exercised("1", "7 August 2024", price="USD 2")], [], [exercised("3", ON)]),
        ([exercised("20", price="HKD 1.5")], [exercised("5", "5 August 2024")], [exercised("15", ON)]),
    ],
)  # fmt: skip
def test_options_that_the_book_lacks_are_those_of_the_row_less_those_that_it_has(published, known, left):
    treasury = event("SharesRepurchased", "1 August 2024", shares="20", intention="treasury", **OVER)
    assert rest([treasury, *published], treasury, *known) == left


def converted(shares, amount, on="6 August 2024", **more):
    return event("ConvertiblesConverted", on, instrument="cb", shares=shares, amount=amount, **more)


def used(shares, warrants, on="6 August 2024", **more):
    return event("WarrantsExercised", on, instrument="w", shares=shares, warrants=warrants, **more)


@pytest.mark.parametrize(
    ("published", "known", "left"),
    [
        ([converted("100", "HKD 200")], [], [converted("100", "HKD 200", ON)]),
        ([converted("100", "HKD 200")], [converted("30", "HKD 60")], [converted("70", "HKD 140", ON)]),
        ([converted("100", "HKD 200")], [converted("100", "HKD 200", "5 August 2024")], []),
        ([converted("100", "HKD 200")], [converted("100", "HKD 200", "31 July 2024")], [converted("100", "HKD 200", ON)]),
        # More shares, or as much money for fewer of them: what is left is none or would be converted for nothing.
        ([converted("100", "HKD 200")], [converted("101", "HKD 202")], [MORE]),
        ([converted("100", "HKD 200")], [converted("90", "HKD 200")], [MORE]),
        ([used("300", "300")], [used("100", "100")], [used("200", "200", ON)]),
        ([used("300", "300")], [used("299", "300")], [MORE]),
    ],
)
def test_of_instruments_the_book_lacks_the_shares_of_the_row_and_what_was_given_for_them_less_what_it_has(published, known, left):
    assert rest(published, *known) == left


def test_instruments_met_out_of_treasury_say_so():
    treasury = event("SharesRepurchased", "1 August 2024", shares="100", intention="treasury", **OVER)
    met = converted("100", "HKD 200", treasury_shares="yes")
    assert rest([treasury, met], treasury) == [converted("100", "HKD 200", ON, treasury_shares="yes")]


@pytest.mark.parametrize("code", ["w", "cb"])
def test_a_row_of_an_instrument_that_the_book_does_not_have_is_recorded_by_hand(code):
    met = used("300", "300") if code == "w" else converted("100", "HKD 200")
    assert rest(month_of([met]), book=[each for each in BOOK if each.instrument != code]) == [BY_HAND]


def test_warrants_that_were_issued_are_a_fact_with_the_terms_of_the_row():
    issued = {"shares": "900", "warrants": "300", "price": "HKD 3", "type_label": "Listed", "stock_code": "02345", **OVER}
    published = event("WarrantsIssued", "5 August 2024", instrument="x", description="Warrants 2026, second series", **issued)
    found = event(
        "WarrantsIssued", ON, instrument="warrants-2026-second-series", description="Warrants 2026, second series", **issued
    )
    assert rest([published]) == [found]


def test_shares_issued_under_an_agreement_are_recorded_by_hand():
    document = month_of([event("PlacingCompleted", "15 August 2024", shares="60", **OVER)])
    scheme = event("SchemeAdopted", "2 July 2024", scheme="a", particulars="Award scheme", awards="yes", limit="100", **OVER)
    granted = event("AwardsGranted", "3 July 2024", scheme="a", awards="50")
    vested = event("AwardsVested", "6 August 2024", scheme="a", awards="50")
    awards = month_of([vested], [*BOOK, scheme, granted]).agreements
    assert rest(attrs.evolve(document, agreements=awards, other_movements=())) == [BY_HAND]


def test_a_class_whose_par_value_changed_was_reorganised_by_hand():
    subdivided = event("SharesSubdivided", "5 August 2024", into="2", **OVER)
    found = rest([subdivided])
    assert found[0] == "the par value changed: record the reorganisation by hand"


def test_a_scheme_that_the_book_does_not_have_begins_with_what_was_outstanding_before():
    """Of 1,000: 500 were outstanding, 100 are granted, 20 exercised, 30 cancelled and 10 lapsed; 410 may be granted."""
    facts = [
        event("OptionsGranted", "5 August 2024", scheme="s", options="100"),
        exercised("20"),
        event("OptionsCancelled", "7 August 2024", scheme="s", options="30"),
        event("OptionsLapsed", "8 August 2024", scheme="s", options="10"),
    ]
    document, without = month_of(facts), [each for each in BOOK if each.scheme is None]
    found = rest(document, book=without)
    code = {"scheme": "scheme-of-2024"}
    assert found[:2] == [
        event("SchemeAdopted", "31 July 2024", particulars="Scheme of 2024", limit="1,000", **code, **OVER),
        event("SchemeBalanceBroughtForward", "31 July 2024", outstanding="500", **code),
    ]
    again = month_of(found, without)
    for each in (document, again):
        (row,) = each.options[0].rows
        assert (row.closing.value, row.may_be_granted.value, row.new_shares.value) == (540, 410, 20)


def test_what_is_issued_and_converted_in_one_month_is_two_facts():
    """500 shares: 100 were made of a fifth of the bonds, and 400 may still be."""
    bonds = event(
        "ConvertiblesIssued",
        "5 August 2024",
        instrument="cb",
        description="Bonds 2028",
        shares="500",
        amount="HKD 1,000",
        price="HKD 2",
        **OVER,
    )
    document, without = month_of([converted("100", "HKD 200")], [*BEFORE, bonds]), Known(list(BEFORE))
    found = facts_called_for(document, without)
    assert [each.event for each in found] == [
        attrs.evolve(bonds, effective_on=AUGUST, instrument="bonds-2028"),
        attrs.evolve(converted("100", "HKD 200", ON), instrument="bonds-2028"),
    ]
    again = month_of([each.event for each in found], BEFORE)
    for each in (document, again):
        (row,) = each.convertibles[0].rows
        assert (row.closing, row.new_shares.value, row.may_be_issued.value) == (800, 100, 400)


def test_bonds_of_no_currency_are_recorded_by_hand():
    bonds = event(
        "ConvertiblesIssued", "5 August 2024", instrument="b", description="Bonds 2030", shares="500", amount="HKD 1,000", **OVER
    )
    document = month_of([bonds], BEFORE)
    (block,) = document.convertibles
    rows = tuple(attrs.evolve(row, currency=None) for row in block.rows)
    assert rest(attrs.evolve(document, convertibles=(attrs.evolve(block, rows=rows),)), book=BEFORE) == [BY_HAND]


# --- Schemes of existing shares -------------------------------------------------------------------------------------------


def of_others(number, word="Purchased by the trustee"):
    """A month in which a scheme's row has a movement of its own words."""
    document = month_of([exercised("20")])
    (block,) = document.options
    (row,) = block.rows
    (movement,) = row.movements
    moved = attrs.evolve(movement, label="Others", number=Figure(number), word=word)
    return attrs.evolve(document, options=(attrs.evolve(block, rows=(attrs.evolve(row, movements=(moved,)),)),))


def moved(shares, word="Purchased by the trustee", on=ON):
    return event("SchemeSharesMoved", on, scheme="s", shares=shares, word=word)


EXISTING = [
    *BEFORE,
    event("SchemeAdopted", "2 July 2024", scheme="s", particulars="Scheme of 2024", existing_shares="yes", **OVER),
]


@pytest.mark.parametrize(
    ("document", "known", "left"),
    [
        (of_others(-30), [], [moved("-30")]),
        (of_others(30, None), [], [moved("30", "Others")]),
        (of_others(30), [moved("10", on="5 August 2024")], [moved("20")]),
        (of_others(30), [moved("30", on="5 August 2024")], []),
    ],
)
def test_a_scheme_of_existing_shares_moves_them_in_words_of_its_own(document, known, left):
    assert rest(document, *known, book=EXISTING) == left


def test_other_movements_of_options_are_recorded_by_hand():
    assert rest(of_others(-30)) == [BY_HAND]
    assert rest(of_others(0)) == []


@pytest.mark.parametrize(
    ("known", "price"),
    [
        # HKD 240 and HKD 220 of the HKD 680 are of options that the book has: HKD 220 for 100.
        ([("s", "200", "HKD 1.2"), ("t", "100", "HKD 2.2")], "HKD 2.2"),
        ([("s", "200", None), ("t", "100", "HKD 2.2")], None),
        ([("s", "200", "HKD 1.2")], "HKD 2.2"),
        ([("s", "200", "USD 1.2"), ("t", "100", "HKD 2.2")], None),
    ],
)
def test_the_price_of_options_is_what_their_shares_of_the_funds_come_to_less_those_that_the_book_has(known, price):
    second = event("SchemeAdopted", "2 July 2024", scheme="t", share_class="ordinary", particulars="Second scheme", limit="900")
    first = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="First scheme", limit="900")
    granted = [event("OptionsGranted", "3 July 2024", scheme=code, options="500") for code in ("s", "t")]

    def met(scheme, options, price):
        return event("OptionsExercised", "6 August 2024", scheme=scheme, options=options, **({"price": price} if price else {}))

    met_in_august = [met("s", "200", "HKD 1.2"), met("t", "100", "HKD 2.2"), met("t", "100", "HKD 2.2")]
    book = [*set_up(), first, second, *granted]
    document = monthly.prepare(entries(*book, *met_in_august), AUGUST, date(2024, 9, 4))
    (found,) = monthly_facts(document, Known([*book, *(met(*each) for each in known)]))
    assert found.event.price == (Money.parse(price) if price else None)


def test_options_met_by_new_shares_and_out_of_treasury_in_one_month_are_a_fact_each():
    """Of 90 exercised 50 are new shares and 40 treasury shares; of the new ones the book has 20."""
    adopted = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="First scheme", limit="900")
    bought = event("SharesRepurchased", "5 July 2024", share_class="ordinary", shares="100", intention="treasury", price="HKD 1")
    book = [*set_up(), adopted, event("OptionsGranted", "3 July 2024", scheme="s", options="500"), bought]

    def met(options, source="no", on="31 August 2024"):
        return event("OptionsExercised", on, scheme="s", options=options, price="HKD 2", treasury_shares=source)

    had, rest_of_it, treasury = met("20", on="6 August 2024"), met("30", on="7 August 2024"), met("40", "yes", on="8 August 2024")
    document = monthly.prepare(entries(*book, had, rest_of_it, treasury), AUGUST, date(2024, 9, 4))
    assert [each.event for each in monthly_facts(document, Known([*book, had]))] == [met("30"), met("40", "yes")]
    assert [each.event for each in monthly_facts(document, Known([*book, had, rest_of_it]))] == [met("40", "yes")]


def test_warrants_met_by_new_shares_and_out_of_treasury_in_one_month_are_recorded_by_hand():
    """How many warrants of each is not printed; where the book has those of new shares, the rest are of treasury shares."""
    bought = event("SharesRepurchased", "5 July 2024", share_class="ordinary", shares="100", intention="treasury", price="HKD 1")
    book = [*BEFORE, bought]

    def met(shares, source, on):
        return event("WarrantsExercised", on, instrument="w", shares=shares, warrants=shares, treasury_shares=source)

    new, treasury = met("30", "no", "6 August 2024"), met("40", "yes", "7 August 2024")
    document = monthly.prepare(entries(*book, new, treasury), AUGUST, date(2024, 9, 4))
    assert [(each.event, each.note) for each in monthly_facts(document, Known(book))] == [(None, BY_HAND)]
    found = [each.event for each in monthly_facts(document, Known([*book, new]))]
    assert found == [met("40", "yes", "31 August 2024")]
