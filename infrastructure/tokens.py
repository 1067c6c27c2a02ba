"""Tokens: who may ask a server for the books of a store. A secret is shown once and kept nowhere, only its hash is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from domain.errors import NotFound
from infrastructure.connection import Row
from infrastructure.database import Database
from infrastructure.stamps import parsed_stamp, stamp

BYTES = 32
"""How many random bytes a secret has: too many to be guessed, so that a plain hash of it is enough."""
_MARK = "captable"


@attrs.frozen(kw_only=True)
class Token:
    """A token without its secret. `issuers` are the books it is for, empty for all; `scope` says what its holder may do."""

    id: str
    name: str
    scope: str
    issuers: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it has neither expired nor been revoked at an instant."""
        return now < self.expires_at and (self.revoked_at is None or now < self.revoked_at)


def create(
    database: Database, name: str, scope: str, issuers: Iterable[str], now: datetime, expires_at: datetime
) -> tuple[Token, str]:
    """A new token, and its secret, which cannot be had again."""
    token = Token(id=secrets.token_hex(4), name=name, scope=scope, issuers=tuple(issuers), created_at=now, expires_at=expires_at)
    secret = f"{_MARK}_{token.id}_{secrets.token_urlsafe(BYTES)}"
    with database.writing() as connection:
        connection.do(
            "INSERT INTO tokens (id, name, scope, issuers, created_at, expires_at, digest) "
            "VALUES (:id, :name, :scope, :issuers, :created_at, :expires_at, :digest)",
            id=token.id,
            name=name,
            scope=scope,
            issuers=" ".join(token.issuers),
            created_at=stamp(now),
            expires_at=stamp(expires_at),
            digest=_digest(secret),
        )
    return token, secret


def listed(database: Database) -> list[Token]:
    """Every token, the oldest first."""
    with database.reading() as connection:
        return [_token(row) for row in connection.rows(f"SELECT {_COLUMNS} FROM tokens ORDER BY created_at, id")]  # noqa: S608


def revoke(database: Database, token_id: str, now: datetime) -> Token:
    """End a token now; one that was revoked before stays so from then on. Raises NotFound."""
    found = _found(database, token_id)
    if found is None:
        known = ", ".join(each.id for each in listed(database)) or "none"
        raise NotFound(f"there is no token {token_id}; tokens: {known}")
    if found[0].revoked_at is not None:
        return found[0]
    with database.writing() as connection:
        connection.do("UPDATE tokens SET revoked_at = :now WHERE id = :id", id=token_id, now=stamp(now))
    return attrs.evolve(found[0], revoked_at=now)


def of_secret(database: Database, secret: str, now: datetime) -> Token | None:
    """The token of a secret, if it is good at an instant; otherwise None."""
    _, _, rest = secret.partition("_")
    found = _found(database, rest.partition("_")[0])
    # Compared in constant time, and also where there is no such token: how long it takes says nothing of either.
    kept = found[1] if found else "0" * 64
    same = hmac.compare_digest(_digest(secret), kept)
    return found[0] if found and same and found[0].is_good(now) else None


_COLUMNS = "id, name, scope, issuers, created_at, expires_at, revoked_at, digest"


def _found(database: Database, token_id: str) -> tuple[Token, str] | None:
    with database.reading() as connection:
        rows: Sequence[Row] = connection.rows(f"SELECT {_COLUMNS} FROM tokens WHERE id = :id", id=token_id)  # noqa: S608
    return (_token(rows[0]), rows[0][-1]) if rows else None


def _token(row: Row) -> Token:
    token_id, name, scope, issuers, created_at, expires_at, revoked_at, _ = row
    return Token(
        id=token_id,
        name=name,
        scope=scope,
        issuers=tuple(issuers.split()),
        created_at=parsed_stamp(created_at),
        expires_at=parsed_stamp(expires_at),
        revoked_at=parsed_stamp(revoked_at) if revoked_at else None,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
