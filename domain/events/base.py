"""What all events share: a day, words for the forms, and how an event class is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, dataclass_transform

import attrs

from domain import fields

T = TypeVar("T")


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(
        fields.whole,
        fields.name,
        fields.text,
        fields.day,
        fields.money,
        fields.principal,
        fields.percentage,
        fields.flag,
        fields.choice,
        fields.many,
    ),
)
def event(cls: type[T]) -> type[T]:
    """Make an event class: frozen, slotted, its fields given by name and checked when an event is made.

    What fields say together is checked by its method `_check_together`, where it has one.
    """
    if "__attrs_post_init__" in cls.__dict__:
        raise TypeError(f"{cls.__name__}: what fields say together is checked by _check_together")
    cls.__attrs_post_init__ = _check  # type: ignore[attr-defined]
    made = attrs.frozen(cls, kw_only=True, field_transformer=fields.unvalidated)
    _CHECKS[made] = fields.checks(made), getattr(made, "_check_together", None)
    return made


_CHECKS: dict[type, tuple[tuple[tuple[str, fields.Check, bool], ...], Callable[[Any], None] | None]] = {}


def _check(event: object) -> None:
    """Raises FieldError at the first field that cannot hold its value."""
    # All in one go: a validator for each field takes half as long again, for every entry that is read.
    checks, together = _CHECKS[type(event)]
    for name, check, optional in checks:
        value = getattr(event, name)
        if value is not None or not optional:
            expected = check(value)
            if expected is not None:
                raise fields.refused(name, expected, value)
    if together is not None:
        together(event)


@event
class Event:
    """A fact with the day on which it took legal effect, at any time of that Hong Kong day."""

    effective_on: date = fields.day("the day on which the fact took effect")


@event
class Disclosed(Event):
    """A fact that returns print, with words of its own for the row and for the return's remarks."""

    text: str | None = fields.text("free text printed under the category", default=None)
    remarks: str | None = fields.text("words printed among the return's remarks", default=None)


@event
class ClassMovement(Disclosed):
    """A fact that moves a number of shares of one class."""

    share_class: str = fields.name("code of the class of shares")
    shares: int = fields.whole("number of shares")
