"""Drawings of balances over time: where each line, area and mark of an SVG stands, in whole pixels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter

import attrs

from application.series import Level, Series
from cli.web.desk import MONTHS
from domain.capital.accounts import ClassBalance
from domain.values import months_after, plain

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 220, 12, 34, 62, 12
STRIP = 36
WIDE, NARROW = 960, 400


_Of = Callable[[ClassBalance], int]
_Height = Callable[[date], int]


@attrs.frozen
class Mark:
    """A mark on the timeline: where, what it says, and the address it leads to."""

    x: int
    y: int
    says: str
    href: str


@attrs.frozen
class Tick:
    """A place on an axis and its label."""

    at: int
    label: str


@attrs.frozen
class Noted:
    """Something of a day to be marked: what it says and where it leads, worked out only for the marks that are drawn."""

    on: date
    says: Callable[[], str]
    href: Callable[[], str]


@attrs.frozen(kw_only=True)
class Timeline:
    """A drawing of one class. Paths are SVG path data; `ghost` is the issued shares as known now, empty if they are the same.

    `starts_at` is the number of shares at the foot of the axis. `strip` draws the whole book, and `window` is the part of it
    that the timeline shows: left edge and width.
    """

    width: int
    height: int
    issued: str
    pending: str
    treasury: str
    ghost: str
    across: tuple[Tick, ...]
    upwards: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    filings: tuple[Mark, ...]
    starts_at: int
    strip: str
    window: tuple[int, int]


@attrs.frozen
class _Scale:
    """From days and numbers of shares to pixels."""

    since: date
    until: date
    low: int
    high: int
    left: int
    right: int
    top: int
    bottom: int

    def x(self, day: date) -> int:
        days = max((self.until - self.since).days, 1)
        place = min(max((day - self.since).days, 0), days)
        return self.left + (self.right - self.left) * place // days

    def y(self, shares: int) -> int:
        span = max(self.high - self.low, 1)
        return self.bottom - (self.bottom - self.top) * (shares - self.low) // span


def window(as_of: date, months: int = MONTHS) -> tuple[date, date]:
    """The days that a timeline shows: so many months until the day of the viewpoint."""
    return months_after(as_of, -months), as_of


def timeline(
    series: Series, now: Series | None, shown: tuple[date, date], width: int, changes: Iterable[Noted], filed: Iterable[Noted]
) -> Timeline:
    """Draw a class over some days. `now` is the series as known now, if that is another viewpoint."""
    levels, later = series.between(*shown), now.between(*shown) if now else ()
    low, step, high = _axis([each.balance for each in (*levels, *later)])
    scale = _Scale(*shown, low, high, LEFT, width - RIGHT, TOP, HEIGHT - BOTTOM)
    drawn = [_Point(scale.x(each.on), each.balance) for each in levels]
    ghost = [_Point(scale.x(each.on), each.balance) for each in later]
    line, ghostly = _steps(drawn, scale, _issued), _steps(ghost, scale, _issued)
    strip, inside = _strip(series, shown, width)
    return Timeline(
        width=width,
        height=HEIGHT,
        issued=line,
        pending=_area(drawn, scale, _held, _issued),
        treasury=_area(drawn, scale, _issued, _total),
        ghost="" if ghostly == line else ghostly,
        across=tuple(_months(scale)),
        upwards=tuple(Tick(scale.y(shares), short(shares)) for shares in range(low, high + 1, step)),
        marks=tuple(_marks(changes, scale, lambda day: scale.y(_issued(series.at(day))))),
        filings=tuple(_marks(filed, scale, lambda _: HEIGHT - BOTTOM)),
        starts_at=low,
        strip=strip,
        window=inside,
    )


def _held(balance: ClassBalance) -> int:
    return balance.issued_excluding_treasury - balance.pending_cancellation


def _issued(balance: ClassBalance | None) -> int:
    return balance.issued_excluding_treasury if balance else 0


def _total(balance: ClassBalance) -> int:
    return balance.total_issued


# --- axes ---------------------------------------------------------------------------------------------------------


def _axis(shown: Sequence[ClassBalance]) -> tuple[int, int, int]:
    """Foot, step and top of the axis: round numbers around what is shown, from zero unless changes would be too small to see."""
    most, least = max(map(_total, shown), default=1), min(map(_held, shown), default=0)
    foot = 0 if 2 * least < most else least
    step = _round_up(max(most - foot, most // 50, 4) // 4)
    low = foot // step * step
    return low, step, max(-(-most // step) * step, low + step)


def _round_up(number: int) -> int:
    """1, 2 or 5 times a power of ten, at least as large."""
    power = int("1" + "0" * (len(str(number)) - 1))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= number)


UNITS = ((9, "bn"), (6, "m"), (3, "k"))


def short(shares: int) -> str:
    """A number of shares for an axis: 36.5 bn."""
    for power, unit in UNITS:
        if shares >= 10**power:
            return f"{plain(Decimal(shares).scaleb(-power))} {unit}"
    return str(shares)


def _months(scale: _Scale) -> Iterable[Tick]:
    room = (scale.right - scale.left) // 90
    first = months_after(scale.since.replace(day=1), 1)
    every = next(each for each in (1, 3, 6, 12, 24, 60, 120, 1200) if (scale.until - scale.since).days // (30 * each) <= room)
    days = (months_after(first, count) for count in range(12 * (scale.until.year - scale.since.year + 1)))
    return [Tick(scale.x(day), f"{day:%b %Y}") for day in days if day <= scale.until and (day.month - 1) % min(every, 12) == 0]


# --- lines and areas ----------------------------------------------------------------------------------------------


@attrs.frozen
class _Point:
    x: int
    balance: ClassBalance


def _steps(points: Sequence[_Point], scale: _Scale, of: _Of) -> str:
    corners = _thinned([(point.x, scale.y(of(point.balance))) for point in points])
    if not corners:
        return ""
    first, *rest = corners
    return f"M{first[0]} {first[1]}" + "".join(f"H{x}V{y}" for x, y in rest) + f"H{scale.right}"


def _area(points: Sequence[_Point], scale: _Scale, below: _Of, above: _Of) -> str:
    """What lies between two stepped lines; empty if they are the same everywhere."""
    if all(below(point.balance) == above(point.balance) for point in points):
        return ""
    upper = _thinned([(point.x, scale.y(above(point.balance))) for point in points])
    lower = _thinned([(point.x, scale.y(below(point.balance))) for point in points])
    forth = f"M{upper[0][0]} {upper[0][1]}" + "".join(f"H{x}V{y}" for x, y in upper[1:]) + f"H{scale.right}"
    back = "".join(f"V{y}H{x}" for x, y in reversed(lower))
    return f"{forth}{back}Z"


def _thinned(corners: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The corners of a stepped line without those that would not be seen: of one pixel column, the highest, lowest and last."""
    columns: dict[int, list[int]] = {}
    for x, y in corners:
        columns.setdefault(x, []).append(y)
    kept = [(x, y) for x, ys in columns.items() for y in dict.fromkeys((min(ys), max(ys), ys[-1]))]
    return [each for before, each in pairwise([(-1, -1), *kept]) if before != each]


