"""`captable reconcile`, and `captable file --published`: published returns beside the book."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import attrs
import pytest

from domain.returns.cells import BLANK, Figure
from domain.returns.documents import BalanceLine
from infrastructure.renderers import render
from tests.cli.running import captable, done
from tests.infrastructure import sample_documents as sample
from tests.infrastructure.published.test_seeds import FOLDER, SEEDS

DECEMBER = ("monthly", "--month", "2024-12", "--submitted-on", "2025-01-06")
THE_17TH = ("next-day", "--on", "2024-12-17", "--submitted-on", "2024-12-18")


def published(*arguments: str, path: str, said: str = "", instead: str = "") -> Path:
    """A return as the exchange publishes it, made from the book; some words of it may be others."""
    done("return", *arguments, "--final", "-o", path)
    if said:
        content = Path(path).read_text(encoding="utf-8")
        assert said in content
        Path(path).write_text(content.replace(said, instead), encoding="utf-8")
    return Path(path)


def test_a_return_of_the_book_is_equal(demo):
    published(*DECEMBER, path="monthly.pdf")
    found = done("reconcile", "monthly.pdf", "--json").json["returns"][0]
    assert (found["return"], found["differences"], found["doubtful"]) == ("Monthly Return for December 2024", [], {})
    assert found["equal"] > 60


def test_a_folder_is_a_table_and_one_difference_ends_with_1(demo):
    Path("published").mkdir()
    published(*DECEMBER, path="published/monthly.pdf")
    published(*THE_17TH, path="published/next-day.html", said="5.4 %", instead="5.31 %")
    ran = captable("reconcile", "published")
    assert ran.code == 1
    lines = [line for line in ran.out.splitlines() if line.startswith("published/")]
    assert [line.split()[0] for line in lines[:2]] == ["published/monthly.pdf", "published/next-day.html"]
    assert "another base: it is of the opening balances of all classes" in ran.out


def test_a_return_that_the_book_cannot_give_is_said(demo):
    published(*THE_17TH, path="next-day.txt")
    done("withdraw", "41", "--reason", "not known yet")
    ran = captable("reconcile", "next-day.txt")
    assert ran.code == 1
    assert "the book has no such return: no share was issued, bought, cancelled or converted" in ran.out


def test_a_return_of_another_issuer_is_refused(demo):
    published(*THE_17TH, path="next-day.txt", said="00020", instead="00099")
    ran = captable("reconcile", "next-day.txt")
    assert ran.code == 2
    assert "got one of SenseTime Group Inc." in ran.err
    assert "--issuer chooses the book" in ran.err


def test_returns_are_checked_alone_without_any_book(demo, folder):
    published(*THE_17TH, path="next-day.html", said="36,393,336,530", instead="36,393,336,580")
    demo.unlink()
    ran = captable("reconcile", "next-day.html", "--alone")
    assert ran.code == 1
    assert "does not hold within the return: closing balance = opening balance + changes" in ran.out


def test_what_is_no_return_is_named(demo):
    Path("letter.txt").write_text("Dear shareholders", encoding="utf-8")
    ran = captable("reconcile", "letter.txt")
    assert ran.code == 2
    assert ran.err.startswith("captable: letter.txt: expected a Monthly Return (FF301)")


def test_doubtful_cells_are_listed_with_the_text_that_was_there(demo):
    published(*THE_17TH, path="next-day.txt")
    assert "nothing in the return confirms it" in done("reconcile", "next-day.txt", "--doubtful").out


def test_the_published_copies_differ_from_the_demo_by_one_opening_date(demo):
    if FOLDER is None:
        pytest.skip("the published copies are not in a folder shared/seeds beside the project")
    found = captable("reconcile", *(str(FOLDER / name) for name in SEEDS), "--json").json["returns"]
    differences = [difference for each in found for difference in each["differences"]]
    assert [(each["where"], each["published"], each["book"]) for each in differences] == [
        ("Section I, class A, opening balance, as at", "30 December 2022", "30 November 2022")
    ]


# --- Filed with its published document ------------------------------------------------------------------------------------


def test_the_digest_of_the_published_document_is_recorded_beside_ours(demo):
    document = published(*THE_17TH, path="published.pdf")
    said = done("file", "next-day", "--on", "2024-12-17", "--published", "published.pdf", "-o", "ours.pdf").out
    digest = sha256(document.read_bytes()).hexdigest()
    assert f"{digest} (as published)" in said
    shown = done("show", said.split()[2], "--json").json
    assert (shown["published_digest"], shown["submitted_on"]) == (digest, "2024-12-18")


def test_a_published_document_that_differs_is_refused_unless_it_is_right_as_it_is(demo):
    published(*THE_17TH, path="published.html", said="5.4 %", instead="5.31 %")
    filing = ("file", "next-day", "--on", "2024-12-17", "--published", "published.html", "-o", "ours.pdf")
    refused = captable(*filing)
    assert refused.code == 3
    assert (
        "per cent of existing shares: different; published 5.31 %, book 5.4 % (another base: it is of the opening balances"
        in refused.err
    )
    assert not Path("ours.pdf").exists()
    entry = done(*filing, "--as-published", "the percentage is of all classes").out.split()[2]
    assert done("show", entry, "--json").json["as_published"] == "the percentage is of all classes"


def test_the_published_document_must_be_of_the_return_that_is_filed(demo):
    published(*DECEMBER, path="monthly.txt")
    refused = captable("file", "next-day", "--on", "2024-12-17", "--published", "monthly.txt", "-o", "ours.pdf")
    assert refused.code == 3
    assert "expected the Next Day Disclosure Return of 17 December 2024, got the published Monthly Return" in refused.err


def test_a_filing_that_is_recorded_without_its_published_document_is_corrected(demo):
    published(*THE_17TH, path="published.txt")
    entry = done("file", *THE_17TH, "-o", "ours.pdf").out.split()[2]
    refused = captable("file", *THE_17TH, "--published", "published.txt", "-o", "again.pdf")
    assert refused.code == 3
    assert f"captable correct {entry} --published-digest" in refused.err


def test_a_reason_goes_with_a_published_document(demo):
    ran = captable("file", *THE_17TH, "--as-published", "so it is", "-o", "ours.pdf")
    assert (ran.code, "--as-published goes with --published FILE" in ran.err) == (2, True)


def test_returns_that_do_not_follow_each_other_are_named_with_both_numbers(folder):
    """Two returns of an invented issuer: what closed at 36,393,336,530 opens with one share more, and closes with one more."""
    first = sample.monthly_december_2024()
    month_end = date(2025, 1, 31)
    (block, *others) = first.issued

    def more(line):
        return attrs.evolve(line, issued=Figure(line.issued.value + 1), total=Figure(line.total.value + 1))

    changed = attrs.evolve(
        block, opening=more(block.closing), movement=BalanceLine(BLANK, BLANK, BLANK), closing=more(block.closing)
    )
    second = attrs.evolve(
        first,
        month_end=month_end,
        submitted_on=date(2025, 2, 5),
        issued=(
            changed,
            *(attrs.evolve(each, opening=each.closing, movement=BalanceLine(BLANK, BLANK, BLANK)) for each in others),
        ),
        other_movements=(),
        totals=(),
    )
    Path("december.html").write_bytes(render(first, "html"))
    Path("january.html").write_bytes(render(second, "html"))
    ran = captable("reconcile", "december.html", "january.html", "--alone")
    assert ran.code == 1
    assert "Monthly Return for December 2024 → Monthly Return for January 2025" in ran.out
    assert "does not hold: a month opens where the last one closed" in ran.out
    assert "class B, issued: expected 36,393,336,530, found 36,393,336,531" in ran.out


def test_a_folder_without_returns_is_named(folder):
    Path("empty").mkdir()
    ran = captable("reconcile", "empty")
    assert (ran.code, ran.err) == (
        2,
        "captable: empty: expected returns in .pdf, .html, .htm, .txt, .text, .md, got a folder without any\n",
    )
