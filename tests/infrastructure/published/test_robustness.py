"""Damaged copies: what is read wrongly is marked doubtful. The full measure is `python -m tests.benchmarks.bench_readers`."""

from __future__ import annotations

from tests.infrastructure.published.robustness import measured, returns

DAMAGES = 400
MOST_SILENT = 0
"""Of some 300 damaged numbers of shares; at length one in 10,000 may be wrong in silence, of dates and prices one in 1,000."""


def test_what_a_damage_makes_unreadable_is_not_read_wrongly_in_silence() -> None:
    tally = measured(list(returns().values()), DAMAGES, seed=3)
    assert tally.hit["counts"] > DAMAGES // 2
    assert tally.unreadable < tally.copies // 10
    assert tally.silent.total() == MOST_SILENT, tally.examples
