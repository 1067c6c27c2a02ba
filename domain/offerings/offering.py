"""A global offering: its tranches, how they change with demand, and the facts that its completion records.

Shares are whole, multiples of subscription are exact fractions, and a share of the offering that a rule asks for at least is
rounded up, to whole board lots where one is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from domain.events import Event, GlobalOfferingCompleted, OverAllotmentOptionExercised, fields
from domain.events.base import checked
from domain.events.fields import FieldError
from domain.law.parameters import (
    BOOKBUILDING,
    CLAWBACK_18C,
    CLAWBACK_A,
    CLAWBACK_PN18,
    OVER_ALLOTMENT,
    PUBLIC_BOUNDS_B,
    STABILISATION,
    VOLUNTARY_REALLOCATION,
    Parameter,
    Steps,
)
from domain.law.rule import Finding
from domain.values import Money, percent

CLAWBACKS: dict[str, Parameter[Steps]] = {"PN18": CLAWBACK_PN18, "A": CLAWBACK_A, "18C": CLAWBACK_18C}
MECHANISMS: dict[str, Parameter[object]] = {**CLAWBACKS, "B": PUBLIC_BOUNDS_B}
"""How an offering allots shares to its public tranche: by name, the parameter that rules it."""


def mechanisms_on(day: date) -> tuple[str, ...]:
    """The mechanisms that a listing document of a day can follow; 18C is that of a Specialist Technology Company."""
    return tuple(name for name, parameter in MECHANISMS.items() if parameter.find(day) is not None)


@checked
class Offering:
    """An offering as its listing document describes it; the public and the international tranche make up its shares.

    The day of the listing document chooses the rules. Raises FieldError for tranches that do not add up, a price out of its
    range, days out of order, and a mechanism that is not in force.
    """

    share_class: str = fields.name("code of the class of shares on offer", default="B")
    shares: int = fields.whole("shares on offer, without the over-allotment option")
    public: int = fields.whole("shares initially in the public tranche")
    international: int = fields.whole("shares initially in the international tranche")
    mechanism: str = fields.choice("how shares come to the public tranche", tuple(MECHANISMS))
    document_on: date = fields.day("day of the listing document")
    over_allotment: int = fields.whole("shares under the over-allotment option", minimum=0, default=0)
    bookbuilding: int | None = fields.whole("shares initially in the bookbuilding placing tranche", minimum=0, default=None)
    board_lot: int = fields.whole("shares of a board lot, to which tranches are rounded up", default=1)
    lowest_price: Money | None = fields.money("bottom of the price range", default=None)
    maximum_price: Money | None = fields.money("maximum offer price", default=None)
    offer_price: Money | None = fields.money("final offer price", default=None)
    applications_close_on: date | None = fields.day("last day for applications", default=None)
    listed_on: date | None = fields.day("day on which dealings begin", default=None)

    def __attrs_post_init__(self) -> None:
        if self.public + self.international != self.shares:
            both = f"{self.public:,} and {self.international:,} shares, together {self.public + self.international:,}"
            raise FieldError("international", f"expected tranches that make up {self.shares:,} shares, got {both}")
        if (self.bookbuilding or 0) > self.international:
            most = f"expected at most the international tranche of {self.international:,} shares"
            raise FieldError("bookbuilding", f"{most}, got {self.bookbuilding:,}")
        known = mechanisms_on(self.document_on)
        if self.mechanism not in known:
            raise FieldError("mechanism", f"expected {' or '.join(known)} on {self.document_on:%-d %B %Y}, got {self.mechanism}")
        _check_rising("offer_price", (self.lowest_price, self.offer_price, self.maximum_price))
        _check_order((self.document_on, self.applications_close_on, self.listed_on))

    @property
    def pool(self) -> int:
        """Shares of pool B, half the public tranche in whole board lots: the most that one may apply for."""
        return self.public // 2 // self.board_lot * self.board_lot

    def percent(self, shares: int) -> str:
        """A number of shares in percent of the shares on offer, rounded half up to two decimals.

        It has more of them where it would be written as a whole percentage, as limits are, that it is not.
        """
        exact = Fraction(shares * 100, self.shares)
        return percent(exact, Fraction(round(exact)), 2)


def _check_rising(field: str, prices: Iterable[Money | None]) -> None:
    known = [price for price in prices if price is not None]
    if len({price.currency for price in known}) > 1:
        raise FieldError(field, f"expected prices in one currency, got {' and '.join(map(str, known))}")
    if any(not price.amount for price in known):
        raise FieldError(field, "expected prices above zero")
    if known != sorted(known, key=lambda price: price.amount):
        raise FieldError(field, f"expected lowest, final and maximum price to rise, got {', '.join(map(str, known))}")


def _check_order(days: Iterable[date | None]) -> None:
    known = [day for day in days if day is not None]
    if known != sorted(known):
        got = ", ".join(f"{day:%-d %B %Y}" for day in known)
        raise FieldError(
            "listed_on", f"expected listing document, last day for applications and listing in this order; got {got}"
        )


def stabilisation_ends_on(offering: Offering) -> date:
    """The last day of stabilising action. Raises ValueError if the last day for applications is not known."""
    if offering.applications_close_on is None:
        raise FieldError("applications_close_on", "expected the last day for applications")
    return offering.applications_close_on + timedelta(days=STABILISATION.at(offering.document_on))


def over_allotment_limit(offering: Offering) -> int:
    """The greatest number of shares that the over-allotment option may cover."""
    return math.floor(_part(offering, OVER_ALLOTMENT.at(offering.document_on)))


def _part(offering: Offering, percent: Decimal) -> Fraction:
    return Fraction(percent) * Fraction(offering.shares, 100)


@attrs.frozen
class Reallocation:
    """The tranches after shares moved between them, by which rule, and what is irregular about it.

    `multiple` is that of subscription, None for a voluntary reallocation; `percent` what the rule asks for at least, None
    where it asks for nothing. `not_checked` are in words the conditions that are not known.
    """

    rule: Parameter[object]
    multiple: Fraction | None
    percent: Decimal | None
    public: int
    international: int
    moved: int
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()


def subscription_multiple(offering: Offering, applied: int) -> Fraction:
    """Shares validly applied for over those initially in the public tranche, exactly. Raises ValueError below zero."""
    if type(applied) is not int or applied < 0:
        raise ValueError(f"expected a whole number of shares applied for of zero or more, got {fields.shown(applied)}")
    return Fraction(applied, offering.public)


def clawback_steps(offering: Offering) -> Steps:
    """From which multiple of subscription on the public tranche takes which percentage; none under Mechanism B."""
    return CLAWBACKS[offering.mechanism].at(offering.document_on) if offering.mechanism in CLAWBACKS else ()


def reallocated(offering: Offering, multiple: Fraction, international: Fraction | None = None) -> Reallocation:
    """The tranches after the clawback that a multiple of subscription calls for; a larger initial public tranche stands.

    `international` is the multiple of subscription of the international tranche: where it is not fully subscribed there is no
    clawback, and where it is None that is not checked. Raises ValueError for a multiple below zero.
    """
    for each in (multiple, international):
        if each is not None and each < 0:
            raise ValueError(f"expected a multiple of subscription of zero or more, got {each}")
    reached = [percent for threshold, percent in clawback_steps(offering) if threshold and multiple >= threshold]
    percent = reached[-1] if reached and (international is None or international >= 1) else None
    public = max(offering.public, _in_lots(offering, percent)) if percent is not None else offering.public
    moved = _moved(offering, MECHANISMS[offering.mechanism], public, multiple, percent)
    unknown = (INTERNATIONAL,) if percent is not None and international is None else ()
    return attrs.evolve(moved, not_checked=unknown)


INTERNATIONAL = "whether the international tranche is fully subscribed: without that there is no clawback"


def _in_lots(offering: Offering, percent: Decimal) -> int:
    lots = math.ceil(_part(offering, percent) * Fraction(1, offering.board_lot))
    return min(offering.shares, lots * offering.board_lot)


def _moved(
    offering: Offering,
    rule: Parameter[object],
    public: int,
    multiple: Fraction | None = None,
    percent: Decimal | None = None,
    findings: tuple[Finding, ...] = (),
) -> Reallocation:
    moved = public - offering.public
    return Reallocation(rule, multiple, percent, public, offering.international - moved, moved, findings)


def voluntary_limit(offering: Offering) -> int:
    """The greatest public tranche after a voluntary reallocation. Raises NotInForce if none is known."""
    return VOLUNTARY_REALLOCATION.at(offering.document_on) * offering.public


def voluntarily_reallocated(offering: Offering, moved: int, price: Money | None = None) -> Reallocation:
    """The tranches after shares are moved to the public tranche other than by clawback, at an offer price.

    A tranche above the limit and a price above the bottom of the range are findings. Raises ValueError if shares is not
    a whole number above zero or more than the international tranche holds, and NotInForce if no limit is known.
    """
    if type(moved) is not int or not 0 < moved <= offering.international:
        raise ValueError(f"expected 1 to {offering.international:,} shares to move, got {fields.shown(moved)}")
    found = tuple(_voluntary_findings(offering, offering.public + moved, price or offering.offer_price))
    return _moved(offering, VOLUNTARY_REALLOCATION, offering.public + moved, findings=found)


def _voluntary_findings(offering: Offering, public: int, price: Money | None) -> Iterator[Finding]:
    limit = voluntary_limit(offering)
    if public > limit:
        yield _finding("HK705", f"a public tranche of {public:,} shares is above the limit of {limit:,}", VOLUNTARY_REALLOCATION)
    if price is not None and offering.lowest_price is not None and price != offering.lowest_price:
        said = f"the offer price {price} is not the bottom of the range, {offering.lowest_price}"
        yield _finding("HK706", said, VOLUNTARY_REALLOCATION)


def _finding(code: str, message: str, rule: Parameter[object]) -> Finding:
    return Finding(code=code, message=message, entries=(), citation=rule.citation, confidence=rule.confidence)


def offering_findings(offering: Offering) -> tuple[Finding, ...]:
    """Every way in which an offering's structure departs from the rules of its listing document's day."""
    return tuple(finding for check in CHECKS for finding in check(offering))


def _over_allotment(offering: Offering) -> Iterator[Finding]:
    limit = over_allotment_limit(offering)
    if offering.over_allotment > limit:
        said = f"the over-allotment option covers {offering.over_allotment:,} shares, above the limit of {limit:,}"
        yield _finding("HK702", said, OVER_ALLOTMENT)


def _initial_public(offering: Offering) -> Iterator[Finding]:
    least, most = initial_public_bounds(offering)
    if not _part(offering, least) <= offering.public <= _part(offering, most):
        bounds = f"at least {least} %" if most == 100 else f"{least} % to {most} %"
        said = f"the initial public tranche of {offering.public:,} shares is not {bounds} of {offering.shares:,}"
        yield _finding("HK703", said, MECHANISMS[offering.mechanism])


def initial_public_bounds(offering: Offering) -> tuple[Decimal, Decimal]:
    """The least and the greatest percentage of the offering that the public tranche initially has."""
    if offering.mechanism in CLAWBACKS:
        return clawback_steps(offering)[0][1], Decimal(100)
    return PUBLIC_BOUNDS_B.at(offering.document_on)


def not_verified(offering: Offering) -> tuple[str, ...]:
    """What the rules of its mechanism may ask of an offering besides, as far as known, in words."""
    least, most = initial_public_bounds(offering)
    above = offering.mechanism != "PN18" and most == 100 and offering.public > _part(offering, least)
    return (f"whether a public tranche of more than {least} % is allowed initially under {offering.mechanism}",) if above else ()


def _bookbuilding(offering: Offering) -> Iterator[Finding]:
    least = BOOKBUILDING.find(offering.document_on)
    if least is not None and offering.bookbuilding is not None and offering.bookbuilding < _part(offering, least):
        said = f"the bookbuilding tranche of {offering.bookbuilding:,} shares is below {least} % of {offering.shares:,}"
        yield _finding("HK704", said, BOOKBUILDING)


CHECKS: tuple[Callable[[Offering], Iterator[Finding]], ...] = (_over_allotment, _initial_public, _bookbuilding)


def events_of(offering: Offering, exercises: Sequence[tuple[date, int]] = ()) -> tuple[Event, ...]:
    """The facts that a completed offering records: its shares on the day of listing, those of the option on theirs.

    `exercises` are the days on which shares of the over-allotment option were allotted, each with its number. Raises
    FieldError where the offer price or the day of listing is not known, an exercise is before it, or more shares are
    allotted than the option covers.
    """
    price, listed_on = offering.offer_price, offering.listed_on
    if price is None:
        raise FieldError("offer_price", "expected the final offer price of a completed offering")
    if listed_on is None:
        raise FieldError("listed_on", "expected the day of listing of a completed offering")
    _check_exercises(offering, listed_on, exercises)
    issued = GlobalOfferingCompleted(
        effective_on=listed_on,
        share_class=offering.share_class,
        shares=offering.shares,
        price=price,
        text="Global offering, listing on the Exchange",
    )
    whole = len(exercises) == 1 and exercises[0][1] == offering.over_allotment
    text = f"Exercise of the over-allotment option{' in full' if whole else ''}"
    exercised = (_exercised(offering, price, text, day, shares) for day, shares in exercises)
    return (issued, *exercised)


def _exercised(offering: Offering, price: Money, text: str, day: date, shares: int) -> Event:
    return OverAllotmentOptionExercised(effective_on=day, share_class=offering.share_class, shares=shares, price=price, text=text)


def _check_exercises(offering: Offering, listed_on: date, exercises: Sequence[tuple[date, int]]) -> None:
    early = [day for day, _ in exercises if day < listed_on]
    if early:
        raise FieldError("exercises", f"expected an exercise since {listed_on:%-d %B %Y}, got {min(early):%-d %B %Y}")
    if sum(shares for _, shares in exercises) > offering.over_allotment:
        allotted = sum(shares for _, shares in exercises)
        raise FieldError("exercises", f"expected at most {offering.over_allotment:,} shares of the option, got {allotted:,}")
