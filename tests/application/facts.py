"""Facts of the one class of the book that these tests record into."""

from __future__ import annotations

from tests.domain.book_of import event

ISSUER = "00001"


def placing(on, shares, **said):
    """A placing that a meeting of June approved."""
    return event("PlacingCompleted", on, share_class="ordinary", shares=shares, general_meeting_on="28 June 2024", **said)


def sold(on, shares):
    return event("TreasurySharesSold", on, share_class="ordinary", shares=shares)


def bought(on, shares, **said):
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, **{"intention": "treasury", **said})


def withdrawn(on="5 July 2024"):
    return event("EntryWithdrawn", on, reason="it did not happen")
