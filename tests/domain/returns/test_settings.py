"""An issuer's habits: decimals, denominators, struck-out confirmations, words for blanks, each from its own day."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.capital.balances import Impossible
from domain.capital.return_settings import ReturnSettings
from domain.returns import monthly, next_day
from tests.domain.book_of import at, entries, event, folded, set_up, two_classes

BEFORE, FROM = date(2024, 6, 10), date(2024, 6, 11)


def habits(on="1 February 2024", **said):
    return event("ReturnSettingsChanged", on, **said)


def next_day_of(*what, book=None, submitted_on=FROM, on=date(2024, 3, 15)):
    return next_day.prepare(entries(*(book or set_up("1 January 2024")), *what), on, submitted_on)


def month_of(*what, on=date(2024, 8, 31)):
    return monthly.prepare(entries(*set_up(), *what), on, date(2024, 12, 5))


def placing(on, shares, share_class="ordinary", **said):
    return event("PlacingCompleted", on, share_class=share_class, shares=shares, **said)


def test_before_anything_is_said_the_forms_own_habits_hold():
    assert folded(entries(*set_up())).terms.settings == ReturnSettings(
        percent_decimals=2, mandate_decimals=2, price_decimals=4, denominator=None, pending_counted=None, struck_out=(),
        not_applicable="Not applicable", public_float=None, depositary_receipts=None, chinese_name=None, join_days=None,
        part_b_row="see part b", part_e_text=True, pending_percent=True, print_zeros=False,
        inapplicable_confirmations="struck out",
    )  # fmt: skip


def test_what_is_left_out_stays_as_it_was():
    book = entries(
        *set_up(), habits("5 July 2024", percent_decimals="3", struck_out="iii, vii"), habits("6 July 2024", price_decimals="6")
    )
    found = folded(book).terms.settings
    assert (found.percent_decimals, found.price_decimals, found.struck_out, found.mandate_decimals) == (3, 6, (3, 7), 2)


# --- from a day -------------------------------------------------------------------------------------------------


def test_a_return_keeps_the_habits_of_the_day_on_which_it_closes():
    placings = placing("5 March 2024", "1"), placing("8 March 2024", "1")
    filed = event("ReturnFiled", "5 March 2024", kind="next-day", submitted_on="6 March 2024")
    book = entries(*set_up("1 January 2024", held="300"), *placings, filed, habits("7 March 2024", percent_decimals="6"))
    early, late = (next_day.prepare(book, date(2024, 3, day), FROM) for day in (5, 8))
    assert str(early.sections[0].changes[0].percent) == "0.33"
    assert str(late.sections[0].changes[0].percent) == "0.332226"


def test_a_month_keeps_the_habits_of_its_last_day():
    book = [habits("31 August 2024", struck_out="i"), habits("1 September 2024", struck_out="ii", not_applicable="Nil")]
    assert [month_of(*book, on=on).struck_out for on in (date(2024, 8, 31), date(2024, 9, 30))] == [(1,), (2,)]
    assert [month_of(*book, on=on).not_applicable for on in (date(2024, 8, 31), date(2024, 9, 30))] == ["Not applicable", "Nil"]


def test_habits_of_one_day_are_said_before_its_dealings():
    book = entries(
        *set_up("1 January 2024", held="300"), placing("5 March 2024", "1"), habits("5 March 2024", percent_decimals="4")
    )
    assert str(next_day.prepare(book, date(2024, 3, 5), FROM).sections[0].changes[0].percent) == "0.3333"


# --- decimals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decimals", "printed"), [("2", "0.67"), ("3", "0.667"), ("4", "0.6667"), ("5", "0.66667"), ("6", "0.666667")]
)
def test_percentages_have_the_decimals_of_the_setting(decimals, printed):
    document = next_day_of(
        placing("5 March 2024", "2"),
        event("SharesRepurchased", "6 March 2024", share_class="ordinary", shares="2", intention="cancellation"),
        habits(percent_decimals=decimals),
        book=set_up("1 January 2024", held="300"),
    )
    assert str(document.sections[0].changes[0].percent) == printed
    assert str(document.sections[0].pending[0].percent) == printed


def test_a_percentage_that_rounds_to_nothing_prints_0():
    document = next_day_of(
        placing("5 March 2024", "1"), book=set_up("1 January 2024", authorised="100,000,000", held="99,999,999")
    )
    assert str(document.sections[0].changes[0].percent) == "0"


@pytest.mark.parametrize(("decimals", "printed"), [("2", "HKD 1.67"), ("4", "HKD 1.6667"), ("20", "HKD 1.66666666666666666667")])
def test_average_prices_have_the_decimals_of_the_setting_and_given_ones_stay_as_given(decimals, printed):
    trades = "On the Exchange: 3 @ HKD 2 to HKD 1 = HKD 5"
    traded = event("SharesRepurchased", "5 March 2024", share_class="ordinary", shares="3", intention="treasury", trades=trades)
    document = next_day_of(traded, placing("6 March 2024", "1", price="HKD 1.123456789"), habits(price_decimals=decimals))
    assert [str(row.price) for row in document.sections[0].changes] == [printed, "HKD 1.123456789"]


@pytest.mark.parametrize("name", ["percent_decimals", "mandate_decimals"])
@pytest.mark.parametrize("decimals", ["1", "7", "0", "-2"])
def test_percentages_have_two_to_six_decimals(name, decimals):
    with pytest.raises(AssertionError, match="from 2 to 6"):
        habits(**{name: decimals})


# --- denominators -----------------------------------------------------------------------------------------------

# 600,000 of class B, of which 100,000 pending, and 400,000 of class A; a placing of 6,000 of class B.
CLASSES = [
    *two_classes("1 January 2024"),
    event("SharesRepurchased", "2 January 2024", share_class="B", shares="100,000", intention="cancellation"),
]


@pytest.mark.parametrize(
    ("denominator", "pending", "from_june", "before_june"),
    [
        # The forms' own: the class with what is pending, and all classes without it.
        (None, None, "1", "0.67"),
        ("class", None, "1", "1.2"),
        ("all classes", None, "0.6", "0.67"),
        (None, "yes", "1", "0.6"),
        (None, "no", "1.2", "0.67"),
        ("class", "yes", "1", "1"),
        ("class", "no", "1.2", "1.2"),
        ("all classes", "yes", "0.6", "0.6"),
        ("all classes", "no", "0.67", "0.67"),
    ],
)
def test_the_denominator_is_the_settings_or_the_forms_own(denominator, pending, from_june, before_june):
    said = {"denominator": denominator, "pending_counted": pending}
    change = [habits(**said)] if any(said.values()) else []
    for submitted_on, expected in ((FROM, from_june), (BEFORE, before_june)):
        document = next_day_of(placing("5 March 2024", "6,000", "B"), *change, book=CLASSES, submitted_on=submitted_on)
        assert str(document.sections[0].changes[0].percent) == expected


@pytest.mark.parametrize(
    ("said", "submitted_on", "words"),
    [
        ({}, FROM, "opening balance of the class, treasury excluded, pending cancellation included (Note 3)"),
        ({}, BEFORE, "opening balance of all classes, treasury excluded, pending cancellation excluded (Note 4)"),
        (
            {"denominator": "all classes"}, FROM,
            "opening balance of all classes, treasury excluded, pending cancellation included (the issuer's setting)",
        ),
        (
            {"pending_counted": "yes"}, BEFORE,
            "opening balance of all classes, treasury excluded, pending cancellation included (the issuer's setting)",
        ),
    ],
)  # fmt: skip
def test_a_return_says_what_its_percentages_are_of(said, submitted_on, words):
    change = [habits(**said)] if said else []
    document = next_day_of(placing("5 March 2024", "1", "B"), *change, book=CLASSES, submitted_on=submitted_on)
    assert document.denominator_basis == words


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("iii, vii, viii", (3, 7, 8)),
        ("viii,i", (1, 8)),
        ("(i), (ii)", (1, 2)),
        ("iv", (4,)),
        ("none", ()),
        ("i, ii, iii, iv, v, vi, vii, viii", (1, 2, 3, 4, 5, 6, 7, 8)),
    ],
)
def test_confirmations_are_struck_out_by_their_numerals(written, numbers):
    book = entries(*set_up(), habits("2 July 2024", struck_out="vi"), habits("3 July 2024", struck_out=written))
    assert folded(book).terms.settings.struck_out == numbers


@pytest.mark.parametrize("written", ["ix", "3", "i; ii", "i,,ii", "all", "III"])
def test_what_is_no_numeral_of_a_confirmation_is_refused(written):
    with pytest.raises(Impossible, match="expected numerals from i to viii with commas between, or none") as refused:
        folded(entries(*set_up(), habits("2 July 2024", struck_out=written)))
    assert refused.value.field == "struck_out"


def test_the_word_none_takes_a_text_away_again():
    book = entries(
        *set_up(),
        habits("2 July 2024", public_float="25 per cent is held by the public.", depositary_receipts="1,000 in issue"),
        habits("4 July 2024", public_float="none", depositary_receipts="none"),
    )
    found = [at(book, f"2024-07-0{day}").terms.settings for day in (2, 4)]
    assert [(each.public_float, each.depositary_receipts) for each in found] == [
        ("25 per cent is held by the public.", "1,000 in issue"), (None, None),
    ]  # fmt: skip


def test_blanks_are_always_printed_somehow():
    assert folded(entries(*set_up(), habits("2 July 2024", not_applicable="none"))).terms.settings.not_applicable == "none"


def test_the_settings_words_reach_the_returns():
    said = habits(
        "5 July 2024",
        not_applicable="N/A",
        struck_out="ii",
        public_float="It is sufficient.",
        depositary_receipts="None in issue",
    )
    document = month_of(said)
    assert (document.not_applicable, document.struck_out, document.public_float, document.depositary_receipts) == (
        "N/A", (2,), "It is sufficient.", "None in issue",
    )  # fmt: skip
    document = next_day_of(
        placing("5 March 2024", "1", "B"), habits(not_applicable="N/A", struck_out="ii"), book=two_classes("1 January 2024")
    )
    assert (document.not_applicable, document.struck_out, document.sections[1].changes[0].text) == ("N/A", (2,), "N/A")


@pytest.mark.parametrize("said", [{"denominator": "issuer"}, {"pending_counted": "perhaps"}, {"price_decimals": "21"}])
def test_a_habit_that_no_form_knows_is_refused(said):
    with pytest.raises(AssertionError, match=next(iter(said))):
        habits(**said)


# --- rows -------------------------------------------------------------------------------------------------------


def bought(on, shares, **said):
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, intention="cancellation", **said)


def part_a(*what, **given):
    (section,) = next_day_of(*what, **given).sections
    return [(row.text, row.issued.value, row.treasury.value) for row in section.changes]


# A purchase for cancellation alone, a placing alone, and both.
BOUGHT, PLACED = bought("5 March 2024", "2"), placing("5 March 2024", "1")


@pytest.mark.parametrize(
    ("setting", "what", "rows"),
    [
        ("see part b", [BOUGHT], [("See Part B", None, None)]),
        ("see part b", [PLACED], [(None, 1, None)]),
        ("see part b", [BOUGHT, PLACED], [(None, 1, None), ("See Part B", None, None)]),
        ("not applicable", [BOUGHT], [("Not applicable", 0, None)]),
        ("not applicable", [PLACED], [(None, 1, None)]),
        ("not applicable", [BOUGHT, PLACED], [(None, 1, None)]),
    ],
)
def test_part_a_leads_to_part_b_or_says_not_applicable(setting, what, rows):
    assert part_a(*what, habits(part_b_row=setting), book=set_up("1 January 2024")) == rows


def test_part_a_does_not_lead_to_a_purchase_that_an_earlier_return_disclosed():
    filed = event("ReturnFiled", "5 March 2024", kind="next-day", submitted_on="6 March 2024")
    later = placing("7 March 2024", "1")
    assert part_a(BOUGHT, filed, later, book=set_up("1 January 2024")) == [(None, 1, None)]
    assert part_a(BOUGHT, filed, later, bought("8 March 2024", "3"), book=set_up("1 January 2024"))[1] == (
        "See Part B",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("submitted_on", "setting", "percents"),
    [
        # 500,000 without the 5,000 pending at the opening: 2,475 are half a per cent of 495,000.
        (BEFORE, "yes", [None, "0.5"]),
        (BEFORE, "no", [None, None]),
        # 500,000 with them: 5,000 are one per cent, 2,475 are 0.495.
        (FROM, "yes", ["1", "0.5"]),
        (FROM, "no", [None, None]),
    ],
)
def test_pending_shares_have_a_percentage_by_form_and_setting(submitted_on, setting, percents):
    book = set_up("1 January 2024", held="495,000", pending="5,000")
    document = next_day_of(bought("5 March 2024", "2,475"), habits(pending_percent=setting), book=book, submitted_on=submitted_on)
    assert [row.percent and str(row.percent) for row in document.sections[0].pending] == percents


@pytest.mark.parametrize(("setting", "blank"), [("no", None), ("yes", 0)])
def test_noughts_are_printed_where_nothing_moved_by_setting(setting, blank):
    said = habits("5 July 2024", print_zeros=setting)
    document = month_of(said)
    assert document.authorised[0].movement.value == blank
    assert [figure.value for figure in attrs.astuple(document.issued[0].movement, recurse=False)] == [blank, blank, None]
    (row,) = next_day_of(PLACED, habits(print_zeros=setting), book=set_up("1 January 2024")).sections[0].changes
    assert row.treasury.value == blank
    document = next_day_of(placing("5 March 2024", "1", "B"), habits(print_zeros=setting), book=two_classes("1 January 2024"))
    assert (document.sections[1].changes[0].issued.value, document.sections[1].changes[0].treasury.value) == (0, blank)


@pytest.mark.parametrize(("setting", "rows"), [(None, [10, 20, 30]), ("no", [10, 20, 30]), ("yes", [20, 40])])
def test_days_of_one_scheme_are_joined_by_setting(setting, rows):
    scheme = [
        event("SchemeAdopted", "2 January 2024", scheme="s", share_class="ordinary", particulars="Awards of 2024", awards="yes"),
        event("SchemeBalanceBroughtForward", "2 January 2024", scheme="s", outstanding="100"),
    ]
    vested = [
        event("AwardsVested", f"{day} March 2024", scheme="s", awards=shares, director=director)
        for day, shares, director in (("4", "10", "no"), ("5", "20", "yes"), ("6", "30", "no"))
    ]
    said = [habits(join_days=setting)] if setting else []
    found = part_a(*scheme, *vested, *said, book=set_up("1 January 2024"))
    assert [issued for _, issued, _ in found] == rows
    assert {text for text, _, _ in found} == {"Awards of 2024"}


@pytest.mark.parametrize(("setting", "texts"), [(None, ["a", "b"]), ("yes", ["a", "b"]), ("no", [None, None])])
def test_part_e_prints_texts_by_setting(setting, texts):
    said = [habits("5 July 2024", part_e_text=setting)] if setting else []
    bonus = event("BonusIssueCompleted", "6 August 2024", share_class="ordinary", shares="2", text="b")
    issues = [placing("5 August 2024", "1", text="a"), bonus]
    assert [row.text for row in month_of(*issues, *said).other_movements[0].rows] == texts


def test_part_e_always_prints_the_texts_of_rows_of_one_category():
    issues = [placing("5 August 2024", "1", text="a"), placing("5 August 2024", "2", text="b")]
    (block,) = month_of(*issues, habits("5 July 2024", part_e_text="no")).other_movements
    assert [row.text for row in block.rows] == ["a", "b"]


def test_the_chinese_name_is_printed_by_setting():
    book = [event("IssuerRegistered", "1 July 2024", issuer="00001", name="Example Limited", chinese_name="例子"), *set_up()[1:]]
    settings = [], [habits("5 July 2024", chinese_name="yes")], [habits("5 July 2024", chinese_name="no")]
    documents = [monthly.prepare(entries(*book, *said), date(2024, 8, 31), date(2024, 9, 5)) for said in settings]
    assert [document.chinese_name for document in documents] == [None, "例子", None]
