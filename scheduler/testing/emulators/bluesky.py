"""A Bluesky server on loopback, for tests: sessions that end, keys that we choose, and all that can go wrong.

It answers as the reference server does (@atproto/pds 0.4.217, seen in November 2026): an
expired token is a 400, a missing record is a 400, a second record under one key is
`InvalidSwap`. `next(fate)` decides the coming `putRecord` of a post, `refuse(method, …)`
any other call. What `texts` says is the truth that a publisher is held to.
"""

import base64
import json
from collections import deque
from datetime import timedelta
from typing import Any

from scheduler.clock import Clock
from scheduler.testing.emulators.bluesky_repo import GATE, Refused, Repository
from scheduler.testing.emulators.loopback import Answer, Emulator, Request
from scheduler.testing.platform import SLOW_SECONDS, Fate

DID = "did:plc:drumbeatdrumbeatdrumbeat"
HANDLE = "sayno.test"
PASSWORD = "abcd-efgh-ijkl-mnop"  # noqa: S105  # of an account that exists in tests only
ACCESS = timedelta(minutes=120)
REFRESH = timedelta(days=90)
GRACE = timedelta(hours=2)
"""How long a refresh token stays good that was used already."""
PUT = "com.atproto.repo.putRecord"
_BEFORE = {
    Fate.EXPIRES: Refused(401, "AccountTakedown", "Account has been taken down"),
    Fate.REJECTS: Refused(400, "InvalidRequest", "Invalid app.bsky.feed.post record: this text is not taken"),
    Fate.LIMITS: Refused(429, "RateLimitExceeded", "Rate Limit Exceeded"),
}


