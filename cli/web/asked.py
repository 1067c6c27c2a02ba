"""What an address asks: the viewpoint and the language, from its query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import attrs
import click

from application.due import at_close
from cli import options
from domain.capital.entries import Viewpoint
from domain.errors import BadInput
from domain.law.business_days import HONG_KONG

ENGLISH, CHINESE = "en", "zh-Hant"
LANGUAGES = (ENGLISH, CHINESE)


class BadQuery(BadInput):
    """A part of the query that cannot be read: `name` is the parameter."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


def parameter(query: Mapping[str, str], name: str, kind: click.ParamType[Any]) -> Any:
    """A parameter as the command line reads the option of the same name; None if it is missing or empty. Raises BadQuery."""
    written = query.get(name, "").strip()
    if not written:
        return None
    try:
        return kind.convert(written, None, None)
    except click.BadParameter as error:
        raise BadQuery(name, error.message) from None


def whole(query: Mapping[str, str], name: str, default: int, largest: int) -> int:
    """A whole number from 1 to `largest`. Raises BadQuery."""
    number: int | None = parameter(query, name, click.IntRange(1, largest))
    return default if number is None else number


@attrs.frozen(kw_only=True)
class Asked:
    """A viewpoint as an address gives it. `as_of` and `known_at` are None if they are left out: today, and now."""

    as_of: date | None = None
    known_at: datetime | None = None
    lang: str = ENGLISH

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From the query of an address. Raises BadQuery."""
        return cls(
            as_of=parameter(query, "as_of", options.Day()),
            known_at=parameter(query, "known_at", options.Moment()),
            lang=parameter(query, "lang", click.Choice(LANGUAGES)) or ENGLISH,
        )

    def viewpoint(self, now: datetime) -> Viewpoint:
        """The viewpoint asked for, with today's date in Hong Kong if none is given."""
        return Viewpoint(self.as_of or now.astimezone(HONG_KONG).date(), self.known_at)

    def instant(self, now: datetime) -> datetime:
        """The instant at which deadlines are looked at: the close of the day asked for, or now."""
        return at_close(self.as_of) if self.as_of else now

    def query(self, **changed: object) -> str:
        """The query of an address with the same viewpoint, some of it changed; empty if nothing is asked for."""
        given = {"as_of": self.as_of, "known_at": self.known_at and written(self.known_at), "lang": self.lang, **changed}
        kept = {name: str(value) for name, value in given.items() if value not in (None, "", ENGLISH)}
        return f"?{urlencode(kept)}" if kept else ""


_END_OF_MINUTE, _END_OF_SECOND = timedelta(seconds=59, microseconds=999_999), timedelta(microseconds=999_999)


def written(moment: datetime) -> str:
    """An instant as it is written in an address: in Hong Kong, to the minute or second if it is the end of one."""
    local = moment.astimezone(HONG_KONG).replace(tzinfo=None)
    for end, unit in ((_END_OF_MINUTE, "minutes"), (_END_OF_SECOND, "seconds")):
        if timedelta(seconds=local.second if unit == "minutes" else 0, microseconds=local.microsecond) == end:
            return (local - end).isoformat(timespec=unit)
    return local.isoformat()
