"""The errors that end a command, each with its exit code; every error shown to a user derives from one of them.

BadInput, Refused, Damaged and NotFound say that nothing was recorded by what raised them. MayBeRecorded alone cannot say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import attrs

SHOWN = 100
"""Beyond so many, the problems of one file say nothing new, and are counted."""


@attrs.frozen
class Worded:
    """A message that is put into words when it is shown: to find what was meant takes long, and of a long file few are shown."""

    words: Callable[..., str]
    about: tuple[Any, ...]

    def __str__(self) -> str:
        return self.words(*self.about)


Message = str | Worded


class Failure(Exception):
    """What ends a command: a sentence, or a line for each problem of facts that were not recorded, beginning with its place.

    Problems are put into words here, and only those that are shown.
    """

    exit_code: ClassVar[int]

    def __init__(self, said: Message | Sequence[object]) -> None:
        self.lines = () if isinstance(said, Message) else tuple(_shown(said))
        super().__init__(said if isinstance(said, Message) else "\n".join(self.lines))


def _shown(problems: Sequence[object]) -> Iterator[str]:
    yield from map(str, problems[:SHOWN])
    if len(problems) > SHOWN:
        yield f"and {len(problems) - SHOWN:,} more problems"


class BadInput(Failure):
    """What was written cannot be used: it cannot be read, or asks for what cannot be done."""

    exit_code = 2


class NotFound(Failure):
    """What was asked for is not there; the message says what there is instead."""

    exit_code = 2


class Refused(Failure):
    """What was written is understood, but the book cannot take it."""

    exit_code = 3


class Damaged(Failure):
    """What is stored is not what was written."""

    exit_code = 4


class MayBeRecorded(Failure):
    """The connection was lost while a transaction was committed: only the store itself knows whether it was.

    The same command, run again, records what is missing and reports what is there.
    """

    exit_code = 5


# --- of a store and its books --------------------------------------------------------------------------------------------


class Conflict(Refused):
    """Somebody else wrote to the same book in between; read it again and try again."""


class StoreDamaged(Damaged):
    """What the store holds is not what was written; the message names the entry where that shows."""


class StoreUnusable(BadInput):
    """The store cannot be opened or written: it is missing, is not ours, or is read-only."""


class StoreUnreachable(StoreUnusable):
    """The connection to the store failed, or was lost; during a commit that leaves open whether it took place."""


class NoStore(StoreUnusable):
    """There is no store where one was meant."""


class NoBook(StoreUnusable):
    """There is no book yet where one was meant: the store is empty, or only the demo's is there."""
