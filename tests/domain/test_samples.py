"""Every event type has a sample, and the samples together make one legal book."""

from __future__ import annotations

import attrs
import pytest

from domain import events
from domain.events import EVENT_TYPES
from domain.rulebook import findings
from infrastructure.readers.names import EVENTS_BY_NAME
from infrastructure.readers.values import build
from tests.domain.book_of import entries, folded
from tests.samples import SAMPLED, SAMPLES, sample, sample_book


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_the_event_it_names(name):
    assert type(sample(name)).__name__ == name


def test_every_subject_has_its_events_and_every_event_its_subject():
    assert [kind for kinds in events.SUBJECTS.values() for kind in kinds] == list(EVENT_TYPES)
    assert all(events.SUBJECTS.values())


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.__name__)
def test_every_event_type_says_what_it_and_its_fields_mean(kind):
    assert kind.__doc__.strip().endswith(".")
    for field in attrs.fields(kind):
        assert field.metadata["meaning"]
        assert field.metadata["unit"]


@pytest.mark.parametrize("name", SAMPLES)
def test_an_event_cannot_be_changed(name):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        sample(name).effective_on = None


def test_the_samples_make_one_legal_book_without_findings():
    book = entries(*sample_book())
    folded(book)
    assert findings(book) == ()


@pytest.mark.parametrize(
    ("name", "written", "field", "said"),
    [
        ("ClassAConvertedToB", {"to_class": "A"}, "to_class", "expected another class than A"),
        ("IssuerDetailsChanged", {"name": None, "financial_year_end": None}, "name", "expected a new name, Chinese name or financial year-end"),
        (
            "BalanceBroughtForward", {"pending_cancellation": "29,999,999"}, "tranches",
            "expected purchases of 29,999,999 shares in all, got 30,000,000",
        ),
        ("SchemeSharesMoved", {"shares": "0"}, "shares", "expected a whole number of shares other than zero, got 0"),
        ("SharesConsolidated", {"fractions": "lost"}, "fractions", "expected cancelled or sold or rounded up, got 'lost'"),
        ("WarrantsIssued", {"warrants": "0"}, "warrants", "expected a whole number of warrants above zero, got 0"),
        ("AwardsGranted", {"awards": "0"}, "awards", "expected a whole number of awards above zero, got 0"),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_is_refused_by_its_field(name, written, field, said):
    event, problems = build(EVENTS_BY_NAME[name], {**SAMPLES[name], **written})
    assert event is None
    assert (field, said) in problems


# What each event cannot do without.
REQUIRED = [
    (kind.__name__, field.name) for kind in SAMPLED for field in attrs.fields(kind) if field.default is attrs.NOTHING
]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), REQUIRED, ids=[f"{name} {field}" for name, field in REQUIRED])
def test_a_fact_without_what_it_needs_is_refused_by_its_field(name, field):
    event, problems = build(EVENTS_BY_NAME[name], {**SAMPLES[name], field: None})
    assert event is None
    assert [problem for problem in problems if problem[0] == field and problem[1].startswith("missing; expected ")]
