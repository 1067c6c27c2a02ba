"""What is wrong in the file of an event is a failure of its test, names its place, and stops no other test."""

from __future__ import annotations

import pytest

import tests.events
from domain import events
from tests.events import file_of, path_of
from tests.events.test_nothing_is_missing import missing

WHOLE = path_of(events.TreasurySharesCancelled).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "expected", "left_out"),
    [
        ("shares: 1,013,000", "share: 1,013,000", "sample: shares: missing", "sample"),
        ("same day: ordinary", "same day: noon", "same day: 'noon'; expected set-up|reorganisation|", "same day"),
        ("treasury -> unissued 700", "treasury to unissued 700", "movements[1].moves[1]: 'shares B: treasury to", "movements"),
        ("mark: unverified", "marked: unverified", "categories[1].mark: missing", "categories"),
        ("part: E", "part: F", "categories[1].part: 'F'; expected A|B|C|D|E", "categories"),
        ("at most: treasury", "at most: pending", "histories.at most: 'pending'; expected unissued|held|treasury", "histories"),
        ("histories: {at most: treasury, ", "histories: {", "histories: share_class: missing", "histories"),
        ("stored:", "rows:", "stored: missing", "stored"),
        (
            "event: TreasurySharesCancelled",
            "event: SharesCancelled",
            "event: 'SharesCancelled'; expected TreasuryShares",
            "event",
        ),
    ],
)
def test_a_fault_names_its_place_and_only_what_is_right_is_used(right, wrong, expected, left_out, tmp_path, monkeypatch):
    monkeypatch.setattr(tests.events, "FOLDER", tmp_path)
    assert WHOLE.count(right)
    path_of(events.TreasurySharesCancelled).write_text(WHOLE.replace(right, wrong, 1), encoding="utf-8")
    file = file_of.__wrapped__(events.TreasurySharesCancelled)
    assert any(fault.startswith(expected) for fault in file.faults), file.faults
    assert left_out not in file.written
    assert len(file.written) >= 7


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"sample: {", "line 1, column 10"),
        (b"\xff", "invalid start byte"),
        (b"", "None; expected event, "),
        (None, "a file with event"),
    ],
)
def test_a_file_that_cannot_be_read_is_empty(written, expected, tmp_path, monkeypatch):
    monkeypatch.setattr(tests.events, "FOLDER", tmp_path)
    if written is not None:
        path_of(events.TreasurySharesCancelled).write_bytes(written)
    file = file_of.__wrapped__(events.TreasurySharesCancelled)
    assert expected in file.faults[0]
    assert file.written == {}


def test_every_place_of_a_new_event_is_named_at_once():
    class SharesNobodyKnows(events.ClassMovement):
        """A class that is in no table."""

    named = "\n".join(missing(SharesNobodyKnows))
    for place in (
        "EVENTS at the end", "a file with event, sample, same day, movements", "SAME_DAY_PRECEDENCE", "POSTINGS", "CATEGORIES",
        "LISTS", "a scenario", "random histories", "docs/events.md",
    ):  # fmt: skip
        assert place in named
