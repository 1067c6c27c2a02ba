"""Books, their accounts, and the named sums that the forms print.

A share of a class is always in exactly one account; a movement takes a quantity from one account to another, so
the accounts of a book always add up to zero: nothing can be created or lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import attrs

# Books. Each issuer has one book of shares per class, and one per scheme, mandate, instrument and agreement.
SHARES = "shares"
SCHEME = "scheme"
# What of a scheme's limit may be granted to service providers.
PROVIDERS = "service providers"
MANDATE = "mandate"
# What is outstanding of an instrument itself: a number of warrants, or hundredths of a convertible's currency.
INSTRUMENT = "instrument"
# The shares that may be issued on an instrument, and under an agreement.
ISSUABLE = "issuable"
AGREEMENT = "agreement"

# The members' authority stands against every account: its balance is minus what has been authorised.
AUTHORITY = "authority"

# Accounts of a class of shares.
UNISSUED = "unissued"
HELD = "held"
TREASURY = "treasury"
PENDING_CANCELLATION = "pending_cancellation"

# Accounts of a share scheme, an instrument or an agreement.
AVAILABLE = "available"
OUTSTANDING = "outstanding"
EXERCISED = "exercised"
LAPSED = "lapsed"
CANCELLED = "cancelled"

# Accounts of a mandate.
HEADROOM = "headroom"
RESERVED = "reserved"
USED = "used"
# Against this stands what repurchases have added to an issue mandate: its balance is minus the shares added.
EXTENSION = "extension"

ISSUED_EXCLUDING_TREASURY = (HELD, PENDING_CANCELLATION)
TOTAL_ISSUED = (HELD, TREASURY, PENDING_CANCELLATION)
AUTHORISED = (UNISSUED, HELD, TREASURY, PENDING_CANCELLATION)


class Account(NamedTuple):
    """Where a quantity is: the book, the code of its class, scheme or mandate, and the account's name."""

    book: str
    code: str
    name: str


# A fold names the same few accounts over and over; to look one up takes two fifths of the time of making it.
account_of: Callable[[str, str, str], Account] = lru_cache(maxsize=4_096)(Account)
"""The account of a book, a code and a name."""


class Movement(NamedTuple):
    """A quantity leaves one account of a book for another; there is one quantity, so it always balances."""

    book: str
    code: str
    source: str
    target: str
    quantity: int


Totals = Mapping[Account, int]


@attrs.frozen
class ClassBalance:
    """The balances of one class of shares at a viewpoint, in shares, as FF301 Parts I and II name them."""

    share_class: str
    authorised: int | None
    issued_excluding_treasury: int
    treasury: int
    total_issued: int
    pending_cancellation: int


def class_balance(totals: Totals, code: str, *, authorised: bool) -> ClassBalance:
    """The named sums of one class; `authorised` None if the issuer has no authorised capital."""

    def total(*names: str) -> int:
        return sum(totals.get(account_of(SHARES, code, name), 0) for name in names)

    return ClassBalance(
        share_class=code,
        authorised=total(*AUTHORISED) if authorised else None,
        issued_excluding_treasury=total(*ISSUED_EXCLUDING_TREASURY),
        treasury=total(TREASURY),
        total_issued=total(*TOTAL_ISSUED),
        pending_cancellation=total(PENDING_CANCELLATION),
    )


def change(movements: tuple[Movement, ...], book: str, code: str, names: tuple[str, ...]) -> int:
    """By how much the sum of some accounts changes through the movements."""
    changed = 0
    # Unpacked, since the figures of a return ask this of a whole book.
    for its_book, its_code, source, target, quantity in movements:
        if its_book == book and its_code == code:
            changed += quantity * ((target in names) - (source in names))
    return changed
