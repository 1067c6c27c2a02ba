"""General meetings: the table on the book of the day, the facts it leaves, and the mandates of 2023."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from application import meeting as meetings
from application.record import record
from domain import events
from domain.errors import NotFound
from domain.events.fields import FieldError
from domain.meetings.poll import Extension, MandateTerms, Meeting, Motion, NotCounted, ScrutineerCount
from infrastructure.readers.poll_results import read_poll_results
from tests.conftest import worked_issuer
from tests.domain.book_of import draft, event

ISSUER = "00020"
ON = date(2023, 6, 23)
FILED = Path(__file__).parents[1] / "filed" / "poll-results-2023-06-23" / "table.txt"
REPURCHASE = MandateTerms("repurchase-agm", "repurchase", Decimal(10))
ISSUE = MandateTerms("issue-agm", "issue", Decimal(20))
A = ScrutineerCount("A", 7_520_115_072, 0)


@pytest.fixture
def book(store):
    """The worked issuer's book up to the end of 2024."""
    record(store, ISSUER, worked_issuer())
    return store


def meeting(*motions, on=ON):
    return Meeting("annual general meeting", on, motions)


MANDATES = (
    Motion("6", "mandate to repurchase", (A, ScrutineerCount("B", 9_040_397_120, 131_000)), mandate=REPURCHASE),
    Motion("7", "mandate to issue", (A, ScrutineerCount("B", 8_626_875_483, 413_652_637)), mandate=ISSUE),
)


def test_the_table_has_the_totals_of_the_filing(book):
    table = meetings.poll_table(book, ISSUER, meeting(*MANDATES))
    assert table.base() == 33_468_925_000
    assert sum(part.shares for part in table.entitled) == 33_468_925_000
    assert {part.share_class: (part.shares, part.votes_per_share) for part in table.entitled} == {
        "A": (7_520_115_072, 10),
        "B": (25_948_809_928, 1),
    }
    sixth, seventh = (each.total for each in table.resolutions)
    assert (sixth.votes_for, sixth.percent_for, sixth.votes_cast) == (84_241_547_840, "99.999844%", 84_241_678_840)
    assert (seventh.votes_for, seventh.percent_against, seventh.shares_voted) == (83_828_026_203, "0.491031%", 16_560_643_192)


def test_the_mandates_of_2023_are_granted_on_the_base_of_the_book(book):
    table = meetings.poll_table(book, ISSUER, meeting(*MANDATES))
    granted = [draft.event for _, draft in meetings.facts(table, "tests") if isinstance(draft.event, events.MandateGranted)]
    assert [(each.mandate, each.purpose, each.base, each.effective_on) for each in granted] == [
        ("repurchase-agm", "repurchase", 33_468_925_000, ON),
        ("issue-agm", "issue", 33_468_925_000, ON),
    ]


def test_what_was_resolved_is_recorded_and_gives_the_published_limits(book):
    table = meetings.poll_table(book, ISSUER, meeting(*MANDATES))
    recorded = record(book, ISSUER, [draft for _, draft in meetings.facts(table, "tests", "the poll")])
    assert [type(entry.event).__name__ for entry in recorded.entries] == ["PollResultDeclared"] * 2 + ["MandateGranted"] * 2
    assert {entry.source for entry in recorded.entries} == {"the poll"}
    mandates = recorded.book.position.terms.mandates
    assert (mandates["issue-agm"].limit, mandates["repurchase-agm"].limit) == (6_693_785_000, 3_346_892_500)
    declared = [entry.event for entry in book.entries(ISSUER) if isinstance(entry.event, events.PollResultDeclared)]
    assert [each.result.total.votes_for for each in declared] == [84_241_547_840, 83_828_026_203]


def test_a_mandate_that_was_not_carried_is_not_granted(book):
    lost = Motion("7", "mandate to issue", (ScrutineerCount("A", 0, 7_520_115_072), ScrutineerCount("B", 9, 0)), mandate=ISSUE)
    table = meetings.poll_table(book, ISSUER, meeting(MANDATES[0], lost))
    kinds = [type(draft.event).__name__ for _, draft in meetings.facts(table, "tests")]
    assert kinds == ["PollResultDeclared", "PollResultDeclared", "MandateGranted"]
    assert meetings.lost_mandates(table) == ("issue-agm",)


FOR, AGAINST = (ScrutineerCount("B", 9, 0),), (ScrutineerCount("B", 0, 9),)


