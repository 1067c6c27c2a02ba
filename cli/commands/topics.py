"""`captable help TOPIC`: what holds for every command."""

from __future__ import annotations

import click

from cli.errors import EXIT_CODES, MEANINGS

TOPICS: dict[str, str] = {
    "exit-codes": "\n".join(f"{EXIT_CODES[word]:>4}  {MEANINGS[word]}" for word in EXIT_CODES),
    "dates": (
        "A date is 2024-12-17, 17 Dec 2024 or 17 December 2024, and includes its day: --as-of means at close of it.\n"
        "A moment (--known-at) is a date, at its close, or a time such as 2024-12-17T18:30, in Hong Kong unless it says otherwise."
    ),
    "files": (
        "record --file takes JSON Lines (.jsonl: one object a line) and YAML (.yaml: a list of records).\n"
        "A record names its event and the event's fields: {\"event\": \"PlacingCompleted\", \"effective_on\": \"2024-12-17\", ...}\n"
        "beside them may stand source, replaces, recorded_by and command_id. captable schema lists every event and field."
    ),
}


@click.command(name="help")
@click.argument("topic", type=click.Choice(list(TOPICS)), required=False)
@click.pass_context
def topics(ctx: click.Context, topic: str | None) -> None:
    """What holds for every command: exit-codes, dates, files."""
    click.echo(TOPICS[topic] if topic else ctx.parent.get_help() if ctx.parent else "")
