"""The eventsourcing library's mapper, on our codec: `EventStore(EntryMapper(), recorder)` reads a book's streams."""

from __future__ import annotations

from typing import cast

import attrs
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.events import Event
from infrastructure import event_codec


@attrs.frozen
class StreamEvent:
    """An event at its place in a stream: what the library calls a domain event."""

    originator_id: str
    originator_version: int
    event: Event


class EntryMapper(Mapper[str]):
    """Maps stream events to stored ones and back, by the codec's closed list of names and never by module paths."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form of a StreamEvent."""
        place = cast("StreamEvent", domain_event)
        name = event_codec.TYPE_NAMES[type(place.event)]
        return StoredEvent(place.originator_id, place.originator_version, name, event_codec.encode(place.event))

    def to_domain_event(self, stored_event: StoredEvent) -> StreamEvent:
        """The StreamEvent of a stored one. Raises Undecodable if its type is unknown or its bytes do not fit it."""
        event = event_codec.decode(stored_event.topic, stored_event.state)
        return StreamEvent(cast("str", stored_event.originator_id), stored_event.originator_version, event)
