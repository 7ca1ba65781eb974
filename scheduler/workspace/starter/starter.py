"""A first workspace: one account, one campaign of three posts in the next two weeks, every line explained.

Whatever name a person gives ends up quoted in YAML, so it can hold any character. The files
pass `drumbeat check --strict` for every platform: that is tested, not hoped.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from string import Template

from scheduler.platforms import Feature, platform_named
from scheduler.workspace.starter.resources import bytes_of, editor_schemas, text_of
from scheduler.workspace.starter.slugs import slug

_PICTURE = "media/first-steps.jpg"
_SECRETS = {"bluesky": "password", "discord": "webhook", "slack": "token", "nostr": "key", "email": "password"}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_DAYS = {"hello": (2, "10:00"), "why": (6, "12:30"), "join": (11, "18:00")}
"""Days after `today`, none of them its morrow: there is time to look before the first one leaves."""


@dataclass(frozen=True, slots=True)
class StarterAccount:
    """The account a person names first; `server` only where the platform has many (https://mastodon.example)."""

    name: str = "main"
    platform: str = "mastodon"
    handle: str = "you@mastodon.example"
    server: str = "https://mastodon.example"


def starter_files(name: str, timezone: str, account: StarterAccount, today: date) -> Mapping[str, str | bytes]:
    """Path (with `/`) to content of every file of a new workspace called `name`, `timezone` an IANA name.

    `today` is the civil day in that zone. Raises `UsageError` on a platform that is not known.
    """
    words = _words(name, timezone, account) | _days(today)
    pictured = _pictured(account.platform)
    media = {f"{post}_media": text_of("media.tmpl") if post in pictured else "" for post in _DAYS}
    files: dict[str, str | bytes] = {
        "drumbeat.yaml": _filled("drumbeat.yaml.tmpl", words),
        "campaigns/first-steps.yaml": _filled("first-steps.yaml.tmpl", words | media),
        "templates/posts/why.j2": text_of("why.j2.tmpl"),
        ".env.example": _filled("env.example.tmpl", words),
        ".gitignore": text_of("gitignore.tmpl"),
        "README.md": _filled("readme.md.tmpl", words),
    }
    if pictured:
        files[_PICTURE] = bytes_of("first-steps.jpg")
    return files | dict(editor_schemas("schemas"))


def _filled(template: str, words: Mapping[str, str]) -> str:
    return Template(text_of(template)).substitute(words)


def _words(name: str, timezone: str, account: StarterAccount) -> dict[str, str]:
    one_line = " ".join(name.split()) or "My campaign"
    identifier = slug(account.name, fallback="main")
    return {
        "workspace": slug(one_line, fallback="workspace"),
        "title": json.dumps(one_line, ensure_ascii=False),
        "heading": one_line,
        "timezone": timezone,
        "account": identifier,
        "platform": account.platform,
        "handle": _scalar(account.handle),
        "server": f"    server: {_scalar(account.server)}   # where it lives\n" if account.server else "",
        "secret": _SECRETS.get(account.platform, "token"),
        "variable": f"{identifier.upper().replace('-', '_')}_{_SECRETS.get(account.platform, 'token').upper()}",
    }


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _days(today: date) -> dict[str, str]:
    moments = {post: f"{today + timedelta(days=days)} {clock}" for post, (days, clock) in _DAYS.items()}
    window = {"first": str(today + timedelta(days=1)), "last": str(today + timedelta(days=14))}
    return moments | window


def _pictured(platform: str) -> frozenset[str]:
    """The posts that get the picture: all where a platform takes no text alone, one where it takes pictures at all."""
    rules = platform_named(platform)
    if rules.limits.get("media_min"):
        return frozenset(_DAYS)
    return frozenset({"join"}) if Feature.MEDIA in rules.features else frozenset()
