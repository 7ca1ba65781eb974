"""Publishing to a mailing list: one mail to the list's one address, over SMTP.

A mail server knows no idempotency and lets nobody look: a repeat is a second mail in every
mailbox. So a lost answer is never repeated and never looked up; a person finds the mail by
its Message-ID, or not. Who is on the list is the list's own business: no recipient's address
is kept here. Sources: RFC 5321, 5322, 1047, 8058, as of 2026-11.
"""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.utils import getaddresses
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from scheduler.errors import Ambiguous, Rejected, UsageError
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    AccountReport,
    Capabilities,
    Doubles,
    Metrics,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
)
from scheduler.publishers.email.form import Letterhead, mail, mail_id
from scheduler.publishers.email.guide import GUIDE
from scheduler.publishers.email.smtp import Post
from scheduler.publishers.servers import in_own_network

TIMEOUT = 120.0
"""Seconds for a whole mail. RFC 5321 4.5.3.2.6 would wait ten minutes for the last answer; ours is unknown by then."""

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class Email:
    """One list by one server. Settings: `server`, `from`, `to`, `user`, `security`, …; secret: `password`."""

    guide = GUIDE
    capabilities = Capabilities(
        platform="email",
        on_repeat=Doubles(),
        operations=frozenset({Operation.INSPECT}),
        timeout=TIMEOUT,
        receipt=Strength.ACCEPTED,
    )

    def __init__(self, post: Post, letterhead: Letterhead, root: Path) -> None:
        self._post = post
        self._letterhead = letterhead
        self._root = root

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's way to its list. Raises `UsageError` where the settings lack something."""
        letterhead = _letterhead(account)
        return cls(_post(account, surroundings, letterhead.sender), letterhead, surroundings.root)

    def prepare(self, draft: Draft) -> Prepared:  # noqa: ARG002
        """Nothing has to exist before."""
        return Prepared()

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002
        """Hands one mail to the server. Accepted is not delivered: bounces come later, as mail to the sender."""
        files = {media.file: file_part(self._root, media).path for media in draft.content.media}
        whole = mail(draft, self._letterhead, files)
        name = mail_id(draft.idempotency_key, self._letterhead.sender.domain)
        try:
            said = self._post.hand_over(self._letterhead.sender.addr_spec, self._letterhead.to.addr_spec, whole)
        except Ambiguous as caught:
            raise Ambiguous(f"{caught.message} Search the list for the Message-ID {name}.") from caught
        return Receipt(name, strength=Strength.ACCEPTED, extra={"answer": said})

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Nobody can look into a mail server."""
        name = mail_id(draft.idempotency_key, self._letterhead.sender.domain)
        return Unknown(f"Mail cannot be looked up. Search the list for the Message-ID {name}.")

    def delete(self, receipt: Receipt) -> None:
        """A mail is in other people's mailboxes."""
        raise Rejected("A mail that was sent cannot be taken back.", mend=f"Its Message-ID is {receipt.remote_id}.")

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """Nothing is counted, and nothing in the mails reports who opens them."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """Whether the server can be reached, is who it says, and takes the login. Nothing is sent."""
        most = self._post.most_bytes()
        takes = f" It takes mails up to {most:,} bytes, pictures counted at 1.37 times their size." if most else ""
        return AccountReport(
            works=True,
            handle=self._letterhead.sender.addr_spec,
            software="SMTP",
            notes=(f"Mails go to {self._letterhead.to.addr_spec}.{takes}",),
        )


def _post(account: Account, surroundings: Surroundings, sender: Address) -> Post:
    said = account.settings
    scheme, _, rest = said.get("server", "").rpartition("://")
    host, port = _host(account, rest)
    encrypted_at_once = port == _PORTS["tls"] or scheme == "smtps"
    security = said.get("security", "tls" if encrypted_at_once else "starttls")
    if security not in _PORTS:
        raise _wrong(account, "security", "`starttls`, `tls` or `none`")
    own = in_own_network(host)
    if security == "none" and not own:
        raise _wrong(account, "security", "`starttls` or `tls`, as the server is not in your own network")
    user = said.get("user", sender.addr_spec if "password" in account.secrets else "")
    password = surroundings.secret("password") if user else ""
    return Post(
        host,
        port or _PORTS[security],
        security,
        user,
        password,
        own_network=own,
        hello=sender.domain,
        seconds=TIMEOUT,
        route=surroundings.route,
    )


def _host(account: Account, written: str) -> tuple[str, int]:
    """The server's name and port (0: not said)."""
    try:
        parts = urlsplit(f"//{written}")
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        host, port = "", 0
    if not host or parts.path.strip("/") or parts.username:
        raise _wrong(account, "server", "a mail server's name, as in `server: smtp.example.org`")
    return host, port


def _letterhead(account: Account) -> Letterhead:
    said = account.settings
    unsubscribe = _unsubscribe(account)
    one_click = account.wants("one-click")
    if one_click and not any(address.startswith("https:") for address in unsubscribe):
        raise _wrong(account, "one-click", "used beside an `https:` address in `unsubscribe` only (RFC 8058)")
    return Letterhead(
        sender=_address(account, "from", account.settings.get("from") or account.handle),
        to=_address(account, "to", said.get("to", "")),
        reply_to=_address(account, "reply-to", said["reply-to"]) if "reply-to" in said else None,
        list_id=_plain(account, "list-id", said),
        unsubscribe=unsubscribe,
        one_click=one_click,
    )


def _address(account: Account, option: str, written: str) -> Address:
    """One address, with or without a name. Several are refused: readers must not see each other."""
    found = getaddresses([written])
    spec = found[0][1] if len(found) == 1 else ""
    try:
        if not spec.isascii() or "@" not in spec:
            raise ValueError(spec)
        return Address(clean_name(found[0][0]), addr_spec=spec)
    except (ValueError, IndexError):
        raise _wrong(account, option, "one mail address, as in `list@example.org`") from None


def clean_name(name: str) -> str:
    """A display name on one line."""
    return " ".join(name.split())


def _plain(account: Account, option: str, said: Mapping[str, str]) -> str:
    """A value that may stand in a header as it is."""
    value = said.get(option, "")
    if not value.isascii() or not value.isprintable() or any(sign in value for sign in "<> "):
        raise _wrong(account, option, "one word of plain letters, as in `news.example.org`")
    return value


def _unsubscribe(account: Account) -> tuple[str, ...]:
    written = account.settings.get("unsubscribe", "")
    addresses = tuple(address.strip() for address in written.split(",") if address.strip())
    for address in addresses:
        plain = address.isascii() and address.isprintable() and not any(sign in address for sign in "<> ")
        if not plain or not address.startswith(("https://", "mailto:")):
            raise _wrong(account, "unsubscribe", "an `https://…` or `mailto:…` address, or both with a comma between")
    return addresses


def _wrong(account: Account, option: str, what: str) -> UsageError:
    return UsageError(
        f"`{option}` of {account.name} is not what a mail needs.", mend=f"In drumbeat.yaml, `{option}` is {what}."
    )
