"""The register of entries on a page: the filter that an address gives, and how an entry reads in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs
import click

from application.entry_pages import LARGEST, EntryFilter, EntryPage, entry_page
from cli import options
from cli.event_options import EventKind, command_name, words
from cli.web.asked import BadQuery, parameter, whole
from cli.web.desk import BookView
from infrastructure.contents import Wanted

SIZE = 25
"""How many entries a page shows unless the address says otherwise."""
LAST_PAGE = 10**9


def wanted(query: Mapping[str, str]) -> EntryFilter:
    """The filter that an address gives. Raises BadQuery."""
    kind = parameter(query, "event", EventKind())
    return EntryFilter(
        kinds=frozenset({kind} if kind else ()),
        about=parameter(query, "about", click.STRING),
        since=parameter(query, "since", options.Day()),
        until=parameter(query, "until", options.Day()),
        text=query.get("text", "").strip(),
        standing=bool(parameter(query, "standing", click.BOOL)),
        numbers=frozenset(numbers(query.get("entries", ""))),
    )


SEARCHED = 5_000
"""In how many entries of a long book, the last recorded, a text or code is looked for unless the whole book is asked for."""


def page(book: BookView, query: Mapping[str, str], size: int = SIZE) -> EntryPage:
    """The page of entries that an address asks for. Raises BadQuery."""
    number, size, asked = whole(query, "page", 1, LAST_PAGE), whole(query, "size", size, LARGEST), wanted(query)
    columns = Wanted(kinds=asked.kinds, since=asked.since, until=asked.until, standing=asked.standing, numbers=asked.numbers)
    if not asked.reads_entries:
        skipped = (number - 1) * size
        total, chosen = book.contents.page(columns, skipped, size)
        return EntryPage(tuple(book.numbered(chosen)), skipped, size, total)
    if not book.is_long or query.get("all") == "true":
        return entry_page(book.desk.store, book.lines(), asked, number, size)
    total, last = book.contents.page(columns, 0, SEARCHED)
    found = entry_page(book.desk.store, book.numbered(sorted(last)), asked, number, size)
    return attrs.evolve(found, searched=len(last) if len(last) < total else None)


def numbers(text: str) -> Iterator[int]:
    """Entry numbers as an address lists them: 7,10-11. Raises BadQuery."""
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _RUN.fullmatch(part)
        if match is None:
            raise BadQuery("entries", f"expected numbers of entries such as 7,10-11, got {part[:40]!r}")
        first, last = int(match["first"]), int(match["last"] or match["first"])
        yield from range(first, min(last, first + LARGEST) + 1)


_RUN = re.compile(r"(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?")


def runs_joined(entries: tuple[int, ...]) -> str:
    """Entry numbers as an address lists them, runs joined: 7,10-11."""
    runs: list[list[int]] = []
    for number in sorted(set(entries)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


@attrs.frozen
class Kind:
    """An event type that a book has: its name in an address, and in words."""

    name: str
    words: str


def kinds(book: BookView) -> list[Kind]:
    """The event types of a book, by their names."""
    return sorted((Kind(command_name(kind), words(kind)) for kind in book.kinds()), key=lambda kind: kind.words)


def codes(book: BookView) -> list[str]:
    """The codes of classes, mandates, schemes and instruments that the entries of a book name."""
    return sorted(book.codes())
