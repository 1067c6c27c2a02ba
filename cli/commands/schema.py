"""`captable schema`: what a file of facts may hold."""

from __future__ import annotations

import click

from cli import output
from infrastructure.event_codec import json_schema


@click.command()
def schema() -> None:
    """The JSON Schema of every event type: its fields, their units and meanings.

    \b
    Example:
      captable schema > events.schema.json
    """
    output.as_json(json_schema())
