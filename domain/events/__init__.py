"""The vocabulary: every legal fact this book can hold, one module a subject, which ends in its EVENTS.

An event is a fact with the day it took effect. It is immutable, checks itself when made, and knows nothing of
storage. Numbers are whole shares unless a field says otherwise; prices are exact decimals with their currency.
Where a new event goes is in docs/architecture.md; `pytest tests/events` says what it still lacks.
"""

from __future__ import annotations

from domain.events import (
    book,
    buy_backs,
    governance,
    instruments,
    issues,
    public_float,
    reorganisations,
    schemes,
    set_up,
)
from domain.events.base import ClassMovement as ClassMovement
from domain.events.base import Event as Event
from domain.events.base import PrintedFact as PrintedFact
from domain.events.base import field_names as field_names
from domain.events.base import in_words as in_words
from domain.events.book import *
from domain.events.buy_backs import *
from domain.events.governance import *
from domain.events.instruments import *
from domain.events.issues import *
from domain.events.public_float import *
from domain.events.reorganisations import *
from domain.events.schemes import *
from domain.events.set_up import *

SUBJECTS: dict[str, tuple[type[Event], ...]] = {
    "Set-up": set_up.EVENTS,
    "Issues of shares": issues.EVENTS,
    "Buy-backs": buy_backs.EVENTS,
    "Classes and reorganisations": reorganisations.EVENTS,
    "Share schemes": schemes.EVENTS,
    "Instruments and agreements": instruments.EVENTS,
    "Mandates and meetings": governance.EVENTS,
    "Public float": public_float.EVENTS,
    "The book itself": book.EVENTS,
}
"""Every event type by subject, in reading order: the only list of them."""

EVENT_TYPES: tuple[type[Event], ...] = tuple(kind for kinds in SUBJECTS.values() for kind in kinds)
"""Every event type."""
