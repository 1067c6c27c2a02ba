"""The folder of a run: a file for each document, and `run.json`, which has the result of each issuer.

A document is written under a passing name and renamed, and `run.json` too, so that whatever ends a run leaves whole
files. What `run.json` does not know yet is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import attrs

from domain import errors
from domain.returns.runs import IssuerOutcome, Order, Reason, RunDocument
from infrastructure.renderers import suffix_of
from infrastructure.whole_file import make_folder, put, remove_left_parts

MANIFEST = "run.json"
LONGEST_NAME = 120


class NotThatRun(errors.BadInput):
    """The folder holds another run, or something else under the name of one; the message says what to do."""


def order_in(folder: Path) -> Order | None:
    """What the run in a folder was asked for; None if there is none. Raises NotThatRun if that cannot be read."""
    manifest = _read(folder)
    return None if manifest is None else _order(folder, manifest)


def file_name(issuer: str, order: Order, format_name: str) -> str:
    """The name of a document's file. An issuer's code can hold a slash, which must not lead out of the folder."""
    code = quote(issuer, safe=" ()&")
    if len(code) > LONGEST_NAME:
        code = f"{code[:40]}-{sha256(issuer.encode(errors='surrogateescape')).hexdigest()}"
    return f"{code}-monthly-{order.month_end:%Y-%m}.{suffix_of(format_name)}"


def described(order: Order, issuer: str, format_name: str, content: bytes) -> RunDocument:
    """The document of an issuer in a rendering: its name in the folder, and the digest of its content."""
    return RunDocument(format_name, file_name(issuer, order, format_name), sha256(content).hexdigest())


@attrs.frozen
class RunFolder:
    """The documents of one run; `program` is the version that makes them, because another may make other bytes."""

    path: Path
    order: Order
    program: str

    def begin(self) -> dict[str, IssuerOutcome]:
        """Make the folder if there is none, and give what an earlier run of the same order says it did.

        Raises NotThatRun if the folder holds a run of another order.
        """
        make_folder(self.path)
        remove_left_parts(self.path)
        manifest = _read(self.path)
        if manifest is None:
            return {}
        if (earlier := _order(self.path, manifest)) != self.order:
            raise NotThatRun(f"{self.path} holds another run: {in_words(earlier)}; name another folder")
        return _outcomes(self.path, manifest) if manifest.get("program") == self.program else {}

    def keep(self, document: RunDocument, content: bytes) -> None:
        """Write a document, whole or not at all."""
        # Not forced to the disk one by one: after a power failure the digest shows what has to be made again.
        self._put(document.file, content, synced=False)

    def whole(self, outcome: IssuerOutcome) -> bool:
        """Whether every rendering of a return is there, with the bytes that were written."""
        expected = {(name, file_name(outcome.issuer, self.order, name)) for name in self.order.formats}
        there = {(document.format, document.file) for document in outcome.documents}
        return there == expected and all(self._holds(document) for document in outcome.documents)

    def _holds(self, document: RunDocument) -> bool:
        try:
            return sha256((self.path / document.file).read_bytes()).hexdigest() == document.sha256
        except OSError:
            return False

    def write(self, outcomes: Iterable[IssuerOutcome]) -> None:
        """Write down what happened to each issuer so far."""
        issuers = {each.issuer: _written(each) for each in sorted(outcomes, key=lambda each: each.issuer)}
        manifest = {**_order_written(self.order), "program": self.program, "issuers": issuers}
        self._put(MANIFEST, (json.dumps(manifest, ensure_ascii=True, indent=1) + "\n").encode(), synced=True)

    def _put(self, name: str, content: bytes, *, synced: bool) -> None:
        put(self.path / name, content, synced=synced)


def in_words(order: Order) -> str:
    """An order for a message: the Monthly Returns for November 2024, submitted on 5 December 2024, as pdf."""
    drafts = ", with drafts" if order.drafts else ""
    submitted = f"submitted on {order.submitted_on:%-d %B %Y}"
    return f"the Monthly Returns for {order.month_end:%B %Y}, {submitted}, as {' and '.join(order.formats)}{drafts}"


# --- as written in run.json -----------------------------------------------------------------------------------------


def _order_written(order: Order) -> dict[str, Any]:
    return {
        "return": "monthly",
        "month_end": order.month_end.isoformat(),
        "submitted_on": order.submitted_on.isoformat(),
        "formats": list(order.formats),
        "drafts": order.drafts,
    }


def _written(outcome: IssuerOutcome) -> dict[str, Any]:
    status = "held back" if not outcome.made else "draft" if outcome.reason else "made"
    said = {name: value for name, value in attrs.asdict(outcome).items() if name != "issuer" and value not in (None, ())}
    return {"status": status, **said}


def _read(folder: Path) -> Mapping[str, Any] | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        raise _unreadable(folder) from None
    if not isinstance(manifest, Mapping):
        raise _unreadable(folder)
    return manifest


def _unreadable(folder: Path) -> NotThatRun:
    return NotThatRun(f"{folder / MANIFEST} cannot be read as that of a run; remove it to begin again, or name another folder")


def _order(folder: Path, manifest: Mapping[str, Any]) -> Order:
    try:
        month_end, submitted_on = (date.fromisoformat(manifest[name]) for name in ("month_end", "submitted_on"))
        return Order(month_end, submitted_on, tuple(map(str, manifest["formats"])), bool(manifest["drafts"]))
    except (KeyError, TypeError, ValueError):
        raise _unreadable(folder) from None


def _outcomes(folder: Path, manifest: Mapping[str, Any]) -> dict[str, IssuerOutcome]:
    try:
        return {code: _outcome(code, said) for code, said in manifest["issuers"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _unreadable(folder) from None


def _outcome(code: str, said: Mapping[str, Any]) -> IssuerOutcome:
    documents = tuple(RunDocument(**{name: str(value) for name, value in each.items()}) for each in said.get("documents", ()))
    reason = said.get("reason")
    if reason not in (None, *get_args(Reason)):
        raise ValueError(reason)
    return IssuerOutcome(code, int(said["number"]), str(said["hash"]), documents, reason, tuple(map(str, said.get("said", ()))))