class BlueskyServer(Emulator):
    """The server, listening from the start; a context manager. `clock` is its own, by which tokens end.

    `pages` are other addresses that it answers: path to type and body. Set `password`, `scope` and `people` at will.
    """

    never = frozenset({Fate.NOT_READY, Fate.REFUSES_AFTER_POSTING})

    def __init__(self, clock: Clock, *, port: int = 0) -> None:
        super().__init__(clock, port=port)
        self.repo = Repository(DID)
        self.people = {HANDLE: DID}
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.password = PASSWORD
        self.scope = "com.atproto.appPass"
        self._refusals: dict[str, deque[Refused]] = {}
        self._tokens: dict[str, tuple[str, float]] = {}
        self._made = 0
        self.door.open()

    # -- for tests -----------------------------------------------------------------------

    @property
    def texts(self) -> list[str]:
        """The texts of all posts, in the order of their making."""
        with self._lock:
            return [record["text"] for record in self.repo.records.values()]

    def calls(self, method: str) -> int:
        """How often a method was called."""
        return sum(_method(one) == method for one in self.requests)

    def refuse(self, method: str, status: int, name: str, sentence: str = "because a test wants it") -> None:
        """The coming call of `method` is answered with this error."""
        self._refusals.setdefault(method, deque()).append(Refused(status, name, sentence))

    def forget_tokens(self) -> None:
        """No token is known any more, as after a server's key was changed."""
        self._tokens.clear()

    # -- answering -----------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            try:
                return self._routed(request)
            except Refused as refused:
                return self._error(refused)

    def _routed(self, asked: Request) -> Answer:
        if asked.path in self.pages:
            kind, body = self.pages[asked.path]
            return Answer(200, body, {"Content-Type": kind})
        method = _method(asked)
        if self._refusals.get(method):
            raise self._refusals[method].popleft()
        if method == PUT:
            return self._put(asked)
        call = getattr(self, f"_on_{method.rpartition('.')[2]}", None)
        if call is None:
            raise Refused(400, "InvalidRequest", f"No service configured for {method}")
        return Answer(200, call(asked))

    def _error(self, refused: Refused) -> Answer:
        told = {"error": refused.name, "message": refused.sentence}
        if refused.status != 429:
            return Answer(refused.status, told)
        reset = int(self.clock.now().timestamp()) + 300
        limits = {"Limit": "30", "Remaining": "0", "Reset": str(reset), "Policy": "30;w=300"}
        return Answer(429, told, {f"RateLimit-{name}": value for name, value in limits.items()})

    def _put(self, asked: Request) -> Answer:
        if asked.json().get("collection") == GATE:
            self._known(asked, "access")
            return Answer(200, self.repo.put(asked.json()))
        fate = self.fate()
        if fate in _BEFORE:
            raise _BEFORE[fate]
        self._known(asked, "access")
        if fate is Fate.NEVER_ARRIVES:
            return Answer(cut=True)
        made = self.repo.put(asked.json())
        if fate is Fate.FAILS_AFTER_POSTING:
            raise Refused(500, "InternalServerError", "Internal Server Error")
        said = {Fate.GARBLES: b'{"uri": "at://', Fate.NO_ID: b"{}"}.get(fate, made)
        slow = SLOW_SECONDS if fate is Fate.ANSWERS_SLOWLY else 0.0
        return Answer(200, said, cut=fate is Fate.LOSES_THE_REPLY, after=slow)

    def _known(self, asked: Request, kind: str) -> str:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refused(401, "AuthMissing", "Authentication Required")
        found, end = self._tokens.get(token, ("", 0.0))
        if found != kind:
            raise Refused(400, "InvalidToken", "Token could not be verified")
        if self.clock.now().timestamp() >= end:
            raise Refused(400, "ExpiredToken", "Token has expired")
        return token

    # -- one call each -------------------------------------------------------------------

    def _on_createSession(self, asked: Request) -> dict[str, Any]:  # noqa: N802  # as the call is named
        told = asked.json()
        if told.get("identifier") not in {HANDLE, DID} or told.get("password") != self.password:
            raise Refused(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _on_refreshSession(self, asked: Request) -> dict[str, Any]:  # noqa: N802
        token = self._known(asked, "refresh")
        grace = self.clock.now().timestamp() + GRACE.total_seconds()
        self._tokens[token] = ("refresh", min(self._tokens[token][1], grace))
        return self._session()

    def _session(self) -> dict[str, Any]:
        document = {"id": DID, "service": [{"id": "#atproto_pds", "serviceEndpoint": self.url}]}
        return {
            "did": DID,
            "handle": HANDLE,
            "didDoc": document,
            "active": True,
            "accessJwt": self._token("access", ACCESS),
            "refreshJwt": self._token("refresh", REFRESH),
        }

    def _token(self, kind: str, time: timedelta) -> str:
        self._made += 1
        end = self.clock.now().timestamp() + time.total_seconds()
        claims = {"scope": self.scope, "sub": DID, "exp": int(end), "jti": f"token-{self._made}"}
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        token = f"eyJhbGciOiJub25lIn0.{body}.{kind}"
        self._tokens[token] = (kind, end)
        return token

    def _on_getSession(self, asked: Request) -> dict[str, Any]:  # noqa: N802
        self._known(asked, "access")
        return {"did": DID, "handle": HANDLE, "active": True}

    def _on_describeServer(self, asked: Request) -> dict[str, Any]:  # noqa: ARG002, N802
        return {"did": "did:web:localhost", "availableUserDomains": [".test"], "blobUploadLimit": 5_242_880}

    def _on__health(self, asked: Request) -> dict[str, Any]:  # noqa: ARG002
        return {"version": "0.4.217-emulated"}

    def _on_uploadBlob(self, asked: Request) -> dict[str, Any]:  # noqa: N802
        self._known(asked, "access")
        if len(asked.body) > 5_242_880:
            raise Refused(413, "PayloadTooLarge", "request entity too large")
        return {"blob": self.repo.upload(asked.body, asked.headers.get("content-type", ""))}

    def _on_getRecord(self, asked: Request) -> dict[str, Any]:  # noqa: N802
        if asked.query.get("repo") not in {DID, HANDLE}:
            raise Refused(400, "InvalidRequest", "Could not find repo")
        return self.repo.get(asked.query.get("rkey", ""))

    def _on_deleteRecord(self, asked: Request) -> dict[str, Any]:  # noqa: N802
        self._known(asked, "access")
        return self.repo.delete(str(asked.json().get("rkey")), str(asked.json().get("collection")))

    def _on_resolveHandle(self, asked: Request) -> dict[str, Any]:  # noqa: N802
        if asked.query.get("handle") not in self.people:
            raise Refused(400, "InvalidRequest", "Unable to resolve handle")
        return {"did": self.people[asked.query["handle"]]}

    def _on_getPosts(self, asked: Request) -> dict[str, Any]:  # noqa: N802
        rkey = asked.query.get("uris", "").rpartition("/")[2]
        counts = {"likeCount": 3, "repostCount": 2, "replyCount": 1, "quoteCount": 0, "bookmarkCount": 0}
        return {"posts": [{"uri": asked.query["uris"], **counts}] if rkey in self.repo.records else []}


def _method(asked: Request) -> str:
    return asked.path.removeprefix("/xrpc/")
