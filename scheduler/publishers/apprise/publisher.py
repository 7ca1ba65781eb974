"""Posting through Apprise: a target that no publisher of ours knows, in plain text, best effort.

Apprise answers yes or no and hands over no id. Its yes is an acceptance; what became of the post nobody
can look up. Its no proves nothing: run against a server, a refusal (4xx), a failure (5xx), a lost reply
and a late one all came back as the same no (apprise 2.3.0, 2026-11), and a target may make several
requests. So no means `Ambiguous`, but where the sending process wrote no byte to any socket: then
nothing was begun, and that is proved. It is a process of its own, killed at a deadline.
"""

import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scheduler.errors import Ambiguous, AuthExpired, PublishError, Rejected, Transient, UsageError
from scheduler.http.route import Route
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.platforms.base import below
from scheduler.publishers.apprise import ends
from scheduler.publishers.apprise.guide import GUIDE
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
from scheduler.publishers.servers import in_own_network

TIMEOUT = 60.0
AT_ONCE = 4
"""So many of these processes at once: each takes some 55 MB while it sends."""
MISSING = "It is sent through Apprise, which is not installed."
INSTALL = "Run: pip install 'drumbeat[notify]'"

_ONE_POST = "One post would become several, or be sent twice; that cannot be told apart from trouble."
_WRONG: Mapping[str, PublishError] = {
    ends.NO_ADDRESS: AuthExpired("Its address is none that Apprise knows.", mend="Mend the account's `url` in .env."),
    ends.LOCAL: AuthExpired("Its address leads to this computer, and not to the public."),
    ends.PRIVATE: AuthExpired(
        "Apprise writes direct messages there, to single people, and no posts.",
        mend="Use the platform's own publisher, if there is one.",
    ),
    ends.SEVERAL: AuthExpired(f"Its address names several targets. {_ONE_POST}", mend="One account for each target."),
    ends.RETRIES: AuthExpired(f"Its address asks for retries. {_ONE_POST}", mend="Leave out `retry=`."),
    ends.SPLITS: AuthExpired(f"Its address has long texts cut or split. {_ONE_POST}", mend="Leave out `overflow=`."),
    ends.LENIENT: AuthExpired("Its address calls a failure a success.", mend="Leave out `optional=`."),
    ends.NO_TITLE: AuthExpired("The target takes no title.", mend="Leave out `title:` of the account."),
    ends.NO_FILES: Rejected("The target takes no files."),
    ends.TOO_LONG: Rejected("The text is longer than the target takes."),
}


