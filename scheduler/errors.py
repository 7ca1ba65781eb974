"""Everything that can go wrong, sorted by one question, could the post exist.

SchedulerError
├─ WorkspaceError          the files are wrong; carries findings
├─ UsageError              the call is wrong
├─ PlanRefused             wants a second yes, or is stale
├─ StoreError              the outbox cannot be used as it is
├─ MediaError              a picture or video cannot be made, kept or read
├─ NotInHand               what was asked cannot be done to this delivery now
├─ PublishError            raised by publishers only
│   ├─ NotSent             no post exists
│   │   ├─ Transient       later may work
│   │   │   ├─ NotReady    the platform is still processing
│   │   │   └─ Forgotten   what was prepared is gone
│   │   ├─ RateLimited     works at `retry_at`
│   │   ├─ AuthExpired     a person must act
│   │   └─ Rejected        will never work
│   └─ MayExist            look before anything else
│       ├─ Ambiguous       we lost the reply
│       ├─ Duplicate       the platform says it has it
│       └─ HandedOver      a person has it, and will say
└─ Bug                     our own invariant broke; never caught, never retried
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from scheduler.finding import Finding


def legible(text: str) -> str:
    """`text` as it can be stored and shown: half characters, which a platform's JSON may hold, have no encoding."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def told(caught: BaseException) -> str:
    """A stranger's exception in one line, or ours in its own words."""
    return caught.message if isinstance(caught, SchedulerError) else legible(f"{type(caught).__name__}: {caught}")


class SchedulerError(Exception):
    """The root: whatever Drumbeat raises on purpose. `exit_code` is what the command ends with."""

    exit_code = 1

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = legible(message)
        self.mend = mend


class WorkspaceError(SchedulerError):
    """The files are wrong; `findings` says what, where and how to mend it."""

    exit_code = 2

    def __init__(self, message: str, findings: Sequence[Finding] = (), *, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.findings = tuple(findings)


class UsageError(SchedulerError):
    """The call itself is wrong: an unknown name, a moment that cannot be read."""

    exit_code = 2


class PlanRefused(SchedulerError):
    """The plan wants a second yes, or is not the one that was reviewed."""

    exit_code = 4

    def __init__(self, message: str, reasons: Sequence[str] = (), *, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.reasons = tuple(reasons)


class StoreError(SchedulerError):
    """The outbox cannot be used as it is: locked, full, corrupt, too old, too new."""


class MediaError(SchedulerError):
    """A picture or video cannot be made, kept or read as it has to be."""


class NotInHand(SchedulerError):
    """What was asked cannot be done to this delivery in the state it is in."""


class PublishError(SchedulerError):
    """Raised by publishers only; the two branches below say whether the post could exist."""


class NotSent(PublishError):
    """Proved: no post exists."""


class Transient(NotSent):
    """Nothing was made, and later may work."""


class NotReady(Transient):
    """The platform is still processing what was prepared.

    `begun` is what there is of it so far, as plain JSON: the next `prepare` finds it in its draft.
    """

    def __init__(self, message: str, *, begun: Mapping[str, Any] | None = None, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.begun = dict(begun or {})


class Forgotten(Transient):
    """The platform no longer has what was prepared, or cannot use it: nothing was made, and it is prepared anew."""


class RateLimited(NotSent):
    """Nothing was made; it may work at `retry_at` (UTC unless it says otherwise), or None: the platform did not say."""

    def __init__(self, message: str, *, retry_at: datetime | None = None, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.retry_at = retry_at.replace(tzinfo=UTC) if retry_at and not retry_at.tzinfo else retry_at


class AuthExpired(NotSent):
    """The credential no longer works; a person must act, and the account pauses."""


class Rejected(NotSent):
    """Nothing was made, and this content will never be taken."""


class MayExist(PublishError):
    """The post may exist: look before anything else."""


class Ambiguous(MayExist):
    """The reply was lost, or says nothing that can be read."""


class Duplicate(MayExist):
    """The platform says that it already has this post, as `remote_id` where it names one: evidence, and no proof."""

    def __init__(self, message: str, *, remote_id: str = "", mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.remote_id = legible(remote_id)


class HandedOver(MayExist):
    """A person has it in their hands, and the rest of its thread; they alone can say that it is out.

    Nobody looks for it, and nothing is sent again.
    """


class Bug(SchedulerError):
    """An invariant of ours broke. Never caught, never retried."""
