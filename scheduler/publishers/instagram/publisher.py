"""One Instagram account. Containers are made before the moment; one call publishes the one that is the post.

A container's id is in the store before it is published, so a lost answer is a question that Instagram answers: is
this container `PUBLISHED`? It does not tell which post it became. Publishing one container twice is written of
nowhere and counts as a second post. "Media not ready" (9007) was surely not published: the same container is tried
again, for a while. A block as spam (4/2207051) was seen with the post live (postiz-app PR 1681): look.

Sources: Instagram API, content publishing, as of 2026-03, error codes, as of 2026-06. Nothing here was tried on
Instagram itself by us.
"""

import threading
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Self

from scheduler.errors import AuthExpired, Forgotten, NotReady, PublishError, RateLimited, Rejected, Transient
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.platforms.rules.instagram import PLATFORM
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Doubles,
    Found,
    Login,
    Metrics,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.instagram.answers import LATER, Blocked, Full, is_gone, making, publishing, unless_gone
from scheduler.publishers.instagram.form import part, refuse, whole
from scheduler.publishers.instagram.guide import GUIDE
from scheduler.publishers.instagram.login import login
from scheduler.publishers.instagram.look import LISTED, Look, look, named
from scheduler.publishers.instagram.quota import quota_of
from scheduler.publishers.instagram.report import Asking, report
from scheduler.publishers.instagram.way import FACEBOOK, INSTAGRAM, ByInstagram, ByPage, way_of
from scheduler.publishers.meta.answers import PATIENCE, Over
from scheduler.publishers.meta.app import app_of
from scheduler.publishers.meta.containers import PUBLISHED, UNSEEN, Containers, Edge
from scheduler.publishers.meta.graph import TIMEOUT, form, session
from scheduler.publishers.meta.listing import Entry, entries_of
from scheduler.publishers.meta.usage import Usage

TRIED_FOR = timedelta(minutes=10)
"""How long a container that is "not ready" is tried, from when it was made; then another is."""

DECORATION = 3.0
"""Seconds for the look at a new post's address; without it the receipt has the profile's."""

PASSING = ("2207001", "2207003", "2207032", "2207052", "2207053")
"""Subcodes in a container's reason that another try may do away with: Instagram's own trouble, a fetch that failed."""

METRICS = "reach,views,likes,comments,saved,shares,total_interactions"
_OPERATIONS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.METRICS, Operation.INSPECT})


