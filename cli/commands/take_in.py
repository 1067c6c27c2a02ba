"""`captable start` and `captable take-in`: a book begun from published returns, and later returns taken into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import click

from application.reconcile import reconciled
from application.take_in import PublishedFile, Taken, start, take_in
from cli import options, output
from cli.answers import Answer, deliver
from cli.errors import FINDINGS
from cli.event_options import attributes, command_name, words
from cli.layout import TextTable, echo
from cli.published import doubts, read_all
from cli.recording import keep
from cli.wiring import book, opened, user
from domain.errors import BadInput, Refused
from domain.events import Event, IssuerRegistered
from domain.returns.filings import NotPrepared
from domain.returns.printed import in_words
from domain.returns.succession import name_of
from domain.values import Money, grouped
from infrastructure.event_codec import identity
from infrastructure.files.published import ReadReturn
from infrastructure.readers.records import Batch
from infrastructure.taken_in import content

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True), metavar="FILE…")
YES = click.option("--yes", is_flag=True, help="Record what is shown; without it nothing is recorded.")


@attrs.frozen
class Read:
    """A return with the file it was read from."""

    path: str
    read: ReadReturn
    published: PublishedFile


@click.command(name="start")
@FILES
@YES
@options.as_json
@options.by
@options.store
@click.pass_context
def start_book(
    ctx: click.Context, files: tuple[str, ...], yes: bool, as_json: bool, recorded_by: str | None, store: str | None
) -> None:
    """Begin a book from published returns: the last Monthly Return, and what was disclosed since.

    FILE is a return in PDF, HTML or text, or a folder of them. The facts that follow from them are shown, with every cell
    that was not read with certainty; --yes records them. Earlier Next Day Disclosure Returns help: they name the purchases that
    are not yet cancelled, and what was used of a mandate.

    \b
    Examples:
      captable start monthly-2024-12.pdf
      captable start published/ --yes
    """
    read = _read(files)
    _finish(
        ctx, read, start([each.published for each in read]), options.BookAt(store, None), recorded_by, yes=yes, as_json=as_json
    )


@click.command(name="take-in")
@FILES
@YES
@options.as_json
@options.by
@options.of_a_book
@click.pass_context
def take_in_returns(
    ctx: click.Context, files: tuple[str, ...], yes: bool, as_json: bool, recorded_by: str | None, at: options.BookAt
) -> None:
    """Take later published returns into a book: their movements as facts, less those that the book has.

    FILE is a return in PDF, HTML or text, or a folder of them. What would be recorded is shown first; --yes records it. A
    file that was taken in before is skipped. Afterwards each return is compared with the book.

    \b
    Examples:
      captable take-in next-day-2024-12-17.pdf
      captable take-in published/ --yes
    """
    read = _read(files)
    with book(*at) as (books, code):
        taken = take_in(list(books.entries(code)), [each.published for each in read])
    _finish(ctx, read, taken, at._replace(issuer=code), recorded_by, yes=yes, as_json=as_json)


def _read(files: Sequence[str]) -> list[Read]:
    found = []
    for path, read in read_all(files):
        found.append(Read(path, read, PublishedFile(read.document, hashlib.sha256(content(Path(path))).hexdigest())))
    return found


def _finish(
    ctx: click.Context,
    read: Sequence[Read],
    taken: Sequence[Taken],
    at: options.BookAt,
    recorded_by: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Show what was taken from the returns, and record it where that is confirmed."""
    by_return = {id(each.published): each for each in read}
    batch = _batch(taken, by_return, recorded_by or user())
    if not as_json:
        # Shown before anything is recorded: it explains why the facts may be refused.
        echo(part for each in taken for part in _shown(by_return[id(each.published)], each))
    try:
        answer = keep(batch, *at, dry_run=not yes) if batch.drafts else None
    except (BadInput, Refused):
        if as_json:
            output.as_json([_as_json(by_return[id(each.published)], each, {}, None) for each in taken])
        raise
    compared = _compared(batch, taken, at) if yes else {}
    if as_json:
        numbers = {row["command_id"]: row["entry"] for row in answer.rows} if answer and yes else {}
        output.as_json([_as_json(by_return[id(each.published)], each, numbers, compared.get(id(each))) for each in taken])
    elif answer:
        deliver(answer)
    _say_the_end(taken, answer, compared, yes=yes, as_json=as_json)
    by_hand = any(proposed.event is None for each in taken for proposed in each.proposed)
    ctx.exit(FINDINGS if by_hand else 0)


