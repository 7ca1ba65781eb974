"""What a publisher speaks HTTP with: four verbs that raise the right error.

`create` is for the one request that makes something visible, and the only one whose failures
ask whether the post could exist. `prepare` is for what may be done again, `read` and `find`
are for looking. No message made here holds a header, a path, a query or a body field of ours.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

import requests

from scheduler.clock import Clock
from scheduler.errors import Ambiguous, Bug, PublishError, Rejected, Transient
from scheduler.http.bodies import FilePart, FormBody, file_body, form_body
from scheduler.http.reply import Purpose, Reply, Sort, sorted_by_status
from scheduler.http.route import DIRECT, Route
from scheduler.http.scrub import secrets_of, source_of
from scheduler.http.wire import DEFAULT_LIMIT, Outcome, Wire

USER_AGENT = "Drumbeat/1"
AUTH = frozenset({401})
GONE = frozenset({404, 410})


class Asked(TypedDict, total=False):
    """What a request may carry beyond method and path. At most one of the five bodies."""

    params: Mapping[str, Any] | Sequence[tuple[str, Any]]
    headers: Mapping[str, str]
    json: Any
    form: Mapping[str, Any] | Sequence[tuple[str, Any]]
    content: bytes
    file: Path
    parts: tuple[Mapping[str, str] | Sequence[tuple[str, str]], Sequence[FilePart]]
    content_type: str
    timeout_seconds: float
    limit_bytes: int
    sort: Sort | None
    auth: Collection[int]
    accept: Collection[int]


class HttpSession:
    """One account's way to one server. Thread-safe. Opens nothing until it is used.

    `source` is the server as it may be shown: scheme and host.
    """

    def __init__(  # noqa: PLR0913 -- said once, at an adapter's `connect`
        self,
        base_url: str,
        *,
        clock: Clock,
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float = 20.0,
        route: Route = DIRECT,
        user_agent: str = USER_AGENT,
        allow_private: bool = False,
        secrets: Iterable[str] = (),
        auth: Collection[int] = AUTH,
        sort: Sort | None = None,
        wire: Wire | None = None,
    ) -> None:
        """`base_url` has no slash at its end and may itself be secret; paths are put behind it.

        `timeout_seconds` bounds a request in all, from the look-up of the name to the last byte. `secrets` are struck
        out of whatever a server says, beside the headers and the address. `auth` are the statuses that mean a dead
        credential. `sort` is asked before the common rules, with every answer that was read in full.
        """
        self.base_url = base_url.rstrip("/")
        self.source = source_of(self.base_url)
        self.timeout_seconds = timeout_seconds
        self._clock = clock
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            **(headers or {}),
        }
        self._secrets = frozenset(secrets)
        self._auth = auth
        self._sort = sort
        proxy = route.proxy_to(own_network=allow_private)
        self._wire = wire or Wire(clock=clock, proxy=proxy, ca=route.ca or None, allow_private=allow_private)

    def create(self, method: str, path: str, **asked: Unpack[Asked]) -> Reply:
        """The one request that makes the post visible. Returns the answer where its status is 2xx.

        Raises `Transient` where it surely was not sent, `Ambiguous` where it may have been taken, and what the status
        says: 401 `AuthExpired`, 429 `RateLimited`, other 3xx and 4xx `Rejected`, 5xx `Ambiguous`.
        """
        return self._ask(Purpose.CREATE, method, path, asked)

    def prepare(self, method: str, path: str, **asked: Unpack[Asked]) -> Reply:
        """A request that makes nothing visible and may be repeated: uploads, containers, sessions, deletions.

        All trouble is `NotSent`: 4xx `Rejected`, 401 `AuthExpired`, 429 `RateLimited`, else `Transient`.
        """
        return self._ask(Purpose.PREPARE, method, path, asked)

    def read(self, path: str, *, method: str = "GET", **asked: Unpack[Asked]) -> Reply:
        """A look. All trouble is `Transient`, but a dead credential (`AuthExpired`) and a limit (`RateLimited`)."""
        return self._ask(Purpose.READ, method, path, asked)

    def find(self, path: str, *, method: str = "GET", **asked: Unpack[Asked]) -> Reply | None:
        """A look for something that may not be there: None where the server says 404 or 410."""
        asked["accept"] = {*asked.get("accept", ()), *GONE}
        reply = self.read(path, method=method, **asked)
        return None if reply.status in GONE else reply

    def warm(self, path: str = "") -> None:
        """Opens the connection ahead (name, TCP, TLS), so that `create` spends no time on it. Raises `Transient`."""
        request = _prepared_request("GET", self.base_url + path, self._headers, {})
        trouble = self._wire.warm(request, seconds=self.timeout_seconds)
        if trouble:
            raise Transient(f"{self.source} cannot be reached: {trouble}.")

    def close(self) -> None:
        """Closes every connection that waits; a later request opens a new one."""
        self._wire.close()

    def _ask(self, purpose: Purpose, method: str, path: str, asked: Asked) -> Reply:
        if path and not path.startswith(("/", "?")):
            raise Bug("a path begins with a slash")
        url = self.base_url + path
        headers = {**self._headers, **asked.get("headers", {})}
        request = self._request(method, url, headers, asked)
        outcome = self._exchange(purpose, request, asked)
        if outcome.heard is None:
            raise self._unheard(purpose, outcome)
        told = secrets_of(str(request.url), request.headers, asked.get("json"), asked.get("form"))
        reply = Reply(
            status=outcome.heard.status,
            headers=outcome.heard.headers,
            body=outcome.heard.body,
            url=str(request.url),
            source=self.source,
            purpose=purpose,
            now=self._clock.now(),
            complete=outcome.heard.complete,
            secrets=frozenset(told | self._secrets),
        )
        self._judge(reply, asked)
        return reply

    def _exchange(self, purpose: Purpose, request: requests.PreparedRequest, asked: Asked) -> Outcome:
        """Once; what may be repeated once more, where the connection may have been dead before it was used.

        RFC 9110 9.2.2: a client may do so where a repeat is harmless, and that is what `prepare` and looks are.
        """
        creating = purpose is Purpose.CREATE
        seconds = asked.get("timeout_seconds", self.timeout_seconds)
        limit = asked.get("limit_bytes", DEFAULT_LIMIT)
        outcome = self._wire.exchange(request, seconds=seconds, limit=limit, creating=creating)
        if outcome.stale and not creating:
            self._wire.close()
            outcome = self._wire.exchange(request, seconds=seconds, limit=limit)
        return outcome

    def _request(self, method: str, url: str, headers: dict[str, str], asked: Asked) -> requests.PreparedRequest:
        try:
            return _prepared_request(method, url, headers, asked)
        except PublishError:
            raise
        except (requests.RequestException, ValueError):
            pass
        raise Rejected(f"A request to {self.source} cannot be made: its address, headers or body are malformed.")

    def _judge(self, reply: Reply, asked: Asked) -> None:
        sort = asked.get("sort", self._sort)
        if reply.complete:
            if sort is not None and (error := sort(reply)) is not None:
                raise error
            if reply.status in asked.get("accept", ()):
                return
        error = sorted_by_status(reply, auth=asked.get("auth", self._auth))
        if isinstance(error, Rejected) and not reply.complete and sort is not None:
            # whoever judges by bodies cannot judge by half of one
            error = reply.garbled("its answer broke off")
        if error is not None:
            raise error

    def _unheard(self, purpose: Purpose, outcome: Outcome) -> PublishError:
        """The error for a request that got no answer: the wire decides, nothing else."""
        if outcome.unusable and not outcome.begun:
            return Rejected(f"A request to {self.source} cannot be made: its address or headers are malformed.")
        if purpose is Purpose.CREATE and outcome.begun:
            return Ambiguous(f"{self.source} was asked and its answer is lost: {outcome.trouble}.")
        return Transient(f"{self.source} cannot be reached: {outcome.trouble}.")


def _prepared_request(method: str, url: str, headers: dict[str, str], asked: Asked) -> requests.PreparedRequest:
    body: Any = asked.get("form", asked.get("content"))
    headers = dict(headers)
    if "file" in asked:
        body = file_body(asked["file"]) or b""
    elif "parts" in asked:
        form: FormBody = form_body(*asked["parts"])
        body, headers["Content-Type"] = form, form.content_type
    if "content_type" in asked:
        headers["Content-Type"] = asked["content_type"]
    plain: Any = asked.get("params")
    return requests.Request(method, url, headers=headers, params=plain, data=body, json=asked.get("json")).prepare()
