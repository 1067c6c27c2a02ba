"""Sources, confidence, findings and disclaimer of a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs
import click

from cli.table import fields_of
from domain.events.fields import FieldError
from domain.law.parameters import VERIFIED, Parameter
from domain.law.rule import NO_ADVICE, Finding, Rule
from infrastructure.readers import values


class ValueType(click.ParamType):  # type: ignore[type-arg]
    """What a reader of values takes, in the words of its own errors."""

    def __init__(self, reader: Any, name: str) -> None:
        self.reader, self.name = reader, name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value written, or a usage error."""
        if not isinstance(value, str):
            return value
        try:
            return self.reader(value)
        except values.UnreadableValue as error:
            self.fail(str(error), param, ctx)


SHARES, MONEY = ValueType(values.whole, "shares"), ValueType(values.money, "money")


@contextmanager
def usage_errors() -> Iterator[None]:
    """What the arithmetic refuses is a usage error that names the option."""
    try:
        yield
    except FieldError as error:
        raise click.UsageError(f"--{FLAGS.get(error.field, error.field).replace('_', '-')}: {error}") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None


FLAGS = {"share_class": "class", "document_on": "on", "exercises": "exercised"}


def sources(parameters: Iterable[Parameter[Any]]) -> list[str]:
    """A line for every source of a result, those first that were not verified; then that it is no advice."""
    ordered = sorted(parameters, key=lambda parameter: parameter.confidence == VERIFIED)
    said = [f"{parameter.confidence}: {parameter.title} ({parameter.citation})" for parameter in ordered]
    return ["", *said, NO_ADVICE]


def finding_lines(found: Iterable[Finding]) -> list[str]:
    """A line for every finding, with its source and how sure that is."""
    return [f"{finding.code} {finding.message} [{finding.citation}; {finding.confidence}]" for finding in found]


def sourced(result: Mapping[str, Any], parameters: Iterable[Parameter[Any]] = ()) -> dict[str, Any]:
    """A result with what it depends on, as JSON has it."""
    sources = [fields_of(parameter, "code", "title", "citation", "confidence") for parameter in parameters]
    return {**result, "rests_on": sources, "notice": NO_ADVICE}


def finding_rows(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON holds them."""
    return [attrs.asdict(finding) for finding in found]


def named(rules: Iterable[Rule]) -> list[dict[str, str]]:
    """Rules as JSON names them, where they are not checked."""
    return [{"code": rule.code, "title": rule.title, "citation": rule.citation, "confidence": rule.confidence} for rule in rules]
