"""FF301 1.0.1, the Monthly Return until November 2022: 1.0.2 with the class under `Type of shares`.

Read in excerpts of published returns of September and November 2022. Version 1.0.0, used before it, was not read: returns
submitted since July 2021 are printed on 1.0.1.
"""

from __future__ import annotations

from datetime import date

from domain.returns.forms import ff301_1_0_2
from domain.returns.forms.form import SIGHTING

FORM = ff301_1_0_2.FORM.successor(
    "1.0.1",
    first_day=date(2021, 7, 1),
    dated_by=f"{SIGHTING}: October 2022; 1.0.0, used before, is printed as 1.0.1",
    since=2,
    unverified=ff301_1_0_2.UNVERIFIED | {"event_class_label"},
    changes={
        "Head of a class": {
            "class_label": "Type of shares",
            "type_label": "Class of shares",
            "type_value_wvr": "Class {type_label}",
            "issuable_class_label": "Type of shares issuable",
            "event_class_label": "Type of shares issuable (Note 5 and 6)",
        }
    },
)
