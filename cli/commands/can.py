"""`captable can`: the pre-trade check. It reads the book and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import attrs
import click

from application import ask
from cli import options, output
from cli.answers import Answer, answering, instant
from cli.errors import DONE, FINDINGS, NOT_KNOWN
from cli.layout import TextTable
from cli.provenance import MONEY, SHARES, ValueType, usage_errors
from cli.wiring import book, trading_days
from domain.clearance.clear import NOT_LOOKED_AT
from domain.clearance.clear import clear as ask_whether
from domain.clearance.proposal import BUY_BACK, GRANT, PARTICIPANTS, PLACE, SELL_TREASURY, ClearanceSheet, Proposal
from domain.clearance.proposal import CheckResult as Check
from domain.law.outcome import NO, NOT_CHECKED, OK, SIGNS
from domain.law.rule import NO_ADVICE
from domain.values import Money
from infrastructure.readers import values


def _closes(value: str) -> tuple[str, ...]:
    """Closing prices in one option: 1.49,1.50,1.50,1.51,1.50; each may name its currency."""
    return tuple(part.strip() for part in re.split(r"[,;]", value))


CLOSES, DAY, PERCENT = ValueType(_closes, "prices"), options.Day(), ValueType(values.percent, "percent")

Decorator = Callable[[Any], Any]


def _option(*names: str, **settings: Any) -> Decorator:
    return click.option(*names, **settings)


_SHARED: dict[str, Decorator] = {
    "class": _option("--class", "share_class", metavar="CODE", required=True, help="Class of shares."),
    "shares": _option("--shares", type=SHARES, metavar="NUMBER", required=True, help="Number of shares."),
    "price": _option("--price", type=MONEY, metavar='"HKD 1.62"', help="Price of one share."),
    "closes": _option(
        "--closes", type=CLOSES, metavar="P,P,P,P,P", help="Closing prices of the five trading days before, the oldest first."
    ),
    "close": _option("--close", metavar="P", help="Closing price on the day of the agreement."),
    "on": _option("--on", type=DAY, metavar="DATE", help="Day of the transaction (default: today)."),
    "mandate": _option("--mandate", metavar="CODE", help="The mandate (default: the only one in force)."),
    "results-on": _option(
        "--results-on",
        type=DAY,
        multiple=True,
        metavar="DATE",
        help="Day of the board meeting that approves the next results; may be given several times.",
    ),
    "deadline": _option(
        "--deadline", type=DAY, metavar="DATE", help="Day by which those results are to be published (rule 13.49)."
    ),
    "public-float": _option(
        "--public-float",
        type=SHARES,
        metavar="NUMBER",
        help="Shares in public hands now (default: as last confirmed).",
    ),
    "float-percent": _option(
        "--float-percent", type=PERCENT, metavar="PERCENT", help="Prescribed public float (default: as recorded, or 25)."
    ),
    "calendar": options.calendar,
    "scheme": _option("--scheme", metavar="CODE", required=True, help="Share scheme."),
    "class-of-scheme": _option("--class", "share_class", metavar="CODE", help="Class of shares (default: that of the scheme)."),
    "granted-before": _option(
        "--granted-before", type=SHARES, metavar="NUMBER", help="Shares granted to the grantee in the twelve months before."
    ),
    "vests-on": _option("--vests-on", type=DAY, metavar="DATE", help="First day on which anything vests."),
    "participant": _option(
        "--participant", type=click.Choice(PARTICIPANTS), help="Who the grantee is; a director is an employee participant."
    ),
}


def _with(*names: str) -> Decorator:
    """The options of an act, then those of every command that reads a book."""

    def decorate(function: Any) -> Any:
        shared: tuple[Decorator, ...] = (options.store, options.issuer, answering(), options.known_at)
        for option in (*shared, *(_SHARED[name] for name in reversed(names))):
            function = option(function)
        return function

    return decorate


@click.group(invoke_without_command=True)
@click.pass_context
def can(ctx: click.Context) -> None:
    """Pre-trade check of a proposed transaction: is it allowed, how many shares, at what price? Nothing is written.

    Each check answers ok, NO, or ? if something is not known. The exit code is 0 only if every check passed, 1 if any says NO,
    and 6 if none does but something is not known.

    \b
    Examples:
      captable can repurchase --class B --shares 5000000 --price "HKD 1.62" --closes 1.49,1.50,1.50,1.51,1.50 --on 2024-12-18
      captable can place --class B --shares 1865000000 --price "HKD 1.5" --close 1.60 --closes 1.5,1.6,1.6,1.6,1.6 --on 2024-12-11
      captable can sell-treasury --class B --shares 700,000 --price "HKD 1.58" --closes 1.49,1.50,1.50,1.51,1.50
      captable can grant --scheme 2022 --shares 1,000,000 --granted-before 0 --vests-on 2026-02-01
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@can.command(BUY_BACK)
@_with(
    "class", "shares", "price", "closes", "on", "mandate", "results-on", "deadline", "public-float", "float-percent", "calendar"
)
def repurchase(**given: Any) -> Answer:
    """Buy shares back: price cap, mandate, blackout, 30 days after a treasury sale, public float.

    \b
    Example:
      captable can repurchase --class B --shares 5000000 --price "HKD 1.62" --closes 1.49,1.50,1.50,1.51,1.50 --on 2024-12-18
    """
    return _answer(BUY_BACK, given)


