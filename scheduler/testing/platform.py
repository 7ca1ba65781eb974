"""A platform that does what a test's script says, and remembers every post it was made to show.

It is the other side of the wire: what it holds is what people would see, whatever its
publisher believes. `next("loses the reply")` scripts the coming request; without a script
it takes every post.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.errors import Ambiguous, AuthExpired, Duplicate, NotReady, RateLimited, Rejected, Transient
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Doubles,
    Found,
    Metrics,
    NamedInAdvance,
    OnRepeat,
    Operation,
    Refused,
    Replays,
    Unknown,
    Verdict,
    VerifyQuality,
)


class Fate(StrEnum):
    """What becomes of one creating request."""

    TAKES = "takes it"
    ANSWERS_SLOWLY = "answers slowly"
    REFUSES = "refuses the connection"
    NOT_READY = "is not ready"
    LIMITS = "limits"
    EXPIRES = "expires"
    REJECTS = "rejects"
    LOSES_THE_REPLY = "loses the reply"
    NEVER_ARRIVES = "never arrives"
    GARBLES = "garbles the reply"
    FAILS_AFTER_POSTING = "fails after posting"
    REFUSES_AFTER_POSTING = "refuses after posting"
    NO_ID = "answers without an id"


SLOW_SECONDS = 0.3
"""How long an emulator that answers slowly lets its client wait: long beside loopback, short beside any deadline."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One post as the platform shows it."""

    remote_id: str
    account: str
    text: str
    key: str
    at: datetime
    reply_to: str = ""


@dataclass(slots=True)
class FakePlatform:
    """Everything that was posted, and what will happen to the next requests. For any number of threads."""

    now: Callable[[], datetime]
    posts: list[Shown] = field(default_factory=list)
    requests: int = 0
    prepared: list[str] = field(default_factory=list)
    watch: Callable[[str], None] = field(default=lambda _: None)
    _script: deque[Fate] = field(default_factory=deque)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def next(self, *fates: Fate | str) -> None:
        """What becomes of the coming creating requests, in order."""
        self._script.extend(Fate(fate) for fate in fates)

    @property
    def texts(self) -> list[str]:
        """The texts of all posts, in the order in which they appeared."""
        return [post.text for post in self.posts]

    def shown(self, key: str) -> list[Shown]:
        """The posts made under one idempotency key: more than one is a doubled post."""
        return [post for post in self.posts if post.key == key]

    def fate(self) -> Fate:
        """What becomes of this request."""
        with self._lock:
            self.requests += 1
            return self._script.popleft() if self._script else Fate.TAKES

    def show(self, draft: Draft) -> Shown:
        """Makes the post visible."""
        with self._lock:
            parent = draft.parent.remote_id if draft.parent else ""
            number = f"{len(self.posts) + 1}"
            post = Shown(number, draft.account, draft.content.text, draft.idempotency_key, self.now(), parent)
            self.posts.append(post)
            return post

    def remove(self, remote_id: str) -> None:
        """Takes a post away; it may be gone already."""
        with self._lock:
            self.posts = [post for post in self.posts if post.remote_id != remote_id]


_BEFORE: dict[Fate, Callable[[datetime], Exception]] = {
    Fate.REFUSES: lambda _: Transient("The server refused the connection."),
    Fate.NOT_READY: lambda _: NotReady("The upload is still being processed."),
    Fate.LIMITS: lambda now: RateLimited("Too many posts.", retry_at=now + timedelta(minutes=15)),
    Fate.EXPIRES: lambda _: AuthExpired("The token is no longer accepted."),
    Fate.REJECTS: lambda _: Rejected("The server does not take this text."),
    Fate.NEVER_ARRIVES: lambda _: Ambiguous("No reply."),
}
_AFTER: dict[Fate, Callable[[], Exception]] = {
    Fate.LOSES_THE_REPLY: lambda: Ambiguous("No reply."),
    Fate.GARBLES: lambda: Ambiguous("The reply cannot be read."),
    Fate.FAILS_AFTER_POSTING: lambda: RuntimeError("the publisher stumbled after posting"),
    # a 4xx of a platform that is known to say so when the post is there: its publisher knows better
    Fate.REFUSES_AFTER_POSTING: lambda: Ambiguous("The server refused, and may have the post."),
}


