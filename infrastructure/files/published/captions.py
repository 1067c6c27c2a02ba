"""Captions in a stream of letters: whole where they can be found whole, else by what is left of them.

A caption is known by its *stem*, the shortest beginning that no other caption of its part shares, or by an ending of that sort.
From there it is followed as far as the text goes along with it, over a few stray letters or missing ones: cells that overlap
repeat a letter, a narrow cell cuts the end off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from infrastructure.files.published.letters import Stream

_SHORTEST_STEM = 9
_ENOUGH = 0.4
"""Of a damaged caption so much must be left that it can be no other text."""
_SHORT = 12
_TOO_FAR = 8
_STRAY, _LOST, _AGAIN = 4, 14, 4
"""At most so many stray letters, or missing ones, between two stretches; so many letters in a row are a stretch again."""


@attrs.frozen(eq=False)
class Wording:
    """The captions of a part by key: for each the letters of its wordings.

    `closed` are those that end in a bracket. The keys of `heads` are titles of columns: only looked for whole, for what is left
    of one is as likely the text of a row.
    """

    captions: Mapping[str, tuple[str, ...]]
    closed: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()

    @cached_property
    def stems(self) -> Sequence[tuple[str, str, str]]:
        """A key, the letters of a caption, and the shortest beginning or ending of it that no other caption has anywhere."""
        return [
            (key, caption, stem)
            for key, captions in self.captions.items()
            for caption in captions
            if len(caption) > _SHORT and key not in self.heads
            for stem in _stems(caption, [each for other in self.captions if other != key for each in self.captions[other]])
        ]


@attrs.frozen
class Anchor:
    """A caption found: its key, its first letter and the letter after it in the stream; `whole` if every letter was there."""

    key: str
    start: int
    end: int
    caption: str
    whole: bool = True


def find(stream: Stream, wording: Wording, start: int, stop: int) -> list[Anchor]:
    """The captions between two letters of the stream, in their order; of two that overlap the longer."""
    taken: list[Anchor] = []
    found = (*_whole(stream, wording, start, stop), *_damaged(stream, wording, start, stop))
    for anchor in sorted(found, key=_least_certain):
        _take(anchor, taken)
    missing = [key for key in wording.captions if key not in wording.heads and all(anchor.key != key for anchor in taken)]
    for anchor in sorted(_begun(stream, wording, missing, start, stop), key=_least_certain):
        _take(anchor, taken)
    return sorted(taken, key=lambda anchor: anchor.start)


def _take(anchor: Anchor, taken: list[Anchor]) -> None:
    if all(anchor.end <= other.start or anchor.start >= other.end for other in taken):
        taken.append(anchor)


def _least_certain(anchor: Anchor) -> tuple[int, int]:
    """The longest first. One that is damaged may have been followed a little too far."""
    return anchor.start - anchor.end + (0 if anchor.whole else _TOO_FAR), anchor.start


def _whole(stream: Stream, wording: Wording, start: int, stop: int) -> Iterator[Anchor]:
    for key, captions in wording.captions.items():
        for caption in captions:
            for at in _occurrences(stream.letters, caption, start, stop):
                if len(caption) > _SHORT or _is_worded(stream, at, at + len(caption)):
                    yield Anchor(key, at, at + len(caption), caption)


def _is_worded(stream: Stream, start: int, end: int) -> bool:
    """Whether letters are words of their own that begin with a capital: a short caption may stand within other words.

    A capital after a small letter begins a word too: cells run together.
    """
    first, last = stream.at[start], stream.at[end - 1]
    before, after = stream.text[max(0, first - 1) : first], stream.text[last + 1 : last + 2]
    begins = not before.isalpha() or before.islower()
    return stream.text[first].isupper() and begins and (not after.isalpha() or after.isupper())


def _occurrences(letters: str, searched: str, start: int, stop: int) -> Iterator[int]:
    at = letters.find(searched, start, stop)
    while at >= 0:
        yield at
        at = letters.find(searched, at + 1, stop)


# --- What is left of a caption ------------------------------------------------------------------------------------------


def _damaged(stream: Stream, wording: Wording, start: int, stop: int) -> Iterator[Anchor]:
    """Captions of which enough is left."""
    part = stream.letters[start:stop]
    backwards = part[::-1]
    for key, caption, stem in wording.stems:
        forwards = caption.startswith(stem)
        letters, searched, followed = (part, stem, caption) if forwards else (backwards, stem[::-1], caption[::-1])
        for at in _occurrences(letters, searched, 0, len(letters)):
            length, done = _followed(letters, followed, at, len(stem))
            if done >= _ENOUGH * len(caption):
                begin = start + at if forwards else stop - at - length
                yield Anchor(key, begin, begin + length, caption, whole=done == len(caption))


def _begun(stream: Stream, wording: Wording, keys: Sequence[str], start: int, stop: int) -> Iterator[Anchor]:
    """Captions that were found nowhere, by a beginning that others share: where these stand they are known by more of it."""
    for key in keys:
        for caption in wording.captions[key]:
            least = max(_SHORT, int(_ENOUGH * len(caption)) + 1)
            if least < len(caption):
                for at in _occurrences(stream.letters, caption[:least], start, stop):
                    length, _ = _followed(stream.letters[:stop], caption, at, least)
                    yield Anchor(key, at, at + length, caption, whole=False)


def _stems(caption: str, others: Sequence[str]) -> Iterator[str]:
    lengths = range(_SHORTEST_STEM, len(caption))
    beginnings, endings = (caption[:length] for length in lengths), (caption[-length:] for length in lengths)
    for parts in (beginnings, endings):
        stem = next((part for part in parts if not any(part in other for other in others)), None)
        if stem is not None:
            yield stem


def _followed(letters: str, caption: str, begun: int, done: int) -> tuple[int, int]:
    """How many letters belong to a caption whose first `done` stand at `begun`, and how many of the caption were found."""
    place = begun + done
    missing = 0
    while place < len(letters) and done < len(caption):
        if letters[place] == caption[done]:
            place, done = place + 1, done + 1
            continue
        over = _over(letters, place, caption, done)
        if over is None:
            break
        missing += over[1] - done
        place, done = over
    return place - begun, done - missing


def _over(letters: str, place: int, caption: str, done: int) -> tuple[int, int] | None:
    """Where text and caption go on together after a few stray letters, or missing ones."""
    for stray in range(1, _STRAY + 1):
        ahead = caption[done : done + _AGAIN]
        if len(ahead) > 1 and letters.startswith(ahead, place + stray):
            return place + stray, done
    for lost in range(1, _LOST + 1):
        ahead = caption[done + lost : done + lost + _AGAIN]
        if len(ahead) == _AGAIN and letters.startswith(ahead, place):
            return place, done + lost
    return None


def first(anchors: Sequence[Anchor], key: str) -> Anchor | None:
    """The first anchor of a key."""
    return next((anchor for anchor in anchors if anchor.key == key), None)
