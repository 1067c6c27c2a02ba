"""A file read as the return that it holds: which form it is on, its parts, its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from domain.returns.forms import MONTHLY, Form
from domain.returns.identities import Judged
from domain.returns.identity import Identity
from infrastructure.files.published import monthly, next_day
from infrastructure.files.published.assemble import DayNotFound
from infrastructure.files.published.days import with_days
from infrastructure.files.published.letters import Stream, stream
from infrastructure.files.published.outline import OutlinePart, parts
from infrastructure.files.published.pages import Pages, gaps, without_page_marks
from infrastructure.files.published.settle import DOUBTFUL, CellMark, Settled, settled
from infrastructure.files.published.sources import source_of
from infrastructure.files.published.sources.pieces import Source
from infrastructure.files.published.which_form import form_of, titles
from infrastructure.readers.values import UnreadableValue


@attrs.frozen
class ReadReturn:
    """A return as it was read from a file.

    `marks` say how well each cell is known, by its path (`domain.returns.printed.cells`), and of each list whether all of it was
    found. `exact` is the exchange's own PDF, whose two readings agree; all else is a copy. `notes` are about the file.
    """

    name: str
    document: Return
    marks: Mapping[str, CellMark]
    identities: tuple[Judged, ...]
    exact: bool
    notes: tuple[str, ...]

    @property
    def doubtful(self) -> Mapping[str, CellMark]:
        """The cells and lists that are not to be relied on, with the reason and the text that was there."""
        return {path: mark for path, mark in self.marks.items() if mark.state == DOUBTFUL}

    @property
    def broken(self) -> tuple[Identity, ...]:
        """What should hold within the return and does not."""
        return tuple(each.identity for each in self.identities if each.holds is False and not each.identity.confirms)


def read_return(content: bytes, name: str) -> ReadReturn:
    """The one return in a file. Raises UnreadableValue, naming the file, where it holds none that can be read, or several."""
    found = read_returns(content, name)
    if len(found) > 1:
        raise UnreadableValue(f"{name}: expected one return, got {len(found)}: give each a file of its own")
    return found[0]


def read_returns(content: bytes, name: str) -> tuple[ReadReturn, ...]:
    """Every return in a file: an exhibit may hold several, one after the other. Raises UnreadableValue if it holds none."""
    source, pages = without_page_marks(source_of(content, name))
    whole = stream(source)
    begins = titles(whole)
    if not begins:
        raise UnreadableValue(
            f"{name}: expected a Monthly Return (FF301) or a Next Day Disclosure Return (FF304, FF305), got another text"
        )
    if len(begins) == 1:
        return (_read(whole, source, pages, name),)
    return tuple(_read(stream(each), each, without_page_marks(each)[1], name) for each in _divided(source, whole, begins))


def _divided(source: Source, whole: Stream, begins: Sequence[int]) -> Iterator[Source]:
    """The pieces of each return of a source, from the one that holds its title on."""
    firsts = [sum(begin <= whole.place(letter) for begin in whole.begins) - 1 for letter in begins]
    for first, stop in zip(firsts, [*firsts[1:], len(source.pieces)], strict=True):
        yield attrs.evolve(source, pieces=source.pieces[first:stop])


def _read(text: Stream, source: Source, pages: Pages, name: str) -> ReadReturn:
    form = form_of(text, pages)
    found = parts(text, form.code)
    missing = gaps(pages)
    try:
        read = _settled(found, form, source, pages, missing)
    except DayNotFound as error:
        raise UnreadableValue(f"{name}: expected a day at {error}, found none: not enough of the return can be read") from error
    return ReadReturn(name, read.document, read.marks, read.identities, source.exact, (*source.notes, *missing))


def _settled(found: Mapping[str, OutlinePart], form: Form, source: Source, pages: Pages, missing: Sequence[str]) -> Settled:
    kind, reader = (MonthlyReturn, monthly) if form.kind == MONTHLY else (NextDayReturn, next_day)
    tree = with_days(reader.tree(found, form), monthly=form.kind == MONTHLY)
    lists = [field.name for field in attrs.fields(kind) if isinstance(tree.get(field.name), tuple)]
    doubts = dict.fromkeys(lists, "; ".join(missing)) if missing else {}
    return settled(kind, tree, exact=source.exact, doubts=doubts, form=form, draft_reasons=pages.draft_reasons)
