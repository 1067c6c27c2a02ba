"""Work spread over the workers of a Dask cluster, whose executor takes the place of the process pool."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError

from domain import errors
from infrastructure.workers import Item, Result, WorkerDied, gathered

SECONDS = 10
"""How long to wait for the scheduler."""


class NoCluster(errors.BadInput):
    """There is no cluster at an address, or nothing to reach one with; the message says what to do."""


def spread_over(cluster: str, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """The results of some work on items, in the order in which they come, from the workers of a cluster.

    `work` must be a function that a worker can import. What a worker that ended had begun, another one begins again. Raises
    what the work raises, NoCluster if there is no cluster, and WorkerDied.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise NoCluster("--cluster needs Dask: pip install 'captable[cluster]'") from None
    # It logs every lost connection; what a run needs to know comes as an error.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(cluster, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"no scheduler answers at {cluster}: {error}") from error
    with client:
        if not client.scheduler_info()["workers"]:
            raise NoCluster(f"the cluster of {cluster} has no workers: start one with dask worker {cluster}")
        try:
            yield from gathered(client.get_executor(pure=False), work, items)
        except KilledWorker as error:
            raise WorkerDied("several workers ended while they made the same return; out of memory?") from error
        except CancelledError as error:
            raise WorkerDied(
                f"the scheduler at {cluster} ended; run the same command again, it continues where it stopped"
            ) from error
        except ImportError as error:
            raise WorkerDied(f"a worker of the cluster lacks what this program needs: {error}") from error
