"""Until when each account's credential lets posts out, against the last post that it must serve.

What platforms said (`accounts inspect`, `doctor`, `accounts add`, `accounts login`) is kept in
`.drumbeat/ends.json`, so that `status` and the daemon can foretell an end without a network. It holds
moments and no secret. What renews itself without a person has no end here.
"""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.model.account import Account
from scheduler.model.lifecycle import State
from scheduler.preview.view import instant

if TYPE_CHECKING:
    from scheduler.operations.accounts import Inspected
    from scheduler.operations.survey import Survey  # the daemon plans nothing

FILE = Path(".drumbeat") / "ends.json"
LAST_CALL = timedelta(days=1)
"""So long before an end it is told once more."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A credential that ends before its account's last post. Moments are aware; `by_login`: a browser renews it."""

    account: str
    ends: datetime
    last: datetime
    by_login: bool

    def told(self, now: datetime) -> str:
        """It as a sentence."""
        ends = f"{self.account}'s credential {'ended' if self.ends <= now else 'ends'} {self.ends:%Y-%m-%d %H:%M} UTC"
        return f"{ends}, its last post is due {self.last:%Y-%m-%d %H:%M} UTC: {self.mend} before."

    @property
    def mend(self) -> str:
        """What a person does about it."""
        return "log in again" if self.by_login else "put a fresh one into .env"

    @property
    def commands(self) -> tuple[str, ...]:
        """The same as commands."""
        look = f"drumbeat accounts inspect {self.account}"
        return (f"drumbeat accounts login {self.account}", look) if self.by_login else (look,)

    def as_json(self) -> dict[str, Any]:
        """As `status --json` lists it."""
        return {"account": self.account, "ends": instant(self.ends), "last_post": instant(self.last)}


def known(root: Path) -> dict[str, datetime]:
    """The end of each account's credential, as far as it was told; nothing where that cannot be read."""
    try:
        written = json.loads((root / FILE).read_bytes())
        return {str(name): datetime.fromisoformat(moment) for name, moment in written.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(root: Path, inspected: "Iterable[Inspected]") -> None:
    """Keeps what platforms said of their accounts; one that works without an end has none. Never fails a look."""
    ends = before = known(root)
    for one in inspected:
        if one.report is not None and one.works:
            ends = {name: moment for name, moment in ends.items() if name != one.account.name}
            end = None if one.report.renews else one.report.expires_at
            ends |= {one.account.name: end} if end else {}
    if ends != before:
        with suppress(OSError):
            _write(root / FILE, ends)


def forget(root: Path, account: str) -> None:
    """Nothing is known any more of this account's end: somebody logged in anew."""
    ends = known(root)
    if ends.pop(account, None):
        with suppress(OSError):
            _write(root / FILE, ends)


def _write(path: Path, ends: Mapping[str, datetime]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    words = {name: instant(moment) for name, moment in sorted(ends.items())}
    beside.write_text(json.dumps(words, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def last_needed(survey: "Survey | None") -> dict[str, datetime]:
    """For each account the moment of its last post, in the queue or in the files."""
    found: dict[str, datetime] = {}
    if survey is None:
        return found
    queued = ((one.account, one.due) for one in survey.snapshot.held.values() if one.state is State.SCHEDULED)
    planned = ((one.account, one.due) for one in survey.plan.deliveries)
    for account, due in (*queued, *planned):
        found[account] = max(due, found.get(account, due))
    return found


def is_by_login(account: Account) -> bool:
    """Whether a browser lets Drumbeat in to the account, and no token that somebody pasted."""
    return "client" in account.settings and "token" not in account.secrets


def foretold(
    ends: Mapping[str, datetime], last: Mapping[str, datetime], accounts: Mapping[str, Account], *, now: datetime
) -> tuple[Ending, ...]:
    """The credentials of live accounts that end before the last post to come, in order of their ends."""
    found = [
        Ending(name, ends[name], last[name], by_login=is_by_login(account))
        for name, account in accounts.items()
        if account.live and name in ends and name in last and ends[name] <= last[name] and last[name] >= now
    ]
    return tuple(sorted(found, key=lambda one: (one.ends, one.account)))
