"""The public float of a listed class: what the public holds, what is required, and what the Monthly Return says of it.

The requirement is met where one of its thresholds is (rules 13.32A to 13.32F); percentages and values are exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from domain import events
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from domain.capital.securities import ShareClass
from domain.events import PublicFloatConfirmed, PublicFloatRequirementSet
from domain.law.business_days import Calendar
from domain.law.outcome import NO, NOT_CHECKED, OK, Outcome
from domain.law.parameters import FLOAT_A_AND_H, FLOAT_ALTERNATIVE, FLOAT_TRADING_DAYS, FLOAT_VALUE, INITIAL_FLOAT
from domain.values import day_text, month_end_before, percent

FIRST_STATEMENT = date(2026, 1, 31)
"""The first month end whose Monthly Return confirms the public float."""


@attrs.frozen
class ListingDate:
    """The day from which securities of the issuer were dealt in; where it is not `exact`, they were by that day."""

    on: date
    exact: bool


def first_listed(entries: Iterable[Entry]) -> ListingDate | None:
    """When securities of the issuer were first dealt in, by the entries in effect; None if they say nothing of a listing."""
    recorded = [entry.event for entry in entries]
    offered = [each.effective_on for each in recorded if isinstance(each, events.GlobalOfferingCompleted)]
    if offered:
        return ListingDate(min(offered), exact=True)
    classes = (events.ShareClassCreated, events.ShareClassDetailsChanged)
    by = [each.effective_on for each in recorded if isinstance(each, classes) and each.listed]
    return ListingDate(min(by), exact=False) if by else None


@attrs.frozen
class InPublicHands:
    """Shares in public hands as confirmed for a day, less those bought back since; `price` is the value of one in HKD."""

    shares: Fraction
    price: Fraction | None
    confirmed_on: date


# --- what is required, and whether it is met ----------------------------------------------------------------------


@attrs.frozen
class Held:
    """What the public holds of a class: its part in per cent, and its market value in HKD; None if not known."""

    percent: Fraction | None
    value: Fraction | None


@attrs.frozen
class Threshold:
    """One way of meeting the requirement: a least percentage of the class, a least market value in HKD, or both."""

    percent: Fraction | None
    value: int | None = None

    def met(self, held: Held) -> bool | None:
        """Whether what is held reaches it; None if what is known does not decide."""
        asked = ((held.percent, self.percent), (held.value, self.value))
        found = [None if has is None else has >= least for has, least in asked if least is not None]
        return False if False in found else None if None in found else True

    def __str__(self) -> str:
        part = "" if self.percent is None else f"{percent(self.percent, None, 2)} %"
        value = "" if self.value is None else f"a market value of HKD {self.value:,}"
        return " and ".join(filter(None, (part, value)))


Thresholds = tuple[Threshold | None, ...]
"""Each is enough; None is one that is not known."""


def thresholds(
    required: PublicFloatRequirementSet | None, on: date, given: Decimal | None = None, *, alternative: bool | None = True
) -> Thresholds:
    """What meets the requirement on a day since 2026: as it is recorded, or by the percentage `given` where one is.

    `alternative` says whether the alternative threshold is open: not within 125 trading days of the listing, and None if
    that is not known. Where no requirement is recorded the highest percentage prescribed at a listing is enough, and it is not
    known what else would be.
    """
    if required is not None and required.test == "A+H":
        return Threshold(Fraction(FLOAT_A_AND_H.at(on))), Threshold(None, FLOAT_VALUE.at(on))
    prescribed = given or (required.percent if required else None)
    least = Threshold(Fraction(prescribed or highest_prescribed(on)))
    if required is not None and required.test == "prescribed":
        return (least,)
    other = Threshold(Fraction(FLOAT_ALTERNATIVE.at(on)), FLOAT_VALUE.at(on))
    others: Thresholds = {True: (other,), False: (), None: (None,)}[alternative]
    if required is None:
        return (least, *(others if given else (None,)))
    return (*((least,) if prescribed else ()), *others) or (least, None)


def highest_prescribed(on: date) -> Decimal:
    """The highest percentage that is prescribed at a listing."""
    return max(least for _, least in INITIAL_FLOAT.at(on))


def outcome(held: Held, required: Thresholds, of: str = "the class") -> Outcome:
    """Whether one of the thresholds is met, with what is held and what is required in words."""
    found = [None if each is None else each.met(held) for each in required]
    words = f"{_held(held, required, of)}; at least {_listed(required)} is required"
    if held.percent is not None and held.percent > 100:
        return NO, f"{words}: more than there is"
    return (OK if True in found else NOT_CHECKED if None in found else NO), words


def _listed(required: Thresholds) -> str:
    return " or ".join("another threshold, which is not known," if each is None else str(each) for each in required)


def _held(held: Held, required: Thresholds, of: str) -> str:
    part = "a part that is not known" if held.percent is None else f"{_percent(held.percent, required)} %"
    asked = any(each is not None and each.value is not None for each in required)
    value = "market value not known" if held.value is None else f"market value HKD {_money(held.value)}"
    return f"{part} of {of}" + (f", {value}" if asked else "")


def _percent(value: Fraction, required: Thresholds) -> str:
    """With as many decimals as it takes not to be written as a limit that it is not."""
    limits = (each.percent for each in required if each is not None)
    return max((percent(value, limit, 2) for limit in (None, *limits)), key=_decimals)


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _money(value: Fraction) -> str:
    # Rounded down to the cent: what is below a limit never reads as the limit.
    return f"{Decimal(int(value * 100)).scaleb(-2):,}"


# --- what was confirmed -------------------------------------------------------------------------------------------


def base_of(position: Position, code: str, on: date) -> int | None:
    """The issued shares that the percentage is of; None for an A+H issuer whose A shares are not recorded as a class."""
    required = position.terms.float_required.get(code)
    if required is None or required.test != "A+H":
        return position.issued(on, [code])
    return position.issued(on, [code, required.with_class]) if required.with_class else None


def of_what(position: Position, code: str) -> str:
    """What the percentage is of, in words: the class, or H and A shares together."""
    required = position.terms.float_required.get(code)
    other = required.with_class if required is not None and required.test == "A+H" else None
    return f"classes {code} and {other} together" if other else "the class"


def held(position: Position, confirmed: PublicFloatConfirmed) -> Held:
    """What a confirmation says that the public holds, at the position of its day."""
    value = confirmed.market_value
    if confirmed.price is not None and confirmed.shares is not None:
        value = confirmed.price.times(confirmed.shares)
    return Held(_part(position, confirmed), None if value is None else Fraction(value.amount))


def _part(position: Position, confirmed: PublicFloatConfirmed) -> Fraction | None:
    if confirmed.percent is not None:
        return Fraction(confirmed.percent)
    base = base_of(position, confirmed.share_class, confirmed.effective_on)
    return Fraction(confirmed.shares * 100, base) if confirmed.shares is not None and base else None


def requirement_met(position: Position, confirmed: PublicFloatConfirmed) -> Outcome:
    """Whether the requirement is met by what was confirmed; the issuer's own statement decides where the figures do not."""
    if confirmed.met is False:
        return NO, "the issuer states that the requirement is not met"
    found = held(position, confirmed)
    if found.percent is None and found.value is None:
        return (OK, "the issuer states that the requirement is met") if confirmed.met else (NOT_CHECKED, "no figure is known")
    required = position.terms.float_required.get(confirmed.share_class)
    answer, words = outcome(found, thresholds(required, confirmed.effective_on), of_what(position, confirmed.share_class))
    if answer == NOT_CHECKED and confirmed.met:
        return OK, f"{words}; the issuer states that it is met"
    return answer, words