@pytest.mark.parametrize(
    ("sixth", "eighth", "extended_by"),
    [
        pytest.param(FOR, FOR, "repurchase-agm", id="both carried"),
        pytest.param(FOR, AGAINST, None, id="the extension lost"),
        pytest.param(AGAINST, FOR, None, id="the mandate to repurchase lost"),
    ],
)
def test_a_mandate_is_extended_where_both_resolutions_are_carried(book, sixth, eighth, extended_by):
    motions = (
        Motion("8", "extension", eighth, extension=Extension("issue-agm", "repurchase-agm")),
        Motion("7", "mandate to issue", FOR, mandate=ISSUE),
        Motion("6", "mandate to repurchase", sixth, mandate=REPURCHASE),
    )
    table = meetings.poll_table(book, ISSUER, meeting(*motions))
    drafts = [draft for _, draft in meetings.facts(table, "tests")]
    record(book, ISSUER, drafts)
    granted = {each.event.mandate: each.event for each in drafts if isinstance(each.event, events.MandateGranted)}
    assert granted["issue-agm"].extended_by == extended_by


def test_an_extension_of_what_the_meeting_does_not_grant_is_refused(book):
    stray = Motion("8", "extension", FOR, extension=Extension("issue-2023", "repurchase-2023"))
    with pytest.raises(NotCounted, match="resolution 8: extends issue-2023, and no resolution of this meeting grants"):
        meetings.poll_table(book, ISSUER, meeting(stray))


def test_treasury_shares_are_neither_entitled_to_vote_nor_in_the_base(book):
    bought = event("SharesRepurchased", "2024-12-20", share_class="B", shares="1,000,000", intention="treasury")
    record(book, ISSUER, [draft(bought, "bought")])
    table = meetings.poll_table(
        book, ISSUER, meeting(Motion("1", "accounts", (ScrutineerCount("B", 1, 0),)), on=date(2024, 12, 31))
    )
    assert table.base() == 37_007_371_000 - 1_000_000
    assert sum(part.shares for part in table.entitled) == 37_006_371_000
    assert sum(balance.total_issued for balance in table.issued) == 37_007_371_000


@pytest.mark.parametrize(
    ("on", "counted", "message"),
    [
        pytest.param(
            ON, ScrutineerCount("B", 25_948_809_929, 0), "1 more than the 25,948,809,928 in issue", id="more votes than shares"
        ),
        pytest.param(
            ON, ScrutineerCount("B", 9, 1, None, 9), "9 for and 1 against make 10, not the 9", id="votes that do not add up"
        ),
        pytest.param(ON, ScrutineerCount("C", 9, 1), "class C did not exist at the meeting of 23 June 2023", id="no such class"),
    ],
)
def test_a_count_that_the_meeting_cannot_have_given_is_refused(book, on, counted, message):
    with pytest.raises(NotCounted, match=message):
        meetings.poll_table(book, ISSUER, meeting(Motion("1", "accounts", (counted,)), on=on))


def test_a_meeting_before_the_book_begins_is_not_counted(book):
    with pytest.raises(NotFound, match="the book begins at close of 29 December 2021"):
        meetings.poll_table(book, ISSUER, meeting(Motion("1", "accounts", (ScrutineerCount("B", 9, 1),)), on=date(2021, 12, 28)))


def test_a_meeting_on_the_day_the_class_came_into_being_may_vote(book):
    table = meetings.poll_table(
        book, ISSUER, meeting(Motion("1", "accounts", (ScrutineerCount("B", 9, 1),)), on=date(2021, 12, 29))
    )
    assert table.resolutions[0].passed


def test_the_book_may_be_asked_as_it_was_known_before(book):
    with pytest.raises(NotCounted):
        meetings.poll_table(book, ISSUER, meeting(*MANDATES), datetime(2020, 1, 1, tzinfo=UTC))


def test_a_resolution_that_names_an_event_cannot_hold_is_refused(book):
    table = meetings.poll_table(book, ISSUER, meeting(Motion("1", "line\nbreak", (ScrutineerCount("B", 9, 1),))))
    with pytest.raises(FieldError, match="printable text"):
        list(meetings.facts(table, "tests"))


