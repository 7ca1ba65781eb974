"""OAuth 1.0a, the user context that never expires: HMAC-SHA1 over method, address and parameters.

JSON and multipart bodies are not signed (RFC 5849 3.4.1.3; docs.x.com, "Authorizing a request",
as of 2026-08). A clock that is minutes off makes every signature worthless, and X then says 401.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Keys:
    """The four strings of an app and of the account that it posts for; none of them shows itself."""

    key: str = field(repr=False)
    key_secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)

    def header(self, method: str, url: str, params: Mapping[str, str], *, nonce: str, seconds: int) -> str:
        """The `Authorization` of one request; `params` are those of the query, `seconds` is the Unix time."""
        said = {
            "oauth_consumer_key": self.key,
            "oauth_nonce": nonce,
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(seconds),
            "oauth_token": self.token,
            "oauth_version": "1.0",
        }
        signing = f"{_encoded(self.key_secret)}&{_encoded(self.token_secret)}".encode()
        mac = hmac.new(signing, base_string(method, url, {**params, **said}).encode(), hashlib.sha1)
        said["oauth_signature"] = base64.b64encode(mac.digest()).decode()
        return "OAuth " + ", ".join(f'{name}="{_encoded(value)}"' for name, value in sorted(said.items()))


def base_string(method: str, url: str, params: Mapping[str, str]) -> str:
    """What is signed: RFC 5849 3.4.1."""
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in params.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((method.upper(), _encoded(_address(url)), _encoded(joined)))


def _address(url: str) -> str:
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and parts.port != _PORTS.get(parts.scheme) else ""
    return f"{parts.scheme.lower()}://{(parts.hostname or '').lower()}{port}{parts.path or '/'}"


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
