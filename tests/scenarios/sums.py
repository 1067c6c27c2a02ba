"""Sums in words, written so that a reader can follow them: `345,000,000 - 3,500,000 cancelled = 341,500,000`.

Words with numbers of their own stand in parentheses. `×` and `/` bind closer than `+` and `-`; what is `rounded down` leaves a
fraction out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

NUMBER = r"\d[\d,]*(?:\.\d+)?"
TERM = re.compile(rf"([-+]?)\s*({NUMBER}(?:\s*[×/]\s*{NUMBER})*)")


def exact(number: str) -> Fraction:
    """A number as written."""
    return Fraction(number.replace(",", ""))


def product(term: str) -> Fraction:
    """Numbers multiplied and divided from left to right."""
    result = Fraction(1)
    for sign, number in re.findall(rf"([×/]?)\s*({NUMBER})", term):
        result = result / exact(number) if sign == "/" else result * exact(number)
    return result


def summed(words: str) -> tuple[Fraction, Fraction]:
    """The figure with which a sum begins, and the one to which it comes."""
    left, right = re.sub(r"\(.*?\)", "", words).split("=")
    found = sum(product(term) * (-1 if sign == "-" else 1) for sign, term in TERM.findall(left))
    stated = exact(re.findall(NUMBER, right)[0])
    assert (found // 1 if "rounded down" in words else found) == stated, f"{words}: it comes to {found}"
    return exact(re.findall(NUMBER, left)[0]), stated


def chained(sums: Mapping[str, str]) -> Iterator[tuple[str, Fraction]]:
    """The figures of sums that each begin where the one before ended, by their days or months."""
    before = None
    for when, words in sums.items():
        first, after = summed(words)
        assert before in (None, first), f"{when}: {words} begins with another figure than {before}"
        yield when, after
        before = after
