"""What set-up events establish, and what later ones change of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.capital.securities import Issuer, Mandate, Scheme, ShareClass
from domain.events.structured import Counter
from domain.values import Money
from tests.domain.book_of import at, entries, event, folded
from tests.samples import sample


def facts_of(*what):
    return folded(entries(*what)).terms


def test_the_issuer_is_as_registered_until_its_details_change():
    registered = sample("IssuerRegistered", effective_on="1 July 2024")
    book = entries(
        registered,
        event("IssuerDetailsChanged", "2 July 2024", name="Example Holdings Inc."),
        event("IssuerDetailsChanged", "3 July 2024", chinese_name="例子控股有限公司"),
    )
    assert [at(book, f"2024-07-0{day}").terms.issuer for day in (1, 2, 3)] == [
        Issuer("00020", "Example Group Inc.", "例子集团股份有限公司", "Cayman Islands", "31 December"),
        Issuer("00020", "Example Holdings Inc.", "例子集团股份有限公司", "Cayman Islands", "31 December"),
        Issuer("00020", "Example Holdings Inc.", "例子控股有限公司", "Cayman Islands", "31 December"),
    ]


def test_the_last_signatory_appointed_signs():
    first, second = ({"name": name, "title": "Director"} for name in ("Xu Li", "Chan Tai Man"))
    assert facts_of(
        event("SignatoryAppointed", "2 July 2024", **second), event("SignatoryAppointed", "1 July 2024", **first)
    ).signatory == ("Chan Tai Man", "Director")


def test_a_class_has_the_heading_it_was_created_with():
    assert facts_of(sample("ShareClassCreated")).classes == {
        "B": ShareClass(
            code="B",
            class_label="WVR ordinary shares",
            type_label="B",
            created_on=date(2024, 7, 1),
            par_value=Money.parse("USD 0.000000025"),
            authorised=True,
            votes_per_share=1,
            listed=True,
            stock_code="00020",
            counters=(Counter("80020", "RMB"),),
            description="Class B ordinary shares",
        )
    }


def test_what_a_change_of_a_classs_heading_leaves_out_stays_as_it_was():
    changed = facts_of(
        sample("ShareClassCreated"), event("ShareClassDetailsChanged", "1 August 2024", share_class="B", stock_code="00021")
    ).classes["B"]
    assert (changed.stock_code, changed.counters, changed.type_label, changed.listed) == (
        "00021",
        (Counter("80020", "RMB"),),
        "B",
        True,
    )
    assert changed.created_on == date(2024, 7, 1)


def test_a_class_may_be_delisted():
    delisted = event("ShareClassDetailsChanged", "1 August 2024", share_class="B", listed="no")
    assert facts_of(sample("ShareClassCreated"), delisted).classes["B"].listed is False


def test_a_scheme_has_the_terms_it_was_adopted_with():
    assert facts_of(sample("ShareClassCreated"), sample("SchemeAdopted")).schemes == {
        "2024 Scheme": Scheme(
            code="2024 Scheme",
            share_class="B",
            particulars="Share option scheme adopted on 02/07/2024",
            adopted_on=date(2024, 7, 2),
            general_meeting_on=date(2024, 6, 28),
            limit=100_000_000,
            existing_shares=False,
        )
    }


def test_a_mandate_is_granted_on_the_day_of_its_meeting():
    assert facts_of(sample("MandateGranted")).mandates == {
        "issue-2024": Mandate("issue-2024", "issue", Decimal(20), 10_000_000_000, date(2024, 7, 2))
    }
