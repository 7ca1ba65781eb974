"""How each platform dresses a post, as data: colours, the avatar's shape, the order of things.

A look is a likeness and no copy: it shows an organizer where a warning folds, what stands
above the picture and how a name is written there. Colours are near each platform's own and
dark enough to read. A platform without a look is shown plainly.

Beside pictures no card of a link is drawn where there is none: Bluesky has one embed, Threads takes
`link_attachment` in text posts only, Facebook's `attached_media` wins over `link`, and X, Mastodon, Instagram and
Telegram's captions show none (platforms' documents and web pages, as of 2026-11).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Look:
    """One platform's dress. `accent` is for light pages, `glow` for dark ones; white reads on `accent`.

    `avatar`: circle, soft or square. `body`: post (the text beside the avatar), wall (below it), photo (the
    picture leads), bubble, chat, letter (with a subject) or entry. `pictures`: grid, row (swiped through) or stack.
    `folds`: text and pictures wait behind a warning, and `more` is the word that unfolds them; else it stands
    above. `at` stands before a handle. `ink` is the colour of links on light pages where it is not the accent.
    `both`: a link shows its card beside pictures too. `verbs` are what readers may do there.
    """

    accent: str = "#555b66"
    glow: str = "#b9c0cc"
    avatar: str = "circle"
    body: str = "post"
    pictures: str = "grid"
    folds: bool = False
    more: str = "Show more"
    at: str = "@"
    ink: str = ""
    both: bool = False
    verbs: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        """The colour of links on a light page."""
        return self.ink or self.accent


PLAIN = Look(at="", both=True)

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "mastodon": Look("#563acc", "#a99cff", "soft", folds=True, verbs=("Reply", "Boost", "Favourite")),
        "bluesky": Look("#0a5fd6", "#6cb2ff", verbs=("Reply", "Repost", "Like")),
        "x": Look("#14171a", "#8ecdf8", ink="#0b5fa8", verbs=("Reply", "Repost", "Like")),
        "threads": Look("#101010", "#9db8d2", pictures="row", at="", ink="#0a5a9c", verbs=("Like", "Reply", "Repost")),
        "facebook": Look("#0b5bd3", "#79b1ff", body="wall", at="", verbs=("Like", "Comment", "Share")),
        "instagram": Look("#a8246a", "#f29ac4", body="photo", pictures="row", at="", verbs=("Like", "Comment")),
        "linkedin": Look("#0a58a8", "#7fbdf5", body="wall", at="", verbs=("Like", "Comment", "Repost")),
        "telegram": Look("#1b6a9c", "#7cc4ee", body="bubble"),
        "discord": Look("#4650c8", "#a5adff", body="chat", at="", both=True),
        "slack": Look("#5b2a5d", "#d9a9db", "soft", body="chat", at="", both=True, ink="#1264a3"),
        "matrix": Look("#0b6350", "#6fd3b8", body="chat", folds=True, more="Reveal", at="", both=True),
        "nostr": Look("#6a3c9c", "#c5a3ec", folds=True, more="Show", at="", both=True),
        "email": Look("#4f5a6b", "#b4c1d4", body="letter", pictures="stack", at="", ink="#0b5bb5", both=True),
        "feed": Look("#a34a07", "#f2aa72", "square", body="entry", pictures="stack", folds=True, at="", both=True),
        "ghost": Look("#30373d", "#b7c3cc", "square", body="entry", pictures="stack", at="", both=True),
        "wordpress": Look("#1f5c7a", "#86c5e4", "square", body="entry", pictures="stack", at="", both=True),
        "apprise": Look("#2c6a3a", "#8fd3a0", "square", body="chat", at="", both=True),
        "webhook": Look("#50545c", "#b9c0cc", "square", at="", both=True),
        "manual": Look("#6a5527", "#d8bd80", "square", at="", both=True),
    }
)
"""The looks by a platform's name."""


def look_of(platform: str) -> Look:
    """The platform's look, or the plain one."""
    return LOOKS.get(platform, PLAIN)


def initials(name: str) -> str:
    """One or two letters for an account's placeholder: `MM` for mastodon-main, `SK` for skopje."""
    words = [word for word in name.replace("_", "-").replace(".", "-").split("-") if word]
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else "".join(words)[:2]
    return letters.upper() or "?"


def handle_of(handle: str, look: Look) -> str:
    """The handle as it is written there."""
    return handle if not handle or handle.startswith("@") else f"{look.at}{handle}"
