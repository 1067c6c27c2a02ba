"""Which column is what: the row of heads is found, and each column matched by its name and by what stands in it.

A match is a suggestion with its reason. A name that may be two things, two columns of one name, and a column whose values are of
another kind are not decided here: they are said, and `--map` decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from infrastructure.files.spreadsheets import concepts, written
from infrastructure.files.spreadsheets.concepts import ALIASES, CONCEPTS, FIELDS, Concept
from infrastructure.files.spreadsheets.sheets import Sheet, Value, is_blank, letters
from infrastructure.readers.values import quoted

HEADS_WITHIN = 40
"""How many rows may stand above the heads: titles, addresses, dates of the report."""

SAMPLE = 50
"""So many values of a column are looked at to find out of what kind it is."""

_FIELD_NAMES = frozenset(each.name for each in FIELDS)


@attrs.frozen
class SheetColumn:
    """A column: its place counted from 0, its head, the field that it is taken for, if any, and why; and its currency."""

    at: int
    head: str
    field: str | None
    why: str
    currency: str | None = None

    @property
    def letters(self) -> str:
        """The letters over it."""
        return letters(self.at)


@attrs.frozen
class Match:
    """The columns of a sheet by the row of their heads, counted from 0, and what is not decided: a line for each."""

    head_row: int
    columns: tuple[SheetColumn, ...]
    undecided: tuple[str, ...] = ()

    def column(self, field: str) -> SheetColumn | None:
        """The column of a field."""
        return next((each for each in self.columns if each.field == field), None)

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads as they are remembered: without case, spaces and marks."""
        return tuple(plain(each.head) for each in self.columns)


def match(sheet: Sheet, given: Mapping[str, str], remembered: Mapping[tuple[str, ...], Mapping[str, str]]) -> Match | None:
    """The columns of a sheet, `given` and `remembered` by field and head; None if no row has heads."""
    row = _head_row(sheet, given)
    if row is None:
        return None
    heads = [(at, str(value).strip()) for at, value in enumerate(sheet.rows[row]) if not is_blank(value)]
    known = remembered.get(tuple(plain(head) for _, head in heads))
    samples = {at: _sample(sheet, row, at) for at, _ in heads}
    if known is not None:
        columns = [SheetColumn(at, head, *_remembered(head, known), currency_of(head)) for at, head in heads]
    else:
        columns = [SheetColumn(at, head, *_suggested(head, samples[at]), currency_of(head)) for at, head in heads]
    chosen, wrong = _with_given(columns, given)
    chosen = _without_weaker(chosen)
    return Match(row, tuple(chosen), (*wrong, *_twice(chosen)))


# --- the row of heads -----------------------------------------------------------------------------------------------


def _head_row(sheet: Sheet, given: Mapping[str, str]) -> int | None:
    """The first of the rows with most heads that are known; at least two, one of them a field."""
    wanted = {plain(head) for head in given.values()}

    def known(row: Sequence[Value]) -> int:
        heads = [plain(value) for value in row if isinstance(value, str) and value.strip()]
        fields = sum(head in wanted or any(concept.name in _FIELD_NAMES for concept in _named(head)) for head in heads)
        return fields and sum(head in wanted or bool(_named(head)) for head in heads)

    counts = [known(row) for row in sheet.rows[:HEADS_WITHIN]]
    best = max(counts, default=0)
    return counts.index(best) if best >= 2 else None


def _sample(sheet: Sheet, head_row: int, at: int) -> list[Value]:
    found: list[Value] = []
    for row in sheet.rows[head_row + 1 :]:
        if len(found) == SAMPLE:
            break
        if at < len(row) and not is_blank(row[at]):
            found.append(row[at])
    return found


# --- names ----------------------------------------------------------------------------------------------------------

_UNITS = re.compile(
    r"[(\[](?:hk\$|hkd|us\$|usd|rmb|cny|gbp|eur|\$|港元|港幣|港币|美元|人民幣|人民币|元"
    r"|shares?|no\.?|number|units?|股|hkt|hong kong time"
    r"|d+/m+/y+|m+/d+/y+|y+[-/]m+[-/]d+|note \d+)[)\]]"
)
_MULTIPLE = re.compile(r"['’]?000\b|\bthousands?\b|\bmillions?\b|\bmn\b|千|百萬|百万|萬|万")
_NEUTRAL = frozenset(("the", "a", "an", "hk", "hkt", "hkd", "usd", "rmb", "cny", "us", "per", "each", "in", "share", "local"))


def plain(value: Value) -> str:
    """A head without case, marks and units: `Price (HK$)` is price."""
    text = unicodedata.normalize("NFKC", str(value)).casefold()
    text = _UNITS.sub(" ", text).replace("hk$", " ").replace("us$", " ").replace("%", " percent ").replace("_", " ")
    text = text.replace("#", " no ").replace("’", "").replace("'", "")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def currency_of(head: str) -> str | None:
    """The currency that a head names."""
    text = unicodedata.normalize("NFKC", head).upper()
    found = {code for sign, code in written.SIGNS.items() if re.search(rf"(?<![A-Z]){re.escape(sign)}(?![A-Z])", text)}
    return found.pop() if len(found) == 1 else None


