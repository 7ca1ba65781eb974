"""The servers that speak Mastodon's client API, and what each does differently, as data.

NodeInfo (nodeinfo.diaspora.software) says which software answers; its version string lies
on purpose (GoToSocial says 3.5.3). What is not known to this table is held to do the least:
a repeat doubles, and what a look does not see may still be there.

Sources, as of 2026-11: docs.joinmastodon.org/methods (2903485d, 2026-07-02); GoToSocial
57cb4fe7 of 2025-10-03; Pleroma's idempotency plug by way of rebased 10886eea; Pixelfed's
status controller and pixelfed/docs#91 of 2026; Friendica 12f2c2f7 of 2021; snac 2.96
as run on loopback in 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from scheduler.errors import PublishError
from scheduler.http.session import HttpSession
from scheduler.platforms import Feature
from scheduler.publishers.base import Doubles, OnRepeat, Pace, Refused, Replays

DELETES = Pace(30, timedelta(minutes=30))
"""Deleting and unboosting, an account (mastodon `rack_attack.rb`, 2026)."""

DOUBLES = Doubles()
KEEPS_KEYS = timedelta(minutes=45)
"""Mastodon keeps a key 3,600 s, written after the post (mastodon#21840); less is claimed than is kept."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one server software does. `notes` are sentences for people.

    `has_source`: a post's own text can be read back. `keeps_media_ids`: a post names its uploads by the ids they had.
    `trusted`: what its account's timeline does not show is not there. `may_drop`: it answers with an id and stores
    nothing where it takes a post for spam. `wants_plain`: `content_type` must be said.
    `needs_media`: it takes no text alone. `untrue`: limits that it states and does not use.
    `deletes`: how fast an account may delete. `hangs_up`: it ends a connection after each answer without saying so,
    so none may be used again.
    """

    title: str
    on_repeat: OnRepeat = DOUBLES
    lacks: frozenset[Feature] = frozenset()
    has_source: bool = True
    keeps_media_ids: bool = False
    trusted: bool = False
    may_drop: bool = False
    wants_plain: bool = False
    needs_media: bool = False
    untrue: frozenset[str] = frozenset()
    hangs_up: bool = False
    deletes: Pace | None = None
    notes: tuple[str, ...] = ()


_MASTODON = Dialect("Mastodon", Replays(KEEPS_KEYS), keeps_media_ids=True, trusted=True, may_drop=True, deletes=DELETES)
_PLEROMA = Dialect(
    "Pleroma",
    # it does replay, but from memory: a restart, which is when replies get lost, forgets the key
    DOUBLES,
    trusted=True,
    wants_plain=True,
    notes=("A repeat is answered from memory only, so no repeat is sent unless a look shows that nothing is there.",),
)
UNKNOWN = Dialect(
    "an unknown server",
    hangs_up=True,
    deletes=DELETES,
    notes=("This software is not known here, so nothing is taken for granted.",),
)

DIALECTS: Mapping[str, Dialect] = {
    "mastodon": _MASTODON,
    "hometown": _MASTODON,
    "glitchcafe": _MASTODON,
    "gotosocial": Dialect(
        "GoToSocial",
        untrue=frozenset({"url"}),
        keeps_media_ids=True,
        trusted=True,
        wants_plain=True,
        notes=(
            "It knows no idempotency key: a repeat would make a second post, so none is sent without a look.",
            "It counts links in full, where the preview counts 23 for each: keep well below its limit.",
            "300 requests in 5 minutes are for the whole IP address, all accounts of this computer together.",
        ),
    ),
    "pleroma": _PLEROMA,
    "akkoma": _PLEROMA,
    "rebased": _PLEROMA,
    "pixelfed": Dialect(
        "Pixelfed",
        Refused(),
        lacks=frozenset({Feature.POLL}),
        has_source=False,
        trusted=True,
        needs_media=True,
        notes=(
            "Every post needs a picture; there are no polls, and the language is not kept.",
            "A content warning is at most 140 characters.",
            "It answers a repeat with an error that names no post, so one look follows.",
        ),
    ),
    "friendica": Dialect(
        "Friendica",
        has_source=False,
        notes=("It reads text as Markdown, and shows a content warning as the title.",),
    ),
    "snac": Dialect(
        "snac",
        lacks=frozenset({Feature.POLL}),
        # its timeline leaves out what only followers see, so "not there" proves nothing
        hangs_up=True,
        untrue=frozenset({"url"}),
        notes=(
            "It takes no polls from here, keeps no language, and reads HTML in a text as HTML.",
            "It shows *…*, `…` and ~~…~~, and lines that begin with >, - or #, as formatting.",
            "A reply to a post that is gone is posted as a post of its own.",
        ),
    ),
}


def dialect_of(software: str) -> Dialect:
    """The dialect of a software by its NodeInfo name, in any case; the most careful one where it is not known."""
    return DIALECTS.get(software.strip().lower(), UNKNOWN)


@dataclass(frozen=True, slots=True)
class Software:
    """What NodeInfo says: a name in small letters, and a version. Both empty: it says nothing."""

    name: str = ""
    version: str = ""


def software(http: HttpSession) -> Software:
    """Which software a server runs. Raises what looking raises."""
    found = http.find("/.well-known/nodeinfo")
    path = _newest(found.said() if found else {})
    told = http.find(path) if path else None
    said = told.said().get("software") if told else None
    if not isinstance(said, dict):
        return Software()
    return Software(str(said.get("name", "")).lower(), str(said.get("version", "")))


def _newest(said: Mapping[str, Any]) -> str:
    """The path of the newest NodeInfo; the host is never taken from there, so no answer leads elsewhere."""
    links = said.get("links")
    entries = [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    versions = sorted((str(link.get("rel", "")), str(link.get("href", ""))) for link in entries)
    paths = [urlsplit(href).path for rel, href in versions if "nodeinfo.diaspora.software" in rel]
    return paths[-1] if paths and paths[-1].startswith("/") else ""


def live_limits(http: HttpSession) -> dict[str, int]:
    """The server's own limits by the keys of `limits:`; only those that it states. Raises what looking raises.

    docs.joinmastodon.org/methods/instance, v2 since 4.0, and v1 with Pleroma's additions; as of 2026-11.
    """
    for path in ("/api/v2/instance", "/api/v1/instance"):
        try:
            found = http.find(path)
        except PublishError:
            if path.startswith("/api/v1"):
                raise
            continue
        if found is not None and (limits := _limits(found.said())):
            return limits
    return {}


_STATED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("text", ("configuration", "statuses", "max_characters")),
    ("text", ("max_toot_chars",)),
    ("url", ("configuration", "statuses", "characters_reserved_per_url")),
    ("media", ("configuration", "statuses", "max_media_attachments")),
    ("media", ("max_media_attachments",)),
    ("alt", ("configuration", "media_attachments", "description_limit")),
    ("alt", ("description_limit",)),
    ("media_bytes", ("configuration", "media_attachments", "image_size_limit")),
    ("media_bytes", ("upload_limit",)),
    ("video_bytes", ("configuration", "media_attachments", "video_size_limit")),
    ("video_bytes", ("upload_limit",)),
    ("media_pixels", ("configuration", "media_attachments", "image_matrix_limit")),
    ("poll_options", ("configuration", "polls", "max_options")),
    ("poll_options", ("poll_limits", "max_options")),
    ("poll_option", ("configuration", "polls", "max_characters_per_option")),
    ("poll_option", ("poll_limits", "max_option_chars")),
    ("poll_min", ("configuration", "polls", "min_expiration")),
    ("poll_min", ("poll_limits", "min_expiration")),
    ("poll_max", ("configuration", "polls", "max_expiration")),
    ("poll_max", ("poll_limits", "max_expiration")),
)


def _limits(said: Mapping[str, Any]) -> dict[str, int]:
    limits: dict[str, int] = {}
    for key, path in _STATED:
        value: Any = said
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            limits.setdefault(key, value)
    return limits
