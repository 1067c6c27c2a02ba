"""Parts I and II of the Monthly Return: authorised capital and issued shares, class by class."""

from __future__ import annotations

from itertools import chain

from domain.returns.documents import AuthorisedCapital, BalanceLine, IssuedShares, MonthlyReturn
from domain.values import EXACT, Money
from infrastructure.renderers import blocks
from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import amount_pair, caption, head, number
from infrastructure.renderers.columns import LayoutColumn, drawn, heads, standing, widths
from infrastructure.renderers.layout import Block, Cell, Heading, Paragraph, Row, RuledTable

# --- Part I -------------------------------------------------------------------------------------------------------


def authorised(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part I; not applicable to an issuer without authorised capital."""
    if document.authorised is None:
        return (blocks.not_applicable(captions["part_1"], document),)
    capital = (_authorised_block(block, captions) for block in document.authorised)
    return (Heading(captions["part_1"]), *chain.from_iterable(capital), *_total_capital(document, captions))


def _total_capital(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    label = caption(captions["total_authorised_capital"], align="right")
    rows = tuple(
        (label, *amount_pair(money, group=True, sum_of=_capitals_in(money.currency, document)))
        for money in document.total_authorised_capital
    )
    return (RuledTable((80, 6, 14), rows),) if rows else ()


def _capitals_in(currency: str, document: MonthlyReturn) -> tuple[str, ...]:
    return tuple(
        f"{block.heading.number}.capital.closing"
        for block in document.authorised or ()
        if block.closing_capital is not None and block.closing_capital.currency == currency
    )


def _authorised_block(block: AuthorisedCapital, captions: Captions) -> tuple[Block, ...]:
    titles = (
        caption(""),
        head(captions["authorised_number"]),
        head(captions["par_value"], colspan=2),
        head(captions["authorised_capital"], colspan=2),
    )
    shares, capital = (f"{block.heading.number}.{word}" for word in ("authorised", "capital"))
    rows = (
        (
            caption(captions["balance_opening"]),
            number(block.opening, key=f"{shares}.opening"),
            *amount_pair(block.opening_par),
            *amount_pair(block.opening_capital, group=True, key=f"{capital}.opening"),
        ),
        (
            caption(captions["balance_movement"]),
            number(block.movement, key=f"{shares}.movement"),
            *amount_pair(None),
            *_capital_movement(block, f"{capital}.movement"),
        ),
        (
            caption(captions["balance_closing"]),
            number(block.closing, key=f"{shares}.closing", sum_of=_opening_and_movement(shares)),
            *amount_pair(block.closing_par),
            *amount_pair(block.closing_capital, group=True, key=f"{capital}.closing", sum_of=_opening_and_movement(capital)),
        ),
    )
    return blocks.class_head(block.heading, captions), RuledTable(
        (28, 24, 6, 22, 6, 14), (titles, *rows), header_rows=1, attached=True
    )


def _opening_and_movement(name: str) -> tuple[str, str]:
    return f"{name}.opening", f"{name}.movement"


def _capital_movement(block: AuthorisedCapital, key: str) -> Row:
    """The change of the capital; the currency alone if neither the number of shares nor the par value changed."""
    before, after = block.opening_capital, block.closing_capital
    moved = block.movement.value is not None or block.opening_par != block.closing_par
    if moved and before is not None and after is not None and before.currency == after.currency:
        grown = EXACT.subtract(after.amount, before.amount)
        return amount_pair(Money(after.currency, abs(grown)), sign=-1 if grown < 0 else 1, group=True, key=key)
    known = after or before
    return Cell(known.currency if known else ""), Cell(align="right", key=key)


# --- Part II ------------------------------------------------------------------------------------------------------


def issued(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part II, with the confirmation of the public float where the version of the form asks for it."""
    balances = (_issued_block(block, captions) for block in document.issued)
    return (Heading(captions["part_2"]), *chain.from_iterable(balances), *_public_float(document, captions))


def _public_float(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    if "part_2_public_float" not in captions:
        return ()
    return Heading(captions["part_2_public_float"], level=3), Paragraph(document.public_float or blocks.TO_FILL_IN)


def _issued_block(block: IssuedShares, captions: Captions) -> tuple[Block, ...]:
    columns = standing(_BALANCES, captions)
    lines = (("opening", block.opening), ("movement", block.movement), ("closing", block.closing))
    rows = (
        (caption(captions[f"balance_{name}"]), *drawn(columns, line, f"{block.heading.number}.{name}")) for name, line in lines
    )
    table = RuledTable((28, *widths(columns)), ((caption(""), *heads(columns, captions)), *rows), header_rows=1, attached=True)
    return blocks.class_head(block.heading, captions), table


def _moved(key: str, column: str) -> tuple[str, ...]:
    """What a closing balance is the sum of."""
    block, _, line = key.partition(".")
    return (f"{block}.opening.{column}", f"{block}.movement.{column}") if line == "closing" else ()


_BALANCES: tuple[LayoutColumn[BalanceLine], ...] = (
    LayoutColumn(
        "issued_number", 24, lambda line, key, _: number(line.issued, key=f"{key}.issued", sum_of=_moved(key, "issued"))
    ),
    LayoutColumn(
        "treasury_number", 24, lambda line, key, _: number(line.treasury, key=f"{key}.treasury", sum_of=_moved(key, "treasury"))
    ),
    LayoutColumn("total_number", 24, lambda line, key, _: number(line.total, sum_of=(f"{key}.issued", f"{key}.treasury"))),
)
