"""One Bluesky account: we name the record in advance, so asking twice cannot post twice.

`putRecord` that expects nothing under our key makes the post, gives the same answer to the
same bytes, and says `InvalidSwap` to others; `createRecord` answers a repeat with 500
(github.com/bluesky-social/atproto, issues 3718 and 4725, open as of 2026-11). Absent is
believed of the account's own server only: it is the very store that was written.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from scheduler.errors import NotSent, Rejected, Transient, UsageError
from scheduler.http.guard import fetch
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.platforms.rules.bluesky import PLATFORM
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Found,
    Metrics,
    NamedInAdvance,
    Operation,
    Pace,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.bluesky.answers import BlobGone, SessionOver, name_of, sort
from scheduler.publishers.bluesky.facets import mentioned
from scheduler.publishers.bluesky.guide import GUIDE
from scheduler.publishers.bluesky.names import GATE, POST, Where, page, record_key, where
from scheduler.publishers.bluesky.record import LABELS, record
from scheduler.publishers.bluesky.replies import gate, who_may_reply
from scheduler.publishers.bluesky.report import report
from scheduler.publishers.bluesky.session import AHEAD, Login, Session, Sessions
from scheduler.publishers.bluesky.uploads import Fetch, uploaded
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.servers import checked

SERVER = "https://bsky.social"
APPVIEW = "https://public.api.bsky.app"
XRPC = "/xrpc/com.atproto"
DELETES = Pace(2_500, timedelta(hours=1))
"""5,000 points an hour and 35,000 a day, over all writes: a delete costs one, and its gate another (docs.bsky.app, rate
limits, as of 2026-11). What a post costs is in the platform's quotas."""
COUNTS = ("likeCount", "repostCount", "replyCount", "quoteCount", "bookmarkCount")

T = TypeVar("T")


