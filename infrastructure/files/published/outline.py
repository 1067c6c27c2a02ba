"""A return cut into its parts, the blocks of its classes and the lines of these, at the captions of its form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from infrastructure.files.published.captions import Anchor, find
from infrastructure.files.published.letters import Stream
from infrastructure.files.published.wording import PARTS, wording

# What only ever stands once in a block: where it stands again, the head of the next block is lost.
_ONCE = frozenset(("balance_opening", "opening_balance"))
_HEAD = frozenset(("class_of_shares", "type_of_shares", "listed", "stock_code", "multi_counter_stock_code", "description"))
# Words of an instruction may be taken for these; a block does not begin with them.
_NOT_FIRST = frozenset(("listed", "description"))
_NAMES = frozenset(("class_of_shares", "type_of_shares"))

# A number before a caption belongs to it, and a sign of per cent: `2. Class of shares`, `2). % of number of shares`.
_NUMBERED = re.compile(r"[\s(•]*\b\d{1,3}\s*\)?\s*\.[\s(%]*$")
# What is left of a caption after its last letter: the number of a note and a bracket, or the sign of a decrease.
_CLOSING = re.compile(r"[ \t]*\(?-?\d{0,2}[ \t]*\)[ \t]*:?")


@attrs.frozen
class Span:
    """A stretch of the text of a stream."""

    stream: Stream
    start: int
    stop: int

    @property
    def text(self) -> str:
        """Its characters."""
        return self.stream.text[self.start : self.stop]

    def part(self, start: int, stop: int) -> Span:
        """A stretch of it, counted from where it begins."""
        return Span(self.stream, self.start + start, self.start + stop)

    def first_cell(self, skipped: str | None = None) -> Span:
        """Its first cell or line with more in it than what is skipped: blanks, unless characters are named."""
        text = self.text
        start = len(text) - len(text.lstrip(skipped))
        return self.part(start, start + len(text[start:].split("\n")[0].split("\t")[0]))


@attrs.frozen
class CaptionedText:
    """A caption, the text that it takes up, and the text after it until the next one."""

    key: str
    caption: Span
    body: Span
    whole: bool

    @property
    def all(self) -> Span:
        """Both: a value may stand in the middle of a caption of several lines."""
        return Span(self.body.stream, self.caption.start, self.body.stop)

    def on(self, stream: Stream) -> CaptionedText:
        """The same line of another stream of the same length."""
        return attrs.evolve(self, caption=attrs.evolve(self.caption, stream=stream), body=attrs.evolve(self.body, stream=stream))


@attrs.frozen
class Block:
    """The lines of the head of a class, and those under it. Blocks whose head is lost have none."""

    number: int
    head: tuple[CaptionedText, ...]
    lines: tuple[CaptionedText, ...]
    span: Span

    def line(self, key: str) -> CaptionedText | None:
        """The first line of a caption."""
        return next((line for line in self.lines if line.key == key), None)

    def lines_of(self, key: str) -> tuple[CaptionedText, ...]:
        """All lines of a caption."""
        return tuple(line for line in self.lines if line.key == key)


@attrs.frozen(eq=False)
class OutlinePart:
    """A part of a return on a form, from the letter after its heading to the first of the next."""

    key: str
    code: str
    stream: Stream
    heading: int
    start: int
    stop: int

    @property
    def span(self) -> Span:
        """Its text, without its heading."""
        end = self.stream.at[self.start - 1] + 1 if self.start else 0
        return _trimmed(Span(self.stream, end, self.stream.place(self.stop)))

    @cached_property
    def lines(self) -> tuple[CaptionedText, ...]:
        """Its lines, each until the next one."""
        return tuple(_lines(self))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Its blocks. The titles of tables and of columns do not stand in their text: they are repeated on every page."""
        heads = {*wording(self.code, self.key).heads, "part_b"}
        text = list(self.stream.text)
        for line in self.lines:
            if line.key in heads and line.whole:
                text[line.caption.start : line.caption.stop] = " " * (line.caption.stop - line.caption.start)
        untitled = attrs.evolve(self.stream, text="".join(text))
        return tuple(_blocks(self, [line.on(untitled) for line in self.lines], untitled))


