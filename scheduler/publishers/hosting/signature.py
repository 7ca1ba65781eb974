"""AWS Signature Version 4, which every S3-compatible store asks for: in headers, and in an address.

Source: docs.aws.amazon.com, "Authenticating Requests (AWS Signature Version 4)" of the Amazon S3 API
reference, as of 2026-11. It is a chain of HMACs over the request; the libraries that make it bring
17 MB (botocore), hash bodies in memory, or ask the machine's clock, so it is made here. What is made
is held to Amazon's own examples, and to botocore on a real server.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
NO_BODY = sha256(b"").hexdigest()
UNSIGNED = "UNSIGNED-PAYLOAD"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one key in one region; neither part of the key shows itself. Paths must be quoted already."""

    key: str = field(repr=False)
    secret: str = field(repr=False)
    region: str

    def headers(
        self, method: str, url: str, headers: Mapping[str, str], *, body_sha256: str, now: datetime
    ) -> dict[str, str]:
        """`headers` with those that sign them and the body, whose hash is hex. A store takes it for 15 minutes."""
        stamp = _stamp(now)
        said = {
            **{name.lower(): value for name, value in headers.items()},
            "host": _host(url),
            "x-amz-content-sha256": body_sha256,
            "x-amz-date": stamp,
        }
        signed = ";".join(sorted(said))
        signature = self._signature(stamp, _request(method, url, "", said, body_sha256))
        credential = f"Credential={self.key}/{self._scope(stamp)}"
        said["authorization"] = f"{ALGORITHM} {credential}, SignedHeaders={signed}, Signature={signature}"
        del said["host"]  # it is sent in any case
        return said

    def address(self, url: str, *, seconds: int, now: datetime) -> str:
        """An address that lets whoever has it read `url` for so many seconds."""
        stamp = _stamp(now)
        asked = {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self.key}/{self._scope(stamp)}",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": "host",
        }
        query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(asked.items()))
        signature = self._signature(stamp, _request("GET", url, query, {"host": _host(url)}, UNSIGNED))
        return f"{url}?{query}&X-Amz-Signature={signature}"

    def _scope(self, stamp: str) -> str:
        return f"{stamp[:8]}/{self.region}/s3/aws4_request"

    def _signature(self, stamp: str, request: str) -> str:
        key = f"AWS4{self.secret}".encode()
        for part in self._scope(stamp).split("/"):
            key = hmac.new(key, part.encode(), sha256).digest()
        told = "\n".join((ALGORITHM, stamp, self._scope(stamp), sha256(request.encode()).hexdigest()))
        return hmac.new(key, told.encode(), sha256).hexdigest()


def _request(method: str, url: str, query: str, headers: Mapping[str, str], body_sha256: str) -> str:
    """What is signed: the "canonical request"."""
    lines = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in sorted(headers.items()))
    path = urlsplit(url).path or "/"
    return "\n".join((method, path, query, lines, ";".join(sorted(headers)), body_sha256))


def _stamp(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _host(url: str) -> str:
    """The host as it will be sent: with its port where that is not the usual one."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port in {None, _PORTS.get(parts.scheme)} else f"{host}:{parts.port}"


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
