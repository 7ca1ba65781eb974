"""One X account. A repeat may be refused or may double, so what got lost is looked for, where looking is granted.

X keeps no key. It mostly refuses a text that it has already, names no post when it does, and
is known to have let doubles through (node-twitter-api-v2 issue 399): evidence, and no safety
net. Absent is believed only of the whole own timeline since before the try. Every request costs
money (`platforms/rules/x.py`), so nothing is asked that need not be.

Sources: docs.x.com (OpenAPI 2.167) and its changelog to 2026-08-13; gitroomhq/postiz-app, 2026.
Nothing here was tried on X itself by us.
"""

import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self

from scheduler.errors import AuthExpired, Duplicate, PublishError, Rejected, Transient, UsageError
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.platforms.base import below
from scheduler.platforms.rules.x import PLATFORM, PRICES
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Found,
    Metrics,
    Operation,
    Pace,
    Refused,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.servers import checked
from scheduler.publishers.x.answers import ONLY_READS, creating, proving, reads_only, sort
from scheduler.publishers.x.guide import GUIDE
from scheduler.publishers.x.login import BACK, Begun, XLogin
from scheduler.publishers.x.look import Timeline, is_ours, made_at, post_id, timeline
from scheduler.publishers.x.report import report
from scheduler.publishers.x.signature import Keys
from scheduler.publishers.x.tokens import Client, Tokens
from scheduler.publishers.x.uploads import Uploads
from scheduler.publishers.x.way import Credential, Signed, Way

OFFICIAL = "https://api.x.com"
POSTS, ME = "/2/tweets", "/2/users/me"
TIMEOUT = 30.0
YOUNG = timedelta(minutes=2)
"""How long a reply to a post may be refused because X does not show that post yet (node-twitter-api-v2 issue 366)."""

DELETES = Pace(50, timedelta(minutes=15))
"""docs.x.com, rate limits, as of 2026-08."""

REPLIES = {"everyone": "", "following": "following", "mentioned": "mentionedUsers"} | {
    word: word for word in ("subscribers", "verified")
}
_OPERATIONS = frozenset({Operation.PREPARE, Operation.DELETE, Operation.METRICS, Operation.INSPECT})


