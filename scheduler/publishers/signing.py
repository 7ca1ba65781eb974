"""How webhooks are signed, in the three manners that receivers verify.

All are HMAC-SHA-256 over the very bytes that are sent. Standard Webhooks signs id, moment and
body, and its secret is base64 behind `whsec_`, decoded before use (standard-webhooks 1.0.0,
03f5f8c6); GitHub signs the body alone, so nothing stops a replay there (docs.github.com,
"Validating webhook deliveries", 2026); Stripe signs moment and body (its library's docs, 2026).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.errors import UsageError

PREFIX = "whsec_"
_BYTES = range(24, 65)
Signer = Callable[[str, str, int, bytes], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Signing:
    """A style and its secret; several secrets, with blanks between them, while one takes over from another."""

    style: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raises `UsageError` for a secret that this style cannot use; it is never repeated."""
        if self.style == "standard":
            for one in self.secrets:
                _key(one)
        if self.style != "none" and not self.secrets:
            raise UsageError("A webhook's secret is empty.", mend="Put it into .env.")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Each secret by itself."""
        return tuple(self.secret.split())

    def headers(self, name: str, at: datetime, body: bytes) -> Mapping[str, str]:
        """The headers that sign `body` under the id `name`, at the moment of this try."""
        if self.style == "none":
            return {"webhook-id": name}
        return STYLES[self.style](self.secret, name, int(at.timestamp()), body)


def _key(secret: str) -> bytes:
    mend = f"It is {PREFIX} and base64 of 24 to 64 random bytes; make one with `openssl rand -base64 32`."
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except binascii.Error:
        key = b""
    if len(key) not in _BYTES:
        raise UsageError("A webhook's secret is not of the form that Standard Webhooks has.", mend=mend)
    return key


def _mac(key: bytes, signed: bytes) -> "hmac.HMAC":
    return hmac.new(key, signed, hashlib.sha256)


def _standard(secret: str, name: str, moment: int, body: bytes) -> Mapping[str, str]:
    signed = f"{name}.{moment}.".encode() + body
    macs = [base64.b64encode(_mac(_key(one), signed).digest()).decode() for one in secret.split()]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{mac}" for mac in macs),
    }


def _github(secret: str, name: str, moment: int, body: bytes) -> Mapping[str, str]:
    del moment
    mac = _mac(secret.split(maxsplit=1)[0].encode(), body).hexdigest()
    return {"X-GitHub-Event": "drumbeat.post", "X-GitHub-Delivery": name, "X-Hub-Signature-256": f"sha256={mac}"}


def _stripe(secret: str, name: str, moment: int, body: bytes) -> Mapping[str, str]:
    signed = f"{moment}.".encode() + body
    macs = [_mac(one.encode(), signed).hexdigest() for one in secret.split()]
    return {"webhook-id": name, "Stripe-Signature": ",".join([f"t={moment}", *(f"v1={mac}" for mac in macs)])}


STYLES: Mapping[str, Signer] = {"standard": _standard, "github": _github, "stripe": _stripe}
