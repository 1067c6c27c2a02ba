"""What each fact moves, row by row, written by hand as `book code: source -> target quantity`."""

from __future__ import annotations

import pytest

from domain.balances import Position, apply
from domain.events import EVENT_TYPES
from domain.postings import POSTINGS
from tests.domain.book_of import entry, event, spelled
from tests.samples import sample

CLASSES = {"class_label": "WVR ordinary shares"}
STANDING = [
    event("ShareClassCreated", "2024-01-01", share_class="A", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="B", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="C", **CLASSES),
    event("SchemeAdopted", "2024-01-01", scheme="2024 Scheme", share_class="B", particulars="Options", limit="1,000"),
    event("SchemeAdopted", "2024-01-01", scheme="nominee", share_class="B", particulars="Existing shares", existing_shares="yes"),
    event("MandateGranted", "2024-01-01", mandate="issue-2024", purpose="issue", percent="20", base="1,000"),
    event("MandateGranted", "2024-01-01", mandate="repurchase-2024", purpose="repurchase", percent="10", base="1,000"),
]
ISSUES = [
    "PlacingCompleted", "GlobalOfferingCompleted", "OverAllotmentOptionExercised", "ConsiderationSharesIssued",
    "RightsIssueCompleted",
    "OpenOfferCompleted", "BonusIssueCompleted", "ScripDividendIssued", "OtherSharesIssued",
]  # fmt: skip

NOTHING: list[str] = []
USES_ISSUE_MANDATE = "mandate issue-2024: headroom -> used 700"
USES_REPURCHASE_MANDATE = "mandate repurchase-2024: headroom -> used 700"

