"""Damages that copies of returns suffer, at random places: lines lost or joined, cells run together, digits swapped or lost."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from itertools import pairwise

Damage = Callable[[str, random.Random], str]

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_DIGITS = re.compile(r"\d")


def _a_number(text: str, chance: random.Random, least: int = 2) -> re.Match[str] | None:
    """A number of the text that has so many digits, of the part in which the figures stand."""
    found = [match for match in _NUMBER.finditer(text) if len(_DIGITS.findall(match[0])) >= least]
    return chance.choice(found) if found else None


def _changed(text: str, match: re.Match[str], to: str) -> str:
    return text[: match.start()] + to + text[match.end() :]


def lost_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    return "\n".join(lines[:at] + lines[at + 1 :])


def joined_lines(text: str, chance: random.Random) -> str:
    places = [match.start() for match in re.finditer("\n", text)]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + chance.choice([" ", ""]) + text[at + 1 :]


def joined_cells(text: str, chance: random.Random) -> str:
    """The space, tab or bar beside a number goes."""
    places = [match for match in re.finditer(r"[ \t|]+(?=-?\d)|(?<=\d)[ \t|]+", text) if "\n" not in match[0]]
    return _changed(text, chance.choice(places), chance.choice([" ", "", "\t"])) if places else text


def swapped_digits(text: str, chance: random.Random) -> str:
    match = _a_number(text, chance)
    if match is None:
        return text
    places = [at for at, character in enumerate(match[0]) if character.isdigit()]
    pairs = [(a, b) for a, b in pairwise(places) if match[0][a] != match[0][b]]
    if not pairs:
        return text
    a, b = chance.choice(pairs)
    digits = list(match[0])
    digits[a], digits[b] = digits[b], digits[a]
    return _changed(text, match, "".join(digits))


def lost_digit(text: str, chance: random.Random) -> str:
    match = _a_number(text, chance, least=1)
    if match is None:
        return text
    at = chance.choice([at for at, character in enumerate(match[0]) if character.isdigit()])
    return _changed(text, match, match[0][:at] + match[0][at + 1 :])


def misread_digit(text: str, chance: random.Random) -> str:
    match = _a_number(text, chance, least=1)
    if match is None:
        return text
    at = chance.choice([at for at, character in enumerate(match[0]) if character.isdigit()])
    return _changed(text, match, match[0][:at] + chance.choice("0123456789") + match[0][at + 1 :])


def lost_number(text: str, chance: random.Random) -> str:
    match = _a_number(text, chance, least=1)
    return text if match is None else _changed(text, match, "")


def cut_number(text: str, chance: random.Random) -> str:
    """A number broken in two by the edge of a cell, or its beginning repeated in the cell before it."""
    match = _a_number(text, chance, least=4)
    if match is None:
        return text
    at = chance.randrange(1, len(match[0]))
    left, right = match[0][:at], match[0][at:]
    return _changed(text, match, chance.choice([f"{left}\t{right}", f"{left}\t{match[0]}", f"{match[0]}\t{right}"]))


def lost_separators(text: str, chance: random.Random) -> str:
    match = _a_number(text, chance, least=4)
    return text if match is None else _changed(text, match, match[0].replace(",", chance.choice(["", " ", "."])))


_LOOK_ALIKES = str.maketrans("ABEHKMOPTXaeopcyx", "АВЕНКМОРТХаеорсух")


def look_alikes(text: str, chance: random.Random) -> str:
    places = [match.start() for match in re.finditer(r"\b[A-Za-z]", text)]
    at = chance.choice(places)
    return text[:at] + text[at : at + 12].translate(_LOOK_ALIKES) + text[at + 12 :]


def cut_words(text: str, chance: random.Random) -> str:
    """Some letters within a line go: a narrow cell cut its words off."""
    at = chance.randrange(max(1, len(text) - 20))
    end = min(len(text), at + chance.randrange(1, 12))
    return text[:at] + "".join(character for character in text[at:end] if character.isdigit() or character in "\n,.") + text[end:]


DAMAGES: Mapping[str, Damage] = {
    "lost line": lost_line,
    "joined lines": joined_lines,
    "joined cells": joined_cells,
    "swapped digits": swapped_digits,
    "lost digit": lost_digit,
    "misread digit": misread_digit,
    "lost number": lost_number,
    "cut number": cut_number,
    "lost separators": lost_separators,
    "look-alikes": look_alikes,
    "cut words": cut_words,
}
MOVED = "moved columns"
