"""Does now and then what controllers of AWS do all the time: nodes for pools, access in namespaces that are new."""

import threading
from collections.abc import Callable, Sequence

from rehearsal.kubernetes.client import ApiRefusal

SECONDS = 0.5


class Follower:
    """Calls each task again and again until it is stopped; `faults` has what went wrong, each once."""

    def __init__(self, tasks: Sequence[Callable[[], None]]) -> None:
        self._tasks = tasks
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self.faults: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(SECONDS):
            for task in self._tasks:
                try:
                    task()
                except (ApiRefusal, OSError) as error:
                    # A write can meet another one, and the next round meets neither.
                    if str(error) not in self.faults:
                        self.faults.append(str(error))
