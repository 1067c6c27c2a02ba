"""`captable history`, `show`, `check`, `verify` and `export`: what the book holds, and that it is whole."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import click

from application import ask
from cli import options, output
from cli.commands.record import words
from cli.errors import EXIT_CODES, FINDINGS
from cli.wiring import book, opened
from domain.balances import replay
from domain.position import Position
from domain.findings import findings
from domain.history import Entry, in_effect
from infrastructure.event_codec import encode


@click.command()
@options.known_at
@options.as_json
@options.issuer
@options.store
def history(known_at: datetime | None, as_json: bool, issuer: str | None, store: str | None) -> None:
    """All entries in the order of recording, the replaced ones too."""
    with book(store, issuer) as (books, code):
        lines = ask.history(books, code, known_at)
    if as_json:
        output.as_json([{**_entry(line.entry), "replaced_by": line.replaced_by} for line in lines])
        return
    rows = [_history_row(line) for line in lines]
    output.table(("entry", "effective", "event", "class", "number", "recorded", "by", "note"), rows, right=(0, 4))


def _history_row(line: ask.Line) -> list[str]:
    entry, event = line.entry, line.entry.event
    subject = next((str(value) for name in ("share_class", "from_class", "scheme", "mandate") if (value := getattr(event, name, None))), "")
    quantity = next((value for name in ("shares", "options", "held") if (value := getattr(event, name, None)) is not None), None)
    notes = [f"replaces {entry.replaces}" if entry.replaces else "", f"replaced by {line.replaced_by}" if line.replaced_by else ""]
    return [
        str(entry.number),
        output.day(event.effective_on),
        words(type(event)),
        subject,
        "" if quantity is None else f"{quantity:,}",
        output.moment(entry.recorded_at),
        entry.recorded_by,
        ", ".join(note for note in notes if note),
    ]


def _entry(entry: Entry) -> dict[str, Any]:
    said = json.loads(encode(entry.event))
    envelope = {"source": entry.source, "replaces": entry.replaces, "recorded_by": entry.recorded_by, "command_id": entry.command_id}
    return {"entry": entry.number, "recorded_at": entry.recorded_at.isoformat(), "event": type(entry.event).__name__, **said, **envelope}


@click.command()
@click.argument("number", type=int, metavar="ENTRY")
@options.as_json
@options.issuer
@options.store
def show(number: int, as_json: bool, issuer: str | None, store: str | None) -> None:
    """One entry: its fields, the movements it stands for, where it comes from."""
    with book(store, issuer) as (books, code):
        line = ask.entry(books, code, number)
        posted = {each.entry.number: each for each in replay(in_effect(books.entries(code)), Position())}
    moves = posted[number].movements if number in posted else ()
    if as_json:
        output.as_json({**_entry(line.entry), "replaced_by": line.replaced_by, "movements": [move._asdict() for move in moves]})
        return
    rows = [[name.replace("_", " "), _plain(value)] for name, value in _entry(line.entry).items() if value not in (None, "")]
    rows += [["replaced by", f"entry {line.replaced_by}"]] if line.replaced_by else []
    rows += [["moves", f"{move.quantity:,} {move.book} {move.code}: {move.source} → {move.target}"] for move in moves]
    output.table(("", ""), rows)


def _plain(value: Any) -> str:
    return f"{value:,}" if type(value) is int else str(value)


@click.command()
@options.as_json
@options.issuer
@options.store
@click.pass_context
def check(ctx: click.Context, as_json: bool, issuer: str | None, store: str | None) -> None:
    """Every finding: what is recorded and yet irregular. Exit code 1 where there is one."""
    with book(store, issuer) as (books, code):
        found = findings(books.entries(code))
    if as_json:
        output.as_json([attrs.asdict(finding) for finding in found])
    for finding in () if as_json else found:
        entries = ", ".join(map(str, finding.entries))
        click.echo(f"{finding.code} {finding.message}  (entry {entries}) [{finding.citation}; {finding.confidence}]")
    output.say(f"{len(found)} finding{'' if len(found) == 1 else 's'}")
    ctx.exit(EXIT_CODES[FINDINGS] if found else 0)


@click.command()
@options.as_json
@options.store
def verify(as_json: bool, store: str | None) -> None:
    """Recompute the hash chain over every column of every entry, and fold every book again. Exit code 4 where it breaks."""
    with opened(store) as books:
        heads = {code: books.verify(code) for code in books.issuers()}
        for code in heads:
            for _ in replay(in_effect(books.entries(code)), Position()):
                pass
    if as_json:
        output.as_json({code: {"entries": head.number, "hash": head.hash} for code, head in heads.items()})
        return
    for code, head in heads.items():
        click.echo(f"{code}: {head.number:,} entries, chain whole. Head {head.number} · {head.hash}")
    if not heads:
        click.echo("the store is whole, and empty")


@click.command()
@options.output
@options.issuer
@options.store
def export(output: str | None, issuer: str | None, store: str | None) -> None:
    """Write a book as JSON Lines, one entry a line; `record --file` makes an identical book of it."""
    with book(store, issuer) as (books, code):
        lines = [json.dumps(_exported(entry), ensure_ascii=False) for entry in books.entries(code)]
    content = ("\n".join(lines) + "\n").encode()
    if output not in (None, "-"):
        Path(str(output)).write_bytes(content)
        click.echo(f"{len(lines):,} entries written to {output}", err=True)
    else:
        sys.stdout.buffer.write(content)


def _exported(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in _entry(entry).items() if value is not None and name not in ("entry", "recorded_at")}
