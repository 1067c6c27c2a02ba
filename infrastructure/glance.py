"""A glance at a store, for completion: codes, numbers and days that a book names, in a few milliseconds.

What is read is neither decoded nor checked against the hash chain; it only suggests what somebody may be about to type.
Nothing of the domain is imported, because at every press of a key a new process asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from pathlib import Path

    from infrastructure.connection import Row

ESTABLISHED_BY: Mapping[str, Mapping[str, str]] = {
    "class": {"captable.ShareClassCreated": "share_class"},
    "scheme": {"captable.SchemeAdopted": "scheme"},
    "mandate": {"captable.MandateGranted": "mandate"},
    "instrument": {"captable.WarrantsIssued": "instrument", "captable.ConvertiblesIssued": "instrument"},
    "agreement": {"captable.IssueAgreed": "agreement"},
}
"""The fields in which codes are first named, by kind and stored event; a test compares them with the domain's table."""

_FILED = "captable.ReturnFiled"


class Ask(Protocol):
    """Asks a store: the rows of a query in plain SQL."""

    def __call__(self, query: str, **given: object) -> Sequence[Row]:
        """The rows."""


Suggestion = tuple[str, str]
"""What may be typed, and what it is."""


@contextmanager
def glancing(location: str) -> Iterator[Ask]:
    """A transaction that asks a store. Raises StoreUnusable or StoreDamaged if there is none."""
    from infrastructure import store_url

    if store_url.is_server(location):
        from infrastructure.opening import open_database

        with closing(open_database(location, create=False, writable=False)) as database, database.reading() as connection:
            yield connection.rows
        return
    from infrastructure import sqlite_file

    # Not by way of a Database: it imports the domain.
    with closing(sqlite_file.connector(cast("Path", store_url.parsed(location).path), create=False, writable=False)[0]()) as file:
        yield lambda query, **given: file.execute(query, given).fetchall()


def issuers(ask: Ask) -> list[str]:
    """The issuers of a store."""
    found = [""]
    while code := ask("SELECT MIN(issuer) FROM entries WHERE issuer > :last", last=found[-1])[0][0]:
        found.append(code)
    return found[1:]


_OF_TYPE = """SELECT payload, effective_on FROM entries WHERE issuer = :issuer AND type >= :first AND type < :end
AND number NOT IN (SELECT replaces FROM entries WHERE issuer = :issuer AND replaces IS NOT NULL) ORDER BY number"""


def _of_type(ask: Ask, issuer: str, name: str) -> Iterator[tuple[Mapping[str, object], str]]:
    """Payload and day of the entries of an event, in any version, that no other replaces."""
    for payload, on in ask(_OF_TYPE, issuer=issuer, first=f"{name}.v", end=f"{name}.w"):
        yield json.loads(bytes(payload)), on


def codes(kind: str, ask: Ask, issuer: str, begun: str = "") -> list[Suggestion]:
    """The codes of a kind: the classes, schemes, mandates, instruments or agreements of a book, with the day of each."""
    found = (
        (str(said[field]), f"{kind}, {on}")
        for name, field in ESTABLISHED_BY[kind].items()
        for said, on in _of_type(ask, issuer, name)
    )
    return [each for each in found if each[0].startswith(begun)]


def days(ask: Ask, issuer: str) -> list[Suggestion]:
    """The days that the returns filed are about, the latest first."""
    filed = {on: str(said.get("kind", "")) for said, on in _of_type(ask, issuer, _FILED)}
    return [(on, f"{filed[on]} return filed") for on in sorted(filed, reverse=True)]


def months(ask: Ask, issuer: str) -> list[Suggestion]:
    """The months of the returns filed, the latest first."""
    return [(month, "return filed") for month in dict.fromkeys(on[:7] for on, _ in days(ask, issuer))]


SHOWN = 40
"""How many numbers of entries are suggested at most."""

_LAST = "SELECT MAX(number) FROM entries WHERE issuer = :issuer"
_NUMBERED = "SELECT number, type, effective_on FROM entries WHERE issuer = :issuer AND number IN ({}) ORDER BY number DESC"


def entries(ask: Ask, issuer: str, begun: str) -> list[Suggestion]:
    """The entries whose numbers begin with what was typed, the latest first."""
    chosen = numbers(ask(_LAST, issuer=issuer)[0][0] or 0, begun)
    rows = ask(_NUMBERED.format(", ".join(map(str, chosen))), issuer=issuer) if chosen else []
    return [(str(number), f"{name.split('.')[1]}, {on}") for number, name, on in rows]


def numbers(last: int, begun: str) -> Sequence[int]:
    """The greatest whole numbers up to `last` that are written with some digits first."""
    if not begun:
        return range(last, max(last - SHOWN, 0), -1)
    if not (begun.isascii() and begun.isdigit()) or int(begun) < 1:
        return ()
    tens = (10**power for power in range(len(str(last)) - len(begun), -1, -1))
    spans = (range(min((int(begun) + 1) * ten - 1, last), int(begun) * ten - 1, -1) for ten in tens)
    return [number for span in spans for number in span[:SHOWN]][:SHOWN]


SUGGESTIONS: Mapping[str, Callable[[Ask, str, str], Sequence[Suggestion]]] = {
    **{kind: partial(codes, kind) for kind in ESTABLISHED_BY},
    "issuer": lambda ask, *_: [(code, "issuer") for code in issuers(ask)],
    "entry": entries,
    "day": lambda ask, issuer, _: days(ask, issuer),
    "month": lambda ask, issuer, _: months(ask, issuer),
}
"""How each kind of value is found: in which book, and what of it was typed."""
