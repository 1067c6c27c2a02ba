"""A subscription of the eventsourcing library that works on every engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

POLLING_SECONDS = 0.05
"""How long a subscription that has seen everything waits before it looks again."""

SUBSCRIPTION_PAGE = 500
"""How many notifications a subscription fetches at a time."""


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Looks again and again for new notifications: plain SELECT is all that every engine has."""

    def __init__(self, recorder: ApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder, gt, topics)
        self._fetched: Iterator[Notification] = iter(())
        self._stopped = Event()

    def stop(self) -> None:
        """End the iteration, also one that waits in another thread."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            for notification in self._fetched:
                self._last_notification_id = notification.id
                return notification
            page = self._recorder.select_notifications(
                self._last_notification_id or 0, SUBSCRIPTION_PAGE, topics=self._topics, inclusive_of_start=False
            )
            self._fetched = iter(page)
            if not page:
                self._stopped.wait(POLLING_SECONDS)
        raise StopIteration
