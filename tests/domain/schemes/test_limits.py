"""Limits of share schemes, held against what is recorded: all schemes together, and those for service providers."""

from __future__ import annotations

from datetime import date

import pytest

from domain.capital.accounts import AVAILABLE, SCHEME
from domain.capital.balances import Impossible
from domain.clearance.clear import clear
from domain.clearance.proposal import Proposal
from domain.law.outcome import NO, NOT_CHECKED, OK
from domain.law.rule import NOTICE
from domain.rulebook import check, findings
from tests.domain.book_of import at, entries, event, folded, set_up


def scheme(code="s", on="2 July 2024", limit="50,000", **said):
    return event("SchemeAdopted", on, scheme=code, share_class="ordinary", particulars="x", limit=limit, **said)


def found(*what, code="HK404", on="1 July 2024", **opening):
    return [each.entries for each in findings(entries(*set_up(on, **opening), *what)) if each.code == code]


# --- all schemes together (17.03B(1)) -----------------------------------------------------------------------------

# 500,000 shares are in issue.


@pytest.mark.parametrize(("limit", "found_in"), [("50,000", []), ("50,001", [(5,)])])
def test_a_schemes_limit_is_a_tenth_of_the_class_at_most(limit, found_in):
    assert found(scheme(limit=limit)) == found_in


@pytest.mark.parametrize(("limit", "found_in"), [("20,000", []), ("20,001", [(6,)])])
def test_the_limits_of_all_schemes_count_together(limit, found_in):
    assert found(scheme("first", limit="30,000"), scheme("second", "3 July 2024", limit=limit)) == found_in


def test_of_two_schemes_of_one_day_the_second_is_found():
    assert found(scheme("first", limit="30,000"), scheme("second", limit="20,001")) == [(6,)]


def test_the_finding_gives_the_limits_and_a_tenth_of_the_class():
    (finding,) = findings(entries(*set_up(), scheme("first", limit="30,000"), scheme("second", "3 July 2024", limit="20,001")))
    assert finding.message == (
        "the limits of first, second come to 50,001; 10 % of class ordinary at the approval of 3 July 2024 is 50,000"
    )


@pytest.mark.parametrize(("treasury", "found_in"), [("0", []), ("1,000", [])])
def test_shares_in_treasury_are_no_part_of_the_class(treasury, found_in):
    assert found(scheme(), treasury=treasury) == found_in
    # Of 501,000 with the 1,000 in treasury 50,100 would be a tenth.
    assert found(scheme(limit="50,100"), treasury="1,000") == [(5,)]


@pytest.mark.parametrize(("on", "found_in"), [("10 June 2024", []), ("11 June 2024", [(5,)])])
def test_they_were_until_10_june_2024(on, found_in):
    assert found(scheme(on=on, limit="50,100"), on="3 June 2024", treasury="1,000") == found_in


@pytest.mark.parametrize(("on", "found_in"), [("31 December 2022", []), ("1 January 2023", [(5,)])])
def test_the_limit_of_all_schemes_is_known_from_2023(on, found_in):
    assert found(scheme(on=on, limit="50,001"), on="1 December 2022") == found_in


def test_the_class_counts_as_it_was_on_the_day_of_the_approval():
    placed = event("RightsIssueCompleted", "5 July 2024", share_class="ordinary", shares="10,000")
    later = {"on": "8 July 2024", "limit": "50,500"}
    assert found(placed, scheme(**later, general_meeting_on="5 July 2024")) == []
    assert found(placed, scheme(**later, general_meeting_on="4 July 2024")) == [(6,)]


def test_a_scheme_of_existing_shares_or_over_another_class_counts_for_nothing():
    assert found(scheme("nominee", limit="900,000", existing_shares="yes"), scheme("s", "3 July 2024")) == []
    other = event("ShareClassCreated", "2 July 2024", share_class="other", class_label="Other shares")
    over = event("SchemeAdopted", "2 July 2024", scheme="o", share_class="other", particulars="x", limit="900,000")
    assert (6,) not in found(other, over, scheme("s", "3 July 2024"))


def test_a_scheme_approved_before_the_book_begins_was_never_held_against_the_class():
    assert found(scheme(general_meeting_on="30 June 2024", limit="900,000")) == []
    assert found(scheme(general_meeting_on="1 July 2024", limit="900,000")) == [(5,)]


def test_a_subdivision_since_changes_nothing():
    split = event("SharesSubdivided", "5 August 2024", into="4")
    assert found(scheme(), split) == []
    assert found(scheme(limit="50,001"), split) == [(5,)]


# --- service providers (17.03B(2)) --------------------------------------------------------------------------------