class Bluesky:
    """One Bluesky account. `read` fetches pages for link cards."""

    guide = GUIDE
    capabilities = Capabilities(
        platform="bluesky",
        on_repeat=NamedInAdvance(),
        operations=frozenset(Operation),
        verify=VerifyQuality.EXACT,
        deletes=DELETES,
    )

    def __init__(
        self, account: Account, surroundings: Surroundings, login: Login, *, read: Fetch | None = None
    ) -> None:
        self._account = account
        self._root = surroundings.root
        self._clock = surroundings.clock
        self._route = surroundings.route
        self._login = login
        self._read = read or partial(fetch, ca=surroundings.route.ca or None)
        self._ways: dict[str, HttpSession] = {}
        self._sessions = Sessions(login, Credentials(self._root), self._clock, self._way)
        self._lost: set[str] = set()
        self._gates: dict[str, str] = {}
        self._may_reply = who_may_reply(account.settings.get("replies", ""), account.name)

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` where drumbeat.yaml does not say enough."""
        if not account.handle:
            raise UsageError(
                f"{account.name} has no handle.", mend="In drumbeat.yaml, write `handle: you.bsky.social`."
            )
        label = account.settings.get("label", "")
        if label and label not in LABELS:
            raise UsageError(
                f"{account.name}: {label!r} is no label.", mend=f"Write one of {', '.join(sorted(LABELS))}."
            )
        server = checked(account.settings.get("server", SERVER).rstrip("/"), account.name)
        login = Login(
            account=account.name,
            server=server.url,
            handle=account.handle.removeprefix("@"),
            password=lambda: surroundings.secret("password"),
            private=server.own_network,
        )
        return cls(account, surroundings, login)

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Renews the session, resolves mentions, uploads pictures or a thumbnail, puts the gate. Raises `NotSent`."""
        content = draft.content
        self._refuse_what_it_lacks(content)
        self._prove_session()
        made = uploaded(content, self._root, self._upload, self._read)
        people = {handle: did for handle in mentioned(content.text) if (did := self._did_of(handle))}
        return Prepared({**made, "mentions": people, **self._gated(draft)})

    def _gated(self, draft: Draft) -> dict[str, str]:
        """Puts the gate of a thread's first post under the key that the post will have; says which key that is."""
        if self._may_reply is None or draft.parent is not None:
            return {}
        rules = self._may_reply
        named = self._where(draft, self._sessions.current())
        told = {
            "repo": named.repo,
            "collection": GATE,
            "rkey": named.rkey,
            "validate": True,
            "record": gate(named, rules, draft.created_at),
        }
        self._as_us(lambda way, us: way.prepare("POST", f"{XRPC}.repo.putRecord", headers=us, json=told))
        return {"gate": named.rkey}

    def _refuse_what_it_lacks(self, content: Content) -> None:
        measures = PLATFORM.measure(content.text, limits=self._account.limits)
        over = next((one for one in measures if not one.fits), None)
        if over:
            raise Rejected(f"The text has {over.value} {over.unit}; Bluesky takes {over.limit}.")
        if content.poll or content.warning or content.visibility not in {"", "public"}:
            raise Rejected("Bluesky has no polls, content warnings or visibility.", mend="Say how with `degrade:`.")
        if content.media and content.link and content.link not in content.text:
            raise Rejected(
                "Bluesky shows pictures or a link card, not both, so nobody would see the link.",
                mend="Write `{{ link }}` in the text.",
            )

    def _prove_session(self) -> None:
        """A session that lasts beyond the moment and that the server takes now."""
        self._sessions.current(lasting=AHEAD, fresh=True)
        self._as_us(lambda way, told: way.read(f"{XRPC}.server.getSession", headers=told))

    def _upload(self, what: Path | bytes, kind: str) -> Reply:
        path = f"{XRPC}.repo.uploadBlob"

        def ask(way: HttpSession, told: Mapping[str, str]) -> Reply:
            if isinstance(what, bytes):
                return way.prepare("POST", path, headers=told, content=what, content_type=kind)
            return way.prepare("POST", path, headers=told, file=what, content_type=kind)

        return self._as_us(ask)

    def _did_of(self, handle: str) -> str:
        """The DID behind a handle; empty where there is none: the mention then stays plain text."""
        asked = {"handle": handle}
        way = self._way(self._sessions.current().pds)
        reply = way.read(f"{XRPC}.identity.resolveHandle", params=asked, accept={400, 404})
        did = reply.said().get("did")
        return did if isinstance(did, str) and 200 <= reply.status < 300 else ""

    def warm(self) -> None:
        """Opens the connection for the next request. Raises `NotSent` where that does not work now."""
        self._way(self._sessions.current().pds).warm()

    # -- the moment --------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Puts the record under its own key, where nothing may be yet. Raises `NotSent` or `MayExist`."""
        if draft.idempotency_key in self._lost or (not prepared.values and _needs_preparing(draft)):
            prepared = self.prepare(draft)
        if self._may_reply is not None and prepared.values.get("gate") != record_key(draft):
            self._gate_moved(draft, str(prepared.values.get("gate", "")))
        session = self._sessions.current()
        told = self._told(draft, prepared, session)
        way = self._way(session.pds)
        try:
            reply = way.create("POST", f"{XRPC}.repo.putRecord", headers=_bearer(session), json=told)
        except SessionOver as caught:
            self._sessions.refuse(session, caught)
            raise
        except BlobGone:
            self._lost.add(draft.idempotency_key)
            raise
        self._lost.discard(draft.idempotency_key)
        self._gates.pop(draft.idempotency_key, None)
        return self._with_gate(draft, _receipt(reply, self._where(draft, session), session))

    def _gate_moved(self, draft: Draft, former: str) -> None:
        """The attempt fell into another second, and with it the post's key: the former gate bars nothing."""
        former = self._gates.get(draft.idempotency_key, former)
        if draft.parent is None and former not in {"", record_key(draft)}:
            with suppress(NotSent):
                self._erase(self._sessions.current().did, GATE, former)
        if made := self._gated(draft):
            self._gates[draft.idempotency_key] = made["gate"]

    def _told(self, draft: Draft, prepared: Prepared, session: Session) -> dict[str, Any]:
        label = self._account.settings.get("label", "")
        made = record(
            draft,
            prepared,
            reply=self._reply(draft),
            labels=(label,) if label and (draft.content.media or label.startswith("!")) else (),
        )
        return {
            "repo": session.did,
            "collection": POST,
            "rkey": record_key(draft),
            "swapRecord": None,
            "validate": True,
            "record": made,
        }

    def _reply(self, draft: Draft) -> dict[str, dict[str, str]] | None:
        if draft.parent is None:
            return None
        return {"root": self._reference(draft.root or draft.parent), "parent": self._reference(draft.parent)}

    def _reference(self, receipt: Receipt) -> dict[str, str]:
        """The post's address and hash; looked up where a person said that it is there and we never had its hash."""
        uri, cid = receipt.extra.get("uri"), receipt.extra.get("cid")
        if uri and cid:
            return {"uri": str(uri), "cid": str(cid)}
        named = where(receipt.remote_id) or where(receipt.url)
        found = self._find(named) if named else None
        if found is None:
            raise Rejected("The part before this one is not there, so there is nothing to reply to.")
        return {"uri": found["uri"], "cid": found["cid"]}

    # -- afterwards --------------------------------------------------------------------

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Whether there is a record under the draft's key. Whatever it says, it is ours: nobody else has the key."""
        try:
            session = self._sessions.current()
            named = self._where(draft, session)
            found = self._find(named)
        except NotSent as caught:
            return Unknown(caught.message)
        if found is None:
            return Absent()
        return Found(self._with_gate(draft, _made(named, session, found["cid"])))

    def _find(self, named: Where) -> dict[str, str] | None:
        """A post's uri and cid from the account's own server; None where it is proved absent."""
        asked = {"repo": named.repo, "collection": POST, "rkey": named.rkey}
        way = self._way(self._sessions.current().pds)
        reply = way.read(f"{XRPC}.repo.getRecord", params=asked, accept={400})
        if name_of(reply) == "RecordNotFound":
            return None
        if reply.status == 400:
            raise Transient(reply.sentence())
        said = reply.fields()
        if not isinstance(said.get("uri"), str) or not isinstance(said.get("cid"), str):
            raise reply.garbled("it names no record")
        return {"uri": said["uri"], "cid": said["cid"]}

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post, then its gate. What others made of it (likes, replies) stays with them."""
        named = where(receipt.remote_id) or where(receipt.url)
        session = self._sessions.current()
        if named is None or named.repo.lower() not in {session.did, session.handle.lower()}:
            raise Rejected(f"{receipt.remote_id} is no post of {session.handle}.")
        self._erase(session.did, POST, named.rkey)
        if receipt.extra.get("gate") or self._may_reply is not None:
            self._erase(session.did, GATE, named.rkey)

    def _erase(self, did: str, collection: str, rkey: str) -> None:
        """Deletes one record. One that is not there is as good as deleted."""
        told = {"repo": did, "collection": collection, "rkey": rkey}
        self._as_us(lambda way, us: way.prepare("POST", f"{XRPC}.repo.deleteRecord", headers=us, json=told))

    def metrics(self, receipt: Receipt) -> Metrics:
        """Likes, reposts, replies, quotes and bookmarks, as the public AppView counts them; it lags by seconds.

        `GET app.bsky.feed.getPosts`, without a token (docs.bsky.app, as of 2026-11).
        """
        appview = self._account.settings.get("appview", "" if self._login.private else APPVIEW)
        if not appview:
            raise Rejected("This server has no AppView, so nobody counts.", mend="Name one: `appview: https://…`.")
        way = self._way(checked(appview.rstrip("/"), self._account.name).url)
        posts = way.read("/xrpc/app.bsky.feed.getPosts", params={"uris": receipt.remote_id}).fields().get("posts")
        if not isinstance(posts, list) or not posts or not isinstance(posts[0], dict):
            raise Transient("The AppView does not show this post.")
        return Metrics({name: posts[0][name] for name in COUNTS if isinstance(posts[0].get(name), int)})

    def inspect(self) -> AccountReport:
        """How the account stands at its server. Raises `AuthExpired` where the app password is not taken."""
        session = self._sessions.current(fresh=True)
        own = self._as_us(lambda way, told: way.read(f"{XRPC}.server.getSession", headers=told)).fields()
        way = self._way(session.pds)
        server = way.read(f"{XRPC}.server.describeServer").fields()
        health = way.read("/xrpc/_health", accept={404, 400}).said()
        return report(
            session, own=own, server=server, version=str(health.get("version") or ""), asked=self._login.handle
        )

    # -- the ways ----------------------------------------------------------------------

    def _as_us(self, ask: Callable[[HttpSession, Mapping[str, str]], T]) -> T:
        """Something that may be repeated, with our token; once more with a new one where the server wants it."""
        session = self._sessions.current()
        try:
            return ask(self._way(session.pds), _bearer(session))
        except SessionOver as caught:
            self._sessions.refuse(session, caught)
        session = self._sessions.current()
        return ask(self._way(session.pds), _bearer(session))

    def _way(self, server: str) -> HttpSession:
        if server not in self._ways:
            self._ways[server] = HttpSession(
                server,
                clock=self._clock,
                route=self._route,
                timeout_seconds=self.capabilities.timeout,
                allow_private=self._login.private,
                sort=sort,
            )
        return self._ways[server]

    def _with_gate(self, draft: Draft, receipt: Receipt) -> Receipt:
        """The receipt, with a note where a gate is to be deleted with the post."""
        gated = self._may_reply is not None and draft.parent is None
        return replace(receipt, extra={**receipt.extra, "gate": True}) if gated else receipt

    @staticmethod
    def _where(draft: Draft, session: Session) -> Where:
        return Where(session.did, record_key(draft))


def _needs_preparing(draft: Draft) -> bool:
    return bool(draft.content.media or draft.content.link or mentioned(draft.content.text))


def _bearer(session: Session) -> dict[str, str]:
    return {"Authorization": f"Bearer {session.access}"}


def _receipt(reply: Reply, named: Where, session: Session) -> Receipt:
    """The proof. An answer that names no post, or another one, is none."""
    said = reply.fields()
    cid = said.get("cid")
    if said.get("uri") != named.uri or not isinstance(cid, str) or not cid:
        raise reply.garbled("it names another post, or none")
    return _made(named, session, cid)


def _made(named: Where, session: Session, cid: str) -> Receipt:
    address = page(handle=session.handle, did=session.did, rkey=named.rkey)
    return Receipt(named.uri, address, extra={"uri": named.uri, "cid": cid})
