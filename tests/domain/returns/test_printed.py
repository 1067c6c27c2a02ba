"""The code of a class by what a printed return says of it."""

from __future__ import annotations

import pytest

from domain.returns.cells import ClassHeading
from domain.returns.printed import SPECIFIED_BELOW, printed_code


@pytest.mark.parametrize(
    ("class_label", "type_label", "description", "code"),
    [
        ("WVR ordinary shares", "B", None, "B"),
        ("Ordinary shares", "Not applicable", None, "Ordinary shares"),
        ("Ordinary shares", "N/A", None, "Ordinary shares"),
        ("Ordinary shares", "", None, "Ordinary shares"),
        (f"Other class ({SPECIFIED_BELOW})", "Not applicable", "Redeemable shares", "Redeemable shares"),
        ("Ordinary shares", f"Other type ({SPECIFIED_BELOW})", None, f"Other type ({SPECIFIED_BELOW})"),
    ],
)
def test_a_class_is_called_by_its_type_or_else_by_its_description_or_class(class_label, type_label, description, code):
    heading = ClassHeading(1, "", class_label, type_label, listed=True, stock_code="00001", counters=(), description=description)
    assert printed_code(heading) == code
