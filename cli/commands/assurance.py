"""`captable verify`, `head`, `backup`, `restore` and `doctor`: that the store is whole, and stays so."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import attrs
import click

from cli import options, output, wiring
from cli.answers import Answer, answering
from cli.errors import DAMAGED, FINDINGS
from cli.layout import TextTable, echo
from cli.session import stands
from cli.wiring import DEMO_STORE, STORE, location, opened, trading_days
from domain.capital.head import Head
from domain.errors import BadInput
from infrastructure.backups import copied
from infrastructure.diagnosis import examined
from infrastructure.head_receipts import HeadCheck, Receipt, compared, read, read_key, written

key_file = click.option(
    "--key-file", type=click.Path(dir_okay=False), metavar="FILE", help="Sign, or check, with the key in this file (HMAC-SHA256)."
)


@click.command()
@click.option(
    "--head",
    "receipts",
    type=click.Path(dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Compare with a head receipt; may be given several times.",
)
@key_file
@answering()
@options.store
def verify(receipts: tuple[str, ...], key_file: str | None, store: str | None) -> Answer:
    """Recompute the hash chain over every column of every entry, and fold every book again. Exit code 4 where it breaks.

    A hash chain cannot detect entries removed from its end: compare with a receipt of captable head that was kept elsewhere.

    \b
    Examples:
      captable verify
      captable verify --head head-2024-12.json
    """
    given = [read(Path(name), read_key(Path(key_file)) if key_file else None) for name in receipts]
    with opened(store) as books:
        heads = books.verified()
    comparisons = compared(location(store, create=False), given) if given else []
    plain = {code: {"entries": head.number, "hash": head.hash} for code, head in heads.items()}
    whole = [f"{code}: {head.number:,} entries, chain intact. Head {head.number} · {head.hash}" for code, head in heads.items()]
    held = [f"{each.issuer}: still holds entry {each.head.number:,} of {_of(each)}" for each in comparisons if not each.wrong]
    return Answer(
        content={"books": plain, "receipts": [attrs.asdict(each) for each in comparisons]} if given else plain,
        rows=[{"issuer": code, **row} for code, row in plain.items()],
        columns=("issuer", "entries", "hash"),
        text=lambda: [*(whole or ["the store is intact and empty"]), *held],
        said=[f"{each.wrong} ({_of(each)})" for each in comparisons if each.wrong],
        code=DAMAGED if any(each.wrong for each in comparisons) else 0,
    )


def _of(each: HeadCheck) -> str:
    return f"the receipt of {output.moment(each.made_at)}"


@click.command()
@key_file
@options.output
@options.as_json
@options.store
def head(key_file: str | None, path: str | None, as_json: bool, store: str | None) -> None:
    """Print the number and hash of each book's last entry, or save them as a receipt to keep outside the store.

    captable verify --head compares it later, and so detects entries removed from the end and a rewritten history.

    \b
    Examples:
      captable head
      captable head -o head-2024-12.json
      captable head --key-file registrar.key -o head-2024-12.json
    """
    key = read_key(Path(key_file)) if key_file else None
    with opened(store) as books:
        heads = {code: books.head(code) for code in books.issuers()}
    if path or as_json or key:
        output.give(
            written(Receipt(heads, wiring.clock()), key),
            path,
            f"the heads of {len(heads):,} book{'' if len(heads) == 1 else 's'}",
        )
        return
    rows = [(code, each.number, each.hash, each.recorded_at) for code, each in heads.items()]
    echo([TextTable(("issuer", "entry", "hash", "recorded"), rows)])


@click.command()
@click.argument("target", metavar="FILE", type=click.Path())
@answering()
@options.store
def backup(target: str, store: str | None) -> Answer:
    """Copy the store to a file, also while others record, and read the copy again before it is kept.

    An existing file is never overwritten.

    \b
    Example:
      captable backup captable-2024-12-17.db
    """
    source = location(store, create=False)
    return _copy(copied(source, target, clock=wiring.clock), target)


@click.command()
@click.argument("source", metavar="FILE", type=click.Path())
@answering()
@options.store
def restore(source: str, store: str | None) -> Answer:
    """Restore a backup after verifying every entry. An existing store is never overwritten.

    \b
    Example:
      captable restore captable-2024-12-17.db --store captable.db
    """
    target = location(store, create=True)
    if not Path(source).exists():
        raise BadInput(f"there is no backup at {source}")
    return _copy(copied(source, target, clock=wiring.clock), target)


def _copy(heads: dict[str, Head], target: str) -> Answer:
    stands(f"{target} was made and verified")
    plain = {code: {"entries": each.number, "hash": each.hash} for code, each in heads.items()}
    entries = sum(each.number for each in heads.values())
    said = [f"{target}: {_books(len(heads))}, {entries:,} entries, chain intact"]
    said += [f"  {code}   Head {each.number} · {output.short(each.hash)}" for code, each in heads.items()]
    return Answer(
        content={"file": target, "books": plain},
        rows=[{"issuer": code, **row} for code, row in plain.items()],
        columns=("issuer", "entries", "hash"),
        text=lambda: said,
    )


def _books(number: int) -> str:
    return f"{number:,} book{'' if number == 1 else 's'}"


MARKS = {"ok": "ok", "note": "note", "trouble": "TROUBLE"}


@click.command()
@options.calendar
@answering()
@options.store
def doctor(calendar: str | None, store: str | None) -> Answer:
    """Check this installation and the store; suggest repairs. Exit code 1 if something is in trouble.

    \b
    Example:
      captable doctor
    """
    found = examined(_looked_at(store), clock=wiring.clock, calendar=partial(trading_days, calendar))
    rows = [attrs.asdict(each) for each in found]
    table = TextTable(("",) * 4, [(MARKS[each.state], each.name, each.value, each.advice) for each in found])
    code = FINDINGS if any(each.state == "trouble" for each in found) else 0
    return Answer(content=rows, rows=rows, text=lambda: [table], code=code)


def _looked_at(store: str | None) -> str:
    """The store that is meant; the demo's where that is the only one in the folder, since nothing is recorded."""
    only_demo = store is None and not Path(STORE).exists() and Path(DEMO_STORE).exists()
    return DEMO_STORE if only_demo else location(store, create=True)
