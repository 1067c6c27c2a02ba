"""A calendar file of deadlines (RFC 5545): UTC times, stable UIDs, lines folded at 75 octets and ended by CR LF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from domain.disclosure.deadlines import Obligation
from domain.law.rule import NO_ADVICE

OCTETS = 75
"""The longest line that a calendar file may have, its end not counted."""

ALARMS = ("PT15H30M", "PT2H")
"""How long before a deadline its alarms ring: of 08:30, at 17:00 the day before and at 06:30."""


def icalendar(obligations: Iterable[Obligation], issuer: str, made_at: datetime) -> bytes:
    """Deadlines as calendar entries. A deadline keeps its UID, so that a newer file replaces the entries of an older one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//captable//due//EN", "CALSCALE:GREGORIAN"]
    for each in obligations:
        lines += _event(each, issuer, made_at)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line)).encode()


def _event(each: Obligation, issuer: str, made_at: datetime) -> list[str]:
    said = [
        each.because,
        *filter(None, [each.lacking]),
        f"{each.citation} ({each.confidence})",
        f"Status: {each.status}",
        NO_ADVICE,
    ]
    if each.certainty:
        said.insert(2, f"Trading days: {each.certainty}")
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(issuer)}-{each.uid}@captable",
        f"DTSTAMP:{_utc(made_at)}",
        f"DTSTART:{_utc(each.due_at)}",
        f"SUMMARY:{_text(f'{issuer}: {each.name} is due')}",
        f"DESCRIPTION:{_text(chr(10).join(said))}",
        f"STATUS:{'TENTATIVE' if each.certainty else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        *(line for before in ALARMS for line in _alarm(each, before)),
        "END:VEVENT",
    ]


def _alarm(each: Obligation, before: str) -> list[str]:
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-{before}", f"DESCRIPTION:{_text(f'{each.name} is due')}", "END:VALARM"]


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of 75 octets, each further one begun with a space; no character is cut in two."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > OCTETS:
            yield piece
            piece = " "
        piece += character
    yield piece
