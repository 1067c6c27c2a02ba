"""How facts are recorded from the command line: drafts, what a recording changed, and why it was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import click

from application import ask
from application.due import due_after
from application.effects import BeforeAndAfter, change, effects, filings_touched, headroom_effects, ledger_with, new_findings
from application.record import CannotStand, Problem, Recorded
from application.record import record as record_facts
from cli import output, wiring
from cli.event_options import command_name, flag_of, words
from cli.session import stands
from cli.wiring import is_new, opened, rehearsal, trading_days, user
from domain import events
from domain.capital.entries import Draft, Entry
from domain.capital.ledger import Ledger
from domain.errors import BadInput, Failure, Refused
from domain.events import Event
from domain.law.rule import Finding
from infrastructure.event_store import SqlEventStore
from infrastructure.readers.records import Batch, envelope
from infrastructure.readers.values import build


def draft_of(
    kind: type[Event], written: dict[str, Any], beside: dict[str, Any], recorded_by: str | None, kept: Event | None = None
) -> Draft:
    """A draft from what the options say of the event, and beside it. Raises BadInput with a line for every problem.

    What they leave out is as in `kept`, the event that is corrected.
    """
    event, problems = build(kind, written, kept=kept)
    around, wrong = envelope({**beside, "recorded_by": recorded_by or user()})
    if event is None or wrong:
        lines = [f"{flag_of(field)}: {message}" for field, message in [*problems, *wrong]]
        raise BadInput([*lines, f"Try captable record {command_name(kind)} -h for help."])
    return Draft(event=event, **around)


def single(draft: Draft, place: str) -> Batch:
    """A batch of one fact; `place` is the command that it was given to."""
    return Batch((draft,), (place,), ())


def keep(batch: Batch, store: str | None, issuer: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Record a batch in the store meant and say what it changed; a batch that registers an issuer may make the store."""
    code = _founded(batch)
    if code is not None and issuer not in (None, code):
        raise BadInput([f"--issuer: {issuer} is not the issuer that is registered here, {code}"])
    if code is not None and is_new(store):
        # Nothing is made, not even an empty store, unless the facts can stand.
        with rehearsal() as books:
            recorded = _recorded(books, batch, code, dry_run=True)
            if dry_run:
                tell(books, code, recorded, dry_run=True, as_json=as_json)
                return
    with opened(store, create=code is not None and not dry_run, writable=not dry_run) as books:
        report(books, batch, code or ask.which_issuer(books, issuer), dry_run=dry_run, as_json=as_json)


