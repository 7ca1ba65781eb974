"""A Mastodon server on loopback: its client API as documented, its quotas, its keys, its traps.

It keeps an idempotency key for an hour, shares one window for a bucket among all requests,
works on videos for a while, sweeps unused uploads away after a day, and can drop a post in
silence or answer a repeat with 500 as 4.6 did. `software` makes it answer as its kin do where
that touches us. A fate of `scheduler.testing.platform` scripts the next creating request.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.clock import Clock
from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.emulators.mastodon_rules import (
    NO_PARENT,
    NOT_READY,
    Quotas,
    Refusal,
    Upload,
    as_html,
    moment,
    poll_shown,
    unprocessable,
)
from scheduler.testing.platform import SLOW_SECONDS, Fate

KEY_LIVES = timedelta(hours=1)
TOKEN = "emulated-token-7Qz"  # noqa: S105  # opens nothing but this
SCOPES = ("read", "write:statuses", "write:media")
HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = {"mastodon": 500}
FORGETFUL = {"gotosocial", "snac"}
"""They know no idempotency key."""

Route = tuple[str, tuple[str, ...], str, Callable[[Any, Request], Answer]]


@dataclass(slots=True)
class Post:
    """One status: as the API shows it, and the text as it was sent."""

    shown: dict[str, Any]
    text: str

    @property
    def id(self) -> str:
        """The status's id."""
        return str(self.shown["id"])


