"""Mandates as the reports of trades print them: their base, what was used of them before the book, and where they end."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.returns import next_day
from domain.returns.cells import BLANK, Figure
from domain.returns.documents import MandateBlock
from domain.returns.mandate_blocks import mandates, used_before
from domain.returns.proposals import Known
from tests.domain.book_of import entries, event, set_up

OVER = {"share_class": "ordinary"}
MAY_2024 = date(2024, 5, 23)
SUPPOSED = {"repurchase": "supposed: 10 % of its base", "issue": "supposed: 20 % of its base"}


def bought(on, shares):
    return event("SharesRepurchased", on, shares=shares, intention="treasury", **OVER)


def sold(on, shares):
    return event("TreasurySharesSold", on, shares=shares, **OVER)


def reported(*facts, on=date(2024, 8, 6), granted_on=MAY_2024, limit=50_000, used=700, statement_on=None):
    """The return of a day, whose reports name a mandate of a meeting."""
    document = next_day.prepare(entries(*set_up(treasury="900"), *facts), on, date(2024, 8, 30))
    block = MandateBlock(granted_on, limit, Figure(used), None, None, statement_on)
    reports = {
        field: tuple(attrs.evolve(each, mandate=block) for each in getattr(document, field))
        for field in ("repurchases", "treasury_sales")
    }
    return attrs.evolve(document, **reports)


def granted(purpose="repurchase", on="23 May 2024", mandate=None, **fields):
    percent, base = {"repurchase": ("10", "500,000"), "issue": ("20", "250,000")}[purpose]
    given = {"mandate": mandate or f"{purpose}-{on[-4:]}", "purpose": purpose, "percent": percent, "base": base, **fields}
    return event("MandateGranted", on, **given)


def before(used):
    return {"used_before": used, "counted_on": "1 July 2024"}


@pytest.mark.parametrize(("purpose", "traded"), [("repurchase", bought), ("issue", sold)])
def test_a_mandate_allows_the_number_that_is_printed_and_that_number_is_a_tenth_or_a_fifth_of_its_base(purpose, traded):
    """50,000 shares are 10 % of 500,000, and 20 % of 250,000; of the 700 used, this return reports 300."""
    (found,) = mandates(reported(traded("6 August 2024", "300")), Known(set_up()))
    assert (found.event, found.note) == (granted(purpose, **before("400")), SUPPOSED[purpose])
    assert found.event.base * found.event.percent == 50_000 * 100


def test_of_what_was_used_the_trades_that_the_book_has_came_since_it_begins():
    """700, less the 300 of this return and the 150 of 5 August; what was bought on the day the book begins is in its balances."""
    known = Known([*set_up(), bought("1 July 2024", "90"), bought("5 August 2024", "150"), sold("5 August 2024", "60")])
    (found,) = mandates(reported(bought("6 August 2024", "300")), known)
    assert found.event == granted(**before("250"))


def test_what_was_used_is_never_less_than_nothing():
    (found,) = mandates(reported(bought("6 August 2024", "300"), used=200), Known(set_up()))
    assert found.event == granted(**before("0"))


def test_a_mandate_granted_after_the_book_begins_was_not_used_before_it():
    (found,) = mandates(reported(bought("6 August 2024", "300"), granted_on=date(2024, 7, 5), used=300), Known(set_up()))
    assert found.event == granted(on="5 July 2024")


def test_a_mandate_to_repurchase_has_the_day_of_its_explanatory_statement_and_one_to_issue_has_none():
    day = date(2024, 4, 19)
    document = reported(bought("6 August 2024", "300"), sold("6 August 2024", "100"), statement_on=day)
    assert [(each.event.purpose, each.event.explanatory_statement_on) for each in mandates(document, Known(set_up()))] == [
        ("repurchase", day),
        ("issue", None),
    ]


def test_a_mandate_ends_where_the_next_one_for_its_purpose_is_granted():
    older, issue = granted(on="23 May 2023", **before("5")), granted("issue", on="23 May 2023", **before("5"))
    over = granted(on="24 May 2022", **before("5")), event("MandateRevoked", "23 May 2023", mandate="repurchase-2022")
    found = list(mandates(reported(bought("6 August 2024", "300"), used=300), Known([*set_up(), older, issue, *over])))
    assert [(each.event, each.note) for each in found] == [
        (event("MandateRevoked", "23 May 2024", mandate="repurchase-2023"), "supposed to end where the next one is granted"),
        (granted(**before("0")), SUPPOSED["repurchase"]),
    ]


@pytest.mark.parametrize("printed", [{"granted_on": None}, {"limit": None}, {"limit": 0}])
def test_a_report_that_does_not_say_what_was_granted_names_no_mandate(printed):
    assert list(mandates(reported(bought("6 August 2024", "300"), **printed), Known(set_up()))) == []


def test_a_mandate_that_the_book_has_is_not_granted_again():
    assert (
        list(mandates(reported(bought("6 August 2024", "300")), Known([*set_up(), granted(mandate="buy-back", **before("0"))])))
        == []
    )


def test_of_the_reports_before_a_book_the_last_says_what_was_used():
    """400 until 5 August, 700 until 6 August; nothing was sold."""
    first = reported(bought("5 August 2024", "100"), on=date(2024, 8, 5), used=400)
    last = reported(bought("6 August 2024", "300"))
    (found,) = used_before([first, last], date(2024, 8, 31), Known(set_up()))
    assert found.event == granted(used_before="700", counted_on="31 August 2024")
    assert (found.path, found.note) == (
        "repurchases[0].mandate",
        "supposed: 10 % of its base, and nothing used after it until the book begins",
    )


def test_a_blank_number_of_what_was_used_is_none():
    document = reported(bought("6 August 2024", "300"))
    block = attrs.evolve(document.repurchases[0], mandate=MandateBlock(MAY_2024, 50_000, BLANK, None, None))
    (found,) = used_before([attrs.evolve(document, repurchases=(block,))], date(2024, 8, 31), Known(set_up()))
    assert found.event.used_before == 0
