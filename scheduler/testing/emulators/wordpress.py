"""A WordPress site on loopback: one user with an application password, posts, a library, a trash.

As on the real one a second post of one slug is made and called `-2`, a post in the trash loses
its slug, a bad password is like none, unknown terms are left out in silence, and what
stands before the site (a host, a firewall) answers in HTML. Answers as seen from WordPress 6.1
on 2026-11-24, else by `class-wp-rest-posts-controller.php` (trunk, 2026).
"""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from scheduler.publishers.markup import text_of
from scheduler.testing.emulators.loopback import Answer, Emulator, Part, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

USER, PASSWORD = "writer", "abcdEFGHijklMNOPqrstUVWX"
AUTHOR = frozenset({"edit_posts", "publish_posts", "upload_files", "delete_posts", "delete_published_posts"})
TERMS: Mapping[str, Mapping[str, int]] = {"categories": {"news": 3}, "tags": {"say-no": 7}}

_HTML = {"Content-Type": "text/html; charset=UTF-8"}
_NO_ROUTE = "No route was found matching the URL and request method."


def refused(status: int, code: str, message: str, **more: Any) -> Answer:  # noqa: ANN401  # as WordPress nests it
    """An error as WordPress writes it."""
    return Answer(status, {"code": code, "message": message, "data": {"status": status, **more}})


def page(status: int, words: str, **headers: str) -> Answer:
    """What somebody else in front of the site says."""
    return Answer(status, f"<html><body><h1>{words}</h1></body></html>".encode(), {**_HTML, **headers})


