"""Which publisher takes which post: the account's own, or the dry-run publisher in its stead.

Publishers are asked for once an account and kept; one whose credential no longer works is
asked for anew, and all of them when what they were built from changes, so that a mended secret
is read. Building one may fail, and then nothing was sent.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from scheduler.errors import StoreError
from scheduler.model.content import Content
from scheduler.model.delivery import Draft
from scheduler.outbox.budgets import Budgets
from scheduler.outbox.quotas import Quotas, no_quotas
from scheduler.planning.pace import HOST_CAP
from scheduler.publishers.base import Operation, Publisher

Resolve = Callable[[str], Publisher]
"""An account's name to its live publisher; raises `SchedulerError` where there is none."""


class Forbidden(StoreError):
    """Nothing live may leave from here (any more): another computer sends. Raised by what says who is live."""


class Switchboard:
    """`live` says which accounts may post for real, anew each time it is asked.

    `hosts` names the server of accounts that share one (others are left out); it gets at most `host_cap`
    requests at once. `stamp` says what publishers were built from: another stamp, other publishers.
    `quotas` says what each account's platform takes of it in a while, `budgets` what accounts may spend. `going_out`
    gives a content whose files are those that were frozen for it.
    """

    def __init__(  # noqa: PLR0913  # all that a claim hangs on is handed in
        self,
        resolve: Resolve,
        *,
        dry: Publisher,
        live: Callable[[], Collection[str]] = frozenset,
        hosts: Callable[[], Mapping[str, str]] = dict,
        host_cap: int = HOST_CAP,
        stamp: Callable[[], object] = bool,
        quotas: Quotas = no_quotas,
        budgets: Callable[[], Budgets] = dict,
        going_out: Callable[[Content], Content] = lambda content: content,
    ) -> None:
        self.quotas = quotas
        self.budgets = budgets
        self.hosts = hosts
        self.host_cap = host_cap
        self._going_out = going_out
        self._resolve = resolve
        self._dry = dry
        self._live = live
        self._stamp = stamp
        self._seen = stamp()
        self._known: dict[str, Publisher] = {}
        self._broken: set[str] = set()
        self._prepare: tuple[frozenset[str], frozenset[str]] | None = None
        self._lock = threading.Lock()

    def live(self) -> frozenset[str]:
        """The accounts that may post for real at this moment."""
        return frozenset(self._live())

    def publisher(self, account: str, *, dry: bool) -> Publisher:
        """Who takes a post of this account. Raises what building the publisher raises."""
        if dry:
            return self._dry
        with self._lock:
            self._renew()
            if account not in self._known:
                self._known[account] = self._resolve(account)
                self._broken.discard(account)
                self._prepare = None
            return self._known[account]

    def draft(self, draft: Draft) -> Draft:
        """The draft as a publisher gets it."""
        following = tuple(self._going_out(content) for content in draft.following)
        return replace(draft, content=self._going_out(draft.content), following=following)

    def forget(self, account: str) -> None:
        """Builds the account's publisher anew the next time, secrets and all."""
        with self._lock:
            self._known.pop(account, None)
            self._prepare = None

    def preparing(self, accounts: Collection[str]) -> frozenset[str]:
        """Those of `accounts` whose publisher must make something before a post can leave.

        Asked in every round, so the last answer is kept until something changes: there may be thousands of accounts.
        """
        of = frozenset(accounts)
        with self._lock:
            self._renew()
            asked = self._prepare
        if asked is not None and (asked[0] is of or asked[0] == of):  # two equal sets are compared name by name
            return asked[1]
        found = frozenset(account for account in of if self._prepares(account))
        with self._lock:
            self._prepare = (of, found)
        return found

    def _renew(self) -> None:
        stamp = self._stamp()
        if stamp != self._seen:
            self._known.clear()
            self._broken.clear()
            self._prepare = None
            self._seen = stamp

    def _prepares(self, account: str) -> bool:
        if account in self._broken and account not in self._known:
            return False
        try:
            return Operation.PREPARE in self.publisher(account, dry=False).capabilities.operations
        except Exception:  # noqa: BLE001  # the try itself will meet the same trouble, and say so
            self._broken.add(account)
            return False