class Instagram:
    """One account. Settings: `page` (by Facebook Login), `version`, `server`; secret `token`, or `client_secret`.

    Without `token`, by a log-in: `client`, `client_secret`, `redirect`.
    """

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, way: ByInstagram | ByPage) -> None:
        self._account = account
        self._surroundings = surroundings
        self._clock = surroundings.clock
        self._way = way
        self._graph = way.graph
        self._made: dict[str, Containers] = {}
        self._blocked_until: datetime | None = None
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` for settings of no use, `AuthExpired` without a token."""
        return cls(account, surroundings, way_of(account, surroundings))

    @classmethod
    def login(cls, account: Account, surroundings: Surroundings) -> Login:
        """A new log-in by the browser. Raises `UsageError` for an account that names no app, or has a token."""
        return login(account, surroundings)

    @property
    def capabilities(self) -> Capabilities:
        """A container's state settles whether a post exists; by Instagram Login, its caption may not be shown."""
        by_page = self._way.by_page
        return Capabilities(
            platform="instagram",
            on_repeat=Doubles(),
            operations=_OPERATIONS | ({Operation.DELETE} if by_page else set()),
            verify=VerifyQuality.EXACT if by_page else VerifyQuality.PROBE,
            timeout=TIMEOUT,
        )

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Makes the containers and waits until they are finished. Raises `NotReady`, `Rejected`, `AuthExpired`."""
        refuse(draft, self._account.limits)
        user = self._way.whose().id
        media = draft.content.media
        address = self._surroundings.public.address
        parts = [part(one, address) for one in media] if len(media) > 1 else []
        last, made = self._containers(user).of(draft, parts, lambda ids: whole(draft.content, address, ids))
        kept = {"container": last.id, "made": last.made, "user": user}
        return Prepared(kept, good_until=min(one.good_until for one in (last, *made)))

    def _containers(self, user: str) -> Containers:
        with self._lock:
            if user not in self._made:
                edge = Edge(f"/{user}/media", state="status_code", details="status", passing=PASSING)
                self._made[user] = Containers(self._graph, edge, self._clock, sort=making)
            return self._made[user]

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._graph.http.warm()

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Publishes the container by one request. Raises `NotSent`, or `MayExist` where the answer is of no use."""
        container, user = _kept(prepared, "container"), _kept(prepared, "user")
        if not container:
            raise Transient("Its container is not made yet.")
        self._stay_away()
        try:
            said = form({"creation_id": container})
            reply = self._graph.create(f"/{user}/media_publish", form=said, sort=publishing)
        except Blocked:
            self._blocked_until = self._clock.now() + LATER
            raise
        except NotReady as caught:
            raise self._not_yet(draft, prepared, caught) from caught
        except Forgotten:
            self._containers(user).forget(draft)
            raise
        except Full as caught:
            raise self._no_place(user, caught) from caught
        post = named(reply.fields())
        if not post:
            raise reply.garbled("it names no post")
        return self._receipt(post, self._address(post))

    def _stay_away(self) -> None:
        """Raises `RateLimited` for a while after a block as spam: to try again meanwhile is what spammers do."""
        if self._blocked_until is not None and self._clock.now() < self._blocked_until:
            raise RateLimited("Instagram blocked the account's last post as spam.", retry_at=self._blocked_until)

    def _not_yet(self, draft: Draft, prepared: Prepared, caught: NotReady) -> PublishError:
        """The same container later; another where this one was waited for long enough."""
        if self._clock.now() - datetime.fromisoformat(_kept(prepared, "made")) < TRIED_FOR:
            return caught
        self._containers(_kept(prepared, "user")).forget(draft)
        return Forgotten(f"{caught.message} Another container is made.")

    def _no_place(self, user: str, caught: Full) -> RateLimited:
        """When to try again: soon where the quota has a place by now, else once in a while."""
        quota = None
        with suppress(PublishError):
            quota = quota_of(self._graph, user)
        if quota is None:
            return caught
        wait_until = caught.retry_at if quota.is_full else self._clock.now() + PATIENCE
        return Full(f"{caught.message} {quota.told()}", retry_at=wait_until)

    def _address(self, post: str) -> str:
        """A new post's own address, where Instagram tells it at once; it can be worked out of nothing."""
        with suppress(PublishError):
            reply = self._graph.read(f"/{post}", params={"fields": "permalink"}, timeout_seconds=DECORATION)
            return str(reply.said().get("permalink") or "")
        return ""

    # -- looking -----------------------------------------------------------------------

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Asks the container, then looks among the account's own posts since then. Trouble is `Unknown`."""
        container, state = _kept(prepared, "container"), UNSEEN
        try:
            user = _kept(prepared, "user") or self._way.whose().id
            state = self._containers(user).seen(container).state if container else UNSEEN
            seen = look(self._graph, user, draft, state, since)
        except PublishError as caught:
            out = "Instagram says that it is out, but" if state == PUBLISHED else "Instagram"
            return self._ask(f"{out} does not let us look ({caught.message})")
        return self._judged(seen, since, asked=bool(container))

    def _judged(self, seen: Look, since: datetime, *, asked: bool) -> Verdict:
        if seen.is_out:
            return self._which(seen)
        if seen.is_silent:
            return self._by_posts_alone(seen, since, asked=asked)
        # the container is a better witness than posts whose captions are hidden
        return self._alike(seen) if seen.ours or (seen.nearly and seen.readable) else Absent()

    def _by_posts_alone(self, seen: Look, since: datetime, *, asked: bool) -> Verdict:
        if len(seen.ours) == 1 and not seen.nearly:
            return Found(self._found(seen.ours[0]))
        if seen.ours or seen.nearly:
            return self._alike(seen)
        if not seen.whole:
            return self._ask("Not all that the account posted since could be read")
        if asked and self._clock.now() - since < LISTED:
            return self._ask("Its container is gone, and a new post may not be listed yet")
        return Absent()

    def _alike(self, seen: Look) -> Unknown:
        unread = "" if seen.readable else ", and captions cannot be read"
        return self._ask(f"Posts on the account are like this one{unread}", *seen.ours, *seen.nearly)

    def _which(self, seen: Look) -> Verdict:
        """Which post a container that was published became; by kind and time alone, a receipt proves less."""
        if len(seen.ours) == 1 and not seen.nearly:
            return Found(self._found(seen.ours[0]))
        if not (seen.ours or seen.readable) and len(seen.nearly) == 1 and seen.whole:
            return Found(self._found(seen.nearly[0], Strength.ACCEPTED))
        several = "which of several posts it is" if seen.readable else "which post it is, for captions cannot be read"
        which = several if seen.ours or seen.nearly else "it is not listed yet"
        return self._ask(f"Instagram says that it is out, but not where: {which}", *seen.ours, *seen.nearly)

    def _found(self, post: Entry, strength: Strength = Strength.PROVEN) -> Receipt:
        return self._receipt(named(post), str(post.get("permalink") or ""), strength)

    def _ask(self, why: str, *posts: Entry) -> Unknown:
        there = [str(one["permalink"]) for one in posts if one.get("permalink")]
        where = ", ".join(there[:3]) or self._profile() or "the account on instagram.com"
        return Unknown(f"{why}; please look at {where}.")

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post, by Facebook Login only; gone already is fine, where Instagram shows that it is.

        A post that is gone and one that may not be deleted are answered alike (100/33), so that one is looked at.
        """
        post = _post_id(receipt)
        if not self._way.by_page:
            raise Rejected("By Instagram Login no program can delete a post.", mend=f"Delete it by hand: {receipt.url}")
        reply = self._graph.prepare("DELETE", f"/{post}", sort=unless_gone, accept={400, 404})
        if is_gone(reply):
            still = self._graph.read(f"/{post}", params={"fields": "id"}, sort=unless_gone, accept={400, 404})
            if not is_gone(still):
                raise AuthExpired("Instagram shows the post, and does not let this token delete it.")
        elif reply.fields().get("success") is not True:
            raise reply.garbled("it does not say that the post is deleted")

    def metrics(self, receipt: Receipt) -> Metrics:
        """Reach, views, likes and the rest. Raises `Rejected` where it is gone, or may not be asked for."""
        self._leave_room()
        path, params = f"/{_post_id(receipt)}/insights", {"metric": METRICS}
        try:
            reply = self._graph.read(path, params=params, sort=unless_gone, accept={400, 404})
        except Over:
            raise
        except AuthExpired as caught:
            raise Rejected(f"The counts cannot be asked for: {caught.message}") from caught
        if is_gone(reply):
            raise Rejected("The post is no longer there.")
        counts = {str(one.get("name")): _count(one) for one in entries_of(reply)}
        return Metrics({name: count for name, count in counts.items() if count is not None})

    def _leave_room(self) -> None:
        """What is left of the call budget is for posts. What was told is used once, or nobody would ask again."""
        usage, self._graph.usage = self._graph.usage, Usage()
        if usage.tight:
            words = f"{usage.percent} % of the calls that Instagram takes are used up; the rest is for posts."
            raise RateLimited(words, retry_at=self._clock.now() + (usage.regained_in or PATIENCE))

    def inspect(self) -> AccountReport:
        """Whose token it is, until when, how many posts are left today, and whether captions can be read."""
        app = app_of(self._account, self._surroundings) if self._way.by_page else None
        host = FACEBOOK if self._way.by_page else INSTAGRAM
        http = session(self._account, self._surroundings, host, secrets=(app.secret,) if app else ())
        return report(Asking(self._way, http, app))

    def _receipt(self, post: str, address: str, strength: Strength = Strength.PROVEN) -> Receipt:
        return Receipt(post, address or self._profile(), strength)

    def _profile(self) -> str:
        return PLATFORM.profile({"name": self._account.handle.lstrip("@").partition("@")[0]})


def _kept(prepared: Prepared, what: str) -> str:
    return str(prepared.values.get(what) or "")


def _post_id(receipt: Receipt) -> str:
    """The id of a post. Raises `Rejected` where a person gave its address, in which there is none."""
    if receipt.remote_id.isdecimal():
        return receipt.remote_id
    raise Rejected("Which post this was is not known.", mend=f"See to it by hand: {receipt.url or receipt.remote_id}")


def _count(one: Entry) -> int | None:
    """A metric's number, which comes in one of two shapes."""
    total, values = one.get("total_value"), one.get("values")
    said = total if isinstance(total, dict) else (values[0] if isinstance(values, list) and values else {})
    count = said.get("value") if isinstance(said, dict) else None
    return count if type(count) is int and count >= 0 else None
