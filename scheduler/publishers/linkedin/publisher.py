"""One LinkedIn account, of a person or of an organization. A repeat may be refused or may double.

LinkedIn knows no key. Soon after a post it refuses the same words by the same author, and names the post that it
has: for about ten minutes by one page, for hours by reports (Composio issue 2710). An organization's own posts can
be read, so what got lost is looked for. A person's can be read by nobody, so a person is asked, with the link. An
answer of 201 means accepted, not visible: the receipt says no more. Sources: Microsoft Learn, Posts API, as of
2026-01 to 2026-09. Nothing here was tried on LinkedIn itself by us.
"""

import threading
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Self
from urllib.parse import quote

from scheduler.errors import Duplicate, NotReady, PublishError, Rejected, Transient, UsageError
from scheduler.http.guard import fetch
from scheduler.http.reply import Reply
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
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
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.linkedin.answers import POST, post_at, sort, told
from scheduler.publishers.linkedin.article import Fetch, Page, page_of
from scheduler.publishers.linkedin.counts import counted
from scheduler.publishers.linkedin.form import body_of
from scheduler.publishers.linkedin.guide import GUIDE
from scheduler.publishers.linkedin.lacking import has_card, refuse_what_it_lacks
from scheduler.publishers.linkedin.login import BACK, ORGANIZATION, PERSON, Begun, LinkedInLogin
from scheduler.publishers.linkedin.look import POSTS, Seen, is_ours, seen
from scheduler.publishers.linkedin.reach import (
    API,
    TIMEOUT,
    client_of,
    credential_of,
    oauth,
    organization_of,
    own_posts,
    page_of_post,
    session,
)
from scheduler.publishers.linkedin.report import Asking, report, roles, whose
from scheduler.publishers.linkedin.tokens import divided, scopes_kept
from scheduler.publishers.linkedin.uploads import Uploads
from scheduler.publishers.linkedin.version import version_of
from scheduler.publishers.linkedin.way import Way

_PLACES = {"PUBLISHED": Strength.PROVEN, "PUBLISH_REQUESTED": Strength.ACCEPTED}
_OPERATIONS = frozenset({Operation.PREPARE, Operation.DELETE, Operation.INSPECT})


