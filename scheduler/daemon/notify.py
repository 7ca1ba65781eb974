"""Telling people of trouble: gathered into incidents, sent from a thread of its own.

Nothing that happens here can fail or delay a post. The engine's thread only puts an event
into a line; another thread gathers, and a child process (`tell`) sends. A notifier that
fails is said once in the daemon's log, and again only after it had worked in between.
"""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from scheduler.clock import Clock
from scheduler.daemon.tell import Outcome
from scheduler.errors import SchedulerError
from scheduler.model.lifecycle import Event
from scheduler.operations.incidents import (
    Incidents,
    Notice,
    Trouble,
    trouble_of_end,
    trouble_with_queue,
)
from scheduler.outbox.rows import EventRow

TELL_SECONDS = 60.0
CLOSE_SECONDS = 15.0
UNSET = "is not set: put it into .env"
TOO_SLOW = "did not answer in a minute"
BROKE = "could not be asked: the program that tells it ended"

Failures = Mapping[str, str]
"""A variable's name to why nobody was told through it; never its value."""
Tell = Callable[[Notice], Failures]
Say = Callable[[str], None]
Handed = Callable[[EventRow], Notice | None]
"""What is told of a post that a person was just handed."""


def teller(variables: Sequence[str], secret: Callable[[str], str | None], *, try_only: bool = False) -> Tell:
    """Tells through the addresses that `variables` hold, read anew each time, in a child process."""

    def tell(notice: Notice) -> Failures:
        urls = {name: secret(name) or "" for name in variables}
        set_ones = {name: url for name, url in urls.items() if url}
        failures = {name: UNSET for name in urls if name not in set_ones}
        outcomes = _in_a_child(list(set_ones.values()), notice, try_only=try_only) if set_ones else []
        said = zip(set_ones, outcomes, strict=True)
        return {**failures, **{name: outcome for name, outcome in said if outcome != Outcome.TOLD}}

    return tell


def _in_a_child(urls: list[str], notice: Notice, *, try_only: bool) -> list[str]:
    order = {
        "urls": urls,
        "title": notice.title,
        "body": notice.body,
        "attach": list(notice.attach),
        "try_only": try_only,
    }
    # -P: what lies in the folder where the daemon was started is not Python's to import
    command = [sys.executable, "-P", "-m", "scheduler.daemon.tell"]
    try:
        asked = subprocess.run(
            command,
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=TELL_SECONDS,
            check=False,
            start_new_session=True,  # Ctrl-C is for the daemon, which then tells what is left
        )
        outcomes = [str(outcome) for outcome in json.loads(asked.stdout)]
    except subprocess.TimeoutExpired:
        return [TOO_SLOW for _ in urls]
    except (OSError, ValueError, TypeError):
        return [BROKE for _ in urls]
    return outcomes if len(outcomes) == len(urls) else [BROKE for _ in urls]


class Notifier:
    """Hears what happens and tells of trouble, and at once of what a person is to post by hand.

    A context manager; at its end it tells what is left, in 15 s at most.
    """

    def __init__(self, workspace: str, tell: Tell, clock: Clock, say: Say, handed: Handed = lambda _: None) -> None:
        self._incidents = Incidents(workspace)
        self._tell = tell
        self._clock = clock
        self._say = say
        self._handed = handed
        self._heard: queue.SimpleQueue[EventRow | Trouble | None] = queue.SimpleQueue()
        self._failing: frozenset[str] = frozenset()
        self._thread = threading.Thread(target=self._run, name="notify", daemon=True)

    def event(self, entry: EventRow) -> None:
        """Takes an event of the engine; never waits."""
        self._heard.put(entry)

    def trouble(self, failure: SchedulerError) -> None:
        """Takes what keeps the engine from its queue; never waits."""
        self._heard.put(trouble_with_queue(failure))

    def foretold(self, trouble: Trouble) -> None:
        """Takes what will be trouble; never waits."""
        self._heard.put(trouble)

    def ended(self, reason: str) -> None:
        """Takes that a daemon ended without being told to; never waits, and is told at once."""
        self._heard.put(trouble_of_end(reason))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._heard.put(None)
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        closing = False
        while not closing:
            closing = not self._hear()
            for notice in self._incidents.due(self._clock.monotonic(), closing=closing):
                self._send(notice)

    def _hear(self) -> bool:
        """Waits for something to hear, or for an incident to be due; False once nothing more comes."""
        due = self._incidents.next_due()
        try:
            heard = self._heard.get(timeout=None if due is None else max(0.0, due - self._clock.monotonic()))
        except queue.Empty:
            return True
        if isinstance(heard, Trouble):
            self._incidents.add(heard, self._clock.monotonic())
        elif heard is not None:
            self._incidents.hear(heard, self._clock.monotonic())
            if heard.event == Event.HAND_OVER:
                self._hand_over(heard)
        return heard is not None

    def _hand_over(self, entry: EventRow) -> None:
        try:
            notice = self._handed(entry)
        except Exception as caught:  # noqa: BLE001  # the page is there; `drumbeat status` tells of it
            self._say(f"Nobody was told of {entry.delivery}, which waits for a person: {type(caught).__name__}.")
        else:
            if notice is not None:
                self._send(notice)

    def _send(self, notice: Notice) -> None:
        try:
            failures = dict(self._tell(notice))
        except Exception as caught:  # noqa: BLE001  # whatever a notifier does, posts go on
            failures = {"notify": f"broke: {type(caught).__name__}"}
        for name in sorted(failures.keys() - self._failing):
            self._say(f"Nobody was told through {name}: it {failures[name]}.")
        self._failing = frozenset(failures)
