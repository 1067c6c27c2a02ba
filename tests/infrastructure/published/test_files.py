"""What is no return, or no whole one, is refused with one sentence; what two readings do not confirm is not taken as exact."""

from __future__ import annotations

import random
import re
from io import BytesIO

import pypdfium2
import pytest

from infrastructure.files.published import read_return
from infrastructure.files.published.sources import pdf, source_of
from infrastructure.files.published.sources.second_reading import SecondReader
from infrastructure.readers.values import UnreadableValue
from infrastructure.renderers import render
from tests.infrastructure import sample_documents as sample

TEXT = render(sample.next_day_december_2024(), "text").decode()
PDF = render(sample.next_day_december_2024(), "pdf")


def refusal(content: bytes, name: str = "file") -> str:
    with pytest.raises(UnreadableValue) as raised:
        read_return(content, name)
    return str(raised.value)


def blank_pdf(pages: int) -> bytes:
    """A PDF with pages on which nothing is written."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def encrypted() -> bytes:
    """A PDF whose trailer names an encryption that asks for a password."""
    entry = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -1 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
    content = blank_pdf(1)
    return re.sub(rb"trailer\s*<<", lambda found: found[0] + b" /ID [<00> <00>] /Encrypt " + entry, content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"A letter to shareholders.", "expected a Monthly Return (FF301) or a Next Day Disclosure Return (FF304, FF305)"),
        (b"", "expected a Monthly Return (FF301) or a Next Day Disclosure Return (FF304, FF305)"),
        (b"PK\x03\x04 and so on", "expected a return in PDF, HTML or text, got another kind of file"),
        (PDF[: len(PDF) // 3], "expected a PDF, got one that is damaged or cut short"),
        (b"%PDF-1.7 nothing", "expected a PDF, got one that is damaged or cut short"),
        (blank_pdf(2), "got pages of pictures only: a scan has to be made into text first"),
        (blank_pdf(501), "expected a return of at most 500 pages, got 501"),
        (encrypted(), "expected a PDF that opens without a password"),
        (b" " * 20_000_001, "expected a return of at most 20,000,000 bytes, got 20,000,001"),
    ],
    ids=["a letter", "empty", "a workbook", "cut short", "no PDF", "a scan", "501 pages", "a password", "too long"],
)
def test_what_is_no_return_is_refused_with_its_name_and_what_was_expected(content: bytes, expected: str) -> None:
    message = refusal(content, "today.pdf")
    assert message.startswith("today.pdf: ")
    assert expected in message


def test_a_file_with_two_returns_is_asked_to_be_two_files() -> None:
    assert "expected one return, got 2: give each a file of its own" in refusal((TEXT + "\n" + TEXT).encode())


def read_or_refused(content: bytes) -> bool:
    """Whether a file is read, or refused in a sentence that names it; any other error comes through."""
    try:
        read_return(content, "damaged")
    except UnreadableValue as error:
        return str(error).startswith("damaged: ")
    return True


def test_damaged_pdfs_are_read_or_refused_and_never_end_in_another_error() -> None:
    chance = random.Random(5)
    for _ in range(40):
        content = bytearray(PDF)
        for _ in range(chance.choice([1, 20, 200])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        assert read_or_refused(bytes(content))


def test_text_and_pages_of_html_are_cut_anywhere_without_another_error() -> None:
    chance = random.Random(6)
    for content in (render(sample.monthly_december_2024(), "html"), TEXT.encode()):
        for _ in range(20):
            assert read_or_refused(content[: chance.randrange(len(content))])


# --- Two readings of a PDF ---------------------------------------------------------------------------------------------


def test_a_pdf_that_two_libraries_read_alike_is_exact() -> None:
    read = read_return(PDF, "next-day.pdf")
    assert (read.exact, read.notes) == (True, ())


def test_a_number_that_the_second_library_sees_elsewhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = SecondReader()
    texts = reader.pages(PDF)
    reader.close()
    assert texts is not None
    seen = [text.replace("36,393,336,530", "36,393,336,580") for text in texts]
    monkeypatch.setattr(pdf.SECOND_READER, "pages", lambda _: seen)
    source = source_of(PDF, "next-day.pdf")
    assert not source.exact
    assert source.notes == ("page 1: two libraries read 530, 580 differently",)


def test_a_pdf_that_the_second_library_cannot_read_is_not_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.SECOND_READER, "pages", lambda _: None)
    read = read_return(PDF, "next-day.pdf")
    assert not read.exact
    assert read.notes == ("a second library cannot read this PDF: no figure of it is confirmed by two readings",)
    assert read.doubtful


def test_the_second_library_reads_again_after_its_process_has_ended() -> None:
    reader = SecondReader()
    assert reader.pages(b"no PDF") is None
    first = reader.pages(PDF)
    process = reader._process
    assert process is not None
    process.kill()
    process.wait()
    assert first is not None
    assert reader.pages(PDF) == first
    reader.close()
