"""`captable`: the lazily loading group of commands, and how every command ends."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from cli.colours import coloured, shows_colours
from cli.errors import BAD_INPUT, INTERRUPTED, REFUSED, exit_code_of, explained
from cli.session import Clock, Session, failure, lost, system_clock, unfailing

# Commands by the job they do: name, module and attribute, one line of help. Help and completion are answered from here,
# so that neither imports what a command needs.
JOBS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {
        "demo": ("cli.commands.demo:demo", "Create a store with a real issuer's history, 2021 to 2024."),
        "new": ("cli.commands.new:new", "Begin a book for your own company: asks, shows, records."),
        "start": ("cli.commands.take_in:start_book", "Begin a book from published returns."),
    },
    "Record": {
        "record": ("cli.commands.record:record", "Record facts: one by its options, or many from a file."),
        "take-in": ("cli.commands.take_in:take_in_returns", "Take later published returns into a book."),
        "correct": ("cli.commands.correct:correct", "Correct an entry; the original is kept."),
        "release": ("cli.commands.release:release", "Release entries that another person recorded."),
        "waiting": ("cli.commands.release:waiting", "Entries that wait for release by another person."),
        "withdraw": ("cli.commands.correct:withdraw", "Withdraw an entry; it is kept in the history."),
        "meeting": ("cli.commands.meeting:meeting", "Poll results of a general meeting: table, check, record."),
        "file": ("cli.commands.filings:file", "Record that a return was submitted, with its digest."),
    },
    "See": {
        "balances": ("cli.commands.balances:balances", "Authorised, issued and treasury shares at any date."),
        "return": ("cli.commands.returns:returns", "Prepare a Monthly Return or a Next Day Disclosure Return."),
        "mandates": ("cli.commands.mandates:mandates", "Mandates: limit, used, reserved, left, and when they end."),
        "wvr": ("cli.commands.wvr:wvr", "Weighted voting rights: votes, tests, conversions."),
        "filings": ("cli.commands.filings:register", "The filing register: as filed, and what would differ now."),
        "issuers": ("cli.commands.returns_run:issuers", "List the issuers of a store."),
        "returns-run": ("cli.commands.returns_run:returns_run", "Prepare the Monthly Returns of all issuers of a store."),
        "annual": ("cli.commands.annual:annual", "The annual report's tables: movements, and purchases by month."),
        "series": ("cli.commands.series:series", "Issued, treasury and pending shares day by day."),
        "chart": ("cli.commands.chart:chart", "Draw issued and treasury shares over time: blocks, or SVG."),
        "serve": ("cli.commands.serve:serve", "Show the books in a browser; an API for programs."),
        "mcp": ("cli.commands.mcp:mcp", "Serve tools that read and propose (Model Context Protocol)."),
        "history": ("cli.commands.audit:history", "List the entries in the order of recording."),
        "show": ("cli.commands.audit:show", "Show one entry, its fields, movements and source."),
    },
    "Watch": {
        "can": ("cli.commands.can:can", "Pre-trade check: repurchase, place, sell-treasury, grant."),
        "tonight": (
            "cli.commands.tonight:tonight",
            "One page for the evening: what is due at 08:30, the draft, the limits.",
        ),
        "due": ("cli.commands.due:due", "Filing deadlines and status."),
        "offering": ("cli.commands.offering:offering", "A global offering: amounts payable, clawback, tranches, its facts."),
        "check": ("cli.commands.check:check", "Breaches and inconsistencies."),
        "reconcile": ("cli.commands.reconcile:reconcile", "Compare published returns with the book, or check them alone."),
        "rule": ("cli.commands.rule:rule", "What a rule says, how sure we are, and how to clear a finding."),
    },
    "Check and share": {
        "head": ("cli.commands.assurance:head", "Save a receipt of each book's latest hash."),
        "backup": ("cli.commands.assurance:backup", "Copy the store while it is in use, verified."),
        "restore": ("cli.commands.assurance:restore", "Restore a verified backup."),
        "doctor": ("cli.commands.assurance:doctor", "Check this installation and the store; suggest repairs."),
        "verify": ("cli.commands.assurance:verify", "Recompute the hash chain of the store."),
        "query": ("cli.commands.query:query", "Run a read-only SQL query."),
        "rebuild": ("cli.commands.query:rebuild", "Rebuild derived tables."),
        "admin": ("cli.commands.admin:admin", "Make a store on a server, and upgrade one."),
        "export": ("cli.commands.audit:export", "Write a book as JSON Lines, or tables for other programs."),
        "schema": ("cli.commands.schema:schema", "Print the JSON Schema of the events."),
        "man": ("cli.commands.man:man", "Write the help as man pages."),
        "completion": ("cli.commands.completion:completion", "Let bash, zsh or fish complete commands, codes and numbers."),
        "help": ("cli.commands.topics:topics", "Explain exit-codes, dates, files, terminal or calendar; or a command."),
    },
}
COMMANDS: dict[str, tuple[str, str]] = {name: row for job in JOBS.values() for name, row in job.items()}


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and answers help and completion without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands by job, from the table."""
        for job, commands in JOBS.items():
            with formatter.section(job):
                formatter.write_dl([(name, line) for name, (_, line) in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete the name of a command from the table."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=line) for name, (_, line) in COMMANDS.items() if name.startswith(incomplete)]
        return names or super().shell_complete(ctx, incomplete)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command called, or an error with the nearest name."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(no_command(args[0]))
        return super().resolve_command(ctx, args)


MEANT: dict[str, tuple[str, ...]] = {
    "record": ("add", "enter", "insert", "log", "post"),
    "correct": ("amend", "change", "edit", "fix", "update"),
    "withdraw": ("cancel", "delete", "remove", "reverse", "rm", "undo"),
    "history": ("audit", "events", "list", "ls", "entries", "journal"),
    "balances": ("balance", "position", "status", "shares", "capital"),
    "new": ("begin", "create", "init", "open", "register", "setup"),
    "demo": ("example", "sample", "try"),
    "return": ("ff301", "ff304", "ff305", "monthly", "nddr", "next-day", "prepare", "print", "report"),
    "file": ("submit", "submitted"),
    "due": ("calendar", "deadline", "deadlines", "overdue", "todo"),
    "check": ("findings", "lint", "validate"),
    "can": ("pre-clear", "preclear", "may", "allowed"),
    "mandates": ("headroom", "mandate"),
    "record --file": ("import", "load", "read"),
    "export": ("dump", "save"),
    "query": ("select", "sql"),
    "serve": ("browser", "gui", "ui", "web"),
    "help": ("docs", "man", "topics"),
}
"""What people type, and the command that does it."""


def no_command(name: str) -> str:
    """What to say of a command that there is none of: what does it, a kind of fact to record, or the nearest name."""
    meant = next((command for command, typed in MEANT.items() if name.lower() in typed), None)
    if meant is None and not _near(name, COMMANDS, cutoff=0.7):
        # Read only when neither is near: help, completion and mistyped commands go without the vocabulary.
        from cli.event_options import fact_meant

        known = fact_meant(name)
        meant = known and f"record {known}"
    return f"there is no command {name!r}. Did you mean captable {meant}?" if meant else no_such("command", name, COMMANDS)


def _near(name: str, known: Sequence[str] | dict[str, Any], cutoff: float) -> list[str]:
    import difflib

    return difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)


def no_such(kind: str, name: str, known: Sequence[str] | dict[str, Any]) -> str:
    """What to say of a name that is none, with the nearest one that is."""
    near = _near(name, known, cutoff=0.5)
    return f"there is no {kind} {name!r}." + (f" Did you mean {near[0]}?" if near else "")


OPTION_NAMES = {"share-class": "class", "effective-on": "on", "recorded-by": "by"}
"""Fields as files call them, and the options that they are on the command line."""


def option_name(name: str) -> str:
    """An option in the spelling of help: --share-class and --share_class are --class, --as_of is --as-of."""
    plain = name.replace("_", "-")
    return OPTION_NAMES.get(plain, plain)


SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110, "token_normalize_func": option_name}


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings=SETTINGS)
@click.version_option(package_name="captable", prog_name="captable")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The share capital of a Hong Kong-listed issuer: record facts, ask about any date, print the returns.

    \b
    Examples:
      captable demo                                   a real issuer's history, ready to ask
      captable balances --as-of "17 Dec 2024"         at close of that day
      captable return next-day --on 2024-12-17 --explain
      captable record placing-completed -h            every kind of fact has its options
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


