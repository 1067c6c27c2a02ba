"""A chart as an SVG file of its own: what the page shows of each class, without its links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined

from application.series import Series
from cli import output
from cli.web import charts
from cli.web.charts import Timeline

HEAD = 28
"""The height of the line above each class, in pixels."""


@attrs.frozen
class Panel:
    """A class in the chart: how far down it stands, and its drawing."""

    share_class: str
    down: int
    timeline: Timeline


def drawing(issuer: str, classes: Sequence[Series], since: date, until: date) -> str:
    """The classes of an issuer over some days, one below the other."""
    tall = HEAD + charts.HEIGHT
    panels = [
        Panel(each.share_class, tall * place + HEAD, charts.timeline(each, None, (since, until), charts.WIDE, (), ()))
        for place, each in enumerate(classes)
    ]
    environment = Environment(
        loader=PackageLoader("cli.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    days = f"{output.day(since)} to {output.day(until)}"
    shown = {"issuer": issuer, "days": days, "panels": panels, "width": charts.WIDE, "height": tall * len(panels)}
    return environment.get_template("chart.svg").render(shown)
