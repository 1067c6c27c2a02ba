"""Published returns beside a book: each compared with the return that the book gives from the same viewpoint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import date
from typing import Any

import attrs

from domain.capital.accounts import MANDATE, USED
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.capital.opening import use_not_known
from domain.errors import BadInput
from domain.events import ReturnFiled, SharesRepurchased
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return, closing_of
from domain.returns.filed import filings
from domain.returns.filings import RESUBMISSION, NotPrepared
from domain.returns.forms import MONTHLY, NEXT_DAY
from domain.returns.purchases import BOOK, Day, PurchaseRecord, in_the_book
from domain.returns.reconcile import Reconciled, reconcile


class OfAnotherIssuer(BadInput):
    """A published return names stock codes that no class of the book has."""


def reconciled(entries: Sequence[Entry], published: Return) -> Reconciled:
    """A published return compared with the book. Raises NotPrepared, NoForm and OfAnotherIssuer."""
    book = as_the_book_has_it(entries, published)
    theirs, ours = stock_codes(published), stock_codes(book)
    if theirs and ours and theirs.isdisjoint(ours):
        raise OfAnotherIssuer(
            f"expected a return of {issuer_in_words(book)}, got one of {issuer_in_words(published)}: --issuer chooses the book"
        )
    return reconcile(published, book)


def as_the_book_has_it(entries: Sequence[Entry], published: Return) -> Return:
    """The return of a book for the same day, submitted on the same day, on the same version of the form.

    Raises NotPrepared if the book cannot give it.
    """
    book = _prepared(entries, published)
    # Later facts would make it a resubmission; one that the book has as filed keeps the status it was filed with.
    filed = next((each for each in filings(entries) if _is_of(each.filed, published)), None)
    return attrs.evolve(book, status=filed.filed.status) if filed is not None else book


def _is_of(filed: ReturnFiled, published: Return) -> bool:
    kind = MONTHLY if isinstance(published, MonthlyReturn) else NEXT_DAY
    return (filed.kind, filed.effective_on, filed.submitted_on) == (kind, closing_of(published), published.submitted_on)


def _prepared(entries: Sequence[Entry], published: Return) -> Return:
    on, submitted_on, form = closing_of(published), published.submitted_on, published.form
    if isinstance(published, MonthlyReturn):
        return monthly.prepare(entries, on, submitted_on, form=form)
    if published.status == RESUBMISSION:
        try:
            return next_day.prepare(entries, on, submitted_on, form=form, again=True)
        except NotPrepared:
            # The book does not have the first one as filed: it is compared all the same.
            pass
    return next_day.prepare(entries, on, submitted_on, form=form)


def stock_codes(document: Return) -> set[str]:
    """The stock codes of the listed classes of a return."""
    blocks = document.sections if isinstance(document, NextDayReturn) else document.issued
    return {block.heading.stock_code for block in blocks if block.heading.stock_code}


def issuer_in_words(document: Return) -> str:
    """The issuer of a return with its stock codes."""
    codes = ", ".join(sorted(stock_codes(document)))
    return f"{document.issuer_name} ({codes})" if codes else document.issuer_name


# --- Purchases ----------------------------------------------------------------------------------------------------------


def purchases(entries: Sequence[Entry], days: Container[Day]) -> PurchaseRecord:
    """What a book has of the issuer's purchases; of those `days` also what was bought under the mandate until their close."""
    ledger = Ledger.of(entries)
    by_day: defaultdict[Day, list[SharesRepurchased]] = defaultdict(list)
    for entry in ledger.in_effect:
        if isinstance(entry.event, SharesRepurchased):
            by_day[entry.event.effective_on, entry.event.share_class].append(entry.event)
    found = {
        day: attrs.evolve(in_the_book(events), **(dict(_under_the_mandate(ledger, day[0], events)) if day in days else {}))
        for day, events in by_day.items()
    }
    return PurchaseRecord(BOOK, found)


def _under_the_mandate(ledger: Ledger, on: date, events: Sequence[SharesRepurchased]) -> Iterator[tuple[str, Any]]:
    """The shares bought under the mandate of a day's purchases, and the issued shares it is counted on; nothing if not known."""
    code = next((event.mandate for event in events if event.mandate is not None), None)
    if code is None:
        return
    position = ledger.at(on)
    mandate = position.terms.mandates[code]
    if use_not_known(mandate, ledger.begins_on, on) is None and not mandate.uneven_on:
        yield "used", position.total(MANDATE, code, USED)
        yield "base", mandate.base_now