_NOT_ALLOWED = refused(401, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.")
_BEFORE: Mapping[Fate, Answer] = {
    Fate.LIMITS: page(429, "Too Many Requests", **{"Retry-After": "35"}),
    Fate.EXPIRES: _NOT_ALLOWED,
    Fate.REJECTS: refused(400, "rest_invalid_param", "Invalid parameter(s): content"),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: page(200, "Checking your browser"),
    Fate.FAILS_AFTER_POSTING: refused(
        500, "internal_server_error", "<p>There has been a critical error on this website.</p>"
    ),
    Fate.REFUSES_AFTER_POSTING: page(403, "Forbidden"),
    Fate.NO_ID: Answer(201, {}),
}


@dataclass(slots=True)
class Site(Emulator):
    """What the site holds. `pretty`: it rewrites addresses; `rights` are the user's; `moved_to`: it redirects.

    `holds_back`: a plugin lets an editor see every post before visitors do.
    """

    never = frozenset({Fate.NOT_READY})
    pretty: bool = True
    rights: frozenset[str] = AUTHOR
    moved_to: str = ""
    holds_back: bool = False
    posts: list[dict[str, Any]] = field(default_factory=list)
    media: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: int = 0
    _last: int = 40

    @property
    def texts(self) -> list[str]:
        """What visitors read, title first, of every article that they see, in order."""
        shown = [one for one in self.posts if one["status"] == "publish"]
        return ["\n\n".join(filter(None, (unescape(one["title"]), text_of(one["content"]).strip()))) for one in shown]

    # -- the API -----------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        if self.moved_to:
            return page(301, "Moved Permanently", Location=f"{self.moved_to}{request.path}")
        plain = request.query.get("rest_route")
        if plain is None and not (self.pretty and request.segments[:1] == ("wp-json",)):
            return page(404, "Nothing here")
        asked = tuple(part for part in plain.split("/") if part) if plain is not None else request.segments[1:]
        with self._lock:
            return self._routed(request, asked)

    def _routed(self, request: Request, asked: tuple[str, ...]) -> Answer:
        if not _knows(request) and (refusal := _stranger(request, asked[2:])):
            return refusal
        match asked[2:]:
            case ("media", *rest):
                return self._library(request, rest)
            case ("posts", *rest):
                return self._articles(request, rest)
        return self._looked_up(request, asked[2:]) or refused(404, "rest_no_route", _NO_ROUTE)

    def _looked_up(self, request: Request, asked: tuple[str, ...]) -> Answer | None:
        wanted = request.query.get("slug", "").split(",")
        match asked:
            case ():
                return Answer(200, {"namespaces": ["oembed/1.0", "wp/v2"]})
            case ("users", "me"):
                return self._me()
            case (("categories" | "tags") as kind,):
                return Answer(200, [{"id": id_, "slug": slug} for slug, id_ in TERMS[kind].items() if slug in wanted])
            case ("comments",):
                return Answer(200, [], {"X-WP-Total": str(self.comments)})
        return None

    def _me(self) -> Answer:
        rights = dict.fromkeys(sorted(self.rights), True)
        roles = ["author"] if "publish_posts" in self.rights else ["contributor"]
        return Answer(200, {"id": 2, "name": "Writer", "slug": USER, "roles": roles, "capabilities": rights})

    def _articles(self, request: Request, rest: list[str]) -> Answer:
        if request.method == "POST" and not rest:
            return self._create(request)
        if request.method == "GET" and not rest:
            return self._found(request)
        article = next((one for one in self.posts if str(one["id"]) == rest[0]), None)
        if article is None:
            return refused(404, "rest_post_invalid_id", "Invalid post ID.")
        if request.query.get("force") == "true":
            self.posts.remove(article)
            return Answer(200, {"deleted": True, "previous": _told(article)})
        if article["status"] == "trash":
            return refused(410, "rest_already_trashed", "The post has already been deleted.")
        self.trash(article)
        return Answer(200, _told(article))

    def trash(self, article: dict[str, Any]) -> None:
        """Somebody takes an article down: it keeps its number and loses its name."""
        article.update(status="trash", slug=f"{article['slug']}__trashed")

    def _create(self, request: Request) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        said = request.json()
        if not said.get("title") and not said.get("content"):
            return refused(400, "empty_content", "Content, title, and excerpt are empty.")
        if said.get("status") == "publish" and "publish_posts" not in self.rights:
            return refused(403, "rest_cannot_publish", "Sorry, you are not allowed to publish posts in this post type.")
        article = self._made(said)
        slow = SLOW_SECONDS if fate is Fate.ANSWERS_SLOWLY else 0.0
        return _AFTER.get(fate, Answer(201, _told(article), after=slow))

    def _made(self, said: Mapping[str, Any]) -> dict[str, Any]:
        slug = self.free_slug(str(said.get("slug", "")))
        article = {
            "id": self._next(),
            "slug": slug,
            "status": "pending" if self.holds_back else str(said.get("status", "draft")),
            "link": f"{self.url}/{slug}/",
            "title": said.get("title", ""),
            "content": said.get("content", ""),
            "featured_media": said.get("featured_media", 0) if said.get("featured_media") in self.media else 0,
            **{kind: [id_ for id_ in said.get(kind, ()) if id_ in TERMS[kind].values()] for kind in TERMS},
        }
        self.posts.append(article)
        return article

    def free_slug(self, wanted: str) -> str:
        """The name as asked, or with the first number behind it that is free (`wp_unique_post_slug`)."""
        taken, name, number = {one["slug"] for one in self.posts}, wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        return name

    def _found(self, request: Request) -> Answer:
        if request.query.get("status") and "edit_posts" not in self.rights:
            return refused(400, "rest_invalid_param", "Invalid parameter(s): status")
        statuses = request.query.get("status", "publish").split(",")
        slugs = request.query.get("slug", "").split(",")
        found = [one for one in self.posts if one["slug"] in slugs and _has_status(one, statuses)]
        return Answer(200, [_told(one) for one in reversed(found)])

    def _library(self, request: Request, rest: list[str]) -> Answer:
        if request.method == "DELETE":
            if self.media.pop(int(rest[0]), None) is None:
                return refused(404, "rest_post_invalid_id", "Invalid post ID.")
            return Answer(200, {"deleted": True})
        if request.method == "GET":
            return Answer(200, [one for one in self.media.values() if one["slug"] == request.query.get("slug")])
        if "upload_files" not in self.rights:
            return refused(403, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.")
        return self._stored(request.form())

    def _stored(self, form: dict[str, Part]) -> Answer:
        file = form["file"]
        if not file.type.startswith(("image/", "video/")) or file.type == "image/svg+xml":
            return refused(500, "rest_upload_unknown_error", "Sorry, you are not allowed to upload this file type.")
        said = {name: part.body.decode() for name, part in form.items() if name != "file"}
        number = self._next()
        where = f"{self.url}/wp-content/uploads/{file.filename}"
        self.media[number] = {"id": number, "source_url": where, "bytes": len(file.body), **said}
        return Answer(201, self.media[number])

    def _next(self) -> int:
        self._last += 1
        return self._last


def _knows(request: Request) -> bool:
    pair = b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
    return pair == f"{USER}:{PASSWORD}"


def _stranger(request: Request, asked: tuple[str, ...]) -> Answer | None:
    """Who has a wrong password, or none, is answered like any visitor; None where visitors may look."""
    if request.method != "GET":
        return _NOT_ALLOWED
    if asked[:1] == ("users",):
        return refused(401, "rest_not_logged_in", "You are not currently logged in.")
    if request.query.get("status") or request.query.get("context") == "edit":
        return refused(400, "rest_invalid_param", "Invalid parameter(s): status")
    return None


def _told(article: Mapping[str, Any]) -> dict[str, Any]:
    title, content = {"rendered": article["title"]}, {"rendered": article["content"]}
    return {**article, "title": title, "content": content}


def _has_status(article: Mapping[str, Any], statuses: list[str]) -> bool:
    status = article["status"]
    return status in statuses or ("any" in statuses and status != "trash")
