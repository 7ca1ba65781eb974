"""What every publisher is: a small protocol, and an honest statement of what its platform can do.

`publish` makes exactly one creating request and never sleeps or retries. `verify` never
guesses. What a publisher cannot do is said in its `Capabilities`, as data, so that the
engine never asks for a name but for an ability.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from scheduler.clock import Clock
from scheduler.errors import Rejected
from scheduler.http.route import DIRECT, Route
from scheduler.model.content import Media
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength


class Operation(StrEnum):
    """What a publisher can do besides publishing."""

    PREPARE = "prepare"
    VERIFY = "verify"
    DELETE = "delete"
    METRICS = "metrics"
    INSPECT = "inspect"


class VerifyQuality(StrEnum):
    """How sure a look is: by our own key or id, by our own text in a timeline, by a probe, or not at all."""

    EXACT = "exact"
    TIMELINE = "timeline"
    PROBE = "probe"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Replays:
    """A repeat with the same key gets the first answer again, within `window` from the first attempt."""

    window: timedelta


@dataclass(frozen=True, slots=True)
class Refused:
    """A repeat is refused without the post's id: it may exist, go and look."""


@dataclass(frozen=True, slots=True)
class NamedInAdvance:
    """We name the post, so a repeat with the same bytes is the same post, for ever."""


@dataclass(frozen=True, slots=True)
class Doubles:
    """A repeat makes a second post."""


@dataclass(frozen=True, slots=True)
class ReceiverDecides:
    """Whoever receives it gets our key, and we cannot know what they make of it."""


OnRepeat = Replays | Refused | NamedInAdvance | Doubles | ReceiverDecides


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `number` requests within any `per`."""

    number: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one publisher can do. `timeout` is the total deadline of one request, in seconds.

    `deletes` is how fast the platform lets an account delete, `deletes_for` how old a post may be for that; None:
    nobody says. `receipt` is the most that the answer to a post proves; a later look may prove more.
    """

    platform: str
    on_repeat: OnRepeat
    operations: frozenset[Operation] = frozenset()
    verify: VerifyQuality = VerifyQuality.NONE
    timeout: float = 20.0
    cost: str = ""
    deletes: Pace | None = None
    deletes_for: timedelta | None = None
    receipt: Strength = Strength.PROVEN

    @property
    def repeats_safely(self) -> bool:
        """Whether there is a time, be it short, in which a repeat surely makes no second post."""
        return isinstance(self.on_repeat, NamedInAdvance | Replays)

    def repeat_is_safe(self, first_attempt_at: datetime | None, now: datetime) -> bool:
        """Whether sending once more at `now` surely makes no second post."""
        if isinstance(self.on_repeat, NamedInAdvance):
            return True
        if isinstance(self.on_repeat, Replays) and first_attempt_at is not None:
            # the request must also arrive while the window is open
            return now + timedelta(seconds=self.timeout) < first_attempt_at + self.on_repeat.window
        return False


@dataclass(frozen=True, slots=True)
class Found:
    """The post exists; here is its receipt."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Absent:
    """The post is proved not to be there now."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It could not be told; `reason` is a sentence."""

    reason: str


Verdict = Found | Absent | Unknown


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a platform counts of one post (`{"likes": 3}`), by the platform's own words."""

    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountReport:
    """What an account looks like from the platform's side; what is not known is empty.

    `expires_at` is when the credential ends; with `renews` it is renewed before, without a person.
    """

    works: bool
    handle: str = ""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    renews: bool = False
    software: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Publisher(Protocol):
    """One account on one platform. Every method may raise `PublishError`, and `publish` nothing else."""

    @property
    def capabilities(self) -> Capabilities:
        """What this publisher can do, as data."""
        ...

    def prepare(self, draft: Draft) -> Prepared:
        """Makes what must exist before the post: harmless, repeatable, never the post itself."""
        ...

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Sends the one request that makes the post visible. Raises `NotSent` or `MayExist`."""
        ...

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """Looks whether the post exists, made at `since` or later. Never guesses."""
        ...

    def delete(self, receipt: Receipt) -> None:
        """Deletes the post; deleting what is gone already is fine."""
        ...

    def metrics(self, receipt: Receipt) -> Metrics:
        """What the platform counts of the post."""
        ...

    def inspect(self) -> AccountReport:
        """How the account stands: credential, scopes, expiry, software, its live limits."""
        ...


class Login(Protocol):
    """A log-in that was begun: a person opens `address`, says yes, and the browser ends at `redirect`."""

    @property
    def address(self) -> str:
        """The platform's page where a person says yes. It holds no secret."""
        ...

    @property
    def redirect(self) -> str:
        """Where the browser comes back to."""
        ...

    def finish(self, came_back: str) -> None:
        """Keeps what the address that the browser came back to is changed for. Raises `SchedulerError`."""
        ...


class Handout(Protocol):
    """What a publisher that ends with `HandedOver` laid before a person for one post."""

    @property
    def page(self) -> Path:
        """Where the person reads it; whether it is there yet or not."""
        ...

    @property
    def files(self) -> Sequence[Path]:
        """What lies beside it: pictures and videos."""
        ...

    def close(self, said: str, *, url: str = "") -> None:
        """Leaves nothing there to post from, only these words. Raises `SchedulerError`, `OSError`."""
        ...


class PublicMedia(Protocol):
    """Where files lie that a platform fetches itself, as `media:` in drumbeat.yaml has it."""

    def address(self, media: Media) -> str:
        """The public address of a post's file, which is put there if need be. Raises `NotSent`; asked in `prepare`."""
        ...


class Nowhere:
    """A workspace without `media:`."""

    def address(self, media: Media) -> str:
        """Always raises `Rejected`: the platform could not fetch the file."""
        raise Rejected(
            f"{media.shown} lies at no public address, and this platform fetches pictures itself.",
            mend="Say in drumbeat.yaml, under `media:`, where the files are served.",
        )


NOWHERE = Nowhere()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a publisher may use: the workspace's folder, the clock, and secrets by the name of their option.

    `secret("token")` gives the secret's value, or raises `AuthExpired` where it is not set. `route` is the way to other
    machines: it is handed to `HttpSession`, or asked for a connection. `public` gives files an address for platforms
    that fetch them.
    """

    root: Path
    clock: Clock
    secret: Callable[[str], str]
    route: Route = DIRECT
    public: PublicMedia = NOWHERE
