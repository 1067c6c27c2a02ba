"""A filed return stays what it was: documents made by earlier programs are made again, digest for digest."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from domain.returns.filed import form_named
from infrastructure.renderers import FORMATS, render
from tests.filed import editions
from tests.filed.editions import FOLDER, Kept, digest

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
