"""What the cells of a return hold: figures with the entries they come from, percentages, the head of a class's block."""

from __future__ import annotations

from decimal import Decimal

import attrs

from domain.capital.securities import ShareClass
from domain.events.structured import Counter
from domain.values import EXACT, plain


@attrs.frozen
class Figure:
    """A number of shares, and the numbers of the entries it comes from; a value of None prints blank."""

    value: int | None = None
    entries: tuple[int, ...] = ()


BLANK = Figure()


@attrs.frozen
class Percentage:
    """A number of shares as a percentage of a base; unsigned on the forms, rounded half up, then trimmed.

    `decimals` is the issuer's habit, 2 by default. A base of zero has no percentage and prints blank.
    """

    shares: int
    base: int
    decimals: int = 2

    @property
    def rounded(self) -> Decimal | None:
        """The percentage, unsigned, to `decimals` places."""
        if self.base <= 0:
            return None
        # Whole numbers throughout, so that no size of holding is rounded before its time.
        units = (200 * abs(self.shares) * 10**self.decimals + self.base) // (2 * self.base)
        return EXACT.scaleb(Decimal(units), -self.decimals)

    def __str__(self) -> str:
        return "" if self.rounded is None else plain(self.rounded)


@attrs.frozen
class PrintedPercentage:
    """A percentage as a published return prints it, unsigned: what it is a percentage of is not printed."""

    rounded: Decimal

    def __str__(self) -> str:
        return plain(self.rounded)


def letters_and_digits(text: str) -> str:
    """Words without case, spaces and punctuation, in which printings of one name may differ."""
    return "".join(character for character in text.casefold() if character.isalnum())


@attrs.frozen
class ClassHeading:
    """The head of a class's block: its number in the return and how the form names it."""

    number: int
    code: str
    class_label: str
    type_label: str
    listed: bool
    stock_code: str | None
    counters: tuple[Counter, ...]
    description: str | None

    @classmethod
    def of(cls, number: int, share: ShareClass) -> ClassHeading:
        """The heading of a class of shares."""
        return cls(
            number,
            share.code,
            share.class_label,
            share.type_label,
            share.listed,
            share.stock_code,
            share.counters,
            share.description,
        )
