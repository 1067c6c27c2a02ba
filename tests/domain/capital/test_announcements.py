"""Adjustments of conversion prices as companies announced them: what the bonds convert into is right to the share.

The days are moved to 2025, since the returns of earlier years had other forms.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from domain.capital.balances import Impossible
from domain.returns import monthly
from tests.domain.book_of import entries, event, folded, set_up

SUBMITTED = date(2025, 9, 3)
JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)


@attrs.frozen
class Announced:
    """Bonds of a principal, at a price with so many shares, and adjusted to another price with more; HKD for one of it."""

    principal: str
    rate: Decimal
    price: str
    shares: int
    adjusted: str
    shares_adjusted: int


ANNOUNCED = [
    Announced("HKD 554,000,000", Decimal(1), "HKD 7.67", 72_229_465, "HKD 6.69", 82_810_164),
    # By a rights issue of one for three, announced in April 2013.
    Announced("RMB 2,720,000,000", Decimal("1.1439"), "HKD 4.47", 696_064_429, "HKD 3.97", 783_729_974),
    # By a reset to the market price, announced in December 2016: some 36,788,300 shares more.
    Announced("HKD 465,000,000", Decimal(1), "HKD 2.25", 206_666_666, "HKD 1.91", 243_455_497),
]


def book(bonds, *more):
    issued = event(
        "ConvertiblesIssued", "2 July 2025", instrument="cb", share_class="ordinary", description="Bonds",
        shares=f"{bonds.shares:,}", amount=bonds.principal, price=bonds.price, general_meeting_on="27 June 2025",
    )  # fmt: skip
    terms = event(
        "InstrumentTermsAdjusted", "15 August 2025", instrument="cb", price=bonds.adjusted, shares=f"{bonds.shares_adjusted:,}"
    )
    return entries(*set_up("30 June 2025", authorised="2,000,000,000", held="500,000"), issued, terms, *more)


def row(found, month_end):
    (block,) = monthly.prepare(found, month_end, SUBMITTED).convertibles
    (only,) = block.rows
    return str(only.price), only.may_be_issued.value


def converted(bonds, shares):
    return event("ConvertiblesConverted", "20 August 2025", instrument="cb", shares=f"{shares:,}", amount=bonds.principal)


@pytest.mark.parametrize("bonds", ANNOUNCED, ids=lambda bonds: bonds.price)
def test_the_shares_announced_are_the_principal_at_the_price_rounded_down(bonds):
    dollars = Fraction(Decimal(bonds.principal.split()[1].replace(",", ""))) * Fraction(bonds.rate)
    for price, shares in ((bonds.price, bonds.shares), (bonds.adjusted, bonds.shares_adjusted)):
        assert dollars // Fraction(Decimal(price.split()[1])) == shares


@pytest.mark.parametrize("bonds", ANNOUNCED, ids=lambda bonds: bonds.price)
def test_a_return_prints_the_terms_of_its_own_month(bonds):
    assert row(book(bonds), JULY) == (bonds.price, bonds.shares)
    assert row(book(bonds), AUGUST) == (bonds.adjusted, bonds.shares_adjusted)


@pytest.mark.parametrize("bonds", ANNOUNCED, ids=lambda bonds: bonds.price)
def test_all_the_bonds_convert_into_the_shares_announced_and_not_one_more(bonds):
    assert row(book(bonds, converted(bonds, bonds.shares_adjusted)), AUGUST) == (bonds.adjusted, 0)
    with pytest.raises(Impossible, match="shares that may be issued on instrument cb would be -1"):
        folded(book(bonds, converted(bonds, bonds.shares_adjusted + 1)))
