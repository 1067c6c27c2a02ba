"""captable as a library: typed answers, the same as those of the commands, which print, show and become data frames."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import captable
import pytest

from cli import library
from domain import events
from tests.cli.running import at, done, fact, write

PAST = "2024-12-17"

polars_installed = pytest.mark.skipif(
    importlib.util.find_spec("polars") is None and "CI" not in os.environ, reason="polars is not installed: pip install polars"
)


@pytest.fixture
def asked(demo: Path) -> Iterator[captable.Book]:
    with captable.open_store(str(demo)) as store:
        yield store.book()


def test_the_name_that_is_imported_gives_what_the_module_documents():
    assert captable.__all__ == library.__all__
    assert all(getattr(captable, name) is getattr(library, name) for name in captable.__all__)


def test_balances_are_those_of_the_command(asked):
    rows = asked.balances(PAST)
    by_command = done("balances", "--as-of", PAST, "--json").json["classes"]
    assert [{name: row[name] for name in each} for row, each in zip(rows.to_dicts(), by_command, strict=True)] == by_command
    # The worked issuer's placing of 1,865,000,000 class B shares was completed on that day.
    assert rows[0].issued_excluding_treasury == 36_393_336_530


@pytest.mark.parametrize("day", [PAST, "17 Dec 2024", date(2024, 12, 17)])
def test_a_day_is_a_date_or_a_text(asked, day):
    assert asked.balances(day)[0].total_issued == 36_393_336_530


def test_what_was_known_at_a_moment_is_answered(folder):
    with at("2025-03-01T10:00+08:00"):
        done("record", "--file", write("book.jsonl", *(
            fact("IssuerRegistered", effective_on="2024-01-02", issuer="00020", name="Example Limited"),
            fact("ShareClassCreated", effective_on="2024-01-02", share_class="B", class_label="Shares", authorised="no"),
            fact("BalanceBroughtForward", effective_on="2024-01-02", share_class="B", held=1_000),
        )))  # fmt: skip
    with at("2025-03-05T10:00+08:00"):
        done("record", "--file", write("more.jsonl", fact(effective_on="2025-02-01", shares=5)))
    moments = ["2025-03-03", date(2025, 3, 3), datetime.fromisoformat("2025-03-03T12:00+08:00")]
    with captable.open_store() as store:
        book = store.book("00020")
        assert [book.balances("2025-02-28", moment)[0].total_issued for moment in moments] == [1_000] * 3
        assert book.balances("2025-02-28")[0].total_issued == 1_005


def test_what_is_neither_a_date_nor_text_is_bad_input(asked):
    with pytest.raises(captable.BadInput, match=r"^as_of: expected a date or text, got 20241217$"):
        asked.balances(20241217)


def test_every_question_is_answered_with_the_numbers_of_the_commands(asked):
    mandates = {each.mandate: (each.used, each.headroom) for each in asked.mandates("2024-12-31")}
    shown = done("mandates", "--as-of", "2024-12-31", "--json").json["mandates"]
    assert mandates == {each["mandate"]: (each["used"], each["headroom"]) for each in shown}
    due = asked.due(PAST, since="2024-12-01")
    by_command = done("due", "--as-of", PAST, "--since", "2024-12-01", "--json").json["due"]
    assert [(each.name, each.status) for each in due] == [(each["name"], each["status"]) for each in by_command]
    assert [each.code for each in asked.findings(PAST)] == [
        each["code"] for each in done("check", "--as-of", PAST, "--json").json
    ]
    assert len(asked.filings("2024-12-31")) < len(asked.filings())
    assert asked.series(since="2024-12-17", until="2024-12-17")[0].entries == (41,)
    entries = asked.entries()
    assert [each.number for each in entries] == list(range(1, 49))
    assert isinstance(entries[40].event, events.PlacingCompleted)
    assert entries.to_dicts()[40]["shares"] == 1_865_000_000


def test_returns_are_typed_documents_in_every_rendering(asked, folder):
    monthly = asked.monthly_return("2024-12", submitted_on="2025-01-06")
    assert str(monthly.document.form) == "FF301 1.1.1"
    assert not monthly.is_draft
    done("return", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "-o", "by-command.pdf")
    monthly.save("by-library.pdf", "pdf")
    assert Path("by-library.pdf").read_bytes() == Path("by-command.pdf").read_bytes()
    assert "36,393,336,530" in repr(monthly)
    assert "srcdoc" in monthly._repr_html_()
    assert any(41 in line.entries for line in monthly.explained())
    next_day = asked.next_day_return(PAST, submitted_on="2024-12-18")
    assert next_day.document.form.code == "FF305"


def test_errors_are_the_sentences_of_the_commands(asked):
    with pytest.raises(captable.BadInput, match="as_of: expected a date"):
        asked.balances("soon")
    with pytest.raises(captable.Failure, match="no store at nowhere"):
        captable.open_store("nowhere.db")
    with captable.open_store() as store, pytest.raises(captable.NotFound, match="no book of issuer 00021"):
        store.book("00021")


# --- tables -------------------------------------------------------------------------------------------------------


def test_a_table_prints_in_a_shell_and_shows_in_a_notebook(asked):
    table = asked.balances(PAST)
    lines = repr(table).splitlines()
    assert lines[0] == "Balances at close of 17 December 2024"
    assert lines[1].split() == [
        "share",
        "class",
        "authorised",
        "issued",
        "excluding",
        "treasury",
        "treasury",
        "total",
        "issued",
        "pending",
        "cancellation",
        "known",
        "from",
    ]
    assert lines[2].split() == ["B", "1,992,000,000,000", "36,393,336,530", "0", "36,393,336,530", "0"]
    # Numbers end in one column.
    assert lines[2].index("36,393,336,530") + 14 == lines[3].index("614,034,470") + 11
    assert '<td style="text-align: right">36,393,336,530</td>' in table._repr_html_()
    assert "none" in repr(table[:0])
    assert "none" in table[:0]._repr_html_()


def test_what_a_book_says_cannot_become_markup():
    table = captable.Table("<b>", (captable.ClassRow(share_class="<script>"),))
    assert "<script>" not in table._repr_html_()
    assert "<b>" not in table._repr_html_()


def test_a_table_becomes_a_pandas_frame_whose_numbers_stay_whole(asked):
    frame = asked.balances(PAST).to_pandas()
    assert list(frame.issued_excluding_treasury) == [36_393_336_530, 614_034_470]
    assert str(frame.issued_excluding_treasury.dtype) == "Int64"
    assert list(frame.known_from) == [None, None]
    assert asked.balances(PAST)[:0].to_pandas().empty


def test_a_number_that_no_machine_word_holds_stays_exact_in_a_frame():
    large = captable.ClassRow(share_class="B", authorised=2**70, treasury=None)
    frame = captable.Table("", (large,)).to_pandas()
    assert frame.authorised[0] == 2**70
    assert frame.treasury[0] is None


@polars_installed
def test_a_table_becomes_a_polars_frame(asked):
    frame = asked.series(since=PAST, until=PAST).to_polars()
    assert frame["issued_excluding_treasury"].to_list()[0] == 36_393_336_530
    assert frame["on"].to_list()[0] == date(2024, 12, 17)
    assert frame["entries"].to_list()[0] == [41]


def test_the_library_needs_no_extra_and_loads_no_server():
    """A notebook is not slowed by what a server needs, nor does one need it installed."""
    root = Path(library.__file__).parent.parent
    program = "import sys, captable; print({'starlette', 'uvicorn', 'mcp', 'pandas', 'polars'} & set(sys.modules))"
    path = os.pathsep.join([str(root), str(root / "cli" / "python")])
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.strip() == "set()"


def test_a_store_lists_its_books_and_says_where_it_is(demo):
    with captable.open_store(str(demo)) as store:
        (row,) = store.issuers()
        assert (row.issuer, row.entries) == ("00020", 48)
        assert repr(store) == f"<captable store {demo}: 00020>"


def test_a_return_is_given_as_it_was_filed(demo):
    done("file", "monthly", "--month", "2025-01", "--submitted-on", "2025-02-05")
    with captable.open_store(str(demo)) as store:
        document = store.book().filed_return(49).document
    assert (document.month_end, document.issued[0].closing.issued.value) == (date(2025, 1, 31), 36_393_336_530)
