"""Rules that nothing here checks, as rows: the commands that one would expect to speak of them say that they do not."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.clearance.proposal import GRANT, PLACE, PLACE_WEIGHTED
from domain.law.parameters import INITIAL_FLOAT, SHARE_SCHEMES
from domain.law.rule import CHECK, NOTICE, OFFERING, SECONDARY, UNVERIFIED, VERIFIED, WVR, Rule

PLACING_RULES = date(2018, 7, 3)
"""From this day rule 7.27B is as it is here; the earlier text is not yet checked."""

UNCERTIFICATED = date(2026, 11, 16)
"""From this day the regime for uncertificated securities is in force."""


def _open(code: str, title: str, citation: str, confidence: str, asked_by: tuple[str, ...], **more: Any) -> Rule:
    said = {"clears": "Look at it outside this program: no finding is made.", "severity": NOTICE, **more}
    return Rule(code=code, title=title, citation=citation, confidence=confidence, asked_by=asked_by, **said)


RULES: tuple[Rule, ...] = (
    _open(
        "HK318", "Value dilution", "Main Board Rule 7.27B", SECONDARY, (PLACE, CHECK),
        meaning="Rights issues, open offers and issues under specific mandates do not together dilute the value of the shares "
        "by 25 % or more within twelve months.",
        example="One new share for each held at half its price dilutes the value by 25 %.",
        in_force_from=PLACING_RULES,
    ),
    _open(
        "HK319", "Announcement of an issue", "Main Board Rules 13.28, 13.29", VERIFIED, (PLACE, CHECK),
        meaning="An issue of securities for cash is announced by 08:30 on the next business day; one under a general mandate at "
        "a discount of 20 % or more with further particulars.",
        example="Agreed on Wednesday 11 December 2024: announced by Thursday 12 December 2024 08:30.",
    ),
    _open(
        "HK332", "Public float at listing", INITIAL_FLOAT.citation, INITIAL_FLOAT.confidence, (OFFERING,),
        to_confirm="Read rules 8.08(1) and 8.08A: the market values at listing from which 15 % and 10 % are enough.",
        meaning="At listing the public holds at least 25 %, 15 % or 10 % of the class, by its market value; from HKD 6,000 "
        "million and from HKD 30,000 million the lower percentages, as far as known.",
        example="A class of HKD 5,000 million at listing: 25 %.",
        in_force_from=date(2025, 8, 4),
    ),
    _open(
        "HK406", "Grants to directors and others", "Main Board Rule 17.04", UNVERIFIED, (GRANT, CHECK),
        to_confirm="Read rule 17.04: who approves a grant, and above which number in which twelve months the members do.",
        meaning="Grants to a director, the chief executive, a substantial holder or their associates need the approval of the "
        "independent non-executive directors, and above a limit that of the members.",
        example="Options granted to the chief executive.",
        in_force_from=SHARE_SCHEMES,
    ),
    _open(
        "HK407", "No grant before results", "Main Board Rule 17.05", UNVERIFIED, (GRANT, CHECK),
        to_confirm="Read rule 17.05: from which day before the results nothing is granted.",
        meaning="Nothing is granted while the issuer has inside information, nor in the month before its results until they are "
        "announced.",
        example="Results on 28 August: no grant from 28 July to 28 August.",
        in_force_from=SHARE_SCHEMES,
    ),
    _open(
        "HK507", "New weighted shares", "Main Board Rule 8A.14", UNVERIFIED, (WVR, PLACE_WEIGHTED, CHECK),
        to_confirm="Read rule 8A.14: which issues of weighted shares the Exchange allows.",
        meaning="Weighted shares are issued only with the Exchange's prior approval, and only by a pro rata offer, a scrip "
        "dividend or a subdivision; the proportion does not rise.",
        example="A placing of weighted shares.",
    ),
    _open(
        "HK508", "End of weighted rights", "Main Board Rule 8A.22", UNVERIFIED, (WVR, CHECK),
        to_confirm="Read rule 8A.22: which events end the weighted voting rights of a beneficiary, and of all.",
        meaning="The weighted structure ends when none of the beneficiaries at listing holds weighted shares any more.",
        example="The last of two founders converts the last weighted share.",
    ),
    _open(
        "HK509", "Meetings called by other holders", "Main Board Rule 8A.23", UNVERIFIED, (WVR, CHECK),
        to_confirm="Read rule 8A.23: how many votes it takes to call a general meeting, and on which count.",
        meaning="Holders without weighted rights who have a tenth of the votes on the basis of one vote a share can call a "
        "general meeting and add resolutions to it.",
        example="Holders of 100 of 1,000 shares, none of them weighted.",
    ),
    _open(
        "HK617", "Uncertificated securities", "Uncertificated securities market, as the SFC and the Exchange describe it",
        SECONDARY, (CHECK,),
        meaning="An issuer's articles provide for uncertificated shares by the later of 16 November 2027 and its first annual "
        "general meeting after 16 November 2026. No balance changes; confirmation (vi) of the returns, on documents of title, "
        "may change.",
        example="An annual general meeting in June 2027 need not yet have changed the articles.",
        in_force_from=UNCERTIFICATED,
    ),
)  # fmt: skip
"""The rules of this module."""
