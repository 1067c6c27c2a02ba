"""FF304 1.0.0, the Next Day Disclosure Return of 2021: worded as 1.2.4, as far as an excerpt of one of July 2021 shows."""

from __future__ import annotations

from datetime import date

from domain.returns.forms import ff304_1_2_4
from domain.returns.forms.form import CONFIRMATIONS, NOTES, SIGHTING

FORM = ff304_1_2_4.FORM.successor(
    "1.0.0",
    first_day=date(2021, 7, 1),
    dated_by=f"{SIGHTING}: July 2021",
    since=2,
    unverified=ff304_1_2_4.UNVERIFIED | {CONFIRMATIONS, NOTES},
)
