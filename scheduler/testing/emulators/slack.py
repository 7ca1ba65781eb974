"""Slack on loopback: one workspace, one channel, an app and a webhook, and what the documentation says they answer.

The traps are here as well: failures come with status 200; `fatal_error` and `internal_error` come
after the post was made; a text over 4,000 becomes several messages under one name, and one over
40,000 is cut and still ok; what a message carries is seen only by who asks for it and may; a
thread's answers are not in the channel's history; a file is not ready at once. Written from
docs.slack.dev as of 2026-08; nothing here was seen live.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

TOKEN = "xoxb-emulated-token-of-nobody"  # noqa: S105  # opens nothing but this
CHANNEL, BOT, TEAM = "C0123456789", "B0000000001", "https://sayno.slack.com/"
HOOK = "/services/T00000001/B00000001/emulatedHookOfNobody0001"
SCOPES = ("chat:write", "files:write", "channels:history", "channels:read", "metadata.message:read")
BURST, PIECE, MOST = 20, 4_000, 40_000

Said = Mapping[str, Any]
Shown = dict[str, Any]


def no(word: str) -> Answer:
    """A refusal of the Web API."""
    return Answer(200, {"ok": False, "error": word})


def plain(status: int, word: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of a webhook."""
    return Answer(status, word.encode(), {"Content-Type": "text/html", **(headers or {})})


_LIMITED = Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})
_BEFORE: Mapping[Fate, Answer] = {
    Fate.LIMITS: _LIMITED,
    Fate.EXPIRES: no("token_revoked"),
    Fate.REJECTS: no("msg_too_long"),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(200, b"<html>Good day</html>"),
    Fate.FAILS_AFTER_POSTING: no("fatal_error"),
    Fate.REFUSES_AFTER_POSTING: no("internal_error"),
    Fate.NO_ID: Answer(200, {"ok": True}),
}
_HOOK_BEFORE: Mapping[Fate, Answer] = {
    Fate.LIMITS: plain(429, "rate_limited", {"Retry-After": "30"}),
    Fate.EXPIRES: plain(404, "no_service"),
    Fate.REJECTS: plain(400, "invalid_payload"),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_HOOK_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(200, b"<html>Good day</html>"),
    Fate.FAILS_AFTER_POSTING: plain(500, "rollup_error"),
}


