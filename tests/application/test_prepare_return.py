"""A Next Day Disclosure Return from as much of a book as it needs, and from the whole of it where less does not do."""

from __future__ import annotations

from datetime import date

import pytest

from application import prepare_return
from application.prepare_return import next_day_return
from application.record import record
from domain.returns.filings import NotPrepared
from tests.application.facts import ISSUER, placing
from tests.domain.book_of import drafts, event

FILED = event("ReturnFiled", "5 July 2024", kind="next-day", submitted_on="8 July 2024", book_number="5")


@pytest.mark.parametrize("few", [prepare_return.FEW, 0])
def test_what_was_recorded_since_a_return_is_listed_however_much_there_is_of_it(book, monkeypatch, few):
    """500,000 held and 200 pending, 10,000 placed on 5 July and disclosed; 700 on 8 July and 60, found late, on 4 July."""
    monkeypatch.setattr(prepare_return, "FEW", few)
    record(book, ISSUER, drafts(placing("5 July 2024", "10,000"), FILED, prefix="filed"))
    record(book, ISSUER, drafts(placing("8 July 2024", "700"), placing("4 July 2024", "60"), prefix="since"))
    (section,) = next_day_return(book, ISSUER, date(2024, 7, 8), date(2024, 7, 9)).sections
    assert (section.opening.on, section.opening.issued.value) == (date(2024, 7, 5), 510_200)
    assert [(row.changed_on.day, row.issued.value) for row in section.changes if row.issued.value] == [(4, 60), (8, 700)]
    assert section.closing.issued.value == 510_960


def test_a_book_that_begins_later_has_no_return_of_the_day(book):
    """The balance of a second class is brought forward on 10 August: of 5 August the book does not know it yet."""
    second = [
        event(
            "ShareClassCreated", "2 July 2024", share_class="p", class_label="Preference shares", listed="yes", stock_code="00002"
        ),
        event("AuthorisedCapitalIncreased", "2 July 2024", share_class="p", shares="5,000"),
        event("BalanceBroughtForward", "10 August 2024", share_class="p", held="100"),
    ]
    record(book, ISSUER, drafts(*second, placing("5 August 2024", "10,000"), prefix="second"))
    with pytest.raises(NotPrepared, match="the book begins at close of 10 August 2024"):
        next_day_return(book, ISSUER, date(2024, 8, 5), date(2024, 8, 6))
