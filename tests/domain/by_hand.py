"""What each fact changes, by hand: plain arithmetic on what the forms print, with nothing of the code that is tested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from domain import events
from domain.capital.position import Position
from domain.events import Event
from tests.events import STEPS_OF_FILES

Sum = tuple[str, str]
"""A printed sum: its name and the code of its class, scheme, mandate, instrument or agreement."""


def _half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


# How a reorganisation rounds what does not divide.
ROUNDED: dict[str, Callable[[Fraction], int]] = {
    **dict.fromkeys(("pending", "treasury", "authorised", "outstanding", "rights", "agreed"), floor),
    "grantable": _half_up,
}


class ByHand:
    """Numbers written up one fact after the other; `over` says to which class a scheme, instrument or agreement belongs."""

    def __init__(self) -> None:
        self.numbers: dict[Sum, int] = defaultdict(int)
        self.over: dict[str, str] = {}
        self.existing: set[str] = set()
        self.unlimited: set[str] = set()
        self.refreshed: set[str] = set()
        self.classes: list[str] = []
        # Percentage, and base in shares of today, a fraction of one too.
        self.mandates: dict[str, tuple[Fraction, Fraction]] = {}
        # A day's reorganisations together: the day, what was in issue and used before them, and the ratio of each class.
        self.day: tuple[date, dict[str, int], dict[str, tuple[Fraction, int]], dict[str, Fraction]] | None = None
        # The classes that a mandate counts.
        self.counted: dict[str, set[str]] = {}
        self.agreed_under: dict[str, str | None] = {}
        # Classes whose capital is what is in issue.
        self.registered: set[str] = set()
        self.voting: set[str] = set()
        self.expired: set[str] = set()
        self.abolished: set[str] = set()
        self.pars: dict[str, Fraction] = {}
        self.warrants: list[str] = []
        self.bonds: list[str] = []
        # Instruments whose shares nothing bounds, and the floors of those whose price floats above one, in hundredths.
        self.notes: list[str] = []
        self.floors: dict[str, Fraction] = {}
        self.agreements: list[str] = []
        # Day, number and whether redeemed, of what waits for its cancellation.
        self.waiting: dict[str, list[tuple[date, int, bool]]] = defaultdict(list)

    def add(self, code: str, **sums: int) -> None:
        for name, number in sums.items():
            self.numbers[name, code] += number

    def get(self, name: str, code: str) -> int:
        return self.numbers.get((name, code), 0)

    def left(self, mandate: str) -> int:
        percent, base = self.mandates[mandate]
        return floor(percent * base / 100) - self.get("used", mandate) - self.get("reserved", mandate)

    def printed(self) -> dict[Sum, int]:
        """The sums as the forms print them; what is zero is left out."""
        sums = {name: number for name, number in self.numbers.items() if name[0] != "held"}
        # A scheme without a limit prints nothing that may still be granted.
        sums = {
            (name, code): number for (name, code), number in sums.items() if name != "grantable" or code not in self.unlimited
        }
        sums |= {("issued", code): self.get("held", code) + self.get("pending", code) for code in self.classes}
        for code in self.registered:
            sums["authorised", code] = sum(self.get(name, code) for name in ("held", "pending", "treasury"))
        sums |= {("left", code): self.left(code) for code in self.mandates}
        return {name: number for name, number in sums.items() if number}


def _brought_forward(book: ByHand, event: events.BalanceBroughtForward) -> None:
    held = event.held if event.held is not None else event.issued_excluding_treasury - event.pending_cancellation
    book.add(event.share_class, held=held, treasury=event.treasury, pending=event.pending_cancellation)
    lots = [(each.bought_on, each.shares, False) for each in event.tranches]
    book.waiting[event.share_class] += lots or [(event.effective_on, event.pending_cancellation, False)]


def _issue(book: ByHand, event: events.IssueOfShares) -> None:
    _allotted(book, event, event.share_class, event.shares)
    if event.agreement is None:
        _uses(book, event)
        return
    book.add(event.agreement, agreed=-event.shares)
    if mandate := book.agreed_under[event.agreement]:
        book.add(mandate, used=event.shares, reserved=-event.shares)


def _allotted(book: ByHand, event: Any, code: str, shares: int) -> None:
    book.add(code, held=shares, treasury=-shares if event.treasury_shares else 0)


def _uses(book: ByHand, event: Any) -> None:
    if event.mandate:
        book.add(event.mandate, used=event.shares)


def _bought(book: ByHand, event: events.SharesRepurchased) -> None:
    into = "treasury" if event.intention == "treasury" else "pending"
    book.add(event.share_class, **{"held": -event.shares, into: event.shares})
    if into == "pending":
        book.waiting[event.share_class].append((event.effective_on, event.shares, False))
    _uses(book, event)


def _redeemed(book: ByHand, event: events.SharesRedeemed) -> None:
    book.add(event.share_class, held=-event.shares, pending=0 if event.cancelled else event.shares)
    if not event.cancelled:
        book.waiting[event.share_class].append((event.effective_on, event.shares, True))


def _cancelled(book: ByHand, event: Any) -> None:
    book.add(event.share_class, pending=-event.shares)
    redeemed = isinstance(event, events.RedeemedSharesCancelled)
    to_take, left = event.shares, []
    for day, shares, was_redeemed in book.waiting[event.share_class]:
        meant = was_redeemed == redeemed and (not getattr(event, "bought_on", ()) or day in event.bought_on)
        part = min(shares, to_take) if meant else 0
        to_take -= part
        left += [(day, shares - part, was_redeemed)] if shares > part else []
    book.waiting[event.share_class] = left


def _sold(book: ByHand, event: events.TreasurySharesSold) -> None:
    book.add(event.share_class, held=event.shares, treasury=-event.shares)
    _uses(book, event)


def _converted(book: ByHand, event: events.ClassAConvertedToB) -> None:
    book.add(event.from_class, held=-event.shares)
    book.add(event.to_class, held=getattr(event, "into", None) or event.shares)


def _class_created(book: ByHand, event: events.ShareClassCreated) -> None:
    book.classes.append(event.share_class)
    if event.votes_per_share:
        book.voting.add(event.share_class)
    if event.authorised == "registered":
        book.registered.add(event.share_class)
    if event.par_value is not None:
        book.pars[event.share_class] = Fraction(event.par_value.amount)


def _capital_reduced(book: ByHand, event: events.CapitalReduced) -> None:
    book.pars[event.share_class] = Fraction(event.par_value.amount)


def _scheme_adopted(book: ByHand, event: events.SchemeAdopted) -> None:
    book.over[event.scheme] = event.share_class
    book.existing |= {event.scheme} if event.existing_shares else set()
    book.unlimited |= {event.scheme} if event.limit is None else set()
    book.add(event.scheme, grantable=event.limit or 0)


def _scheme_brought_forward(book: ByHand, event: events.SchemeBalanceBroughtForward) -> None:
    book.add(event.scheme, outstanding=event.outstanding, grantable=-event.outstanding - event.granted_before)


def _granted(book: ByHand, event: Any) -> None:
    number = _number(event)
    book.add(event.scheme, outstanding=number, grantable=-number)


def _lapsed(book: ByHand, event: Any) -> None:
    free_again = 0 if event.before_refreshment and event.scheme in book.refreshed else _number(event)
    book.add(event.scheme, outstanding=-_number(event), grantable=free_again)


def _ended(book: ByHand, event: Any) -> None:
    book.add(event.scheme, outstanding=-_number(event))


def _exercised(book: ByHand, event: Any) -> None:
    book.add(event.scheme, outstanding=-_number(event))
    if event.scheme not in book.existing:
        _allotted(book, event, book.over[event.scheme], _number(event))


def _number(event: Any) -> int:
    number: int = event.awards if hasattr(event, "awards") else event.options
    return number


def _amount(event: Any) -> int:
    return int(event.warrants if hasattr(event, "warrants") else event.amount.amount * 100)


def _instrument_issued(book: ByHand, event: Any) -> None:
    book.over[event.instrument] = event.share_class
    kinds = book.warrants if hasattr(event, "warrants") else book.bonds if event.shares else book.notes
    kinds.append(event.instrument)
    if event.floor is not None:
        book.floors[event.instrument] = Fraction(event.floor.amount) * 100
    book.add(event.instrument, amount=_amount(event), rights=event.shares)
    _uses(book, event)


def _instrument_ended(book: ByHand, event: Any) -> None:
    code, gone = event.instrument, event.shares + getattr(event, "no_longer_issuable", 0)
    book.add(code, amount=-_amount(event), rights=0 if code in book.notes else -gone)
    if code in book.floors:
        most = floor(book.get("amount", code) / book.floors[code])
        book.numbers["rights", code] = min(most, book.get("rights", code))
    if not book.get("amount", code):
        book.numbers["rights", code] = 0


def _limit_refreshed(book: ByHand, event: events.SchemeLimitRefreshed) -> None:
    book.numbers["grantable", event.scheme] = event.limit
    book.unlimited.discard(event.scheme)
    book.refreshed.add(event.scheme)


def _instrument_adjusted(book: ByHand, event: events.InstrumentTermsAdjusted) -> None:
    if event.shares is not None and event.instrument:
        book.numbers["rights", event.instrument] = event.shares
        # The shares that are said are those at the floor that is said, or there is none any longer.
        book.floors.pop(event.instrument, None)
    elif event.shares is not None:
        more = event.shares - book.get("agreed", event.agreement)
        book.add(event.agreement, agreed=more)
        if mandate := book.agreed_under[event.agreement]:
            book.add(mandate, reserved=more)


def _instrument_exercised(book: ByHand, event: Any) -> None:
    _instrument_ended(book, event)
    _allotted(book, event, book.over[event.instrument], event.shares)


def _agreed(book: ByHand, event: events.IssueAgreed) -> None:
    book.over[event.agreement], book.agreed_under[event.agreement] = event.share_class, event.mandate
    book.agreements.append(event.agreement)
    book.add(event.agreement, agreed=event.shares)
    if event.mandate:
        book.add(event.mandate, reserved=event.shares)


def _agreement_ended(book: ByHand, event: events.IssueAgreementEnded) -> None:
    book.add(event.agreement, agreed=-event.shares)
    if mandate := book.agreed_under[event.agreement]:
        book.add(mandate, reserved=-event.shares)


def _mandate_granted(book: ByHand, event: events.MandateGranted) -> None:
    book.mandates[event.mandate] = Fraction(event.percent), Fraction(event.base)
    book.counted[event.mandate] = set(event.classes) or book.voting
    book.add(event.mandate, used=event.used_before or 0)


def _reorganised(book: ByHand, event: Any) -> None:
    ratio = Fraction(event.into) if isinstance(event, events.SharesSubdivided) else Fraction(1, event.shares)
    codes = [event.share_class] if event.share_class else [code for code in book.classes if code not in book.abolished]
    agreed = {code: book.get("agreed", code) for code in book.agreements}
    issued = {code: sum(book.get(name, code) for name in ("held", "treasury", "pending")) for code in book.classes}
    if book.day is None or book.day[0] != event.effective_on:
        used = {code: (base, book.get("used", code)) for code, (_, base) in book.mandates.items()}
        book.day = event.effective_on, issued, used, dict.fromkeys(book.classes, Fraction(1))
    for (name, code), number in list(book.numbers.items()):
        if name in ROUNDED and book.over.get(code, code) in codes:
            book.numbers[name, code] = ROUNDED[name](number * ratio)
    for code in codes:
        book.day[3][code] *= ratio
        # The class is rounded once; what its members hold is the rest.
        own = book.get("treasury", code) + book.get("pending", code)
        by_register = getattr(event, "issued", None)
        book.numbers["held", code] = (floor(issued[code] * ratio) if by_register is None else by_register) - own
    for code in book.floors:
        if book.over[code] in codes:
            book.floors[code] /= ratio
    _mandates_scaled(book)
    _reserves_follow(book, codes, agreed)
    for code in codes:
        book.waiting[code] = _waiting_scaled(book.waiting[code], ratio)
        if code in book.pars and code not in book.abolished:
            book.pars[code] /= ratio


def _mandates_scaled(book: ByHand) -> None:
    """Mandates keep their percentage of the shares of the classes they count; what was used of them rounds up."""
    _, issued, before, ratios = book.day
    for code, (base, used) in before.items():
        counted = {each: ratios[each] for each in book.counted[code]}
        there = sum(issued[each] for each in counted)
        # Where no share is there any longer, the one class that is counted has its ratio all the same.
        factor = (
            sum(issued[each] * ratio for each, ratio in counted.items()) / Fraction(there) if there else max(counted.values())
        )
        book.mandates[code] = book.mandates[code][0], base * factor
        book.numbers["used", code] = ceil(used * factor)


def _reserves_follow(book: ByHand, codes: list[str], agreed: dict[str, int]) -> None:
    """Agreements reserve of their mandates by as many shares more or less as they scale to."""
    for code, mandate in book.agreed_under.items():
        if mandate and book.over[code] in codes:
            book.add(mandate, reserved=book.get("agreed", code) - agreed[code])


def _waiting_scaled(waiting: list[tuple[date, int, bool]], ratio: Fraction) -> list[tuple[date, int, bool]]:
    """A fraction of one purchase is made up by the next, so that all of them together lose less than one share."""
    scaled, before, after = [], 0, 0
    for day, shares, redeemed in waiting:
        before += shares
        scaled += [(day, floor(before * ratio) - after, redeemed)]
        after = floor(before * ratio)
    return [lot for lot in scaled if lot[1]]


def _authorised(sign: int) -> Callable[[ByHand, Any], None]:
    return lambda book, event: book.add(event.share_class, authorised=sign * event.shares)


def _changes(signs: Mapping[str, str]) -> Callable[[ByHand, Any], None]:
    """What the file of an event says that each of its shares changes."""
    return lambda book, event: book.add(event.share_class, **{name: int(sign) * event.shares for name, sign in signs.items()})


BY_HAND: dict[type[Event], Callable[[ByHand, Any], None]] = {
    events.ShareClassCreated: _class_created,
    events.CapitalReduced: _capital_reduced,
    events.BalanceBroughtForward: _brought_forward,
    events.AuthorisedCapitalIncreased: _authorised(+1),
    events.AuthorisedCapitalReduced: _authorised(-1),
    **{kind: _issue for kind in events.EVENT_TYPES if issubclass(kind, events.IssueOfShares)},
    events.SharesRepurchased: _bought,
    events.RepurchasedSharesCancelled: _cancelled,
    events.SharesRedeemed: _redeemed,
    events.RedeemedSharesCancelled: _cancelled,
    events.TreasurySharesSold: _sold,
    events.ClassAConvertedToB: _converted,
    events.SharesSubdivided: _reorganised,
    events.SharesConsolidated: _reorganised,
    events.SchemeAdopted: _scheme_adopted,
    events.SchemeBalanceBroughtForward: _scheme_brought_forward,
    events.OptionsGranted: _granted,
    events.OptionsExercised: _exercised,
    events.OptionsLapsed: _lapsed,
    events.OptionsCancelled: _ended,
    events.AwardsGranted: _granted,
    events.AwardsVested: _exercised,
    events.AwardsLapsed: _lapsed,
    events.AwardsCancelled: _ended,
    events.SchemeSharesMoved: lambda book, event: book.add(event.scheme, outstanding=event.shares),
    events.SchemeLimitRefreshed: _limit_refreshed,
    events.OptionTermsAdjusted: lambda book, event: book.numbers.update({("outstanding", event.scheme): event.outstanding}),
    events.FullCirculationCompleted: _converted,
    events.InstrumentTermsAdjusted: _instrument_adjusted,
    events.SchemeExpired: lambda book, event: book.expired.add(event.scheme),
    events.ShareClassAbolished: lambda book, event: book.abolished.add(event.share_class),
    events.WarrantsIssued: _instrument_issued,
    events.ConvertiblesIssued: _instrument_issued,
    events.WarrantsExercised: _instrument_exercised,
    events.WarrantsLapsed: _instrument_ended,
    events.ConvertiblesConverted: _instrument_exercised,
    events.ConvertiblesRedeemed: _instrument_ended,
    events.IssueAgreed: _agreed,
    events.IssueAgreementEnded: _agreement_ended,
    events.MandateGranted: _mandate_granted,
    **{kind: _changes(step.get("changes", {})) for kind, step in STEPS_OF_FILES.items()},
}

_FIRST_OF_ITS_DAY = (events.SharesSubdivided, events.SharesConsolidated)


def book_by_hand(history: Iterable[Event], as_of: date = date.max) -> ByHand:
    """Everything that happened until close of a day, written up. A reorganisation comes before the day's dealings."""
    happened = [event for event in history if event.effective_on <= as_of]
    book = ByHand()
    for event in sorted(happened, key=lambda event: (event.effective_on, not isinstance(event, _FIRST_OF_ITS_DAY))):
        write_up(book, event)
    return book