@dataclass(slots=True)
class SlackServer(Emulator):
    """What Slack holds. `member` and `scopes` are the app's; `working` names files that are not ready yet."""

    never = frozenset({Fate.NOT_READY})
    scopes: tuple[str, ...] = SCOPES
    member: bool = True
    messages: list[Shown] = field(default_factory=list)
    files: dict[str, Shown] = field(default_factory=dict)
    working: set[str] = field(default_factory=set)
    _made: int = 0
    _sent: list[float] = field(default_factory=list)

    @property
    def webhook(self) -> str:
        """The webhook's address, as a person copies it."""
        return self.url + HOOK

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [one["text"] for one in self.messages]

    def script_hook(self, fate: Fate) -> bool:
        """What becomes of a webhook's next message: it never names an id, and refuses nothing that it posted."""
        return fate not in {Fate.NO_ID, Fate.REFUSES_AFTER_POSTING} and self.script(fate)

    # -- the wire ------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            if request.path == HOOK:
                return self._by_hook(request)
            if request.segments[:1] == ("upload",):
                return self._bytes(request)
            if request.segments[:1] != ("api",):
                return plain(404, "no_team")
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                return no("invalid_auth")
            return self._by_app(request.segments[-1], _said(request), request)

    def _by_app(self, method: str, said: Said, request: Request) -> Answer:
        if method == "chat.postMessage":
            return self._create(said)
        known: Mapping[str, Callable[[Said], Answer]] = {
            "auth.test": lambda _: self._me(),
            "conversations.info": self._channel,
            "conversations.history": lambda said: self._listed(said, self._top()),
            "conversations.replies": self._thread,
            "chat.delete": self._delete,
            "files.getUploadURLExternal": self._place,
            "files.completeUploadExternal": self._complete,
        }
        assert request.method in {"GET", "POST"}
        return known[method](said) if method in known else no("unknown_method")

    def _me(self) -> Answer:
        said = {"ok": True, "url": TEAM, "team": "Say no", "user": "drumbeat", "bot_id": BOT}
        return Answer(200, said, {"X-OAuth-Scopes": ",".join(self.scopes)})

    def _channel(self, said: Said) -> Answer:
        if said.get("channel") != CHANNEL:
            return no("channel_not_found")
        return Answer(200, {"ok": True, "channel": {"id": CHANNEL, "name": "news", "is_member": self.member}})

    # -- messages ------------------------------------------------------------------------

    def _create(self, said: Said) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        if self._is_full():
            return _LIMITED
        if word := self._refusal(said):
            return no(word)
        first = self._show(said)
        cut = {"warning": "message_truncated"} if len(str(said.get("text"))) > MOST else {}
        made = {"ok": True, "channel": CHANNEL, "ts": first["ts"], "message": first, **cut}
        taken = _AFTER.get(fate, Answer(200, made))
        return replace(taken, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else taken

    def _by_hook(self, request: Request) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _HOOK_BEFORE:
            return _HOOK_BEFORE[fate]
        said = request.json()
        if not said.get("text") and not said.get("blocks"):
            return plain(400, "no_text")
        self._show(said)
        taken = _HOOK_AFTER.get(fate, plain(200, "ok"))
        return replace(taken, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else taken

    def _refusal(self, said: Said) -> str:
        ready = {name for name, one in self.files.items() if one["complete"]} - self.working
        blocks = said.get("blocks", ())
        pictures = [one for one in blocks if one["type"] == "image"]
        parent = said.get("thread_ts")
        told = (
            (said.get("channel") != CHANNEL, "channel_not_found"),
            (not self.member and "chat:write.public" not in self.scopes, "not_in_channel"),
            (not said.get("text") and not blocks, "no_text"),
            (len(blocks) > 50, "invalid_blocks"),
            (any(one["slack_file"]["id"] not in ready or not one["alt_text"] for one in pictures), "invalid_blocks"),
            (bool(parent) and all(one["ts"] != parent for one in self.messages), "cannot_reply_to_message"),
        )
        return next((word for wrong, word in told if wrong), "")

    def _is_full(self) -> bool:
        """One message a second into a channel, bursts tolerated ("Rate limits")."""
        now = self.clock.now().timestamp()
        self._sent = [at for at in self._sent if now - at < BURST]
        self._sent.append(now)
        return len(self._sent) > BURST

    def _show(self, said: Said) -> Shown:
        """The message; a text over 4,000 becomes several, and only the first is told of."""
        text = str(said.get("text", ""))[:MOST]
        pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]
        shown = [self._one(piece, said) for piece in pieces]
        self.messages += shown
        return shown[0]

    def _one(self, text: str, said: Said) -> Shown:
        self._made += 1
        ts = f"{int(self.clock.now().timestamp())}.{self._made:06d}"
        kept = ("blocks", "thread_ts", "metadata", "unfurl_links", "unfurl_media", "mrkdwn")
        return {"type": "message", "bot_id": BOT, "ts": ts, "text": text} | {
            name: said[name] for name in kept if name in said
        }

    def _top(self) -> list[Shown]:
        return [one for one in self.messages if not one.get("thread_ts")]

    def _thread(self, said: Said) -> Answer:
        root = str(said.get("ts"))
        if all(one["ts"] != root for one in self.messages):
            return no("thread_not_found")
        return self._listed(said, [one for one in self.messages if root in {one["ts"], one.get("thread_ts")}])

    def _listed(self, said: Said, found: list[Shown]) -> Answer:
        if "channels:history" not in self.scopes:
            return no("missing_scope")
        if not self.member or said.get("channel") != CHANNEL:
            return no("not_in_channel" if said.get("channel") == CHANNEL else "channel_not_found")
        root, start = str(said.get("ts", "")), int(said.get("cursor") or 0)
        after = float(said.get("oldest", 0))
        kept = [one for one in found if float(one["ts"]) > after or one["ts"] == root]
        limit = int(said.get("limit", 100))
        sees = said.get("include_all_metadata") == "true" and "metadata.message:read" in self.scopes
        page = [one if sees else _bare(one) for one in kept[start : start + limit]]
        more = start + limit < len(kept)
        cursor = {"response_metadata": {"next_cursor": str(start + limit)}} if more else {}
        return Answer(200, {"ok": True, "messages": page, "has_more": more, **cursor})

    def _delete(self, said: Said) -> Answer:
        found = [one for one in self.messages if one["ts"] == said.get("ts")]
        if not found:
            return no("message_not_found")
        self.messages.remove(found[0])
        return Answer(200, {"ok": True, "channel": CHANNEL, "ts": found[0]["ts"]})

    # -- files ---------------------------------------------------------------------------

    def _place(self, said: Said) -> Answer:
        if not str(said.get("length", "")).isdecimal() or not said.get("filename"):
            return no("invalid_arguments")
        name = f"F{len(self.files):010d}"
        self.files[name] = {
            "alt": said.get("alt_txt", ""),
            "length": int(said["length"]),
            "body": b"",
            "complete": False,
        }
        return Answer(200, {"ok": True, "upload_url": f"{self.url}/upload/v1/{name}?of=nobody", "file_id": name})

    def _bytes(self, request: Request) -> Answer:
        found = self.files.get(request.segments[-1])
        if found is None or len(request.body) != found["length"] or "authorization" in request.headers:
            return plain(400, "bad upload")
        found["body"] = request.body
        return plain(200, f"OK - {len(request.body)}")

    def _complete(self, said: Said) -> Answer:
        named = [one["id"] for one in said.get("files", ())]
        if any(name not in self.files or not self.files[name]["body"] for name in named):
            return no("file_not_found")
        assert "channel_id" not in said, "that would be sharing: a creating request"
        for name in named:
            self.files[name]["complete"] = True
        return Answer(200, {"ok": True, "files": [{"id": name} for name in named]})


def _said(request: Request) -> dict[str, Any]:
    """Arguments come as query, as JSON, or as a form."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return {**request.query, **dict(parse_qsl(request.body.decode()))}
    return {**request.query, **request.json()}


def _bare(one: Shown) -> Shown:
    return {name: value for name, value in one.items() if name != "metadata"}
