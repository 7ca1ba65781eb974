"""Threads on loopback: one account, its containers, its posts and replies, its quotas, and how Meta answers.

A container is worked on for a while, finished, published, failed or expired after a day, and tells nothing but
that; one that is finished may still not be there for `threads_publish` for some seconds (24/4279009). Publishing
one twice makes a second post here, which is the worst that it can do and written of nowhere. The first hashtag
of a text loses its # and is the topic. Posts are listed without the next page's address, apart from replies.
Sources: those of `publishers/threads`; nothing here was seen live.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from scheduler.testing.emulators.containers import DAY, Box
from scheduler.testing.emulators.graph import (
    Granted,
    GraphServer,
    Refusal,
    missing,
    paged,
    refused,
    said,
    shown,
    wrong,
)
from scheduler.testing.emulators.loopback import Answer, Request
from scheduler.testing.emulators.threads_rules import checked, stored
from scheduler.testing.emulators.threads_tokens import Dashboard

NAME = "our_name"
NOT_THERE = refused(
    24,
    "The requested resource does not exist",
    subcode=4279009,
    words="The media with id 0 cannot be found.",
)
FIELDS = frozenset(
    {"id", "text", "timestamp", "permalink", "media_type", "topic_tag", "is_quote_post", "children", "replied_to"}
    | {"username", "shortcode", "alt_text", "is_reply", "root_post", "owner", "media_product_type"}
)
_CONTAINER_FIELDS = frozenset({"id", "status", "error_message"})
_KINDS = {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}


@dataclass
class ThreadsServer(GraphServer):
    """What Threads holds.

    `works_for`: how long a container is worked on; `settles`: how long after that it is not there yet; `fails` are the
    errors of the coming containers with files. `lists_after`, `reads_after`: how long a new post is not listed, read.
    """

    works_for: timedelta = timedelta()
    settles: timedelta = timedelta(seconds=2)
    lists_after: timedelta = timedelta()
    reads_after: timedelta = timedelta()
    fails: list[str] = field(default_factory=list)
    forbidden: frozenset[str] = frozenset()
    quotas: dict[str, int] = field(default_factory=lambda: {"": 250, "reply_": 1000, "delete_": 100})
    boxes: dict[str, Box] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    not_ready: Answer | None = field(default_factory=lambda: NOT_THERE)
    app: Dashboard = field(init=False)
    _used: list[tuple[str, datetime]] = field(default_factory=list)

    versions: ClassVar[tuple[str, ...]] = ("v1.0",)
    scopes: ClassVar[tuple[str, ...]] = (
        "threads_basic",
        "threads_content_publish",
        "threads_manage_replies",
        "threads_read_replies",
        "threads_manage_insights",
        "threads_delete",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.app = Dashboard(self)

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [str(one.get("text", "")) for one in self.posts]

    def open_door(self, request: Request) -> Answer | None:
        """Log-ins and renewals."""
        return self.app.answer(request)

    def routed(self, request: Request, path: tuple[str, ...], grant: Granted) -> Answer:
        """The endpoints, each with the scope that it needs."""
        path = ("me", *path[1:]) if path[:1] == (self.user,) else path
        answers = self._answers(request, grant)
        if (request.method, path) in answers:
            return answers[request.method, path]()
        match request.method, path:
            case "GET", (one, "insights"):
                _needs(grant, "threads_manage_insights")
                return self._insights(self._post(one), request.query.get("metric", ""))
            case "GET", (one,):
                return self._look(one, request.query.get("fields", ""))
            case "DELETE", (one,):
                _needs(grant, "threads_delete")
                return self._delete(self._post(one))
        raise Refusal(refused(2500, f"Unknown path components: /{'/'.join(path)}"))

    def _answers(self, request: Request, grant: Granted) -> dict[tuple[str, tuple[str, ...]], Callable[[], Answer]]:
        return {
            ("POST", ("me", "threads")): lambda: self._make(said(request)),
            ("POST", ("me", "threads_publish")): lambda: self._published(request, grant),
            ("GET", ("me",)): lambda: Answer(200, {"id": self.user, "username": NAME}),
            ("GET", ("me", "threads")): lambda: self._listed(request, replies=False),
            ("GET", ("me", "replies")): lambda: self._listed(request, replies=True, grant=grant),
            ("GET", ("me", "threads_publishing_limit")): self._limits,
            ("GET", ("debug_token",)): lambda: self._debugged(request.query.get("input_token", "")),
        }

    def _published(self, request: Request, grant: Granted) -> Answer:
        _needs(grant, "threads_content_publish")
        return self.created(lambda: self._publish(said(request)))

    # -- containers ----------------------------------------------------------------------

    def _make(self, asked: Mapping[str, str]) -> Answer:
        checked(asked)
        for one in filter(None, asked.get("children", "").split(",")):
            if one not in self.boxes or self.boxes[one].asked.get("is_carousel_item") != "true":
                raise missing(one)
            if self.boxes[one].state(self.clock.now()) != "FINISHED":
                raise wrong("The child container is not finished")
        parent = asked.get("reply_to_id")
        if parent:
            self._post(parent)
        if asked.get("topic_tag", "").casefold() in self.forbidden:
            raise Refusal(refused(100, "Invalid parameter", subcode=4279071, words="Topic Tag Not Permitted"))
        now = self.clock.now()
        error = self.fails.pop(0) if self.fails and "_url" in "".join(asked) else ""
        box = Box(self.next_id(), dict(asked), now, now + self.works_for, error)
        self.boxes[box.id] = box
        return Answer(200, {"id": box.id})

    def _publish(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        box = self.boxes.get(asked.get("creation_id", ""))
        if box is None or self.clock.now() < box.done + self.settles:
            raise Refusal(NOT_THERE)
        state = box.state(self.clock.now())
        if state == "EXPIRED":
            raise Refusal(refused(24, "The container has expired", subcode=2207008))
        if state == "ERROR" or "is_carousel_item" in box.asked:
            raise wrong("The container cannot be published")
        self._use("reply_" if box.asked.get("reply_to_id") else "")
        box.published = True
        return {"id": self._show(box)["id"]}

    # -- posts ---------------------------------------------------------------------------

    def _show(self, box: Box) -> dict[str, Any]:
        number, kind, now = self.next_id(), str(box.asked["media_type"]), self.clock.now()
        text, topic = stored(box.asked)
        children = [{"id": self.next_id()} for one in box.asked.get("children", "").split(",") if one]
        parent = box.asked.get("reply_to_id")
        post = {
            "id": number,
            "text": text or None,
            "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink": f"https://www.threads.com/@{NAME}/post/C{number[-8:]}",
            "media_type": _KINDS.get(kind, kind),
            "topic_tag": topic or None,
            "is_quote_post": False,
            "children": {"data": children} if children else None,
            "replied_to": {"id": parent} if parent else None,
            "at": now,
            "asked": dict(box.asked),
        }
        self.posts.append(post)
        return post

    def _post(self, one: str) -> dict[str, Any]:
        for post in self.posts:
            if post["id"] == one:
                return post
        raise missing(one)

    def _look(self, one: str, fields: str) -> Answer:
        if one in self.boxes:
            box = self.boxes[one]
            entry = {"id": one, "status": box.state(self.clock.now()), "error_message": box.error or None}
            return Answer(200, shown(entry, fields, known=_CONTAINER_FIELDS))
        post = self._post(one)
        if self.clock.now() < post["at"] + self.reads_after:
            raise missing(one)
        return Answer(200, shown(post, fields, known=FIELDS))

    def _listed(self, request: Request, *, replies: bool, grant: Granted | None = None) -> Answer:
        if grant is not None:
            _needs(grant, "threads_read_replies")
        since = float(request.query.get("since") or 0)
        now = self.clock.now()
        newest = [
            shown(one, request.query.get("fields", "id"), known=FIELDS)
            for one in reversed(self.posts)
            if bool(one["replied_to"]) == replies
            and one["at"].timestamp() >= since
            and now >= one["at"] + self.lists_after
        ]
        return Answer(200, paged(newest, request.query))

    def _delete(self, post: dict[str, Any]) -> Answer:
        self._use("delete_")
        self.posts.remove(post)
        return Answer(200, {"success": True, "deleted_id": post["id"]})

    def _insights(self, post: Mapping[str, Any], metrics: str) -> Answer:
        """In both shapes that are documented, by turns."""
        names = enumerate(filter(None, metrics.split(",")))
        told = [
            {"name": name, "period": "lifetime"}
            | ({"total_value": {"value": at}} if at % 2 else {"values": [{"value": at}]})
            for at, name in names
        ]
        return Answer(200, {"data": [{**one, "id": f"{post['id']}/insights/{one['name']}/lifetime"} for one in told]})

    # -- quotas and tokens -----------------------------------------------------------------

    def _use(self, purse: str) -> None:
        if self._in_use(purse) >= self.quotas[purse]:
            raise Refusal(refused(9, "Application does not have the capability", subcode=2207042, status=403))
        self._used.append((purse, self.clock.now()))

    def _in_use(self, purse: str) -> int:
        return sum(one == purse and self.clock.now() - at < DAY for one, at in self._used)

    def _limits(self) -> Answer:
        told: dict[str, Any] = {}
        for purse, total in self.quotas.items():
            told[f"{purse}quota_usage"] = self._in_use(purse)
            told[f"{purse}config"] = {"quota_total": total, "quota_duration": 86_400}
        return Answer(200, {"data": [told]})

    def _debugged(self, token: str) -> Answer:
        grant = self.tokens.get(token)
        if grant is None:
            return Answer(200, {"data": {"is_valid": False, "scopes": []}})
        ends = int(grant.ends.timestamp()) if grant.ends else 0
        told = {"type": "USER", "is_valid": True, "user_id": self.user, "scopes": list(grant.scopes)}
        return Answer(200, {"data": {**told, "issued_at": int(grant.made.timestamp()), "expires_at": ends}})


def _needs(grant: Granted, scope: str) -> None:
    if scope not in grant.scopes:
        raise Refusal(refused(10, f"Application does not have permission for this action: {scope}", status=403))
