"""What an enemy prepares is refused, or shown as the harmless text that it is; nothing in a file chooses code or a file."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing
from datetime import date
from io import BytesIO
from pathlib import Path

import attrs
import openpyxl
import pypdfium2
import pytest

from domain import events
from domain.capital.entries import Draft
from domain.errors import StoreDamaged, StoreUnusable
from domain.events import EVENT_TYPES
from domain.returns import monthly
from domain.returns.runs import Order
from infrastructure.event_codec import TYPE_NAMES, Undecodable, decode, encode
from infrastructure.renderers import FORMATS, render
from infrastructure.run_folder import file_name
from tests.cli.running import captable, done
from tests.faults import books
from tests.faults.files import chained, put, rewrite, rows_of, unguarded
from tests.samples import SAMPLES, made

BAD, DAMAGED = 2, 4


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    """captable.db in the working folder."""
    for name in ("CAPTABLE_STORE", "CAPTABLE_BY", "CAPTABLE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    books.begin("captable.db")
    return tmp_path / "captable.db"


# --- a prepared schema ----------------------------------------------------------------------------------------------

PREPARED = {
    "a trigger that loads a library": "CREATE TRIGGER evil AFTER INSERT ON entries BEGIN SELECT load_extension('./evil'); END",
    "a trigger that writes": "CREATE TRIGGER evil AFTER INSERT ON entries BEGIN DELETE FROM entries; END",
    "a view": "CREATE VIEW evil AS SELECT 1",
    "a view that writes a file": "CREATE VIEW evil AS SELECT writefile('owned', payload) FROM entries",
    "a virtual table of a file": "CREATE VIRTUAL TABLE evil USING fts5(a)",
    "another virtual table": "CREATE VIRTUAL TABLE evil USING rtree(a, b, c)",
    "an index on an expression": "CREATE INDEX evil ON entries (length(payload))",
    "a table of another": "CREATE TABLE evil (a)",
    "a column with a default": "ALTER TABLE entries ADD COLUMN evil TEXT DEFAULT 'x'",
    "a generated column": "ALTER TABLE entries ADD COLUMN evil TEXT GENERATED ALWAYS AS (upper(source)) VIRTUAL",
}


@pytest.mark.parametrize("statement", PREPARED.values(), ids=PREPARED)
def test_a_store_whose_schema_was_added_to_is_refused_and_nothing_of_it_runs(path, statement):
    with closing(sqlite3.connect(path)) as connection:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            pytest.skip(f"this SQLite cannot make it: {error}")
        connection.commit()
    before = sorted(each.name for each in path.parent.iterdir())
    for command in ("balances", "verify", "history", "issuers", "doctor"):
        ran = captable(command)
        assert ran.code in (BAD, 1)
        assert "is not a captable store as it was made" in ran.out + ran.err
    assert sorted(each.name for each in path.parent.iterdir()) == before


def test_entries_that_are_a_view_are_refused(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'WITHOUT ROWID', 'WITHOUT ROWID, STRICT') WHERE name = 'entries'"
        )
        connection.commit()
    with pytest.raises((StoreUnusable, StoreDamaged)):
        books.opened(str(path), writable=False)


# --- names of types -------------------------------------------------------------------------------------------------

TYPES = (
    "os.system",
    "os:system",
    "builtins.eval",
    "domain.capital.entries:Draft",
    "evil:Planted",
    "evil.Planted",
    "captable.Planted.v1",
    "",
    "captable.PlacingCompleted.v1\0",
    "../evil",
)


@pytest.mark.parametrize("name", TYPES)
def test_a_type_name_chooses_no_code(path, monkeypatch, name):
    (path.parent / "evil.py").write_text("open('owned', 'w').close()\n\nclass Planted:\n    pass\n")
    monkeypatch.syspath_prepend(str(path.parent))
    rewrite(path, 4, type=name)
    for command in (["verify"], ["balances"], ["history"]):
        ran = captable(*command)
        assert ran.code == DAMAGED
        assert "entry 4: unknown type of event" in ran.err
    assert "evil" not in sys.modules
    assert not Path("owned").exists()


# --- payloads -------------------------------------------------------------------------------------------------------

DEEP = 10_000


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.__name__)
def test_a_payload_nested_ten_thousand_deep_is_refused_in_every_field(kind):
    sample = json.loads(encode(made(kind.__name__, SAMPLES[kind.__name__])) if kind.__name__ in SAMPLES else b"{}")
    nested = {"list": "[" * DEEP + "]" * DEEP, "object": '{"a":' * DEEP + "1" + "}" * DEEP}
    for shape in nested.values():
        for field in (*sample, "unknown"):
            said = {name: value for name, value in sample.items() if name != field}
            payload = (json.dumps(said)[:-1] + f', "{field}": {shape}}}').replace("{, ", "{")
            try:
                decode(TYPE_NAMES[kind], payload.encode())
            except Undecodable:
                continue
            # A field that the type does not have is passed over here, and found by the hash and by verify.
            assert field == "unknown"


PAYLOADS = {
    "NaN": b'{"effective_on":"2024-01-02","share_class":"B","held":NaN}',
    "Infinity": b'{"effective_on":"2024-01-02","share_class":"B","held":Infinity}',
    "a fraction": b'{"effective_on":"2024-01-02","share_class":"B","held":1000000000.5}',
    "an exponent": b'{"effective_on":"2024-01-02","share_class":"B","held":1e400}',
    "bytes that are no text": b'{"effective_on":"2024-01-02","share_class":"\xff\xfe","held":1000000000}',
    "half a character": b'{"effective_on":"2024-01-02","share_class":"\\ud800","held":1000000000}',
    "digits of another script": '{"effective_on":"2024-01-02","share_class":"B","held":١٠}'.encode(),
    "a day in digits of another script": '{"effective_on":"２０２４-01-02","share_class":"B","held":10}'.encode(),
    "a number as text": b'{"effective_on":"2024-01-02","share_class":"B","held":"1000000000"}',
    "a negative number": b'{"effective_on":"2024-01-02","share_class":"B","held":-1}',
    "a day beyond the calendar": b'{"effective_on":"9999-12-31","share_class":"B","held":10}',
    "a bell in a name": b'{"effective_on":"2024-01-02","share_class":"B\\u0007","held":10}',
    "nothing": b"",
    "a list": b"[]",
    "two objects": b"{}{}",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_payload_that_no_reader_would_have_taken_is_damage_though_its_hash_fits(path, payload):
    rewrite(path, 4, payload=payload)
    ran = captable("verify")
    assert (ran.code, ran.out) == (DAMAGED, "")
    assert ran.err.startswith("captable: entry 4: ")
    assert "\x07" not in ran.err


CONTROLS = {
    "a bell": "\x07",
    "an escape": "\x1b[2J",
    "a line end": "\n",
    "a mark that turns text round": "\u202e",
    "nothing": "\0",
}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_a_control_character_in_a_name_is_refused_wherever_it_comes_from(path, control):
    payload = json.dumps({"effective_on": "2024-01-02", "issuer": books.ISSUER, "name": f"Ex{control}ample"}).encode()
    rewrite(path, 1, payload=payload)
    shown = captable("issuers")
    assert shown.code == DAMAGED
    assert control not in (shown.out + shown.err).replace(
        "\n", "", shown.out.count("\n") + shown.err.count("\n") if control == "\n" else 0
    )
    with pytest.raises(ValueError, match="printable text"):
        events.IssuerRegistered(effective_on=date(2024, 1, 2), issuer=books.ISSUER, name=f"Ex{control}ample")


BESIDE: dict[str, dict[str, object]] = {
    "who": {"recorded_by": "a\x1b[2Jb"},
    "nobody": {"recorded_by": ""},
    "the source": {"source": "[red]x[/red]\x07"},
    "the command": {"command_id": "c\n" * 200},
    "the entry replaced": {"replaces": 0},
}


@pytest.mark.parametrize("said", BESIDE.values(), ids=BESIDE)
def test_what_stands_beside_an_event_is_checked_as_the_event_is(path, said):
    rewrite(path, 4, **said)
    for command in (["history"], ["show", "4"], ["export"], ["verify"], ["balances"]):
        ran = captable(*command)
        assert (ran.code, ran.out) == (DAMAGED, "")
        assert ran.err.startswith("captable: entry 4: ")
        assert "\x1b" not in ran.err
        assert "\x07" not in ran.err


# --- files of facts -------------------------------------------------------------------------------------------------


def founded(**fields: object) -> str:
    record = {"event": "PlacingCompleted", "effective_on": "2024-03-01", "share_class": "B", "shares": 1000, **fields}
    return json.dumps(record, ensure_ascii=False)


LINES: dict[str, tuple[bytes, str]] = {
    "NaN": (founded().replace("1000", "NaN").encode(), "shares: expected a whole number"),
    "Infinity": (founded().replace("1000", "-Infinity").encode(), "shares: expected a whole number"),
    "an exponent": (founded().replace("1000", "1e999999").encode(), "shares: expected a whole number"),
    "nested ten thousand deep": (founded().replace("1000", "[" * DEEP + "]" * DEEP).encode(), "nested too deeply"),
    "invalid UTF-8": (founded(text="x").encode().replace(b'"x"', b'"\xff"'), "expected text in UTF-8"),
    "UTF-16": (founded().encode("utf-16"), "expected text in UTF-8"),
    "Arabic digits": (founded(shares="١٠٠٠").encode(), "shares: expected a whole number"),
    "fullwidth digits": (founded(shares="１０００").encode(), "shares: expected a whole number"),
    "superscript digits": (founded(shares="1²").encode(), "shares: expected a whole number"),
    "a day in Devanagari digits": (founded(effective_on="२०२४-०३-०१").encode(), "effective_on: expected a date"),
    "a number of five thousand digits": (founded().replace("1000", "9" * 5_000).encode(), "60 digits"),
    "a control character": (founded(text="a\x1b[2Jb").encode(), "text: expected printable text"),
    "a field given twice": (founded()[:-1].encode() + b', "shares": 5}', "shares: appears twice"),
    "a null byte": (founded(share_class="B\0").encode(), "share_class: expected a short name"),
}


@pytest.mark.parametrize(("line", "said"), LINES.values(), ids=LINES)
def test_a_hostile_line_is_refused_with_its_place(path, line, said):
    Path("facts.jsonl").write_bytes(founded().encode() + b"\n" + line + b"\n")
    ran = captable("record", "--file", "facts.jsonl")
    assert (ran.code, ran.out) == (BAD, "")
    assert said in ran.err
    assert "facts.jsonl:" in ran.err
    assert "\x1b" not in ran.err
    assert len(books.found_whole(str(path))) == books.FOUNDING


@pytest.mark.parametrize("megabytes", [5, pytest.param(100, marks=pytest.mark.heavy)])
@pytest.mark.parametrize(
    "make", [lambda size: founded(text="x" * size).encode(), lambda size: b"[" * size, lambda size: b"9" * size]
)
def test_a_line_of_a_hundred_megabytes_is_refused_at_once(path, megabytes, make):
    Path("facts.jsonl").write_bytes(make(megabytes * 1_000_000))
    started = time.monotonic()
    ran = captable("record", "--file", "facts.jsonl")
    assert time.monotonic() - started < 10
    assert (ran.code, ran.out) == (BAD, "")
    assert "facts.jsonl:1: expected a line of at most 1,000,000 characters" in ran.err


# --- what is large, and what looks like code, is shown ---------------------------------------------------------------

LARGE = 10**30
CODE = {
    "HTML": "<script>alert(1)</script>",
    "an attribute": '" onmouseover="alert(1)',
    "Jinja2": "{{ 7 * 7 }} {% raw %}",
    "typst": '#read("/etc/passwd") $x$ *bold* #import "evil.typ"',
    "a formula": "=HYPERLINK(A1)",
    "another formula": "@SUM(1+1)*cmd",
    "a formula with a plus": "+1+1",
    "rich": "[red]x[/red] [link=file:///etc/passwd]y[/link]",
    "SQL": "'; DROP TABLE entries; --",
}


def written(name: str, shares: int) -> list[Draft]:
    day = {"effective_on": date(2024, 1, 2)}
    facts = [
        events.IssuerRegistered(**day, issuer=books.ISSUER, name=name, chinese_name=name),
        events.ShareClassCreated(**day, share_class="B", class_label=name, type_label=name, description=name),
        events.AuthorisedCapitalIncreased(**day, share_class="B", shares=9 * shares),
        events.BalanceBroughtForward(**day, share_class="B", held=shares),
        events.OtherSharesIssued(effective_on=date(2024, 12, 3), share_class="B", shares=shares, text=name, remarks=name),
    ]
    return [Draft(event=fact, recorded_by="x", command_id=str(n)) for n, fact in enumerate(facts)]


def prepared(tmp_path: Path, name: str, shares: int):
    with books.opened(str(tmp_path / "hostile.db"), create=True) as store:
        store.append(books.ISSUER, 0, written(name, shares))
        return monthly.prepare(list(store.entries(books.ISSUER)), date(2024, 12, 31), date(2025, 1, 6))


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


@pytest.mark.parametrize("name", CODE.values(), ids=CODE)
def test_what_looks_like_code_is_printed_as_the_text_that_it_is(tmp_path, name):
    document = prepared(tmp_path, name, 1000)
    html = render(document, "html").decode()
    assert name.translate({ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&#34;", ord("'"): "&#39;"}) in html
    assert "<script>alert" not in html
    assert '" onmouseover="alert' not in html
    assert name in render(document, "text").decode().replace("\n", " ") or len(name) > 20
    squeezed = "".join(pdf_text(render(document, "pdf")).split())
    assert "".join(name.split()) in squeezed
    assert "root:" not in squeezed
    book = openpyxl.load_workbook(BytesIO(render(document, "xlsx")))
    texts = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str) and name in cell.value
    ]
    assert texts
    assert {cell.data_type for cell in texts} == {"s"}
    assert all(cell.hyperlink is None for cell in texts)


def test_ten_to_the_power_of_thirty_shares_are_printed_to_the_last_digit(tmp_path):
    document = prepared(tmp_path, "Example Limited", LARGE)
    printed = f"{2 * LARGE:,}"
    assert document.issued[0].closing.issued.value == 2 * LARGE
    assert printed in render(document, "text").decode()
    assert printed in render(document, "html").decode()
    assert printed in pdf_text(render(document, "pdf"))
    book = openpyxl.load_workbook(BytesIO(render(document, "xlsx")))
    assert printed in {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert str(2 * LARGE) in render(document, "json").decode()


def test_ten_to_the_power_of_thirty_shares_are_recorded_and_asked(path):
    grown = captable("record", "authorised-capital-increased", "--class", "B", "--shares", str(LARGE), "--on", "2024-03-01")
    assert grown.code == 0
    found = done("balances", "--json", "--as-of", "2024-12-31").json["classes"][0]
    assert found["authorised"] == LARGE + 10 * books.HELD
    assert done("verify").code == 0


ISSUERS = ("A/../../owned", "a b&c(d)", "x" * 59, "A/" * 29 + "A")


@pytest.mark.parametrize("issuer", ISSUERS)
def test_a_code_of_an_issuer_leads_to_no_file_outside_the_folder(issuer):
    assert events.IssuerRegistered(effective_on=date(2024, 1, 2), issuer=issuer, name="x").issuer == issuer
    for fmt in FORMATS:
        name = file_name(issuer, Order(date(2024, 12, 31), date(2025, 1, 6), (fmt,)), fmt)
        assert "/" not in name
        assert not name.startswith(".")
        assert len(name.encode()) < 255


@pytest.mark.parametrize("issuer", ["../../owned", "/etc/owned", "..", "\0", "x" * 5_000, "總帳", "a\nb"])
def test_the_code_of_a_book_in_a_prepared_store_leads_to_no_file_outside_the_folder(path, issuer):
    rows = [(issuer, number, issuer, *row[3:]) for number, row in enumerate(rows_of(path), 1)]
    with unguarded(path) as connection:
        put(connection, chained(rows, 0))
        connection.execute("PRAGMA wal_checkpoint")
    ran = captable("returns-run", "--month", "2024-12", "--submitted-on", "2025-01-06", "-o", "out", "--format", "json")
    assert ran.code in (0, 1, BAD, DAMAGED)
    assert {each.name for each in path.parent.iterdir()} <= {"captable.db", "captable.db-wal", "captable.db-shm", "out"}
    for each in (path.parent / "out").glob("*"):
        assert each.is_file()


def test_an_invented_issuer_gets_a_plain_answer(path):
    ran = captable("balances", "--issuer", "\x1b[2J' OR 1=1 --")
    assert ran.code == BAD
    assert "\x1b" not in ran.err


def test_an_attribute_of_an_event_cannot_be_set_after_it_was_checked():
    event = events.IssuerRegistered(effective_on=date(2024, 1, 2), issuer="00020", name="x")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.name = "\x07"  # type: ignore[misc]
