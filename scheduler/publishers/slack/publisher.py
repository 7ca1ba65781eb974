"""Slack: a channel, by an app's token or by an incoming webhook.

Slack says no with status 200, so `ok` is what is read, and two of its errors may come after the
post was made. An app's message carries our key where nobody sees it, and the channel's history is
searched for it; a repeat doubles. A webhook answers `ok` and nothing else: its posts are accepted,
never proven. Sources: docs.slack.dev, chat.postMessage, conversations.history, files, "Incoming
webhooks", as of 2026-08. Nothing of it was tried on Slack by us; whether a file that was shared
with nobody may stand in a block is where reports differ (python-slack-sdk#1521, #1658).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from scheduler.errors import AuthExpired, NotReady, PublishError, Rejected, UsageError
from scheduler.http.reply import Reply, Sort
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.base import (
    AccountReport,
    Capabilities,
    Doubles,
    Found,
    Metrics,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.servers import Server, checked, server_of
from scheduler.publishers.slack.form import metadata, payload, refuse
from scheduler.publishers.slack.guide import GUIDE
from scheduler.publishers.slack.hook import SlackWebhook
from scheduler.publishers.slack.look import Ask, look
from scheduler.publishers.slack.replies import said_no, sort
from scheduler.publishers.slack.uploads import upload
from scheduler.publishers.their_clock import by_their_clock

OFFICIAL = "https://slack.com"
TIMEOUT = 20.0
PROVED_FOR = timedelta(minutes=10)
"""How long a token that worked is not tried again before a post."""

PATIENCE = timedelta(minutes=10)
"""How long after its moment a post waits for its pictures to be ready."""

NEEDED = ("chat:write", "files:write", "channels:history")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,20}")
_TS = re.compile(r"[0-9]{9,11}\.[0-9]{6}")
_ARCHIVED = re.compile(r"/p([0-9]{9,11})([0-9]{6})(?:\?|$)")
_OPERATIONS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.METRICS, Operation.INSPECT})


class Slack:
    """One channel, by an app. Settings: `channel` (its id), `server`; secret: `token`, or `webhook` instead of both."""

    guide = GUIDE
    capabilities = Capabilities("slack", Doubles(), _OPERATIONS, VerifyQuality.EXACT, TIMEOUT)

    def __init__(self, account: Account, surroundings: Surroundings, http: HttpSession, server: Server) -> None:
        self._http = http
        self._surroundings = surroundings
        self._server = server
        self._channel = account.settings.get("channel", "")
        self._clock = surroundings.clock
        self._me: Mapping[str, Any] = {}
        self._proved_at: datetime | None = None

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> "Slack | SlackWebhook":
        """By the webhook where the account has one, else by the app. Raises `UsageError`, `AuthExpired`."""
        if "webhook" in account.secrets:
            return SlackWebhook.connect(account, surroundings)
        if not _CHANNEL.fullmatch(account.settings.get("channel", "")):
            mend = "Write `channel:` with its id (C…; Slack shows it below the channel's details), or `webhook:`."
            raise UsageError(f"{account.name} has no channel.", mend=mend)
        server = server_of(account) if account.settings.get("server") else checked(OFFICIAL, account.name)
        token = surroundings.secret("token").strip()
        http = HttpSession(
            f"{server.url}/api",
            clock=surroundings.clock,
            route=surroundings.route,
            headers={"Authorization": f"Bearer {token}"},
            timeout_seconds=TIMEOUT,
            allow_private=server.own_network,
            secrets=(token,),
            sort=sort,
        )
        return cls(account, surroundings, http, server)

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._http.warm()

    def prepare(self, draft: Draft) -> Prepared:
        """Tries the token, and uploads the pictures without showing them to anybody."""
        refuse(draft.content)
        team = str(self._who().get("url", ""))
        files = [upload(self._http, one, self._surroundings, self._server) for one in draft.content.media]
        return Prepared({"team": team, "files": files})

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Sends the message. Raises `NotReady` where Slack still works on a picture, which makes no post."""
        files = [str(one) for one in prepared.values.get("files", ())]
        if len(files) != len(draft.content.media):
            raise NotReady("Its pictures are not on Slack yet.")
        made = {**payload(draft.content, files), "channel": self._channel, "metadata": metadata(draft.idempotency_key)}
        if root := _ts(draft.root or draft.parent):
            made["thread_ts"] = root
        reply = self._http.create("POST", "/chat.postMessage", json=made, sort=self._waiting(draft) if files else sort)
        said = reply.fields()
        if said.get("ok") is not True or not _TS.fullmatch(str(said.get("ts", ""))):
            raise reply.garbled("it names no message")
        return self._receipt(str(said["ts"]), str(prepared.values.get("team", "")), root)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Reads the channel, or the thread, back to `since` for our key. What cannot be read is `Unknown`."""
        root = _ts(draft.root or draft.parent)
        try:
            told = self._http.read("/auth.test", method="POST")
            me, begin = told.fields(), min(since, by_their_clock(told, since) or since)
            ask = Ask(self._channel, root, str(me.get("bot_id", "")), draft.idempotency_key, begin)
            found = look(self._http, ask)
        except PublishError as caught:
            return Unknown(caught.message)
        team = str(prepared.values.get("team") or me.get("url", ""))
        return Found(self._receipt(found, team, root)) if isinstance(found, str) else found

    def delete(self, receipt: Receipt) -> None:
        """Deletes the message; gone already is fine. A thread's later parts stay and are deleted on their own."""
        asked = {"channel": str(receipt.extra.get("channel") or self._channel), "ts": _known(receipt)}
        self._http.prepare("POST", "/chat.delete", json=asked, sort=_unless("message_not_found"))

    def metrics(self, receipt: Receipt) -> Metrics:
        """Reactions and answers. Raises `Rejected` where the post is gone."""
        asked = {"channel": str(receipt.extra.get("channel") or self._channel), "ts": _known(receipt), "limit": 1}
        gone = ("thread_not_found", "message_not_found")
        said = self._http.read("/conversations.replies", params=asked, sort=_unless(*gone)).fields()
        found = [one for one in said.get("messages", ()) if one.get("ts") == asked["ts"]]
        if not found:
            raise Rejected("The post is no longer there.")
        reactions = sum(int(one.get("count", 0)) for one in found[0].get("reactions", ()))
        return Metrics({"reactions": reactions, "answers": int(found[0].get("reply_count", 0))})

    def inspect(self) -> AccountReport:
        """Whose token it is, what it may do, and whether the app is in the channel. Posts nothing."""
        try:
            reply = self._http.read("/auth.test", method="POST")
            said = reply.fields()
            scopes = tuple(filter(None, (one.strip() for one in reply.headers.get("x-oauth-scopes", "").split(","))))
            notes = [f"The token lacks {one}: add it, and install the app again." for one in _missing(scopes)]
            notes += self._place(scopes)
        except AuthExpired as caught:
            return AccountReport(works=False, notes=(caught.message,))
        works = "chat:write" not in _missing(scopes) and not any("/invite" in note for note in notes)
        software = f"Slack, as {said.get('user', '')} in {said.get('team', '')}"
        return AccountReport(works, scopes=scopes, software=software, notes=tuple(notes))

    # -- parts -------------------------------------------------------------------------

    def _waiting(self, draft: Draft) -> Sort:
        """A picture that Slack still works on makes the block invalid, and no post (java-slack-sdk#1335).

        What is still so long after the moment is no matter of waiting, and fails.
        """
        late = self._clock.now() - draft.due > PATIENCE

        def judged(reply: Reply) -> PublishError | None:
            if late or said_no(reply) != "invalid_blocks":
                return sort(reply)
            return NotReady(f"Slack still works on a picture, or takes none of its kind: {reply.sentence()}")

        return judged

    def _who(self) -> Mapping[str, Any]:
        """Team and bot of the token, asked anew after ten minutes: a dead one is better met before the moment."""
        now = self._clock.now()
        if self._proved_at is None or now - self._proved_at >= PROVED_FOR:
            self._me = self._http.read("/auth.test", method="POST").fields()
            self._proved_at = now
        return self._me

    def _place(self, scopes: tuple[str, ...]) -> list[str]:
        """What is to be said of the channel; nothing where the token may not ask."""
        if "channels:read" not in scopes:
            return ["Whether the app is in the channel cannot be seen without channels:read."]
        said = self._http.read("/conversations.info", params={"channel": self._channel}).fields()
        channel = said.get("channel") or {}
        if channel.get("is_member"):
            return []
        return [f"The app is not in the channel: write /invite @… in {channel.get('name') or self._channel}."]

    def _receipt(self, ts: str, team: str, root: str) -> Receipt:
        """`TEAM.slack.com/archives/CHANNEL/p…`, the moment without its dot (as chat.getPermalink answers)."""
        path = f"archives/{self._channel}/p{ts.replace('.', '')}"
        within = f"?thread_ts={root}&cid={self._channel}" if root else ""
        return Receipt(ts, f"{team.rstrip('/')}/{path}{within}" if team else "", extra={"channel": self._channel})


def _unless(*fine: str) -> Sort:
    def judged(reply: Reply) -> PublishError | None:
        return None if said_no(reply) in fine else sort(reply)

    return judged


def _missing(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """What the token lacks, where Slack says what it has; a private channel's history has a scope of its own."""
    have = {*scopes, "channels:history"} if "groups:history" in scopes else set(scopes)
    return tuple(one for one in NEEDED if scopes and one not in have)


def _ts(receipt: Receipt | None) -> str:
    """The moment that names a message; a person may have given its address instead."""
    if receipt is None or _TS.fullmatch(receipt.remote_id):
        return receipt.remote_id if receipt else ""
    found = _ARCHIVED.search(receipt.remote_id)
    return f"{found[1]}.{found[2]}" if found else ""


def _known(receipt: Receipt) -> str:
    ts = _ts(receipt)
    if not ts:
        raise Rejected("Which message this was is not known.", mend=f"Look for it by hand: {receipt.url}")
    return ts
