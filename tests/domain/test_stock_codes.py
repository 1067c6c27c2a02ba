"""Which texts are stock codes, and which one was probably meant."""

from __future__ import annotations

import pytest

from domain.stock_codes import is_stock_code, near_stock_code


@pytest.mark.parametrize(
    ("written", "is_one", "near"),
    [
        ("00020", True, "00020"),
        ("20", False, "00020"),
        ("1234", False, "01234"),
        ("1234.HK", False, "01234"),
        ("1234 hk", False, "01234"),
        ("000020", False, "00020"),
        (" 00020 ", False, "00020"),
        ("123456", False, None),
        ("0", False, None),
        ("1234.SS", False, None),
        ("lantern", False, None),
        ("00020-test", False, None),
        ("０００２０", False, None),
        ("", False, None),
    ],
)
def test_a_stock_code_has_five_digits_and_one_that_lacks_zeros_is_near_it(written, is_one, near):
    assert (is_stock_code(written), near_stock_code(written)) == (is_one, near)
