"""Discord: a channel, by a webhook of it or by a bot of one's own.

A webhook is asked to wait, else it answers without an id and drops what it cannot save. It can
neither reply nor look anything up, and a repeat doubles. A bot sends a nonce, for which Discord
answers a repeat with the first message for "a few minutes" (one is claimed), and reads the channel;
an empty channel is what it sees, too, where it may not read. Sources: discord/discord-api-docs,
API v10, as of 2026-08-06; #1315, #6647, #367. Nothing of it was tried on Discord itself by us.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from scheduler.errors import Ambiguous, AuthExpired, PublishError, RateLimited, Rejected, UsageError
from scheduler.http.bodies import FilePart
from scheduler.http.reply import Purpose, Reply
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
    Replays,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.discord.form import body, nonce_of, payload
from scheduler.publishers.discord.guide import GUIDE
from scheduler.publishers.discord.look import look
from scheduler.publishers.servers import checked, server_of

OFFICIAL = "https://discord.com"
API = "/api/v10"
USER_AGENT = "DiscordBot (drumbeat, 1)"
"""The form is asked for; without it Cloudflare may stand in the way (code 40333)."""

WINDOW = timedelta(seconds=60)
"""How long a nonce surely holds; the documentation says "the past few minutes"."""

BOT_TIMEOUT, WEBHOOK_TIMEOUT = 25.0, 60.0
"""A bot's is short, so that there is time for a repeat within the window."""

_HOOK = re.compile(r"/api(?:/v[0-9]+)?(/webhooks/[0-9]+/[A-Za-z0-9_-]+)/?")
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_FORUMS = frozenset({15, 16})
_LOOKED_AT = frozenset({Operation.PREPARE, Operation.DELETE, Operation.METRICS, Operation.INSPECT})
# messages too fast, by a channel's slow mode or by what a server may write
_TOO_FAST = frozenset({20016, 20028, 20029})
# a blocked word, a harmful link: of the text, not of the account
_OF_THE_TEXT = frozenset({200000, 240000})
_NO_MESSAGE = 10008


def sort(reply: Reply) -> PublishError | None:
    """What Discord's codes mean ("Opcodes and Status Codes"); a 404 is the channel's or the webhook's end."""
    code = reply.said().get("code") if reply.status >= 400 else 0
    if code in _TOO_FAST:
        return RateLimited(reply.sentence(), retry_at=reply.retry_at())
    if reply.status == 403:
        return Rejected(reply.sentence()) if code in _OF_THE_TEXT else AuthExpired(reply.sentence())
    if reply.status != 404:
        return None
    if code != _NO_MESSAGE:
        return AuthExpired(reply.sentence())
    gone = f"It was posted before and deleted there, or what it replies to is gone: {reply.sentence()}"
    return Rejected(gone) if reply.purpose is Purpose.CREATE else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where posts go: `bot` or webhook, the `path` for messages, and the thread within the webhook's channel."""

    bot: bool
    path: str
    thread: str = ""

    @property
    def params(self) -> dict[str, str]:
        """What a webhook has to be told with every request."""
        return {"thread_id": self.thread} if self.thread and not self.bot else {}

    def of(self, post: str) -> str:
        """The path of one message."""
        return f"{self.path}/{post}" if self.bot else f"{self.path}/messages/{post}"


