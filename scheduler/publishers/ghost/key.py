"""Ghost's Admin API key, `id:secret`, and the token that is made of it for each single request.

A JSON Web Token (RFC 7519) by HMAC-SHA256 over the secret's bytes, for five minutes at most and
for `/admin/`. Source: docs.ghost.org/admin-api, "Token authentication", as of 2026-08.
"""

import hmac
import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from scheduler.errors import AuthExpired

VALID = timedelta(minutes=5)
_KEY = re.compile(r"([0-9a-f]{24}):((?:[0-9a-f]{2}){32})")


@dataclass(frozen=True, slots=True)
class AdminKey:
    """The key's name, and its secret."""

    name: str
    secret: bytes = field(repr=False)

    @classmethod
    def read(cls, written: str) -> Self:
        """The key as it is copied. Raises `AuthExpired`, which never repeats it, where it is none."""
        found = _KEY.fullmatch(written.strip().lower())
        if found is None:
            raise AuthExpired(
                "This is no Admin API key of Ghost's.",
                mend="It has 24 signs, a colon, and 64 signs; the Content API key, which is shorter, posts nothing.",
            )
        return cls(found[1], bytes.fromhex(found[2]))

    def token(self, now: datetime) -> str:
        """A token for requests within the next minutes; `now` is aware."""
        at = int(now.timestamp())
        head = _part({"alg": "HS256", "typ": "JWT", "kid": self.name})
        body = _part({"iat": at, "exp": at + int(VALID.total_seconds()), "aud": "/admin/"})
        return f"{head}.{body}.{_base64(hmac.digest(self.secret, f'{head}.{body}'.encode(), 'sha256'))}"


def _part(said: dict[str, Any]) -> str:
    return _base64(json.dumps(said, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