def parts(stream: Stream, code: str) -> dict[str, OutlinePart]:
    """The parts of a return by the key of their heading, in the order in which they stand. The first has no heading."""
    begins = _headings(stream, code)
    ends = [anchor.start for anchor in begins[1:]] + [len(stream.letters)]
    named = [anchor.key.removesuffix("_instruction") or "head" for anchor in begins]
    return {
        key: OutlinePart(key, code, stream, anchor.start, anchor.end, end)
        for key, anchor, end in zip(named, begins, ends, strict=True)
    }


def _headings(stream: Stream, code: str) -> list[Anchor]:
    """Each heading where it stands whole for the first time; where it never does, where most of it stands in its order."""
    found = find(stream, wording(code, ""), 0, len(stream.letters))
    order = list(PARTS[code][""])
    first: dict[str, Anchor] = {}
    for anchor in found:
        if anchor.whole:
            first.setdefault(anchor.key, anchor)
    for anchor in found:
        if anchor.key not in first and _in_order(anchor, first, order):
            first[anchor.key] = anchor
    return [Anchor("", 0, 0, ""), *sorted(first.values(), key=lambda anchor: anchor.start)]


_LEAST_LEFT = 24


def _in_order(anchor: Anchor, found: Mapping[str, Anchor], order: Sequence[str]) -> bool:
    """Whether a damaged heading is long enough, and stands after those that come before it and before those after it."""
    at = order.index(anchor.key)
    return anchor.end - anchor.start >= _LEAST_LEFT and all(
        (other.start < anchor.start) == (order.index(key) < at) for key, other in found.items()
    )


def _lines(part: OutlinePart) -> Iterator[CaptionedText]:
    found = wording(part.code, part.key)
    anchors = find(part.stream, found, part.start, part.stop)
    ends = [*(part.stream.place(anchor.start) for anchor in anchors[1:]), part.span.stop]
    for anchor, stop in zip(anchors, ends, strict=False):
        yield _line(part.stream, anchor, stop, closed=anchor.caption in found.closed)


def _line(stream: Stream, anchor: Anchor, stop: int, *, closed: bool) -> CaptionedText:
    end = stream.at[anchor.end - 1] + 1
    if closed and (bracket := _CLOSING.match(stream.text, end, max(end, stop))):
        end = bracket.end()
    caption = Span(stream, stream.place(anchor.start), end)
    return CaptionedText(anchor.key, caption, _trimmed(Span(stream, end, max(end, stop))), anchor.whole)


def _trimmed(span: Span) -> Span:
    """A span without the number that belongs to the caption after it."""
    numbered = _NUMBERED.search(span.text[-24:])
    return attrs.evolve(span, stop=span.stop - len(numbered[0])) if numbered else span


# --- Blocks -----------------------------------------------------------------------------------------------------------


def _blocks(part: OutlinePart, lines: Sequence[CaptionedText], stream: Stream) -> Iterator[Block]:
    """The blocks of a part. Lines before the first head of a class make a block without a head."""
    found: list[tuple[list[CaptionedText], list[CaptionedText]]] = []
    for line in lines:
        if not found and line.key in _NOT_FIRST:
            continue
        if _begins(line, found):
            found.append(([], []))
        head, under = found[-1]
        (head if line.key in _HEAD and not under else under).append(line)
    begins = [(head or under)[0].caption.start for head, under in found]
    for number, (head, under) in enumerate(found):
        stop = begins[number + 1] if number + 1 < len(found) else part.span.stop
        printed = re.search(r"(\d{1,2})\s*\.[\s(]*$", stream.text[max(0, begins[number] - 12) : begins[number]])
        span = Span(stream, begins[number], stop)
        yield Block(int(printed[1]) if printed and head else 0, tuple(head), tuple(under), span)


def _begins(line: CaptionedText, found: Sequence[tuple[list[CaptionedText], list[CaptionedText]]]) -> bool:
    """Whether a line begins a block: it names a class again, or what only stands once stands again."""
    if not found:
        return True
    head, under = found[-1]
    if line.key in _ONCE:
        return any(each.key == line.key for each in under)
    return line.key in _NAMES and (bool(under) or any(each.key == line.key for each in head))
