"""What cannot be recorded ends in a sentence with the file, line and field at fault, and leaves the book as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import LAST, captable, done, fact, head, write

BAD, REFUSED = 2, 3


def without(record: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != field}


INNOCENT = fact("ReturnFiled", effective_on="2024-03-31", kind="monthly", submitted_on="2024-04-02")

# Each is the second record of a file: its exit code, and what the message about line 2 says.
RECORDS: dict[str, tuple[dict[str, Any], int, str]] = {
    "unknown event": (
        fact("PlacingComplete", shares=5),
        BAD,
        "event: unknown event PlacingComplete. Did you mean PlacingCompleted?",
    ),
    "no event": (without(fact(), "event"), BAD, "event: missing"),
    "unknown field": (fact(sahres=5), BAD, "sahres: unknown field"),
    "unknown field, suggestion": (fact(sahres=5), BAD, "Did you mean shares?"),
    "misspelt source": (fact(sourse="x"), BAD, "Did you mean source?"),
    "missing field": (without(fact(), "shares"), BAD, "shares: missing; expected number of shares"),
    "missing date": (without(fact(), "effective_on"), BAD, "effective_on: missing; expected a date such as 2024-12-17"),
    "missing choice": (
        fact("SharesRepurchased", effective_on="2024-03-01", share_class="B", shares=1),
        BAD,
        "intention: missing; expected cancellation or treasury",
    ),
    "zero shares": (fact(shares=0), BAD, "shares: expected a whole number of shares above zero, got 0"),
    "negative shares": (fact(shares=-5), BAD, "shares: expected a whole number of shares above zero, got -5"),
    "negative shares in words": (fact(shares="-1,000"), BAD, "shares: expected a whole number of shares above zero, got -1,000"),
    "fractional shares": (fact(shares=36393336530.5), BAD, "shares: expected a whole number of shares, got 36393336530.5"),
    "fractional shares, commas": (
        fact(shares="36,393,336,530.5"),
        BAD,
        "shares: expected a whole number of shares, got 36,393,336,530.5",
    ),
    "a whole number as a decimal": (fact(shares=5.0), BAD, "shares: expected a whole number of shares, got 5.0"),
    "1e9": (fact(shares="1e9"), BAD, "shares: expected a whole number of shares, got 1e9"),
    "NaN": (fact(shares=float("nan")), BAD, "shares: expected a whole number of shares, got NaN"),
    "infinity": (fact(shares=float("-inf")), BAD, "shares: expected a whole number of shares, got -Infinity"),
    "true shares": (fact(shares=True), BAD, "shares: expected a whole number of shares, got true"),
    "misplaced commas": (fact(shares="1,00,000"), BAD, "shares: expected a whole number of shares, got 1,00,000"),
    "fullwidth digits": (fact(shares="１０００"), BAD, "shares: expected a whole number of shares, got '１０００'"),
    "Arabic-Indic digits": (fact(shares="١٠٠٠"), BAD, "shares: expected a whole number of shares, got '١٠٠٠'"),
    "digits of other scripts in a date": (fact(effective_on="２０２４-03-01"), BAD, "effective_on: expected a date"),
    "unknown class": (
        fact(share_class="b"),
        BAD,
        'share_class: unknown class "b" on 1 March 2024. Classes: A, B. Did you mean B?',
    ),
    "unknown mandate": (fact(mandate="issue-2024"), BAD, 'mandate: unknown mandate "issue-2024"'),
    "unknown currency": (fact(price="HKR 1.5"), BAD, "price: unknown currency 'HKR'"),
    "a price without currency": (fact(price="1.5"), BAD, "price: expected a currency and an amount such as HKD 1.5"),
    "a price that is a number": (
        fact(price=1),
        BAD,
        "price: expected a currency and an amount such as HKD 1.5, got 1. Did you mean HKD 1?",
    ),
    "a negative price": (fact(price="HKD -1.5"), BAD, "price: expected a currency and an amount"),
    "31 February": (
        fact(effective_on="2024-02-31"),
        BAD,
        "effective_on: expected a date such as 2024-12-17 or 17 Dec 2024, got 2024-02-31",
    ),
    "29 February 2023": (fact(effective_on="29 Feb 2023"), BAD, "effective_on: expected a date"),
    "a date and time": (fact(effective_on="2024-03-01T10:00"), BAD, "effective_on: expected a date"),
    "the year 1": (fact(effective_on="0001-01-01"), BAD, "effective_on: expected a date"),
    "the year 9999": (fact(effective_on="9999-12-31"), BAD, "effective_on: expected a date"),
    "a date before the class existed": (
        fact(effective_on="2023-12-31"),
        BAD,
        'share_class: unknown class "B" on 31 December 2023. There is none on',
    ),
    "a list for a number": (fact(shares=[1]), BAD, "shares: expected a whole number of shares, got [1]"),
    "an object for a number": (fact(shares={"a": 1}), BAD, "shares: expected a whole number of shares"),
    "a control character in a name": (
        fact("SchemeAdopted", effective_on="2024-03-01", scheme="a\x07", share_class="B", particulars="p"),
        BAD,
        "scheme: expected a short name",
    ),
    "a control character in printed text": (fact(text="a\x1b[31m"), BAD, "text: expected printable text"),
    "a line break in printed text": (fact(text="a\nb"), BAD, "text: expected printable text"),
    "a mark that reorders text": (fact(remarks="a\u202eb"), BAD, "remarks: expected printable text"),
    "half a surrogate pair": (fact(text="\ud800"), BAD, "text: expected printable text"),
    "a control character in the source": (fact(source="a\x1b]0;x\x07"), BAD, "source: expected printable text"),
    "half a surrogate pair in the source": (fact(source="\udc00"), BAD, "source: expected printable text"),
    "an empty recorded_by": (fact(recorded_by=" "), BAD, "recorded_by: expected printable text"),
    "a command id that is a number": (fact(command_id=7), BAD, "command_id: expected text in quotation marks, got 7"),
    "a control character in the name of a field": (fact(**{"\x1b[2J": 1}), BAD, r"'\x1b[2J': unknown field"),
    "an empty class": (fact(share_class=""), BAD, "share_class: expected a short name"),
    "a percentage with two signs": (
        fact("MandateGranted", effective_on="2024-03-01", mandate="m", purpose="issue", percent="20%%", base=1),
        BAD,
        "percent: expected a plain decimal number",
    ),
    "more than all": (
        fact("MandateGranted", effective_on="2024-03-01", mandate="m", purpose="issue", percent="100.01", base=1),
        BAD,
        "percent: expected a percentage",
    ),
    "a purpose that is none": (
        fact("MandateGranted", effective_on="2024-03-01", mandate="m", purpose="both", percent=20, base=1),
        BAD,
        "purpose: expected issue or repurchase, got 'both'",
    ),
    "61 digits": (fact(shares=10**60), BAD, "shares: expected a whole number of at most 60 digits"),
    "issued below zero": (
        fact("SharesRepurchased", effective_on="2024-03-01", share_class="B", shares=50_000, intention="treasury"),
        REFUSED,
        "refused: shares of class B in members' hands would be -700 at close of 1 March 2024",
    ),
    "issue above authorised": (
        fact(shares=50_001),
        REFUSED,
        "refused: issued shares of class B would be 100,001 at close of 1 March 2024, 1 above the 100,000 authorised",
    ),
    "10^30 shares above authorised": (
        fact(shares=10**30),
        REFUSED,
        "1,000,000,000,000,000,000,000,000,050,000 at close of 1 March 2024",
    ),
    "conversion of more than is held": (
        fact("ClassAConvertedToB", effective_on="2024-03-01", shares=5_001),
        REFUSED,
        "refused: shares of class A in members' hands would be -1",
    ),
    "cancelling what was not bought": (
        fact("RepurchasedSharesCancelled", effective_on="2024-03-01", share_class="B", shares=1),
        REFUSED,
        "shares of class B pending cancellation would be -1",
    ),
    "lapse of more options than were granted": (
        fact("OptionsLapsed", effective_on="2024-03-01", scheme="s", options=1),
        BAD,
        'scheme: unknown scheme "s"',
    ),
    "a class that exists already": (
        fact("ShareClassCreated", effective_on="2024-03-01", share_class="B", class_label="x"),
        BAD,
        "share_class: B already exists",
    ),
    "replacing an entry that does not exist": (fact(replaces=99), REFUSED, "replaces: there is no entry 99 to replace"),
    "replacing entry zero": (fact(replaces=0), BAD, "replaces: expected a whole number of an entry above zero, got 0"),
    "replacing half an entry": (fact(replaces=1.5), BAD, "replaces: expected a whole number, got 1.5"),
    "a withdrawal of nothing": (
        fact("EntryWithdrawn", effective_on="2024-03-01", reason="x"),
        REFUSED,
        "replaces: expected the number of the entry",
    ),
}


@pytest.mark.parametrize(("record", "code", "said"), RECORDS.values(), ids=RECORDS.keys())
def test_an_impossible_record_is_reported_with_file_line_and_field(book, record, code, said):
    before = head()
    ran = captable("record", "--file", write("capital.jsonl", INNOCENT, record))
    assert ran.code == code
    assert any(line.startswith("capital.jsonl:2: ") and said in line for line in ran.err.splitlines()), ran.err
    assert ran.err.rstrip().endswith("nothing was recorded")
    assert ran.out == ""
    assert head() == before


# Each is a whole file, and what the message says.
FILES: dict[str, tuple[str, bytes, str]] = {
    "an empty file": ("f.jsonl", b"", "f.jsonl: holds no facts"),
    "blank lines": ("f.jsonl", b"\n \n", "f.jsonl: holds no facts"),
    "an empty YAML file": ("f.yaml", b"# nothing yet\n", "f.yaml: holds no facts"),
    "JSON nested 10,000 deep": (
        "f.jsonl",
        b'{"event":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        "f.jsonl:1: expected a flat record",
    ),
    "unclosed JSON": (
        "f.jsonl",
        b'{"event": "PlacingCompleted", "shares": 5',
        "f.jsonl:1: expected a JSON object on one line; at column",
    ),
    "a JSON list": ("f.jsonl", b"[1]", "f.jsonl:1: expected a JSON object"),
    "JSON over several lines": ("f.json", b'{\n"event": "PlacingCompleted"\n}', "f.json:1: expected a JSON object on one line"),
    "a number of 5,000 digits": (
        "f.jsonl",
        b'{"event": "PlacingCompleted", "shares": ' + b"9" * 5_000 + b"}",
        "f.jsonl:1: expected numbers of at most 60",
    ),
    "a field that stands twice": (
        "f.jsonl",
        b'{"event": "PlacingCompleted", "shares": 1, "shares": 2}',
        "f.jsonl:1: shares: appears twice",
    ),
    "invalid UTF-8": ("f.jsonl", b'{"event": "x"}\n{"event": "\xff"}\n', "f.jsonl:2: expected text in UTF-8"),
    "UTF-16": ("f.jsonl", '{"event": "x"}'.encode("utf-16"), "f.jsonl:1: expected text in UTF-8"),
    "a name that says another format": (
        "f.docx",
        b"event,shares\n",
        "f.docx: expected a file named .jsonl, .yaml, .csv or .xlsx, got .docx",
    ),
    "a very long line": (
        "f.jsonl",
        b'{"a": "' + b"x" * 1_000_001 + b'"}',
        "f.jsonl:1: expected a line of at most 1,000,000 characters",
    ),
    "YAML that is one record": ("f.yaml", b"event: PlacingCompleted\n", "f.yaml:1: expected a list of records"),
    "YAML that is a list of words": ("f.yaml", b"- one\n- two\n", "f.yaml:2: expected a record of fields"),
    "YAML that cannot be read": ("f.yaml", b"- event: 'x\n", "f.yaml:2: expected YAML"),
    "YAML with a tab": ("f.yaml", b"- event: x\n\tshares: 1\n", "f.yaml:2: expected YAML"),
    "a YAML field that stands twice": (
        "f.yaml",
        b"- event: PlacingCompleted\n  shares: 1\n  shares: 2\n",
        "f.yaml:3: shares: appears twice",
    ),
    "a YAML tag": (
        "f.yaml",
        b'- event: !!python/object/apply:os.system ["true"]\n',
        "f.yaml:1: event: expected a plain value, got the tag !!python",
    ),
    "a YAML tag on a record": ("f.yaml", b"- !!python/object:os.x\n  event: y\n", "f.yaml:1: expected a record of fields"),
    "a YAML reference": (
        "f.yaml",
        b"- event: &a x\n  text: *a\n",
        "f.yaml:2: text: expected the value itself, got a reference *a",
    ),
    "a YAML value that holds itself": (
        "f.yaml",
        b"- event: &a [*a]\n",
        "f.yaml:1: event: expected the value itself, got a reference *a",
    ),
    "a second YAML document": ("f.yaml", b"- event: x\n---\n- event: y\n", "f.yaml:2: expected one list of records"),
    "a YAML key that is a list": ("f.yaml", b"- ? [a]\n  : b\n", "f.yaml:1: expected the name of a field"),
    # How deep its library reads is the library's own affair: the place is ours.
    "YAML nested in flow 10,000 deep": ("f.yaml", b"- a: " + b"[" * 10_000 + b"]" * 10_000 + b"\n", "f.yaml:1: "),
    "YAML nested in blocks 100,000 deep": ("f.yaml", b"- " * 100_000 + b"a\n", "f.yaml:1: "),
    "a control character in YAML": (
        "f.yaml",
        '- 名: 1\n  b: "\x07"\n'.encode(),
        "f.yaml:2: expected text without control characters",
    ),
}


@pytest.mark.parametrize(("name", "content", "said"), FILES.values(), ids=FILES.keys())
def test_an_unreadable_file_is_reported_with_file_and_line(book, name, content, said):
    before = head()
    Path(name).write_bytes(content)
    ran = captable("record", "--file", name)
    assert ran.code == BAD
    assert said in ran.err
    assert ran.err.rstrip().endswith("nothing was recorded") or ran.err.startswith("captable: ")
    assert len(ran.err) < 2_000
    assert head() == before


def test_references_that_multiply_do_not_fill_memory(book):
    lines = ["- a: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"- a: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    Path("bomb.yaml").write_text("\n".join(lines))
    ran = captable("record", "--file", "bomb.yaml")
    assert ran.code == BAD
    assert "bomb.yaml:2: a: expected the value itself, got a reference *a0" in ran.err


TOO_MUCH = fact("TreasurySharesCancelled", effective_on="2024-03-03", share_class="B", shares=1)
LATER = "refused: treasury shares of class B would be -1 at close of 8 May 2024 (entry 9, Treasury shares sold, 8 May 2024, 700 of 699)"


def test_what_becomes_impossible_on_a_later_day_is_refused_naming_that_day(book):
    before = head()
    ran = captable("record", "--file", write("capital.jsonl", TOO_MUCH))
    assert (ran.code, ran.err.splitlines()[0]) == (REFUSED, f"capital.jsonl:1: {LATER}")
    ran = captable("record", "--file", write("capital.jsonl", INNOCENT, TOO_MUCH))
    assert (ran.code, ran.err.splitlines()[0]) == (REFUSED, f"capital.jsonl: {LATER}")
    ran = captable("record", "treasury-shares-cancelled", "--class", "B", "--shares", "1", "--on", "3 March 2024")
    assert (ran.code, ran.err.splitlines()[0]) == (REFUSED, LATER)
    assert head() == before


def test_every_problem_of_a_file_is_listed_and_every_field_of_a_record(book):
    records = [
        fact(shares=0, price="HK 1"),
        fact(share_class="C"),
        fact(intention="x"),
        fact(effective_on="x", shares="y", text=""),
    ]
    ran = captable("record", "--file", write("capital.jsonl", *records))
    places = [line.split(": ")[:2] for line in ran.err.splitlines() if line.startswith("capital.jsonl")]
    assert places == [
        ["capital.jsonl:1", "price"],
        ["capital.jsonl:1", "shares"],
        ["capital.jsonl:3", "intention"],
        ["capital.jsonl:4", "effective_on"],
        ["capital.jsonl:4", "shares"],
        ["capital.jsonl:4", "text"],
    ]


def test_unknown_names_of_a_whole_file_are_listed_at_once(book):
    ran = captable("record", "--file", write("capital.jsonl", fact(share_class="C"), fact(), fact(mandate="m")))
    assert [line.split(": ")[:2] for line in ran.err.splitlines()[:-1]] == [
        ["capital.jsonl:1", "share_class"],
        ["capital.jsonl:3", "mandate"],
    ]


def test_a_list_of_problems_has_an_end(book):
    ran = captable("record", "--file", write("capital.jsonl", *[fact(shares=0)] * 150))
    assert "capital.jsonl:100: " in ran.err
    assert "capital.jsonl:101: " not in ran.err
    assert "and 50 more problems" in ran.err


@pytest.mark.parametrize("broken", [b'{"event": "PlacingCompl', b"\x00\x00\x00"])
def test_a_corrupt_line_amid_a_thousand_is_named_and_none_is_recorded(book, broken):
    before = head()
    lines = [json.dumps(fact(shares=number + 1)).encode() for number in range(1_000)]
    lines[499] = broken
    Path("thousand.jsonl").write_bytes(b"\n".join(lines))
    ran = captable("record", "--file", "thousand.jsonl")
    assert ran.code == BAD
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == ["thousand.jsonl:500", "nothing was recorded"]
    assert head() == before


def test_an_impossible_fact_amid_a_thousand_is_named_and_none_is_recorded(book):
    before = head()
    records = [fact(shares=1 if number != 499 else 60_000, effective_on="2024-03-01") for number in range(1_000)]
    ran = captable("record", "--file", write("thousand.jsonl", *records))
    assert ran.code == REFUSED
    assert "above the 100,000 authorised" in ran.err
    assert head() == before


def test_replacing_an_entry_twice_is_refused_naming_the_entry_that_replaced_it(book):
    done("withdraw", str(LAST), "--reason", "not sold")
    for command in (["withdraw", str(LAST), "--reason", "again"], ["correct", str(LAST), "--shares", "5"]):
        ran = captable(*command)
        assert ran.code == REFUSED
        assert f"refused: entry {LAST} was withdrawn by entry {LAST + 1}" in ran.err
    ran = captable("record", "--file", write("f.jsonl", fact(replaces=LAST)))
    assert (ran.code, f"f.jsonl:1: replaces: entry {LAST} was withdrawn by entry {LAST + 1}" in ran.err) == (REFUSED, True)


def test_an_empty_import_passes_where_that_is_meant(book):
    before = head()
    Path("empty.jsonl").touch()
    assert "holds no facts" in done("record", "--file", "empty.jsonl", "--allow-empty").err
    assert head() == before
