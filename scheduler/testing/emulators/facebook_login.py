"""Facebook Login of an emulated person who has Pages: the dialog, the code, the short and the long token, the Pages.

A code is good once. Page tokens that come of a person's long token never end, those of a short one
end with it. A Page that the person reaches only through a business portfolio comes without a token.
Written from Meta's pages as of 2026-04; nothing here was seen live.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scheduler.clock import Clock
from scheduler.testing.emulators.graph import Granted, GraphServer, Refusal, paged, refused, wrong
from scheduler.testing.emulators.loopback import Answer, Request

CLIENT, SECRET = "998877665544332", "emulatedAppSecretOfNobody0000"  # opens nothing but this
PERSON = "10001000100010"
SHORT, LONG = timedelta(hours=2), timedelta(days=60)


@dataclass
class Consent:
    """The log-ins of one person. `pages` are theirs, by id: the name, and the name in its address.

    `by_portfolio` are those without a token, `grants` what the person says yes to.
    """

    clock: Clock
    server: GraphServer
    person: str = PERSON
    pages: dict[str, tuple[str, str]] = field(default_factory=lambda: {"112233445566778": ("Our Page", "sayno")})
    by_portfolio: frozenset[str] = frozenset()
    redirects: tuple[str, ...] = ("https://example.org/",)
    grants: tuple[str, ...] = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
    page_size: int = 100
    codes: dict[str, str] = field(default_factory=dict)
    _number: int = 0

    def says_yes(self, address: str) -> str:
        """A person opens the address and says yes: the address that the browser ends at."""
        parts = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        assert parts.path.endswith("/dialog/oauth"), "that is not the dialog"
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code"), "no such app"
        assert asked["redirect_uri"] in self.redirects, "URL blocked: the redirect is none of the app's"
        self._number += 1
        code = f"code{self._number}"
        self.codes[code] = asked["redirect_uri"]
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}#_=_"

    def answer(self, request: Request) -> Answer:
        """What `/oauth/access_token` says."""
        asked = request.query
        if asked.get("client_id") != CLIENT or asked.get("client_secret") != SECRET:
            raise Refusal(refused(1, "Error validating client secret."))
        if asked.get("grant_type") == "fb_exchange_token":
            grant = self.server.good(asked.get("fb_exchange_token", ""))
            return self._given("long", LONG, grant.scopes)
        redirect = self.codes.pop(asked.get("code", ""), None)
        if redirect is None or redirect != asked.get("redirect_uri"):
            raise Refusal(refused(100, "This authorization code has been used.", subcode=36009))
        return self._given("short", SHORT, self.grants)

    def _given(self, kind: str, lasts: timedelta, scopes: tuple[str, ...]) -> Answer:
        self._number += 1
        token = f"{kind}TokenOfNobody{self._number:04}"
        now = self.clock.now()
        self.server.tokens[token] = Granted(self.person, now, now + lasts, scopes)
        said = {"access_token": token, "token_type": "bearer", "expires_in": int(lasts.total_seconds())}
        return Answer(200, said)

    def permissions(self, grant: Granted) -> dict[str, Any]:
        """What the person said yes and no to."""
        usual = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
        asked = (*dict.fromkeys((*usual, *self.grants)), "public_profile")
        told = {one: "granted" if one in {*grant.scopes, "public_profile"} else "declined" for one in asked}
        return {"data": [{"permission": name, "status": status} for name, status in told.items()]}

    def accounts(self, grant: Granted, query: Mapping[str, str]) -> dict[str, Any]:
        """The person's Pages, each with a token of its own that ends when the person's short one does, or never."""
        if grant.user != self.person:
            raise wrong("Tried accessing nonexisting field (accounts) on node type (Page)")
        if "pages_show_list" not in grant.scopes:
            return {"data": []}
        lasting = grant.ends is not None and grant.ends - grant.made > SHORT
        listed = [self._page(page, grant, lasting=lasting) for page in self.pages]
        return paged(listed, {**query, "limit": str(min(self.page_size, int(query.get("limit", "25"))))})

    def _page(self, page: str, grant: Granted, *, lasting: bool) -> dict[str, Any]:
        name, username = self.pages[page]
        told = {"id": page, "name": name, "username": username, "tasks": ["CREATE_CONTENT", "MANAGE", "MODERATE"]}
        if page in self.by_portfolio:
            return told
        token = f"pageToken{page}OfNobody{self._number:04}"
        self.server.tokens[token] = Granted(page, self.clock.now(), None if lasting else grant.ends, grant.scopes)
        return {**told, "access_token": token}
