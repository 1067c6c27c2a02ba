"""`captable can`: the sheet, the exit code, JSON, and what is refused."""

from __future__ import annotations

import pytest

from cli.main import JOBS
from domain.law.rule import NO_ADVICE
from tests.cli.running import at, captable, done, head

CLOSES = "1.49,1.50,1.50,1.51,1.50"
BUY = ("can", "repurchase", "--class", "B", "--shares", "5,000,000", "--on", "2024-12-18")
PRICED = (*BUY, "--price", "HKD 1.62", "--closes", CLOSES)
PLACE = (
    "can", "place", "--class", "B", "--shares", "1,865,000,000", "--price", "HKD 1.5", "--close", "1.60", "--closes",
    "1.58,1.6,1.61,1.6,1.6", "--on", "2024-12-11",
)  # fmt: skip


def lines(ran):
    """The lines of a sheet by rule, their columns by single spaces."""
    found = [" ".join(line.split()) for line in ran.out.splitlines()]
    return {words[1]: line for line in found if len(words := line.split()) > 2 and words[1].startswith("HK")}


def test_the_price_cap_is_printed_as_the_manual_shows_it(demo):
    ran = captable(*PRICED)
    assert ran.code == 1
    found = lines(ran)
    assert found["HK301"] == (
        "NO HK301 price cap 1.62 is 8.0 % above the five-day average close 1.50; it must stay below 1.575 10.06(2)(a) secondary"
    )
    assert found["HK302"].startswith(
        "ok HK302 mandate repurchase-2024: 3,346,892,500 left of 3,346,892,500; 3,341,892,500 after it"
    )
    assert found["HK310"].startswith("? HK310 blackout no results date given: not checked")
    assert "8 checks: 1 failed, 2 not checked, 5 passed." in ran.out
    assert "Outside these checks: inside information" in ran.out
    assert NO_ADVICE in ran.out


def test_nothing_that_says_no_but_something_unknown_ends_in_exit_code_6_and_counts_what_was_not_checked(demo):
    ran = captable(*BUY, "--price", "HKD 1.574", "--closes", CLOSES)
    assert ran.code == 6
    assert "8 checks: 0 failed, 2 not checked, 6 passed." in ran.out


def test_everything_known_leaves_nothing_unchecked(demo):
    results = ("--results-on", "2025-03-26", "--deadline", "2025-03-31")
    more = ("--price", "HKD 1.574", "--closes", CLOSES, *results, "--public-float", "30,000,000,000")
    assert "8 checks: 0 failed, 0 not checked, 8 passed." in done(*BUY, *more).out


def test_without_the_deadline_the_blackout_is_not_checked(demo):
    found = lines(captable(*PRICED, "--results-on", "2025-03-26"))
    assert found["HK310"].startswith(
        "? HK310 blackout results on 26 March 2025; the deadline for them may be earlier: neither it nor the financial year-end is known: not checked"
    )


def test_a_placing_says_which_rules_it_was_not_held_against(demo):
    found = lines(captable(*PLACE))
    assert found["HK318"] == "? HK318 value dilution outside captable: not checked 7.27B secondary"
    assert "HK319" in found


def test_the_placing_of_december_2024_passes(demo):
    ran = captable(*PLACE)
    assert ran.code == 6
    found = lines(ran)
    assert "6,693,785,000 left of 6,693,785,000; 4,828,785,000 after it" in found["HK302"]
    assert "1.50 is 6.3 % below the close 1.60; it must stay above 1.28" in found["HK307"]
    assert "5.40 % of 34,528,336,530 existing shares of class B" in ran.out


def test_nothing_is_written(demo):
    before = head()
    captable(*PRICED)
    captable(*PLACE)
    assert head() == before


def test_the_day_is_today_where_none_is_given(demo):
    with at("2024-12-18T10:00+08:00"):
        ran = captable("can", "sell-treasury", "--class", "B", "--shares", "1")
    assert "00020: sell-treasury 1 of class B on 18 December 2024" in ran.out
    assert ran.code == 1
    assert "0 shares of class B are in treasury, 1 too few" in lines(ran)["HK314"]


def test_a_grant_is_held_against_its_scheme(demo):
    ran = captable("can", "grant", "--scheme", "pre-IPO", "--shares", "1,000", "--on", "2024-12-18", "--vests-on", "2025-12-18")
    assert "uses existing shares" in lines(ran)["HK401"]
    found = lines(ran)
    assert found["HK403"].startswith("ok HK403 vesting vests from 18 December 2025")
    assert found["HK405"].startswith("? HK405 service providers the grantee's role is not given")
    assert {"HK406", "HK407"} <= set(found)


def test_a_grantee_is_one_of_the_participants_of_a_scheme(demo):
    ran = captable("can", "grant", "--scheme", "pre-IPO", "--shares", "1,000", "--participant", "friend")
    assert ran.code == 2
    assert "employee" in ran.err