COMPLETING = "_CAPTABLE_COMPLETE"
"""The environment variable by which a shell asks what completes a line."""


def main(arguments: Sequence[str] | None = None, clock: Clock = system_clock) -> None:
    """Run a command line by a clock and exit with its code; an error is reported in a sentence, never as a traceback."""
    session = Session(clock)
    try:
        # A command lives for seconds and keeps what it reads: looking for cycles among entries takes long and finds none.
        gc.set_threshold(500_000, 20, 100)
        sys.stdout, sys.stderr = unfailing(sys.stdout, 1), unfailing(sys.stderr, 2)
        if COMPLETING in os.environ:
            importlib.import_module("cli.completing")
        code = _run(arguments, session)
        if error := lost(sys.stdout):
            _say(f"captable: standard output cannot be written: {error.strerror}", session.done)
            code = code or (0 if session.done else BAD_INPUT)
        failure(sys.stderr)
    except KeyboardInterrupt:
        # Ctrl-C in the first moment, while the end is reported, or once more.
        _say("interrupted; the store is intact", session.done)
        code = INTERRUPTED
    sys.exit(code)


def _run(arguments: Sequence[str] | None, session: Session) -> int:
    try:
        code = cli.main(args=arguments, prog_name="captable", standalone_mode=False, obj=session)
    except SystemExit:
        # Completion ends here.
        return 0
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted; the store is intact", session.done)
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("CAPTABLE_DEBUG"):
            raise
        _say(*explained(error), session.done)
        # What is recorded is not denied: only damage, and doubt, may follow it.
        code = exit_code_of(error)
        return 0 if session.done and code in (BAD_INPUT, REFUSED) else code
    return code if isinstance(code, int) else 0


def _say(*lines: str | None) -> None:
    colours = shows_colours(sys.stderr)
    for line in filter(None, lines):
        click.echo(coloured(line) if colours else line, err=True)
