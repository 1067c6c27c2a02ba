"""Answers as tables: rows of a type, which print in a Python shell, show in a notebook and become data frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import attrs

from cli import layout
from cli.layout import laid_out, shown

if TYPE_CHECKING:
    import pandas  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import polars  # type: ignore[import-not-found, unused-ignore]

T = TypeVar("T")


def fields_of(row: Any, *names: str) -> dict[str, Any]:
    """The fields of a row by their names: those named, in that order, or all of them."""
    return {name: getattr(row, name) for name in names or (field.name for field in attrs.fields(type(row)))}


@attrs.frozen(repr=False)
class Table(Sequence[T], Generic[T]):
    """Rows of one type, in order. `title` says what they are; `plain` gives the columns of a row.

    Numbers of shares are whole numbers, days are dates, what is not known is None; nothing is rounded.
    """

    title: str
    rows: tuple[T, ...]
    plain: Callable[[T], Mapping[str, Any]] = fields_of

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Table[T]: ...
    def __getitem__(self, place: int | slice) -> T | Table[T]:
        return attrs.evolve(self, rows=self.rows[place]) if isinstance(place, slice) else self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, with the same keys in each."""
        plain = [self.plain(row) for row in self.rows]
        columns = dict.fromkeys(key for row in plain for key in row)
        return [{column: row.get(column) for column in columns} for row in plain]

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame; numbers of shares stay whole. Raises ImportError if pandas is not installed."""
        import pandas

        rows = self.to_dicts()
        columns = {
            name: pandas.Series([row[name] for row in rows], dtype=_whole(rows, name)) for name in (rows[0] if rows else ())
        }
        return pandas.DataFrame(columns)

    def to_polars(self) -> polars.DataFrame:
        """A Polars data frame. Raises ImportError if Polars is not installed."""
        import polars

        rows = self.to_dicts()
        listed = [{name: list(value) if isinstance(value, tuple) else value for name, value in row.items()} for row in rows]
        return polars.DataFrame(listed, infer_schema_length=None)

    def __repr__(self) -> str:
        # As wide as it gets, whatever the terminal: a shell and a notebook show the same.
        rows = self.to_dicts()
        heads = list(rows[0]) if rows else []
        table = layout.TextTable([_caption(name) for name in heads], [[row[name] for name in heads] for row in rows])
        return "\n".join([self.title, *(laid_out([table]) if rows else ["none"])])

    def _repr_html_(self) -> str:
        rows = self.to_dicts()
        heads = "".join(f"<th>{escape(_caption(name))}</th>" for name in (rows[0] if rows else ()))
        right = {name for name in (rows[0] if rows else ()) if _numeric(rows, name)}
        cells = (
            "".join(
                f'<td style="text-align: {"right" if name in right else "left"}">{escape(shown(value))}</td>'
                for name, value in row.items()
            )
            for row in rows
        )
        body = "".join(f"<tr>{row}</tr>" for row in cells) or "<tr><td>none</td></tr>"
        return f"<table><caption>{escape(self.title)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _caption(name: str) -> str:
    return name.replace("_", " ")


def _numeric(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return all(row[name] is None or type(row[name]) is int for row in rows) and any(row[name] is not None for row in rows)


_LARGEST = 2**63 - 1


def _whole(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    """The type of a column: whole numbers, some of them perhaps not known, or anything."""
    fits = _numeric(rows, name) and all(abs(row[name] or 0) <= _LARGEST for row in rows)
    return "Int64" if fits else "object"
