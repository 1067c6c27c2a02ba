"""What heads and foots every page, taken out of the text: the form's code and version, the page's number, why it is a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from infrastructure.files.published.letters import plain
from infrastructure.files.published.sources.pieces import Piece, Source
from infrastructure.files.published.values import with_whole_days

# The version may stand before the page, after it, or run on from the number of pages: `vPage 2 of 12 1.0.2`, `Page 3 of 61.2.4`.
_PAGE = re.compile(r"(?:FF ?30[145]\s*)?\bv?\s*Page\s*(\d{1,3})\s*of\s*(\d{1,3}?)\s*(?:v\s*)?(?:(\d\.\d\.\d)(?!\d)|(?![\d.]))")
_CODE = re.compile(r"\bFF ?(30[145])\b")
_DRAFT = re.compile(r"(?:FF ?30[145]\s*)?DRAFT\b")


@attrs.frozen
class Pages:
    """The codes and versions that pages name, their numbers and how many they say there are, and reasons for a draft."""

    codes: frozenset[str]
    versions: frozenset[str]
    numbers: tuple[int, ...]
    counted: frozenset[int]
    draft_reasons: tuple[str, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        """The pages that should be there and are not, as far as the others say; none if no page has a number."""
        return tuple(sorted(set(range(1, max(self.counted, default=0) + 1)) - set(self.numbers))) if self.numbers else ()


def without_page_marks(source: Source) -> tuple[Source, Pages]:
    """A source without what heads and foots its pages, in plain characters, and what stood there."""
    codes: set[str] = set()
    versions: set[str] = set()
    numbers: list[tuple[int, int]] = []
    reasons: dict[str, None] = {}

    def noted(match: re.Match[str]) -> str:
        numbers.append((int(match[1]), int(match[2])))
        versions.update(filter(None, (match[3],)))
        return " "

    def cleaned(piece: Piece) -> Piece:
        text = plain(piece.text) if piece.ruled else with_whole_days(plain(piece.text))
        codes.update(_CODE.findall(text))
        if not piece.ruled and _DRAFT.match(text):
            reasons.update(dict.fromkeys(_reasons(text)))
            return attrs.evolve(piece, text="")
        if "Page" in text or "FF" in text:
            text = _CODE.sub(" ", _PAGE.sub(noted, text))
        return attrs.evolve(piece, text=text)

    pieces = [cleaned(piece) for piece in source.pieces]
    kept = tuple(piece for piece in pieces if piece.ruled or piece.text.strip())
    pages = Pages(
        frozenset(f"FF{code}" for code in codes),
        frozenset(versions),
        tuple(number for number, _ in numbers),
        frozenset(total for _, total in numbers),
        tuple(reasons),
    )
    return attrs.evolve(source, pieces=kept), pages


def _reasons(text: str) -> Iterator[str]:
    for part in text.split("DRAFT")[1:]:
        reason = " ".join(part.removeprefix(":").split())
        if part.startswith(":") and reason:
            yield reason


def gaps(pages: Pages) -> Sequence[str]:
    """What the numbers of the pages say is missing."""
    if len(pages.counted) > 1:
        return (f"pages are counted as {' and '.join(map(str, sorted(pages.counted)))}",)
    missing = ", ".join(map(str, pages.missing))
    return (f"missing of {max(pages.counted)} pages: {missing}",) if missing else ()
