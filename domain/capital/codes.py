"""The codes of classes, schemes, mandates, instruments and agreements: which fields of events introduce or name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import attrs

from domain import events
from domain.events import Event

REFERENCES: dict[str, str] = {
    "share_class": "class",
    "from_class": "class",
    "to_class": "class",
    "with_class": "class",
    "scheme": "scheme",
    "mandate": "mandate",
    "classes": "class",
    "extended_by": "mandate",
    "instrument": "instrument",
    "agreement": "agreement",
}
"""Fields by which events refer to what set-up events established, and to which kind."""

NEW_CODES: dict[type[Event], str] = {
    events.ShareClassCreated: "share_class",
    events.SchemeAdopted: "scheme",
    events.MandateGranted: "mandate",
    events.WarrantsIssued: "instrument",
    events.ConvertiblesIssued: "instrument",
    events.IssueAgreed: "agreement",
}
"""The field in which a set-up event introduces a new code, rather than referring to one."""


_NAMING: Mapping[type, Sequence[tuple[str, str]]] = {
    kind: [(field.name, REFERENCES[field.name]) for field in attrs.fields(cast("Any", kind)) if field.name in REFERENCES]
    for kind in events.EVENT_TYPES
}


REFERRING: Mapping[type, Sequence[tuple[str, str]]] = {
    kind: [(field, of) for field, of in naming if field != NEW_CODES.get(kind)] for kind, naming in _NAMING.items()
}
"""The fields by which the events of a type refer to what must be there already, and to which kind."""


def codes_named(event: Event) -> Iterator[tuple[str, str, str]]:
    """The codes that an event refers to or introduces: each with its field, and of which kind it is."""
    for field, kind in _NAMING[type(event)]:
        said = getattr(event, field)
        for code in said if type(said) is tuple else (said,):
            if code is not None:
                yield field, kind, code
