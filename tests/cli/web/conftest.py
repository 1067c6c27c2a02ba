"""A book to look at: two classes, a year of facts, a return that was filed, and a correction learnt later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import chdir
from datetime import datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cli import wiring
from cli.web.app import application
from cli.web.desk import Desk
from cli.web.shelf import Shelf
from infrastructure.opening import open_database
from tests.cli.running import CODE, at, done, fact, write

FACTS = (
    fact("IssuerRegistered", effective_on="2024-01-02", issuer=CODE, name="Example & Sons <Limited>", chinese_name="例子有限公司"),
    fact(
        "ShareClassCreated", effective_on="2024-01-02", share_class="B", class_label="WVR ordinary shares", type_label="B",
        listed=True, stock_code=CODE, par_value="USD 0.001",
    ),
    fact("ShareClassCreated", effective_on="2024-01-02", share_class="A", class_label="WVR ordinary shares", type_label="A"),
    fact("AuthorisedCapitalIncreased", effective_on="2024-01-02", share_class="B", shares=100_000),
    fact("AuthorisedCapitalIncreased", effective_on="2024-01-02", share_class="A", shares=10_000),
    fact("BalanceBroughtForward", effective_on="2024-01-02", share_class="B", held=50_000, filings_recorded_from="2025-01-06"),
    fact("BalanceBroughtForward", effective_on="2024-01-02", share_class="A", held=5_000),
    fact(
        "MandateGranted", effective_on="2024-06-14", mandate="issue-2024", purpose="issue", percent="20", base=55_000,
    ),
    fact("PlacingCompleted", effective_on="2024-12-17", share_class="B", shares=3_000, price="HKD 1.5", mandate="issue-2024"),
)  # fmt: skip
"""Entries 1 to 9. Entry 10 is the Monthly Return for December 2024, filed; entry 11 corrects the placing to 4,000 shares."""

FILED_AT, CORRECTED_AT = "2025-01-06T10:00+08:00", "2025-01-20T10:00+08:00"
NOW = "2025-01-21T07:00+08:00"
BETWEEN = "2025-01-10T12:00"
"""An instant between the filing and the correction."""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the book was made, once for all tests."""
    folder = tmp_path_factory.mktemp("book")
    with chdir(folder):
        with at(FILED_AT):
            done("record", "--file", write("facts.jsonl", *FACTS))
            done("file", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "-o", "filed.pdf")
        with at(CORRECTED_AT):
            done("correct", "9", "--shares", "4,000")
    return folder


@pytest.fixture
def store(made: Path, folder: Path) -> str:
    """The book in a store of the test's own, in the working folder."""
    for name in ("captable.db", "filed.pdf"):
        shutil.copy(made / name, folder / name)
    return str(folder / "captable.db")


MAKER, CHECKER = "Wong Mei Ling", "Chan Siu Ming"


@pytest.fixture
def waiting_store(store: str) -> str:
    """Entry 12 requires release; 13 issues 500 shares and 14 corrects the placing of entry 11 to 4,200: both wait."""
    with at(NOW):
        done("record", "release-requirement-set", "--on", "2025-01-20", "--by", MAKER)
        done("record", "other-shares-issued", "--on", "2025-01-20", "--class", "B", "--shares", "500", "--by", MAKER,
             "--source", "letter of 20 January")  # fmt: skip
        done("correct", "11", "--shares", "4,200", "--by", MAKER)
    return store


def desk_of(place: str, now: str = NOW, *, writable: bool = False) -> Desk:
    """A desk over a store whose clock stands still."""
    moment = datetime.fromisoformat(now)

    def clock() -> datetime:
        return moment

    return Desk(Shelf(open_database(place, create=False, writable=writable), clock), clock, wiring.trading_days())


def client_of(place: str, now: str = NOW) -> TestClient:
    """A client of a store whose clock stands still."""
    return TestClient(application(desk_of(place, now)), base_url="http://127.0.0.1")


@pytest.fixture
def desk(store: str) -> Iterator[Desk]:
    """The book as it is asked on 21 January 2025."""
    found = desk_of(store)
    yield found
    found.store.close()


@pytest.fixture
def app(desk: Desk) -> Starlette:
    return application(desk)


@pytest.fixture
def client(app: Starlette) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=True)
