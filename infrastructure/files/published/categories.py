"""The categories that forms name events by, and the text that stands under one."""

from __future__ import annotations

import re
from functools import cache

from domain.returns.categories import CATEGORIES, OTHER, PART_B_WORDING, PENDING_CATEGORIES
from domain.returns.forms import Form
from infrastructure.files.published.letters import letters_of, plain

# How the categories end that an issuer chooses from a list: what follows is its own text.
_ENDING = re.compile(r"^[^\n]*?(?:\n[^\n]*?)?\b(?:new|treasury)\s+shares\s+involved", re.IGNORECASE)
_PENDING = ("notyetcancelled", "butnotcancelled")


@cache
def _known(form: Form) -> tuple[tuple[str, str], ...]:
    """The categories of all forms with their letters, the longest first; this form's own wording goes before others'."""
    rows = [*(category for kinds in CATEGORIES.values() for category in kinds.values()), *PENDING_CATEGORIES.values()]
    own = [category.worded(treasury_shares=form.treasury_shares) for category in rows]
    others = [category.worded(treasury_shares=not form.treasury_shares) for category in rows]
    named = [*(form.captions.get(words, words) for words in own), OTHER, *own, *PART_B_WORDING.values(), *others]
    by_letters: dict[str, str] = {}
    for name in named:
        by_letters.setdefault(letters_of(name), name)
    return tuple(sorted(by_letters.items(), key=lambda pair: -len(pair[0])))


def split_category(text: str, form: Form) -> tuple[str, str | None]:
    """The category of an event and the text under it; None if there is none.

    A category that is not known ends where those on the form's list end, or else with its line.
    """
    bare = plain(text).strip(" \t\n-•.")
    letters = letters_of(bare)
    for known, name in _known(form):
        if letters.startswith(known):
            return name, _one_line(_after_letters(bare, len(known))) or None
    ending = _ENDING.match(bare)
    if ending is not None:
        return _one_line(ending[0]), _one_line(bare[ending.end() :]) or None
    first, _, rest = bare.partition("\n")
    return _one_line(first), _one_line(rest) or None


def _after_letters(text: str, count: int) -> str:
    """What stands in a text after so many letters, without the bracket that closes them."""
    for place, character in enumerate(text):
        count -= bool(letters_of(character))
        if count == 0:
            return text[place + 1 :].removeprefix(")").lstrip()
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def is_pending(category: str) -> bool:
    """Whether a category is of shares that are not yet cancelled."""
    return letters_of(category).endswith(_PENDING)


def first_category(text: str, form: Form) -> int | None:
    """Where a category of the form begins in a text; None if none does."""
    letters = letters_of(text)
    places = [place for known, _ in _known(form) if (place := letters.find(known)) >= 0]
    return [at for at, character in enumerate(text) if letters_of(character)][min(places)] if places else None