def in_public_hands(entries: Iterable[Entry], code: str, on: date) -> InPublicHands | str:
    """Shares in public hands as last confirmed, less those that the issuer bought since; else in words why they are not known.

    A confirmation serves until the end of the second month after it: by then another return has been due.
    """
    ledger = Ledger.of(entries)
    recorded = [entry.event for entry in ledger.until(on)]
    last = next(
        (each for each in reversed(recorded) if isinstance(each, PublicFloatConfirmed) and each.share_class == code), None
    )
    if last is None:
        return "the shares in public hands are neither given nor confirmed in the book"
    confirmed_on = last.effective_on
    if confirmed_on < month_end_before(month_end_before(on)):
        return f"the public float was last confirmed for {day_text(confirmed_on)}: too long ago"
    since = [each for each in recorded if each.effective_on > confirmed_on]
    if any(isinstance(each, events.Reorganisation) and each.share_class in (None, code) for each in since):
        return f"the public float was confirmed for {day_text(confirmed_on)}, before the shares were subdivided or consolidated"
    shares = _confirmed_shares(ledger, last)
    if shares is None:
        return f"of the public float of {day_text(confirmed_on)} only a statement is recorded, no figure"
    taken = sum(each.shares for each in since if isinstance(each, _TAKEN) and each.share_class == code)
    return InPublicHands(max(shares - taken, Fraction(0)), _price(last, shares), confirmed_on)


