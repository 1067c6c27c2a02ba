"""`captable returns-run` and `captable issuers`: a store of many issuers, and the returns of them all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

import attrs
import click

from application.issuers import BookSummary, books
from application.returns_run import Made, remaining
from cli import options, run_worker
from cli.answers import JSON, TEXT, Answer, answering, deliver
from cli.errors import DAMAGED, FINDINGS
from cli.layout import TextTable
from cli.progress import with_progress
from cli.session import stands
from cli.wiring import opened, reads_from
from domain.errors import NotFound
from domain.returns.forms import MONTHLY, form_for
from domain.returns.runs import IssuerOutcome, Order
from domain.values import month_end_of
from infrastructure.cluster import spread_over
from infrastructure.renderers import FORMATS
from infrastructure.run_folder import MANIFEST, RunFolder, in_words, order_in
from infrastructure.store_url import is_server
from infrastructure.workers import processors, spread

WRITE_SECONDS = 1
"""How often the manifest is written: what a crash makes the next run do again."""

WRITE_SHARE = 50
"""And at most a fiftieth of the time goes into writing it: with thousands of issuers it is long."""

LINES = 3
"""How many findings of a book the report shows; the manifest has them all."""


# --- the run ----------------------------------------------------------------------------------------------------------


@click.command(name="returns-run")
@click.option("--month", type=options.Month(), required=True, help="The month: 2024-12.")
@options.submitted_on("default: that of the run continued, or today")
@click.option("-o", "--output", "path", metavar="DIR", required=True, help="The folder of the documents; created if missing.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    default=("pdf",),
    show_default=True,
    help="The rendering; may be given several times.",
)
@click.option("--drafts", is_flag=True, help="Also make the returns of books with findings, marked DRAFT.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that share the work (default: one for each processor).")
@click.option("--cluster", metavar="URL", help="Share the work with a Dask cluster instead: tcp://SCHEDULER:8786.")
@options.as_json
@options.store
def returns_run(
    month: tuple[int, int], submitted_on: date | None, path: str, formats: tuple[str, ...],
    drafts: bool, workers: int | None, cluster: str | None, as_json: bool, store: str | None,
) -> None:  # fmt: skip
    """The Monthly Returns of all issuers of a store, and a report of what was made and what was held back.

    A run that was interrupted goes on where it stopped: what is there and whole is not made again, unless its book has
    grown. Exit code 1 if a return was held back; run.json in the folder says why.

    \b
    Examples:
      captable returns-run --month 2024-12 --submitted-on 2025-01-06 -o december
      captable returns-run --month 2024-12 --submitted-on 2025-01-06 -o december --format pdf --format json
      captable returns-run --month 2024-12 -o december --cluster tcp://scheduler:8786 --store postgresql://clerk@db1/captable
    """
    share = _spread(workers, cluster, reads_from(store))
    order = _order(Path(path), month, submitted_on, tuple(dict.fromkeys(formats)), drafts=drafts)
    folder = RunFolder(Path(path), order, version("captable"))
    kept, fresh = _run(folder, reads_from(store), share)
    stands(f"the returns that were made are in {folder.path}, with {MANIFEST}")
    held = [each for each in (*kept, *fresh) if each.reason]
    said = f"written to {folder.path}; {MANIFEST} there has the result of each issuer"
    deliver(attrs.evolve(_report(order, kept, fresh, held), said=[said]), JSON if as_json else TEXT)


def _order(folder: Path, month: tuple[int, int], submitted_on: date | None, formats: tuple[str, ...], *, drafts: bool) -> Order:
    continued = None if submitted_on else order_in(folder)
    submitted = submitted_on or (continued.submitted_on if continued else options.today())
    # Asked here, since no issuer can have a return without a form.
    form_for(MONTHLY, submitted)
    return Order(month_end_of(date(*month, 1)), submitted, formats, drafts)


Spread = Callable[[Callable[[str], Made], list[str]], Iterator[Made]]
"""Has some work done on issuers, somewhere, and gives the results as they come."""


def _spread(workers: int | None, cluster: str | None, store: str) -> Spread:
    if cluster is None:
        return partial(spread, workers=workers or processors())
    if workers is not None:
        raise click.UsageError("expected --workers or --cluster, got both: a cluster has the workers that joined it")
    if not is_server(store):
        raise click.UsageError(
            "--cluster reads from a server, which every worker reaches: --store postgresql://user@host/database"
        )
    return partial(spread_over, cluster)


def _run(folder: RunFolder, store: str, share: Spread) -> tuple[list[IssuerOutcome], list[IssuerOutcome]]:
    """What stood from an earlier run, and what was made or held back now."""
    with opened(store) as books:
        heads = {code: books.head(code) for code in books.issuers()}
    if not heads:
        raise NotFound("this store is empty: begin with captable new")
    todo, kept = remaining(heads, folder.begin(), whole=folder.whole)
    fresh: list[IssuerOutcome] = []
    written, pause = time.monotonic(), float(WRITE_SECONDS)
    work = partial(run_worker.made, run_worker.Job(store, folder.order, folder.program))
    try:
        for made in with_progress(share(work, todo), len(todo), "returns"):
            for document, content in zip(made.outcome.documents, made.contents, strict=True):
                folder.keep(document, content)
            fresh.append(made.outcome)
            if (begun := time.monotonic()) - written > pause:
                folder.write([*kept, *fresh])
                written = time.monotonic()
                pause = max(WRITE_SECONDS, WRITE_SHARE * (written - begun))
    finally:
        run_worker.close()
        folder.write([*kept, *fresh])
    return kept, fresh


# --- the report -------------------------------------------------------------------------------------------------------


def _report(order: Order, kept: list[IssuerOutcome], fresh: list[IssuerOutcome], held: list[IssuerOutcome]) -> Answer:
    made = sum(each.made for each in fresh)
    left = sum(not each.made for each in fresh)
    drafts = sum(each.made and each.reason is not None for each in (*kept, *fresh))
    reasons = [{name: value for name, value in attrs.asdict(each).items() if name != "documents"} for each in held]
    counts = {"made": made, "kept": len(kept), "drafts": drafts, "held_back": left}

    def text() -> Iterator[str | TextTable]:
        said = [f"{made:,} made", f"{len(kept):,} kept from before"] if kept else [f"{made:,} made"]
        said += [f"{drafts:,} of them marked DRAFT"] if drafts else []
        yield f"{in_words(order)[4:]}: {', '.join(said)}, {left:,} held back"
        if held:
            rows = [row for each in sorted(held, key=lambda each: each.issuer) for row in _rows(each)]
            yield TextTable(("issuer", "entries", "", "why"), rows)

    return Answer(
        content={"month_end": order.month_end, **counts, "reasons": reasons},
        rows=reasons,
        text=text,
        code=FINDINGS if held else 0,
    )


def _rows(outcome: IssuerOutcome) -> Iterator[Sequence[object]]:
    what = f"marked DRAFT: {outcome.reason}" if outcome.made else str(outcome.reason)
    more = len(outcome.said) - LINES
    yield [outcome.issuer, outcome.number, what, outcome.said[0] if outcome.said else ""]
    yield from (("", "", "", line) for line in outcome.said[1:LINES])
    if more > 0:
        yield ["", "", "", f"and {more:,} more"]


# --- captable issuers -------------------------------------------------------------------------------------------------


@click.command()
@answering()
@options.store
def issuers(store: str | None) -> Answer:
    """The issuers of a store: code, name, number of entries, when the last one was recorded.

    \b
    Example:
      captable issuers
    """
    with opened(reads_from(store)) as there:
        found = books(there)
    rows = [attrs.asdict(each) for each in found]
    table = TextTable(("issuer", "name", "entries", "last recorded"), [_listed_row(each) for each in found])
    return Answer(
        content=rows,
        rows=rows,
        columns=("issuer",),
        text=lambda: [table] if found else [],
        aside=None if found else "this store is empty: begin with captable new",
        code=DAMAGED if any(each.damage for each in found) else 0,
    )


def _listed_row(each: BookSummary) -> list[object]:
    name = each.damage or " ".join(filter(None, (each.name, each.chinese_name)))
    return [each.issuer, name, each.entries, each.recorded_at]
