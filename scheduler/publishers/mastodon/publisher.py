"""Mastodon, and the servers that speak its client API.

The key goes into the header of every creating request, so that a repeat gets the first answer
again; whether a server keeps it is its dialect's to say, and until the software is known a
repeat counts as doubling. A 2xx without an id is no post, and on Mastodon not even one with an
id is, until it can be read: its spam check answers as if nothing were wrong and stores nothing.

Sources, as of 2026-11: docs.joinmastodon.org (2903485d, 2026-07-02), methods statuses, media,
accounts and instance; mastodon's `post_status_service.rb`, `antispam.rb` and
`error_handling.rb` of 2026; mastodon#21840, #30039, #40399.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import quote

from scheduler.errors import (
    Ambiguous,
    Duplicate,
    NotReady,
    PublishError,
    Rejected,
)
from scheduler.http.reply import Reply, Sort
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.platforms import Feature
from scheduler.publishers.base import (
    AccountReport,
    Capabilities,
    Metrics,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.mastodon.dialects import Dialect, Software, dialect_of, software
from scheduler.publishers.mastodon.guide import GUIDE
from scheduler.publishers.mastodon.look import WHO, look, receipt_of
from scheduler.publishers.mastodon.report import report
from scheduler.publishers.mastodon.uploads import Uploads, kept_until
from scheduler.publishers.servers import server_of

TIMEOUT = 20.0
CONFIRM_TIMEOUT = 5.0
PROVED_FOR = timedelta(minutes=10)
"""How long a token that worked is not tried again before a post."""

_OPERATIONS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.METRICS, Operation.INSPECT})
_VISIBILITY = {"": "public", "followers": "private"}
# 403: missing scope, suspended, disabled (docs.joinmastodon.org/api, as of 2026-11): nothing that waiting mends
_DEAD = frozenset({401, 403})
_COUNTS = ("replies", "reblogs", "favourites", "quotes")


class Mastodon:
    """One account. `software:` in its settings says what its server runs; else the server is asked, once."""

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, http: HttpSession) -> None:
        self._account = account
        self._clock = surroundings.clock
        self._http = http
        self._software = Software(account.settings.get("software", ""))
        self._uploads = Uploads(http, surroundings)
        self._proved_at: datetime | None = None

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` without a `server:`, `AuthExpired` without a token."""
        server = server_of(account)
        token = surroundings.secret("token")
        http = HttpSession(
            server.url,
            clock=surroundings.clock,
            route=surroundings.route,
            headers={"Authorization": f"Bearer {token}"},
            timeout_seconds=TIMEOUT,
            allow_private=server.own_network,
            secrets=(token,),
            auth=_DEAD,
        )
        return cls(account, surroundings, http)

    @property
    def capabilities(self) -> Capabilities:
        """By what the server is known to run; the most careful ones until that is known."""
        dialect = dialect_of(self._software.name)
        return Capabilities(
            platform="mastodon",
            on_repeat=dialect.on_repeat,
            operations=_OPERATIONS,
            verify=VerifyQuality.TIMELINE,
            timeout=TIMEOUT,
            deletes=dialect.deletes,
        )

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Uploads the media with their descriptions, learns what the server runs, tries the token.

        Raises `NotReady` while the server still works on an upload, and `Rejected` for what its software cannot show.
        """
        self._learn()
        self._prove()
        dialect = dialect_of(self._software.name)
        _refuse_what_it_lacks(draft.content, dialect)
        uploads = self._uploads.of(draft)
        said = {"software": self._software.name, "media": [upload.id for upload in uploads]}
        return Prepared(said, good_until=kept_until(uploads))

    def _learn(self) -> None:
        if not self._software.name:
            try:
                self._software = software(self._http)
            except PublishError:
                return  # then the most careful rules hold, and it is asked again the next time

    def _prove(self) -> None:
        """A dead token is better met now than at the moment; one that may only write (403) is good enough."""
        now = self._clock.now()
        if self._proved_at is None or now - self._proved_at >= PROVED_FOR:
            self._http.read(WHO, auth=frozenset({401}), accept=frozenset({403}))
            self._proved_at = now

    def warm(self) -> None:
        """Opens the connection for the next request. Raises `Transient` where that does not work now."""
        self._http.warm()

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Makes the post by one request, then reads it once where a server may have dropped it in silence."""
        dialect = dialect_of(str(prepared.values.get("software") or self._software.name))
        media = _media_ids(prepared)
        if len(media) != len(draft.content.media):
            raise NotReady("Its media are not on the server yet.")
        if dialect.hangs_up:
            self._http.close()  # a dead connection cannot be told from a lost reply
        reply = self._http.create(
            "POST",
            "/api/v1/statuses",
            headers={"Idempotency-Key": draft.idempotency_key},
            json=_status(draft, media, dialect),
            sort=_sort(draft, media),
        )
        receipt = _receipt(reply.fields(), reply)
        return self._confirmed(receipt) if dialect.may_drop else receipt

    def _confirmed(self, receipt: Receipt) -> Receipt:
        """Reads the post once. Whatever keeps us from reading it takes nothing from the id that we were given."""
        try:
            found = self._http.find(_status_path(receipt.remote_id), timeout_seconds=CONFIRM_TIMEOUT)
        except PublishError:
            return replace(receipt, strength=Strength.ACCEPTED)
        if found is None:
            raise Ambiguous(
                f"{self._http.source} named a post, but does not show it: taken for spam, or not to be seen yet."
            )
        return receipt

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Looks for the post among the account's own since then. All trouble is `Unknown`."""
        self._learn()
        try:
            return look(self._http, dialect_of(self._software.name), draft, _media_ids(prepared), since)
        except PublishError as caught:
            return Unknown(caught.message)

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post and its media at once; gone already is fine. 30 in 30 minutes are allowed an account.

        `delete_media` since 4.4; before that files stay for about a day (docs.joinmastodon.org/methods/statuses).
        """
        self._http.prepare(
            "DELETE", _status_path(receipt.remote_id), params={"delete_media": "true"}, accept=frozenset({404, 410})
        )

    def metrics(self, receipt: Receipt) -> Metrics:
        """Replies, reblogs, favourites, and from 4.5 quotes. Raises `Rejected` where the post is gone."""
        found = self._http.find(_status_path(receipt.remote_id))
        if found is None:
            raise Rejected("The post is no longer there.")
        said = found.fields()
        counts = {name: said.get(f"{name}_count") for name in _COUNTS}
        return Metrics({name: count for name, count in counts.items() if isinstance(count, int)})

    def inspect(self) -> AccountReport:
        """Whether the token works, for whom and what for, and the server's limits beside those we count with."""
        return report(self._http, self._account)


