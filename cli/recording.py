"""How facts are recorded from the command line: drafts, what a recording changed, and why it was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from application import ask
from application.due import due_after
from application.effects import (
    BeforeAndAfter,
    balance_changes,
    before_and_after,
    effects,
    filings_touched,
    ledger_with,
    new_findings,
    passed_before,
)
from application.record import CannotStand, DraftProblem, Recorded
from application.record import record as record_facts
from cli import output, wiring
from cli.answers import Answer
from cli.entries import COLUMNS, as_row, described, difference
from cli.event_options import command_name, flag_of
from cli.layout import TextTable
from cli.session import stands
from cli.wiring import is_new, opened, rehearsal, trading_days, user
from domain import events
from domain.capital.entries import Draft
from domain.capital.ledger import Ledger, Passed
from domain.errors import BadInput, Failure, Refused, Worded
from domain.events import Event
from domain.law.rule import Finding
from infrastructure.event_store import SqlEventStore
from infrastructure.readers.records import Batch, envelope
from infrastructure.readers.values import build

if TYPE_CHECKING:
    from domain.returns.filed import Filing


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


def keep(batch: Batch, store: str | None, issuer: str | None, *, dry_run: bool) -> Answer:
    """Record a batch in the store meant: what it changed. A batch that registers an issuer may make the store."""
    code = _founded(batch)
    if code is not None and issuer not in (None, code):
        raise BadInput([f"--issuer: {issuer} is not the issuer that is registered here, {code}"])
    if code is not None and is_new(store):
        # Nothing is made, not even an empty store, unless the facts can stand.
        with rehearsal() as books:
            rehearsed = _recorded(books, batch, code, dry_run=True)
            if dry_run:
                return answer(books, code, rehearsed, dry_run=True)
    with opened(store, create=code is not None and not dry_run, writable=not dry_run) as books:
        return report(books, batch, code or ask.which_issuer(books, issuer), dry_run=dry_run)


def report(store: SqlEventStore, batch: Batch, issuer: str, *, dry_run: bool) -> Answer:
    """Record a batch in an open store: what it changed. Raises BadInput or Refused with a line for every problem."""
    return answer(store, issuer, _recorded(store, batch, issuer, dry_run=dry_run), dry_run=dry_run)


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
    return (BadInput if named else Refused)([Worded(_line_of, (problem, batch)) for problem in refused.problems])


def _line_of(problem: DraftProblem, batch: Batch) -> str:
    """A problem at its place: line and field of a file, or the option of a command."""
    # What stops working may be an entry recorded long ago; then the file is to blame as a whole.
    known = problem.index >= 0 or len(batch.places) == 1
    place = batch.places[problem.index] if known else batch.places[0].rpartition(":")[0]
    if ":" in place or not known:
        return f"{place}: {problem.field or 'refused'}: {problem.message}"
    of_an_entry = problem.field == "replaces" and place in ("correct", "withdraw", "release")
    if problem.field in (None, "event") or of_an_entry:
        return f"refused: {problem.message}"
    return f"{flag_of(str(problem.field))}: {problem.message}"


# --- what a recording changed -------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Effects:
    """What a recording changed, or would: the positions before and after it, and what follows from it."""

    positions: BeforeAndAfter | None = None
    findings: Sequence[Finding] = ()
    filings: Sequence[Filing] = ()
    due: Sequence[str] = ()


def _effects(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> Effects:
    if not recorded.entries:
        return Effects()
    ledger = ledger_with(store, issuer, recorded.facts, dry_run=dry_run or bool(recorded.waiting))
    start = passed_before(ledger, recorded.facts)
    return Effects(
        positions=before_and_after(ledger, recorded.facts, start),
        findings=_findings(ledger, recorded, start),
        filings=filings_touched(store, issuer, ledger, recorded.facts),
        due=_due(ledger, recorded, start),
    )


def answer(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> Answer:
    """What a recording changed, or would."""
    found = _effects(store, issuer, recorded, dry_run=dry_run)
    return Answer(
        content=_summary(issuer, recorded, found, dry_run=dry_run),
        rows=[as_row(entry) for entry in recorded.entries],
        columns=COLUMNS,
        text=lambda: _text(issuer, recorded, found, dry_run=dry_run) if recorded.entries else (),
        aside="\n".join(_already(store, issuer, recorded)) or None,
    )


def _text(issuer: str, recorded: Recorded, found: Effects, *, dry_run: bool) -> Iterator[str | TextTable]:
    verb = "Would record" if dry_run else "Recorded"
    if len(recorded.entries) == 1:
        yield f"{verb} entry {described(recorded.entries[0])}"
    else:
        first, last = recorded.entries[0].number, recorded.entries[-1].number
        yield f"{verb} {len(recorded.entries):,} entries, {first} to {last}, for {issuer}"
    if recorded.waiting:
        numbers = " ".join(map(str, recorded.waiting))
        yield f"  Nothing changes until another person releases {'it' if len(recorded.waiting) == 1 else 'them'}:"
        yield f"  captable release {numbers} --by NAME. Then:"
    yield TextTable(("", ""), list(_differences(found.positions)) if found.positions else [])
    for finding in found.findings:
        yield f"  {finding.code} {finding.message}  [{finding.citation}; {finding.confidence}]"
    for filing in found.filings:
        number = filing.entry.number
        yield f"  Filed return affected: {filing.name} (captable filings diff {number})"
    yield from found.due
    if not dry_run:
        yield f"  Head {recorded.head.number} · {output.short(recorded.head.hash)}"


def _already(store: SqlEventStore, issuer: str, recorded: Recorded) -> Iterator[str]:
    if not recorded.already:
        return
    shown = [number for _, number in recorded.already[:MANY]]
    replaced_by = {entry.replaces: entry for entry in store.numbered(issuer, shown)}
    for draft, number in recorded.already[:MANY]:
        alone = not draft.replaces and len(recorded.already) == 1
        hint = "; if it happened twice, give the second a --command-id" if alone else ""
        by = replaced_by.get(number)
        if by is not None and isinstance(by.event, events.EntryWithdrawn):
            hint = f"; to record it after all: --replaces {by.number}" if alone else ""
            yield f"already recorded as entry {number}, and withdrawn by entry {by.number}: it does not count{hint}"
        else:
            yield f"already recorded as entry {number}{f', which entry {by.number} replaces' if by else ''}{hint}"
    if len(recorded.already) > MANY:
        yield f"and {len(recorded.already) - MANY:,} more that are already recorded"


# Beyond this many, a list of what needs no action only hides what does.
MANY = 20


def _findings(ledger: Ledger, recorded: Recorded, start: Passed) -> tuple[Finding, ...]:
    try:
        return new_findings(ledger, recorded.facts, trading_days(), start)
    except (OSError, ValueError):
        # A file of trading days that cannot be read is reported with what is due.
        return new_findings(ledger, recorded.facts, start=start)


def _due(ledger: Ledger, recorded: Recorded, start: Passed) -> list[str]:
    try:
        return due_after(ledger, recorded.facts, trading_days(), wiring.clock(), start)
    except (OSError, ValueError) as error:
        # What is recorded stays recorded, whatever the file of trading days says.
        return [f"  Due: not computed, {error}"]


def _differences(changed: BeforeAndAfter) -> Iterator[tuple[str, str]]:
    for each in balance_changes(changed):
        caption, said = difference(each)
        yield f"  {caption}", said + _share_of(each.name, each.before, each.after)


def _share_of(name: str, before: int, after: int) -> str:
    if name != "issued_excluding_treasury" or not before:
        return ""
    from domain.returns.cells import Percentage

    percent = str(Percentage(after - before, before, 4))
    sign = "+" if after > before else "-"
    return "" if percent == "0" else f"   ({sign}{percent} % of the class)"


def summary(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> dict[str, Any]:
    """What a recording changed, or would, as JSON holds it."""
    return _summary(issuer, recorded, _effects(store, issuer, recorded, dry_run=dry_run), dry_run=dry_run)


def _summary(issuer: str, recorded: Recorded, found: Effects, *, dry_run: bool) -> dict[str, Any]:
    numbers = [entry.number for entry in recorded.entries]
    changed = effects(found.positions) if found.positions else ()
    return {
        "issuer": issuer,
        "recorded": [] if dry_run else numbers,
        "would_record": numbers if dry_run else [],
        **({"waiting": list(recorded.waiting)} if recorded.waiting else {}),
        "already_recorded": [number for _, number in recorded.already],
        "effects": [attrs.asdict(effect) for effect in changed],
        "findings": [attrs.asdict(finding) for finding in found.findings],
        "due": [line.strip() for line in found.due],
        "filings_touched": [filing.entry.number for filing in found.filings],
        "head": {"number": recorded.head.number, "hash": recorded.head.hash},
    }
