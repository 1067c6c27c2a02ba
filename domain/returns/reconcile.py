"""A published return beside the one that a book gives from the same viewpoint: what differs, and the likely reason.

Figures, days, prices, codes and categories must be equal. An issuer's own words, such as remarks, are compared by their letters;
other words are reported, and are no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from domain.events.structured import Counter
from domain.returns.cells import Figure, Percentage, PrintedPercentage, letters_and_digits
from domain.returns.documents import OptionMovement, Return
from domain.returns.field_words import step, words_of
from domain.returns.forms import Form
from domain.returns.likely_reasons import Pair, of_difference, of_missing
from domain.returns.printed import as_printed, in_words
from domain.values import Money

DIFFERENT, ONLY_THERE, ONLY_HERE, WORDED_OTHERWISE = "different", "only there", "only here", "worded otherwise"
"""How a cell or row compares: `there` is the published return, `here` the book."""

COUNTED = (DIFFERENT, ONLY_THERE, ONLY_HERE)


@attrs.frozen
class Difference:
    """A cell or a row of which the published return and the book print something else. `path` is that of the published cell."""

    where: str
    state: str
    published: str
    book: str
    reason: str = ""
    path: str = ""


@attrs.frozen
class Reconciled:
    """What was compared: how many cells are equal, and what is not, in the order of the form."""

    equal: int
    found: tuple[Difference, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What counts as a difference."""
        return tuple(each for each in self.found if each.state in COUNTED)

    @property
    def worded_otherwise(self) -> tuple[Difference, ...]:
        """Words of the issuer's own that are other words in the book."""
        return tuple(each for each in self.found if each.state == WORDED_OTHERWISE)


def reconcile(published: Return, book: Return) -> Reconciled:
    """Compare a published return with the one prepared from a book."""
    comparison = _Comparison(published)
    comparison.fields(published, as_printed(book), "", "")
    return Reconciled(comparison.equal, tuple(comparison.found))


# --- Cells --------------------------------------------------------------------------------------------------------------

_NOT_COMPARED = frozenset((
    "form", "code", "number", "opening_basis", "denominator_basis", "draft_reasons", "not_applicable", "removed", "struck_out",
    "entries_since",
))  # fmt: skip
"""What is no figure of the issuer's: `number` is the place of a row, but a figure of the movement of options."""

_OWN_WORDS = frozenset((
    "issuer_name", "chinese_name", "remarks", "text", "particulars", "description", "public_float", "price_terms", "word",
    "method", "submitted_by", "title",
))  # fmt: skip


@attrs.define
class _Comparison:
    published: Return
    equal: int = 0
    found: list[Difference] = attrs.field(factory=list)

    def fields(self, there: Any, here: Any, where: str, path: str) -> None:
        """The fields of two objects of one class of the document."""
        for field in attrs.fields(type(there)):
            one, other = getattr(there, field.name), getattr(here, field.name)
            if field.name not in _NOT_COMPARED or isinstance(one, Figure):
                rows = any(_is_part(each) or isinstance(each, tuple) for each in (one, other))
                place = step(where, words_of(field.name, where, part=not where, rows=rows))
                self.values(one, other, place, f"{path}.{field.name}" if path else field.name, own=field.name in _OWN_WORDS)

    def values(self, there: Any, here: Any, where: str, path: str, *, own: bool = False) -> None:
        """Two values of one field."""
        if isinstance(there or here, tuple) and _has_items(there or here):
            self.items(there or (), here or (), where, path)
        elif _is_part(there) and _is_part(here):
            self.fields(there, here, where, path)
        elif _is_part(there) or _is_part(here):
            self.missing(there, here, where, path)
        else:
            self.cells(there, here, where, path, own=own)

    def cells(self, there: Any, here: Any, where: str, path: str, *, own: bool) -> None:
        """Two cells."""
        printed, ours = in_words(there), in_words(here)
        if _bare(there) == _bare(here):
            self.equal += bool(printed or ours)
        elif own or isinstance(there or here, str):
            if letters_and_digits(printed) == letters_and_digits(ours):
                self.equal += 1
            else:
                self.found.append(Difference(where, WORDED_OTHERWISE if own else DIFFERENT, printed, ours, path=path))
        else:
            reason = of_difference(Pair(_bare(there), _bare(here), path, self.published))
            self.found.append(Difference(where, DIFFERENT, printed, ours, reason, path))

    def items(self, there: Sequence[Any], here: Sequence[Any], where: str, path: str) -> None:
        """The items of two lists, each beside the one most like it."""
        for at, item, other in _paired(there, here):
            name = _name(item if item is not None else other)
            self.values(item, other, step(where, name), f"{path}[{at}]" if at is not None else path)

    def missing(self, there: Any, here: Any, where: str, path: str) -> None:
        """A row or a block that only one of the two has."""
        state, item = (ONLY_THERE, there) if here is None else (ONLY_HERE, here)
        said = _said(item)
        reason = of_missing(item, published=here is None)
        self.found.append(Difference(where, state, said if here is None else "", said if there is None else "", reason, path))


