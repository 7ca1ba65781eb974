"""Telegram's Bot API on loopback: one bot, one channel, and what the documentation says it answers.

As on the real one the token stands in the path, every answer says `ok` besides its status, a
limit is told in `parameters.retry_after` and in no header, texts are trimmed before they are
counted, albums are answered with a list, and nothing can be read back. Written from the Bot API
10.1 (2026-06-11) and tdlib/telegram-bot-api 10.0 (2026-05-07); nothing here was seen live.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

TOKEN = "123456789:AAemulatedTokenOfNobody-00000000000"  # noqa: S105  # opens nothing but this
CHAT, NAME, BOT = -1001234567890, "our_channel", 123456789
MOST_TEXT, MOST_CAPTION, MOST_ENTITIES = 4096, 1024, 100
A_MINUTE = 20
DELETABLE = timedelta(hours=48)

Fields = Mapping[str, Any]


class Refusal(Exception):
    """A request that is refused, with the words for it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.answer = refused(status, description, **parameters)


def refused(status: int, description: str, **parameters: int) -> Answer:
    """An error as the Bot API writes it."""
    said = {"ok": False, "error_code": status, "description": description}
    return Answer(status, said | ({"parameters": parameters} if parameters else {}))


_BEFORE: Mapping[Fate, Answer] = {
    Fate.LIMITS: refused(429, "Too Many Requests: retry after 35", retry_after=35),
    Fate.EXPIRES: refused(401, "Unauthorized"),
    Fate.REJECTS: refused(400, "Bad Request: message is too long"),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(200, b"<html>Good day</html>"),
    Fate.FAILS_AFTER_POSTING: refused(500, "Internal Server Error"),
    Fate.NO_ID: Answer(200, {"ok": True, "result": True}),
}


