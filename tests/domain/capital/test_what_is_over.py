"""Classes and schemes that are over: from which day, and by which fact."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.capital.balances import Impossible
from tests.domain.book_of import at, entries, event, folded, set_up


def created(code, **said):
    return event("ShareClassCreated", "2 July 2024", share_class=code, class_label="Other shares", **said)


def authorised(code, on="3 July 2024", shares="100"):
    return event("AuthorisedCapitalIncreased", on, share_class=code, shares=shares)


def reduced(code, on, shares="100"):
    return event("AuthorisedCapitalReduced", on, share_class=code, shares=shares)


@pytest.mark.parametrize(
    ("facts", "over"),
    [
        pytest.param([created("P")], {"2024-07-01": True, "2024-07-02": False, "2024-12-31": False}, id="not created yet"),
        pytest.param([created("P"), authorised("P")], {"2024-07-31": False}, id="nothing issued"),
        pytest.param(
            [created("P"), authorised("P"), reduced("P", "5 August 2024")],
            {"2024-08-04": False, "2024-08-05": True},
            id="no share authorised any longer",
        ),
        pytest.param(
            [created("P"), authorised("P"), reduced("P", "5 August 2024"), authorised("P", "6 August 2024")],
            {"2024-08-05": True, "2024-08-06": False},
            id="authorised again",
        ),
        pytest.param(
            [created("P", authorised="no"), event("ShareClassAbolished", "5 August 2024", share_class="P")],
            {"2024-08-04": False, "2024-08-05": True},
            id="abolished, without authorised capital",
        ),
        pytest.param(
            [
                created("P", authorised="registered"),
                event("OtherSharesIssued", "1 August 2024", share_class="P", shares="10"),
                event("FullCirculationCompleted", "5 August 2024", from_class="P", to_class="ordinary", shares="10"),
            ],
            {"2024-07-31": False, "2024-08-04": False, "2024-08-05": True},
            id="registered, and all of it in circulation",
        ),
    ],
)
def test_a_class_is_over_once_nothing_is_left_of_it(facts, over):
    book = entries(*set_up(), *facts)
    assert {day: at(book, day).is_over("P") for day in over} == over


EXPIRED = event("SchemeExpired", "5 August 2024", scheme="s")


@pytest.mark.parametrize(
    ("expires_on", "facts", "first_day"),
    [
        pytest.param(None, [], None, id="no expiry is recorded"),
        pytest.param("1 September 2024", [], date(2024, 9, 1), id="adopted until a day"),
        pytest.param(None, [EXPIRED], date(2024, 8, 5), id="expired by a fact"),
        pytest.param("1 September 2024", [EXPIRED], date(2024, 8, 5), id="terminated before"),
    ],
)
def test_a_scheme_is_over_from_the_first_day_that_is_recorded(expires_on, facts, first_day):
    said = {"expires_on": expires_on} if expires_on else {}
    adopted = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="Scheme", **said)
    scheme = at(entries(*set_up(), adopted, *facts), "2030-12-31").terms.schemes["s"]
    assert scheme.expires_on == first_day
    assert scheme.is_over(date(2030, 12, 31)) is (first_day is not None)
    assert first_day is None or not scheme.is_over(first_day - timedelta(days=1))


def test_a_scheme_that_is_over_does_not_expire_again():
    adopted = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="Scheme")
    with pytest.raises(Impossible, match="scheme s expired on 5 August 2024"):
        folded(entries(*set_up(), adopted, EXPIRED, event("SchemeExpired", "6 August 2024", scheme="s")))