class X:
    """One account. Settings: `replies`, `look: no`; secrets: `key`, `key_secret`, `token`, `token_secret`.

    With `client`, and `client_secret` where the app has one, by OAuth 2.0 instead.
    """

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, way: Way) -> None:
        self._account = account
        self._clock = surroundings.clock
        self._way = way
        self._uploads = Uploads(way, surroundings.root, surroundings.clock)
        self._looks = account.wants("look", otherwise=True)
        self._replies = _who_may_reply(account)
        self._proved: date | None = None
        self._user = ""
        self._refused: set[str] = set()
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` for settings that mean nothing, `AuthExpired` without keys."""
        clock = surroundings.clock
        if account.settings.get("client"):
            client = client_of(account, surroundings)
            tokens = session(account, surroundings, client.secret)
            credential: Credential = Tokens(client, Credentials(surroundings.root), clock, tokens)
            return cls(account, surroundings, Way(session(account, surroundings, client.secret), credential))
        said = {name: surroundings.secret(name).strip() for name in ("key", "key_secret", "token", "token_secret")}
        http = session(account, surroundings, *said.values())
        return cls(account, surroundings, Way(http, Signed(Keys(**said), clock)))

    @classmethod
    def login(cls, account: Account, surroundings: Surroundings) -> XLogin:
        """A new log-in by OAuth 2.0. Raises `UsageError` for an account without `client:`."""
        if not account.settings.get("client"):
            mend = f"For OAuth 2.0, write its app's `client:` below {account.name} in drumbeat.yaml."
            raise UsageError(f"{account.name} has keys, so nobody logs in to it.", mend=mend)
        client = client_of(account, surroundings)
        begun = Begun.by(client.id, account.settings.get("redirect", BACK))
        http = session(account, surroundings, client.secret)
        return XLogin(begun, client, http, Credentials(surroundings.root), surroundings.clock)

    @property
    def capabilities(self) -> Capabilities:
        """Without `look: no`, lost posts are looked for, which costs money and which not every plan grants."""
        return Capabilities(
            platform="x",
            on_repeat=Refused(),
            operations=_OPERATIONS | ({Operation.VERIFY} if self._looks else set()),
            verify=VerifyQuality.TIMELINE if self._looks else VerifyQuality.NONE,
            timeout=TIMEOUT,
            cost=PRICES.told(),
            deletes=DELETES,
        )

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Uploads and describes the files, tries the keys once a day. Raises `NotReady`, `Rejected`, `AuthExpired`."""
        self._refuse_what_it_lacks(draft.content)
        self._prove()
        made = self._uploads.of(draft)
        values = {"user": self._user, "media": [one.id for one in made], "keys": [one.key for one in made if one.key]}
        return Prepared(values, good_until=min((one.ends for one in made), default=None))

    def _prove(self) -> None:
        """Once in a day of UTC: X charges for a look at the account, and then not again until the day ends."""
        today = self._clock.now().date()
        if self._proved == today:
            return
        reply = self._way.read(ME, sort=proving, accept={403, 429})
        if reads_only(reply):
            raise AuthExpired(ONLY_READS)
        found = reply.said().get("data")
        with self._lock:
            self._proved = today
            self._user = str(found.get("id", "")) if isinstance(found, dict) else self._user

    def _whose(self) -> str:
        """The account's id by X's own word, for another's timeline would prove a wrong thing; empty where not told."""
        if not self._user:
            self._prove()
        return self._user

    def _refuse_what_it_lacks(self, content: Content) -> None:
        text = below(content.text, content.link)
        over = next((one for one in PLATFORM.measure(text, limits=self._account.limits) if not one.fits), None)
        if over:
            raise Rejected(f"The text has {over.value} {over.unit}; this account has {over.limit}.")
        if content.warning or content.visibility not in {"", "public"}:
            raise Rejected("X has no content warnings and no visibility.", mend="Say how with `degrade:`.")
        if content.poll is not None and content.media:
            raise Rejected("X shows a poll or pictures, not both.", mend="Make them two posts.")
        if content.poll is not None and content.poll.multiple:
            raise Rejected("A poll on X takes one answer.", mend="Take `multiple` out for this account, under `for`.")

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._way.http.warm()

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Makes the post by one request. Raises `NotSent` or `MayExist`; a duplicate may be our own lost post."""
        media = _texts(prepared, "media")
        if len(media) != len(draft.content.media):
            raise Transient("Its files are not at X yet.")
        sort_created = creating(parent_is_young=self._young(draft))
        try:
            reply = self._way.create(POSTS, json=self._body(draft, media), sort=sort_created)
        except Duplicate:
            self._refused.add(draft.idempotency_key)
            raise
        found = reply.fields().get("data")
        post = found.get("id") if isinstance(found, dict) else None
        if not isinstance(post, str) or not post:
            raise reply.garbled("it names no post")
        return self._receipt(post)

    def _body(self, draft: Draft, media: list[str]) -> dict[str, Any]:
        """Only what is meant is said: X refuses fields that it does not know, and empty ones."""
        content = draft.content
        said: dict[str, Any] = {"text": below(content.text, content.link)}
        if media:
            said["media"] = {"media_ids": media}
        if content.poll is not None:
            minutes = max(1, round(content.poll.open_for / 60))
            said["poll"] = {"options": list(content.poll.options), "duration_minutes": minutes}
        if draft.parent is not None:
            said["reply"] = {"in_reply_to_tweet_id": _post_id(draft.parent)}
        elif self._replies:
            said["reply_settings"] = self._replies
        return said

    def _young(self, draft: Draft) -> bool:
        made = made_at(_post_id(draft.parent)) if draft.parent else None
        return made is not None and self._clock.now().timestamp() - made < YOUNG.total_seconds()

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Looks for the post among the account's own since then. Trouble is `Unknown`, with the place to look at."""
        if not self._looks:
            return self._ask("Nobody looks for posts of this account")
        try:
            user = str(prepared.values.get("user") or "") or self._whose()
            if not user:
                return self._ask("X does not say whose keys these are")
            seen = timeline(self._way, user, since)
        except PublishError as caught:
            return self._ask(f"X does not let us look ({caught.message})")
        return self._judged(draft, seen, _texts(prepared, "keys"))

    def _judged(self, draft: Draft, seen: Timeline, keys: list[str]) -> Verdict:
        told = [(post, is_ours(post, draft, keys)) for post in seen.posts]
        ours = [str(post["id"]) for post, same in told if same]
        if len(ours) == 1:
            return Found(self._receipt(ours[0]))
        if ours or any(same is None for _, same in told):
            return self._ask("Posts on the account are like this one")
        if draft.idempotency_key in self._refused:
            return self._ask("X says that it has this text, but not since when")
        return Absent() if seen.whole else self._ask("The account posted too much since to look through it all")

    def _ask(self, why: str) -> Unknown:
        name = self._name()
        return Unknown(f"{why}; please look at {f'https://x.com/{name}' if name else 'the account on x.com'}.")

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post; gone already is fine. It takes no reply with it, and costs as the prices say."""
        self._way.prepare("DELETE", f"{POSTS}/{_post_id(receipt)}", accept={404})

    def metrics(self, receipt: Receipt) -> Metrics:
        """What X counts in public: views, likes, replies, reposts, quotes, bookmarks. Raises `Rejected` where gone."""
        reply = self._way.read(f"{POSTS}/{_post_id(receipt)}", params={"tweet.fields": "public_metrics"}, accept={404})
        found = reply.said().get("data")
        if not isinstance(found, dict):
            raise Rejected("The post is no longer there.")
        counts: Mapping[str, Any] = found.get("public_metrics") or {}
        return Metrics({name: count for name, count in counts.items() if type(count) is int and count >= 0})

    def inspect(self) -> AccountReport:
        """Whose keys these are and whether they may write. X charges for this as for a look at an account."""
        return report(self._way, self._account)

    def _receipt(self, post: str) -> Receipt:
        return Receipt(post, f"https://x.com/{self._name() or 'i'}/status/{post}")

    def _name(self) -> str:
        return self._account.handle.lstrip("@").partition("@")[0]


def session(account: Account, surroundings: Surroundings, *secrets: str) -> HttpSession:
    """The way to X itself, or to the `server:` that the account names."""
    server = checked(account.settings.get("server", OFFICIAL).rstrip("/"), account.name)
    return HttpSession(
        server.url,
        clock=surroundings.clock,
        route=surroundings.route,
        timeout_seconds=TIMEOUT,
        allow_private=server.own_network,
        secrets=tuple(one for one in secrets if one),
        sort=sort,
    )


def client_of(account: Account, surroundings: Surroundings) -> Client:
    """The app of an account with `client:`; a public one has no `client_secret`."""
    secret = surroundings.secret("client_secret").strip() if "client_secret" in account.secrets else ""
    return Client(account.name, account.settings["client"].strip(), secret)


def _who_may_reply(account: Account) -> str:
    written = account.settings.get("replies", "everyone")
    if written not in REPLIES:
        raise UsageError(
            f"{account.name}: `replies: {written}` means nothing.", mend=f"Write one of {', '.join(REPLIES)}."
        )
    return REPLIES[written]


def _post_id(receipt: Receipt) -> str:
    """The id of a post. Raises `Rejected` where there is none."""
    if post := post_id(receipt):
        return post
    raise Rejected("Which post this was is not known.", mend=f"See to it by hand: {receipt.url or receipt.remote_id}")


def _texts(prepared: Prepared, name: str) -> list[str]:
    found = prepared.values.get(name, ())
    return [str(one) for one in found] if isinstance(found, list | tuple) else []
