"""`captable chart`: how share capital changed, in one line of blocks a class, and as a drawing."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from cli import blocks
from tests.cli.running import at, captable, done


def test_each_class_has_a_line_of_blocks_and_one_for_its_treasury_shares(book, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    with at("2024-06-30T12:00+08:00"):
        said = done("chart").out.splitlines()
    # From 2 January to 30 June 2024 are 181 days; of class B 700 shares were in treasury from 1 February to 7 May.
    assert said[0] == "2 January 2024 to 30 June 2024"
    heads, lines = [line[:24].strip() for line in said[1:]], [line[24:] for line in said[1:]]
    assert heads == ["A issued excl. treasury", "B issued excl. treasury", "B treasury"]
    assert all(line.rstrip().endswith(ends) for line, ends in zip(lines, ["5,000", "49,300 to 50,000", "0 to 700"], strict=True))
    assert set(lines[0].split()[0]) == {"▄"}
    assert lines[1].split()[0].strip("█").strip("▁") == ""
    assert lines[1].split()[0].count("▁") == lines[2].split()[0].count("█")
    assert {len(line) for line in said[1:]} == {70}


def test_a_stretch_of_days_shows_the_number_at_its_end():
    assert blocks.line([None, 0, 50, 100]) == "·▁▄█"
    assert blocks.line([7, 7]) == "▄▄"
    assert blocks.line([None, None]) == "··"


def test_the_first_column_ends_on_the_first_day_where_each_day_has_one(book):
    with at("2024-06-30T12:00+08:00"):
        said = done("chart", "--class", "B", "--since", "2024-01-31", "--until", "2024-02-01").out
    assert "49,300 to 50,000" in said
    assert said.splitlines()[1].split("treasury")[1].split()[0].strip("█").strip("▁") == ""


def test_days_that_are_not_in_order_and_classes_that_are_not_there_are_refused(book):
    assert captable("chart", "--since", "2024-02-01", "--until", "2024-01-01").code == 2
    ran = captable("chart", "--class", "C")
    assert ran.code == 2
    assert "no class C in the book of 00020; classes: A, B" in ran.err


def test_a_book_without_shares_says_so(folder):
    done("record", "issuer-registered", "--issuer", "00020", "--name", "Example Limited", "--on", "2024-01-02")
    assert done("chart").out == "no shares; the book holds no class yet\n"


def test_the_drawing_is_well_formed_and_has_a_line_for_each_class(book):
    with at("2024-06-30T12:00+08:00"):
        assert done("chart", "--svg", "capital.svg").err == "chart written to capital.svg\n"
    root = ElementTree.parse("capital.svg").getroot()
    named = {"s": "http://www.w3.org/2000/svg"}
    assert root.find("s:title", named).text == "Share capital of 00020, 2 January 2024 to 30 June 2024"
    assert [len(root.findall(f".//s:path[@class='{name}']", named)) for name in ("issued", "treasury")] == [2, 1]
    heads = [each.text for each in root.findall(".//s:text[@class='head']", named)]
    assert heads[0].startswith("Class A: issued, excluding treasury")
    assert "treasury above it" in heads[1]


@pytest.mark.parametrize(
    ("since", "until", "width"), [(date(2024, 1, 1), date(2024, 1, 3), 10), (date(2024, 1, 1), date(2024, 12, 31), 7)]
)
def test_every_column_has_a_day_of_the_stretch(since, until, width):
    class Days:
        def at(self, day):
            assert since <= day <= until
            return day.toordinal()

    found = blocks.sampled(Days(), since, until, width, lambda number: number)  # type: ignore[arg-type]
    assert len(found) == width
    assert found == sorted(found)
    assert found[-1] == until.toordinal()
