"""The figures of a line: numbers of shares in the columns of a form, an amount of money, a day, a percentage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from infrastructure.files.published import values
from infrastructure.files.published.cell import BLANK, Group, ReadCell, doubtful, known, together
from infrastructure.files.published.columns import ColumnTitles
from infrastructure.files.published.outline import CaptionedText, Span
from infrastructure.files.published.values import DAY, MOST_READINGS, NUMBER, Reading

_LEFT_OF_A_DAY = re.compile(r"\d{2}")
UNREADABLE = "no number can be read here"
NO_COLUMN = "the title of its column was not found"
SEVERAL = "several numbers stand in its column: two rows may have run together"
NO_CURRENCY = "no currency can be read here"


def is_ruled(span: Span) -> bool:
    """Whether a span stands in cells of a ruled table."""
    return any(piece.ruled for piece, start, stop in span.stream.within(span.start, span.stop) if start < stop)


def readings(span: Span) -> list[Reading]:
    """The ways to read the text of a span."""
    return values.readings(span.text, ruled=is_ruled(span))


def with_one(kind: str, line: CaptionedText) -> Span:
    """The text after a caption; if it has no token of a kind, the caption with it, as one may stand within several lines."""
    return line.body if any(token.kind == kind for token in readings(line.body)[0]) else line.all


# --- Numbers in columns ------------------------------------------------------------------------------------------------


def counted(line: CaptionedText, columns: ColumnTitles, fields: Mapping[str, str]) -> dict[str, ReadCell]:
    """Numbers of shares by field, from the columns with the keys of `fields`; where there are no columns, in their order."""
    placed = columns.cells(line.all)
    if placed is not None and any(placed.get(key) for key in fields):
        cells = {field: _alone(placed.get(key, [])) for key, field in fields.items()}
        if None not in cells.values():
            return {field: cell for field, cell in cells.items() if cell is not None}
    return in_order(with_one(NUMBER, line), tuple(fields.values()))


def _alone(spans: Sequence[Span]) -> ReadCell | None:
    """The number of a cell; None if several stand in it."""
    return number_of(spans) if sum(len(values.counts(readings(span)[0])) for span in spans) <= 1 else None


def number_of(spans: Sequence[Span] | None, *, decimals: bool = False) -> ReadCell:
    """The one number in the cells of a column; blank if there is none. None is a column that was not found."""
    if spans is None:
        return doubtful(None, NO_COLUMN)
    raw = " ".join(span.text for span in spans).strip()
    found = [token for span in spans for token in readings(span)[0] if token.kind == NUMBER]
    if not found:
        return known(None, raw, alone=is_alone(spans))
    number = values.figure(found[0], decimals=decimals)
    if len(found) > 1:
        return doubtful(number, SEVERAL, raw)
    return known(number, raw, alone=is_alone(spans)) if number is not None else doubtful(None, UNREADABLE, raw)


def is_alone(spans: Sequence[Span]) -> bool:
    """Whether there are such spans, and each is a ruled cell."""
    return bool(spans) and all(is_ruled(span) or not span.text for span in spans)


def in_order(span: Span, fields: Sequence[str]) -> dict[str, ReadCell]:
    """Numbers by field in their order. Where some are missing, every way to leave fields blank, the last ones first."""
    found = [way for reading in readings(span) for way in placements(values.counts(reading), len(fields))]
    rows = [dict(zip(fields, way, strict=True)) for way in dict.fromkeys(found)][:MOST_READINGS]
    return together(rows, span.text.strip())


def placements(numbers: Sequence[Any], places: int) -> Iterator[tuple[Any, ...]]:
    """The ways to put numbers into places in their order; of too many, the first ones or the last."""
    if len(numbers) > places:
        yield tuple(numbers[:places])
        yield tuple(numbers[-places:])
        return
    for chosen in combinations(range(places), len(numbers)):
        row: list[Any] = [None] * places
        for place, number in zip(chosen, numbers, strict=True):
            row[place] = number
        yield tuple(row)


# --- One value in a span -------------------------------------------------------------------------------------------------


def count_in(span: Span) -> ReadCell:
    """The first number of a span; blank if there is none."""
    ways = [next((token for token in reading if token.kind == NUMBER), None) for reading in readings(span)]
    return _choice([None if token is None else values.whole(token) for token in ways], span)


_A_WORD = re.compile(r"[^\W\d_]{2}")
_BEHIND_THE_NAME = re.compile(r":|\(\s*[A-E]{2}[12]\s*\)")


def foot_in(span: Span) -> ReadCell:
    """The number of a foot, before or behind the name of its class, which may have digits of its own.

    Behind a name the colon of the caption ends, or the letters of the column.
    """
    starts = [0, *(match.end() for match in _BEHIND_THE_NAME.finditer(span.text))]
    found = [_before_words(span.part(start, len(span.text))) for start in starts]
    return next((cell for cell in found if cell.values[0] is not None), found[0])


def _before_words(span: Span) -> ReadCell:
    word = _A_WORD.search(span.text)
    return count_in(span.part(0, word.start() if word else len(span.text)))


def _choice(found: Sequence[Any], span: Span) -> ReadCell:
    choices = tuple(dict.fromkeys(found))
    return ReadCell(choices, span.text.strip(), Group() if len(choices) > 1 else None, alone=is_ruled(span))


def day_in(span: Span) -> ReadCell:
    """The first day of a span; blank if there is none."""
    found = next((token.value for token in readings(span)[0] if token.kind == DAY), None)
    raw = span.text.strip()
    if found is None and _LEFT_OF_A_DAY.search(raw):
        return doubtful(None, "no day can be read here", raw)
    return known(found, raw, alone=is_ruled(span))


def day_in_line(line: CaptionedText) -> ReadCell:
    """The day after a caption, or within one of several lines."""
    return day_in(with_one(DAY, line))


def money_in(span: Span) -> ReadCell:
    """The first amount of money of a span; blank if there is none."""
    ways = [values.money_and_rest(reading)[0] for reading in readings(span)]
    found = [next((each for each in way if each is not None), None) for way in ways]
    if found[0] is None and any(token.kind == NUMBER for token in readings(span)[0]):
        return doubtful(None, NO_CURRENCY, span.text.strip())
    return _choice(found, span)


def money_of(spans: Sequence[Span] | None) -> ReadCell:
    """The amount of money in the cells of a column: a currency may have one of its own. None is a column that was not found."""
    if spans is None:
        return doubtful(None, NO_COLUMN)
    raw = " ".join(span.text for span in spans).strip()
    amounts, rest = values.money_and_rest(values.readings(raw)[0])
    found = next((each for each in amounts if each is not None), None)
    if found is None and any(token.kind == NUMBER for token in rest):
        return doubtful(None, NO_CURRENCY, raw)
    return known(found, raw, alone=is_alone(spans))


def day_of(spans: Sequence[Span] | None) -> ReadCell:
    """The day in the cells of a column, of which the first with text has it. None is a column that was not found."""
    if spans is None:
        return doubtful(None, NO_COLUMN)
    first = next((span for span in spans if span.text), None)
    return BLANK if first is None else day_in(first)


def all_money_in(span: Span) -> list[ReadCell]:
    """Every amount of money of a span. Where there are several ways to read it, each has its own."""
    ways = [[each for each in values.money_and_rest(reading)[0] if each is not None] for reading in readings(span)]
    group = Group() if len(ways) > 1 else None
    longest = max(map(len, ways))
    same_length = [way for way in ways if len(way) == longest]
    return [
        ReadCell(
            tuple(way[at] for way in same_length), span.text.strip(), group if len(same_length) > 1 else None, is_ruled(span)
        )
        for at in range(longest)
    ]
