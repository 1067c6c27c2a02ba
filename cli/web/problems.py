"""Problem details (RFC 9457): how an error is answered, by the same words with which a command would end."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

import attrs
from starlette.exceptions import HTTPException

from domain.errors import BadInput, Damaged, Failure, MayBeRecorded, NoBook, NotFound, Refused, StoreUnusable
from domain.law.rule import UnknownRule
from domain.returns.filings import NotPrepared
from domain.returns.forms import NoForm

LOG = logging.getLogger("captable")


PROBLEM_TYPE = "application/problem+json"


@attrs.frozen
class Problem:
    """What went wrong: `code` is a word for programs, `title` the kind of problem, `detail` this one in a sentence.

    `errors` has a line for each thing that is wrong, if there are several; `headers` go with the answer.
    """

    code: str
    status: int
    title: str
    detail: str
    errors: tuple[str, ...] = ()
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class ProblemDetails:
    """A problem as RFC 9457 writes it. `code` is the word of the exit code with which a command would have ended."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[str, ...] = ()


def details(problem: Problem) -> ProblemDetails:
    """A problem as it is sent."""
    named = f"urn:captable:problem:{problem.code.replace(' ', '-')}"
    return ProblemDetails(named, problem.title, problem.status, problem.detail, problem.code, problem.errors)


NOT_FOUND, BAD_INPUT, DAMAGED = "not found", "bad input", "damaged"
_KINDS: tuple[tuple[type[Exception], str, int, str], ...] = (
    (NotPrepared, NOT_FOUND, 404, "There is no such return"),
    (NoForm, NOT_FOUND, 404, "There is no such return"),
    (UnknownRule, NOT_FOUND, 404, "Not found"),
    (NotFound, NOT_FOUND, 404, "Not found"),
    (NoBook, NOT_FOUND, 404, "Not found"),
    (StoreUnusable, DAMAGED, 503, "The store cannot be used"),
    (BadInput, BAD_INPUT, 400, "The request cannot be read"),
    (Refused, "refused", 409, "Nothing was recorded"),
    (Damaged, DAMAGED, 500, "The store is damaged"),
    (MayBeRecorded, "uncertain", 503, "It may have been recorded: send the same request again"),
)
"""How errors are answered: by the first of these that they are."""


def problem_of(error: Exception) -> Problem:
    """How an error is answered. One that nobody foresaw is logged, and its words are not shown."""
    if isinstance(error, HTTPException):
        return Problem(
            NOT_FOUND if error.status_code == 404 else BAD_INPUT,
            error.status_code,
            HTTPStatus(error.status_code).phrase,
            error.detail,
            headers=error.headers or {},
        )
    for kind, code, status, title in _KINDS:
        if isinstance(error, kind):
            lines = error.lines if isinstance(error, Failure) else ()
            return Problem(code, status, title, str(error), lines if len(lines) > 1 else ())
    LOG.error("unexpected %s", type(error).__name__, exc_info=error)
    return Problem("unexpected", 500, "Unexpected error", "It is in the server's log; please report it.")
