"""The rulebook: which version of a rule applies on which day, and what a book shows by all of them."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import attrs
import pytest

from domain import events, rulebook
from domain.capital import ledger
from domain.capital.balances import apply
from domain.law.business_days import HONG_KONG
from domain.law.rule import (
    BREACH,
    LATE,
    NOTICE,
    SEVERITIES,
    UNVERIFIED,
    Finding,
    Rule,
    UnknownRule,
    not_checked,
    rule_of,
    version_of,
)
from infrastructure.calendar import TradingCalendar
from tests.domain.book_of import entries, event, set_up

CALENDAR = TradingCalendar()


def row(code="HK999", **more):
    said = {"title": "t", "citation": "c", "confidence": "verified", "meaning": "m", "example": "e", "clears": "l"}
    return Rule(code=code, **{**said, **more})


# --- rules as rows ----------------------------------------------------------------------------------------------

CHANGED = date(2024, 6, 11)
OLD, NEW = row(in_force_until=CHANGED, citation="old"), row(in_force_from=CHANGED, citation="new")


@pytest.mark.parametrize(("day", "citation"), [(date(2024, 6, 10), "old"), (CHANGED, "new")])
def test_the_version_of_the_events_day_applies(day, citation):
    assert version_of((OLD, NEW), "HK999", day).citation == citation


def test_a_later_row_takes_over_where_none_was_ended():
    assert version_of((row(citation="first"), NEW), "HK999", CHANGED).citation == "new"


def test_a_rule_is_not_in_force_before_its_first_day_nor_from_its_last():
    rule = row(in_force_from=date(2023, 1, 1), in_force_until=CHANGED)
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2024, 6, 10), CHANGED]
    assert [rule.in_force(day) for day in days] == [False, True, True, False]
    assert version_of((rule,), "HK999", CHANGED) is None
    with pytest.raises(ValueError, match=r"^HK999 has no version on "):
        rule_of((rule,), "HK999", CHANGED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"confidence": "sure"},
        {"confidence": "unverified"},
        {"to_confirm": "Read it."},
        {"severity": "bad"},
        {"in_force_from": CHANGED, "in_force_until": CHANGED},
        {"of": (events.SharesRepurchased,)},
        {"each": lambda rule, position, posted: ()},
    ],
)
def test_a_row_with_an_unknown_mark_without_a_day_or_half_a_question_is_refused(wrong):
    with pytest.raises(ValueError, match="HK999"):
        row(**wrong)


def test_a_finding_has_the_marks_of_its_rule():
    rule = row(severity=NOTICE, confidence="unverified", to_confirm="Read it.")
    assert rule.finding("so", 1, 2) == Finding("HK999", "so", (1, 2), "c", "unverified", NOTICE, "l")


def test_a_finding_is_a_breach_unless_it_says_otherwise():
    assert Finding("HK999", "so", (), "c", "verified").severity == BREACH


# --- the book of rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", rulebook.RULES, ids=lambda rule: f"{rule.code}-{rule.in_force_from}")
def test_every_row_says_what_it_means_how_sure_it_is_and_how_to_clear_it(rule):
    assert rule.code.startswith("HK")
    assert rule.code[2:].isdigit()
    assert rule.severity in SEVERITIES
    for said in (rule.title, rule.citation, rule.meaning, rule.example, rule.clears):
        assert said.strip() == said != ""


@pytest.mark.parametrize("code", rulebook.codes())
def test_the_versions_of_a_rule_follow_each_other_without_overlap(code):
    versions = rulebook.versions(code)
    for earlier, later in pairwise(versions):
        assert earlier.in_force_until == later.in_force_from, (
            f"{code} is both {earlier.title!r} until {earlier.in_force_until} and {later.title!r} from {later.in_force_from}: a "
            "later version begins where the one before ends, and another rule needs a code of its own (captable rule lists them)"
        )


@pytest.mark.parametrize(
    ("code", "day", "before", "since"),
    [
        ("HK302", CHANGED, "repurchases under a repurchase mandate", "sales of treasury shares"),
        ("HK601", CHANGED, "Treasury shares are not on these lists", "Sales and cancellations of treasury shares"),
        ("HK605", date(2024, 9, 23), "closed throughout by typhoon", "through typhoons"),
    ],
)
def test_a_change_of_law_is_a_new_row_from_its_first_day(code, day, before, since):
    eve = date.fromordinal(day.toordinal() - 1)
    assert before in version_of(rulebook.RULES, code, eve).meaning
    assert since in version_of(rulebook.RULES, code, day).meaning
    assert since not in version_of(rulebook.RULES, code, eve).meaning


def test_every_unverified_rule_and_no_other_says_what_to_read():
    assert {rule for rule in rulebook.RULES if rule.to_confirm} == {r for r in rulebook.RULES if r.confidence == UNVERIFIED}
    for said in filter(None, (rule.to_confirm for rule in rulebook.RULES)):
        assert said.startswith("Read ")
        assert said.endswith(".")


OPEN = [rule for rule in rulebook.RULES if rule.asked_by]


def test_the_rules_that_nothing_checks_are_these():
    cited = {rule.code: rule.citation for rule in OPEN}
    assert list(cited) == [
        "HK318", "HK319", "HK332", "HK406", "HK407", "HK507", "HK508", "HK509", "HK617",
    ]  # fmt: skip
    named = " ".join(cited.values())
    for number in ("7.27B", "13.28", "17.04", "17.05", "8A.14", "8A.22", "8A.23"):
        assert f"Main Board Rule {number}" in named or f"Main Board Rules {number}" in named


@pytest.mark.parametrize("rule", OPEN, ids=[rule.code for rule in OPEN])
def test_a_rule_that_nothing_checks_is_named_from_its_first_day_on(rule):
    for asked in rule.asked_by:
        assert rule in not_checked(rulebook.RULES, rule.in_force_from, asked)
        if rule.in_force_from > date.min:
            assert rule not in not_checked(rulebook.RULES, date.fromordinal(rule.in_force_from.toordinal() - 1), asked)
    assert rule not in not_checked(rulebook.RULES, date(2026, 12, 31), "another command")


def test_an_unknown_rule_is_none():
    with pytest.raises(UnknownRule):
        rulebook.versions("HK000")


def test_of_every_rule_one_version_at_most_is_in_force_on_a_day():
    codes = [rule.code for rule in rulebook.in_force(CHANGED)]
    assert len(codes) == len(set(codes))
    assert {"HK101", "HK302", "HK601"} <= set(codes)


# --- findings ---------------------------------------------------------------------------------------------------


def granted(on="2 July 2024"):
    return event("MandateGranted", on, mandate="m", purpose="issue", percent="20", base="500,000")


def placed(shares, on="3 July 2024"):
    return event("PlacingCompleted", on, share_class="ordinary", shares=shares, mandate="m")


@pytest.mark.parametrize(("shares", "codes"), [("100,000", []), ("100,001", ["HK302"])])
def test_a_mandate_is_used_up_to_its_limit_and_not_a_share_further(shares, codes):
    assert [each.code for each in rulebook.findings(entries(*set_up(), granted(), placed(shares)))] == codes


def test_a_mandate_over_a_thousand_million_million_shares_is_exact():
    most = 10**15
    shares = 2 * 10**14
    book = [
        *set_up(authorised=str(2 * most), held=str(most)),
        event("MandateGranted", "2 July 2024", mandate="m", purpose="issue", percent="20", base=str(most)),
    ]
    assert rulebook.findings(entries(*book, placed(str(shares)))) == ()
    assert [each.message for each in rulebook.findings(entries(*book, placed(str(shares + 1))))] == [
        "mandate m is exceeded by 1 share on 3 July 2024"
    ]


@pytest.mark.parametrize(("options", "codes"), [("1,000", []), ("1,001", ["HK401"])])
def test_a_scheme_is_granted_up_to_its_limit_and_not_a_share_further(options, codes):
    scheme = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="x", limit="1,000")
    grant = event("OptionsGranted", "3 July 2024", scheme="s", options=options)
    assert [each.code for each in rulebook.findings(entries(*set_up(), scheme, grant))] == codes


def test_a_finding_is_by_the_version_of_its_events_day():
    book = entries(*set_up("1 May 2024"), granted("2 May 2024"), placed("100,001", "10 June 2024"), placed("1", "11 June 2024"))
    found = [each for each in rulebook.findings(book) if each.code == "HK302"]
    assert [each.entries for each in found] == [(6,), (7,)]


def test_all_findings_are_listed_one_rule_hides_no_other():
    confirmed = event("BalanceConfirmed", "4 July 2024", share_class="ordinary", issued_excluding_treasury="1", document="x")
    found = rulebook.findings(entries(*set_up(), granted(), placed("100,001"), confirmed))
    assert [each.code for each in found] == ["HK302", "HK101"]


def test_findings_stop_at_the_day_asked_about():
    book = entries(*set_up(), granted(), placed("100,001"))
    assert rulebook.findings(book, date(2024, 7, 2)) == ()
    assert rulebook.check(book, known_at=book[4].recorded_at) == ()
    assert len(rulebook.check(book, known_at=book[5].recorded_at)) == 1


# --- deadlines --------------------------------------------------------------------------------------------------


# The return from which the balances of the book come.
OPENING = event("ReturnFiled", "1 July 2024", kind="next-day", submitted_on="1 July 2024")


def live(*what):
    begun = datetime(2024, 7, 1, 9, tzinfo=HONG_KONG)
    return [attrs.evolve(each, recorded_at=begun) for each in entries(*set_up(), *what, OPENING)]


def checked(book, now, calendar=CALENDAR):
    return rulebook.check(book, now=datetime.fromisoformat(now).replace(tzinfo=HONG_KONG), calendar=calendar)


def test_a_return_overdue_is_a_finding_and_one_open_is_none():
    book = live(event("RightsIssueCompleted", "2 July 2024", share_class="ordinary", shares="10"))
    assert checked(book, "2024-07-03T08:30") == ()
    (found,) = checked(book, "2024-07-03T08:31")
    assert (found.code, found.severity, found.entries) == ("HK601", LATE, (5,))
    assert found.message == (
        "Next Day Disclosure Return for 2 July 2024 was due Wed 3 July 2024 08:30 HKT, and no filing is recorded"
    )


def test_a_return_filed_late_is_a_finding_with_the_days_and_the_entry():
    filed = event("ReturnFiled", "31 July 2024", kind="monthly", submitted_on="9 August 2024")
    (found,) = checked(live(filed), "2024-08-20T09:00")
    assert (found.code, found.entries) == ("HK616", (5,))
    assert found.message.endswith("was due Wed 7 August 2024 08:30 HKT, and was filed on 9 August 2024, 2 days late")


def test_returns_overdue_name_what_none_of_them_lists_and_nothing_that_was_filed():
    offered = event("RightsIssueCompleted", "2 July 2024", share_class="ordinary", shares="10")
    filed = event("ReturnFiled", "2 July 2024", kind="next-day", submitted_on="2 July 2024")
    next_day = event("RightsIssueCompleted", "3 July 2024", share_class="ordinary", shares="10")
    book = live(offered, filed, attrs.evolve(offered, shares=20), next_day)
    overdue = next(each for each in checked(book, "2024-07-04T08:31") if each.code == "HK601")
    assert overdue.entries == (7, 8)
    assert overdue.message.startswith("2 Next Day Disclosure Returns are overdue: rights issue (a.iv) on 2 days, 2 July 2024 to")


def test_a_filing_that_does_not_know_of_a_change_is_no_filing_of_it():
    offered = event("RightsIssueCompleted", "2 July 2024", share_class="ordinary", shares="10")
    filed = event("ReturnFiled", "2 July 2024", kind="next-day", submitted_on="2 July 2024")
    book = live(offered, filed, attrs.evolve(offered, shares=20))
    open_, in_none = checked(book, "2024-07-03T08:31")
    assert (open_.code, open_.message) == (
        "HK601",
        "Next Day Disclosure Return for 2 July 2024 was due Wed 3 July 2024 08:30 HKT, and entry 7 is not in the return filed on "
        "2 July 2024 (entry 6)",
    )
    assert (in_none.code, in_none.entries, in_none.message) == (
        "HK610",
        (6, 7),
        "rights issue of 2 July 2024 is in no return: the one filed on 2 July 2024 was prepared before it was recorded",
    )
    listed = attrs.evolve(filed, submitted_on=date(2024, 7, 3), book_number=7)
    assert checked([*book, attrs.evolve(book[5], number=9, event=listed)], "2024-07-03T08:31") == ()


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ([], ["HK611"]),
        ([event("ReturnFiled", "1 July 2024", kind="next-day", submitted_on="1 July 2024")], []),
        ([event("ReturnFiled", "5 July 2024", kind="next-day", submitted_on="5 July 2024")], []),
        ([event("ReturnFiled", "30 June 2024", kind="monthly", submitted_on="5 July 2024")], ["HK611"]),
        ([event("ShareClassDetailsChanged", "1 July 2024", share_class="ordinary", listed="no")], []),
        ([event("GlobalOfferingCompleted", "2 July 2024", share_class="ordinary", shares="10")], []),
    ],
    ids=["none", "of the day", "of a later day", "of an earlier day", "not listed", "listed later"],
)
def test_a_book_that_begins_with_balances_asks_for_the_return_that_they_come_from(more, codes):
    book = [attrs.evolve(each, recorded_at=datetime(2024, 7, 5, 9, tzinfo=HONG_KONG)) for each in entries(*set_up(), *more)]
    found = checked(book, "2024-07-05T12:00")
    assert [(each.code, each.entries) for each in found] == [(code, (4,)) for code in codes]


def test_a_book_that_knows_every_movement_asks_for_no_return():
    book = entries(*set_up()[:3], event("PlacingCompleted", "2 July 2024", share_class="ordinary", shares="10"))
    assert "HK611" not in {each.code for each in checked(book, "2024-07-05T12:00")}


def test_a_gross_sum_that_net_would_not_reach_is_a_notice():
    started = event("BalanceBroughtForward", "1 July 2024", share_class="ordinary", held="500,000", pending_cancellation="20,000")
    scheme = [
        event("SchemeAdopted", "1 July 2024", scheme="s", share_class="ordinary", particulars="Options"),
        event("SchemeBalanceBroughtForward", "1 July 2024", scheme="s", outstanding="100,000"),
    ]
    exercised = event("OptionsExercised", "2 July 2024", scheme="s", options="13,000")
    cancelled = event("RepurchasedSharesCancelled", "2 July 2024", share_class="ordinary", shares="13,000")
    book = [
        attrs.evolve(each, recorded_at=datetime(2024, 7, 1, 9, tzinfo=HONG_KONG))
        for each in entries(*set_up()[:3], started, *scheme, exercised, cancelled, OPENING)
    ]
    (found,) = checked(book, "2024-07-02T20:00")
    assert (found.code, found.severity, found.confidence) == ("HK604", NOTICE, "unverified")


def test_without_a_calendar_nothing_is_said_of_deadlines():
    book = live(event("RightsIssueCompleted", "2 July 2024", share_class="ordinary", shares="10"))
    assert rulebook.findings(book) == ()
    assert checked(book, "2024-07-05T09:00", calendar=None) == ()


def test_the_worked_issuer_is_clean_before_its_next_deadline(demo_entries):
    assert checked(demo_entries, "2026-01-06T09:00") == ()


def test_what_is_looked_at_entry_by_entry_is_not_posted_again_for_deadlines(monkeypatch):
    book = entries(*set_up(), granted(), placed("60,000"))
    posted = []
    monkeypatch.setattr(ledger, "apply", lambda position, entry: posted.append(entry.number) or apply(position, entry))
    found = rulebook.check(book, now=datetime(2024, 12, 19, tzinfo=HONG_KONG), calendar=CALENDAR)
    assert "HK601" in {each.code for each in found}
    assert posted == [entry.number for entry in book]
