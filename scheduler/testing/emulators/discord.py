"""Discord on loopback: one channel, one webhook of it, one bot, and what the documentation says it answers.

The traps are here as well: a webhook that is not told to wait answers 204 and no id; webhooks
know no nonce and no replies; who may not read the history gets an empty list; a nonce whose
message was deleted answers "Unknown Message"; texts are trimmed; what a message may mention is
decided by `allowed_mentions`, whose defaults notify. Written from discord/discord-api-docs of
2026-08-06 and #367, #1315 and #6647 there; nothing here was seen live.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

TOKEN = "emulated.bot-token.of-nobody-0000000000000"  # noqa: S105  # opens nothing but this
HOOK_TOKEN = "emulated-hook-token_0000000000000000"  # noqa: S105
CHANNEL, GUILD, BOT, HOOK = "2200000000000000022", "1100000000000000011", "3300000000000000033", "4400000000000000044"
NONCES_KEPT = timedelta(minutes=3)
PER_MINUTE = 30
_EPOCH_MS = 1_420_070_400_000

_BEFORE: Mapping[Fate, Answer] = {
    Fate.LIMITS: Answer(
        429,
        {"message": "You are being rate limited.", "retry_after": 64.57, "global": False},
        {"Retry-After": "65", "X-RateLimit-Scope": "user", "X-RateLimit-Reset-After": "64.57"},
    ),
    Fate.EXPIRES: Answer(401, {"message": "401: Unauthorized", "code": 0}),
    Fate.REJECTS: Answer(403, {"message": "Message was blocked by automatic moderation", "code": 200000}),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(200, b"<html>Good day</html>"),
    Fate.FAILS_AFTER_POSTING: Answer(502, b"<html>502 Bad Gateway</html>"),
    Fate.NO_ID: Answer(200, {}),
}


def error(status: int, message: str, code: int, **more: Any) -> Answer:  # noqa: ANN401  # JSON
    """An error as Discord writes it."""
    return Answer(status, {"message": message, "code": code, **more})


def too_long(name: str, most: int) -> Answer:
    """A form with one field too long."""
    words = {"code": "BASE_TYPE_MAX_LENGTH", "message": f"Must be {most} or fewer in length."}
    return error(400, "Invalid Form Body", 50035, errors={name: {"_errors": [words]}})


@dataclass(slots=True)
class DiscordServer(Emulator):
    """What the server holds. `reads_history`, `forum` and `open_to_us` are the channel's settings for the bot."""

    never = frozenset({Fate.NOT_READY, Fate.REFUSES_AFTER_POSTING})
    reads_history: bool = True
    forum: bool = False
    open_to_us: bool = True
    hooks: set[str] = field(default_factory=lambda: {HOOK_TOKEN})
    messages: list[dict[str, Any]] = field(default_factory=list)
    notified: list[str] = field(default_factory=list)
    _nonces: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _sent: list[datetime] = field(default_factory=list)
    _made: int = 0

    @property
    def webhook(self) -> str:
        """The webhook's address, as a person copies it."""
        return f"{self.url}/api/webhooks/{HOOK}/{HOOK_TOKEN}"

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [one["content"] or one.get("poll", {}).get("question", {}).get("text", "") for one in self.messages]

    # -- the wire ------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        if not request.headers.get("user-agent", "").startswith("DiscordBot ("):
            return error(403, "internal network error", 40333)
        with self._lock:
            match request.segments:
                case ("api", "v10", "webhooks", hook, token, *rest):
                    return self._of_webhook(request, hook, token, rest)
                case ("api", "v10", *rest):
                    return self._of_bot(request, rest)
        return error(404, "404: Not Found", 0)

    def _of_webhook(self, request: Request, hook: str, token: str, rest: list[str]) -> Answer:
        if hook != HOOK or token not in self.hooks:
            return error(404, "Unknown Webhook", 10015)
        if not rest and request.method == "GET":
            return Answer(200, {"id": HOOK, "type": 1, "name": "Drumbeat", "channel_id": CHANNEL, "guild_id": GUILD})
        if not rest:
            made = self._create(request, by="")
            return made if request.query.get("wait") == "true" or made.cut or made.status != 200 else Answer(204, b"")
        return self._one(request, rest[-1], by="")

    def _of_bot(self, request: Request, rest: list[str]) -> Answer:
        if request.headers.get("authorization") != f"Bot {TOKEN}":
            return _BEFORE[Fate.EXPIRES]
        if rest == ["users", "@me"]:
            return Answer(200, {"id": BOT, "username": "drumbeat", "bot": True})
        if rest[:2] != ["channels", CHANNEL]:
            return error(404, "Unknown Channel", 10003)
        return self._in_channel(request, rest[3:], bare=len(rest) == 2)

    def _in_channel(self, request: Request, post: list[str], *, bare: bool) -> Answer:
        if not self.open_to_us:
            return error(403, "Missing Access", 50001)
        if bare:
            return Answer(200, {"id": CHANNEL, "type": 15 if self.forum else 0, "guild_id": GUILD, "name": "news"})
        if post:
            return self._one(request, post[0], by=BOT)
        return Answer(200, self._listed(request)) if request.method == "GET" else self._create(request, by=BOT)

    # -- messages ------------------------------------------------------------------------

    def _create(self, request: Request, by: str) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        said, files = _sent(request)
        if refusal := self._refusal(said, files, by):
            return refusal
        made = self._named_before(said, by)
        made = self._show(said, files, by) if made is None else made
        if not made:
            return error(404, "Unknown Message", 10008)
        shown = next(one for one in self.messages if one["id"] == made)
        taken = _AFTER.get(fate, Answer(200, shown, self._headers()))
        return replace(taken, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else taken

    def _refusal(self, said: Mapping[str, Any], files: int, by: str) -> Answer | None:
        content = str(said.get("content") or "").strip()
        replied = said.get("message_reference", {}).get("message_id")
        if self._is_full():
            wait = {"message": "You are being rate limited.", "retry_after": 12.5, "global": False}
            return Answer(429, wait, {"Retry-After": "13", "X-RateLimit-Scope": "shared"})
        if len(content) > 2000:
            return too_long("content", 2000)
        if by and replied and all(one["id"] != replied for one in self.messages):
            return error(400, "Invalid Form Body", 50035, errors={"message_reference": {"_errors": [{}]}})
        if not content and not files and not said.get("poll"):
            return error(400, "Cannot send an empty message", 50006)
        if len(str(said.get("nonce", ""))) > 25:
            return too_long("nonce", 25)
        return self._picture_refusal(said, files) or _poll_refusal(said.get("poll"))

    @staticmethod
    def _picture_refusal(said: Mapping[str, Any], files: int) -> Answer | None:
        if files > 10 or files != len(said.get("attachments", ())):
            return error(400, "Invalid Form Body", 50035, errors={"attachments": {"_errors": [{}]}})
        if any(len(one.get("description", "")) > 1024 for one in said.get("attachments", ())):
            return too_long("description", 1024)
        return None

    def _is_full(self) -> bool:
        """Thirty a minute in a channel, which no header tells (discord-api-docs#367)."""
        now = self.clock.now()
        self._sent = [at for at in self._sent if now - at < timedelta(minutes=1)]
        self._sent.append(now)
        return len(self._sent) > PER_MINUTE

    def _headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "4",
            "X-RateLimit-Reset-After": "2.000",
            "X-RateLimit-Bucket": "0123456789abcdef",
        }

    def _named_before(self, said: Mapping[str, Any], by: str) -> str | None:
        """The message of a nonce that this author used in the past few minutes; empty where it was deleted."""
        nonce = str(said.get("nonce", ""))
        if not by or not said.get("enforce_nonce") or nonce not in self._nonces:
            return None
        post, at = self._nonces[nonce]
        if self.clock.now() - at > NONCES_KEPT:
            return None
        return post if any(one["id"] == post for one in self.messages) else ""

    def _show(self, said: Mapping[str, Any], files: int, by: str) -> str:
        self._made += 1
        now = self.clock.now()
        post = str(((int(now.timestamp() * 1000) - _EPOCH_MS) << 22) + self._made)
        content = str(said.get("content") or "").strip()
        kept = {"attachments": said.get("attachments", ())[:files], "flags": said.get("flags", 0)}
        made = {"id": post, "channel_id": CHANNEL, "content": content, "timestamp": now.isoformat(), **kept}
        made["author"] = {"id": by or HOOK, "bot": True}
        if not by:
            made["webhook_id"] = HOOK
        if said.get("poll"):
            made["poll"] = said["poll"]
        if by and said.get("message_reference"):
            made["message_reference"] = {"message_id": said["message_reference"]["message_id"]}
        self.messages.append(made)
        self.notified += _notified(content, said.get("allowed_mentions"), by)
        if by and said.get("nonce"):
            self._nonces[str(said["nonce"])] = post, now
        return post

    def _listed(self, request: Request) -> list[dict[str, Any]]:
        if not self.reads_history:
            return []
        before = int(request.query.get("before", 1 << 63))
        found = [one for one in reversed(self.messages) if int(one["id"]) < before]
        return found[: int(request.query.get("limit", "50"))]

    def _one(self, request: Request, post: str, by: str) -> Answer:
        found = [one for one in self.messages if one["id"] == post and one["author"]["id"] == (by or HOOK)]
        if not found:
            return error(404, "Unknown Message", 10008)
        if request.method == "DELETE":
            self.messages.remove(found[0])
            return Answer(204, b"")
        return Answer(200, found[0])


def _sent(request: Request) -> tuple[dict[str, Any], int]:
    """The message and how many files came with it."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return request.json(), 0
    form = request.form()
    return json.loads(form["payload_json"].body), sum(name.startswith("files[") for name in form)


def _poll_refusal(poll: Mapping[str, Any] | None) -> Answer | None:
    if not poll:
        return None
    answers = [one["poll_media"]["text"] for one in poll["answers"]]
    if not 1 <= len(poll["question"]["text"]) <= 300:
        return too_long("question", 300)
    if not 1 <= len(answers) <= 10 or any(len(one) > 55 for one in answers):
        return too_long("answers", 55)
    return None if 1 <= poll["duration"] <= 768 else too_long("duration", 768)


def _notified(content: str, allowed: Mapping[str, Any] | None, by: str) -> list[str]:
    """Who is woken: by default all that a bot's text names, and of a webhook's the users."""
    parse = (["users", "roles", "everyone"] if by else ["users"]) if allowed is None else allowed.get("parse", [])
    signs = {"users": r"<@!?\d+>", "roles": r"<@&\d+>", "everyone": r"@(?:everyone|here)\b"}
    return [name for kind in parse for name in re.findall(signs[kind], content)]
