"""`captable rule`: what a rule says, and how sure we are."""

from __future__ import annotations

import pytest

from domain import rulebook
from tests.cli.running import captable, done


def test_all_rules_are_listed_each_once():
    listed = [line.split()[0] for line in done("rule").out.splitlines()[1:]]
    assert listed == list(rulebook.codes())


@pytest.mark.parametrize("code", rulebook.codes())
def test_every_rule_has_citation_confidence_range_example_and_how_to_clear_it(code):
    shown = done("rule", code).out
    for head in ("In force", "Source", "Example", "To clear"):
        assert head in shown
    assert any(f"({mark})" in shown.replace("\n", " ") for mark in ("verified", "secondary", "unverified"))


def test_a_rule_of_the_exchange_leads_to_the_text_of_the_exchange_and_one_of_this_program_does_not():
    assert "Rulebook  https://en-rules.hkex.com.hk/rulebook/main-board-listing-rules" in done("rule", "HK301").out
    assert "Rulebook" not in done("rule", "HK120").out


def test_a_code_may_be_written_small():
    assert done("rule", "hk302").out == done("rule", "HK302").out


def test_the_version_in_force_stands_first():
    shown = done("rule", "HK601").out
    assert shown.index("since 11 June 2024") < shown.index("to 10 June 2024")


def test_a_rule_without_a_date_holds_as_far_as_the_program_goes_back():
    assert "always, as far as this program goes back" in done("rule", "HK101").out


@pytest.mark.parametrize(("wrong", "meant"), [("HK209", "HK20"), ("hk60", "HK60"), ("KH302", "HK302")])
def test_an_unknown_rule_is_refused_with_the_nearest(wrong, meant):
    ran = captable("rule", wrong)
    assert ran.code == 2
    assert f"there is no rule '{wrong.upper()}'. Did you mean {meant}" in ran.err
    assert "captable rule lists them all" in ran.err


def test_as_json_every_version_is_there():
    old, new = done("rule", "HK601", "--json").json
    assert (old["in_force_from"], old["in_force_until"]) == (None, "2024-06-11")
    assert (new["in_force_from"], new["in_force_until"]) == ("2024-06-11", None)
    assert len(done("rule", "--json").json) == len(rulebook.RULES)


def test_it_is_no_legal_advice():
    assert "Not legal advice" in done("rule").err


def test_a_rule_that_nothing_checks_says_of_which_commands_that_holds():
    assert "Not checked by  can place, check" in done("rule", "HK318").out
    assert done("rule", "HK318", "--json").json[0]["not_checked_by"] == ["place", "check"]
    assert "Not checked by" not in done("rule", "HK302").out
