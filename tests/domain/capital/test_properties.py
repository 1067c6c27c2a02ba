"""What holds of every legal history, whatever happened in it and in whatever order it was written down."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import attrs
from hypothesis import given
from hypothesis import strategies as st

from domain import events
from domain.capital.accounts import AGREEMENT, EXTENSION, HEADROOM, INSTRUMENT, ISSUABLE, MANDATE, OUTSTANDING, RESERVED, USED
from domain.capital.balances import replay
from domain.capital.entries import Viewpoint, in_effect
from domain.capital.granted import DRAWING
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from domain.returns import monthly, next_day
from domain.returns.cells import Figure
from domain.returns.documents import OtherMovements
from domain.returns.filings import NotPrepared
from domain.rulebook import findings
from domain.values import month_end_of
from tests.domain.book_of import EVER, entries, folded, position_at, recorded_at
from tests.domain.by_hand import book_by_hand, sums_by_hand, sums_of
from tests.domain.histories import OPENED, books, histories, possible, recordings, standing

SUBMITTED = date(2026, 1, 5)


def adds_up_to_zero(position):
    books_kept = defaultdict(int)
    for (book, code, _), number in position.totals.items():
        books_kept[book, code] += number
    assert set(books_kept.values()) <= {0}


def moments(book, every):
    """Entries after which the book was possible as it stood; a day's facts may need each other."""
    return [each for each in book[len(standing()) - 1 :: every] if possible(book[: each.number])]


