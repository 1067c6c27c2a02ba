"""`captable new`: a book for one's own company, begun from the figures of its last return, asked for or given as options."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from cli import options, output
from cli.answers import JSON, TEXT, deliver
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


def _day(text: str) -> date:
    return values.day(options.day_itself(text))


def _code(text: str) -> str:
    return values.stock_code(text.strip())


ISSUER = (
    Question("name", "Name of the issuer as the returns print it", _some),
    Question("stock_code", "Stock code, five digits", _code),
    Question("incorporated_in", "Place of incorporation, or none", _some, NONE),
    Question("financial_year_end", "Last day of the financial year (31 December), or none", values.year_day, NONE),
    Question("as_at", "At close of which day (the last return's month end)", _day),
)
CLASS_CODE = Question("class_code", "Code of the class in this book", _some, "ordinary")
ANOTHER = Question("class_code", "Code of another class, or none", _some, NONE)
CLASS = (
    Question("class_label", "Class of shares as the returns print it", _some, "Ordinary shares"),
    Question("type_label", "Type of shares as the returns print it (A, B, H), or none", _some, NONE),
    Question("votes", "Votes of one share", _shares, "1"),
    Question("par_value", "Par value of a share (HKD 0.1), or none", _or(NONE, read=lambda text: str(values.money(text)))),
)
OF_ONE_CLASS = (
    Question(
        "authorised",
        "Authorised shares; no (Hong Kong company), or registered (PRC company)",
        _or(NONE, NO_AUTHORISED_CAPITAL, REGISTERED, read=_shares),
    ),
    Question("issued", "Issued shares, without treasury shares", _shares),
    Question("treasury", "Treasury shares", _shares, "0"),
)
FURTHER_CODE = Question("class_stock_code", "Stock code of this class, or none if it is not listed", _code, NONE)
USUAL = {"repurchase": "10", "issue": "20"}
"""The general mandates, by what they allow, with the percentage that most of them have (rules 10.06(1)(c) and 13.36(2)(b))."""
MANDATES = {
    purpose: (
        Question(f"{purpose}_mandate", f"Day on which the mandate to {purpose} shares was granted, or none", _day, NONE),
        Question(f"{purpose}_percent", "Percentage of the issued shares that it allows", values.percent, percent),
        Question(f"{purpose}_base", "Issued shares, without treasury shares, on that day", _shares),
        Question(f"{purpose}_used", "Shares of it used until the day of the figures", _shares),
    )
    for purpose, percent in USUAL.items()
}
ONCE = (*ISSUER, *(question for questions in MANDATES.values() for question in questions))
FOR_EACH_CLASS = (*CLASS, *OF_ONE_CLASS)


def _asked(command: Any) -> Any:
    for question in reversed((*ONCE[: len(ISSUER)], CLASS_CODE, *FOR_EACH_CLASS, FURTHER_CODE, *ONCE[len(ISSUER) :])):
        otherwise = "" if question.otherwise is None else f"  [default: {question.otherwise}]"
        several = question not in ONCE
        names = ["--class", question.name] if question is CLASS_CODE else [question.flag]
        command = click.option(*names, metavar="TEXT", multiple=several, help=f"{question.asks}.{otherwise}")(command)
    return command


@click.command(name="new")
@_asked
@options.source("Source of the figures.")
@click.option("--yes", is_flag=True, help="Ask nothing, and record what the options say.")
@click.option("--keep", "kept", metavar="FILE", help="Write the facts to a .jsonl file too, for captable record --file.")
@options.as_json
@options.by
@options.store
def new(
    source: str | None, kept: str | None, recorded_by: str | None, store: str | None, *, yes: bool, as_json: bool, **given: Any
) -> None:
    """Begin a book for your own company, from the figures of its last return.

    Asks for what the options leave out, shows the facts that follow, and records them once you agree. --yes and --json ask
    nothing; --json without --yes shows what would be recorded.
    With several classes give --class for each, and --issued and the like as often, in the same order.
    If you have the last Monthly Return as a file, use captable start instead.

    \b
    Examples:
      captable new
      captable new --name "Example Lantern Limited" --stock-code 02026 --par-value "HKD 0.1" --authorised 2,000,000,000 \\
          --issued 800,000,000 --as-at "31 Dec 2024" --yes
    """
    if kept is not None and Path(kept).suffix != ".jsonl":
        raise BadInput([f"--keep: expected a file named .jsonl, got {kept}"])
    asks = not yes and not as_json
    book = _book_begun(given, ask=asks)
    facts = list(_facts(book))
    drafts = [draft_of(kind, dict(written), {"source": source}, recorded_by) for kind, written in facts]
    batch = Batch(tuple(drafts), tuple(f"new: {words(kind)}" for kind, _ in facts), ())
    if as_json and not yes:
        deliver(keep(batch, store, None, dry_run=True), JSON)
        return
    if not as_json and not _agreed(batch, facts, store, ask=asks):
        output.say("nothing was recorded")
        return
    made = is_new(store)
    deliver(keep(batch, store, None, dry_run=False), JSON if as_json else TEXT)
    if kept is not None:
        put(Path(kept), b"".join(_line(kind, written, source) for kind, written in facts))
        output.say(f"facts written to {kept}")
    if not as_json:
        output.say("\n".join(_next_steps(book, store, made=made)))


Fact = tuple[type[Event], Mapping[str, Any]]


def _agreed(batch: Batch, facts: Sequence[Fact], store: str | None, *, ask: bool) -> bool:
    """Show what would be recorded, and ask. What cannot stand is refused before anybody is asked to agree to it."""
    deliver(keep(batch, store, None, dry_run=True))
    for kind, written in facts:
        output.say(f"  {words(kind)}: " + ", ".join(f"{name} {_plain(value)}" for name, value in written.items()))
    return not ask or click.confirm("Record these facts?", err=True)


# --- The answers --------------------------------------------------------------------------------------------------------

Answers = Mapping[str, Any]


@attrs.frozen
class NewBook:
    """The answers that a book begins with: of the issuer, of its classes by code, of its mandates by purpose."""

    issuer: Answers
    classes: Mapping[str, Answers]
    mandates: Mapping[str, Answers]


def _book_begun(given: Mapping[str, Any], *, ask: bool) -> NewBook:
    """What the options say and, where they leave something out, what is answered. Raises BadInput with every problem."""
    codes: tuple[str, ...] = given[CLASS_CODE.name] or (() if ask else (str(CLASS_CODE.otherwise),))
    interview = Interview(ask)
    interview.check(given, codes)
    issuer = interview.answers(ISSUER, given)
    classes, unlisted = {}, True
    for at, code in enumerate(interview.codes(codes)):
        own = {question.name: _of(given[question.name], at) for question in (*FOR_EACH_CLASS, FURTHER_CODE)}
        classes[code] = interview.answers(FOR_EACH_CLASS, own)
        # The issuer's stock code is that of the only class, or of the first with one vote a share, unless something else is
        # said: shares with weighted votes are not listed (rule 8A.08).
        if unlisted and own[FURTHER_CODE.name] is None and (classes[code]["votes"] == 1 or len(codes) == 1):
            classes[code][FURTHER_CODE.name], unlisted = issuer["stock_code"], False
        else:
            classes[code] |= interview.answers((FURTHER_CODE,), own)
    mandates = {}
    for purpose, (granted, *others) in MANDATES.items():
        if (day := interview.answer(granted, given[granted.name])) is not None:
            mandates[purpose] = {granted.name: day, **interview.answers(others, given)}
    if interview.problems:
        raise BadInput([*dict.fromkeys(interview.problems), "Try captable new -h for help."])
    return NewBook(issuer, classes, mandates)


def _of(said: Sequence[str], at: int) -> str | None:
    """The answer for one of several classes: its own, or the one of all."""
    return (said[at] if at < len(said) else said[0] if len(said) == 1 else None) if said else None


@attrs.define
class Interview:
    """Reads what is given, and asks for the rest on the terminal, or takes what is usual."""

    ask: bool
    problems: list[str] = attrs.field(factory=list)

    def answers(self, questions: Iterable[Question], given: Mapping[str, Any]) -> dict[str, Any]:
        """The answers by name."""
        return {question.name: self.answer(question, given[question.name]) for question in questions}

    def answer(self, question: Question, text: str | None) -> Any:
        """One answer; None if there is none, which is a problem where nothing is usual."""
        if text is None and self.ask:
            return _ask(question)
        try:
            return _read(question, question.otherwise if text is None else text)
        except UnreadableValue as error:
            self.problems.append(f"{question.flag}: {error}")
            return None

    def check(self, given: Mapping[str, Any], codes: Sequence[str]) -> None:
        """Read all that is given before anything is asked. Raises BadInput with every problem, if somebody would be asked."""
        if len(set(codes)) < len(codes):
            self.problems.append(f"--class: expected each code once, got {', '.join(codes)}")
        for question in (*FOR_EACH_CLASS, FURTHER_CODE):
            fitting = {0, max(1, len(codes)), *(() if question in OF_ONE_CLASS else (1,))}
            if (got := len(given[question.name])) not in fitting:
                self.problems.append(f"{question.flag}: expected {max(1, len(codes))} of them, one for each class, got {got}")
        if not self.ask:
            return
        for question in (*ONCE, *FOR_EACH_CLASS, FURTHER_CODE):
            for text in filter(None, [given[question.name]] if question in ONCE else given[question.name]):
                self.answer(question, text)
        if self.problems:
            raise BadInput([*self.problems, "Try captable new -h for help."])

    def codes(self, given: Sequence[str]) -> Iterator[str]:
        """The codes of the classes: those given, or one after the other until there is no more."""
        yield from given
        if self.ask and not given:
            yield _ask(CLASS_CODE)
            while (code := _ask(ANOTHER)) is not None:
                yield code


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


# --- The facts ----------------------------------------------------------------------------------------------------------


def _facts(book: NewBook) -> Iterator[Fact]:
    """The facts that follow from the answers, each with its fields as they are written."""
    issuer, day = book.issuer, book.issuer["as_at"].isoformat()
    details = {name: issuer[name] for name in ("incorporated_in", "financial_year_end") if issuer[name] is not None}
    yield events.IssuerRegistered, {"effective_on": day, "issuer": issuer["stock_code"], "name": issuer["name"], **details}
    for code, answers in book.classes.items():
        yield from _facts_of_class(day, code, answers)
    for purpose, answers in book.mandates.items():
        granted: date = answers[f"{purpose}_mandate"]
        yield (
            events.MandateGranted,
            {
                "effective_on": granted.isoformat(),
                "mandate": f"{purpose}-{granted.year}",
                "purpose": purpose,
                "percent": str(answers[f"{purpose}_percent"]),
                "base": answers[f"{purpose}_base"],
                "used_before": answers[f"{purpose}_used"],
                "counted_on": day,
            },
        )


def _facts_of_class(day: str, code: str, answers: Answers) -> Iterator[Fact]:
    par_value, authorised, stock_code = answers["par_value"], answers["authorised"], answers["class_stock_code"]
    limited = isinstance(authorised, int)
    yield (
        events.ShareClassCreated,
        {
            "effective_on": day,
            "share_class": code,
            "class_label": answers["class_label"],
            **({} if answers["type_label"] is None else {"type_label": answers["type_label"]}),
            **({} if answers["votes"] == 1 else {"votes_per_share": answers["votes"]}),
            **({} if par_value == NONE else {"par_value": par_value}),
            **({} if limited else {"authorised": REGISTERED if authorised == REGISTERED else NO_AUTHORISED_CAPITAL}),
            **({"listed": "no"} if stock_code is None else {"listed": "yes", "stock_code": stock_code}),
        },
    )
    if limited:
        yield events.AuthorisedCapitalIncreased, {"effective_on": day, "share_class": code, "shares": authorised}
    balance = {"issued_excluding_treasury": answers["issued"], "treasury": answers["treasury"]}
    yield events.BalanceBroughtForward, {"effective_on": day, "share_class": code, **balance}


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _line(kind: type[Event], written: Mapping[str, Any], source: str | None) -> bytes:
    beside = {"source": source} if source else {}
    return (json.dumps({"event": kind.__name__, **written, **beside}, ensure_ascii=False) + "\n").encode()


def _next_steps(book: NewBook, store: str | None, *, made: bool) -> Iterator[str]:
    place = store or STORE
    yield f"\n{shown(place)} {'is made' if made else 'has the book'}. Next:"
    at = "" if place == STORE else f" --store {shlex.quote(shown(place))}"
    for line in (
        f"captable balances --as-of {book.issuer['as_at']}{at}",
        *([] if book.mandates else [f"captable record {command_name(events.MandateGranted)} -h"]),
        f"captable record {command_name(events.SharesRepurchased)} --class {next(iter(book.classes))} -h",
        f"captable due{at}",
    ):
        yield f"  {line}"
