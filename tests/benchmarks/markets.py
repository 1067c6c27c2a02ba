"""Markets made up for measuring: issuers with years of facts such as real ones record, the same for the same seed.

Some issuers do little; some have options exercised every week; a few buy back on most trading days. Placings, scrip
dividends, treasury sales, cancellations and subdivisions are mixed in, each month ends with its filing, and 1.5 % of
the ordinary facts are recorded one to three months late. No rule is broken: nothing is issued within 30 days of a purchase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import attrs

from domain import events
from domain.capital.entries import Draft
from domain.events import Event
from domain.events.structured import Trade
from domain.law.parameters import TREASURY_REGIME
from domain.values import Money

LAST_YEAR = 2024
"""Histories end with this year; the Monthly Return for its December is the one not yet filed."""

LATE = 0.015
CORRECTED = 0.1
SHARE, SCHEME = "ordinary", "2014 scheme"


@attrs.frozen
class Profile:
    """How busy an issuer is: days a month with exercises, months a year and days in them with purchases."""

    of_a_hundred: int
    exercises: int
    buying_months: int
    purchases: int


PROFILES = (Profile(60, 2, 0, 0), Profile(25, 4, 2, 3), Profile(11, 4, 6, 18), Profile(4, 15, 12, 20))


def codes(issuers: int) -> list[str]:
    """The codes of a market's issuers: 00001 and on."""
    return [f"{number:05d}" for number in range(1, issuers + 1)]


def history(code: str, years: int, seed: int = 1) -> list[list[Draft]]:
    """What an issuer records, a list for each year, to be recorded year by year in an empty book."""
    made = _Company(code, Random(f"{seed} {code}"), LAST_YEAR - years + 1)
    return [list(made.year(year)) for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1)]


@cache
def _hkd(cents: int) -> Money:
    return Money.parse(f"HKD {cents // 100}.{cents % 100:02d}")


Act = Callable[[date], Event | None]


def _barred(since: date, on: date) -> bool:
    """Whether a day is within 30 days of a purchase or of a sale of treasury shares (rule 10.06(3), (6))."""
    return (on - since).days <= 30


