"""The text of a PDF by a second library, in a process of its own that may end at any time."""

from __future__ import annotations

import io
import json
import struct

import pytest

from infrastructure.files.published.sources import second_reading
from infrastructure.files.published.sources.second_reading import SecondReader
from infrastructure.renderers import render
from tests.infrastructure import sample_documents as sample

PDF = render(sample.next_day_december_2024(), "pdf")
SHARES = "1,865,000,000"


@pytest.fixture
def reader():
    found = SecondReader()
    yield found
    found.close()


def test_the_text_of_every_page_is_read_and_what_is_no_pdf_has_none(reader):
    first, *_ = reader.pages(PDF)
    assert SHARES in first
    assert reader.pages(b"no PDF") is None
    assert reader.pages(PDF)[0] == first


def test_a_process_that_has_ended_is_started_again_for_the_next_file(reader):
    assert SHARES in reader.pages(PDF)[0]
    ended = reader._process
    ended.kill()
    ended.wait(30)
    assert SHARES in reader.pages(PDF)[0]
    assert reader._process is not ended


def test_a_file_that_takes_too_long_is_given_up(reader, monkeypatch):
    monkeypatch.setattr(second_reading, "LONGEST_SECONDS", 0)
    assert reader.pages(PDF * 20) is None


def test_the_other_process_reads_each_page_and_answers_nothing_for_what_it_cannot_read():
    """As in that process, which gets a length and as many bytes, and gives the same."""
    assert any(SHARES in page for page in second_reading._texts(PDF))
    assert second_reading._texts(b"no PDF") is None


def test_what_is_sent_is_received_whole_and_an_end_is_an_end():
    pipe = io.BytesIO()
    second_reading._send(pipe, json.dumps(["one", "two"]).encode())
    pipe.seek(0)
    assert json.loads(second_reading._received(pipe)) == ["one", "two"]
    for ended in (b"", b"\0\0", struct.pack("<Q", 5)):
        with pytest.raises(EOFError):
            second_reading._received(io.BytesIO(ended))
