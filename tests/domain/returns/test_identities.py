"""What must be true within a return is true of every return that is prepared here, whatever happened in its book."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given

from domain import events
from domain.returns import monthly, next_day
from domain.returns.cells import Figure
from domain.returns.documents import MonthlyReturn
from domain.returns.filed import form_named
from domain.returns.filings import NotPrepared
from domain.returns.identities import identities, judged, values_of
from domain.values import month_end_of
from tests.domain.book_of import entries, event, set_up
from tests.domain.histories import OPENED, histories

AUGUST = date(2024, 8, 31)


IMPROBABLE = ("no more shares are held in treasury than are outside of it",)
"""What random numbers of shares may do, and no issuer does."""


ONE_BASE = "a percentage is of one base"
"""The base may be of all classes by setting; those that are neither listed nor changed are not printed, and cannot be counted."""


NOT_IN_FF304 = (ONE_BASE, "total number = for cancellation + to be held as treasury shares")
"""FF304 prints no treasury shares, which its base leaves out, and does not ask what shares were bought for."""


def broken(document, *but):
    """What does not hold within a return, with the values that it is said of; not what is usual and may be otherwise."""
    values = values_of(document)
    found = judged(identities(document), values)
    return [
        (each.identity.says, {path: values.get(path) for path in each.identity.cells})
        for each in found
        if each.holds is False and not each.identity.confirms and each.identity.says not in (*IMPROBABLE, *but)
    ]


MONTHLY, NEXT_DAY = (
    [form_named(name, 2) for name in names] for names in (("FF301 1.1.1", "FF301 1.0.2"), ("FF305 1.3.0", "FF304 1.2.5"))
)
"""With columns for treasury shares, of which random books hold some from their first day on, and without."""


def on_forms(forms, days):
    """Every day on the form of today, and the last on that of before."""
    now, before = forms
    return [*((now, day) for day in days), *((before, day) for day in days[-1:])]


@given(histories)
def test_every_monthly_return_holds_what_must_be_true_within_it(history):
    book = entries(*history)
    ends = sorted({month_end_of(each.effective_on) for each in history if each.effective_on > month_end_of(OPENED)})
    for form, end in on_forms(MONTHLY, ends):
        assert broken(monthly.prepare(book, end, end + timedelta(days=5), form=form)) == []


@given(histories)
def test_every_next_day_return_holds_what_must_be_true_within_it(history):
    book = entries(*history)
    settings = [each for each in history if isinstance(each, events.ReturnSettingsChanged)]
    all_classes = any(each.denominator == "all classes" for each in settings)
    for form, on in on_forms(NEXT_DAY, sorted({each.effective_on for each in history if each.effective_on > OPENED})):
        try:
            document = next_day.prepare(book, on, on + timedelta(days=1), form=form)
        except NotPrepared:
            continue
        but = NOT_IN_FF304 if form.code == "FF304" else (ONE_BASE,) if all_classes else ()
        assert broken(document, *but) == []


def test_trades_that_the_mandate_of_the_return_does_not_cover_break_nothing_within_it():
    """700 bought under a mandate that ended on 5 August, 100 under the next, of which 50 are used after two are made one."""
    facts = [
        event("MandateGranted", "1 July 2024", mandate="m", purpose="repurchase", percent="10", base="500,000", annual="yes"),
        event("SharesRepurchased", "2 August 2024", share_class="ordinary", shares="700", intention="treasury", mandate="m"),
        event("MandateGranted", "5 August 2024", mandate="n", purpose="repurchase", percent="10", base="500,000", annual="yes"),
        event("SharesRepurchased", "6 August 2024", share_class="ordinary", shares="100", intention="treasury", mandate="n"),
        event("SharesConsolidated", "7 August 2024", shares="2"),
    ]
    document = next_day.prepare(entries(*set_up(), *facts), date(2024, 8, 7), date(2024, 8, 8))
    (report,) = document.repurchases
    assert (report.shares.value, report.mandate.granted_on, report.mandate.used.value) == (800, date(2024, 8, 5), 50)
    assert broken(document) == []


# --- treasury shares transferred ------------------------------------------------------------------------------------

SCHEMES = [
    event("SchemeAdopted", "2 July 2024", scheme="o", share_class="ordinary", particulars="Options", limit="10,000"),
    event("SchemeAdopted", "2 July 2024", scheme="a", share_class="ordinary", particulars="Awards", awards="yes"),
    event("OptionsGranted", "3 July 2024", scheme="o", options="5,000"),
    event("AwardsGranted", "3 July 2024", scheme="a", awards="5,000"),
    event(
        "WarrantsIssued", "3 July 2024", instrument="w", share_class="ordinary", description="Warrants", shares="5,000",
        warrants="5,000", price="HKD 2",
    ),
    event(
        "ConvertiblesIssued", "3 July 2024", instrument="c", share_class="ordinary", description="Notes", shares="5,000",
        amount="HKD 5,000", price="HKD 1",
    ),
]  # fmt: skip
MOVED = {
    "options": ("OptionsExercised", {"scheme": "o"}, ("options",)),
    "agreements": ("AwardsVested", {"scheme": "a"}, ("awards",)),
    "warrants": ("WarrantsExercised", {"instrument": "w"}, ("shares", "warrants")),
    "convertibles": ("ConvertiblesConverted", {"instrument": "c"}, ("shares",)),
}


def august_of(part):
    """A month with 30 new shares and 20 treasury shares in one part of Part III."""
    kind, names, counted = MOVED[part]
    moved = [
        event(
            kind, f"{day} August 2024", **names, **dict.fromkeys(counted, shares), treasury_shares=treasury,
            **({"amount": f"HKD {shares}"} if part == "convertibles" else {}),
        )
        for day, shares, treasury in ((5, "30", "no"), (6, "20", "yes"))
    ]  # fmt: skip
    document = monthly.prepare(entries(*set_up(treasury="900"), *SCHEMES, *moved), AUGUST, date(2024, 9, 5))
    assert isinstance(document, MonthlyReturn)
    return document


@pytest.mark.parametrize("part", MOVED)
def test_the_foot_of_issued_shares_is_of_the_new_and_the_transferred_and_that_of_treasury_of_the_transferred(part):
    document = august_of(part)
    (block,) = getattr(document, part)
    assert (block.issued.value, block.treasury.value) == (50, 20)
    assert broken(document) == []


@pytest.mark.parametrize(("foot", "value"), [("issued", 30), ("issued", 10), ("issued", 20), ("treasury", 30), ("treasury", 0)])
@pytest.mark.parametrize("part", MOVED)
def test_a_foot_that_is_another_sum_is_found(part, foot, value):
    document = august_of(part)
    (block,) = getattr(document, part)
    wrong = attrs.evolve(block, **{foot: Figure(value)})
    assert "the foot of a part = sum of its rows" in [says for says, _ in broken(attrs.evolve(document, **{part: (wrong,)}))]
