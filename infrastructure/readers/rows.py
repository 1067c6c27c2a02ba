"""What the reader of a format yields: records as written, with their places, and what is not a record at all."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from domain.errors import Message


@attrs.frozen
class FileProblem:
    """What is wrong, and where: `capital.jsonl:14: shares: expected …`."""

    place: str
    field: str | None
    message: Message

    def __str__(self) -> str:
        return f"{self.place}: {self.field}: {self.message}" if self.field else f"{self.place}: {self.message}"


@attrs.frozen
class RecordRow:
    """One record as written, and where it begins: `capital.jsonl:14`; `places` has the fields that are on other lines."""

    place: str
    written: Mapping[str, object]
    places: Mapping[str, str] = attrs.field(factory=dict)

    def problem(self, field: str, message: Message) -> FileProblem:
        """A problem with one field, at its place."""
        return FileProblem(self.places.get(field, self.place), field, message)
