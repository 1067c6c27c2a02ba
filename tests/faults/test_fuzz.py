"""The codec and the readers under a rain of broken input: they answer or refuse in their own words, and never otherwise."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from domain.capital.entries import Draft
from domain.events.fields import FieldError
from infrastructure.event_codec import TYPE_NAMES, Undecodable, decode, decode_strictly, encode
from infrastructure.head_receipts import BadReceipt, Receipt, read, written
from infrastructure.readers import values
from infrastructure.readers.records import UnreadableFile, read_records
from tests.faults import books
from tests.samples import SAMPLES, sample_book

PAYLOADS = [(TYPE_NAMES[type(event)], encode(event)) for event in sample_book()]
NAMES = [name for name, _ in PAYLOADS]
LINES = [json.dumps({"event": name, **said}, ensure_ascii=False).encode() for name, said in SAMPLES.items()]
YAML = [
    "\n  ".join([f"- event: {name}", *(f"{field}: {json.dumps(value)}" for field, value in said.items())]).encode()
    for name, said in SAMPLES.items()
]

PIECES = (
    b"NaN", b"Infinity", b"-0", b"1e9", b"0.1", b"null", b"true", b"[]", b"{}", b"[[[[", b'""', b'"\\ud800"', b"\x00", b"\xff",
    b"\xc3", b"\\u0000", "١".encode(), "１".encode(), "\u202e".encode(), b"9" * 61, b"-", b",", b":", b'"', b"\n", b"\r",
    b"\xef\xbb\xbf", b"HKD", b"HKD 1", b"2024-02-30", b"0000-00-00", b"&a", b"*a", b"!!python/object:os.system", b"<<: ",
    b"---", b"#", b"\t", b"| ", b"? ", b"%YAML 2.0",
)  # fmt: skip


def mutated(random: Random, content: bytes) -> bytes:
    """Content with one to four changes: a byte turned, a piece put in, a part taken out, doubled or moved."""
    result = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        here, there = sorted((random.randint(0, len(result)), random.randint(0, len(result))))
        there = min(there, here + 12)
        match random.randrange(6):
            case 0 if result:
                result[min(here, len(result) - 1)] ^= 1 << random.randrange(8)
            case 1:
                result[here:here] = random.choice(PIECES)
            case 2:
                result[here:there] = random.choice(PIECES)
            case 3:
                del result[here:there]
            case 4:
                result[here:here] = result[here:there]
            case _:
                result[here:here] = random.randbytes(random.randint(1, 4))
    return bytes(result)


# --- what is fuzzed: each takes one input, and says whether it was accepted ------------------------------------------


def codec(random: Random) -> bool:
    name, payload = random.choice(PAYLOADS)
    name = random.choice(NAMES) if random.random() < 0.1 else name
    broken = mutated(random, payload)
    try:
        event = decode(name, broken)
    except Undecodable:
        return False
    # What was accepted is an event like any other: it is written and read again as the same.
    assert decode_strictly(name, encode(event)) == event
    return True


def accepted(name: str, content: bytes) -> bool:
    try:
        batch = read_records(name, content, recorded_by="fuzz")
    except UnreadableFile:
        return False
    for draft in batch.drafts:
        assert decode_strictly(TYPE_NAMES[type(draft.event)], encode(draft.event)) == draft.event
    for problem in batch.problems:
        assert str(problem)
    return bool(batch.drafts) and not batch.problems


def json_lines(random: Random) -> bool:
    return accepted("facts.jsonl", mutated(random, random.choice(LINES)))


def yaml(random: Random) -> bool:
    return accepted("facts.yaml", mutated(random, random.choice(YAML)))


WRITTEN = (
    b"HKD 1.5",
    b"1,865,000,000",
    b"17 Dec 2024",
    b"2024-12-17",
    b"yes",
    b"80020 RMB",
    b"0.25",
    b"2024-12-03: 700,000 @ HKD 1.62",
    b"On the Exchange: 700,000 @ HKD 1.62 to HKD 1.58 = HKD 1,120,000",
)
PARSERS: tuple[Callable[[object], object], ...] = tuple(values.PARSERS.values())


LONGEST_MESSAGE = 500


def parsers(random: Random) -> bool:
    text = mutated(random, random.choice(WRITTEN)).decode("utf-8", "replace")
    try:
        random.choice(PARSERS)(text)
    except values.UnreadableValue as error:
        if len(str(error)) > LONGEST_MESSAGE:
            raise
        return False
    return True


def drafts(random: Random) -> bool:
    """What stands beside an event, as the command line takes it."""
    text = mutated(random, b"the secretary").decode("utf-8", "surrogateescape")
    try:
        Draft(event=decode(*PAYLOADS[0]), recorded_by=text, command_id=text, source=text)
    except FieldError:
        return False
    assert text.encode()
    return True


def rain(fall: Callable[[Random], bool], number: int) -> tuple[int, float]:
    """So many inputs; how many of them were accepted, and how long it took."""
    random, started = Random(f"{fall.__name__} 1"), time.perf_counter()
    kept = sum(fall(random) for _ in range(number))
    return kept, time.perf_counter() - started


FALLS = (
    (codec, 4_000, 600_000),
    (json_lines, 1_500, 300_000),
    (yaml, 300, 20_000),
    (parsers, 3_000, 150_000),
    (drafts, 1_000, 30_000),
)


def cases() -> Iterator[object]:
    for fall, few, many in FALLS:
        yield pytest.param(fall, few, id=f"{fall.__name__}-{few}")
        yield pytest.param(fall, many, id=f"{fall.__name__}-{many}", marks=pytest.mark.heavy)


@pytest.mark.parametrize(("fall", "number"), [*cases()])
def test_broken_input_is_refused_in_words_or_taken_as_it_is(fall, number):
    kept, seconds = rain(fall, number)
    print(f"{fall.__name__}: {number:,} inputs in {seconds:.0f} s, {kept:,} accepted")
    # Most are refused, or the rain would not be one; some are taken, or it would only wet the door.
    assert 0 < kept < number


@pytest.mark.parametrize("number", [300, pytest.param(20_000, marks=pytest.mark.heavy)])
def test_a_broken_head_receipt_is_refused_in_words(tmp_path, number):
    books.begin(str(tmp_path / "book.db"))
    with books.opened(str(tmp_path / "book.db")) as store:
        content = written(Receipt({books.ISSUER: store.head(books.ISSUER)}, books.now()), b"a key of 16 bytes and more")
    random, path = Random(3), Path(tmp_path / "receipt.json")
    for _ in range(number):
        path.write_bytes(mutated(random, content))
        try:
            receipt = read(path, b"a key of 16 bytes and more")
        except BadReceipt:
            continue
        # Only what the signature does not cover, blanks between, can have been changed.
        assert written(receipt, b"a key of 16 bytes and more") == content