def granted(options, on="5 July 2024", name="OptionsGranted", code="s"):
    return event(name, on, scheme=code, options=options, service_provider="yes")


PROVIDED = scheme(service_provider_limit="1,000")


@pytest.mark.parametrize(("options", "found_in"), [("1,000", []), ("1,001", [(6,)])])
def test_service_providers_are_granted_no_more_than_their_limit(options, found_in):
    assert found(PROVIDED, granted(options), code="HK405") == found_in


def test_grants_to_others_take_nothing_of_it():
    other = event("OptionsGranted", "5 July 2024", scheme="s", options="40,000")
    assert found(PROVIDED, other, granted("1,000"), code="HK405") == []


def test_what_lapses_may_be_granted_to_them_again_and_what_is_cancelled_may_not():
    lapsed = granted("400", "8 July 2024", "OptionsLapsed")
    cancelled = event("OptionsCancelled", "8 July 2024", scheme="s", options="400")
    assert found(PROVIDED, granted("1,000"), lapsed, granted("400", "9 July 2024"), code="HK405") == []
    assert found(PROVIDED, granted("1,000"), cancelled, granted("400", "9 July 2024"), code="HK405") == [(8,)]


def test_awards_count_as_options_do():
    awards = scheme("a", awards="yes", service_provider_limit="1,000")
    given = event("AwardsGranted", "5 July 2024", scheme="a", awards="1,001", service_provider="yes")
    assert found(awards, given, code="HK405") == [(6,)]


def test_a_subdivision_multiplies_what_is_left_of_it():
    split = event("SharesSubdivided", "8 July 2024", into="4")
    assert found(PROVIDED, granted("400"), split, granted("2,400", "9 July 2024"), code="HK405") == []
    assert found(PROVIDED, granted("400"), split, granted("2,401", "9 July 2024"), code="HK405") == [(8,)]


BROUGHT = {"scheme": "s", "outstanding": "10,000"}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ([scheme()], "scheme s: no limit for service providers is recorded, and shares were granted to a service provider"),
        (
            [PROVIDED, event("SchemeBalanceBroughtForward", "2 July 2024", **BROUGHT)],
            "scheme s: what service providers were granted before the book is not recorded, and shares were granted",
        ),
    ],
    ids=["no limit", "used before the book"],
)
def test_what_is_not_known_of_their_limit_is_a_notice(facts, message):
    (finding,) = (each for each in findings(entries(*set_up(), *facts, granted("1"))) if each.code == "HK405")
    assert (finding.severity, finding.message.startswith(message)) == ("notice", True)


@pytest.mark.parametrize(("options", "found_in"), [("400", []), ("401", [(7,)])])
def test_what_was_used_before_the_book_counts(options, found_in):
    brought = event("SchemeBalanceBroughtForward", "2 July 2024", **BROUGHT, service_providers_before="600")
    assert found(PROVIDED, brought, granted(options), code="HK405") == found_in


def test_nothing_was_used_of_a_limit_that_there_is_not():
    brought = event("SchemeBalanceBroughtForward", "2 July 2024", **BROUGHT, service_providers_before="600")
    with pytest.raises(Impossible, match="scheme s has no limit for service providers"):
        folded(entries(*set_up(), scheme(), brought))


@pytest.mark.parametrize(("limit", "part"), [("50,000", "50,001"), ("1", "2")])
def test_the_limit_for_service_providers_is_within_that_of_the_scheme(limit, part):
    with pytest.raises(AssertionError, match="expected at most the limit of the scheme"):
        scheme(limit=limit, service_provider_limit=part)


def test_grants_to_service_providers_print_as_others_do():
    book = entries(*set_up(), PROVIDED, granted("400"))
    plain = entries(*set_up(), scheme(), event("OptionsGranted", "5 July 2024", scheme="s", options="400"))
    positions = [at(each, "2024-07-31") for each in (book, plain)]
    assert positions[0].balances() == positions[1].balances()


@pytest.mark.parametrize(
    ("facts", "shares", "answer"),
    [
        ([PROVIDED, granted("400")], 600, OK),
        ([PROVIDED, granted("400")], 601, NO),
        ([scheme()], 1, NOT_CHECKED),
        ([PROVIDED, event("SchemeBalanceBroughtForward", "2 July 2024", **BROUGHT)], 1, NOT_CHECKED),
    ],
    ids=["within", "beyond", "no limit", "used before the book"],
)
def test_can_asks_the_same_before_a_grant(facts, shares, answer):
    act = Proposal(kind="grant", on=date(2024, 7, 8), shares=shares, scheme="s", participant="service-provider")
    found = {each.rule: each.answer for each in clear(entries(*set_up(), *facts), act).answers}
    assert found["HK405"] == answer


