"""`captable verify`, `head`, `backup`, `restore` and `doctor`: that the store is whole, and stays so."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import attrs
import click

from cli import options, output, wiring
from cli.errors import DAMAGED, EXIT_CODES, FINDINGS
from cli.session import stands
from cli.wiring import DEMO_STORE, STORE, location, opened, trading_days
from domain.capital.head import Head
from infrastructure.backups import copied
from infrastructure.diagnosis import Finding, examined
from infrastructure.head_receipts import Outcome, Receipt, compared, read, read_key, written

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
@options.as_json
@options.store
@click.pass_context
def verify(ctx: click.Context, receipts: tuple[str, ...], key_file: str | None, as_json: bool, store: str | None) -> None:
    """Recompute the hash chain over every column of every entry, and fold every book again. Exit code 4 where it breaks.

    A chain does not show what was cut off its end: compare with a receipt of captable head that was kept elsewhere.

    \b
    Examples:
      captable verify
      captable verify --head head-2024-12.json
    """
    given = [_receipt(Path(name), key_file) for name in receipts]
    with opened(store) as books:
        heads = books.verified()
    verdicts = compared(location(store, create=False), given) if given else []
    if as_json:
        result = {code: {"entries": head.number, "hash": head.hash} for code, head in heads.items()}
        output.as_json({"books": result, "receipts": [attrs.asdict(each) for each in verdicts]} if given else result)
    else:
        _tell_heads(heads)
        _tell_verdicts(verdicts)
    ctx.exit(EXIT_CODES[DAMAGED] if any(each.wrong for each in verdicts) else 0)


def _tell_heads(heads: dict[str, Head]) -> None:
    for code, head in heads.items():
        click.echo(f"{code}: {head.number:,} entries, chain whole. Head {head.number} · {head.hash}")
    if not heads:
        click.echo("the store is whole, and empty")


def _tell_verdicts(verdicts: list[Outcome]) -> None:
    for each in verdicts:
        receipt = f"the receipt of {output.moment(each.made_at)}"
        if each.wrong:
            output.say(f"{each.wrong} ({receipt})")
        else:
            click.echo(f"{each.issuer}: still holds entry {each.head.number:,} of {receipt}")


def _receipt(path: Path, key: str | None) -> Receipt:
    return read(path, read_key(Path(key)) if key else None)


@click.command()
@key_file
@options.output
@options.as_json
@options.store
def head(key_file: str | None, path: str | None, as_json: bool, store: str | None) -> None:
    """Print where every book ends, or write it down as a receipt, to be kept where the store is not.

    captable verify --head compares it later: with what was cut off, and with a history that was rewritten.

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
    rows = [
        [code, f"{each.number:,}", each.hash, output.moment(each.recorded_at) if each.recorded_at else ""]
        for code, each in heads.items()
    ]
    output.table(("issuer", "entry", "hash", "recorded"), rows, right=(1,))


@click.command()
@click.argument("target", metavar="FILE", type=click.Path())
@options.as_json
@options.store
def backup(target: str, as_json: bool, store: str | None) -> None:
    """Copy the store to a file, also while others record, and read the copy again before it is kept.

    An existing file is never overwritten.

    \b
    Example:
      captable backup captable-2024-12-17.db
    """
    source = location(store, create=False)
    _tell_copy(copied(source, target, clock=wiring.clock), target, as_json=as_json)


@click.command()
@click.argument("source", metavar="FILE", type=click.Path())
@options.as_json
@options.store
def restore(source: str, as_json: bool, store: str | None) -> None:
    """Make a store of a backup, after every entry of it was verified. An existing store is never overwritten.

    \b
    Example:
      captable restore captable-2024-12-17.db --store captable.db
    """
    target = location(store, create=True)
    _tell_copy(copied(source, target, clock=wiring.clock), target, as_json=as_json)


def _tell_copy(heads: dict[str, Head], target: str, *, as_json: bool) -> None:
    stands(f"{target} was made and verified")
    if as_json:
        output.as_json(
            {"file": target, "books": {code: {"entries": each.number, "hash": each.hash} for code, each in heads.items()}}
        )
        return
    entries = sum(each.number for each in heads.values())
    click.echo(f"{target}: {_books(len(heads))}, {entries:,} entries, chain whole")
    for code, each in heads.items():
        click.echo(f"  {code}   Head {each.number} · {output.short(each.hash)}")


def _books(number: int) -> str:
    return f"{number:,} book{'' if number == 1 else 's'}"


MARKS = {"ok": "ok", "note": "note", "trouble": "TROUBLE"}


@click.command()
@options.calendar
@options.as_json
@options.store
@click.pass_context
def doctor(ctx: click.Context, calendar: str | None, as_json: bool, store: str | None) -> None:
    """Look at this installation and the store, and say what to do. Exit code 1 where something is in trouble.

    \b
    Example:
      captable doctor
    """
    found = examined(_looked_at(store), clock=wiring.clock, calendar=partial(trading_days, calendar))
    if as_json:
        output.as_json([attrs.asdict(each) for each in found])
    else:
        output.table(("", "", "", ""), [_row(each) for each in found])
    ctx.exit(EXIT_CODES[FINDINGS] if any(each.state == "trouble" for each in found) else 0)


def _looked_at(store: str | None) -> str:
    """The store that is meant; the demo's where that is the only one in the folder, since nothing is recorded."""
    only_demo = store is None and not Path(STORE).exists() and Path(DEMO_STORE).exists()
    return DEMO_STORE if only_demo else location(store, create=True)


def _row(found: Finding) -> list[str]:
    return [MARKS[found.state], found.name, found.value, found.advice]
