"""What a field takes and refuses, at its limits, and how it says so."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs
import pytest

from domain.events import fields
from domain.events.fields import FieldError, shown
from domain.events.structured import Counter
from domain.values import Money
from tests.samples import SAMPLED, sample


def holding(made):
    """A class with one field, `value`, of a kind."""
    return attrs.make_class("Holding", {"value": made}, frozen=True, kw_only=True)


SHARES = "expected a whole number of shares above zero, got "
NOT_NEGATIVE = "expected a whole number of shares of zero or more, got "
NOT_ZERO = "expected a whole number of shares other than zero, got "
NAME = "expected a short name of letters, digits, spaces and . _ / & ( ) -, got "
TEXT = "expected printable text of 1 to 4,000 characters on one line, got "
DAY = "expected a date such as 2024-12-17 or 17 Dec 2024, got "
PERCENT = "expected a percentage above 0 and at most 100, got "
PRINCIPAL = "expected an amount above zero of at most two decimal places, such as HKD 1,000,000, got "

TAKEN = [
    (fields.whole("m"), [1, 2, 10**60 - 1]),
    (fields.whole("m", minimum=0), [0, 1]),
    (fields.whole("m", minimum=None), [1 - 10**60, -1, 1]),
    (fields.whole("m", default=None), [None, 1]),
    (fields.name("m"), ["B", "b", "0", "issue-2024", "A & B (2024) 1/2._", "x" * 60]),
    (fields.name("m", default=None), [None, "B"]),
    (fields.text("m"), ["x", " x", "商汤集团股份有限公司", "x" * 4_000, "“quoted” – 0.09 %"]),
    (fields.text("m", default=None), [None, "x"]),
    (fields.day("m"), [date(1841, 1, 1), date(2199, 12, 31)]),
    (fields.day("m", default=None), [None, date(2024, 2, 29)]),
    (fields.money("m", default=None), [None, Money.parse("HKD 0"), Money.parse("HKD 1.5"), Money.parse(f"HKD {10**60 - 1}")]),
    (fields.principal("m"), [Money.parse("HKD 0.01"), Money.parse("HKD 1.50"), Money.parse(f"HKD {10**59}.01")]),
    (fields.percentage("m"), [Decimal("0.00000000000000000001"), Decimal(20), Decimal(100)]),
    (fields.flag("m"), [True, False]),
    (fields.flag("m", default=None), [True, False, None]),
    (fields.choice("m", ("issue", "repurchase")), ["issue", "repurchase"]),
    (fields.many("m", Counter, "counters"), [(), (Counter("80020", "RMB"), Counter("90020", "USD"))]),
]
REFUSED = [
    (fields.whole("m"), 0, SHARES + "0"),
    (fields.whole("m"), -1_000, SHARES + "-1,000"),
    (fields.whole("m"), 5.0, SHARES + "5.0"),
    (fields.whole("m"), True, SHARES + "true"),
    (fields.whole("m"), "1", SHARES + "'1'"),
    (fields.whole("m"), Decimal(1), SHARES + "1"),
    (fields.whole("m"), None, SHARES + "nothing"),
    (fields.whole("m", unit="options"), 0, "expected a whole number of options above zero, got 0"),
    (fields.whole("m", minimum=0), -1, NOT_NEGATIVE + "-1"),
    (fields.whole("m", minimum=0, default=0), None, NOT_NEGATIVE + "nothing"),
    (fields.whole("m", minimum=None), 0, NOT_ZERO + "0"),
    (fields.whole("m"), 10**60, "expected a whole number of at most 60 digits, got 1,000,"),
    (fields.whole("m", minimum=None), -(10**60), "expected a whole number of at most 60 digits, got -1,000,"),
    (fields.name("m"), "", NAME + "''"),
    (fields.name("m"), " B", NAME + "' B'"),
    (fields.name("m"), "-B", NAME + "'-B'"),
    (fields.name("m"), "x" * 61, NAME + repr("x" * 61)),
    (fields.name("m"), "B\n", NAME + r"'B\n'"),
    (fields.name("m"), "Ｂ", NAME + "'Ｂ'"),
    (fields.name("m"), "A,B", NAME + "'A,B'"),
    (fields.name("m"), 20, NAME + "20"),
    (fields.text("m"), "", TEXT + "''"),
    (fields.text("m"), "   ", TEXT + "'   '"),
    (fields.text("m"), "x" * 4_001, TEXT + "'" + "x" * 76 + "..."),
    (fields.text("m"), "a\nb", TEXT + r"'a\nb'"),
    (fields.text("m"), "a\tb", TEXT + r"'a\tb'"),
    (fields.text("m"), "a\x00b", TEXT + r"'a\x00b'"),
    (fields.text("m"), "a\x7fb", TEXT + r"'a\x7fb'"),
    (fields.text("m"), "a\x85b", TEXT + r"'a\x85b'"),
    (fields.text("m"), "a\u2028b", TEXT + r"'a\u2028b'"),
    (fields.text("m"), "a\u202eb", TEXT + r"'a\u202eb'"),
    (fields.text("m"), "a\u2066b", TEXT + r"'a\u2066b'"),
    (fields.text("m"), "\ufeffa", TEXT + r"'\ufeffa'"),
    (fields.text("m"), "\ud800", TEXT + r"'\ud800'"),
    (fields.text("m"), 5, TEXT + "5"),
    (fields.day("m"), date(1840, 12, 31), DAY + "1840-12-31"),
    (fields.day("m"), date(2200, 1, 1), DAY + "2200-01-01"),
    (fields.day("m"), datetime(2024, 12, 17), DAY + "2024-12-17 00:00:00"),
    (fields.day("m"), "2024-12-17", DAY + "'2024-12-17'"),
    (fields.money("m"), "HKD 1.5", "expected a currency and an amount such as HKD 1.5, got 'HKD 1.5'"),
    (fields.money("m"), Decimal("1.5"), "expected a currency and an amount such as HKD 1.5, got 1.5"),
    (fields.money("m"), Money.parse(f"HKD {10**60}"), "expected a currency and an amount such as HKD 1.5, got "),
    (fields.principal("m"), Money.parse("HKD 0"), PRINCIPAL),
    (fields.principal("m"), Money.parse("HKD 1.005"), PRINCIPAL),
    (fields.principal("m"), Money.parse(f"HKD {10**60}"), PRINCIPAL),
    (fields.percentage("m"), Decimal(0), PERCENT + "0"),
    (fields.percentage("m"), Decimal(-20), PERCENT + "-20"),
    (fields.percentage("m"), Decimal("100.00000000000000000001"), PERCENT + "100.00000000000000000001"),
    (fields.percentage("m"), Decimal("NaN"), PERCENT + "NaN"),
    (fields.percentage("m"), Decimal("Infinity"), PERCENT + "Infinity"),
    (fields.percentage("m"), 20, PERCENT + "20"),
    (fields.flag("m"), 1, "expected yes or no, got 1"),
    (fields.flag("m"), "yes", "expected yes or no, got 'yes'"),
    (fields.flag("m"), None, "expected yes or no, got nothing"),
    (fields.choice("m", ("issue", "repurchase")), "Issue", "expected issue or repurchase, got 'Issue'"),
    (fields.choice("m", ("issue", "repurchase")), None, "expected issue or repurchase, got nothing"),
    (fields.many("m", Counter, "counters"), [Counter("80020", "RMB")], "expected a list of counters, got "),
    (fields.many("m", Counter, "counters"), ("80020 RMB",), "expected a list of counters, got ('80020 RMB',)"),
    (fields.many("m", Counter, "counters"), None, "expected a list of counters, got nothing"),
]


@pytest.mark.parametrize(("made", "value"), [(made, value) for made, values in TAKEN for value in values])
def test_a_field_holds_what_its_kind_allows(made, value):
    assert holding(made)(value=value).value == value


@pytest.mark.parametrize(("made", "value", "said"), REFUSED)
def test_a_field_refuses_what_it_cannot_hold_and_says_what_was_expected(made, value, said):
    with pytest.raises(FieldError) as refused:
        holding(made)(value=value)
    assert refused.value.field == "value"
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("made", "default"),
    [
        (fields.money("m", default=None), None),
        (fields.flag("m", default=False), False),
        (fields.flag("m", default=True), True),
        (fields.many("m", Counter, "counters", default=()), ()),
        (fields.whole("m", default=0, minimum=0), 0),
    ],
)
def test_a_field_left_out_holds_its_default(made, default):
    assert holding(made)().value == default


@pytest.mark.parametrize("made", [fields.whole("m"), fields.name("m"), fields.text("m"), fields.day("m"), fields.percentage("m")])
def test_a_field_without_a_default_must_be_given(made):
    with pytest.raises(TypeError):
        holding(made)()


def test_a_field_carries_its_meaning_and_its_unit():
    field = attrs.fields(holding(fields.whole("number of options", unit="options"))).value
    assert field.metadata == {"meaning": "number of options", "unit": "options"}


@pytest.mark.parametrize("kind", SAMPLED, ids=lambda kind: kind.__name__)
def test_an_event_refuses_in_each_field_what_the_field_refuses(kind):
    made = sample(kind.__name__)
    for field in attrs.fields(kind):
        wrong = object()
        with pytest.raises(FieldError) as alone:
            field.validator(None, field, wrong)
        with pytest.raises(FieldError) as within:
            attrs.evolve(made, **{field.name: wrong})
        assert (within.value.field, str(within.value)) == (field.name, str(alone.value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_865_000_000, "1,865,000,000"),
        (date(2024, 12, 17), "2024-12-17"),
        (Decimal("0.25"), "0.25"),
        ("x", "'x'"),
        ("x" * 78, repr("x" * 78)),
        ("x" * 79, "'" + "x" * 76 + "..."),
        (True, "true"),
    ],
)
def test_a_message_quotes_a_value_shortly(value, text):
    assert shown(value) == text
