"""Every event type has a sample, and the samples together make one legal book."""

from __future__ import annotations

import importlib
import pkgutil

import attrs
import pytest

from domain import events
from domain.events import EVENT_TYPES, Event
from domain.postings import POSTINGS
from domain.rulebook import findings
from tests.domain.book_of import entries, folded
from tests.samples import SAMPLES, sample, sample_book


def test_every_event_type_has_a_sample():
    assert list(SAMPLES) == [kind.__name__ for kind in EVENT_TYPES]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_the_event_it_names(name):
    assert type(sample(name)).__name__ == name


def test_every_event_class_that_adds_no_base_for_others_stands_in_the_list_of_event_types():
    modules = [importlib.import_module(f"domain.events.{found.name}") for found in pkgutil.iter_modules(events.__path__)]
    defined = {each for module in modules for each in vars(module).values() if isinstance(each, type) and issubclass(each, Event)}
    bases = {base for each in defined for base in each.__mro__[1:]}
    assert defined - bases == set(EVENT_TYPES)
    assert len(set(EVENT_TYPES)) == len(EVENT_TYPES)
    assert all(getattr(events, each.__name__) is each for each in defined)


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


def test_the_sample_book_has_a_row_of_every_posting():
    assert {type(event) for event in sample_book()} >= set(POSTINGS)
