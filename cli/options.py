"""The options that mean the same in every command, and the types of what they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import click

from cli.session import clock_in_use
from domain.law.business_days import HONG_KONG

NEW_SUBMISSION, RESUBMISSION = "New Submission", "Resubmission"
"""As `domain.returns.filings` has them, which help need not import."""
DAYS_FROM_TODAY = {"today": 0, "yesterday": -1}
"""Days that are named by where they stand to today. A file names its days themselves: it may be recorded later."""


def day_itself(value: Any) -> Any:
    """The day that `today` and `yesterday` are, in Hong Kong; anything else as it is written."""
    days = DAYS_FROM_TODAY.get(value.strip().lower()) if isinstance(value, str) else None
    return value if days is None else today() + timedelta(days=days)


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day: 2024-12-17, 17 Dec 2024, 17-Dec-2024, today."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day written, or a usage error."""
        from infrastructure.readers.values import UnreadableValue, day

        try:
            return day(day_itself(value))
        except UnreadableValue as error:
            self.fail(str(error), param, ctx)


class Moment(click.ParamType):  # type: ignore[type-arg]
    """An instant: a day (at its close in Hong Kong), or a date and time, in Hong Kong unless it says otherwise.

    A time given to the minute or second means its end, as a day means its close.
    """

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant written, or a usage error."""
        if isinstance(value, datetime):
            return value
        from infrastructure.readers.notation import suggested_days
        from infrastructure.readers.values import UnreadableValue, day, quoted

        try:
            return datetime.combine(day(day_itself(value)), time.max, HONG_KONG)
        except UnreadableValue:
            pass
        text = _in_iso_form(value)
        try:
            written = datetime.fromisoformat(text)
            # fromisoformat takes shorter forms too, of which one cannot say whether a day or its first instant is meant.
            day(written.date() if ":" in text else text)
        except ValueError:
            meant = " or ".join(suggested_days(value))
            near = f". Did you mean {meant}?" if meant else ""
            self.fail(f"expected a date or a time such as 2024-12-17 or 2024-12-17T18:30, got {quoted(value)}{near}", param, ctx)
        return _at_its_end(text, written if written.tzinfo else written.replace(tzinfo=HONG_KONG))


_TIME = re.compile(r"[T ][0-9]{2}:[0-9]{2}(?P<second>:[0-9]{2})?(?P<fraction>[.,][0-9]+)?")
_DAY_AND_TIME = re.compile(r"(?P<day>.+?),? (?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?: HKT)?")


def _in_iso_form(text: str) -> str:
    """A day and a time as people write them, 17 Dec 2024 18:30 HKT, as 2024-12-17T18:30; other text as it is."""
    from infrastructure.readers.notation import day_of

    found = _DAY_AND_TIME.fullmatch(" ".join(text.split()))
    day = found and (day_itself(found["day"]) if found["day"].lower() in DAYS_FROM_TODAY else day_of(found["day"]))
    return f"{day}T{found['time']}" if found and day else text


def _at_its_end(text: str, written: datetime) -> datetime:
    """A time given to the minute or second means the end of it, so that what was recorded within it is known."""
    match = _TIME.search(text)
    if match is None or match["fraction"]:
        return written
    return written.replace(second=written.second if match["second"] else 59, microsecond=999_999)


class TimeOfDay(click.ParamType):  # type: ignore[type-arg]
    """A time of a day to the minute: 17:45, 9:05."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The time written, with two digits for each part, or a usage error."""
        from infrastructure.readers.values import quoted

        try:
            return f"{datetime.strptime(value.strip(), '%H:%M'):%H:%M}"
        except ValueError:
            self.fail(f"expected a time of 24 hours such as 17:45, got {quoted(value)}", param, ctx)


class Month(click.ParamType):  # type: ignore[type-arg]
    """A month: 2024-12, Dec 2024 or December 2024."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Year and month, or a usage error."""
        if isinstance(value, tuple):
            return value
        from infrastructure.readers.notation import month_of
        from infrastructure.readers.values import UnreadableValue, day, quoted

        try:
            first = day(month_of(value))
        except UnreadableValue:
            self.fail(f"expected a month such as 2024-12 or Dec 2024, got {quoted(value)}", param, ctx)
        return first.year, first.month


Decorator = Callable[[Any], Any]

READ_STORE = "captable.read-store"
"""Under which name a command keeps the replica that it reads."""


