"""`captable new`: a book for one's own company, begun from the figures of its last return, asked for or given as options."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import click

from cli import options, output
from cli.answers import deliver
from cli.event_options import command_name, words
from cli.recording import draft_of, keep
from cli.wiring import STORE, is_new
from domain import events
from domain.errors import BadInput
from domain.events import Event
from infrastructure.readers import values
from infrastructure.readers.records import Batch
from infrastructure.readers.values import UnreadableValue
from infrastructure.store_url import shown
from infrastructure.whole_file import put

NONE = "none"
NO_AUTHORISED_CAPITAL, REGISTERED = "no", "registered"


@attrs.frozen
class Question:
    """One answer that a new book needs: what is asked, how an answer is read, and what is meant where none is given."""

    name: str
    asks: str
    read: Callable[[str], Any]
    otherwise: str | None = None

    @property
    def flag(self) -> str:
        """The option that answers it."""
        return "--" + self.name.replace("_", "-")


def _or(*others: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    """An answer as `read` reads it, or one of some words."""
    return lambda text: text.lower() if text.lower() in others else read(text)


def _shares(text: str) -> int:
    shares = values.whole(text)
    if shares < 0:
        raise UnreadableValue(f"expected a number of shares, 0 or more, got {text}")
    return shares


def _some(text: str) -> str:
    if not text.strip():
        raise UnreadableValue("expected some text")
    return text.strip()


QUESTIONS = (
    Question("name", "Name of the issuer as the returns print it", _some),
    Question("stock_code", "Stock code, five digits", lambda text: values.stock_code(text.strip())),
    Question("incorporated_in", "Place of incorporation, or none", _some, NONE),
    Question("financial_year_end", "Last day of the financial year (31 December), or none", values.year_day, NONE),
    Question("class_label", "Class of shares as the returns print it", _some, "Ordinary shares"),
    Question("par_value", "Par value of a share (HKD 0.1), or none", _or(NONE, read=lambda text: str(values.money(text)))),
    Question(
        "authorised",
        "Authorised shares; no (Hong Kong company), or registered (PRC company)",
        _or(NONE, NO_AUTHORISED_CAPITAL, REGISTERED, read=_shares),
    ),
    Question("issued", "Issued shares, without treasury shares", _shares),
    Question("treasury", "Treasury shares", _shares, "0"),
    Question("as_at", "At close of which day (the last return's month end)", lambda text: values.day(options.day_itself(text))),
)
SHARE_CLASS = "ordinary"


def _asked(command: Any) -> Any:
    for question in reversed(QUESTIONS):
        otherwise = "" if question.otherwise is None else f"  [default: {question.otherwise}]"
        command = click.option(question.flag, metavar="TEXT", help=f"{question.asks}.{otherwise}")(command)
    return command


@click.command(name="new")
@_asked
@click.option("--class", "share_class", metavar="CODE", default=SHARE_CLASS, show_default=True, help="Code of the class here.")
@options.source("What the figures are copied from.")
@click.option("--yes", is_flag=True, help="Ask nothing, and record what the options say.")
@click.option("--keep", "kept", metavar="FILE", help="Write the facts to a .jsonl file too, for captable record --file.")
@options.by
@options.store
def new(
    share_class: str, source: str | None, kept: str | None, recorded_by: str | None, store: str | None, *, yes: bool, **given: str
) -> None:
    """Begin a book for your own company, from the figures of its last return.

    Asks for what the options leave out, shows the facts that follow, and records them once you agree. --yes asks nothing.
    Who has the last Monthly Return as a file begins with captable start instead.

    \b
    Examples:
      captable new
      captable new --name "Example Lantern Limited" --stock-code 02026 --par-value "HKD 0.1" --authorised 2,000,000,000 \\
          --issued 800,000,000 --as-at "31 Dec 2024" --yes
    """
    if kept is not None and Path(kept).suffix != ".jsonl":
        raise BadInput([f"--keep: expected a file named .jsonl, got {kept}"])
    answers = _answers(given, ask=not yes)
    facts = list(_facts(answers, share_class))
    drafts = [draft_of(kind, dict(written), {"source": source}, recorded_by) for kind, written in facts]
    batch = Batch(tuple(drafts), tuple(f"new: {words(kind)}" for kind, _ in facts), ())
    # What cannot stand is refused before anybody is asked to agree to it.
    deliver(keep(batch, store, None, dry_run=True))
    for kind, written in facts:
        output.say(f"  {words(kind)}: " + ", ".join(f"{name} {_plain(value)}" for name, value in written.items()))
    if not yes and not click.confirm("Record these facts?", err=True):
        output.say("nothing was recorded")
        return
    made = is_new(store)
    deliver(keep(batch, store, None, dry_run=False))
    if kept is not None:
        put(Path(kept), b"".join(_line(kind, written, source) for kind, written in facts))
        output.say(f"facts written to {kept}")
    output.say("\n".join(_next_steps(answers, share_class, store, made=made)))


def _answers(given: Mapping[str, str | None], *, ask: bool) -> dict[str, Any]:
    """What the options say and, where they leave something out, what is answered. Raises BadInput with every problem."""
    read: dict[str, Any] = {}
    problems = []
    for question in QUESTIONS:
        text = given[question.name]
        if text is None and ask:
            continue
        text = question.otherwise if text is None else text
        try:
            read[question.name] = _read(question, text)
        except UnreadableValue as error:
            problems.append(f"{question.flag}: {error}")
    if problems:
        raise BadInput([*problems, "Try captable new -h for help."])
    return {question.name: read[question.name] if question.name in read else _ask(question) for question in QUESTIONS}


def _read(question: Question, text: str | None) -> Any:
    if text is None:
        raise UnreadableValue(f"missing; expected: {question.asks[0].lower()}{question.asks[1:]}")
    return None if question.otherwise == text == NONE else question.read(text)


def _ask(question: Question) -> Any:
    """The answer given on the terminal; what cannot be read is asked for again."""

    def answer(text: str) -> Any:
        try:
            return _read(question, text)
        except UnreadableValue as error:
            raise click.UsageError(str(error)) from None

    return click.prompt(question.asks, default=question.otherwise, value_proc=answer, err=True)


def _facts(answers: Mapping[str, Any], share_class: str) -> Iterator[tuple[type[Event], dict[str, Any]]]:
    """The facts that follow from the answers, each with its fields as they are written."""
    code, day = answers["stock_code"], answers["as_at"].isoformat()
    par_value, authorised = answers["par_value"], answers["authorised"]
    details = {name: answers[name] for name in ("incorporated_in", "financial_year_end") if answers[name] is not None}
    yield events.IssuerRegistered, {"effective_on": day, "issuer": code, "name": answers["name"], **details}
    limited = isinstance(authorised, int)
    yield (
        events.ShareClassCreated,
        {
            "effective_on": day,
            "share_class": share_class,
            "class_label": answers["class_label"],
            **({} if par_value == NONE else {"par_value": par_value}),
            **({} if limited else {"authorised": REGISTERED if authorised == REGISTERED else NO_AUTHORISED_CAPITAL}),
            "listed": "yes",
            "stock_code": code,
        },
    )
    if limited:
        yield events.AuthorisedCapitalIncreased, {"effective_on": day, "share_class": share_class, "shares": authorised}
    balance = {"issued_excluding_treasury": answers["issued"], "treasury": answers["treasury"]}
    yield events.BalanceBroughtForward, {"effective_on": day, "share_class": share_class, **balance}


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _line(kind: type[Event], written: Mapping[str, Any], source: str | None) -> bytes:
    """A fact as a line of a file of facts."""
    beside = {"source": source} if source else {}
    return (json.dumps({"event": kind.__name__, **written, **beside}, ensure_ascii=False) + "\n").encode()


def _next_steps(answers: Mapping[str, Any], share_class: str, store: str | None, *, made: bool) -> Iterator[str]:
    place = store or STORE
    yield f"\n{shown(place)} {'is made' if made else 'has the book'}. Next:"
    at = "" if place == STORE else f" --store {shlex.quote(shown(place))}"
    for line in (
        f"captable balances --as-of {answers['as_at']}{at}",
        f"captable record {command_name(events.MandateGranted)} -h",
        f"captable record {command_name(events.SharesRepurchased)} --class {share_class} -h",
        f"captable due{at}",
    ):
        yield f"  {line}"