@given(books())
def test_every_book_adds_up_to_zero_at_every_viewpoint(book):
    for each in moments(book, max(1, len(book) // 4)):
        adds_up_to_zero(position_at(book, Viewpoint(each.event.effective_on, each.recorded_at)))
    adds_up_to_zero(position_at(book, Viewpoint(EVER)))


@given(histories)
def test_the_fold_agrees_with_plain_arithmetic_on_every_day(history):
    book = entries(*history)
    folded(book)
    for day in {event.effective_on for event in history}:
        assert sums_of(position_at(book, Viewpoint(day))) == sums_by_hand(history, day)


@given(books())
def test_corrections_and_withdrawals_leave_the_sum_of_what_is_in_effect(book):
    for number in (each.number for each in moments(book, 3)):
        in_force = [each.event for each in in_effect(book, recorded_at(number))]
        assert sums_of(position_at(book, Viewpoint(EVER, recorded_at(number)))) == sums_by_hand(in_force)


@given(histories)
def test_only_an_event_that_names_a_mandate_draws_on_one(history):
    """Or one that adjusts an agreement made under it; a reorganisation and the grant itself only set the accounts up."""
    others = (events.Reorganisation, events.MandateGranted, events.InstrumentTermsAdjusted)
    for each in replay(in_effect(entries(*history)), Position()):
        drawn = [move for move in each.movements if move.book == MANDATE and move.source == HEADROOM and move.target != EXTENSION]
        assert not drawn or isinstance(each.entry.event, (*DRAWING, *others))


@given(histories)
def test_no_reorganisation_changes_the_percentage_used_of_a_mandate(history):
    """What was used, over the base, is what it was the day before to within the fraction of a share that rounds up."""
    book = entries(*history)
    for day in {event.effective_on for event in history if isinstance(event, events.Reorganisation)}:
        before, after = (position_at(book, Viewpoint(on)) for on in (day - timedelta(days=1), day))
        for code, mandate in before.terms.mandates.items():
            base, base_now = (Fraction(each.base) * each.scaled for each in (mandate, after.terms.mandates[code]))
            used, used_now = (position.total(MANDATE, code, USED) for position in (before, after))
            assert 0 <= Fraction(used_now) / base_now - Fraction(used) / base < 1 / base_now
            assert after.terms.mandates[code].limit == floor(Fraction(mandate.percent) * base_now / 100)


def multiplied(history, day, codes):
    """By how much each class was multiplied on a day."""
    ratios = dict.fromkeys(codes, Fraction(1))
    for event in history:
        if event.effective_on == day and isinstance(event, events.Reorganisation):
            ratio = Fraction(event.into) if isinstance(event, events.SharesSubdivided) else Fraction(1, event.shares)
            for code in [event.share_class] if event.share_class else codes:
                ratios[code] *= ratio
    return ratios


@given(histories)
def test_where_all_the_classes_of_a_mandate_are_multiplied_alike_so_is_its_base(history):
    book = entries(*history)
    for day in {event.effective_on for event in history if isinstance(event, events.Reorganisation)}:
        before, after = (position_at(book, Viewpoint(on)) for on in (day - timedelta(days=1), day))
        ratios = multiplied(history, day, before.terms.classes)
        for code, mandate in before.terms.mandates.items():
            there = {ratios[each] for each in mandate.classes if before.balance(each).total_issued}
            now = after.terms.mandates[code]
            if len(there) == 1:
                assert (now.scaled, now.uneven_on) == (mandate.scaled * there.pop(), mandate.uneven_on)
            else:
                assert now.uneven_on == day


@given(histories)
def test_what_has_ended_sums_to_nothing(history):
    book = entries(*history)
    for day in {event.effective_on for event in history}:
        position = position_at(book, Viewpoint(day))
        for code in position.terms.instruments:
            assert position.total(INSTRUMENT, code, OUTSTANDING) or not position.total(ISSUABLE, code, OUTSTANDING)
        for code, mandate in position.terms.mandates.items():
            agreed = [each for each, agreement in position.terms.agreements.items() if agreement.mandate == code]
            assert position.total(MANDATE, code, RESERVED) == sum(position.total(AGREEMENT, each, OUTSTANDING) for each in agreed)
            assert now_left(position, code, mandate)
        for code, share in position.terms.classes.items():
            balance = position.balance(code)
            assert share.abolished_on is None or (balance.authorised, balance.total_issued, balance.pending_cancellation) == (
                0,
                0,
                0,
            )


def now_left(position, code, mandate):
    """Whether what is left of a mandate is what it allows less what was used and is reserved."""
    used, reserved = (position.total(MANDATE, code, name) for name in (USED, RESERVED))
    return position.total(MANDATE, code, HEADROOM) == mandate.limit - position.total(MANDATE, code, EXTENSION) - used - reserved


@given(histories)
def test_a_return_prints_what_was_there_in_its_month_and_nothing_that_was_over_before(history):
    book = entries(*history)
    for end in list(month_ends(book))[1:]:
        document, opening = monthly.prepare(book, end, SUBMITTED), position_at(book, Viewpoint(monthly.opened_on(end)))
        for block in (*document.warrants, *document.convertibles):
            assert all(row.opening or row.movements for row in block.rows)
        assert all(
            code.heading.code not in opening.terms.classes or not opening.terms.classes[code.heading.code].abolished_on
            for code in document.issued
        )
        over = {scheme.particulars for scheme in opening.terms.schemes.values() if scheme.is_over(monthly.opened_on(end))}
        for row in (row for block in document.options for row in block.rows):
            assert row.particulars not in over or row.may_be_granted.value == 0
            assert row.particulars not in over or number(row.opening) or row.movements


def month_ends(book):
    last = max(each.event.effective_on for each in book)
    year, month = OPENED.year, OPENED.month
    while (end := month_end_of(date(year, month, 1))) < last + timedelta(days=31):
        yield end
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


@given(books(), st.data())
def test_later_entries_never_change_an_earlier_viewpoint(book, data):
    number = data.draw(st.sampled_from(moments(book, 1))).number
    on = data.draw(st.sampled_from(list(month_ends(book))[1:] or [date(2024, 1, 31)]))
    known_at = recorded_at(number)
    then, now = position_at(book[:number], Viewpoint(on)), position_at(book, Viewpoint(on, known_at))
    assert (then.totals, then.balances()) == (now.totals, now.balances())
    assert monthly.prepare(book[:number], on, SUBMITTED) == monthly.prepare(book, on, SUBMITTED, known_at)
    assert _next_day(book[:number], on) == _next_day(book, on, known_at)


@given(books())
def test_a_period_of_a_ledger_is_the_period_of_the_book(book):
    for end in list(month_ends(book))[1::3]:
        opened_on = monthly.opened_on(end)
        cut = Ledger.of(book).period(opened_on, end)
        assert [cut.opening.totals, cut.closing.totals] == [position_at(book, Viewpoint(on)).totals for on in (opened_on, end)]
        assert [each.number for each in cut.entries] == [
            each.number for each in in_effect(book) if each.event.effective_on <= end
        ]


def _next_day(book, on, known_at=None):
    try:
        return next_day.prepare(book, on, SUBMITTED, known_at)
    except NotPrepared as refused:
        return str(refused)


def without_entries(document):
    """A document without the numbers of the entries behind its figures."""
    if isinstance(document, Figure):
        return document.value
    if isinstance(document, tuple):
        return tuple(without_entries(each) for each in document)
    if attrs.has(type(document)):
        return type(document).__name__, *(
            without_entries(getattr(document, field.name)) for field in attrs.fields(type(document))
        )
    return document


@given(recordings())
def test_the_order_of_recording_does_not_matter_to_who_knows_everything(recorded):
    ordered = sorted(recorded, key=lambda event: event.effective_on)
    found, expected = entries(*recorded), entries(*ordered)
    assert folded(found).totals == folded(expected).totals
    assert [(each.code, each.message) for each in findings(found)] == [(each.code, each.message) for each in findings(expected)]
    for end in list(month_ends(found))[1:]:
        mine, theirs = (monthly.prepare(book, end, SUBMITTED) for book in (found, expected))
        assert without_entries(mine) == without_entries(theirs)


def number(figure):
    return figure.value or 0


def left_out(opens, closed):
    """What stands in one of two returns alone, where the other opens as it closed: something new, or over."""
    assert all(opens[code] == closed[code] for code in opens.keys() & closed.keys())
    return [(opens | closed)[code] for code in opens.keys() ^ closed.keys()]


def check_part_one(document, earlier):
    for block in document.authorised or ():
        assert block.opening.value + number(block.movement) == block.closing.value
        for money, par, figure in (
            (block.opening_capital, block.opening_par, block.opening),
            (block.closing_capital, block.closing_par, block.closing),
        ):
            assert money.amount == par.amount * figure.value
    if earlier is not None:
        opens = {block.heading.code: (block.opening.value, block.opening_par) for block in document.authorised or ()}
        closed = {block.heading.code: (block.closing.value, block.closing_par) for block in earlier.authorised or ()}
        assert all(number == 0 for number, _ in left_out(opens, closed))
    total = sum(money.amount for money in document.total_authorised_capital)
    assert total == sum(block.closing_capital.amount for block in document.authorised or ())


def check_part_two(document, earlier):
    for block in document.issued:
        for column in ("issued", "treasury"):
            opening, movement, closing = (getattr(line, column) for line in (block.opening, block.movement, block.closing))
            assert opening.value + number(movement) == closing.value
        for line in (block.opening, block.closing):
            assert line.issued.value + line.treasury.value == line.total.value
            assert min(line.issued.value, line.treasury.value) >= 0
    if earlier is not None:
        opens = {block.heading.code: without_entries(block.opening) for block in document.issued}
        closed = {block.heading.code: without_entries(block.closing) for block in earlier.issued}
        assert all(set(line[1:]) == {0} for line in left_out(opens, closed))


def parts_of(document):
    return (*document.options, *document.warrants, *document.convertibles, *document.agreements, *document.other_movements)


def foot(part, column):
    """The foot of a part; those of parts (A) to (D) print a decrease in treasury shares as a positive number."""
    upwards = column == "issued" or isinstance(part, OtherMovements)
    return number(getattr(part, column)) * (1 if upwards else -1)


def check_part_three(document, closing):
    """II = AA + BB + CC + DD + EE, for issued and treasury apart, and every foot the sum of its rows."""
    feet = {total.heading.code: total for total in document.totals}
    for block in document.issued:
        code = block.heading.code
        parts = [part for part in parts_of(document) if part.heading.code == code]
        for column in ("issued", "treasury"):
            moved = number(getattr(block.movement, column))
            assert sum(foot(part, column) for part in parts) == moved
            assert (number(getattr(feet[code], column)) if code in feet else 0) == moved
        stock = sum(number(row.pending) for part in document.other_movements if part in parts for row in part.rows)
        # Before June 2024 the form has no column for it.
        assert -stock == (closing.balance(code).pending_cancellation if document.form.treasury_shares else 0)
    for part in document.other_movements:
        for column in ("issued", "treasury"):
            assert sum(number(getattr(row, column)) for row in part.rows) == number(getattr(part, column))
    for part in parts_of(document)[: -len(document.other_movements) or None]:
        assert sum(number(row.treasury_shares) for row in part.rows) == number(part.treasury)
        assert sum(number(row.new_shares) + number(row.treasury_shares) for row in part.rows) == number(part.issued)


def rows_of(parts):
    return {(part.heading.code, getattr(row, "particulars", None) or row.description): row for part in parts for row in part.rows}


def check_outstanding(document, earlier):
    """Options, warrants and convertibles open where they closed, and close at their opening and movements."""
    for kind in ("options", "warrants", "convertibles"):
        rows, before = rows_of(getattr(document, kind)), rows_of(getattr(earlier, kind)) if earlier else {}
        for name, row in rows.items():
            opening, closing = (without_entries(figure) for figure in (row.opening, row.closing))
            moves = [each.number.value for each in row.movements] if kind == "options" else [each for _, each in row.movements]
            assert opening + sum(moves) == closing >= 0
            assert number(row.may_be_issued) >= 0
            assert not earlier or opening == (without_entries(before[name].closing) if name in before else 0)
        ended = [before[name] for name in before.keys() - rows.keys()]
        assert all(without_entries(row.closing) == row.may_be_issued.value == 0 for row in ended)
    assert all(row.may_be_issued.value >= 0 for row in rows_of(document.agreements).values())


@given(histories)
def test_every_monthly_return_of_a_span_adds_up_and_opens_where_the_last_closed(history):
    book, earlier = entries(*history), None
    for end in list(month_ends(book))[1:]:
        document = monthly.prepare(book, end, SUBMITTED)
        check_monthly(document, earlier, position_at(book, Viewpoint(end)))
        earlier = document


def check_monthly(document, earlier, closing):
    check_part_one(document, earlier)
    check_part_two(document, earlier)
    check_part_three(document, closing)
    check_outstanding(document, earlier)


@given(books(), st.data())
def test_every_monthly_return_adds_up_as_it_was_known_at_any_time(book, data):
    number = data.draw(st.sampled_from(moments(book, 1))).number
    known_at, earlier = recorded_at(number), None
    for end in list(month_ends(book))[1:]:
        document = monthly.prepare(book, end, SUBMITTED, known_at)
        check_monthly(document, earlier, position_at(book, Viewpoint(end, known_at)))
        earlier = document


@given(histories)
def test_tranches_add_up_to_what_is_pending_on_every_day(history):
    book = entries(*history)
    for day in {event.effective_on for event in history}:
        position, by_hand = position_at(book, Viewpoint(day)), book_by_hand(history, day)
        for balance in position.balances():
            tranches = position.tranches.get(balance.share_class, ())
            assert sum(each.shares for each in tranches) == balance.pending_cancellation
            found = [(each.bought_on, each.shares, each.redeemed) for each in tranches]
            assert found == [lot for lot in by_hand.waiting[balance.share_class] if lot[1]]


@given(histories)
def test_the_par_value_is_what_the_reorganisations_and_reductions_leave_of_it(history):
    position, by_hand = position_at(entries(*history), Viewpoint(EVER)), book_by_hand(history)
    for code, share in position.terms.classes.items():
        assert (share.par_value and Fraction(share.par_value.amount)) == by_hand.pars.get(code)


def check_section(document, section, closing):
    """Before June 2024 the issued shares count those in treasury, and what was bought into it is listed as not cancelled."""
    now, balance = document.form.treasury_shares, closing.balance(section.heading.code)
    for column in ("issued", "treasury") if now else ("issued",):
        moved = sum(number(getattr(change, column)) for change in section.changes)
        assert getattr(section.opening, column).value + moved == getattr(section.closing, column).value
    for line in (section.opening, section.closing):
        assert line.issued.value + (line.treasury.value if now else 0) == line.total.value
    issued = balance.issued_excluding_treasury if now else balance.total_issued
    assert (section.closing.issued.value, section.closing.treasury.value) == (issued, balance.treasury)
    bought = [number(each.for_treasury) for each in document.repurchases if each.heading.code == section.heading.code]
    assert sum(row.shares.value for row in section.pending) == balance.pending_cancellation + (0 if now else sum(bought))
    assert [row.changed_on for row in section.pending] == sorted(row.changed_on for row in section.pending)
    assert [change.changed_on for change in section.changes] == sorted(change.changed_on for change in section.changes)


@given(histories, st.sampled_from([date(2024, 6, 10), SUBMITTED]))
def test_every_next_day_return_opens_changes_and_closes(history, submitted_on):
    book = entries(*history)
    for day in sorted({event.effective_on for event in history}):
        try:
            document = next_day.prepare(book, day, submitted_on)
        except NotPrepared:
            continue
        for section in document.sections:
            assert section.closing.on <= day
            check_section(document, section, position_at(book, Viewpoint(section.closing.on)))
            assert section.opening.on <= section.closing.on
