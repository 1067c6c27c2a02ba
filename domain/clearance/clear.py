"""A check before an act: may we buy back, place, sell treasury shares or grant today? Nothing is written.

Each answer is ok, no, or not checked with what is not known; what is not known never passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction

from domain.capital import rules as capital
from domain.capital.accounts import AGREEMENT, OUTSTANDING
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.capital.opening import not_known
from domain.capital.terms import Terms, unknown
from domain.capital.weighted import weighted_classes
from domain.clearance import authority, checks, grants, listing, open_rules, prices, rules
from domain.clearance.authority import closed_on
from domain.clearance.moratoria import traded
from domain.clearance.proposal import (
    BUY_BACK,
    GRANT,
    PLACE,
    PLACE_WEIGHTED,
    SELL_TREASURY,
    CheckResult,
    Circumstances,
    ClearanceSheet,
    Proposal,
)
from domain.events.fields import FieldError
from domain.law.business_days import Calendar
from domain.law.outcome import NO, NOT_CHECKED, Outcome
from domain.law.parameters import MORATORIUM, ONGOING_FLOAT, SHARE_SCHEMES, TREASURY_REGIME
from domain.law.rule import Rule, not_checked, version_of
from domain.mandates import rules as mandates
from domain.mandates.status import history
from domain.public_float import rules as public_float
from domain.public_float.status import first_listed
from domain.schemes import rules as schemes
from domain.values import day_text, percent

Check = Callable[[Circumstances], Outcome]

_ENOUGH_SHARES = "HK314"

_RULES: tuple[Rule, ...] = (
    *rules.RULES,
    *capital.RULES,
    *mandates.RULES,
    *schemes.RULES,
    *public_float.RULES,
    *authority.RULES,
    *listing.RULES,
    *open_rules.RULES,
)
_EVER = date.min

_MANDATE = (("HK302", "mandate"), ("HK303", "mandate in force"), ("HK304", "purpose of mandate"))
CHECKS: Mapping[str, tuple[tuple[str, str], ...]] = {
    BUY_BACK: (
        ("HK301", "price cap"),
        *_MANDATE,
        ("HK310", "blackout"),
        ("HK309", "30 days after a sale"),
        ("HK312", "public float"),
        (_ENOUGH_SHARES, "shares to buy"),
    ),
    PLACE: (
        *_MANDATE,
        ("HK315", "refreshed mandate"),
        ("HK307", "discount"),
        ("HK308", "30 days after a purchase"),
        ("HK311", "six months after listing"),
        (_ENOUGH_SHARES, "authorised capital"),
    ),
    SELL_TREASURY: (
        (_ENOUGH_SHARES, "treasury shares"),
        *_MANDATE,
        ("HK315", "refreshed mandate"),
        ("HK313", "discount"),
        ("HK308", "30 days after a purchase"),
        ("HK310", "blackout"),
    ),
    GRANT: (
        ("HK408", "scheme in force"),
        ("HK401", "scheme limit"),
        ("HK404", "limits of all schemes"),
        ("HK402", "individual limit"),
        ("HK405", "service providers"),
        ("HK403", "vesting"),
    ),
}
"""By act, the rules it is held against, in the order of the sheet, and in a few words what each looks at.

