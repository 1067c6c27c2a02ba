"""FF301 1.2.1, the Monthly Return since January 2026: laid out as 1.1.1, with a confirmation of the public float.

No return on it could be read in full, so that every return on it is a draft. An excerpt of one on 1.2.0, of February 2026,
shows that Part II ends with the confirmation (rule 13.32D) and is named after it.
"""

from __future__ import annotations

from datetime import date

from domain.returns.forms import ff301_1_1_1
from domain.returns.forms.form import CONFIRMATIONS, NOTES, RULES_CHANGED, keys_of

CHANGES = {
    "Part II": {
        "part_2": "II. Movements in Issued Shares and/or Treasury Shares and Public Float Sufficiency Confirmation",
        "part_2_public_float": "Public float sufficiency confirmation",
    }
}

FORM = ff301_1_1_1.FORM.successor(
    "1.2.1",
    first_day=date(2026, 1, 1),
    dated_by=f"{RULES_CHANGED}; earliest sighting: August 2026, of 1.2.0 February 2026",
    since=2,
    unverified=keys_of(ff301_1_1_1.FORM.worded) | keys_of(CHANGES) | {CONFIRMATIONS, NOTES},
    changes=CHANGES,
    always_draft=True,
)
