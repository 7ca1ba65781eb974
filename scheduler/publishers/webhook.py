"""A signed webhook: each post as JSON to an address of your own, at its second.

Signed as receivers already verify: Standard Webhooks 1.0.0 (standard-webhooks 03f5f8c6, read
2026-11), or on request as GitHub or Stripe do it. The bytes that are signed are the bytes that
are sent. The id is the same for every try and the moment is that of the try, so a receiver that
remembers ids takes a post once; whether it does is its own to say (`idempotent_for:`).
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import quote, urlsplit

from scheduler.errors import AuthExpired, PublishError, RateLimited, Rejected, UsageError
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.content import Media
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.publishers.base import (
    AccountReport,
    Capabilities,
    Metrics,
    OnRepeat,
    Operation,
    ReceiverDecides,
    Replays,
    Surroundings,
    Unknown,
    Verdict,
)
from scheduler.publishers.guide import Asked, Guide
from scheduler.publishers.servers import Server, checked
from scheduler.publishers.signing import STYLES, Signing

TIMEOUT = 20.0
"""Receivers are given 15 to 30 seconds by most senders (standard-webhooks 1.0.0)."""

LONGEST_ID = 200
SHORTEST = 8
# None of these says anything about the text: a wrong key, a hook that is gone, switched off (410) or not yet active.
_OUT_OF_ORDER = frozenset({401, 403, 404, 405, 410})
_SPAN = re.compile(r"(\d{1,4})\s*([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

GUIDE = Guide(
    "webhook",
    "a webhook of your own",
    (
        "Make the receiver (a small program, n8n, Zapier, Make) and copy its address.",
        'Make a secret for signing: echo "whsec_$(openssl rand -base64 32)"',
        "Give the same secret to the receiver.",
    ),
    (
        Asked("url", "The receiver's address", secret=True, example="https://hook.example.org/drumbeat"),
        Asked("secret", "The secret for signing", secret=True, example="whsec_" + "A" * 32),
    ),
)


class Webhook:
    """One receiver. Settings: `url` (best as env:NAME), `secret`, `signature`, `idempotent_for`, `media_base`."""

    guide = GUIDE

    def __init__(self, account: Account, surroundings: Surroundings, server: Server, signing: Signing) -> None:
        parts = urlsplit(server.url)
        # behind the host as it was written: a slash at the end may matter
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._clock = surroundings.clock
        self._signing = signing
        self._media_base = account.settings.get("media_base", "").rstrip("/")
        self._http = HttpSession(
            f"{parts.scheme}://{parts.netloc}",
            clock=surroundings.clock,
            route=surroundings.route,
            timeout_seconds=TIMEOUT,
            allow_private=server.own_network,
            secrets=[one for one in (server.url, self._path, *signing.secrets) if len(one) >= SHORTEST],
            auth=_OUT_OF_ORDER,
            sort=_sort,
        )
        self.capabilities = Capabilities(
            platform="webhook",
            on_repeat=_on_repeat(account),
            operations=frozenset({Operation.INSPECT}),
            timeout=TIMEOUT,
            receipt=Strength.ACCEPTED,
        )

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` for what cannot be meant, and `AuthExpired` for no secret."""
        style = account.settings.get("signature", "standard")
        if style != "none" and style not in STYLES:
            raise UsageError(f"{account.name}: there is no signature {style!r}.", mend=f"Write {' or '.join(STYLES)}.")
        secret = "" if style == "none" else surroundings.secret("secret")
        return cls(account, surroundings, checked(_url(account, surroundings), account.name), Signing(style, secret))

    def prepare(self, draft: Draft) -> Prepared:  # noqa: ARG002
        """Nothing has to exist before."""
        return Prepared()

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._http.warm()

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002
        """Sends the post. Any 2xx is its acceptance; an `id` and a `url` in the answer are kept."""
        body = body_of(draft, self._media_base)
        headers = self._signing.headers(draft.idempotency_key, self._clock.now(), body)
        reply = self._http.create(
            "POST", self._path, content=body, content_type="application/json; charset=utf-8", headers=headers
        )
        return _receipt(draft, reply)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Nobody can look at what a receiver made of it."""
        return Unknown("What a webhook's receiver did cannot be looked at.")

    def delete(self, receipt: Receipt) -> None:  # noqa: ARG002
        """What was handed over cannot be taken back."""
        raise Rejected("A webhook cannot take back what it handed over.", mend="Ask whoever runs the receiver.")

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """Receivers count nothing for us."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """Whether the receiver's door can be opened: name, address and certificate. Nothing is sent."""
        try:
            self._http.warm()
        except PublishError as caught:
            return AccountReport(works=False, notes=(caught.message,))
        return AccountReport(
            works=True, notes=("Its server answers; nothing was sent, so the hook itself is untried.",)
        )


