"""Finding publishers by entry point: ours exactly like a stranger's.

A publisher is loaded only when an account names its platform, so that a broken or missing
one harms nobody else, and starting costs nothing for platforms that are not used.
"""

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from scheduler.errors import UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Login, Publisher, Surroundings

GROUP = "drumbeat.publishers"


def installed() -> tuple[str, ...]:
    """The names of all publishers that are installed, sorted; none is loaded for it."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def publisher_for(account: Account, surroundings: Surroundings) -> Publisher:
    """The publisher of the account's platform. Raises `UsageError` where none is installed, or it does not load."""
    publisher: Publisher = _class_for(account).connect(account, surroundings)
    return publisher


def login_for(account: Account, surroundings: Surroundings) -> Login:
    """A new log-in to the account, where its publisher has such: a class method `login`. Raises `UsageError` else."""
    begin = getattr(_class_for(account), "login", None)
    if begin is None:
        mend = f"Its secrets stand in .env; `drumbeat accounts add {account.platform}` says which."
        raise UsageError(f"Nobody logs in to {account.platform} by a browser.", mend=mend)
    login: Login = begin(account, surroundings)
    return login


def publisher_class(platform: str) -> Any:  # noqa: ANN401  # a stranger's class: the contract suite is its type
    """The class that speaks for a platform. Raises `UsageError` where there is none, or two, or it does not load."""
    entry = _entry(platform)
    try:
        return entry.load()
    except (ImportError, AttributeError) as caught:
        raise UsageError(
            f"The publisher for {platform} does not load: {caught}.", mend="Install its package again."
        ) from caught


def _class_for(account: Account) -> Any:  # noqa: ANN401  # as above
    if account.platform in installed():
        return publisher_class(account.platform)
    raise UsageError(
        f"No publisher for {account.platform} is installed; {account.name} cannot go live.",
        mend=f"In drumbeat.yaml, leave `live: false` for {account.name}, or install its publisher.",
    )


def _entry(platform: str) -> EntryPoint:
    offered = tuple(entry_points(group=GROUP, name=platform))
    if len(offered) > 1:
        raise ambiguous(platform, offered)
    if offered:
        return offered[0]
    raise UsageError(
        f"No publisher for {platform} is installed.", mend=f"There are those for {', '.join(installed())}."
    )


def ambiguous(platform: str, offered: Sequence[EntryPoint]) -> UsageError:
    """Which of several speaks for an account is nobody's guess to make: its credential would go to either."""
    packages = sorted({entry.dist.name if entry.dist else entry.value for entry in offered})
    return UsageError(
        f"{len(offered)} publishers for {platform} are installed, by {' and '.join(packages)}.",
        mend=f"Uninstall all but one: pip uninstall {packages[-1]}",
    )
