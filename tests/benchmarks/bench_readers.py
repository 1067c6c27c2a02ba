"""How well and how fast published returns are read: `python -m tests.benchmarks.bench_readers [DAMAGES] [SEED]`.

Prints how long a return takes on this machine, and how many cells of randomly damaged copies are read wrongly without a doubt.
Nothing here passes or fails; `tests/infrastructure/published/test_robustness.py` holds a shorter run to the limits.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from infrastructure.files.published import read_return
from infrastructure.renderers import render
from tests.infrastructure.published.robustness import measured, returns

DAMAGES, SEED = 6_000, 1
RUNS = 7


def print_times() -> None:
    """Milliseconds to read a return, by the clock and of this processor, once the libraries are loaded."""
    print(f"{'return':34}{'format':>8}{'ms':>8}{'processor ms':>14}")
    for name, document in returns().items():
        for kind in ("pdf", "html", "text"):
            wall, processor = _taken(render(document, kind), name)
            print(f"{name:34}{kind:>8}{wall:8.0f}{processor:14.0f}")


def _taken(content: bytes, name: str) -> tuple[float, float]:
    walls, processors = [], []
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        read_return(content, name)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return 1_000 * median(walls), 1_000 * median(processors)


def print_damages(count: int, seed: int) -> None:
    """Read copies with so many damages and print what was read of their cells."""
    tally = measured(list(returns().values()), count, seed)
    print(f"\n{tally.damages:,} damages in {tally.copies:,} copies, of which {tally.unreadable:,} were refused with a message")
    print(f"{'cells':14}{'seen':>10}{'damaged':>10}{'silently wrong':>16}{'one in':>10}")
    for group, hit in sorted(tally.hit.items()):
        silent = tally.silent[group]
        print(f"{group:14}{tally.seen[group]:10,}{hit:10,}{silent:16,}{hit // silent if silent else '-':>10}")
    print("\n".join(tally.examples[:60]))


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    print_times()
    print_damages(*(*given, *(DAMAGES, SEED)[len(given) :]))
