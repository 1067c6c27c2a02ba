"""The Monthly Returns of all issuers for one month: which are still to be made, and one of them made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import attrs

from application.ports import EventStore, Head, StoreDamaged
from domain.capital.balances import Impossible
from domain.law.rule import Finding
from domain.returns import monthly
from domain.returns.documents import Return
from domain.returns.filings import NotPrepared
from domain.returns.findings import about
from domain.returns.runs import IssuerOutcome, Order, Reason, RunDocument
from domain.rulebook import findings


class Render(Protocol):
    """What makes the bytes of a document in a rendering."""

    def __call__(self, document: Return, format_name: str, *, draft: bool) -> bytes:
        """The bytes. Raises ValueError if a text of the document cannot be shown."""


Describe = Callable[[str, str, bytes], RunDocument]
"""Names the document of an issuer in a rendering, with the digest of its content."""


@attrs.frozen
class Made:
    """The result of an issuer's return, and the content of each of its documents, in their order."""

    outcome: IssuerOutcome
    contents: tuple[bytes, ...] = ()


def remaining(
    heads: Mapping[str, Head], done: Mapping[str, IssuerOutcome], *, whole: Callable[[IssuerOutcome], bool]
) -> tuple[list[str], list[IssuerOutcome]]:
    """The issuers whose returns are to be made, the longest books first, and what an earlier run made and still stands.

    It stands where the book's head has not moved since and the documents are `whole`. What was held back is tried again.
    """
    kept = [
        done[code]
        for code, head in heads.items()
        if code in done
        and done[code].made
        and (done[code].number, done[code].hash) == (head.number, head.hash)
        and whole(done[code])
    ]
    made = {outcome.issuer for outcome in kept}
    # So that no worker is left with a long book at the end, when the others have nothing to do.
    todo = sorted((code for code in heads if code not in made), key=lambda code: -heads[code].number)
    return todo, kept


def make(store: EventStore, issuer: str, order: Order, *, render: Render, describe: Describe) -> Made:
    """Prepare and render the return of one issuer, or say why it is held back: one bad book stops no other.

    Raises StoreUnusable, which would be so for every issuer.
    """
    head = Head(0, "", None)

    def held(reason: Reason, *said: str) -> Made:
        return Made(IssuerOutcome(issuer, head.number, head.hash, (), reason, said))

    try:
        head = store.head(issuer)
        # Entries are only ever added, so those up to the head are the book as it was when the head was read. Read to the
        # end all the same: a reading left off halfway keeps its connection until somebody clears it away.
        entries = [entry for entry in store.entries(issuer) if entry.number <= head.number]
        every = findings(entries)
        document = monthly.prepare(entries, order.month_end, order.submitted_on)
        found = about(document, entries, every)
        if found and not order.drafts:
            return held("findings", *map(_in_words, found))
        contents = [(name, render(document, name, draft=bool(found))) for name in order.formats]
    except NotPrepared as error:
        return held("not prepared", str(error))
    except Impossible as error:
        return held("impossible", str(error))
    except StoreDamaged as error:
        return held("damaged", str(error))
    except ValueError as error:
        return held("not rendered", str(error))
    documents = tuple(describe(issuer, name, content) for name, content in contents)
    reason: Reason | None = "findings" if found else None
    outcome = IssuerOutcome(issuer, head.number, head.hash, documents, reason, tuple(map(_in_words, found)))
    return Made(outcome, tuple(content for _, content in contents))


def _in_words(finding: Finding) -> str:
    numbers = ", ".join(map(str, finding.entries))
    return f"{finding.code} {finding.message}" + (
        f" ({'entry' if len(finding.entries) == 1 else 'entries'} {numbers})" if numbers else ""
    )