class LinkedIn:
    """One account: a person's, or with `organization` that one's. Secret: `token`; or `client` and `client_secret`.

    Further settings: `version`, `reshares: no`, `redirect`, `scopes`, `look: yes` for a person who may read.
    """

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, way: Way, *, read: Fetch | None = None) -> None:
        self._account = account
        self._around = surroundings
        self._clock = surroundings.clock
        self._way = way
        self._organization = organization_of(account)
        self._read = read or partial(fetch, ca=surroundings.route.ca or None)
        self._uploads = Uploads(way, surroundings.root, surroundings.clock)
        self._looks = account.wants("look", otherwise=bool(self._organization))
        self._proved: date | None = None
        self._author = f"urn:li:organization:{self._organization}" if self._organization else ""
        self._named: dict[str, str] = {}
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` for settings that mean nothing, `AuthExpired` with no token."""
        credential = credential_of(account, surroundings)
        reaching = partial(session, account, surroundings)
        http = session(account, surroundings, account.settings.get("server", API))
        return cls(account, surroundings, Way(http, credential, version_of(account), reaching))

    @classmethod
    def login(cls, account: Account, surroundings: Surroundings) -> LinkedInLogin:
        """A new log-in. Raises `UsageError` for an account with a token, or without an app."""
        if "token" in account.secrets:
            mend = f"Take `token` out of {account.name} in drumbeat.yaml, and name its app: `client`, `client_secret`."
            raise UsageError(f"{account.name} has a token, so nobody logs in to it.", mend=mend)
        client = client_of(account, surroundings)
        if client is None:
            mend = f"In drumbeat.yaml, write `client` and `client_secret` of your app below {account.name}."
            raise UsageError(f"{account.name} names no app by which a person could log in.", mend=mend)
        usual = ORGANIZATION if organization_of(account) else PERSON
        scopes = divided(account.settings.get("scopes", "")) or usual
        begun = Begun.by(client.id, account.settings.get("redirect", BACK), scopes)
        wanted = "w_organization_social" if organization_of(account) else "w_member_social"
        store = Credentials(surroundings.root)
        return LinkedInLogin(begun, client, oauth(account, surroundings, client), store, surroundings.clock, wanted)

    @property
    def capabilities(self) -> Capabilities:
        """An organization's lost posts are looked for and its posts counted; of a person nothing can be read."""
        more = {Operation.VERIFY} if self._looks else set()
        more |= {Operation.METRICS} if self._organization else set()
        return Capabilities(
            platform="linkedin",
            on_repeat=Refused(),
            operations=_OPERATIONS | more,
            verify=VerifyQuality.TIMELINE if self._looks else VerifyQuality.NONE,
            timeout=TIMEOUT,
            receipt=Strength.ACCEPTED,
        )

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Tries the token once a day, uploads the files or a card's picture. Raises `NotSent`."""
        refuse_what_it_lacks(draft, self._account.limits, organization=bool(self._organization))
        author = self._prove()
        media = self._uploads.of(draft, author)
        article = self._article(draft, author) if has_card(draft.content) else {}
        return Prepared({"author": author, "media": media, "article": article})

    def _prove(self) -> str:
        """Once in a day of UTC: whose token it is, or whether it is good. The author's urn.

        Where LinkedIn cannot be asked that and the author is known, it is no reason not to post.
        """
        today = self._clock.now().date()
        if self._proved == today and self._author:
            return self._author
        self._way.credential.bearer()
        try:
            if self._organization:
                roles(self._way, self._organization)
            else:
                self._author = f"urn:li:person:{whose(self._way)}"
            self._proved = today
        except Transient:
            if not self._author:
                raise
        return self._author

    def _article(self, draft: Draft, author: str) -> Mapping[str, Any]:
        begun = draft.begun.get("article")
        page = Page(dict(begun)) if begun else page_of(draft.content.link, self._read)
        try:
            thumbnail = self._uploads.thumbnail(draft, author, page)
        except NotReady as caught:
            raise NotReady(caught.message, begun={**caught.begun, "article": page.article}) from caught
        return page.article | ({"thumbnail": thumbnail} if thumbnail else {})

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._way.http.warm()

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Makes the post by one request. Raises `NotSent` or `MayExist`; a duplicate may be our own lost post."""
        author, media = str(prepared.values.get("author") or ""), _texts(prepared)
        if not author or len(media) != len(draft.content.media):
            raise Transient("It was not prepared for LinkedIn yet.")
        reshared = self._account.wants("reshares", otherwise=True)
        body = body_of(draft.content, author, media, prepared.values.get("article") or {}, reshared=reshared)
        try:
            reply = self._way.create(POSTS, json=body)
        except Duplicate as caught:
            with self._lock:
                self._named[draft.idempotency_key] = caught.remote_id
            raise
        return Receipt(urn := _made(reply), page_of_post(urn), Strength.ACCEPTED)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Looks for the post among the organization's own. A person's, and trouble, is `Unknown` and where to look."""
        if not self._looks:
            return self._ask(draft, "Nobody may read a person's posts on LinkedIn")
        try:
            author = str(prepared.values.get("author") or "") or self._prove()
            found = seen(self._way, author, since, self._named.get(draft.idempotency_key, ""))
        except PublishError as caught:
            return self._ask(draft, f"LinkedIn does not let us look ({caught.message})")
        return self._judged(draft, found, _texts(prepared))

    def _judged(self, draft: Draft, found: Seen, media: list[str]) -> Verdict:
        judged = [(post, is_ours(post, draft, media)) for post in found.posts]
        ours = [post for post, same in judged if same]
        if len(ours) == 1:
            return self._standing(draft, ours[0])
        if ours or any(same is None for _, same in judged):
            return self._ask(draft, "Posts of the account are like this one")
        if draft.idempotency_key in self._named:
            return self._ask(draft, "LinkedIn says that it has this post, but not since when")
        return Absent() if found.whole else self._ask(draft, "The account posted too much since to look through it all")

    def _standing(self, draft: Draft, post: Mapping[str, Any]) -> Verdict:
        strength = _PLACES.get(str(post.get("lifecycleState")))
        if strength is None:
            return self._ask(draft, f"LinkedIn has it, and says {post.get('lifecycleState')}")
        return Found(Receipt(str(post["id"]), page_of_post(str(post["id"])), strength))

    def _ask(self, draft: Draft, why: str) -> Unknown:
        named = self._named.get(draft.idempotency_key, "")
        where = page_of_post(named) if named else own_posts(self._account) or "the account on linkedin.com"
        hint = " (which LinkedIn names as the same)" if named else ""
        return Unknown(f"{why}; please look at {where}{hint}.")

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post; of one that is gone LinkedIn says the same. Raises `Rejected` where it knows of none."""
        path = f"{POSTS}/{quote(_post(receipt), safe='')}"
        self._way.prepare("DELETE", path, headers={"X-RestLi-Method": "DELETE"}, sort=_sort_deleted)

    def metrics(self, receipt: Receipt) -> Metrics:
        """Impressions, clicks, likes, comments, shares of an organization's post. Raises `Rejected` for a person's."""
        if not self._organization:
            raise Rejected("LinkedIn counts a person's posts for approved apps alone (r_member_postAnalytics).")
        return counted(self._way, f"urn:li:organization:{self._organization}", _post(receipt))

    def inspect(self) -> AccountReport:
        """Whose token it is, what it may do and until when."""
        client = client_of(self._account, self._around)
        kept = scopes_kept(Credentials(self._around.root), client) if client else ()
        way = oauth(self._account, self._around, client)
        asking = Asking(self._way, self._account, self._organization, self._clock.now(), client, way, kept)
        return report(asking)


def _made(reply: Reply) -> str:
    """The post's urn, which stands in a header alone. Raises `Ambiguous` without one."""
    found = next((value.strip() for name, value in reply.headers.items() if name.lower() == "x-restli-id"), "")
    if not POST.fullmatch(found):
        raise reply.garbled("it names no post")
    return found


def _post(receipt: Receipt) -> str:
    """The urn of a post, of which a person may have given the address. Raises `Rejected` where there is none."""
    if urn := post_at(receipt.remote_id) or post_at(receipt.url):
        return urn
    raise Rejected("Which post this was is not known.", mend=f"See to it by hand: {receipt.url or receipt.remote_id}")


def _sort_deleted(reply: Reply) -> PublishError | None:
    """A post that is gone gets 204, so 404 may well hide a 403: it proves no deletion."""
    return Rejected(f"{told(reply)} Is it this account's?") if reply.status == 404 else sort(reply)


def _texts(prepared: Prepared) -> list[str]:
    found = prepared.values.get("media", ())
    return [str(one) for one in found] if isinstance(found, list | tuple) else []
