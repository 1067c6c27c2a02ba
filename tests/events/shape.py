"""The shape of a YAML file of tests, and where a file does not have it.

A shape is a list of one shape; or a mapping from keys to shapes, `?` after those that may be missing, `*` where any other key may
stand; or the pattern of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any


def faults(written: Any, shape: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Each place that is wrong in what is written, and what is expected there."""
    if isinstance(shape, str):
        if not isinstance(written, str) or not re.fullmatch(shape, written, re.DOTALL):
            yield where, f"{written!r}; expected {'a text' if shape == '.+' else shape}"
    elif type(written) is not type(shape):
        yield where, f"{written!r}; expected {'a list' if isinstance(shape, list) else ', '.join(shape)}"
    elif isinstance(shape, list):
        for number, row in enumerate(written, 1):
            yield from faults(row, shape[0], f"{where}[{number}]")
    else:
        yield from _faults_by_key(written, shape, f"{where}." if where else "")


def _faults_by_key(written: dict[str, Any], shape: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    known = {key.rstrip("?"): each for key, each in shape.items()}
    for key, each in known.items():
        if key in written:
            yield from faults(written[key], each, where + key)
        elif key in shape and key != "*":
            yield where + key, "missing"
    if "*" not in shape:
        yield from ((where + key, f"no such key; expected {', '.join(known)}") for key in written if key not in known)
