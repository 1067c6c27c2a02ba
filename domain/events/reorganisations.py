"""Classes and reorganisations: conversion, subdivision, consolidation, reduction of capital."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events import fields
from domain.events.base import Event, PrintedFact, checked
from domain.events.structured import AdjustedPrice
from domain.values import Money


@checked
class ClassConversion(PrintedFact):
    """Shares of one class became shares of another."""

    shares: int = fields.whole("number of shares converted")


@checked
class FullCirculationCompleted(ClassConversion):
    """Unlisted shares of a PRC company, domestic or foreign, were converted into H shares, one for one."""

    from_class: str = fields.name("code of the class of unlisted shares: domestic")
    to_class: str = fields.name("code of the class of H shares", default="H")

    def __attrs_post_init__(self) -> None:
        if self.from_class == self.to_class:
            raise fields.FieldError("to_class", f"expected another class than {self.from_class}")


@checked
class ClassAConvertedToB(ClassConversion):
    """Shares of one class were converted into another: weighted voting shares to ordinary ones, one for one (rule 8A.21).

    Convertible preference shares convert at a ratio of their own: `into` is then the number of new shares.
    """

    from_class: str = fields.name("code of the class converted", default="A")
    to_class: str = fields.name("code of the class converted into", default="B")
    into: int | None = fields.whole("number of shares of the class converted into, where it is not one for one", default=None)
    holder: str | None = fields.text("who converted", default=None)

    def __attrs_post_init__(self) -> None:
        if self.from_class == self.to_class:
            raise fields.FieldError("to_class", f"expected another class than {self.from_class}")


@checked
class Reorganisation(PrintedFact):
    """Every share of a class, or of all classes, became another number of shares at the start of the day.

    Issued, treasury, pending and authorised shares scale, options and instruments over them too, and par values and prices
    inversely. Mandates that count the class keep their percentage (rules 10.06(1)(c), 13.36(2)(b)).
    """

    share_class: str | None = fields.name("code of the class; omitted if every class is reorganised", default=None)
    general_meeting_on: date | None = fields.day("day of the general meeting that resolved it", default=None)
    prices: tuple[AdjustedPrice, ...] = fields.many(
        "new prices of instruments and agreements whose old ones do not divide: cb-2027: HKD 0.3333",
        AdjustedPrice,
        "adjusted prices",
        default=(),
    )


@checked
class SharesSubdivided(Reorganisation):
    """Each share was subdivided into several, and its par value divided by as many."""

    into: int = fields.whole("number of new shares for each old one", minimum=2)


@checked
class SharesConsolidated(Reorganisation):
    """Several shares were consolidated into one, and their par values added up.

    If the issued shares of a class do not divide, `fractions` says what happened to the rest; without it the event is refused.
    Fractions that were sold leave the whole shares of the class. If each holder's were cancelled or rounded up, `issued` is
    the number in issue afterwards, by the register.
    """

    shares: int = fields.whole("number of old shares for each new one", minimum=2)
    fractions: Literal["cancelled", "sold", "rounded up"] | None = fields.choice(
        "what happened to fractions of a new share", ("cancelled", "sold", "rounded up"), default=None
    )
    issued: int | None = fields.whole(
        "shares of the class in issue after it, by the register, where each holder's fraction was cancelled or rounded up",
        minimum=0,
        default=None,
    )

    def __attrs_post_init__(self) -> None:
        if self.issued is not None and (self.share_class is None or self.fractions not in ("cancelled", "rounded up")):
            raise fields.FieldError("issued", "expected the class, and fractions: cancelled or rounded up")
        if self.fractions == "rounded up" and self.issued is None:
            raise fields.FieldError("issued", "expected the shares in issue after it: each holder's fraction was rounded up")


@checked
class CapitalReduced(PrintedFact):
    """The par value of a class was reduced; the number of shares stays."""

    share_class: str = fields.name("code of the class of shares")
    par_value: Money = fields.money("new par value of one share", above_zero=True)
    capital_per_share: Money | None = fields.money(
        "new capital of one share, where the articles state the capital in another currency", default=None, above_zero=True
    )


EVENTS: tuple[type[Event], ...] = (
    ClassAConvertedToB,
    FullCirculationCompleted,
    SharesSubdivided,
    SharesConsolidated,
    CapitalReduced,
)
"""The events of this subject, in reading order."""
