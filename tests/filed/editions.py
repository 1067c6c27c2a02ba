"""Documents kept as digests, with the books they were made from: what a filed return must stay, whatever the program learns.

A folder `edition_N` holds what the program made before edition N + 1 was begun: `books`, one entry a line as the store keeps it;
`documents.csv`, a digest a rendering; `made-with.txt`, the libraries that the bytes of a PDF and of a workbook depend on; and
`printed`, a few documents as text, to read. `python -m tests.filed.editions` writes the folder of the edition that is current.
Run it before anything of the next edition is changed, and never after. From the first, returns were taken out that opened before
their book began, of zeros throughout: later code refuses to prepare them; and those that follow a consolidation which rounded
each account of a class by itself, or a reorganisation of one class: their numbers were wrong.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import attrs
from hypothesis import given, seed, settings

from application.record import record
from domain.capital.entries import Draft, Entry
from domain.returns import monthly, next_day
from domain.returns.documents import Return
from domain.returns.filings import NotPrepared
from domain.returns.forms import CURRENT, MONTHLY, NEXT_DAY, Form, form_for
from domain.values import month_end_of
from infrastructure.event_codec import TYPE_NAMES, decode_strictly, encode
from infrastructure.event_store import open_store
from infrastructure.renderers import FORMATS, render
from tests.conftest import ticking, worked_issuer
from tests.domain import histories
from tests.infrastructure import full_documents
from tests.scenarios.test_a_year_in_a_life import ISSUER, story_of
from tests.scenarios.test_scenarios import SCENARIOS, read

FOLDER = Path(__file__).parent
LIBRARIES = ("typst", "pylopdf-fonts-zh-cn", "xlsxwriter")
PREPARE: Mapping[str, Callable[..., Return]] = {MONTHLY: monthly.prepare, NEXT_DAY: next_day.prepare}
# A number for each rendering; every document is kept in the first three, one in so many in the others, which take longer.
EVERY: Mapping[str, int] = {"json": 1, "text": 1, "html": 1, "xlsx": 4, "pdf": 12}


@attrs.frozen
class Kept:
    """A document that was made: from the first `book_number` entries of a book, on a version of a form."""

    book: str
    kind: str
    on: date
    submitted_on: date
    book_number: int
    form: str
    digests: Mapping[str, str]

    def made_again(self, entries: Sequence[Entry], form: Form) -> Return:
        """The document, prepared from the same entries on a form."""
        return PREPARE[self.kind](entries[: self.book_number], self.on, self.submitted_on, form=form)


def digest(content: bytes, format_name: str) -> str:
    """SHA-256; of a workbook that of its parts, since what packs them differs between machines."""
    if format_name != "xlsx":
        return hashlib.sha256(content).hexdigest()
    found = hashlib.sha256()
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in sorted(parts.namelist()):
            found.update(name.encode() + b"\0" + parts.read(name) + b"\0")
    return found.hexdigest()


def libraries() -> str:
    """The versions that the bytes of a PDF and of a workbook depend on."""
    return "".join(f"{name}=={version(name)}\n" for name in LIBRARIES)


# --- reading ------------------------------------------------------------------------------------------------------


def book(edition: int, name: str) -> list[Entry]:
    """A book that was kept."""
    lines = (FOLDER / f"edition_{edition}" / "books" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_entry(number, json.loads(line)) for number, line in enumerate(lines, 1)]


def _entry(number: int, kept: Mapping[str, object]) -> Entry:
    payload = json.dumps(kept["event"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Entry(
        event=decode_strictly(str(kept["type"]), payload), recorded_by="secretary", command_id=f"kept-{number}",
        replaces=kept.get("replaces"), number=number, recorded_at=datetime(2025, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def documents(edition: int) -> list[Kept]:
    """The documents that were kept."""
    with (FOLDER / f"edition_{edition}" / "documents.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Kept(
                row["book"], row["kind"], date.fromisoformat(row["on"]), date.fromisoformat(row["submitted_on"]),
                int(row["book_number"]), row["form"], {name: row[name] for name in FORMATS if row[name]},
            )
            for row in csv.DictReader(lines)
        ]  # fmt: skip


# --- writing ------------------------------------------------------------------------------------------------------


def _days(entries: Sequence[Entry]) -> tuple[list[date], list[date]]:
    """The month ends and the days of which returns may be prepared from a book."""
    days = sorted({entry.event.effective_on for entry in entries})
    months = sorted({month_end_of(day) for day in days})
    return months, days


def _asked(entries: Sequence[Entry]) -> Iterator[tuple[str, date, date]]:
    """Each return of a book, on the forms of its time and on those of the other side of June 2024."""
    months, days = _days(entries)
    for kind, closings in ((MONTHLY, months), (NEXT_DAY, days)):
        for on in closings:
            for submitted_on in (date(2024, 3, 15), date(2025, 3, 15)):
                yield kind, on, submitted_on


def made(name: str, entries: Sequence[Entry]) -> Iterator[tuple[Kept, Return]]:
    """Every return that can be prepared of a book, without its digests."""
    for kind, on, submitted_on in _asked(entries):
        form = form_for(kind, submitted_on)
        try:
            document = PREPARE[kind](entries, on, submitted_on, form=form)
        except NotPrepared:
            continue
        yield Kept(name, kind, on, submitted_on, len(entries), str(form), {}), document


def write(edition: int, books: Mapping[str, Sequence[Entry]], printed: Mapping[tuple[str, str, date, date], str]) -> None:
    """Write the folder of an edition: what `made` makes of the books, and a few documents to read."""
    folder = FOLDER / f"edition_{edition}"
    for part in ("books", "printed"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    rows, number = [], 0
    for name, entries in books.items():
        (folder / "books" / f"{name}.jsonl").write_text("".join(_lines(entries)), encoding="utf-8")
        for kept, document in made(name, entries):
            number += 1
            taken = [each for each in FORMATS if number % EVERY[each] == 0]
            rendered = {each: render(document, each) for each in taken}
            rows.append({**attrs.asdict(kept), **{each: digest(content, each) for each, content in rendered.items()}})
            if title := printed.get((kept.book, kept.kind, kept.on, kept.submitted_on)):
                (folder / "printed" / f"{title}.txt").write_bytes(rendered["text"])
    with (folder / "documents.csv").open("w", encoding="utf-8", newline="") as lines:
        heads = ["book", "kind", "on", "submitted_on", "book_number", "form", *FORMATS]
        writer = csv.DictWriter(lines, heads, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    by_hand = {name: {each: digest(render(make(edition), each), each) for each in FORMATS} for name, make in BY_HAND.items()}
    (folder / "by-hand.json").write_text(json.dumps(by_hand, indent=1) + "\n", encoding="utf-8")
    (folder / "made-with.txt").write_text(libraries(), encoding="utf-8")


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        kept = {"type": TYPE_NAMES[type(entry.event)], "event": json.loads(encode(entry.event))}
        replaced = {"replaces": entry.replaces} if entry.replaces else {}
        yield json.dumps({**kept, **replaced}, ensure_ascii=False) + "\n"


def _recorded(drafts: Iterable[Draft], issuer: str) -> list[Entry]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/captable.db", clock=ticking(), create=True)
        for draft in drafts:
            record(store, issuer, [draft])
        entries = list(store.entries(issuer))
        store.close()
    return entries


def _year() -> list[Entry]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/captable.db", clock=ticking(), create=True)
        entries = list(story_of(store).store.entries(ISSUER))
        store.close()
    return entries


def _invented(count: int) -> list[list[Entry]]:
    """The longest of some random histories."""
    found: list[list[Entry]] = []

    @seed(1)
    @settings(max_examples=200, database=None, deadline=None)
    @given(histories.books())
    def collect(entries: list[Entry]) -> None:
        found.append(entries)

    collect()
    return sorted(found, key=len)[-count:]


def _books() -> dict[str, Sequence[Entry]]:
    scenarios = ((path.stem, read(path)[1]) for path in SCENARIOS)
    return {
        "worked-issuer": _recorded(worked_issuer(), "00020"),
        "a-year-in-a-life": _year(),
        **{name: _recorded(drafts, drafts[0].event.issuer) for name, drafts in scenarios},
        **{f"invented-{number}": entries for number, entries in enumerate(_invented(4), 1)},
    }


# Documents built by hand: every part and section is filled in them, as in no book.
BY_HAND: Mapping[str, Callable[[int], Return]] = {
    "FF301 1.0.2": lambda edition: full_documents.monthly("1.0.2", edition),
    "FF301 1.1.1": lambda edition: full_documents.monthly("1.1.1", edition),
    "FF304 1.2.4": lambda edition: full_documents.next_day("FF304", edition),
    "FF305 1.3.0": lambda edition: full_documents.next_day("FF305", edition),
}

# A few documents to read.
PRINTED = {
    ("worked-issuer", MONTHLY, date(2024, 12, 31), date(2025, 3, 15)): "worked-issuer, monthly, FF301 1.1.1",
    ("worked-issuer", NEXT_DAY, date(2022, 12, 30), date(2024, 3, 15)): "worked-issuer, next-day, FF304 1.2.4",
    ("every-kind-of-issue", MONTHLY, date(2024, 8, 31), date(2024, 3, 15)): "every-kind-of-issue, monthly, FF301 1.0.2",
    ("buy-backs-with-their-trades", NEXT_DAY, date(2024, 8, 14), date(2025, 3, 15)): "buy-backs, next-day, FF305 1.3.0",
    ("buy-back-for-cancellation", NEXT_DAY, date(2024, 8, 14), date(2024, 3, 15)): "buy-back, next-day, FF304 1.2.4",
}

if __name__ == "__main__":
    write(CURRENT.number, _books(), PRINTED)
