"""A filed return stays what it was: documents made by earlier programs are made again, digest for digest."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path

import pytest

from domain.returns.filed import as_filed, changed_since, filings, form_named
from domain.returns.filings import NotPrepared
from infrastructure.renderers import FORMATS, render
from tests.filed import editions
from tests.filed.editions import FOLDER, Kept, digest
from tests.scenarios.test_a_year_in_a_life import TOUCHED

FIRST = FOLDER / "edition_1"
# The bytes of a PDF and of a workbook are those of the libraries that draw them: they are held to where these are the same.
SAME_LIBRARIES = (FIRST / "made-with.txt").read_text(encoding="utf-8") == editions.libraries()
HELD = FORMATS if SAME_LIBRARIES else ("json", "text", "html")

BOOKS: dict[str, list[Kept]] = defaultdict(list)
for each in editions.documents(1):
    BOOKS[each.book].append(each)


@pytest.mark.parametrize("name", BOOKS)
def test_every_document_of_the_first_edition_is_made_again_as_it_was(name):
    entries, changed = editions.book(1, name), []
    for kept in BOOKS[name]:
        document = kept.made_again(entries, form_named(kept.form, 1))
        for format_name in set(HELD) & set(kept.digests):
            same = digest(render(document, format_name), format_name) == kept.digests[format_name]
            changed += [] if same else [f"{kept.form} of {kept.on} as {format_name}"]
    assert changed == []


@pytest.mark.parametrize("name", editions.BY_HAND)
@pytest.mark.parametrize("format_name", HELD)
def test_a_document_with_every_part_filled_is_drawn_again_as_it_was(name, format_name):
    kept = json.loads((FIRST / "by-hand.json").read_text(encoding="utf-8"))[name]
    assert digest(render(editions.BY_HAND[name](1), format_name), format_name) == kept[format_name]


def test_the_documents_kept_are_of_every_form_of_the_first_edition_in_every_format():
    kept = {(each.form, name) for documents in BOOKS.values() for each in documents for name in each.digests}
    assert kept == {(form, name) for form in editions.BY_HAND for name in FORMATS}


# --- filings --------------------------------------------------------------------------------------------------------

YEAR = editions.book(1, "a-year-in-a-life")
FILED = [filing for filing in filings(YEAR) if filing.filed.book_number is not None]


@pytest.mark.parametrize("filing", FILED, ids=lambda filing: f"{filing.entry.number} {filing.name}")
def test_a_return_filed_by_the_first_edition_is_made_again_to_the_byte(filing):
    content = render(as_filed(YEAR, filing), "json")
    assert hashlib.sha256(content).hexdigest() == filing.filed.digest


def test_a_filing_that_names_no_edition_is_of_the_first():
    assert {filing.filed.edition for filing in FILED} == {1}
    assert len(FILED) == 28


def test_what_a_filing_of_the_first_edition_would_print_now_is_compared_in_its_own_edition():
    """The correction of September touches what was filed from May to August, and no row is otherwise for a new edition."""
    changed = [filing.name for filing in FILED if changed_since(YEAR, filing)]
    assert changed == TOUCHED


@pytest.mark.parametrize(
    ("form", "edition", "said"),
    [
        ("FF305 1.3.0", 3, "the filing was prepared in edition 3 of the forms, by a later version of this program"),
        ("FF304 1.2.5", 1, "the filing names no form that is known here: FF304 1.2.5"),
        ("FF306 1.0.0", 2, "the filing names no form that is known here: FF306 1.0.0"),
        (None, 1, "the filing names no form that is known here: none"),
    ],
)
def test_a_filing_of_a_form_or_an_edition_that_is_not_known_is_not_made_again(form, edition, said):
    with pytest.raises(NotPrepared) as refused:
        form_named(form, edition)
    assert str(refused.value) == said


def test_the_libraries_of_the_digests_are_those_that_are_pinned():
    """Where the file of constraints pins them, so that the bytes of PDFs and workbooks are held to there."""
    constraints = Path("constraints.txt")
    lines = constraints.read_text(encoding="utf-8").lower().splitlines() if constraints.exists() else []
    pinned = dict(line.partition(";")[0].strip().split("==") for line in lines if "==" in line.partition(";")[0])
    kept = dict(line.split("==") for line in (FIRST / "made-with.txt").read_text(encoding="utf-8").splitlines())
    assert {name: pinned.get(name, version) for name, version in kept.items()} == kept
