"""A glance at a store, for completion: codes, numbers and days that a book names, in a few milliseconds.

What is read is neither decoded nor checked against the hash chain; it only suggests what somebody may be about to type.
Nothing of the domain is imported, because at every press of a key a new process asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial

from infrastructure.asking import Asking, FileAsking

ESTABLISHED_BY: Mapping[str, Mapping[str, str]] = {
    "class": {"captable.ShareClassCreated": "share_class"},
    "scheme": {"captable.SchemeAdopted": "scheme"},
    "mandate": {"captable.MandateGranted": "mandate"},
    "instrument": {"captable.WarrantsIssued": "instrument", "captable.ConvertiblesIssued": "instrument"},
    "agreement": {"captable.IssueAgreed": "agreement"},
}
"""The fields in which codes are first named, by kind and stored event; a test compares them with the domain's table."""

_FILED = "captable.ReturnFiled"

Suggestion = tuple[str, str]
"""What may be typed, and what it is."""


@contextmanager
def glancing(location: str) -> Iterator[Asking]:
    """A transaction that asks a store. Raises StoreUnusable or StoreDamaged where there is none."""
    from infrastructure import store_url

    if store_url.is_server(location):
        from infrastructure.opening import open_database

        with closing(open_database(location, create=False, writable=False)) as database, database.asking() as asking:
            yield asking
        return
    from infrastructure import sqlite_file

    path = store_url.parsed(location).path
    assert path is not None  # noqa: S101 - what is no server is a file
    with closing(sqlite_file.prepare(path, create=False, writable=False)[0]()) as connection:
        yield FileAsking(connection)


def issuers(asking: Asking) -> list[str]:
    """The issuers of a store."""
    found = [""]
    while code := asking.ask("SELECT MIN(issuer) FROM entries WHERE issuer > :last", last=found[-1])[0][0]:
        found.append(code)
    return found[1:]


_OF_TYPE = """SELECT payload, effective_on FROM entries WHERE issuer = :issuer AND type >= :first AND type < :end
AND number NOT IN (SELECT replaces FROM entries WHERE issuer = :issuer AND replaces IS NOT NULL) ORDER BY number"""


def _of_type(asking: Asking, issuer: str, name: str) -> Iterator[tuple[Mapping[str, object], str]]:
    """Payload and day of the entries of an event, in any version, that no other replaces."""
    for payload, on in asking.ask(_OF_TYPE, issuer=issuer, first=f"{name}.v", end=f"{name}.w"):
        yield json.loads(bytes(payload)), on


def codes(kind: str, asking: Asking, issuer: str, begun: str = "") -> list[Suggestion]:
    """The codes of a kind: the classes, schemes, mandates, instruments or agreements of a book, with the day of each."""
    found = (
        (str(said[field]), f"{kind}, {on}")
        for name, field in ESTABLISHED_BY[kind].items()
        for said, on in _of_type(asking, issuer, name)
    )
    return [each for each in found if each[0].startswith(begun)]


def days(asking: Asking, issuer: str) -> list[Suggestion]:
    """The days that the returns filed are about, the latest first."""
    filed = {on: str(said.get("kind", "")) for said, on in _of_type(asking, issuer, _FILED)}
    return [(on, f"{filed[on]} return filed") for on in sorted(filed, reverse=True)]


def months(asking: Asking, issuer: str) -> list[Suggestion]:
    """The months of the returns filed, the latest first."""
    return [(month, "return filed") for month in dict.fromkeys(on[:7] for on, _ in days(asking, issuer))]


SHOWN = 40
"""How many numbers of entries are suggested at most."""

_LAST = "SELECT MAX(number) FROM entries WHERE issuer = :issuer"
_NUMBERED = "SELECT number, type, effective_on FROM entries WHERE issuer = :issuer AND number IN ({}) ORDER BY number DESC"


def entries(asking: Asking, issuer: str, begun: str) -> list[Suggestion]:
    """The entries whose numbers begin with what was typed, the latest first."""
    chosen = numbers(asking.ask(_LAST, issuer=issuer)[0][0] or 0, begun)
    rows = asking.ask(_NUMBERED.format(", ".join(map(str, chosen))), issuer=issuer) if chosen else []
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


SUGGESTIONS: Mapping[str, Callable[[Asking, str, str], Sequence[Suggestion]]] = {
    **{kind: partial(codes, kind) for kind in ESTABLISHED_BY},
    "issuer": lambda asking, *_: [(code, "issuer") for code in issuers(asking)],
    "entry": entries,
    "day": lambda asking, issuer, _: days(asking, issuer),
    "month": lambda asking, issuer, _: months(asking, issuer),
}
"""How each kind of value is found: in which book, and what of it was typed."""
