"""A Ghost site on loopback: one integration with its key, drafts and articles, uploads.

As on the real one a name that is taken gets `-2`, an unchanged PUT is no change whatever its
`updated_at`, a change with another `updated_at` is 409, a token is checked to its last claim,
and no token at all is a 403. Its changes have milliseconds; the real one's have seconds, so that
two within one are the same to it. Answers as seen from Ghost 5.130 on 2026-11-25, else by
`bookshelf-collision.js` and `api-key/admin.js` (TryGhost, 2026).
"""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any

from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

NAME, SECRET = "5f0a" * 6, "0a1b2c3d" * 8
KEY = f"{NAME}:{SECRET}"
MOST_ALT = 191
IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml"})


def refused(status: int, kind: str, message: str, code: str = "", context: str = "") -> Answer:
    """An error as Ghost lists it."""
    told = {"message": message, "context": context or None, "type": kind, "code": code or None, "id": "b7d1"}
    return Answer(status, {"errors": [told]})


def page(status: int, words: str) -> Answer:
    """What somebody else in front of the site says."""
    return Answer(status, f"<html><h1>{words}</h1></html>".encode(), {"Content-Type": "text/html"})


_NOT_FOUND = refused(404, "NotFoundError", "Resource not found error, cannot read post.", "", "Post not found.")
_COLLISION = refused(
    409,
    "UpdateCollisionError",
    "Saving failed! Someone else is editing this post.",
    "UPDATE_COLLISION",
)
_BEFORE: Mapping[Fate, Answer] = {
    Fate.LIMITS: refused(429, "TooManyRequestsError", "Too many requests."),
    Fate.EXPIRES: refused(401, "UnauthorizedError", "Unknown Admin API Key", "UNKNOWN_ADMIN_API_KEY"),
    Fate.REJECTS: refused(422, "ValidationError", "Validation error, cannot edit post."),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: page(200, "One moment"),
    Fate.FAILS_AFTER_POSTING: refused(500, "InternalServerError", "The server has encountered an error."),
    Fate.REFUSES_AFTER_POSTING: page(403, "Forbidden"),
    Fate.NO_ID: Answer(200, {"posts": [{}]}),
}