def _is_part(value: Any) -> bool:
    """Whether a value has cells of its own."""
    simple = Figure | Percentage | PrintedPercentage | Money | Counter | Form
    return attrs.has(type(value)) and not isinstance(value, simple)


def _has_items(values: tuple[Any, ...]) -> bool:
    return any(_is_part(each) or isinstance(each, Money | tuple) for each in values)


def _bare(value: Any) -> Any:
    """What a cell says: a blank number and 0 say the same, and so do no words and empty ones."""
    if isinstance(value, Figure):
        return value.value or None
    return value or None


# --- Rows beside each other ---------------------------------------------------------------------------------------------

_FEWEST_ALIKE = 2
"""Two rows are taken for one and the same if so many of their cells are, blank ones left out."""


def _paired(there: Sequence[Any], here: Sequence[Any]) -> Iterator[tuple[int | None, Any, Any]]:
    """Each item with its place and the item of the other list that is most like it; None if there is none."""
    left = list(range(len(here)))
    beside: dict[int, int] = {}
    likeness = sorted(
        ((_likeness(item, other), -at, -place) for at, item in enumerate(there) for place, other in enumerate(here)), reverse=True
    )
    for alike, at, place in likeness:
        if alike >= _FEWEST_ALIKE and -at not in beside and -place in left:
            beside[-at] = -place
            left.remove(-place)
    for at, item in enumerate(there):
        yield at, item, here[beside[at]] if at in beside else None
    yield from ((None, None, here[place]) for place in left)


_NAMED = 1_000
"""Classes, amounts and movements are paired by their names alone."""


def _likeness(one: Any, other: Any) -> int:
    name = _key(one)
    if name is not None:
        return _NAMED if name == _key(other) else 0
    if type(one) is not type(other):
        return 0
    names = [field.name for field in attrs.fields(type(one)) if field.name not in _NOT_COMPARED]
    pairs = [(_bare(getattr(one, name)), _bare(getattr(other, name))) for name in names]
    return sum(mine == theirs and mine is not None for mine, theirs in pairs)


def _key(item: Any) -> str | None:
    if (heading := getattr(item, "heading", None)) is not None:
        return f"class {heading.code}"
    if isinstance(item, Money):
        return item.currency
    if isinstance(item, OptionMovement):
        return item.label
    return str(item[0]) if isinstance(item, tuple) else None


def _name(item: Any) -> str:
    number = getattr(item, "number", None)
    return _key(item) or (f"{number})." if isinstance(number, int) else _day_of(item))


_DAYS = ("traded_on", "changed_on", "occurred_on")


def _day_of(item: Any) -> str:
    return next((in_words(getattr(item, name)) for name in _DAYS if getattr(item, name, None) is not None), "row")


def _said(item: Any) -> str:
    """A row in one line: its words, its day and its figures, as far as it has them."""
    if isinstance(item, Money) or not attrs.has(type(item)):
        return in_words(item)
    values = (getattr(item, field.name) for field in attrs.fields(type(item)) if field.name not in ("heading", "number"))
    return "; ".join(filter(None, (in_words(value) for value in values if not isinstance(value, tuple) and not _is_part(value))))
