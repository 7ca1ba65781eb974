"""One Page on Facebook. An error may come with a post that is live, so what failed is looked for, never repeated.

Facebook keeps no key. "Try again later" was answered seven times to one post, and each try had
posted (arsduo/koala issue 699): codes 1 and 2 and every 5xx mean "look". It refuses what it takes
for a repeat, going by the content, and not dependably. Photos are uploaded unseen beforehand, so
the post itself is one small request, and their ids are an exact key to find it by. That request asks
for nothing back but the id: a link that cannot be read must not make a live post look refused.

Sources: Pages API, posts, as of 2026-04; Meta's error handling and rate limiting; gitroomhq/
postiz-app, 2026. Nothing here was tried on Facebook itself by us.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from scheduler.clock import Clock
from scheduler.errors import (
    AuthExpired,
    Duplicate,
    Forgotten,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.http.reply import Reply, Sort
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Found,
    Metrics,
    Operation,
    Refused,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.facebook.answers import created, is_gone, unless_gone
from scheduler.publishers.facebook.form import body, card_of, refuse
from scheduler.publishers.facebook.guide import GUIDE
from scheduler.publishers.facebook.look import Wanted, is_ours, published
from scheduler.publishers.facebook.photos import Photos
from scheduler.publishers.facebook.receipts import is_whole, post_id, receipt_of, receipt_of_video
from scheduler.publishers.facebook.report import Asking, report
from scheduler.publishers.facebook.videos import OFFICIAL as FOR_VIDEOS
from scheduler.publishers.facebook.videos import Videos, finishing
from scheduler.publishers.meta.answers import PATIENCE
from scheduler.publishers.meta.app import app_of
from scheduler.publishers.meta.credential import Credential, credential_of
from scheduler.publishers.meta.graph import Graph, session, version_of
from scheduler.publishers.meta.listing import Listing
from scheduler.publishers.meta.login import App
from scheduler.publishers.meta.page_login import FacebookLogin
from scheduler.publishers.meta.usage import Usage

OFFICIAL = "https://graph.facebook.com"
VERSION = "v26.0"
"""v26.0 of 2026-07-29 was seen in Graph's reference; v27.0 only on the page of the Marketing API."""

TIMEOUT = 60.0
"""Generous, for the wait before "not there" is believed is twice this."""

PROVED_FOR = timedelta(minutes=10)
"""How long a token that was the Page's is not tried again before a post."""

GONE = frozenset({400, 403, 404})
"""The statuses that "there is no such thing" comes with; what it is, its code says."""

COUNTED = "reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0),shares"
_OPERATIONS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.METRICS, Operation.INSPECT})