@dataclass(slots=True)
class GhostSite(Emulator):
    """What the site holds. A creating request is one that would make a draft visible."""

    never = frozenset({Fate.NOT_READY})
    posts: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    _changes: int = 0

    @property
    def texts(self) -> list[str]:
        """What visitors read, title first, of every article that they see, in order of their making."""
        shown = [one for one in self.posts if one["status"] == "published"]
        return ["\n\n".join(filter(None, (one["title"], text_of(one["lexical"])))) for one in shown]

    def touch(self, post: dict[str, Any], **said: Any) -> None:  # noqa: ANN401  # any field of a post
        """Somebody changes a post in the editor."""
        self._changes += 1
        moment = self.clock.now().astimezone(UTC) + timedelta(milliseconds=self._changes)
        post.update(said, updated_at=moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))

    # -- the API -----------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        asked = request.segments
        if asked[:3] != ("ghost", "api", "admin") or not request.path.endswith("/"):
            return page(404, "Nothing here")
        if asked[3:] == ("site",):
            return Answer(200, {"site": {"title": "Say no", "version": "5.130", "url": self.url}})
        if (refusal := self._let_in(request)) is not None:
            return refusal
        with self._lock:
            return self._routed(request, asked[3:])

    def _let_in(self, request: Request) -> Answer | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Ghost" or token.count(".") != 2:
            return refused(403, "NoPermissionError", "Authorization failed")
        head, body, signature = token.split(".")
        named, claims = _json(head), _json(body)
        if named.get("kid") != NAME:
            return _BEFORE[Fate.EXPIRES]
        right = hmac.digest(bytes.fromhex(SECRET), f"{head}.{body}".encode(), "sha256")
        now = self.clock.now().timestamp()
        young = claims["iat"] + 300 >= now and claims["exp"] > now
        if _raw(signature) != right or claims.get("aud") != "/admin/" or not young:
            return refused(401, "UnauthorizedError", "Invalid token", "INVALID_JWT")
        return None

    def _routed(self, request: Request, asked: tuple[str, ...]) -> Answer:
        match (request.method, *asked):
            case ("POST", "images" | "media" as kind, "upload"):
                return self._upload(request, kind)
            case ("GET", "posts", "slug", slug):
                found = next((one for one in self.posts if one["slug"] == slug), None)
                return Answer(200, {"posts": [found]}) if found else _NOT_FOUND
            case ("GET", "posts"):
                return Answer(200, {"posts": self.posts[-1:]})
            case ("POST", "posts"):
                return self._added(request.json()["posts"][0])
            case (_, "posts", post_id):
                return self._one(request, post_id)
        return _NOT_FOUND

    def _one(self, request: Request, post_id: str) -> Answer:
        post = next((one for one in self.posts if one["id"] == post_id), None)
        said = request.json()["posts"][0] if request.method == "PUT" else {}
        if said.get("status") == "published":
            return self._published(post, said)
        if post is None:
            return _NOT_FOUND
        if request.method == "DELETE":
            self.posts.remove(post)
            return Answer(204, b"")
        return self._edited(post, said)

    def _published(self, post: dict[str, Any] | None, said: dict[str, Any]) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        answer = self._edited(post, said) if post else _NOT_FOUND
        if answer.status != 200:
            return answer
        slow = SLOW_SECONDS if fate is Fate.ANSWERS_SLOWLY else 0.0
        return _AFTER.get(fate, Answer(200, answer.said, after=slow))

    def _edited(self, post: dict[str, Any], said: dict[str, Any]) -> Answer:
        changed = {name: value for name, value in said.items() if name != "updated_at" and post.get(name) != value}
        if "updated_at" not in said:
            return refused(422, "ValidationError", "Validation error, cannot edit post.", "", "updated_at is required.")
        if (refusal := _unfit({**post, **said})) is not None:
            return refusal
        if changed and said["updated_at"] != post["updated_at"]:
            return _COLLISION
        if changed:
            self.touch(post, **changed)
        return Answer(200, {"posts": [post]})

    def _added(self, said: dict[str, Any]) -> Answer:
        if (refusal := _unfit(said)) is not None:
            return refusal
        taken, slug, number = {one["slug"] for one in self.posts}, said["slug"], 1
        while slug in taken:
            number += 1
            slug = f"{said['slug']}-{number}"
        post = {"feature_image": None, **said, "id": f"{len(self.posts) + self._changes:024x}", "slug": slug}
        post["url"] = f"{self.url}/{slug}/"
        self.touch(post)
        self.posts.append(post)
        return Answer(201, {"posts": [post]})

    def _upload(self, request: Request, kind: str) -> Answer:
        file = request.form()["file"]
        if kind == "images" and file.type not in IMAGES:
            return refused(415, "UnsupportedMediaTypeError", "Please select a valid image.")
        url = f"{self.url}/content/{kind}/2027/06/{len(self.uploads)}-{file.filename}"
        self.uploads[url] = file.body
        return Answer(201, {kind: [{"url": url, "ref": None}]})


def _unfit(said: Mapping[str, Any]) -> Answer | None:
    """The refusal of a post that Ghost cannot keep: an empty document, words for a picture that are too long."""
    trouble = "" if json.loads(said["lexical"])["root"]["children"] else "Invalid lexical structure."
    if len(said.get("feature_image_alt") or "") > MOST_ALT:
        trouble = f"Value in [posts_meta.feature_image_alt] exceeds maximum length of {MOST_ALT} characters."
    return refused(422, "ValidationError", "Validation error, cannot save post.", "", trouble) if trouble else None


def text_of(lexical: str) -> str:
    """The words of a document, a paragraph to a block."""
    blocks = json.loads(lexical)["root"]["children"]
    return "\n\n".join(_words(block) for block in blocks if block["type"] == "paragraph")


def _words(node: Mapping[str, Any]) -> str:
    if node["type"] == "linebreak":
        return "\n"
    return str(node["text"]) if "text" in node else "".join(_words(child) for child in node.get("children", ()))


def _raw(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _json(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_raw(part))
    return found