_TAKEN = (events.SharesRepurchased, events.SharesRedeemed)


def _confirmed_shares(ledger: Ledger, confirmed: PublicFloatConfirmed) -> Fraction | None:
    if confirmed.shares is not None:
        return Fraction(confirmed.shares)
    if confirmed.percent is None:
        return None
    on = confirmed.effective_on
    base = base_of(ledger.at(on), confirmed.share_class, on)
    return None if base is None else Fraction(confirmed.percent) * Fraction(base, 100)


def _price(confirmed: PublicFloatConfirmed, shares: Fraction) -> Fraction | None:
    """What one share in public hands was valued at, in HKD."""
    if confirmed.price is not None:
        return Fraction(confirmed.price.amount)
    value = confirmed.market_value
    return Fraction(Fraction(value.amount), shares) if value is not None and shares else None


def alternative_open(listed: ListingDate | None, on: date, calendar: Calendar | None) -> bool | None:
    """Whether shares have traded for 125 trading days by close of a day; None if that is not known."""
    if listed is None:
        return None
    # A year has twice as many trading days: then no calendar is needed.
    if on - listed.on > timedelta(days=365):
        return True
    if calendar is None:
        return None
    days = (listed.on + timedelta(days=each) for each in range((on - listed.on).days + 1))
    if sum(map(calendar.is_business_day, days)) >= FLOAT_TRADING_DAYS.at(on):
        return True
    return False if listed.exact else None


# --- the Monthly Return -------------------------------------------------------------------------------------------


@attrs.frozen
class Statement:
    """What a Monthly Return says of the public float: its text, None if there is none, and in words what is missing."""

    text: str | None
    missing: tuple[str, ...] = ()


def statement(position: Position, month_end: date) -> Statement:
    """The public float statement of the return for a month, from the position at its end.

    A text set by return-settings-changed stands where nothing is confirmed, so that older returns print as they were filed.
    """
    terms = position.terms
    listed = [share for share in terms.existing.values() if share.listed]
    last = {share.code: terms.float_confirmed.get(share.code) for share in listed}
    confirmed = {code: each for code, each in last.items() if each is not None and each.effective_on == month_end}
    if month_end < FIRST_STATEMENT or (terms.settings.public_float is not None and not confirmed):
        return Statement(terms.settings.public_float)
    sentences = [_sentences(position, share, confirmed[share.code]) for share in listed if share.code in confirmed]
    missing = [
        f"the public float of class {share.code} is not confirmed for {day_text(month_end)}"
        for share in listed
        if share.code not in confirmed
    ]
    unsure = [reason for code, each in confirmed.items() for reason in _unsure(position, code, each)]
    return Statement(" ".join(sentences) or None, (*missing, *unsure))


def _unsure(position: Position, code: str, confirmed: PublicFloatConfirmed) -> Iterator[str]:
    if code not in position.terms.float_required:
        yield f"the public float required of class {code} is not recorded"
    elif requirement_met(position, confirmed)[0] == NOT_CHECKED:
        yield f"whether the public float of class {code} meets the requirement is not known"


_SAID = {OK: "The requirement is met.", NO: "The requirement is not met.", NOT_CHECKED: ""}


def _sentences(position: Position, share: ShareClass, confirmed: PublicFloatConfirmed) -> str:
    """One class's part of the statement. The form's own words were not seen: these are ours."""
    if confirmed.statement is not None:
        return confirmed.statement
    found, on = held(position, confirmed), confirmed.effective_on
    required = position.terms.float_required.get(share.code)
    applied = thresholds(required, on)
    figures = []
    if found.percent:
        whose = of_what(position, share.code)
        figures.append(f"{_percent(found.percent, applied)} % of the issued shares of {whose}, treasury shares excluded")
    if found.value is not None:
        figures.append(f"market value HKD {_money(found.value)}")
    what = f"Public float of {share.label} at {day_text(on)}"
    threshold = f"Applicable threshold: at least {_listed(applied)}." if required else ""
    held_by = f"{what}: {'; '.join(figures)}." if figures else f"{what}."
    return " ".join(filter(None, (held_by, threshold, _SAID[requirement_met(position, confirmed)[0]])))
