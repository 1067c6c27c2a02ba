"""Published returns beside a book: each compared with the return that the book gives from the same viewpoint."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from domain.capital.entries import Entry
from domain.errors import BadInput
from domain.events import ReturnFiled
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from domain.returns.filed import filings
from domain.returns.filings import RESUBMISSION, NotPrepared
from domain.returns.forms import MONTHLY, NEXT_DAY
from domain.returns.reconcile import Reconciled, reconcile
from domain.returns.succession import closing_of


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
