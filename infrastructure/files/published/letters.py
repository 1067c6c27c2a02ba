"""A text by its letters alone: how captions are found however their words were broken, joined or set in look-alike letters."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import attrs

from infrastructure.files.published.sources.pieces import Piece, Source

# Letters of other scripts that look like Latin ones: text recognition and bad fonts put them in their place.
_LOOK_ALIKE = {
    **dict(zip("АВЕКМНОРСТУХІЅЈԀԌ", "ABEKMHOPCTYXISJDG", strict=True)),
    **dict(zip("авекмнорстухіѕјԁ", "abekmhopctyxisjd", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("αεικνορτυχ", "aeikvoptux", strict=True)),
    "ƒ": "f",
    "ı": "i",
    "ſ": "s",
    "ℓ": "l",
    "ɑ": "a",
}
_HYPHENS = dict.fromkeys("‐‑‒–—−﹣－", "-")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = {character: " " for character in map(chr, range(0x3001)) if unicodedata.category(character) == "Zs"}


class _Characters(dict[int, str]):
    """What each character becomes, one for one, so that places stay; made when the character is first met."""

    def __init__(self, becomes: Callable[[str], str]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str:
        self[code] = self._becomes(chr(code))
        return self[code]


def _plain(character: str) -> str:
    """A plain character for a wide digit or letter, a hyphen or a space of any sort."""
    found = (_HYPHENS | _SPACES).get(character, character)
    compatible = unicodedata.normalize("NFKC", found)
    return compatible if len(compatible) == 1 and compatible.isascii() else found


def _folded(character: str) -> str:
    """A letter as a small Latin one, all else as a space."""
    bare = unicodedata.normalize("NFKD", character.translate(_LATIN))[:1].lower()
    return bare if bare.isascii() and bare.isalpha() else " "


_PLAIN, _FOLDED = _Characters(_plain), _Characters(_folded)
_LATIN = str.maketrans(_LOOK_ALIKE)
"""Each character as the Latin letter it looks like."""


def plain(text: str) -> str:
    """Text with plain digits, hyphens and spaces, and without characters that do not show."""
    return text.translate(_UNSEEN).translate(_PLAIN)


def latin(text: str) -> str:
    """Text with Latin letters where others look like them; as long as it was."""
    return text.translate(_LATIN)


def letters_of(text: str) -> str:
    """The letters of a text, small, without anything between them."""
    return text.translate(_FOLDED).replace(" ", "")


@cache
def caption_letters(caption: str) -> str:
    """The letters of a caption, until a place that the issuer fills in."""
    return letters_of(caption.partition("{")[0])


@attrs.frozen
class Stream:
    """All the text of a return in reading order. Rows end in a newline, cells of a row in a tab.

    `letters` are its letters, `at` where each stands in `text`; `begins` is where each piece begins.
    """

    text: str
    letters: str
    at: Sequence[int]
    pieces: Sequence[Piece]
    begins: Sequence[int]

    def place(self, letter: int) -> int:
        """Where a letter stands; after the last one, the end of the text."""
        return self.at[letter] if letter < len(self.at) else len(self.text)

    def within(self, start: int, stop: int) -> Iterable[tuple[Piece, int, int]]:
        """The pieces between two places of the text, each with where its part of it begins and ends."""
        first = max(0, bisect_left(self.begins, start + 1) - 1)
        for number in range(first, len(self.pieces)):
            begin = self.begins[number]
            if begin >= stop:
                return
            end = begin + len(self.pieces[number].text)
            yield self.pieces[number], max(start, begin), max(start, min(stop, end))


def stream(source: Source) -> Stream:
    """The pieces of a source as one text."""
    parts: list[str] = []
    begins: list[int] = []
    length = 0
    row = -1
    for piece in source.pieces:
        if begins:
            parts.append("\t" if piece.row == row else "\n")
            length += 1
        row = piece.row
        begins.append(length)
        parts.append(piece.text)
        length += len(piece.text)
    text = "".join(parts)
    folded = text.translate(_FOLDED)
    at = [place for place, character in enumerate(folded) if character != " "]
    return Stream(text, folded.replace(" ", ""), at, source.pieces, begins)
