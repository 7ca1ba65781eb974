"""How an X account stands: whose keys these are, whether they may write, and what it costs.

Only looks; the one request is charged for as a look at an account. What a plan grants of reading
is not told by X anywhere before one tries.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scheduler.errors import AuthExpired
from scheduler.model.account import Account
from scheduler.platforms.rules.x import PRICES
from scheduler.publishers.base import AccountReport
from scheduler.publishers.x.answers import ONLY_READS, reads_only
from scheduler.publishers.x.way import Way

FIELDS = "verified_type,subscription_type"


def report(way: Way, account: Account) -> AccountReport:
    """The account from X's side. Raises `Transient` where X cannot be asked, or does not let us."""
    try:
        reply = way.read("/2/users/me", params={"user.fields": FIELDS})
    except AuthExpired as caught:
        return AccountReport(works=False, software="X", notes=(caught.message,))
    said = reply.fields().get("data")
    me: Mapping[str, Any] = said if isinstance(said, dict) else {}
    handle = str(me.get("username", ""))
    writes = not reads_only(reply)
    notes = [*([] if writes else [ONLY_READS]), *_notes(account, me, handle)]
    return AccountReport(
        works=bool(handle) and writes,
        handle=f"@{handle}",
        scopes=way.credential.scopes,
        software="X API v2",
        notes=tuple(notes),
    )


def _notes(account: Account, me: Mapping[str, Any], handle: str) -> Iterator[str]:
    ours = account.handle.lstrip("@").partition("@")[0]
    if ours and ours.casefold() != handle.casefold():
        yield f"The keys are those of @{handle}, drumbeat.yaml says {account.handle}."
    plan = str(me.get("subscription_type") or "None")
    if plan != "None" and "text" not in account.limits:
        yield f"It has {plan}, which may allow long posts: `limits: {{text: 25000}}`, if they work in X's own app."
    yield f"X charges: {PRICES.told()}."
