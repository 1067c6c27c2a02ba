"""`captable start` and `captable take-in`: a book from published returns, shown first, recorded with --yes, and once only."""

from __future__ import annotations

from pathlib import Path

import pytest

from infrastructure.event_store import open_store
from infrastructure.renderers import render
from tests.application.test_take_in import ISSUER, year_of_returns
from tests.cli.running import captable, done
from tests.conftest import ticking


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The returns of January to March 2025 of an invented issuer, in a folder."""
    folder = tmp_path_factory.mktemp("published")
    store = open_store(str(tmp_path_factory.mktemp("original") / "captable.db"), clock=ticking(), create=True)
    for at, document in enumerate(year_of_returns(store)[:6]):
        (folder / f"{at}.html").write_bytes(render(document, "html"))
    store.close()
    return folder


def test_what_would_be_recorded_is_shown_and_nothing_is_made(year, folder):
    shown = done("start", str(year / "2.html"))
    assert "Balance brought forward: share_class ordinary" in shown.out
    assert "the pending purchases are in none of the returns given: their days are not known" in shown.out
    assert "nothing was recorded: --yes records what is shown" in shown.err
    assert list(folder.iterdir()) == []


def test_a_book_begins_with_the_last_monthly_return_and_takes_in_the_later_ones_once(year):
    january = [str(year / f"{at}.html") for at in range(3)]
    begun = done("start", *january, "--yes")
    assert "tranches 2024-12-30: 1,000,000 @ HKD 2.5; 2025-01-10: 500,000 @ HKD 2.5" in begun.out
    assert "mandate repurchase-2024, purpose repurchase, percent 10, base 900,000,000, used_before 3,800,000" in begun.out
    later = done("take-in", str(year), "--yes")
    assert "Placing completed: share_class ordinary, shares 50,000,000, price HKD 2.6" in later.out
    assert "Options granted: scheme share-option-scheme-of-2020, options 2,000,000" in later.out
    assert "Next Day Disclosure Return of 5 March 2025: agrees with the book" in later.out
    balances = done("balances", "--as-of", "2025-03-31", "--json").json["classes"][0]
    assert (balances["issued_excluding_treasury"], balances["treasury"]) == (953_400_000, 2_300_000)
    number = len(done("history", "--json").json)
    again = done("take-in", str(year), "--yes")
    assert again.out.count("nothing to take in: it is in the book, or before its beginning") == 6
    assert len(done("history", "--json").json) == number


def test_proposals_as_json_name_the_cell_that_each_fact_comes_from(year):
    found = done("start", str(year / "2.html"), "--json").json
    assert found[0]["return"] == "Monthly Return for January 2025"
    brought = next(fact for fact in found[0]["facts"] if fact["event"] == "balance-brought-forward")
    assert (brought["cell"], brought["issued_excluding_treasury"]) == ("issued[0].closing", "904,900,000")
    assert found[0]["facts"][0]["issuer"] == ISSUER


def test_a_book_begins_with_a_monthly_return(year):
    refused = captable("start", str(year / "1.html"))
    assert refused.code == 2
    assert "expected a Monthly Return among the files: a book begins with its balances" in refused.err


def test_what_follows_from_no_row_is_left_to_be_recorded_by_hand(year, folder):
    """The row of 5 March 2025 as one of a capital reorganisation: how many shares it made of each is not printed."""
    done("start", str(year / "2.html"), "--yes")
    placing = (year / "4.html").read_text(encoding="utf-8")
    other = placing.replace("Placing/subscription - new shares involved", "Capital reorganisation - new shares involved")
    assert other != placing
    Path("other.html").write_text(other, encoding="utf-8")
    shown = captable("take-in", "other.html")
    assert shown.code == 1
    assert "by hand: sections[0].changes[0]: no fact follows from this row: record it by hand" in shown.out
    assert "Placing completed" not in shown.out


def test_facts_that_cannot_be_recorded_are_shown_and_refused(year, folder):
    """2,000,000,000 are authorised and 907,200,000 issued; after a reduction 800,000 are left, and 50,000,000 were placed."""
    done("start", str(year / "2.html"), "--yes")
    done("record", "authorised-capital-reduced", "--class", "ordinary", "--shares", "1,092,000,000", "--on", "2025-02-03")
    refused = captable("take-in", str(year / "4.html"), "--yes", "--json")
    assert refused.code == 3
    (shown,) = refused.json
    assert [(each["event"], each["shares"]) for each in shown["facts"] if "shares" in each] == [
        ("placing-completed", "50,000,000")
    ]
    assert (shown["recorded"], shown["differences"]) == ([], None)