def test_json_keeps_the_answers_apart_and_figures_exact(demo):
    ran = captable(*PRICED, "--json")
    assert ran.code == 1
    found = ran.json
    assert list(found) == [
        "issuer", "act", "known_at", "given", "answers", "forbidden", "not_checked", "notes", "never_looked_at", "notice",
    ]  # fmt: skip
    assert (found["act"], found["forbidden"], found["not_checked"], found["given"]["shares"]) == (
        "repurchase",
        True,
        2,
        5_000_000,
    )
    assert found["given"]["closes"] == ["HKD 1.49", "HKD 1.5", "HKD 1.5", "HKD 1.51", "HKD 1.5"]
    assert found["answers"][0] == {
        "rule": "HK301",
        "check": "price cap",
        "answer": "no",
        "working": "1.62 is 8.0 % above the five-day average close 1.50; it must stay below 1.575",
        "citation": "Main Board Rule 10.06(2)(a)",
        "confidence": "secondary",
    }


def test_what_was_not_known_then_does_not_count(demo):
    ran = captable(*PLACE, "--known-at", "2020-01-01")
    assert ran.code == 2
    assert "--class: unknown class" in ran.err


@pytest.mark.parametrize(
    ("closes", "price"), [("HKD 1.49; HKD 1.50; 1.50; 1.51; 1.50", "HKD 1.62"), ("RMB 1.49,1.50,1.50,1.51,1.50", "RMB 1.62")]
)
def test_closing_prices_may_name_the_currency(closes, price, demo):
    assert "8.0 % above" in captable(*BUY, "--price", price, "--closes", closes).out


BAD = [
    pytest.param(
        ("--closes", "1.49,1.50,1.50,1.51"), "--closes: expected the closing prices of the five trading days before", id="four"
    ),
    pytest.param(("--closes", CLOSES + ",1.50"), "the oldest first, got 6", id="six"),
    pytest.param(
        ("--closes", "1.49,1.50,1.50,1.51,RMB 1.50"),
        "--closes: expected HKD, the currency of HKD 1.62, got RMB 1.5",
        id="currency",
    ),
    pytest.param(("--closes", "1.49,1.50,-1.50,1.51,1.50"), "got 'HKD -1.50'", id="negative close"),
    pytest.param(
        ("--closes", "1.49,1.50,nan,1.51,1.50"),
        "--closes: expected a currency and an amount such as HKD 1.5, got 'nan'",
        id="not a number",
    ),
    pytest.param(("--closes", "1.49,1.50,0,1.51,1.50"), "--closes: expected a price above zero, got HKD 0", id="zero"),
    pytest.param(("--closes", ""), "--closes: expected a currency and an amount", id="empty"),
    pytest.param(("--price", "HKD -1.62"), "--price", id="negative price"),
    pytest.param(("--price", "1.62"), "--price", id="price without currency"),
    pytest.param(("--shares", "-5"), "--shares: expected a whole number of shares above zero, got -5", id="negative shares"),
    pytest.param(("--shares", "5.5"), "--shares", id="half a share"),
    pytest.param(("--class", "C"), '--class: unknown class "C" on 18 December 2024. Classes: B, A.', id="class"),
    pytest.param(("--class", "b"), "Did you mean B?", id="class in lower case"),
    pytest.param(("--mandate", "repurchase-2042"), "Did you mean repurchase-2024?", id="mandate"),
    pytest.param(
        ("--public-float", "36,393,336,531"), "--public-float: expected at most the 36,393,336,530 issued shares", id="float"
    ),
    pytest.param(("--float-percent", "0"), "--float-percent: expected a percentage above 0 and at most 100", id="percent"),
    pytest.param(("--results-on", "soon"), "--results-on", id="date"),
    pytest.param(("--on", "2021-12-28"), "the book begins at close of 29 December 2021 (entry 7)", id="before the book begins"),
]


@pytest.mark.parametrize(("options", "words"), BAD)
def test_what_cannot_be_is_refused_and_named(options, words, demo):
    ran = captable(*PRICED, *options)
    assert ran.code == 2
    assert words in ran.err.replace("\n", " ")
    assert ran.out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grant", "--shares", "1"), "--scheme"),
        (("grant", "--scheme", "pre-ipo", "--shares", "1", "--on", "2024-12-18"), "Did you mean pre-IPO?"),
        (("repurchase", "--class", "B"), "--shares"),
        (("repurchase", "--class", "B", "--shares", "1", "--closes", CLOSES), "--closes: expected a currency and an amount"),
        (("buy", "--class", "B"), "buy"),
    ],
)
def test_what_is_missing_or_unknown_is_named(arguments, words, demo):
    ran = captable("can", *arguments)
    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize("kind", ["repurchase", "place", "sell-treasury", "grant"])
def test_help_shows_an_example_first(kind):
    ran = done("can", kind, "-h")
    assert f"captable can {kind} " in ran.out
    assert ran.out.index("Example") < ran.out.index("--shares")


def test_can_without_a_transaction_lists_them():
    ran = done("can")
    assert all(kind in ran.out for kind in ("repurchase", "place", "sell-treasury", "grant"))
    assert "and 6 if none does but something is not known" in " ".join(ran.out.lower().split())


def test_both_commands_stand_in_the_help():
    assert "mandates" in JOBS["See"]
    assert "can" in JOBS["Watch"]
