"""Mandates over some classes, in words: which, and what is not known once a reorganisation did not treat them alike."""

from __future__ import annotations

from collections.abc import Sequence

from domain.capital.securities import Mandate


def of_classes(codes: Sequence[str]) -> str:
    """Classes in words: class H, classes A and B."""
    if len(codes) < 2:
        return f"class {codes[0]}" if codes else "all classes with votes"
    return f"classes {', '.join(codes[:-1])} and {codes[-1]}"


def uneven(mandate: Mandate) -> str | None:
    """Why a reorganisation leaves open what a mandate allows: it multiplied its classes by different numbers; None otherwise."""
    if mandate.uneven_on is None:
        return None
    happened = f"the reorganisation of {mandate.uneven_on:%-d %B %Y} did not treat {of_classes(mandate.classes)} alike"
    return f"{happened}: what mandate {mandate.code} allows depends on how its percentage was kept, which is not known"
