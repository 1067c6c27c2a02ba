"""What each fact moves, row by row, written by hand as `book code: source -> target quantity`."""

from __future__ import annotations

import pytest

from domain.capital.accounts import unbalanced
from domain.capital.balances import apply
from domain.capital.position import Position
from domain.capital.postings import POSTINGS
from domain.events import EVENT_TYPES
from tests.domain.book_of import entry, event, spelled
from tests.samples import sample

CLASSES = {"class_label": "WVR ordinary shares"}
STANDING = [
    event("ShareClassCreated", "2024-01-01", share_class="A", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="B", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="C", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="Z", **CLASSES),
    event("ShareClassCreated", "2024-01-01", share_class="R", authorised="registered", **CLASSES),
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
ISSUES = [
    "PlacingCompleted", "GlobalOfferingCompleted", "OverAllotmentOptionExercised", "ConsiderationSharesIssued",
    "RightsIssueCompleted",
    "OpenOfferCompleted", "BonusIssueCompleted", "ScripDividendIssued", "OtherSharesIssued",
]  # fmt: skip

NOTHING: list[str] = []
USES_ISSUE_MANDATE = "mandate issue-2024: headroom -> used 700"
USES_REPURCHASE_MANDATE = "mandate repurchase-2024: headroom -> used 700"

BOUGHT = {"shares": "700", "mandate": None, "trades": None}
CANCELLED = {"shares": "700", "bought_on": None}

RIGHTS_TIMES_FIVE = [
    "scheme 2024 Awards: authority -> available 2,400",
    "issuable warrants-2026: authority -> outstanding 36",
    "issuable cb-2027: authority -> outstanding 36",
    "agreement subscription: authority -> outstanding 36",
    "agreement under-mandate: authority -> outstanding 36",
]


def ended(code, how, amount):
    return [f"instrument {code}: outstanding -> {how} {amount}", f"issuable {code}: outstanding -> {how} 700"]


# An event type, the fields that make the variant, and its movements.
ROWS = [
    (
        "BalanceBroughtForward",
        {"held": "7", "treasury": "0", "pending_cancellation": "0", "tranches": None},
        ["shares B: unissued -> held 7"],
    ),
    (
        "BalanceBroughtForward",
        {"held": "7", "treasury": "5", "pending_cancellation": "3", "tranches": None},
        ["shares B: unissued -> held 7", "shares B: unissued -> treasury 5", "shares B: unissued -> pending_cancellation 3"],
    ),
    ("BalanceBroughtForward", {"held": "0", "treasury": "0", "pending_cancellation": "0", "tranches": None}, NOTHING),
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
            # What an agreement reserved is used, and not the mandate's headroom a second time.
            (
                name,
                {"shares": "700", "mandate": None, "agreement": "subscription"},
                ["shares B: unissued -> held 700", "agreement subscription: outstanding -> exercised 700"],
            ),
            (
                name,
                {"shares": "700", "mandate": "issue-2024", "agreement": "under-mandate", "treasury_shares": "yes"},
                [
                    "shares B: treasury -> held 700",
                    "agreement under-mandate: outstanding -> exercised 700",
                    "mandate issue-2024: reserved -> used 700",
                ],
            ),
        )
    ],
    ("SharesRepurchased", BOUGHT, ["shares B: held -> pending_cancellation 700"]),
    ("SharesRepurchased", {**BOUGHT, "intention": "treasury"}, ["shares B: held -> treasury 700"]),
    (
        "SharesRepurchased",
        {**BOUGHT, "mandate": "repurchase-2024"},
        ["shares B: held -> pending_cancellation 700", USES_REPURCHASE_MANDATE],
    ),
    (
        "SharesRepurchased",
        {**BOUGHT, "mandate": "repurchase-2024", "intention": "treasury"},
        ["shares B: held -> treasury 700", USES_REPURCHASE_MANDATE],
    ),
    ("RepurchasedSharesCancelled", CANCELLED, ["shares B: pending_cancellation -> unissued 700"]),
    # The mandate was used when the shares were bought; their cancellation does not use it again.
    (
        "RepurchasedSharesCancelled",
        {**CANCELLED, "mandate": "repurchase-2024"},
        ["shares B: pending_cancellation -> unissued 700"],
    ),
    ("SharesRedeemed", {"shares": "700"}, ["shares B: held -> unissued 700"]),
    ("SharesRedeemed", {"shares": "700", "cancelled": "no"}, ["shares B: held -> pending_cancellation 700"]),
    ("RedeemedSharesCancelled", {"shares": "700"}, ["shares B: pending_cancellation -> unissued 700"]),
    ("TreasurySharesSold", {"shares": "700", "mandate": None}, ["shares B: treasury -> held 700"]),
    ("TreasurySharesSold", {"shares": "700", "mandate": "issue-2024"}, ["shares B: treasury -> held 700", USES_ISSUE_MANDATE]),
    ("TreasurySharesCancelled", {"shares": "700"}, ["shares B: treasury -> unissued 700"]),
    ("ClassAConvertedToB", {"shares": "700"}, ["shares A: held -> unissued 700", "shares B: unissued -> held 700"]),
    (
        "ClassAConvertedToB",
        {"shares": "700", "from_class": "C", "to_class": "A"},
        ["shares C: held -> unissued 700", "shares A: unissued -> held 700"],
    ),
    ("ClassAConvertedToB", {"shares": "80", "into": "140"}, ["shares A: held -> unissued 80", "shares B: unissued -> held 140"]),
    (
        "FullCirculationCompleted",
        {"shares": "70", "from_class": "C"},
        ["shares C: held -> unissued 70", "shares B: unissued -> held 70"],
    ),
    # What is in issue of a registered class is its capital: nothing of it is unissued.
    ("PlacingCompleted", {"share_class": "R", "shares": "70", "mandate": None}, ["shares R: authority -> held 70"]),
    ("TreasurySharesCancelled", {"share_class": "R", "shares": "70"}, ["shares R: treasury -> authority 70"]),
    (
        "FullCirculationCompleted",
        {"shares": "70", "from_class": "R"},
        ["shares R: held -> authority 70", "shares B: unissued -> held 70"],
    ),
    # No share is there yet; what a reorganisation does to balances has a table of its own.
    (
        "SharesSubdivided",
        {},
        [
            "scheme 2024 Scheme: authority -> available 4,000",
            *RIGHTS_TIMES_FIVE,
            # No class counts for the mandate while no share is there, but the agreement reserves more of it.
            "mandate issue-2024: authority -> reserved 36",
            "mandate issue-2024: headroom -> authority 36",
        ],
    ),
    (
        "SharesSubdivided",
        {"share_class": None},
        [
            "scheme 2024 Scheme: authority -> available 4,000",
            *RIGHTS_TIMES_FIVE,
            "mandate issue-2024: authority -> reserved 36",
            "mandate issue-2024: authority -> headroom 764",
            "mandate repurchase-2024: authority -> headroom 400",
        ],
    ),
    ("SharesSubdivided", {"share_class": "A"}, NOTHING),
    (
        "SharesConsolidated",
        {"shares": "3"},
        [
            # A third of 1,000 is 333.33, of 600 is 200, of 9 is 3; of the base of 1,000 333, and 20 and 10 per cent of it 66 and 33.
            "scheme 2024 Scheme: available -> authority 667",
            "scheme 2024 Awards: available -> authority 400",
            "issuable warrants-2026: outstanding -> authority 6",
            "issuable cb-2027: outstanding -> authority 6",
            "agreement subscription: outstanding -> authority 6",
            "agreement under-mandate: outstanding -> authority 6",
            "mandate issue-2024: reserved -> authority 6",
            "mandate issue-2024: headroom -> authority 128",
            "mandate repurchase-2024: headroom -> authority 67",
        ],
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
    ("SchemeLimitRefreshed", {"scheme": "2024 Scheme", "limit": "1,700"}, ["scheme 2024 Scheme: authority -> available 700"]),
    ("SchemeLimitRefreshed", {"scheme": "2024 Scheme", "limit": "300"}, ["scheme 2024 Scheme: available -> authority 700"]),
    ("SchemeLimitRefreshed", {"scheme": "2024 Scheme", "limit": "1,000"}, NOTHING),
    (
        "OptionTermsAdjusted",
        {"scheme": "2024 Scheme", "outstanding": "700"},
        ["scheme 2024 Scheme: authority -> outstanding 700"],
    ),
    ("OptionTermsAdjusted", {"scheme": "2024 Scheme", "outstanding": "0"}, NOTHING),
    ("OptionsCancelled", {"options": "700"}, ["scheme 2024 Scheme: outstanding -> cancelled 700"]),
    (
        "SchemeBalanceBroughtForward",
        {"outstanding": "700", "granted_before": "50"},
        ["scheme 2024 Scheme: available -> outstanding 700", "scheme 2024 Scheme: available -> exercised 50"],
    ),
    (
        "SchemeBalanceBroughtForward",
        {"scheme": "unlimited", "outstanding": "700", "granted_before": "50"},
        ["scheme unlimited: authority -> outstanding 700", "scheme unlimited: authority -> exercised 50"],
    ),
    ("SchemeBalanceBroughtForward", {"outstanding": "0", "granted_before": None}, NOTHING),
    ("AwardsGranted", {"awards": "700"}, ["scheme 2024 Awards: available -> outstanding 700"]),
    *[
        row
        for director in ("yes", "no")
        for row in (
            (
                "AwardsVested",
                {"awards": "700", "director": director},
                ["scheme 2024 Awards: outstanding -> exercised 700", "shares B: unissued -> held 700"],
            ),
            (
                "AwardsVested",
                {"awards": "700", "director": director, "treasury_shares": "yes"},
                ["scheme 2024 Awards: outstanding -> exercised 700", "shares B: treasury -> held 700"],
            ),
        )
    ],
    ("AwardsVested", {"awards": "700", "scheme": "nominee awards"}, ["scheme nominee awards: outstanding -> exercised 700"]),
    ("AwardsLapsed", {"awards": "700"}, ["scheme 2024 Awards: outstanding -> available 700"]),
    ("AwardsCancelled", {"awards": "700"}, ["scheme 2024 Awards: outstanding -> cancelled 700"]),
    ("SchemeSharesMoved", {"shares": "700"}, ["scheme nominee: authority -> outstanding 700"]),
    ("SchemeSharesMoved", {"shares": "-700"}, ["scheme nominee: outstanding -> authority 700"]),
    (
        "WarrantsIssued",
        {"instrument": "new", "warrants": "50", "shares": "700"},
        ["instrument new: authority -> outstanding 50", "issuable new: authority -> outstanding 700"],
    ),
    (
        "WarrantsIssued",
        {"instrument": "new", "warrants": "50", "shares": "700", "mandate": "issue-2024"},
        ["instrument new: authority -> outstanding 50", "issuable new: authority -> outstanding 700", USES_ISSUE_MANDATE],
    ),
    # A convertible is counted in hundredths of its currency.
    (
        "ConvertiblesIssued",
        {"instrument": "new", "amount": "HKD 50.25", "shares": "700"},
        ["instrument new: authority -> outstanding 5,025", "issuable new: authority -> outstanding 700", USES_ISSUE_MANDATE],
    ),
    (
        "WarrantsExercised",
        {"warrants": "50", "shares": "700"},
        [*ended("warrants-2026", "exercised", 50), "shares B: unissued -> held 700"],
    ),
    (
        "WarrantsExercised",
        {"warrants": "50", "shares": "700", "treasury_shares": "yes"},
        [*ended("warrants-2026", "exercised", 50), "shares B: treasury -> held 700"],
    ),
    ("WarrantsLapsed", {"warrants": "50", "shares": "700"}, ended("warrants-2026", "lapsed", 50)),
    (
        "ConvertiblesConverted",
        {"amount": "HKD 7", "shares": "700"},
        [*ended("cb-2027", "exercised", 700), "shares B: unissued -> held 700"],
    ),
    (
        "ConvertiblesConverted",
        {"amount": "HKD 7.01", "shares": "700", "treasury_shares": "yes"},
        [*ended("cb-2027", "exercised", 701), "shares B: treasury -> held 700"],
    ),
    ("ConvertiblesRedeemed", {"amount": "HKD 0.5", "shares": "700"}, ended("cb-2027", "cancelled", 50)),
    (
        "IssueAgreed",
        {"agreement": "new", "shares": "700"},
        ["agreement new: authority -> outstanding 700", "mandate issue-2024: headroom -> reserved 700"],
    ),
    ("IssueAgreed", {"agreement": "new", "shares": "700", "mandate": None}, ["agreement new: authority -> outstanding 700"]),
    # Nine shares may be issued on the bonds of HKD 9: less is left, or nothing once no bond is.
    (
        "ConvertiblesRedeemed",
        {"amount": "HKD 9", "shares": "5"},
        [
            "instrument cb-2027: outstanding -> cancelled 900",
            "issuable cb-2027: outstanding -> cancelled 5",
            "issuable cb-2027: outstanding -> lapsed 4",
        ],
    ),
    ("ConvertiblesRedeemed", {"amount": "HKD 1", "shares": "0"}, ["instrument cb-2027: outstanding -> cancelled 100"]),
    (
        "WarrantsExercised",
        {"warrants": "4", "shares": "3", "no_longer_issuable": "1"},
        [
            "instrument warrants-2026: outstanding -> exercised 4",
            "issuable warrants-2026: outstanding -> exercised 3",
            "issuable warrants-2026: outstanding -> lapsed 1",
            "shares B: unissued -> held 3",
        ],
    ),
    (
        "WarrantsExercised",
        {"warrants": "9", "shares": "3"},
        [
            "instrument warrants-2026: outstanding -> exercised 9",
            "issuable warrants-2026: outstanding -> exercised 3",
            "issuable warrants-2026: outstanding -> lapsed 6",
            "shares B: unissued -> held 3",
        ],
    ),
    ("InstrumentTermsAdjusted", {"shares": "12"}, ["issuable cb-2027: authority -> outstanding 3"]),
    ("InstrumentTermsAdjusted", {"shares": "2"}, ["issuable cb-2027: outstanding -> authority 7"]),
    ("InstrumentTermsAdjusted", {"shares": None}, NOTHING),
    (
        "InstrumentTermsAdjusted",
        {"instrument": None, "agreement": "subscription", "shares": "12"},
        ["agreement subscription: authority -> outstanding 3"],
    ),
    (
        "InstrumentTermsAdjusted",
        {"instrument": None, "agreement": "under-mandate", "shares": "12"},
        ["agreement under-mandate: authority -> outstanding 3", "mandate issue-2024: headroom -> reserved 3"],
    ),
    (
        "InstrumentTermsAdjusted",
        {"instrument": None, "agreement": "under-mandate", "shares": "2"},
        ["agreement under-mandate: outstanding -> authority 7", "mandate issue-2024: reserved -> headroom 7"],
    ),
    ("IssueAgreementEnded", {"shares": "700"}, ["agreement subscription: outstanding -> lapsed 700"]),
    (
        "IssueAgreementEnded",
        {"shares": "700", "agreement": "under-mandate"},
        ["agreement under-mandate: outstanding -> lapsed 700", "mandate issue-2024: reserved -> headroom 700"],
    ),
    ("MandateGranted", {"mandate": "new", "percent": "20", "base": "3,504"}, ["mandate new: authority -> headroom 700"]),
]
MOVE_NOTHING = [
    "IssuerRegistered", "IssuerDetailsChanged", "SignatoryAppointed", "ReturnSettingsChanged", "ShareClassCreated",
    "ShareClassDetailsChanged", "CapitalReduced", "PollResultDeclared", "MandateRevoked",
    "ShareClassAbolished", "ReturnRemarkChanged", "SchemeExpired", "VotingRightsCeased", "PublicFloatRequirementSet", "PublicFloatConfirmed", "BalanceConfirmed", "ReturnFiled", "EntryWithdrawn",
]  # fmt: skip


def movements_of(name: str, /, **written: object) -> list[str]:
    position = Position()
    for number, each in enumerate(STANDING, 1):
        apply(position, entry(number, each))
    if name == "ShareClassCreated":
        written["share_class"] = "new"
    if name == "CapitalReduced":
        apply(position, entry(99, sample("ShareClassCreated", share_class="new")))
        written["share_class"] = "new"
    return spelled(apply(position, entry(100, sample(name, **written))).movements)


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


def test_the_accounts_of_a_book_add_up_to_zero_and_one_that_somebody_changed_does_not():
    position = Position()
    for number, each in enumerate(STANDING, 1):
        apply(position, entry(number, each))
    assert unbalanced(position.totals) == []
    position.totals["mandate", "issue-2024", "headroom"] += 1
    assert unbalanced(position.totals) == [("mandate", "issue-2024")]