@dataclass(slots=True)
class TelegramServer(Emulator):
    """What the server holds. `rights` are the bot's in the channel; `moved_to` is a group's new id."""

    never = frozenset({Fate.NOT_READY, Fate.REFUSES_AFTER_POSTING})
    name: str = NAME
    rights: dict[str, Any] = field(
        default_factory=lambda: {"status": "administrator", "can_post_messages": True, "can_delete_messages": True}
    )
    moved_to: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    _last: int = 811
    _sent: list[datetime] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What people read, in order: texts, captions, questions; an album's further pictures have none."""
        words = (one.get("text") or one.get("caption") or one.get("poll", {}).get("question") for one in self.messages)
        return [text for text in words if text]

    # -- the wire ------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        bot, method = (*request.segments, "", "")[:2]
        if not bot.startswith("bot") or ":" not in bot:
            return refused(404, "Not Found")
        if bot != f"bot{TOKEN}":
            return refused(401, "Unauthorized")
        with self._lock:
            try:
                return self._routed(method, request)
            except Refusal as caught:
                return caught.answer

    def _routed(self, method: str, request: Request) -> Answer:
        fields = _fields(request)
        if method in MAKERS:
            return self._create(method, fields)
        looks: Mapping[str, Callable[[Fields], Any]] = {
            "getMe": lambda _: {"id": BOT, "is_bot": True, "first_name": "Drumbeat", "username": "our_bot"},
            "getChat": self._chat,
            "getChatMember": lambda said: {**self._member(said), "user": {"id": BOT, "is_bot": True}},
            "deleteMessage": self._delete,
        }
        if method not in looks:
            return refused(404, "Not Found: method not found")
        return Answer(200, {"ok": True, "result": looks[method](fields)})

    def _create(self, method: str, fields: Fields) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        self._may_post(fields)
        made = MAKERS[method](fields)
        self._has_room(len(made))
        shown = [self._show(one, fields) for one in made]
        result = shown if method == "sendMediaGroup" else shown[0]
        taken = _AFTER.get(fate, Answer(200, {"ok": True, "result": result}))
        return replace(taken, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else taken

    # -- who may -------------------------------------------------------------------------

    def _chat(self, fields: Fields) -> dict[str, Any]:
        asked = str(fields.get("chat_id", ""))
        if asked not in {str(CHAT), f"@{self.name}"} or (asked.startswith("@") and not self.name):
            raise Refusal(400, "Bad Request: chat not found")
        chat = {"id": CHAT, "title": "Our channel", "type": "channel"}
        return chat | ({"username": self.name} if self.name else {})

    def _member(self, fields: Fields) -> dict[str, Any]:
        self._chat(fields)
        if str(fields.get("user_id")) != str(BOT):
            raise Refusal(400, "Bad Request: user not found")
        return self.rights

    def _may_post(self, fields: Fields) -> None:
        self._chat(fields)
        if self.moved_to:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, said, migrate_to_chat_id=self.moved_to)
        if self.rights["status"] in {"left", "kicked"}:
            raise Refusal(403, "Forbidden: bot was kicked from the channel chat")
        if not self.rights.get("can_post_messages"):
            raise Refusal(400, "Bad Request: need administrator rights in the channel chat")
        reply = fields.get("reply_parameters")
        if reply and all(one["message_id"] != reply.get("message_id") for one in self.messages):
            raise Refusal(400, "Bad Request: message to be replied not found")

    def _has_room(self, number: int) -> None:
        """Twenty messages a minute in one chat (core.telegram.org/bots/faq); the wait is in the body alone."""
        now = self.clock.now()
        self._sent = [at for at in self._sent if now - at < timedelta(minutes=1)]
        if len(self._sent) + number > A_MINUTE:
            wait = 60 - int((now - self._sent[0]).total_seconds()) if self._sent else 60
            raise Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        self._sent += [now] * number

    # -- what is there -------------------------------------------------------------------

    def _show(self, made: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        self._last += 1
        chat = self._chat(fields)
        moment = int(self.clock.now().timestamp())
        message = {"message_id": self._last, "sender_chat": chat, "chat": chat, "date": moment, **made}
        if reply := fields.get("reply_parameters"):
            message["reply_to_message"] = {"message_id": reply["message_id"]}
        self.messages.append(message)
        return {name: _described(name, value) for name, value in message.items()}

    def _delete(self, fields: Fields) -> bool:
        self._chat(fields)
        found = [one for one in self.messages if str(one["message_id"]) == str(fields.get("message_id"))]
        if not found:
            raise Refusal(400, "Bad Request: message to delete not found")
        if self.clock.now().timestamp() - found[0]["date"] > DELETABLE.total_seconds():
            raise Refusal(400, "Bad Request: message can't be deleted for everyone")
        self.messages.remove(found[0])
        return True


def _described(name: str, value: Any) -> Any:  # noqa: ANN401  # JSON, or a file
    """A file as it is told of: photos in several sizes, all else as one document."""
    if not isinstance(value, bytes):
        return value
    told = {"file_id": f"AgAC{len(value)}", "file_unique_id": f"AQAD{len(value)}", "file_size": len(value)}
    return [told] if name == "photo" else told


def _fields(request: Request) -> dict[str, Any]:
    """What was sent, as query, JSON or form; in a form, structured fields are JSON, and files are their bytes."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return {**request.query, **request.json()}
    return {
        name: part.body if part.filename else _plain(name, part.body.decode()) for name, part in request.form().items()
    }


def _plain(name: str, text: str) -> Any:  # noqa: ANN401  # whatever was sent
    return json.loads(text) if name in {"media", "caption_entities", "reply_parameters"} else text


# -- one method each ---------------------------------------------------------------------------


def _text(fields: Fields) -> list[dict[str, Any]]:
    made = _words(fields, "text", "entities", MOST_TEXT, "message is too long")
    if not made.get("text"):
        raise Refusal(400, "Bad Request: message text is empty")
    preview = fields.get("link_preview_options")
    return [made | ({"link_preview_options": preview} if preview else {})]


def _words(fields: Fields, name: str, entities: str, most: int, too_long: str) -> dict[str, Any]:
    """Trimmed, then counted; code points, as was measured on 2026-08-29 (FerroxLabs/wayland#934)."""
    text = str(fields.get(name, "")).strip()
    if len(text) > most:
        raise Refusal(400, f"Bad Request: {too_long}")
    units = len(text.encode("utf-16-le")) // 2
    for one in fields.get(entities, ()):
        if one["offset"] < 0 or one["length"] < 1 or one["offset"] + one["length"] > units:
            raise Refusal(400, "Bad Request: can't parse entities: an entity ends after the end of the text")
    kept = list(fields.get(entities, ()))[:MOST_ENTITIES]
    return ({name: text} if text else {}) | ({entities: kept} if kept else {})


def _file(kind: str) -> Callable[[Fields], list[dict[str, Any]]]:
    def made(fields: Fields) -> list[dict[str, Any]]:
        return [_pictured(kind, fields, fields)]

    return made


def _pictured(kind: str, entry: Fields, fields: Fields) -> dict[str, Any]:
    """One file of a message: named by `attach://`, and really sent."""
    name = str(entry.get(kind) or entry.get("media") or "").removeprefix("attach://")
    body = fields.get(name)
    if not isinstance(body, bytes) or not body:
        raise Refusal(400, f"Bad Request: there is no {kind} in the request")
    words = _words(entry, "caption", "caption_entities", MOST_CAPTION, "message caption is too long")
    hidden = str(entry.get("has_spoiler", "")).lower() == "true"
    return {kind: body} | words | ({"has_media_spoiler": True} if hidden else {})


def _album(fields: Fields) -> list[dict[str, Any]]:
    entries = fields.get("media", ())
    if not 2 <= len(entries) <= 10:
        raise Refusal(400, "Bad Request: an album holds 2 to 10 files")
    if any(one["type"] not in {"photo", "video"} for one in entries):
        raise Refusal(400, "Bad Request: can't use the media of the specified type in the album")
    return [_pictured(one["type"], one, fields) for one in entries]


def _poll(fields: Fields) -> list[dict[str, Any]]:
    question, options = str(fields.get("question", "")).strip(), fields.get("options", ())
    told = (
        (not question or len(question) > 300, "poll question length must not exceed 300"),
        (not 1 <= len(options) <= 12, "poll must have 1-12 options"),
        (any(not 1 <= len(one["text"]) <= 100 for one in options), "poll options length must not exceed 100"),
        (not 5 <= int(fields.get("open_period", 5)) <= 2_628_000, "wrong open_period specified"),
        (fields.get("is_anonymous") is False, "non-anonymous polls can't be sent to channel chats"),
        (len(str(fields.get("description", ""))) > 1024, "poll description is too long"),
    )
    if wrong := next((words for bad, words in told if bad), ""):
        raise Refusal(400, f"Bad Request: {wrong}")
    kept = ("options", "open_period", "allows_multiple_answers", "description", "is_anonymous")
    return [{"poll": {"question": question} | {name: fields[name] for name in kept if name in fields}}]


MAKERS: Mapping[str, Callable[[Fields], list[dict[str, Any]]]] = {
    "sendMessage": _text,
    "sendPhoto": _file("photo"),
    "sendVideo": _file("video"),
    "sendAnimation": _file("animation"),
    "sendMediaGroup": _album,
    "sendPoll": _poll,
}