class MastodonServer(Emulator):
    """Use it as a context. `posts` are what people see, oldest first; `creates` counts creating requests."""

    never = frozenset({Fate.REFUSES_AFTER_POSTING})

    def __init__(
        self, clock: Clock, *, software: str = "mastodon", version: str = "4.5.2", token: str = TOKEN, port: int = 0
    ) -> None:
        super().__init__(clock, port=port)
        self.software, self.version, self.token = software, version, token
        self.scopes: tuple[str, ...] = SCOPES
        self.posts: list[Post] = []
        self.uploads: dict[str, Upload] = {}
        self.quotas = Quotas()
        self.looks_until_ready = 0
        self.drops_silently = False
        self.repeat_fails = False
        self.answers: deque[Answer] = deque()
        self._keys: dict[str, tuple[str, datetime]] = {}
        self._stored: dict[str, Answer] = {}
        self._number = 0
        self.door.tells_time, self.door.hangs_up = software != "snac", software == "snac"

    @property
    def texts(self) -> list[str]:
        """What people see, oldest first."""
        return [post.text for post in self.posts]

    def post(self, text: str, **shown: Any) -> Post:  # noqa: ANN401  # fields of a status
        """Somebody posts by hand, on the same account."""
        return self._made({"status": text, "visibility": "public"}, shown)

    # -- the server --------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            found = self._route(request)
            if found is None:
                return _error(404, "Not Found")
            scope, act = found
            if scope is None:
                return act(self, request)
            return self._guarded(request, scope, act)

    def _route(self, request: Request) -> tuple[str | None, Callable[[Any, Request], Answer]] | None:
        segments = request.segments
        for method, shape, scope, act in ROUTES:
            fits = len(shape) == len(segments) and all(a in {"*", b} for a, b in zip(shape, segments, strict=False))
            if fits and method == request.method:
                return scope or None, act
        return None

    def _guarded(self, request: Request, scope: str, act: Callable[[Any, Request], Answer]) -> Answer:
        now = self.clock.now()
        buckets = ["api", "token", *_bucket(request)]
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _error(401, "The access token is invalid")
        if not {scope, scope.partition(":")[0]} & set(self.scopes):
            return _error(403, "This action is outside the authorized scopes")
        if not self.quotas.take(buckets, now):
            headers = self.quotas.headers(buckets, now)
            return Answer(429, {"error": "Too many requests"}, headers)
        answer = act(self, request)
        return Answer(answer.status, answer.said, {**self.quotas.headers(buckets, now), **answer.headers}, answer.cut)

    # -- statuses ----------------------------------------------------------------------

    def create(self, request: Request) -> Answer:
        """POST /api/v1/statuses, with whatever fate the script has for it."""
        self.creates += 1
        if self.answers:
            return self.answers.popleft()
        fate = self.fate()
        if fate in BEFORE:
            return BEFORE[fate](self)
        answer = self._take(request)
        if fate is Fate.ANSWERS_SLOWLY:
            return replace(answer, after=SLOW_SECONDS)
        return AFTER[fate] if fate in AFTER and answer.status == 200 else answer

    def _take(self, request: Request) -> Answer:
        key = request.headers.get("idempotency-key", "")
        repeated = self._repeat(key) if key else None
        if repeated is not None:
            return repeated
        said = request.json()
        refusal = self._refusal(said)
        if refusal is not None:
            return _error(400 if self.software == "gotosocial" else refusal.status, refusal.error)
        if self.drops_silently:
            return Answer(200, self._status(said, {}))
        post = self._made(said, {})
        self._keys[key] = (post.id, self.clock.now())
        return Answer(200, post.shown)

    def _repeat(self, key: str) -> Answer | None:
        known = self._keys.get(key)
        if self.software in FORGETFUL or known is None or self.clock.now() >= known[1] + KEY_LIVES:
            return None
        if self.software == "pixelfed":
            return _error(400, "Duplicate idempotency key.")
        if self.repeat_fails:
            return _html(500, "We're sorry, but something went wrong")
        found = self._found(known[0])
        return Answer(200, found.shown) if found else _error(404, "Record not found")

    def _refusal(self, said: dict[str, Any]) -> Refusal | None:
        parent = said.get("in_reply_to_id")
        if parent and self._found(str(parent)) is None:
            return Refusal(404, NO_PARENT)
        if self.software == "pixelfed" and not said.get("media_ids") and not parent:
            return Refusal(403, "Empty statuses are not allowed")
        return unprocessable(said, self.uploads, TEXT.get(self.software, 5000))

    def _made(self, said: dict[str, Any], shown: dict[str, Any]) -> Post:
        post = Post(self._status(said, shown), str(said.get("status") or ""))
        for one in said.get("media_ids") or ():
            self.uploads[str(one)].status = post.id
        self.posts.append(post)
        return post

    def _status(self, said: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
        now = self.clock.now()
        self._number += 1
        # Snowflake: the moment in milliseconds, sixteen bits to the left
        number = str((int(now.timestamp() * 1000) << 16) + self._number)
        media = [self.uploads[str(one)].shown() for one in said.get("media_ids") or ()]
        return {
            "id": number,
            "created_at": moment(now),
            "edited_at": None,
            "in_reply_to_id": said.get("in_reply_to_id"),
            "sensitive": bool(said.get("sensitive") or said.get("spoiler_text")),
            "spoiler_text": said.get("spoiler_text") or "",
            "visibility": said["visibility"],
            "language": said.get("language"),
            "uri": f"{self.url}/users/rights/statuses/{number}",
            "url": f"{self.url}/@rights/{number}",
            "content": as_html(str(said.get("status") or "")),
            "media_attachments": media,
            "poll": poll_shown(said.get("poll"), now),
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "quotes_count": 0,
            "card": None,
            **shown,
        }

    def _found(self, status: str) -> Post | None:
        return next((post for post in self.posts if post.id == status), None)

    def show(self, request: Request) -> Answer:
        """GET /api/v1/statuses/:id."""
        post = self._found(request.segments[3])
        return Answer(200, post.shown) if post else _error(404, "Record not found")

    def source(self, request: Request) -> Answer:
        """GET /api/v1/statuses/:id/source."""
        post = self._found(request.segments[3])
        if post is None or self.software == "pixelfed":
            return _error(404, "Record not found")
        return Answer(200, {"id": post.id, "text": post.text, "spoiler_text": post.shown["spoiler_text"]})

    def delete(self, request: Request) -> Answer:
        """DELETE /api/v1/statuses/:id."""
        post = self._found(request.segments[3])
        if post is None:
            return _error(404, "Record not found")
        self.posts.remove(post)
        return Answer(200, {**post.shown, "text": post.text})

    def timeline(self, request: Request) -> Answer:
        """GET /api/v1/accounts/:id/statuses: newest first."""
        most = min(int(request.query.get("limit", "20")), 40)
        before = int(request.query.get("max_id", str(1 << 80)))
        return Answer(200, [post.shown for post in reversed(self.posts) if int(post.id) < before][:most])

    # -- media -------------------------------------------------------------------------

    def upload(self, request: Request) -> Answer:
        """POST /api/v2/media: 200 where it is ready, 202 where the server goes on working."""
        form = request.form()
        if "file" not in form:
            return _error(422, "Validation failed: File can't be blank")
        file = form["file"]
        description = form["description"].body.decode() if "description" in form else ""
        if len(description) > 1500:
            return _error(422, "Validation failed: Description is too long (maximum is 1500 characters)")
        picture = file.type.startswith("image/") and file.type != "image/gif"
        looks = 0 if picture or self.software == "gotosocial" else self.looks_until_ready
        self._number += 1
        made = Upload(str(1000 + self._number), file.filename, file.type, description, file.body, looks)
        self.uploads[made.id] = made
        return Answer(202 if looks else 200, made.shown())

    def media(self, request: Request) -> Answer:
        """GET /api/v1/media/:id: 206 while the server works, 422 where it failed."""
        upload = self.uploads.get(request.segments[3])
        if upload is None or upload.status:
            return _error(404, "Record not found")
        if upload.broken:
            return _error(422, "Error processing thumbnail for uploaded media")
        upload.looks = max(0, upload.looks - 1)
        return Answer(206 if upload.looks else 200, upload.shown())

    def sweep(self) -> None:
        """A day passes: uploads that no post uses are gone."""
        self.uploads = {name: upload for name, upload in self.uploads.items() if upload.status}

    # -- who and what ------------------------------------------------------------------

    def who(self, _: Request) -> Answer:
        """GET /api/v1/accounts/verify_credentials."""
        return Answer(200, {"id": "7", "acct": "rights", "username": "rights", "source": {"privacy": "public"}})

    def application(self, _: Request) -> Answer:
        """GET /api/v1/apps/verify_credentials; scopes since 4.3."""
        return Answer(200, {"id": "1", "name": "Drumbeat", "scopes": list(self.scopes)})

    def instance(self, _: Request) -> Answer:
        """GET /api/v2/instance."""
        statuses = {"max_characters": TEXT.get(self.software, 5000), "max_media_attachments": 4}
        statuses["characters_reserved_per_url"] = 25 if self.software == "gotosocial" else 23
        media = {"description_limit": 1500, "image_size_limit": 16_777_216, "image_matrix_limit": 33_177_600}
        polls = {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746}
        return Answer(
            200,
            {
                "domain": "127.0.0.1",
                "version": self.version,
                "configuration": {"statuses": statuses, "media_attachments": media, "polls": polls},
            },
        )

    def nodeinfo_links(self, _: Request) -> Answer:
        """GET /.well-known/nodeinfo."""
        rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
        return Answer(200, {"links": [{"rel": rel, "href": f"{self.url}/nodeinfo/2.0"}]})

    def nodeinfo(self, _: Request) -> Answer:
        """GET /nodeinfo/2.0."""
        return Answer(200, {"version": "2.0", "software": {"name": self.software, "version": self.version}})


ROUTES: tuple[Route, ...] = (
    ("POST", ("api", "v1", "statuses"), "write:statuses", MastodonServer.create),
    ("GET", ("api", "v1", "statuses", "*"), "read:statuses", MastodonServer.show),
    ("GET", ("api", "v1", "statuses", "*", "source"), "read:statuses", MastodonServer.source),
    ("DELETE", ("api", "v1", "statuses", "*"), "write:statuses", MastodonServer.delete),
    ("GET", ("api", "v1", "accounts", "verify_credentials"), "read:accounts", MastodonServer.who),
    ("GET", ("api", "v1", "accounts", "*", "statuses"), "read:statuses", MastodonServer.timeline),
    ("GET", ("api", "v1", "apps", "verify_credentials"), "read", MastodonServer.application),
    ("POST", ("api", "v2", "media"), "write:media", MastodonServer.upload),
    ("GET", ("api", "v1", "media", "*"), "write:media", MastodonServer.media),
    ("GET", ("api", "v2", "instance"), "", MastodonServer.instance),
    ("GET", (".well-known", "nodeinfo"), "", MastodonServer.nodeinfo_links),
    ("GET", ("nodeinfo", "2.0"), "", MastodonServer.nodeinfo),
)


def _bucket(request: Request) -> tuple[str, ...]:
    if request.method == "DELETE":
        return ("deletes",)
    if request.method == "POST":
        return ("media",) if request.segments[-1] == "media" else ("statuses",)
    return ()


def _error(status: int, said: str) -> Answer:
    return Answer(status, {"error": said})


def _html(status: int, said: str) -> Answer:
    return Answer(status, f"<!DOCTYPE html><html><body><h1>{said}</h1></body></html>".encode(), HTML)


def _limited(server: MastodonServer) -> Answer:
    headers = server.quotas.headers(["statuses"], server.clock.now())
    return Answer(429, {"error": "Too many requests"}, {**headers, "X-RateLimit-Remaining": "0"})


BEFORE: dict[Fate, Callable[[MastodonServer], Answer]] = {
    Fate.NOT_READY: lambda _: _error(422, NOT_READY),
    Fate.LIMITS: _limited,
    Fate.EXPIRES: lambda _: _error(401, "The access token was revoked"),
    Fate.REJECTS: lambda _: _error(422, "Validation failed: Text character limit of 500 exceeded"),
    Fate.NEVER_ARRIVES: lambda _: Answer(cut=True),
    Fate.NO_ID: lambda _: Answer(200, {}),
}
AFTER = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: _html(200, "Welcome"),
    Fate.FAILS_AFTER_POSTING: _html(500, "We're sorry, but something went wrong"),
}
