"""`captable can`: a check before the act. It reads the book and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import attrs
import click

from application import ask
from cli import options, output
from cli.errors import EXIT_CODES, FINDINGS
from cli.provenance import MONEY, NO_ADVICE, SHARES, Written, usage_errors
from cli.wiring import book, trading_days
from domain.clearance.clear import NOT_LOOKED_AT
from domain.clearance.clear import clear as ask_whether
from domain.clearance.proposal import BUY_BACK, GRANT, PARTICIPANTS, PLACE, SELL_TREASURY, Answer, ClearanceSheet, Proposal
from domain.law.outcome import NO, NOT_CHECKED, OK
from domain.securities import Money
from infrastructure.readers import values

SIGNS = {OK: "ok", NO: "NO", NOT_CHECKED: "?"}


def _closes(value: str) -> tuple[str, ...]:
    """Closing prices in one option: 1.49,1.50,1.50,1.51,1.50; each may name its currency."""
    return tuple(part.strip() for part in re.split(r"[,;]", value))


CLOSES, DAY, PERCENT = Written(_closes, "prices"), options.Day(), Written(values.decimal, "percent")

Decorator = Callable[[Any], Any]


def _option(*names: str, **settings: Any) -> Decorator:
    return click.option(*names, **settings)


_SHARED: dict[str, Decorator] = {
    "class": _option("--class", "share_class", metavar="CODE", required=True, help="Class of shares.  [required]"),
    "shares": _option("--shares", type=SHARES, metavar="NUMBER", required=True, help="Number of shares.  [required]"),
    "price": _option("--price", type=MONEY, metavar='"HKD 1.62"', help="Price of one share."),
    "closes": _option(
        "--closes", type=CLOSES, metavar="P,P,P,P,P", help="Closing prices of the five trading days before, the oldest first."
    ),
    "close": _option("--close", metavar="P", help="Closing price on the day of the agreement."),
    "on": _option("--on", type=DAY, metavar="DATE", help="Day of the act; today where left out."),
    "mandate": _option("--mandate", metavar="CODE", help="The mandate; the only one in force where left out."),
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
        help="Shares in public hands before the act; as last confirmed otherwise.",
    ),
    "float-percent": _option(
        "--float-percent", type=PERCENT, metavar="PERCENT", help="Prescribed public float; as recorded, or 25, where left out."
    ),
    "calendar": options.calendar,
    "scheme": _option("--scheme", metavar="CODE", required=True, help="Share scheme.  [required]"),
    "class-of-scheme": _option("--class", "share_class", metavar="CODE", help="Class of shares; that of the scheme."),
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
        for option in (
            options.store,
            options.issuer,
            options.as_json,
            options.known_at,
            *(_SHARED[name] for name in reversed(names)),
        ):
            function = option(function)
        return function

    return decorate


@click.group(invoke_without_command=True)
@click.pass_context
def can(ctx: click.Context) -> None:
    """Check an act before it is done: may we, how many, at what price? Nothing is written.

    Each check answers ok, NO, or ? where something is not known; what is not known never passes. Exit code 1 where any says NO.

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
@click.pass_context
def repurchase(ctx: click.Context, /, **given: Any) -> None:
    """Buy shares back: price cap, mandate, blackout, 30 days after a treasury sale, public float.

    \b
    Example:
      captable can repurchase --class B --shares 5000000 --price "HKD 1.62" --closes 1.49,1.50,1.50,1.51,1.50 --on 2024-12-18
    """
    _tell(ctx, BUY_BACK, given)


@can.command(PLACE)
@_with("class", "shares", "price", "closes", "close", "on", "mandate")
@click.pass_context
def place(ctx: click.Context, /, **given: Any) -> None:
    """Agree to issue shares for cash: mandate, discount, 30 days after a purchase, six months after listing.

    \b
    Example:
      captable can place --class B --shares 1865000000 --price "HKD 1.5" --close 1.60 --closes 1.5,1.6,1.6,1.6,1.6 --on 2024-12-11
    """
    _tell(ctx, PLACE, given)


