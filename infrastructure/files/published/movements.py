"""Movements of what is outstanding: labels with a signed number each, beside the opening and the closing figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from infrastructure.files.published.cell import BLANK, ReadCell, known, together
from infrastructure.files.published.figures import is_alone, placements, readings
from infrastructure.files.published.outline import Span
from infrastructure.files.published.values import MOST_READINGS, NUMBER, Lexeme, Reading, figure

Movement = tuple[ReadCell, ReadCell, ReadCell]
"""Its label, its number, and the word of its own that `Others` may have."""

LABELS = (
    "Granted",
    "Exercised",
    "Cancelled",
    "Lapsed",
    "Others",
    "Issued",
    "Converted",
    "Redeemed",
    "Vested",
    "Adjusted",
    "Repurchased",
)
OTHERS = "Others"
_LABEL = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(LABELS)}|Other)(?![a-z])")
_LETTER = re.compile(r"[^\W\d_]")


def movements_of(cells: Sequence[Span], *, decimals: bool = False) -> list[Movement]:
    """The movements in the cells of their column: a label and its number, or the word of the movement above."""
    found: list[Movement] = []
    for cell in cells:
        if not cell.text.strip():
            continue
        number = _number(cell, decimals=decimals)
        if number is None:
            _labelled(found, cell)
        elif found:
            label, _, word = found[-1]
            found[-1] = (label, known(number, cell.text, alone=is_alone([cell])), word)
    return _with_words_that_are_labels(found)


def _with_words_that_are_labels(found: Sequence[Movement]) -> list[Movement]:
    """A label without a number, behind `Others` without a word, is its word: `Others -399 Adjusted`."""
    kept: list[Movement] = []
    for movement in found:
        others = kept[-1] if kept else movement
        if movement[1] is BLANK and others[0].values[0] == OTHERS and others[1] is not BLANK and others[2].values[0] is None:
            kept[-1] = (others[0], others[1], movement[0])
        else:
            kept.append(movement)
    return kept


def _number(cell: Span, *, decimals: bool) -> int | Decimal | None:
    tokens = readings(cell)[0]
    if _LETTER.search(cell.text) or len(tokens) != 1 or tokens[0].kind != NUMBER:
        return None
    return figure(tokens[0], decimals=decimals)


def _labelled(found: list[Movement], cell: Span) -> None:
    """A label begins a movement; a word that is no label is that of the one before, if it has none yet."""
    label, _, word = " ".join(cell.text.split("\n")).partition(" ") if cell.text.startswith(OTHERS) else (_joined(cell), "", "")
    if found and _joined(cell) not in LABELS and found[-1][0].values[0] == OTHERS and found[-1][2].values[0] is None:
        before, number, _ = found[-1]
        found[-1] = (before, number, known(_joined(cell), cell.text))
        return
    found.append((known(label, cell.text), BLANK, known(" ".join(word.split()) or None, cell.text)))


def _joined(cell: Span) -> str:
    return " ".join(cell.text.split())


# --- Without columns ----------------------------------------------------------------------------------------------------


def moved_in_order(
    span: Span, fields: Sequence[str], *, decimals: bool = False
) -> tuple[ReadCell, list[Movement], dict[str, ReadCell]]:
    """A row that has no columns: its words, its movements, and its other figures.

    The opening figure is the last before the first label, a movement the number after its label; those that are left are the
    fields in their order.
    """
    reading = readings(span)[0]
    labels = list(_labels_with_numbers(span.text, reading))
    taken = {id(token) for _, token in labels}
    first = labels[0][1].start if labels else None
    before = [
        token
        for token in reading
        if token.kind == NUMBER and first is not None and token.start < first and id(token) not in taken
    ]
    opening = before[-1:] or ([token for token in reading if token.kind == NUMBER][:1] if not labels else [])
    left_out = {id(token) for token in before} | taken | {id(token) for token in opening}
    rest = [figure(token, decimals=decimals) for token in reading if token.kind == NUMBER and id(token) not in left_out]
    opened = figure(opening[0], decimals=decimals) if opening else None
    ways = [{"opening": opened, **_fields(fields, way, decimals=decimals)} for way in placements(rest, len(fields))]
    ways.sort(key=_zeros_issued)
    movements = [
        (known(label), known(figure(token, decimals=decimals), span.text[token.start : token.end]), BLANK)
        for label, token in labels
    ]
    return _particulars(span, reading), _with_word(movements, span.text), together(ways[:MOST_READINGS], span.text)


def _zeros_issued(way: Mapping[str, Any]) -> int:
    """How often a reading says that 0 shares were issued: forms leave that blank, and print 0 for what may be issued."""
    return sum(way.get(field) == 0 for field in ("new_shares", "treasury_shares"))


def _fields(fields: Sequence[str], way: Sequence[Any], *, decimals: bool) -> dict[str, Any]:
    """Figures by field: the first, the closing one, as the opening is; the others are numbers of shares."""
    numbers = dict(zip(fields, way, strict=True))
    if decimals:
        for field in fields[1:]:
            number = numbers[field]
            numbers[field] = int(number) if isinstance(number, Decimal) and number == number.to_integral_value() else None
    return numbers


def _labels_with_numbers(text: str, reading: Reading) -> Iterator[tuple[str, Lexeme]]:
    """Each label that a number follows with nothing but space between."""
    numbers = [token for token in reading if token.kind == NUMBER]
    for match in _LABEL.finditer(text):
        after = next((token for token in numbers if token.start >= match.end()), None)
        if after is not None and not text[match.end() : after.start].strip(" \t\n:-"):
            yield ("Others" if match[0] == "Other" else match[0]), after


def _particulars(span: Span, reading: Reading) -> ReadCell:
    """The words of a row, without its labels and the figures that have thousands."""
    text = span.text
    for token in sorted(reading, key=lambda token: -token.start):
        if token.kind == NUMBER and ("," in text[token.start : token.end] or text[token.start : token.end] == "0"):
            text = text[: token.start] + " " + text[token.end :]
    return known(" ".join(_LABEL.sub(" ", text).split()).strip(" )") or None, span.text)


def _with_word(movements: list[Movement], text: str) -> list[Movement]:
    """The word of an `Others` movement, which stands alone in the last cell of its row."""
    word = " ".join(re.split(r"[\t\n]+", text.strip())[-1].split())
    if movements and movements[-1][0].values[0] == OTHERS and word.isalpha() and word not in LABELS:
        label, number, _ = movements[-1]
        movements[-1] = (label, number, known(word, word))
    return movements