# An event type, the fields that make the variant, and its movements.
ROWS = [
    ("BalanceBroughtForward", {"held": "7", "treasury": "0", "pending_cancellation": "0"}, ["shares B: unissued -> held 7"]),
    (
        "BalanceBroughtForward",
        {"held": "7", "treasury": "5", "pending_cancellation": "3"},
        ["shares B: unissued -> held 7", "shares B: unissued -> treasury 5", "shares B: unissued -> pending_cancellation 3"],
    ),
    ("BalanceBroughtForward", {"held": "0", "treasury": "0", "pending_cancellation": "0"}, NOTHING),
    ("AuthorisedCapitalIncreased", {"shares": "700"}, ["shares B: authority -> unissued 700"]),
    ("AuthorisedCapitalReduced", {"shares": "700"}, ["shares B: unissued -> authority 700"]),
    *[
        row
        for name in ISSUES
        for row in (
            (name, {"shares": "700", "mandate": None}, ["shares B: unissued -> held 700"]),
            (name, {"shares": "700", "mandate": None, "treasury_shares": "yes"}, ["shares B: treasury -> held 700"]),
            (name, {"shares": "700", "mandate": "issue-2024"}, ["shares B: unissued -> held 700", USES_ISSUE_MANDATE]),
            (
                name,
                {"shares": "700", "mandate": "issue-2024", "treasury_shares": "yes"},
                ["shares B: treasury -> held 700", USES_ISSUE_MANDATE],
            ),
        )
    ],
    ("SharesRepurchased", {"shares": "700", "mandate": None}, ["shares B: held -> pending_cancellation 700"]),
    ("SharesRepurchased", {"shares": "700", "mandate": None, "intention": "treasury"}, ["shares B: held -> treasury 700"]),
    (
        "SharesRepurchased",
        {"shares": "700", "mandate": "repurchase-2024"},
        ["shares B: held -> pending_cancellation 700", USES_REPURCHASE_MANDATE],
    ),
    (
        "SharesRepurchased",
        {"shares": "700", "mandate": "repurchase-2024", "intention": "treasury"},
        ["shares B: held -> treasury 700", USES_REPURCHASE_MANDATE],
    ),
    ("RepurchasedSharesCancelled", {"shares": "700"}, ["shares B: pending_cancellation -> unissued 700"]),
    # The mandate was used when the shares were bought; their cancellation does not use it again.
    (
        "RepurchasedSharesCancelled",
        {"shares": "700", "mandate": "repurchase-2024"},
        ["shares B: pending_cancellation -> unissued 700"],
    ),
    ("SharesRedeemed", {"shares": "700"}, ["shares B: held -> unissued 700"]),
    ("SharesRedeemed", {"shares": "700", "cancelled": "no"}, ["shares B: held -> pending_cancellation 700"]),
    ("TreasurySharesSold", {"shares": "700", "mandate": None}, ["shares B: treasury -> held 700"]),
    ("TreasurySharesSold", {"shares": "700", "mandate": "issue-2024"}, ["shares B: treasury -> held 700", USES_ISSUE_MANDATE]),
    ("TreasurySharesCancelled", {"shares": "700"}, ["shares B: treasury -> unissued 700"]),
    ("ClassAConvertedToB", {"shares": "700"}, ["shares A: held -> unissued 700", "shares B: unissued -> held 700"]),
    (
        "ClassAConvertedToB",
        {"shares": "700", "from_class": "C", "to_class": "A"},
        ["shares C: held -> unissued 700", "shares A: unissued -> held 700"],
    ),
    ("SchemeAdopted", {"scheme": "new", "limit": "700"}, ["scheme new: authority -> available 700"]),
    ("SchemeAdopted", {"scheme": "new", "limit": None}, NOTHING),
    ("OptionsGranted", {"options": "700"}, ["scheme 2024 Scheme: available -> outstanding 700"]),
    (
        "OptionsExercised",
        {"options": "700"},
        ["scheme 2024 Scheme: outstanding -> exercised 700", "shares B: unissued -> held 700"],
    ),
    (
        "OptionsExercised",
        {"options": "700", "treasury_shares": "yes"},
        ["scheme 2024 Scheme: outstanding -> exercised 700", "shares B: treasury -> held 700"],
    ),
    # Shares that a nominee holds are issued already.
    ("OptionsExercised", {"options": "700", "scheme": "nominee"}, ["scheme nominee: outstanding -> exercised 700"]),
    ("OptionsLapsed", {"options": "700"}, ["scheme 2024 Scheme: outstanding -> available 700"]),
    ("OptionsCancelled", {"options": "700"}, ["scheme 2024 Scheme: outstanding -> cancelled 700"]),
    ("SchemeSharesMoved", {"shares": "700"}, ["scheme nominee: authority -> outstanding 700"]),
    ("MandateGranted", {"mandate": "new", "percent": "20", "base": "3,504"}, ["mandate new: authority -> headroom 700"]),
]
MOVE_NOTHING = [
    "IssuerRegistered", "IssuerDetailsChanged", "SignatoryAppointed", "ShareClassCreated", "ShareClassDetailsChanged",
    "MandateRevoked",
    "BalanceConfirmed", "ReturnFiled", "EntryWithdrawn",
]  # fmt: skip


def movements_of(name: str, /, **written: object) -> list[str]:
    position = Position()
    for number, each in enumerate(STANDING, 1):
        apply(position, entry(number, each))
    if name == "ShareClassCreated":
        written["share_class"] = "new"
    return spelled(apply(position, entry(100, sample(name, **written))))


@pytest.mark.parametrize(("name", "written", "expected"), ROWS, ids=[f"{name} {written}" for name, written, _ in ROWS])
def test_a_fact_moves_what_its_row_says(name, written, expected):
    assert movements_of(name, **written) == expected


@pytest.mark.parametrize("name", MOVE_NOTHING)
def test_a_fact_without_a_row_moves_nothing(name):
    assert movements_of(name) == []


def test_the_tables_here_speak_of_every_event_type():
    assert {name for name, *_ in ROWS} == {kind.__name__ for kind in POSTINGS}
    assert {name for name, *_ in ROWS} | set(MOVE_NOTHING) == {kind.__name__ for kind in EVENT_TYPES}


def test_a_decrease_of_a_nominees_shares_takes_them_out_of_those_outstanding():
    position = Position()
    for number, each in enumerate(STANDING, 1):
        apply(position, entry(number, each))
    apply(position, entry(100, sample("SchemeSharesMoved", shares="2,025,689,829")))
    apply(position, entry(101, sample("SchemeSharesMoved", shares="-20,535,830")))
    assert position.totals["scheme", "nominee", "outstanding"] == 2_005_153_999
