"""Publishing into a Matrix room, unencrypted, as one account on one fixed device.

The transaction id is the post's key, and servers answer a repeat with the first event; but
they remember it by device (Synapse 30 to 60 minutes in memory, 24 hours in its database;
others unknown). Only an account that names its device is promised a safe repeat, and never
longer than half an hour. Sources: spec.matrix.org client-server API, as of 2026-07-21;
element-hq/synapse rest/client/transactions.py 003fc725; answers seen from Synapse 1.163.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from scheduler.errors import AuthExpired, PublishError, RateLimited, Rejected, Transient, UsageError
from scheduler.http.reply import Reply
from scheduler.http.session import Asked, HttpSession
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Doubles,
    Found,
    Metrics,
    OnRepeat,
    Operation,
    Pace,
    Replays,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.matrix.event import KEY, MOST_BYTES, Uploaded, event, permalink, shown_text, size
from scheduler.publishers.matrix.guide import GUIDE
from scheduler.publishers.servers import server_of

API = "/_matrix/client/v3"
WINDOW = timedelta(minutes=30)
"""How long a repeat surely gets the first event: the shortest time for which any server read keeps transactions."""

_REDACTIONS = Pace(10, timedelta(seconds=50))
"""Synapse counts a redaction as any event: 0.2 a second, 10 at once (synapse config/ratelimiting.py, 25846ff7)."""

_PAGES, _PAGE = 20, 100
_SKEW_MS = 600_000
_DEAD = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_SUSPENDED", "M_USER_LOCKED", "M_USER_DEACTIVATED"})
_OURS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.METRICS, Operation.INSPECT})


def sort(reply: Reply) -> PublishError | None:
    """What Matrix's own error codes mean; the status decides only where they say nothing (spec, "Standard errors")."""
    code = str(reply.said().get("errcode", "")) if reply.status >= 400 else ""
    if code in _DEAD:
        return AuthExpired(reply.sentence())
    if code == "M_LIMIT_EXCEEDED":
        return RateLimited(reply.sentence(), retry_at=reply.retry_at())
    if code == "M_RESOURCE_LIMIT_EXCEEDED":
        return Transient(reply.sentence())
    return None


