"""Looking at accounts from their platforms' side, and trying one with a single marked post."""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from scheduler.errors import HandedOver, MayExist, NotReady, SchedulerError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.preview.view import instant
from scheduler.publishers.base import AccountReport, Found, Operation, Publisher

SOON = timedelta(days=7)
WAIT, MOST_WAITS = 5.0, 24
"""Seconds, and how often: platforms that make a post ready first take some."""

Made = TypeVar("Made")
TEST_TEXT = "A test of Drumbeat; it is deleted at once. {mark}"


@dataclass(frozen=True, slots=True)
class Inspected:
    """One account: what its platform said (None: it could not be asked), and what a person should know."""

    account: Account
    report: AccountReport | None
    troubles: tuple[str, ...] = ()
    differing: Mapping[str, int] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Whether the account can post as things stand."""
        return self.report is not None and self.report.works

    def as_json(self) -> dict[str, Any]:
        """The account as `accounts inspect --json` lists it; never a secret."""
        report = self.report or AccountReport(works=False)
        return {
            "account": self.account.name,
            "platform": self.account.platform,
            "live": self.account.live,
            "works": self.works,
            "handle": report.handle,
            "scopes": list(report.scopes),
            "expires_at": instant(report.expires_at) if report.expires_at else None,
            "renews": report.renews,
            "software": report.software,
            "limits": dict(report.limits),
            "differing": dict(self.differing),
            "notes": list(report.notes),
            "troubles": list(self.troubles),
        }


def inspect(
    accounts: Iterable[Account],
    publisher: Callable[[str], Publisher],
    *,
    limits: Callable[[Account], Mapping[str, int]],
) -> Iterator[Inspected]:
    """Asks each account's platform how it stands; `limits` are those that Drumbeat counts by."""
    for account in accounts:
        try:
            asked = publisher(account.name)
            if Operation.INSPECT not in asked.capabilities.operations:
                yield Inspected(account, None, (f"The publisher for {account.platform} cannot look at accounts.",))
                continue
            report = asked.inspect()
        except SchedulerError as failure:
            yield Inspected(account, None, (f"{failure.message} {failure.mend}".strip(),))
            continue
        ours = limits(account)
        differing = {key: value for key, value in report.limits.items() if value and ours.get(key, value) != value}
        yield Inspected(account, report, tuple(_troubles(account, report)), differing)


def _troubles(account: Account, report: AccountReport) -> Iterator[str]:
    if not report.works:
        yield "Its credential does not work."
    if account.handle and report.handle and not _same(account.handle, report.handle):
        yield f"The credential belongs to {report.handle}, and drumbeat.yaml says {account.handle}."


def _same(ours: str, theirs: str) -> bool:
    """Whether two handles name one account: a missing server is not a difference."""
    one, other = ours.lstrip("@").casefold().split("@"), theirs.lstrip("@").casefold().split("@")
    return all(left == right for left, right in zip(one, other, strict=False))


@dataclass(frozen=True, slots=True)
class Tried:
    """How the trial went: each step that worked, the post's address, and what is left to do by hand."""

    steps: tuple[str, ...]
    url: str
    left: str = ""


def try_out(
    account: Account,
    publisher: Publisher,
    *,
    now: datetime,
    media: tuple[Media, ...] = (),
    wait: Callable[[float], None] = time.sleep,
) -> Tried:
    """Posts one marked text, looks for it, deletes it. Raises what the publisher raises where nothing was posted.

    `media` goes with the text. `wait` is called with the seconds until a platform that is not ready is asked again.
    """
    mark = secrets.token_hex(4)
    draft = Draft(
        delivery=f"accounts/test/{mark}/{account.name}",
        account=account.name,
        platform=account.platform,
        content=Content(TEST_TEXT.format(mark=mark), language="en", media=media),
        idempotency_key=secrets.token_hex(16),
        due=now,
        created_at=now,
    )
    prepared = _prepared(publisher, draft, wait)
    steps = ["posted"]
    try:
        receipt = _patiently(lambda: publisher.publish(draft, prepared), wait)
    except HandedOver as handed:
        return Tried(("handed over",), "", f"{handed.message} Look at that page, and delete it.")
    except MayExist as lost:
        return Tried((), "", f"{lost.message} Look at the account: a post marked {mark} may be there, to be deleted.")
    operations = publisher.capabilities.operations
    if Operation.VERIFY in operations and isinstance(publisher.verify(draft, prepared, now), Found):
        steps.append("found again")
    return _deleted(publisher, receipt, steps)


def _prepared(publisher: Publisher, draft: Draft, wait: Callable[[float], None]) -> Prepared:
    """What `prepare` gives in the end: what it began is handed back to it, as the engine does."""
    begun = draft.begun

    def prepare() -> Prepared:
        nonlocal begun
        try:
            return publisher.prepare(replace(draft, begun=begun))
        except NotReady as caught:
            begun = caught.begun or begun
            raise

    return _patiently(prepare, wait)


def _patiently(step: Callable[[], Made], wait: Callable[[float], None]) -> Made:
    """The step's own result, once it is ready. Raises what it raises, and its last `NotReady` after two minutes."""
    for _ in range(MOST_WAITS):
        try:
            return step()
        except NotReady:
            wait(WAIT)
    return step()


def _deleted(publisher: Publisher, receipt: Receipt, steps: list[str]) -> Tried:
    where = receipt.url or receipt.remote_id
    if Operation.DELETE not in publisher.capabilities.operations:
        return Tried(tuple(steps), receipt.url, f"Delete it by hand: {where}")
    try:
        publisher.delete(receipt)
    except SchedulerError as failure:
        return Tried(tuple(steps), receipt.url, f"It could not be deleted ({failure.message}) Delete it: {where}")
    return Tried((*steps, "deleted"), receipt.url)
