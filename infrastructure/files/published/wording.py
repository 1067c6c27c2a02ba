"""Which captions stand in which part of a form, in the words of all its versions and editions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from domain.returns.forms import IN_EDITION, Form
from infrastructure.files.published.captions import Wording
from infrastructure.files.published.letters import caption_letters

# Words of published returns that no version here has: of versions in between, and of exhibits that were set by hand.
_SEEN = {
    "stock_code": ("Stock code",),
    "multi_counter_stock_code": ("Add multi-counter stock code",),
    "not_a_caption": ("Manual input",),
}

CLASS_HEAD = ("class_label", "type_label", "listed", "stock_code", "multi_counter_stock_code", "description")
_HEAD_IN_PARTS = tuple(
    f"{part}_{key}" for part in ("issuable", "event", "section_2", "section_3") for key in ("class_label", "listed", "stock_code")
)
_BALANCES = ("balance_opening", "balance_movement", "balance_closing")
_FEET = ("issued_total", "treasury_total")


def _outstanding(part: str, particulars: str, *under: str) -> tuple[str, ...]:
    columns = ("opening", "movement", "closing", "new_shares", "treasury_shares", "may_be_issued", "may_be_granted", "currency")
    keys = (particulars, *columns, *under, *_FEET)
    return (*(f"{part}_{key}" for key in keys), "option_particulars", "general_meeting", "remarks")


_REPORT = (
    "line", "title", "part_a", "traded_on", "number", "method", "price", "lowest", "total", "total_number", "aggregate",
    "for_cancellation",
    "for_treasury", "part_b", "granted_on", "limit", "used", "percent", "moratorium", "confirmation", "note",
)  # fmt: skip

PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "FF301": {
        "": (
            "part_1", "part_2", "part_3", "part_3a", "part_3b", "part_3c", "part_3d", "part_3e", "part_4",
            "part_2_public_float", "public_float",
            "confirmation_title", "confirmation", "first_note", "submitted_by",
        ),
        "head": ("title", "month_ended", "status", "to", "addressee", "issuer_name", "date_submitted"),
        "part_1": ("authorised_number", "par_value", "authorised_capital", *_BALANCES, "total_authorised_capital", "remarks"),
        "part_2": ("issued_number", "treasury_number", "total_number", *_BALANCES, "remarks"),
        "part_3a": (*_outstanding("options", "particulars"), "options_funds_raised"),
        "part_3b": _outstanding("warrants", "description", "type", "stock_code", "price"),
        "part_3c": _outstanding("convertibles", "description", "type", "stock_code", "price"),
        "part_3d": (*_outstanding("agreements", "description"), "price"),
        "part_3e": (
            "events", "price", "currency", "amount", "event_date", "general_meeting", "other_issued", "other_treasury",
            "other_pending", "other_may_be_issued", *(f"other_{foot}" for foot in _FEET), "month_issued_total",
            "month_treasury_total", "remarks",
        ),
        **dict.fromkeys(("part_2_public_float", "part_4", "confirmation_title", "confirmation"), ("remarks",)),
    },
    "FF304": {
        "": ("section_1_instruction", "confirmation", "first_note", "section_2_instruction", "remarks", "submitted_by"),
        "head": ("title", "subtitle", "instrument", "instrument_value", "status", "issuer_name", "date_submitted"),
        "section_1": (
            "events", "issued_number", "issued_percent", "price", "market_price", "discount", "opening_balance",
            "closing_balance",
            "date_of_changes",
        ),
        "section_2": ("section_2", *(f"section_2_{key}" for key in _REPORT)),
    },
    "FF305": {
        "": (
            "section_1_instruction", "confirmation_title", "confirmation", "first_note", "section_2_instruction",
            "section_3_instruction", "remarks", "submitted_by",
        ),
        "head": ("title", "subtitle", "instrument", "instrument_value", "status", "issuer_name", "date_submitted"),
        "section_1": (
            "part_a", "part_b", "events", "issued_changes", "treasury_changes", "issued_number", "issued_percent",
            "treasury_number",
            "price", "total_number", "opening_balance", "closing_balance", "date_of_changes",
        ),
        "section_2": ("section_2", *(f"section_2_{key}" for key in _REPORT), "up_to"),
        "section_3": ("section_3", *(f"section_3_{key}" for key in _REPORT)),
    },
}  # fmt: skip
"""The captions of each part of each form that a reader looks for; under "" those that begin a part."""


def forms_of(code: str) -> Iterable[Form]:
    """A form in all its versions and editions."""
    return (form for form in IN_EDITION.values() if form.code == code)


@cache
def wording(code: str, part: str) -> Wording:
    """The captions of a part, those of the head of a class among them where classes have blocks in it."""
    keys = PARTS[code].get(part, ())
    if part and part != "head":
        keys = (*CLASS_HEAD, *_HEAD_IN_PARTS, *keys)
    found: dict[str, dict[str, None]] = {}
    closed: set[str] = set()
    for key in keys:
        for caption in _captions(code, key):
            letters = caption_letters(caption)
            # What begins a part may be a text of many lines: its beginning is enough.
            letters = letters if part else letters[:_LONGEST_OF_A_TEXT]
            found.setdefault(_general(key, letters), {})[letters] = None
            if caption.rstrip(": ").endswith(")"):
                closed.add(letters)
    heads = frozenset(
        key for key in found if key in _COLUMNS or (key.endswith(_COLUMNS_OF_PARTS) and not key.startswith("balance"))
    )
    return Wording({key: tuple(captions) for key, captions in found.items()}, frozenset(closed), heads)


_LONGEST_OF_A_TEXT = 110

_COLUMNS = frozenset(
    [
        "authorised_number",
        "par_value",
        "authorised_capital",
        "issued_number",
        "treasury_number",
        "total_number",
        "option_particulars",
        "events",
        "price",
        "currency",
        "amount",
        "event_date",
        "other_issued",
        "other_treasury",
        "other_pending",
        "other_may_be_issued",
        "issued_percent",
        "market_price",
        "discount",
        "issued_changes",
        "treasury_changes",
    ],
)
_COLUMNS_OF_PARTS = (
    "_opening", "_movement", "_closing", "_new_shares", "_treasury_shares", "_may_be_issued", "_may_be_granted", "s_currency",
    "s_description", "_traded_on", "_2_number", "_3_number", "_method", "_2_price", "_3_price", "_lowest", "_2_total", "_3_total",
)  # fmt: skip


def _captions(code: str, key: str) -> Iterable[str]:
    for form in forms_of(code):
        if key == "first_note":
            yield form.notes[0]
        elif form.captions.get(key):
            yield form.captions[key]
    yield from _SEEN.get(key, ())


_OTHER_CODES = ("warrants", "convertibles", "multi_counter")


def _general(key: str, caption: str) -> str:
    """The key of a caption without the part that words it in its own way; class and type by their words, which change places."""
    for general in ("class_label", "type_label"):
        if key.endswith(general):
            return "class_of_shares" if caption.startswith("class") else "type_of_shares"
    for general in ("listed", "stock_code"):
        if key.endswith(general) and not key.startswith(_OTHER_CODES):
            return general
    return key
