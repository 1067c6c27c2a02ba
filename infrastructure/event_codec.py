"""Events as stored: a stable type name and canonical JSON bytes, and back.

The names and the bytes are what the hash chain covers, so both are kept for good: a type name outlives the class it
was made from, and a field is left out where it holds its default, so that an optional field added later changes no
stored byte. It follows that the default of a stored field must never change; a new meaning takes a new version and
an upcaster from the old one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from json import loads
from operator import attrgetter
from typing import Any, cast

import attrs
import msgspec

from domain import errors
from domain.events import EVENT_TYPES, Event, FactProposed
from domain.values import Money

RENAMED: dict[type[Event], str] = {}
"""Stored names of the classes whose own name or version has moved on: `{NewName: "captable.OldName.v1"}`."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[str, tuple[str, Upcaster]] = {}
"""Names no longer written: the name that follows, and how the fields of the old become those of the new."""


class Undecodable(errors.Damaged, ValueError):
    """Stored bytes that no event of this vocabulary has; the message says why."""


def registry(types: tuple[type[Event], ...], renamed: dict[type[Event], str]) -> dict[type[Event], str]:
    """The closed list of stored type names. Raises ValueError if two types share a name or a name is retired."""
    names = {cls: renamed.get(cls, f"captable.{cls.__name__}.v1") for cls in types}
    if len(set(names.values())) < len(types) or not UPCASTERS.keys().isdisjoint(names.values()):
        raise ValueError("two event types share a stored name, or use one that is retired")
    return names


TYPE_NAMES: dict[type[Event], str] = registry(EVENT_TYPES, RENAMED)
"""The stored name of every event type."""

EVENT_CLASSES: dict[str, type[Event]] = {name: cls for cls, name in TYPE_NAMES.items()}
"""The event type of every name that is written today."""


@lru_cache(maxsize=4096)
def _money(text: str) -> Money:
    return Money.parse(text)


def _encode_custom(value: object) -> str:
    if type(value) is Money:
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _decode_custom(kind: type, value: Any) -> Money:
    if kind is not Money or not isinstance(value, str):
        raise ValueError(f"expected a currency and an amount such as HKD 1.5, got {value!r:.60}")
    return _money(value)


_encode_json = msgspec.json.Encoder(order="sorted", enc_hook=_encode_custom).encode
_DECODERS = {name: msgspec.json.Decoder(cls, dec_hook=_decode_custom).decode for name, cls in EVENT_CLASSES.items()}


def _attributes(cls: type[Event]) -> tuple[attrs.Attribute[Any], ...]:
    # Type checkers do not see through the decorator that `domain.events` gives its own name.
    return tuple(attrs.fields(cast("type[attrs.AttrsInstance]", cls)))


_Fields = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Any], ...]]


def _fields(cls: type[Event]) -> _Fields:
    """The names of an event's required fields, a getter of their values, and its optional fields with their defaults."""
    required = tuple(field.name for field in _attributes(cls) if field.default is attrs.NOTHING)
    optional = tuple((field.name, field.default) for field in _attributes(cls) if field.default is not attrs.NOTHING)
    # The name at the end is there because a getter of a single name would give no tuple.
    return required, attrgetter(*required, "effective_on"), optional


_FIELDS = {cls: _fields(cls) for cls in EVENT_TYPES}


def naming_by_default(text: str) -> list[str]:
    """The stored types of events that have a text as the default of a field, so that their JSON leaves it out."""
    return [TYPE_NAMES[kind] for kind, (_, _, optional) in _FIELDS.items() if text in (default for _, default in optional)]


def encode(event: Event) -> bytes:
    """The canonical JSON of an event: sorted keys, no spaces, exact decimals as text, defaults left out."""
    required, values, optional = _FIELDS[type(event)]
    kept = dict(zip(required, values(event), strict=False))
    for name, default in optional:
        value = getattr(event, name)
        # Nothing else equals None, so an amount need not be asked whether it does.
        if value is not default and (default is None or value != default):
            kept[name] = value
    for name, value in kept.items():
        if type(value) is tuple:
            kept[name] = [_item(item) for item in value]
    return _encode_json(kept)


def identity(event: Event, replaces: int | None) -> str:
    """The command id that is made from what a fact says, of 32 hexadecimal digits: equal facts have equal ones."""
    said = f"{TYPE_NAMES[type(event)]}|{replaces}|".encode() + encode(event)
    return hashlib.sha256(said).hexdigest()[:32]


def _item(item: Any) -> object:
    """An item of a list within an event, its defaults left out as those of the event are."""
    if not attrs.has(type(item)):
        return item
    fields = attrs.fields(type(item))
    return {field.name: value for field in fields if (value := getattr(item, field.name)) != field.default}


