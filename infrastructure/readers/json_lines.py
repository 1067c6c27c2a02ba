"""JSON Lines: one flat object a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from infrastructure.readers.rows import FileProblem, RecordRow
from infrastructure.readers.values import quoted

LONGEST_LINE = 1_000_000


class _Twice(ValueError):
    """A field that stands twice in an object."""


def read(name: str, text: str) -> Iterator[RecordRow | FileProblem]:
    """Every line that is not blank, as a record or as what is wrong with it."""
    # Only a line feed ends a line; Python's splitlines would break at characters that JSON allows in text.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _row(f"{name}:{number}", line)


def _row(place: str, line: str) -> RecordRow | FileProblem:
    if len(line) > LONGEST_LINE:
        return FileProblem(place, None, f"expected a line of at most {LONGEST_LINE:,} characters, got {len(line):,}")
    try:
        # Numbers with a point or an exponent, and NaN, stay as written: nothing passes through a float.
        found = json.loads(line, parse_float=str, parse_constant=str, object_pairs_hook=_no_twice)
    except RecursionError:
        return FileProblem(place, None, "expected a flat record, got one nested too deeply")
    except _Twice as error:
        return FileProblem(place, str(error), "appears twice in this record")
    except json.JSONDecodeError as error:
        return FileProblem(place, None, f"expected a JSON object on one line; at column {error.colno}: {error.msg}")
    except ValueError:
        return FileProblem(place, None, "expected numbers of at most 60 digits")
    return (
        RecordRow(place, found)
        if isinstance(found, dict)
        else FileProblem(place, None, "expected a JSON object, { to }, on one line")
    )


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise _Twice(quoted(Counter(key for key, _ in pairs).most_common(1)[0][0]))
    return record
