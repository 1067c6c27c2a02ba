"""Recording: all of a batch or nothing, the impossible refused with its day, the same thing twice written once."""

from __future__ import annotations

import pytest

from application.record import record
from domain.capital.entries import Draft
from domain.errors import Refused
from domain.events.fields import FieldError
from tests.application.facts import ISSUER, bought, placing, sold, withdrawn
from tests.application.fake_store import FakeStore
from tests.domain.book_of import draft, drafts, event, set_up


def refusal(store, *what):
    """The problems of a batch that is refused, and that it left the book as it was."""
    before = store.head(ISSUER)
    with pytest.raises(Refused) as refused:
        record(store, ISSUER, list(what))
    assert store.head(ISSUER) == before
    return [(problem.index, problem.field, str(problem.message)) for problem in refused.value.problems]


# --- batches ----------------------------------------------------------------------------------------------------


def test_a_batch_is_written_whole_and_in_order(book):
    found = record(book, ISSUER, drafts(placing("5 July 2024", "10"), placing("4 July 2024", "20")))
    assert [each.number for each in found.entries] == [5, 6]
    assert list(book.entries(ISSUER, after=4)) == list(found.entries)
    assert found.already == ()
    assert found.head == book.head(ISSUER)
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_230


def test_one_impossible_fact_refuses_its_whole_batch(book):
    good, impossible = placing("5 July 2024", "10"), sold("6 July 2024", "3,001")
    assert refusal(book, *drafts(good, impossible)) == [
        (
            1,
            None,
            "treasury shares of class ordinary would be -1 at close of 6 July 2024 "
            "(entry 6, Treasury shares sold, 6 July 2024, 3,001 of 3,000)",
        )
    ]


def test_a_name_that_begins_on_a_later_day_is_said_to_and_how_to_have_it_begin_before(book):
    record(book, ISSUER, drafts(event("MandateGranted", "8 July 2024", mandate="m", purpose="issue", percent="20", base="1")))
    batch = drafts(
        event("OptionsGranted", "1 July 2024", scheme="s", options="5"),
        event("SchemeAdopted", "4 July 2024", scheme="s", share_class="ordinary", particulars="Options"),
        placing("5 July 2024", "10", mandate="m"),
        prefix="early",
    )
    assert [message for _, _, message in refusal(book, *batch)] == [
        'unknown scheme "s" on 1 July 2024. There is none on 1 July 2024. It begins on 4 July 2024.',
        'unknown mandate "m" on 5 July 2024. There is none on 5 July 2024. It begins on 8 July 2024 (entry 5); if it was there '
        "before: captable correct 5 --on DATE",
    ]


def test_of_several_sales_of_a_day_the_one_that_goes_too_far_is_named(book):
    record(book, ISSUER, drafts(sold("6 July 2024", "1,000"), prefix="recorded"))
    batch = drafts(sold("6 July 2024", "500"), sold("6 July 2024", "1,501"), sold("6 July 2024", "2"))
    assert refusal(book, *batch) == [
        (
            1,
            None,
            "treasury shares of class ordinary would be -3 at close of 6 July 2024 "
            "(entry 7, Treasury shares sold, 6 July 2024, 1,501 of 1,500)",
        )
    ]


def test_every_unknown_name_of_a_batch_is_reported_at_once(book):
    batch = drafts(
        placing("5 July 2024", "10"),
        event("PlacingCompleted", "5 July 2024", share_class="ordinery", shares="10"),
        placing("6 July 2024", "10", mandate="issue-2024"),
        placing("7 July 2024", "10"),
        event("OptionsGranted", "4 July 2024", scheme="2024", options="10"),
    )
    assert refusal(book, *batch) == [
        (1, "share_class", 'unknown class "ordinery" on 5 July 2024. Classes: ordinary. Did you mean ordinary?'),
        (2, "mandate", 'unknown mandate "issue-2024" on 6 July 2024. There is none on 6 July 2024.'),
        (4, "scheme", 'unknown scheme "2024" on 4 July 2024. There is none on 4 July 2024.'),
    ]


