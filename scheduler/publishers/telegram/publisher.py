"""Telegram: a channel or group, posted to by a bot of one's own through the Bot API.

A bot can neither give a post a key nor read what it posted: a repeat doubles, and what became of
a lost answer only a person can see, who is told where to look. The token is part of every
address, so addresses are never told. Sources: core.telegram.org/bots/api 10.1 of 2026-06-11 and
/bots/faq; tdlib/telegram-bot-api 10.0 of 2026-05-07; read in 2026-08. Not confirmed on the real
server by us: the words of some refusals, and what may be deleted after 48 hours.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from scheduler.errors import Ambiguous, AuthExpired, PublishError, RateLimited, Rejected, UsageError
from scheduler.http.bodies import FilePart
from scheduler.http.limits import after_seconds
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    AccountReport,
    Capabilities,
    Doubles,
    Metrics,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
)
from scheduler.publishers.servers import checked, server_of
from scheduler.publishers.telegram.form import asking, kind_of
from scheduler.publishers.telegram.guide import GUIDE

OFFICIAL = "https://api.telegram.org"
TIMEOUT = 60.0
"""A file goes out with its post: up to 50 MB within the one request."""

DELETED_FOR = timedelta(hours=48)
"""How old a message may be that a bot deletes: Bot API, "deleteMessage", as of 2026-06."""

PROVED_FOR = timedelta(minutes=10)
"""How long a token that worked is not tried again before a post."""

_CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{1,16}")
_SUPERGROUP = "-100"
_OPERATIONS = frozenset({Operation.PREPARE, Operation.DELETE, Operation.INSPECT})
_GONE = "message to delete not found"
_SHUT = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "admin_required",
    "chat_write_forbidden",
    "chat_restricted",
    "topic_closed",
    "message thread not found",
)
"""Refusals of the place and not of the post, in small letters (tdlib/telegram-bot-api, 2026-05-07)."""


def sort(reply: Reply) -> PublishError | None:
    """What Telegram's refusals mean: a place or token in trouble is a person's to mend, a limit has its own field."""
    said = reply.said()
    further = said.get("parameters")
    further = further if isinstance(further, dict) else {}
    if reply.status == 429:
        moment = after_seconds(further.get("retry_after"), reply.now) or reply.retry_at()
        return RateLimited(reply.sentence(), retry_at=moment)
    if reply.status == 400 and (moved := further.get("migrate_to_chat_id")):
        return AuthExpired(f"The group became a supergroup: write `chat: {moved}` for it in drumbeat.yaml.")
    if reply.status in {401, 403, 404}:  # 404: a token that is none
        return AuthExpired(reply.sentence())
    told = str(said.get("description", "")).lower()
    return AuthExpired(reply.sentence()) if reply.status == 400 and any(words in told for words in _SHUT) else None


class Telegram:
    """One bot in one chat. Settings: `chat` (@name or id), `topic`, `silent: yes`, `server`; secret: `token`."""

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, http: HttpSession) -> None:
        self._http = http
        self._root = surroundings.root
        self._clock = surroundings.clock
        self._chat = _chat(account)
        self._topic = account.settings.get("topic", "")
        self._silent = account.wants("silent")
        self._proved_at: datetime | None = None
        self.capabilities = Capabilities("telegram", Doubles(), _OPERATIONS, timeout=TIMEOUT, deletes_for=DELETED_FOR)

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's bot. Raises `UsageError` without a `chat:`, `AuthExpired` without a token.

        `server:` names a Bot API server of one's own (github.com/tdlib/telegram-bot-api), else Telegram's is asked.
        """
        server = server_of(account) if account.settings.get("server") else checked(OFFICIAL, account.name)
        token = surroundings.secret("token").strip()
        http = HttpSession(
            f"{server.url}/bot{token}",
            clock=surroundings.clock,
            route=surroundings.route,
            timeout_seconds=TIMEOUT,
            allow_private=server.own_network,
            secrets=(token,),
            sort=sort,
        )
        return cls(account, surroundings, http)

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._http.warm()

    def prepare(self, draft: Draft) -> Prepared:
        """Tries the token, and that all files are there. Raises `Rejected` for what no message of Telegram's holds."""
        kinds = [kind_of(part.content_type) for part in self._files(draft)]
        if draft.content.poll is not None and (kinds or draft.content.warning):
            raise Rejected("A poll on Telegram has neither pictures nor a warning.", mend="Make them two posts.")
        if len(kinds) > 1 and "animation" in kinds:
            raise Rejected("A GIF on Telegram stands alone.", mend="Take it out for this account, under `for`.")
        now = self._clock.now()
        if self._proved_at is None or now - self._proved_at >= PROVED_FOR:
            self._http.read("/getMe")
            self._proved_at = now
        return Prepared()

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002  # nothing was prepared
        """Sends the post with its files, in one request. Whatever may have been taken names the place to look at."""
        asked = asking(draft, self._files(draft), self._addressed(draft))
        try:
            reply = self._http.create("POST", f"/{asked.method}", **asked.body())
            return self._receipt(reply)
        except Ambiguous as caught:
            raise Ambiguous(f"{caught.message} {self._where_to_look()}") from caught

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Nobody can look: the Bot API shows a bot nothing of what it posted."""
        return Unknown(self._where_to_look())

    def delete(self, receipt: Receipt) -> None:
        """Deletes all messages of the post; what is gone already is fine. Raises `Rejected` where it is too late.

        Bots delete for 48 hours ("deleteMessage"); whether that binds a channel's administrators is not confirmed.
        """
        chat, messages = receipt.extra.get("chat") or self._chat, _numbers(receipt)
        if not messages:
            raise Rejected("Which message this was is not known.", mend=f"Delete it by hand: {receipt.url}")
        for message in messages:
            reply = self._http.prepare(
                "POST", "/deleteMessage", json={"chat_id": chat, "message_id": message}, accept={400}
            )
            if reply.status == 400 and _GONE not in str(reply.said().get("description", "")).lower():
                mend = f"A bot may delete for 48 hours. Delete it by hand: {receipt.url or receipt.remote_id}"
                raise Rejected(reply.sentence(), mend=mend)

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """Bots are told no counts: neither views nor forwards."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """What the chat is called, which bot's the token is, and what it may do there. Posts nothing."""
        try:
            me = _result(self._http.read("/getMe"))
            chat = _result(self._http.read("/getChat", params={"chat_id": self._chat}))
            asked = {"chat_id": self._chat, "user_id": me.get("id")}
            rights = _result(self._http.read("/getChatMember", params=asked))
        except AuthExpired as caught:
            return AccountReport(works=False, notes=(caught.message,))
        channel = chat.get("type") == "channel"
        works = _may(rights, "can_post_messages") if channel else _may_speak(rights)
        notes = [] if works else [f"The bot may not post in {chat.get('title') or self._chat}: make it administrator."]
        if not _may(rights, "can_delete_messages"):
            notes.append("It has no right to delete messages of others; its own it may delete for 48 hours.")
        name = f"@{chat['username']}" if chat.get("username") else ""
        return AccountReport(works, name, software=f"Telegram, by @{me.get('username', '')}", notes=tuple(notes))

    # -- parts -------------------------------------------------------------------------

    def _files(self, draft: Draft) -> list[FilePart]:
        return [file_part(self._root, one, name=f"file{at}") for at, one in enumerate(draft.content.media)]

    def _addressed(self, draft: Draft) -> dict[str, Any]:
        """The fields of every method that posts. A reply whose parent is gone is refused rather than sent alone."""
        parent = _numbers(draft.parent)[:1] if draft.parent else []
        return {
            "chat_id": self._chat,
            **({"message_thread_id": int(self._topic)} if self._topic.isdecimal() else {}),
            **({"disable_notification": True} if self._silent else {}),
            **({"reply_parameters": {"message_id": parent[0]}} if parent else {}),
        }

    def _where_to_look(self) -> str:
        name = f"https://t.me/{self._chat[1:]}" if self._chat.startswith("@") else f"the chat {self._chat}"
        return f"A bot cannot read what it posted; please look at {name}."

    def _receipt(self, reply: Reply) -> Receipt:
        """An album is several messages: all their ids are kept, the first is the post's."""
        made = reply.fields().get("result")
        made = made if isinstance(made, list) else [made]
        ids = [one["message_id"] for one in made if isinstance(one, dict) and isinstance(one.get("message_id"), int)]
        if not ids or len(ids) != len(made):
            raise reply.garbled("it names no message")
        chat = made[0].get("chat")
        chat = chat if isinstance(chat, dict) else {}
        where = chat.get("id", self._chat)
        return Receipt(str(ids[0]), _permalink(chat, ids[0]), extra={"chat": where, "messages": ids})


