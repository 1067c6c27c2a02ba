"""The rules that an offering and its application money are held against, as rows."""

from __future__ import annotations

from datetime import date

from domain.law.parameters import BOOKBUILDING, CLAWBACK_A, CLAWBACK_PN18, OVER_ALLOTMENT, VOLUNTARY_REALLOCATION, Parameter
from domain.law.rule import MISMATCH, UNVERIFIED, Rule

REFORM = date(2025, 8, 4)
"""The first listing documents that follow Mechanism A or B."""


def _limit(
    code: str,
    parameter: Parameter[object],
    meaning: str,
    example: str,
    clears: str,
    title: str | None = None,
    in_force_from: date = date.min,
    in_force_until: date | None = None,
    to_confirm: str | None = None,
) -> Rule:
    return Rule(
        code=code,
        title=title or parameter.title,
        citation=parameter.citation,
        confidence=parameter.confidence,
        meaning=meaning,
        example=example,
        clears=clears,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        to_confirm=to_confirm,
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="HK701",
        title="Amount payable on application",
        citation="application-amount table",
        confidence=UNVERIFIED,
        severity=MISMATCH,
        to_confirm="Read the table of amounts in the prospectus, and the rates and rounding of each fee on the Exchange's "
        "page on fees.",
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
        to_confirm="Read the Exchange's guidance on over-allotment options, and the prospectus: the largest part of the offer "
        "that one may cover.",
    ),
    _limit(
        "HK703",
        CLAWBACK_PN18,
        "The public tranche initially has at least 10 % of the offering; of a Specialist Technology Company, since 31 March "
        "2023, at least 5 % (rule 18C.09).",
        "Of 1,500,000,000 shares at least 150,000,000.",
        "Give the public tranche more shares, or name the mechanism that applies.",
        title="initial public tranche",
        in_force_until=REFORM,
    ),
    _limit(
        "HK703",
        CLAWBACK_A,
        "The public tranche initially has at least 5 % of the offering under Mechanism A, and whether it may have more is not "
        "verified; 10 % to 60 % under Mechanism B; at least 5 % under chapter 18C, which is outside both.",
        "A tranche of 10 % is one of Mechanism B, or an exception.",
        "Give the public tranche other shares, or name the mechanism that applies.",
        title="initial public tranche",
        in_force_from=REFORM,
    ),
    _limit(
        "HK707",
        CLAWBACK_PN18,
        "Subscribed 15, 50 or 100 times, the public tranche is at least 30 %, 40 % or 50 % of the offering, where the "
        "international tranche is fully subscribed; otherwise there is no clawback, and a voluntary reallocation has a limit.",
        "Subscribed 50 times, of 1,500,000,000 shares 600,000,000 are for the public.",
        "Move the shares, or say that the international tranche was not fully subscribed.",
        title="clawback",
        in_force_until=REFORM,
    ),
    _limit(
        "HK707",
        CLAWBACK_A,
        "Subscribed 15, 50 or 100 times, the public tranche is at least 15 %, 25 % or 35 % of the offering under Mechanism A, "
        "where the international tranche is fully subscribed; under Mechanism B nothing moves. Under chapter 18C it is 10 % from "
        "10 times and 20 % from 50 times on.",
        "Subscribed 100 times under Mechanism A, of 1,500,000,000 shares 525,000,000 are for the public.",
        "Move the shares, or say that the international tranche was not fully subscribed.",
        title="clawback",
        in_force_from=REFORM,
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