def _named(head: str) -> tuple[Concept, ...]:
    if head in ALIASES:
        return ALIASES[head]
    bare = " ".join(word for word in head.split() if word not in _NEUTRAL)
    if bare in ALIASES:
        return ALIASES[bare]
    found = {alias for alias in _within(head) if _says_enough(alias, ALIASES[alias][0])}
    whole = [alias for alias in found if not any(alias != other and _holds(other, alias) for other in found)]
    named = {concept.name: concept for alias in whole for concept in ALIASES[alias]}
    if named.keys() & {concepts.HIGHEST, concepts.LOWEST}:
        named.pop(concepts.PRICE, None)
    # Whatever else a head says, what is a settlement's, a charge or a running figure is no figure of the trade.
    passed_over = [concept for concept in named.values() if concept.ignored]
    return tuple(passed_over[:1] or named.values())


def _within(head: str) -> Iterator[str]:
    """The names that stand in a head: as words, or as characters where they are Chinese."""
    words = head.split()
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            if (part := " ".join(words[first:last])) in ALIASES:
                yield part
    yield from (alias for alias in ALIASES if not alias.isascii() and len(alias) > 1 and alias in head)


def _says_enough(alias: str, concept: Concept) -> bool:
    """Whether a name says enough in a longer head: one word alone may be of anything, unless it is to be passed over."""
    return bool(concept.ignored) or " " in alias or not alias.isascii()


def _holds(longer: str, shorter: str) -> bool:
    return f" {shorter} " in f" {longer} " or (not shorter.isascii() and shorter in longer)


# --- what a column is -----------------------------------------------------------------------------------------------


def _suggested(head: str, sample: Sequence[Value]) -> tuple[str | None, str]:
    """The field that a column is taken for, and why; or why it is not used."""
    if _MULTIPLE.search(head.casefold()):
        return None, "its figures are in thousands or millions, not exact"
    named = _named(plain(head))
    if not named:
        return None, "its name is not known"
    if len(named) > 1:
        return None, f"its name may be {' or '.join(each.name for each in named)}"
    concept = named[0]
    if concept.ignored:
        return None, concept.ignored
    fitting = sum(written.fits(concept.kind, value) for value in sample)
    if sample and 2 * fitting < len(sample):
        return None, f"named like {concept.name}, but it holds {quoted(str(sample[0]))}"
    return concept.name, f"named like {concept.name}" + (f", holds {_KINDS[concept.kind]}" if sample else ", and empty")


_KINDS = {"day": "dates", "whole": "whole numbers", "money": "amounts", "words": "words"}


def _remembered(head: str, known: Mapping[str, str]) -> tuple[str | None, str]:
    field = next((field for field, its in known.items() if its == plain(head)), None)
    return field, "remembered" if field else "not used before"


def _with_given(columns: Sequence[SheetColumn], given: Mapping[str, str]) -> tuple[list[SheetColumn], list[str]]:
    """The columns as `--map` decides, and what is wrong with it."""
    chosen, wrong = list(columns), []
    for field, head in given.items():
        found = [each for each in chosen if plain(each.head) == plain(head)] or [each for each in chosen if each.letters == head]
        if len(found) != 1:
            heads = f"no column has the head {quoted(head)}; heads: {'; '.join(each.head for each in columns)}"
            letters = " or ".join(f"--map {field}={each.letters}" for each in found)
            wrong.append(f"--map {field}: " + (f"several columns have the head {quoted(head)}; {letters}" if found else heads))
            continue
        for at, each in enumerate(chosen):
            if each is found[0]:
                chosen[at] = attrs.evolve(each, field=field, why="--map")
            elif each.field == field:
                chosen[at] = attrs.evolve(each, field=None, why=f"--map {field} names another column")
    return chosen, wrong


def _without_weaker(columns: Iterable[SheetColumn]) -> list[SheetColumn]:
    """Where one of two columns has the very name of a field, and the other a longer one, the former is it."""
    found = list(columns)
    for field in {each.field for each in found if each.field}:
        rivals = [each for each in found if each.field == field]
        exact = [each for each in rivals if plain(each.head) in CONCEPTS[field].aliases] if field in CONCEPTS else []
        if len(rivals) > len(exact) == 1:
            found = [
                attrs.evolve(each, field=None, why=f"{exact[0].head} is {field}")
                if each in rivals and each is not exact[0]
                else each
                for each in found
            ]
    return found


def _twice(columns: Sequence[SheetColumn]) -> Iterator[str]:
    for field in dict.fromkeys(each.field for each in columns if each.field):
        rivals = [each for each in columns if each.field == field]
        if len(rivals) > 1:
            alike = len({plain(each.head) for each in rivals}) < len(rivals)
            named = " or ".join(f"--map {field}={each.letters}" if alike else f'--map {field}="{each.head}"' for each in rivals)
            yield f"{field}: {' and '.join(each.letters for each in rivals)} may both be it; decide with {named}"