class Discord:
    """One channel. Settings: `channel`, `thread`, `silent: yes`, `server`; secrets: `webhook`, or `token` of a bot."""

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, http: HttpSession, place: Place) -> None:
        self._http = http
        self._root = surroundings.root
        self._place = place
        self._silent = account.wants("silent")
        self._channel: Mapping[str, Any] | None = None
        if place.bot:
            can = _LOOKED_AT | {Operation.VERIFY}
            self.capabilities = Capabilities("discord", Replays(WINDOW), can, VerifyQuality.TIMELINE, BOT_TIMEOUT)
        else:
            self.capabilities = Capabilities("discord", Doubles(), _LOOKED_AT, timeout=WEBHOOK_TIMEOUT)

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """By the webhook where the account has one, else by the bot. Raises `UsageError`, `AuthExpired`."""
        thread = account.settings.get("thread", "")
        secrets: tuple[str, ...]
        if "webhook" in account.secrets:
            url = surroundings.secret("webhook").strip()
            server, path = checked(_origin(url), account.name), _hook_path(url, account.name)
            place, secrets, headers = Place(bot=False, path=path, thread=thread), (url, path), {}
        else:
            channel = thread or account.settings.get("channel", "")
            if not _SNOWFLAKE.fullmatch(channel):
                raise UsageError(f"{account.name} has no channel.", mend='Write `channel: "…"`, its id, or `webhook:`.')
            token = surroundings.secret("token").strip()
            server = server_of(account) if account.settings.get("server") else checked(OFFICIAL, account.name)
            place, secrets = Place(bot=True, path=f"{API}/channels/{channel}/messages"), (token,)
            headers = {"Authorization": f"Bot {token}"}
        http = HttpSession(
            server.url,
            clock=surroundings.clock,
            route=surroundings.route,
            headers=headers,
            timeout_seconds=BOT_TIMEOUT if place.bot else WEBHOOK_TIMEOUT,
            user_agent=USER_AGENT,
            allow_private=server.own_network,
            secrets=secrets,
            sort=sort,
        )
        return cls(account, surroundings, http, place)

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._http.warm()

    def prepare(self, draft: Draft) -> Prepared:
        """Learns where the channel is, which tries the credential, and that all files are there."""
        content = draft.content
        if content.poll is not None and (content.media or content.warning):
            raise Rejected("A poll on Discord has neither pictures nor a warning.", mend="Make them two posts.")
        self._files(draft)
        where = self._where()
        if where.get("type") in _FORUMS and not self._place.thread:
            raise AuthExpired("A forum takes posts only into a thread: write `thread:` with its id.")
        return Prepared({"server": str(where.get("guild_id") or "")})

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Sends the message with its files, in one request; a bot's with its nonce, a webhook's with `wait`."""
        files, server = self._files(draft), str(prepared.values.get("server") or "")
        made = payload(draft.content, files, silent=self._silent)
        if self._place.bot:
            made |= {"nonce": nonce_of(draft.idempotency_key), "enforce_nonce": True}
            if parent := _post_id(draft.parent):
                made["message_reference"] = {"message_id": parent, "fail_if_not_exists": True}
            return _receipt(self._http.create("POST", self._place.path, **body(made, files)), server)
        asked = body(made, files)
        asked["params"] = {"wait": "true", **self._place.params}
        try:
            return _receipt(self._http.create("POST", self._place.path, **asked), server)
        except Ambiguous as caught:
            raise Ambiguous(f"{caught.message} {self._where_to_look()}") from caught

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """A bot reads its channel back to `since`; a webhook cannot look. Trouble with looking is raised."""
        if not self._place.bot:
            return Unknown(self._where_to_look())
        server = str(self._where().get("guild_id") or "")
        me = self._http.read(f"{API}/users/@me").fields().get("id")
        found = look(self._http, self._place.path, str(me), draft, since)
        return found if isinstance(found, Unknown) else found.verdict(lambda one: _receipt_of(one, server))

    def delete(self, receipt: Receipt) -> None:
        """Deletes the message, whatever its age; gone already is fine (code 10008), a dead webhook is not."""
        self._http.prepare("DELETE", self._place.of(_known(receipt)), params=self._place.params, accept={404})

    def metrics(self, receipt: Receipt) -> Metrics:
        """Reactions, and of a poll its votes. Raises `Rejected` where the post is gone."""
        found = self._http.find(self._place.of(_known(receipt)), params=self._place.params)
        if found is None:
            raise Rejected("The post is no longer there.")
        said = found.fields()
        counts = {"reactions": _sum(said.get("reactions"))}
        if poll := said.get("poll"):
            counts["votes"] = _sum((poll.get("results") or {}).get("answer_counts"))
        return Metrics(counts)

    def inspect(self) -> AccountReport:
        """Whether webhook or token work, and for which channel. Posts nothing."""
        notes = []
        try:
            self._channel = None
            where = self._where()
            name = str(where.get("name") or "")
            if self._place.bot:
                name = f"{self._http.read(f'{API}/users/@me').fields().get('username', '')} in {name}"
                if not self._http.read(self._place.path, params={"limit": 1}).json():
                    notes.append("It sees no message: the channel is empty, or Read Message History is not allowed.")
            else:
                notes.append("A webhook finds no lost post again and cannot reply; a bot can (docs, Discord).")
        except AuthExpired as caught:
            return AccountReport(works=False, notes=(caught.message,))
        return AccountReport(works=True, software=f"Discord, as {name}", notes=tuple(notes))

    # -- parts -------------------------------------------------------------------------

    def _files(self, draft: Draft) -> list[FilePart]:
        return [file_part(self._root, one, name=f"files[{at}]") for at, one in enumerate(draft.content.media)]

    def _where(self) -> Mapping[str, Any]:
        """The channel, or the webhook that knows it, asked once."""
        if self._channel is None:
            path = self._place.path.removesuffix("/messages")
            self._channel = self._http.read(path).fields()
        return self._channel

    def _where_to_look(self) -> str:
        where = self._channel or {}
        server, channel = where.get("guild_id"), where.get("channel_id")
        address = f"https://discord.com/channels/{server}/{self._place.thread or channel}" if channel else "the channel"
        return f"A webhook cannot look for what it posted; please look at {address}."


def _receipt(reply: Reply, server: str) -> Receipt:
    said = reply.fields()
    if not _SNOWFLAKE.fullmatch(str(said.get("id", ""))):
        raise reply.garbled("it names no message")
    return _receipt_of(said, server)


def _receipt_of(said: Mapping[str, Any], server: str) -> Receipt:
    """`discord.com/channels/SERVER/CHANNEL/MESSAGE`, where the channel's server is known."""
    post, channel = str(said["id"]), str(said.get("channel_id", ""))
    url = f"https://discord.com/channels/{server}/{channel}/{post}" if server and channel else ""
    return Receipt(post, url, extra={"channel": channel})


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _hook_path(url: str, account: str) -> str:
    found = _HOOK.fullmatch(urlsplit(url).path)
    if not found:
        raise UsageError(f"The webhook of {account} is no address of a Discord webhook.", mend="Copy it again.")
    return API + found[1]


def _post_id(receipt: Receipt | None) -> str:
    """The message that a receipt names; a person may have given its address instead."""
    last = receipt.remote_id.partition("?")[0].rpartition("/")[2] if receipt else ""
    return last if _SNOWFLAKE.fullmatch(last) else ""


def _known(receipt: Receipt) -> str:
    post = _post_id(receipt)
    if not post:
        raise Rejected("Which message this was is not known.", mend=f"Look for it by hand: {receipt.url}")
    return post


def _sum(counted: Sequence[Mapping[str, Any]] | None) -> int:
    return sum(int(one.get("count", 0)) for one in counted or ())
