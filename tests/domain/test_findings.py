"""What is recorded and yet irregular."""

from __future__ import annotations

from datetime import date

import pytest

from domain.rulebook import findings
from tests.domain.book_of import entries, event, set_up


def found(*what):
    return [
        (each.code, each.message, each.entries) for each in findings(entries(*set_up(held="500,000", treasury="3,000"), *what))
    ]


def confirmed(on="5 July 2024", issued="500,000", **said):
    return event(
        "BalanceConfirmed", on, share_class="ordinary", issued_excluding_treasury=issued, document="the Monthly Return", **said
    )


@pytest.mark.parametrize(
    "said", [{}, {"treasury": "3,000"}, {"authorised": "1,000,000"}, {"treasury": "3,000", "authorised": "1,000,000"}]
)
def test_a_confirmed_balance_that_agrees_is_no_finding(said):
    assert found(confirmed(**said)) == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"issued": "500,001"},
            "issued excluding treasury of class ordinary at close of 5 July 2024: "
            "the Monthly Return says 500,001, the book 500,000",
        ),
        ({"treasury": "0"}, "treasury of class ordinary at close of 5 July 2024: the Monthly Return says 0, the book 3,000"),
        (
            {"treasury": "3,001"},
            "treasury of class ordinary at close of 5 July 2024: the Monthly Return says 3,001, the book 3,000",
        ),
        (
            {"authorised": "999,999"},
            "authorised of class ordinary at close of 5 July 2024: the Monthly Return says 999,999, the book 1,000,000",
        ),
    ],
)
def test_a_confirmed_balance_that_does_not_agree_is_a_finding_with_both_numbers(said, message):
    assert found(confirmed(**said)) == [("HK101", message, (5,))]


def test_every_part_of_a_confirmed_balance_that_does_not_agree_is_a_finding_of_its_own():
    assert [code for code, *_ in found(confirmed(issued="1", treasury="1", authorised="1"))] == ["HK101", "HK101", "HK101"]


def test_a_balance_is_confirmed_as_at_close_of_its_day():
    same_day = event("RightsIssueCompleted", "5 July 2024", share_class="ordinary", shares="10")
    assert found(confirmed(issued="500,010"), same_day) == []


def test_an_authorised_number_of_an_issuer_that_has_none_does_not_agree():
    book = entries(
        event("ShareClassCreated", "1 July 2024", share_class="ordinary", class_label="Ordinary shares", authorised="no"),
        event(
            "BalanceConfirmed",
            "1 July 2024",
            share_class="ordinary",
            issued_excluding_treasury="0",
            authorised="5",
            document="a return",
        ),
    )
    assert [each.message for each in findings(book)] == [
        "authorised of class ordinary at close of 1 July 2024: a return says 5, the book has none"
    ]


def mandate(purpose):
    """A mandate of its purpose's name, over 0.2 % of the 500,000 shares issued: 1,000."""
    return event("MandateGranted", "2 July 2024", mandate=purpose, purpose=purpose, percent="0.2", base="500,000")


MANDATE = mandate("issue")


def used(on, shares, what="PlacingCompleted", mandate="issue", **said):
    return event(what, on, share_class="ordinary", shares=shares, mandate=mandate, **said)


def test_a_mandate_may_be_used_up_exactly():
    assert found(MANDATE, used("3 July 2024", "999"), used("4 July 2024", "1")) == []


def test_a_mandate_exceeded_by_one_share_is_a_finding_not_a_refusal():
    message = "mandate issue is exceeded by 1 share on 4 July 2024"
    assert found(MANDATE, used("3 July 2024", "999"), used("4 July 2024", "2")) == [("HK302", message, (7,))]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("TreasurySharesSold", {}),
        ("SharesRepurchased", {"intention": "cancellation", "mandate": "repurchase"}),
        ("SharesRepurchased", {"intention": "treasury", "mandate": "repurchase"}),
        ("OtherSharesIssued", {"treasury_shares": "yes"}),
    ],
)
def test_every_use_of_a_mandate_counts(what, said):
    assert found(MANDATE, mandate("repurchase"), used("4 July 2024", "1,000", what, **said)) == []
    beyond = found(MANDATE, mandate("repurchase"), used("4 July 2024", "1,001", what, **said))
    assert [(code, numbers) for code, _, numbers in beyond] == [("HK302", (7,))]


def test_only_what_uses_an_exceeded_mandate_is_a_finding():
    bought = used("4 July 2024", "1,001", "SharesRepurchased", "repurchase", intention="cancellation")
    cancelled = used("5 July 2024", "1,001", "RepurchasedSharesCancelled", "repurchase")
    revoked = event("MandateRevoked", "6 July 2024", mandate="repurchase")
    assert [(code, numbers) for code, _, numbers in found(mandate("repurchase"), bought, cancelled, revoked)] == [("HK302", (6,))]


def test_a_mandate_used_in_part_is_no_finding_when_it_is_revoked():
    assert found(MANDATE, used("4 July 2024", "400"), event("MandateRevoked", "6 July 2024", mandate="issue")) == []


def scheme(**said):
    return event("SchemeAdopted", "2 July 2024", scheme="2024", share_class="ordinary", particulars="Options", **said)


def granted(on, options):
    return event("OptionsGranted", on, scheme="2024", options=options)


def test_a_schemes_limit_may_be_granted_exactly():
    assert found(scheme(limit="1,000"), granted("3 July 2024", "999"), granted("4 July 2024", "1")) == []


def test_a_grant_beyond_a_schemes_limit_is_a_finding():
    message = "scheme 2024 is granted 1 share beyond its limit on 4 July 2024"
    assert found(scheme(limit="1,000"), granted("3 July 2024", "999"), granted("4 July 2024", "2")) == [("HK401", message, (7,))]


def test_lapsed_options_may_be_granted_again_and_cancelled_ones_may_not():
    lapsed = event("OptionsLapsed", "4 July 2024", scheme="2024", options="100")
    cancelled = event("OptionsCancelled", "4 July 2024", scheme="2024", options="100")
    again = granted("5 July 2024", "100")
    assert found(scheme(limit="1,000"), granted("3 July 2024", "1,000"), lapsed, again) == []
    assert [code for code, *_ in found(scheme(limit="1,000"), granted("3 July 2024", "1,000"), cancelled, again)] == ["HK401"]


def test_a_scheme_without_a_limit_has_none_to_exceed():
    assert found(scheme(), granted("3 July 2024", "1,000,000")) == []


def test_findings_stand_in_effective_order_and_up_to_a_day():
    book = entries(*set_up(), confirmed("7 July 2024", "7"), confirmed("6 July 2024", "6"), confirmed("5 July 2024", "5"))
    assert [each.entries for each in findings(book)] == [(7,), (6,), (5,)]
    assert [each.entries for each in findings(book, as_of=date(2024, 7, 6))] == [(7,), (6,)]
    assert findings(book, as_of=date(2024, 7, 4)) == ()


def test_every_finding_says_its_rule_and_how_sure_we_are_of_it():
    book = entries(
        *set_up(), MANDATE, scheme(limit="1"), confirmed(issued="1"), used("8 July 2024", "1,001"), granted("9 July 2024", "2")
    )
    assert [(each.code, each.citation, each.confidence) for each in findings(book)] == [
        ("HK101", "assertion of balance", "verified"),
        ("HK302", "Main Board Rules 13.36(2)(b), 10.06(1)(c)", "secondary"),
        ("HK401", "Main Board Rule 17.03B", "verified"),
    ]
