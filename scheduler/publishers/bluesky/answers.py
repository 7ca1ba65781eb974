"""What a Bluesky server's answers mean, where the common rules would be wrong.

Decided on the error's name in the body, never on the status alone: an expired token, a
missing record and a record that is there already all come as 400. Names and meanings are
those of the reference server (github.com/bluesky-social/atproto, packages/pds, and
docs.bsky.app, as of 2026-11); each was seen on it.
"""

from scheduler.errors import AuthExpired, Duplicate, PublishError, Transient
from scheduler.http.reply import Purpose, Reply

EXPIRED = "ExpiredToken"
DEAD = frozenset({"InvalidToken", "AuthMissing"})
"""The token is none, or no longer one: a new session may mend it."""
LOST_BLOB = "BlobNotFound"
_THERE = frozenset({"InvalidSwap", "RecordAlreadyExists"})
_LOCKED = frozenset({"AccountTakedown", "AccountDeactivated", "AccountSuspended", "RepoTakendown", "RepoDeactivated"})
NEW_PASSWORD = "Make an app password (bsky.app: Settings, Privacy and security, App passwords); put it into .env."  # noqa: S105


class SessionOver(Transient):
    """The server no longer takes the token; nothing was made. `dead`: not for its age, so renewing may not help."""

    def __init__(self, message: str, *, dead: bool) -> None:
        super().__init__(message)
        self.dead = dead


class BlobGone(Transient):
    """The server no longer has an upload that the post needs. Nothing was made; it is uploaded again."""


def sort(reply: Reply) -> PublishError | None:
    """The error that an answer stands for; None leaves it to the common rules."""
    name = name_of(reply)
    if name == EXPIRED or name in DEAD:
        return SessionOver(reply.sentence(), dead=name in DEAD)
    if name in _LOCKED:
        return AuthExpired(reply.sentence(), mend="Log in at https://bsky.app and see what it says.")
    if reply.purpose is Purpose.CREATE:
        return _sort_created(reply, name)
    return None


def _sort_created(reply: Reply, name: str) -> PublishError | None:
    if name in _THERE:
        return Duplicate(reply.sentence())
    if name == LOST_BLOB:
        return BlobGone(reply.sentence())
    return None


def name_of(reply: Reply) -> str:
    """The error's name, empty where there is none."""
    name = reply.said().get("error")
    return name if isinstance(name, str) and not 200 <= reply.status < 300 else ""