def test_what_refused_says_is_the_sum_of_its_problems(book):
    with pytest.raises(Refused, match=r"unknown mandate .*; unknown scheme"):
        record(
            book,
            ISSUER,
            drafts(placing("5 July 2024", "1", mandate="m"), event("OptionsGranted", "6 July 2024", scheme="s", options="1")),
        )


def test_a_name_set_up_in_the_same_batch_is_not_unknown_because_its_set_up_is_at_fault(book):
    batch = drafts(
        event("SchemeAdopted", "5 July 2024", scheme="2024", share_class="Z", particulars="Options"),
        event("OptionsGranted", "6 July 2024", scheme="2024", options="10"),
    )
    assert [index for index, *_ in refusal(book, *batch)] == [0]


def test_a_batch_may_use_what_it_sets_up_itself():
    store = FakeStore()
    found = record(store, ISSUER, drafts(*set_up(), placing("5 July 2024", "10")))
    assert [each.number for each in found.entries] == [1, 2, 3, 4, 5]


def test_nothing_to_record_records_nothing(book):
    found = record(book, ISSUER, [])
    assert (found.entries, found.already, found.head) == ((), (), book.head(ISSUER))


# --- the first entry --------------------------------------------------------------------------------------------


def test_a_book_begins_with_its_issuer():
    store = FakeStore()
    assert refusal(store, *drafts(*set_up()[1:])) == [(0, "event", "the book is empty; its first entry must be IssuerRegistered")]
    assert list(store.issuers()) == []


@pytest.mark.parametrize(
    ("issuer", "said"),
    [("00001", "this book already is that of 00001, Example Limited"), ("00002", "this is the book of 00001")],
)
def test_a_book_has_one_issuer(issuer, said, book):
    assert refusal(book, *drafts(event("IssuerRegistered", "5 July 2024", issuer=issuer, name="Other"))) == [(0, "issuer", said)]


# --- corrections ------------------------------------------------------------------------------------------------


