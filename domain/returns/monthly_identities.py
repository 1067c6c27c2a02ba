"""What must be true of the cells of a Monthly Return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from domain.returns.documents import MonthlyReturn
from domain.returns.identity import (
    Identity,
    adds_up,
    adds_up_but_for,
    adds_up_with_decreases,
    amounts_add_up,
    in_order,
    is_product,
    is_the_lesser,
    one_of_each_currency,
    pinning,
    same,
    same_or_blank,
)
from domain.values import month_end_of

# The parts of Part III in which shares are issued, by the field that holds them.
PARTS = ("options", "warrants", "convertibles", "agreements", "other_movements")
LONGEST_AFTER_MONTH_END = timedelta(days=31)


def of(document: MonthlyReturn) -> Iterator[Identity]:
    """The identities of a Monthly Return, in the order of its parts."""
    yield from _days(document)
    yield from _authorised(document)
    yield from _issued(document)
    yield from _class_names(document)
    yield from _outstanding(document)
    for part in PARTS:
        yield from _feet(document, part)
    yield from _pending(document)
    yield from _month_totals(document)
    yield from _stock_codes(document)


def _days(document: MonthlyReturn) -> Iterator[Identity]:
    yield Identity(
        "the month ends on its last day, and the return is submitted in the next",
        ("month_end", "submitted_on"),
        _is_month_end,
        pins=("month_end",),
    )
    for number, block in enumerate(document.other_movements):
        # What is pending may have been bought in earlier months.
        moving = [row for row, each in enumerate(block.rows) if each.issued.value or each.treasury.value]
        for day in (f"other_movements[{number}].rows[{row}].occurred_on" for row in moving):
            yield Identity("events are of the month", ("month_end", day), _in_the_month, blames=(day,))
        if len(block.rows) > 1:
            meetings = [f"other_movements[{number}].rows[{row}].general_meeting_on" for row in range(len(block.rows))]
            yield pinning("the same general meeting approved the rows of a class", meetings, same, confirms=True)


def _is_month_end(values: Sequence[Any]) -> bool | None:
    month_end, submitted = values
    if month_end is None:
        return None
    is_last_day: bool = month_end == month_end_of(month_end)
    return is_last_day and (submitted is None or month_end < submitted <= month_end + LONGEST_AFTER_MONTH_END)


def _in_the_month(values: Sequence[Any]) -> bool | None:
    month_end, day = values
    return None if None in values else in_order([month_end.replace(day=1), day, month_end])


def _authorised(document: MonthlyReturn) -> Iterator[Identity]:
    blocks = [f"authorised[{number}]" for number in range(len(document.authorised or ()))]
    for block in blocks:
        closing = [f"{block}.{cell}" for cell in ("closing", "opening", "movement")]
        yield pinning("authorised at close = at close of the preceding month + increase", closing, adds_up)
        for when in ("opening", "closing"):
            cells = [f"{block}.{cell}" for cell in (when, f"{when}_par", f"{when}_capital")]
            yield pinning("authorised number × par value = authorised capital", cells, is_product)
            yield Identity("a par value is smaller than the number of shares", tuple(cells[:2]), _is_smaller)
        pars = tuple(f"{block}.{when}_par" for when in ("opening", "closing"))
        products = (f"{block}.{when}{cell}" for when in ("opening", "closing") for cell in ("", "_capital"))
        says = "the par value is the same at close as before"
        yield Identity(says, (*pars, *products), _same_and_a_factor, pins=pars, confirms=True)
    for number in range(len(document.total_authorised_capital)):
        cells = [f"total_authorised_capital[{number}]", *(f"{block}.closing_capital" for block in blocks)]
        yield pinning("total authorised capital = sum of the classes", cells, amounts_add_up, lists=("authorised",))
    totals = [f"total_authorised_capital[{number}]" for number in range(len(document.total_authorised_capital))]
    amounts = (*totals, *(f"{block}.closing_capital" for block in blocks))
    complete = one_of_each_currency(len(totals))
    yield Identity("the authorised capital has a total in each currency", amounts, complete, lists=("total_authorised_capital",))


def _is_smaller(values: Sequence[Any]) -> bool | None:
    number, par = values
    return None if None in values else bool(0 < par.amount < max(number, 1))


def _same_and_a_factor(values: Sequence[Any]) -> bool | None:
    """Whether two par values are the same, and one of them times its number is its capital.

    Both rows lose a column in the same way: that they agree confirms neither.
    """
    opening, closing, *products = values
    factors = (is_product([products[0], opening, products[1]]), is_product([products[2], closing, products[3]]))
    return same([opening, closing]) if True in factors else None


def _issued(document: MonthlyReturn) -> Iterator[Identity]:
    columns = ("issued", "treasury") if document.form.treasury_shares else ("issued",)
    for number in range(len(document.issued)):
        block = f"issued[{number}]"
        for when in ("opening", "closing") if document.form.treasury_shares else ():
            cells = [f"{block}.{when}.{column}" for column in ("total", *columns)]
            yield pinning("total issued = issued excluding treasury + treasury", cells, adds_up)
            yield Identity("no more shares are held in treasury than are outside of it", tuple(cells[1:]), is_the_lesser)
        if document.form.treasury_shares:
            cells = [f"{block}.movement.{column}" for column in ("total", *columns)]
            yield Identity("the movement of the total is left blank, or the sum", tuple(cells), _blank_or_sum, pins=(cells[0],))
        for column in columns:
            cells = [f"{block}.{line}.{column}" for line in ("closing", "opening", "movement")]
            yield pinning("balance at close = at close of the preceding month + increase", cells, adds_up)


def _class_names(document: MonthlyReturn) -> Iterator[Identity]:
    """A class whose name is damaged in one part would be taken for another, without what other parts say of it.

    A class without authorised capital is in Part II alone: so nothing is said where Part I has fewer classes.
    """
    names = ("class_label", "type_label")
    authorised = [f"authorised[{number}].heading.{name}" for number in range(len(document.authorised or ())) for name in names]
    for number in range(len(document.issued)):
        own = tuple(f"issued[{number}].heading.{name}" for name in names)
        if len(document.authorised or ()) >= len(document.issued):
            yield Identity("a class in Part II is a class of Part I", (*own, *authorised), _is_among, blames=own)


def _is_among(values: Sequence[Any]) -> bool:
    label, kind, *others = values
    return (label, kind) in zip(others[::2], others[1::2], strict=True)


def _blank_or_sum(values: Sequence[int | None]) -> bool:
    return values[0] is None or adds_up(values)


def _outstanding(document: MonthlyReturn) -> Iterator[Identity]:
    for part in ("options", "warrants", "convertibles"):
        for number, block in enumerate(getattr(document, part)):
            for at, row in enumerate(block.rows):
                path = f"{part}[{number}].rows[{at}]"
                moved = ".number" if part == "options" else "[1]"
                movements = [f"{path}.movements[{each}]{moved}" for each in range(len(row.movements))]
                cells = [f"{path}.closing", f"{path}.opening", *movements]
                says = "outstanding at close = at close of the preceding month + movements"
                yield pinning(says, cells, adds_up, lists=(f"{path}.movements",))
                if part == "options":
                    cells = [f"{path}.may_be_issued", f"{path}.closing"]
                    yield pinning("what may be issued is what is outstanding", cells, same, confirms=True)


def _feet(document: MonthlyReturn, part: str) -> Iterator[Identity]:
    """In (E) each foot is the sum of its column. In (A) to (D) a transfer out of treasury increases the issued shares too."""
    issued, treasury = ("issued", "treasury") if part == "other_movements" else ("new_shares", "treasury_shares")
    transfers = document.form.treasury_shares and part != "other_movements"
    for number, block in enumerate(getattr(document, part)):
        feet, rows = f"{part}[{number}]", [f"{part}[{number}].rows[{row}]" for row in range(len(block.rows))]
        new, taken = ([f"{row}.{column}" for row in rows] for column in (issued, treasury))
        cells = (f"{feet}.issued", *new, *(taken if transfers else ()))
        test = adds_up_with_decreases(len(taken)) if transfers else adds_up
        # A number read in the other column makes the same sum: where there are transfers, it confirms none of the two.
        moved = any(getattr(row, treasury).value for row in block.rows) if transfers else False
        yield Identity(_FOOT, cells, test, pins=cells[:1] if moved else (f"{feet}.issued", *new))
        if document.form.treasury_shares:
            yield pinning(_FOOT, [f"{feet}.treasury", *taken], adds_up)


_FOOT = "the foot of a part = sum of its rows"


def _pending(document: MonthlyReturn) -> Iterator[Identity]:
    """Note 3: shares that are not yet cancelled are stated as a negative number."""
    for number, block in enumerate(document.other_movements):
        for row in range(len(block.rows)):
            cells = (f"other_movements[{number}].rows[{row}].pending",)
            yield Identity("shares not yet cancelled are a negative number", cells, _is_decrease)


def _is_decrease(values: Sequence[int | None]) -> bool | None:
    return None if values[0] is None else values[0] <= 0


def _month_totals(document: MonthlyReturn) -> Iterator[Identity]:
    """The totals of Part III are those of its parts, and the movements of Part II."""
    for at, block in enumerate(document.issued):
        code = block.heading.code
        feet = {part: _of_class(document, part, code) for part in PARTS}
        totals = _of_class(document, "totals", code)
        issued = [f"{path}.issued" for paths in feet.values() for path in paths]
        yield pinning("increase in issued shares = sum of the parts", [f"issued[{at}].movement.issued", *issued], adds_up)
        moved = (f"issued[{at}].movement.issued", *(f"{total}.issued" for total in totals))
        yield Identity("a class whose shares move has a total of the month", moved, _has_a_total, lists=("totals",))
        for total in totals:
            pair = [f"{total}.issued", f"issued[{at}].movement.issued"]
            yield pinning("total of the month = increase in issued shares", pair, same_or_blank)
        if document.form.treasury_shares:
            yield from _treasury_total(f"issued[{at}].movement.treasury", feet, totals)


def _has_a_total(values: Sequence[int | None]) -> bool | None:
    moved, *totals = values
    return bool(totals) if moved else None


def _treasury_total(movement: str, feet: dict[str, list[str]], totals: list[str]) -> Iterator[Identity]:
    """Decreases of treasury shares in (A) to (D) are printed with or without a sign."""
    others = [f"{path}.treasury" for path in feet["other_movements"]]
    decreases = [f"{path}.treasury" for part in PARTS[:-1] for path in feet[part]]
    cells = [movement, *others, *decreases]
    yield pinning("increase in treasury shares = sum of the parts", cells, adds_up_but_for(len(decreases)))
    for total in totals:
        yield pinning("total of the month = increase in treasury shares", [f"{total}.treasury", movement], same_or_blank)


def _of_class(document: MonthlyReturn, part: str, code: str) -> list[str]:
    return [f"{part}[{number}]" for number, block in enumerate(getattr(document, part)) if block.heading.code == code]


def _stock_codes(document: MonthlyReturn) -> Iterator[Identity]:
    fields = ("authorised", "issued", *PARTS, "totals")
    for code in dict.fromkeys(block.heading.code for block in document.issued):
        blocks = [path for field in fields if getattr(document, field) for path in _of_class(document, field, code)]
        if len(blocks) > 1:
            yield pinning("a class has one stock code", [f"{path}.heading.stock_code" for path in blocks], same)
