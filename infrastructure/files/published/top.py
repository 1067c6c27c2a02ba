"""What stands around the parts of every return: its status, its issuer, its days, its confirmations and its signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import attrs

from domain.returns.forms import Form
from domain.returns.printed import NOT_APPLICABLE
from infrastructure.files.published import figures
from infrastructure.files.published.cell import BLANK, ReadCell, doubtful, known
from infrastructure.files.published.figures import day_in
from infrastructure.files.published.letters import letters_of
from infrastructure.files.published.outline import CaptionedText, OutlinePart, Span
from infrastructure.files.published.sources.pieces import STRUCK
from infrastructure.files.published.values import CURRENCY, NUMBER

_HAN = r"\u2e80-\u2fff\u3005\u3007\u3400-\u9fff\uf900-\ufaff"
_CHINESE = re.compile(rf"\s*([（(]?[{_HAN}][{_HAN}\u00b7\u30fb（）()\s]*)$")
NOT_FOUND = "not found"
_NOT_APPLICABLE = re.compile(r"(?:not\s+applicable|nil|none|n\s*/\s*a)", re.IGNORECASE)


def head(part: OutlinePart, form: Form) -> dict[str, ReadCell]:
    """The head of a return by the fields of its document; the day of a Monthly Return is that of its month end."""
    found: dict[str, CaptionedText] = {}
    for line in part.lines:
        found.setdefault(line.key, line)
    days = {"submitted_on": "date_submitted", **({"month_end": "month_ended"} if form.code == "FF301" else {})}
    return {
        "status": text_after(found.get("status")),
        **issuer(found.get("issuer_name")),
        **{field: day_in(found[key].body) if key in found else doubtful(None, NOT_FOUND) for field, key in days.items()},
    }


_STATUSES = {letters_of(status): status for status in ("New Submission", "Resubmission")}


def text_after(line: CaptionedText | None) -> ReadCell:
    """The words after a caption, in one line."""
    if line is None:
        return doubtful(None, NOT_FOUND)
    text, raw = one_line(line.body.text), line.body.text
    status = _STATUSES.get(letters_of(text))
    if status is None and "\t" in raw.strip() and not figures.is_ruled(line.body):
        return doubtful(text, "cells of the source run into each other", raw)
    return known(status or text or None, raw)


def one_line(text: str) -> str:
    """Text in one line, without the colon that belongs to its caption."""
    return " ".join(text.split()).lstrip(":：").strip()


def issuer(line: CaptionedText | None) -> dict[str, ReadCell]:
    """The issuer's name, and its Chinese name where one stands behind it."""
    cell = text_after(line)
    name = cell.values[0]
    if name is None:
        return {"issuer_name": cell, "chinese_name": BLANK}
    chinese = _CHINESE.search(name)
    if chinese is None or not name[: chinese.start()].strip():
        return {"issuer_name": cell, "chinese_name": BLANK}
    return {
        "issuer_name": attrs.evolve(cell, values=(name[: chinese.start()].strip(),)),
        "chinese_name": known("".join(chinese[1].split()), cell.raw),
    }


# --- Confirmations ----------------------------------------------------------------------------------------------------

_LEFT_OF_AN_ITEM = 40


def struck_out(part: OutlinePart | None, form: Form) -> dict[str, Any]:
    """The numbers of the confirmations that do not apply, and whether they were removed rather than struck through."""
    if part is None:
        return {"struck_out": (), "removed": known(value=False)}
    text = part.span.text
    places = [_place_of(item, part) for item in form.confirmations]
    struck = [number for number, place in enumerate(places, 1) if place is not None and _is_struck(text, place)]
    absent = [number for number, place in enumerate(places, 1) if place is None]
    removed = bool(absent) and len(absent) < len(places)
    numbers = absent if removed else struck
    return {"struck_out": tuple(known(number) for number in numbers), "removed": known(removed)}