def _status(draft: Draft, media: Sequence[str], dialect: Dialect) -> dict[str, Any]:
    """The body of the request. Visibility and sensitivity are always said: accounts have defaults of their own."""
    content = draft.content
    said: dict[str, Any] = {
        "status": content.text,
        "visibility": _VISIBILITY.get(content.visibility, content.visibility),
        "sensitive": bool(content.warning),
    }
    optional: dict[str, Any] = {
        "spoiler_text": content.warning,
        "language": content.language,
        "media_ids": list(media),
        "in_reply_to_id": draft.parent.remote_id if draft.parent else "",
        "content_type": "text/plain" if dialect.wants_plain else "",
    }
    if content.poll is not None:
        poll = content.poll
        said["poll"] = {"options": list(poll.options), "expires_in": poll.open_for, "multiple": poll.multiple}
    return said | {name: value for name, value in optional.items() if value}


def _sort(draft: Draft, media: Sequence[str]) -> Sort:
    """What the refusals of a creating request mean, by status and by what stands in the body."""

    def sort(reply: Reply) -> PublishError | None:
        said = str(reply.said().get("error", ""))
        if reply.status == 404 and draft.parent is not None:
            return Rejected(f"The post that this one replies to is gone: {reply.sentence()}")
        if reply.status == 404 and reply.said():
            # a known key whose post was deleted since (as of 2026-11, PostStatusService), or no such API at all
            return Rejected(f"It was posted before and deleted there, or the address is wrong: {reply.sentence()}")
        if reply.status == 400 and "uplicate idempotency key" in said:  # Pixelfed
            return Duplicate(reply.sentence())
        if reply.status == 403 and "mpty status" in said:  # Pixelfed
            return Rejected(reply.sentence())
        if reply.status == 422:
            return _unprocessable(reply, said, media)
        return None

    return sort


def _unprocessable(reply: Reply, said: str, media: Sequence[str]) -> PublishError:
    """422 is a refusal of the text, but not always."""
    if "not finished processing" in said or "not ready" in said:
        return NotReady(reply.sentence())
    if any(one in said for one in media):
        # named as not found: swept away, or in a post already, which is what a lost reply looks like
        return Duplicate(f"Its uploads are in a post already, or gone: {reply.sentence()}")
    return Rejected(reply.sentence())


def _refuse_what_it_lacks(content: Content, dialect: Dialect) -> None:
    if content.poll is not None and Feature.POLL in dialect.lacks:
        raise Rejected(f"{dialect.title} has no polls.", mend="Leave `poll` out for this account with `for:`.")
    if dialect.needs_media and not content.media:
        raise Rejected(f"On {dialect.title} every post needs a picture.", mend="Give it one with `media:`.")


def _receipt(said: Mapping[str, Any], reply: Reply) -> Receipt:
    found = said.get("id")
    if not isinstance(found, str | int) or isinstance(found, bool) or not str(found):
        raise reply.garbled("it names no post")
    return receipt_of(said)


def _media_ids(prepared: Prepared) -> tuple[str, ...]:
    media = prepared.values.get("media", ())
    return tuple(str(one) for one in media) if isinstance(media, list | tuple) else ()


def _status_path(status: str) -> str:
    return f"/api/v1/statuses/{quote(status, safe='')}"
