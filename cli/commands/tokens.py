"""`captable admin token`: who may ask `captable serve` on another address than this machine's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import click

from cli import options, output, wiring
from cli.answers import Answer, answering
from cli.layout import TextTable
from cli.wiring import location
from domain.errors import BadInput
from domain.law.business_days import HONG_KONG
from infrastructure import book_reader, tokens
from infrastructure.database import Database
from infrastructure.opening import open_database
from infrastructure.readers.values import quoted
from infrastructure.tokens import Token

SCOPES = ("read", "write")
DAYS = 90
"""For how many days a token is good unless its end is given."""


@click.group(invoke_without_command=True, short_help="Tokens for captable serve: create, list, revoke.")
@click.pass_context
def token(ctx: click.Context) -> None:
    """Tokens with which programs and people on other machines use captable serve.

    \b
    Examples:
      captable admin token create "Ms Chan" --issuer 00020
      captable admin token list
      captable admin token revoke 3f2a91c0
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@token.command(short_help="Make a token; its secret is printed once.")
@click.argument("name")
@click.option("--scope", type=click.Choice(SCOPES), default=SCOPES[0], show_default=True, help="Whether the token may record.")
@click.option("--issuer", "issuers", multiple=True, metavar="CODE", help="Only for this book; may be repeated (default: all).")
@click.option("--expires", type=options.Day(), help=f"Valid until the close of this day (default: {DAYS} days).")
@options.store
def create(name: str, scope: str, issuers: tuple[str, ...], expires: date | None, store: str | None) -> None:
    """Make a token for somebody. Its secret is printed once, and only its hash is kept.

    \b
    Examples:
      captable admin token create "Ms Chan" --issuer 00020 --expires 2025-06-30
      captable admin token create "registrar's system" --scope write --issuer 00020
    """
    now = wiring.clock()
    ends = datetime.combine(expires, time.max, HONG_KONG) if expires else now + timedelta(days=DAYS)
    if ends <= now:
        raise BadInput(f"--expires: {output.day(ends.date())} is over")
    if not name.strip() or not name.isprintable() or len(name) > 200:
        raise BadInput("NAME: expected 1 to 200 printable characters")
    # A code with a blank, or none at all, would be kept as the codes of other books, or of every book.
    if wrong := [code for code in issuers if not code.isprintable() or code.split() != [code]]:
        raise BadInput(f"--issuer: expected the code of a book, such as 00020, got {quoted(wrong[0])}")
    with _database(store, writable=True) as database:
        made, secret = tokens.create(database, name, scope, issuers, now, ends)
        with database.reading() as connection:
            there = book_reader.issuers(connection)
    for code in issuers:
        if code not in there:
            output.say(f"there is no book of {code} here yet; this store has: {', '.join(there) or 'none'}")
    output.say(f"Token {made.id} for {name}: {_may(made)}, until {output.moment(ends)}. The secret is not shown again.")
    click.echo(secret)


@token.command(name="list", short_help="List the tokens, without their secrets.")
@answering()
@options.store
def list_tokens(store: str | None) -> Answer:
    """Every token of a store: for whom, for which books, until when.

    \b
    Example:
      captable admin token list
    """
    with _database(store, writable=False) as database:
        found = tokens.listed(database)
    now = wiring.clock()
    rows = [_plain(each, now) for each in found]
    table = TextTable(_HEADS, [(e.id, e.name, _may(e), e.created_at, e.expires_at, _status(e, now)) for e in found])
    nothing = None if found else "there is no token"
    return Answer(content=rows, rows=rows, columns=("token",), text=lambda: [table] if found else [], aside=nothing)


_HEADS = ("token", "for", "may", "created", "expires", "status")


@token.command(short_help="Revoke a token.")
@click.argument("token_id", metavar="TOKEN")
@options.store
def revoke(token_id: str, store: str | None) -> None:
    """End a token now: a server that is running refuses it from the next request on.

    \b
    Example:
      captable admin token revoke 3f2a91c0
    """
    with _database(store, writable=True) as database:
        ended = tokens.revoke(database, token_id, wiring.clock())
    click.echo(f"Token {ended.id} for {ended.name} is revoked")


@contextmanager
def _database(store: str | None, *, writable: bool) -> Iterator[Database]:
    database = open_database(location(store, create=False), create=False, writable=writable)
    try:
        yield database
    finally:
        database.close()


def _may(each: Token) -> str:
    return f"{each.scope}s {', '.join(each.issuers) or 'every book'}"


def _status(each: Token, now: datetime) -> str:
    return "revoked" if each.revoked_at else "good" if each.is_good(now) else "expired"


def _plain(each: Token, now: datetime) -> dict[str, Any]:
    dates = {"created_at": each.created_at.isoformat(), "expires_at": each.expires_at.isoformat()}
    said = {"token": each.id, "name": each.name, "scope": each.scope, "issuers": list(each.issuers)}
    return {**said, **dates, "status": _status(each, now)}