def report(store: SqlEventStore, batch: Batch, issuer: str, *, dry_run: bool, as_json: bool) -> None:
    """Record a batch in an open store and say what it changed. Raises BadInput or Refused with a line for every problem."""
    tell(store, issuer, _recorded(store, batch, issuer, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


def tell(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool, as_json: bool) -> None:
    """Say what a recording changed, or would."""
    (_print_json if as_json else _print)(store, issuer, recorded, dry_run=dry_run)


def _founded(batch: Batch) -> str | None:
    return next((draft.event.issuer for draft in batch.drafts if isinstance(draft.event, events.IssuerRegistered)), None)


def _recorded(store: SqlEventStore, batch: Batch, issuer: str, *, dry_run: bool) -> Recorded:
    try:
        recorded = record_facts(store, issuer, batch.drafts, clock=wiring.recording_clock(), dry_run=dry_run)
    except CannotStand as refused:
        raise _not_recorded(refused, batch) from None
    return recorded if dry_run else acknowledged(recorded)


def acknowledged(recorded: Recorded) -> Recorded:
    """What was recorded stands, whatever goes wrong in reporting it."""
    numbers = [entry.number for entry in recorded.entries] or [number for _, number in recorded.already]
    if numbers:
        stands(f"recorded as entr{'y' if len(numbers) == 1 else 'ies'} {_range(numbers)}")
    return recorded


def _range(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]:,} to {numbers[-1]:,}"


def _not_recorded(refused: CannotStand, batch: Batch) -> Failure:
    named = all(problem.field not in (None, "replaces", "event", "command_id") for problem in refused.problems)
    return (BadInput if named else Refused)([_line_of(problem, batch) for problem in refused.problems])


def _line_of(problem: Problem, batch: Batch) -> str:
    """A problem at its place: line and field of a file, or the option of a command."""
    # What stops working may be an entry recorded long ago; then the file is to blame as a whole.
    known = problem.index >= 0 or len(batch.places) == 1
    place = batch.places[problem.index] if known else batch.places[0].rpartition(":")[0]
    if ":" in place or not known:
        return f"{place}: {problem.field or 'refused'}: {problem.message}"
    if problem.field in (None, "event"):
        return f"refused: {problem.message}"
    flag = "ENTRY" if problem.field == "replaces" and place in ("correct", "withdraw") else flag_of(str(problem.field))
    return f"{flag}: {problem.message}"


# --- what is said of a recording ----------------------------------------------------------------------------------


def _print(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> None:
    _print_already(store, issuer, recorded)
    if not recorded.entries:
        return
    verb = "Would record" if dry_run else "Recorded"
    if len(recorded.entries) == 1:
        click.echo(f"{verb} entry {described(recorded.entries[0])}")
    else:
        first, last = recorded.entries[0].number, recorded.entries[-1].number
        click.echo(f"{verb} {len(recorded.entries):,} entries, {first} to {last}, for {issuer}")
    _print_effects(store, issuer, recorded, dry_run=dry_run)
    if not dry_run:
        click.echo(f"  Head {recorded.head.number} · {output.short(recorded.head.hash)}")


def _print_already(store: SqlEventStore, issuer: str, recorded: Recorded) -> None:
    if not recorded.already:
        return
    shown = [number for _, number in recorded.already[:MANY]]
    replaced_by = {entry.replaces: entry.number for entry in store.numbered(issuer, shown)}
    for draft, number in recorded.already[:MANY]:
        gone = f", which entry {replaced_by[number]} replaces" if replaced_by.get(number) else ""
        hint = "" if draft.replaces or len(recorded.already) > 1 else "; if it happened twice, give the second a --command-id"
        output.say(f"already recorded as entry {number}{gone}{hint}")
    if len(recorded.already) > MANY:
        output.say(f"and {len(recorded.already) - MANY:,} more that are already recorded")


# Beyond this many, a list of what needs no action only hides what does.
MANY = 20


def described(entry: Entry) -> str:
    """An entry in a line: its number, what it records, of how many shares of what, and its day."""
    event: Any = entry.event
    quantity = getattr(event, "shares", None) or getattr(event, "options", None)
    subject = getattr(event, "share_class", None) or getattr(event, "scheme", None) or getattr(event, "mandate", None)
    number = f"{quantity:,}" if quantity else None
    parts = [str(entry.number), words(type(event)), subject, number, f"effective {output.day(event.effective_on)}"]
    return "   ".join(part for part in parts if part)


def _print_effects(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> None:
    ledger = ledger_with(store, issuer, recorded.entries, dry_run=dry_run)
    changed = change(ledger, recorded.entries)
    rows = [*_balances(changed), *_headrooms(changed)]
    if rows:
        output.table(("", ""), rows)
    for finding in _findings(ledger, recorded):
        click.echo(f"  {finding.code} {finding.message}  [{finding.citation}; {finding.confidence}]")
    for filing in filings_touched(store, issuer, ledger, recorded.entries):
        number = filing.entry.number
        click.echo(f"  Filed already: {filing.name} would read otherwise now (captable filings diff {number})")
    for line in _due(ledger, recorded):
        click.echo(line)


def _findings(ledger: Ledger, recorded: Recorded) -> tuple[Finding, ...]:
    try:
        return new_findings(ledger, recorded.entries, trading_days())
    except (OSError, ValueError):
        # A file of trading days that cannot be read is reported with what is due.
        return new_findings(ledger, recorded.entries)


def _due(ledger: Ledger, recorded: Recorded) -> list[str]:
    try:
        return due_after(ledger, recorded.entries, trading_days(), wiring.clock())
    except (OSError, ValueError) as error:
        # What is recorded stays recorded, whatever the file of trading days says.
        return [f"  Due: not computed, {error}"]


CAPTIONS = {
    "authorised": "authorised",
    "issued_excluding_treasury": "issued (excl. treasury)",
    "treasury": "treasury",
    "pending_cancellation": "pending cancellation",
}


def _balances(changed: BeforeAndAfter) -> Iterable[tuple[str, str]]:
    for effect in effects(changed):
        for name, caption in CAPTIONS.items():
            before, after = getattr(effect.before, name, 0), getattr(effect.after, name)
            if before != after and after is not None:
                yield f"  {effect.after.share_class} {caption}", f"{before or 0:,} → {after:,}{_share_of(name, before, after)}"


def _share_of(name: str, before: int | None, after: int) -> str:
    if name != "issued_excluding_treasury" or not before:
        return ""
    from domain.returns.documents import Percentage

    percent = str(Percentage(after - before, before, 4))
    sign = "+" if after > before else "-"
    return "" if percent == "0" else f"   ({sign}{percent} % of the class)"


def _headrooms(changed: BeforeAndAfter) -> Iterable[tuple[str, str]]:
    for effect in headroom_effects(changed):
        yield f"  Mandate {effect.mandate}", f"headroom {effect.before:,} → {effect.after:,}"


def _print_json(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> None:
    output.as_json(summary(store, issuer, recorded, dry_run=dry_run))


def summary(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> dict[str, Any]:
    """What a recording changed, or would, as JSON holds it."""
    entries = recorded.entries
    ledger = ledger_with(store, issuer, entries, dry_run=dry_run) if entries else Ledger.of(())
    changed = effects(change(ledger, entries)) if entries else ()
    touched = filings_touched(store, issuer, ledger, entries) if entries else []
    return {
        "issuer": issuer,
        "recorded": [] if dry_run else [entry.number for entry in entries],
        "would_record": [entry.number for entry in entries] if dry_run else [],
        "already_recorded": [number for _, number in recorded.already],
        "effects": [attrs.asdict(effect) for effect in changed],
        "findings": [attrs.asdict(finding) for finding in _findings(ledger, recorded)],
        "due": [line.strip() for line in _due(ledger, recorded)],
        "filings_touched": [filing.entry.number for filing in touched],
        "head": {"number": recorded.head.number, "hash": recorded.head.hash},
    }
