"""LinkedIn on loopback: one person, one organization, their posts, and what the documentation says is answered.

The traps are here as well: the id stands in a header and the body is empty; a text ends at its first bare sign
and the answer is 201; equal words are refused for ten minutes with the urn that LinkedIn has, even where that was
deleted; a person reads nothing; quotas end at midnight UTC and no header says so; a version ends after a year,
for everything at once. The sources are those of `linkedin_rules`.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scheduler.testing.emulators.linkedin_rules import (
    Refusal,
    check_content,
    check_fields,
    check_text,
    files,
    inputs,
    read,
    refused,
)
from scheduler.testing.emulators.linkedin_tokens import Grants
from scheduler.testing.emulators.linkedin_uploads import Files
from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

MEMBER, NAME, ORGANIZATION = "AbC12dEf", "Our Name", "2414183"
AUTHOR, PAGE = f"urn:li:person:{MEMBER}", f"urn:li:organization:{ORGANIZATION}"
VERSIONS_LAST = 12
_KINDS = {"images": "image", "videos": "video"}

_BEFORE: Mapping[Fate, Answer] = {
    Fate.EXPIRES: refused(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired"),
    Fate.REJECTS: refused(422, "FIELD_LENGTH_TOO_LONG", "commentary: length 3001 exceeds the maximum 3000"),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(200, b"<html>Good day</html>"),
    Fate.FAILS_AFTER_POSTING: refused(503, "SERVICE_UNAVAILABLE", "Service Unavailable"),
    Fate.NO_ID: Answer(201, b""),
}
_THROTTLED = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."


@dataclass(slots=True)
class LinkedInServer(Emulator):
    """What LinkedIn holds. `roles` are those on the organization's page; `state` is what new posts are in.

    `remembers` is how long equal words are refused, `lists_after` how long a new post is not in its author's list.
    `names` are entities that may be mentioned, `activity` what was done with posts, `also` is asked first.
    """

    never = frozenset({Fate.NOT_READY, Fate.REFUSES_AFTER_POSTING})
    daily: int = 150
    remembers: timedelta = timedelta(minutes=10)
    lists_after: timedelta = timedelta()
    roles: tuple[str, ...] = ("ADMINISTRATOR",)
    state: str = "PUBLISHED"
    posts: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=lambda: {PAGE: "Devtestco"})
    activity: dict[str, dict[str, int]] = field(default_factory=dict)
    files: Files = field(default_factory=Files)
    grants: Grants = field(init=False)
    also: Callable[[Request], Answer | None] = field(default=lambda _: None)
    _known: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    _number: int = 7_300_000_000_000_000_000

    def __post_init__(self) -> None:
        self.grants = Grants(self.clock)
        Emulator.__post_init__(self)  # super() finds no class of a dataclass with slots

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [str(one["shown"]) for one in self.posts]

    # -- the wire ------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            try:
                return self.also(request) or self._routed(request)
            except Refusal as caught:
                return caught.answer

    def _routed(self, request: Request) -> Answer:
        path = request.segments
        if path[:2] == ("oauth", "v2"):
            return self.grants.answer(request)
        if path[:1] == ("dms-uploads",):
            return self.files.take(request)
        scopes = self._let_in(request)
        if path == ("v2", "userinfo"):
            return self._me(scopes)
        self._is_spoken(request)
        self._count(request)
        return self._rest(path[1:], request, scopes)

    def _rest(self, path: tuple[str, ...], request: Request, scopes: tuple[str, ...]) -> Answer:
        match path:
            case (kind, *rest) if kind in _KINDS:
                return self._file(_KINDS[kind], rest, request, scopes)
            case ("organizationAcls",):
                return self._roles(scopes)
            case ("organizationalEntityShareStatistics",):
                return self._counted(request, scopes)
            case ("posts", *rest):
                return self._posts(rest, request, scopes)
        raise Refusal(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {request.path}")

    def _let_in(self, request: Request) -> tuple[str, ...]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        scopes = self.grants.scopes(token)
        if scopes is None:
            raise Refusal(401, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user")
        return scopes

    def _is_spoken(self, request: Request) -> None:
        """The version and the protocol: without the one 400, too old 426, for everything there is."""
        version = request.headers.get("linkedin-version", "")
        if not version:
            raise Refusal(400, "VERSION_MISSING", "A version must be present. Please specify a version")
        now = self.clock.now()
        age = (now.year - int(version[:4])) * 12 + now.month - int(version[4:])
        if not 0 <= age <= VERSIONS_LAST:
            raise Refusal(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
        if request.headers.get("x-restli-protocol-version") != "2.0.0":
            raise Refusal(400, "PROTOCOL_VERSION", "X-Restli-Protocol-Version 2.0.0 is required")

    def _count(self, request: Request) -> None:
        """So many calls of a member a day, until midnight UTC; no header says when."""
        key = (request.headers["authorization"], self.clock.now().date().isoformat())
        self._calls[key] += 1
        if self._calls[key] > self.daily:
            raise Refusal(429, "TOO_MANY_REQUESTS", _THROTTLED, serviceErrorCode=101)

    # -- posts ---------------------------------------------------------------------------

    def _posts(self, rest: list[str], request: Request, scopes: tuple[str, ...]) -> Answer:
        if not rest and request.method == "POST":
            return self._create(request, scopes)
        if not rest:
            return self._find(request, scopes)
        if request.method == "DELETE":
            _has_method(request, "DELETE")
            self.posts = [one for one in self.posts if one["id"] != rest[0]]
            return Answer(204, b"")
        return self._one(rest[0], scopes)

    def _one(self, urn: str, scopes: tuple[str, ...]) -> Answer:
        found = [one for one in self.posts if one["id"] == urn]
        if not found:
            raise Refusal(404, "RESOURCE_NOT_FOUND", f"{urn} is not there")
        self._may_read(found[0]["author"], scopes)
        return Answer(200, _told(found[0]))

    def _create(self, request: Request, scopes: tuple[str, ...]) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        if fate is Fate.LIMITS:
            raise Refusal(429, "TOO_MANY_REQUESTS", _THROTTLED, serviceErrorCode=101)
        said = request.json()
        shown, kept = self._may_post(said, scopes)
        post = self._show(said, shown, kept)
        answer = Answer(201, b"", {"x-restli-id": post["id"], "x-li-uuid": "AAYemulatedOfNobody=="})
        taken = _AFTER.get(fate, answer)
        return Answer(taken.status, b"", taken.headers, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else taken

    def _may_post(self, said: Any, scopes: tuple[str, ...]) -> tuple[str, str]:  # noqa: ANN401  # whatever was sent
        check_fields(said)
        author = said["author"]
        if author not in self._authors(scopes):
            words = (
                "Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing [/author]"
            )
            raise Refusal(403, "ACCESS_DENIED", words, serviceErrorCode=100)
        shown, kept = read(said["commentary"], self.names)
        check_text(shown)
        if "content" in said:
            check_content(said["content"])
            for one in files(said["content"]):
                self.files.check(one["id"], author)
        self._is_new(said)
        return shown, kept

    def _authors(self, scopes: tuple[str, ...]) -> set[str]:
        mine = {AUTHOR} if "w_member_social" in scopes else set()
        return mine | ({PAGE} if "w_organization_social" in scopes and self.roles else set())

    def _is_new(self, said: Mapping[str, Any]) -> None:
        urn, at = self._known.get(_same(said), ("", self.clock.now()))
        if urn and self.clock.now() - at < self.remembers:
            words = f"Content is a duplicate of {urn}"
            raise Refusal(422, "", f"com.linkedin: {words}", **inputs("DUPLICATE_POST", words))

    def _show(self, said: Mapping[str, Any], shown: str, kept: str) -> dict[str, Any]:
        films = any(":video:" in one["id"] for one in files(said.get("content", {})))
        self._number += 1
        urn, now = f"urn:li:{'ugcPost' if films else 'share'}:{self._number}", self.clock.now()
        self._known[_same(said)] = (urn, now)
        at = int(now.timestamp() * 1000)
        moments = {"createdAt": at, "publishedAt": at, "lastModifiedAt": at}
        post = {**said, "id": urn, "commentary": kept, "lifecycleState": self.state, **moments, "shown": shown}
        self.posts.append({**post, "said": dict(said), "at": now})
        return post

    def _find(self, request: Request, scopes: tuple[str, ...]) -> Answer:
        _has_method(request, "FINDER")
        asked = request.query
        self._may_read(asked.get("author", ""), scopes)
        if asked.get("q") != "author" or asked.get("sortBy") not in {"LAST_MODIFIED", "CREATED"}:
            raise Refusal(400, "PARAM_INVALID", "q and sortBy")
        count, start = int(asked.get("count", "10")), int(asked.get("start", "0"))
        old = self.clock.now() - self.lists_after
        mine = [one for one in reversed(self.posts) if one["author"] == asked["author"] and one["at"] <= old]
        mine.sort(key=lambda one: int(one["lastModifiedAt"]), reverse=True)
        told = [_told(one) for one in mine]
        paging = {"start": start, "count": count, "links": []}
        return Answer(200, {"paging": paging, "elements": told[start : start + count]})

    def _may_read(self, author: str, scopes: tuple[str, ...]) -> None:
        if author != PAGE or "r_organization_social" not in scopes:
            words = "Not enough permissions to access: partnerApiPostsExternal.FINDER-author.20260901"
            raise Refusal(403, "ACCESS_DENIED", words, serviceErrorCode=100)

    # -- the rest ------------------------------------------------------------------------

    def _me(self, scopes: tuple[str, ...]) -> Answer:
        if not {"openid", "profile"} <= {*scopes}:
            raise Refusal(403, "ACCESS_DENIED", "Not enough permissions to access: userinfo.GET.NO_VERSION")
        return Answer(200, {"sub": MEMBER, "name": NAME, "given_name": "Our", "family_name": "Name", "locale": "en_US"})

    def _file(self, kind: str, rest: list[str], request: Request, scopes: tuple[str, ...]) -> Answer:
        if request.method == "POST":
            action = request.query.get("action", "")
            finishes = kind == "video" and action == "finalizeUpload"
            return self.files.finish(request) if finishes else self.files.begin(request, kind, self.url)
        if kind == "image" and "r_organization_social" not in scopes:
            words = "Not enough permissions to access: partnerApiImages.GET.20260901"
            raise Refusal(403, "ACCESS_DENIED", words, serviceErrorCode=100)
        return self.files.look(rest[0])

    def _roles(self, scopes: tuple[str, ...]) -> Answer:
        if "rw_organization_admin" not in scopes:
            raise Refusal(
                403, "ACCESS_DENIED", "Not enough permissions to access: organizationAcls.FINDER-roleAssignee"
            )
        told = [{"role": one, "organization": PAGE, "roleAssignee": AUTHOR, "state": "APPROVED"} for one in self.roles]
        return Answer(200, {"elements": told, "paging": {"start": 0, "count": 100}})

    def _counted(self, request: Request, scopes: tuple[str, ...]) -> Answer:
        self._may_read(request.query.get("organizationalEntity", ""), scopes)
        _, bracket, rest = request.target.partition("=List(")
        if not bracket or ":" in rest:
            raise Refusal(400, "PARAM_INVALID", "a list's brackets stand bare, and what is in it is encoded")
        urn = request.query.get("shares", request.query.get("ugcPosts", "")).removeprefix("List(").removesuffix(")")
        found = self.activity.get(urn)
        told = {
            "share": urn,
            "organizationalEntity": PAGE,
            "totalShareStatistics": {**(found or {}), "engagement": 0.1},
        }
        return Answer(200, {"elements": [told] if found else []})


def _same(said: Mapping[str, Any]) -> str:
    """What makes two posts the same to LinkedIn. Not confirmed: only that equal words by one author are."""
    return json.dumps([said["author"], said["commentary"], said.get("content", {}).get("poll")])


def _told(post: Mapping[str, Any]) -> dict[str, Any]:
    """A post as it is given back."""
    return {name: post[name] for name in post if name not in {"shown", "said", "at"}}


def _has_method(request: Request, method: str) -> None:
    if request.headers.get("x-restli-method") != method:
        raise Refusal(400, "ILLEGAL_ARGUMENT", f"X-RestLi-Method: {method} is required")
