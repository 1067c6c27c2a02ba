"""What all events share: a day, words for the forms, and how an event class is made."""

from __future__ import annotations

from datetime import date
from typing import TypeVar, dataclass_transform

import attrs

from domain import fields

T = TypeVar("T")


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(
        fields.whole,
        fields.name,
        fields.stock_code,
        fields.text,
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


@checked
class Event:
    """A fact with the day on which it took legal effect, at any time of that Hong Kong day."""

    effective_on: date = fields.day("the day on which the fact took effect")


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
