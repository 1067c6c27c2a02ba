"""The hash chain: each entry's hash covers the hash before it and every column of the entry.

An entry's hash is SHA-256 over three parts, one after the other:

1. the 32 bytes of the previous entry's hash, zeros before the first entry;
2. twelve lengths, one per column in the order of `tables.COLUMNS` without `hash`, each a 32-bit big-endian signed
   integer: the number of bytes the column has in part 3, or -1 where it is null;
3. the columns in the same order: text as UTF-8, numbers as decimal digits, the payload as it is.

The lengths stand first, so no two different rows give the same bytes, and a null differs from an empty text.
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct

GENESIS = bytes(32)
"""The previous hash of the first entry."""

Row = tuple[str, int, str, int, str, bytes, str, str, str, str | None, int | None, str]
"""The columns that the hash covers: issuer, number, stream, version, type, payload, effective_on, recorded_at,
recorded_by, source, replaces, command_id."""

_NULL = -1
_pack = Struct(">12i").pack


def link(previous: bytes, row: Row) -> bytes:
    """The hash of a row that follows a hash.

    Raises TypeError, AttributeError or UnicodeError if a column is not of its type, or is text that UTF-8 lacks.
    """
    # Column by column rather than by type: a blob in place of a text must fail here, not hash as the text would. Spelled
    # out rather than looped over, because every entry that is read passes here and a loop takes longer.
    issuer, number, stream, version, kind, payload, effective_on, recorded_at, recorded_by, source, replaces, command = row
    a, b, c, d, e = issuer.encode(), str(number).encode(), stream.encode(), str(version).encode(), kind.encode()
    f, g, h = effective_on.encode(), recorded_at.encode(), recorded_by.encode()
    i = b"" if source is None else source.encode()
    j = b"" if replaces is None else str(replaces).encode()
    k = command.encode()
    lengths = _pack(
        len(a), len(b), len(c), len(d), len(e), len(payload), len(f), len(g), len(h),
        _NULL if source is None else len(i), _NULL if replaces is None else len(j), len(k),
    )  # fmt: skip
    return sha256(b"".join((previous, lengths, a, b, c, d, e, payload, f, g, h, i, j, k))).digest()
