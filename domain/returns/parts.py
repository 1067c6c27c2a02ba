"""What the parts of FF301 Part III share: which facts stand in a part, its feet, the shares issued and transferred in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY
from domain.capital.balances import Posted
from domain.returns.cells import BLANK, Figure
from domain.returns.figures import TREASURY_SHARES, blank_if_zero, moved
from domain.returns.forms import Form
from domain.returns.lines import in_order, remarks


def of_scheme(posted: Iterable[Posted], code: str) -> list[Posted]:
    """The facts that name a scheme."""
    return [each for each in posted if each.entry.event.scheme == code]


def of_instrument(posted: Iterable[Posted], code: str) -> list[Posted]:
    """The facts that name an instrument."""
    return [each for each in posted if each.entry.event.instrument == code]


def issued_and_taken(during: Sequence[Posted], code: str) -> tuple[Figure, Figure]:
    """New shares issued, and treasury shares transferred out of treasury, both as positive numbers or blank."""
    issues = [each for each in during if not each.entry.event.treasury_shares]
    return blank_if_zero(moved(issues, ISSUED_EXCLUDING_TREASURY, code)), _taken(during, code)


def feet(during: Sequence[Posted], code: str) -> tuple[Figure, Figure]:
    """The feet of parts (A) to (D): increase in issued shares, decrease in treasury shares, both as positive numbers."""
    return blank_if_zero(moved(during, ISSUED_EXCLUDING_TREASURY, code)), _taken(during, code)


def _taken(during: Iterable[Posted], code: str) -> Figure:
    decrease = moved(during, TREASURY_SHARES, code)
    return Figure(-decrease.value, decrease.entries) if decrease.value else BLANK


def words_below(posted: Iterable[Posted], form: Form) -> tuple[str, ...]:
    """What facts say below parts (A) to (D), whose rows have no place for a text of theirs: texts and remarks, each once."""
    found = in_order(posted)
    if not form.edition.names_in_full:
        return remarks(found)
    said = (words for each in found for words in (each.entry.event.text, each.entry.event.remarks))
    return tuple(dict.fromkeys(words for words in said if words))