def test_a_correction_takes_the_place_of_what_it_replaces(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10")))
    found = record(book, ISSUER, [draft(placing("5 July 2024", "11"), "corrected", 5)])
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_211


def test_a_withdrawal_takes_a_fact_back(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10")))
    found = record(book, ISSUER, [draft(withdrawn(), "withdrawn", 5)])
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_200


def test_a_fact_may_be_recorded_and_corrected_in_one_batch(book):
    found = record(book, ISSUER, [draft(placing("5 July 2024", "10"), "a"), draft(placing("5 July 2024", "11"), "b", 5)])
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_211


@pytest.mark.parametrize("number", [5, 6, 99])
def test_only_an_earlier_entry_can_be_replaced(number, book):
    found = refusal(book, draft(placing("5 July 2024", "10"), "x", number))
    assert found == [(0, "replaces", f"there is no entry {number} to replace; the last entry is 4")]


@pytest.mark.parametrize("number", [0, -1, 1.0, True, "5"])
def test_what_is_no_number_of_an_entry_is_no_draft(number):
    with pytest.raises(FieldError, match="expected a whole number of entries above zero") as refused:
        draft(placing("5 July 2024", "10"), "x", number)
    assert refused.value.field == "replaces"


@pytest.mark.parametrize(
    ("field", "value"),
    [("recorded_by", ""), ("recorded_by", "a\nb"), ("recorded_by", None), ("source", ""), ("source", "a\u2028b"), ("source", 5),
     ("command_id", "x" * 201), ("command_id", "a\tb"), ("command_id", None)],
)  # fmt: skip
def test_what_is_said_beside_a_fact_is_checked_as_its_fields_are(field, value):
    said = {"recorded_by": "tests", "command_id": "x", field: value}
    with pytest.raises(FieldError) as refused:
        Draft(event=placing("5 July 2024", "10"), **said)
    assert refused.value.field == field


def test_a_withdrawal_is_recorded_again_not_withdrawn(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10")))
    record(book, ISSUER, [draft(withdrawn(), "withdrawn", 5)])
    assert refusal(book, draft(withdrawn(), "again", 6)) == [
        (0, "replaces", "entry 6 is a withdrawal; record the fact again, as a replacement of entry 6")
    ]
    found = record(book, ISSUER, [draft(placing("5 July 2024", "10"), "recorded again", 6)])
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_210


def test_an_entry_is_replaced_once(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10")))
    record(book, ISSUER, [draft(placing("5 July 2024", "11"), "first", 5)])
    assert refusal(book, draft(placing("5 July 2024", "12"), "second", 5)) == [
        (0, "replaces", "entry 5 was corrected by entry 6; correct entry 6")
    ]
    record(book, ISSUER, [draft(placing("5 July 2024", "12"), "third", 6)])


def test_what_was_withdrawn_is_said_to_be(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10")))
    record(book, ISSUER, [draft(withdrawn(), "withdrawn", 5)])
    assert refusal(book, draft(withdrawn(), "again", 5)) == [(0, "replaces", "entry 5 was withdrawn by entry 6")]
    assert refusal(book, draft(placing("5 July 2024", "12"), "other", 5)) == [
        (0, "replaces", "entry 5 was withdrawn by entry 6; record the fact again, as a replacement of entry 6")
    ]


def test_an_entry_is_replaced_once_within_a_batch_too(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10")))
    batch = [draft(placing("5 July 2024", shares), shares, 5) for shares in ("11", "12")]
    assert refusal(book, *batch) == [(1, "replaces", "entry 5 was corrected by entry 6; correct entry 6")]


def test_a_withdrawal_says_what_it_withdraws(book):
    assert refusal(book, draft(withdrawn(), "x")) == [(0, "replaces", "expected the number of the entry to withdraw")]


def test_every_replacement_at_fault_is_reported_at_once(book):
    batch = [draft(withdrawn(), "a"), draft(placing("5 July 2024", "1"), "b"), draft(withdrawn(), "c", 77)]
    assert [(index, field) for index, field, _ in refusal(book, *batch)] == [(0, "replaces"), (2, "replaces")]


def test_a_set_up_entry_others_rest_on_cannot_be_withdrawn(book):
    assert refusal(book, draft(withdrawn("1 July 2024"), "x", 2)) == [
        (
            -1,
            None,
            'unknown class "ordinary" on 1 July 2024. There is none on 1 July 2024. '
            "(in entry 3, Authorised capital increased, 1 July 2024, already recorded)",
        )
    ]


def test_the_issuer_of_a_book_cannot_be_withdrawn(book):
    said = "entry 1 registers the issuer of this book; it can be corrected, not withdrawn"
    assert refusal(book, draft(withdrawn("1 July 2024"), "x", 1)) == [(0, "replaces", said)]
    assert refusal(book, draft(placing("1 July 2024", "1"), "x", 1)) == [(0, "replaces", said)]


def test_the_issuer_of_a_book_can_be_corrected_and_keeps_its_code(book):
    again = {"name": "Example Holdings Limited", "issuer": ISSUER}
    found = record(book, ISSUER, [draft(event("IssuerRegistered", "1 July 2024", **again), "corrected", 1)])
    assert found.book.position.terms.issuer.name == "Example Holdings Limited"
    stranger = event("IssuerRegistered", "1 July 2024", **{**again, "issuer": "00002"})
    assert refusal(book, draft(stranger, "stranger", 5)) == [(0, "issuer", "this is the book of 00001")]


def test_an_issuer_is_registered_in_its_own_book():
    stranger = event("IssuerRegistered", "1 July 2024", issuer="00002", name="Other")
    assert refusal(FakeStore(), *drafts(stranger)) == [(0, "issuer", "this is the book of 00001")]


# --- days apart -------------------------------------------------------------------------------------------------


def test_a_fact_found_late_that_makes_a_later_day_impossible_names_that_day(book):
    record(book, ISSUER, drafts(sold("8 July 2024", "3,000")))
    late = event("TreasurySharesCancelled", "5 July 2024", share_class="ordinary", shares="1")
    assert refusal(book, draft(late, "late")) == [
        (
            -1,
            None,
            "treasury shares of class ordinary would be -1 at close of 8 July 2024 "
            "(entry 5, Treasury shares sold, 8 July 2024, 3,000 of 2,999)",
        )
    ]


def test_a_fact_found_late_that_fits_is_recorded(book):
    record(book, ISSUER, drafts(sold("8 July 2024", "3,000")))
    found = record(book, ISSUER, [draft(bought("5 July 2024", "7"), "late")])
    assert found.book.position.balance("ordinary").treasury == 7


def test_a_correction_that_makes_a_later_day_impossible_is_refused(book):
    record(book, ISSUER, drafts(bought("5 July 2024", "1,000"), sold("8 July 2024", "4,000")))
    assert refusal(book, draft(bought("5 July 2024", "999"), "corrected", 5)) == [
        (
            -1,
            None,
            "treasury shares of class ordinary would be -1 at close of 8 July 2024 "
            "(entry 6, Treasury shares sold, 8 July 2024, 4,000 of 3,999)",
        )
    ]


def test_a_withdrawal_that_makes_a_later_day_impossible_is_refused(book):
    record(book, ISSUER, drafts(bought("5 July 2024", "1,000"), sold("8 July 2024", "4,000")))
    assert [message[:73] for *_, message in refusal(book, draft(withdrawn(), "withdrawn", 5))] == [
        "treasury shares of class ordinary would be -1,000 at close of 8 July 2024"
    ]


def test_a_correction_that_moves_a_purchase_after_its_sale_is_refused(book):
    record(book, ISSUER, drafts(bought("5 July 2024", "1,000"), sold("8 July 2024", "4,000")))
    assert len(refusal(book, draft(bought("9 July 2024", "1,000"), "corrected", 5))) == 1
    record(book, ISSUER, [draft(bought("8 July 2024", "1,000"), "the same day", 5)])


# --- the same thing twice ---------------------------------------------------------------------------------------


def test_the_same_command_is_recorded_once_and_says_as_which_entry(book):
    commands = drafts(placing("5 July 2024", "10"), placing("6 July 2024", "20"))
    record(book, ISSUER, commands)
    again = record(book, ISSUER, commands)
    assert (again.entries, again.already) == ((), ((commands[0], 5), (commands[1], 6)))
    assert again.head.number == 6
    assert again.book.position.balance("ordinary").issued_excluding_treasury == 500_230


def test_of_a_batch_recorded_in_part_the_rest_is_recorded(book):
    first, second, third = drafts(placing("5 July 2024", "10"), placing("6 July 2024", "20"), placing("7 July 2024", "30"))
    record(book, ISSUER, [second])
    found = record(book, ISSUER, [first, second, third])
    assert [(each.command_id, each.number) for each in found.entries] == [("fact-1", 6), ("fact-3", 7)]
    assert found.already == ((second, 5),)


def test_problems_keep_their_place_in_a_batch_recorded_in_part(book):
    first, second = drafts(placing("5 July 2024", "10"), placing("6 July 2024", "20", mandate="none"))
    record(book, ISSUER, [first])
    assert [(index, field) for index, field, _ in refusal(book, first, second)] == [(1, "mandate")]


def test_what_was_recorded_may_be_withdrawn_and_its_command_still_stands(book):
    (command,) = drafts(placing("5 July 2024", "10"))
    record(book, ISSUER, [command])
    record(book, ISSUER, [draft(withdrawn(), "withdrawn", 5)])
    assert record(book, ISSUER, [command]).already == ((command, 5),)


def test_a_command_twice_in_one_batch_is_recorded_once(book):
    (command,) = drafts(placing("5 July 2024", "10"))
    assert len(record(book, ISSUER, [command, command]).entries) == 1
    assert record(book, ISSUER, [command, command]).already == ((command, 5), (command, 5))


# --- dry runs ---------------------------------------------------------------------------------------------------


def test_a_dry_run_checks_everything_and_writes_nothing(book):
    head, writes = book.head(ISSUER), book.writes
    found = record(book, ISSUER, drafts(placing("5 July 2024", "10")), dry_run=True)
    assert [each.number for each in found.entries] == [5]
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_210
    assert (found.head, book.head(ISSUER), book.writes) == (head, head, writes)
    with pytest.raises(Refused):
        record(book, ISSUER, drafts(sold("6 July 2024", "3,001")), dry_run=True)


def test_a_dry_run_of_what_is_recorded_says_so(book):
    commands = drafts(placing("5 July 2024", "10"))
    record(book, ISSUER, commands)
    assert record(book, ISSUER, commands, dry_run=True).already == ((commands[0], 5),)
