"""How an emulated Threads lets in: codes, an hour's tokens, tokens of sixty days, and renewals.

A code is good once and for an hour. A token is renewed from a day after it was made until it ends, and stays good
beside the new one; a private profile's is not renewed. These paths have no version and their tokens stand in the
address, as Meta documents it.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs

from scheduler.testing.emulators.graph import LASTS, Granted, Refusal, refused, said
from scheduler.testing.emulators.loopback import Answer, Request

if TYPE_CHECKING:
    from scheduler.testing.emulators.graph import GraphServer

CLIENT, SECRET = "1234567890", "emulatedThreadsSecretOfNobody"  # opens nothing but this
REDIRECT = "https://chapter.example.org/let-in"
HOUR, A_DAY = timedelta(hours=1), timedelta(hours=24)


class Dashboard:
    """The app. `private` are profiles that nothing is renewed for; `loses_next`: the next answer is lost."""

    grants: ClassVar[tuple[str, str]] = ("th_exchange_token", "th_refresh_token")

    def __init__(self, server: "GraphServer") -> None:
        self.server = server
        self.private = False
        self.loses_next = False
        self.declined: frozenset[str] = frozenset()
        self.renewals = 0
        self._codes: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        self._number = 0

    def says_yes(self, address: str) -> str:
        """A person opens the address and says yes: the address that the browser ends at, with Meta's tail."""
        asked = {name: values[-1] for name, values in parse_qs(address.partition("?")[2]).items()}
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code"), "no such app"
        assert asked["redirect_uri"] == REDIRECT, "the address is none of the app's"
        scopes = tuple(one for one in asked["scope"].split(",") if one not in self.declined)
        self._number += 1
        code = f"CODEofNobody{self._number}"
        self._codes[code] = (self.server.clock.now(), scopes)
        return f"{REDIRECT}?code={code}&state={asked['state']}#_"

    def answer(self, request: Request) -> Answer | None:
        """The three paths; None for all others."""
        match request.method, request.path:
            case "POST", "/oauth/access_token":
                answer = self._by_code(said(request))
            case "GET", "/access_token":
                answer = self._long(said(request))
            case "GET", "/refresh_access_token":
                answer = self._renewed(said(request))
            case _:
                return None
        if self.loses_next:
            self.loses_next = False
            return Answer(cut=True)
        return answer

    def _by_code(self, asked: dict[str, str]) -> Answer:
        made, scopes = self._codes.pop(asked.get("code", ""), (None, ()))
        app = (asked.get("client_id"), asked.get("client_secret"), asked.get("redirect_uri"))
        now = self.server.clock.now()
        if made is None or now - made > HOUR or app != (CLIENT, SECRET, REDIRECT):
            raise Refusal(refused(100, "Invalid verification code format."))
        token = self._token(now + HOUR, scopes)
        return self._given(token, scopes)

    def _given(self, token: str, scopes: tuple[str, ...]) -> Answer:
        return Answer(200, {"access_token": token, "user_id": int(self.server.user), "permissions": list(scopes)})

    def _long(self, asked: dict[str, str]) -> Answer:
        grant = self.server.good(asked.get("access_token", ""))
        if (asked.get("grant_type"), asked.get("client_secret")) != (self.grants[0], SECRET):
            raise Refusal(refused(101, "Error validating application."))
        return self._sixty_days(grant)

    def _renewed(self, asked: dict[str, str]) -> Answer:
        grant = self.server.good(asked.get("access_token", ""))
        if asked.get("grant_type") != self.grants[1] or self.server.clock.now() - grant.made < A_DAY:
            raise Refusal(refused(100, "The token is not old enough to be refreshed"))
        if self.private:
            raise Refusal(refused(10, "The profile is private: permission cannot be extended", status=403))
        self.renewals += 1
        return self._sixty_days(grant)

    def _sixty_days(self, grant: Granted) -> Answer:
        token = self._token(self.server.clock.now() + LASTS, grant.scopes)
        seconds = int(LASTS.total_seconds())
        return Answer(200, {"access_token": token, "token_type": "bearer", "expires_in": seconds})

    def _token(self, ends: datetime, scopes: tuple[str, ...]) -> str:
        self._number += 1
        token = f"THtokenOfNobody{self._number:04}"
        self.server.tokens[token] = Granted(self.server.user, self.server.clock.now(), ends, scopes)
        return token
