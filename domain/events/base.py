"""What all events share: a day, words for the forms, and how an event class is made."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, TypeVar, cast, dataclass_transform

import attrs

from domain.events import fields
from domain.events.structured import Trade
from domain.values import Money

T = TypeVar("T")


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(
        fields.whole,
        fields.name,
        fields.stock_code,
        fields.text,
        fields.fact,
        fields.day,
        fields.year_end,
        fields.money,
        fields.principal,
        fields.percentage,
        fields.flag,
        fields.flag_or,
        fields.choice,
        fields.many,
    ),
)
def checked(cls: type[T]) -> type[T]:
    """Make an event class: frozen, slotted, its fields given by name and checked when an event is made."""
    return attrs.frozen(cls, kw_only=True)


class AnyFact:
    """What readers ask of every fact, and the answer of one that has no field of that name: nothing, or no.

    A class of events that says it has a field of the same name in place of the property, so that no reader need know which
    classes those are.
    """

    __slots__ = ()

    @property
    def share_class(self) -> str | None:
        """Code of the class of shares that it is about."""
        return None

    @property
    def scheme(self) -> str | None:
        """Code of the share scheme."""
        return None

    @property
    def instrument(self) -> str | None:
        """Code of the warrants or convertibles."""
        return None

    @property
    def agreement(self) -> str | None:
        """Code of the agreement to issue shares."""
        return None

    @property
    def mandate(self) -> str | None:
        """Code of the general mandate."""
        return None

    @property
    def shares(self) -> int | None:
        """Number of shares."""
        return None

    @property
    def options(self) -> int | None:
        """Number of options, in shares."""
        return None

    @property
    def price(self) -> Money | None:
        """Price of one share."""
        return None

    @property
    def trades(self) -> tuple[Trade, ...]:
        """The day's trades."""
        return ()

    @property
    def treasury_shares(self) -> bool:
        """Whether treasury shares were transferred rather than new shares issued."""
        return False

    @property
    def director(self) -> bool:
        """Whether a director of the issuer exercised the options or received the awards."""
        return False

    @property
    def service_provider(self) -> bool:
        """Whether a service provider was granted them, or held them."""
        return False

    @property
    def agreed_on(self) -> date | None:
        """Day of the agreement."""
        return None

    @property
    def general_meeting_on(self) -> date | None:
        """Day of the general meeting that approved it."""
        return None

    @property
    def text(self) -> str | None:
        """Words printed under the category."""
        return None

    @property
    def remarks(self) -> str | None:
        """Words printed among the return's remarks."""
        return None


def field_names(kind: type[Event]) -> frozenset[str]:
    """The names of the fields of a class of events."""
    return frozenset(field.name for field in attrs.fields(cast("Any", kind)))


def in_words(kind: type[Event]) -> str:
    """A class of events as people read it: Placing completed, Class A converted to B."""
    first, *rest = re.findall("[A-Z][a-z]*", kind.__name__)
    return " ".join([first, *(word if len(word) == 1 else word.lower() for word in rest)])


@checked
class Event(AnyFact):
    """A fact with the day on which it took legal effect, at any time of that Hong Kong day."""

    effective_on: date = fields.day("the day on which the fact took effect")

    def values(self) -> dict[str, Any]:
        """What each field holds, by its name, in the order of the fields."""
        return attrs.asdict(cast("Any", self), recurse=False)

    def given(self) -> dict[str, Any]:
        """What was said: the values without those that a field has where nothing is written for it."""
        defaults = {field.name: field.default for field in attrs.fields(cast("Any", type(self)))}
        return {name: value for name, value in self.values().items() if value != defaults[name]}


@checked
class PrintedFact(Event):
    """A fact that returns print, with words of its own for the row and for the return's remarks."""

    text: str | None = fields.text("free text printed under the category", default=None)
    remarks: str | None = fields.text("words printed among the return's remarks", default=None)


@checked
class ClassMovement(PrintedFact):
    """A fact that moves a number of shares of one class."""

    share_class: str = fields.name("code of the class of shares")
    shares: int = fields.whole("number of shares")