class _Company:
    """An issuer in the making: what its book holds so far, in effect, and what is recorded next."""

    def __init__(self, code: str, random: Random, first_year: int) -> None:
        self.code, self.random, self.first_year = code, random, first_year
        self.profile = random.choices(PROFILES, [each.of_a_hundred for each in PROFILES])[0]
        self.held, self.price = random.randrange(200, 4_000) * 1_000_000, random.randrange(50, 9_000)
        self.treasury = self.pending = self.options = self.numbered = 0
        self.begun = False
        self.bought_on = self.sold_on = date.min
        self.scale = 1
        self.late: list[tuple[int, int, Event]] = []
        # One in two hundred was listed this December: its book cannot open the month.
        self.new = random.random() < 1 / 200

    def year(self, year: int) -> Iterator[Draft]:
        """The drafts recorded in a year."""
        for event in [] if self.new and year < LAST_YEAR else list(self._facts(year)):
            yield self._draft(event)
            if isinstance(event, events.PlacingCompleted) and self.random.random() < CORRECTED:
                yield self._draft(attrs.evolve(event, price=_hkd(self.price + 1)), replaces=self.numbered)

    def _draft(self, event: Event, replaces: int | None = None) -> Draft:
        self.numbered += 1
        return Draft(
            event=event, recorded_by="secretary", command_id=f"{self.code} {self.numbered}", source="registrar", replaces=replaces
        )

    def _facts(self, year: int) -> Iterator[Event]:
        if year == (LAST_YEAR if self.new else self.first_year):
            yield from self._founding(date(year, 12, 1) if self.new else date(year, 1, 1))
        for month in (12,) if self.new else range(1, 13):
            if month == 6:
                yield from self._meeting(date(year, 6, 1))
            yield from self._month(year, month)

    # --- set-up and meetings ----------------------------------------------------------------------------------------

    def _founding(self, on: date) -> Iterator[Event]:
        self.options = self.held // 40
        name = f"Issuer {self.code} Holdings Limited"
        yield events.IssuerRegistered(effective_on=on, issuer=self.code, name=name, chinese_name="測試集團有限公司")
        yield events.SignatoryAppointed(effective_on=on, name="Chan Tai Man", title="Company Secretary")
        yield events.ShareClassCreated(
            effective_on=on, share_class=SHARE, class_label="Ordinary shares", listed=True, stock_code=self.code,
            par_value=Money.parse("HKD 0.1"),
        )  # fmt: skip
        yield events.AuthorisedCapitalIncreased(effective_on=on, share_class=SHARE, shares=self.held * 50)
        yield events.BalanceBroughtForward(effective_on=on, share_class=SHARE, held=self.held)
        yield events.SchemeAdopted(
            effective_on=on, scheme=SCHEME, share_class=SHARE, limit=self.held // 10, general_meeting_on=on,
            particulars=f"Share option scheme adopted on {on:%d/%m/%Y}",
        )  # fmt: skip
        yield events.OptionsGranted(effective_on=on, scheme=SCHEME, options=self.options)
        yield from self._meeting(on)

    def _meeting(self, on: date) -> Iterator[Event]:
        self.issue, self.repurchase = f"issue-{on:%Y-%m}", f"repurchase-{on:%Y-%m}"
        for mandate, purpose, percent in ((self.issue, "issue", 20), (self.repurchase, "repurchase", 10)):
            # The book begins on the day of its first meeting, under whose mandates nothing was done yet.
            opening = {} if self.begun else {"used_before": 0, "counted_on": on}
            reserved = {"reserved_before": 0} if opening and purpose == "issue" else {}
            yield events.MandateGranted(
                effective_on=on, mandate=mandate, purpose=purpose, percent=Decimal(percent), base=self.held, annual=True,
                **opening, **reserved,
            )  # fmt: skip
        self.begun = True

    # --- a month ----------------------------------------------------------------------------------------------------

    def _month(self, year: int, month: int) -> Iterator[Event]:
        now, end = year * 12 + month, date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        due = [waiting for waiting in self.late if waiting[0] <= now]
        self.late = [waiting for waiting in self.late if waiting[0] > now]
        yield from (self._settled(event, scale) for _, scale, event in due)
        for day, act in self._planned(year, month):
            event = act(day)
            if event is not None and act in (self._exercise, self._purchase) and self.random.random() < LATE:
                self.late.append((now + self.random.randint(1, 3), self.scale, event))
            elif event is not None:
                yield self._settled(event, self.scale)
        if self.pending:
            yield self._cancellation(end)
        if (year, month) != (LAST_YEAR, 12):
            yield events.ReturnFiled(effective_on=end, kind="monthly", submitted_on=end + timedelta(days=4), form="FF301 1.1.1")

    def _planned(self, year: int, month: int) -> list[tuple[date, Act]]:
        buying = self.random.random() * 12 < self.profile.buying_months
        acts: list[Act] = [self._exercise] * self.profile.exercises
        acts += [self._purchase] * (self.profile.purchases if buying else 0)
        rare = ((30, self._placing), (18, self._scrip), (12, self._sale), (24, self._lapse))
        acts += [act for months, act in rare if self.random.random() * months < 1]
        # Meetings are held on the first of a month: nothing else happens that day, so that their base is not in doubt.
        days = sorted(self.random.randint(2, 27) for _ in acts)
        self.random.shuffle(acts)
        planned = [(date(year, month, day), act) for day, act in zip(days, acts, strict=True)]
        # On a day of its own: it takes effect before the dealings of its day, whenever they are recorded.
        return [*planned, (date(year, month, 28), self._subdivision)] if self.random.random() * 600 < 1 else planned

    def _size(self, part: int) -> int:
        """Some shares in round lots: one in so many of the issue at most."""
        return 1_000 * max(1, self.random.randint(1, self.held // part) // 1_000)

    def _moved(self, on: date, shares: int) -> dict[str, Any]:
        self.price = max(10, self.price + self.random.randint(-20, 20))
        return {"effective_on": on, "share_class": SHARE, "shares": shares, "price": _hkd(self.price)}

    # --- facts ------------------------------------------------------------------------------------------------------

    def _settled(self, event: Event, scale: int) -> Event:
        """A fact as it is recorded: only now is what it bought there to be sold or cancelled."""
        if isinstance(event, events.SharesRepurchased):
            shares = event.shares * self.scale // scale
            if event.intention == "treasury":
                self.treasury += shares
                self.held -= shares
            else:
                self.pending += shares
        return event

    def _exercise(self, on: date) -> Event | None:
        number = min(self.options, self._size(100_000))
        self.options -= number
        self.held += number
        return events.OptionsExercised(effective_on=on, scheme=SCHEME, options=number, price=_hkd(250)) if number else None

    def _lapse(self, on: date) -> Event | None:
        number = min(self.options, self._size(50_000))
        self.options -= number
        return events.OptionsLapsed(effective_on=on, scheme=SCHEME, options=number) if number else None

    def _purchase(self, on: date) -> Event | None:
        if _barred(self.sold_on, on):
            return None
        self.bought_on = on
        given = self._moved(on, self._size(20_000))
        lowest, highest = _hkd(self.price), _hkd(self.price + 12)
        trade = Trade("On the Exchange", given["shares"], lowest.times(given["shares"]), highest=highest, lowest=lowest)
        intention = "treasury" if on >= TREASURY_REGIME and self.random.random() < 3 / 10 else "cancellation"
        return events.SharesRepurchased(**{**given, "price": None}, trades=(trade,), mandate=self.repurchase, intention=intention)

    def _cancellation(self, on: date) -> Event:
        shares, self.pending = self.pending, 0
        self.held -= shares
        return events.RepurchasedSharesCancelled(effective_on=on, share_class=SHARE, shares=shares, mandate=self.repurchase)

    def _sale(self, on: date) -> Event | None:
        if not self.treasury or _barred(self.bought_on, on):
            return None
        shares, self.treasury, self.sold_on = self.treasury, 0, on
        self.held += shares
        return events.TreasurySharesSold(**self._moved(on, shares), mandate=self.issue)

    def _placing(self, on: date) -> Event | None:
        if _barred(self.bought_on, on):
            return None
        shares = self._size(200)
        self.held += shares
        return events.PlacingCompleted(
            **self._moved(on, shares), mandate=self.issue, text="Placing of new shares under general mandate"
        )

    def _scrip(self, on: date) -> Event | None:
        if _barred(self.bought_on, on):
            return None
        shares = self._size(500)
        self.held += shares
        return events.ScripDividendIssued(**self._moved(on, shares), general_meeting_on=on)

    def _subdivision(self, on: date) -> Event:
        into = self.random.choice((2, 4, 5))
        self.held, self.treasury, self.pending, self.options = (
            n * into for n in (self.held, self.treasury, self.pending, self.options)
        )
        self.scale, self.price = self.scale * into, max(10, self.price // into)
        return events.SharesSubdivided(effective_on=on, into=into)
