"""A Slack channel by its incoming webhook: `ok` is all that is ever answered.

There is no id, so nothing can be looked up, replied to, deleted or counted, and a repeat doubles;
a thread's later parts follow one another. The address is the secret. Source: docs.slack.dev,
"Sending messages using incoming webhooks", as of 2026-08.
"""

import re
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from scheduler.errors import Ambiguous, PublishError, Rejected, UsageError
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
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
from scheduler.publishers.servers import checked
from scheduler.publishers.slack.form import payload, refuse
from scheduler.publishers.slack.replies import hook_sort

TIMEOUT = 20.0
LOOK = "A webhook cannot look for what it posted; please look at the channel in Slack."
_HOOK = re.compile(r"/services/\w+/\w+/\w+")


class SlackWebhook:
    """One channel, by its incoming webhook, whose address is the secret."""

    capabilities = Capabilities(
        platform="slack",
        on_repeat=Doubles(),
        operations=frozenset({Operation.PREPARE, Operation.INSPECT}),
        timeout=TIMEOUT,
        receipt=Strength.ACCEPTED,
    )

    def __init__(self, http: HttpSession, path: str) -> None:
        self._http = http
        self._path = path

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's webhook. Raises `UsageError` where the address is none, never repeating it."""
        url = surroundings.secret("webhook").strip()
        parts = urlsplit(url)
        server = checked(f"{parts.scheme}://{parts.netloc}", account.name)
        if not _HOOK.fullmatch(parts.path):
            raise UsageError(f"The webhook of {account.name} is no address of a Slack webhook.", mend="Copy it again.")
        http = HttpSession(
            server.url,
            clock=surroundings.clock,
            route=surroundings.route,
            timeout_seconds=TIMEOUT,
            allow_private=server.own_network,
            secrets=(url, parts.path),
            sort=hook_sort,
        )
        return cls(http, parts.path)

    def warm(self) -> None:
        """Opens the connection for the next post. Raises `Transient` where that does not work now."""
        self._http.warm()

    def prepare(self, draft: Draft) -> Prepared:
        """Nothing has to exist before. Raises `Rejected` for pictures, which a webhook cannot carry."""
        refuse(draft.content)
        if draft.content.media:
            raise Rejected("A Slack webhook carries no pictures.", mend="Leave them out under `for`, or use an app.")
        return Prepared()

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002  # nothing was prepared
        """Sends the message. `ok` is acceptance, and there is no id: ours stands for it."""
        try:
            reply = self._http.create("POST", self._path, json=payload(draft.content))
            if reply.body.strip() != b"ok":
                raise reply.garbled("its answer is not `ok`")
        except Ambiguous as caught:
            raise Ambiguous(f"{caught.message} {LOOK}") from caught
        return Receipt(draft.idempotency_key, "", Strength.ACCEPTED)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """A webhook reads nothing."""
        return Unknown(LOOK)

    def delete(self, receipt: Receipt) -> None:  # noqa: ARG002
        """A webhook cannot take back what it posted."""
        raise Rejected("A Slack webhook cannot delete.", mend="Delete the message in Slack, by hand.")

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """A webhook is told nothing."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """Whether the server's door can be opened. Nothing is sent, so the address itself stays untried."""
        try:
            self._http.warm()
        except PublishError as caught:
            return AccountReport(works=False, notes=(caught.message,))
        note = "Its server answers; nothing was sent, so the webhook itself is untried. An app promises more."
        return AccountReport(works=True, software="Slack", notes=(note,))
