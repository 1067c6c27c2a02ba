"""FF301 1.1.0, the Monthly Return from 11 June 2024: worded as 1.1.1, as far as excerpts of returns of autumn 2024 show."""

from __future__ import annotations

from domain.law.parameters import TREASURY_REGIME
from domain.returns.forms import ff301_1_1_1
from domain.returns.forms.form import CONFIRMATIONS, NOTES, RULES_CHANGED, keys_of

FORM = ff301_1_1_1.FORM.successor(
    "1.1.0",
    first_day=TREASURY_REGIME,
    dated_by=f"{RULES_CHANGED}; earliest sighting: September 2024",
    since=2,
    unverified=ff301_1_1_1.UNVERIFIED
    | keys_of(ff301_1_1_1.CAPTIONS, "Part III(E)", "Part IV", "Part V")
    | {"part_3d", CONFIRMATIONS, NOTES},
)
