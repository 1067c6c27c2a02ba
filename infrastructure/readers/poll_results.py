"""Published tables of poll results, read from their text layer however the cells have run together.

A row is known by what it holds: the name of a class or `TOTAL`, then votes with a percentage in brackets twice, then up to
two totals. Tabs, bars, line breaks, wide characters and spaces within numbers are passed over; headings are read only for
the kind of resolution and for the order of the last two columns. What the numbers mean is judged elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

import attrs

from domain.meetings.announcement import PrintedResolution, PrintedRow, PublishedPoll
from infrastructure.readers.values import UnreadableValue

LONGEST = 2_000_000

_GAP = r"[\s|:]*"
_NUMBER = r"\d{1,3}(?: ?, ?\d{3})+|\d+"
_GROUPED = r"\d{1,3}(?: ?, ?\d{3})+"
_VOTES = rf"({_NUMBER})\s*\(\s*(\d{{1,3}}(?:\s?\.\s?\d+)?)\s*%\s*\)"
# A lone number on the next line may be that of the next resolution; one with thousands is a total.
_TOTAL = rf"(?:[ \t|]*({_NUMBER})(?![\d,.(])|\s*({_GROUPED}))"
_ROW = re.compile(
    rf"(?:\bclass\s+(?P<code>[A-Z])\b(?P<rest>[^\n|\t]{{0,80}}?)|\b(?P<total>total)){_GAP}{_VOTES}{_GAP}{_VOTES}{_GAP}"
    rf"(?:{_TOTAL}{_GAP}(?:{_TOTAL})?)?",
    re.IGNORECASE,
)
# The groups of a row: class or total first, then two votes with their percentages, then two ways to write each total.
_FIRST_NUMBER, _FIRST_TOTAL, _COLUMNS = 4, 8, 2
_NUMBERED = re.compile(r"^[ \t|]*(\d{1,3}(?:\([a-z]\))?)[.)]?(?:[ \t|]+(?P<subject>\S.*?))?[ \t|]*$", re.MULTILINE)
_KIND = re.compile(r"^\W*(ordinary|special)\s+resolutions?\b(?=\W*(?:$|number|for\b))", re.IGNORECASE | re.MULTILINE)
_VOTES_CAST = re.compile(r"votes\s+cast", re.IGNORECASE)
_SHARES = re.compile(r"\bshares\b", re.IGNORECASE)
_IN_ISSUE = re.compile(rf"({_GROUPED}) class ([A-Z]) (?:ordinary )?shares", re.IGNORECASE)


@attrs.define
class _Reading:
    """What the text before a row has said so far: headings hold until another comes."""

    text: str
    number: str = "0"
    special: bool = False
    votes_first: bool = True


def read_poll_results(name: str, content: bytes) -> PublishedPoll:
    """The resolutions of a published table, their numbers as printed.

    Raises UnreadableValue for what is no text, or has no row of votes by class, and for rows that belong to no resolution.
    """
    text = _text(name, content)
    reading = _Reading(text)
    resolutions: list[PrintedResolution] = []
    rows: list[PrintedRow] = []
    ended = began = 0
    for match in _ROW.finditer(text):
        if not rows:
            began = match.start()
        # The total has the columns of its classes: a number more is that of the next resolution.
        columns = max((len(row.totals) for row in rows), default=_COLUMNS) if match["total"] else _COLUMNS
        rows.append(_row(match, text, columns))
        if rows[-1].share_class is None:
            resolutions.append(_resolution(name, reading, ended, began, rows))
            rows, ended = [], _end(match, columns)
    if rows or not resolutions:
        place = _at(text, began) if rows else ""
        raise UnreadableValue(f"{name}{place}: expected rows of votes by class, and a TOTAL for each resolution")
    return PublishedPoll(tuple(resolutions), tuple(_in_issue(text[ended:])))


def _text(name: str, content: bytes) -> str:
    if len(content) > LONGEST:
        raise UnreadableValue(f"{name}: expected a text of at most {LONGEST:,} bytes, got {len(content):,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableValue(f"{name}: expected text in UTF-8") from None
    # Wide brackets, digits and per cent signs become plain ones; spaces of all sorts become one sort.
    plain = unicodedata.normalize("NFKC", text).replace("\r\n", "\n").replace("*", "")
    return re.sub(r"[^\S\n\t]+", " ", plain)


def _at(text: str, place: int) -> str:
    return f":{_line(text, place)}"


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _whole(digits: str | None) -> int | None:
    return None if digits is None else int(re.sub(r"[ ,]", "", digits))


def _end(match: re.Match[str], columns: int) -> int:
    """Where a row ends that has as many totals: what follows may number the next resolution."""
    return max(match.end(group) for group in range(_FIRST_NUMBER, _FIRST_TOTAL + 2 * columns))


def _row(match: re.Match[str], text: str, columns: int) -> PrintedRow:
    """A row with at most as many totals as there are columns of them."""
    code, (votes_for, percent_for, votes_against, percent_against, *totals) = match["code"], match.groups()[_FIRST_NUMBER - 1 :]
    first, second = (_whole(totals[2 * at] or totals[2 * at + 1]) if at < columns else None for at in range(_COLUMNS))
    return PrintedRow(
        code.upper() if code else None,
        _whole(votes_for) or 0,
        _decimal(percent_for),
        _whole(votes_against) or 0,
        _decimal(percent_against),
        first,
        second,
        _line(text, match.start()),
    )


def _decimal(text: str) -> Decimal:
    return Decimal(re.sub(r"\s", "", text))


def _resolution(name: str, reading: _Reading, ended: int, began: int, rows: list[PrintedRow]) -> PrintedResolution:
    """A resolution from its rows and from the text between the total before it and its first row."""
    before = reading.text[ended:began]
    found = _number(reading, before)
    if found is None:
        raise UnreadableValue(f"{name}{_at(reading.text, began)}: expected the number of a resolution before its votes")
    headings, below = before[: found.start()], before[found.start() :]
    for kind in _KIND.finditer(headings):
        reading.special = kind[1].lower() == "special"
    cast, shares = (list(words.finditer(headings)) for words in (_VOTES_CAST, _SHARES))
    if cast and shares:
        reading.votes_first = cast[-1].start() < shares[-1].start()
    reading.number = found[1]
    subject = " ".join(re.sub(r"[|\t\n]", " ", below[found.end(1) - found.start() :]).split()).lstrip(".) ")
    return PrintedResolution(found[1], subject, reading.special, reading.votes_first, tuple(rows[:-1]), rows[-1])


def _number(reading: _Reading, before: str) -> re.Match[str] | None:
    """The line that numbers the resolution: the next number where there is one, else the first that looks like one."""
    candidates = list(_NUMBERED.finditer(before))
    follows = str(int(reading.number) + 1) if reading.number.isdecimal() else ""
    expected = [match for match in candidates if match[1] == follows]
    return expected[-1] if expected else next(iter(candidates), None)


def _in_issue(notes: str) -> Iterator[tuple[str, int]]:
    for match in _IN_ISSUE.finditer(notes):
        yield match[2].upper(), _whole(match[1]) or 0
