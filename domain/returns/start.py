"""A book begun from published returns: what the last Monthly Return and the reports since say of where it begins.

Everything takes effect at close of the month. What a return does not print, such as how much of a scheme's limit was used by
options that are gone, is left out; what can only be supposed is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from domain import events
from domain.events.structured import PurchaseBroughtForward
from domain.returns.documents import IssuedShares, MonthlyReturn, NextDayReturn, PendingShares
from domain.returns.mandate_blocks import used_before
from domain.returns.proposals import BY_HAND, Known, Proposed, code_for, code_of
from domain.returns.row_terms import instrument_issued, scheme_adopted


def opening_facts(document: MonthlyReturn, reports: Sequence[NextDayReturn] = ()) -> list[Proposed]:
    """The facts with which a book begins at the close of a month.

    Next Day Disclosure Returns, of before and since, say what was pending then; those of before, what was used of mandates.
    """
    known = Known([])
    found = list(_issuer(document))
    for part in (_classes, _options, partial(_instruments, "warrants"), partial(_instruments, "convertibles"), _agreements):
        for proposed in part(document, known):
            found.append(proposed)
            if proposed.event is not None:
                known.facts.append(proposed.event)
    before = [each for each in reports if each.sections[0].closing.on <= document.month_end]
    mandates = used_before(before, document.month_end, known)
    return [*found, *_balances(document, reports, known), *mandates]


def _issuer(document: MonthlyReturn) -> Iterator[Proposed]:
    on = document.month_end
    code = next((block.heading.stock_code for block in document.issued if block.heading.stock_code), None)
    if code is None:
        yield Proposed(None, "issued", "no class has a stock code: record issuer-registered with a code of your own")
        return
    note = "place of incorporation and financial year-end are not printed: captable correct adds them"
    yield Proposed(
        events.IssuerRegistered(effective_on=on, issuer=code, name=document.issuer_name, chinese_name=document.chinese_name),
        "issuer_name",
        note,
    )
    if document.submitted_by and document.title:
        yield Proposed(
            events.SignatoryAppointed(effective_on=on, name=document.submitted_by, title=document.title), "submitted_by"
        )


def _classes(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    on = document.month_end
    capital = {block.heading.code: (at, block) for at, block in enumerate(document.authorised or ())}
    for at, block in enumerate(document.issued):
        heading = block.heading
        code = code_for(heading, (each.share_class for each in known.of(events.ShareClassCreated)))
        place, authorised = capital.get(heading.code, (None, None))
        yield Proposed(
            events.ShareClassCreated(
                effective_on=on,
                share_class=code,
                class_label=heading.class_label,
                type_label=heading.type_label or "Not applicable",
                par_value=authorised.closing_par if authorised else None,
                authorised=authorised is not None,
                listed=heading.listed,
                stock_code=heading.stock_code,
                counters=heading.counters,
                description=heading.description,
            ),
            f"issued[{at}].heading",
            "how many votes a share has is not printed: one is assumed" if len(document.issued) > 1 else "",
        )
        if authorised is not None and authorised.closing.value:
            yield Proposed(
                events.AuthorisedCapitalIncreased(effective_on=on, share_class=code, shares=authorised.closing.value),
                f"authorised[{place}].closing",
            )


# --- Balances -----------------------------------------------------------------------------------------------------------


def _balances(document: MonthlyReturn, reports: Sequence[NextDayReturn], known: Known) -> Iterator[Proposed]:
    for at, block in enumerate(document.issued):
        pending = sum(
            -(row.pending.value or 0)
            for other in document.other_movements
            if other.heading.code == block.heading.code
            for row in other.rows
        )
        tranches = _tranches(document.month_end, block, pending, reports)
        yield Proposed(
            events.BalanceBroughtForward(
                effective_on=document.month_end,
                share_class=known.share_class(block.heading),
                issued_excluding_treasury=block.closing.issued.value or 0,
                treasury=block.closing.treasury.value or 0,
                pending_cancellation=pending,
                tranches=tranches,
            ),
            f"issued[{at}].closing",
            "" if not pending or tranches else "the pending purchases are in none of the returns given: their days are not known",
        )


def _tranches(
    on: date, block: IssuedShares, pending: int, reports: Sequence[NextDayReturn]
) -> tuple[PurchaseBroughtForward, ...]:
    """What was pending at close of the month, from a return whose rows until then make up the number."""
    for document in reports:
        for section in document.sections:
            rows = [row for row in section.pending if row.changed_on <= on and section.heading.code == block.heading.code]
            if pending and sum(row.shares.value or 0 for row in rows) == pending:
                return tuple(map(_tranche, rows))
    return ()


def _tranche(row: PendingShares) -> PurchaseBroughtForward:
    return PurchaseBroughtForward(row.changed_on, row.shares.value or 0, row.price)


# --- What is outstanding ------------------------------------------------------------------------------------------------


def _options(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    for at, block in enumerate(document.options):
        for place, row in enumerate(block.rows):
            path = f"options[{at}].rows[{place}]"
            outstanding, granted = row.closing.value or 0, row.may_be_granted.value
            limit = None if granted is None else outstanding + granted
            adopted = scheme_adopted(row, document.month_end, known.share_class(block.heading), limit, known)
            said = "the limit is what is outstanding and what may be granted: what was used before is not printed"
            yield Proposed(adopted, path, said if adopted.limit else "")
            brought = events.SchemeBalanceBroughtForward(
                effective_on=document.month_end, scheme=adopted.scheme, outstanding=outstanding
            )
            yield Proposed(brought, f"{path}.closing")


def _instruments(field: str, document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    """The `warrants` or `convertibles` that are outstanding."""
    on = document.month_end
    for at, block in enumerate(getattr(document, field)):
        for place, row in enumerate(block.rows):
            if row.closing:
                share_class, shares = known.share_class(block.heading), row.may_be_issued.value or 0
                issued = instrument_issued(row, field, on, share_class, row.closing, shares, known)
                yield Proposed(issued, f"{field}[{at}].rows[{place}]", BY_HAND if issued is None else "")


def _agreements(document: MonthlyReturn, known: Known) -> Iterator[Proposed]:
    for at, block in enumerate(document.agreements):
        for place, row in enumerate(block.rows):
            if row.may_be_issued.value:
                agreed = events.IssueAgreed(
                    effective_on=document.month_end,
                    agreement=code_of(row.description, (each.agreement for each in known.of(events.IssueAgreed))),
                    share_class=known.share_class(block.heading),
                    description=row.description,
                    shares=row.may_be_issued.value,
                    price=row.price,
                    general_meeting_on=row.general_meeting_on,
                )
                note = "awards stand in this part too: a scheme of awards is recorded as scheme-adopted instead"
                yield Proposed(agreed, f"agreements[{at}].rows[{place}]", note)
