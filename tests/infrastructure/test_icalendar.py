"""A calendar file of deadlines, held against what RFC 5545 asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import pytest

from domain.disclosure.deadlines import Obligation
from domain.law.business_days import deadline
from infrastructure.renderers.icalendar import icalendar

MADE_AT = datetime(2024, 12, 17, 10, 0, 1, 999, tzinfo=UTC)
PLACING = Obligation(
    kind="next-day",
    about=date(2024, 12, 17),
    due_at=deadline(date(2024, 12, 18)),
    status="open",
    because="placing (a.i)",
    citation="13.25A(2)(a)(i)",
    confidence="verified",
)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def property_of(content: bytes, name: str) -> str:
    """A property of the one event, before its alarms."""
    (value,) = (
        line.partition(":")[2] for line in unfolded(content.partition(b"BEGIN:VALARM")[0]) if line.partition(":")[0] == name
    )
    return value


def test_a_deadline_is_one_event_in_utc():
    assert unfolded(icalendar([PLACING], "00020", MADE_AT)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//captable//due//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        "UID:00020-next-day-2024-12-17@captable",
        "DTSTAMP:20241217T100001Z",
        "DTSTART:20241218T003000Z",
        "SUMMARY:00020: Next Day Disclosure Return for 17 December 2024 is due",
        "DESCRIPTION:placing (a.i)\\n13.25A(2)(a)(i) (verified)\\nStatus: open\\n"
        "Not legal advice\\; nothing is submitted to the exchange.",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT15H30M",
        "DESCRIPTION:Next Day Disclosure Return for 17 December 2024 is due",
        "END:VALARM",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT2H",
        "DESCRIPTION:Next Day Disclosure Return for 17 December 2024 is due",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize("because", ["x" * 300, "例子集團" * 60, "a, b; c\\d " * 30, ""])
def test_lines_are_folded_at_75_octets_and_unfold_to_what_they_were(because):
    content = icalendar([attrs.evolve(PLACING, because=because)], "00020", MADE_AT)
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no character is cut in two
    written = property_of(content, "DESCRIPTION").partition("\\n13.25A")[0]
    assert written.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == because


def test_every_line_ends_with_cr_lf_and_none_with_lf_alone():
    content = icalendar([PLACING, PLACING], "00020", MADE_AT)
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")


def test_the_same_deadline_keeps_its_name_whatever_becomes_of_it():
    later = attrs.evolve(PLACING, status="filed", because="otherwise", filed=7)
    first, second = icalendar([PLACING], "00020", MADE_AT), icalendar([later], "00020", datetime.now(UTC))
    assert property_of(first, "UID") == property_of(second, "UID")


def test_a_date_that_is_not_certain_is_tentative():
    content = icalendar([attrs.evolve(PLACING, certainty="provisional")], "00020", MADE_AT)
    assert property_of(content, "STATUS") == "TENTATIVE"
    assert "Trading days: provisional" in property_of(content, "DESCRIPTION")


def test_no_deadline_is_a_calendar_all_the_same():
    assert unfolded(icalendar([], "00020", MADE_AT)) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//captable//due//EN", "CALSCALE:GREGORIAN", "END:VCALENDAR", "",
    ]  # fmt: skip
