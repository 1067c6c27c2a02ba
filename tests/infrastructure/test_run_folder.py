"""The folder of a run: whole files under names that lead nowhere else, and a manifest that is believed only where it fits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from hashlib import sha256

import attrs
import pytest

from domain.returns.runs import IssuerOutcome, Order, RunDocument
from infrastructure.run_folder import MANIFEST, NotThatRun, RunFolder, described, file_name, order_in

DECEMBER = Order(date(2024, 12, 31), date(2025, 1, 6), ("pdf", "json"))


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    return RunFolder(tmp_path / "december", DECEMBER, "1.0")


def finished(folder: RunFolder) -> IssuerOutcome:
    return IssuerOutcome("00001", 4, "ab", tuple(kept(folder, name, name.encode()) for name in DECEMBER.formats))


def kept(folder: RunFolder, format_name: str, content: bytes) -> RunDocument:
    document = described(folder.order, "00001", format_name, content)
    folder.keep(document, content)
    return document


def test_a_document_is_a_file_with_the_issuer_and_the_month_in_its_name(folder):
    assert folder.begin() == {}
    document = kept(folder, "pdf", b"content")
    assert document.file == "00001-monthly-2024-12.pdf"
    assert document.sha256 == sha256(b"content").hexdigest()
    assert [(path.name, path.read_bytes()) for path in folder.path.iterdir()] == [(document.file, b"content")]


def test_what_was_written_down_is_read_again(folder):
    folder.begin()
    outcomes = [finished(folder), IssuerOutcome("00002", 9, "cd", (), "not prepared", ("it begins later",))]
    folder.write(outcomes)
    assert folder.begin() == {outcome.issuer: outcome for outcome in outcomes}
    assert order_in(folder.path) == DECEMBER
    shown = json.loads((folder.path / MANIFEST).read_text())["issuers"]
    assert [each["status"] for each in shown.values()] == ["made", "held back"]


def test_a_document_stands_while_every_rendering_has_its_bytes(folder):
    folder.begin()
    outcome = finished(folder)
    assert folder.whole(outcome)
    assert not folder.whole(attrs.evolve(outcome, documents=outcome.documents[:1]))
    (folder.path / outcome.documents[0].file).write_bytes(b"pdg")
    assert not folder.whole(outcome)
    (folder.path / outcome.documents[0].file).unlink()
    assert not folder.whole(outcome)


def test_a_manifest_cannot_vouch_with_another_file(folder):
    folder.begin()
    (folder.path / "other").write_bytes(b"pdf")
    outcome = finished(folder)
    elsewhere = attrs.evolve(outcome.documents[0], file="other")
    assert not folder.whole(attrs.evolve(outcome, documents=(elsewhere, outcome.documents[1])))


def test_another_version_of_the_program_makes_everything_again(folder):
    folder.begin()
    folder.write([finished(folder)])
    assert attrs.evolve(folder, program="1.1").begin() == {}


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(DECEMBER, month_end=date(2024, 11, 30)),
        attrs.evolve(DECEMBER, submitted_on=date(2025, 1, 7)),
        attrs.evolve(DECEMBER, formats=("pdf",)),
        attrs.evolve(DECEMBER, drafts=True),
    ],
)
def test_a_run_of_another_order_does_not_share_the_folder(folder, other):
    folder.begin()
    folder.write([])
    with pytest.raises(NotThatRun, match="holds another run: the Monthly Returns for December 2024, submitted on 6 January 2025"):
        attrs.evolve(folder, order=other).begin()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"month_end": "2024-12-31"}', b'{"month_end": 1, "submitted_on": 2}'],
)
def test_a_manifest_that_is_none_is_named(folder, content):
    folder.path.mkdir()
    (folder.path / MANIFEST).write_bytes(content)
    with pytest.raises(NotThatRun, match=r"run\.json cannot be read as that of a run"):
        folder.begin()


@pytest.mark.parametrize(
    "issuers",
    [[], {"1": None}, {"1": {}}, {"1": {"number": "x", "hash": ""}}, {"1": {"number": 1, "hash": "", "reason": "because"}},
     {"1": {"number": 1, "hash": "", "documents": [{"file": "x"}]}}],
)  # fmt: skip
def test_outcomes_that_are_none_are_named(folder, issuers):
    folder.begin()
    folder.write([])
    shown = json.loads((folder.path / MANIFEST).read_text())
    (folder.path / MANIFEST).write_text(json.dumps({**shown, "issuers": issuers}))
    with pytest.raises(NotThatRun):
        folder.begin()


def test_what_an_interrupted_run_had_not_finished_writing_is_cleared_away(folder):
    folder.path.mkdir()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (folder.path / f".captable-{gone.pid}-{'0' * 32}.part").write_bytes(b"half")
    others = ("mine.part", ".mine.pdf.part", f".captable-{os.getppid()}-{'0' * 32}.part", ".captable-1-.part")
    for name in others:
        (folder.path / name).write_bytes(b"kept")
    folder.begin()
    assert {path.name for path in folder.path.iterdir()} == set(others)


def test_codes_of_issuers_that_differ_have_files_that_differ():
    codes = ["A/B", "A%2FB", "A B", "A_B", "x" * 200, "x" * 201, "..", "."]
    names = [file_name(code, DECEMBER, "pdf") for code in codes]
    assert len(set(names)) == len(codes)
