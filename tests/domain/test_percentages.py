"""Percentages as the returns print them: half up, trimmed, unsigned."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.returns.cells import Percentage


@pytest.mark.parametrize(
    ("shares", "base", "decimals", "printed"),
    [
        # Printed in published returns.
        (1_865_000_000, 34_528_336_530, 2, "5.4"),
        (-31_775_000, 33_468_925_000, 2, "0.09"),
        (7_139_508, 33_468_925_000, 2, "0.02"),
        # Of announcements: class B, enlarged class B, total, enlarged total; existing total in December 2025.
        (1_673_446_000, 25_948_809_928, 2, "6.45"),
        (1_673_446_000, 27_622_255_928, 2, "6.06"),
        (1_673_446_000, 33_468_925_000, 2, "5"),
        (1_673_446_000, 35_142_371_000, 2, "4.76"),
        (1_750_000_000, 38_674_038_000, 2, "4.52"),
        # Half up, at the half and either side of it.
        (5, 100_000, 2, "0.01"),
        (49_999, 1_000_000_000, 2, "0"),
        (50_000, 1_000_000_000, 2, "0.01"),
        (50_001, 1_000_000_000, 2, "0.01"),
        (15, 100_000, 2, "0.02"),
        (25, 100_000, 2, "0.03"),
        (-25, 100_000, 2, "0.03"),
        (99_995, 100_000, 2, "100"),
        (99_994, 100_000, 2, "99.99"),
        # Trimmed.
        (1, 10, 2, "10"),
        (1, 8, 2, "12.5"),
        (1, 1, 2, "100"),
        (3, 1, 2, "300"),
        # Nothing.
        (0, 100, 2, "0"),
        (1, 10**12, 2, "0"),
        # Two to six decimals.
        (1, 3, 2, "33.33"),
        (1, 3, 3, "33.333"),
        (1, 3, 4, "33.3333"),
        (1, 3, 5, "33.33333"),
        (1, 3, 6, "33.333333"),
        (2, 3, 6, "66.666667"),
        (1_750_000_000, 38_674_038_000, 6, "4.524999"),
        # Numbers far beyond any real class.
        (10**40, 3 * 10**40, 6, "33.333333"),
        (5 * 10**35, 10**40, 2, "0.01"),
        (5 * 10**35 - 1, 10**40, 2, "0"),
        (10**40, 1, 2, "1" + "0" * 42),
    ],
)
def test_a_percentage_is_rounded_half_up_then_trimmed_and_unsigned(shares, base, decimals, printed):
    assert str(Percentage(shares, base, decimals)) == printed


@pytest.mark.parametrize("base", [0, -1])
def test_a_percentage_of_nothing_prints_blank(base):
    assert Percentage(1, base).rounded is None
    assert str(Percentage(1, base)) == ""


def test_a_percentage_has_two_decimals_unless_it_is_said_otherwise():
    assert Percentage(1, 3).rounded == Decimal("33.33")


def test_a_percentage_is_rounded_once_however_long_the_numbers():
    assert str(Percentage(5 * 10**66 - 1, 10**71)) == "0"


def test_a_percentage_of_any_size_can_be_printed():
    assert str(Percentage(10**60 - 1, 1)) == "9" * 60 + "00"
