"""The stored form of events: golden rows, identity, refusals, and the schema."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import ClassAConvertedToB, MandateGranted, PlacingCompleted, ShareClassCreated
from domain.events.structured import Counter
from domain.values import Money
from infrastructure import event_codec
from infrastructure.event_codec import (
    EVENT_CLASSES,
    TYPE_NAMES,
    Undecodable,
    decode,
    decode_strictly,
    encode,
    json_schema,
    registry,
)
from tests.events import EVENT_FILES

# The rows of tests/events as they stand in stores.
STORED = [(file.stored_as, row) for file in EVENT_FILES.values() for row in file.stored]


PLACING = "captable.PlacingCompleted.v1"


def test_the_names_under_which_events_are_stored_are_those_of_their_files() -> None:
    assert {kind: file.stored_as for kind, file in EVENT_FILES.items()} == {kind: TYPE_NAMES[kind] for kind in EVENT_FILES}


@pytest.mark.parametrize(("name", "row"), STORED)
def test_a_golden_row_is_read_and_written_as_it_was(name: str, row: str) -> None:
    payload = row.encode()
    event = decode_strictly(name, payload)
    assert TYPE_NAMES[type(event)] == name
    assert encode(event) == payload


def test_a_golden_row_decodes_to_the_event_it_names() -> None:
    name, row = next(each for each in STORED if each[0] == "captable.ShareClassCreated.v1")
    assert decode(name, row.encode()) == ShareClassCreated(
        effective_on=date(2021, 12, 7),
        share_class="B",
        class_label="WVR ordinary shares",
        type_label="B",
        par_value=Money("USD", Decimal("0.000000025")),
        listed=True,
        stock_code="00020",
        counters=(Counter("80020", "RMB"),),
    )


def test_fields_that_hold_their_default_are_left_out() -> None:
    event = PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=5, treasury_shares=False, mandate=None)
    assert encode(event) == b'{"effective_on":"2024-12-17","share_class":"B","shares":5}'


def test_numbers_stay_exact() -> None:
    event = PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=10**30, price=Money.parse("HKD 0.10"))
    payload = b'{"effective_on":"2024-12-17","price":"HKD 0.1","share_class":"B","shares":1000000000000000000000000000000}'
    assert encode(event) == payload
    assert decode(PLACING, payload) == event


days = st.dates(date(1841, 1, 1), date(2199, 12, 31))
shares = st.integers(1, 10**40)
names = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/&()-]{0,58}[A-Za-z0-9._/&()-])?", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=80)
money = st.builds(
    Money, st.sampled_from(["HKD", "USD", "RMB"]), st.decimals(0, 10**9, places=9, allow_nan=False, allow_infinity=False)
)
EVENTS = st.one_of(
    st.builds(
        PlacingCompleted, effective_on=days, share_class=names, shares=shares, price=money | st.none(), text=texts | st.none(),
        agreed_on=days | st.none(), treasury_shares=st.booleans(), remarks=st.none(), mandate=names | st.none(),
        general_meeting_on=days | st.none(),
    ),
    st.builds(
        MandateGranted, effective_on=days, mandate=names, purpose=st.sampled_from(["issue", "repurchase"]),
        percent=st.decimals(Decimal("0.01"), 100, places=2), base=shares,
    ),
    st.builds(ClassAConvertedToB, effective_on=days, shares=shares, holder=texts | st.none(), text=st.none(), remarks=st.none(),
              from_class=st.just("A"), to_class=st.just("B")),
)  # fmt: skip


@given(EVENTS)
def test_what_is_encoded_is_decoded_to_the_same(event: Any) -> None:
    assert decode_strictly(TYPE_NAMES[type(event)], encode(event)) == event


@pytest.mark.parametrize("name", ["captable.PlacingCompleted.v2", "captable.Nothing.v1", "", "os:system", "builtins.eval"])
def test_an_unknown_type_is_refused(name: str) -> None:
    with pytest.raises(Undecodable, match="unknown type of event"):
        decode(name, b'{"effective_on":"2024-12-17"}')


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        # Where the library speaks, nothing is asked of its words but that there are some.
        (b'{"effective_on":"2024-12-17","share_class":"B","shares":5.5}', "."),
        (b'{"effective_on":"2024-12-17","share_class":"B","shares":"5"}', "."),
        (b'{"effective_on":"2024-12-17","share_class":"B","shares":-5}', "above zero"),
        (b'{"effective_on":"2024-12-17","share_class":"B"}', "."),
        (b'{"effective_on":"17/12/2024","share_class":"B","shares":5}', "."),
        (b'{"effective_on":"2024-12-17","price":"HKQ 1","share_class":"B","shares":5}', "unknown currency"),
        (b'{"effective_on":"2024-12-17","price":7,"share_class":"B","shares":5}', "expected a currency and an amount"),
        (b'{"effective_on":"2024-12-17","share_class":"B\xff","shares":5}', "."),
        (b'{"effective_on":"2024-12-17","shares":5,"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "."),
        (b'{"effective_on":"2024-12-17","unknown":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deeply"),
        (b"[" * 100_000, "."),
        (b"", "."),
        (b"\x00", "."),
    ],
    ids=["fraction", "text for a number", "negative", "missing", "date", "currency", "money", "utf-8", "depth",
         "unknown depth", "list", "empty", "binary"],
)  # fmt: skip
def test_bytes_that_are_no_event_are_refused_with_a_reason(payload: bytes, said: str) -> None:
    with pytest.raises(Undecodable, match=f"^{re.escape(PLACING)}: .*{said}"):
        decode(PLACING, payload)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"colour":"red","effective_on":"2024-12-17","share_class":"B","shares":5}',
        b'{"effective_on":"2024-12-17","share_class":"B","shares":5,"treasury_shares":false}',
        b'{"share_class":"B","effective_on":"2024-12-17","shares":5}',
        b'{"effective_on": "2024-12-17","share_class":"B","shares":5}',
        b'{"effective_on":"2024-12-17","share_class":"B","shares":5,"shares":5}',
        b'{"effective_on":"2024-12-17","price":"HKD 1.50","share_class":"B","shares":5}',
    ],
    ids=["unknown field", "a default written out", "unsorted", "spaced", "field twice", "money not plain"],
)
def test_bytes_that_are_not_canonical_are_refused_by_the_strict_reading_only(payload: bytes) -> None:
    assert decode(PLACING, payload).effective_on == date(2024, 12, 17)
    with pytest.raises(Undecodable, match="not in canonical form"):
        decode_strictly(PLACING, payload)


def test_an_unknown_field_of_a_nested_value_is_refused_by_the_strict_reading() -> None:
    (row, *_) = EVENT_FILES[ShareClassCreated].stored
    payload = row.replace('"currency"', '"colour":"red","currency"').encode()
    with pytest.raises(Undecodable, match="not in canonical form"):
        decode_strictly("captable.ShareClassCreated.v1", payload)


def test_old_names_pass_through_their_upcasters_to_the_event_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(fields: dict[str, Any]) -> dict[str, Any]:
        return {"shares": fields.pop("quantity"), **fields}

    def with_class(fields: dict[str, Any]) -> dict[str, Any]:
        return {"share_class": "B", **fields}

    monkeypatch.setitem(event_codec.UPCASTERS, "captable.Placed.v1", ("captable.Placed.v2", renamed))
    monkeypatch.setitem(event_codec.UPCASTERS, "captable.Placed.v2", (PLACING, with_class))
    event = PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=10**30)
    old = b'{"effective_on":"2024-12-17","quantity":1000000000000000000000000000000}'
    assert decode("captable.Placed.v1", old) == event
    assert decode_strictly("captable.Placed.v1", old) == event
    for broken in (b"{}", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(Undecodable, match=r"captable\.Placed\.v1"):
            decode("captable.Placed.v1", broken)


@pytest.mark.parametrize("replaces", [None, 3])
def test_the_schema_takes_every_sample_as_export_writes_it(replaces: int | None) -> None:
    schema = jsonschema_rs.validator_for(json_schema())
    around = {"source": "a letter", "recorded_by": "counsel", "command_id": "c"} | ({"replaces": replaces} if replaces else {})
    for name, payload in STORED:
        record = {"event": EVENT_CLASSES[name].__name__, **json.loads(payload), **around}
        assert schema.is_valid(record), name
        assert not schema.is_valid({**record, "other": 1})
        assert not schema.is_valid({**json.loads(payload), **around})


def test_two_types_cannot_share_a_stored_name() -> None:
    with pytest.raises(ValueError, match="share a stored name"):
        registry((PlacingCompleted, MandateGranted), {MandateGranted: PLACING})


def test_the_schema_has_every_type_closed_and_every_field_explained() -> None:
    schema = json.loads(json.dumps(json_schema()))
    types = {name: part for name, part in schema["$defs"].items() if name.startswith("captable.")}
    assert list(types) == list(TYPE_NAMES.values())
    assert [reference["$ref"] for reference in schema["anyOf"]] == [f"#/$defs/{name}" for name in TYPE_NAMES.values()]
    for name, part in types.items():
        assert part["additionalProperties"] is False
        assert part["description"]
        assert all(field["description"] for field in part["properties"].values())
        assert part["properties"]["event"]["const"] == EVENT_CLASSES[name].__name__
    for name, row in STORED:
        part = types[name]
        assert set(part["required"]) - {"event"} <= json.loads(row).keys() <= part["properties"].keys()
    assert schema["$defs"]["Counter"]["additionalProperties"] is False
