"""A bucket of an S3-compatible store, spoken to by our own session: same guard, same way out, same deadlines.

Whether everybody may read it is for the bucket's own policy; nothing here sets a right on a file.
Where nobody may, an address is signed for a while. Uploads carry the hash of their bytes, so that
the store refuses what was spoilt on the way. Source: docs.aws.amazon.com, Amazon S3 API reference
(PutObject, DeleteObject, error responses), as of 2026-11.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, PublishError, Transient
from scheduler.http.reply import Reply
from scheduler.http.route import Route
from scheduler.http.session import HttpSession
from scheduler.model.hosting import Bucket
from scheduler.publishers.hosting.place import Copy
from scheduler.publishers.hosting.signature import NO_BODY, Signer
from scheduler.publishers.servers import checked

KIND = "bucket"
_CODE = re.compile(rb"<Code>([A-Za-z0-9]{3,60})</Code>")
_SECONDS, _BYTES_A_SECOND = 30.0, 250_000
_LOOKED_AT = frozenset(range(300, 500)) - {429}
"""A look that says no: the upload after it is told why, in a body that a look has not."""

BAD_KEY = frozenset(
    {
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "InvalidToken",
        "TokenRefreshRequired",
        "InvalidSecurity",
        "AccountProblem",
        "NotSignedUp",
    }
)
NO_RIGHT = frozenset({"AccessDenied", "AllAccessDisabled", "Forbidden"})
ELSEWHERE = frozenset(
    {
        "NoSuchBucket",
        "PermanentRedirect",
        "TemporaryRedirect",
        "AuthorizationHeaderMalformed",
        "InvalidBucketName",
        "IllegalLocationConstraintException",
    }
)
CLOCK_OFF = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
SPOILT = frozenset({"XAmzContentSHA256Mismatch", "BadDigest", "IncompleteBody", "RequestTimeout"})
_SILENT = {401: "InvalidAccessKeyId", 403: "AccessDenied"}
"""What a status means where no code is given."""


class PublicBucket:
    """The bucket that `said` names. `secret` gives the value of a variable, None where nobody set it."""

    def __init__(self, said: Bucket, clock: Clock, secret: Callable[[str], str | None], route: Route) -> None:
        self._said = said
        self._clock = clock
        self._secret = secret
        server = checked(said.endpoint, "`media:`")
        self._http = HttpSession(
            server.url, clock=clock, timeout_seconds=_SECONDS, route=route, allow_private=server.own_network
        )

    @property
    def where(self) -> str:
        """The bucket's address, prefix and all."""
        return f"{KIND} {self._said.endpoint}{self._path('')}"

    def put(self, copy: Copy) -> None:
        """Uploads the copy, unless one of its size is there. Raises `NotSent`; a key that is refused `AuthExpired`."""
        if self._there(copy):
            return
        self._http.prepare(
            "PUT",
            self._path(copy.name),
            file=copy.path,
            headers=self._signed("PUT", copy.name, copy.sha256, {"content-type": copy.type}),
            timeout_seconds=_SECONDS + copy.bytes / _BYTES_A_SECOND,
            sort=self._judged,
        )

    def address(self, name: str) -> str:
        """Where the bucket is read, or an address that is signed for a while."""
        if self._said.public:
            return f"{self._said.public}/{self._said.prefix}{name}"
        seconds = self._said.signed_for // timedelta(seconds=1)
        return self._signer().address(self._said.endpoint + self._path(name), seconds=seconds, now=self._clock.now())

    def remove(self, name: str) -> None:
        """Deletes the object; one that is gone is fine."""
        headers = self._signed("DELETE", name, NO_BODY, {})
        self._http.prepare("DELETE", self._path(name), headers=headers, sort=self._judged)

    def _there(self, copy: Copy) -> bool:
        headers = self._signed("HEAD", copy.name, NO_BODY, {})
        found = self._http.read(self._path(copy.name), method="HEAD", headers=headers, accept=_LOOKED_AT)
        return found.status == 200 and found.headers.get("content-length") == str(copy.bytes)

    def _path(self, name: str) -> str:
        """Below the endpoint; a bucket that the endpoint's host begins with is not said twice."""
        named = (urlsplit(self._said.endpoint).hostname or "").startswith(f"{self._said.bucket}.")
        return f"/{self._said.prefix}{name}" if named else f"/{self._said.bucket}/{self._said.prefix}{name}"

    def _signed(self, method: str, name: str, body_sha256: str, headers: dict[str, str]) -> dict[str, str]:
        url = self._said.endpoint + self._path(name)
        return self._signer().headers(method, url, headers, body_sha256=body_sha256, now=self._clock.now())

    def _signer(self) -> Signer:
        found = [self._secret(variable) for variable in (self._said.key, self._said.secret)]
        key, secret = found
        if not key or not secret:
            missing = self._said.key if not key else self._said.secret
            raise AuthExpired(f"{missing} of `media:` is not set.", mend="Set it in .env or the environment.")
        return Signer(key, secret, self._said.region)

    def _judged(self, reply: Reply) -> PublishError | None:
        """What a store's code means; None leaves it to the common rules. Only the code is told, never its words."""
        found = _CODE.search(reply.body)
        code = found[1].decode() if found else _SILENT.get(reply.status, "")
        if reply.status < 300 or not code:
            return None
        return self._to_be_mended(code, reply.source) or _passing(code, reply.source)

    def _to_be_mended(self, code: str, source: str) -> PublishError | None:
        """What a person has to see to; the account waits until then, and no post fails over it."""
        said = self._said
        if code in BAD_KEY:
            what = f"The key of `media:` is refused by {source} ({code})."
            mend = f"Put a key that works into {said.key} and {said.secret}"
        elif code in NO_RIGHT:
            what = f"The key of `media:` may not do that in bucket {said.bucket} at {source} ({code})."
            mend = "Let it put, read and delete objects there"
        elif code in ELSEWHERE:
            what = f"Bucket {said.bucket} is not in region {said.region} at {source} ({code})."
            mend = "Mend `bucket`, `endpoint` or `region` in drumbeat.yaml, restart the daemon"
        else:
            return None
        return AuthExpired(what, mend=f"{mend}, then run: drumbeat accounts resume")


def _passing(code: str, source: str) -> PublishError | None:
    if code in CLOCK_OFF:
        return Transient(f"This computer's clock is off, says {source} ({code}).", mend="Set it by NTP.")
    if code in SPOILT:
        return Transient(f"What was sent to {source} did not arrive whole ({code}).")
    return None
