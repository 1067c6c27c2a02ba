"""Places for new stores: a file, a PostgreSQL server, and one that brings all transactions in one order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql

ENGINES = ("file", "server", "serializable server")


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store is yet to be made, on each engine in turn."""
    if request.param == "file":
        yield str(tmp_path / "book.db")
        return
    isolation = "serializable" if "serializable" in request.param else "read committed"
    yield from postgresql.lent(default_transaction_isolation=isolation)
