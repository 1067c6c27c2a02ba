"""The classes of a position that are not over, and those with weighted votes (chapter 8A of the Main Board Rules)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.capital.position import Position
from domain.capital.securities import ShareClass


def lasting_classes(position: Position) -> tuple[ShareClass, ...]:
    """The classes that are not over."""
    return tuple(share for code, share in position.terms.classes.items() if not position.is_over(code))


def fewest_votes(classes: Iterable[ShareClass]) -> int:
    """The votes of an ordinary share: the fewest of a class with votes."""
    return min((share.votes_per_share for share in classes if share.votes_per_share), default=1)


def weighted_classes(position: Position) -> tuple[str, ...]:
    """The codes of the classes with more votes a share than another class with votes has."""
    classes = lasting_classes(position)
    return tuple(share.code for share in classes if share.votes_per_share > fewest_votes(classes))
