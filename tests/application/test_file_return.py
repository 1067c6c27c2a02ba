"""The filing register: what was filed is made again byte for byte, and says what it would read now."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from functools import partial

import attrs
import pytest

from application.file_return import FiledOtherwise, NotFiled, file_return, filing, rebuild
from application.record import record
from domain.disclosure.register import Register
from domain.errors import Refused
from domain.returns import monthly, next_day
from domain.returns.filed import ChangedField, as_filed, as_now, changed_since, differences, filings, in_no_return, touched
from domain.returns.filings import NotPrepared
from domain.returns.forms import CURRENT, NoForm
from infrastructure.renderers import render
from tests.application.facts import ISSUER, bought, placing
from tests.application.fake_store import FakeStore
from tests.domain.book_of import draft, drafts, entries, entry, event, set_up

JULY, AUGUST = date(2024, 7, 31), date(2024, 8, 31)
SEPTEMBER_5 = date(2024, 9, 5)
as_json = partial(render, format_name="json")


@pytest.fixture
def book():
    """A store with an issuer, a placing of 10,000 on 6 August and one of 20,000 on 20 August: entries 1 to 6."""
    store = FakeStore()
    facts = placing("6 August 2024", "10,000", price="HKD 1.5"), placing("20 August 2024", "20,000")
    record(store, ISSUER, drafts(*set_up(treasury="3,000"), *facts, prefix="facts"))
    return store


def file(store, kind="monthly", on=AUGUST, submitted_on=SEPTEMBER_5, rendering="json", **said):
    return file_return(
        store,
        ISSUER,
        kind,
        on,
        submitted_on,
        render=render,
        rendering=rendering,
        recorded_by="secretary",
        **said,
    )


def late(store, *what):
    """Facts found after the filing, and their entries."""
    return record(store, ISSUER, drafts(*what, prefix=f"late-{store.head(ISSUER).number}")).entries


def filed_of(store):
    return filings(store.entries(ISSUER))


# --- filing -----------------------------------------------------------------------------------------------------


def test_a_filing_says_form_version_status_viewpoint_and_digest(book):
    filed = file(book)
    (written,) = filed.recorded.entries
    event = written.event
    assert (written.number, event.kind, event.effective_on, event.submitted_on) == (7, "monthly", AUGUST, SEPTEMBER_5)
    assert (event.form, event.status, event.book_number, event.rendering) == ("FF301 1.1.0", "New Submission", 6, "json")
    assert event.digest == hashlib.sha256(filed.content).hexdigest()
    assert event.edition == filed.document.form.edition.number == CURRENT.number
    assert (written.recorded_by, written.source) == ("secretary", "filed from this book")
    assert filed.content == as_json(monthly.prepare(list(book.entries(ISSUER))[:6], AUGUST, SEPTEMBER_5))


def test_a_next_day_return_is_filed_at_its_closing_date_not_the_day_asked_for(book):
    filed = file(book, "next-day", date(2024, 8, 19), date(2024, 8, 19))
    assert filed.recorded.entries[0].event.effective_on == date(2024, 8, 6)
    assert filed.document.sections[0].closing.on == date(2024, 8, 6)


def test_the_same_return_filed_twice_on_one_day_is_one_filing(book):
    file(book)
    again = file(book)
    assert again.recorded.entries == ()
    assert [number for _, number in again.recorded.already] == [7]
    assert len(filed_of(book)) == 1


@pytest.mark.parametrize(
    ("kind", "on", "submitted_on", "reason"),
    [
        ("monthly", JULY, SEPTEMBER_5, NotPrepared),
        ("next-day", date(2024, 8, 5), date(2024, 8, 6), NotPrepared),
        ("monthly", AUGUST, date(2021, 6, 30), NoForm),
    ],
)
def test_what_cannot_be_prepared_is_not_filed(kind, on, submitted_on, reason, book):
    head = book.head(ISSUER)
    with pytest.raises(reason):
        file(book, kind, on, submitted_on)
    assert book.head(ISSUER) == head


@pytest.mark.parametrize(("kind", "on"), [("monthly", AUGUST), ("next-day", date(2024, 8, 20))])
def test_no_return_is_submitted_before_its_closing_date(kind, on, book):
    with pytest.raises((NotPrepared, Refused)):
        file(book, kind, on, date(2024, 8, 12))


def test_no_return_is_filed_for_a_day_after_its_submission_though_nothing_changed_since(book):
    with pytest.raises(NotPrepared, match=r"until 21 August 2024 cannot .* the last change is of 20 August 2024"):
        file(book, "next-day", date(2024, 8, 21), date(2024, 8, 20))


# --- the same document again ------------------------------------------------------------------------------------


def rebuilt(store, number):
    return rebuild(store, ISSUER, number, render=render)[1]


def test_what_was_filed_is_made_again_to_the_byte_after_any_number_of_corrections(book):
    first = file(book)
    second = file(book, "next-day", date(2024, 8, 20), date(2024, 8, 21))
    late(book, bought("2 August 2024", "70"), event("SharesSubdivided", "1 August 2024", into="2"))
    record(book, ISSUER, [draft(placing("6 August 2024", "10,001"), "corrected", 5)])
    late(book, event("IssuerDetailsChanged", "1 August 2024", name="Renamed Limited"))
    late(book, event("ReturnSettingsChanged", "1 August 2024", percent_decimals="6", not_applicable="Nil"))
    record(book, ISSUER, [draft(event("EntryWithdrawn", "20 August 2024", reason="called off"), "withdrawn", 6)])
    assert rebuilt(book, 7) == first.content
    assert rebuilt(book, 8) == second.content
    assert as_filed(book.entries(ISSUER), filed_of(book)[0]) == first.document


@pytest.mark.parametrize("rendering", ["json", "text", "html"])
def test_a_filing_is_made_again_in_the_rendering_it_was_filed_in(rendering, book):
    filed = file(book, rendering=rendering)
    late(book, placing("7 August 2024", "1"))
    assert rebuilt(book, 7) == filed.content


def test_a_filing_depends_on_its_viewpoint_not_on_the_day_it_is_made_again(book):
    """A filing recorded later for an earlier day changes neither the opening nor the status of what was filed."""
    filed = file(book, "next-day", date(2024, 8, 20), date(2024, 8, 21))
    assert filed.document.sections[0].opening.on == JULY
    record(book, ISSUER, drafts(event("ReturnFiled", "6 August 2024", kind="next-day", submitted_on="7 August 2024"), prefix="r"))
    assert rebuilt(book, 7) == filed.content
    assert as_now(book.entries(ISSUER), filed_of(book)[0]) == filed.document


def test_a_document_whose_bytes_differ_from_those_filed_is_reported(book):
    file(book)
    with pytest.raises(NotFiled) as shown:
        rebuild(book, ISSUER, 7, render=lambda document, name: render(document, name) + b"\n")
    digest = next(iter(filed_of(book))).filed.digest
    assert str(shown.value) == (
        "Monthly Return for August 2024 has the same figures but not the same bytes: it was rendered by another version of "
        f"this program. Filed: SHA-256 {digest}"
    )


def test_a_filing_that_was_not_made_from_this_book_cannot_be_made_again(book):
    record(book, ISSUER, drafts(event("ReturnFiled", "31 July 2024", kind="monthly", submitted_on="6 August 2024"), prefix="r"))
    with pytest.raises(NotPrepared, match="entry 7 records a filing that was not prepared from this book"):
        rebuilt(book, 7)


def test_an_unknown_form_is_reported(book):
    said = {"kind": "monthly", "submitted_on": "5 September 2024", "form": "FF301 9.9", "book_number": "6"}
    record(book, ISSUER, drafts(event("ReturnFiled", "31 August 2024", **said), prefix="r"))
    with pytest.raises(NotPrepared, match=r"the filing names no form that is known here: FF301 9\.9"):
        rebuilt(book, 7)


@pytest.mark.parametrize(
    ("number", "said"),
    [(6, "entry 6 is not a filing; filings: entries 7"), (99, "entry 99 is not a filing; filings: entries 7")],
)
def test_an_entry_that_is_no_filing_is_reported_with_those_that_are(number, said, book):
    file(book)
    with pytest.raises(NotFiled) as shown:
        filing(list(book.entries(ISSUER)), number)
    assert str(shown.value) == said


def test_a_book_without_filings_says_so(book):
    with pytest.raises(NotFiled, match="no filing is recorded in this book"):
        filing(list(book.entries(ISSUER)), 1)


def test_an_old_return_keeps_its_form_though_a_newer_one_is_in_force(book):
    old = FakeStore()
    record(old, ISSUER, drafts(*set_up("1 January 2024"), placing("6 February 2024", "10"), prefix="facts"))
    filed = file(old, "monthly", date(2024, 2, 29), date(2024, 3, 5))
    assert (str(filed.document.form), rebuilt(old, 6)) == ("FF301 1.0.2", filed.content)
    assert str(as_now(old.entries(ISSUER), filed_of(old)[0]).form) == "FF301 1.0.2"


# --- how it would read now --------------------------------------------------------------------------------------


def test_a_return_that_reads_as_it_did_has_no_differences(book):
    file(book)
    late(book, placing("2 September 2024", "1"))
    assert changed_since(book.entries(ISSUER), filed_of(book)[0]) == []


def test_a_changed_return_lists_field_then_now_and_the_entries_between(book):
    file(book)
    late(book, bought("8 August 2024", "70", price="HKD 2"))
    found = changed_since(book.entries(ISSUER), filed_of(book)[0])
    row = "Part III(E), class ordinary, row 2"
    assert (
        ChangedField(
            "Part II, class ordinary, closing balance, number of issued shares, treasury excluded", "530,000", "529,930", (8,)
        )
        in found
    )
    assert ChangedField("Part II, class ordinary, closing balance, number of treasury shares", "3,000", "3,070", (8,)) in found
    assert ChangedField("Part II, class ordinary, increase or decrease, number of treasury shares", "", "70", (8,)) in found
    assert ChangedField(f"{row}, category", "Placing/subscription - new shares involved",
                      "Repurchase of shares (shares held as treasury shares)", ()) in found  # fmt: skip
    assert ChangedField(f"{row}, date of event", "20 August 2024", "8 August 2024", ()) in found
    assert ChangedField(f"{row}, price per share", "", "HKD 2", ()) in found
    assert not any(each.then == each.now for each in found)
    assert not any(each.field.startswith(("status", "date submitted", "form")) for each in found)


def test_a_corrected_fact_names_the_entry_that_was_replaced_and_the_one_that_replaced_it(book):
    file(book)
    record(book, ISSUER, [draft(placing("6 August 2024", "10,001", price="HKD 1.5"), "corrected", 5)])
    found = changed_since(book.entries(ISSUER), filed_of(book)[0])
    assert (
        ChangedField("Part III(E), class ordinary, row 1, number of issued shares, treasury excluded", "10,000", "10,001", (5, 8))
        in found
    )


def test_a_percentage_is_compared_as_it_prints(book):
    file(book, "next-day", date(2024, 8, 6), date(2024, 8, 7))
    record(book, ISSUER, [draft(placing("6 August 2024", "10,001", price="HKD 1.5"), "same to two decimals", 5)])
    fields = [each.field for each in changed_since(book.entries(ISSUER), filed_of(book)[0])]
    assert "Section I, class ordinary, event 1, number of issued shares, treasury excluded" in fields
    assert "Section I, class ordinary, event 1, per cent of existing shares" not in fields
    record(book, ISSUER, [draft(placing("6 August 2024", "11,000", price="HKD 1.5"), "another", 8)])
    (percent,) = [
        each
        for each in changed_since(book.entries(ISSUER), filed_of(book)[0])
        if each.field.endswith("per cent of existing shares")
    ]
    assert (percent.then, percent.now) == ("2 %", "2.2 %")


def test_a_return_that_can_no_longer_be_prepared_differs_as_a_whole(book):
    file(book, "next-day", date(2024, 8, 6), date(2024, 8, 7))
    record(book, ISSUER, [draft(event("EntryWithdrawn", "6 August 2024", reason="called off"), "withdrawn", 5)])
    (difference,) = changed_since(book.entries(ISSUER), filed_of(book)[0])
    assert (difference.field, difference.then) == ("the return", "filed")
    assert difference.now.startswith(
        "can no longer be prepared: no share was issued, bought, cancelled or converted after 31 July 2024"
    )


def test_a_movement_that_a_return_has_not_is_named_by_its_words(book):
    scheme = event("SchemeAdopted", "1 July 2024", scheme="s", share_class="ordinary", particulars="Options")
    outstanding = event("SchemeBalanceBroughtForward", "1 July 2024", scheme="s", outstanding="900")
    warrants = event("WarrantsIssued", "2 July 2024", instrument="w", share_class="ordinary", description="Warrants",
                     shares="2,000", warrants="2,000", price="HKD 2")  # fmt: skip
    late(book, scheme, outstanding, warrants)
    file(book)
    exercised = event("OptionsExercised", "9 August 2024", scheme="s", options="30", price="HKD 1.5")
    late(book, exercised, event("WarrantsExercised", "9 August 2024", instrument="w", shares="700", warrants="700"))
    found = {each.field: (each.then, each.now, each.entries) for each in changed_since(book.entries(ISSUER), filed_of(book)[0])}
    # 30 options at HKD 1.5 are HKD 45; of 2,000 warrants 1,300 are left.
    assert found["Part III(A), class ordinary, row 1, movement, Exercised"] == ("", "-30", (11,))
    assert found["Part III(A), class ordinary, total funds raised, HKD"] == ("", "HKD 45", ())
    assert found["Part III(B), class ordinary, row 1, movement, Exercised"] == ("", "-700", ())
    assert found["Part III(B), class ordinary, row 1, at close of the month"] == ("2,000", "1,300", ())
    assert not [each for each in found if "(" in each.replace("Part III(", "") or "=" in each]


def test_two_documents_of_one_book_differ_in_what_they_print():
    book = entries(*set_up(), placing("6 August 2024", "10"))
    document = monthly.prepare(book, AUGUST, SEPTEMBER_5)
    assert differences(document, document) == []
    assert [each.field for each in differences(document, monthly.prepare(book, AUGUST, date(2024, 9, 6)))] == ["date submitted"]


# --- which returns a fact touches -------------------------------------------------------------------------------


def months(store):
    return [file(store, "monthly", on, submitted) for on, submitted in (
        (AUGUST, SEPTEMBER_5), (date(2024, 9, 30), date(2024, 10, 7)), (date(2024, 10, 31), date(2024, 11, 6)),
    )]  # fmt: skip


def names_touched(store, written):
    return [each.name for each, _ in touched(store.entries(ISSUER), [entry.number for entry in written])]


def test_a_fact_found_late_touches_the_return_of_its_month_and_every_one_after(book):
    months(book)
    written = late(book, bought("10 September 2024", "70"))
    assert names_touched(book, written) == ["Monthly Return for September 2024", "Monthly Return for October 2024"]
    differing = {each.name: found for each, found in touched(book.entries(ISSUER), [written[0].number])}
    october = [each.field for each in differing["Monthly Return for October 2024"]]
    assert october == [
        f"Part II, class ordinary, {line} balance, number of {shares}"
        for line in ("opening", "closing")
        for shares in ("issued shares, treasury excluded", "treasury shares")
    ]


def test_a_withdrawal_after_which_a_return_has_nothing_to_disclose_touches_it_as_a_whole(book):
    file(book, "next-day", date(2024, 8, 6), date(2024, 8, 7))
    written = record(book, ISSUER, [draft(event("EntryWithdrawn", "6 August 2024", reason="called off"), "w", 5)]).entries
    ((filing, (difference,)),) = touched(book.entries(ISSUER), [entry.number for entry in written])
    assert filing.name == "Next Day Disclosure Return of 6 August 2024"
    assert (difference.field, difference.then, difference.entries) == ("the return", "prepared", (8,))
    assert difference.now.startswith("can no longer be prepared: no share was issued")


def test_a_correction_touches_what_the_corrected_fact_stood_in(book):
    months(book)
    written = record(book, ISSUER, [draft(placing("6 August 2024", "9,999"), "corrected", 5)]).entries
    assert len(names_touched(book, written)) == 3


def test_a_correction_of_words_touches_only_what_prints_them(book):
    months(book)
    price = record(book, ISSUER, [draft(placing("6 August 2024", "10,000", price="HKD 1.55"), "price", 5)]).entries
    assert names_touched(book, price) == ["Monthly Return for August 2024"]


@pytest.mark.parametrize(
    "what",
    [
        placing("4 November 2024", "1"),
        event("BalanceConfirmed", "31 August 2024", share_class="ordinary", issued_excluding_treasury="530,000", document="d"),
        event("ReturnFiled", "30 September 2024", kind="next-day", submitted_on="2 October 2024"),
    ],
    ids=["a later fact", "an assertion", "a filing"],
)
def test_what_changes_no_return_touches_none(what, book):
    months(book)
    assert names_touched(book, late(book, what)) == []


def test_a_return_is_not_touched_by_its_own_filing(book):
    filed = file(book)
    assert names_touched(book, filed.recorded.entries) == []


def test_what_was_changed_before_is_not_touched_again(book):
    months(book)
    late(book, bought("10 September 2024", "70"))
    assert names_touched(book, late(book, event("SignatoryAppointed", "1 October 2024", name="Xu Li", title="Director"))) == [
        "Monthly Return for October 2024"
    ]


def test_a_filing_that_was_not_made_from_this_book_is_not_looked_at(book):
    late(book, event("ReturnFiled", "31 August 2024", kind="monthly", submitted_on="5 September 2024"))
    assert names_touched(book, late(book, bought("8 August 2024", "70"))) == []


# --- resubmission, correction, withdrawal -----------------------------------------------------------------------


def test_a_resubmission_keeps_both(book):
    first = file(book)
    late(book, bought("8 August 2024", "70"))
    second = file(book, submitted_on=date(2024, 9, 12))
    assert (first.document.status, second.document.status) == ("New Submission", "Resubmission")
    assert [(each.entry.number, each.filed.status) for each in filed_of(book)] == [(7, "New Submission"), (9, "Resubmission")]
    assert (rebuilt(book, 7), rebuilt(book, 9)) == (first.content, second.content)
    assert changed_since(book.entries(ISSUER), filed_of(book)[1]) == []


def test_what_was_filed_from_this_book_is_not_edited(book):
    file(book)
    corrected = event("ReturnFiled", "31 August 2024", kind="monthly", submitted_on="6 September 2024")
    with pytest.raises(Refused) as refused:
        record(book, ISSUER, [draft(corrected, "edit", 7)])
    (problem,) = refused.value.problems
    assert (problem.field, problem.message) == (
        "replaces", "entry 7 is a return that was filed; it is not edited: file it again, as a resubmission",
    )  # fmt: skip


def test_a_filing_recorded_by_hand_may_be_corrected(book):
    said = {"kind": "monthly", "submitted_on": "6 August 2024"}
    late(book, event("ReturnFiled", "31 July 2024", **said))
    record(book, ISSUER, [draft(event("ReturnFiled", "31 July 2024", **{**said, "submitted_on": "5 August 2024"}), "edit", 7)])
    assert [each.filed.submitted_on for each in filed_of(book)] == [date(2024, 8, 5)]


def test_a_filing_that_was_not_submitted_after_all_is_withdrawn(book):
    file(book)
    record(book, ISSUER, [draft(event("EntryWithdrawn", "31 August 2024", reason="not submitted"), "withdrawn", 7)])
    assert filed_of(book) == []
    assert file(book, submitted_on=date(2024, 9, 6)).document.status == "New Submission"


# --- the receipt of a submission --------------------------------------------------------------------------------


def with_receipt(store, number, **said):
    """A filing corrected by what was learned of it after the submission."""
    filed = store.numbered(ISSUER, [number])[0].event
    return record(store, ISSUER, [draft(attrs.evolve(filed, **said), f"receipt-{number}", number)]).entries[0].number


def test_the_receipt_of_a_submission_is_added_to_a_filing(book):
    first = file(book)
    number = with_receipt(book, 7, reference="ESS-1", submitted_at="17:45", published_digest="ab" * 32)
    (filing,) = filed_of(book)
    assert (filing.entry.number, filing.filed.reference, filing.filed.submitted_at) == (number, "ESS-1", "17:45")
    assert rebuilt(book, number) == first.content
    assert [number for _, number in file(book).recorded.already] == [number]


def test_with_the_receipt_nothing_else_of_a_filing_is_edited(book):
    file(book)
    with pytest.raises(Refused):
        with_receipt(book, 7, reference="ESS-1", submitted_on=date(2024, 9, 6))


def test_a_filing_with_a_receipt_keeps_its_place_before_a_later_one_of_the_same_day(book):
    file(book)
    late(book, bought("8 August 2024", "70"))
    second = file(book)
    assert second.document.status == "Resubmission"
    number = with_receipt(book, 7, reference="ESS-1")
    assert [each.entry.number for each in filed_of(book)] == [number, 9]
    returns = Register.of(book.entries(ISSUER))
    assert (returns.last.entry, [each.entry for each in returns.returns]) == (9, [number, 9])
    assert [number for _, number in file(book).recorded.already] == [9]


def test_a_filing_that_is_recorded_without_what_is_now_said_of_it_is_not_said_to_be_recorded(book):
    file(book)
    kept = []
    with pytest.raises(FiledOtherwise) as refused:
        file(book, submitted_at="17:45", reference="ESS 1", keep=lambda *document: kept.append(document))
    assert str(refused.value) == (
        "entry 7 records this filing without a reference or time of submission: "
        "captable correct 7 --reference 'ESS 1' --submitted-at 17:45"
    )
    assert kept == []
    number = with_receipt(book, 7, reference="ESS 1", submitted_at="17:45")
    assert file(book, submitted_at="17:45", reference="ESS 1").recorded.already[0][1] == number
    with pytest.raises(FiledOtherwise, match="with another reference: captable correct 8 --reference ESS-2"):
        file(book, reference="ESS-2")


def test_a_filing_that_was_withdrawn_is_recorded_again(book):
    file(book)
    record(book, ISSUER, [draft(event("EntryWithdrawn", "31 August 2024", reason="not submitted"), "withdrawn", 7)])
    again = file(book)
    assert [entry.number for entry in again.recorded.entries] == [9]
    assert [each.entry.number for each in filed_of(book)] == [9]


# --- openings ---------------------------------------------------------------------------------------------------


def test_a_next_day_return_opens_where_the_last_filing_closed(book):
    def opening(on, submitted_on):
        document = next_day.prepare(book.entries(ISSUER), on, submitted_on)
        return document.sections[0].opening.on, document.sections[0].opening.issued.value, document.opening_basis

    assert opening(date(2024, 8, 20), date(2024, 8, 21))[:2] == (JULY, 500_000)
    file(book, "next-day", date(2024, 8, 6), date(2024, 8, 7))
    assert opening(date(2024, 8, 20), date(2024, 8, 21)) == (
        date(2024, 8, 6), 510_000, "closing balance of the Next Day Disclosure Return of 6 August 2024",
    )  # fmt: skip
    file(book, "next-day", date(2024, 8, 20), date(2024, 8, 21))
    file(book)
    late(book, placing("2 September 2024", "5"))
    assert opening(date(2024, 9, 2), date(2024, 9, 6)) == (
        AUGUST, 530_000, "closing balance of the Monthly Return for August 2024",
    )  # fmt: skip


def test_a_filing_is_part_of_the_book_as_it_was_known(book):
    written = file(book).recorded.entries[0]

    def filed_at(known_at):
        return len(filings(book.ledger(ISSUER, known_at=known_at).book))

    assert [filed_at(written.recorded_at - timedelta(microseconds=1)), filed_at(written.recorded_at)] == [0, 1]


def test_filings_are_listed_in_the_order_of_recording_with_their_names():
    filed = [
        event("ReturnFiled", "31 August 2024", kind="monthly", submitted_on="5 September 2024"),
        event("ReturnFiled", "6 August 2024", kind="next-day", submitted_on="7 August 2024"),
    ]
    book = [entry(number, each) for number, each in enumerate([*set_up(), *filed], 1)]
    assert [each.name for each in filings(book)] == [
        "Monthly Return for August 2024", "Next Day Disclosure Return of 6 August 2024",
    ]  # fmt: skip


# --- the second return of a day -----------------------------------------------------------------------------------

AUGUST_6, AUGUST_7 = date(2024, 8, 6), date(2024, 8, 7)


def test_two_returns_of_one_day_are_both_made_again_to_the_byte(book):
    first = file(book, "next-day", AUGUST_6, AUGUST_7)
    late(book, bought("6 August 2024", "70", price="HKD 2"))
    second = file(book, "next-day", AUGUST_6, AUGUST_7)
    assert [each.document.status for each in (first, second)] == ["New Submission", "New Submission"]
    assert [row.shares.value for row in second.document.repurchases[0].rows] == [70]
    assert (rebuilt(book, 7), rebuilt(book, 9)) == (first.content, second.content)


def test_what_the_second_return_lists_is_no_difference_from_the_first(book):
    file(book, "next-day", AUGUST_6, AUGUST_7)
    (written,) = late(book, bought("6 August 2024", "70", price="HKD 2"))
    (first,) = filed_of(book)
    assert changed_since(book.entries(ISSUER), first)
    assert [each.number for each in in_no_return(book.entries(ISSUER))] == [written.number, 6]
    file(book, "next-day", AUGUST_6, AUGUST_7)
    assert [changed_since(book.entries(ISSUER), each) for each in filed_of(book)] == [[], []]
    assert [each.number for each in in_no_return(book.entries(ISSUER))] == [6]


def test_a_monthly_return_filed_without_it_differs_though_a_next_day_return_listed_it(book):
    file(book)
    late(book, bought("6 August 2024", "70", price="HKD 2"))
    listed = file(book, "next-day", date(2024, 9, 6), date(2024, 9, 6))
    assert [row.shares.value for row in listed.document.repurchases[0].rows] == [70]
    of_august, late_one = filed_of(book)
    assert changed_since(book.entries(ISSUER), of_august)
    assert changed_since(book.entries(ISSUER), late_one) == []


def test_what_a_return_of_an_earlier_day_lists_later_is_a_difference(book):
    """10,000 and 20,000 placed on 6 and 20 August; a subdivision of 12 August into 5 is found after both were filed."""
    file(book, "next-day", AUGUST_6, AUGUST_7)
    filed = file(book, "next-day", date(2024, 8, 20), date(2024, 8, 21))
    assert filed.document.sections[0].closing.issued.value == 530_000
    (written,) = late(book, event("SharesSubdivided", "12 August 2024", into="5"))
    listed = file(book, "next-day", date(2024, 8, 12), date(2024, 9, 6))
    # 510,000 × 5, and 20,000 placed after it.
    assert listed.document.sections[0].closing.issued.value == 2_550_000
    found = {each.field: (each.then, each.now, each.entries) for each in changed_since(book.entries(ISSUER), filed_of(book)[1])}
    assert found["Section I, class ordinary, opening balance, as at"] == ("6 August 2024", "12 August 2024", ())
    assert found["Section I, class ordinary, opening balance, number of issued shares, treasury excluded"] == (
        "510,000",
        "2,550,000",
        (written.number,),
    )
    assert found["Section I, class ordinary, closing balance, number of issued shares, treasury excluded"] == (
        "530,000",
        "2,570,000",
        (written.number,),
    )
    again = next_day.prepare(book.entries(ISSUER), date(2024, 8, 20), date(2024, 9, 6), again=True)
    assert as_now(book.entries(ISSUER), filed_of(book)[1]).sections == again.sections


def test_what_was_found_for_the_day_of_a_withdrawn_change_does_not_hide_that_its_return_is_empty(book):
    file(book, "next-day", AUGUST_6, AUGUST_7)
    file(book, "next-day", date(2024, 8, 20), date(2024, 8, 21))
    late(book, bought("19 August 2024", "70", price="HKD 2"))
    file(book, "next-day", date(2024, 8, 19), date(2024, 9, 6))
    record(book, ISSUER, [draft(event("EntryWithdrawn", "20 August 2024", reason="called off"), "withdrawn", 6)])
    (difference,) = changed_since(book.entries(ISSUER), filed_of(book)[1])
    assert difference.now.startswith(
        "can no longer be prepared: no share was issued, bought, cancelled or converted after 19 August 2024 and until 20 August"
    )


def test_a_filing_of_what_was_found_late_touches_no_other(book):
    file(book, "next-day", AUGUST_6, AUGUST_7)
    late(book, bought("6 August 2024", "70", price="HKD 2"))
    assert names_touched(book, file(book, "next-day", AUGUST_6, AUGUST_7).recorded.entries) == []


def test_a_resubmission_of_the_whole_day_takes_the_place_of_the_first(book):
    file(book, "next-day", AUGUST_6, AUGUST_7)
    late(book, bought("6 August 2024", "70", price="HKD 2"))
    again = file_return(
        book,
        ISSUER,
        "next-day",
        AUGUST_6,
        AUGUST_7,
        render=render,
        rendering="json",
        recorded_by="secretary",
        status="Resubmission",
    )
    assert again.document.status == "Resubmission"
    assert [row.issued.value for row in again.document.sections[0].changes] == [10_000, -70]
    assert rebuilt(book, 9) == again.content


def test_a_monthly_return_filed_again_on_its_day_with_more_in_it_is_a_resubmission(book):
    first = file(book)
    late(book, bought("8 August 2024", "70"))
    assert (first.document.status, file(book).document.status) == ("New Submission", "Resubmission")


def test_a_filing_recorded_by_hand_with_what_it_was_prepared_from_is_not_made_again(book):
    late(book, event("ReturnFiled", "31 August 2024", kind="monthly", submitted_on="5 September 2024", book_number="6"))
    assert [each.made_here for each in filed_of(book)] == [False]
    with pytest.raises(NotPrepared, match="entry 7 records a filing that was not prepared from this book"):
        rebuilt(book, 7)


# --- among others -------------------------------------------------------------------------------------------------


def kept_while(store, happens):
    """Keep a document; the first time something happens to the book before it is recorded. And all that was kept."""
    kept = []

    def keep(_, content):
        kept.append(content)
        if len(kept) == 1:
            happens()

    return kept, keep


def test_a_return_is_prepared_again_where_the_book_grew_before_it_was_recorded(book):
    kept, keep = kept_while(book, lambda: late(book, bought("8 August 2024", "70")))
    filed = file_return(
        book, ISSUER, "monthly", AUGUST, SEPTEMBER_5, render=render, keep=keep, rendering="json", recorded_by="secretary"
    )
    (entry,) = filed.recorded.entries
    assert (entry.number, entry.event.book_number, len(kept)) == (8, 7, 2)
    assert filed.content == kept[1] != kept[0]
    assert entry.event.digest == hashlib.sha256(kept[1]).hexdigest()
    assert rebuilt(book, 8) == kept[1]


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("renderings", [("json", "text", "html"), ("json", "json", "json")])
def test_of_three_filings_at_once_one_is_the_new_submission(book, renderings, days):
    first, second, third = renderings

    def at_once(rendering, number, then=lambda: None):
        keep = kept_while(book, then)[1]
        return file_return(
            book, ISSUER, "monthly", AUGUST, SEPTEMBER_5 + timedelta(days=days * number),
            render=render, keep=keep, rendering=rendering, recorded_by=f"secretary {number}",
        )  # fmt: skip

    at_once(first, 3, lambda: at_once(second, 2, lambda: at_once(third, 1)))
    recorded = filed_of(book)
    assert [each.filed.status for each in recorded] == (
        ["New Submission", "Resubmission", "Resubmission"] if days else ["New Submission"]
    )
    for each in recorded:
        rebuilt(book, each.entry.number)


def test_a_return_filed_again_as_another_file_is_one_filing(book):
    file(book)
    again = file(book, rendering="html")
    assert ([number for _, number in again.recorded.already], len(filed_of(book))) == ([7], 1)


def test_the_document_is_kept_before_the_filing_is_recorded(book):
    def keep(*_):
        assert book.head(ISSUER).number == 6
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        file_return(
            book, ISSUER, "monthly", AUGUST, SEPTEMBER_5, render=render, keep=keep, rendering="json", recorded_by="secretary"
        )
    assert book.head(ISSUER).number == 6