def write_up(book: ByHand, event: Event) -> None:
    BY_HAND.get(type(event), lambda *_: None)(book, event)


def sums_by_hand(history: Iterable[Event], as_of: date = date.max) -> dict[Sum, int]:
    """The printed sums at close of a day; what is zero is left out."""
    return book_by_hand(history, as_of).printed()


_PRINTED = {
    ("scheme", "outstanding"): "outstanding",
    ("scheme", "available"): "grantable",
    ("mandate", "headroom"): "left",
    ("mandate", "used"): "used",
    ("mandate", "reserved"): "reserved",
    ("instrument", "outstanding"): "amount",
    ("issuable", "outstanding"): "rights",
    ("agreement", "outstanding"): "agreed",
}


def sums_of(position: Position) -> dict[Sum, int]:
    """The printed sums of a position; what is zero is left out."""
    sums: dict[Sum, int] = {}
    for balance in position.balances():
        code = balance.share_class
        sums |= {("issued", code): balance.issued_excluding_treasury, ("treasury", code): balance.treasury}
        sums["pending", code] = balance.pending_cancellation
        if balance.authorised is not None:
            sums["authorised", code] = balance.authorised
        assert balance.total_issued == balance.issued_excluding_treasury + balance.treasury
    for (book, code, name), number in position.totals.items():
        limited = book != "scheme" or position.terms.schemes[code].limit is not None
        if (book, name) in _PRINTED and (limited or name != "available"):
            sums[_PRINTED[book, name], code] = number
    return {name: number for name, number in sums.items() if number}
