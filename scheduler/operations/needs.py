"""What waits for a person: why, where to look, and the commands that are ready to be run."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from scheduler.model.account import Account
from scheduler.model.lifecycle import State
from scheduler.outbox.rows import Row
from scheduler.platforms import by_hand, platform_named

WAITS = frozenset({State.UNCERTAIN, State.FAILED, State.MISSED})


@dataclass(frozen=True, slots=True)
class Need:
    """One thing only a person can settle. `look` is an address to open first; empty where there is none."""

    delivery: str
    state: str
    message: str
    look: str
    choices: tuple[str, ...]
    platform: str = ""

    def as_json(self) -> dict[str, Any]:
        """The need as `status --json` lists it."""
        return {**asdict(self), "choices": list(self.choices)}


def needs(rows: Iterable[Row], accounts: Mapping[str, Account]) -> tuple[Need, ...]:
    """What waits for a person among `rows`, a thread once: its first part that waits speaks for it."""
    found: dict[str, Need] = {}
    for row in rows:
        if row.state in WAITS:
            found.setdefault(row.thread, need(row, accounts.get(row.account)))
    return tuple(found.values())


def need(row: Row, account: Account | None) -> Need:
    """What a person must settle about one delivery that waits."""
    message = {
        State.UNCERTAIN: "No reply came, so it may be out or not.",
        State.FAILED: "It was refused and is not out.",
        State.MISSED: "Its moment passed before it could go out.",
    }[row.state]
    why = f" {row.last_error}" if row.last_error else ""
    if _in_hand(row):
        message, why = f"{row.last_error} Nobody has said yet that it is out.".strip(), ""
    look = profile(account) if account and row.state is State.UNCERTAIN else ""
    return Need(row.name, row.state.value, message + why, look, choices(row), row.platform)


def choices(row: Row) -> tuple[str, ...]:
    """The commands that settle `row`."""
    if _in_hand(row):
        return (f"drumbeat done {row.name} --url URL", f"drumbeat resolve {row.name} --not-sent")
    if row.state is State.UNCERTAIN:
        return (f"drumbeat resolve {row.name} --sent URL", f"drumbeat resolve {row.name} --not-sent")
    return (f"drumbeat retry {row.name} --at WHEN",)


def _in_hand(row: Row) -> bool:
    return row.state is State.UNCERTAIN and by_hand(row.platform)


def profile(account: Account) -> str:
    """Where a person sees the account's own posts; empty where no address is known."""
    known = {key: value.rstrip("/").rpartition(":")[2] for key, value in account.settings.items() if key != "server"}
    name = account.handle.lstrip("@").partition("@")[0]
    known |= {"name": name, "server": account.settings.get("server", "").rstrip("/")}
    return platform_named(account.platform).profile(known)
