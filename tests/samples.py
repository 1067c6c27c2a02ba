"""One valid sample of every event type, as a person writes it; together, with the support below, one legal book.

Numbers are chosen to be distinct: no two samples move the same number of shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.events import Event
from infrastructure.readers.records import EVENTS_BY_NAME
from infrastructure.readers.values import build

Written = Mapping[str, object]

SAMPLES: dict[str, dict[str, Any]] = {
    "IssuerRegistered": {
        "effective_on": "1 July 2024",
        "issuer": "00020",
        "name": "Example Group Inc.",
        "chinese_name": "例子集团股份有限公司",
        "incorporated_in": "Cayman Islands",
        "financial_year_end": "31 December",
    },
    "IssuerDetailsChanged": {"effective_on": "2024-10-02", "name": "Example Holdings Inc.", "financial_year_end": "31 March"},
    "SignatoryAppointed": {"effective_on": "1 July 2024", "name": "Chan Tai Man", "title": "Company Secretary"},
    "ReturnSettingsChanged": {
        "effective_on": "4 October 2024",
        "percent_decimals": "3",
        "mandate_decimals": "4",
        "price_decimals": "6",
        "denominator": "all classes",
        "pending_counted": "no",
        "struck_out": "iii, vii, viii",
        "not_applicable": "N/A",
        "public_float": "The public float is sufficient.",
        "depositary_receipts": "None in issue",
    },
    "ReturnRemarkChanged": {
        "effective_on": "4 October 2024",
        "part": "II",
        "remark": "The number leaves out 5,000,000 shares held by the depositary.",
    },
    "ShareClassCreated": {
        "effective_on": "1 July 2024",
        "share_class": "B",
        "class_label": "WVR ordinary shares",
        "type_label": "B",
        "par_value": "USD 0.000000025",
        "authorised": "yes",
        "votes_per_share": "1",
        "listed": "yes",
        "stock_code": "00020",
        "counters": ["80020 RMB"],
        "description": "Class B ordinary shares",
    },
    "ShareClassDetailsChanged": {
        "effective_on": "3 October 2024",
        "share_class": "B",
        "stock_code": "00021",
        "counters": "80021 RMB",
    },
    "ShareClassAbolished": {"effective_on": "5 October 2024", "share_class": "Z"},
    "BalanceBroughtForward": {
        "effective_on": "1 July 2024",
        "share_class": "B",
        "held": "9,370,000,000",
        "treasury": "40,000,000",
        "pending_cancellation": "30,000,000",
        "tranches": ["2024-06-19: 12,000,000 @ HKD 1.11 under repurchase-2023", "2024-06-20: 18,000,000"],
    },
    "AuthorisedCapitalIncreased": {
        "effective_on": "1 July 2024",
        "share_class": "B",
        "shares": "20,000,000,000",
        "general_meeting_on": "28 June 2024",
    },
    "AuthorisedCapitalReduced": {"effective_on": "4 July 2024", "share_class": "B", "shares": "2,000"},
    "PlacingCompleted": {
        "effective_on": "17 Dec 2024",
        "share_class": "B",
        "shares": "1,865,000,000",
        "price": "HKD 1.5",
        "mandate": "issue-2024",
        "agreed_on": "11 December 2024",
        "text": "Completion of the placing of new Class B shares",
        "remarks": "Placees are independent third parties.",
    },
    "GlobalOfferingCompleted": {
        "effective_on": "19 December 2024",
        "share_class": "B",
        "shares": "1,001,000",
        "price": "HKD 3.85",
    },
    "OverAllotmentOptionExercised": {
        "effective_on": "20 December 2024",
        "share_class": "B",
        "shares": "1,002,000",
        "price": "HKD 3.85",
    },
    "ConsiderationSharesIssued": {
        "effective_on": "9 July 2024",
        "share_class": "B",
        "shares": "1,003,000",
        "price": "HKD 2",
        "general_meeting_on": "28 June 2024",
    },
    "RightsIssueCompleted": {
        "effective_on": "10 July 2024",
        "share_class": "B",
        "shares": "1,004,000",
        "price": "HKD 1.01",
        "general_meeting_on": "28 June 2024",
    },
    "OpenOfferCompleted": {"effective_on": "11 July 2024", "share_class": "B", "shares": "1,005,000", "price": "HKD 1.02"},
    "BonusIssueCompleted": {"effective_on": "12 July 2024", "share_class": "B", "shares": "1,006,000"},
    "ScripDividendIssued": {"effective_on": "15 July 2024", "share_class": "B", "shares": "1,007,000", "price": "HKD 1.03"},
    "OtherSharesIssued": {
        "effective_on": "16 July 2024",
        "share_class": "B",
        "shares": "1,008,000",
        "general_meeting_on": "28 June 2024",
        "text": "Settlement of a debt",
    },
    "SharesRepurchased": {
        "effective_on": "17 July 2024",
        "share_class": "B",
        "shares": "1,009,000",
        "intention": "cancellation",
        "price": "HKD 1.04",
        "mandate": "repurchase-2024",
        "trades": [
            "On the Exchange: 1,000,000 @ HKD 1.05 to HKD 1.03 = HKD 1,040,000",
            "Off-market: 9,000 @ HKD 1.04 = HKD 9,360",
        ],
    },
    "RepurchasedSharesCancelled": {
        "effective_on": "18 July 2024",
        "share_class": "B",
        "shares": "1,010,000",
        "price": "HKD 1.11",
        "bought_on": ["2024-06-19"],
    },
    "SharesRedeemed": {"effective_on": "19 July 2024", "share_class": "B", "shares": "1,011,000", "price": "HKD 1.05"},
    "RedeemedSharesCancelled": {
        "effective_on": "2 August 2024",
        "share_class": "B",
        "shares": "1,019,000",
        "price": "HKD 1.05",
    },
    "TreasurySharesSold": {
        "effective_on": "19 August 2024",
        "share_class": "B",
        "shares": "1,012,000",
        "price": "HKD 1.06",
        "mandate": "issue-2024",
    },
    "TreasurySharesCancelled": {"effective_on": "23 July 2024", "share_class": "B", "shares": "1,013,000"},
    "ClassAConvertedToB": {
        "effective_on": "24 July 2024",
        "shares": "1,014,000",
        "from_class": "A",
        "to_class": "B",
        "holder": "A Founder",
    },
    "FullCirculationCompleted": {
        "effective_on": "24 July 2024",
        "shares": "1,014,500",
        "from_class": "domestic",
        "to_class": "B",
    },
    "SharesSubdivided": {
        "effective_on": "6 January 2025",
        "share_class": "B",
        "into": "5",
        "general_meeting_on": "3 January 2025",
    },
    "SharesConsolidated": {"effective_on": "7 January 2025", "shares": "2", "fractions": "cancelled"},
    "CapitalReduced": {"effective_on": "8 January 2025", "share_class": "B", "par_value": "USD 0.000000001"},
    "SchemeAdopted": {
        "effective_on": "2 July 2024",
        "scheme": "2024 Scheme",
        "share_class": "B",
        "particulars": "Share option scheme adopted on 02/07/2024",
        "general_meeting_on": "28 June 2024",
        "limit": "100,000,000",
    },
    "SchemeBalanceBroughtForward": {
        "effective_on": "2 July 2024",
        "scheme": "2024 Scheme",
        "outstanding": "10,000,000",
        "granted_before": "2,000,000",
    },
    "SchemeLimitRefreshed": {
        "effective_on": "24 July 2024",
        "scheme": "2023 Scheme",
        "limit": "700,000,000",
        "general_meeting_on": "24 July 2024",
    },
    "SchemeExpired": {"effective_on": "30 December 2024", "scheme": "2024 Awards"},
    "OptionsGranted": {"effective_on": "25 July 2024", "scheme": "2024 Scheme", "options": "5,000,000"},
    "OptionsExercised": {
        "effective_on": "26 July 2024",
        "scheme": "2024 Scheme",
        "options": "1,015,000",
        "price": "HKD 0.9",
        "director": "no",
    },
    "OptionsLapsed": {"effective_on": "29 July 2024", "scheme": "2024 Scheme", "options": "1,016,000"},
    "OptionsCancelled": {"effective_on": "30 July 2024", "scheme": "2024 Scheme", "options": "1,017,000"},
    "OptionTermsAdjusted": {
        "effective_on": "31 July 2024",
        "scheme": "2023 Scheme",
        "outstanding": "12,100,000",
        "price": "HKD 1.17",
        "reason": "rights issue of 12 July 2024",
    },
    "AwardsGranted": {"effective_on": "2 August 2024", "scheme": "2024 Awards", "awards": "4,000,000"},
    "AwardsVested": {"effective_on": "5 August 2024", "scheme": "2024 Awards", "awards": "1,020,000", "director": "yes"},
    "AwardsLapsed": {"effective_on": "6 August 2024", "scheme": "2024 Awards", "awards": "1,021,000"},
    "AwardsCancelled": {"effective_on": "7 August 2024", "scheme": "2024 Awards", "awards": "1,022,000"},
    "SchemeSharesMoved": {"effective_on": "31 July 2024", "scheme": "nominee", "shares": "-1,018,000", "word": "Sold"},
    "WarrantsIssued": {
        "effective_on": "3 July 2024",
        "instrument": "warrants-2026",
        "share_class": "B",
        "description": "Warrants to 2026",
        "shares": "6,000,000",
        "price": "HKD 2.5",
        "stock_code": "01234",
        "general_meeting_on": "28 June 2024",
        "warrants": "3,000,000",
    },
    "ConvertiblesIssued": {
        "effective_on": "4 July 2024",
        "instrument": "cb-2027",
        "share_class": "B",
        "description": "Convertible bonds due 2027",
        "shares": "7,000,000",
        "price": "HKD 3",
        "mandate": "issue-2024",
        "amount": "HKD 21,000,000",
        "benchmark_price": "HKD 2.9",
    },
    "InstrumentTermsAdjusted": {
        "effective_on": "12 August 2024",
        "instrument": "cb-2027",
        "price": "HKD 2.8",
        "shares": "7,500,000",
        "reason": "bonus issue of 10 July 2024",
    },
    "WarrantsExercised": {
        "effective_on": "12 August 2024",
        "instrument": "warrants-2026",
        "shares": "1,024,000",
        "warrants": "512,000",
    },
    "WarrantsLapsed": {
        "effective_on": "13 August 2024",
        "instrument": "warrants-2026",
        "shares": "1,026,000",
        "warrants": "513,000",
    },
    "ConvertiblesConverted": {
        "effective_on": "14 August 2024",
        "instrument": "cb-2027",
        "shares": "1,027,000",
        "amount": "HKD 3,081,000",
    },
    "ConvertiblesRedeemed": {
        "effective_on": "15 August 2024",
        "instrument": "cb-2027",
        "shares": "1,028,000",
        "amount": "HKD 3,084,000.5",
    },
    "IssueAgreed": {
        "effective_on": "20 August 2024",
        "agreement": "subscription",
        "share_class": "B",
        "description": "Subscription agreement of 20 August 2024",
        "shares": "2,500,000",
        "price": "HKD 1.2",
        "mandate": "issue-2024",
    },
    "IssueAgreementEnded": {"effective_on": "21 August 2024", "agreement": "subscription", "shares": "1,029,000"},
    "PollResultDeclared": {
        "effective_on": "2 July 2024",
        "meeting": "annual general meeting of 2 July 2024",
        "annual": "yes",
        "resolution": "5A",
        "subject": "General mandate to issue shares",
        "reserved": "yes",
        "votes": ["A 500,000,000 for, 0 against", "B 4,000,000,000 for, 1,000,000 against"],
    },
    "MandateGranted": {
        "effective_on": "2 July 2024",
        "mandate": "issue-2024",
        "purpose": "issue",
        "percent": "20",
        "base": "10,000,000,000",
        "annual": "yes",
    },
    "MandateRevoked": {"effective_on": "20 December 2024", "mandate": "issue-2024"},
    "VotingRightsCeased": {
        "effective_on": "25 July 2024",
        "share_class": "A",
        "holder": "A Founder",
        "shares": "3,000",
        "reason": "death",
    },
    "PublicFloatRequirementSet": {"effective_on": "2 July 2024", "share_class": "B", "percent": "25"},
    "PublicFloatConfirmed": {
        "effective_on": "31 January 2026",
        "share_class": "B",
        "shares": "9,371,000,000",
        "price": "HKD 1.5",
        "met": "yes",
    },
    "BalanceConfirmed": {
        "effective_on": "1 July 2024",
        "share_class": "B",
        "issued_excluding_treasury": "9,400,000,000",
        "treasury": "40,000,000",
        "authorised": "20,000,000,000",
        "document": "the Monthly Return for June 2024",
    },
    "ReturnFiled": {
        "effective_on": "31 July 2024",
        "kind": "monthly",
        "submitted_on": "6 August 2024",
        "form": "FF301 1.1.1",
        "status": "New Submission",
    },
    "EntryWithdrawn": {"effective_on": "31 July 2024", "reason": "the shares were not sold"},
}
"""The name of every event type, and the fields of one such event."""

# What the samples rest on beyond each other: a class to convert from, schemes of existing shares and of awards, a mandate to
# buy, shares redeemed and not yet cancelled.
SUPPORT: tuple[tuple[str, Written], ...] = (
    (
        "MandateGranted",
        {
            "effective_on": "28 June 2023",
            "mandate": "repurchase-2023",
            "purpose": "repurchase",
            "percent": "10",
            "base": "10,000,000,000",
            "annual": "yes",
            "used_before": "30,000,001",
            "counted_on": "1 July 2024",
        },
    ),
    (
        "ShareClassCreated",
        {"effective_on": "1 July 2024", "share_class": "A", "class_label": "WVR ordinary shares", "type_label": "A"},
    ),
    ("AuthorisedCapitalIncreased", {"effective_on": "1 July 2024", "share_class": "A", "shares": "1,000,000,000"}),
    ("ShareClassCreated", {"effective_on": "1 July 2024", "share_class": "Z", "class_label": "Preference shares"}),
    (
        "ShareClassCreated",
        {
            "effective_on": "1 July 2024",
            "share_class": "domestic",
            "class_label": "Domestic shares",
            "authorised": "registered",
            "votes_per_share": "0",
        },
    ),
    ("BalanceBroughtForward", {"effective_on": "1 July 2024", "share_class": "domestic", "held": "2,000,000"}),
    ("BalanceBroughtForward", {"effective_on": "1 July 2024", "share_class": "A", "held": "600,000,000"}),
    (
        "SchemeAdopted",
        {
            "effective_on": "2 July 2024",
            "scheme": "2023 Scheme",
            "share_class": "B",
            "particulars": "Share option scheme of 2023",
        },
    ),
    (
        "SchemeAdopted",
        {
            "effective_on": "2 July 2024",
            "scheme": "nominee",
            "share_class": "B",
            "particulars": "Shares held by a nominee",
            "existing_shares": "yes",
        },
    ),
    (
        "SchemeSharesMoved",
        {"effective_on": "2 July 2024", "scheme": "nominee", "shares": "70,000,000", "word": "Brought forward"},
    ),
    (
        "MandateGranted",
        {
            "effective_on": "2 July 2024",
            "mandate": "repurchase-2024",
            "purpose": "repurchase",
            "percent": "10",
            "base": "10,000,000,000",
        },
    ),
    (
        "SchemeAdopted",
        {
            "effective_on": "2 July 2024",
            "scheme": "2024 Awards",
            "share_class": "B",
            "particulars": "Share award scheme adopted on 02/07/2024",
            "limit": "50,000,000",
            "awards": "yes",
        },
    ),
    ("SharesRedeemed", {"effective_on": "1 August 2024", "share_class": "B", "shares": "1,030,000", "cancelled": "no"}),
)


def made(name: str, written: Written) -> Event:
    """An event from fields as a person writes them; they must be right."""
    event, problems = build(EVENTS_BY_NAME[name], written)
    assert event is not None, f"{name}: {problems}"
    return event


def sample(name: str, /, **changed: object) -> Event:
    """The sample of an event type, with some of its fields written otherwise."""
    return made(name, {**SAMPLES[name], **changed})


def sample_book() -> list[Event]:
    """Every sample but the withdrawal, with its support, in an order in which each can be recorded."""
    support = [made(name, written) for name, written in SUPPORT]
    samples = [sample(name) for name in SAMPLES if name != "EntryWithdrawn"]
    first = samples.pop(0)
    return [first, *sorted([*support, *samples], key=lambda event: event.effective_on)]
