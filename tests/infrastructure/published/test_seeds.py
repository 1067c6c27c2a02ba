"""Three returns as the worked issuer published them, in copies whose columns are mangled: every figure is read right.

The copies are not part of this project; the tests look for them in a folder beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import attrs
import pytest

from domain.returns.documents import NextDayReturn, Return
from domain.returns.printed import as_printed, cells
from infrastructure.files.published import ReadReturn, read_return
from infrastructure.files.published.settle import FIGURES
from tests.infrastructure import sample_documents as sample

FOLDER = next((path / "shared" / "seeds" for path in Path(__file__).parents if (path / "shared" / "seeds").is_dir()), None)


def as_filed_in_2022() -> NextDayReturn:
    """The published return opens class A on the day it closes: a slip of the filing."""
    document = sample.next_day_december_2022()
    first, second = document.sections
    slipped = attrs.evolve(second, opening=attrs.evolve(second.opening, on=date(2022, 12, 30)))
    return attrs.evolve(document, sections=(first, slipped))


SEEDS: dict[str, Callable[[], Return]] = {
    "monthly-return-2024-12.txt": sample.monthly_december_2024,
    "next-day-disclosure-2022-12-30.txt": as_filed_in_2022,
    "next-day-disclosure-2024-12-17.txt": sample.next_day_december_2024,
}


def read(name: str) -> ReadReturn:
    path = FOLDER / name if FOLDER is not None else None
    if path is None or not path.exists():
        pytest.skip(f"{name}: the published copies are not in a folder shared/seeds beside the project")
    return read_return(path.read_bytes(), name)


@pytest.mark.parametrize("name", SEEDS)
def test_every_figure_code_and_category_of_a_mangled_copy_is_read_right(name: str) -> None:
    found, truth = cells(read(name).document), cells(as_printed(SEEDS[name]()))
    assert found.keys() == truth.keys()
    exact = [path for path, cell in truth.items() if cell.kind in FIGURES or path.endswith(EXACT_WORDS)]
    assert {path: found[path].value for path in exact} == {path: truth[path].value for path in exact}


EXACT_WORDS = ("stock_code", "type_label", "class_label", "listed", "category", "label", "status", "number", "title")


def test_what_the_copy_leaves_open_is_doubtful() -> None:
    """Where columns are lost nothing says whether 0 is what may be issued or what may be granted; HKD 1.5 is in two pieces."""
    doubtful = read("monthly-return-2024-12.txt").doubtful
    assert {"options[0].rows[0].may_be_issued", "other_movements[0].rows[0].price", "issuer_name"} <= doubtful.keys()


def test_the_slip_of_2022_is_found_without_a_book() -> None:
    assert [each.says for each in read("next-day-disclosure-2022-12-30.txt").broken] == ["every class has the same opening date"]
