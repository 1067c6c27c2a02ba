"""What people write becomes values, or a sentence about what was expected; whole files become drafts with their places."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import (
    ConvertiblesIssued,
    IssuerDetailsChanged,
    IssuerRegistered,
    PlacingCompleted,
    ShareClassCreated,
    ShareClassDetailsChanged,
    SharesRepurchased,
    WarrantsIssued,
)
from domain.events.structured import Counter
from domain.events.votes import ClassVotes
from domain.values import CURRENCIES, Money
from infrastructure.event_codec import encode
from infrastructure.readers import names, values
from infrastructure.readers.notation import month_of
from infrastructure.readers.records import Batch, UnreadableFile, read_records
from infrastructure.readers.values import build, counter, day, decimal, flag, money, whole
from tests.samples import SAMPLED, sample

WHOLE = {"0": 0, "7": 7, "1865000000": 1_865_000_000, "1,865,000,000": 1_865_000_000, " 5 ": 5, "-5": -5, "9" * 60: 10**60 - 1}
NOT_WHOLE = ["", " ", "5.5", "5.0", "1e9", "1E9", "+5", "--5", "1_000", "1,00", "1,000,00", ",1", "0x10", "NaN", "five", "9" * 61]
NOT_WHOLE += ["１", "٣", "²", "५", "\u22125", "5\u00a0000", None, True, 5.0, [], {}, b"5", 10**60, -(10**60), 10**5000]  # type: ignore[list-item]


@pytest.mark.parametrize(("written", "number"), WHOLE.items())
def test_whole_numbers_are_read(written, number):
    assert whole(written) == number


@pytest.mark.parametrize(
    "written",
    NOT_WHOLE,
    ids=lambda written: f"{type(written).__name__}-{str(written)[:9]!a}" if type(written) is not int else "int",
)
def test_what_is_no_whole_number_is_refused(written):
    with pytest.raises(values.UnreadableValue, match="expected a whole number"):
        whole(written)


@pytest.mark.parametrize(
    ("written", "number"), [("20", "20"), ("0.25", "0.25"), (20, "20"), ("1,000.5", "1000.5"), ("1.50", "1.50")]
)
def test_decimals_stay_exact(written, number):
    assert decimal(written) == Decimal(number)


@pytest.mark.parametrize("written", ["", "20%", "-1", ".5", "5.", "1e2", "NaN", "Infinity", "٢٠", 20.5, True, None])
def test_what_is_no_decimal_is_refused(written):
    with pytest.raises(values.UnreadableValue, match="expected a plain decimal number"):
        decimal(written)


@pytest.mark.parametrize(
    "written",
    [
        "2024-12-07", "7 Dec 2024", "07 Dec 2024", "7 December 2024", " 7  DECEMBER 2024 ", "7-Dec-2024", "Dec 7, 2024",
        "December 7 2024", "7th December 2024", "Sat 7 Dec 2024", "Saturday, 7 December 2024", "2024/12/07", "2024年12月7日",
        date(2024, 12, 7),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it_where_it_can_be_one_day_only(written):
    assert day(written) == date(2024, 12, 7)


def test_september_has_two_abbreviations():
    assert day("30 Sept 2026") == day("30 Sep 2026") == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("31/12/2024", "31 Dec 2024"),
        ("12/31/2024", "31 Dec 2024"),
        ("3/12/2024", "3 Dec 2024 or 12 Mar 2024"),
        ("3.3.2024", "3 Mar 2024"),
        ("31-12-24", "31 Dec 2024"),
        ("31 Dec 24", "31 Dec 2024"),
        ("20241231", "31 Dec 2024"),
        ("Wed 31 Dec 2024", "Tue 31 Dec 2024"),
    ],
)
def test_a_day_that_may_be_two_is_refused_with_what_was_probably_meant(written, meant):
    with pytest.raises(values.UnreadableValue, match=f"got {written}. Did you mean {meant}"):
        day(written)


def test_a_file_names_the_day_itself():
    with pytest.raises(
        values.UnreadableValue, match="expected the day itself, since a file may be read on another day, got today"
    ):
        day("today")


@pytest.mark.parametrize("written", ["2024-12", "2024/12", "Dec 2024", "december 2024", "Dec-2024", "12/2024", "2024年12月"])
def test_a_month_is_read_as_people_write_it(written):
    assert month_of(written) == date(2024, 12, 1)


@pytest.mark.parametrize("written", ["2024", "2024-13", "12/24", "Dez 2024", "2024-12-01", ""])
def test_what_is_no_month_is_none(written):
    assert month_of(written) is None


def test_of_a_day_beyond_the_years_of_a_book_these_are_named_and_nothing_is_suggested():
    with pytest.raises(values.UnreadableValue) as refused:
        day("1 January 2250")
    said = "expected a date such as 2024-12-17 or 17 Dec 2024, of the years 1841 to 2199, got 1 January 2250"
    assert str(refused.value) == said


@pytest.mark.parametrize("written", ["31 December", "31 Dec", "Dec 31", "31-Dec"])
def test_a_day_of_every_year_is_read_as_people_write_it(written):
    event, problems = build(IssuerDetailsChanged, {"effective_on": "2024-12-17", "financial_year_end": written})
    assert (event and event.financial_year_end, problems) == ("31 December", [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1.5m", "1,500,000"), ("2 billion", "2,000,000,000"), ("391 thousand", "391,000"), ("1 865 000", "1,865,000")],
)
def test_a_shortened_number_of_shares_is_refused_with_the_whole_one(written, meant):
    with pytest.raises(values.UnreadableValue, match=f"got {written}. Did you mean {meant}"):
        whole(written)


@pytest.mark.parametrize("written", ["10", "10%", "10 %", "10 per cent", 10])
def test_a_percentage_may_have_its_sign(written):
    assert values.percent(written) == Decimal(10)


@pytest.mark.parametrize("written", ["10 %%", "%", "-1%", "1e1%"])
def test_what_is_no_percentage_is_refused(written):
    with pytest.raises(values.UnreadableValue, match="expected a plain decimal number"):
        values.percent(written)


@pytest.mark.parametrize("written", ["HK$0.10", "HK$ 0.10", "HKD0.10", "0.10 HKD", "hkd 0.1", "hk$0.10"])
def test_money_is_read_as_people_write_it(written):
    assert money(written) == Money("HKD", Decimal("0.1"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2.50", "HKD 2.50"), ("$1,000", "HKD 1,000 or USD 1,000"), ("¥1.5", "RMB 1.5 or JPY 1.5"), (3, "HKD 3")],
)
def test_an_amount_whose_currency_is_open_is_refused_with_what_it_may_be(written, meant):
    with pytest.raises(values.UnreadableValue, match=re.escape(f". Did you mean {meant}?")):
        money(written)


def test_the_amounts_of_a_trade_are_in_the_currency_of_its_first():
    said = "On the Exchange: 700,000 @ HK$1.62 to 1.58 = 1,120,000"
    assert values.trade(said) == values.trade("On the Exchange: 700,000 @ HKD 1.62 to HKD 1.58 = HKD 1,120,000")
    with pytest.raises(values.UnreadableValue, match="expected one currency, got HKD, HKD and USD"):
        values.trade("On the Exchange: 700,000 @ HKD 1.62 to 1.58 = US$ 1,120,000")


NO_DAYS = [
    "",
    "2024-02-30",
    "31 Feb 2024",
    "29 Feb 2023",
    "2024-13-01",
    "2024-00-10",
    "7/12/2024",
    "12-07-2024",
    "7 Dec 24",
    "Fri 7 Dec 2024",
    "20241207",
]
NO_DAYS += [
    "2024-12-07T00:00",
    "7 Dez 2024",
    "０７ Dec 2024",
    "1840-12-31",
    "2200-01-01",
    "0000-01-01",
    date(1, 1, 1),
    20241207,
    None,
]  # type: ignore[list-item]


@pytest.mark.parametrize("written", NO_DAYS, ids=str)
def test_what_is_no_day_is_refused(written):
    with pytest.raises(values.UnreadableValue, match="expected a date such as 2024-12-17 or 17 Dec 2024"):
        day(written)


@given(st.dates(date(1841, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_in_every_way_it_is_printed(chosen):
    assert day(chosen.isoformat()) == day(f"{chosen:%d %b %Y}") == day(f"{chosen:%-d %B %Y}") == chosen


@pytest.mark.parametrize(("written", "meant"), [("yes", True), ("True", True), (" NO ", False), ("false", False), (True, True)])
def test_yes_and_no_are_read(written, meant):
    assert flag(written) is meant


@pytest.mark.parametrize("written", ["", "y", "on", "1", 1, 0, None])
def test_what_is_neither_yes_nor_no_is_refused(written):
    with pytest.raises(values.UnreadableValue, match="expected yes or no"):
        flag(written)


@pytest.mark.parametrize(
    ("written", "amount"),
    [("HKD 1.5", "1.5"), ("HKD 1.50", "1.5"), ("HKD 1,865.25", "1865.25"), ("USD 0.000000025", "0.000000025")],
)
def test_money_is_read_exactly(written, amount):
    assert money(written) == Money(written[:3], Decimal(amount))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1.5",
        "HKD",
        "ZZ$ 1.5",
        "HKD 1.5 HKD",
        "HKD -1",
        "HKD 1e3",
        "HKD NaN",
        "HKD １",
        "XXX 1",
        1,
        None,
        "HKD " + "9" * 200,
    ],
)
def test_what_is_no_money_is_refused_in_a_short_sentence(written):
    with pytest.raises(values.UnreadableValue) as refused:
        money(written)
    assert len(str(refused.value)) < 200


def test_a_counter_is_a_stock_code_and_a_currency_that_exists():
    assert "RMB" in CURRENCIES
    assert counter("80020 RMB") == counter({"stock_code": "80020", "currency": "RMB"}) == Counter("80020", "RMB")
    for written in (
        "8020 RMB",
        "080020 RMB",
        "80020",
        "80020 XXX",
        "80020RMB",
        80020,
        {"stock_code": "80020"},
        {"stock_code": "a", "currency": "RMB"},
    ):
        with pytest.raises(values.UnreadableValue, match="expected"):
            counter(written)


DAY = {"effective_on": "2024-12-17"}
REGISTERED = {**DAY, "name": "Example Limited"}
WARRANTS = {**DAY, "instrument": "w", "share_class": "B", "description": "d", "shares": 1, "warrants": 1}
CONVERTIBLES = {**DAY, "instrument": "cb", "share_class": "B", "description": "d", "shares": 1, "amount": "HKD 1"}
CLASS = {**DAY, "share_class": "B"}
A_CODE = "expected a stock code of five digits such as 00020, got "
OWN = " (own_code: yes takes a code of your own)"


@pytest.mark.parametrize(
    ("kind", "written", "field", "said"),
    [
        (IssuerRegistered, {**REGISTERED, "issuer": "1234"}, "issuer", f"{A_CODE}1234. Did you mean 01234?{OWN}"),
        (IssuerRegistered, {**REGISTERED, "issuer": "lantern"}, "issuer", f"{A_CODE}lantern{OWN}"),
        (IssuerRegistered, {**REGISTERED, "issuer": "1234", "own_code": "no"}, "issuer", f"{A_CODE}1234. Did you mean 01234?{OWN}"),
        (ShareClassCreated, {**CLASS, "class_label": "x", "stock_code": "700.HK"}, "stock_code", f"{A_CODE}700.HK. Did you mean 00700?"),
        (ShareClassDetailsChanged, {**CLASS, "stock_code": "000700"}, "stock_code", f"{A_CODE}000700. Did you mean 00700?"),
        (ShareClassDetailsChanged, {**CLASS, "counters": ["8020 RMB"]}, "counters", f"{A_CODE}8020. Did you mean 08020?"),
        (WarrantsIssued, {**WARRANTS, "stock_code": "2501"}, "stock_code", f"{A_CODE}2501. Did you mean 02501?"),
        (ConvertiblesIssued, {**CONVERTIBLES, "stock_code": "XS2400000000"}, "stock_code", f"{A_CODE}XS2400000000"),
    ],
)  # fmt: skip
def test_a_stock_code_of_other_than_five_digits_is_refused_with_the_one_probably_meant(kind, written, field, said):
    assert build(kind, written) == (None, [(field, said)])


@pytest.mark.parametrize("own_code", ["yes", True, "true"])
def test_another_code_of_a_book_is_taken_where_it_is_said_to_be_no_stock_code(own_code):
    event, problems = build(IssuerRegistered, {**REGISTERED, "issuer": "lantern", "own_code": own_code})
    assert problems == []
    assert encode(event) == b'{"effective_on":"2024-12-17","issuer":"lantern","name":"Example Limited","own_code":true}'


@pytest.mark.parametrize("kind", SAMPLED, ids=lambda kind: kind.__name__)
def test_what_is_kept_of_an_event_is_not_read_again(kind):
    """So an entry recorded under older rules can still be corrected in one field."""
    kept = sample(kind.__name__)
    assert build(kind, {}, kept=kept) == (kept, [])
    assert build(kind, {"effective_on": "2 January 2025"}, kept=kept)[0].effective_on == date(2025, 1, 2)


def test_a_stock_code_that_was_recorded_before_is_kept_and_a_new_one_is_checked():
    kept = IssuerRegistered(effective_on=date(2020, 1, 2), issuer="1234", name="Example Limited")
    assert build(IssuerRegistered, {"name": "Other Limited"}, kept=kept)[0].issuer == "1234"
    assert [field for field, _ in build(IssuerRegistered, {"issuer": "123"}, kept=kept)[1]] == ["issuer"]


def test_a_field_that_is_emptied_has_its_default_and_one_without_a_default_is_missing():
    kept = PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=5, mandate="m")
    assert build(PlacingCompleted, {"mandate": None}, kept=kept)[0].mandate is None
    assert [field for field, _ in build(PlacingCompleted, {"shares": None}, kept=kept)[1]] == ["shares"]


def test_what_was_written_is_shown_short_and_without_what_a_terminal_obeys():
    assert values.quoted("5.5") == "5.5"
    assert values.quoted("") == "''"
    assert values.quoted("\x1b[2J") == r"'\x1b[2J'"
    assert len(values.quoted("x" * 10_000)) == 80


def test_an_event_is_built_or_every_problem_is_reported():
    event, problems = build(
        PlacingCompleted, {"effective_on": "2024-12-17", "share_class": "B", "shares": "1,865,000,000", "price": "HKD 1.5"}
    )
    assert problems == []
    assert event == PlacingCompleted(
        effective_on=date(2024, 12, 17), share_class="B", shares=1_865_000_000, price=Money("HKD", Decimal("1.5"))
    )
    event, problems = build(
        SharesRepurchased, {"effective_on": "x", "share_class": "", "shares": 0, "intention": "both", "prise": 1}
    )
    assert event is None
    assert [field for field, _ in problems] == ["prise", "effective_on", "share_class", "shares", "intention"]
    assert "Did you mean price?" in str(problems[0][1])


def test_a_rule_between_fields_is_reported_with_its_field():
    event, problems = build(IssuerDetailsChanged, {"effective_on": "2024-12-17"})
    assert (event, problems) == (None, [("name", "expected a new name, Chinese name or financial year-end")])


RECORD: dict[str, Any] = {"event": "PlacingCompleted", "effective_on": "2024-12-17", "share_class": "B", "shares": 5}
LINE = json.dumps(RECORD).encode()


def shown(batch: Batch) -> list[str]:
    return [str(problem) for problem in batch.problems]


@pytest.mark.parametrize("event", ["PlacingCompleted", "placing-completed", "placing_completed", "Placing completed"])
@pytest.mark.parametrize(
    ("day_field", "class_field"), [("effective_on", "share_class"), ("on", "class"), ("effective-on", "share-class")]
)
def test_events_and_fields_are_read_in_both_spellings(event, day_field, class_field):
    written = {"event": event, day_field: "17-Dec-2024", class_field: "B", "shares": 5, "by": "counsel"}
    (draft,) = read_records("f.jsonl", json.dumps(written).encode(), recorded_by="x").drafts
    assert draft.event == PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=5)
    assert draft.recorded_by == "counsel"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"event": "buyback"}, "event: unknown event buyback. Did you mean SharesRepurchased?"),
        ({"event": "Buy-backs"}, "event: unknown event Buy-backs. Did you mean SharesRepurchased?"),
        ({**RECORD, "on": "2024-12-17"}, "effective_on: appears twice in this record"),
        ({**RECORD, "date": "2024-12-17"}, "Did you mean effective_on?"),
        ({**RECORD, "quantity": 5}, "Did you mean shares?"),
    ],
)
def test_what_people_call_an_event_or_a_field_is_suggested(written, said):
    assert said in shown(read_records("f.jsonl", json.dumps(written).encode(), recorded_by="x"))[0]


def test_every_synonym_names_an_event_and_is_none_itself():
    assert set(names.SYNONYMS.values()) <= set(names.EVENTS_BY_NAME)
    assert all(names.event_type(name) is None for name in names.SYNONYMS)


# --- files --------------------------------------------------------------------------------------------------------


def test_a_draft_knows_its_place_its_source_and_who_recorded_it():
    second = {**RECORD, "source": "announcement", "recorded_by": "counsel", "replaces": 3, "command_id": "c"}
    batch = read_records("f.jsonl", LINE + b"\n\n" + json.dumps(second).encode(), recorded_by="the secretary")
    first, corrected = batch.drafts
    assert batch.places == ("f.jsonl:1", "f.jsonl:3")
    assert (first.recorded_by, first.source, first.replaces) == ("the secretary", None, None)
    assert (corrected.recorded_by, corrected.source, corrected.replaces, corrected.command_id) == (
        "counsel",
        "announcement",
        3,
        "c",
    )


@pytest.mark.parametrize("written", [b"\xef\xbb\xbf" + LINE, LINE + b"\r\n", b"\n\n" + LINE, LINE.replace(b", ", b" ,\t")])
def test_marks_and_line_ends_of_other_systems_are_read(written):
    (draft,) = read_records("F.JSONL", written, recorded_by="x").drafts
    assert encode(draft.event) == encode(PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=5))


def test_a_line_separator_within_text_does_not_end_a_line():
    batch = read_records(
        "f.jsonl", json.dumps({**RECORD, "text": "a\u2028b"}, ensure_ascii=False).encode() + b"\n{", recorded_by="x"
    )
    assert [line[:9] for line in shown(batch)] == ["f.jsonl:1", "f.jsonl:2"]


@pytest.mark.parametrize(
    ("beginning", "line"), [(b"- event: x", 1), (b"# notes\n- event: x", 2), (b"---\n- event: x", 2), (b"\n  - event: x", 2)]
)
def test_what_comes_without_a_name_is_yaml_where_it_begins_like_yaml(beginning, line):
    assert shown(read_records("standard input", beginning, recorded_by="x"))[0].startswith(
        f"standard input:{line}: event: unknown event x"
    )


def test_yaml_names_the_line_of_each_field():
    content = b"# facts\n- event: PlacingCompleted\n  shares: 5.5\n  effective_on: 31 Feb 2024\n\n- event: x\n"
    assert [line.split(": ")[:2] for line in shown(read_records("f.yaml", content, recorded_by="x"))] == [
        ["f.yaml:4", "effective_on"],
        ["f.yaml:2", "share_class"],
        ["f.yaml:3", "shares"],
        ["f.yaml:6", "event"],
    ]


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_an_empty_value_is_as_one_left_out_and_a_quoted_one_is_text(empty):
    yaml = "- event: PlacingCompleted\n  effective_on: 2024-12-17\n  share_class: B\n  shares: 5\n  text: {}\n"
    (draft,) = read_records("f.yaml", yaml.format(empty).encode(), recorded_by="x").drafts
    assert getattr(draft.event, "text", "") is None
    quoted = read_records("f.yaml", yaml.format(f"'{empty}'").encode(), recorded_by="x")
    assert [getattr(draft.event, "text", "") for draft in quoted.drafts] == ([empty] if empty else [])


def test_a_name_that_says_another_format_is_refused():
    with pytest.raises(UnreadableFile, match=r"f\.docx: expected a file named \.jsonl, \.yaml, \.csv or \.xlsx, got \.docx"):
        read_records("f.docx", LINE, recorded_by="x")
    with pytest.raises(
        UnreadableFile, match=r"f\.pdf: expected a file named .*, got \.pdf; captable take-in reads a published return"
    ):
        read_records("f.pdf", b"%PDF-1.7\n\xff", recorded_by="x")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
FIELDS = st.sampled_from([*RECORD, "price", "text", "mandate", "source", "replaces", "command_id", "counters", "x"])


@given(st.dictionaries(FIELDS, JSON_VALUES, max_size=8))
def test_no_record_whatever_it_holds_ends_in_anything_but_a_draft_or_problems(changed):
    batch = read_records("f.jsonl", json.dumps({**RECORD, **changed}).encode(), recorded_by="x")
    assert bool(batch.drafts) is not bool(batch.problems)
    assert all(str(problem).isprintable() and len(str(problem)) < 500 for problem in batch.problems)


@given(
    st.binary(max_size=200) | st.text(alphabet="-:?!&*[]{}#|>'\"%@`, \n\tab1~", max_size=80).map(str.encode),
    st.sampled_from(["f.jsonl", "f.yaml", "-"]),
)
def test_no_file_whatever_it_holds_ends_in_anything_but_drafts_or_problems(content, name):
    with suppress(UnreadableFile):
        batch = read_records(name, content, recorded_by="x")
        assert all(problem.place.startswith(name) for problem in batch.problems)


@pytest.mark.parametrize(
    "words",
    [
        "On the Exchange: 700,000 @ HKD 1.62 to HKD 1.58 = HKD 1120000",
        "Off-market: 30 @ HKD 1.5 = HKD 45",
    ],
)
def test_a_trade_is_shown_in_the_words_it_is_read_from(words):
    assert str(values.trade(words)) == words


@pytest.mark.parametrize("words", ["2024-12-03: 700,000 @ HKD 1.62", "2024-12-04: 1"])
def test_a_purchase_brought_forward_is_shown_in_the_words_it_is_read_from(words):
    assert str(values.purchase_brought_forward(words)) == words


def test_yes_no_or_a_word_of_its_own_is_expected():
    assert [values.flag_or("registered", each) for each in ("yes", "no", " Registered ")] == [True, False, "registered"]
    with pytest.raises(values.UnreadableValue, match="expected yes, no or registered, got perhaps"):
        values.flag_or("registered", "perhaps")


def test_the_votes_of_a_class_come_to_what_was_counted():
    votes = ClassVotes("B", 500, 40, 1)
    assert values.class_votes("B 500 for, 40 against, 540 voted") == votes
    assert values.class_votes(votes) is votes
    with pytest.raises(values.UnreadableValue, match="expected 540 voted, as for and against make it, got 541"):
        values.class_votes("B 500 for, 40 against, 541 voted")


@pytest.mark.parametrize("written", ["B, A", "B;A", ("B,A",), ("B", "A"), ["B", "A"]])
def test_codes_may_be_written_as_a_list_of_one_text_or_each_alone(written):
    assert values.read(tuple[str, ...], written) == ("B", "A")


def test_a_trading_counter_that_is_one_already_stays_so():
    given = Counter("80020", "RMB")
    assert counter(given) is given


def test_a_number_cut_at_its_comma_is_said_to_want_quotation_marks():
    content = b"- {event: OptionsGranted, effective_on: 2024-03-01, scheme: s, options: 1,000}\n"
    (problem,) = read_records("f.yaml", content, recorded_by="x").problems
    assert (problem.place, problem.field) == ("f.yaml:1", "000")
    assert str(problem.message).endswith('between { and } a number with commas is in quotation marks: "1,000"')