class AppriseTarget:
    """One target. Secret: `url`, an Apprise address; settings: `title`."""

    guide = GUIDE
    capabilities = Capabilities(
        platform="apprise",
        on_repeat=Doubles(),
        operations=frozenset({Operation.INSPECT}),
        timeout=TIMEOUT,
        receipt=Strength.ACCEPTED,
    )
    _room: ClassVar[threading.BoundedSemaphore] = threading.BoundedSemaphore(AT_ONCE)

    def __init__(self, account: Account, surroundings: Surroundings, *, seconds: float = TIMEOUT) -> None:
        self._root = surroundings.root
        self._title = account.settings.get("title", "")
        self._address = surroundings.secret("url")
        self._own_network = in_own_network(_host(self._address))
        self._route = surroundings.route
        self._seconds = seconds

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` without Apprise, or with an address that is no secret."""
        if importlib.util.find_spec("apprise") is None:
            raise UsageError(MISSING, mend=INSTALL)
        if "url" not in account.secrets:
            raise UsageError(
                f"The Apprise address of {account.name} is a secret: it holds a token.",
                mend=f"In drumbeat.yaml, write `url: env:NAME` for {account.name}, and NAME=… into .env.",
            )
        return cls(account, surroundings)

    def prepare(self, draft: Draft) -> Prepared:  # noqa: ARG002
        """Nothing has to exist before."""
        return Prepared()

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002
        """Has Apprise send the post once. A receipt says that it was accepted, and is named by our own key."""
        content = draft.content
        files = [str(file_part(self._root, media).path) for media in content.media]
        told = self._ask(below(content.text, content.link), files)
        if told["end"] == ends.SENT:
            return Receipt(draft.idempotency_key, strength=Strength.ACCEPTED)
        raise _trouble(told)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Apprise cannot look."""
        return Unknown("What Apprise handed over cannot be looked at.")

    def delete(self, receipt: Receipt) -> None:  # noqa: ARG002
        """Apprise cannot take anything back."""
        raise Rejected("Apprise cannot take back what it handed over.", mend="Remove it by hand.")

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """Apprise counts nothing."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """What the address leads to and takes. Nothing is sent, so whether its token works is not known."""
        told = self._ask("", (), try_only=True)
        if told["end"] != ends.SENT:
            caught = _trouble(told)
            return AccountReport(works=False, notes=(f"{caught.message} {caught.mend}".strip(),))
        files = "takes files" if told["files"] else "takes no files"
        limits = {"text": told["longest"]} if told["longest"] else {}
        note = f"{told['service']} {files}; nothing was sent, so the token is untried."
        return AccountReport(works=True, software=f"Apprise, {told['service']}", limits=limits, notes=(note,))

    def _ask(self, body: str, files: Sequence[str], *, try_only: bool = False) -> dict[str, Any]:
        proxy = self._route.proxy_to(own_network=self._own_network) or ""
        order = {
            "url": self._address,
            "body": body,
            "title": self._title,
            "files": list(files),
            "own_network": self._own_network,
            "proxy": proxy,
            "try_only": try_only,
        }
        if not self._room.acquire(timeout=self._seconds):
            raise Transient("Too many posts go through Apprise at this moment.")
        try:
            return _answer(order, _surroundings(self._route, proxy), self._seconds)
        finally:
            self._room.release()


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _surroundings(route: Route, proxy: str) -> dict[str, str]:
    """The environment of the process: nothing of ours, so that no secret and no other proxy is in it."""
    told = {"PYTHONUTF8": "1", "no_proxy": ""}
    if proxy:
        told |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), proxy)
    if route.ca:
        told |= {"REQUESTS_CA_BUNDLE": str(Path(route.ca).resolve()), "SSL_CERT_FILE": str(Path(route.ca).resolve())}
    return told


def _answer(order: Mapping[str, Any], surroundings: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """What the process says. Raises `Ambiguous` where it says nothing: it may have sent the post before."""
    command = [sys.executable, "-P", "-m", "scheduler.publishers.apprise.child"]
    try:
        asked = subprocess.run(
            command,
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            start_new_session=True,  # Ctrl-C is for the daemon, which waits for what is in flight
            env=surroundings,
        )
    except subprocess.TimeoutExpired:
        raise Ambiguous(f"No answer within {seconds:.0f} s.") from None  # the caught one holds the order
    except OSError as caught:
        raise Transient(f"The process that sends could not be started: {caught.strerror}.") from None
    told = _told(asked.stdout)
    if told is None:
        raise Ambiguous("The process that sends ended without a word.")
    return told


def _told(printed: str) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(printed)
        whole = bool(told["end"]) and isinstance(told["begun"], bool) and isinstance(told["stopped"], bool)
    except (ValueError, KeyError, TypeError):
        return None
    return told if whole else None


def _trouble(told: Mapping[str, Any]) -> PublishError:
    """What an answer that is no success proves."""
    if told["end"] in _WRONG:
        known = _WRONG[told["end"]]
        return type(known)(known.message, mend=known.mend)
    if told["begun"]:
        return Ambiguous("Apprise says that it failed, and not whether the target has it.")
    if told["stopped"]:
        return AuthExpired("Its address does not lead to a public server; nothing was sent.")
    return Transient("The target could not be reached; nothing was sent.")
