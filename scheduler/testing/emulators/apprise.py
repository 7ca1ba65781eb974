"""What an Apprise address of the kind `json://` leads to, on loopback: a receiver that shows what it took.

It takes what Apprise's JSON plugin sends (apprise 2.3.0): `title`, `message`, `attachments` in base64.
Apprise tells a refusal from a lost reply by its log alone, so it has no fates that a sender could tell apart.
"""

import base64
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any, Self

from scheduler.clock import Clock
from scheduler.testing.emulators.loopback import Answer, Loopback, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

TOKEN = "canary-5190"  # noqa: S105  # opens nothing but this


@dataclass(frozen=True, slots=True)
class Taken:
    """One post as it arrived: `files` by their names."""

    text: str
    title: str
    files: dict[str, bytes]


class AppriseReceiver:
    """Use it as a context. `taken` are the posts that it has, whatever it answered."""

    def __init__(self, clock: Clock) -> None:
        self.taken: list[Taken] = []
        self.creating = 0
        self.answers: deque[Answer] = deque()
        self._fates: deque[Fate] = deque()
        self._lock = threading.Lock()
        self._loopback = Loopback(self._answer, clock)

    def __enter__(self) -> Self:
        self._loopback.open()
        return self

    def __exit__(self, *caught: object) -> None:
        self._loopback.__exit__(*caught)

    @property
    def address(self) -> str:
        """The Apprise address of it, with a token inside, as they have."""
        return f"{self._loopback.url.replace('http:', 'json:')}/{TOKEN}/"

    @property
    def requests(self) -> list[Request]:
        """All that was asked."""
        return self._loopback.requests

    @property
    def texts(self) -> list[str]:
        """The texts of what it took, in order."""
        return [one.text for one in self.taken]

    def script(self, fate: Fate) -> bool:
        """What becomes of the next post, of what a sender through Apprise can meet."""
        if fate not in _ANSWERS:
            return False
        if fate is Fate.REFUSES:
            self._loopback.refuse()
            return True
        self._loopback.open()
        self._fates.append(fate)
        return True

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            if request.method != "POST":
                return Answer(405, {})
            self.creating += 1
            if self.answers:
                return self.answers.popleft()
            fate = self._fates.popleft() if self._fates else Fate.TAKES
            if fate is not Fate.NEVER_ARRIVES:
                self.taken.append(_taken(request.json()))
            return _ANSWERS[fate]


def _taken(said: dict[str, Any]) -> Taken:
    files = {one["filename"]: base64.b64decode(one["base64"]) for one in said.get("attachments", ())}
    return Taken(said["message"], said.get("title", ""), files)


_ANSWERS = {
    Fate.TAKES: Answer(200, {}),
    Fate.REFUSES: Answer(cut=True),
    Fate.ANSWERS_SLOWLY: Answer(200, {}, after=SLOW_SECONDS),
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.NEVER_ARRIVES: Answer(cut=True),
    Fate.FAILS_AFTER_POSTING: Answer(500, b"oops", {"Content-Type": "text/plain"}),
    Fate.REFUSES_AFTER_POSTING: Answer(422, {"error": "and yet it has it"}),
}
