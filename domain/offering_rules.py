"""The rules that an offering is held against, as rows; `domain.offering` and `domain.application_amounts` apply them."""

from __future__ import annotations

from domain.parameters import BOOKBUILDING, CLAWBACK_A, OVER_ALLOTMENT, VOLUNTARY_REALLOCATION, Parameter
from domain.rules import MISMATCH, UNVERIFIED, Rule


def _limit(code: str, parameter: Parameter[object], meaning: str, example: str, clears: str) -> Rule:
    return Rule(
        code=code,
        title=parameter.title,
        citation=parameter.citation,
        confidence=parameter.confidence,
        meaning=meaning,
        example=example,
        clears=clears,
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="HK701",
        title="Amount payable on application",
        citation="application-amount table",
        confidence=UNVERIFIED,
        severity=MISMATCH,
        meaning="An amount of the table is the price times the shares plus brokerage, levies and trading fee, each rounded half "
        "up to the cent.",
        example="2,000 shares at HKD 3.99 in December 2021 cost HKD 8,060.42; a table that prints 8,000.42 has a misprint.",
        clears="Correct the table, or the text it was read from.",
    ),
    _limit(
        "HK702",
        OVER_ALLOTMENT,
        "An over-allotment option covers at most 15 % of the shares initially offered.",
        "Of 1,500,000,000 shares an option may cover 225,000,000, and not one more.",
        "Make the option smaller.",
    ),
    _limit(
        "HK703",
        CLAWBACK_A,
        "The public tranche initially has the part of the offering that the mechanism of its day asks for.",
        "Since 4 August 2025 it is 5 % under mechanism A, and 10 % to 60 % under mechanism B.",
        "Set the tranche anew, or name the mechanism that applies.",
    ),
    _limit(
        "HK704",
        BOOKBUILDING,
        "Since 4 August 2025 at least 40 % of the offering goes to the bookbuilding tranche.",
        "Of 1,000,000 shares at least 400,000.",
        "Give the bookbuilding tranche more shares.",
    ),
    _limit(
        "HK705",
        VOLUNTARY_REALLOCATION,
        "Moving shares to the public tranche outside the clawback at most doubles it.",
        "A public tranche of 150,000,000 shares may become 300,000,000.",
        "Move fewer shares.",
    ),
    _limit(
        "HK706",
        VOLUNTARY_REALLOCATION,
        "Where shares are moved outside the clawback, the offer price is the bottom of the indicative range.",
        "In a range of HKD 3.85 to HKD 3.99 the price is HKD 3.85.",
        "Fix the price at the bottom of the range, or do not move the shares.",
    ),
)
