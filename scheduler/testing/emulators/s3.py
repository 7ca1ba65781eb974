"""An S3-compatible store on loopback: one bucket, one key, every signature verified, addresses that expire.

It keeps files in memory, answers errors in the store's XML, refuses a body that is not what its
hash says and a clock that is a quarter of an hour off. Whether everybody may read is the bucket's
policy (`open_to_all`). Written from the Amazon S3 API reference as of 2026-11, not from our signing.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from scheduler.clock import Clock
from scheduler.testing.emulators.loopback import Answer, Emulator, Request

KEY, SECRET = "AKIAEXAMPLE", "example-secret"  # open nothing but this
SKEW = timedelta(minutes=15)
STATUS = {
    "InvalidAccessKeyId": 403,
    "SignatureDoesNotMatch": 403,
    "AccessDenied": 403,
    "RequestTimeTooSkewed": 403,
    "ExpiredToken": 400,
    "AuthorizationHeaderMalformed": 400,
    "XAmzContentSHA256Mismatch": 400,
    "NoSuchBucket": 404,
    "NoSuchKey": 404,
    "SlowDown": 503,
}


@dataclass(frozen=True, slots=True)
class Stored:
    """One object: its type and bytes."""

    type: str
    body: bytes


class S3Store(Emulator):
    """Use it as a context. `files` are by their names in the bucket; `troubles` are codes for the requests to come."""

    def __init__(self, clock: Clock, *, bucket: str = "pictures", region: str = "us-east-1") -> None:
        super().__init__(clock)
        self.bucket = bucket
        self.region = region
        self.key, self.secret = KEY, SECRET
        self.open_to_all = False
        self.files: dict[str, Stored] = {}
        self.troubles: list[str] = []

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            trouble = self.troubles.pop(0) if self.troubles else self._refusal(request)
            return _error(trouble) if trouble else self._served(request)

    def _refusal(self, request: Request) -> str:
        """The code with which a request is refused; empty for one that is taken."""
        bucket, _, _ = request.path.strip("/").partition("/")
        signed = "authorization" in request.headers or "X-Amz-Signature" in request.query
        if not signed:
            return "" if self.open_to_all and request.method in {"GET", "HEAD"} else "AccessDenied"
        claim = _in_header(request) if "authorization" in request.headers else _in_query(request)
        return self._wrong(request, claim) or ("" if bucket == self.bucket else "NoSuchBucket")

    def _wrong(self, request: Request, claim: "_Claim") -> str:
        if claim.key != self.key:
            return "InvalidAccessKeyId"
        if claim.scope.split("/")[1:] != [self.region, "s3", "aws4_request"]:
            return "AuthorizationHeaderMalformed"
        if not hmac.compare_digest(claim.signature, claim.right(request, self.secret)):
            return "SignatureDoesNotMatch"
        begun = datetime.strptime(claim.stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if claim.seconds is not None:
            return "" if self.clock.now() < begun + timedelta(seconds=claim.seconds) else "AccessDenied"
        if abs(self.clock.now() - begun) > SKEW:
            return "RequestTimeTooSkewed"
        return "" if claim.body == hashlib.sha256(request.body).hexdigest() else "XAmzContentSHA256Mismatch"

    def _served(self, request: Request) -> Answer:
        name = request.path.strip("/").partition("/")[2]
        if request.method == "PUT":
            self.creates += 1
            self.files[name] = Stored(request.headers.get("content-type", "binary/octet-stream"), request.body)
            return Answer(200, b"")
        if request.method == "DELETE":
            self.files.pop(name, None)
            return Answer(204, b"")
        found = self.files.get(name)
        return Answer(200, found.body, {"Content-Type": found.type}) if found else _error("NoSuchKey")


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a request says of its signature."""

    key: str
    scope: str
    stamp: str
    signed: str
    signature: str
    body: str
    query: str
    seconds: int | None = None

    def right(self, request: Request, secret: str) -> str:
        """The signature that it should have."""
        lines = [f"{name}:{request.headers.get(name, '').strip()}\n" for name in self.signed.split(";")]
        path = request.target.partition("?")[0]
        canonical = "\n".join([request.method, path, self.query, "".join(lines), self.signed, self.body])
        whole = "\n".join(["AWS4-HMAC-SHA256", self.stamp, self.scope, hashlib.sha256(canonical.encode()).hexdigest()])
        day, region, service, last = self.scope.split("/")
        key = hmac.digest(f"AWS4{secret}".encode(), day.encode(), "sha256")
        for word in (region, service, last, whole):
            key = hmac.digest(key, word.encode(), "sha256")
        return key.hex()


def _in_header(request: Request) -> _Claim:
    fields = dict(one.strip().split("=", 1) for one in request.headers["authorization"].partition(" ")[2].split(","))
    key, _, scope = fields["Credential"].partition("/")
    stamp, body = request.headers["x-amz-date"], request.headers["x-amz-content-sha256"]
    return _Claim(key, scope, stamp, fields["SignedHeaders"], fields["Signature"], body, _query(request.query))


def _in_query(request: Request) -> _Claim:
    asked = request.query
    key, _, scope = asked["X-Amz-Credential"].partition("/")
    rest = {name: value for name, value in asked.items() if name != "X-Amz-Signature"}
    seconds = int(asked["X-Amz-Expires"])
    signed, signature = asked["X-Amz-SignedHeaders"], asked["X-Amz-Signature"]
    return _Claim(key, scope, asked["X-Amz-Date"], signed, signature, "UNSIGNED-PAYLOAD", _query(rest), seconds)


def _query(asked: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='-._~')}={quote(value, safe='-._~')}" for name, value in sorted(asked.items()))


def _error(code: str) -> Answer:
    said = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{SECRET} no</Message></Error>'
    return Answer(STATUS.get(code, 400), said.encode(), {"Content-Type": "application/xml"})