class Facebook:
    """One Page. Settings: `page` (its id), `version`, `server`; secret: `token`, or `client` and `client_secret`.

    With `client` and no `token`, by a log-in. With `client_secret`, `inspect` says what the token may do, until when.
    """

    guide = GUIDE
    capabilities = Capabilities("facebook", Refused(), _OPERATIONS, VerifyQuality.TIMELINE, TIMEOUT)

    def __init__(
        self, account: Account, surroundings: Surroundings, graph: Graph, films: Graph, credential: Credential
    ) -> None:
        """`films` goes to the host that takes videos."""
        self._account = account
        self._clock: Clock = surroundings.clock
        self._surroundings = surroundings
        self._graph, self._films = graph, films
        self._credential = credential
        self._photos = Photos(surroundings.root, surroundings.clock)
        self._videos = Videos(surroundings.root, surroundings.clock)
        self._proved_at: datetime | None = None
        self._refused: set[str] = set()
        self._unread: set[str] = set()
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` for settings of no use, `AuthExpired` without a token."""
        credential = credential_of(account, surroundings)
        version = version_of(account, VERSION)
        graph = Graph(session(account, surroundings, OFFICIAL), credential, version)
        films = Graph(session(account, surroundings, FOR_VIDEOS), credential, version)
        return cls(account, surroundings, graph, films, credential)

    @classmethod
    def login(cls, account: Account, surroundings: Surroundings) -> FacebookLogin:
        """A new log-in. Raises `UsageError` without `client:` and `redirect:`, or with a pasted token."""
        if "token" in account.secrets:
            mend = f"To log in by the browser, take `token:` out below {account.name}, and write `client:`."
            raise UsageError(f"{account.name} has a token, so nobody logs in to it.", mend=mend)
        app = App.of(account, surroundings.secret("client_secret").strip())
        http = session(account, surroundings, OFFICIAL, secrets=(app.secret,))
        return FacebookLogin(account, app, http, surroundings, version_of(account, VERSION))

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Proves that the token is the Page's, uploads the files. Raises `Rejected`, `AuthExpired`, `Transient`."""
        refuse(draft, self._account)
        page = self._credential.page
        self._prove(page)
        if draft.content.media and draft.content.media[0].is_video:
            video = self._videos.of(draft, self._films, page)
            return Prepared({"page": page, "video": video.written()}, good_until=video.ends)
        return Prepared({"page": page, "photos": self._photos.of(draft, self._graph, page)})

    def _prove(self, page: str) -> None:
        """Raises `AuthExpired` for a token that is good and not the Page's: every post would be refused."""
        now = self._clock.now()
        if self._proved_at is not None and now - self._proved_at < PROVED_FOR:
            return
        reply = self._graph.read("/me", params={"fields": "id,name"})
        said = reply.fields()
        if not said.get("id"):
            raise reply.garbled("it does not say whose token it is")
        if str(said["id"]) != page:
            raise AuthExpired(f"The token is not that of Page {page}, but of {said['id']}: use the Page's own.")
        self._proved_at = now

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._graph.http.warm()

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Makes the post by one request. Raises `NotSent` or `MayExist`; a duplicate may be our own lost post."""
        video, photos = _video(prepared), _photos(prepared)
        if len(photos) + len(video[:1]) != len(draft.content.media):
            raise Transient("Its files are not at Facebook yet.")
        page, key = self._credential.page, draft.idempotency_key
        if _elsewhere(prepared, page):
            raise Forgotten("What was uploaded for it is on another Page.")
        sort = created(link_was_unread=key in self._unread, unread=lambda: self._remember(self._unread, key))
        try:
            if video:
                return self._finished(page, video, draft.content.text, sort)
            said = body(draft.content, photos)
            return self._made(self._graph.create(f"/{page}/feed", json=said, sort=sort, timeout_seconds=TIMEOUT))
        except Duplicate:
            self._remember(self._refused, key)
            raise

    def _finished(self, page: str, video: tuple[str, str], text: str, sort: Sort) -> Receipt:
        """Makes a video visible. It is only accepted: Facebook works on it, and names its post to nobody yet."""
        said = finishing(video[1], text)
        reply = self._films.create(f"/{page}/videos", form=said, sort=sort, timeout_seconds=TIMEOUT)
        if reply.fields().get("success") is not True:
            raise reply.garbled("it does not say that the video is taken")
        return receipt_of_video(page, video[0])

    def _remember(self, among: set[str], key: str) -> None:
        with self._lock:
            among.add(key)

    def _made(self, reply: Reply) -> Receipt:
        post = reply.fields().get("id")
        if not isinstance(post, str) or not post:
            raise reply.garbled("it names no post")
        return receipt_of(post)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Looks for the post among those of the Page since then. Trouble is `Unknown`, with the place to look at."""
        page = ""
        try:
            page = self._credential.page
            if other := _elsewhere(prepared, page):
                return _ask(f"It was made for Page {other}, and the account speaks for {page} now", other)
            seen = published(self._graph, page, since)
        except PublishError as caught:
            return _ask(f"Facebook does not let us look ({caught.message})", page)
        witnesses = (*_video(prepared)[:1], *_photos(prepared))
        wanted = Wanted(draft.content.text, card_of(draft.content), witnesses)
        return self._judged(draft, page, seen, wanted)

    def _judged(self, draft: Draft, page: str, seen: Listing, wanted: Wanted) -> Verdict:
        told = [(post, is_ours(post, wanted)) for post in seen.entries]
        ours = [str(post.get("id", "")) for post, same in told if same]
        if len(ours) == 1 and ours[0]:
            return Found(receipt_of(ours[0]))
        if ours or any(same is None for _, same in told):
            return _ask("Posts on the Page are like this one", page)
        if draft.content.media and not wanted.witnesses:
            return _ask("Which files were uploaded for it is not known", page)
        if any(one.is_video for one in draft.content.media):
            return _ask("The video is not to be seen, but Facebook may be at work on it", page)
        if draft.idempotency_key in self._refused:
            return _ask("Facebook says that it has this post, but not since when", page)
        return Absent() if seen.whole else _ask("The Page posted too much since to look through it all", page)

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post; gone already is fine, where Facebook shows that it is. Raises as `Graph.prepare` does.

        A post that is gone and one that may not be deleted are answered alike (100/33), so that one is looked at.
        """
        post = post_id(receipt)
        reply = self._graph.prepare("DELETE", f"/{post}", sort=unless_gone, accept=GONE)
        if is_gone(reply):
            still = self._graph.read(f"/{post}", params={"fields": "id"}, sort=unless_gone, accept=GONE)
            if not is_gone(still):
                raise AuthExpired("Facebook shows the post, and does not let this token delete it.")
            if is_whole(receipt) and not post.startswith(f"{self._credential.page}_"):
                raise AuthExpired("The post is not on this account's Page, so it cannot be told whether it is gone.")
        elif reply.fields().get("success") is not True:
            raise reply.garbled("it does not say that the post is deleted")

    def metrics(self, receipt: Receipt) -> Metrics:
        """Reactions, comments and shares. Raises `Rejected` where the post is gone, `RateLimited` near the budget."""
        self._leave_room()
        if not is_whole(receipt):
            raise Transient("Facebook does not say yet which post the video became.")
        params = {"fields": COUNTED}
        reply = self._graph.read(f"/{post_id(receipt)}", params=params, sort=unless_gone, accept=GONE)
        if is_gone(reply):
            raise Rejected("The post is no longer there.")
        said = reply.fields()
        edges = {name: (said.get(name) or {}).get("summary", {}) for name in ("reactions", "comments")}
        counts = {name: edge.get("total_count", 0) for name, edge in edges.items()}
        counts["shares"] = (said.get("shares") or {}).get("count", 0)  # left out where there are none
        return Metrics({name: count for name, count in counts.items() if type(count) is int and count >= 0})

    def _leave_room(self) -> None:
        """What is left of the call budget is for posts. What was told is used once, or nobody would ask again."""
        usage, self._graph.usage = self._graph.usage, Usage()
        if usage.tight:
            words = f"{usage.percent} % of the calls that Facebook takes are used up; the rest is for posts."
            raise RateLimited(words, retry_at=self._clock.now() + (usage.regained_in or PATIENCE))

    def inspect(self) -> AccountReport:
        """Whose token it is, what it may do and until when, as far as Facebook tells. Posts nothing."""
        app = app_of(self._account, self._surroundings)
        http = session(self._account, self._surroundings, OFFICIAL, secrets=(app.secret,) if app else ())
        return report(Asking(self._account, self._graph, self._credential, http, app))


def _ask(why: str, page: str) -> Unknown:
    return Unknown(f"{why}; please look at https://www.facebook.com/{page}." if page else f"{why}.")


def _elsewhere(prepared: Prepared, page: str) -> str:
    """The Page that a post was prepared for, where it is another by now; empty where it is the same, or not known."""
    before = str(prepared.values.get("page") or page)
    return before if before != page else ""


def _video(prepared: Prepared) -> tuple[str, str] | tuple[()]:
    """The id of the uploaded video, and its session; nothing where the post has none."""
    found = prepared.values.get("video")
    if not isinstance(found, Mapping):
        return ()
    return str(found.get("id", "")), str(found.get("session", ""))


def _photos(prepared: Prepared) -> list[str]:
    found = prepared.values.get("photos", ())
    return [str(one) for one in found] if isinstance(found, list | tuple) else []
