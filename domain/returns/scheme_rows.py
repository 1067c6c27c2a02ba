"""FF301 Part III: rows of share schemes, options in (A) and awards in (D)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from domain import events
from domain.capital.accounts import AVAILABLE, OUTSTANDING, SCHEME, SHARES, change
from domain.capital.balances import Posted
from domain.capital.ledger import Period
from domain.capital.lots import average_price, lots_of
from domain.returns.cells import BLANK, Figure
from domain.returns.class_month import ClassMonth, SchemeMonth, not_known_at
from domain.returns.documents import OptionMovement, Options, OptionsRow
from domain.returns.figures import by_currency, closing, moved, words_below
from domain.returns.forms import Form
from domain.values import Money, day_text

# --- schemes: (A) share options, and (D) awards -------------------------------------------------------------------


def left_open(month: Period, form: Form) -> Iterator[str]:
    """Why figures of schemes are left open in the return of a month."""
    for scheme in month.closing.terms.schemes.values():
        if not_known_at(month, scheme, month.opened_on, form):
            later = month.schemes_later[scheme.code]
            outstanding = f"what is outstanding under scheme {scheme.code} before {later.event.effective_on:%-d %B %Y}"
            yield f"{outstanding} is not known: it is brought forward at close of that day (entry {later.number})"
    exercised = [each.entry.of(events.OptionsExercised) for each in _unpriced(month.during, form)]
    for code in sorted({event.scheme for event in exercised}):
        days = ", ".join(day_text(day) for day in sorted({event.effective_on for event in exercised if event.scheme == code}))
        yield f"total funds raised from exercises of options under scheme {code} is not known: no price is recorded for {days}"


def _unpriced(posted: Iterable[Posted], form: Form) -> list[Posted]:
    """The exercises without a price, for which shares were issued or transferred: what they raised is not known."""
    exercised = (each for each in posted if isinstance(each.entry.event, events.OptionsExercised) and form.edition.reasons)
    return [each for each in exercised if each.entry.event.price is None and any(move.book == SHARES for move in each.movements)]


def _may_be_issued(under: SchemeMonth) -> Figure:
    """Shares already issued and held for a scheme are not issued again: nothing may be issued on them."""
    return Figure(0, under.closing.entries) if under.scheme.existing_shares else under.closing


# --- (A) share options ------------------------------------------------------------------------------------------

OPTION_LABELS: dict[type[events.Event], str] = {
    events.OptionsGranted: "Granted",
    events.OptionsExercised: "Exercised",
    events.OptionsCancelled: "Cancelled",
    events.OptionsLapsed: "Lapsed",
    events.SchemeSharesMoved: "Others",
    events.SchemeBalanceBroughtForward: "Others",
    events.SharesSubdivided: "Others",
    events.SharesConsolidated: "Others",
    events.OptionTermsAdjusted: "Others",
}
WORDS: dict[type[events.Event], str] = {
    events.SchemeBalanceBroughtForward: "Brought forward",
    events.SharesSubdivided: "Subdivision",
    events.SharesConsolidated: "Consolidation",
    events.OptionTermsAdjusted: "Adjusted",
}


def _word(event: events.Event) -> str | None:
    return event.word if isinstance(event, events.SchemeSharesMoved) else WORDS.get(type(event))


def options(of_class: ClassMonth) -> Options:
    """The block of Part III(A) of a class: a row for each scheme over it that grants options."""
    form, during = of_class.form, of_class.facts["A"]
    issued, treasury = of_class.feet("A")
    return Options(
        heading=of_class.heading,
        rows=tuple(_options_row(number, of_class, under) for number, under in enumerate(of_class.options, 1)),
        issued=issued,
        treasury=treasury,
        funds_raised=() if _unpriced(during, form) else by_currency(_funds(each.entry.event) for each in during),
        remarks=words_below((each for under in of_class.options for each in under.facts), form),
    )


def _funds(event: events.Event) -> Money | None:
    return event.price.times(event.options) if event.price is not None and event.options is not None else None


def _options_row(number: int, of_class: ClassMonth, under: SchemeMonth) -> OptionsRow:
    scheme, closed_on = under.scheme, of_class.month.closed_on
    exercised = [each for each in under.facts if isinstance(each.entry.event, events.OptionsExercised)]
    over = scheme.is_over(closed_on)
    new_shares, treasury_shares = of_class.issued_and_taken(exercised)
    return OptionsRow(
        number=number,
        particulars=scheme.particulars,
        opening=under.opening,
        movements=_option_movements(of_class.month, under),
        closing=under.closing,
        new_shares=new_shares,
        treasury_shares=treasury_shares,
        may_be_issued=_may_be_issued(under),
        may_be_granted=Figure(0) if over else _may_be_granted(of_class, under),
        general_meeting_on=scheme.general_meeting_on,
        expired_on=scheme.expires_on if over else None,
    )


def _may_be_granted(of_class: ClassMonth, under: SchemeMonth) -> Figure:
    """What is left of a scheme's limit: nothing if more was granted than it allows, which is a finding (HK401)."""
    if under.scheme.limit is None or under.closing.value is None:
        return BLANK
    left = closing(of_class.month, (AVAILABLE,), under.scheme.code, SCHEME)
    beyond = of_class.form.edition.nothing_below_zero and (left.value or 0) < 0
    return Figure(0, left.entries) if beyond else left


def _option_movements(month: Period, under: SchemeMonth) -> tuple[OptionMovement, ...]:
    """The movements of a month; what is brought forward in it is none if there was a scheme before."""
    code, groups = under.scheme.code, dict[tuple[str, str | None], list[Posted]]()
    for each in month.moving.get((SCHEME, code), ()):
        opens = under.opening.value is None and isinstance(each.entry.event, events.SchemeBalanceBroughtForward)
        if not opens and change(each.movements, SCHEME, code, (OUTSTANDING,)):
            kind = type(each.entry.event)
            groups.setdefault((OPTION_LABELS[kind], _word(each.entry.event)), []).append(each)
    return tuple(
        OptionMovement(label, moved(group, (OUTSTANDING,), code, SCHEME), word) for (label, word), group in groups.items()
    )


# --- (D) share awards

Row = tuple[str, Money | None, date | None, Figure, Figure, Figure, str | None]
"""A row of Part III(D) without its number, as its document has it."""


def award_rows(of_class: ClassMonth) -> Iterator[Row]:
    """The rows of Part III(D) of the award schemes over a class."""
    decimals = of_class.month.closing.terms.settings.price_decimals
    for under in of_class.awards:
        vested = [each for each in under.facts if isinstance(each.entry.event, events.AwardsVested)]
        lots = [lot for each in vested for lot in lots_of(each.entry.event, each.entry.of(events.AwardsVested).awards)]
        price = average_price(lots, decimals, small=of_class.form.edition.small_averages)
        shares = of_class.issued_and_taken(vested)
        yield under.scheme.particulars, price, under.scheme.general_meeting_on, *shares, _may_be_issued(under), None