def _chat(account: Account) -> str:
    written = account.settings.get("chat", "").strip().removeprefix("https://t.me/")
    chat = written if written[:1] in {"@", "-"} or written.isdecimal() else f"@{written}"
    if not _CHAT.fullmatch(chat):
        raise UsageError(
            f"{account.name} has no chat.",
            mend=f'In drumbeat.yaml, write `chat: "@name"` or its number (`"-100…"`) below {account.name}.',
        )
    return chat


def _permalink(chat: Mapping[str, Any], message: int) -> str:
    """`t.me/name/7`, and for private channels and supergroups `t.me/c/…/7`, which members can open."""
    if name := chat.get("username"):
        return f"https://t.me/{name}/{message}"
    number = str(chat.get("id", ""))
    return f"https://t.me/c/{number.removeprefix(_SUPERGROUP)}/{message}" if number.startswith(_SUPERGROUP) else ""


def _numbers(receipt: Receipt) -> Sequence[int]:
    """The ids of a post's messages; a person may have given its address instead."""
    kept = receipt.extra.get("messages")
    if isinstance(kept, list | tuple) and kept:
        return [int(one) for one in kept]
    last = receipt.remote_id.partition("?")[0].rpartition("/")[2]
    return [int(last)] if last.isdecimal() else []


def _result(reply: Reply) -> dict[str, Any]:
    found = reply.fields().get("result")
    if not isinstance(found, dict):
        raise reply.garbled("it has no result")
    return found


def _may(rights: Mapping[str, Any], what: str) -> bool:
    return rights.get("status") == "creator" or bool(rights.get(what))


def _may_speak(rights: Mapping[str, Any]) -> bool:
    """In a group: any member, unless restricted."""
    status = rights.get("status")
    return status in {"creator", "administrator", "member"} or (
        status == "restricted" and _may(rights, "can_send_messages")
    )
