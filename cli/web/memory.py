"""Answers kept in memory: each is computed once, however many ask for it at the same time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """The last `size` answers by their keys; a key must hold everything that the answer depends on."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def __call__(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The answer kept under a key, computed now if there is none. Others who ask meanwhile wait for the same computation."""
        with self._lock:
            kept, found = self._kept, self._kept.get(key)
            if found is not None:
                kept.move_to_end(key)
            else:
                mine: Future[T] = Future()
                kept[key] = mine
                while len(kept) > self._size:
                    kept.popitem(last=False)
        return self._computed(key, mine, compute) if found is None else found.result()

    def has(self, key: Hashable) -> bool:
        """Whether the answer is ready."""
        found = self._kept.get(key)
        return found is not None and found.done()

    def _computed(self, key: Hashable, mine: Future[T], compute: Callable[[], T]) -> T:
        try:
            mine.set_result(compute())
        except BaseException as error:
            mine.set_exception(error)
            # An error is not an answer: the next to ask tries again.
            self._kept.pop(key, None)
            raise
        return mine.result()
