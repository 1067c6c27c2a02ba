"""The example of a rule yields its finding: `tests/rules/<room>.yaml` says in facts what the rule's `example` says in words.

Each names its `rule` and repeats the `example`, by which the version of the rule is known. A book is `opened` with one class of
shares, `ordinary` (the fields of `set_up` in tests/domain/book_of.py), and is `given` facts in the words of `record --file`.
At the end of it, `as of` a day or looked at `now` (in Hong Kong), it `finds` a message with these words; and no finding of the
rule `not with` other fields of the last fact, `not on` another day, `not now` at another moment.

Rules that commands apply to what is asked of them (`can`, `offering`, `meeting`) find nothing in a book and are not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import attrs
import pytest

from domain.capital.entries import Entry
from domain.law.business_days import HONG_KONG
from domain.law.rule import Finding, Rule
from domain.rulebook import RULES, check
from infrastructure.calendar import TradingCalendar
from infrastructure.readers import values
from tests.domain.book_of import entries, set_up
from tests.samples import made
from tests.written import texts_of

FOLDER = Path(__file__).parent
EXAMPLES: list[Mapping[str, Any]] = [example for path in sorted(FOLDER.glob("*.yaml")) for example in texts_of(path)]
CALENDAR = TradingCalendar()
WRITTEN = {(example["rule"], example["example"]) for example in EXAMPLES}
KEYS = {"rule", "example", "opened", "given", "as of", "finds", "not with", "not on", "now", "not now"}

# Versions of rules whose examples are words alone: they need more than facts of one class, and what they find is tested in
# tests/domain and tests/application. No rule joins them.
WORDS_ALONE = frozenset({
    "HK311", "HK315", "HK330 of 2026-01-01", "HK344 of 2024-06-11", "HK504", "HK601", "HK604", "HK610", "HK611",
})  # fmt: skip


def fields(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if value == "~" else value for name, value in fact.items() if name not in ("event", "replaces")}


def on_its_day(entry: Entry) -> Entry:
    """An entry as if it had been recorded at noon of the day of its fact."""
    return attrs.evolve(entry, recorded_at=datetime.combine(entry.event.effective_on, time(12), HONG_KONG))


def found(example: Mapping[str, Any], as_of: str | None, now: str | None, **changed: object) -> list[Finding]:
    *before, last = example["given"]
    facts = [made(each["event"], fields(each)) for each in [*before, {**last, **changed}]]
    book = [on_its_day(each) for each in entries(*set_up(**example.get("opened", {})), *facts)]
    for place, each in enumerate(example["given"], len(book) - len(facts)):
        book[place] = attrs.evolve(book[place], replaces=int(each["replaces"]) if "replaces" in each else None)
    at = datetime.fromisoformat(now).replace(tzinfo=HONG_KONG) if now else None
    day = values.day(as_of) if as_of else None
    return [each for each in check(book, day, now=at, calendar=CALENDAR) if each.code == example["rule"]]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['rule']} {example['example'][:40]}")
def test_the_example_of_a_rule_yields_its_finding_and_what_it_allows_none(example):
    (row,) = [rule for rule in RULES if (rule.code, rule.example) == (example["rule"], example["example"])]
    as_of, now = example.get("as of"), example.get("now")
    findings = found(example, as_of, now)
    assert len(findings) == 1, f"{row.code} finds {[each.message for each in findings]} in its example, not one message"
    (finding,) = findings
    assert example["finds"] in finding.message
    assert (finding.citation, finding.confidence, finding.severity) == (row.citation, row.confidence, row.severity)
    assert set(example) <= KEYS
    assert {"not with", "not on", "not now"} & set(example)
    assert found(example, example.get("not on", as_of), example.get("not now", now), **example.get("not with", {})) == []


OVER_A_BOOK = [rule for rule in RULES if rule.each or rule.check]


def version(rule: Rule) -> str:
    return rule.code if rule.in_force_from == date.min else f"{rule.code} of {rule.in_force_from}"


@pytest.mark.parametrize("rule", OVER_A_BOOK, ids=version)
def test_the_example_of_every_rule_over_a_book_is_written_in_facts(rule):
    written = (rule.code, rule.example) in WRITTEN
    assert written or version(rule) in WORDS_ALONE, f"{version(rule)}: write its example in facts to tests/rules/<room>.yaml"
    assert not (written and version(rule) in WORDS_ALONE), f"{version(rule)} is written in facts: take it out of WORDS_ALONE"
