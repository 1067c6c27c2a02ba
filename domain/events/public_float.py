"""The public float of a listed class: what is required of it, and what was confirmed at a month's end."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from domain.events import fields
from domain.events.base import Event, checked
from domain.values import Money


@checked
class PublicFloatRequirementSet(Event):
    """What the public must hold of a listed class from this day, and the test that applies (rules 8.08, 8.08A, 13.32A to F).

    `prescribed` is the percentage prescribed at listing, `alternative` the threshold of 10 % and HKD 1,000 million that an
    issuer chooses by announcement, `A+H` that of an issuer whose A shares are listed on the Mainland.
    """

    share_class: str = fields.name("code of the class of shares")
    test: Literal["prescribed", "alternative", "A+H"] = fields.choice(
        "test by which the issuer complies", ("prescribed", "alternative", "A+H"), default="prescribed"
    )
    percent: Decimal | None = fields.percentage("percentage prescribed at listing: 25", default=None)
    with_class: str | None = fields.name(
        "code of the class that is counted together with it, such as the A shares of an A+H issuer", default=None
    )

    def __attrs_post_init__(self) -> None:
        if self.test == "prescribed" and self.percent is None:
            raise fields.FieldError("percent", "expected the percentage prescribed at listing, such as 25")
        if self.with_class is not None and self.test != "A+H":
            raise fields.FieldError("with_class", f"expected the test A+H beside it, got {self.test}")
        if self.with_class == self.share_class:
            raise fields.FieldError("with_class", f"expected another class than {self.share_class}")


@checked
class PublicFloatConfirmed(Event):
    """What the public holds of a listed class at close of a day, usually a month's end (rules 13.32A to F).

    A percentage, or a number of shares with a price or a market value, or only whether the requirement is met.
    """

    share_class: str = fields.name("code of the class of shares")
    percent: Decimal | None = fields.percentage("percentage of the class that the public holds: 26.35", default=None)
    shares: int | None = fields.whole("shares in public hands", minimum=0, default=None)
    price: Money | None = fields.money("price of one share at which those in public hands are valued, in HKD", default=None)
    market_value: Money | None = fields.money("market value of the shares in public hands, in HKD", default=None)
    met: bool | None = fields.flag("whether the issuer states that the requirement is met", default=None)
    statement: str | None = fields.text("words that the Monthly Return prints instead of those composed from it", default=None)

    def __attrs_post_init__(self) -> None:
        if self.percent is None and self.shares is None and self.met is None:
            raise fields.FieldError("percent", "expected a percentage, a number of shares, or whether the requirement is met")
        if self.percent is not None and self.shares is not None:
            raise fields.FieldError("shares", "expected a percentage or a number of shares, not both")
        if self.price is not None and self.shares is None:
            raise fields.FieldError("price", "expected the number of shares that it values")
        if self.price is not None and self.market_value is not None:
            raise fields.FieldError("market_value", "expected a price or a market value, not both")
        for name, money in (("price", self.price), ("market_value", self.market_value)):
            if money is not None and money.currency != "HKD":
                raise fields.FieldError(name, f"expected an amount in HKD, got {money}")


EVENTS: tuple[type[Event], ...] = (
    PublicFloatRequirementSet,
    PublicFloatConfirmed,
)
"""The events of this subject, in reading order."""
