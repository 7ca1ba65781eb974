"""WordPress: an article on one's own site, over its REST API with an application password.

A second creating request makes a second article: the name that we give it (the slug) is no key,
the site just adds `-2`. But the name is looked up exactly, so what became of a lost answer is
found out, in the trash as well. Sources: developer.wordpress.org/rest-api, as of 2026-08;
WordPress `class-wp-rest-posts-controller.php`, `wp_unique_post_slug` (trunk, 2026); answers seen
from WordPress 6.1 on 2026-11-24. Not confirmed: plugins that refuse, rename or hold back.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from scheduler.errors import Ambiguous, AuthExpired, PublishError, Rejected, Transient, UsageError
from scheduler.http.reply import Purpose, Reply
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.content import Media
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.publishers.articles import divided, file_slug, slug_of
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    Absent,
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
from scheduler.publishers.servers import server_of
from scheduler.publishers.wordpress.blocks import Placed, blocks, title_html
from scheduler.publishers.wordpress.guide import GUIDE

TIMEOUT = 60.0
"""Plugins (mails, other networks) do their work within the creating request."""

UPLOAD_TIMEOUT = 120.0
"""Smaller sizes of a picture are made within the request that uploads it."""

PROVED_FOR = timedelta(minutes=10)
"""How long a password that worked is not tried again before a post."""

_ROOTS = ("/wp-json", "/?rest_route=")
_SHOWN = "publish"
_TRASHED = "__trashed"
_KINDS = ("categories", "tags")
_FIELDS = "id,slug,status,link"
_OURS = frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.METRICS, Operation.INSPECT})


def sort(reply: Reply) -> PublishError | None:
    """What a refusal means. WordPress itself names a code; without one somebody else speaks."""
    code = reply.said().get("code")
    if 300 <= reply.status < 400:
        return AuthExpired(reply.sentence(), mend="Write the address that the site itself uses as `server`.")
    if reply.status == 401 or (reply.status == 403 and code):
        return AuthExpired(reply.sentence())
    if reply.purpose is Purpose.PREPARE and str(code).startswith("rest_upload_"):
        return Rejected(f"The site does not take a file: {reply.sentence()}")  # a refusal, though its status is 500
    return None if code else _of_a_stranger(reply)


def _of_a_stranger(reply: Reply) -> PublishError | None:
    """A firewall, a plugin or a proxy refuses: nobody knows when, and whether the same would be taken later."""
    if not 400 <= reply.status < 500 or reply.status in {413, 429}:
        return None
    if reply.purpose is Purpose.CREATE:
        return Ambiguous(reply.sentence())
    return Transient(reply.sentence()) if reply.purpose is Purpose.PREPARE else None


class WordPress:
    """One person's posts on one site. Settings: `server`, `user`, `categories`, `tags`, `featured: yes`; `password`."""

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, http: HttpSession) -> None:
        self._account = account
        self._http = http
        self._root_folder = surroundings.root
        self._clock = surroundings.clock
        self._featured = account.wants("featured")
        self._root = ""
        self._rights: frozenset[str] = frozenset()
        self._proved_at: datetime | None = None
        self.capabilities = Capabilities("wordpress", Doubles(), _OURS, VerifyQuality.EXACT, timeout=TIMEOUT)

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's way to its site. Raises `UsageError` without server or user, `AuthExpired` without password.

        A site takes the password over https only, unless it calls itself local.
        """
        server = server_of(account)
        user = account.settings.get("user", "").strip()
        if not user:
            mend = f"In drumbeat.yaml, write `user:` below {account.name}: the name that you log in with."
            raise UsageError(f"{account.name} has no user.", mend=mend)
        password = "".join(surroundings.secret("password").split())  # shown in groups of four; blanks do not count
        pair = b64encode(f"{user}:{password}".encode()).decode()
        http = HttpSession(
            server.url,
            clock=surroundings.clock,
            route=surroundings.route,
            headers={"Authorization": f"Basic {pair}"},
            timeout_seconds=TIMEOUT,
            allow_private=server.own_network,
            secrets=(password, pair),
            sort=sort,
        )
        return cls(account, surroundings, http)

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._http.warm()

    # -- before ------------------------------------------------------------------------

    def prepare(self, draft: Draft) -> Prepared:
        """Finds the API, sees that the user may publish, uploads the files, looks up categories and tags.

        Raises `AuthExpired` where a person has to mend the account, `Rejected` for a file that the site does not take.
        """
        api = self._api()
        self._prove("publish_posts", *(["upload_files"] if draft.content.media else []))
        files = [self._uploaded(draft, media) for media in draft.content.media]
        terms = {kind: found for kind in _KINDS if (found := self._terms(kind))}
        return Prepared({"api": api, "files": files, "terms": terms})

    def _api(self) -> str:
        """Where the API is: sites that rewrite no addresses have it behind a question mark."""
        for root in () if self._root else _ROOTS:
            found = self._http.find(f"{root}/", params={"_fields": "namespaces"}, accept={400})
            if found is not None and isinstance(found.said().get("namespaces"), list):
                self._root = root
                break
        if not self._root:
            raise AuthExpired(f"{self._http.source} shows no WordPress API.", mend="Is `server` the site's address?")
        return self._root

    def _prove(self, *needed: str) -> None:
        """A user without rights is better met now than at the moment: theirs would wait for an editor, unseen."""
        now = self._clock.now()
        if self._proved_at is None or now - self._proved_at >= PROVED_FOR or not self._rights.issuperset(needed):
            self._rights = _rights(self._me())
            self._proved_at = now
        if lacking := [right for right in needed if right not in self._rights]:
            raise AuthExpired(
                f"{self._account.settings.get('user')} lacks the right to {lacking[0].replace('_', ' ')}.",
                mend="In the site's administration, give this user the role Author.",
            )

    def _me(self) -> dict[str, Any]:
        fields = "id,name,slug,roles,capabilities"
        return self._http.read(self._at("/users/me"), params={"context": "edit", "_fields": fields}).fields()

    def _uploaded(self, draft: Draft, media: Media) -> dict[str, Any]:
        """One file in the site's library. One that is there already by its name is not uploaded again."""
        part = file_part(self._root_folder, media)
        slug = file_slug(draft, media, part.filename)
        known = self._http.read(self._at("/media"), params={"slug": slug, "_fields": "id,source_url"})
        for one in _entries(known):
            return _placed(one, known)
        alt = "" if media.decorative else media.alt
        said = [("slug", slug), ("title", alt or slug), ("alt_text", alt), ("caption", media.credit)]
        told = [(name, value) for name, value in said if value]
        reply = self._http.prepare("POST", self._at("/media"), parts=(told, [part]), timeout_seconds=UPLOAD_TIMEOUT)
        return _placed(reply.fields(), reply)

    def _terms(self, kind: str) -> list[int]:
        """The site's numbers for the categories or tags that the account names by their slugs."""
        wanted = [word.strip() for word in self._account.settings.get(kind, "").split(",") if word.strip()]
        if not wanted:
            return []
        asked = {"slug": ",".join(wanted), "per_page": 100, "_fields": "id,slug"}
        terms = _entries(self._http.read(self._at(f"/{kind}"), params=asked))
        found = {str(one.get("slug")): int(one["id"]) for one in terms if _number(one)}
        for word in wanted:
            if word not in found:  # the site would leave it out without a word
                mend = f"Make it there, or mend `{kind}` in drumbeat.yaml; named is the slug."
                raise AuthExpired(f"The site has no {word!r} among its {kind}.", mend=mend)
        return [found[word] for word in wanted]

    # -- the post ----------------------------------------------------------------------

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Makes the article by one request. A 2xx without a number, a 5xx and whatever is not WordPress is unknown."""
        api = str(prepared.values.get("api", ""))
        files = prepared.values.get("files")
        if not api or not isinstance(files, list) or len(files) != len(draft.content.media):
            raise Transient("It was not prepared yet.")
        placed = [Placed(one["id"], one["url"], media) for one, media in zip(files, draft.content.media, strict=True)]
        body = self._article(draft, placed) | dict(prepared.values.get("terms", {}))
        reply = self._http.create("POST", f"{api}/wp/v2/posts", json=body)
        made = reply.fields()
        if not _number(made):
            raise reply.garbled("it names no post")
        return _receipt(made, [one.id for one in placed])

    def _article(self, draft: Draft, placed: list[Placed]) -> dict[str, Any]:
        title, text = divided(draft.content)
        first = placed[0] if placed and self._featured and not placed[0].media.is_video else None
        below = placed[1:] if first else placed
        return {
            "status": _SHOWN,  # and no date: with one that lies ahead the site would wait for its own clock
            "slug": slug_of(draft),
            "title": title_html(title),
            "content": blocks(text, draft.content, below),
            **({"featured_media": first.id} if first else {}),
        }

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002  # by name alone
        """Looks the article up by its name, in the trash as well. Two of them are a person's to sort out.

        Raises what looking raises; without the right to see drafts nothing is taken for absent.
        """
        api = str(prepared.values.get("api") or self._api())
        slug = slug_of(draft)
        names = (slug, f"{slug}-2", f"{slug}{_TRASHED}", f"{slug}-2{_TRASHED}")
        asked = {"slug": ",".join(names), "status": "any,trash", "context": "edit", "_fields": _FIELDS}
        found = _entries(self._http.read(f"{api}/wp/v2/posts", params=asked))
        there = [one for one in found if one.get("status") != "trash" and _number(one)]
        if len(there) > 1:
            where = " and ".join(str(one.get("link", "")) for one in there)
            return Unknown(f"The site has it twice, {where}: delete one of them.")
        if there:
            files = prepared.values.get("files") or ()
            return Found(_receipt(there[0], [one["id"] for one in files]))
        return Unknown("It lies in the site's trash: somebody took it down.") if found else Absent()

    # -- afterwards --------------------------------------------------------------------

    def delete(self, receipt: Receipt) -> None:
        """Deletes the article for good, past the trash, from where it could come back; then its own files."""
        number = self._numbered(receipt)
        for path in (f"/posts/{number}", *(f"/media/{one}" for one in receipt.extra.get("files", ()))):
            self._http.prepare("DELETE", self._at(path), params={"force": "true"}, accept={404, 410})

    def metrics(self, receipt: Receipt) -> Metrics:
        """Comments that are shown; WordPress itself counts nothing else."""
        asked = {"post": self._numbered(receipt), "per_page": 1, "_fields": "id"}
        total = self._http.read(self._at("/comments"), params=asked).headers.get("X-WP-Total", "")
        return Metrics({"comments": int(total)} if total.isdecimal() else {})

    def inspect(self) -> AccountReport:
        """Whose password it is, and what it may do on the site. Posts nothing."""
        try:
            self._api()
            me = self._me()
        except AuthExpired as caught:
            return AccountReport(works=False, software="WordPress", notes=(caught.message,))
        rights, roles = _rights(me), tuple(str(role) for role in me.get("roles") or ())
        lacks = [
            f"It lacks the right to {right.replace('_', ' ')}: give it the role Author."
            for right in ("publish_posts", "upload_files")
            if right not in rights
        ]
        if "manage_options" in rights:
            lacks.append("The password may do everything on the site: better make a user with the role Author for it.")
        works = "publish_posts" in rights
        return AccountReport(
            works=works, handle=str(me.get("slug", "")), scopes=roles, software="WordPress", notes=tuple(lacks)
        )

    def _at(self, path: str) -> str:
        return f"{self._api()}/wp/v2{path}"

    def _numbered(self, receipt: Receipt) -> int:
        """The article's number; a person may have given its address instead. Raises `Rejected` where it has none."""
        if receipt.remote_id.isdecimal():
            return int(receipt.remote_id)
        parts = urlsplit(receipt.remote_id)
        if (asked := parse_qs(parts.query).get("p", [""])[-1]).isdecimal():
            return int(asked)
        slug = parts.path.strip("/").rpartition("/")[2]
        found = self._http.read(self._at("/posts"), params={"slug": slug, "status": "any", "_fields": "id"})
        for one in _entries(found) if slug else ():
            if _number(one):
                return int(one["id"])
        raise Rejected("The site knows no article at that address.", mend="Look there, and delete it by hand.")


def _entries(reply: Reply) -> list[dict[str, Any]]:
    """The answer to a look: a list. Raises `Transient` where it is none, as from a cache or a captcha."""
    found = reply.json()
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise reply.garbled("its answer is no list")
    return found


def _number(said: Mapping[str, Any]) -> bool:
    found = said.get("id")
    return isinstance(found, int) and not isinstance(found, bool)


def _placed(said: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    if not _number(said) or not isinstance(said.get("source_url"), str):
        raise reply.garbled("it names no file")
    return {"id": said["id"], "url": said["source_url"]}


def _receipt(said: Mapping[str, Any], files: list[int]) -> Receipt:
    """Proven where the article is shown; one that waits for an editor was only accepted."""
    status = str(said.get("status", ""))
    strength = Strength.PROVEN if status == _SHOWN else Strength.ACCEPTED
    extra = {"files": files, **({} if status == _SHOWN else {"status": status})}
    return Receipt(str(said["id"]), str(said.get("link", "")), strength, extra=extra)


def _rights(me: Mapping[str, Any]) -> frozenset[str]:
    told = me.get("capabilities")
    return frozenset(right for right, has in told.items() if has) if isinstance(told, dict) else frozenset()
