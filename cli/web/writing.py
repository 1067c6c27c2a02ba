"""Recording through the API: the records of a file, sent as JSON, under a key that makes sending them again harmless; release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from application.record import CannotStand, DraftProblem, Recorded
from application.record import record as record_facts
from application.release import releasing
from cli.recording import summary
from cli.web.asked import BadQuery
from cli.web.desk import Desk
from cli.wiring import recording_clock
from domain.capital.entries import Draft
from domain.errors import BadInput, Refused, Worded
from domain.events import EntryReleased
from infrastructure.event_store import SqlEventStore
from infrastructure.readers.records import Batch, read_records

KEY = "Idempotency-Key"
MOST_RECORDS = 1_000
"""How many records one request may send."""


def record(desk: Desk, code: str, body: bytes, key: str, by: str, *, dry_run: bool) -> tuple[dict[str, Any], bool]:
    """Record what was sent into the book of an issuer; what it changed, and whether anything was new.

    Each record has the key and its place as its command id. Raises BadInput, Refused, NotFound or Conflict.
    """
    issuer = desk.allowed(code)
    drafts = [
        attrs.evolve(draft, recorded_by=by, command_id=_command_id(key, place))
        for place, draft in enumerate(_drafts(body, by), 1)
    ]
    return _kept(desk, issuer, drafts, dry_run=dry_run)


def release(desk: Desk, code: str, number: int, key: str, by: str, *, dry_run: bool) -> tuple[dict[str, Any], bool]:
    """Release an entry that another person recorded, and answer as `record` does, under its key if it has one.

    Raises NotFound, Refused or Conflict.
    """
    issuer = desk.allowed(code)
    draft = releasing(desk.store, issuer, number, by, _command_id(key, 1) if key else "")
    return _kept(desk, issuer, [draft], dry_run=dry_run)


def _kept(desk: Desk, issuer: str, drafts: Sequence[Draft], *, dry_run: bool) -> tuple[dict[str, Any], bool]:
    recorded = _recorded(desk.store, issuer, drafts, dry_run=dry_run)
    return summary(desk.store, issuer, recorded, dry_run=dry_run), bool(recorded.entries)


def propose(desk: Desk, code: str, body: bytes, by: str) -> dict[str, Any]:
    """What recording would change; nothing is written. Raises as `record` does."""
    issuer = desk.allowed(code)
    return summary(desk.store, issuer, _recorded(desk.store, issuer, _drafts(body, by), dry_run=True), dry_run=True)


def _recorded(store: SqlEventStore, issuer: str, drafts: Sequence[Draft], *, dry_run: bool) -> Recorded:
    try:
        return record_facts(store, issuer, drafts, clock=recording_clock(), dry_run=dry_run)
    except CannotStand as refused:
        raise Refused([Worded(_said, (problem, drafts)) for problem in refused.problems]) from None


def _said(problem: DraftProblem, drafts: Sequence[Draft]) -> str:
    """A problem at its place among several facts; why an entry is not released has none."""
    if isinstance(drafts[problem.index].event, EntryReleased) and len(drafts) == 1:
        return str(problem.message)
    place = f"record {problem.index + 1}: " if problem.index >= 0 else ""
    return place + (f"{problem.field}: " if problem.field else "") + str(problem.message)


def _drafts(body: bytes, by: str) -> Sequence[Draft]:
    """The records of a request. Raises BadInput with a line for every problem."""
    batch = _batch(body, by)
    if batch.problems:
        raise BadInput([str(problem).replace(f"{_NAME}:", "record ", 1) for problem in batch.problems])
    if not 1 <= len(batch.drafts) <= MOST_RECORDS:
        raise BadInput([f"expected 1 to {MOST_RECORDS:,} records, got {len(batch.drafts):,}"])
    return batch.drafts


_NAME = "request.jsonl"


def _batch(body: bytes, by: str) -> Batch:
    try:
        written = msgspec.json.decode(body, type=msgspec.Raw)
        records = msgspec.json.decode(body, type=list[msgspec.Raw]) if bytes(written).lstrip()[:1] == b"[" else [written]
    except msgspec.DecodeError as error:
        raise BadInput([f"expected a record or a list of records as JSON: {error}"]) from None
    lines = b"\n".join(msgspec.json.format(bytes(each), indent=-1) for each in records)
    return read_records(_NAME, lines, recorded_by=by)


def _command_id(key: str, place: int) -> str:
    return f"{key}/{place}"


def key_of(written: str | None) -> str:
    """The idempotency key of a request. Raises BadQuery."""
    if not written or len(written) > 150 or not written.isascii() or not written.isprintable():
        raise BadQuery(KEY, "expected a header of 1 to 150 printable characters, a new one for each thing that is recorded")
    return written
