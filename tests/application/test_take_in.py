"""A book rebuilt from the published returns of a year: it agrees at every month end, and in every figure of its mandates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import attrs
import pytest

from application.file_return import file_return
from application.record import record
from application.take_in import PublishedFile, Taken, start, take_in
from domain.capital.accounts import (
    AUTHORISED,
    ISSUED_EXCLUDING_TREASURY,
    OUTSTANDING,
    PENDING_CANCELLATION,
    SCHEME,
    SHARES,
    TREASURY,
)
from domain.capital.entries import Draft, Entry, Viewpoint, in_effect
from domain.events import Event
from domain.mandates.status import history
from domain.returns import monthly, next_day
from domain.returns.documents import Return
from domain.returns.filings import RESUBMISSION
from domain.returns.forms import MONTHLY, NEXT_DAY
from domain.values import month_end_of
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.files.published import read_return
from infrastructure.renderers import render
from tests.conftest import ticking
from tests.domain.book_of import drafts, entries, event, position_at, set_up

ISSUER = "03033"
MONTHS = [month_end_of(date(2025, month, 1)) for month in range(1, 13)]

# A year of an invented issuer: the day it becomes known, the facts, and the day that a Next Day Disclosure Return is about.
BEGINS = "31 December 2024"
SET_UP = [
    event("IssuerRegistered", BEGINS, issuer=ISSUER, name="Example Lighthouse Limited"),
    event("SignatoryAppointed", BEGINS, name="Ho Siu Ming", title="Company Secretary"),
    event("ShareClassCreated", BEGINS, share_class="ordinary", class_label="Ordinary shares", par_value="HKD 0.1", listed="yes", stock_code=ISSUER),
    event("AuthorisedCapitalIncreased", BEGINS, share_class="ordinary", shares="2,000,000,000"),
    event("SchemeAdopted", BEGINS, scheme="2020", share_class="ordinary", particulars="Share option scheme of 2020", limit="50,000,000"),
    event("MandateGranted", "23 May 2024", mandate="rep-24", purpose="repurchase", percent="10", base="900,000,000", used_before="3,000,000", counted_on=BEGINS),
    event("MandateGranted", "23 May 2024", mandate="iss-24", purpose="issue", percent="20", base="900,000,000", used_before="0", reserved_before="0", counted_on=BEGINS),
    event("BalanceBroughtForward", BEGINS, share_class="ordinary", issued_excluding_treasury="905,000,000", treasury="2,000,000", pending_cancellation="1,000,000", tranches="2024-12-30: 1,000,000 @ HKD 2.5"),
    event("SchemeBalanceBroughtForward", BEGINS, scheme="2020", outstanding="10,000,000"),
    event("ReturnFiled", BEGINS, kind="monthly", submitted_on="3 January 2025"),
]  # fmt: skip


def bought(on: str, shares: str, intention: str, mandate: str, paid: str) -> Event:
    trades = f"On the Exchange: {shares} @ HKD 3 to HKD 2 = {paid}"
    return event(
        "SharesRepurchased", on, share_class="ordinary", shares=shares, intention=intention, mandate=mandate, trades=trades
    )


FACTS = [
    bought("10 January 2025", "500,000", "cancellation", "rep-24", "HKD 1,250,000"),
    bought("14 January 2025", "300,000", "treasury", "rep-24", "HKD 744,000"),
    event("OptionsExercised", "20 January 2025", scheme="2020", options="200,000", price="HKD 1.2"),
    event("RepurchasedSharesCancelled", "12 February 2025", share_class="ordinary", shares="1,500,000", mandate="rep-24"),
    event("PlacingCompleted", "5 March 2025", share_class="ordinary", shares="50,000,000", price="HKD 2.6", mandate="iss-24"),
    event("OptionsGranted", "6 March 2025", scheme="2020", options="2,000,000"),
    event("OptionsLapsed", "15 April 2025", scheme="2020", options="300,000"),
    bought("8 May 2025", "400,000", "cancellation", "rep-24", "HKD 1,000,000"),
    event("MandateRevoked", "23 May 2025", mandate="rep-24"),
    event("MandateRevoked", "23 May 2025", mandate="iss-24"),
    # 905,000,000 − 300,000 into treasury + 200,000 − 1,500,000 cancelled + 50,000,000 placed.
    event("MandateGranted", "23 May 2025", mandate="rep-25", purpose="repurchase", percent="10", base="953,400,000"),
    event("MandateGranted", "23 May 2025", mandate="iss-25", purpose="issue", percent="20", base="953,400,000"),
    bought("17 June 2025", "600,000", "treasury", "rep-25", "HKD 1,500,000"),
    event("RepurchasedSharesCancelled", "9 July 2025", share_class="ordinary", shares="400,000", mandate="rep-24"),
    event("TreasurySharesSold", "12 August 2025", share_class="ordinary", shares="800,000", mandate="iss-25", trades="On the Exchange: 800,000 @ HKD 3 = HKD 2,400,000"),
    event("ScripDividendIssued", "19 September 2025", share_class="ordinary", shares="3,000,000", price="HKD 2.9", general_meeting_on="23 May 2025"),
    bought("13 October 2025", "700,000", "cancellation", "rep-25", "HKD 1,750,000"),
    bought("14 October 2025", "800,000", "cancellation", "rep-25", "HKD 2,000,000"),
    event("AuthorisedCapitalIncreased", "14 November 2025", share_class="ordinary", shares="500,000,000"),
    event("OptionsExercised", "18 November 2025", scheme="2020", options="400,000", price="HKD 1.2"),
    event("RepurchasedSharesCancelled", "10 December 2025", share_class="ordinary", shares="1,500,000", mandate="rep-25"),
]  # fmt: skip
DAYS = {
    date(2025, 1, 10): date(2025, 1, 13), date(2025, 1, 14): date(2025, 1, 15), date(2025, 3, 5): date(2025, 3, 6),
    date(2025, 5, 8): date(2025, 5, 9), date(2025, 6, 17): date(2025, 6, 18), date(2025, 8, 12): date(2025, 8, 13),
    date(2025, 9, 19): date(2025, 9, 22), date(2025, 10, 13): date(2025, 10, 14), date(2025, 10, 14): date(2025, 10, 15),
}  # fmt: skip
SUBMITTED = {
    month_end: month_end.replace(day=1, month=month_end.month % 12 + 1, year=2025 + month_end.month // 12) for month_end in MONTHS
}

# Issued excluding treasury, treasury, pending, authorised and options outstanding at each month end, by hand.
BY_HAND = {
    1: (904_900_000, 2_300_000, 1_500_000, 2_000_000_000, 9_800_000),
    2: (903_400_000, 2_300_000, 0, 2_000_000_000, 9_800_000),
    3: (953_400_000, 2_300_000, 0, 2_000_000_000, 11_800_000),
    4: (953_400_000, 2_300_000, 0, 2_000_000_000, 11_500_000),
    5: (953_400_000, 2_300_000, 400_000, 2_000_000_000, 11_500_000),
    6: (952_800_000, 2_900_000, 400_000, 2_000_000_000, 11_500_000),
    7: (952_400_000, 2_900_000, 0, 2_000_000_000, 11_500_000),
    8: (953_200_000, 2_100_000, 0, 2_000_000_000, 11_500_000),
    9: (956_200_000, 2_100_000, 0, 2_000_000_000, 11_500_000),
    10: (956_200_000, 2_100_000, 1_500_000, 2_000_000_000, 11_500_000),
    11: (956_600_000, 2_100_000, 1_500_000, 2_500_000_000, 11_100_000),
    12: (955_100_000, 2_100_000, 0, 2_500_000_000, 11_100_000),
}
# Allowed, and used by the end of the year, of every mandate that a return prints: 3,000,000 before the book, 500,000 + 300,000 + 400,000 since; 600,000 + 1,500,000.
MANDATES = {
    ("repurchase", date(2024, 5, 23)): (90_000_000, 4_200_000),
    ("repurchase", date(2025, 5, 23)): (95_340_000, 2_100_000),
    ("issue", date(2025, 5, 23)): (190_680_000, 800_000),
}


def year_of_returns(store: SqlEventStore) -> list[Return]:
    """The returns of the year, filed as it went, in the order of submission."""
    record(store, ISSUER, [Draft(event=each, recorded_by="secretary") for each in SET_UP])
    steps = [(submitted, NEXT_DAY, on) for on, submitted in DAYS.items()]
    steps += [(submitted, MONTHLY, on) for on, submitted in SUBMITTED.items()]
    waiting, documents = list(FACTS), []
    for submitted, kind, on in sorted(steps):
        known = [each for each in waiting if each.effective_on < submitted]
        waiting = [each for each in waiting if each not in known]
        record(store, ISSUER, [Draft(event=each, recorded_by="secretary") for each in known])
        filed = file_return(store, ISSUER, kind, on, submitted, render=render, rendering="json", recorded_by="secretary")
        documents.append(filed.document)
    return documents


def published(document: Return, kind: str = "pdf") -> PublishedFile:
    content = render(document, kind)
    read = read_return(content, f"{document.form}.{kind}")
    return PublishedFile(read.document, sha256(content).hexdigest())


def recorded(store: SqlEventStore, taken: Sequence[Taken]) -> None:
    for each in taken:
        assert all(proposed.event is not None for proposed in each.proposed), each.proposed
    record(store, ISSUER, [draft for each in taken for draft in each.drafts("secretary")])


def totals(entries: Sequence[Entry], on: date) -> tuple[int, ...]:
    position = position_at(entries, Viewpoint(on))
    scheme = next(iter(position.terms.schemes))
    code = next(iter(position.terms.classes))
    sums: tuple[Any, ...] = (ISSUED_EXCLUDING_TREASURY, (TREASURY,), (PENDING_CANCELLATION,), AUTHORISED)
    return (*(position.total(SHARES, code, *names) for names in sums), position.total(SCHEME, scheme, OUTSTANDING))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> list[Return]:
    path = tmp_path_factory.mktemp("original") / "captable.db"
    store = open_store(str(path), clock=ticking(), create=True)
    documents = year_of_returns(store)
    assert {month.month: totals(list(store.entries(ISSUER)), month) for month in MONTHS} == BY_HAND
    store.close()
    return documents


def test_start_and_take_in_rebuild_a_book_that_agrees_at_every_month_end_and_in_every_mandate(
    store: SqlEventStore, year: list[Return]
) -> None:
    first = next(at for at, each in enumerate(year) if not hasattr(each, "sections"))
    recorded(store, start([published(each) for each in year[: first + 1]]))
    for document in year[first + 1 :]:
        recorded(store, take_in(list(store.entries(ISSUER)), [published(document)]))
    entries = list(store.entries(ISSUER))
    assert {month.month: totals(entries, month) for month in MONTHS} == BY_HAND
    standings = history(in_effect(entries)).standings.values()
    found = {(each.mandate.purpose, each.mandate.granted_on): (each.limit, each.used) for each in standings}
    assert found == MANDATES


def test_a_scheme_that_a_book_does_not_have_is_recorded_with_what_was_outstanding_before(store: SqlEventStore) -> None:
    """Of 1,000 options 500 were outstanding at the end of July; in August 100 are granted and 20 exercised: 580, and 400 are free."""
    with_scheme = [
        *set_up(),
        event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="Scheme of 2024", limit="1,000"),
        event("OptionsGranted", "3 July 2024", scheme="s", options="500"),
        event("OptionsGranted", "5 August 2024", scheme="s", options="100"),
        event("OptionsExercised", "6 August 2024", scheme="s", options="20", price="HKD 1"),
    ]
    august = date(2024, 8, 31)
    published = monthly.prepare(entries(*with_scheme), august, date(2024, 9, 4))
    record(store, "00001", drafts(*set_up()))
    (taken,) = take_in(list(store.entries("00001")), [PublishedFile(published, "0" * 64)])
    record(store, "00001", taken.drafts("secretary"))
    again = monthly.prepare(list(store.entries("00001")), august, date(2024, 9, 4))
    for document in (published, again):
        (row,) = document.options[0].rows
        assert (row.opening.value, row.closing.value, row.may_be_granted.value) == (500, 580, 400)
        assert document.issued[0].closing.issued.value == 500_020


def test_a_resubmission_on_the_day_of_the_first_submission_is_taken_in_too(store: SqlEventStore) -> None:
    """The first return lacks a director's 100 options; the second, of the same evening, has them."""
    book = [
        *set_up(),
        event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="Scheme of 2024", limit="1,000"),
        event("OptionsGranted", "3 July 2024", scheme="s", options="500"),
    ]
    placed = event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="300", price="HKD 2")
    exercised = event("OptionsExercised", "5 August 2024", scheme="s", options="100", price="HKD 1", director="yes")
    day, submitted = date(2024, 8, 5), date(2024, 8, 6)
    first = next_day.prepare(entries(*book, placed), day, submitted)
    second = attrs.evolve(next_day.prepare(entries(*book, placed, exercised), day, submitted), status=RESUBMISSION)
    record(store, "00001", drafts(*book))
    files = [PublishedFile(second, "2" * 64), PublishedFile(first, "1" * 64)]
    taken = take_in(list(store.entries("00001")), files)
    assert [fact for each in taken for fact in each.facts[:-1]] == [placed, exercised]
    record(store, "00001", [draft for each in taken for draft in each.drafts("secretary")])
    assert [each.already for each in take_in(list(store.entries("00001")), files)] == [True, True]