class Matrix:
    """One account in one room. Settings: `server`, `room`, `device`, `encrypted: yes`; secret: `token`."""

    guide = GUIDE

    def __init__(self, http: HttpSession, root: Path, *, room: str, device: str = "", encrypted: bool = False) -> None:
        self._http = http
        self._root = root
        self._room = room
        self._device = device
        self._encrypted = encrypted
        self._me: tuple[str, str] | None = None
        repeat: OnRepeat = Replays(WINDOW) if device else Doubles()
        self.capabilities = Capabilities(
            "matrix", repeat, _OURS, VerifyQuality.EXACT, timeout=http.timeout_seconds, deletes=_REDACTIONS
        )

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's way into its room. Raises `UsageError` without one, `AuthExpired` without a token."""
        server = server_of(account)
        room = account.settings.get("room", "")
        if room[:1] not in {"!", "#"}:
            raise UsageError(
                f"{account.name} has no room.",
                mend=f'In drumbeat.yaml, write `room: "#name:server"` or the room\'s id (`"!…"`) below {account.name}.',
            )
        token = surroundings.secret("token")
        http = HttpSession(
            server.url,
            clock=surroundings.clock,
            route=surroundings.route,
            headers={"Authorization": f"Bearer {token}"},
            secrets=(token,),
            sort=sort,
            allow_private=server.own_network,
        )
        encrypted = account.wants("encrypted")
        device = account.settings.get("device", "")
        return cls(http, surroundings.root, room=room, device=device, encrypted=encrypted)

    def prepare(self, draft: Draft) -> Prepared:
        """Finds the room, sees that it may be written to, uploads the picture and what a warning hides.

        Raises `AuthExpired` where the account is on another device, not in the room, or the room is encrypted.
        """
        if len(draft.content.media) > 1:
            raise Rejected("A Matrix event holds one file.", mend="Give this account one picture, under `for`.")
        self._same_device()
        room = self._room_id()
        self._open_to_us(room)
        uploaded = self._uploaded(draft)
        content = event(draft, uploaded)
        if (length := size(content)) > MOST_BYTES:
            raise Rejected(f"The event would have {length:,} bytes; a room takes about {MOST_BYTES:,}.")
        return Prepared(
            {"room": room, "media": uploaded.media, "filename": uploaded.filename, "hidden": uploaded.hidden}
        )

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Sends the event under its own transaction id. Raises by errcode; a 5xx or a lost answer is `Ambiguous`."""
        values = {name: str(value) for name, value in prepared.values.items()}
        if not values.get("room"):
            raise Transient("The room was not looked up yet.")
        room = values["room"]
        content = event(draft, Uploaded(values.get("media", ""), values.get("filename", ""), values.get("hidden", "")))
        path = f"{API}/rooms/{quote(room, safe='')}/send/m.room.message/{_transaction(draft)}"
        reply = self._http.create("PUT", path, json=content)
        name = reply.fields().get("event_id")
        if not isinstance(name, str) or not name:
            raise reply.garbled("names no event")
        return self._receipt(room, name)

    def warm(self) -> None:
        """Opens the connection ahead."""
        self._http.warm()

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Reads the room back to `since`: our key in an event, or, from the same device, our transaction id.

        Absent only where all since then was read and nothing of ours in it was taken down, which leaves no key.
        """
        me, _ = self._whoami()
        room = str(prepared.values.get("room") or self._room_id())
        earliest = int(since.timestamp() * 1000) - _SKEW_MS
        blank = False
        for one in self._events(room, me):
            if one is _UNREAD:
                return Unknown("The room says more than could be read back.")
            if _is_ours(one, draft):
                return Found(self._receipt(room, str(one["event_id"])))
            if int(one.get("origin_server_ts", 0)) < earliest:
                break
            blank = blank or not (one.get("content") or _sent_from_here(one))
        return Unknown("An event of this account was taken down; it may be this one.") if blank else Absent()

    def delete(self, receipt: Receipt) -> None:
        """Redacts the event: its content goes, for ever. Other servers and clients are asked to do the same."""
        room = str(receipt.extra.get("room") or self._room_id())
        transaction = f"redact-{sha256(receipt.remote_id.encode()).hexdigest()[:32]}"
        path = f"{API}/rooms/{quote(room, safe='')}/redact/{quote(receipt.remote_id, safe='')}/{transaction}"
        self._http.prepare("PUT", path, json={}, accept={404})

    def metrics(self, receipt: Receipt) -> Metrics:
        """Other people's reactions and answers in the thread, as far as one page of each tells (100)."""
        room = quote(str(receipt.extra.get("room") or self._room_id()), safe="")
        name = quote(receipt.remote_id, safe="")
        path = f"/_matrix/client/v1/rooms/{room}/relations/{name}"
        me, _ = self._whoami()
        counts = {}
        for word, relation in (("reactions", "m.annotation"), ("answers", "m.thread")):
            found = self._http.find(f"{path}/{relation}", params={"limit": _PAGE})
            events = found.fields().get("chunk", ()) if found else ()
            counts[word] = sum(isinstance(one, dict) and one.get("sender") != me for one in events)
        return Metrics(counts)

    def inspect(self) -> AccountReport:
        """Who the token is, on which device, whether the room takes posts, and the media store's limit in bytes."""
        me, device = self._whoami()
        notes = [] if self._device else [f"Write `device: {device}` in drumbeat.yaml; without it no repeat is safe."]
        try:
            self._same_device()
            self._open_to_us(self._room_id())
        except AuthExpired as caught:
            return AccountReport(works=False, handle=me, notes=(caught.message, *notes))
        config = self._http.find("/_matrix/client/v1/media/config")
        most = config.fields().get("m.upload.size") if config else None
        return AccountReport(
            works=True,
            handle=me,
            software="Matrix",
            limits={"media_bytes": most} if isinstance(most, int) else {},
            notes=tuple(notes),
        )

    # -- who and where -------------------------------------------------------------------

    def _whoami(self) -> tuple[str, str]:
        """User and device of the token, asked once; spec, "GET /account/whoami"."""
        if self._me is None:
            said = self._http.read(f"{API}/account/whoami").fields()
            self._me = str(said.get("user_id", "")), str(said.get("device_id", ""))
        return self._me

    def _same_device(self) -> None:
        _, device = self._whoami()
        if self._device and device != self._device:
            raise AuthExpired(
                f"The token belongs to the device {device or 'of no name'}, not to {self._device}.",
                mend="Log in with the device's own id, or, when no post is unknown, write the new id as `device:`.",
            )

    def _room_id(self) -> str:
        """The room's id, looked up where an alias is written. Raises `AuthExpired` where there is no such alias."""
        if not self._room.startswith("#"):
            return self._room
        found = self._http.find(f"{API}/directory/room/{quote(self._room, safe='')}")
        if found is None:
            raise AuthExpired(f"There is no room {self._room}.", mend="Mend `room:` in drumbeat.yaml.")
        room = found.fields().get("room_id")
        if not isinstance(room, str) or not room:
            raise found.garbled("names no room")
        return room

    def _open_to_us(self, room: str) -> None:
        """That the account is in the room, and that the room shows plain events as what they are."""
        me, _ = self._whoami()
        state = f"{API}/rooms/{quote(room, safe='')}/state"
        membership = self._http.find(f"{state}/m.room.member/{quote(me, safe='')}", accept={403})
        joined = membership is not None and membership.status == 200 and membership.said().get("membership") == "join"
        if not joined:
            raise AuthExpired(f"{me} is not in the room {self._room}.", mend="Invite the account and join the room.")
        if not self._encrypted and self._http.find(f"{state}/m.room.encryption"):
            raise AuthExpired(
                f"The room {self._room} is encrypted; posts would stand there unencrypted, with a warning.",
                mend="Choose a room without encryption, or write `encrypted: yes` below the account.",
            )

    # -- media ---------------------------------------------------------------------------

    def _uploaded(self, draft: Draft) -> Uploaded:
        """The picture, and, for the plain form of a post with a warning, its text as a file (spec, "Spoilers")."""
        content = draft.content
        hidden = media = name = ""
        if content.warning:
            hidden = self._upload("text.txt", "text/plain; charset=utf-8", shown_text(content).encode())
        if content.media:
            part = file_part(self._root, content.media[0])
            name = part.filename
            media = self._upload(name, part.content_type, part.path)
        return Uploaded(media, name, hidden)

    def _upload(self, name: str, kind: str, what: bytes | Path) -> str:
        asked: Asked = {"params": {"filename": name}, "content_type": kind}
        if isinstance(what, Path):
            asked["file"] = what
        else:
            asked["content"] = what
        reply = self._http.prepare("POST", "/_matrix/media/v3/upload", **asked)
        address = reply.fields().get("content_uri")
        if not isinstance(address, str) or not address.startswith("mxc://"):
            raise reply.garbled("names no upload")
        return address

    # -- looking -------------------------------------------------------------------------

    def _events(self, room: str, me: str) -> Iterator[dict[str, Any]]:
        """Our own events in the room, newest first; `_UNREAD` where there are more than can be read."""
        params: dict[str, Any] = {
            "dir": "b",
            "limit": _PAGE,
            "filter": json.dumps({"types": ["m.room.message"], "senders": [me]}),
        }
        for _ in range(_PAGES):
            said = self._http.read(f"{API}/rooms/{quote(room, safe='')}/messages", params=params).fields()
            yield from (one for one in said.get("chunk", ()) if one.get("sender") == me)
            if not said.get("end"):
                return
            params["from"] = said["end"]
        yield _UNREAD

    def _receipt(self, room: str, name: str) -> Receipt:
        return Receipt(name, permalink(room, name), extra={"room": room})


_UNREAD: dict[str, Any] = {}


def _transaction(draft: Draft) -> str:
    return quote(f"drumbeat-{draft.idempotency_key}", safe="")


def _sent_from_here(one: dict[str, Any]) -> str:
    """The event's transaction, which a server shows to the device that sent it, even when the rest was taken down."""
    unsigned = one.get("unsigned")
    return str(unsigned.get("transaction_id") or "") if isinstance(unsigned, dict) else ""


def _is_ours(one: dict[str, Any], draft: Draft) -> bool:
    content = one.get("content")
    by_key = isinstance(content, dict) and content.get(KEY) == draft.idempotency_key
    return by_key or _sent_from_here(one) == _transaction(draft)
