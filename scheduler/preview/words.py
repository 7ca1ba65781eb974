"""The words that people read, each in one place.

What is a delivery in the code is a post to a person, and the outbox is the queue. The
inner words stay in JSON and in the developers' pages.
"""

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.model.delivery import Strength
from scheduler.model.lifecycle import State
from scheduler.platforms import by_hand

PLANNED = "planned"

STATE_WORDS = MappingProxyType(
    {
        State.SCHEDULED: "in the queue",
        State.SENDING: "being sent",
        State.UNCERTAIN: "unknown: look",
        State.SENT: "sent",
        State.FAILED: "not sent",
        State.MISSED: "missed, not sent",
        State.CANCELLED: "cancelled",
        State.RETRACTED: "taken down",
    }
)
"""What a person reads for each state; a state is never shown by its inner name."""

DRY_RUN_WORD = "dry run, reached nobody"
BY_HAND_WORD = "waiting for a person"
"""What is unknown where a person posts by hand: they have it, and have not said what became of it."""


STRENGTH_WORDS = MappingProxyType(
    {
        Strength.PROVEN: "proven",
        Strength.ACCEPTED: "accepted, may still be refused",
        Strength.SAID: "said by a person",
    }
)
"""How sure it is that what was sent is out."""


def state_words(state: str, *, dry_run: bool = False, platform: str = "", strength: str = "") -> str:
    """The words for a state, or for `planned`. What the dry run took is never called sent.

    `strength` is that of the receipt: `sent (proven)`.
    """
    if state == PLANNED:
        return "not in the queue yet"
    if dry_run and state == State.SENT:
        return DRY_RUN_WORD
    if state == State.UNCERTAIN and by_hand(platform):
        return BY_HAND_WORD
    words = STATE_WORDS[State(state)]
    return f"{words} ({STRENGTH_WORDS[Strength(strength)]})" if strength and state == State.SENT else words


def counted(number: int, one: str, many: str = "") -> str:
    """`1 post`, `41 posts`, `1,200 posts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: list[str], *, most: int = 3) -> str:
    """`a`, `a and b`, `a, b, c and 4 more`."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def duration(seconds: float) -> str:
    """`45 s`, `20 min`, `2 h`, `1 h 05`, `3 days`: how long between two posts, or a poll is open."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    return counted(round(hours / 24), "day")


def dry_run_line(posts: Mapping[str, int]) -> str:
    """`mastodon-main is in DRY RUN: 41 posts will reach nobody`; empty where no account is."""
    if not posts:
        return ""
    verb = "is" if len(posts) == 1 else "are"
    return f"{listed(list(posts))} {verb} in DRY RUN: {counted(sum(posts.values()), 'post')} will reach nobody"


def live_line(posts: Mapping[str, int]) -> str:
    """`LIVE: 12 posts go out for real, on x-main`; empty where no account is live."""
    if not posts:
        return ""
    number = sum(posts.values())
    verb = "goes" if number == 1 else "go"
    return f"LIVE: {counted(number, 'post')} {verb} out for real, on {listed(list(posts))}"
