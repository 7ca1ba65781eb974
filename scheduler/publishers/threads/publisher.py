"""One Threads account. Containers are made before the moment; one call publishes the one that is the post.

A container's id is in the store before it is published, so a lost answer is a question that Threads answers: is
this container `PUBLISHED`? Publishing one container twice is written of nowhere and counts as a second post. A
container that is not there yet (24/4279009) was surely not published: the same one is tried again, for a while.

Sources: Meta's Threads API, as of 2026-04 to 2026-07; gitroomhq/postiz-app PR 2047 and exileum/meta-mcp for what
others met with. Nothing here was tried on Threads itself by us.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from scheduler.errors import (
    AuthExpired,
    Forgotten,
    NotReady,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.http.reply import Reply
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.platforms.rules.threads import PLATFORM
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Doubles,
    Found,
    Metrics,
    Operation,
    Pace,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.meta.answers import PATIENCE, Over, fault_of, sort
from scheduler.publishers.meta.containers import UNSEEN, Container, Containers, Edge
from scheduler.publishers.meta.graph import TIMEOUT, Graph, form, session, version_of
from scheduler.publishers.meta.login import CodeLogin
from scheduler.publishers.meta.tokens import LastingToken
from scheduler.publishers.meta.usage import Usage
from scheduler.publishers.threads.answers import TopicRefused, making
from scheduler.publishers.threads.form import part, text_of, topic_for, whole
from scheduler.publishers.threads.guide import GUIDE
from scheduler.publishers.threads.login import OFFICIAL, login, token_of
from scheduler.publishers.threads.look import LISTED, Look, id_at, look
from scheduler.publishers.threads.report import report

VERSION = "v1.0"
"""Threads has no other (2026-11)."""

TRIED_FOR = timedelta(minutes=10)
"""How long a container that is "not there yet" is tried, from when it was made; then another is."""

DECORATION = 3.0
"""Seconds for the look at a new post's address; without it the receipt has none."""

DELETES = Pace(100, timedelta(hours=24))
"""Threads API, rate limiting, as of 2026-04."""

REPLIES = {
    "everyone": "",
    "following": "accounts_you_follow",
    "followers": "followers_only",
    "mentioned": "mentioned_only",
}
LONGEST_TOPIC = 50
METRICS = "views,likes,replies,reposts,quotes,shares"
_DAY = 86_400
_OPERATIONS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.METRICS, Operation.INSPECT})


