"""What a month has of one class of shares, computed once: the parts of the Monthly Return are filled from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from domain.capital.accounts import AUTHORISED, OUTSTANDING, SCHEME, SHARES
from domain.capital.balances import Posted
from domain.capital.ledger import Period
from domain.capital.securities import Scheme, ShareClass
from domain.returns.categories import category
from domain.returns.cells import BLANK, ClassHeading, Figure
from domain.returns.documents import BalanceLine
from domain.returns.figures import TREASURY_SHARES, balance_lines, blank_if_zero, changes_shares, in_a_period, moved
from domain.returns.forms import Form


@attrs.frozen
class SchemeMonth:
    """A share scheme in a month: what was outstanding at its opening and at its close, and the facts that name it.

    Either figure is blank if it is not known, because what is outstanding is brought forward later.
    """

    scheme: Scheme
    opening: Figure
    closing: Figure
    facts: Sequence[Posted]

    @classmethod
    def of(cls, month: Period, form: Form, scheme: Scheme) -> SchemeMonth:
        """A scheme in a month, as a form prints it."""
        opening, _, closing = in_a_period(month, (OUTSTANDING,), scheme.code, SCHEME)
        return cls(
            scheme,
            BLANK if not_known_at(month, scheme, month.opened_on, form) else opening,
            BLANK if not_known_at(month, scheme, month.closed_on, form) else closing,
            [each for each in month.during if each.entry.event.scheme == scheme.code],
        )


def not_known_at(month: Period, scheme: Scheme, day: date, form: Form) -> bool:
    """Whether what is outstanding under a scheme at close of a day is not known: it is brought forward later."""
    later = month.schemes_later.get(scheme.code)
    return form.edition.reasons and later is not None and scheme.adopted_on <= day < later.event.effective_on


@attrs.frozen
class ClassMonth:
    """A class in a month: what stood at its opening, by how much it moved and what stood at its close, and its facts.

    `authorised` has the three figures of Part I. `facts` are those that changed its issued or treasury shares, by the part of
    the form in which they stand. `options` and `awards` are the schemes over it that have a row.
    """

    month: Period
    form: Form
    heading: ClassHeading
    opening: BalanceLine
    moved: BalanceLine
    closing: BalanceLine
    authorised: tuple[Figure, Figure, Figure]
    facts: Mapping[str, Sequence[Posted]]
    options: tuple[SchemeMonth, ...]
    awards: tuple[SchemeMonth, ...]

    @classmethod
    def of(cls, month: Period, form: Form, number: int, share: ShareClass) -> ClassMonth:
        """A class in a month, as a form prints it, and its number there."""
        code = share.code
        options, awards = (_schemes(month, code, form, awards=awards) for awards in (False, True))
        return cls(
            month,
            form,
            ClassHeading.of(number, share),
            *balance_lines(month, code, form.issued),
            in_a_period(month, AUTHORISED, code),
            _by_part(month, code),
            options,
            awards,
        )

    @property
    def code(self) -> str:
        """The code of the class."""
        return self.heading.code

    @property
    def has_details(self) -> bool:
        """Whether Part III has a row or a fact of it."""
        return bool(self.options or self.awards or any(self.facts.values()))

    def feet(self, part: str) -> tuple[Figure, Figure]:
        """The feet of a part from (A) to (D): increase in issued shares, decrease in treasury shares, both positive or blank."""
        return self._issued(self.facts[part]), self._taken(self.facts[part])

    def issued_and_taken(self, facts: Sequence[Posted]) -> tuple[Figure, Figure]:
        """New shares issued, and treasury shares transferred out of treasury."""
        return self._issued(each for each in facts if not each.entry.event.treasury_shares), self._taken(facts)

    def _issued(self, facts: Iterable[Posted]) -> Figure:
        return blank_if_zero(moved(facts, self.form.issued, self.code))

    def _taken(self, facts: Iterable[Posted]) -> Figure:
        change = moved(facts, TREASURY_SHARES, self.code)
        return Figure(-change.value, change.entries) if change.value else BLANK


def _by_part(month: Period, code: str) -> Mapping[str, Sequence[Posted]]:
    found: dict[str, list[Posted]] = {part: [] for part in "ABCDE"}
    for each in month.moving.get((SHARES, code), ()):
        if changes_shares(each, code):
            found[category(each.entry.event).part].append(each)
    return found


def _schemes(month: Period, code: str, form: Form, *, awards: bool) -> tuple[SchemeMonth, ...]:
    """The schemes over a class that have a row: one that was over before the month has none once nothing is left under it."""
    over_class = (each for each in month.closing.terms.schemes.values() if (each.share_class, each.awards) == (code, awards))
    found = (SchemeMonth.of(month, form, each) for each in over_class)
    return tuple(each for each in found if not form.edition.ended_left_out or _lasted(month, each))


def _lasted(month: Period, each: SchemeMonth) -> bool:
    if not each.scheme.is_over(month.opened_on) or each.scheme.code in month.schemes_later:
        return True
    return bool(each.opening.value or each.facts)
