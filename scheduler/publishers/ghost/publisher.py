"""Ghost: an article on one's own site, over its Admin API, in two steps.

Before the moment the article is a draft, which nobody sees; what makes it visible is one change
of its state. That change names the draft, so a repeat changes nothing more, and what became of a
lost answer is read from the state. No newsletter is ever sent. Sources: docs.ghost.org/admin-api;
TryGhost/Ghost `endpoints/posts.js`, `bookshelf-collision.js`, as of 2026-08; answers seen from
Ghost 5.130 on 2026-11-25, which tells a draft that somebody changed by the second only. Not
confirmed: Ghost 6, and the limits of hosted plans.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import quote, urlsplit

from scheduler.clock import Clock
from scheduler.errors import Ambiguous, AuthExpired, PublishError, Rejected, Transient
from scheduler.http.reply import Purpose, Reply
from scheduler.http.scrub import scrub
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.content import Media
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.articles import divided, slug_of
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Found,
    Metrics,
    NamedInAdvance,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.ghost.guide import GUIDE
from scheduler.publishers.ghost.key import AdminKey
from scheduler.publishers.ghost.lexical import Placed, document
from scheduler.publishers.html import clean
from scheduler.publishers.servers import server_of

TIMEOUT = 30.0
UPLOAD_TIMEOUT = 120.0
GOOD_FOR = timedelta(minutes=10)
"""Then the draft is written anew: somebody may have opened it in the editor, which Ghost counts as a change."""

API = "/ghost/api/admin"
_SHOWN = frozenset({"published", "sent"})
_FIELDS = "id,slug,status,updated_at,url"
_OURS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.INSPECT})


def sort(reply: Reply) -> PublishError | None:
    """What a refusal means. Ghost itself lists `errors`; what lists none was said by somebody in front of it."""
    if 300 <= reply.status < 400:
        return AuthExpired(reply.sentence(), mend="Write the address of the site's administration as `server`.")
    if not 400 <= reply.status < 500 or reply.status == 429:
        return None
    told = _told(reply)
    if not told:
        return _of_a_stranger(reply)
    sentence = f"{reply.sentence().rstrip('.')}: {told}"
    if reply.status in {401, 403}:
        return AuthExpired(sentence, mend="A key that is right is refused where this computer's clock is not.")
    if reply.status == 409:  # only where the state would have changed (`bookshelf-collision.js`): it is still a draft
        return Transient(sentence)
    return Rejected(sentence) if reply.purpose is not Purpose.READ and reply.status != 404 else None


def _of_a_stranger(reply: Reply) -> PublishError | None:
    if reply.status == 413:
        return None
    if reply.purpose is Purpose.CREATE:
        return Ambiguous(reply.sentence())
    return Transient(reply.sentence()) if reply.purpose is Purpose.PREPARE else None


def _told(reply: Reply) -> str:
    errors = reply.said().get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    words = [str(first[name]) for name in ("message", "context") if first.get(name)]
    return scrub(" ".join(words), reply.secrets) if words else ""


class Ghost:
    """One site. Settings: `server`, `tags` (divided by commas), `featured: no`; secret: `key` (`id:secret`)."""

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, http: HttpSession, key: str) -> None:
        self._http = http
        self._key = key
        self._root = surroundings.root
        self._clock: Clock = surroundings.clock
        self._tags = [word.strip() for word in account.settings.get("tags", "").split(",") if word.strip()]
        self._featured = account.wants("featured", otherwise=True)
        self._uploaded: dict[str, str] = {}
        self.capabilities = Capabilities("ghost", NamedInAdvance(), _OURS, VerifyQuality.EXACT, timeout=TIMEOUT)

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's way to its site. Raises `UsageError` without a server, `AuthExpired` without a key."""
        server = server_of(account)
        key = surroundings.secret("key").strip()
        http = HttpSession(
            server.url.removesuffix("/ghost"),
            clock=surroundings.clock,
            route=surroundings.route,
            # what we were written for; newer servers keep serving it (docs.ghost.org/admin-api, not confirmed on 6)
            headers={"Accept-Version": "v5.0"},
            timeout_seconds=TIMEOUT,
            allow_private=server.own_network,
            secrets=(key, *key.split(":")),
            sort=sort,
        )
        return cls(account, surroundings, http, key)

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._http.warm()

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Uploads the files and writes the draft, or writes it anew where it is there. One that is out stays as it is.

        Raises `AuthExpired` for a key that is refused, `Rejected` for a file or text that is, and for an article that
        somebody scheduled: to publish that would mail it to whom they chose (`post-email-handler.js`, as of 2026).
        """
        there = self._looked_up(slug_of(draft))
        status = "draft" if there is None else there.get("status")
        if status == "draft":
            there = self._written(draft, there)
        elif there is None or status not in _SHOWN:
            mend = "Make it a draft again in the site's administration, then `drumbeat retry`."
            raise Rejected(f"Somebody made it {status!r} on the site, and publishing it might send a mail.", mend=mend)
        said = {"post": str(there["id"]), "updated_at": str(there.get("updated_at", ""))}
        return Prepared(said, good_until=self._clock.now() + GOOD_FOR)

    def _written(self, draft: Draft, there: Mapping[str, Any] | None) -> Mapping[str, Any]:
        placed = [Placed(self._upload(media), media) for media in draft.content.media]
        body = self._article(draft, placed)
        if there is None:
            made = self._changed("POST", "/posts/", body)
        else:
            made = self._changed("PUT", f"/posts/{there['id']}/", body | {"updated_at": there.get("updated_at")})
        if made.get("slug") != body["slug"]:
            # somebody was quicker with that name: theirs is found the next time, and this one goes
            self._http.prepare("DELETE", f"{API}/posts/{made['id']}/", headers=self._signed(), accept={404})
            raise Transient("The site gave the draft another name.")
        return made

    def _changed(self, method: str, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        reply = self._http.prepare(method, API + path, headers=self._signed(), json={"posts": [body]})
        return _only(reply)

    def _article(self, draft: Draft, placed: list[Placed]) -> dict[str, Any]:
        title, text = divided(draft.content)
        first = placed[0] if placed and self._featured and not placed[0].media.is_video else None
        return {
            "title": title,
            "slug": slug_of(draft),
            "status": "draft",
            "visibility": "public",
            "lexical": document(text, draft.content, placed[1:] if first else placed),
            "tags": [{"name": tag} for tag in self._tags],
            "feature_image": first.url if first else None,
            "feature_image_alt": clean(first.media.alt) or None if first and not first.media.decorative else None,
            "feature_image_caption": clean(first.media.credit) or None if first else None,
        }

    def _upload(self, media: Media) -> str:
        """The file's address on the site; uploaded once as long as we live, and anew after that."""
        part = file_part(self._root, media)
        if part.filename not in self._uploaded:
            kind = "media" if media.is_video else "images"
            reply = self._http.prepare(
                "POST",
                f"{API}/{kind}/upload/",
                headers=self._signed(),
                parts=([], [part]),
                timeout_seconds=UPLOAD_TIMEOUT,
            )
            self._uploaded[part.filename] = str(_only(reply, kind, "url")["url"])
        return self._uploaded[part.filename]

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002  # the draft is on the site
        """Makes the draft visible. A second time nothing changes; a draft that is gone is refused."""
        post, updated_at = prepared.values.get("post"), prepared.values.get("updated_at")
        if not post or not updated_at:
            raise Transient("It was not prepared yet.")
        change = {"status": "published", "updated_at": updated_at}
        path = f"{API}/posts/{quote(str(post), safe='')}/"
        reply = self._http.create("PUT", path, headers=self._signed(), json={"posts": [change]})
        made = _only(reply)
        if made.get("status") not in _SHOWN:
            raise reply.garbled("the article is not published")
        return _receipt(made)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002  # by name alone
        """Reads the article's state, by its name. A draft is not sent. Raises what looking raises."""
        there = self._looked_up(slug_of(draft))
        status = "" if there is None else there.get("status")
        if there is not None and status in _SHOWN:
            return Found(_receipt(there))
        if there is None or status == "draft":
            return Absent()
        return Unknown(f"Somebody made it {status!r} on the site.")

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the article for good. Its pictures stay on the site: Ghost has no request that deletes files."""
        post = receipt.remote_id
        if "/" in post:  # a person gave its address
            there = self._looked_up(urlsplit(post).path.strip("/").rpartition("/")[2])
            if there is None:
                raise Rejected("The site knows no article at that address.", mend="Look there, and delete it by hand.")
            post = str(there["id"])
        self._http.prepare("DELETE", f"{API}/posts/{quote(post, safe='')}/", headers=self._signed(), accept={404})

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """Nothing: what Ghost counts is about members and mails."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """Whether the key is taken, and what site it is of. Posts nothing."""
        try:
            self._http.read(f"{API}/posts/", params={"limit": 1, "fields": "id"}, headers=self._signed())
        except AuthExpired as caught:
            return AccountReport(works=False, software="Ghost", notes=(caught.message, caught.mend))
        site = self._http.read(f"{API}/site/").fields().get("site")
        site = site if isinstance(site, dict) else {}
        return AccountReport(
            works=True, handle=str(site.get("title", "")), software=f"Ghost {site.get('version', '')}".strip()
        )

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Ghost {AdminKey.read(self._key).token(self._clock.now())}"}

    def _looked_up(self, slug: str) -> Mapping[str, Any] | None:
        path = f"{API}/posts/slug/{quote(slug, safe='')}/"
        found = self._http.find(path, params={"fields": _FIELDS}, headers=self._signed())
        if found is None:
            return None
        return _only(found)


def _only(reply: Reply, kind: str = "posts", needed: str = "id") -> Mapping[str, Any]:
    """The one entry of an answer. Raises where it names none, as behind a proxy that answers by itself."""
    entries = reply.fields().get(kind)
    first = entries[0] if isinstance(entries, list) and len(entries) == 1 else None
    if not isinstance(first, dict) or not isinstance(first.get(needed), str) or not first[needed]:
        raise reply.garbled(f"it names no {'post' if kind == 'posts' else 'file'}")
    return first


def _receipt(said: Mapping[str, Any]) -> Receipt:
    return Receipt(str(said["id"]), str(said.get("url") or ""))
