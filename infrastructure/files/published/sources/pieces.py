"""The pieces that every kind of file is read into: cells of ruled tables and paragraphs, in reading order."""

from __future__ import annotations

import attrs

STRUCK = "[struck out]"
"""What stands before text that its source strikes through; a return in text prints it itself."""


@attrs.frozen
class Piece:
    """A cell of a ruled table with its left and right edge, or a paragraph without edges.

    Cells of one row share its number. A newline in `text` is a line end that the source has made itself.
    """

    text: str
    row: int
    left: float = 0
    right: float = 0

    @property
    def ruled(self) -> bool:
        """Whether it is a cell of a ruled table."""
        return self.right > self.left


@attrs.frozen
class Source:
    """The pieces of a file. `exact` ones have passed through no other hand: the exchange's own PDF, read twice alike."""

    pieces: tuple[Piece, ...]
    exact: bool = False
    notes: tuple[str, ...] = ()
