"""Random legal histories, and what each of their facts changes, by hand: plain arithmetic on what the forms print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from domain import events
from domain.balances import Position
from domain.events import Event
from domain.history import Entry
from domain.securities import Money
from tests.domain.book_of import entry

OPENED = date(2023, 12, 20)
PRICE = Money.parse("HKD 0.9")
WITHOUT_LIMIT = 10**9

# --- by hand ----------------------------------------------------------------------------------------------------

Sum = tuple[str, str]
"""A printed sum: its name and the code of its class, scheme or mandate."""


def _class(code: str, **sums: int) -> dict[Sum, int]:
    return {(name, code): number for name, number in sums.items()}


def _issue(event: events.IssueOfShares, _: Any) -> dict[Sum, int]:
    taken = event.shares if event.treasury_shares else 0
    return _class(event.share_class, issued=event.shares, treasury=-taken) | _mandate(event)


def _mandate(event: Any) -> dict[Sum, int]:
    return {("left", event.mandate): -event.shares} if event.mandate else {}


def _bought(event: events.SharesRepurchased, _: Any) -> dict[Sum, int]:
    if event.intention == "treasury":
        return _class(event.share_class, issued=-event.shares, treasury=event.shares) | _mandate(event)
    return _class(event.share_class, pending=event.shares) | _mandate(event)


def _redeemed(event: events.SharesRedeemed, _: Any) -> dict[Sum, int]:
    return _class(event.share_class, **({"issued": -event.shares} if event.cancelled else {"pending": event.shares}))


def _exercised(event: events.OptionsExercised, schemes: dict[str, tuple[str, bool]]) -> dict[Sum, int]:
    code, existing = schemes[event.scheme]
    taken = event.options if event.treasury_shares else 0
    issued = {} if existing else _class(code, issued=event.options, treasury=-taken)
    return issued | {("outstanding", event.scheme): -event.options}


BY_HAND: dict[type[Event], Callable[[Any, Any], dict[Sum, int]]] = {
    events.BalanceBroughtForward: lambda e, _: _class(
        e.share_class, issued=e.held + e.pending_cancellation, treasury=e.treasury, pending=e.pending_cancellation
    ),
    events.AuthorisedCapitalIncreased: lambda e, _: _class(e.share_class, authorised=e.shares),
    events.AuthorisedCapitalReduced: lambda e, _: _class(e.share_class, authorised=-e.shares),
    **{kind: _issue for kind in events.EVENT_TYPES if issubclass(kind, events.IssueOfShares)},
    events.SharesRepurchased: _bought,
    events.RepurchasedSharesCancelled: lambda e, _: _class(e.share_class, issued=-e.shares, pending=-e.shares),
    events.SharesRedeemed: _redeemed,
    events.TreasurySharesSold: lambda e, _: _class(e.share_class, issued=e.shares, treasury=-e.shares) | _mandate(e),
    events.TreasurySharesCancelled: lambda e, _: _class(e.share_class, treasury=-e.shares),
    events.ClassAConvertedToB: lambda e, _: _class(e.from_class, issued=-e.shares) | _class(e.to_class, issued=e.shares),
    events.SchemeAdopted: lambda e, _: {("grantable", e.scheme): e.limit or 0},
    events.OptionsGranted: lambda e, _: {("outstanding", e.scheme): e.options, ("grantable", e.scheme): -e.options},
    events.OptionsExercised: _exercised,
    events.OptionsLapsed: lambda e, _: {("outstanding", e.scheme): -e.options, ("grantable", e.scheme): e.options},
    events.OptionsCancelled: lambda e, _: {("outstanding", e.scheme): -e.options},
    events.SchemeSharesMoved: lambda e, _: {("outstanding", e.scheme): e.shares},
    events.MandateGranted: lambda e, _: {("left", e.mandate): int(e.percent * e.base // 100)},
}


def sums_by_hand(history: Iterable[Event], as_of: date = date.max) -> dict[Sum, int]:
    """The printed sums at close of a day; what is zero is left out."""
    happened = [event for event in history if event.effective_on <= as_of]
    schemes = {
        event.scheme: (event.share_class, event.existing_shares) for event in happened if isinstance(event, events.SchemeAdopted)
    }
    sums: dict[Sum, int] = defaultdict(int)
    for event in happened:
        for name, number in BY_HAND.get(type(event), lambda *_: {})(event, schemes).items():
            sums[name] += number
    return {name: number for name, number in sums.items() if number}


def sums_of(position: Position) -> dict[Sum, int]:
    """The printed sums of a position; what is zero is left out."""
    sums: dict[Sum, int] = {}
    for balance in position.balances():
        sums |= _class(balance.share_class, issued=balance.issued_excluding_treasury, treasury=balance.treasury)
        sums |= _class(balance.share_class, pending=balance.pending_cancellation)
        if balance.authorised is not None:
            sums["authorised", balance.share_class] = balance.authorised
        assert balance.total_issued == balance.issued_excluding_treasury + balance.treasury
    printed = {"outstanding": "outstanding", "available": "grantable", "headroom": "left"}
    sums |= {(printed[name], code): number for (_, code, name), number in position.totals.items() if name in printed}
    return {name: number for name, number in sums.items() if number}


# --- histories --------------------------------------------------------------------------------------------------


def standing() -> list[Event]:
    """What every history starts from: three classes, three schemes, two mandates, on one day."""
    on = {"effective_on": OPENED}

    def share_class(code: str, authorised: bool) -> Event:
        par = Money.parse("USD 0.000000025") if authorised else None
        return events.ShareClassCreated(
            **on, share_class=code, class_label="Shares", type_label=code, par_value=par, authorised=authorised
        )

    def scheme(code: str, share: str, **terms: Any) -> Event:
        return events.SchemeAdopted(**on, scheme=code, share_class=share, particulars=code, **terms)

    def mandate(code: str, purpose: str) -> Event:
        return events.MandateGranted(**on, mandate=code, purpose=purpose, percent=events.Decimal(20), base=11_003)

    return [
        events.IssuerRegistered(**on, issuer="00001", name="Example Limited"),
        share_class("B", authorised=True),
        share_class("A", authorised=True),
        share_class("H", authorised=False),
        events.AuthorisedCapitalIncreased(**on, share_class="B", shares=100_000),
        events.AuthorisedCapitalIncreased(**on, share_class="A", shares=9_000),
        events.BalanceBroughtForward(**on, share_class="B", held=7_000, treasury=500, pending_cancellation=300),
        events.BalanceBroughtForward(**on, share_class="A", held=4_000),
        events.BalanceBroughtForward(**on, share_class="H", held=2_000, treasury=20),
        scheme("options", "B", limit=1_000),
        scheme("unlimited", "H"),
        scheme("nominee", "B", existing_shares=True),
        mandate("issue", "issue"),
        mandate("repurchase", "repurchase"),
        events.OptionsGranted(**on, scheme="options", options=400),
        events.OptionsGranted(**on, scheme="unlimited", options=300),
        events.SchemeSharesMoved(**on, scheme="nominee", shares=2_500, word="Brought forward"),
    ]


@attrs.frozen
class Kind:
    """A kind of step: what it may take at most, from the sums so far, and the event it makes of a number."""

    at_most: Callable[[dict[Sum, int], str], int]
    make: Callable[[date, str, int], Event]


def _unissued(sums: dict[Sum, int], code: str) -> int:
    if code == "H":
        return WITHOUT_LIMIT
    return sums.get(("authorised", code), 0) - sums.get(("issued", code), 0) - sums.get(("treasury", code), 0)


def _held(sums: dict[Sum, int], code: str) -> int:
    return sums.get(("issued", code), 0) - sums.get(("pending", code), 0)


def _sum(name: str) -> Callable[[dict[Sum, int], str], int]:
    return lambda sums, code: sums.get((name, code), 0)


def _outstanding(scheme: str) -> Callable[[dict[Sum, int], str], int]:
    return lambda sums, _: sums.get(("outstanding", scheme), 0)


def _shares(kind: type[Event], at_most: Callable[[dict[Sum, int], str], int], **fields: Any) -> Kind:
    return Kind(at_most, lambda day, code, number: kind(effective_on=day, share_class=code, shares=number, **fields))


def _options(kind: type[Event], at_most: Callable[[dict[Sum, int], str], int], scheme: str, **fields: Any) -> Kind:
    return Kind(at_most, lambda day, _, number: kind(effective_on=day, scheme=scheme, options=number, **fields))


def _nominee(sign: int, at_most: Callable[[dict[Sum, int], str], int]) -> Kind:
    word = "Sold" if sign < 0 else "Transferred in"
    return Kind(
        at_most,
        lambda day, _, number: events.SchemeSharesMoved(effective_on=day, scheme="nominee", shares=sign * number, word=word),
    )


def _both(first: str, second: str) -> Callable[[dict[Sum, int], str], int]:
    return lambda sums, _: min(_outstanding(first)(sums, ""), sums.get(("treasury", second), 0))


def _convertible(sums: dict[Sum, int], _: str) -> int:
    return min(_held(sums, "A"), _unissued(sums, "B"))


def _filed(day: date, _: str, number: int) -> Event:
    month_end = day.replace(day=1) - timedelta(days=1)
    kind, on = ("monthly", month_end) if number % 2 else ("next-day", day)
    return events.ReturnFiled(effective_on=on, kind=kind, submitted_on=max(on, OPENED) + timedelta(days=1))


def _any(number: int) -> Callable[[dict[Sum, int], str], int]:
    return lambda *_: number


KINDS: list[Kind] = [
    _shares(events.ScripDividendIssued, _unissued, price=PRICE),
    _shares(events.RightsIssueCompleted, _unissued),
    _shares(events.PlacingCompleted, _sum("treasury"), treasury_shares=True, mandate="issue"),
    _shares(events.OtherSharesIssued, _unissued, mandate="issue"),
    _shares(events.AuthorisedCapitalIncreased, lambda _, code: 5_000 if code != "H" else 0),
    _shares(events.AuthorisedCapitalReduced, lambda sums, code: _unissued(sums, code) if code != "H" else 0),
    _shares(events.SharesRepurchased, _held, intention="cancellation", mandate="repurchase", price=PRICE),
    _shares(events.SharesRepurchased, _held, intention="cancellation"),
    _shares(events.SharesRepurchased, _held, intention="treasury"),
    _shares(events.RepurchasedSharesCancelled, _sum("pending")),
    _shares(events.RepurchasedSharesCancelled, _sum("pending")),
    _shares(events.SharesRedeemed, _held),
    _shares(events.SharesRedeemed, _held, cancelled=False),
    _shares(events.TreasurySharesSold, _sum("treasury"), mandate="issue"),
    _shares(events.TreasurySharesCancelled, _sum("treasury")),
    Kind(_convertible, lambda day, _, number: events.ClassAConvertedToB(effective_on=day, shares=number)),
    _options(events.OptionsGranted, _any(900), "options"),
    _options(events.OptionsGranted, _any(900), "unlimited"),
    _options(
        events.OptionsExercised, lambda s, _: min(_outstanding("options")(s, ""), _unissued(s, "B")), "options", price=PRICE
    ),
    _options(events.OptionsExercised, _both("unlimited", "H"), "unlimited", treasury_shares=True),
    _options(events.OptionsExercised, _outstanding("nominee"), "nominee"),
    _options(events.OptionsLapsed, _outstanding("options"), "options"),
    _options(events.OptionsCancelled, _outstanding("unlimited"), "unlimited"),
    _nominee(+1, _any(4_000)),
    _nominee(-1, _outstanding("nominee")),
    Kind(_any(9), _filed),
]

STEP = st.tuples(st.integers(0, 16), st.sampled_from(KINDS), st.sampled_from("BBAH"), st.integers(1, 1_000))
STEPS = st.integers(8, 30).flatmap(lambda count: st.lists(STEP, min_size=count, max_size=count))


def history_of(steps: Sequence[tuple[int, Kind, str, int]]) -> list[Event]:
    """The legal history that steps make: each takes a share, in thousandths, of what it may take at most."""
    history, day = standing(), OPENED + timedelta(days=1)
    for gap, kind, code, thousandths in steps:
        day += timedelta(days=gap)
        at_most = kind.at_most(sums_by_hand(history), code)
        if at_most > 0:
            history.append(kind.make(day, code, max(1, at_most * thousandths // 1_000)))
    return history


histories = STEPS.map(history_of)
"""Events of an issuer in an order in which each is possible, over up to sixteen months from December 2023."""


@st.composite
def recordings(draw: st.DrawFn) -> list[Event]:
    """A history in the order of recording: its set-up, then its days in any order, facts of one day kept in theirs."""
    history = draw(histories)
    count = len(standing())
    days = draw(st.permutations(sorted({event.effective_on for event in history[count:]})))
    return [*history[:count], *(event for day in days for event in history[count:] if event.effective_on == day)]


@st.composite
def books(draw: st.DrawFn) -> list[Entry]:
    """Entries of a history in any order of recording, some of them corrected or withdrawn later on."""
    recorded = [entry(number, event) for number, event in enumerate(draw(recordings()), 1)]
    standing_numbers = range(len(standing()) + 1, len(recorded) + 1)
    changed = draw(st.lists(st.sampled_from(standing_numbers), unique=True, max_size=6)) if standing_numbers else []
    for number in changed:
        recorded.append(entry(len(recorded) + 1, _changed(draw, recorded[number - 1].event), number))
        if draw(st.booleans()):
            recorded.append(entry(len(recorded) + 1, recorded[number - 1].event, len(recorded)))
    return recorded


def _changed(draw: st.DrawFn, event: Event) -> Event:
    """Another event in the place of one: on another day, of another number, or a withdrawal."""
    if isinstance(event, events.ReturnFiled) or draw(st.booleans()):
        return events.EntryWithdrawn(effective_on=event.effective_on, reason="recorded by mistake")
    moved = attrs.evolve(event, effective_on=event.effective_on + timedelta(days=draw(st.integers(0, 40))))
    number = "options" if hasattr(event, "options") else "shares"
    return attrs.evolve(moved, **{number: max(1, abs(getattr(event, number)) // 2)})
