"""Editions: how this program has filled in and laid out the forms, so that a return filed long ago is made again as it was.

A form's version is the exchange's; an edition is this program's. When the program learns to fill in a row or to word a caption
better, a new edition begins: the old one is not changed, and a filing names its edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from domain.capital.return_settings import ReturnSettings


@attrs.frozen(eq=False)
class Edition:
    """What a return prints where the form leaves it open. Corrections of captions stand beside the captions of each form.

    `habits` are the settings of an issuer without settings.

    `pending_as_filed`: FF304 lists shares not yet cancelled without a placeholder, a price or a percentage disclosed before;
    FF305 prints *See Part B* beside other events, and Part B has no column heads of its own.
    `trades_as_filed`: Sections II and III leave a method open that nobody stated, and Section II prints 0 if no share was
    bought for cancellation, or into treasury.
    `names_in_full`: a row prints the text of its facts in every part and names its scheme or instrument, and a foot names its
    class so that no other could be meant.
    `words_below`: the word of an `Others` movement stands on a line of its own, beside no figure.
    `reasons`: a return says for which reasons it is a draft.
    `by_knowledge`: a Next Day Disclosure Return lists what no return before it knew of; the first edition went by days alone.
    `currencies_apart`: what was paid in several currencies is a row in each, not one row without a price.
    `ended_left_out`: instruments, schemes and classes that are over stand in the return of the month of their end, and in no
    later one.
    `small_averages`: an average price below any that is quoted on the Exchange has four digits, not the decimals of the setting,
    which may leave nothing of it.
    `nothing_below_zero`: what may be issued on options to be granted is 0 if more was granted than the scheme's limit allows.
    `approvals_in_full`: the general meeting of a row in FF301 Part III(E) is that of its agreement, or of the purchases that are
    cancelled or pending, where nothing else names one; what several meetings approved is a row for each. Block B of trades that
    name a meeting and no mandate has its day.
    `redeemed_in_words`: a cancellation of shares redeemed does not say that they were repurchased.
    `signed_when_submitted`: a return names who submits it on the day of submission, not who would have on its last day.
    `opens_when_listed`: the first Next Day Disclosure Return after a listing opens at close of that day, not at the month end.
    `treasury_counted`: on forms without a column for treasury shares the issued shares count them, and a purchase into treasury
    changes nothing: FF304 lists it as not cancelled.
    `securities_confirmed`: FF301 Part V confirms warrants and convertibles issued, which Part III sets out, not shares alone.
    `kinds_apart`: the denominator of FF304 leaves out shares of another kind, those without votes where the row's have some.
    """

    number: int
    habits: Mapping[str, bool]
    pending_as_filed: bool = True
    names_in_full: bool = True
    trades_as_filed: bool = True
    words_below: bool = True
    reasons: bool = True
    by_knowledge: bool = True
    currencies_apart: bool = True
    ended_left_out: bool = True
    kinds_apart: bool = True
    small_averages: bool = True
    nothing_below_zero: bool = True
    approvals_in_full: bool = True
    redeemed_in_words: bool = True
    signed_when_submitted: bool = True
    opens_when_listed: bool = True
    treasury_counted: bool = True
    securities_confirmed: bool = True

    def settings(self, issuer: ReturnSettings) -> ReturnSettings:
        """An issuer's settings, with this edition's defaults where the issuer has none."""
        habits: dict[str, Any] = {name: habit for name, habit in self.habits.items() if getattr(issuer, name) is None}
        return attrs.evolve(issuer, **habits)


FIRST = Edition(
    number=1,
    habits={"chinese_name": True, "join_days": True},
    pending_as_filed=False,
    names_in_full=False,
    trades_as_filed=False,
    words_below=False,
    reasons=False,
    by_knowledge=False,
    currencies_apart=False,
    ended_left_out=False,
    kinds_apart=False,
    small_averages=False,
    nothing_below_zero=False,
    approvals_in_full=False,
    redeemed_in_words=False,
    signed_when_submitted=False,
    opens_when_listed=False,
    treasury_counted=False,
    securities_confirmed=False,
)

SECOND = Edition(number=2, habits={"chinese_name": False, "join_days": False})

EDITIONS: Mapping[int, Edition] = {edition.number: edition for edition in (FIRST, SECOND)}
CURRENT = SECOND
