"""Letting Drumbeat in to an X account: PKCE, with the browser of whoever owns the account.

The person is sent to X, says yes, and comes back to an address on their own computer with a code
that is good for 30 seconds; on a server they paste the address that the browser ends at. Only who
began can finish: the code is worthless without the verifier, which never leaves this computer.
Sources: docs.x.com, OAuth 2.0 with PKCE, as of 2026-08; RFC 7636.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, UsageError
from scheduler.http.session import HttpSession
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.x.tokens import SCOPES, Client, asked_for

BACK = "http://127.0.0.1:8723/"
"""Where the browser comes back to, unless the account names another `redirect:`."""

AUTHORIZE = "https://x.com/i/oauth2/authorize"
WANTED = frozenset({"tweet.write", "users.read"})


@dataclass(frozen=True, slots=True)
class Begun:
    """A log-in that waits for its person: open `address`, and come back to `redirect`."""

    address: str
    redirect: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def by(cls, client: str, redirect: str) -> Self:
        """A new one. `redirect` must be among the app's callback addresses, to the letter."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        said = {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": redirect,
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return cls(f"{AUTHORIZE}?{urlencode(said)}", redirect, state, verifier)

    def code(self, came_back: str) -> str:
        """The code in the address that the browser came back to. Raises `UsageError` where it is of no use."""
        said = {name: values[-1] for name, values in parse_qs(urlsplit(came_back.strip()).query).items()}
        if said.get("error"):
            raise UsageError(f"X did not let Drumbeat in: {said['error'][:60]}.", mend="Begin again, and say yes.")
        if not secrets.compare_digest(said.get("state", "").encode(), self.state.encode()):
            raise UsageError("This address belongs to no log-in that was begun here.", mend="Begin again.")
        if not said.get("code"):
            raise UsageError("There is no code in this address.", mend="Paste it whole, as the browser shows it.")
        return said["code"]


class XLogin:
    """One log-in to one account."""

    def __init__(self, begun: Begun, client: Client, http: HttpSession, store: Credentials, clock: Clock) -> None:
        self._begun, self._client = begun, client
        self._http, self._store, self._clock = http, store, clock
        self.address = begun.address
        self.redirect = begun.redirect

    def finish(self, came_back: str) -> None:
        """Raises as `finish` does."""
        finish(self._begun, came_back, self._client, self._http, self._store, self._clock)


def finish(begun: Begun, came_back: str, client: Client, http: HttpSession, store: Credentials, clock: Clock) -> None:
    """Changes the code for tokens and keeps them. Raises `UsageError`, `AuthExpired`, `Transient`, `RateLimited`."""
    code = begun.code(came_back)
    said = {"grant_type": "authorization_code", "code": code, "redirect_uri": begun.redirect}
    headers, form = client.asked({**said, "code_verifier": begun.verifier})
    with store.renewing(client.account):
        pair = asked_for(http, headers, form, clock.now())
        store.keep(client.account, pair.written(client.id))
    if lacking := WANTED - set(pair.scopes.split()):
        raise AuthExpired(f"X did not grant {', '.join(sorted(lacking))}: set Read and write for the app, begin again.")
