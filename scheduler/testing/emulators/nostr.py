"""A Nostr relay on loopback, which checks ids and signatures, and can ask for a login (NIP-42).

It answers as NIP-01 has it: a repeat is taken, with the word `duplicate`. Needs the extra `nostr`.
"""

import json
import logging
import ssl
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from coincurve import PublicKeyXOnly
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from scheduler.publishers.nostr.event import DELETION, LOGIN, Event, event_id
from scheduler.testing.platform import SLOW_SECONDS, Fate

_REFUSALS = {
    Fate.LIMITS: "rate-limited: slow down",
    Fate.EXPIRES: "restricted: this key may not write here",
    Fate.REJECTS: "invalid: too long",
}
_BREAKS_OFF = frozenset({Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES})


@dataclass(slots=True)
class NostrRelay:
    """`events` are what it shows. `members_only`: nothing is taken before a login. `about` is its NIP-11 document.

    `curt`: it says no to a repeat, and refuses without naming what, as nostr-relay 1.14 was seen to do on 2026-11-24.
    `blind`: it lets nobody look.
    """

    events: dict[str, Event] = field(default_factory=dict)
    offers: int = 0
    members_only: bool = False
    curt: bool = False
    blind: bool = False
    about: dict[str, Any] = field(default_factory=lambda: {"software": "emulator", "limitation": {}})
    tls: ssl.SSLContext | None = None
    fates: deque[Fate] = field(default_factory=deque)
    port: int = 0
    _server: Server | None = None

    def __enter__(self) -> Self:
        logger = logging.getLogger("drumbeat.emulator.nostr")
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
        self._server = serve(self._visit, "127.0.0.1", 0, ssl=self.tls, process_request=self._document, logger=logger)
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()

    def refuse(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[str]:
        """The contents of all notes and polls, in the order in which they came."""
        return [event["content"] for event in self.events.values() if event["kind"] != DELETION]

    def script(self, fate: Fate) -> bool:
        """What becomes of the next event; False for what a relay has not."""
        if fate in {Fate.NOT_READY, Fate.NO_ID, Fate.REFUSES_AFTER_POSTING}:
            return False
        if fate is Fate.REFUSES:
            self.refuse()
        else:
            self.fates.append(fate)
        return True

    def _document(self, line: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Accept") != "application/nostr+json":
            return None
        return line.respond(200, json.dumps(self.about))

    def _visit(self, line: ServerConnection) -> None:
        trusted = not self.members_only
        with suppress(ConnectionClosed):
            if not trusted:
                _say(line, "AUTH", "riddle")
            for frame in line:
                match json.loads(frame):
                    case ["EVENT", event]:
                        self._offered(line, event, trusted=trusted)
                    case ["AUTH", login]:
                        trusted = (
                            _genuine(login) and login["kind"] == LOGIN and ["challenge", "riddle"] in login["tags"]
                        )
                        _say(line, "OK", login["id"], trusted, "")
                    case ["REQ", name, wanted]:
                        self._asked(line, name, wanted)

    def _asked(self, line: ServerConnection, name: str, wanted: dict[str, Any]) -> None:
        if self.blind:
            _say(line, "NOTICE", "good day")
            return _say(line, "CLOSED", name, "restricted: members only")
        for event in self.events.values():
            if _matches(event, wanted):
                _say(line, "EVENT", name, event)
        return _say(line, "EOSE", name)

    def _offered(self, line: ServerConnection, event: Event, *, trusted: bool) -> None:
        self.offers += 1
        name = str(event.get("id"))
        if not trusted:
            return _say(line, "OK", name, False, "auth-required: members only")
        fate = self.fates.popleft() if self.fates else Fate.TAKES
        if fate in _REFUSALS or not _genuine(event):
            return _say(line, "OK", "" if self.curt else name, False, _REFUSALS.get(fate, "invalid: bad signature"))
        known = name in self.events
        if fate is not Fate.NEVER_ARRIVES:
            self._keep(event)
        if fate is Fate.ANSWERS_SLOWLY:
            time.sleep(SLOW_SECONDS)
        if fate in _BREAKS_OFF:
            return line.close()
        if fate is Fate.GARBLES:
            line.send("good day")
            return line.close()
        if fate is Fate.FAILS_AFTER_POSTING:
            return _say(line, "OK", name, False, "error: could not connect to the database")
        return _say(line, "OK", name, not (known and self.curt), "duplicate: already have this event" if known else "")

    def _keep(self, event: Event) -> None:
        if event["kind"] == DELETION:
            for tag in event["tags"]:
                if tag[0] == "e" and self.events.get(tag[1], event)["pubkey"] == event["pubkey"]:
                    self.events.pop(tag[1], None)
            return
        self.events.setdefault(event["id"], event)


def _matches(event: Event, wanted: dict[str, Any]) -> bool:
    """Whether a filter means the event: by ids, kinds, or whom it names."""
    named = {tag[1] for tag in event["tags"] if tag[:1] == ["e"]}
    return (
        event["id"] in wanted.get("ids", [event["id"]])
        and event["kind"] in wanted.get("kinds", [event["kind"]])
        and ("#e" not in wanted or not named.isdisjoint(wanted["#e"]))
    )


def _genuine(event: Event) -> bool:
    """Whether id and signature are what NIP-01 asks for."""
    made = event_id(event["pubkey"], event["created_at"], event["kind"], event["tags"], event["content"])
    key = PublicKeyXOnly(bytes.fromhex(event["pubkey"]))
    return bool(made == event["id"] and key.verify(bytes.fromhex(event["sig"]), bytes.fromhex(made)))


def _say(line: ServerConnection, *words: object) -> None:
    line.send(json.dumps(words, ensure_ascii=False))
