"""One Page on loopback, as Meta's documents and the stumbles of other clients have it.

Only the Page's own token posts: a person's is refused with (#200), as those found out who kept one.
Photos go up unseen and are used once; equal posts in a row are refused (506), and one may ask for
error answers that come with a live post. Readers of `/feed` would meet visitors' posts, so the list
is `published_posts`. The sources are those of `facebook_rules`; nothing here was seen live.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scheduler.testing.emulators.facebook_login import CLIENT, SECRET, Consent
from scheduler.testing.emulators.facebook_rules import (
    MOST_BYTES,
    TAKES,
    Film,
    PagePost,
    Photo,
    as_read,
    is_facebooks,
    picked,
)
from scheduler.testing.emulators.graph import TOKEN, Granted, GraphServer, Refusal, missing, paged, refused, said, wrong
from scheduler.testing.emulators.loopback import Answer, Request

PAGE, NAME = "112233445566778", "Our Page"
OTHER, OTHERS_NAME = "223344556677889", "Another Page"
SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
KEYS = {"token": TOKEN, "client_secret": SECRET}
_POST = frozenset(
    {"id", "message", "message_tags", "created_time", "permalink_url", "attachments", "reactions", "comments", "shares"}
)
_PAGE = frozenset({"id", "name", "username", "category", "link"})
_PERSON = frozenset({"id", "name"})


@dataclass
class FacebookServer(GraphServer):
    """What the Page holds. `hides_for` is how long a new post is not in the list, `unread` the links that fail.

    Videos go up by pieces of `piece` bytes, and are worked on for `works_for`. `guards`: equal posts in a row are
    refused. `live`: the app is; in Development mode only its own people see posts. `consent` is the log-in of the
    person who has the Page.
    """

    posts: list[PagePost] = field(default_factory=list)
    photos: dict[str, Photo] = field(default_factory=dict)
    films: dict[str, Film] = field(default_factory=dict)
    piece: int = 1 << 20
    works_for: timedelta = timedelta(minutes=2)
    hides_for: timedelta = timedelta()
    unread: dict[str, int] = field(default_factory=dict)
    guards: bool = True
    live: bool = True
    shares: dict[str, int] = field(default_factory=dict)

    user = PAGE
    business = "pages"
    scopes = SCOPES
    versions = ("v25.0", "v26.0")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tokens[TOKEN].ends = None
        self.limit = refused(80001, "(#80001) There have been too many calls to this Page account.", status=400)
        self.consent = Consent(self.clock, self)

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [one.text for one in self.posts if one.published]

    @property
    def public(self) -> list[str]:
        """What people read who have no role on the app."""
        return self.texts if self.live else []

    # -- the wire ------------------------------------------------------------------------

    def open_door(self, request: Request) -> Answer | None:
        """Log-ins, and what the app asks for by its own token."""
        path = request.segments[1:]
        if path == ("oauth", "access_token"):
            return self.consent.answer(request)
        if path == ("debug_token",):
            return self._debugged(request)
        return None

    def routed(self, request: Request, path: tuple[str, ...], grant: Granted) -> Answer:
        """Whatever is asked by a token."""
        makes = request.method == "POST"
        match path:
            case ("me",) if not makes:
                return self._who(grant.user, request)
            case ("me", "accounts") if not makes:
                return Answer(200, self.consent.accounts(grant, request.query))
            case ("me", "permissions") if not makes:
                return Answer(200, self.consent.permissions(grant))
            case (page, edge) if page == PAGE or (page == "me" and grant.user == PAGE):
                return self._edge(edge, request, grant)
            case (page,) if page in {PAGE, OTHER} and not makes:
                return self._who(page, request)
            case (post,):
                return self._post(post, request, grant)
        raise missing("/".join(path))

    def _edge(self, edge: str, request: Request, grant: Granted) -> Answer:
        if request.method == "GET" and edge == "published_posts":
            return self._list(request, grant)
        if request.method == "POST" and edge in {"feed", "photos", "videos"}:
            self._may(grant, "pages_manage_posts")
            if edge == "photos":
                return self._upload(request)
            if edge == "videos":
                return self._phase(request)
            return self.created(lambda: self._make(said(request)))
        raise wrong(f"Tried accessing nonexisting field ({edge})")

    def _may(self, grant: Granted, scope: str) -> None:
        """Only the Page's own token, and only with the right to it."""
        if grant.user != PAGE:
            raise Refusal(
                refused(200, "(#200) Unpublished posts must be posted to a page as the page itself.", status=403)
            )
        if scope not in grant.scopes:
            raise Refusal(refused(200, f"(#200) Requires {scope} permission to manage the object", status=403))

    def _who(self, node: str, request: Request) -> Answer:
        names = {PAGE: NAME, OTHER: OTHERS_NAME}
        whole = {"id": node, "name": names.get(node, "A Person"), "category": "Cause", "username": "sayno"}
        return Answer(
            200, picked(whole, request.query.get("fields", "id,name"), known=_PAGE if node in names else _PERSON)
        )

    # -- photos --------------------------------------------------------------------------

    def _upload(self, request: Request) -> Answer:
        form = request.form()
        if "source" not in form:
            raise Refusal(refused(324, "(#324) Requires upload file"))
        file = form["source"]
        if file.type not in TAKES or len(file.body) > MOST_BYTES:
            words = "Your photos couldn't be uploaded. They should be smaller than 4 MB and JPG, PNG, GIF or TIFF."
            raise Refusal(refused(1366046, words))
        told = {name: part.body.decode() for name, part in form.items() if not part.filename}
        photo = Photo(self.next_id(), file.body, told.get("alt_text_custom", ""), file.type)
        self.photos[photo.id] = photo
        if told.get("published", "true") != "false":
            post = self.show(told.get("message", ""), photos=(photo.id,))
            return Answer(200, {"id": photo.id, "post_id": post.id})
        return Answer(200, {"id": photo.id})

    # -- videos --------------------------------------------------------------------------

    def _phase(self, request: Request) -> Answer:
        told = said(request) or {name: part.body.decode() for name, part in request.form().items() if not part.filename}
        phase = told.get("upload_phase")
        if phase == "start":
            return self._begin(int(told.get("file_size", "0")))
        film = next((one for one in self.films.values() if one.session == told.get("upload_session_id")), None)
        if film is None or film.post:
            raise wrong("Invalid upload session")
        if phase == "transfer":
            return self._piece(film, int(told["start_offset"]), request.form()["video_file_chunk"].body)
        if phase != "finish":
            raise wrong("Invalid parameter upload_phase")
        return self.created(lambda: self._finish(film, told))

    def _begin(self, size: int) -> Answer:
        film = Film(self.next_id(), f"session{self.next_id()}", size)
        self.films[film.id] = film
        return Answer(200, {"upload_session_id": film.session, "video_id": film.id, **self._next(film)})

    def _piece(self, film: Film, start: int, piece: bytes) -> Answer:
        if start != len(film.body) or len(piece) > self.piece:
            raise Refusal(refused(1363037, "There was a problem with the offsets of this piece."))
        film.body += piece
        return Answer(200, self._next(film))

    def _next(self, film: Film) -> dict[str, str]:
        start = len(film.body)
        return {"start_offset": str(start), "end_offset": str(min(start + self.piece, film.size))}

    def _finish(self, film: Film, told: Mapping[str, Any]) -> Mapping[str, Any]:
        if len(film.body) != film.size:
            raise Refusal(refused(6000, "There was a problem uploading your video file."))
        post = self.show(str(told.get("description", "")), told=told)
        post.video, film.post = film.id, post.id
        return {"success": True}

    # -- posts ---------------------------------------------------------------------------

    def _make(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        text, link = str(told.get("message", "")), str(told.get("link", ""))
        photos = tuple(str(one.get("media_fbid")) for one in told.get("attached_media", ()))
        if not (text or link or photos):
            raise wrong("You must provide a message, a link or photos.")
        self._refuse_photos(photos)
        self._refuse_link("" if photos else link)
        if self.guards and self.posts and self.posts[-1].same(text, link, photos):
            raise Refusal(refused(506, "(#506) Duplicate status message"))
        published = told.get("published", True) not in (False, "false")
        return {"id": self.show(text, link="" if photos else link, photos=photos, published=published, told=told).id}

    def _refuse_photos(self, photos: tuple[str, ...]) -> None:
        if unknown := [one for one in photos if one not in self.photos]:
            raise missing(unknown[0])
        if any(self.photos[one].post for one in photos):
            words = "(#100) Invalid parameter"
            raise Refusal(refused(100, words, subcode=1366051, words="These photos were already posted."))

    def _refuse_link(self, link: str) -> None:
        if self.unread.get(link, 0):
            self.unread[link] -= 1
            raise Refusal(
                refused(1609005, "(#1500) The url you supplied is invalid", words="Could not scrape the link.")
            )
        if is_facebooks(link):
            raise Refusal(refused(1609008, "You cannot share this link", words="Links to Facebook are not taken."))

    def show(  # one word for each thing that a post has
        self,
        text: str,
        *,
        link: str = "",
        photos: tuple[str, ...] = (),
        published: bool = True,
        told: Mapping[str, Any] | None = None,
    ) -> PagePost:
        """Makes a post, be it by hand."""
        post = PagePost(
            f"{PAGE}_{self.next_id()}", text, self.clock.now(), link, photos, published=published, said=told or {}
        )
        for one in photos:
            self.photos[one].post = post.id
        self.posts.append(post)
        return post

    def _list(self, request: Request, grant: Granted) -> Answer:
        self._may(grant, "pages_read_engagement")
        now, since = self.clock.now(), int(request.query.get("since", "0"))
        seen = [one for one in reversed(self.posts) if one.published and now - one.at >= self._hidden_for(one)]
        listed = [self._read(one, request) for one in seen if one.at.timestamp() >= since]
        page = paged(listed, request.query)
        if after := page.get("paging", {}).get("cursors", {}).get("after"):
            page["paging"]["next"] = f"{self.url}/v26.0/{PAGE}/published_posts?access_token=hidden&after={after}"
        return Answer(200, page)

    def _hidden_for(self, post: PagePost) -> timedelta:
        return max(self.hides_for, self.works_for if post.video else timedelta())

    def _read(self, post: PagePost, request: Request) -> dict[str, Any]:
        whole = as_read(post, {OTHER: OTHERS_NAME})
        whole |= {"shares": {"count": self.shares[post.id]}} if post.id in self.shares else {}
        return picked(whole, request.query.get("fields", "id,message,created_time"), known=_POST)

    def _post(self, post: str, request: Request, grant: Granted) -> Answer:
        found = next((one for one in self.posts if post in {one.id, one.video} - {""}), None)
        if found is None:
            raise missing(post)
        if request.method == "GET":
            return Answer(200, self._read(found, request))
        if "pages_manage_posts" not in grant.scopes:
            raise missing(post)  # what may not be touched looks like what is not there
        self.posts.remove(found)
        return Answer(200, {"success": True})

    # -- the app -------------------------------------------------------------------------

    def _debugged(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {CLIENT}|{SECRET}":
            raise Refusal(refused(190, "Invalid OAuth access token signature.", status=401))
        grant = self.tokens.get(request.query.get("input_token", ""))
        if grant is None:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return Answer(200, {"data": {"is_valid": False, "scopes": [], "error": error}})
        return Answer(200, {"data": self._told_of(grant)})

    def _told_of(self, grant: Granted) -> dict[str, Any]:
        page = grant.user in {PAGE, OTHER}
        ended = bool(grant.dead) or (grant.ends is not None and self.clock.now() >= grant.ends)
        told: dict[str, Any] = {
            "app_id": CLIENT,
            "type": "PAGE" if page else "USER",
            "is_valid": not ended,
            "expires_at": _seconds(grant.ends),
            "data_access_expires_at": _seconds(grant.made + timedelta(days=90)),
            "scopes": list(grant.scopes),
            "user_id": self.consent.person,
        }
        return told | ({"profile_id": grant.user} if page else {})


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
