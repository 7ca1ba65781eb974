"""What the emulators of Meta's platforms stand on: tokens, errors, usage headers, and fates of the creating request.

A platform's emulator is a subclass: it routes requests (`routed`), and makes its post within `created`, which
plays the scripted fate around it. A token is taken from the `Authorization` header alone: one in an address is
a mistake of ours, and fails the test. Errors are Graph's own object, with a trace id; the usage headers stand
on every answer. Written from Meta's pages as of 2026-06; nothing here was seen live.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs

from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

TOKEN = "EMULATEDtokenOfNobody0000"  # noqa: S105  # opens nothing but this
LASTS = timedelta(days=60)


class Refusal(Exception):
    """A request that is refused, with its answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.said))
        self.answer = answer


def refused(  # an error has so many fields
    code: int,
    message: str,
    *,
    subcode: int = 0,
    status: int = 400,
    kind: str = "OAuthException",
    transient: bool = False,
    words: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """An error as Graph writes it. `words` are those for the user, in whatever language they have."""
    error: dict[str, Any] = {"message": message, "type": kind, "code": code, "is_transient": transient}
    error |= {"error_subcode": subcode} if subcode else {}
    error |= {"error_user_title": "Error", "error_user_msg": words} if words else {}
    return Answer(status, {"error": {**error, "fbtrace_id": "AemulatedTraceOfNobody"}}, headers=headers or {})


def wrong(message: str, *, subcode: int = 0) -> Refusal:
    """A bad parameter: code 100."""
    return Refusal(refused(100, f"(#100) {message}", subcode=subcode))


def missing(what: str) -> Refusal:
    """100/33: what one asks for does not exist, or cannot be seen."""
    words = f"Unsupported request. Object with ID '{what}' does not exist, cannot be loaded due to missing permissions"
    return Refusal(refused(100, words, subcode=33, kind="GraphMethodException"))


@dataclass(slots=True)
class Granted:
    """One token: whose and until when. `dead` is the subcode that 190 comes with, where it was ended before that."""

    user: str
    made: datetime
    ends: datetime | None
    scopes: tuple[str, ...] = ()
    dead: int = 0


@dataclass
class GraphServer(Emulator):
    """One host of Meta's. `percent` is what the usage headers tell, `regain` the minutes until calls are taken again.

    `also` is asked first with every request; `tokens` are those that are let in. `not_ready` and `limit` are what the
    platform answers for those fates.
    """

    percent: int = 3
    regain: int = 0
    tokens: dict[str, Granted] = field(default_factory=dict)
    also: Callable[[Request], Answer | None] = field(default=lambda _: None)
    not_ready: Answer | None = None
    limit: Answer = field(default_factory=lambda: refused(4, "(#4) Application request limit reached", status=403))
    number: int = 17_900_000_000_000_000

    user: ClassVar[str] = "17841400000000001"
    business: ClassVar[str] = ""
    """The kind in `X-Business-Use-Case-Usage`; empty where the header does not come."""
    scopes: ClassVar[tuple[str, ...]] = ()
    versions: ClassVar[tuple[str, ...]] = ("v26.0",)

    def __post_init__(self) -> None:
        super().__post_init__()
        now = self.clock.now()
        self.tokens.setdefault(TOKEN, Granted(self.user, now - timedelta(days=2), now + LASTS, self.scopes))

    # -- for subclasses ------------------------------------------------------------------

    def routed(self, request: Request, path: tuple[str, ...], grant: Granted) -> Answer:
        """The answer to a request that was let in; `path` is without the version. Raises `Refusal`."""
        raise NotImplementedError

    def open_door(self, request: Request) -> Answer | None:
        """The answer to what needs no token in a header, such as log-ins; None leaves it to `routed`."""
        del request
        return None

    def next_id(self) -> str:
        """Another id."""
        self.number += 1
        return str(self.number)

    def created(self, make: Callable[[], Mapping[str, Any]]) -> Answer:
        """The creating request, with the fate that the script has; `make` makes the post and raises `Refusal`."""
        self.creates += 1
        fate = self.fate()
        if fate in self._before():
            return self._before()[fate]
        answer = Answer(200, dict(make()))
        taken = _AFTER.get(fate, answer)
        return replace(taken, after=SLOW_SECONDS) if fate is Fate.ANSWERS_SLOWLY else taken

    def _before(self) -> Mapping[Fate, Answer]:
        not_ready = {Fate.NOT_READY: self.not_ready} if self.not_ready else {}
        return {**_BEFORE, **not_ready, Fate.LIMITS: self.limit}

    # -- for tests -----------------------------------------------------------------------

    def script(self, fate: Fate) -> bool:
        """As `Emulator` has it; "is not ready" only where the platform has an answer for it."""
        return not (fate is Fate.NOT_READY and self.not_ready is None) and super().script(fate)

    def grant(self, token: str, *, lasts: timedelta | None = LASTS, scopes: tuple[str, ...] | None = None) -> Granted:
        """Lets one more token in, made now; `lasts` None: for ever."""
        now = self.clock.now()
        ends = None if lasts is None else now + lasts
        self.tokens[token] = Granted(self.user, now, ends, self.scopes if scopes is None else scopes)
        return self.tokens[token]

    def asked(self, method: str, end: str) -> list[Request]:
        """The requests so far of one method whose path ends so."""
        return [one for one in self.door.requests if one.method == method and one.path.endswith(end)]

    # -- the wire ------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            try:
                answer = self.also(request) or self.open_door(request) or self._let_in(request)
            except Refusal as caught:
                answer = caught.answer
        return replace(answer, headers={**self._usage(), **answer.headers})

    def _let_in(self, request: Request) -> Answer:
        assert "access_token" not in said(request), "the token stands in an address or a body"
        version, *path = request.segments or ("",)
        if version not in self.versions:
            raise Refusal(refused(2500, f"Unknown path components: /{version}"))
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer":
            raise Refusal(refused(2500, "An active access token must be used.", status=400))
        return self.routed(request, tuple(path), self.good(token))

    def good(self, token: str) -> Granted:
        """The grant of a token that is good now. Raises `Refusal` with 190 and the subcode that says why."""
        grant = self.tokens.get(token)
        words = "Error validating access token"
        if grant is None:
            raise Refusal(refused(190, "Invalid OAuth access token - Cannot parse access token", status=401))
        if grant.dead:
            raise Refusal(refused(190, words, subcode=grant.dead, status=401))
        if grant.ends is not None and self.clock.now() >= grant.ends:
            raise Refusal(refused(190, f"{words}: Session has expired.", subcode=463, status=401))
        return grant

    def _usage(self) -> dict[str, str]:
        counts = {"call_count": self.percent, "total_cputime": 1, "total_time": 2}
        headers = {"X-App-Usage": json.dumps(counts)}
        if self.business:
            told = {"type": self.business, **counts, "estimated_time_to_regain_access": self.regain}
            headers["X-Business-Use-Case-Usage"] = json.dumps({self.user: [told]})
        return headers


def said(request: Request) -> dict[str, Any]:
    """What a request says in its address and its body, a form or JSON; values are texts, but JSON's own in JSON."""
    kind = request.headers.get("content-type", "")
    found: dict[str, Any] = dict(request.query)
    if kind.startswith("application/json"):
        return found | dict(request.json())
    if kind.startswith("application/x-www-form-urlencoded"):
        form = parse_qs(request.body.decode(), keep_blank_values=True)
        found |= {name: values[-1] for name, values in form.items()}
    return found


def shown(entry: Mapping[str, Any], fields: str, *, known: frozenset[str]) -> dict[str, Any]:
    """What a look at `fields` gives: the id always, and no field that the entry has not. Unknown names are code 100."""
    names = [name.partition("{")[0] for name in fields.split(",") if name]
    if strange := [name for name in names if name not in known]:
        raise wrong(f"Tried accessing nonexisting field ({strange[0]})")
    return {name: entry[name] for name in dict.fromkeys(["id", *names]) if entry.get(name) is not None}


def paged(entries: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """One page of a list, newest first as given, by `limit` and `after`, with cursors and without addresses."""
    size, start = int(query.get("limit") or 25), int(query.get("after") or 0)
    page = entries[start : start + size]
    more = start + size < len(entries)
    cursors = {"before": str(start)} | ({"after": str(start + size)} if more else {})
    return {"data": page} | ({"paging": {"cursors": cursors}} if page else {})


_BEFORE: Mapping[Fate, Answer] = {
    Fate.EXPIRES: refused(190, "Error validating access token: Session has expired.", subcode=463, status=401),
    Fate.REJECTS: refused(100, "(#100) Invalid parameter"),
    Fate.NEVER_ARRIVES: Answer(cut=True),
}
_AFTER: Mapping[Fate, Answer] = {
    Fate.LOSES_THE_REPLY: Answer(cut=True),
    Fate.GARBLES: Answer(200, b"<html>Good day</html>"),
    # arsduo/koala issue 699: code 2, and each try had posted
    Fate.FAILS_AFTER_POSTING: refused(2, "An unexpected error has occurred.", status=500, transient=True),
    Fate.REFUSES_AFTER_POSTING: refused(1, "An unknown error occurred"),
    Fate.NO_ID: Answer(200, {"success": True}),
}