@can.command(PLACE)
@_with("class", "shares", "price", "closes", "close", "on", "mandate")
def place(**given: Any) -> Answer:
    """Agree to issue shares for cash: mandate, discount, 30 days after a purchase, six months after listing.

    \b
    Example:
      captable can place --class B --shares 1865000000 --price "HKD 1.5" --close 1.60 --closes 1.5,1.6,1.6,1.6,1.6 --on 2024-12-11
    """
    return _answer(PLACE, given)


@can.command(SELL_TREASURY)
@_with("class", "shares", "price", "closes", "on", "mandate", "results-on", "deadline", "calendar")
def sell_treasury(**given: Any) -> Answer:
    """Sell treasury shares on the Exchange: how many there are, mandate, discount, 30 days after a purchase, blackout.

    \b
    Example:
      captable can sell-treasury --class B --shares 700,000 --price "HKD 1.58" --closes 1.49,1.50,1.50,1.51,1.50 --on 2024-12-18
    """
    return _answer(SELL_TREASURY, given)


@can.command(GRANT)
@_with("scheme", "class-of-scheme", "shares", "on", "granted-before", "vests-on", "participant")
def grant(**given: Any) -> Answer:
    """Grant options or awards under a share scheme: limits, 1 % for one grantee in twelve months, vesting.

    \b
    Example:
      captable can grant --scheme 2022 --shares 1,000,000 --on 2026-01-02 --granted-before 0 --vests-on 2027-01-02 \\
          --participant employee
    """
    return _answer(GRANT, given)


def _answer(kind: str, given: dict[str, Any]) -> Answer:
    store, issuer, known_at = (given.pop(name) for name in ("store", "issuer", "known_at"))
    calendar = trading_days(given.pop("calendar")) if "calendar" in given else None
    act = _act(kind, given)
    with book(store, issuer) as (books, code), usage_errors():
        sheet = ask_whether(ask.opened(books, code, act.on, known_at), act, None, calendar)
    content = _content(code, sheet, known_at)
    return Answer(
        content=content,
        rows=content["answers"],
        text=lambda: _text(code, sheet, known_at),
        code=FINDINGS if sheet.forbidden else NOT_KNOWN if sheet.not_checked else DONE,
    )


def _act(kind: str, given: dict[str, Any]) -> Proposal:
    with usage_errors():
        prices = {"closes": _prices("closes", given.get("closes") or (), given.get("price"))}
        if given.get("close") is not None:
            prices["close"] = _prices("close", (given["close"],), given.get("price"))[0]
        return Proposal(kind=kind, **{**given, **prices, "on": given["on"] or options.today()})


def _prices(option: str, written: Iterable[str], price: Money | None) -> Any:
    """Prices as written, in the currency of --price where they name none."""
    try:
        return tuple(
            values.money(each if each[:1].isalpha() or price is None else f"{price.currency} {each}") for each in written
        )
    except values.UnreadableValue as error:
        raise click.UsageError(f"--{option}: {error}") from None


# --- the sheet ------------------------------------------------------------------------------------------------------


def _text(code: str, sheet: ClearanceSheet, known_at: datetime | None) -> Iterator[str | TextTable]:
    act = sheet.proposal
    known = f"as known at {output.moment(known_at)}" if known_at else "as known now"
    what = f"scheme {act.scheme}" if act.kind == GRANT else f"class {act.share_class}"
    at = f" at {act.price}" if act.price else ""
    yield f"{code}: {act.kind} {act.shares:,} of {what}{at} on {output.day(act.on)}, {known}"
    yield TextTable(("",) * 5, [_row(each) for each in sheet.answers])
    yield from sheet.notes
    yield _count(sheet)
    yield f"Outside these checks: {NOT_LOOKED_AT[act.kind]}."
    yield NO_ADVICE


def _row(answer: Check) -> tuple[str, ...]:
    rule = answer.citation.removeprefix("Main Board Rules ").removeprefix("Main Board Rule ")
    working = f"{answer.working}: not checked" if answer.answer == NOT_CHECKED else answer.working
    return SIGNS[answer.answer], answer.rule, answer.check, working, f"{rule} {answer.confidence}"


def _count(sheet: ClearanceSheet) -> str:
    counts = [(sum(each.answer == kind for each in sheet.answers), words) for kind, words in _WORDS.items()]
    return f"{len(sheet.answers)} checks: " + ", ".join(f"{number} {words}" for number, words in counts) + "."


_WORDS = {NO: "failed", NOT_CHECKED: "not checked", OK: "passed"}


def _content(code: str, sheet: ClearanceSheet, known_at: datetime | None) -> dict[str, Any]:
    given = attrs.asdict(cast("Any", sheet.proposal), recurse=False)
    return {
        "issuer": code,
        "act": given.pop("kind"),
        "known_at": instant(known_at),
        "given": {name: _plain(value) for name, value in given.items()},
        "answers": [attrs.asdict(each) for each in sheet.answers],
        "forbidden": sheet.forbidden,
        "not_checked": sheet.not_checked,
        "notes": list(sheet.notes),
        "never_looked_at": NOT_LOOKED_AT[sheet.proposal.kind],
        "notice": NO_ADVICE,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Money | Decimal | date) else value
