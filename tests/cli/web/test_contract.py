"""The API keeps what its description says, whatever it is asked: no fault of the server, no answer that is not described."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

from cli.web.app import LOCAL, application
from cli.web.guards import Policy, Rate
from cli.web.holders import WRITE, Holder
from cli.web.openapi import description
from tests.cli.web.conftest import desk_of
from tests.cli.web.running import running

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
"""That a request which fits the description is taken is not one of them: a day of the year 1 is well-formed, and refused."""

OPERATIONS = [operation["operationId"] for path in description(writable=True)["paths"].values() for operation in path.values()]
EXAMPLES = 12


@pytest.fixture
def address(store) -> Iterator[str]:
    """Where an API that records too answers, however often it is asked."""
    policy = Policy(hosts=LOCAL, writable=True, local=Holder("secretary", None, WRITE), rate=Rate(10**9, 10**9))
    with running(application(desk_of(store, writable=True), policy)) as (host, port):
        yield f"http://{host}:{port}"


THERE = {"code": "00020", "number": 10, "month": "2024-12", "on": "2024-12-17", "rule": "HK302"}
"""Paths that lead to something in the book."""


def answers(address, name, **wanted):
    """The status codes with which an operation answered, each answer as it is described."""
    operation, found = schemathesis.openapi.from_url(f"{address}/v1/openapi.json").find_operation_by_id(name), set()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(**wanted))
    def as_described(case):
        answer = case.call()
        found.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    as_described()
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_fits_the_description_is_answered_as_described(address, name):
    path = next(
        path for path, each in description(writable=True)["paths"].items() for it in each.values() if it["operationId"] == name
    )
    given_path = {key: value for key, value in THERE.items() if f"{{{key}}}" in path}
    found = answers(address, name, **({"path_parameters": given_path} if given_path else {}))
    # What is generated to record are facts with fields left out; no entry of the book waits for release.
    assert {"record": 400, "release": 409}.get(name, 200) in found


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_does_not_fit_is_refused_as_described(address, name):
    assert answers(address, name, generation_mode=GenerationMode.NEGATIVE)
