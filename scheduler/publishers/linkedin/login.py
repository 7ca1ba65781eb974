"""Letting Drumbeat in to a LinkedIn account, with the browser of whoever owns it.

The person is sent to LinkedIn, says yes, and comes back to an address of the app with a code that is good
for 30 minutes. That address must be among the app's, to the letter. Reports differ on whether the portal takes
one on one's own computer (better-auth's guide says so, profullstack/mynaposter 0.3.1 says `https` only): where it
does not, `redirect:` names any other, and the address at which the browser ends is pasted. Log-ins without a
secret (PKCE) are for few apps, so one is needed. Source: Microsoft Learn, authorization code flow, as of 2026-09.
"""

import secrets
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, UsageError
from scheduler.http.session import HttpSession
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.linkedin.tokens import Client, asked_for, divided

BACK = "http://127.0.0.1:8723/"
"""Where the browser comes back to, unless the account names another `redirect:`."""

AUTHORIZE = "https://www.linkedin.com/oauth/v2/authorization"
PERSON = ("openid", "profile", "w_member_social")
ORGANIZATION = ("w_organization_social", "r_organization_social", "rw_organization_admin")


@dataclass(frozen=True, slots=True)
class Begun:
    """A log-in that waits for its person: open `address`, and come back to `redirect`."""

    address: str
    redirect: str
    state: str = field(repr=False)

    @classmethod
    def by(cls, client: str, redirect: str, scopes: tuple[str, ...]) -> Self:
        """A new one."""
        state = secrets.token_urlsafe(24)
        said = {"response_type": "code", "client_id": client, "redirect_uri": redirect, "state": state}
        return cls(f"{AUTHORIZE}?{urlencode({**said, 'scope': ' '.join(scopes)})}", redirect, state)

    def code(self, came_back: str) -> str:
        """The code in the address that the browser came back to. Raises `UsageError` where it is of no use."""
        said = {name: values[-1] for name, values in parse_qs(urlsplit(came_back.strip()).query).items()}
        if said.get("error"):
            why = said.get("error_description") or said["error"]
            raise UsageError(f"LinkedIn did not let Drumbeat in: {why[:120]}.", mend="Begin again, and say yes.")
        if not secrets.compare_digest(said.get("state", "").encode(), self.state.encode()):
            raise UsageError("This address belongs to no log-in that was begun here.", mend="Begin again.")
        if not said.get("code"):
            raise UsageError("There is no code in this address.", mend="Paste it whole, as the browser shows it.")
        return said["code"]


class LinkedInLogin:
    """One log-in to one account. `wanted` is the scope that posts need."""

    def __init__(
        self, begun: Begun, client: Client, http: HttpSession, store: Credentials, clock: Clock, wanted: str
    ) -> None:
        self._begun, self._client, self._wanted = begun, client, wanted
        self._http, self._store, self._clock = http, store, clock
        self.address = begun.address
        self.redirect = begun.redirect

    def finish(self, came_back: str) -> None:
        """Changes the code for tokens and keeps them. Raises `UsageError`, `AuthExpired`, `Transient`, `RateLimited`.

        What was granted too little is kept as well: a person is told, and may look at it.
        """
        said = {"grant_type": "authorization_code", "redirect_uri": self._begun.redirect}
        form = self._client.asked({**said, "code": self._begun.code(came_back)})
        with self._store.renewing(self._client.account):
            grant = asked_for(self._http, form, self._clock.now())
            self._store.keep(self._client.account, grant.written(self._client.id))
        granted = divided(grant.scopes)
        if granted and self._wanted not in granted:
            raise AuthExpired(f"LinkedIn did not grant {self._wanted}: add the product that has it to the app.")
