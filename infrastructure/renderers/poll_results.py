"""The table of poll results laid out, and in every format: what rule 13.39(5) asks an issuer to announce, in plain words."""

from __future__ import annotations

import json
from typing import Any

from domain.events.votes import Entitled, Polled, PollRow
from domain.law.parameters import UNVERIFIED
from domain.law.rule import NO_ADVICE
from domain.meetings.poll import PollTable
from infrastructure.renderers import render_layout
from infrastructure.renderers.cells import caption, head, long_date, quantity
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph, Row, RuledTable

NOT_SAID = "not stated"

_HEADS = ("Resolution", "Class", "Votes for", "%", "Votes against", "%", "Total votes cast", "Total shares voted", "Result")
_WIDTHS = (23, 12, 13, 9, 12, 9, 13, 13, 8)


def layout(table: PollTable, issuer: str) -> Layout:
    """The pages of a table of poll results: the resolutions, then the notes."""
    meeting = table.meeting
    rows = (tuple(head(text) for text in _HEADS), *(row for each in table.resolutions for row in _rows(each)))
    title = (Heading("Poll results", level=1), Paragraph(f"{issuer}\n{meeting.name}, {long_date(meeting.on)}", align="center"))
    notes: tuple[Block, ...] = tuple(
        Paragraph(text, mark=f"({letter})") for letter, text in zip("abcdefghij", _notes(table), strict=False)
    )
    page = Page((*title, RuledTable(_WIDTHS, rows, header_rows=1), Heading("Notes"), *notes), "Poll results")
    return Layout(meeting.name, issuer, "Poll results", "rule 13.39(5)", "Page {page} of {pages}", meeting.on, (page,))


def _rows(each: Polled) -> tuple[Row, ...]:
    resolution, span = each.resolution, len(each.rows) + 1
    words = [f"{resolution.number}. {resolution.subject}"]
    words += ["Special resolution"] if resolution.special else []
    words += ["One vote a share (8A.24)"] if resolution.reserved else []
    first, *rest = (*each.rows, each.total)
    result = Cell("Passed" if each.passed else "Not passed", rowspan=span, align="center", bold=True)
    return (caption("\n".join(words), rowspan=span), *_numbers(first), result), *(_numbers(row) for row in rest)


def _numbers(row: PollRow) -> Row:
    return (
        Cell(_class(row), bold=row.share_class is None),
        quantity(row.votes_for),
        Cell(row.percent_for, align="right"),
        quantity(row.votes_against),
        Cell(row.percent_against, align="right"),
        quantity(row.votes_cast),
        quantity(row.shares_voted),
    )


def _class(row: PollRow) -> str:
    return "Total" if row.share_class is None else f"{row.share_class} ({_votes(row.votes_per_share or 1)})"


def _votes(number: int) -> str:
    return f"{number:,} vote" if number == 1 else f"{number:,} votes"


def _notes(table: PollTable) -> tuple[str, ...]:
    meeting, issued = table.meeting, sum(balance.total_issued for balance in table.issued)
    entitled = sum(part.shares for part in table.entitled)
    classes = "; ".join(f"class {balance.share_class}: {balance.total_issued:,}" for balance in table.issued)
    parts = "; ".join(_entitled(each) for each in table.entitled)
    left_out: tuple[str, ...] = ()
    if table.without_votes:
        left_out = (f"Left out of these: {table.without_votes:,} shares of classes without votes.",)
    if idle := issued - entitled - table.without_votes:
        words = f"Left out of these: {idle:,} treasury shares and shares pending cancellation"
        left_out += (f"{words}, which carry no votes [{UNVERIFIED}].",)
    return (
        "An ordinary resolution is passed by more than half of the votes cast, a special one by at least three fourths.",
        "Votes cast are those for and against; abstentions are none. Percentages are rounded half up to six decimals; all is "
        "100% and none 0%.",
        f"Shares in issue at close of the day: {issued:,} ({classes}).",
        f"Shares whose holders may attend and vote: {entitled:,} ({parts}).",
        *left_out,
        f"Shares entitled to attend, required to abstain from voting in favour (13.40): {_said(meeting.abstain_in_favour)}.",
        f"Shares required to abstain from voting: {_said(meeting.abstain)}.",
        f"Scrutineer: {meeting.scrutineer or NOT_SAID}.",
        NO_ADVICE,
    )


def _entitled(each: Entitled) -> str:
    return f"class {each.share_class}: {each.shares:,} of {_votes(each.votes_per_share)} each"


def _said(shares: int | None) -> str:
    return NOT_SAID if shares is None else f"{shares:,}"


def content(table: PollTable, issuer: str) -> dict[str, Any]:
    """The table as JSON holds it: numbers are whole, percentages are text as printed."""
    meeting = table.meeting
    return {
        "issuer": issuer,
        "meeting": meeting.name,
        "on": meeting.on.isoformat(),
        "resolutions": [polled_content(each) for each in table.resolutions],
        "issued": [{"share_class": each.share_class, "shares": each.total_issued} for each in table.issued],
        "entitled_to_vote": [
            {"share_class": each.share_class, "votes_per_share": each.votes_per_share, "shares": each.shares}
            for each in table.entitled
        ],
        "abstain_in_favour": meeting.abstain_in_favour,
        "abstain": meeting.abstain,
        "scrutineer": meeting.scrutineer,
        "notice": NO_ADVICE,
    }


def polled_content(each: Polled) -> dict[str, Any]:
    """A resolution and its rows as JSON holds them."""
    resolution = each.resolution
    return {
        "resolution": resolution.number,
        "subject": resolution.subject,
        "special": resolution.special,
        "reserved": resolution.reserved,
        "rows": [_row_content(row) for row in each.rows],
        "total": _row_content(each.total),
        "passed": each.passed,
    }


def _row_content(row: PollRow) -> dict[str, Any]:
    named = {} if row.share_class is None else {"share_class": row.share_class, "votes_per_share": row.votes_per_share}
    names = ("votes_for", "percent_for", "votes_against", "percent_against", "votes_cast", "shares_voted")
    return {**named, **{name: getattr(row, name) for name in names}}


FORMATS: tuple[str, ...] = ("text", "json", "html", "pdf")
"""The names of the formats a table can be rendered to."""


def render(table: PollTable, issuer: str, format_name: str) -> bytes:
    """A table in one of FORMATS, the same bytes on every run. Raises ValueError for an unknown format."""
    if format_name not in FORMATS:
        raise ValueError(f"unknown format {format_name!r}; expected one of {', '.join(FORMATS)}")
    if format_name == "json":
        return (json.dumps(content(table, issuer), ensure_ascii=False, indent=2) + "\n").encode()
    return render_layout(layout(table, issuer), format_name)
