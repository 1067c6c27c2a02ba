"""Drawing the pages: Jinja's environment, and how values are written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from application.due import moment
from application.release import is_same_person
from cli import output
from cli.entries import difference, fact_in, named, quantity_of, subject_of, wait_for_release
from cli.web import register, returns, views
from cli.web.asked import written
from cli.web.captions import CAPTIONS
from cli.web.page import WebPage
from domain.disclosure.deadlines import POLL, Obligation
from domain.events import Event, FactProposed
from domain.law.business_days import HONG_KONG
from domain.law.rule import NO_ADVICE, Rule
from infrastructure.renderers import html


def draw(view: WebPage, path: str, query: Mapping[str, str], *, fixed: bool = False) -> bytes:
    """A page as UTF-8; `path` and `query` are its own address. One that is `fixed` asks for no other viewpoint."""

    def here(**changed: object) -> str:
        """The address of this page with some of its query changed; None leaves a part out."""
        kept = {name: str(value) for name, value in {**query, **changed}.items() if value not in (None, "")}
        return f"{path}?{urlencode(kept)}" if kept else path

    asked = view.values.get("asked")
    helpers = {"fixed": fixed, "here": here, "return_href": _return_address(view, asked)}
    template = _environment().get_template(view.template)
    return template.render({"notice": NO_ADVICE, **view.values, **helpers}).encode()


def _return_address(view: WebPage, asked: Any) -> Any:
    def address(each: Obligation) -> str:
        if each.kind == POLL:
            return ""
        given = {"submitted_on": each.filed_on} if each.filed_on else {}
        return returns.return_address(view.values["code"], each.kind, each.about, asked, **given)

    return address


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cli.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": lambda value: f"{value:,}",
        "day": output.day,
        "moment": output.moment,
        "short": output.short,
        "clock": lambda value: f"{value.astimezone(HONG_KONG):%H:%M} HKT",
        "deadline": moment,
        "in_words": lambda line: named(line.entry.event, line.replaced),
        "subject": lambda event: subject_of(event) or "",
        "quantity": _quantity,
        "in_force": _in_force,
        "difference": difference,
        "fact": lambda entry: named(fact_in(entry.event)),
        "left_out": wait_for_release,
        "kind": html.kind,
        "scope": html.scope,
    }
    environment.tests["waiting_fact"] = lambda event: isinstance(event, FactProposed)
    environment.globals |= {
        "is_same_person": is_same_person,
        "static": static_address,
        "captions": CAPTIONS,
        "signs": views.SIGNS,
        "written": written,
        "run": register.runs_joined,
        "countdown": views.countdown,
        "columns": html.columns,
    }
    return environment


def _quantity(event: Event) -> str:
    found = quantity_of(event)
    return "" if found is None else f"{found:,}"


def _in_force(rule: Rule) -> str:
    since = "" if rule.in_force_from == date.min else f"since {output.day(rule.in_force_from)}"
    until = f"to {output.day(rule.in_force_until - timedelta(days=1))}" if rule.in_force_until else ""
    return " ".join(filter(None, (since, until))) or "throughout"


# --- static files -------------------------------------------------------------------------------------------------


@cache
def static_address(name: str) -> str:
    """The address of a static file; it changes with the content, so that a browser may keep it for good."""
    content = (files("cli.web") / "static" / name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}"
