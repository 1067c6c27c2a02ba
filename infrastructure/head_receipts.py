"""Head receipts: where every book of a store ended at a moment, written down to be kept elsewhere and compared later.

A hash chain shows what was changed within a book, not what was cut off its end, nor a history rewritten from some
entry on: a head that was kept elsewhere shows both.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from domain import errors
from domain.capital.head import Head
from infrastructure import book_reader, taken_in
from infrastructure.opening import open_database
from infrastructure.readers.values import FIRST_YEAR, LAST_YEAR

KIND = "captable head receipt"
METHOD = "HMAC-SHA256"
SHORTEST_KEY = 16
LAST_NUMBER = 2**31 - 1
"""The last number that an entry can have on any engine."""


class BadReceipt(errors.BadInput):
    """A file that is not a head receipt, or whose signature does not fit; the message says which."""


@attrs.frozen
class Receipt:
    """The heads of some books at a moment, by issuer; `signed` says whether a key was used to check it."""

    heads: Mapping[str, Head]
    made_at: datetime
    signed: bool = False


@attrs.frozen
class HeadCheck:
    """Whether a book still holds a head: nothing `wrong`, or a sentence that says where it parts from it."""

    issuer: str
    head: Head
    made_at: datetime
    wrong: str | None


# --- writing --------------------------------------------------------------------------------------------------------


def written(receipt: Receipt, key: bytes | None = None) -> bytes:
    """A receipt as JSON, signed where a key is given."""
    content: dict[str, Any] = {
        "kind": KIND,
        "made_at": receipt.made_at.astimezone(UTC).isoformat(),
        "heads": [
            {
                "issuer": code,
                "number": head.number,
                "hash": head.hash,
                "recorded_at": head.recorded_at and head.recorded_at.isoformat(),
            }
            for code, head in receipt.heads.items()
        ],
    }
    if key is not None:
        content["signature"] = {"method": METHOD, "value": _signature(content, key)}
    return (json.dumps(content, ensure_ascii=True, indent=2) + "\n").encode()


def _signature(content: Mapping[str, Any], key: bytes) -> str:
    said = {name: value for name, value in content.items() if name != "signature"}
    return hmac.new(key, json.dumps(said, sort_keys=True, separators=(",", ":")).encode(), sha256).hexdigest()


def read_key(path: Path) -> bytes:
    """The key in a file, without the line end that editors add. Raises BadReceipt if it is too short to be one."""
    key = taken_in.content(path, taken_in.SETTINGS).rstrip(b"\r\n")
    if len(key) < SHORTEST_KEY:
        raise BadReceipt(f"{path}: expected a key of at least {SHORTEST_KEY} bytes, got {len(key)}")
    return key


# --- reading --------------------------------------------------------------------------------------------------------


def read(path: Path, key: bytes | None = None) -> Receipt:
    """The receipt in a file. Raises BadReceipt if it is none, or is not signed with the key that is given."""
    found = taken_in.content(path)
    try:
        content = json.loads(found)
        heads = {str(each["issuer"]): _head(each) for each in content["heads"]}
        made_at = _moment(content["made_at"])
        # The heads are by issuer: a database accepts neither a zero byte nor half a character in a code.
        good = content["kind"] == KIND and len(heads) == len(content["heads"]) and all(map(str.isprintable, heads))
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        good = False
    if not good:
        raise BadReceipt(f"{path} is not a head receipt, as captable head makes it")
    if key is not None:
        _check_signature(path, content, key)
    return Receipt(heads, made_at, signed=key is not None)


def _head(content: Mapping[str, Any]) -> Head:
    number, digest, recorded_at = content["number"], content["hash"], content["recorded_at"]
    if type(number) is not int or not 1 <= number <= LAST_NUMBER or len(bytes.fromhex(digest)) != sha256().digest_size:
        raise ValueError("not a head")
    return Head(number, digest, None if recorded_at is None else _moment(recorded_at))


def _moment(stated: str) -> datetime:
    """An instant that every time zone can express. Raises ValueError or OverflowError if it is none."""
    moment = datetime.fromisoformat(stated)
    if moment.tzinfo is None or not FIRST_YEAR <= moment.astimezone(UTC).year <= LAST_YEAR:
        raise ValueError("not an instant of a receipt")
    return moment


def _check_signature(path: Path, content: Mapping[str, Any], key: bytes) -> None:
    signature = content.get("signature")
    if not isinstance(signature, Mapping):
        raise BadReceipt(f"{path} is not signed")
    value = signature.get("value")
    if (
        signature.get("method") != METHOD
        or not isinstance(value, str)
        or not value.isascii()
        or not hmac.compare_digest(value, _signature(content, key))
    ):
        raise BadReceipt(f"{path} was not signed with this key, or was changed since")


# --- comparing ------------------------------------------------------------------------------------------------------


def compared(location: str, receipts: Sequence[Receipt]) -> list[HeadCheck]:
    """What a store says today about the heads of some receipts; of its chain only the hashes that it states are read.

    So the chain is to be verified beside it: a hash that is stated proves something only if it is also recomputed.
    """
    database = open_database(location, create=False, writable=False)
    try:
        with database.reading() as connection:

            def held(issuer: str, number: int) -> str | None:
                found = book_reader.hashes_of(connection, issuer, [number]).get(number)
                return found.hex() if isinstance(found, bytes) else None

            def end(issuer: str) -> int:
                return book_reader.last_known(connection, issuer, None)

            ordered = sorted(receipts, key=lambda receipt: receipt.made_at)
            return [
                HeadCheck(
                    code,
                    head,
                    receipt.made_at,
                    _wrong(code, head, end(code), held(code, head.number), _good(code, held, ordered)),
                )
                for receipt in ordered
                for code, head in receipt.heads.items()
            ]
    finally:
        database.close()


def _good(issuer: str, held: Any, receipts: Iterable[Receipt]) -> list[int]:
    heads = (receipt.heads[issuer] for receipt in receipts if issuer in receipt.heads)
    return [head.number for head in heads if held(issuer, head.number) == head.hash]


def _wrong(issuer: str, head: Head, end: int, digest: str | None, good: Sequence[int]) -> str | None:
    if digest == head.hash:
        return None
    if not end:
        return f"the book of {issuer} is gone: it had {head.number:,} entries"
    if end < head.number:
        lost = f"entry {head.number:,} is" if head.number == end + 1 else f"entries {end + 1:,} to {head.number:,} are"
        return f"the book of {issuer} is cut off: it ends at entry {end:,}, and {lost} gone"
    vouched = max((number for number in good if number < head.number), default=0)
    first = f"after entry {vouched:,}, which is unchanged, and" if vouched else "at some entry"
    return f"the book of {issuer} was rewritten {first} up to entry {head.number:,}, whose hash differs"
