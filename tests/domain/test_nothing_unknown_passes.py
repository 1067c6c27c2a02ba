"""Every check of `can` with each of its inputs missing: what is not known never passes, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import attrs
import pytest

from domain import events
from domain.clearance.clear import CHECKS, clear
from domain.clearance.proposal import Proposal
from domain.law.outcome import NOT_CHECKED, OK
from domain.values import Money
from infrastructure.calendar import TradingCalendar
from tests.domain.book_of import entries, event, set_up

CALENDAR = TradingCalendar()
ON = date(2026, 2, 10)
ONE = Money("HKD", Decimal("1.5"))

FACTS = [
    *set_up("1 July 2024", treasury="1,000"),
    event("MandateGranted", "2 June 2025", mandate="issue", purpose="issue", percent="20", base="500,000"),
    event("MandateGranted", "2 June 2025", mandate="repurchase", purpose="repurchase", percent="10", base="500,000"),
    event("PublicFloatRequirementSet", "1 July 2024", share_class="ordinary", percent="25"),
    event("PublicFloatConfirmed", "31 January 2026", share_class="ordinary", shares="200,000"),
    event("SchemeAdopted", "2 July 2024", scheme="options", share_class="ordinary", particulars="Options", limit="40,000"),
    event(
        "SchemeAdopted",
        "3 July 2024",
        scheme="awards",
        share_class="ordinary",
        particulars="Awards",
        limit="10,000",
        awards="yes",
    ),
]
PRICED = {"share_class": "ordinary", "price": ONE, "closes": (ONE,) * 5}
RESULTS = {"results_on": (date(2026, 3, 20),), "deadline": date(2026, 3, 31)}
ACTS = {
    "repurchase": Proposal(kind="repurchase", on=ON, shares=100, **PRICED, **RESULTS),
    "place": Proposal(kind="place", on=ON, shares=100, close=ONE, **PRICED),
    "sell-treasury": Proposal(kind="sell-treasury", on=ON, shares=100, **PRICED, **RESULTS),
    "grant": Proposal(
        kind="grant", on=ON, shares=100, scheme="options", granted_before=0, vests_on=date(2027, 2, 10), participant="employee"
    ),
}


def answers(facts, act):
    made = {code for code, _ in CHECKS[act.kind]}
    return {each.rule: each.answer for each in clear(entries(*facts), act, calendar=CALENDAR).answers if each.rule in made}


@pytest.mark.parametrize("kind", CHECKS)
def test_where_everything_is_known_every_check_passes(kind):
    assert set(answers(FACTS, ACTS[kind]).values()) == {OK}


# --- each input left out ------------------------------------------------------------------------------------------

Change = Callable[[list, Proposal], tuple[list, Proposal]]


def not_given(**fields: object) -> Change:
    return lambda facts, act: (facts, attrs.evolve(act, **fields))


def not_recorded(*kinds: type[events.Event]) -> Change:
    return lambda facts, act: ([each for each in facts if not isinstance(each, kinds)], act)


def recorded_otherwise(*kind: type[events.Event], **fields: object) -> Change:
    return lambda facts, act: ([attrs.evolve(each, **fields) if isinstance(each, kind) else each for each in facts], act)


def both(first: Change, second: Change) -> Change:
    return lambda facts, act: second(*first(facts, act))


def recorded_besides(*more: events.Event) -> Change:
    return lambda facts, act: ([*facts, *more], act)


def begun_on(day: date) -> Change:
    """The book begins later, with the balances of that day."""
    return recorded_otherwise(events.BalanceBroughtForward, effective_on=day)


SET_UP = (events.IssuerRegistered, events.ShareClassCreated, events.SchemeAdopted)
MANDATE = ("HK302", "HK303", "HK304")
TO_ISSUE = (*MANDATE, "HK315")
SECOND = event("MandateGranted", "2 June 2025", mandate="second", purpose="issue", percent="20", base="500,000")
SECOND_TO_BUY = attrs.evolve(SECOND, purpose="repurchase", percent=Decimal(10))
ALTERNATIVE = event("PublicFloatRequirementSet", "2 July 2024", share_class="ordinary", test="alternative")
LITTLE = recorded_otherwise(events.PublicFloatConfirmed, shares=60_000)
AWARDS = event("SchemeAdopted", "3 July 2024", scheme="more", share_class="ordinary", particulars="Awards", awards="yes")

MISSING: list[tuple[str, str, Change, tuple[str, ...]]] = [
    ("repurchase", "price", not_given(price=None), ("HK301",)),
    ("repurchase", "closing prices", not_given(closes=()), ("HK301",)),
    ("repurchase", "mandate", not_recorded(events.MandateGranted), MANDATE),
    ("repurchase", "which of two mandates", recorded_besides(SECOND_TO_BUY), MANDATE),
    ("repurchase", "board meeting", not_given(results_on=()), ("HK310",)),
    ("repurchase", "deadline", not_given(deadline=None), ("HK310",)),
    ("repurchase", "sales, and use of the mandate, before the book", begun_on(date(2026, 1, 20)), ("HK302", "HK309")),
    ("repurchase", "public float", not_recorded(events.PublicFloatConfirmed), ("HK312",)),
    ("repurchase", "figure of the public float", recorded_otherwise(events.PublicFloatConfirmed, shares=None, met=True), ("HK312",)),
    ("repurchase", "public float of late", recorded_otherwise(events.PublicFloatConfirmed, effective_on=date(2025, 12, 30)), ("HK312",)),
    ("repurchase", "public float required, and below the highest", both(LITTLE, not_recorded(events.PublicFloatRequirementSet)), ("HK312",)),
    ("repurchase", "market value", both(LITTLE, recorded_besides(ALTERNATIVE)), ("HK312",)),
    ("place", "price", not_given(price=None), ("HK307",)),
    ("place", "closing prices", not_given(closes=()), ("HK307",)),
    ("place", "close of the day", not_given(close=None), ("HK307",)),
    ("place", "mandate", not_recorded(events.MandateGranted), TO_ISSUE),
    ("place", "which of two mandates", recorded_besides(SECOND), TO_ISSUE),
    ("place", "purchases, use and granting of the mandate, before the book", begun_on(date(2026, 1, 20)), ("HK302", "HK308", "HK315")),
    ("place", "listing", recorded_otherwise(events.ShareClassCreated, listed=False, stock_code=None), ("HK311",)),
    ("sell-treasury", "price", not_given(price=None), ("HK313",)),
    ("sell-treasury", "closing prices", not_given(closes=()), ("HK313",)),
    ("sell-treasury", "mandate", not_recorded(events.MandateGranted), TO_ISSUE),
    ("sell-treasury", "which of two mandates", recorded_besides(SECOND), TO_ISSUE),
    ("sell-treasury", "purchases, use and granting of the mandate, before the book", begun_on(date(2026, 1, 20)), ("HK302", "HK308", "HK315")),
    ("sell-treasury", "board meeting", not_given(results_on=()), ("HK310",)),
    ("sell-treasury", "deadline", not_given(deadline=None), ("HK310",)),
    ("grant", "limit", recorded_otherwise(events.SchemeAdopted, limit=None), ("HK401", "HK404")),
    ("grant", "limit of another scheme", recorded_besides(AWARDS), ("HK404",)),
    ("grant", "shares in issue at the approval", begun_on(date(2024, 7, 4)), ("HK404",)),
    ("grant", "whether the scheme issues anything", recorded_otherwise(events.SchemeAdopted, existing_shares=True), ("HK401", "HK404")),
    ("grant", "expiry of a scheme of ten years", recorded_otherwise(*SET_UP, effective_on=date(2016, 2, 10)), ("HK404", "HK408")),
    ("grant", "earlier grants to the grantee", not_given(granted_before=None), ("HK402",)),
    ("grant", "who the grantee is", not_given(participant=None), ("HK405",)),
    ("grant", "limit for service providers", not_given(participant="service-provider"), ("HK405",)),
    ("grant", "first day of vesting", not_given(vests_on=None), ("HK403",)),
    ("grant", "who the grantee is, of early vesting", not_given(vests_on=date(2026, 3, 1), participant=None), ("HK403", "HK405")),
    ("grant", "what the scheme allows employees", not_given(vests_on=date(2026, 3, 1)), ("HK403",)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "what", "without", "codes"), MISSING, ids=[f"{row[0]}: {row[1]}" for row in MISSING])
def test_without_an_input_exactly_the_checks_that_need_it_answer_that_they_are_not_made(kind, what, without, codes):
    expected = {code: NOT_CHECKED if code in codes else OK for code, _ in CHECKS[kind]}
    assert answers(*without(list(FACTS), ACTS[kind])) == expected


# How many shares there are the book always knows.
ALWAYS_KNOWN = {"HK314"}


@pytest.mark.parametrize("kind", CHECKS)
def test_the_table_leaves_out_an_input_of_every_check(kind):
    assert {code for of, _, _, codes in MISSING if of == kind for code in codes} == {
        code for code, _ in CHECKS[kind]
    } - ALWAYS_KNOWN


def test_the_table_leaves_out_every_input_of_a_transaction():
    given = {field.name for act in ACTS.values() for field in attrs.fields(Proposal) if getattr(act, field.name) != field.default}
    left_out = set()
    for kind, _, without, _ in MISSING:
        _, act = without(list(FACTS), ACTS[kind])
        left_out |= {name for name in given if getattr(act, name) != getattr(ACTS[kind], name)}
    # Without these there is no question.
    assert given - left_out == {"kind", "on", "shares", "share_class", "scheme"}
