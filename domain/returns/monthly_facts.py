"""What a Monthly Return adds to a book after the other returns of its month: the rest of every row, at close of the month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from domain import events
from domain.events import Event
from domain.returns.documents import AgreementRow, InstrumentRow, MonthlyReturn, Options, OptionsRow, OtherMovement
from domain.returns.proposals import BY_HAND, Known, Proposed, shares_of
from domain.returns.recorded_rows import facts_of
from domain.returns.row_facts import ReturnRow, Trades, scheme_named
from domain.returns.row_terms import instrument_issued, scheme_adopted
from domain.returns.scheme_rows import WORDS
from domain.values import EXACT, MOST_DECIMALS, Money, month_end_before, plain, rounded_ratio, sum_of

MORE = "the book has more of the month than this row prints: compare them by hand"
OLDER = "adopted before the month: when, and what was used of its limit before, is not printed"
NO_DAY = "its day is not printed: the month end is assumed"


def monthly_facts(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    """The facts of a month that a book does not have yet."""
    yield from _authorised(document, known)
    yield from _schemes(document, known)
    for field in ("warrants", "convertibles"):
        yield from _instruments(document, field, known)
    yield from _agreements(document, known)
    yield from _others(document, known)


def _authorised(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    raised, reduced = events.AuthorisedCapitalIncreased, events.AuthorisedCapitalReduced
    opened_on = month_end_before(document.month_end)
    for at, block in enumerate(document.authorised or ()):
        share_class, path = known.share_class(block.heading), f"authorised[{at}].movement"
        if known.split(share_class, opened_on, document.month_end) != 1:
            continue
        if block.opening_par != block.closing_par:
            yield Proposed(None, path, "the par value changed: record the reorganisation by hand")
            continue
        up, down = (known.moved((kind,), share_class, opened_on, document.month_end) for kind in (raised, reduced))
        printed = block.movement.value or 0
        rest = printed - up + down
        if rest * printed > 0:
            kind = raised if rest > 0 else reduced
            yield Proposed(kind(effective_on=document.month_end, share_class=share_class, shares=abs(rest)), path, NO_DAY)
        elif rest:
            yield Proposed(None, path, MORE)


# --- (A) ----------------------------------------------------------------------------------------------------------------

_OF_OPTIONS: dict[str, type[Any]] = {
    "Granted": events.OptionsGranted,
    "Exercised": events.OptionsExercised,
    "Cancelled": events.OptionsCancelled,
    "Lapsed": events.OptionsLapsed,
}

_REORGANISED = frozenset(WORDS[kind] for kind in (events.SharesSubdivided, events.SharesConsolidated))


def _schemes(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    printed = {row.particulars for block in document.options for row in block.rows}
    for at, block in enumerate(document.options):
        for place, row in enumerate(block.rows):
            path = f"options[{at}].rows[{place}]"
            scheme = scheme_named(row.particulars, known.share_class(block.heading), known, printed)
            if scheme is None:
                # A balance brought forward includes its own day, so it takes the day of the opening.
                opening, opened_on = row.opening.value, max(month_end_before(document.month_end), known.begins_on)
                on = opened_on if opening else document.month_end
                adopted = scheme_adopted(row, on, known.share_class(block.heading), _limit(row), known)
                scheme = adopted.scheme
                yield Proposed(adopted, path, OLDER if opening else NO_DAY)
                if opening:
                    brought = events.SchemeBalanceBroughtForward(effective_on=on, scheme=scheme, outstanding=opening)
                    yield Proposed(brought, f"{path}.opening")
            yield from _moved(document, block, row, scheme, path, known)


def _limit(row: OptionsRow) -> int | None:
    """The limit of a scheme as its row shows it: what may be granted, was granted and has not lapsed."""
    granted, opening = row.may_be_granted.value, row.opening.value or 0
    moved = {each.label: abs(each.number.value or 0) for each in row.movements}
    return None if granted is None else granted + opening + moved.get("Granted", 0) - moved.get("Lapsed", 0)


def _moved(document: MonthlyReturn, block: Options, row: OptionsRow, scheme: str, path: str, known: Known) -> Iterator[Proposed]:
    opened_on = month_end_before(document.month_end)
    for at, movement in enumerate(row.movements):
        kind, number, where = _OF_OPTIONS.get(movement.label), movement.number.value or 0, f"{path}.movements[{at}]"
        if movement.word in _REORGANISED and known.split(known.share_class(block.heading), opened_on, document.month_end) != 1:
            continue
        if kind is None:
            yield from _others_of_scheme(document, number, movement.word, scheme, where, known)
        elif (rest := abs(number) - _known_of(known, kind, scheme, document)) < 0:
            yield Proposed(None, where, MORE)
        elif rest:
            on = document.month_end
            if kind is not events.OptionsExercised:
                yield Proposed(kind(effective_on=on, scheme=scheme, options=rest), where, NO_DAY)
                continue
            met: Iterator[Any] = (each for each in known.of(kind) if each.scheme == scheme)
            price = _price(document, block, rest, known)
            for treasury_shares, options in _by_source(row, rest, [each for each in met if opened_on < each.effective_on <= on]):
                exercised = kind(effective_on=on, scheme=scheme, options=options, price=price, treasury_shares=treasury_shares)
                yield Proposed(exercised, where, NO_DAY)


def _by_source(row: OptionsRow | InstrumentRow, rest: int, month: Sequence[Any]) -> list[tuple[bool, int]]:
    """How much of the rest of a row was met out of treasury (True) and by new shares: what its columns say, less the facts."""
    new, treasury = (abs(column.value or 0) for column in (row.new_shares, row.treasury_shares))
    new -= sum(shares_of(each) for each in month if not each.treasury_shares)
    treasury -= sum(shares_of(each) for each in month if each.treasury_shares)
    if min(new, treasury) < 0 or new + treasury != rest:
        return [(not row.new_shares.value, rest)]
    return [(source, number) for source, number in ((False, new), (True, treasury)) if number]


def _known_of(known: Known, kind: type[Event], scheme: str, document: MonthlyReturn) -> int:
    facts: Iterator[Any] = known.of(kind)
    month = (fact for fact in facts if month_end_before(document.month_end) < fact.effective_on <= document.month_end)
    return sum(shares_of(fact) for fact in month if fact.scheme == scheme)


def _price(document: MonthlyReturn, block: Options, rest: int, known: Known) -> Money | None:
    """The exercise price, if the funds raised less those of the facts known make a whole price of these options alone."""
    exercised = sum(abs(each.number.value or 0) for row in block.rows for each in row.movements if each.label == "Exercised")
    share_class, opened_on = known.share_class(block.heading), month_end_before(document.month_end)
    others = [
        fact
        for fact in known.of(events.OptionsExercised)
        if opened_on < fact.effective_on <= document.month_end and known.class_of(fact) == share_class
    ]
    if exercised != rest + sum(each.options for each in others) or len(block.funds_raised) != 1:
        return None
    funds = block.funds_raised[0]
    raised = [
        each.price.times(each.options) for each in others if each.price is not None and each.price.currency == funds.currency
    ]
    if len(raised) != len(others):
        return None
    left = Money(funds.currency, EXACT.subtract(funds.amount, sum_of(each.amount for each in raised)))
    price = Money(funds.currency, Decimal(plain(rounded_ratio(left.amount, Decimal(rest), MOST_DECIMALS))))
    return price if price.times(rest) == left else None


def _others_of_scheme(
    document: MonthlyReturn, number: int, word: str | None, scheme: str, path: str, known: Known
) -> Iterator[Proposed]:
    existing = any(each.existing_shares for each in known.of(events.SchemeAdopted) if each.scheme == scheme)
    rest = number - _known_of(known, events.SchemeSharesMoved, scheme, document)
    if existing and rest:
        moved = events.SchemeSharesMoved(effective_on=document.month_end, scheme=scheme, shares=rest, word=word or "Others")
        yield Proposed(moved, path, NO_DAY)
    elif not existing and number:
        yield Proposed(None, path, BY_HAND)


# --- (B), (C) and (D) ---------------------------------------------------------------------------------------------------


@attrs.frozen
class _InstrumentRow:
    """A row of part (B) or (C), `warrants` or `convertibles`, with its class and its place in the return."""

    row: InstrumentRow
    field: str
    share_class: str
    path: str
    month_end: date

    @property
    def shares(self) -> int:
        """How many shares were issued or transferred on it in the month."""
        return (self.row.new_shares.value or 0) + abs(self.row.treasury_shares.value or 0)


def _instruments(document: MonthlyReturn, field: str, known: Known) -> Iterator[Proposed]:
    for at, block in enumerate(getattr(document, field)):
        for place, row in enumerate(block.rows):
            path, share_class = f"{field}[{at}].rows[{place}]", known.share_class(block.heading)
            for movement in row.movements:
                placed = _InstrumentRow(row, field, share_class, path, document.month_end)
                yield from _instrument_moved(movement, placed, known)


def _instrument_moved(movement: tuple[str, Decimal], placed: _InstrumentRow, known: Known) -> Iterator[Proposed]:
    label, number = movement
    # Looked up for each movement: an instrument may be issued and converted in one month.
    issued = _issued(placed, known)
    if label == "Issued":
        new = _new_instrument(placed, number, known) if issued is None else None
        if new is not None:
            yield Proposed(new, placed.path, NO_DAY)
        elif number and issued is None:
            yield Proposed(None, placed.path, BY_HAND)
    elif label in ("Exercised", "Converted") and issued is not None:
        yield from _exercised(abs(number), issued, placed, known)
    elif number:
        yield Proposed(None, placed.path, BY_HAND)


def _issued(placed: _InstrumentRow, known: Known) -> Any:
    kind = events.WarrantsIssued if placed.field == "warrants" else events.ConvertiblesIssued
    found: Iterator[Any] = (each for each in known.of(kind) if each.share_class == placed.share_class)
    return next((each for each in found if each.description == placed.row.description), None)


def _new_instrument(placed: _InstrumentRow, number: Decimal, known: Known) -> Event | None:
    """An instrument issued in the month. Its shares are those issued on it since, and those that may still be."""
    left = placed.row.may_be_issued.value
    shares = left + placed.shares if left is not None else 0
    return instrument_issued(placed.row, placed.field, placed.month_end, placed.share_class, number, shares, known)


def _exercised(number: Decimal, issued: Any, placed: _InstrumentRow, known: Known) -> Iterator[Proposed]:
    on = placed.month_end
    kind: type[Any] = events.WarrantsExercised if placed.field == "warrants" else events.ConvertiblesConverted
    met: Iterator[Any] = (each for each in known.of(kind) if each.instrument == issued.instrument)
    month = [each for each in met if month_end_before(on) < each.effective_on <= on]
    shares = placed.shares - sum(each.shares for each in month)
    rest = _rest_of_amount(placed.field, issued, number, month)
    sources = _by_source(placed.row, shares, month)
    if shares > 0 and rest is not None and len(sources) == 1:
        base = {"effective_on": on, "instrument": issued.instrument, "shares": shares}
        yield Proposed(kind(**base, **rest, treasury_shares=sources[0][0]), placed.path, NO_DAY)
    elif len(sources) > 1:
        yield Proposed(None, placed.path, BY_HAND)
    elif shares:
        yield Proposed(None, placed.path, MORE)


def _rest_of_amount(field: str, issued: Any, number: Decimal, month: list[Any]) -> dict[str, Any] | None:
    """What a row says was exercised or converted, less what the book has of the month; None if nothing is left."""
    done = sum_of(Decimal(each.warrants) if field == "warrants" else each.amount.amount for each in month)
    rest = EXACT.subtract(number, done)
    if rest <= 0:
        return None
    return {"warrants": int(rest)} if field == "warrants" else {"amount": Money(issued.amount.currency, rest)}


UNDER_IT = "what may be issued under it is not what the book has: record what was agreed, issued or ended by hand"


def _agreements(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    """Which rows are to be recorded by hand: what happened under an agreement or a scheme of awards is not printed."""
    for at, block in enumerate(document.agreements):
        for place, row in enumerate(block.rows):
            path, left = f"agreements[{at}].rows[{place}]", row.may_be_issued.value
            if row.new_shares.value or row.treasury_shares.value:
                yield Proposed(None, path, BY_HAND)
            elif left is not None and left != _left_under(row, known.share_class(block.heading), document.month_end, known):
                yield Proposed(None, path, UNDER_IT)


def _left_under(row: AgreementRow, share_class: str, on: date, known: Known) -> Fraction:
    """What a book has left of an agreement, or of the awards of a scheme, at close of a day, in the shares of that day."""
    agreements = {
        each.agreement
        for each in known.of(events.IssueAgreed)
        if (each.share_class, each.description) == (share_class, row.description)
    }
    schemes = {
        each.scheme
        for each in known.of(events.SchemeAdopted)
        if each.awards and (each.share_class, each.particulars) == (share_class, row.description)
    }
    under = [fact for fact in known.facts if fact.effective_on <= on and (fact.agreement in agreements or fact.scheme in schemes)]
    return sum((_added(fact) * known.split(share_class, fact.effective_on, on) for fact in under), start=Fraction(0))


def _added(fact: Event) -> int:
    """What a fact adds to what may be issued under an agreement or a scheme of awards."""
    if isinstance(fact, events.SchemeBalanceBroughtForward):
        return fact.outstanding
    return shares_of(fact) if isinstance(fact, events.IssueAgreed | events.AwardsGranted) else -shares_of(fact)


# --- (E) ----------------------------------------------------------------------------------------------------------------


def _others(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    for at, block in enumerate(document.other_movements):
        share_class = known.share_class(block.heading)
        trades = Trades(None, block.heading.code, known)
        rows = [
            (f"other_movements[{at}].rows[{place}]", _row(other, share_class, document.month_end))
            for place, other in enumerate(block.rows)
            if other.issued.value or other.treasury.value
        ]
        yield from facts_of(rows, known, trades, document.month_end)


def _row(other: OtherMovement, share_class: str, month_end: date) -> ReturnRow:
    return ReturnRow(
        share_class, other.category, other.text, other.occurred_on or month_end, other.issued.value or 0,
        other.treasury.value or 0, other.price, general_meeting_on=other.general_meeting_on,
    )  # fmt: skip
