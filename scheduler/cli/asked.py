"""Which accounts a command is about, and by which limits their posts are counted: for all commands that ask."""

from typing import TYPE_CHECKING

from scheduler.app import App
from scheduler.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.model.account import Account


def named(app: App, names: tuple[str, ...]) -> "list[Account]":
    """The accounts of these names, all of them where none is named. Raises `UsageError` for a name that is none."""
    accounts = app.workspace.accounts
    unknown = [name for name in names if name not in accounts]
    if unknown:
        raise UsageError(f"There is no account {unknown[0]!r}.", mend=f"There are: {', '.join(accounts)}.")
    return [accounts[name] for name in names or accounts]


def limits_of(account: "Account") -> "Mapping[str, int]":
    """The limits that Drumbeat counts an account's posts by."""
    from scheduler.platforms import platform_named

    return {**platform_named(account.platform).limits, **account.limits}