@dataclass(slots=True)
class FakePublisher:
    """Speaks to a `FakePlatform` as a real publisher would; what it can do is what `capabilities` say."""

    platform: FakePlatform
    capabilities: Capabilities

    def prepare(self, draft: Draft) -> Prepared:
        """Makes a container for the post; the platform shows nothing yet."""
        self.platform.watch("prepare")
        self.platform.prepared.append(draft.delivery)
        return Prepared({"container": f"container-of-{draft.delivery}"})

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """One creating request, with whatever fate the script has for it."""
        if Operation.PREPARE in self.capabilities.operations:
            assert prepared.values, "a post left without its preparation"
        self.platform.watch("before the request")
        fate = self.platform.fate()
        if fate in _BEFORE:
            raise _BEFORE[fate](self.platform.now())
        post = self._made(draft)
        self.platform.watch("after the request")
        if fate in _AFTER:
            trouble = _AFTER[fate]()
            raise trouble
        return Receipt("" if fate is Fate.NO_ID else post.remote_id, f"https://fake.example/{post.remote_id}")

    def _made(self, draft: Draft) -> Shown:
        before = self.platform.shown(draft.idempotency_key)
        if before and not isinstance(self.capabilities.on_repeat, Doubles):
            return self._repeated(before[0])
        return self.platform.show(draft)

    def _repeated(self, post: Shown) -> Shown:
        repeat = self.capabilities.on_repeat
        if isinstance(repeat, Refused):
            raise Duplicate("This was posted already.")
        if isinstance(repeat, Replays) and self.platform.now() > post.at + repeat.window:
            # the platform has forgotten the key: what follows is a second post
            again = Shown(f"{post.remote_id}-again", post.account, post.text, post.key, self.platform.now())
            self.platform.posts.append(again)
            return again
        return post

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Looks the post up by its key, where this platform lets us look."""
        del prepared, since
        self.platform.watch("verify")
        if self.capabilities.verify is VerifyQuality.NONE:
            return Unknown("This platform does not let us look.")
        found = self.platform.shown(draft.idempotency_key)
        if not found:
            return Absent()
        return Found(Receipt(found[0].remote_id, f"https://fake.example/{found[0].remote_id}"))

    def delete(self, receipt: Receipt) -> None:
        """Takes the post away."""
        self.platform.remove(receipt.remote_id)

    def metrics(self, receipt: Receipt) -> Metrics:
        """One like for every post that is there."""
        return Metrics({"likes": sum(post.remote_id == receipt.remote_id for post in self.platform.posts)})

    def inspect(self) -> AccountReport:
        """It works."""
        return AccountReport(works=True, handle="fake@fake.example", software="fake 1.0")


def abilities(
    on_repeat: OnRepeat, *operations: Operation, verify: VerifyQuality = VerifyQuality.NONE, timeout: float = 20.0
) -> Capabilities:
    """Capabilities of a fake platform."""
    return Capabilities("fake", on_repeat, frozenset(operations), verify, timeout)


REPLAYS = abilities(Replays(timedelta(minutes=45)))
LOOKS = abilities(Doubles(), Operation.VERIFY, verify=VerifyQuality.EXACT)
NAMES = abilities(NamedInAdvance(), Operation.VERIFY, verify=VerifyQuality.EXACT)
REFUSES = abilities(Refused(), Operation.VERIFY, verify=VerifyQuality.TIMELINE)
PREPARES = abilities(Doubles(), Operation.VERIFY, Operation.PREPARE, verify=VerifyQuality.EXACT)
NEITHER = abilities(Doubles())
KINDS = {
    "replays": REPLAYS,
    "looks": LOOKS,
    "names": NAMES,
    "refuses": REFUSES,
    "prepares": PREPARES,
    "neither": NEITHER,
}
"""One platform of each kind: what a repeat does there, and whether looking can tell."""
