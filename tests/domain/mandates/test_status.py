"""What stands of each mandate: base, limit, extension, reserved, used, left, and when it ended; and what is irregular."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.capital.balances import Impossible
from domain.capital.entries import in_effect
from domain.events import MandateGranted
from domain.law.rule import version_of
from domain.mandates.rules import RULES
from domain.mandates.status import history
from domain.rulebook import check
from infrastructure.readers.values import build
from tests.domain.book_of import at, entries, event, folded, recorded_at, set_up

CODES = {"HK302", "HK303", "HK304", "HK305", "HK306"}
NOT_KNOWN = {"HK320", "HK321"}


def standing(book, code, on="2199-12-31", known_at=None):
    return history(in_effect(book, known_at), date.fromisoformat(on)).standings[code]


def irregular(book, as_of=None):
    return [(each.code, each.message, each.entries) for each in check(book, as_of) if each.code in CODES]


def codes(book):
    return [code for code, *_ in irregular(book)]


def granted(code="issue", on="2 July 2024", *, purpose="issue", percent="20", base="500,000", **said):
    return event("MandateGranted", on, mandate=code, purpose=purpose, percent=percent, base=base, **said)


REPURCHASE = granted("repurchase", purpose="repurchase", percent="10")
EXTENDED = granted(extended_by="repurchase")


def placed(on, shares, mandate="issue", **said):
    return event("PlacingCompleted", on, share_class="ordinary", shares=shares, mandate=mandate, **said)


def bought(on, shares, mandate="repurchase", **said):
    terms = {"intention": "cancellation", **said}
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, mandate=mandate, **terms)


def book(*facts):
    return entries(*set_up(), *facts)


# --- the worked issuer --------------------------------------------------------------------------------------------


def test_the_mandates_of_2023_are_a_fifth_and_a_tenth_of_33_468_925_000(demo_entries):
    issue, repurchase = (standing(demo_entries, code, "2023-06-23") for code in ("issue-2023", "repurchase-2023"))
    assert (issue.limit, repurchase.limit) == (6_693_785_000, 3_346_892_500)
    assert issue.book_bases == repurchase.book_bases == (33_468_925_000,)


def test_the_placing_of_june_2024_is_a_quarter_of_the_mandate_of_2023(demo_entries):
    used = standing(demo_entries, "issue-2023", "2024-06-28").used
    assert used == 1_673_446_000
    # 25.0 % of 6,693,785,000 is between 24.95 and 25.05 of a hundred parts.
    assert 2495 * 6_693_785_000 <= 10_000 * used < 2505 * 6_693_785_000


def test_the_placing_of_june_2024_was_agreed_five_days_before_its_mandate_ended(demo_entries):
    mandate = standing(demo_entries, "issue-2023")
    assert mandate.ended.on == date(2024, 6, 26)
    assert irregular(demo_entries) == []


def replaced(book, name, on, **changes):
    """The book as if one of its facts had been recorded otherwise."""
    day = date.fromisoformat(on)
    found = [each for each in book if type(each.event).__name__ == name and each.event.effective_on == day]
    assert found
    changed = {each.number: attrs.evolve(each, event=attrs.evolve(each.event, **changes)) for each in found}
    return [changed.get(each.number, each) for each in book]


def without_agreement(book):
    return replaced(book, "PlacingCompleted", "2024-06-28", agreed_on=None)


def test_without_the_day_of_its_agreement_that_placing_came_two_days_too_late(demo_entries):
    message = (
        "1,673,446,000 shares were dealt with on 28 June 2024, after mandate issue-2023 had ended on 26 June 2024 "
        "(issue-2024 granted)"
    )
    assert [(code, said) for code, said, _ in irregular(without_agreement(demo_entries))] == [("HK303", message)]


# The base of 2024 depends on whether the June placing had completed by the meeting of 26 June.
BASES = [
    pytest.param(33_468_925_000, 6_693_785_000, 4_828_785_000, None, id="placing completed after the meeting"),
    pytest.param(35_142_371_000, 7_028_474_200, 5_163_474_200, date(2024, 6, 25), id="placing completed before the meeting"),
]


@pytest.mark.parametrize(("base", "before", "after", "completed"), BASES)
def test_the_december_placing_leaves_what_either_base_allows(base, before, after, completed, demo_entries):
    book = replaced(demo_entries, "MandateGranted", "2024-06-26", base=base)
    if completed:
        book = replaced(book, "PlacingCompleted", "2024-06-28", effective_on=completed)
    found = standing(book, "issue-2024", "2024-12-16"), standing(book, "issue-2024", "2024-12-17")
    assert [each.headroom for each in found] == [before, after]
    assert found[0].limit == before
    assert base in found[0].book_bases
    assert irregular(book) == []


def test_a_base_of_2024_that_is_not_the_books_is_a_finding(demo_entries):
    book = replaced(demo_entries, "MandateGranted", "2024-06-26", base=35_142_371_000)
    assert [code for code, *_ in irregular(book)] == ["HK305", "HK305"]
    assert irregular(book)[0][1] == (
        "the base of mandate issue-2024 is recorded as 35,142,371,000, the book has 33,468,925,000 of classes B "
        "and A at the meeting of 26 June 2024: a limit of 6,693,785,000, not 7,028,474,200"
    )


# --- base and limit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "found"), [("499,999", ["HK305"]), ("500,000", []), ("500,001", ["HK305"])])
def test_the_base_is_the_books_to_the_share(base, found):
    assert codes(book(granted(base=base))) == found


@pytest.mark.parametrize(("on", "base"), [("10 June 2024", 500_000), ("11 June 2024", 500_000 - 7_000)])
def test_treasury_shares_are_left_out_of_the_base_since_11_june_2024(on, base):
    # What is bought into treasury before the regime shows which shares are counted; no book would really have it.
    facts = [
        *set_up("1 June 2024"),
        event("SharesRepurchased", "3 June 2024", share_class="ordinary", shares="7,000", intention="treasury"),
    ]
    assert codes(entries(*facts, granted(on=on, base=f"{base:,}"))) == []
    assert codes(entries(*facts, granted(on=on, base=f"{base + 1:,}"))) == ["HK305"]


@pytest.mark.parametrize("base", ["500,000", "500,900"])
def test_shares_issued_on_the_day_of_the_meeting_may_have_come_before_or_after_it(base):
    placing = event("PlacingCompleted", "2 July 2024", share_class="ordinary", shares="900")
    assert codes(book(granted(base=base), placing)) == []


def test_a_book_that_starts_after_the_meeting_has_no_base_to_compare():
    facts = [granted(on="28 June 2024", base="77")]
    started = set_up("1 July 2024")
    assert codes(entries(started[0], *facts, *started[1:])) == []


def test_a_book_that_starts_on_the_day_of_the_meeting_compares_its_opening():
    assert codes(entries(*set_up("2 July 2024"), granted(base="500,000"))) == []
    assert codes(entries(*set_up("2 July 2024"), granted(base="500,001"))) == ["HK305"]


def test_all_classes_count_in_the_base(demo_entries):
    position = at(demo_entries, "2023-06-23")
    assert position.issued(date(2023, 6, 23)) == 7_520_115_072 + 25_948_809_928
    assert position.issued(date(2023, 6, 23), ["A"]) == 7_520_115_072


@pytest.mark.parametrize(("base", "limit"), [("500,004", 100_000), ("500,005", 100_001), ("500,009", 100_001)])
def test_the_limit_is_rounded_down(base, limit):
    assert standing(book(granted(base=base)), "issue").limit == limit


@pytest.mark.parametrize(
    ("purpose", "percent", "found"),
    [
        ("issue", "20", []), ("issue", "20.000001", ["HK306"]), ("issue", "19.999999", []),
        ("repurchase", "10", []), ("repurchase", "10.000001", ["HK306"]), ("repurchase", "9.999999", []),
    ],
)  # fmt: skip
def test_a_mandate_allows_at_most_a_fifth_or_a_tenth(purpose, percent, found):
    assert codes(book(granted(purpose=purpose, percent=percent))) == found


@pytest.mark.parametrize(("day", "confidence"), [(date(2024, 6, 10), "verified"), (date(2024, 6, 11), "secondary")])
def test_the_rule_about_the_base_has_a_version_since_treasury_shares_came(day, confidence):
    assert version_of(RULES, "HK305", day).confidence == confidence


# --- use and reservation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shares", "found"), [("99,999", []), ("100,000", []), ("100,001", ["HK302"])])
def test_a_mandate_may_be_used_up_to_the_last_share(shares, found):
    assert codes(book(granted(), placed("3 July 2024", shares))) == found


def test_an_agreement_reserves_what_its_completion_uses_and_its_end_frees():
    agreed = event(
        "IssueAgreed",
        "3 July 2024",
        agreement="p",
        share_class="ordinary",
        description="Placing",
        shares="1,000",
        mandate="issue",
    )
    completed = event("PlacingCompleted", "9 July 2024", share_class="ordinary", shares="600", agreement="p")
    ended = event("IssueAgreementEnded", "10 July 2024", agreement="p", shares="400")
    found = [standing(book(granted(), agreed, completed, ended), "issue", f"2024-07-{day:02}") for day in (2, 3, 9, 10)]
    assert [(each.reserved, each.used, each.headroom) for each in found] == [
        (0, 0, 100_000), (1_000, 0, 99_000), (400, 600, 99_000), (0, 600, 99_400),
    ]  # fmt: skip


def test_what_was_learnt_later_is_not_in_an_earlier_viewpoint():
    facts = book(granted(), placed("3 July 2024", "1,000"))
    assert standing(facts, "issue", known_at=recorded_at(5)).used == 0
    assert standing(facts, "issue", known_at=recorded_at(6)).used == 1_000


# --- extension ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "added"), [("1", 1), ("49,999", 49_999), ("50,000", 50_000), ("50,001", 50_000)], ids=lambda value: f"{value}"
)
def test_repurchases_extend_an_issue_mandate_up_to_a_tenth_of_its_base(shares, added):
    found = standing(book(REPURCHASE, EXTENDED, bought("3 July 2024", shares)), "issue")
    assert (found.extended, found.limit, found.headroom) == (added, 100_000 + added, 100_000 + added)


def test_several_repurchases_add_up_to_that_tenth():
    found = standing(book(REPURCHASE, EXTENDED, bought("3 July 2024", "30,000"), bought("4 July 2024", "30,000")), "issue")
    assert found.extended == 50_000


@pytest.mark.parametrize("mandate", [None, "repurchase"])
def test_only_a_separate_resolution_extends_and_only_by_its_own_repurchases(mandate):
    other = granted("other", purpose="repurchase", percent="10")
    extended = granted(extended_by=mandate)
    facts = book(
        REPURCHASE, other, extended, bought("3 July 2024", "700", mandate="other"), bought("3 July 2024", "50", mandate=None)
    )
    assert standing(facts, "issue").extended == 0


@pytest.mark.parametrize(("shares", "found"), [("100,700", []), ("100,701", ["HK302"])])
def test_an_extended_mandate_may_be_used_up_to_the_last_share(shares, found):
    assert codes(book(REPURCHASE, EXTENDED, bought("3 July 2024", "700"), placed("8 August 2024", shares))) == found


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ([granted(extended_by="repurchase")], "extended_by"),
        ([granted(), granted("other", extended_by="issue")], "extended_by"),
        ([REPURCHASE, granted("other", purpose="repurchase", extended_by="repurchase")], "extended_by"),
        ([granted(extended_by="issue")], "extended_by"),
    ],
    ids=["unknown", "by an issue mandate", "of a repurchase mandate", "by itself"],
)
def test_what_extends_a_mandate_is_a_known_repurchase_mandate(facts, field):
    with pytest.raises(Impossible) as refused:
        folded(book(*facts))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("event_name", "said", "limit", "extended", "used"),
    [
        ("SharesSubdivided", {"into": "5"}, 500_000 + 3_505, 3_505, 5_050),
        # 500,000 / 7 is 71,428, a fifth of it 14,285; 701 / 7 is 100; what was used rounds against the mandate.
        ("SharesConsolidated", {"shares": "7", "fractions": "cancelled"}, 14_285 + 100, 100, 145),
    ],
)
def test_a_reorganisation_keeps_the_percentage_and_the_extension(event_name, said, limit, extended, used):
    facts = book(
        REPURCHASE,
        EXTENDED,
        bought("3 July 2024", "701"),
        placed("8 August 2024", "1,010"),
        event(event_name, "9 August 2024", **said),
    )
    found = standing(facts, "issue")
    assert (found.limit, found.extended, found.used, found.headroom) == (limit, extended, used, limit - used)
    assert found.mandate.base == 500_000
    assert codes(facts) == []


# --- expiry -------------------------------------------------------------------------------------------------------

RENEWED = granted("issue-2025", "27 June 2025", base="500,000")
REVOKED = event("MandateRevoked", "27 June 2025", mandate="issue")
POLLED = event(
    "PollResultDeclared",
    "27 June 2025",
    meeting="AGM of 27 June 2025",
    annual="yes",
    resolution="1",
    subject="to receive the accounts",
    votes="ordinary: 100 for, 0 against at 1 vote",
)
ENDS = [
    pytest.param(RENEWED, "issue-2025 granted", id="the next mandate of its purpose"),
    pytest.param(REVOKED, "revoked or expired", id="revocation"),
    pytest.param(POLLED, "annual general meeting held", id="an annual general meeting without a new mandate"),
]


@pytest.mark.parametrize(("fact", "why"), ENDS)
def test_a_mandate_ends_with_the_next_annual_general_meeting(fact, why):
    facts = book(granted(), fact)
    assert standing(facts, "issue", "2025-06-26").ended is None
    ended = standing(facts, "issue", "2025-06-27").ended
    assert (ended.on, ended.entry, ended.why) == (date(2025, 6, 27), 6, why)


@pytest.mark.parametrize(
    "fact",
    [
        granted("second"),
        granted("repurchase-2025", "27 June 2025", purpose="repurchase", percent="10"),
        event(
            "PollResultDeclared", "27 June 2025", meeting="annual general meeting", annual="no", resolution="1", subject="a name",
            votes="ordinary: 100 for, 0 against at 1 vote",
        ),
    ],
    ids=["another of the same meeting", "one of another purpose", "a meeting that is not the annual one, whatever its title"],
)  # fmt: skip
def test_a_mandate_lasts_beyond_what_is_not_its_end(fact):
    assert standing(book(granted(), fact), "issue").ended is None


@pytest.mark.parametrize(("fact", "why"), ENDS)
@pytest.mark.parametrize(("agreed_on", "found"), [("2025-06-26", []), ("2025-06-27", []), ("2025-06-28", ["HK303"])])
def test_the_day_of_the_agreement_is_what_counts(fact, why, agreed_on, found):
    placing = placed("8 July 2025", "10", agreed_on=agreed_on)
    assert codes(book(granted(), fact, placing)) == found


@pytest.mark.parametrize("purpose", ["issue", "repurchase"])
def test_a_class_subdivided_alone_draws_on_no_mandate_though_its_agreements_reserve_more(purpose):
    """10 shares agreed are 50 after the subdivision, and the mandate ended before it: nothing new was done under it."""
    terms = {"agreement": "p", "share_class": "ordinary", "description": "Placing", "shares": "10", "mandate": "m"}
    agreed = event("IssueAgreed", "3 July 2024", **terms)
    revoked = event("MandateRevoked", "4 July 2024", mandate="m")
    subdivided = event("SharesSubdivided", "5 July 2024", share_class="ordinary", into="5")
    facts = book(granted("m", purpose=purpose, percent="10"), agreed, revoked, subdivided)
    assert standing(facts, "m").reserved == 50
    # The agreement itself is under the wrong mandate; the subdivision adds nothing to that.
    assert irregular(facts) == irregular(facts[:-1])
    assert codes(facts) == ([] if purpose == "issue" else ["HK304"])


@pytest.mark.parametrize(("on", "found"), [("26 June 2025", []), ("27 June 2025", []), ("28 June 2025", ["HK303"])])
def test_an_agreement_recorded_as_such_is_tested_on_its_day_and_its_completion_not_again(on, found):
    terms = {"agreement": "p", "share_class": "ordinary", "description": "Placing", "shares": "10", "mandate": "issue"}
    completed = event("PlacingCompleted", "9 July 2025", share_class="ordinary", shares="10", agreement="p")
    assert codes(book(granted(), RENEWED, event("IssueAgreed", on, **terms), completed)) == found


@pytest.mark.parametrize(("on", "found"), [("27 June 2025", []), ("28 June 2025", ["HK303"])])
def test_a_repurchase_is_tested_on_its_day(on, found):
    renewed = granted("repurchase-2025", "27 June 2025", purpose="repurchase", percent="10", base="500,000")
    facts = book(REPURCHASE, renewed, bought(on, "10"))
    # What was bought on the day of the meeting is still in issue, pending cancellation.
    assert codes(facts) == found


@pytest.mark.parametrize(("agreed_on", "found"), [("2024-07-01", ["HK303"]), ("2024-07-02", [])])
def test_what_was_agreed_before_the_mandate_was_granted_was_not_agreed_under_it(agreed_on, found):
    assert codes(book(granted(), placed("8 July 2024", "10", agreed_on=agreed_on))) == found


# --- purpose ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        (placed("8 July 2024", "10", mandate="repurchase"), ["HK304"]),
        (bought("8 July 2024", "10", mandate="issue"), ["HK304"]),
        (placed("8 July 2024", "10"), []),
        (bought("8 July 2024", "10"), []),
        (event("TreasurySharesSold", "8 July 2024", share_class="ordinary", shares="10", mandate="repurchase"), ["HK304"]),
        (event("TreasurySharesSold", "8 July 2024", share_class="ordinary", shares="10", mandate="issue"), []),
    ],
)
def test_issues_and_repurchases_have_mandates_of_their_own(fact, found):
    facts = entries(*set_up(treasury="10"), granted(base="500,000"), REPURCHASE, fact)
    assert codes(facts) == found


def test_a_wrong_purpose_says_which_it_is():
    assert irregular(book(granted(), bought("8 July 2024", "10", mandate="issue"))) == [
        ("HK304", "10 shares are counted against mandate issue: one to issue, not to repurchase", (6,))
    ]


def test_findings_stop_at_the_day_they_are_looked_at_from():
    facts = book(granted(), RENEWED, placed("8 July 2025", "10"))
    assert irregular(facts, date(2025, 7, 7)) == []
    assert [code for code, *_ in irregular(facts, date(2025, 7, 8))] == ["HK303"]


# --- a mandate older than the book --------------------------------------------------------------------------------

BEGINS = date(2024, 7, 1)


def older(code="repurchase", **said):
    """A mandate to buy back, granted two months before the book begins at close of 1 July 2024: a tenth of 500,000."""
    return granted(code, "3 May 2024", **{"purpose": "repurchase", "percent": "10", **said})


def older_issue(**said):
    return granted("issue", "3 May 2024", **said)


def counted(**numbers):
    return {**numbers, "counted_on": "1 July 2024"}


def begun(*facts):
    """A book that begins on 1 July 2024, of an issuer registered before; its first fact is entry 4."""
    *founding, opening = set_up()
    return entries(*(attrs.evolve(each, effective_on=date(2020, 1, 2)) for each in founding), *facts, opening)


def unknowns(book, as_of=None):
    return [(each.code, each.message) for each in check(book, as_of) if each.code in NOT_KNOWN]


SAID = "the book begins at close of 1 July 2024; what was {} under {} before is not recorded"


def test_nothing_of_a_mandate_older_than_the_book_is_known_until_its_use_is_recorded():
    facts = begun(older(), bought("8 July 2024", "10"))
    found = standing(facts, "repurchase", "2024-07-08")
    assert (found.used, found.headroom, found.limit) == (None, None, 50_000)
    assert found.not_known == (SAID.format("used", "repurchase"),)
    assert unknowns(facts, date(2024, 7, 8)) == [("HK320", SAID.format("used", "repurchase"))]


@pytest.mark.parametrize(("before", "left"), [("0", 49_990), ("2,000", 47_990), ("49,990", 0)])
def test_what_was_used_before_the_book_begins_counts_with_what_was_used_since(before, left):
    facts = begun(older(**counted(used_before=before)), bought("8 July 2024", "10"))
    found = standing(facts, "repurchase", "2024-07-08")
    assert (found.used, found.headroom, found.not_known) == (50_000 - left, left, ())
    assert codes(facts) == []


def test_a_use_beyond_what_was_left_before_the_book_exceeds_the_mandate():
    facts = begun(older(**counted(used_before="49,990")), bought("8 July 2024", "11"))
    assert [said for code, said, _ in irregular(facts) if code == "HK302"] == [
        "mandate repurchase is exceeded by 1 share on 8 July 2024"
    ]


@pytest.mark.parametrize("counted_on", ["30 June 2024", "2 July 2024"])
def test_a_count_of_another_day_than_the_one_on_which_the_book_begins_leaves_a_gap(counted_on):
    facts = begun(older(used_before="5", counted_on=counted_on))
    found = standing(facts, "repurchase", "2024-07-08")
    assert found.used is None
    assert found.not_known == (
        f"the book begins at close of 1 July 2024; what was used under repurchase was counted on {counted_on}",
    )


def test_a_later_correction_says_what_was_used_and_what_was_believed_before_stays():
    facts = begun(older(), bought("8 July 2024", "10"))
    correction = attrs.evolve(
        facts[3], number=7, replaces=4, event=older(**counted(used_before="40")), recorded_at=recorded_at(7)
    )
    shown = [*facts, correction]
    assert standing(shown, "repurchase", "2024-07-08").used == 50
    assert standing(shown, "repurchase", "2024-07-08", recorded_at(6)).used is None


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, [SAID.format("used", "issue"), SAID.format("reserved", "issue")]),
        (counted(used_before="0"), [SAID.format("reserved", "issue")]),
        (counted(reserved_before="0"), [SAID.format("used", "issue")]),
        (counted(used_before="0", reserved_before="0"), []),
        (
            counted(used_before="0", reserved_before="70"),
            ["70 were reserved under issue when the book begins, and its agreements reserve 0"],
        ),
    ],
)
def test_a_mandate_to_issue_also_says_what_was_reserved(said, missing):
    assert [message for _, message in unknowns(begun(older_issue(**said)), BEGINS)] == missing


@pytest.mark.parametrize(("shares", "known"), [("70", True), ("69", False)])
def test_what_was_reserved_is_the_agreements_that_the_book_holds(shares, known):
    terms = {"agreement": "p", "share_class": "ordinary", "description": "Placing", "mandate": "issue"}
    agreed = event("IssueAgreed", "20 June 2024", shares=shares, **terms)
    facts = begun(older_issue(**counted(used_before="0", reserved_before="70")), agreed)
    found = standing(facts, "issue", "2024-07-08")
    assert (found.headroom == 99_930) is known
    assert (found.not_known == ()) is known


@pytest.mark.parametrize(("added", "limit"), [(None, None), ("0", 100_000), ("3,000", 103_000)])
def test_an_extended_mandate_also_says_what_repurchases_had_added(added, limit):
    said = counted(used_before="0", reserved_before="0", **({"extended_before": added} if added else {}))
    facts = begun(older(**counted(used_before="0")), older_issue(extended_by="repurchase", **said))
    assert standing(facts, "issue", "2024-07-08").limit == limit


def test_a_mandate_of_the_day_on_which_the_book_begins_may_have_been_used_that_day():
    """The balances are those at close; what was bought after the meeting is in them."""
    facts = begun(granted("repurchase", "1 July 2024", purpose="repurchase", percent="10"))
    assert standing(facts, "repurchase", "2024-07-01").used is None


def test_before_the_day_it_was_counted_on_no_use_is_known():
    facts = begun(older(**counted(used_before="40")))
    found = standing(facts, "repurchase", "2024-06-30")
    assert found.not_known == (
        "the book begins at close of 1 July 2024; what was used under repurchase by 30 June 2024 is not known",
    )


def test_a_mandate_that_has_ended_unused_asks_for_nothing():
    revoked = event("MandateRevoked", "5 July 2024", mandate="repurchase")
    assert unknowns(begun(older(), revoked)) == []


def test_a_subdivision_before_the_book_begins_does_not_multiply_what_was_counted_after_it():
    """The base is that of the meeting, before the subdivision; the count is of the day on which the book begins."""
    facts = begun(older(**counted(used_before="40")), event("SharesSubdivided", "20 June 2024", into="5"))
    found = standing(facts, "repurchase", "2024-07-08")
    assert (found.limit, found.used, found.headroom) == (250_000, 40, 249_960)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"used_before": "5"}, "counted_on"),
        ({"counted_on": "1 July 2024"}, "counted_on"),
        ({"used_before": "5", "counted_on": "2 May 2024"}, "counted_on"),
        ({"extended_before": "5", "counted_on": "1 July 2024"}, "extended_before"),
    ],
)
def test_a_count_of_the_time_before_the_book_has_its_day_and_something_to_count(said, field):
    written = {"effective_on": "3 May 2024", "mandate": "m", "purpose": "issue", "percent": "20", "base": "500,000", **said}
    event_made, problems = build(MandateGranted, written)
    assert event_made is None
    assert [name for name, _ in problems] == [field]


# --- when a mandate ends ------------------------------------------------------------------------------------------


def polled(on, annual=None, meeting="General meeting"):
    said = {} if annual is None else {"annual": annual}
    return event(
        "PollResultDeclared", on, meeting=meeting, resolution="1", subject="accounts", votes="ordinary: 1 for, 0 against", **said
    )  # fmt: skip


def year_end(day):
    return event("IssuerDetailsChanged", "1 July 2024", financial_year_end=day)


def test_a_meeting_that_does_not_say_whether_it_is_the_annual_one_leaves_the_mandate_in_doubt():
    facts = book(granted(), polled("20 June 2025", meeting="annual general meeting"))
    found = standing(facts, "issue", "2025-06-20")
    why = "whether the meeting of 20 June 2025 was the annual general meeting is not recorded"
    assert (found.ended, found.in_doubt.why, found.in_doubt.entry) == (None, why, 6)
    assert unknowns(facts) == [("HK321", f"whether mandate issue is in force is not known: {why}")]


def test_one_result_of_a_meeting_that_says_it_is_the_annual_one_is_enough():
    facts = book(granted(), polled("20 June 2025"), polled("20 June 2025", annual="yes"), polled("20 June 2025", annual="no"))
    assert standing(facts, "issue").ended.on == date(2025, 6, 20)


def test_a_mandate_granted_by_an_annual_general_meeting_ends_those_of_both_purposes():
    facts = book(granted(), REPURCHASE, granted("issue-2025", "20 June 2025", annual="yes"))
    assert [standing(facts, code).ended.on for code in ("issue", "repurchase")] == [date(2025, 6, 20)] * 2


def test_a_mandate_refreshed_at_another_meeting_ends_only_that_of_its_purpose():
    facts = book(granted(), REPURCHASE, granted("issue-b", "20 December 2024", annual="no"))
    assert standing(facts, "issue").ended.on == date(2024, 12, 20)
    assert standing(facts, "repurchase", "2024-12-31").in_doubt is None


@pytest.mark.parametrize(("on", "doubted"), [("2025-07-02", False), ("2025-07-03", True)])
def test_after_twelve_months_without_an_annual_general_meeting_a_mandate_is_in_doubt(on, doubted):
    facts = book(granted())
    assert (standing(facts, "issue", on).in_doubt is not None) is doubted
    assert (unknowns(facts, date.fromisoformat(on)) != []) is doubted


@pytest.mark.parametrize(
    ("ends", "annual", "latest"),
    [
        # Granted on 2 July 2024: the meeting for the year to 31 December 2023 was due by 30 June 2024.
        ("31 December", None, "2025-06-30"),
        # The meeting for the year to 31 March 2024 is due by 30 September 2024; this may have been it.
        ("31 March", "yes", "2025-09-30"),
        ("31 March", "no", "2024-09-30"),
        ("31 March", None, "2025-09-30"),
        ("30 June", "no", "2024-12-31"),
        ("30 June", "yes", "2025-12-31"),
        ("29 February", "no", "2024-08-31"),
        ("29 February", "yes", "2025-08-31"),
        ("15 April", "yes", "2025-10-15"),
    ],
)
def test_the_year_end_gives_the_latest_end_of_a_mandate(ends, annual, latest):
    grant = granted(**({"annual": annual} if annual else {}))
    facts = book(year_end(ends), grant)
    assert standing(facts, "issue", "2024-07-08").latest_end == date.fromisoformat(latest)
    on_the_day, after = standing(facts, "issue", latest), standing(facts, "issue", "2026-01-01")
    assert on_the_day.ended is None
    assert (after.ended.on, after.ended.entry) == (date.fromisoformat(latest), None)


def test_between_the_two_days_by_which_its_meeting_may_be_due_a_mandate_is_in_doubt():
    facts = book(year_end("31 March"), granted())
    assert standing(facts, "issue", "2024-09-30").in_doubt is None
    assert standing(facts, "issue", "2024-10-01").in_doubt.why == (
        "whether the meeting of 2 July 2024 was the annual general meeting, due by 30 September 2024, is not recorded"
    )


def test_an_annual_general_meeting_held_before_the_grant_leaves_that_of_the_next_year():
    held = polled("2 July 2024", annual="yes")
    facts = book(year_end("31 March"), held, granted("issue", "2 August 2024", annual="no"))
    assert standing(facts, "issue", "2024-12-31").latest_end == date(2025, 9, 30)


@pytest.mark.parametrize(("on", "found"), [("30 June 2025", []), ("2 July 2025", ["HK303"])])
def test_what_is_done_after_the_last_day_for_the_meeting_is_done_without_a_mandate(on, found):
    facts = book(year_end("31 December"), REPURCHASE, bought(on, "10"))
    assert codes(facts) == found


def test_repurchases_extend_a_mandate_by_a_tenth_of_its_base_at_most():
    """A tenth of 500,000: of three purchases of 30,000, 30,000 and 5,000 the first adds all, the second 20,000, the last none."""
    purchases = [bought("3 July 2024", "30,000"), bought("4 July 2024", "30,000"), bought("5 July 2024", "5,000")]
    books = (book(REPURCHASE, EXTENDED, *purchases[:number]) for number in range(4))
    assert [standing(each, "issue").headroom for each in books] == [100_000, 130_000, 150_000, 150_000]
