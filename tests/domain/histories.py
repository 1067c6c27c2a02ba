"""Random legal histories over every event type, made step by step by somebody who keeps the book by hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby, product
from typing import Any, Literal

import attrs
from hypothesis import strategies as st

from domain import events
from domain.capital.balances import Impossible, replay
from domain.capital.entries import Entry, in_effect
from domain.capital.position import Position
from domain.events import Event
from domain.events.structured import PurchaseBroughtForward, Trade
from domain.events.votes import ClassVotes
from domain.values import Money
from tests.domain.book_of import entry, folded
from tests.domain.by_hand import ByHand, book_by_hand, write_up
from tests.events import STEPS_OF_FILES, step_fields
from tests.samples import made

OPENED = date(2023, 12, 20)
PRICE = Money.parse("HKD 0.9")
PAR = Money.parse("USD 0.000000025")
WITHOUT_LIMIT = 10**9
LARGEST = 10**9
SMALLEST_PAR = Decimal(1).scaleb(-16)

# --- what every history starts from -----------------------------------------------------------------------------


def standing() -> list[Event]:
    """Six classes, four schemes, three mandates, warrants, bonds, notes and an agreement, all on one day."""
    on = {"effective_on": OPENED}

    def share_class(code: str, authorised: bool) -> Event:
        par = PAR if authorised else None
        return events.ShareClassCreated(
            **on, share_class=code, class_label="Shares", type_label=code, par_value=par, authorised=authorised
        )

    def scheme(code: str, share: str, **terms: Any) -> Event:
        return events.SchemeAdopted(**on, scheme=code, share_class=share, particulars=code, **terms)

    def mandate(code: str, purpose: str, used_before: int, base: int = 11_003, classes: tuple[str, ...] = ()) -> Event:
        return events.MandateGranted(
            **on, mandate=code, purpose=purpose, percent=Decimal(20), base=base, used_before=used_before,
            reserved_before=0, counted_on=OPENED, classes=classes,
        )  # fmt: skip

    pending = (PurchaseBroughtForward(date(2023, 12, 4), 100, PRICE), PurchaseBroughtForward(date(2023, 12, 5), 200))
    return [
        events.IssuerRegistered(**on, issuer="00001", name="Example Limited"),
        share_class("B", authorised=True),
        share_class("A", authorised=True),
        share_class("H", authorised=False),
        events.AuthorisedCapitalIncreased(**on, share_class="B", shares=100_000),
        events.AuthorisedCapitalIncreased(**on, share_class="A", shares=9_000),
        events.BalanceBroughtForward(
            **on, share_class="B", issued_excluding_treasury=7_300, treasury=500, pending_cancellation=300, tranches=pending
        ),
        events.BalanceBroughtForward(**on, share_class="A", held=4_000),
        events.BalanceBroughtForward(**on, share_class="H", held=2_000, treasury=20),
        scheme("options", "B", limit=1_000),
        scheme("unlimited", "H"),
        scheme("nominee", "B", existing_shares=True),
        scheme("awards", "B", limit=2_000, awards=True),
        events.ShareClassCreated(**on, share_class="Z", class_label="Shares", type_label="Z", par_value=PAR),
        events.ShareClassCreated(
            **on, share_class="D", class_label="Shares", type_label="D", authorised="registered", par_value=PAR
        ),
        events.BalanceBroughtForward(**on, share_class="D", held=3_001),
        events.ShareClassCreated(
            **on, share_class="P", class_label="Preference shares", authorised="registered", par_value=PAR, votes_per_share=0
        ),
        events.BalanceBroughtForward(**on, share_class="P", held=1_999),
        mandate("issue", "issue", 41),
        mandate("repurchase", "repurchase", 0),
        mandate("over H", "repurchase", 7, 2_020, ("H",)),
        events.SchemeBalanceBroughtForward(**on, scheme="options", outstanding=400, granted_before=90),
        events.OptionsGranted(**on, scheme="unlimited", options=300),
        events.SchemeSharesMoved(**on, scheme="nominee", shares=2_500, word="Brought forward"),
        events.AwardsGranted(**on, scheme="awards", awards=700),
        _warrants(OPENED, "B", 600, "warrants-1"),
        _bonds(OPENED, "H", 800, "bonds-1"),
        _notes(OPENED, "B", 700, "notes-1"),
        _agreement(OPENED, "B", 900, "agreement-1", "issue"),
    ]


def _warrants(day: date, code: str, shares: int, name: str) -> Event:
    return events.WarrantsIssued(
        effective_on=day, instrument=name, share_class=code, description=name, shares=shares, price=PRICE, warrants=2 * shares
    )


def _bonds(day: date, code: str, shares: int, name: str, mandate: str | None = None) -> Event:
    return events.ConvertiblesIssued(
        effective_on=day, instrument=name, share_class=code, description=name, shares=shares, price=PRICE,
        amount=Money("HKD", Decimal(shares * 90).scaleb(-2)), mandate=mandate,
    )  # fmt: skip


def _notes(day: date, code: str, amount: int, name: str) -> Event:
    """Notes whose price floats, so that nobody can say how many shares may be issued on them."""
    return events.ConvertiblesIssued(
        effective_on=day, instrument=name, share_class=code, description=name, shares=0, price_terms="the close of the day",
        amount=Money("HKD", Decimal(amount).scaleb(-2)),
    )  # fmt: skip


def _floating(day: date, code: str, shares: int, name: str) -> Event:
    """Bonds whose price floats above a floor."""
    return events.ConvertiblesIssued(
        effective_on=day, instrument=name, share_class=code, description=name, shares=shares, price_terms="the close of the day",
        floor=PRICE, amount=Money("HKD", Decimal(shares * 90).scaleb(-2)),
    )  # fmt: skip


def _agreement(day: date, code: str, shares: int, name: str, mandate: str | None) -> Event:
    return events.IssueAgreed(
        effective_on=day, agreement=name, share_class=code, description=name, shares=shares, price=PRICE, mandate=mandate
    )


# --- what may happen next ---------------------------------------------------------------------------------------

Limit = Callable[[ByHand, str], int]


@attrs.frozen
class Kind:
    """A kind of step: what it may take at most, from the book so far, and the event it makes of a number, or several of a day.

    What is `alone` has its day to itself: a reorganisation, and terms that change, take effect before all else of their day.
    """

    at_most: Limit
    make: Callable[[ByHand, date, str, int], Event | list[Event]]
    alone: bool = False

    def made(self, book: ByHand, day: date, code: str, number: int) -> list[Event]:
        made = self.make(book, day, code, number)
        return made if isinstance(made, list) else [made]


def _has_authorised(book: ByHand, code: str) -> bool:
    """Whether a class has authorised capital that does not follow what is in issue."""
    return code in book.pars and code not in book.registered


def _unissued(book: ByHand, code: str) -> int:
    if not _has_authorised(book, code):
        return WITHOUT_LIMIT
    return book.get("authorised", code) - sum(book.get(name, code) for name in ("held", "pending", "treasury"))


def _sum(name: str, code: str | None = None) -> Limit:
    return lambda book, share_class: book.get(name, code or share_class)


def _any(number: int) -> Limit:
    return lambda *_: number


def _least(*limits: Limit) -> Limit:
    return lambda book, code: min(limit(book, code) for limit in limits)


def _of(limit: Limit, code: str) -> Limit:
    return lambda book, _: limit(book, code)


def _waiting(*, redeemed: bool) -> Limit:
    return lambda book, code: sum(shares for _, shares, kind in book.waiting[code] if kind == redeemed)


def _oldest(book: ByHand, code: str) -> int:
    """What is left of the purchases of the oldest day."""
    bought = [(day, shares) for day, shares, redeemed in book.waiting[code] if not redeemed]
    return sum(shares for day, shares in bought if day == bought[0][0]) if bought else 0


def _shares(kind: type[Event], at_most: Limit, **fields: Any) -> Kind:
    return Kind(at_most, lambda _, day, code, number: kind(effective_on=day, share_class=code, shares=number, **fields))


def _scheme(kind: type[Event], at_most: Limit, scheme: str, **fields: Any) -> Kind:
    unit = "awards" if issubclass(kind, events.AwardsMovement) else "options"
    return Kind(at_most, lambda _, day, __, number: kind(effective_on=day, scheme=scheme, **{unit: number}, **fields))


def _nominee(sign: int, at_most: Limit) -> Kind:
    word = "Sold" if sign < 0 else "Transferred in"
    return Kind(
        at_most,
        lambda _, day, __, number: events.SchemeSharesMoved(effective_on=day, scheme="nominee", shares=sign * number, word=word),
    )


def _trades(shares: int) -> tuple[Trade, ...]:
    """The trades of a day: one at one price, and where there are more shares the rest between two prices."""
    highest, lowest = Money.parse("HKD 1.0001"), Money.parse("HKD 0.9")
    one = Trade("Off-market", 1, PRICE, price=PRICE)
    if shares == 1:
        return (one,)
    paid = Money("HKD", Decimal((shares - 1) * 95).scaleb(-2))
    return Trade("On the Exchange", shares - 1, paid, highest=highest, lowest=lowest), one


def _traded(kind: type[Event], at_most: Limit, **fields: Any) -> Kind:
    return Kind(
        at_most,
        lambda _, day, code, number: kind(effective_on=day, share_class=code, shares=number, trades=_trades(number), **fields),
    )


def _cancelled_by_day(book: ByHand, day: date, code: str, number: int) -> Event:
    oldest = next(bought_on for bought_on, _, redeemed in book.waiting[code] if not redeemed)
    return events.RepurchasedSharesCancelled(effective_on=day, share_class=code, shares=number, bought_on=(oldest,))


_LESS_USUAL = (
    events.GlobalOfferingCompleted,
    events.OverAllotmentOptionExercised,
    events.ConsiderationSharesIssued,
    events.OpenOfferCompleted,
    events.BonusIssueCompleted,
)


def _less_usual(_: ByHand, day: date, code: str, number: int) -> Event:
    return _LESS_USUAL[number % len(_LESS_USUAL)](effective_on=day, share_class=code, shares=number)


def _under(register: str, *, treasury: bool | None) -> Limit:
    """What the last instrument or agreement still allows, within what its class can give; None if nothing is given."""

    def at_most(book: ByHand, _: str) -> int:
        code = getattr(book, register)[-1]
        rights = book.get("agreed" if register == "agreements" else "rights", code)
        if register != "agreements" and not book.get("amount", code):
            return 0
        give = WITHOUT_LIMIT if treasury is None else (_sum("treasury") if treasury else _unissued)(book, book.over[code])
        return min(rights, give) if treasury is not None or register == "agreements" else rights

    return at_most


def _amount(book: ByHand, code: str, shares: int) -> int:
    """The amount that goes with some of an instrument's shares: all of it with the last."""
    rights, amount = book.get("rights", code), book.get("amount", code)
    return amount if shares == rights else max(1, amount * shares // rights)


def _cashless(book: ByHand, day: date, _: str, number: int) -> Event:
    """Warrants of which half the shares are issued, and the others can no longer be."""
    code, issued = book.warrants[-1], number // 2
    return events.WarrantsExercised(
        effective_on=day, instrument=code, shares=issued, no_longer_issuable=number - issued, warrants=_amount(book, code, number)
    )


def _fractions_lost(book: ByHand, day: date, _: str, number: int) -> Event:
    """Bonds whose holder loses a fraction of a share."""
    code = book.bonds[-1]
    amount = Money("HKD", Decimal(_amount(book, code, number)).scaleb(-2))
    return events.ConvertiblesConverted(effective_on=day, instrument=code, shares=number - 1, no_longer_issuable=1, amount=amount)


def _notes_converted(book: ByHand, day: date, _: str, number: int) -> Event:
    amount = Money("HKD", Decimal(number).scaleb(-2))
    return events.ConvertiblesConverted(effective_on=day, instrument=book.notes[-1], shares=number, amount=amount)


def _notes_left(book: ByHand, _: str) -> int:
    """Hundredths of the last notes that may convert into a share each."""
    return min(book.get("amount", book.notes[-1]), _unissued(book, book.over[book.notes[-1]]))


def _warrants_end(kind: type[Event], **fields: Any) -> Callable[[ByHand, date, str, int], Event]:
    def make(book: ByHand, day: date, _: str, number: int) -> Event:
        code = book.warrants[-1]
        return kind(effective_on=day, instrument=code, shares=number, warrants=_amount(book, code, number), **fields)

    return make


def _bonds_end(kind: type[Event], **fields: Any) -> Callable[[ByHand, date, str, int], Event]:
    def make(book: ByHand, day: date, _: str, number: int) -> Event:
        code = book.bonds[-1]
        amount = Money("HKD", Decimal(_amount(book, code, number)).scaleb(-2))
        return kind(effective_on=day, instrument=code, shares=number, amount=amount, **fields)

    return make


def _completed(kind: type[Event], **fields: Any) -> Callable[[ByHand, date, str, int], Event]:
    def make(book: ByHand, day: date, _: str, number: int) -> Event:
        code = book.agreements[-1]
        return kind(effective_on=day, share_class=book.over[code], shares=number, agreement=code, price=PRICE, **fields)

    return make


def _agreement_ended(book: ByHand, day: date, _: str, number: int) -> Event:
    return events.IssueAgreementEnded(effective_on=day, agreement=book.agreements[-1], shares=number)


def _filed(_: ByHand, day: date, __: str, number: int) -> Event:
    month_end = day.replace(day=1) - timedelta(days=1)
    kind, on = ("monthly", month_end) if number % 2 else ("next-day", day)
    return events.ReturnFiled(effective_on=on, kind=kind, submitted_on=max(on, OPENED) + timedelta(days=1))


def _subdivided(all_classes: bool) -> Kind:
    def at_most(book: ByHand, _: str) -> int:
        small_enough = all(book.get("authorised", code) < LARGEST for code in book.classes)
        return 2 * (small_enough and all(par > SMALLEST_PAR for par in book.pars.values()))

    def make(_: ByHand, day: date, code: str, number: int) -> Event:
        into = 2 if number % 2 else 10
        return events.SharesSubdivided(effective_on=day, into=into, share_class=None if all_classes else code)

    return Kind(at_most, make, alone=True)


def _consolidated(all_classes: bool) -> Kind:
    def at_most(book: ByHand, code: str) -> int:
        return 4 * all(book.get("held", each) > 100 for each in (book.classes if all_classes else [code]))

    def make(_: ByHand, day: date, code: str, number: int) -> Event:
        named = None if all_classes else code
        return events.SharesConsolidated(effective_on=day, shares=number + 1, share_class=named, fractions="cancelled")

    return Kind(at_most, make, alone=True)


def _class_by_class() -> Kind:
    """Every class with shares consolidated by a fact of its own, all on one day and alike."""

    def make(book: ByHand, day: date, _: str, number: int) -> list[Event]:
        codes = sorted(_with_shares(book), reverse=number % 2 == 1)
        return [
            events.SharesConsolidated(effective_on=day, shares=number + 1, share_class=code, fractions="sold") for code in codes
        ]

    return Kind(lambda book, _: 4 * all(book.get("held", code) > 100 for code in _with_shares(book)), make, alone=True)


def _with_shares(book: ByHand) -> list[str]:
    return [code for code in book.classes if any(book.get(name, code) for name in ("held", "treasury", "pending"))]


def _by_register(fractions: Literal["cancelled", "rounded up"]) -> Kind:
    """A class consolidated two for one, each holder's fraction cancelled or rounded up."""

    def make(book: ByHand, day: date, code: str, number: int) -> Event:
        half = sum(book.get(name, code) for name in ("held", "treasury", "pending")) // 2
        issued = half - number if fractions == "cancelled" else half + number
        return events.SharesConsolidated(effective_on=day, shares=2, share_class=code, fractions=fractions, issued=issued)

    return Kind(lambda book, code: min(9, _unissued(book, code) // 4) * (book.get("held", code) > 100), make, alone=True)


def _live(book: ByHand) -> list[str]:
    return [code for code in (*book.warrants, *book.bonds) if book.get("amount", code)]


def _capital_reduced(book: ByHand, day: date, code: str, _: int) -> Event:
    half = Money("USD", Decimal(book.pars[code].numerator) / Decimal(book.pars[code].denominator) / 2)
    return events.CapitalReduced(effective_on=day, share_class=code, par_value=half)


def _reducible(book: ByHand, code: str) -> int:
    return int(code in book.pars and book.pars[code] > SMALLEST_PAR)


# Facts that move nothing, in turn.
SETTINGS: list[Callable[[date, str], Event]] = [
    lambda day, _: events.IssuerDetailsChanged(effective_on=day, name=f"Example of {day}"),
    lambda day, _: events.SignatoryAppointed(effective_on=day, name=f"Chan of {day}", title="Director"),
    lambda day, _: events.ReturnSettingsChanged(effective_on=day, percent_decimals=2 + day.day % 5, struck_out="iii, vii"),
    lambda day, _: events.ReturnSettingsChanged(effective_on=day, denominator="all classes", pending_counted=False),
    lambda day, code: events.ShareClassDetailsChanged(effective_on=day, share_class=code, class_label=f"Shares of {day}"),
    lambda day, _: events.ReturnRemarkChanged(effective_on=day, part="II", remark=f"A remark of {day}"),
    lambda day, _: events.MandateRevoked(effective_on=day, mandate="issue"),
    lambda day, code: events.PollResultDeclared(
        effective_on=day, meeting="a meeting", resolution="1", subject="a subject", votes=(ClassVotes(code, 2, 1),)
    ),
    lambda day, code: events.VotingRightsCeased(effective_on=day, share_class=code, holder="One", shares=1),
    lambda day, code: events.BalanceConfirmed(
        effective_on=day, share_class=code, issued_excluding_treasury=1, document="a statement"
    ),
    lambda day, code: events.PublicFloatRequirementSet(effective_on=day, share_class=code, percent=Decimal(25)),
    lambda day, code: events.PublicFloatConfirmed(effective_on=day, share_class=code, shares=2_000),
]

# What a step that the file of an event describes may take at most; one that moves no shares is taken once.
AT_MOST: dict[str | None, Limit] = {
    "unissued": _unissued, "held": _sum("held"), "treasury": _sum("treasury"), None: _any(1),
}  # fmt: skip


def _of_file(kind: type[Event], step: Mapping[str, Any]) -> Kind:
    return Kind(AT_MOST[step.get("at most")], lambda _, *drawn: made(kind.__name__, step_fields(step, *drawn)))


KINDS: list[Kind] = [
    _shares(events.ScripDividendIssued, _unissued, price=PRICE),
    _shares(events.RightsIssueCompleted, _unissued),
    Kind(_unissued, _less_usual),
    _shares(events.PlacingCompleted, _sum("treasury"), treasury_shares=True, mandate="issue"),
    _shares(events.OtherSharesIssued, _unissued, mandate="issue"),
    _shares(events.AuthorisedCapitalIncreased, lambda book, code: 5_000 * _has_authorised(book, code)),
    _shares(events.AuthorisedCapitalReduced, lambda book, code: _unissued(book, code) * _has_authorised(book, code)),
    _shares(events.SharesRepurchased, _sum("held"), intention="cancellation", mandate="repurchase", price=PRICE),
    _shares(events.SharesRepurchased, _sum("held"), intention="cancellation"),
    _traded(events.SharesRepurchased, _sum("held"), intention="cancellation", mandate="repurchase"),
    _traded(events.SharesRepurchased, _sum("held"), intention="treasury", mandate="repurchase"),
    _shares(events.SharesRepurchased, _sum("held"), intention="treasury"),
    _shares(events.RepurchasedSharesCancelled, _waiting(redeemed=False)),
    _shares(events.RepurchasedSharesCancelled, _waiting(redeemed=False)),
    Kind(_oldest, _cancelled_by_day),
    _shares(events.SharesRedeemed, _sum("held")),
    _shares(events.SharesRedeemed, _sum("held"), cancelled=False),
    _shares(events.RedeemedSharesCancelled, _waiting(redeemed=True)),
    _traded(events.TreasurySharesSold, _sum("treasury"), mandate="issue"),
    *[_of_file(kind, step) for kind, step in STEPS_OF_FILES.items()],
    Kind(
        _least(_sum("held", "A"), _of(_unissued, "B")),
        lambda _, day, __, number: events.ClassAConvertedToB(effective_on=day, shares=number),
    ),
    Kind(
        lambda book, _: min(book.get("held", "P"), _unissued(book, "B") // 2),
        lambda _, day, __, number: events.ClassAConvertedToB(
            effective_on=day, shares=number, from_class="P", to_class="B", into=number + number // 2 + 1
        ),
    ),
    Kind(
        _sum("held", "H"),
        lambda _, day, __, number: events.SharesRepurchased(
            effective_on=day, share_class="H", shares=number, intention="treasury", mandate="over H"
        ),
    ),
    Kind(
        _sum("held", "D"),
        lambda _, day, __, number: events.FullCirculationCompleted(effective_on=day, shares=number, from_class="D"),
    ),
    Kind(
        lambda book, _: int("Z" not in book.abolished),
        lambda *made: events.ShareClassAbolished(effective_on=made[1], share_class="Z"),
    ),
    _subdivided(all_classes=True),
    _subdivided(all_classes=False),
    _consolidated(all_classes=True),
    _consolidated(all_classes=False),
    _class_by_class(),
    _by_register("cancelled"),
    _by_register("rounded up"),
    Kind(_reducible, _capital_reduced),
    _scheme(events.OptionsGranted, _any(900), "options"),
    _scheme(events.OptionsGranted, _any(900), "unlimited"),
    _scheme(events.OptionsExercised, _least(_sum("outstanding", "options"), _of(_unissued, "B")), "options", price=PRICE),
    _scheme(
        events.OptionsExercised,
        _least(_sum("outstanding", "unlimited"), _sum("treasury", "H")),
        "unlimited",
        treasury_shares=True,
        director=True,
    ),
    _scheme(events.OptionsExercised, _sum("outstanding", "nominee"), "nominee"),
    _scheme(events.OptionsLapsed, _sum("outstanding", "options"), "options"),
    _scheme(events.OptionsCancelled, _sum("outstanding", "unlimited"), "unlimited"),
    Kind(
        _any(900),
        lambda _, day, __, number: events.OptionTermsAdjusted(effective_on=day, scheme="options", outstanding=number),
        alone=True,
    ),
    Kind(
        _any(900),
        lambda _, day, __, number: events.SchemeLimitRefreshed(effective_on=day, scheme="awards", limit=number),
        alone=True,
    ),
    Kind(
        lambda book, _: int("unlimited" not in book.expired),
        lambda *made: events.SchemeExpired(effective_on=made[1], scheme="unlimited"),
    ),
    Kind(
        lambda book, _: 900 * bool(_live(book)),
        lambda book, day, _, number: events.InstrumentTermsAdjusted(
            effective_on=day, instrument=_live(book)[number % len(_live(book))], shares=number, price=PRICE
        ),
        alone=True,
    ),
    Kind(
        lambda book, _: 900 * bool(book.get("agreed", book.agreements[-1])),
        lambda book, day, _, number: events.InstrumentTermsAdjusted(
            effective_on=day, agreement=book.agreements[-1], shares=number, price=PRICE
        ),
        alone=True,
    ),
    _scheme(events.AwardsGranted, _any(500), "awards"),
    _scheme(events.AwardsVested, _least(_sum("outstanding", "awards"), _of(_unissued, "B")), "awards", director=True),
    _scheme(events.AwardsVested, _least(_sum("outstanding", "awards"), _sum("treasury", "B")), "awards", treasury_shares=True),
    _scheme(events.AwardsLapsed, _sum("outstanding", "awards"), "awards"),
    _scheme(events.AwardsLapsed, _sum("outstanding", "awards"), "awards", before_refreshment=True),
    _scheme(events.AwardsCancelled, _sum("outstanding", "awards"), "awards"),
    _nominee(+1, _any(4_000)),
    _nominee(-1, _sum("outstanding", "nominee")),
    Kind(_any(800), lambda book, day, code, number: _warrants(day, code, number, f"warrants-{len(book.warrants) + 1}")),
    Kind(_any(800), lambda book, day, code, number: _bonds(day, code, number, f"bonds-{len(book.bonds) + 1}", "issue")),
    Kind(_any(800), lambda book, day, code, number: _floating(day, code, number, f"bonds-{len(book.bonds) + 1}")),
    Kind(_any(800), lambda book, day, code, number: _notes(day, code, number, f"notes-{len(book.notes) + 1}")),
    Kind(_notes_left, _notes_converted),
    Kind(_under("warrants", treasury=False), _cashless),
    Kind(_under("bonds", treasury=False), _fractions_lost),
    Kind(_under("warrants", treasury=False), _warrants_end(events.WarrantsExercised)),
    Kind(_under("warrants", treasury=True), _warrants_end(events.WarrantsExercised, treasury_shares=True)),
    Kind(_under("warrants", treasury=None), _warrants_end(events.WarrantsLapsed)),
    Kind(_under("bonds", treasury=False), _bonds_end(events.ConvertiblesConverted)),
    Kind(_under("bonds", treasury=True), _bonds_end(events.ConvertiblesConverted, treasury_shares=True)),
    Kind(_under("bonds", treasury=None), _bonds_end(events.ConvertiblesRedeemed)),
    Kind(
        _any(800),
        lambda book, day, code, number: _agreement(
            day, code, number, f"agreement-{len(book.agreements) + 1}", "issue" if number % 2 else None
        ),
    ),
    Kind(_under("agreements", treasury=False), _completed(events.PlacingCompleted)),
    Kind(_under("agreements", treasury=True), _completed(events.ConsiderationSharesIssued, treasury_shares=True)),
    Kind(_under("agreements", treasury=None), _agreement_ended),
    Kind(_any(9), _filed),
    Kind(_any(len(SETTINGS)), lambda _, day, code, number: SETTINGS[number - 1](day, code)),
]


def types_made() -> set[type[Event]]:
    """The event types that histories have."""
    book = book_by_hand(standing())
    for name, code in product(("pending", "treasury"), book.classes):
        book.add(code, **{name: 10})
    day, made = date(2024, 1, 2), {type(each) for each in standing()}
    for kind, amount in product(KINDS, range(1, len(SETTINGS) + 1)):
        book.waiting["B"] = [(day, 5, False), (day, 5, True)]
        made |= {type(each) for each in kind.made(book, day, "B", amount if kind.at_most(book, "B") >= amount else 1)}
    return made


# --- histories --------------------------------------------------------------------------------------------------

Step = tuple[int, Kind, str, int]
STEP = st.tuples(st.integers(0, 16), st.sampled_from(KINDS), st.sampled_from("BBAHP"), st.integers(1, 1_000))
STEPS = st.integers(8, 30).flatmap(lambda count: st.lists(STEP, min_size=count, max_size=count))


def history_of(steps: Sequence[Step]) -> list[Event]:
    """The legal history that steps make: each takes a share, in thousandths, of what it may take at most."""
    history, day = standing(), OPENED + timedelta(days=1)
    book = book_by_hand(history)
    for gap, kind, code, thousandths in steps:
        at_most = kind.at_most(book, code)
        if at_most > 0:
            day += timedelta(days=max(1, gap) if kind.alone else gap)
            for event in kind.made(book, day, code, max(1, at_most * thousandths // 1_000)):
                history.append(event)
                write_up(book, event)
            day += timedelta(days=kind.alone)
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
    """Entries of a history in any order of recording, some of them corrected or withdrawn later on, where that is possible."""
    recorded = _one_by_one(draw(recordings()))
    standing_numbers = range(len(standing()) + 1, len(recorded) + 1)
    changed = draw(st.lists(st.sampled_from(standing_numbers), unique=True, max_size=6)) if standing_numbers else []
    for number in changed:
        corrected = [*recorded, entry(len(recorded) + 1, _changed(draw, recorded[number - 1].event), number)]
        if draw(st.booleans()):
            corrected.append(entry(len(corrected) + 1, recorded[number - 1].event, len(corrected)))
        if possible(corrected):
            recorded = corrected
    return recorded


def _one_by_one(recording: list[Event]) -> list[Entry]:
    """A day that is impossible before others are known is recorded after them, as somebody would whose entry was refused.

    Days that need each other are recorded together.
    """
    recorded = _after([], standing())
    days = [list(day) for _, day in groupby(recording[len(recorded) :], key=lambda event: event.effective_on)]
    while days:
        fitting = next((day for day in days if possible(_after(recorded, day))), None)
        together = [fitting] if fitting else days.copy()
        for day in together:
            recorded = _after(recorded, day)
            days.remove(day)
    assert possible(recorded)
    return recorded


def _after(recorded: list[Entry], day: list[Event]) -> list[Entry]:
    return [*recorded, *(entry(number, event) for number, event in enumerate(day, len(recorded) + 1))]


def possible(book: Sequence[Entry]) -> bool:
    """Whether no day of a book holds what no book may hold. What every book starts from has a day of its own: it is folded once."""
    later = (each for each in in_effect(book) if each.event.effective_on > OPENED)
    try:
        deque(replay(later, _opened().copy()), maxlen=0)
    except Impossible:
        return False
    return True


@cache
def _opened() -> Position:
    return folded(_after([], standing()))


_NUMBERS = ("options", "awards", "shares")


def _changed(draw: st.DrawFn, event: Event) -> Event:
    """Another event in the place of one: on another day, of another number, or a withdrawal."""
    if isinstance(event, events.ReturnFiled) or draw(st.booleans()):
        return events.EntryWithdrawn(effective_on=event.effective_on, reason="recorded by mistake")
    moved = attrs.evolve(event, effective_on=event.effective_on + timedelta(days=draw(st.integers(0, 40))))
    fields = [name for name in _NUMBERS if name in events.field_names(type(event))]
    if not fields or isinstance(event, events.Reorganisation):
        return moved
    # The trades were of the old number.
    without = {"trades": ()} if event.trades else {}
    return attrs.evolve(moved, **without, **{fields[0]: max(1, abs(getattr(event, fields[0])) // 2)})
