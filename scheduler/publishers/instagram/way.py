"""The two ways in to an Instagram account, and whose token it is.

By **Instagram Login** the account itself says yes, at `graph.instagram.com`, and its token lasts sixty days and is
renewed; by **Facebook Login** whoever has the Page that it is linked to does, at `graph.facebook.com`, and the
Page's token stays. An account that names its `page:` comes by the second way. Only there can posts be deleted, and
captions are sure to be shown. By Instagram Login the account's id is `user_id`: `id` is another, the app's own.
Sources: Instagram API with Instagram Login and with Facebook Login, overview pages, as of 2026-03.
"""

import threading
from dataclasses import dataclass
from typing import ClassVar

from scheduler.errors import AuthExpired
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.meta.credential import Credential, credential_of
from scheduler.publishers.meta.graph import Graph, session, version_of
from scheduler.publishers.meta.tokens import LastingToken, Renewal

INSTAGRAM, FACEBOOK = "https://graph.instagram.com", "https://graph.facebook.com"
VERSION = "v26.0"
"""Of 2026-07-29; v27.0 was seen on the page of the Marketing API alone."""

RENEWAL = Renewal("ig_refresh_token")


@dataclass(frozen=True, slots=True)
class Whose:
    """An Instagram account: the id that posts are made under, and its name where the same look tells it."""

    id: str
    name: str = ""


class Way:
    """What both have. Whose account it is is asked once and kept; from any number of threads."""

    by_page: ClassVar[bool]

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._known: Whose | None = None
        self._lock = threading.Lock()

    def whose(self) -> Whose:
        """Whose account it is. Raises as a look does, and `AuthExpired` where there is none."""
        with self._lock:
            if self._known is None:
                self._known = self.asked()
            return self._known

    def asked(self) -> Whose:
        """The same, asked anew."""
        raise NotImplementedError


class ByInstagram(Way):
    """By the account's own token."""

    by_page = False

    def __init__(self, graph: Graph, token: LastingToken) -> None:
        super().__init__(graph)
        self.token = token

    def asked(self) -> Whose:
        """Of `/me` the `user_id`. Raises as a look does."""
        reply = self.graph.read("/me", params={"fields": "user_id,username"})
        said = reply.fields()
        if not said.get("user_id"):
            raise reply.garbled("it does not say whose token it is")
        return Whose(str(said["user_id"]), str(said.get("username") or ""))


class ByPage(Way):
    """By the token of a Page that the account is linked to."""

    by_page = True

    def __init__(self, graph: Graph, credential: Credential, page: str) -> None:
        super().__init__(graph)
        self.credential = credential
        self.page = page

    def asked(self) -> Whose:
        """The account that the Page is linked to. Raises as a look does, and `AuthExpired` where there is none."""
        reply = self.graph.read(f"/{self.page}", params={"fields": "id,instagram_business_account"})
        linked = reply.fields().get("instagram_business_account")
        if not isinstance(linked, dict) or not linked.get("id"):
            raise AuthExpired(
                f"Facebook names no Instagram account that Page {self.page} is linked to.",
                mend="Make the account professional, link it in the Page's settings; the token needs instagram_basic.",
            )
        return Whose(str(linked["id"]))


def is_by_page(account: Account) -> bool:
    """Whether the account comes by Facebook Login."""
    return bool(account.settings.get("page", "").strip())


def way_of(account: Account, surroundings: Surroundings) -> ByInstagram | ByPage:
    """The account's way. Raises `UsageError` for settings of no use, `AuthExpired` without a token."""
    version = version_of(account, VERSION)
    if is_by_page(account):
        credential = credential_of(account, surroundings)
        graph = Graph(session(account, surroundings, FACEBOOK), credential, version)
        return ByPage(graph, credential, account.settings["page"].strip())
    token = token_of(account, surroundings)
    return ByInstagram(Graph(session(account, surroundings, INSTAGRAM), token, version), token)


def token_of(account: Account, surroundings: Surroundings) -> LastingToken:
    """The account's own token: that of `.env` where it names one, else that of a log-in."""
    first = surroundings.secret("token").strip() if "token" in account.secrets else ""
    http = session(account, surroundings, INSTAGRAM, secrets=(first,))
    store = Credentials(surroundings.root)
    return LastingToken(account.name, RENEWAL, http, store, surroundings.clock, first=first)
