"""The app that speaks for the account at Meta: its id, and its secret where the account has one.

The two together, `ID|SECRET`, are the app's own token: by it Facebook says what a Page's token is.
"""

from dataclasses import dataclass, field

from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings


@dataclass(frozen=True, slots=True)
class AppOfOurs:
    """One app."""

    id: str
    secret: str = field(repr=False)

    @property
    def token(self) -> str:
        """What the app itself asks by."""
        return f"{self.id}|{self.secret}"


def app_of(account: Account, surroundings: Surroundings) -> AppOfOurs | None:
    """The account's app; None where the account names none, or not its secret. Raises `AuthExpired`."""
    client = account.settings.get("client", "").strip()
    if not client or "client_secret" not in account.secrets:
        return None
    return AppOfOurs(client, surroundings.secret("client_secret").strip())
