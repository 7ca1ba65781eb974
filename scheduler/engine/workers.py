"""The threads that make the requests: as many as are wanted at once, each started when first needed.

Beside `ThreadPoolExecutor` this keeps no futures, whose making and settling the interpreter's
lock would pay for with every post; nobody waits for a single call here, the engine collects what ended.
What is given after the last thread was told to go is not called.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Self


class Workers:
    """At most `most` threads. `give` and `ready` are for one thread only; a context manager that waits for all."""

    def __init__(
        self, most: int, name: str, *, start: Callable[[threading.Thread], None] = threading.Thread.start
    ) -> None:
        self._most = most
        self._start = start
        self._name = name
        self._given: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._busy = 0
        self._counting = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _thread in self._threads:
            self._given.put(None)
        for thread in self._threads:
            thread.join()

    def give(self, call: Callable[[], object]) -> None:
        """Has `call` made as soon as a thread is free. What it raises is dropped."""
        with self._counting:
            self._busy += 1
            wanted = self._busy
        self.ready(wanted)
        self._given.put(call)

    @property
    def most(self) -> int:
        """How many threads there may be: fewer than asked for where the system gives no more."""
        return self._most

    def ready(self, count: int) -> None:
        """Starts threads until there are `count`, or as many as there may be. Raises `RuntimeError` without any."""
        while len(self._threads) < min(count, self._most):
            thread = threading.Thread(target=self._work, name=f"{self._name}_{len(self._threads)}")
            try:
                self._start(thread)
            except RuntimeError:  # a container's limit, a unit's TasksMax
                if not self._threads:
                    raise
                self._most = len(self._threads)
            else:
                self._threads.append(thread)

    def _work(self) -> None:
        while (call := self._given.get()) is not None:
            with suppress(BaseException):
                call()
            with self._counting:
                self._busy -= 1
