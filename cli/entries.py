"""Entries as the command line shows them: as a row with all that they hold, and in a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli import output
from cli.event_options import words
from cli.table import fields_of
from domain.capital.accounts import HEADROOM, INSTRUMENT, Movement
from domain.capital.entries import Entry
from domain.disclosure.register import return_name
from domain.events import EntryReleased, EntryWithdrawn, Event, FactProposed, ReturnFiled
from domain.values import Money, grouped, left_text
from infrastructure.event_codec import encode, fact_of

if TYPE_CHECKING:
    from application.effects import BalanceChange

COLUMNS = ("entry", "recorded_at", "event", "effective_on")
"""What every entry has."""


def as_row(entry: Entry) -> dict[str, Any]:
    """An entry as JSON has it: its number, when it was recorded, its event with every field, and what stands beside it."""
    return {
        "entry": entry.number,
        "recorded_at": entry.recorded_at.isoformat(),
        "event": type(entry.event).__name__,
        **json.loads(encode(entry.event)),
        **fields_of(entry, "source", "replaces", "recorded_by", "command_id"),
    }


def moved(move: Movement, event: Event) -> str:
    """The quantity of a movement as people read it: for a convertible, kept in hundredths of its currency, an amount."""
    amount = event.values().get("amount")
    if move.book == INSTRUMENT and isinstance(amount, Money) and amount.times(100).amount == move.quantity:
        return grouped(amount)
    return f"{move.quantity:,}"


def fact_in(event: Event) -> Event:
    """The fact that an event is, or that waits as it."""
    return fact_of(event) if isinstance(event, FactProposed) else event


def wait_for_release(entries: Sequence[Entry]) -> str:
    """What is said where figures leave entries out."""
    numbers = ", ".join(str(entry.number) for entry in entries)
    waits = "entry waits for release, and counts" if len(entries) == 1 else "entries wait for release, and count"
    return f"{len(entries)} {waits} only then: {numbers}"


_BALANCES = {
    "authorised": "{} authorised",
    "issued_excluding_treasury": "{} issued (excl. treasury)",
    "treasury": "{} treasury",
    "pending_cancellation": "{} pending cancellation",
    HEADROOM: "Mandate {}",
}


def difference(each: BalanceChange) -> tuple[str, str]:
    """What changed, and from which number of shares to which."""
    said = (
        f"{HEADROOM} {left_text(each.before)} → {left_text(each.after)}"
        if each.name == HEADROOM
        else f"{each.before:,} → {each.after:,}"
    )
    return _BALANCES[each.name].format(each.code), said


def named(event: Event, replaced: Entry | None = None) -> str:
    """An event in words; of a return filed which one, of a withdrawal or release what is withdrawn or released."""
    about = ""
    if isinstance(event, ReturnFiled):
        about = return_name(event.kind, event.effective_on)
    elif isinstance(event, FactProposed):
        about = named(fact_in(event))
    elif isinstance(event, EntryWithdrawn | EntryReleased) and replaced is not None:
        about = f"entry {replaced.number}, {named(fact_in(replaced.event))}"
    return words(type(event)) + (f": {about}" if about else "")


def subject_of(event: Event) -> str | None:
    """The class, scheme, mandate or instrument that an event is about first, of one that waits as of the fact itself."""
    said = fact_in(event).values()
    return next((said[name] for name in _SUBJECTS if said.get(name) is not None), None)


def quantity_of(event: Event) -> int | None:
    """How many shares, options or awards an event is about, of one that waits as of the fact itself."""
    said = fact_in(event).values()
    # A scheme says with yes or no whether it grants awards.
    return next((value for name in _QUANTITIES if type(value := said.get(name)) is int), None)


_QUANTITIES = ("shares", "options", "held", "awards")
_SUBJECTS = ("share_class", "from_class", "scheme", "mandate", "instrument", "agreement")


def described(entry: Entry) -> str:
    """An entry in a line: its number, what it records, of how many shares of what, and its day."""
    event = fact_in(entry.event)
    quantity = quantity_of(event)
    number = f"{quantity:,}" if quantity else None
    # A withdrawal has no subject of its own: it is about the entry that it withdraws.
    subject = subject_of(event) or (f"of entry {entry.replaces}" if entry.replaces and number is None else None)
    parts = [str(entry.number), words(type(event)), subject, number, f"effective {output.day(event.effective_on)}"]
    parts += ["waits for release"] if event is not entry.event else []
    return "   ".join(part for part in parts if part)
