"""The returns of all issuers: what is made, what is held back and why, and what an earlier run has done already."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import attrs
import pytest

from application.issuers import books
from application.returns_run import make, remaining
from domain.capital.entries import Draft
from domain.capital.head import Head
from domain.capital.ledger import Ledger
from domain.errors import StoreDamaged
from domain.returns.runs import IssuerOutcome, Order, RunDocument
from tests.application.fake_store import FakeStore
from tests.domain.book_of import drafts, event, set_up

DECEMBER = Order(date(2024, 12, 31), date(2025, 1, 6), ("json",))
DRAFTS = Order(date(2024, 12, 31), date(2025, 1, 6), ("json",), drafts=True)


def described(issuer: str, fmt: str, content: bytes) -> RunDocument:
    return RunDocument(fmt, f"{issuer}.{fmt}", sha256(content).hexdigest())


def rendered(document, name, *, draft):
    if "\N{SNOWMAN}" in document.issuer_name:
        raise ValueError("no font shows a snowman")
    return f"{name} {document.issuer_name} draft={draft}".encode()


def store_with(*more: Draft) -> FakeStore:
    store = FakeStore()
    store.append("00001", 0, [*drafts(*set_up()), *more])
    return store


def made(store, order=DECEMBER, issuer="00001"):
    found = make(store, issuer, order, render=rendered, describe=described)
    files = [document.file for document in found.outcome.documents]
    return found.outcome, dict(zip(files, found.contents, strict=True))


def wrong_balance() -> Draft:
    said = event("BalanceConfirmed", "31 July 2024", share_class="ordinary", issued_excluding_treasury=7, document="a statement")
    return Draft(event=said, recorded_by="tests", command_id="wrong")


def test_a_return_is_made_of_the_whole_book_and_says_of_which_head():
    store = store_with()
    outcome, kept = made(store)
    content = b"json Example Limited draft=False"
    assert kept == {"00001.json": content}
    head = store.head("00001")
    document = RunDocument("json", "00001.json", sha256(content).hexdigest())
    assert outcome == IssuerOutcome("00001", head.number, head.hash, (document,))


def test_a_book_with_findings_is_held_back_with_all_of_them():
    outcome, kept = made(store_with(wrong_balance()))
    assert (outcome.reason, outcome.made, kept) == ("findings", False, {})
    (said,) = outcome.said
    assert said.startswith("HK101 issued excluding treasury of class ordinary at close of 31 July 2024: a statement says 7")
    assert said.endswith("(entry 5)")


def test_a_book_with_findings_is_made_as_a_draft_where_that_is_asked():
    outcome, kept = made(store_with(wrong_balance()), DRAFTS)
    assert (outcome.reason, outcome.made) == ("findings", True)
    assert list(kept.values()) == [b"json Example Limited draft=True"]


def test_a_book_that_begins_in_the_month_is_held_back():
    outcome, kept = made(store_with(), Order(date(2024, 7, 31), date(2024, 8, 5), ("json",)))
    assert (outcome.reason, kept) == ("not prepared", {})
    assert "what stood at close of 30 June 2024 is not known" in outcome.said[0]


def test_a_text_that_cannot_be_shown_holds_the_return_back():
    store = store_with(
        Draft(event=event("IssuerDetailsChanged", "2 July 2024", name="\N{SNOWMAN}"), recorded_by="x", command_id="s")
    )
    outcome, kept = made(store)
    assert (outcome.reason, outcome.said, kept) == ("not rendered", ("no font shows a snowman",), {})


def test_a_book_that_cannot_stand_is_held_back():
    revoked = event("MandateRevoked", "2 August 2024", mandate="none")
    outcome, _ = made(store_with(Draft(event=revoked, recorded_by="x", command_id="m")))
    assert outcome.reason == "impossible"
    assert 'unknown mandate "none"' in outcome.said[0]


class DamagedStore(FakeStore):
    """Its third entry does not match its hash."""

    def entries(self, issuer, after=0):
        for entry in super().entries(issuer, after):
            if entry.number == 3:
                raise StoreDamaged("entry 3: does not match its hash")
            yield entry

    def ledger(self, issuer, **known):
        return Ledger.of(self.entries(issuer))


def test_a_damaged_book_is_held_back_and_named():
    store = DamagedStore()
    store.append("00001", 0, drafts(*set_up()))
    outcome, kept = made(store)
    assert (outcome.reason, outcome.said, kept) == ("damaged", ("entry 3: does not match its hash",), {})
    assert outcome.number == 4
    (book,) = books(store)
    assert (book.issuer, book.name, book.entries, book.damage) == ("00001", None, 4, "entry 3: does not match its hash")


class GrowingStore(FakeStore):
    """Somebody records just after the head was read."""

    def entries(self, issuer, after=0):
        yield from super().entries(issuer, after)
        yield from (attrs.evolve(entry, number=entry.number + 4) for entry in super().entries("another", after))


def test_what_is_recorded_after_the_head_was_read_is_left_to_the_next_run():
    store = GrowingStore()
    store.append("00001", 0, drafts(*set_up()))
    store.append("another", 0, drafts(event("IssuerDetailsChanged", "2 July 2024", name="Later Limited")))
    _, kept = made(store)
    assert list(kept.values()) == [b"json Example Limited draft=False"]


# --- what is left to do ---------------------------------------------------------------------------------------------


def outcome(issuer: str, number: int, *, reason=None, documents=True) -> IssuerOutcome:
    return IssuerOutcome(
        issuer, number, f"hash {number}", (RunDocument("json", f"{issuer}.json", "x"),) if documents else (), reason
    )


HEADS = {"00001": Head(10, "hash 10", None), "00002": Head(30, "hash 30", None), "00003": Head(20, "hash 20", None)}


@pytest.mark.parametrize(
    ("done", "todo"),
    [
        ([], ["00002", "00003", "00001"]),
        ([outcome("00002", 30)], ["00003", "00001"]),
        ([outcome("00002", 29)], ["00002", "00003", "00001"]),
        ([outcome("00002", 30, reason="findings")], ["00003", "00001"]),
        ([outcome("00002", 30, reason="findings", documents=False)], ["00002", "00003", "00001"]),
        ([outcome("00009", 30)], ["00002", "00003", "00001"]),
        ([IssuerOutcome("00002", 30, "another hash", (RunDocument("json", "x", "x"),))], ["00002", "00003", "00001"]),
    ],
    ids=["nothing done", "one made", "its book has grown", "a draft made", "held back before", "gone", "a history rewritten"],
)
def test_what_stands_is_kept_and_the_rest_is_made_the_longest_books_first(done, todo):
    left, kept = remaining(HEADS, {each.issuer: each for each in done}, whole=lambda _: True)
    assert left == todo
    assert {each.issuer for each in kept} == HEADS.keys() - set(todo)


def test_documents_that_are_no_longer_whole_are_made_again():
    left, kept = remaining(HEADS, {"00001": outcome("00001", 10)}, whole=lambda _: False)
    assert (len(left), kept) == (3, [])


def test_issuers_are_listed_with_the_name_of_today():
    store = store_with(*drafts(event("IssuerDetailsChanged", "2 July 2024", name="Renamed Limited"), prefix="later"))
    store.append("00002", 0, drafts(event("IssuerRegistered", "1 July 2024", issuer="00002", name="Second", chinese_name="第二")))
    first, second = books(store)
    assert (first.issuer, first.name, first.entries, first.damage) == ("00001", "Renamed Limited", 5, None)
    assert (second.issuer, second.name, second.chinese_name, second.entries) == ("00002", "Second", "第二", 1)
    assert second.recorded_at == store.head("00002").recorded_at
