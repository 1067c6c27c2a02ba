"""What must be true within one return: sums, products, repeated figures, the order of its days. It needs no book.

A reader of a published return chooses between readings by these and knows which cells they confirm; someone who checks a return
learns which of them do not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from domain.returns import monthly_identities, next_day_identities
from domain.returns.documents import MonthlyReturn, Return
from domain.returns.identity import Identity
from domain.returns.printed import cells


@attrs.frozen
class Judged:
    """An identity with whether it holds; None if too little is printed to say."""

    identity: Identity
    holds: bool | None


def identities(document: Return) -> tuple[Identity, ...]:
    """The identities of a return, in the order of its parts."""
    if isinstance(document, MonthlyReturn):
        return tuple(monthly_identities.of(document))
    return tuple(next_day_identities.of(document))


def values_of(document: Return) -> dict[str, Any]:
    """The value of every cell by its path."""
    return {path: cell.value for path, cell in cells(document).items()}


def judged(found: Iterable[Identity], values: Mapping[str, Any]) -> tuple[Judged, ...]:
    """Each identity with whether it holds of the values."""
    return tuple(Judged(identity, identity.holds(values)) for identity in found)