# --- expiry and refreshment (17.03(11), 17.03C) ---------------------------------------------------------------------


def options(name, on, number="10", **said):
    return event(name, on, scheme="s", options=number, **said)


def refreshed(limit, on="5 August 2024", **said):
    return event("SchemeLimitRefreshed", on, scheme="s", limit=limit, **said)


@pytest.mark.parametrize(("on", "found_in"), [("4 August 2024", []), ("5 August 2024", [(6,)]), ("6 August 2024", [(6,)])])
def test_nothing_is_granted_under_a_scheme_from_the_day_of_its_expiry(on, found_in):
    assert found(scheme(expires_on="5 August 2024"), options("OptionsGranted", on), code="HK408") == found_in
    expired = event("SchemeExpired", "5 August 2024", scheme="s")
    # A fact of the same day comes first, in whatever order the two are recorded.
    assert found(scheme(), options("OptionsGranted", on), expired, code="HK408") == found_in


@pytest.mark.parametrize(("as_of", "noticed"), [("2034-07-01", False), ("2034-07-02", True)])
def test_a_scheme_of_ten_years_without_an_expiry_is_noticed_while_something_may_be_granted_under_it(as_of, noticed):
    day = date.fromisoformat(as_of)
    for facts, expected in (
        ([scheme()], noticed),
        ([scheme(expires_on="2 July 2034")], False),
        ([scheme(existing_shares="yes")], False),
        ([scheme(limit=None)], False),
        ([scheme(), options("OptionsGranted", "3 July 2024", "50,000")], False),
    ):
        notices = [each for each in check(entries(*set_up(), *facts), day) if each.code == "HK408"]
        assert bool(notices) is expected
        assert {each.severity for each in notices} <= {NOTICE}


@pytest.mark.parametrize(("limit", "found_in"), [("50,000", []), ("50,001", [(7,)])])
def test_a_refreshed_limit_is_an_approval_of_its_own(limit, found_in):
    granted = options("OptionsGranted", "3 July 2024", "50,000")
    assert found(scheme(), granted, refreshed(limit)) == found_in


def test_a_scheme_that_expires_on_the_day_of_the_next_approval_is_no_part_of_it():
    first, expired = scheme("first", limit="30,000"), event("SchemeExpired", "5 August 2024", scheme="first")
    assert found(first, expired, scheme("second", "5 August 2024", limit="50,000")) == []
    assert found(first, scheme("second", "5 August 2024", limit="50,000")) == [(6,)]


@pytest.mark.parametrize(
    ("on", "said", "free", "noticed"),
    [
        ("2 August 2024", {}, 50_000, False),
        ("6 August 2024", {}, 50_010, True),
        ("6 August 2024", {"before_refreshment": "no"}, 50_010, False),
        ("6 August 2024", {"before_refreshment": "yes"}, 50_000, False),
    ],
)
def test_what_was_granted_before_the_limit_was_refreshed_is_not_free_again(on, said, free, noticed):
    facts = [scheme(), options("OptionsGranted", "3 July 2024"), refreshed("50,000"), options("OptionsLapsed", on, **said)]
    assert folded(entries(*set_up(), *facts)).total(SCHEME, "s", AVAILABLE) == free
    assert bool(found(*facts, code="HK409")) is noticed


def test_a_refreshed_limit_for_service_providers_counts_from_its_day_on():
    adopted, granted = scheme(service_provider_limit="10"), options("OptionsGranted", "3 July 2024", service_provider="yes")
    again = options("OptionsGranted", "6 August 2024", service_provider="yes")
    assert found(adopted, granted, again, code="HK405") == [(7,)]
    assert found(adopted, granted, refreshed("50,000"), again, code="HK405") == [(8,)]
    assert found(adopted, granted, refreshed("50,000", service_provider_limit="10"), again, code="HK405") == []


def test_a_grant_to_a_service_provider_under_a_scheme_that_is_over_is_found_for_that_alone():
    """It is beyond the limit of 100 as well; of a scheme that has expired no limit is left to speak of."""
    granted = event("OptionsGranted", "9 July 2024", scheme="s", options="101", service_provider="yes")
    expired = event("SchemeExpired", "8 July 2024", scheme="s")
    limited = scheme(service_provider_limit="100")
    assert found(limited, granted, code="HK405") == [(6,)]
    assert found(limited, expired, granted, code="HK405") == []
    assert [each.code for each in findings(entries(*set_up(), limited, expired, granted)) if 7 in each.entries] == ["HK408"]
