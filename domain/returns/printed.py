"""What a return prints, and no more: the document less what only the book knows, and its cells by their paths.

A published return says neither which entries a figure comes from, nor the code that a book has for a class, nor of what a
percentage was computed. A prepared return reduced to what it prints equals the published one read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

import attrs

from domain.events.structured import Counter
from domain.returns import documents
from domain.returns.cells import BLANK, ClassHeading, Figure, Percentage, PrintedPercentage
from domain.returns.documents import MonthlyReturn, Return, TradeReport
from domain.returns.forms import CURRENT, IN_EDITION, Form
from domain.values import Money, grouped, plain, rounded_ratio

COUNT, MONEY, DATE, PERCENT, AMOUNT, TEXT, OTHER = "count", "money", "date", "percent", "amount", "text", "other"
"""The kinds of cells: shares or options, money, days, percentages, amounts of an instrument, words, numbers of rows and flags."""

NOT_APPLICABLE = "Not applicable"
SPECIFIED_BELOW = "specify in description"


# --- The document, less what it does not print ------------------------------------------------------------------------


def as_printed(document: Return) -> Return:
    """The document as a reader of its printed form knows it, in the current edition of its form.

    Texts are in one line: where the form breaks them is not what they say.
    """
    form = document.form
    reduced: Any = _reduced(document, form)
    changed: dict[str, Any] = {"form": IN_EDITION[str(form), CURRENT.number], "entries_since": None}
    if not (reduced.struck_out and getattr(reduced, "confirms", True)):
        changed |= {"struck_out": (), "removed": False}
    if not _says_not_applicable(reduced):
        changed["not_applicable"] = NOT_APPLICABLE
    if not isinstance(reduced, MonthlyReturn):
        changed |= {"opening_basis": "", "denominator_basis": ""}
        for field, section in SECTIONS.items():
            asked = section in form.captions
            changed[field] = tuple(_report(each, form, section) for each in getattr(reduced, field) if asked)
    return with_codes(attrs.evolve(_where_printed(reduced), **changed))


_BLOCKS_OF = {
    "III(A)": "options",
    "III(B)": "warrants",
    "III(C)": "convertibles",
    "III(D)": "agreements",
    "III(E)": "other_movements",
}
REMARKED = ("I", "II", *_BLOCKS_OF, "IV", "V")
"""The parts of the Monthly Return under which remarks stand, in their order."""


def _where_printed(document: Return) -> Return:
    """A return whose standing remarks end the last block of their part, from which print does not tell them apart."""
    if not isinstance(document, MonthlyReturn):
        return document
    moved: dict[str, Any] = {}
    kept = []
    for remark in sorted(document.remarks, key=lambda each: REMARKED.index(each.part)):
        field = _BLOCKS_OF.get(remark.part, "")
        if blocks := getattr(document, field, ()):
            moved[field] = (*blocks[:-1], attrs.evolve(blocks[-1], remarks=(*blocks[-1].remarks, remark.text)))
        else:
            kept.append(remark)
    return attrs.evolve(document, **moved, remarks=tuple(kept))


def _reduced(value: Any, form: Form) -> Any:
    kind = type(value)
    if kind in _REDUCE:
        return _REDUCE[kind](value)
    if kind is tuple:
        return tuple(_reduced(each, form) for each in value)
    if not attrs.has(kind):
        return value
    fields = {field.name: _reduced(getattr(value, field.name), form) for field in attrs.fields(kind)}
    if fields.get("discount") is not None:
        fields["discount"] = Decimal(plain(rounded_ratio(fields["discount"], Decimal(1), 2)))
    if kind is documents.AgreementRow and fields["price"] is None and fields["price_terms"]:
        # Terms without a price stand under the description, without a caption.
        fields |= {"description": f"{fields['description']} {fields['price_terms']}", "price_terms": None}
    return kind(**{**fields, **_EXPLAINED.get(kind, {}), **not_printed(form).get(kind, {})})


_EXPLAINED: Mapping[type, Mapping[str, Any]] = {documents.OptionsRow: {"expired_on": None}}
"""What a document says in explanation, and no form prints."""


def _percentage(value: Percentage | PrintedPercentage) -> PrintedPercentage | None:
    return None if value.rounded is None else PrintedPercentage(Decimal(plain(value.rounded)))


_REDUCE: Mapping[type, Callable[[Any], Any]] = {
    Figure: lambda figure: Figure(figure.value),
    Percentage: _percentage,
    PrintedPercentage: _percentage,
    str: lambda text: " ".join(text.split()),
    Decimal: lambda number: Decimal(plain(number)),
    Form: lambda form: form,
    Money: lambda money: money,
    Counter: lambda counter: counter,
}

Blanks = Mapping[type, Mapping[str, Any]]


def _blank(*names: str) -> Mapping[str, Any]:
    return dict.fromkeys(names, BLANK)


_FF301_BEFORE_TREASURY_SHARES: Blanks = {
    documents.BalanceLine: _blank("treasury", "total"),
    documents.OptionsRow: _blank("treasury_shares"),
    documents.InstrumentRow: _blank("treasury_shares"),
    documents.AgreementRow: _blank("treasury_shares"),
    documents.OtherMovement: _blank("treasury", "pending"),
    documents.Options: _blank("treasury"),
    documents.Instruments: _blank("treasury"),
    documents.Agreements: _blank("treasury"),
    documents.OtherMovements: _blank("treasury"),
    documents.MonthTotal: _blank("treasury"),
}
_NOT_PRINTED: Mapping[str, Blanks] = {
    "FF304": {documents.DatedBalance: _blank("issued", "treasury"), documents.Change: _blank("treasury")},
    "FF305": {documents.Change: {"closing_market_price": None, "discount": None}},
}


def not_printed(form: Form) -> Blanks:
    """The fields for which a form has no cell, by the class of the document that holds them, and what they hold instead."""
    if form.code == "FF301":
        return MappingProxyType({}) if form.treasury_shares else _FF301_BEFORE_TREASURY_SHARES
    return _NOT_PRINTED[form.code]


_IN_THE_CONFIRMATION = "explanatory_statement_on"
_ASKED_AS = {"moratorium_until": "moratorium", _IN_THE_CONFIRMATION: "confirmation"}
_OF_THE_REPORT = ("for_cancellation", "for_treasury")
SECTIONS = {"repurchases": "section_2", "treasury_sales": "section_3"}


def not_asked(form: Form, section: str) -> Blanks:
    """The fields of a report for which a section of the form has no line, and what they hold instead."""
    captions = IN_EDITION[str(form), CURRENT.number].captions
    mandate = [field.name for field in attrs.fields(documents.MandateBlock)]
    return {
        documents.TradeReport: _blank(*(name for name in _OF_THE_REPORT if f"{section}_{name}" not in captions)),
        documents.MandateBlock: {name: None for name in mandate if f"{section}_{_ASKED_AS.get(name, name)}" not in captions},
    }


def _report(report: TradeReport, form: Form, section: str) -> TradeReport:
    """A report less the lines that its section of the form does not ask for."""
    blank = not_asked(form, section)
    mandate = report.mandate and attrs.evolve(report.mandate, **blank[documents.MandateBlock])
    return attrs.evolve(report, **blank[documents.TradeReport], mandate=mandate)


def _says_not_applicable(document: Return) -> bool:
    """Whether some part of the return stands without an entry, so that its word for blanks is printed."""
    if isinstance(document, MonthlyReturn):
        details = (document.options, document.warrants, document.convertibles, document.agreements, document.other_movements)
        whole = (document.authorised, *details, document.confirms, document.depositary_receipts)
        return not all(whole)
    empty_part_b = document.form.treasury_shares and any(not section.pending for section in document.sections)
    reports = (document.repurchases, document.treasury_sales) if document.form.treasury_shares else (document.repurchases,)
    return empty_part_b or not all(reports)


# --- How a printed return names its classes ---------------------------------------------------------------------------


def printed_code(heading: ClassHeading) -> str:
    """A code for a class made of what its heading prints: its type, or else its description or its class."""
    if SPECIFIED_BELOW in heading.type_label or SPECIFIED_BELOW in heading.class_label:
        return heading.description or heading.type_label
    named = heading.type_label and heading.type_label.casefold() not in ("not applicable", "n/a")
    return heading.type_label if named else heading.class_label


def with_codes(document: Return) -> Return:
    """The document with its classes coded by what their headings print."""
    recoded: Return = _recoded(document)
    return recoded


def _recoded(value: Any) -> Any:
    if isinstance(value, ClassHeading):
        return attrs.evolve(value, code=printed_code(value))
    if isinstance(value, tuple):
        return tuple(_recoded(each) for each in value)
    if not attrs.has(type(value)) or isinstance(value, Form):
        return value
    changed = {field.name: _recoded(getattr(value, field.name)) for field in attrs.fields(type(value))}
    return type(value)(**changed)


# --- Cells by their paths ---------------------------------------------------------------------------------------------


@attrs.frozen
class PrintedCell:
    """What stands in a cell, and of what kind it is. A count is a whole number; None is blank."""

    kind: str
    value: Any


def cells(document: Return) -> dict[str, PrintedCell]:
    """Every cell that a return prints by its path, such as `sections[0].changes[1].issued`; blank ones included."""
    blanks = not_printed(document.form)
    found = dict(_cells(document, "", blanks))
    for field, section in SECTIONS.items():
        if not isinstance(document, MonthlyReturn):
            unasked = {**blanks, **not_asked(document.form, section)}
            found |= dict(_cell(getattr(document, field), OTHER, field, unasked))
    return found


_UNPRINTED = ("form", "code", "opening_basis", "denominator_basis", "expired_on", "entries_since")


def _cells(value: Any, path: str, blanks: Blanks) -> Iterator[tuple[str, PrintedCell]]:
    left_out = (*_UNPRINTED, *blanks.get(type(value), ()), *(SECTIONS if not path else ()))
    for name, kind in kinds_of(type(value)).items():
        if name not in left_out:
            yield from _cell(getattr(value, name), kind, f"{path}.{name}" if path else name, blanks)


def _cell(value: Any, kind: str, path: str, blanks: Blanks) -> Iterator[tuple[str, PrintedCell]]:
    if isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _cell(each, _KINDS.get(type(each), kind), f"{path}[{number}]", blanks)
    elif isinstance(value, Counter) or type(value) in _KINDS or not attrs.has(type(value)):
        yield path, PrintedCell(kind, value.value if isinstance(value, Figure) else value)
    else:
        yield from _cells(value, path, blanks)


_KINDS: Mapping[type, str] = {
    Figure: COUNT,
    Money: MONEY,
    date: DATE,
    Percentage: PERCENT,
    PrintedPercentage: PERCENT,
    Decimal: AMOUNT,
    str: TEXT,
}


def kinds_of(kind: type) -> Mapping[str, str]:
    """The kind of cell of each field of a class of the document, blank cells included."""
    if kind not in _KINDS_OF:
        _KINDS_OF[kind] = _found_kinds(kind)
    return _KINDS_OF[kind]


_KINDS_OF: dict[type, Mapping[str, str]] = {}


def _found_kinds(kind: type) -> Mapping[str, str]:
    hints = get_type_hints(kind)
    found = {field.name: _kind(hints[field.name]) for field in attrs.fields(kind)}
    return MappingProxyType({**found, **({"limit": COUNT} if "limit" in found else {})})


def _kind(hint: Any) -> str:
    choices = (hint, *get_args(hint))
    return next((_KINDS[choice] for choice in choices if choice in _KINDS), OTHER)


def at_path(document: Any, path: str) -> Any:
    """What stands at the path of a cell, a row or a block."""
    value = document
    for name, number in _STEP.findall(path):
        value = getattr(value, name) if name else value[int(number)]
    return value


_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")


def in_words(value: Any) -> str:
    """What a cell prints, in words; nothing for a blank one."""
    if isinstance(value, Figure):
        value = value.value
    if value is None:
        return ""
    if isinstance(value, int):
        return ("no", "yes")[value] if isinstance(value, bool) else f"{value:,}"
    if isinstance(value, Money):
        return grouped(value)
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, Counter):
        return f"{value.stock_code} {value.currency}"
    if isinstance(value, tuple):
        return "; ".join(filter(None, map(in_words, value)))
    return f"{value} %" if isinstance(value, Percentage | PrintedPercentage) else str(value)
