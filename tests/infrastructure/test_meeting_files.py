"""Files of general meetings: what is read of one, and every problem of one that cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.meetings.poll import Extension, MandateTerms, ScrutineerCount
from infrastructure.readers.meetings import read_meeting
from infrastructure.readers.records import UnreadableFile

HEAD = "- {meeting: annual general meeting, on: 23 June 2023%s}\n"
VOTES = "votes: ['A 900 for, 0 against', 'B 500 for, 40 against, 540 voted at 1 vote']"


def motion(more: str = "", votes: str = VOTES) -> str:
    return f"- resolution: 6\n  subject: Mandate to repurchase\n  {votes}\n{more}"


def read(text: str, name: str = "agm.yaml"):
    return read_meeting(name, text.encode())


def test_a_meeting_has_its_resolutions_with_the_shares_that_voted():
    more = "  special: yes\n  mandate: rep\n  purpose: repurchase\n  percent: 10 %\n  classes: [A, B]\n"
    found = read(HEAD % ", abstain: 70, abstain_in_favour: 0, annual: yes, scrutineer: Example Registrars" + motion(more)).meeting
    assert (found.name, found.on) == ("annual general meeting", date(2023, 6, 23))
    assert (found.abstain, found.abstain_in_favour, found.annual, found.scrutineer) == (70, 0, True, "Example Registrars")
    (resolution,) = found.motions
    assert (resolution.number, resolution.special, resolution.reserved) == ("6", True, False)
    assert resolution.mandate == MandateTerms("rep", "repurchase", Decimal(10), ("A", "B"))
    assert resolution.counted == (ScrutineerCount("A", 900, 0), ScrutineerCount("B", 500, 40, 1, 540))


def test_a_resolution_may_extend_a_mandate_by_another():
    (resolution,) = read(HEAD % "" + motion("  extends: issue\n  extended_by: rep\n")).meeting.motions
    assert (resolution.mandate, resolution.extension) == (None, Extension("issue", "rep"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD % ", abstain: -1" + motion(), "agm.yaml:1: abstain: expected a number of shares of zero or more, got -1"),
        (
            HEAD % "" + motion(votes="votes: []"),
            "agm.yaml:4: votes: expected shares voted such as B 9,040,397,120 for, 131,000 against",
        ),
        (HEAD % "" + motion(votes="votes: [B some for]"), "agm.yaml:4: votes: expected shares voted such as B 9,040,397,120 for"),
        (HEAD % "" + motion("  classes: [A]\n"), "agm.yaml:2: mandate: missing; classes are those that a mandate counts"),
        (
            HEAD % "" + motion("  mandate: rep\n  percent: 10\n"),
            "agm.yaml:2: purpose: missing; a mandate is mandate, purpose, percent",
        ),
        (HEAD % "" + motion("  extends: issue\n"), "agm.yaml:2: extended_by: missing; an extension is extends, extended_by"),
        (
            HEAD % "" + motion("  mandate: rep\n  purpose: buy\n  percent: 10\n"),
            "agm.yaml:6: purpose: expected issue or repurchase, got buy",
        ),
        (
            HEAD % "" + motion("  mandate: rep\n  purpose: issue\n  percent: 120\n"),
            "agm.yaml:7: percent: expected a percentage above 0 and at most 100, got 120",
        ),
        (HEAD % ", chair: Ho Siu Ming" + motion(), "agm.yaml:1: chair: unknown field; expected one of meeting, on, "),
        (HEAD % "", "agm.yaml: expected one meeting and its resolutions, got 1 and 0"),
        (motion(), "agm.yaml: expected one meeting and its resolutions, got 0 and 1"),
        (HEAD % "" + "- resolution: 7\n", "agm.yaml:2: subject: missing"),
    ],
)
def test_a_problem_is_named_with_its_line_and_field(text, said):
    found = read(text)
    assert found.meeting is None
    assert str(found.problems[0]).startswith(said)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("agm.yaml", b"- meeting: agm\n  on: \xff\n", "agm.yaml:2: expected text in UTF-8"),
        ("agm.txt", b"- meeting: agm\n", "agm.txt: expected a file named .yaml, .yml or .jsonl, got .txt"),
    ],
)
def test_a_file_that_is_no_text_in_a_known_format_is_refused(name, content, said):
    with pytest.raises(UnreadableFile) as refused:
        read_meeting(name, content)
    assert str(refused.value) == said
