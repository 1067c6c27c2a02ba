"""Which column a ruled cell stands in: that of the last title over it. Titles and cells are compared by their edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from infrastructure.files.published.letters import letters_of
from infrastructure.files.published.outline import CaptionedText, Span
from infrastructure.files.published.sources.pieces import Piece

_OF_A_CELL = 4
"""A cell stands under a title with which it shares more than one part in so many of its width."""


@attrs.frozen
class _Title:
    key: str
    begins: int
    left: float
    right: float

    def shared_with(self, piece: Piece) -> float:
        """How much of its width a cell shares."""
        return min(self.right, piece.right) - max(self.left, piece.left)


@attrs.frozen
class ColumnTitles:
    """The titles of columns in a part, in the order in which they stand."""

    titles: tuple[_Title, ...]

    @classmethod
    def of(cls, lines: Iterable[CaptionedText], keys: Sequence[str]) -> ColumnTitles:
        """The titles among lines, of those keys, that have a ruled cell of their own."""
        return cls(tuple(title for line in lines if line.key in keys for title in _titles(line)))

    def cells(self, row: Span) -> Mapping[str, list[Span]] | None:
        """The ruled cells of a row by the key of their column; None if it is not ruled or stands under no titles.

        A column whose title was not found has no key: what stands in it is not known.
        """
        over = {title.key: title for title in self.titles if title.begins < row.start}
        found: dict[str, list[Span]] = {key: [] for key in over}
        ruled = False
        for piece, start, stop in row.stream.within(row.start, row.stop):
            if not piece.ruled:
                if piece.text.strip():
                    return None
                continue
            ruled = True
            best = max(over.values(), key=lambda title: title.shared_with(piece), default=None)
            if best is not None and _OF_A_CELL * best.shared_with(piece) > min(piece.right - piece.left, best.right - best.left):
                found[best.key].append(Span(row.stream, start, stop))
        return found if ruled and over else None


def _titles(line: CaptionedText) -> Iterable[_Title]:
    """The cell of a caption, where it is the whole of one."""
    span = line.caption
    for piece, start, stop in span.stream.within(span.start, span.stop):
        if piece.ruled and start < stop:
            if letters_of(piece.text) == letters_of(span.text):
                yield _Title(line.key, span.start, piece.left, piece.right)
            return
