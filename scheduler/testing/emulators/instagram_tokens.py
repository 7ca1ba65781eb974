"""How an emulated Instagram lets in by Instagram Login: codes, an hour's tokens, tokens of sixty days, renewals.

As Threads does it, with other words, and the answer to a code may come in a list. Source: Instagram API, business
login, as of 2026-03.
"""

from typing import Any, ClassVar

from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.threads_tokens import CLIENT, REDIRECT, SECRET, Dashboard

__all__ = ["CLIENT", "REDIRECT", "SECRET", "Business"]


class Business(Dashboard):
    """The app. `listed`: the answer to a code stands in a list, as some of the documentation has it."""

    grants: ClassVar[tuple[str, str]] = ("ig_exchange_token", "ig_refresh_token")
    listed = True

    def _given(self, token: str, scopes: tuple[str, ...]) -> Answer:
        said: dict[str, Any] = {
            "access_token": token,
            "user_id": int(self.server.user),
            "permissions": ",".join(scopes),
        }
        return Answer(200, {"data": [said]} if self.listed else said)
