"""What each fact moves, row by row (tests/events), written by hand as `book code: source -> target quantity`."""

from __future__ import annotations

import pytest

from domain.capital.balances import apply
from domain.capital.position import Position
from domain.events import Event
from tests.domain.book_of import entry, event, spelled
from tests.events import EVENT_FILES
from tests.samples import sample

CLASSES = {"class_label": "WVR ordinary shares"}
# The book in which the rows of tests/events stand.
STANDING = [
    event("ShareClassCreated", "2024-01-01", share_class="A", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="B", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="C", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="Z", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="R", authorised="registered", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="W", par_value="USD 0.000000025", **CLASSES),
    event("SchemeAdopted", "2024-01-01", scheme="2024 Scheme", share_class="B", particulars="Options", limit="1,000"),
    event("SchemeAdopted", "2024-01-01", scheme="nominee", share_class="B", particulars="Existing shares", existing_shares="yes"),
    event("SchemeAdopted", "2024-01-01", scheme="nominee awards", share_class="B", particulars="Existing shares", existing_shares="yes", awards="yes"),
    event("SchemeAdopted", "2024-01-01", scheme="2024 Awards", share_class="B", particulars="Awards", limit="600", awards="yes"),
    event("SchemeAdopted", "2024-01-01", scheme="2023 Scheme", share_class="B", particulars="Options"),
    event("SchemeAdopted", "2024-01-01", scheme="unlimited", share_class="B", particulars="Options"),
    event("MandateGranted", "2024-01-01", mandate="issue-2024", purpose="issue", percent="20", base="1,000"),
    event("MandateGranted", "2024-01-01", mandate="repurchase-2024", purpose="repurchase", percent="10", base="1,000"),
    event(
        "WarrantsIssued", "2024-01-01", instrument="warrants-2026", share_class="B", description="Warrants", shares="9",
        warrants="9",
    ),
    event(
        "ConvertiblesIssued", "2024-01-01", instrument="cb-2027", share_class="B", description="Bonds", shares="9",
        amount="HKD 9",
    ),
    event("IssueAgreed", "2024-01-01", agreement="subscription", share_class="B", description="Agreed", shares="9"),
    event(
        "IssueAgreed", "2024-01-01", agreement="under-mandate", share_class="B", description="Agreed", shares="9",
        mandate="issue-2024",
    ),
]  # fmt: skip

ROWS = [(kind, row.fields, row.moves) for kind, file in EVENT_FILES.items() for row in file.movements]
MOVE_NOTHING = [kind for kind, file in EVENT_FILES.items() if file.written.get("movements") == []]


def movements_of(kind: type[Event], /, **written: object) -> list[str]:
    position = Position()
    for number, each in enumerate(STANDING, 1):
        apply(position, entry(number, each))
    return spelled(apply(position, entry(100, sample(kind.__name__, **written))).movements)


@pytest.mark.parametrize(("kind", "written", "expected"), ROWS, ids=[f"{kind.__name__} {written}" for kind, written, _ in ROWS])
def test_a_fact_moves_what_its_row_says(kind, written, expected):
    assert movements_of(kind, **written) == expected


@pytest.mark.parametrize("kind", MOVE_NOTHING, ids=lambda kind: kind.__name__)
def test_a_fact_without_a_row_moves_nothing(kind):
    assert movements_of(kind) == []


def test_a_decrease_of_a_nominees_shares_takes_them_out_of_those_outstanding():
    position = Position()
    for number, each in enumerate(STANDING, 1):
        apply(position, entry(number, each))
    apply(position, entry(100, sample("SchemeSharesMoved", shares="2,025,689,829")))
    apply(position, entry(101, sample("SchemeSharesMoved", shares="-20,535,830")))
    assert position.totals["scheme", "nominee", "outstanding"] == 2_005_153_999
