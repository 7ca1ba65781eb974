"""Which Page an account speaks for, and the token that lets it: pasted into `.env`, or kept from a log-in.

Only a Page's own token will do. A person's token reads much and posts nothing, and a client that
kept one silently had every post refused (gitroomhq/postiz-app PR 1881); so whose token it is gets
proved before the first post. Nothing renews a Page's token: it lasts until a person ends it.
"""

from collections.abc import Mapping
from typing import Protocol

from scheduler.errors import AuthExpired, UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials


class Credential(Protocol):
    """What lets us in, and to which Page."""

    @property
    def page(self) -> str:
        """The Page's id. May raise as `current` does."""
        ...

    def current(self) -> str:
        """The Page's token. Raises `AuthExpired` where there is none."""
        ...


class Pasted:
    """The token of `token:`, for the Page of `page:`."""

    def __init__(self, page: str, token: str) -> None:
        self.page = page
        self._token = token

    def current(self) -> str:
        """Always the same."""
        return self._token


class Kept:
    """What a log-in left in `.drumbeat/credentials.json`, read once, when it is first needed."""

    def __init__(self, account: Account, store: Credentials) -> None:
        self._name = account.name
        self._client = account.settings["client"].strip()
        self._page = account.settings.get("page", "").strip()
        self._store = store
        self._known: Mapping[str, str] = {}

    @property
    def page(self) -> str:
        """The Page that was chosen at the log-in. Raises `AuthExpired` before it."""
        return self._values()["page"]

    def current(self) -> str:
        """The token that was given for it. Raises `AuthExpired`, `Transient`."""
        return self._values()["token"]

    def _values(self) -> Mapping[str, str]:
        if not self._known:
            found = self._store.read(self._name).values
            fits = found.get("client") == self._client and (self._page or found.get("page")) == found.get("page")
            if not (fits and found.get("page") and found.get("token")):
                raise AuthExpired(f"Nobody has logged in: run `drumbeat accounts login {self._name}`.")
            self._known = found
        return self._known


def kept(client: str, page: str, token: str) -> dict[str, str]:
    """A Page's token as it is kept."""
    return {"client": client, "page": page, "token": token}


def credential_of(account: Account, surroundings: Surroundings) -> Credential:
    """By the account's own `token:`, else by its log-in. Raises `UsageError` without a Page, `AuthExpired`."""
    page = account.settings.get("page", "").strip()
    if page and not page.isdecimal():
        mend = "Write `page:` with the Page's id, a number: it stands in the Page's settings, below Page transparency."
        raise UsageError(f"{account.name}: `page: {page}` is no id.", mend=mend)
    if "token" not in account.secrets and account.settings.get("client"):
        return Kept(account, Credentials(surroundings.root))
    if not page:
        raise UsageError(f"{account.name} has no Page.", mend="Write `page:` with the Page's id, a number.")
    return Pasted(page, surroundings.secret("token").strip())
