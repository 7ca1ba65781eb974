"""Letting Drumbeat in to a Page: Facebook Login, from a code to the token of the one Page that is wanted.

Three exchanges: the code for a person's token of an hour or two, that for one of sixty days, and with
it the list of the person's Pages, each with a token of its own that does not end. Only the Page's is
kept; the person's is forgotten. Facebook comes back to an https address alone, so whoever logs in
pastes the one that the browser ends at. A Page that the person reaches only through a business
portfolio may be missing in the list, or come without a token: then nothing is kept, for the person's
own would be refused at every post (gitroomhq/postiz-app PR 1881).
Sources: Meta, manual login flow, long-lived tokens, /me/accounts, as of 2026-04. Not confirmed: that
Facebook Login for Business wants `config_id` in place of the permissions.
"""

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from scheduler.errors import AuthExpired, UsageError
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.meta.credential import kept
from scheduler.publishers.meta.graph import FixedToken, Graph
from scheduler.publishers.meta.listing import Entry, listed
from scheduler.publishers.meta.login import App, code_in
from scheduler.publishers.meta.tokens import given

SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
DIALOG = "https://www.facebook.com"
EXCHANGE = "/oauth/access_token"
_ASKED = "id,name,username,access_token,tasks"


class FacebookLogin:
    """One log-in to one Page, begun: a `Login`."""

    def __init__(  # what it touches is handed in
        self,
        account: Account,
        app: App,
        http: HttpSession,
        around: Surroundings,
        version: str,
        *,
        scopes: Sequence[str] = SCOPES,
        needed: Sequence[str] = SCOPES,
    ) -> None:
        """`http` goes to Graph's host; the app's secret is among what it strikes out. `needed` are of the `scopes`."""
        self._account, self._app, self._http, self._version = account, app, http, version
        self._scopes, self._needed = scopes, needed
        self._store = Credentials(around.root)
        self._state = secrets.token_urlsafe(24)
        self.redirect = app.redirect
        self.address = f"{DIALOG}/{version}/dialog/oauth?{urlencode(self._asked())}"

    def _asked(self) -> dict[str, str]:
        asked = {"client_id": self._app.id, "redirect_uri": self.redirect, "state": self._state}
        configuration = self._account.settings.get("configuration", "").strip()
        what = {"config_id": configuration} if configuration else {"scope": ",".join(self._scopes)}
        return {**asked, "response_type": "code", **what}

    def finish(self, came_back: str) -> None:
        """Keeps the Page's token. Raises `UsageError`, `AuthExpired`, `Transient`, `RateLimited`."""
        code = code_in(came_back, self._state, "Facebook")
        with self._store.renewing(self._account.name):
            person = Graph(self._http, FixedToken(self._long(self._short(code))), self._version)
            _refuse_half_a_yes(person, self._needed)
            found = listed(person, "/me/accounts", {"fields": _ASKED}, page=100)
            page = chosen(found.entries, self._account)
            token = _token_of(page)
            self._prove(str(page["id"]), token)
            self._store.keep(self._account.name, kept(self._app.id, str(page["id"]), token))

    def _short(self, code: str) -> str:
        return self._exchanged({"redirect_uri": self.redirect, "code": code})

    def _long(self, short: str) -> str:
        return self._exchanged({"grant_type": "fb_exchange_token", "fb_exchange_token": short})

    def _exchanged(self, asked: dict[str, str]) -> str:
        params = {"client_id": self._app.id, "client_secret": self._app.secret, **asked}
        access, _ = given(self._http.prepare("GET", f"/{self._version}{EXCHANGE}", params=params))
        return access

    def _prove(self, page: str, token: str) -> None:
        reply = Graph(self._http, FixedToken(token), self._version).read("/me", params={"fields": "id"})
        if str(reply.fields().get("id", "")) != page:
            raise AuthExpired("The token that Facebook gave is not that Page's own. Nothing was kept.")


def _refuse_half_a_yes(person: Graph, needed: Sequence[str]) -> None:
    """Raises `AuthExpired` where the person left out a permission that is needed."""
    said = person.read("/me/permissions").fields().get("data")
    told: Sequence[Any] = said if isinstance(said, list) else ()
    granted = {str(one.get("permission")) for one in told if isinstance(one, dict) and one.get("status") == "granted"}
    if lacking := [one for one in needed if one not in granted]:
        raise AuthExpired(f"Facebook did not grant {', '.join(lacking)}: begin again, and leave nothing out.")


def chosen(pages: Sequence[Entry], account: Account) -> Entry:
    """The Page that the account means. Raises `UsageError` where that is not clear, and names those there are."""
    if not pages:
        raise UsageError("Facebook names no Page of yours.", mend="Say yes to the Page as well, and have a role on it.")
    page = account.settings.get("page", "").strip()
    name = account.handle.lstrip("@").casefold()
    meant = [one for one in pages if str(one.get("id")) == page] if page else list(pages)
    if not page and name:
        meant = [one for one in pages if str(one.get("username", "")).casefold() == name] or meant
    if len(meant) == 1:
        return meant[0]
    there = "; ".join(f"{one.get('name')}, page: {one.get('id')}" for one in pages)
    why = f"Page {page} is not among yours" if page else "You have several Pages"
    raise UsageError(f"{why}: {there}.", mend=f"Write the right `page:` below {account.name}, and log in again.")


def _token_of(page: Entry) -> str:
    """The Page's own token. Raises `AuthExpired` where Facebook gives none, or the person may not post there."""
    name, token, tasks = page.get("name"), page.get("access_token"), page.get("tasks")
    if not isinstance(token, str) or not token:
        raise AuthExpired(
            f"Facebook gives no token for {name}: you reach it only through a business portfolio, it seems.",
            mend="Have yourself given a role on the Page itself, or paste a Page token of a system user as `token:`.",
        )
    if isinstance(tasks, list) and tasks and "CREATE_CONTENT" not in tasks:
        raise AuthExpired(f"You may not post on {name}: your role lacks the task CREATE_CONTENT.")
    return token