def _keep_read_store(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[READ_STORE] = value


_store = click.option(
    "--store",
    envvar="CAPTABLE_STORE",
    metavar="PATH-OR-URL",
    help="Path or URL of the store (default: CAPTABLE_STORE, or captable.db in this folder).",
)
_read_store = click.option(
    "--read-store",
    envvar="CAPTABLE_READ_STORE",
    metavar="URL",
    expose_value=False,
    callback=_keep_read_store,
    help="A replica for commands that only read.",
)


Command = TypeVar("Command", bound=Callable[..., Any] | click.Command)


def store(command: Command) -> Command:
    """The store, and the replica that is read in its place."""
    return _store(_read_store(command))


entry = click.argument("number", type=int, metavar="ENTRY")
share_class = click.option("--class", "share_class", metavar="CODE", help="Only this class.")
issuer = click.option("--issuer", metavar="CODE", help="Issuer; required if the store holds several.")


class BookAt(NamedTuple):
    """Which book is meant: the store that holds it, and its issuer. None is the store of this folder, and its only issuer."""

    store: str | None
    issuer: str | None


def of_a_book(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which issuer is meant, and which store holds its book; the command gets both as `at`."""

    @wraps(command)
    def run(*arguments: Any, issuer: str | None, store: str | None, **given: Any) -> Any:
        return command(*arguments, at=BookAt(store, issuer), **given)

    return issuer(store(run))


as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
as_csv = click.option("--csv", "as_csv", is_flag=True, help="The same as --format csv.")


def say_ahead(_: click.Context, __: click.Parameter, value: date | None) -> date | None:
    """The day asked about. If it is ahead, a message says so."""
    if value is not None and value > today():
        from cli.output import day, say

        say(f"{day(value)} is ahead: the answer assumes that nothing happens after today, {day(today())}")
    return value


as_of = click.option("--as-of", type=Day(), callback=say_ahead, help="At close of this day (default: today).")


def _say_not_yet(_: click.Context, __: click.Parameter, value: datetime | None) -> datetime | None:
    if value is not None and (until := value.astimezone(HONG_KONG).date()) > today():
        from cli.output import day, say

        say(f"{day(until)} is ahead: the answer uses what is recorded now, and may be another one then")
    return value


known_at = click.option(
    "--known-at", type=Moment(), callback=_say_not_yet, help="Using only entries recorded by then (default: now)."
)
dry_run = click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
ACCEPTED_CLOCK = "captable.accepted-clock"
"""Under which name a command keeps the reason for which the clock is accepted."""


def _keep_reason(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        from infrastructure.readers.records import envelope

        for _, message in envelope({"source": value})[1]:
            raise click.BadParameter(str(message), ctx, parameter)
        ctx.meta[ACCEPTED_CLOCK] = value


_accept_clock = click.option(
    "--accept-clock",
    metavar="REASON",
    expose_value=False,
    callback=_keep_reason,
    help="Why the clock is right although the last entry has a later time; kept in the entry.",
)
_by = click.option("--by", "recorded_by", envvar="CAPTABLE_BY", metavar="NAME", help="Who records it (default: login name).")
calendar = click.option(
    "--calendar",
    envvar="CAPTABLE_CALENDAR",
    metavar="FILE",
    help="Changes to the trading calendar (captable help calendar).",
)


def by(command: Command) -> Command:
    """Who records, and by which clock."""
    return _by(_accept_clock(command))


_AGAIN = "captable.resubmission"


def _keep_again(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    ctx.meta[_AGAIN] = value


def _or_again(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    # What is given is read before what is left out.
    return value or (RESUBMISSION if ctx.meta.get(_AGAIN) else None)


_status = click.option(
    "--status",
    type=click.Choice((NEW_SUBMISSION, RESUBMISSION), case_sensitive=False),
    callback=_or_again,
    help="Status printed on the form (default: New Submission for changes that are in no return, Resubmission if figures of a "
    "filed return changed).",
)
_resubmission = click.option(
    "--resubmission", is_flag=True, expose_value=False, callback=_keep_again, help="The same as --status Resubmission."
)


def status(command: Command) -> Command:
    """Whether a return is submitted for the first time or once more, to take the place of one filed."""
    return _status(_resubmission(command))


_output = click.option("-o", "--output", "path", metavar="FILE", help="Write to this file; - is standard output.")
OVERWRITE = "captable.overwrite"
"""Under which name a command keeps that it may replace a file of other content."""


def _keep_overwrite(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    ctx.meta[OVERWRITE] = value


overwrite = click.option(
    "--overwrite", is_flag=True, expose_value=False, callback=_keep_overwrite, help="Replace an existing file."
)


def output(command: Command) -> Command:
    """Where the result goes, and that it may take the place of another."""
    return _output(overwrite(command))


def source(meaning: str) -> Decorator:
    """Where what is recorded is known from; `meaning` says it of this command."""
    return click.option("--source", metavar="TEXT", help=meaning)


def submitted_on(otherwise: str = "default: today") -> Decorator:
    """The day of submission; `otherwise` says which day it is if left out."""
    return click.option("--submitted-on", type=Day(), help=f"Day of submission, which chooses the form ({otherwise}).")


def rendering(formats: Collection[str], otherwise: str) -> Decorator:
    """The format of a document: the one named, or that of the suffix of the file it is written to."""
    meant = f"Format (default: the suffix of -o FILE, or {otherwise})."
    return click.option("--format", "fmt", type=click.Choice(list(formats)), help=meant)


dates = click.option(
    "--dates", "order", type=click.Choice(("dmy", "mdy", "ymd")), help="How the days are written: 17/12/2024 is dmy."
)


def today() -> date:
    """The day it is in Hong Kong."""
    return clock_in_use()().astimezone(HONG_KONG).date()
