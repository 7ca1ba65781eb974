"""A Matrix homeserver on loopback: one room, several devices, and what Synapse was seen to answer.

Answers as seen from Synapse 1.163 on 2026-11-24: a transaction id answers a repeat with the
first event by device, whatever its body; a bad token is 401 `M_UNKNOWN_TOKEN`, an unknown
room 403, too long an event 413, a burst 429 with `retry_after_ms` and `Retry-After`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

ROOM, ALIAS, USER, DEVICE, TOKEN = "!room:matrix.test", "#room:matrix.test", "@sayno:matrix.test", "DRUM", "syt_token"
MOST = 65_536
_SERVERS_OWN = 600
"""About what a server adds to an event: ids, hashes, signatures."""

_UNRECOGNIZED = Answer(404, {"errcode": "M_UNRECOGNIZED", "error": "Unrecognized request"})
_BEFORE: Mapping[Fate, Answer] = {
    Fate.LIMITS: Answer(
        429, {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 4222}, {"Retry-After": "5"}
    ),
    Fate.EXPIRES: Answer(
        401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token passed.", "soft_logout": False}
    ),
    Fate.REJECTS: Answer(403, {"errcode": "M_FORBIDDEN", "error": "This message has been rejected as probable spam"}),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(200, b"<html>Good day</html>"),
    Fate.FAILS_AFTER_POSTING: Answer(500, {"errcode": "M_UNKNOWN", "error": "Internal server error"}),
    Fate.NO_ID: Answer(200, {}),
}


@dataclass(slots=True)
class Homeserver(Emulator):
    """What the server holds. `devices` maps a token to its device; `encrypted` and `joined` are the room's state."""

    never = frozenset({Fate.NOT_READY, Fate.REFUSES_AFTER_POSTING})
    devices: dict[str, str] = field(default_factory=lambda: {TOKEN: DEVICE})
    events: list[dict[str, Any]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    encrypted: bool = False
    joined: bool = True
    _transactions: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The bodies of all events that still have one, in order."""
        return [one["content"]["body"] for one in self.events if one["content"]]

    def _answer(self, request: Request) -> Answer:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.devices:
            return _BEFORE[Fate.EXPIRES]
        with self._lock:
            return self._routed(request, self.devices[token])

    def _routed(self, request: Request, device: str) -> Answer:
        asked = request.segments[3:]
        if asked[:1] == ("rooms",) and len(asked) > 2:
            return self._in_room(request, asked[1], asked[2:], device)
        if asked[:2] == ("directory", "room"):
            return Answer(200, {"room_id": ROOM}) if asked[2:] == (ALIAS,) else _not_found()
        fixed = {
            ("account", "whoami"): {"user_id": USER, "device_id": device, "is_guest": False},
            ("media", "config"): {"m.upload.size": 52_428_800},
        }
        if asked == ("upload",):
            return self._upload(request)
        return Answer(200, fixed[asked]) if asked in fixed else _UNRECOGNIZED

    def _in_room(self, request: Request, room: str, asked: tuple[str, ...], device: str) -> Answer:
        match asked:
            case ("send", "m.room.message", _):
                return self._create(request, room, device)
            case ("redact", name, _):
                return self._redact(name)
            case ("messages",):
                return self._history(request, room, device)
            case ("state", *rest):
                return self._state(room, rest)
            case ("relations", name, kind):
                return Answer(200, {"chunk": [one for one in self.events if _relates(one, name, kind)]})
        return _UNRECOGNIZED

    def _create(self, request: Request, room: str, device: str) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        if room != ROOM or not self.joined:
            return Answer(403, {"errcode": "M_FORBIDDEN", "error": f"User {USER} not in room {room}"})
        if len(request.body) + _SERVERS_OWN > MOST:
            return Answer(413, {"errcode": "M_TOO_LARGE", "error": "event too large"})
        name = self._transactions.get((device, request.path)) or self._made(request, device)
        slow = SLOW_SECONDS if fate is Fate.ANSWERS_SLOWLY else 0.0
        return _AFTER.get(fate, Answer(200, {"event_id": name}, after=slow))

    def _made(self, request: Request, device: str) -> str:
        name = f"$event{len(self.events)}"
        self._transactions[device, request.path] = name
        made = {
            "event_id": name,
            "type": "m.room.message",
            "sender": USER,
            "origin_server_ts": int(self.clock.now().timestamp() * 1000),
            "content": request.json(),
            "device": device,
            "transaction": request.segments[-1],
        }
        self.events.append(made)
        return name

    def say(self, sender: str, body: str) -> None:
        """Somebody else's words in the room."""
        ts = int(self.clock.now().timestamp() * 1000)
        name = f"$event{len(self.events)}"
        self.events.append(
            {"event_id": name, "sender": sender, "origin_server_ts": ts, "content": {"body": body}, "device": ""}
        )

    def _redact(self, name: str) -> Answer:
        for one in self.events:
            if one["event_id"] == name:
                one["content"] = {}
        return Answer(200, {"event_id": f"{name}-redaction"})

    def _history(self, request: Request, room: str, device: str) -> Answer:
        if room != ROOM or not self.joined:
            return Answer(403, {"errcode": "M_FORBIDDEN", "error": f"User {USER} not in room {room}"})
        senders = json.loads(request.query.get("filter", "{}")).get("senders")
        start, limit = int(request.query.get("from", "0")), int(request.query.get("limit", "10"))
        found = self.events[::-1][start : start + limit]
        more = {"end": str(start + limit)} if start + limit < len(self.events) else {}
        chunk = [_as_seen(one, device) for one in found if senders is None or one["sender"] in senders]
        return Answer(200, {"chunk": chunk, "start": str(start), **more})

    def _state(self, room: str, rest: list[str]) -> Answer:
        if room != ROOM or not self.joined:
            return Answer(403, {"errcode": "M_FORBIDDEN", "error": f"User {USER} not in room {room}"})
        if rest == ["m.room.encryption"]:
            return Answer(200, {"algorithm": "m.megolm.v1.aes-sha2"}) if self.encrypted else _not_found()
        return Answer(200, {"membership": "join"}) if rest == ["m.room.member", USER] else _not_found()

    def _upload(self, request: Request) -> Answer:
        address = f"mxc://matrix.test/{len(self.media)}"
        self.media[address] = request.body
        return Answer(200, {"content_uri": address})


def _as_seen(one: dict[str, Any], device: str) -> dict[str, Any]:
    """An event as a device sees it: only the one that sent it learns the transaction id."""
    unsigned = {"transaction_id": one["transaction"]} if one["device"] == device else {}
    shown = {name: value for name, value in one.items() if name not in {"device", "transaction"}}
    return {**shown, "unsigned": unsigned}


def _relates(one: dict[str, Any], name: str, kind: str) -> bool:
    relation = one["content"].get("m.relates_to", {})
    return bool(relation.get("event_id") == name and relation.get("rel_type") == kind)


def _not_found() -> Answer:
    return Answer(404, {"errcode": "M_NOT_FOUND", "error": "Not found."})