def _strip(series: Series, shown: tuple[date, date], width: int) -> tuple[str, tuple[int, int]]:
    """The whole book in small, and where the timeline lies in it."""
    levels = series.levels
    last = max(levels[-1].on, shown[1])
    low, _, high = _axis([each.balance for each in levels])
    scale = _Scale(levels[0].on, last, low, high, LEFT, width - RIGHT, 3, STRIP - 3)
    points = [_Point(scale.x(each.on), each.balance) for each in _a_day_a_pixel(levels, scale)]
    left, right = scale.x(shown[0]), scale.x(shown[1])
    return _steps(points, scale, _issued), (left, max(right - left, 2))


def _a_day_a_pixel(levels: Sequence[Level], scale: _Scale) -> Iterable[Level]:
    """The level in force at the day of each pixel: a strip of a long book needs no more."""
    pixels = scale.right - scale.left
    if len(levels) <= pixels:
        return levels
    span = (scale.until - scale.since).days
    days = (scale.since + timedelta(days=span * pixel // pixels) for pixel in range(pixels + 1))
    places = sorted({bisect_right(levels, day, key=attrgetter("on")) for day in days} - {0})
    return [levels[place - 1] for place in places]


# --- marks --------------------------------------------------------------------------------------------------------

APART = 9
"""Marks closer than so many pixels are joined."""
NAMED = 3
"""How many things a joined mark names before it only counts."""


def _marks(noted: Iterable[Noted], scale: _Scale, height: _Height) -> Iterable[Mark]:
    """Marks for what happened on the days shown, those of neighbouring days joined where there is no room for each."""
    joined: list[list[Noted]] = []
    for each in sorted((each for each in noted if scale.since <= each.on <= scale.until), key=attrgetter("on")):
        if joined and scale.x(each.on) - scale.x(joined[-1][0].on) < APART:
            joined[-1].append(each)
        else:
            joined.append([each])
    return [_mark(together, scale, height) for together in joined]


def _mark(together: Sequence[Noted], scale: _Scale, height: _Height) -> Mark:
    first, last = together[0], together[-1]
    named = "; ".join(each.says() for each in together[:NAMED])
    more = f"; and {len(together) - NAMED:,} more until {last.on:%-d %B %Y}" if len(together) > NAMED else ""
    return Mark(scale.x(last.on), height(last.on), named + more, first.href())


# --- gauges -------------------------------------------------------------------------------------------------------

GAUGE = 300
"""The width of a gauge, in pixels."""


@attrs.frozen
class Gauge:
    """The bars of a mandate: what is used, then what is reserved; `known` is false if the limit or a number is not known."""

    used: int = 0
    reserved: int = 0
    known: bool = False


def gauge(limit: int | None, used: int | None, reserved: int | None) -> Gauge:
    """Draw a mandate's use of its limit; what goes beyond the limit fills the gauge."""
    if limit is None or used is None or reserved is None:
        return Gauge()
    whole = max(limit, 1)
    filled = min(GAUGE * used // whole, GAUGE)
    # What was used at all is seen, however little.
    drawn = max(filled, 2) if used else 0
    return Gauge(drawn, min(GAUGE * reserved // whole, GAUGE - drawn), known=True)
