"""Tokens on each engine: kept as hashes, found by their secret, ended by time or by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotFound
from infrastructure import tokens
from infrastructure.opening import open_database

NOW = datetime(2025, 1, 21, tzinfo=UTC)


def test_a_token_is_found_by_its_secret_until_it_ends(place):
    database = open_database(place, create=True, writable=True)
    token, secret = tokens.create(database, "Ms Chan", "read", ["00020", "00388"], NOW, NOW + timedelta(days=1))
    assert tokens.of_secret(database, secret, NOW) == token
    assert token.issuers == ("00020", "00388")
    assert tokens.of_secret(database, secret, NOW + timedelta(days=1)) is None
    assert tokens.revoke(database, token.id, NOW).revoked_at == NOW
    assert tokens.of_secret(database, secret, NOW) is None
    assert [each.id for each in tokens.listed(database)] == [token.id]
    database.close()


def test_two_tokens_of_one_name_have_secrets_of_their_own(place):
    database = open_database(place, create=True, writable=True)
    made = [tokens.create(database, "Ms Chan", "read", [], NOW, NOW + timedelta(days=1)) for _ in range(2)]
    (first, one), (second, other) = made
    assert one != other
    # The id of the first with the secret part of the second is no token.
    mixed = f"captable_{first.id}_{other.split('_', 2)[2]}"
    assert tokens.of_secret(database, mixed, NOW) is None
    assert tokens.of_secret(database, other, NOW) == second
    database.close()


def test_a_token_that_is_not_there_cannot_be_revoked(place):
    database = open_database(place, create=True, writable=True)
    with pytest.raises(NotFound, match="there is no token 12345678; tokens: none"):
        tokens.revoke(database, "12345678", NOW)
    database.close()
