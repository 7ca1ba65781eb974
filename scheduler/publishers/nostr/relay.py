"""One conversation with one Nostr relay over a WebSocket, ended in time.

An event that was sent and not answered may be there; one that was refused with a reason is
not, but for the relay's own errors, after which nobody knows. Sources: nostr-protocol/nips 01
and 42, as of 2026-07-22. Needs the extra `nostr`.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from socket import socket
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.sync.client import ClientConnection, connect

from scheduler.clock import Clock, SystemClock
from scheduler.errors import Ambiguous, AuthExpired, NotSent, PublishError, RateLimited, Rejected, Transient
from scheduler.http.route import DIRECT, Route
from scheduler.publishers.html import clean
from scheduler.publishers.nostr.event import LOGIN, Event, Signer, seconds
from scheduler.publishers.servers import in_own_network

_BROKEN = (OSError, WebSocketException, EOFError)
_MOST_BYTES = 1_000_000
_MOST_EVENTS = 500
_REFUSED: dict[str, type[NotSent]] = {
    "rate-limited": RateLimited,
    "restricted": AuthExpired,
    "blocked": AuthExpired,
    "auth-required": AuthExpired,
    "invalid": Rejected,
    "pow": Rejected,
    "mute": Rejected,
}
"""What the word before the colon of a refusal means; with any other the event may have been kept."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay's address, `wss://…`, and how long one conversation may take."""

    url: str
    clock: Clock
    seconds: float = 15.0
    route: Route = DIRECT

    @property
    def name(self) -> str:
        """What may be shown of it."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def offer(self, event: Event, signer: Signer) -> None:
        """Offers the event; returns where the relay has it, now or from before. Raises as a publisher does.

        A repeat is `true` with "duplicate:" by NIP-01; nostr-relay 1.14 was seen to say `false` with it.
        """
        with self._line() as line:
            said = self._asked(line, event, signer)
        if not said[2] and not _reason(said).startswith("duplicate"):
            raise self._refusal(_reason(said))

    def has(self, name: str) -> bool:
        """Whether the relay shows an event of this id. Raises `Transient` where it does not tell."""
        return any(event.get("id") == name for event in self._shown({"ids": [name], "limit": 1}))

    def about(self, name: str, kinds: Collection[int]) -> list[Event]:
        """The events of these kinds that name this one. Raises `Transient` where the relay does not tell."""
        return self._shown({"#e": [name], "kinds": sorted(kinds), "limit": _MOST_EVENTS})

    def _shown(self, wanted: Mapping[str, object]) -> list[Event]:
        with self._line() as line:
            try:
                line.say("REQ", "look", wanted)
                found: list[Event] = []
                while (said := line.heard())[0] != "EOSE":
                    if said[0] == "CLOSED":
                        raise Transient(f"{self.name} does not let us look: {_words(said[-1])}.")
                    if said[0] == "EVENT":
                        found.append(_event(said[2]))
            except (*_BROKEN, IndexError) as caught:
                raise Transient(f"{self.name} did not say whether it is there: {_words(caught)}.") from caught
            return found

    def reach(self) -> None:
        """Opens a conversation and ends it. Raises `Transient` where there is none to be had."""
        with self._line():
            pass

    def _asked(self, line: "Line", event: Event, signer: Signer) -> list[Any]:
        """The relay's OK, after logging in where it asks for that: then it has not taken the first offer."""
        try:
            line.say("EVENT", event)
            said = line.answer_to(event["id"])
            if not said[2] and _reason(said).startswith("auth-required") and line.challenge:
                self._log_in(line, signer)
                line.say("EVENT", event)
                said = line.answer_to(event["id"])
        except (*_BROKEN, IndexError) as caught:
            raise Ambiguous(f"{self.name} was sent the post, and its answer is lost: {_words(caught)}.") from caught
        return said

    def _log_in(self, line: "Line", signer: Signer) -> None:
        """Signs the relay's challenge (NIP-42); good for this conversation only."""
        tags = [["relay", self.url], ["challenge", line.challenge]]
        login = signer.signed(LOGIN, seconds(self.clock.now()), tags, "")
        line.say("AUTH", login)
        line.answer_to(login["id"])

    def _refusal(self, reason: str) -> PublishError:
        kind = _REFUSED.get(reason.partition(":")[0].strip())
        sentence = f"{self.name} does not take the post: {_words(reason) or 'no reason given'}"
        return kind(sentence) if kind else Ambiguous(sentence)

    @contextmanager
    def _line(self) -> "Iterator[Line]":
        """A WebSocket to a judged address. Until it stands, nothing was sent."""
        monotonic = SystemClock().monotonic  # sockets live in real time, whatever clock the engine was given
        deadline = monotonic() + self.seconds
        ending = ExitStack()
        try:
            line = ending.enter_context(self._opened(self._connected()))
        except (*_BROKEN, InvalidHandshake, ValueError) as caught:
            raise Transient(f"{self.name} cannot be reached: {_words(caught)}.") from caught
        try:
            yield Line(line, lambda: max(0.01, deadline - monotonic()))
        finally:
            with suppress(*_BROKEN):
                ending.close()

    def _connected(self) -> socket:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "wss" else 80)
        return self.route.connected(host, port, seconds=self.seconds / 3, own_network=in_own_network(host))

    def _opened(self, tcp: socket) -> ClientConnection:
        try:
            return connect(
                self.url,
                sock=tcp,
                ssl=self.route.context() if self.url.startswith("wss:") else None,
                proxy=None,
                compression=None,
                user_agent_header="Drumbeat/1",
                open_timeout=self.seconds / 3,
                close_timeout=1,
                ping_interval=None,
                max_size=_MOST_BYTES,
            )
        except BaseException:
            tcp.close()
            raise


@dataclass(slots=True)
class Line:
    """What is said and heard. `challenge` is the relay's last one; whatever else it tells unasked is passed over."""

    line: ClientConnection
    left: Callable[[], float]
    challenge: str = ""

    def say(self, *words: object) -> None:
        """One frame."""
        self.line.send(json.dumps(words, ensure_ascii=False, separators=(",", ":")))

    def heard(self) -> list[Any]:
        """The next frame that is a list with a word; raises `TimeoutError` when the time is over."""
        while True:
            try:
                said = json.loads(self.line.recv(timeout=self.left()))
            except ValueError:
                continue
            if isinstance(said, list) and said and isinstance(said[0], str):
                if said[0] == "AUTH" and len(said) > 1:
                    self.challenge = str(said[1])
                return said

    def answer_to(self, name: str) -> list[Any]:
        """The OK to the one event that waits for it: some relays refuse without naming it (nostr-relay 1.14)."""
        while (said := self.heard())[0] != "OK" or len(said) < 3 or said[1] not in {name, ""}:
            pass
        return said


def _event(said: object) -> Event:
    if isinstance(said, dict):
        return said
    raise EOFError("what it shows is no event")


def _reason(said: Sequence[Any]) -> str:
    """What an OK says behind its yes or no."""
    return str(said[3]) if len(said) > 3 else ""


def _words(said: object) -> str:
    """A relay's words, or an exception's, on one line."""
    if isinstance(said, TimeoutError):
        return "it took too long"
    return " ".join(clean(str(said)).split())[:200].rstrip(".")
