"""Beside the engine: what lies in public longer than anybody needs it is taken away.

In a thread of its own, because a store that answers slowly must not keep the alarm from ringing.
"""

import threading
from collections.abc import Callable

from scheduler.app import App
from scheduler.errors import SchedulerError
from scheduler.operations.public_copies import anything_public, tidy_public
from scheduler.outbox.outbox import Outbox


class PublicTidy:
    """Called, it begins a round, unless one is under way; `say` hears what could not be taken away."""

    def __init__(self, app: App, outbox: Outbox, say: Callable[[str], None]) -> None:
        self._app = app
        self._outbox = outbox
        self._say = say
        self._under_way = threading.Lock()

    def __call__(self) -> None:
        """Begins a round and returns at once."""
        if anything_public(self._app.root) and self._under_way.acquire(blocking=False):
            threading.Thread(target=self._beside, name="public-copies", daemon=True).start()

    def round(self) -> None:
        """One round, which ends when all was tried."""
        try:
            for left in tidy_public(self._outbox, self._app.root, self._app.hosted, now=self._app.clock.now()):
                self._say(f"Still public: {left}")
        except SchedulerError:
            pass  # a queue or files that cannot be read: the engine meets the same trouble, and says so

    def _beside(self) -> None:
        try:
            self.round()
        finally:
            self._under_way.release()
