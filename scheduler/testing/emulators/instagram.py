"""Instagram on loopback: one professional account, by both of its log-ins, its containers, posts and quotas.

A container is worked on for a while, finished, published, failed or expired after a day; one that is finished may
still be refused for some seconds (9007/2207027). Publishing one twice makes a second post here, which is the worst
that it can do and written of nowhere. Containers and posts that are new may be unknown to a look (100/33). Captions
come back without `@` where the person has no task on the Page, and by Instagram Login as a test says: given, left
out or refused. By Instagram Login nothing is deleted, `/me` has two ids, and one of them is of no use here.
Sources: those of `publishers/instagram`; nothing here was seen live.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from scheduler.testing.emulators.containers import DAY, Box
from scheduler.testing.emulators.facebook_login import CLIENT, SECRET, Consent
from scheduler.testing.emulators.graph import Granted, GraphServer, Refusal, missing, paged, refused, said, shown, wrong
from scheduler.testing.emulators.instagram_rules import (
    NOT_READY,
    UNFETCHED,
    USED_UP,
    checked,
    children_of,
    told_children,
)
from scheduler.testing.emulators.instagram_tokens import Business
from scheduler.testing.emulators.loopback import Answer, Request

NAME, PAGE, APP_SCOPED = "our_name", "112233445566778", "7788990011223344"
CONTAINERS_A_DAY = 400
BY_INSTAGRAM = (
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_insights",
)
BY_PAGE = (
    "instagram_basic",
    "instagram_content_publish",
    "pages_show_list",
    "pages_read_engagement",
    "instagram_manage_contents",
    "instagram_manage_insights",
)
FIELDS = frozenset(
    {"id", "caption", "timestamp", "permalink", "media_type", "media_product_type", "children", "username"}
    | {"like_count", "comments_count", "alt_text"}
)
METRICS = frozenset({"reach", "views", "likes", "comments", "saved", "shares", "total_interactions"})


@dataclass
class InstagramServer(GraphServer):
    """What the account holds. `by_page`: it is reached by Facebook Login, over a Page that is `linked` to it.

    `works_for`: how long a container is worked on; `settles`: how long after that it is not ready to be published;
    `fails`: the errors of the coming files; `unfetched`: how many of the coming files cannot be fetched. `lists_after`
    and `reads_after`: how long what is new is not listed, and not read. `captions`: given, left out or refused.
    """

    by_page: bool = False
    linked: bool = True
    works_for: timedelta = timedelta()
    settles: timedelta = timedelta()
    lists_after: timedelta = timedelta()
    reads_after: timedelta = timedelta()
    captions: str = "given"
    drops_at: bool = False
    unfetched: int = 0
    fails: list[str] = field(default_factory=list)
    total: int = 50
    boxes: dict[str, Box] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    not_ready: Answer | None = field(default_factory=lambda: NOT_READY)
    app: Business = field(init=False)
    consent: Consent = field(init=False)
    _used: list[datetime] = field(default_factory=list)

    business: ClassVar[str] = "instagram"
    versions: ClassVar[tuple[str, ...]] = ("v25.0", "v26.0")
    scopes: ClassVar[tuple[str, ...]] = (*BY_INSTAGRAM, *BY_PAGE)

    def __post_init__(self) -> None:
        super().__post_init__()
        for grant in self.tokens.values():
            grant.scopes = BY_PAGE if self.by_page else BY_INSTAGRAM
        self.app = Business(self)
        self.consent = Consent(self.clock, self, grants=BY_PAGE)

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [str(one["caption"] or "") for one in self.posts]

    def open_door(self, request: Request) -> Answer | None:
        """Log-ins and renewals, and what an app asks by its own token."""
        if not self.by_page:
            return self.app.answer(request)
        path = request.segments[1:]
        if path == ("oauth", "access_token"):
            return self.consent.answer(request)
        return self._debugged(request) if path == ("debug_token",) else None

    def routed(self, request: Request, path: tuple[str, ...], grant: Granted) -> Answer:
        """Whatever is asked by a token."""
        match path:
            case ("me", *rest) if request.method == "GET":
                return self._me(tuple(rest), request, grant)
            case (page,) if self.by_page and page == PAGE:
                return self._page(request)
            case (self.user, edge):
                return self._edge(edge, request, grant)
            case (one, *rest):
                return self._node(one, tuple(rest), request, grant)
        raise missing("/".join(path))

    def _node(self, one: str, rest: tuple[str, ...], request: Request, grant: Granted) -> Answer:
        """The account itself, a container, or a post."""
        match request.method, rest:
            case "GET", () if one == self.user:
                return Answer(200, {"id": self.user, "username": NAME})
            case "GET", ("insights",):
                self._may(grant, "manage_insights")
                return self._insights(self._post(one), request.query.get("metric", ""))
            case "GET", ():
                return self._look(one, request.query.get("fields", ""))
            case "DELETE", ():
                return self._delete(one, grant)
        raise missing(one)

    def _edge(self, edge: str, request: Request, grant: Granted) -> Answer:
        match request.method, edge:
            case "POST", "media":
                self._may(grant, "content_publish")
                return self._make(said(request))
            case "POST", "media_publish":
                self._may(grant, "content_publish")
                return self.created(lambda: self._publish(said(request)))
            case "GET", "media":
                return self._listed(request)
            case "GET", "content_publishing_limit":
                self._may(grant, "content_publish")
                return self._limit(request.query.get("fields", "quota_usage"))
        raise wrong(f"Tried accessing nonexisting field ({edge})")

    def _may(self, grant: Granted, scope: str) -> None:
        if f"{'instagram' if self.by_page else 'instagram_business'}_{scope}" not in grant.scopes:
            words = f"(#10) Application does not have permission for this action: {scope}"
            raise Refusal(refused(10, words, status=403))

    # -- who ------------------------------------------------------------------------------

    def _me(self, rest: tuple[str, ...], request: Request, grant: Granted) -> Answer:
        if self.by_page and rest == ("accounts",):
            return Answer(200, self.consent.accounts(grant, request.query))
        if self.by_page and rest == ("permissions",):
            return Answer(200, self.consent.permissions(grant))
        if rest:
            raise missing("me/" + "/".join(rest))
        if self.by_page:
            return Answer(200, {"id": grant.user if grant.user != self.user else PAGE, "name": "Our Page"})
        whole = {"id": APP_SCOPED, "user_id": self.user, "username": NAME, "account_type": "BUSINESS"}
        return Answer(200, shown(whole, request.query.get("fields", "id"), known=frozenset(whole)))

    def _page(self, request: Request) -> Answer:
        whole: dict[str, Any] = {"id": PAGE, "name": "Our Page"}
        linked = {"instagram_business_account": {"id": self.user}} if self.linked else {}
        known = frozenset({*whole, "instagram_business_account"})
        return Answer(200, shown({**whole, **linked}, request.query.get("fields", "id,name"), known=known))

    def _debugged(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {CLIENT}|{SECRET}":
            raise Refusal(refused(190, "Invalid OAuth access token signature.", status=401))
        grant = self.tokens.get(request.query.get("input_token", ""))
        if grant is None:
            return Answer(200, {"data": {"is_valid": False, "scopes": []}})
        ends = int(grant.ends.timestamp()) if grant.ends else 0
        return Answer(200, {"data": {"is_valid": True, "type": "PAGE", "expires_at": ends, "scopes": [*grant.scopes]}})

    # -- containers ----------------------------------------------------------------------

    def _make(self, asked: Mapping[str, str]) -> Answer:
        checked(asked)
        for one in children_of(asked):
            if one not in self.boxes or self.boxes[one].asked.get("is_carousel_item") != "true":
                raise missing(one)
            if self.boxes[one].state(self.clock.now()) != "FINISHED":
                raise Refusal(NOT_READY)
        now = self.clock.now()
        if sum(now - one.made < DAY for one in self.boxes.values()) >= CONTAINERS_A_DAY:
            raise Refusal(USED_UP)
        if self.unfetched and "children" not in asked:
            self.unfetched -= 1
            raise Refusal(UNFETCHED)
        error = self.fails.pop(0) if self.fails and "children" not in asked else ""
        box = Box(self.next_id(), dict(asked), now, now + self.works_for, error)
        self.boxes[box.id] = box
        return Answer(200, {"id": box.id})

    def _publish(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        box = self.boxes.get(asked.get("creation_id", ""))
        if box is None:
            raise Refusal(refused(24, "The requested resource does not exist", subcode=2207006))
        state = box.state(self.clock.now())
        if state == "EXPIRED":
            raise Refusal(refused(-2, "The media container has expired", subcode=2207020))
        if state == "IN_PROGRESS" or (state == "FINISHED" and self.clock.now() < box.done + self.settles):
            raise Refusal(NOT_READY)
        if state == "ERROR" or "is_carousel_item" in box.asked:
            raise wrong("The container cannot be published")
        if self.used >= self.total:
            raise Refusal(USED_UP)
        self._used.append(self.clock.now())
        box.published = True
        return {"id": self.show(box.asked)["id"]}

    # -- posts ---------------------------------------------------------------------------

    def show(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Makes a post, be it by hand."""
        number, now = self.next_id(), self.clock.now()
        kind = asked.get("media_type", "IMAGE")
        children = told_children(asked, [self.next_id() for _ in children_of(asked)])
        post = {
            "id": number,
            "caption": asked.get("caption") or None,
            "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink": f"https://www.instagram.com/{'reel' if kind == 'REELS' else 'p'}/D{number[-8:]}/",
            "media_type": {"REELS": "VIDEO", "CAROUSEL": "CAROUSEL_ALBUM"}.get(kind, kind),
            "media_product_type": "REELS" if kind == "REELS" else "FEED",
            "children": children or None,
            "username": NAME,
            "at": now,
            "asked": dict(asked),
        }
        self.posts.append(post)
        return post

    def _post(self, one: str) -> dict[str, Any]:
        for post in self.posts:
            if post["id"] == one and self.clock.now() >= post["at"] + self.reads_after:
                return post
        raise missing(one)

    def _look(self, one: str, fields: str) -> Answer:
        if one not in self.boxes:
            return Answer(200, self._read(self._post(one), fields))
        box = self.boxes[one]
        if self.clock.now() < box.made + self.reads_after:
            raise missing(one)
        state = box.state(self.clock.now())
        words = {"ERROR": box.error, "FINISHED": "Finished: Media has been uploaded.", "PUBLISHED": "Published"}
        entry = {"id": one, "status_code": state, "status": words.get(state, state.title())}
        return Answer(200, shown(entry, fields, known=frozenset(entry)))

    def _read(self, post: Mapping[str, Any], fields: str) -> dict[str, Any]:
        if "caption" in fields.split(",") and self.captions == "refused":
            raise Refusal(refused(10, "(#10) The field caption needs Facebook Login", status=403))
        caption = None if self.captions == "left out" else post["caption"]
        if caption and self.drops_at:
            caption = caption.replace("@", "")
        return shown({**post, "caption": caption}, fields, known=FIELDS)

    def _listed(self, request: Request) -> Answer:
        now, fields = self.clock.now(), request.query.get("fields", "id")
        seen = [one for one in reversed(self.posts) if now >= one["at"] + self.lists_after]
        if not seen and "caption" in fields.split(",") and self.captions == "refused":
            raise Refusal(refused(10, "(#10) The field caption needs Facebook Login", status=403))
        return Answer(200, paged([self._read(one, fields) for one in seen], request.query))

    def _delete(self, one: str, grant: Granted) -> Answer:
        if not self.by_page:
            raise wrong("Unsupported delete request")
        post = self._post(one)
        if "instagram_manage_contents" not in grant.scopes:
            raise missing(one)  # what may not be touched looks like what is not there
        self.posts.remove(post)
        return Answer(200, {"success": True, "deleted_id": one})

    def _insights(self, post: Mapping[str, Any], metrics: str) -> Answer:
        """In both shapes that are documented, by turns."""
        names = [one for one in metrics.split(",") if one]
        if strange := set(names) - METRICS:
            raise wrong(f"metric must be one of {sorted(METRICS)}, not {sorted(strange)}")
        told = [
            {"name": name, "period": "lifetime", "id": f"{post['id']}/insights/{name}/lifetime"}
            | ({"total_value": {"value": at}} if at % 2 else {"values": [{"value": at}]})
            for at, name in enumerate(names)
        ]
        return Answer(200, {"data": told})

    # -- quotas --------------------------------------------------------------------------

    @property
    def used(self) -> int:
        """How many posts the last 24 hours had."""
        return sum(self.clock.now() - at < DAY for at in self._used)

    def _limit(self, fields: str) -> Answer:
        entry = {"quota_usage": self.used, "config": {"quota_total": self.total, "quota_duration": 86_400}}
        return Answer(200, {"data": [{name: entry[name] for name in fields.split(",") if name in entry}]})
