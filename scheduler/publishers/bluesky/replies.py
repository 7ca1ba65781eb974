"""Who may reply to an account's posts: the gate, a record of its own under the post's key.

The form is that of the lexicon app.bsky.feed.threadgate (github.com/bluesky-social/atproto,
as of 2026-11): `allow` names at most five rules, an empty `allow` lets nobody reply, and no
gate lets everybody. A gate for a post that is never made shows nothing to anyone, so it is
put before the post, as often as one likes, and nobody can reply in between.
"""

from datetime import datetime
from typing import Any

from scheduler.errors import UsageError
from scheduler.publishers.bluesky.names import GATE, Where
from scheduler.publishers.bluesky.record import moment

EVERYONE = "everyone"
NOBODY = "nobody"
_RULES = {"mentioned": "mentionRule", "following": "followingRule", "followers": "followerRule"}
"""`following` are those whom the account follows, `followers` those who follow it."""


def who_may_reply(written: str, account: str) -> tuple[str, ...] | None:
    """The lexicon's rules for `replies:` as written; None where everybody may. Raises `UsageError`."""
    words = tuple(dict.fromkeys(word.strip().lower() for word in written.split(","))) if written else (EVERYONE,)
    if len(words) == 1 and words[0] in {EVERYONE, NOBODY}:
        return None if words[0] == EVERYONE else ()
    wrong = next((word for word in words if word not in _RULES), None)
    if wrong is None:
        return tuple(_RULES[word] for word in words)
    known = f"{EVERYONE}, {NOBODY}, or any of {', '.join(_RULES)} with commas between them"
    alone = f"{wrong!r} stands alone" if wrong in {EVERYONE, NOBODY} else f"{wrong!r} is nobody that `replies` knows"
    raise UsageError(f"{account}: {alone}.", mend=f"Write {known}.")


def gate(post: Where, rules: tuple[str, ...], created_at: datetime) -> dict[str, Any]:
    """The record that lets only those of `rules` reply to `post`; the same bytes each time."""
    allow = [{"$type": f"{GATE}#{rule}"} for rule in rules]
    return {"$type": GATE, "post": post.uri, "allow": allow, "createdAt": moment(created_at)}
