"""Fields that do not go together: each is refused by the name of the field, with what was expected."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.events.fields import FieldError
from domain.events.structured import AdjustedPrice, PurchaseBroughtForward
from domain.values import Money
from tests.samples import sample


@pytest.mark.parametrize(
    ("name", "fields", "field", "said"),
    [
        ("PollResultDeclared", {"votes": ()}, "votes", "expected the votes of at least one class"),
        ("InstrumentTermsAdjusted", {"price": None, "shares": None}, "price", "expected what was adjusted: price, price_terms, shares or floor"),
        ("InstrumentTermsAdjusted", {"agreement": "june"}, "instrument", "expected the code of an instrument or of an agreement, one of them"),
        ("InstrumentTermsAdjusted", {"floor": Money.parse("HKD 1"), "shares": None}, "floor", "expected an instrument, and the shares that may be issued at the floor price"),
        ("InstrumentTermsAdjusted", {"floor": Money.parse("HKD 1"), "instrument": None, "agreement": "june"}, "floor", "expected an instrument, and the shares that may be issued at the floor price"),
        ("ShareClassCreated", {"capital_per_share": Money.parse("USD 0.01")}, "capital_per_share", "expected another currency than the par value, USD 0.000000025"),
        ("ShareClassCreated", {"capital_per_share": Money.parse("HKD 0.01"), "par_value": None}, "capital_per_share", "expected a par value beside it"),
    ],
)  # fmt: skip
def test_fields_that_do_not_go_together_are_refused(name, fields, field, said):
    with pytest.raises(FieldError) as refused:
        attrs.evolve(sample(name), **fields)
    assert (refused.value.field, str(refused.value)) == (field, said)


def test_weighted_votes_on_a_reserved_matter_are_refused():
    result = sample("PollResultDeclared", reserved="yes")
    with pytest.raises(FieldError) as refused:
        attrs.evolve(result, votes=(attrs.evolve(result.votes[0], votes_per_share=10), result.votes[1]))
    said = "expected one vote a share on a reserved matter (rule 8A.24), got 10 for class A"
    assert (refused.value.field, str(refused.value)) == ("votes", said)


def test_a_purchase_of_no_shares_is_none():
    with pytest.raises(ValueError, match="expected a whole number of shares above zero, got 0"):
        PurchaseBroughtForward(date(2024, 6, 28), 0)


def test_an_adjusted_price_is_written_with_its_right():
    assert str(AdjustedPrice("cb-2027", Money.parse("HKD 0.3333"))) == "cb-2027: HKD 0.3333"
