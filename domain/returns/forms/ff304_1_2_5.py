"""FF304 1.2.5, the Next Day Disclosure Return until 11 June 2024, read in one of January 2024.

It prints the class under `Class of shares` and its type, as `B`, under `Type of shares`: the other way round than 1.2.4.
"""

from __future__ import annotations

from datetime import date

from domain.returns.forms import ff304_1_2_4
from domain.returns.forms.form import SIGHTING

FORM = ff304_1_2_4.FORM.successor(
    "1.2.5",
    first_day=date(2023, 10, 3),
    dated_by=f"{SIGHTING}: 3 October 2023",
    since=2,
    # Of these the sense was read, and not each word.
    unverified=frozenset({"section_2_part_b", "section_2_confirmation", "section_2_elsewhere", "section_2_note"}),
    changes={
        "Head of a class": {
            "class_label": "Class of shares",
            "type_label": "Type of shares",
            "type_value_wvr": "{type_label}",
        }
    },
)