def test_the_filed_table_agrees_with_the_book_but_for_its_own_faults(book):
    poll = read_poll_results(FILED.name, FILED.read_bytes())
    assert [finding.code for finding in meetings.mistakes(poll, book, ISSUER, ON)] == ["HK803"] * 6 + ["HK806"]
    assert meetings.mistakes(poll) == meetings.mistakes(poll, book, ISSUER, ON)


def test_the_filed_table_does_not_fit_the_book_of_another_day(book):
    poll = read_poll_results(FILED.name, FILED.read_bytes())
    codes = [finding.code for finding in meetings.mistakes(poll, book, ISSUER, date(2024, 12, 31))]
    # 614,034,470 class A shares were left by then.
    assert codes.count("HK809") == 10
    assert meetings.entitled_on(book, ISSUER, date(2024, 12, 31))[1].shares == 614_034_470


# --- classes that count, and classes without votes ------------------------------------------------------------------


LATER = date(2025, 6, 20)
ORDINARY = ScrutineerCount("O", 600_000, 100_000)


@pytest.fixture
def of_several_classes(store):
    """1,000,000 ordinary shares, 200,000 without votes, and a class that was abolished on the last of May."""
    facts = [
        event("IssuerRegistered", "2 January 2020", issuer="09997", name="Quarry Example Limited"),
        event("ShareClassCreated", "2 January 2020", share_class="O", class_label="Ordinary shares", listed="yes"),
        event("ShareClassCreated", "2 January 2020", share_class="P", class_label="Preference shares", votes_per_share="0"),
        event("ShareClassCreated", "2 January 2020", share_class="W", class_label="Founder shares", votes_per_share="10"),
        *(event("AuthorisedCapitalIncreased", "2 January 2020", share_class=code, shares="2,000,000") for code in "OPW"),
        event("BalanceBroughtForward", "30 April 2025", share_class="O", held="900,000"),
        event("BalanceBroughtForward", "30 April 2025", share_class="P", held="200,000"),
        event("BalanceBroughtForward", "30 April 2025", share_class="W", held="100,000"),
        event("ClassAConvertedToB", "30 May 2025", from_class="W", to_class="O", shares="100,000"),
        event("AuthorisedCapitalReduced", "31 May 2025", share_class="W", shares="2,000,000"),
        event("ShareClassAbolished", "31 May 2025", share_class="W"),
    ]
    record(store, "09997", [draft(each, f"fact {number}") for number, each in enumerate(facts)])
    return store


def test_shares_without_votes_are_neither_entitled_nor_in_the_base_of_a_mandate(of_several_classes):
    table = meetings.poll_table(
        of_several_classes, "09997", meeting(Motion("1", "mandate", (ORDINARY,), mandate=REPURCHASE), on=LATER)
    )
    assert {part.share_class: part.shares for part in table.entitled} == {"O": 1_000_000}
    assert (table.base(), table.without_votes) == (1_000_000, 200_000)
    (granted,) = (d.event for _, d in meetings.facts(table, "secretary") if isinstance(d.event, events.MandateGranted))
    assert (granted.base, granted.classes) == (1_000_000, ())


def test_a_mandate_counts_the_classes_that_its_resolution_names(of_several_classes):
    both = MandateTerms("issue", "issue", Decimal(20), ("O", "P"))
    table = meetings.poll_table(of_several_classes, "09997", meeting(Motion("1", "mandate", (ORDINARY,), mandate=both), on=LATER))
    (granted,) = (d.event for _, d in meetings.facts(table, "secretary") if isinstance(d.event, events.MandateGranted))
    assert (granted.base, granted.classes) == (1_200_000, ("O", "P"))


@pytest.mark.parametrize(
    ("motion", "said"),
    [
        pytest.param(Motion("1", "accounts", (ScrutineerCount("P", 5, 0),)), "class P: its shares carry no votes", id="no votes"),
        pytest.param(Motion("1", "accounts", (ScrutineerCount("W", 5, 0),)), "class W did not exist at the meeting of 20 June 2025", id="over"),
        pytest.param(
            Motion("1", "mandate", (ORDINARY,), mandate=MandateTerms("m", "issue", Decimal(20), ("W",))),
            "class W did not exist at the meeting of 20 June 2025",
            id="mandate over a class that is over",
        ),
    ],
)  # fmt: skip
def test_a_class_without_votes_or_one_that_is_over_does_not_vote(of_several_classes, motion, said):
    with pytest.raises(NotCounted, match=said):
        meetings.poll_table(of_several_classes, "09997", meeting(motion, on=LATER))
