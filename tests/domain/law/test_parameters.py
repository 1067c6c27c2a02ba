"""Dated parameters: the day before and the day each value takes effect, and what a parameter refuses to hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.law.parameters import (
    AFRC_LEVY,
    BOOKBUILDING,
    BROKERAGE,
    CLAWBACK_18C,
    CLAWBACK_A,
    CLAWBACK_PN18,
    CONFIDENCE,
    EARLIER,
    FLOAT_A_AND_H,
    FLOAT_ALTERNATIVE,
    FLOAT_TRADING_DAYS,
    FLOAT_VALUE,
    GROUPS,
    INITIAL_FLOAT,
    OVER_ALLOTMENT,
    PARAMETERS,
    POOL_A,
    PUBLIC_BOUNDS_B,
    SECONDARY,
    SFC_LEVY,
    STABILISATION,
    STAMP_DUTY,
    TRADING_FEE,
    UNVERIFIED,
    VERIFIED,
    VOLUNTARY_REALLOCATION,
    NotInForce,
    Parameter,
    weakest,
)

PN18 = ((0, 10), (15, 30), (50, 40), (100, 50))
A = ((0, 5), (15, 15), (50, 25), (100, 35))
CHANGES = [
    (SFC_LEVY, date(2010, 10, 1), None, Decimal("0.003")),
    (SFC_LEVY, date(2014, 11, 1), Decimal("0.003"), Decimal("0.0027")),
    (TRADING_FEE, date(2023, 1, 1), Decimal("0.005"), Decimal("0.00565")),
    (AFRC_LEVY, date(2022, 1, 1), Decimal(0), Decimal("0.00015")),
    (STAMP_DUTY, date(2021, 8, 1), None, Decimal("0.13")),
    (STAMP_DUTY, date(2023, 11, 17), Decimal("0.13"), Decimal("0.10")),
    (CLAWBACK_PN18, date(2025, 8, 4), PN18, None),
    (CLAWBACK_A, date(2025, 8, 4), None, A),
    (CLAWBACK_18C, date(2023, 3, 31), None, ((0, 5), (10, 10), (50, 20))),
    (PUBLIC_BOUNDS_B, date(2025, 8, 4), None, (10, 60)),
    (BOOKBUILDING, date(2025, 8, 4), None, 40),
    (VOLUNTARY_REALLOCATION, date(2018, 1, 1), None, 2),
    (VOLUNTARY_REALLOCATION, date(2025, 8, 4), 2, None),
    (INITIAL_FLOAT, date(2025, 8, 4), ((0, 25),), ((0, 25), (6_000_000_000, 15), (30_000_000_000, 10))),
    (FLOAT_ALTERNATIVE, date(2026, 1, 1), None, 10),
    (FLOAT_A_AND_H, date(2026, 1, 1), None, 5),
    (FLOAT_VALUE, date(2026, 1, 1), None, 1_000_000_000),
    (FLOAT_TRADING_DAYS, date(2026, 1, 1), None, 125),
]


@pytest.mark.parametrize(("parameter", "day", "before", "since"), CHANGES, ids=[f"{row[0].code} {row[1]}" for row in CHANGES])
def test_a_value_holds_from_its_day_on_and_not_the_day_before(parameter, day, before, since):
    assert (parameter.find(day - timedelta(days=1)), parameter.find(day)) == (before, since)


def test_every_change_of_every_parameter_is_tested():
    changes = {(parameter.code, day) for parameter in PARAMETERS.values() for day, _ in parameter.values if day != EARLIER}
    assert {(parameter.code, day) for parameter, day, _, _ in CHANGES} == changes


@pytest.mark.parametrize(("parameter", "value"), [(BROKERAGE, 1), (OVER_ALLOTMENT, 15), (STABILISATION, 30), (POOL_A, 5_000_000)])
def test_a_value_that_never_changed_holds_on_every_day(parameter, value):
    assert {parameter.at(day) for day in (date(1998, 1, 1), date(2021, 12, 20), date(2030, 1, 1))} == {value}


@pytest.mark.parametrize(
    ("year", "most"), [(2014, "1.008"), (2021, "1.0077"), (2022, "1.00785"), (2023, "1.0085"), (2026, "1.0085")]
)
def test_the_charges_on_applications_come_to_the_percentages_that_prospectuses_print(year, most):
    day = date(year, 6, 1)
    assert sum(parameter.at(day) for parameter in (BROKERAGE, SFC_LEVY, TRADING_FEE, AFRC_LEVY)) == Decimal(most)


def test_asking_for_a_day_without_a_value_names_the_parameter_and_the_day():
    with pytest.raises(NotInForce, match="the clawback under PN18 is not in force on 4 August 2025"):
        CLAWBACK_PN18.at(date(2025, 8, 4))
    with pytest.raises(
        NotInForce, match="no SFC transaction levy is known before 1 October 2010, and 30 September 2010 was asked for"
    ):
        SFC_LEVY.at(date(2010, 9, 30))


def test_every_parameter_stands_in_one_group_under_its_own_code():
    listed = [parameter for group in GROUPS.values() for parameter in group]
    assert [parameter.code for parameter in listed] == list(PARAMETERS)
    assert len(listed) == len(PARAMETERS)


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
def test_every_parameter_says_what_it_is_where_it_is_from_and_how_sure_that_is(parameter):
    assert parameter.title
    assert parameter.unit
    assert parameter.citation
    assert parameter.confidence in CONFIDENCE


def test_what_was_not_read_is_marked_so():
    assert (INITIAL_FLOAT.confidence, OVER_ALLOTMENT.confidence) == (UNVERIFIED, UNVERIFIED)
    accounts = (CLAWBACK_PN18, CLAWBACK_A, CLAWBACK_18C, PUBLIC_BOUNDS_B, BOOKBUILDING, FLOAT_ALTERNATIVE, FLOAT_VALUE)
    assert {parameter.confidence for parameter in accounts} == {SECONDARY}


DAY, NEXT = date(2020, 1, 1), date(2020, 1, 2)


@pytest.mark.parametrize(
    ("values", "confidence", "message"),
    [
        ((), VERIFIED, "rising days"),
        (((NEXT, 1), (DAY, 2)), VERIFIED, "rising days"),
        (((DAY, 1), (DAY, 2)), VERIFIED, "rising days"),
        (((DAY, 1),), "certain", "expected a confidence of verified, secondary, unverified, got 'certain'"),
        (((DAY, 0.5),), VERIFIED, "whole numbers and decimals only"),
        (((DAY, ((1, Decimal(1)), (2, 0.5))),), VERIFIED, "whole numbers and decimals only"),
        (((DAY, True),), VERIFIED, "whole numbers and decimals only"),
    ],
)
def test_a_parameter_refuses_what_is_out_of_order_unmarked_or_inexact(values, confidence, message):
    with pytest.raises(ValueError, match=f"x: expected .*{message.removeprefix('expected ')}"):
        Parameter("x", "x", "shares", values, "nowhere", confidence)


def test_a_result_is_as_sure_as_the_least_of_its_parameters():
    assert weakest([]) == VERIFIED
    assert weakest([BROKERAGE, SFC_LEVY]) == VERIFIED
    assert weakest([BROKERAGE, CLAWBACK_PN18]) == SECONDARY
    assert weakest([OVER_ALLOTMENT, CLAWBACK_PN18, BROKERAGE]) == UNVERIFIED