def decode(type_name: str, payload: bytes) -> Event:
    """Decode an event, validated as a new one would be.

    Raises Undecodable if the type is unknown, or the bytes are not such an event. A field that the type does not
    have is passed over here: the hash chain shows that nobody added it, and `decode_strictly` refuses it.
    """
    decoder = _DECODERS.get(type_name)
    if decoder is None:
        return decode(*_upcast(type_name, payload))
    try:
        return decoder(payload)
    except RecursionError:
        raise Undecodable(f"{type_name}: nested too deeply") from None
    except ValueError as error:
        raise Undecodable(f"{type_name}: {error}") from error


def decode_strictly(type_name: str, payload: bytes) -> Event:
    """As `decode`, and raises Undecodable as well where the bytes are not canonical or hold an unknown field."""
    event = decode(type_name, payload)
    if type_name in _DECODERS and encode(event) != payload:
        raise Undecodable(f"{type_name}: not in canonical form, or with a field that it does not have")
    return event


def in_a_line(event: Event) -> str:
    """An event as it is stored, in a line: its stored name and its JSON."""
    return f"{TYPE_NAMES[type(event)]} {encode(event).decode()}"


def fact_of(proposed: FactProposed) -> Event:
    """The fact that waits. Raises Undecodable as `decode` does."""
    name, _, payload = proposed.fact.partition(" ")
    return decode(name, payload.encode())


def kind_of(type_name: str) -> type[Event]:
    """The event type of a stored name, one no longer written included. Raises Undecodable."""
    while type_name not in EVENT_CLASSES:
        if type_name not in UPCASTERS:
            raise Undecodable(f"unknown type of event {type_name!r:.80}")
        type_name = UPCASTERS[type_name][0]
    return EVENT_CLASSES[type_name]


def _upcast(type_name: str, payload: bytes) -> tuple[str, bytes]:
    if type_name not in UPCASTERS:
        raise Undecodable(f"unknown type of event {type_name!r:.80}")
    next_name, upcaster = UPCASTERS[type_name]
    try:
        return next_name, _encode_json(upcaster(loads(payload, parse_float=Decimal)))
    except RecursionError:
        raise Undecodable(f"{type_name}: nested too deeply") from None
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Undecodable(f"{type_name}: {error}") from error


ENVELOPE: dict[str, dict[str, Any]] = {
    "source": {"type": "string", "description": "where the fact comes from"},
    "replaces": {"type": "integer", "minimum": 1, "description": "the entry that this one corrects"},
    "recorded_by": {"type": "string", "description": "who recorded it"},
    "command_id": {"type": "string", "description": "reference for a genuine identical event"},
}
"""What a record of a file may say beside the fields of its event."""


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a record, as `export` writes it and `record --file` reads it.

    `$defs` has the record of every event type under its stored name: its fields, its `event`, and what is said beside it.
    """
    _, schemas = msgspec.json.schema_components(EVENT_TYPES, schema_hook=_schema_of_custom, ref_template="#/$defs/{name}")
    described = {TYPE_NAMES[cls]: _described(cls, schemas.pop(cls.__name__)) for cls in EVENT_TYPES}
    parts = {name: {**schema, "additionalProperties": False} for name, schema in schemas.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Records of a share-capital book",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in EVENT_CLASSES],
        "$defs": parts | described,
    }


def _schema_of_custom(kind: type) -> dict[str, Any]:
    if kind is not Money:
        raise NotImplementedError(kind.__name__)
    return {"type": "string", "pattern": r"^[A-Z]{3} [0-9]+(\.[0-9]{1,20})?$"}


def _described(cls: type[Event], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its stored name as title, closed to other fields, and each field's meaning; of lists an example too."""
    for field in _attributes(cls):
        described = schema["properties"][field.name]
        described["description"] = field.metadata["meaning"]
        if field.metadata.get("several"):
            described["examples"] = list(_examples(cls, field))
    properties = {"event": {"const": cls.__name__, "description": "the type of the event"}, **schema["properties"], **ENVELOPE}
    required = ["event", *schema.get("required", ())]
    return {**schema, "properties": properties, "required": required, "title": TYPE_NAMES[cls], "additionalProperties": False}


def _examples(cls: type[Event], field: attrs.Attribute[Any]) -> Iterator[list[object]]:
    """The example in words behind the colon of a field's meaning, as the list that is stored."""
    from infrastructure.readers.values import field_types, read

    words = field.metadata["meaning"].partition(": ")[2]
    if words:
        yield loads(_encode_json([_item(item) for item in read(field_types(cast("Any", cls))[field.name], words)]))
