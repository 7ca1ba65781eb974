"""How each platform dresses a post, as data: colours, the avatar's shape, the order of things.

A look is a likeness and no copy: it shows an organizer where a warning folds, what stands
above the picture and how a name is written there. A platform without a look of its own is
shown plainly. Drawn after the platforms' web pages, as of 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Look:
    """One platform's dress. `accent` is for light pages, `glow` for dark ones; white reads on `accent`.

    `avatar`: circle, soft or square. `body`: post, chat, bubble, photo (the picture leads), letter or entry (the
    first line is a heading). `pictures`: grid, row (swiped through) or stack. `fold`: what a warning does there:
    `folds` (text and pictures behind it), `hides` (the pictures are files to open), `line` (it stands above).
    `more` is the word that unfolds it.
    """

    accent: str = "#555b66"
    glow: str = "#b9c0cc"
    avatar: str = "circle"
    body: str = "post"
    pictures: str = "grid"
    fold: str = "line"
    more: str = "Show more"
    at: str = "@"
    verbs: tuple[str, ...] = ()
    card: str = "tall"


PLAIN = Look(at="")

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "mastodon": Look(
            "#563acc", "#a99cff", "soft", fold="folds", verbs=("Reply", "Boost", "Favourite"), card="flat"
        ),
        "bluesky": Look("#0a5fd6", "#6cb2ff", verbs=("Reply", "Repost", "Like")),
        "x": Look("#14171a", "#8ecdf8", verbs=("Reply", "Repost", "Like")),
        "threads": Look("#101010", "#9db8d2", pictures="row", verbs=("Like", "Reply", "Repost"), at=""),
        "facebook": Look("#0b5bd3", "#79b1ff", verbs=("Like", "Comment", "Share"), at=""),
        "instagram": Look("#a8246a", "#f29ac4", body="photo", pictures="row", verbs=("Like", "Comment"), at=""),
        "linkedin": Look("#0a58a8", "#7fbdf5", verbs=("Like", "Comment", "Repost"), at=""),
        "telegram": Look("#1b6a9c", "#7cc4ee", body="bubble", at="@", card="flat"),
        "discord": Look("#4650c8", "#a5adff", body="chat", at=""),
        "slack": Look("#5b2a5d", "#d9a9db", "soft", body="chat", at=""),
        "matrix": Look("#0b6350", "#6fd3b8", body="chat", fold="hides", at=""),
        "nostr": Look("#6a3c9c", "#c5a3ec", fold="folds", more="Show", at=""),
        "email": Look("#4f5a6b", "#b4c1d4", body="letter", pictures="stack", at=""),
        "feed": Look("#a34a07", "#f2aa72", "square", body="entry", pictures="stack", fold="folds", at=""),
        "ghost": Look("#30373d", "#b7c3cc", "square", body="entry", pictures="stack", at=""),
        "wordpress": Look("#1f5c7a", "#86c5e4", "square", body="entry", pictures="stack", at=""),
        "apprise": Look("#2c6a3a", "#8fd3a0", "square", body="chat", at=""),
        "webhook": Look("#50545c", "#b9c0cc", "square", at=""),
        "manual": Look("#6a5527", "#d8bd80", "square", at=""),
    }
)
"""The looks by a platform's name."""


def look_of(platform: str) -> Look:
    """The platform's look, or the plain one."""
    return LOOKS.get(platform, PLAIN)


def initials(name: str) -> str:
    """One or two letters for an account's placeholder: `MM` for mastodon-main, `SK` for skopje."""
    words = [word for word in name.replace("_", "-").replace(".", "-").split("-") if word]
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else name[:2]
    return letters.upper() or "?"


def handle_of(handle: str, look: Look) -> str:
    """The handle as it is written there."""
    return handle if not handle or handle.startswith("@") else f"{look.at}{handle}"
