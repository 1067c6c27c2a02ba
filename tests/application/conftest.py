"""The book that these tests record into."""

from __future__ import annotations

import pytest

from application.record import record
from tests.application.facts import ISSUER
from tests.application.fake_store import FakeStore
from tests.domain.book_of import drafts, set_up


@pytest.fixture
def book():
    """A store with an issuer of 500,000 held shares of 1,000,000 authorised, 3,000 in treasury, 200 pending: entries 1 to 4."""
    store = FakeStore()
    record(store, ISSUER, drafts(*set_up(treasury="3,000", pending="200"), prefix="set-up"))
    return store
