"""What the law and the exchange set by number: rates, limits and steps as dated values with citation and confidence.

A change of law adds a row to a parameter's values and edits none: what was due on an earlier day stays computable.
Numbers are whole or decimal, never binary fractions. GROUPS at the end is the only list of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

import attrs

from domain import errors

V_co = TypeVar("V_co", covariant=True)

VERIFIED, SECONDARY, UNVERIFIED = "verified", "secondary", "unverified"
CONFIDENCE = (VERIFIED, SECONDARY, UNVERIFIED)
"""How sure we are of a value, from most to least: read in the rulebook or proved by a filed document; read in somebody's
account of it; general knowledge."""

EARLIER = date.min
"""The first day of a value whose own first day is not established: it held before every day this book asks about."""

LOOK_BACK = timedelta(days=62)
"""How far before a day the rules look for what bears on it: thirty days, or to the Monthly Return for the month before."""

MORATORIUM = timedelta(days=30)
"""After a purchase nothing is issued for thirty calendar days, after a sale of treasury shares nothing is bought back."""

TREASURY_REGIME = date(2024, 6, 11)
"""From this day issued shares are counted without treasury shares, in chapters 10, 13 and 17; both returns have other forms."""

SHARE_SCHEMES = date(2023, 1, 1)
"""From this day chapter 17 is about share awards too."""

ONGOING_FLOAT = date(2026, 1, 1)
"""From this day rules 13.32A to F hold the public float to the percentage prescribed at listing or to an alternative."""

SPECIALIST_TECHNOLOGY = date(2023, 3, 31)
"""From this day chapter 18C is in force."""

Steps = tuple[tuple[int, Decimal], ...]
"""From each number on, such as a multiple of subscription, at least this percentage of the shares."""


class NotInForce(errors.NotFound, ValueError):
    """A parameter has no value on the day asked about; the message names both."""


@attrs.frozen
class Parameter(Generic[V_co]):
    """A number the law sets, by the first day of each value; None from the day on which it is in force no more.

    Raises ValueError if the days do not rise, the confidence mark is unknown, or a value is not exact.
    """

    code: str
    title: str
    unit: str
    values: tuple[tuple[date, V_co | None], ...]
    citation: str
    confidence: str

    def __attrs_post_init__(self) -> None:
        days = [day for day, _ in self.values]
        if not days or days != sorted(set(days)):
            raise ValueError(f"{self.code}: expected values by rising days")
        if self.confidence not in CONFIDENCE:
            raise ValueError(f"{self.code}: expected a confidence of {', '.join(CONFIDENCE)}, got {self.confidence!r}")
        if not all(_exact(value) for _, value in self.values):
            raise ValueError(f"{self.code}: expected whole numbers and decimals only")

    def find(self, day: date) -> V_co | None:
        """The value in force on a day; None if there is none, or none is known."""
        known = [value for from_date, value in self.values if from_date <= day]
        return known[-1] if known else None

    def at(self, day: date) -> V_co:
        """The value in force on a day. Raises NotInForce if there is none, or none is known."""
        value = self.find(day)
        if value is not None:
            return value
        if day < self.values[0][0]:
            raise NotInForce(f"no {self.title} is known before {self.values[0][0]:%-d %B %Y}, and {day:%-d %B %Y} was asked for")
        raise NotInForce(f"the {self.title} is not in force on {day:%-d %B %Y}")


def _exact(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_exact(item) for item in value)
    return value is None or type(value) in (int, Decimal)


def weakest(parameters: Iterable[Parameter[object]]) -> str:
    """The confidence of what depends on several parameters: that of the least sure; of none, verified."""
    return max((parameter.confidence for parameter in parameters), key=CONFIDENCE.index, default=VERIFIED)


# Fees, each side, of the consideration.

_FEES = "HKEX fee page, Securities (Hong Kong): Trading: Transaction"
_OF_CONSIDERATION = "percent of the consideration"

BROKERAGE = Parameter("brokerage", "brokerage on applications", _OF_CONSIDERATION, ((EARLIER, Decimal(1)),), _FEES, VERIFIED)
SFC_LEVY = Parameter(
    "sfc-levy", "SFC transaction levy", _OF_CONSIDERATION,
    ((date(2010, 10, 1), Decimal("0.003")), (date(2014, 11, 1), Decimal("0.0027"))), _FEES, VERIFIED,
)  # fmt: skip
TRADING_FEE = Parameter(
    "trading-fee", "Exchange trading fee", _OF_CONSIDERATION,
    ((EARLIER, Decimal("0.005")), (date(2023, 1, 1), Decimal("0.00565"))), _FEES, VERIFIED,
)  # fmt: skip
AFRC_LEVY = Parameter(
    "afrc-levy", "AFRC transaction levy", _OF_CONSIDERATION,
    ((EARLIER, Decimal(0)), (date(2022, 1, 1), Decimal("0.00015"))), _FEES, VERIFIED,
)  # fmt: skip
STAMP_DUTY = Parameter(
    "stamp-duty", "stamp duty on transfers", f"{_OF_CONSIDERATION}, rounded up to HKD 1; not on new issues",
    ((date(2021, 8, 1), Decimal("0.13")), (date(2023, 11, 17), Decimal("0.10"))), _FEES, VERIFIED,
)  # fmt: skip

# The tranches of a global offering. A listing document published before 4 August 2025 follows PN18; since then the issuer
# chooses Mechanism A or B.

_REFORM = date(2025, 8, 4)
_STEPS = "multiple of subscription: percent of the shares on offer"

CLAWBACK_PN18: Parameter[Steps] = Parameter(
    "clawback-pn18", "clawback under PN18", _STEPS,
    ((EARLIER, ((0, Decimal(10)), (15, Decimal(30)), (50, Decimal(40)), (100, Decimal(50)))), (_REFORM, None)),
    "Main Board Practice Note 18, paragraph 4 (until 3 August 2025)", SECONDARY,
)  # fmt: skip
CLAWBACK_A: Parameter[Steps] = Parameter(
    "clawback-a", "clawback under Mechanism A", _STEPS,
    ((_REFORM, ((0, Decimal(5)), (15, Decimal(15)), (50, Decimal(25)), (100, Decimal(35)))),),
    "Main Board Practice Note 18 since 4 August 2025, Mechanism A", SECONDARY,
)  # fmt: skip
CLAWBACK_18C: Parameter[Steps] = Parameter(
    "clawback-18c", "clawback under chapter 18C", _STEPS,
    ((SPECIALIST_TECHNOLOGY, ((0, Decimal(5)), (10, Decimal(10)), (50, Decimal(20)))),),
    "Main Board Rule 18C.09", SECONDARY,
)  # fmt: skip
PUBLIC_BOUNDS_B: Parameter[tuple[Decimal, Decimal]] = Parameter(
    "public-bounds-b", "public tranche under Mechanism B", "least and greatest percent of the shares on offer",
    ((_REFORM, (Decimal(10), Decimal(60))),), "Main Board Practice Note 18 since 4 August 2025, Mechanism B", SECONDARY,
)  # fmt: skip
BOOKBUILDING = Parameter(
    "bookbuilding-tranche", "bookbuilding placing tranche", "least percent of the shares on offer",
    ((_REFORM, Decimal(40)),), "Main Board Rules as amended on 4 August 2025", SECONDARY,
)  # fmt: skip
VOLUNTARY_REALLOCATION = Parameter(
    "voluntary-reallocation", "voluntary reallocation limit",
    "times the initial public tranche, at the lowest price of the range",
    ((date(2018, 1, 1), 2), (_REFORM, None)),
    "HKEX-GL91-18 (a letter of 2018, its day not established; what holds since 4 August 2025 not established)", SECONDARY,
)  # fmt: skip
POOL_A = Parameter(
    "pool-a", "largest application in pool A", "HKD; the public tranche is divided equally into pools A and B",
    ((EARLIER, 5_000_000),), "Practice Note 18, paragraph 3; GEM Practice Note 6 reads the same", VERIFIED,
)  # fmt: skip
OVER_ALLOTMENT = Parameter(
    "over-allotment", "over-allotment option", "greatest percent of the shares on offer",
    ((EARLIER, Decimal(15)),), "rule not yet checked; the 2021 offering's option is 15 % exactly", UNVERIFIED,
)  # fmt: skip
STABILISATION = Parameter(
    "stabilisation", "stabilisation period", "days after the last day for applications",
    ((EARLIER, 30),), "Cap. 571W, as the announcement of 20 December 2021 states it", VERIFIED,
)  # fmt: skip

# The public float of a class.

_FLOAT_RULES = "Main Board Rules 13.32A to 13.32F, as accounts describe them"
_OF_THE_CLASS = "least percent of the class in public hands, treasury shares left out"

INITIAL_FLOAT: Parameter[Steps] = Parameter(
    "initial-float", "public float at listing", f"market value of the class at listing in HKD: {_OF_THE_CLASS}",
    ((EARLIER, ((0, Decimal(25)),)), (_REFORM, ((0, Decimal(25)), (6_000_000_000, Decimal(15)), (30_000_000_000, Decimal(10))))),
    "Main Board Rules 8.08(1), 8.08A; percentages from allotment announcements, market values not yet checked",
    UNVERIFIED,
)  # fmt: skip
FLOAT_ALTERNATIVE = Parameter(
    "float-alternative", "alternative threshold of the public float", _OF_THE_CLASS,
    ((ONGOING_FLOAT, Decimal(10)),), _FLOAT_RULES, SECONDARY,
)  # fmt: skip
FLOAT_A_AND_H = Parameter(
    "float-a-h", "public float of an A+H issuer", "least percent that H shares in public hands are of all A and H shares",
    ((ONGOING_FLOAT, Decimal(5)),), _FLOAT_RULES, SECONDARY,
)  # fmt: skip
FLOAT_VALUE = Parameter(
    "float-value", "market value of the public float", "least HKD: beside the alternative percentage, or alone for A+H issuers",
    ((ONGOING_FLOAT, 1_000_000_000),), _FLOAT_RULES, SECONDARY,
)  # fmt: skip
FLOAT_TRADING_DAYS = Parameter(
    "float-trading-days", "days before the alternative threshold", "trading days since listing",
    ((ONGOING_FLOAT, 125),), _FLOAT_RULES, SECONDARY,
)  # fmt: skip

GROUPS: dict[str, tuple[Parameter[object], ...]] = {
    "fees": (BROKERAGE, SFC_LEVY, TRADING_FEE, AFRC_LEVY, STAMP_DUTY),
    "global offering": (
        CLAWBACK_PN18,
        CLAWBACK_A,
        CLAWBACK_18C,
        PUBLIC_BOUNDS_B,
        BOOKBUILDING,
        VOLUNTARY_REALLOCATION,
        POOL_A,
        OVER_ALLOTMENT,
        STABILISATION,
    ),
    "public float": (INITIAL_FLOAT, FLOAT_ALTERNATIVE, FLOAT_A_AND_H, FLOAT_VALUE, FLOAT_TRADING_DAYS),
}
"""Every parameter by subject, in reading order."""

PARAMETERS: dict[str, Parameter[object]] = {parameter.code: parameter for group in GROUPS.values() for parameter in group}
"""Every parameter by its code."""