@can.command(SELL_TREASURY)
@_with("class", "shares", "price", "closes", "on", "mandate", "results-on", "deadline")
@click.pass_context
def sell_treasury(ctx: click.Context, /, **given: Any) -> None:
    """Sell treasury shares on the Exchange: how many there are, mandate, discount, 30 days after a purchase, blackout.

    \b
    Example:
      captable can sell-treasury --class B --shares 700,000 --price "HKD 1.58" --closes 1.49,1.50,1.50,1.51,1.50 --on 2024-12-18
    """
    _tell(ctx, SELL_TREASURY, given)


@can.command(GRANT)
@_with("scheme", "class-of-scheme", "shares", "on", "granted-before", "vests-on", "participant")
@click.pass_context
def grant(ctx: click.Context, /, **given: Any) -> None:
    """Grant options or awards under a share scheme: limits, 1 % for one grantee in twelve months, vesting.

    \b
    Example:
      captable can grant --scheme 2022 --shares 1,000,000 --on 2026-01-02 --granted-before 0 --vests-on 2027-01-02 \\
          --participant employee
    """
    _tell(ctx, GRANT, given)


def _tell(ctx: click.Context, kind: str, given: dict[str, Any]) -> None:
    where = {name: given.pop(name) for name in ("store", "issuer", "known_at", "as_json")}
    # Only a purchase counts trading days: those since the listing, for the public float.
    calendar = trading_days(given.pop("calendar")) if "calendar" in given else None
    act = _act(kind, given)
    with book(where["store"], where["issuer"]) as (books, code), usage_errors():
        sheet = ask_whether(ask.opened(books, code, act.on, where["known_at"]), act, None, calendar)
    (_print_json if where["as_json"] else _print)(code, sheet, where["known_at"])
    ctx.exit(EXIT_CODES[FINDINGS] if sheet.forbidden else 0)


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
    except values.Unreadable as error:
        raise click.UsageError(f"--{option}: {error}") from None


# --- the sheet ------------------------------------------------------------------------------------------------------


def _print(code: str, sheet: ClearanceSheet, known_at: datetime | None) -> None:
    act = sheet.proposal
    known = f"as known at {output.moment(known_at)}" if known_at else "as known now"
    what = f"scheme {act.scheme}" if act.kind == GRANT else f"class {act.share_class}"
    at = f" at {act.price}" if act.price else ""
    click.echo(f"{code}: {act.kind} {act.shares:,} of {what}{at} on {output.day(act.on)}, {known}")
    output.table(("",) * 5, [_row(each) for each in sheet.answers])
    for note in sheet.notes:
        click.echo(note)
    click.echo(_count(sheet))
    click.echo(f"Never looked at here: {NOT_LOOKED_AT[act.kind]}.")
    click.echo(NO_ADVICE)


def _row(answer: Answer) -> tuple[str, ...]:
    rule = answer.citation.removeprefix("Main Board Rules ").removeprefix("Main Board Rule ")
    working = f"{answer.working}: not checked" if answer.answer == NOT_CHECKED else answer.working
    return SIGNS[answer.answer], answer.rule, answer.check, working, f"{rule} {answer.confidence}"


def _count(sheet: ClearanceSheet) -> str:
    counts = [(sum(each.answer == kind for each in sheet.answers), words) for kind, words in _WORDS.items()]
    return ", ".join(f"{number} {words}" for number, words in counts) + f" of {len(sheet.answers)} checks."


_WORDS = {NO: "say no", NOT_CHECKED: "not checked", OK: "ok"}


def _print_json(code: str, sheet: ClearanceSheet, known_at: datetime | None) -> None:
    known = known_at.isoformat() if known_at else None
    output.as_json(
        {
            "issuer": code,
            "act": sheet.proposal.kind,
            "known_at": known,
            "given": {
                name: _plain(value)
                for name, value in attrs.asdict(cast("Any", sheet.proposal), recurse=False).items()
                if name != "kind"
            },
            "answers": [attrs.asdict(each) for each in sheet.answers],
            "forbidden": sheet.forbidden,
            "not_checked": sheet.not_checked,
            "notes": list(sheet.notes),
            "never_looked_at": NOT_LOOKED_AT[sheet.proposal.kind],
            "notice": NO_ADVICE,
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Money | Decimal | date) else value