def body_of(draft: Draft, media_base: str = "") -> bytes:
    """The bytes of a post: the same for every try. Files are named, not sent; `media_base` makes addresses of them."""
    content = draft.content
    data: dict[str, Any] = {
        "delivery": draft.delivery,
        "account": draft.account,
        "due": _moment(draft),
        "text": content.text,
        "language": content.language,
        "warning": content.warning,
        "visibility": content.visibility,
        "media": [_media(one, media_base) for one in content.media],
        "link": content.link,
        "poll": content.poll
        and {
            "options": list(content.poll.options),
            "open_for": content.poll.open_for,
            "multiple": content.poll.multiple,
        },
        "reply_to": draft.parent.remote_id if draft.parent else "",
        "idempotency_key": draft.idempotency_key,
    }
    told = {"type": "drumbeat.post", "timestamp": _moment(draft), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _media(media: Media, base: str) -> dict[str, Any]:
    told: dict[str, Any] = {"file": media.file, "alt": media.alt, "credit": media.credit}
    if media.facts is not None:
        told |= {"type": media.facts.type, "bytes": media.facts.bytes, "sha256": media.facts.sha256}
    return told | ({"url": f"{base}/{quote(media.file)}"} if base else {})


def _moment(draft: Draft) -> str:
    return f"{draft.due:%Y-%m-%dT%H:%M:%SZ}"


def _url(account: Account, surroundings: Surroundings) -> str:
    """The address, which is a secret itself with many receivers (Zapier, n8n; their docs, 2026)."""
    if "url" in account.secrets:
        return surroundings.secret("url")
    url = account.settings.get("url") or account.settings.get("server", "")
    if not url:
        raise UsageError(
            f"{account.name} has no url.", mend=f"In drumbeat.yaml, write `url: env:NAME` for {account.name}."
        )
    return url


def _on_repeat(account: Account) -> OnRepeat:
    stated = account.settings.get("idempotent_for", "")
    if not stated:
        return ReceiverDecides()
    span = _SPAN.fullmatch(stated.strip())
    window = int(span[1]) * _UNITS[span[2]] if span else timedelta(0)
    if window <= timedelta(seconds=TIMEOUT):
        raise UsageError(f"{account.name}: idempotent_for is {stated!r}.", mend="Write a length, as in 30m, 24h or 7d.")
    return Replays(window)


def _sort(reply: Reply) -> PublishError | None:
    """410: the receiver wants no more. 503 that says when: it took nothing (standard-webhooks 1.0.0)."""
    if reply.status == 410:
        return AuthExpired(f"The receiver wants no more posts: {reply.sentence()}")
    if reply.status == 503 and (moment := reply.retry_at()):
        return RateLimited(reply.sentence(), retry_at=moment)
    return None


def _receipt(draft: Draft, reply: Reply) -> Receipt:
    """Accepted, never proven; by the receiver's id where it gives one, else by ours."""
    said = reply.said()
    found, url = _short(said, "id"), _short(said, "url")
    shown = url if url.startswith(("https://", "http://")) else ""
    return Receipt(found or draft.idempotency_key, shown, Strength.ACCEPTED)


def _short(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= LONGEST_ID and text.isprintable() else ""
