"""Problem details (RFC 9457): how an error is answered, by the same words with which a command would end."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

import attrs
from starlette.exceptions import HTTPException

from cli.errors import BAD_INPUT, DAMAGED, REFUSED

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


NOT_FOUND = "not found"
_KINDS: dict[str, tuple[str, int, str]] = {
    "BadQuery": (BAD_INPUT, 400, "The address cannot be read"),
    "BadInput": (BAD_INPUT, 400, "What was sent cannot be read"),
    "Unreadable": (BAD_INPUT, 400, "What was sent cannot be read"),
    "NotPrepared": (NOT_FOUND, 404, "There is no such return"),
    "NoForm": (NOT_FOUND, 404, "There is no such return"),
    "UnknownRule": (NOT_FOUND, 404, "Not found"),
    "NotFound": (NOT_FOUND, 404, "Not found"),
    "NoBook": (NOT_FOUND, 404, "Not found"),
    "NotRecorded": (REFUSED, 409, "Nothing was recorded"),
    "Refused": (REFUSED, 409, "Nothing was recorded"),
    "Conflict": (REFUSED, 409, "Somebody else is writing to this book"),
    "StoreDamaged": (DAMAGED, 500, "The store is damaged"),
    "StoreUnusable": (DAMAGED, 503, "The store cannot be read"),
}


def problem_of(error: Exception) -> Problem:
    """How an error is answered. One that nobody foresaw is logged, and its words are not shown."""
    if isinstance(error, HTTPException):
        return Problem(
            NOT_FOUND if error.status_code == 404 else BAD_INPUT,
            error.status_code,
            _phrase(error),
            error.detail,
            headers=error.headers or {},
        )
    kind = next((each.__name__ for each in type(error).__mro__ if each.__name__ in _KINDS), None)
    if kind is None:
        LOG.error("unexpected %s", type(error).__name__, exc_info=error)
        return Problem("unexpected", 500, "Unexpected error", "It is in the server's log; please report it.")
    code, status, title = _KINDS[kind]
    return Problem(code, status, title, str(error))


def _phrase(error: HTTPException) -> str:
    return HTTPStatus(error.status_code).phrase