class Threads:
    """One account. Settings: `replies`, `topic`; secret `token`, or `client`, `client_secret`, `redirect` to log in."""

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, graph: Graph, token: LastingToken) -> None:
        self._account = account
        self._clock = surroundings.clock
        self._public = surroundings.public
        self._graph = graph
        self._token = token
        self._containers = Containers(graph, Edge("/me/threads"), surroundings.clock, sort=making)
        self._replies = _who_may_reply(account)
        self._topic = _topic_of(account)

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` for settings of no meaning, `AuthExpired` without a token."""
        token = token_of(account, surroundings)
        http = session(account, surroundings, OFFICIAL)
        return cls(account, surroundings, Graph(http, token, version_of(account, VERSION)), token)

    @classmethod
    def login(cls, account: Account, surroundings: Surroundings) -> CodeLogin:
        """A new log-in by the browser. Raises `UsageError` for an account that names no app."""
        return login(account, surroundings)

    @property
    def capabilities(self) -> Capabilities:
        """A container's own state settles whether a post exists; which one it is, the account's timeline."""
        return Capabilities(
            platform="threads",
            on_repeat=Doubles(),
            operations=_OPERATIONS,
            verify=VerifyQuality.EXACT,
            timeout=TIMEOUT,
            deletes=DELETES,
        )

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Makes the containers and waits until they are finished. Raises `NotReady`, `Rejected`, `AuthExpired`."""
        _refuse_what_it_lacks(draft.content, self._account.limits)
        topic = topic_for(draft.content, self._topic)
        try:
            return self._made(draft, topic)
        except TopicRefused:
            if not topic:
                raise
            return self._made(draft, "")

    def _made(self, draft: Draft, topic: str) -> Prepared:
        draft = self._with_parent(draft)
        media, address = draft.content.media, self._public.address
        parts = [part(one, address) for one in media] if len(media) > 1 else []
        last, made = self._containers.of(
            draft, parts, lambda ids: whole(draft, address, ids, reply_control=self._replies, topic=topic)
        )
        return Prepared(_kept(last), good_until=min(one.good_until for one in (last, *made)))

    def _with_parent(self, draft: Draft) -> Draft:
        """The draft with its parent's id, where a person gave that one's address."""
        parent = draft.parent
        return replace(draft, parent=replace(parent, remote_id=self._id(parent))) if parent else draft

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._graph.http.warm()

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Publishes the container by one request. Raises `NotSent`, or `MayExist` where the answer is of no use."""
        container = _container(prepared)
        if not container:
            raise Transient("Its container is not made yet.")
        try:
            reply = self._graph.create("/me/threads_publish", form=form({"creation_id": container}))
        except NotReady as caught:
            raise self._not_yet(draft, prepared, caught) from caught
        except Forgotten:
            self._containers.forget(draft)
            raise
        post = reply.fields().get("id")
        if not isinstance(post, str | int) or not post:
            raise reply.garbled("it names no post")
        return self._receipt(str(post), self._address(str(post)))

    def _not_yet(self, draft: Draft, prepared: Prepared, caught: NotReady) -> PublishError:
        """The same container later; another where this one was waited for long enough."""
        made = str(prepared.values.get("made") or "")
        if made and self._clock.now() - datetime.fromisoformat(made) < TRIED_FOR:
            return caught
        self._containers.forget(draft)
        return Forgotten(f"{caught.message} Another container is made.")

    def _address(self, post: str) -> str:
        """A new post's own address, where Threads tells it at once; it can be worked out from nothing."""
        with suppress(PublishError):
            reply = self._graph.read(f"/{post}", params={"fields": "permalink"}, timeout_seconds=DECORATION)
            return str(reply.said().get("permalink") or "")
        return ""

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Asks the container, then looks among the account's own posts since then. Trouble is `Unknown`."""
        container = _container(prepared)
        try:
            state = self._containers.seen(container).state if container else UNSEEN
            seen = look(self._graph, self._with_parent(draft), state, since)
        except PublishError as caught:
            return self._ask(f"Threads does not let us look ({caught.message})")
        return self._judged(seen, since, asked=bool(container))

    def _judged(self, seen: Look, since: datetime, *, asked: bool) -> Verdict:
        if len(seen.ours) == 1 and not seen.nearly and (seen.is_out or seen.is_silent):
            post = seen.ours[0]
            return Found(self._receipt(str(post.get("id")), str(post.get("permalink") or "")))
        if seen.is_out:
            which = "which of several posts it is" if seen.ours or seen.nearly else "it is not listed yet"
            return self._ask(f"Threads says that it is out, but not where: {which}")
        if seen.ours or seen.nearly:
            return self._ask("Posts on the account are like this one")
        return self._not_listed(seen, since, asked=asked) if seen.is_silent else Absent()

    def _not_listed(self, seen: Look, since: datetime, *, asked: bool) -> Verdict:
        """No container tells, and nothing like it is listed. `asked`: there was a container that may have been used."""
        if not seen.whole:
            return self._ask("The account posted too much since to look through it all")
        if asked and self._clock.now() - since < LISTED:
            return self._ask("Its container is gone, and a new post may not be listed yet")
        return Absent()

    def _ask(self, why: str) -> Unknown:
        return Unknown(f"{why}; please look at {self._profile() or 'the account on threads.com'}.")

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post; gone already is fine. It takes no reply of a thread with it."""
        reply = self._graph.prepare("DELETE", f"/{self._id(receipt)}", sort=_but_gone, accept={400, 404})
        if fault_of(reply) is None and reply.said().get("success") is not True:
            raise reply.garbled("it does not say that the post is deleted")

    def metrics(self, receipt: Receipt) -> Metrics:
        """Views, likes, replies, reposts, quotes, shares. Raises `Rejected` where it is gone, or may not be asked."""
        self._leave_room()
        try:
            reply = self._graph.read(
                f"/{self._id(receipt)}/insights", params={"metric": METRICS}, sort=_but_gone, accept={400, 404}
            )
        except Over:
            raise
        except AuthExpired as caught:
            raise Rejected(f"The counts cannot be asked for: {caught.message}") from caught
        if fault_of(reply) is not None:
            raise Rejected("The post is no longer there.")
        told = [one for one in reply.fields().get("data") or () if isinstance(one, dict)]
        counts = {str(one.get("name")): _count(one) for one in told}
        return Metrics({name: count for name, count in counts.items() if count is not None})

    def inspect(self) -> AccountReport:
        """Whose token it is, what it may do, until when, and what is left of the quotas."""
        return report(self._graph, self._token)

    def _id(self, receipt: Receipt) -> str:
        """The id of a post, looked up where a person gave its address, in which there is none. Raises `Rejected`."""
        post = receipt.remote_id
        if not post.isdecimal():
            post = id_at(self._graph, receipt.url or receipt.remote_id)
        if not post:
            mend = f"See to it by hand: {receipt.url or receipt.remote_id}"
            raise Rejected("Which post this was is not known.", mend=mend)
        return post

    def _leave_room(self) -> None:
        """What is left of the call budget is for posts. What was told is used once, or nobody would ask again."""
        usage, self._graph.usage = self._graph.usage, Usage()
        if usage.tight:
            words = f"{usage.percent} % of the calls that Threads takes are used up; the rest is for posts."
            raise RateLimited(words, retry_at=self._clock.now() + (usage.regained_in or PATIENCE))

    def _receipt(self, post: str, address: str) -> Receipt:
        return Receipt(post, address or self._profile())

    def _profile(self) -> str:
        name = self._account.handle.lstrip("@").partition("@")[0]
        return f"https://www.threads.com/@{name}" if name else ""


def _refuse_what_it_lacks(content: Content, limits: Mapping[str, int]) -> None:
    over = next((one for one in PLATFORM.measure(text_of(content), limits=limits) if not one.fits), None)
    if over:
        raise Rejected(f"The text has {over.value} {over.unit}; this account has {over.limit}.")
    if content.visibility not in {"", "public"}:
        raise Rejected("Threads has no visibility.", mend="Say how with `degrade:`.")
    if content.poll is not None and content.media:
        raise Rejected("Threads shows a poll or pictures, not both.", mend="Make them two posts.")
    if content.poll is not None and (content.poll.multiple or content.poll.open_for != _DAY):
        raise Rejected("A poll on Threads takes one answer and is open for 24 hours.", mend="Change it under `for`.")


def _who_may_reply(account: Account) -> str:
    written = account.settings.get("replies", "everyone")
    if written not in REPLIES:
        raise UsageError(
            f"{account.name}: `replies: {written}` means nothing.", mend=f"Write one of {', '.join(REPLIES)}."
        )
    return REPLIES[written]


def _topic_of(account: Account) -> str:
    """One word or several, up to 50 characters, without `.` and `&` (Threads API, posts, as of 2026-04)."""
    topic = account.settings.get("topic", "").strip().lstrip("#")
    if len(topic) > LONGEST_TOPIC or set(topic) & set(".&"):
        mend = f"Up to {LONGEST_TOPIC} characters, and neither a dot nor &."
        raise UsageError(f"{account.name}: `topic: {topic}` is none that Threads takes.", mend=mend)
    return topic


def _kept(last: Container) -> dict[str, Any]:
    return {"container": last.id, "made": last.made}


def _container(prepared: Prepared) -> str:
    return str(prepared.values.get("container") or "")


def _but_gone(reply: Reply) -> PublishError | None:
    """As `sort`, but 100/33, a post that is not there, is left to the caller."""
    fault = fault_of(reply)
    return None if fault is not None and (fault.code, fault.subcode) == (100, 33) else sort(reply)


def _count(one: Mapping[str, Any]) -> int | None:
    """A metric's number, which comes in one of two shapes."""
    total, values = one.get("total_value"), one.get("values")
    said = total if isinstance(total, dict) else (values[0] if isinstance(values, list) and values else {})
    count = said.get("value") if isinstance(said, dict) else None
    return count if type(count) is int and count >= 0 else None