The sheet ends with the rules that nothing here checks and that speak of the act (`Rule.asked_by`).
"""

_ENOUGH: Mapping[str, Check] = {BUY_BACK: checks.enough_held, PLACE: checks.authorised, SELL_TREASURY: checks.enough_treasury}

CHECK_BY_RULE: Mapping[str, Mapping[date, Check]] = {
    "HK301": {_EVER: prices.price_cap},
    "HK302": {_EVER: checks.mandate_left},
    "HK303": {_EVER: checks.mandate_in_force},
    "HK304": {_EVER: checks.mandate_purpose},
    "HK307": {rules.PLACING_PRICE: prices.placing_price},
    "HK308": {_EVER: checks.moratorium(bought=True)},
    "HK309": {TREASURY_REGIME: checks.moratorium(bought=False)},
    "HK310": {_EVER: checks.blackout(checks.one_month), TREASURY_REGIME: checks.blackout(checks.thirty_days)},
    "HK311": {_EVER: checks.since_listing},
    "HK312": {_EVER: checks.public_float(ongoing=False), ONGOING_FLOAT: checks.public_float(ongoing=True)},
    "HK313": {TREASURY_REGIME: prices.sale_price},
    _ENOUGH_SHARES: {_EVER: lambda circumstances: _ENOUGH[circumstances.proposal.kind](circumstances)},
    "HK315": {_EVER: checks.refreshed_mandate},
    "HK401": {_EVER: grants.scheme_limit},
    "HK402": {SHARE_SCHEMES: grants.individual_limit},
    "HK403": {SHARE_SCHEMES: grants.vesting},
    "HK404": {SHARE_SCHEMES: grants.all_schemes},
    "HK405": {SHARE_SCHEMES: grants.service_providers},
    "HK408": {_EVER: grants.scheme_in_force},
}
"""How each rule is checked, by the first day on which it is checked so; the rows of the rules say what is in force."""

NOT_LOOKED_AT: Mapping[str, str] = {
    BUY_BACK: "inside information, core connected persons, settlement, the law of the place of incorporation",
    PLACE: "a change of control, connected placees, inside information",
    SELL_TREASURY: "inside information, core connected persons, the law of the place of incorporation",
    GRANT: "inside information, the terms of the scheme, the law of the place of incorporation",
}
"""What no check of a proposal looks at."""


def checked_beforehand_only(day: date) -> tuple[Rule, ...]:
    """The rules in force on a day that a proposal is checked by and a book is not.

    HK314 is not one of them: a book cannot record a dealing in more shares than there are.
    """
    asked = {code for rows in CHECKS.values() for code, _ in rows} - {_ENOUGH_SHARES}
    asked -= {rule.code for rule in _RULES if rule.each or rule.check}
    found = (version_of(_RULES, code, day) for code in sorted(asked))
    return tuple(rule for rule in found if rule is not None)


def clear(
    entries: Iterable[Entry], proposal: Proposal, known_at: datetime | None = None, calendar: Calendar | None = None
) -> ClearanceSheet:
    """Every answer about an act, from what the book knows at close of its day, as known at an instant.

    Raises FieldError for a class, mandate or scheme that the book does not have, for a public float above the class, and for a
    day before the book begins.
    """
    ledger = Ledger.of(entries, known_at)
    if (unknown_then := not_known(ledger.in_effect, proposal.on)) is not None:
        raise FieldError("on", unknown_then)
    until = ledger.until(proposal.on)
    circumstances = Circumstances(
        proposal,
        history(ledger, proposal.on),
        ledger.begins_on,
        ledger,
        until,
        tuple(traded(until)),
        first_listed(until),
        calendar,
    )
    _check(circumstances)
    made = (_answer(code, words, circumstances) for code, words in CHECKS[proposal.kind])
    answers = (*made, *_not_dealt_in(circumstances), *_not_made(circumstances))
    return ClearanceSheet(proposal, answers, tuple(_notes(circumstances)))


def _answer(code: str, words: str, circumstances: Circumstances) -> CheckResult:
    rule, on = version_of(_RULES, code, circumstances.proposal.on), circumstances.proposal.on
    if rule is None:
        rule = _first(code)
        return _result(rule, words, NOT_CHECKED, f"the rule is known here from {day_text(rule.in_force_from)} on")
    check = CHECK_BY_RULE[code][max(day for day in CHECK_BY_RULE[code] if day <= on)]
    return _result(rule, words, *check(circumstances))


def _result(rule: Rule, words: str, answer: str, working: str) -> CheckResult:
    return CheckResult(rule.code, words, answer, working, rule.citation, rule.confidence)


def _not_dealt_in(circumstances: Circumstances) -> Iterator[CheckResult]:
    """Results that say that the Exchange is closed on the day, or the class not listed there, if so.

    Treasury shares are sold on the Exchange; shares may be bought elsewhere.
    """
    proposal = circumstances.proposal
    if proposal.kind not in _DEALINGS:
        return
    if (closed := closed_on(proposal.on, circumstances.calendar)) is not None:
        yield _result(_first("HK345"), "trading day", NO, closed)
    if not circumstances.position.terms.classes[str(proposal.share_class)].listed:
        answer, words = _DEALINGS[proposal.kind]
        words = f"class {proposal.share_class} is not listed on the Exchange{words}"
        yield _result(_first("HK347"), "listed class", answer, words)


_DEALINGS: Mapping[str, Outcome] = {
    BUY_BACK: (NOT_CHECKED, ": its shares are bought in another way, which these checks do not know"),
    SELL_TREASURY: (NO, ""),
}


def _not_made(circumstances: Circumstances) -> Iterator[CheckResult]:
    """The rules that nothing here checks: silence about them would read as consent."""
    proposal = circumstances.proposal
    weighted = proposal.kind == PLACE and proposal.share_class in weighted_classes(circumstances.position)
    for rule in not_checked(_RULES, proposal.on, proposal.kind, *((PLACE_WEIGHTED,) if weighted else ())):
        yield _result(rule, rule.title.lower(), NOT_CHECKED, "outside captable")


def _first(code: str) -> Rule:
    return min((rule for rule in _RULES if rule.code == code), key=lambda rule: rule.in_force_from)


# --- what the book must have, and what it knows -------------------------------------------------------------------


def _check(circumstances: Circumstances) -> None:
    proposal, terms = circumstances.proposal, circumstances.position.terms
    needed = "scheme" if proposal.kind == GRANT else "share_class"
    if getattr(proposal, needed) is None:
        raise FieldError(needed, f"expected the code of the {_KINDS[needed]}")
    for field, kind in _KINDS.items():
        _check_name(terms, field, kind, getattr(proposal, field), proposal.on)
    _check_class_of_scheme(terms, proposal)
    if proposal.public_float is not None and proposal.share_class is not None:
        there = circumstances.position.issued(proposal.on, [proposal.share_class])
        if proposal.public_float > there:
            raise FieldError(
                "public_float", f"expected at most the {there:,} issued shares of the class, got {proposal.public_float:,}"
            )


_KINDS = {"share_class": "class", "mandate": "mandate", "scheme": "scheme"}


def _check_name(terms: Terms, field: str, kind: str, code: str | None, on: date) -> None:
    if code is not None and code not in terms.named(kind):
        raise FieldError(field, str(unknown(terms, kind, code, on)))


def _check_class_of_scheme(terms: Terms, proposal: Proposal) -> None:
    if proposal.scheme is not None and proposal.share_class is not None:
        over = terms.schemes[proposal.scheme].share_class
        if proposal.share_class != over:
            raise FieldError("share_class", f"scheme {proposal.scheme} is over class {over}, got {proposal.share_class}")


# --- what is worth knowing besides --------------------------------------------------------------------------------


def _notes(circumstances: Circumstances) -> Iterator[str]:
    proposal = circumstances.proposal
    if proposal.kind == BUY_BACK:
        yield from _still_to_issue(circumstances)
    if proposal.kind == PLACE:
        everything, of_class = (
            circumstances.position.issued(proposal.on),
            circumstances.position.issued(proposal.on, [str(proposal.share_class)]),
        )
        if of_class:
            parts = [
                f"{percent(Fraction(100 * proposal.shares, base), Fraction(5), 2)} % of {base:,} {words}"
                for base, words in (
                    (of_class, f"existing shares of class {proposal.share_class}"),
                    (everything, "existing shares of all classes"),
                    (everything + proposal.shares, "enlarged by it"),
                )
            ]
            yield f"{proposal.shares:,} is {', '.join(parts)}"
        reaches = "reaches" if everything and 20 * proposal.shares >= everything else "stays below"
        yield f"It {reaches} 5 % of all shares in issue; a placing is disclosed the next business day whatever its size (13.25A)"


def _still_to_issue(circumstances: Circumstances) -> Iterator[str]:
    """What is agreed and not yet issued: a purchase bars its completion for thirty days (rule 10.06(3))."""
    position, until = circumstances.position, day_text(circumstances.proposal.on + MORATORIUM)
    for code in position.terms.agreements:
        if left := position.total(AGREEMENT, code, OUTSTANDING):
            words = f"Agreement {code} still has {left:,} shares to issue"
            yield f"{words}: barred up to and including {until}, 30 days after this purchase (10.06(3))"
