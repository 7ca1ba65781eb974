"""One post as it is shown, whoever shows it: terminal, page, JSON.

A `DeliveryView` is a whole thread with its parts. It is built from a plan or from what the
queue holds, and `as_json` is the one shape that outsiders rely on: fields are added to it,
never renamed or dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import PlannedDelivery, Strength
from scheduler.model.lifecycle import State
from scheduler.model.measure import Entities, Measure
from scheduler.model.zones import zone
from scheduler.platforms import platform_named
from scheduler.preview.words import PLANNED, state_words

_WEAKEST = (Strength.SAID, Strength.ACCEPTED, Strength.PROVEN)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part as the queue or the files have it: its name, its state's word (`planned` before apply), its content.

    `strength` is that of its receipt, a word of `Strength`; empty without one, and for what reached nobody.
    """

    delivery: str
    state: str
    content: Content
    remote_url: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class PartView:
    """One part with what its platform makes of it; the fullest measure is the first."""

    delivery: str
    state: str
    content: Content
    measures: tuple[Measure, ...]
    entities: Entities
    remote_url: str = ""
    strength: str = ""

    @property
    def tightest(self) -> Measure:
        """The measure that is nearest to its limit."""
        return self.measures[0] if self.measures else Measure(len(self.content.text), 0, "characters")


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One post in one slot on one account. `due` is UTC, `timezone` the slot's zone, `account_timezone` the account's.

    `files` holds the same post as the files now have it, where that differs from what the queue holds. `trouble` is
    why it waits for a person (empty: it does not), and `choices` are the commands that settle it.
    """

    delivery: str
    due: datetime
    timezone: str
    account: str
    account_timezone: str
    platform: str
    language: str
    live: bool
    parts: tuple[PartView, ...]
    tags: tuple[str, ...] = ()
    dry_run: bool = False
    files: "DeliveryView | None" = field(default=None, compare=False)
    trouble: str = ""
    choices: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """The state of the first part that is not sent, else `sent`."""
        return next((part.state for part in self.parts if part.state != State.SENT), State.SENT.value)

    @property
    def strength(self) -> str:
        """How sure it is that what was sent is out: as sure as of the part that is least so; empty where none is."""
        found = {part.strength for part in self.parts if part.state == State.SENT}
        return next((weak for weak in _WEAKEST if weak in found), "")

    @property
    def words(self) -> str:
        """The words for its state, with how sure it is of what was sent."""
        return state_words(self.state, dry_run=self.dry_run, platform=self.platform, strength=self.strength)

    @property
    def local(self) -> datetime:
        """`due` on the slot's own clock."""
        return self.due.astimezone(zone(self.timezone))

    @property
    def applied_differs(self) -> bool:
        """Whether the files now say otherwise than the queue."""
        return self.files is not None

    @property
    def campaign(self) -> str:
        """The campaign's id."""
        return self.delivery.split("/")[0]

    @property
    def title(self) -> str:
        """Campaign and post, with the slot where the post has several: `time-is-now/spotlight (ana)`."""
        campaign, post, slot, _ = self.delivery.split("/")
        return f"{campaign}/{post}" if slot == "once" else f"{campaign}/{post} ({slot})"


def view_of_planned(parts: Sequence[PlannedDelivery], account: Account, *, state: str = PLANNED) -> DeliveryView:
    """The view of one planned post: `parts` are the parts of one thread, in order."""
    first = parts[0]
    shown = [ShownPart(part.name, state, part.content) for part in parts]
    return view_of_parts(shown, account, due=first.due, timezone=first.timezone, live=first.live, tags=first.tags)


def view_of_parts(
    parts: Sequence[ShownPart],
    account: Account,
    *,
    due: datetime,
    timezone: str,
    live: bool,
    tags: Sequence[str] = (),
    dry_run: bool = False,
    files: DeliveryView | None = None,
) -> DeliveryView:
    """The view of one post from its `parts`, in order, counted by the account's platform and limits."""
    return DeliveryView(
        delivery=parts[0].delivery,
        due=due.astimezone(UTC),
        timezone=timezone,
        account=account.name,
        account_timezone=account.timezone,
        platform=account.platform,
        language=parts[0].content.language,
        live=live,
        parts=tuple(_part(part, account) for part in parts),
        tags=tuple(tags),
        dry_run=dry_run,
        files=files,
    )


def _part(part: ShownPart, account: Account) -> PartView:
    platform, content = platform_named(account.platform), part.content
    measures = platform.measure(
        content.text,
        warning=content.warning,
        limits=account.limits,
        media=len(content.media),
        link=content.link,
    )
    found = platform.entities(content.text)
    return PartView(part.delivery, part.state, content, measures, found, part.remote_url, part.strength)


def as_json(view: DeliveryView) -> dict[str, Any]:
    """DELIVERY, as outsiders rely on it."""
    shown = {
        "delivery": view.delivery,
        "state": str(view.state),
        "due": instant(view.due),
        "local": view.local.isoformat(timespec="seconds"),
        "timezone": view.timezone,
        "account": view.account,
        "platform": view.platform,
        "language": view.language,
        "live": view.live,
        "parts": [_part_json(part) for part in view.parts],
        "tags": list(view.tags),
    }
    if view.dry_run:
        shown["dry_run"] = True
    if view.files is not None:
        shown |= {"applied_differs": True, "files": as_json(view.files)}
    return shown


def instant(moment: datetime) -> str:
    """`2027-06-30T07:00:00Z`, with microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _part_json(part: PartView) -> dict[str, Any]:
    content, tightest = part.content, part.tightest
    shown = {
        "delivery": part.delivery,
        "state": str(part.state),
        "text": content.text,
        "length": tightest.value,
        "limit": tightest.limit,
        "unit": tightest.unit,
        "measures": [{"value": one.value, "limit": one.limit, "unit": one.unit} for one in part.measures],
        "warning": content.warning,
        "media": [_media_json(media) for media in content.media],
        "poll": _poll_json(content.poll),
        "link": content.link,
        "visibility": content.visibility,
    }
    proof = {"remote_url": part.remote_url, "strength": part.strength}
    return shown | {name: value for name, value in proof.items() if value}


def _media_json(media: Media) -> dict[str, Any]:
    shown = {"file": media.file, "alt": media.alt, "credit": media.credit, "decorative": media.decorative}
    facts = media.facts
    seen = {"type": facts.type, "width": facts.width, "height": facts.height} if facts else {}
    return shown | seen | ({"made": media.recipe.made} if media.recipe else {})


def _poll_json(poll: Poll | None) -> dict[str, Any] | None:
    if poll is None:
        return None
    return {"options": list(poll.options), "open_for": poll.open_for, "multiple": poll.multiple}
