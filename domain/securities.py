"""The words that the forms print about an issuer and its securities: money, share classes, the issuer."""

from __future__ import annotations

import re
from datetime import date
from decimal import Context, Decimal, Inexact

import attrs

# Arithmetic on money must be exact: a context that refuses to round, wide enough for any number of shares
# times a par value of twenty decimal places.
EXACT = Context(prec=120, traps=[Inexact])

CURRENCIES = frozenset(
    "AED AUD BRL CAD CHF CNY DKK EUR GBP HKD IDR ILS INR JPY KRW KZT MOP MXN MYR NOK NZD PHP PKR PLN RMB RUB SAR "
    "SEK SGD THB TRY TWD USD VND ZAR".split()
)
"""Currency codes accepted: ISO 4217, and `RMB` as the exchange's forms print it."""

_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,20})?")


class Money:
    """An exact amount of a currency, written as the forms print it: `HKD 1.5`, `USD 0.000000025`.

    Never negative, at most 20 decimal places; trailing zeros carry no meaning (`HKD 1.50` equals `HKD 1.5`).
    Raises ValueError where the text is not a known currency, a space and a plain decimal number.
    """

    __slots__ = ("amount", "currency")
    currency: str
    amount: Decimal

    def __init__(self, currency: str, amount: Decimal) -> None:
        if currency not in CURRENCIES:
            raise ValueError(f"unknown currency {currency!r}; expected an ISO code such as HKD, USD or CNY")
        if not amount.is_finite() or amount < 0:
            raise ValueError(f"expected an amount of money that is not negative, got {amount}")
        object.__setattr__(self, "currency", currency)
        object.__setattr__(self, "amount", Decimal(plain(amount)))

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read `HKD 1.5`; thousands may be set apart by commas. Raises ValueError otherwise."""
        currency, _, amount = text.strip().partition(" ")
        if not _AMOUNT.fullmatch(amount.strip()):
            raise ValueError(f"expected a currency and an amount such as HKD 1.5, got {text!r}")
        return cls(currency, Decimal(amount.strip().replace(",", "")))

    def times(self, number: int) -> Money:
        """The amount multiplied by a whole number, exactly."""
        return Money(self.currency, EXACT.multiply(self.amount, Decimal(number)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Money is immutable")

    def __reduce__(self) -> tuple[object, ...]:
        return Money, (self.currency, self.amount)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and (self.currency, self.amount) == (other.currency, other.amount)

    def __hash__(self) -> int:
        return hash((self.currency, self.amount))

    def __str__(self) -> str:
        return f"{self.currency} {plain(self.amount)}"

    def __repr__(self) -> str:
        return f"Money({str(self)!r})"


def plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros, as the forms print prices and par values: 0.000000025."""
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


@attrs.frozen
class Counter:
    """A further trading counter of a listed class, printed as the multi-counter stock code: `80020 RMB`."""

    stock_code: str
    currency: str


@attrs.frozen
class ShareClass:
    """A class of shares as the forms head it, at a viewpoint.

    `code` is the name used in this book (`B`); `class_label` and `type_label` are what the forms print
    (`WVR ordinary shares`, `B`); `par_value` is None where shares have no par value; `authorised` is False for an
    issuer without authorised capital (incorporated in Hong Kong), whose Part I is not applicable.
    """

    code: str
    class_label: str
    type_label: str
    created_on: date
    par_value: Money | None = None
    authorised: bool = True
    votes_per_share: int = 1
    listed: bool = False
    stock_code: str | None = None
    counters: tuple[Counter, ...] = ()
    description: str | None = None


@attrs.frozen
class Issuer:
    """The issuer as the forms name it, at a viewpoint. `code` names its book; usually the stock code."""

    code: str
    name: str
    chinese_name: str | None = None
    incorporated_in: str | None = None


@attrs.frozen
class Scheme:
    """A share scheme, one row of Part III(A) or III(D) of the Monthly Return.

    `limit` is the number of shares that may be granted under it, None where not known or not limited;
    `existing_shares` marks a scheme met from shares already issued and held by a nominee: it issues nothing.
    """

    code: str
    share_class: str
    particulars: str
    adopted_on: date
    general_meeting_on: date | None = None
    limit: int | None = None
    existing_shares: bool = False


@attrs.frozen
class Mandate:
    """A general mandate to issue or to repurchase shares (Main Board Rules 13.36(2)(b), 10.06(1)(c)).

    `limit` is in shares: `percent` of `base`, rounded down; `granted_on` is the general meeting's day.
    """

    code: str
    purpose: str
    percent: Decimal
    base: int
    granted_on: date

    @property
    def limit(self) -> int:
        """The number of shares the mandate allows; a fraction of a share allows nothing."""
        return int(EXACT.divide_int(EXACT.multiply(self.percent, Decimal(self.base)), Decimal(100)))
