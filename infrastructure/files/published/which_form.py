"""Which form a return is on, and in which version: what its pages say, or else its captions and the day it was submitted."""

from __future__ import annotations

import re

from domain.returns.forms import FORMS, Form
from infrastructure.files.published.figures import day_in
from infrastructure.files.published.letters import Stream, letters_of
from infrastructure.files.published.outline import Span
from infrastructure.files.published.pages import Pages

_MONTHLY = letters_of("Monthly Return for Equity Issuer and Hong Kong Depositary Receipts listed under")
_NEXT_DAY = letters_of("Next Day Disclosure Return")
_SUBMITTED = letters_of("Date Submitted")
_OF_TREASURY = letters_of("changes in issued shares or treasury shares")
_NEAR = 400
"""Within so many letters of its title a return names its month or its issuer."""
_TYPE_FIRST = (letters_of("Type of shares"), letters_of("Class of shares"))


def titles(stream: Stream) -> list[int]:
    """The letters at which the returns of a text begin: a title that the head of a return follows."""
    found = [match.start() for match in re.finditer(f"{_MONTHLY}|{_NEXT_DAY}", stream.letters)]
    heads = [letter for letter in found if _SUBMITTED in stream.letters[letter : letter + _NEAR]]
    # A title may stand twice over one head: as that of the exhibit, and as that of the return.
    afters = [*heads[1:], len(stream.letters)]
    return [letter for letter, after in zip(heads, afters, strict=False) if _SUBMITTED in stream.letters[letter:after]]


def form_of(stream: Stream, pages: Pages) -> Form:
    """The form of a return, in the version that its pages name or the nearest one before it."""
    begin = titles(stream)[0]
    code = _code(stream, begin, pages)
    versions = [form for form in FORMS if form.code == code]
    named = [version for version in pages.versions if re.fullmatch(r"\d\.\d\.\d", version)]
    if len(named) == 1:
        return max((form for form in versions if form.version <= named[0]), key=lambda form: form.version, default=versions[0])
    return _by_captions(stream, begin, versions)


def _code(stream: Stream, begin: int, pages: Pages) -> str:
    if stream.letters.startswith(_MONTHLY, begin):
        return "FF301"
    codes = pages.codes & {"FF304", "FF305"}
    if len(codes) == 1:
        return next(iter(codes))
    return "FF305" if _OF_TREASURY in stream.letters[begin : begin + 2 * _NEAR] else "FF304"


def _by_captions(stream: Stream, begin: int, versions: list[Form]) -> Form:
    """The version in use on the day of submission, of those that put the class and its type in the order of this return."""
    place = stream.letters.find(_SUBMITTED, begin, begin + _NEAR)
    start = stream.place(place + len(_SUBMITTED)) if place >= 0 else 0
    submitted = day_in(Span(stream, start, min(start + 60, len(stream.text)))).values[0]
    ordered = [form for form in versions if _type_first(form) == _prints_type_first(stream, begin)] or versions
    in_use = [form for form in ordered if submitted is None or form.first_day <= submitted]
    return max(in_use or ordered[:1], key=lambda form: form.first_day)


def _type_first(form: Form) -> bool:
    return letters_of(form.captions["class_label"]) == _TYPE_FIRST[0]


def _prints_type_first(stream: Stream, begin: int) -> bool:
    type_at, class_at = (stream.letters.find(label, begin) for label in _TYPE_FIRST)
    return 0 <= type_at < class_at
