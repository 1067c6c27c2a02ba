"""`captable help TOPIC`: what holds for every command."""

from __future__ import annotations

import click

from cli.errors import MEANINGS
from cli.main import COMMANDS, cli, no_such

TOPICS: dict[str, str] = {
    "exit-codes": "\n".join(f"{code:>4}  {meaning}" for code, meaning in MEANINGS.items()),
    "dates": (
        "A date is 2024-12-17, 17 Dec 2024 or 17 December 2024, and includes its day: --as-of means at close of it.\n"
        "A moment (--known-at) is a date, at its close, or a time such as 2024-12-17T18:30, in Hong Kong unless it says\n"
        "otherwise."
    ),
    "files": (
        "record --file takes JSON Lines (.jsonl: one object a line) and YAML (.yaml: a list of records), - for standard input.\n"
        "A record names its event and the event's fields; it may also give source, replaces, recorded_by and command_id.\n"
        "captable schema lists every event and field. As JSON Lines:\n\n"
        '  {"event": "PlacingCompleted", "effective_on": "2024-12-17", "share_class": "B", "shares": 1865000000}\n\n'
        "and as YAML, where every value is kept as text, so 00020 keeps its zeros:\n\n"
        "  - event: PlacingCompleted\n"
        "    effective_on: 17 Dec 2024\n"
        "    share_class: B\n"
        "    shares: 1,865,000,000\n"
        "    price: HKD 1.5\n"
        "    source: announcement of 17 December 2024\n\n"
        "Spreadsheets (.csv, .xlsx, .xls) from brokers and trackers need no preparation. Columns are matched by their heads, in\n"
        "English or Chinese, and by their contents. The facts found are shown first; --yes records them and remembers the\n"
        'columns. --map shares="Qty bought" names a column, --set intention=cancellation gives a value to every row, --event\n'
        "shares-repurchased gives the event of every row, and --dates dmy the order of day and month in 17/12/2024.\n"
        "The fills of a day become one fact, with a trade for each method and currency. A settlement date is never used as the\n"
        "trade date, nor an amount with charges as a price. Every unused column is listed with the reason.\n\n"
        "A file may have 256 MiB and a line of JSON a million characters, a sheet 1,048,576 rows and 40 million cells, a\n"
        "published return 20 MB and 500 pages. Of many problems the first hundred are shown, and the rest counted."
    ),
    "terminal": (
        "On a terminal, tables fit the width: long names wrap between words, or move below their row; numbers are never cut.\n"
        "In a pipe or a file each row is one line; COLUMNS=80 sets a width. Late, refused and not known are coloured, on a\n"
        "terminal only; NO_COLOR=1 turns colours off.\n"
        "--format, or the suffix of -o FILE, writes an answer as text, json, csv or xlsx."
    ),
    "calendar": (
        "Deadlines count the Exchange's trading days, from a calendar that comes with this program. List typhoon closures and\n"
        "other late changes in a file, one line a day, and name it with --calendar or CAPTABLE_CALENDAR:\n\n"
        "  2026-09-10 closed: typhoon signal 10\n"
        "  2026-12-24 open\n"
        "  2027-02-05 half day: eve of Lunar New Year\n"
        "  confirmed until 2027-12-31\n\n"
        "A deadline is marked provisional if the Exchange has not published its trading days for that year, and projection if\n"
        "the holidays are computed as well. Before 2014 no holidays are known."
    ),
}


@click.command(name="help")
@click.argument("topic", nargs=-1)
@click.pass_context
def topics(ctx: click.Context, topic: tuple[str, ...]) -> None:
    """What holds for every command: exit-codes, dates, files, terminal, calendar; or the help of a command.

    \b
    Examples:
      captable help exit-codes
      captable help balances
      captable help return monthly
    """
    if not topic:
        click.echo(cli.get_help(ctx.parent or ctx))
    elif topic[0] in TOPICS and len(topic) == 1:
        click.echo(TOPICS[topic[0]])
    elif topic[0] in COMMANDS:
        click.echo(_help_of(ctx, topic))
    else:
        name = " ".join(topic)
        ctx.fail(no_such("topic", name, [*TOPICS, *COMMANDS]) + f" Topics: {', '.join(TOPICS)}.")


def _help_of(ctx: click.Context, names: tuple[str, ...]) -> str:
    """The help of a command, or of one within it: return monthly, record placing-completed."""
    command: click.Command | None = cli
    inner = ctx.parent or ctx
    for name in names:
        command = command.get_command(inner, name) if isinstance(command, click.Group) else None
        if command is None:
            ctx.fail(f"{inner.command_path} has no command {name!r}. Try {inner.command_path} -h.")
        inner = click.Context(command, info_name=name, parent=inner)
    return inner.get_help()