def _place_of(item: str, part: OutlinePart) -> int | None:
    """Where a confirmation begins, counted from the beginning of the part; None if it does not stand there."""
    found = part.stream.letters.find(letters_of(item)[:_LEFT_OF_AN_ITEM], part.start, part.stop)
    return part.stream.place(found) - part.span.start if found >= 0 else None


def _is_struck(text: str, place: int) -> bool:
    return text[:place].rstrip().endswith(STRUCK) or text[:place].rstrip().endswith(STRUCK.strip("[]"))


# --- The signature ------------------------------------------------------------------------------------------------------

_TITLE = re.compile(r"\bTitle\s*:?")
_NAME_NOTE = re.compile(r"\(?\s*Name\s*\)")
_TITLE_NOTE = re.compile(r"\(?\s*Director\s*,\s*Secretary.*", re.DOTALL)
_LONGEST_NAME = 80


def signature(part: OutlinePart | None) -> dict[str, ReadCell]:
    """Who submits the return, and as what. In the text of some PDFs each stands before its caption, not after it."""
    if part is None:
        return {"submitted_by": doubtful(None, NOT_FOUND), "title": doubtful(None, NOT_FOUND)}
    before, _, after = part.span.text.partition(_first(_TITLE, part.span.text))
    name = one_line(_NAME_NOTE.split(before)[0])
    title = one_line(_TITLE_NOTE.sub("", after))
    if not name:
        name, title = _line_before(part), title or one_line(before.rpartition(")")[2])
    return {"submitted_by": known(name or None, before), "title": known(title or None, after)}


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else "\0"


def _line_before(part: OutlinePart) -> str:
    """The line over a caption, where it is no cell of a table and short enough for a name."""
    end = part.stream.place(part.heading)
    text = part.stream.text[:end].rstrip("\n\t ")
    line = text.rpartition("\n")[2].strip()
    beside = Span(part.stream, max(0, len(text) - 1), len(text))
    named = len(line) <= _LONGEST_NAME and not line.endswith((".", ":", ";")) and not _ENDS_A_PART.search(line)
    return line if named and not figures.is_ruled(beside) else ""


_ENDS_A_PART = re.compile(rf"{_NOT_APPLICABLE.pattern}$", re.IGNORECASE)


# --- Parts that are not applicable, remarks -----------------------------------------------------------------------------

NO_CLASS = "figures stand in this part, and no class was found in it"


def before_remarks(part: OutlinePart) -> Span:
    """The text of a part, without the remarks at its end."""
    remarks = next((line.caption.start for line in part.lines if line.key == "remarks"), part.span.stop)
    return attrs.evolve(part.span, stop=remarks)


def has_figures(part: OutlinePart | None) -> bool:
    """Whether numbers or amounts stand behind the captions of a part that was found, its notes and the month's totals aside."""
    lines = part.lines if part is not None else ()
    return any(
        token.kind in (CURRENCY, NUMBER)
        for line in lines
        if not line.key.startswith(("remarks", "month_")) and not line.key.endswith("note")
        for token in figures.readings(line.body)[0]
    )


def remarks(span: Span | None) -> tuple[ReadCell, ...]:
    """The remarks: each paragraph one; their own caption left out."""
    if span is None:
        return ()
    found = [one_line(span.stream.text[start:stop]) for _, start, stop in span.stream.within(span.start, span.stop)]
    said = (text for text in found if any(character.isalnum() for character in text) and not is_not_applicable(text))
    return tuple(known(text, text) for text in said)


def word_for_blanks(spans: Sequence[Span]) -> ReadCell:
    """What an issuer writes where a part is not applicable: the same in all such parts, as far as they can be read."""
    texts = [one_line(span.text).strip("() -") for span in spans]
    found = dict.fromkeys([*(text for text in texts if is_not_applicable(text)), *filter(None, texts)])
    return known(next(iter(found), NOT_APPLICABLE))


def is_not_applicable(text: str) -> bool:
    """Whether a text says that a part is not applicable, in words that everybody uses."""
    return bool(_NOT_APPLICABLE.fullmatch(text.strip(" .-()\n\t")))
