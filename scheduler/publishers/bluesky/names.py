"""Names of records: the key that we choose before a post exists, and addresses built from it.

The key depends on the idempotency key and the frozen moment of the first attempt and on
nothing else, so that every repeat, after whatever crash, names the same record.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduler.model.delivery import Draft

POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(rf"at://(?P<repo>[^/?#]+)/{re.escape(POST)}/(?P<rkey>[A-Za-z0-9._~:-]+)")
_PAGE = re.compile(r"https?://[^/]+/profile/(?P<repo>[^/?#]+)/post/(?P<rkey>[A-Za-z0-9._~:-]+)/?(?:[?#].*)?")


@dataclass(frozen=True, slots=True)
class Where:
    """One post: `repo` is a DID, or a handle where a person gave the page's address."""

    repo: str
    rkey: str

    @property
    def uri(self) -> str:
        """The post's at:// address."""
        return f"at://{self.repo}/{POST}/{self.rkey}"


def record_key(draft: Draft) -> str:
    """The draft's own key: the same for every try of it, and surely another one after a person's `retry`."""
    return tid(draft.created_at.replace(microsecond=0), draft.idempotency_key)


def tid(second: datetime, identity: str) -> str:
    """A key in the form that posts want, for an identity in a second (aware).

    13 characters of base 32: 53 bits of microseconds, 10 bits of clock id (atproto.com/specs/tid, as of 2026-11).
    Microseconds within the second and clock id come from a hash, where other programs take them from a clock.
    """
    number = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big")
    microseconds = (second - _EPOCH) // timedelta(microseconds=1) + (number >> 10) % 1_000_000
    bits = microseconds << 10 | number % 1024
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(60, -1, -5))


def where(remote_id: str) -> Where | None:
    """The post that an at:// address or the address of its page names; None where it names none."""
    match = _ADDRESS.fullmatch(remote_id) or _PAGE.fullmatch(remote_id)
    return Where(match["repo"], match["rkey"]) if match else None


def page(*, handle: str, did: str, rkey: str) -> str:
    """The address at which people read the post. A handle that does not resolve is `handle.invalid`: the DID then."""
    known = handle and handle != "handle.invalid"
    return f"https://bsky.app/profile/{handle if known else did}/post/{rkey}"
