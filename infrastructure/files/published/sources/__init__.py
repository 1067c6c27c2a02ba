"""A published return as pieces of text, from PDF, HTML or text; what the file is, is known from its content."""

from __future__ import annotations

from infrastructure.files.published.sources import html, plain
from infrastructure.files.published.sources.pieces import Source
from infrastructure.readers.values import UnreadableValue

LONGEST = 20_000_000
"""A file is at most so many bytes: the longest return that was seen has less than one million."""


def source_of(content: bytes, name: str) -> Source:
    """The pieces of a file. Raises UnreadableValue, naming the file, for what is no return in PDF, HTML or text."""
    if len(content) > LONGEST:
        raise UnreadableValue(f"{name}: expected a return of at most {LONGEST:,} bytes, got {len(content):,}")
    if b"%PDF-" in content[:1024]:
        # The PDF library is loaded only for a PDF.
        from infrastructure.files.published.sources import pdf

        return pdf.read(content, name)
    text = _decoded(content, name)
    return html.read(text, name) if html.looks_like_html(text) else plain.read(text)


_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def _decoded(content: bytes, name: str) -> str:
    """Text in UTF-8, in UTF-16 with its mark, or in the Windows code page of older exhibits."""
    encoding = _ENCODINGS.get(content[:2], "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or content[:2] == b"PK":
        raise UnreadableValue(f"{name}: expected a return in PDF, HTML or text, got another kind of file")
    return text
