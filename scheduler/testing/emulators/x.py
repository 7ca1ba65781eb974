"""X on loopback: one account, its posts, its uploads, its money, and what the documentation says is answered.

Signatures are worked out anew, nonces are used once, a clock that is minutes off is refused;
tokens of OAuth 2.0 last two hours, refresh tokens are used once, and who shows a used one loses
all that came of it. Equal texts are refused for a day, even where the first was deleted; links
cost more; a daily limit is told by headers of its own, or by none. The sources are those of `x_rules`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.platforms.rules.x import PLATFORM, PRICES
from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.emulators.x_rules import (
    MOST,
    Refusal,
    refused,
    shown,
    signature_fits,
    told_by,
    too_long,
    wrong_fields,
)
from scheduler.testing.emulators.x_tokens import Grants
from scheduler.testing.emulators.x_uploads import Files
from scheduler.testing.platform import SLOW_SECONDS, Fate

USER, NAME = "1700000000000000001", "our_name"
KEYS = {
    "key": "emulatedKeyOfNobody0000",
    "key_secret": "emulatedKeySecretOfNobody/+=0000",
    "token": f"{USER}-emulatedTokenOfNobody0000",
    "token_secret": "emulatedTokenSecretOfNobody0000",
}
EPOCH = 1_288_834_974_657
REMEMBERS = timedelta(hours=24)
SKEW = timedelta(minutes=5)
A_QUARTER, POSTS_A_QUARTER = timedelta(minutes=15), 100

_PLAIN = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
_BEFORE: Mapping[Fate, Answer] = {
    Fate.EXPIRES: Answer(401, _PLAIN),
    Fate.REJECTS: refused(403, "You are not permitted to perform this action."),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(201, b"<html>Good day</html>"),
    Fate.FAILS_AFTER_POSTING: refused(503, "Service Unavailable", title="Service Unavailable"),
    Fate.NO_ID: Answer(201, {"errors": [{"title": "Internal", "detail": "Something went wrong"}]}),
}


@dataclass(slots=True)
class XServer(Emulator):
    """What X holds. `credit` is in thousandths (None: unlimited), `level` the keys' access, `reads`: it is granted.

    `hides_for`: how long a new post cannot be replied to; `grants` are the log-ins of OAuth 2.0. `also` is asked first
    with every request.
    """

    never = frozenset({Fate.NOT_READY, Fate.REFUSES_AFTER_POSTING})
    level: str = "read-write"
    reads: bool = True
    credit: int | None = None
    most_text: int = MOST
    subscription: str = "None"
    hides_for: timedelta = timedelta()
    daily: int = 10_000
    tells_daily: bool = True
    posts: list[dict[str, Any]] = field(default_factory=list)
    spent: int = 0
    files: Files = field(init=False)
    also: Callable[[Request], Answer | None] = field(default=lambda _: None)
    grants: Grants = field(init=False)
    _texts: dict[str, datetime] = field(default_factory=dict)
    _nonces: set[str] = field(default_factory=set)
    _made: list[datetime] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self.files, self.grants = Files(self.clock), Grants(self.clock)
        Emulator.__post_init__(self)  # super() finds no class of a dataclass with slots

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [str(one["text"]) for one in self.posts]

    # -- the wire ------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            try:
                answer = self.also(request)
                if answer is None and request.path == "/2/oauth2/token":
                    answer = self.grants.answer(request)
                if answer is None:
                    self._let_in(request)
                    answer = self._routed(request)
            except Refusal as caught:
                answer = caught.answer
        return replace(answer, headers={"x-access-level": self.level, **answer.headers})

    def _let_in(self, request: Request) -> None:
        header = request.headers.get("authorization", "")
        if header.startswith("Bearer "):
            if not self.grants.lets_in(header.removeprefix("Bearer ")):
                raise Refusal(401, "Unauthorized")
            return
        told = told_by(request)
        seconds = int(told.get("oauth_timestamp", "0"))
        good = (
            (told.get("oauth_consumer_key"), told.get("oauth_token")) == (KEYS["key"], KEYS["token"])
            and abs(self.clock.now().timestamp() - seconds) <= SKEW.total_seconds()
            and told.get("oauth_nonce", "") not in self._nonces | {""}
            and signature_fits(request, self.url, KEYS)
        )
        if not good:
            raise Refusal(401, "Unauthorized")
        self._nonces.add(told["oauth_nonce"])

    def _routed(self, request: Request) -> Answer:
        path = request.segments
        if path[:2] == ("2", "media"):
            if path[2:] == ("metadata",):
                self._charge(PRICES.described)
            return self.files.answer(request)
        makes = request.method == "POST"
        match path[1:]:
            case ("tweets",) if makes:
                return self._create(request)
            case ("tweets", post) if request.method == "DELETE":
                return self._delete(post)
            case ("tweets", post) if not makes:
                return self._one(post, request)
            case ("users", "me") if not makes:
                return self._me()
            case ("users", user, "tweets") if not makes:
                return self._timeline(user, request)
        raise Refusal(404, "Not Found")

    def _create(self, request: Request) -> Answer:
        self.creates += 1
        fate = self.fate()
        if fate in _BEFORE:
            return _BEFORE[fate]
        if fate is Fate.LIMITS:
            return self._full(self.clock.now() + A_QUARTER)
        said = request.json()
        self._may_post(said)
        counters = self._has_room()
        post = self._show(said)
        told = shown(post)
        answer = Answer(201, {"data": {"id": told["id"], "text": told["text"]}}, headers=counters)
        taken = _AFTER.get(fate, answer)
        return replace(taken, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else taken

    # -- what is refused -----------------------------------------------------------------

    def _may_post(self, said: Any) -> None:  # noqa: ANN401  # whatever was sent
        if self.level == "read":
            words = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
            raise Refusal(403, words, kind="oauth1-permissions")
        if wrong := wrong_fields(said):
            raise Refusal(400, "One or more parameters to your request was invalid.", errors=[{"message": wrong}])
        text = str(said.get("text", ""))
        if too_long(text, self.most_text):
            raise Refusal(403, "You are not permitted to perform this action.")
        if any(self.files.missing(one) for one in said.get("media", {}).get("media_ids", ())):
            raise Refusal(400, "Your media IDs are invalid.")
        self._may_reply(str(said.get("reply", {}).get("in_reply_to_tweet_id", "")))
        before = self._texts.get(text)
        if before is not None and self.clock.now() - before < REMEMBERS:
            raise Refusal(403, "You are not allowed to create a Tweet with duplicate content.")
        links = len(PLATFORM.entities(text).urls)
        self._charge(PRICES.of(links=links, described=0))
        self._texts[text] = self.clock.now()

    def _may_reply(self, parent: str) -> None:
        if not parent:
            return
        found = next((one for one in self.posts if one["id"] == parent), None)
        young = found is not None and self.clock.now() - found["at"] < self.hides_for
        if found is None or young:
            words = "You attempted to reply to a Tweet that is deleted or not visible to you."
            raise Refusal(403, words)

    def _charge(self, price: int) -> None:
        if self.credit is not None and self.credit < price:
            raise Refusal(
                402, "Your enrolled account does not have any credits.", title="CreditsDepleted", kind="credits"
            )
        self.spent += price
        self.credit = None if self.credit is None else self.credit - price

    def _has_room(self) -> dict[str, str]:
        now = self.clock.now()
        quarter = [at for at in self._made if now - at < A_QUARTER]
        if len(quarter) >= POSTS_A_QUARTER:
            raise _Full(self._full(quarter[0] + A_QUARTER))
        day = [at for at in self._made if now - at < REMEMBERS]
        if len(day) >= self.daily:
            raise _Full(self._full_day(day[0] + REMEMBERS, len(quarter)))
        self._made.append(now)
        return _counters("x-rate-limit", POSTS_A_QUARTER, POSTS_A_QUARTER - len(quarter) - 1, now + A_QUARTER)

    def _full(self, opens: datetime) -> Answer:
        return refused(429, "Too Many Requests", headers=_counters("x-rate-limit", POSTS_A_QUARTER, 0, opens))

    def _full_day(self, opens: datetime, made: int) -> Answer:
        """The counter of the quarter still has room; the day's are told, or not (node-twitter-api-v2 issue 495)."""
        told = _counters("x-rate-limit", POSTS_A_QUARTER, POSTS_A_QUARTER - made, self.clock.now() + A_QUARTER)
        told |= _counters("x-user-limit-24hour", self.daily, 0, opens) if self.tells_daily else {}
        return refused(429, "Too Many Requests", headers=told)

    # -- what is there -------------------------------------------------------------------

    def _show(self, said: Mapping[str, Any]) -> dict[str, Any]:
        now = self.clock.now()
        self._number += 1
        milliseconds = int(now.timestamp() * 1000) - EPOCH
        post = {
            "id": str((milliseconds << 22) + self._number),
            "text": str(said.get("text", "")),
            "at": now,
            "created_at": now.isoformat(),
            "media": list(said.get("media", {}).get("media_ids", ())),
            "poll": said.get("poll"),
            "parent": str(said.get("reply", {}).get("in_reply_to_tweet_id", "")),
            "said": dict(said),
        }
        self.posts.append(post)
        return post

    def _delete(self, post: str) -> Answer:
        self._charge(PRICES.delete)
        found = [one for one in self.posts if one["id"] == post]
        if not found:
            raise Refusal(404, "Not Found")
        self.posts.remove(found[0])
        return Answer(200, {"data": {"deleted": True}})

    def _one(self, post: str, request: Request) -> Answer:
        self._may_read()
        found = [one for one in self.posts if one["id"] == post]
        if not found:
            said = {"detail": f"Could not find tweet with id: [{post}].", "title": "Not Found Error", "value": post}
            return Answer(200, {"errors": [{**said, "type": "https://api.x.com/2/problems/resource-not-found"}]})
        self._charge(PRICES.look)
        counts = {f"{name}_count": 0 for name in ("impression", "like", "reply", "retweet", "quote", "bookmark")}
        more = {"public_metrics": counts} if "public_metrics" in request.query.get("tweet.fields", "") else {}
        return Answer(200, {"data": shown(found[0]) | more})

    def _me(self) -> Answer:
        self._charge(PRICES.person)
        me = {"id": USER, "username": NAME, "name": "Our name", "verified_type": "none"}
        return Answer(200, {"data": {**me, "subscription_type": self.subscription}})

    def _timeline(self, user: str, request: Request) -> Answer:
        self._may_read()
        asked = request.query
        size, since = int(asked.get("max_results", "10")), int(asked.get("since_id", "0"))
        if user != USER or not 5 <= size <= 100:
            raise Refusal(400, "One or more parameters to your request was invalid.")
        newest = [one for one in reversed(self.posts) if int(one["id"]) > since]
        start = int(asked.get("pagination_token", "0"))
        page, rest = newest[start : start + size], newest[start + size :]
        self._charge(PRICES.look * len(page))
        meta = {"result_count": len(page)} | ({"next_token": str(start + size)} if rest else {})
        return Answer(200, {"meta": meta} | ({"data": [shown(one) for one in page]} if page else {}))

    def _may_read(self) -> None:
        if not self.reads:
            words = "When authenticating requests to the X API v2 endpoints, you must use keys of an app with access."
            raise Refusal(403, words, title="Client Forbidden", kind="client-forbidden", reason="client-not-enrolled")


class _Full(Refusal):
    def __init__(self, answer: Answer) -> None:
        super().__init__(429, "Too Many Requests")
        self.answer = answer


def _counters(name: str, most: int, left: int, opens: datetime) -> dict[str, str]:
    said = {"limit": most, "remaining": left, "reset": int(opens.timestamp())}
    return {f"{name}-{word}": str(number) for word, number in said.items()}
