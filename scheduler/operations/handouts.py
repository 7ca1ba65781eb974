"""What lies before a person who posts by hand: asked of the publisher that laid it there, whichever that is."""

from pathlib import Path

from scheduler.model.account import Account
from scheduler.model.delivery import idempotency_key
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import Row
from scheduler.publishers.base import Handout
from scheduler.publishers.installed import publisher_class


def handout_of(outbox: Outbox, row: Row, account: Account | None, root: Path) -> Handout | None:
    """What there is of the post of `row`; None where its publisher lays nothing before anybody.

    Raises `UsageError` where the account's settings are of no use, or its publisher does not load.
    """
    lays = getattr(publisher_class(row.platform), "handout", None)
    if lays is None:
        return None
    key = idempotency_key(workspace=outbox.workspace, delivery=row.name, generation=row.generation)
    found: Handout = lays(account or Account(row.account, row.platform, row.timezone), root, row.name, key)
    return found