def _say_the_end(taken: Sequence[Taken], answer: Answer | None, compared: Mapping[int, int], *, yes: bool, as_json: bool) -> None:
    """Whether the book now agrees with each return, where it ends, or that nothing was recorded."""
    if not as_json:
        echo(_agreement(each, compared[id(each)]) for each in taken if id(each) in compared)
    elif answer and yes:
        output.say(f"Head {answer.content['head']['number']} · {output.short(answer.content['head']['hash'])}")
    if answer and not yes:
        output.say("nothing was recorded: --yes records what is shown")


def _batch(taken: Sequence[Taken], by_return: dict[int, Read], recorded_by: str) -> Batch:
    drafts, places = [], []
    for each in taken:
        path = by_return[id(each.published)].path
        for draft in each.drafts(recorded_by):
            drafts.append(draft)
            places.append(f"{path}: {words(type(draft.event))}")
    return Batch(tuple(drafts), tuple(places), ())


# --- What is shown ------------------------------------------------------------------------------------------------------


def _shown(read: Read, taken: Taken) -> Iterator[str | TextTable]:
    yield f"{name_of(read.published.document)}   {read.path}"
    if taken.already:
        yield "  nothing to take in: it is in the book, or before its beginning\n"
        return
    facts = [(proposed.event, proposed.note) for proposed in taken.proposed if proposed.event is not None]
    for event, note in (*facts, (taken.filed, "")):
        yield f"  {output.day(event.effective_on):<18}{words(type(event))}: {_fields(event)}"
        if note:
            yield f"{'':20}{note}"
    for proposed in taken.proposed:
        if proposed.event is None:
            yield f"  by hand: {proposed.path}: {proposed.note}"
    if doubtful := read.read.doubtful:
        yield doubts(taken.published.document, doubtful)
    yield ""


def _fields(event: Event) -> str:
    """What a fact says, field by field, without what it leaves at its default."""
    return ", ".join(f"{name} {_in_words(value)}" for name, value in _given(event).items() if name != "effective_on")


def _in_words(value: Any) -> str:
    """A value as people read it."""
    return grouped(value) if isinstance(value, Money) else _value(value)


def _said(event: Event) -> dict[str, str]:
    return {name: _value(value) for name, value in _given(event).items()}


def _given(event: Event) -> dict[str, Any]:
    """The fields of a fact that are not at their defaults, in the order of the vocabulary."""
    given = event.given()
    return {field.name: given[field.name] for field in attributes(type(event)) if field.name in given}


def _value(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else in_words(value)


def _as_json(read: Read, taken: Taken, numbers: Mapping[str, int], differences: int | None) -> dict[str, Any]:
    """What was taken from a return, the numbers of its entries where they were recorded, and in how much the book differs."""
    ids = [identity(fact, None) for fact in taken.facts]
    facts = [(proposed.event, proposed) for proposed in taken.proposed if proposed.event is not None]
    return {
        "file": read.path,
        "return": name_of(read.published.document),
        "digest": read.published.digest,
        "already": taken.already,
        "facts": [
            {"event": command_name(type(event)), **_said(event), "cell": proposed.path, "note": proposed.note}
            for event, proposed in facts
        ],
        "by_hand": [{"cell": each.path, "note": each.note} for each in taken.proposed if each.event is None],
        "doubtful": {path: {"reason": mark.reason, "text": mark.raw} for path, mark in read.read.doubtful.items()},
        "recorded": [numbers[each] for each in ids if each in numbers],
        "differences": differences,
    }


# --- Compared afterwards ------------------------------------------------------------------------------------------------


def _compared(batch: Batch, taken: Sequence[Taken], at: options.BookAt) -> dict[int, int]:
    """In how much the book differs from each return; a return whose month is before the book is left out."""
    registered = (draft.event.issuer for draft in batch.drafts if isinstance(draft.event, IssuerRegistered))
    code = at.issuer or next(registered, None)
    if code is None:
        return {}
    with opened(at.store) as books:
        entries = list(books.entries(code))
    found = {}
    for each in taken:
        # The return with which the book begins has its month before the book.
        with suppress(NotPrepared):
            found[id(each)] = len(reconciled(entries, each.published.document).differences)
    return found


def _agreement(taken: Taken, differences: int) -> str:
    said = f"differs from the book in {differences} (captable reconcile)" if differences else "agrees with the book"
    return f"{name_of(taken.published.document)}: {said}"
