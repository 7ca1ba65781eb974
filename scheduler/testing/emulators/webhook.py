"""A webhook's receiver on loopback: verifies as Standard Webhooks says, and may remember ids or not.

It refuses a signature that is wrong, and a moment more than five minutes from its own, with
401; what it accepted it shows. Written from the specification (1.0.0), not from our signing.
"""

import base64
import hashlib
import hmac
import json
from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scheduler.clock import Clock
from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # noqa: S105  # opens nothing but this
TOLERANCE = timedelta(minutes=5)


class WebhookReceiver(Emulator):
    """Use it as a context. `taken` are the posts it accepted; `remembers` makes it take an id only once."""

    never = frozenset({Fate.NO_ID, Fate.GARBLES, Fate.NOT_READY, Fate.REFUSES_AFTER_POSTING})
    """Its answers need no id, nor any sense; and what it refuses it has not."""

    def __init__(self, clock: Clock, *, secret: str = SECRET, remembers: bool = False, path: str = "/hooks/d/") -> None:
        super().__init__(clock)
        self.secret = secret
        self.remembers = remembers
        self.path = path
        self.taken: list[dict[str, Any]] = []
        self.answers: deque[Answer] = deque()
        self.says: Answer = Answer(202, {})
        self._ids: dict[str, Answer] = {}

    @property
    def url(self) -> str:
        """Where it takes posts."""
        return self.door.url + self.path

    @property
    def texts(self) -> list[str]:
        """The texts of what it took, in order."""
        return [post["data"]["text"] for post in self.taken]

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            if request.method != "POST" or request.path != self.path:
                return Answer(404, {"message": "This webhook is not registered."})
            self.creates += 1
            if self.answers:
                return self.answers.popleft()
            fate = self.fate()
            return BEFORE.get(fate) or self._take(request, fate)

    def _take(self, request: Request, fate: Fate) -> Answer:
        if not self.verifies(request):
            return Answer(401, {"error": "No matching signature found"})
        name = request.headers["webhook-id"]
        if self.remembers and name in self._ids:
            return self._ids[name]
        self.taken.append(json.loads(request.body))
        self._ids[name] = self.says
        return replace(self.says, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else AFTER.get(fate, self.says)

    def verifies(self, request: Request) -> bool:
        """Whether one of the signatures is right and the moment near."""
        name = request.headers.get("webhook-id", "")
        moment = request.headers.get("webhook-timestamp", "")
        if not moment.isdecimal() or abs(int(moment) - self.clock.now().timestamp()) > TOLERANCE.total_seconds():
            return False
        key = base64.b64decode(self.secret.partition("_")[2])
        signed = b".".join([name.encode(), moment.encode(), request.body])
        right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        stated = request.headers.get("webhook-signature", "").split()
        return any(hmac.compare_digest(one, f"v1,{right}") for one in stated)


BEFORE = {
    Fate.LIMITS: Answer(429, {"error": "slow down"}, {"Retry-After": "120"}),
    Fate.EXPIRES: Answer(401, {"error": "No matching signature found"}),
    Fate.REJECTS: Answer(422, {"error": "too long for us"}),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
AFTER = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.FAILS_AFTER_POSTING: Answer(500, b"oops", {"Content-Type": "text/plain"}),
}
