"""A first workspace: one account, one campaign of three posts in the next two weeks, every line explained.

Whatever name a person gives ends up quoted in YAML, so it can hold any character. The files
pass `drumbeat check --strict` for every platform: that is tested, not hoped.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from string import Template

from scheduler.errors import UsageError
from scheduler.platforms import platform_named
from scheduler.workspace.starter.resources import editor_schemas, text_of
from scheduler.workspace.starter.shipped import example_files
from scheduler.workspace.starter.slugs import slug
from scheduler.workspace.starter.writing import Written, write_files

__all__ = ["StarterAccount", "Written", "example_files", "slug", "starter_files", "write_files"]

_SECRETS = {"bluesky": "password", "discord": "webhook", "slack": "token", "nostr": "key", "email": "password"}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@:-]*[A-Za-z0-9/]")
_COMMENTS_AT = 43
_DAYS = {"hello": (2, "10:00"), "why": (6, "12:30"), "join": (11, "18:00")}
"""Days after `today`, none of them its morrow: there is time to look before the first one leaves."""


@dataclass(frozen=True, slots=True)
class StarterAccount:
    """The account a person names first; `server` only where the platform has many (https://mastodon.example)."""

    name: str = "main"
    platform: str = "mastodon"
    handle: str = "you@mastodon.example"
    server: str = "https://mastodon.example"


def starter_files(name: str, timezone: str, account: StarterAccount, today: date) -> Mapping[str, str]:
    """Path (with `/`) to text of every file of a new workspace called `name`, `timezone` an IANA name.

    `today` is the civil day in that zone. Raises `UsageError` on a platform that is not known, or takes no text alone.
    """
    platform = platform_named(account.platform)
    if platform.limits.get("media_min"):
        raise UsageError(
            f"{platform.title} takes no post without a picture, and a first workspace has none.",
            mend="Begin with another account, and add this one to drumbeat.yaml later.",
        )
    words = _words(name, timezone, account) | _days(today)
    files = {
        "drumbeat.yaml": _filled("drumbeat.yaml.tmpl", words),
        "campaigns/first-steps.yaml": _filled("first-steps.yaml.tmpl", words),
        "templates/posts/why.j2": text_of("why.j2.tmpl"),
        ".env.example": _filled("env.example.tmpl", words),
        ".gitignore": text_of("gitignore.tmpl"),
        "README.md": _filled("readme.md.tmpl", words),
    }
    return files | dict(editor_schemas("schemas"))


def _filled(template: str, words: Mapping[str, str]) -> str:
    lines = Template(text_of(template)).substitute(words).splitlines()
    return "\n".join(map(_aligned, lines)) + "\n"


def _aligned(line: str) -> str:
    """The line with its comment where the others are; only comments have two blanks before a #."""
    code, mark, comment = line.partition("  #")
    return f"{code.rstrip():<{_COMMENTS_AT}} #{comment}" if mark and code.strip() else line


def _words(name: str, timezone: str, account: StarterAccount) -> dict[str, str]:
    one_line = _readable(name) or "My campaign"
    identifier = slug(account.name, fallback="main")
    return {
        "workspace": slug(one_line, fallback="workspace"),
        "title": json.dumps(one_line, ensure_ascii=False),
        "heading": one_line,
        "timezone": timezone,
        "account": identifier,
        "platform": account.platform,
        "handle": _scalar(account.handle),
        "server": f"    server: {_scalar(account.server)}  # where it lives\n" if account.server else "",
        "secret": _SECRETS.get(account.platform, "token"),
        "variable": f"{identifier.upper().replace('-', '_')}_{_SECRETS.get(account.platform, 'token').upper()}",
    }


def _readable(name: str) -> str:
    """The name on one line, without what no YAML file can hold: control characters and halves of characters."""
    kept = (letter if unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"} else " " for letter in name)
    return " ".join("".join(kept).replace("\ufeff", " ").split())


def _scalar(written: str) -> str:
    text = _readable(written)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _days(today: date) -> dict[str, str]:
    moments = {post: f"{today + timedelta(days=days)} {clock}" for post, (days, clock) in _DAYS.items()}
    window = {"first": str(today + timedelta(days=1)), "last": str(today + timedelta(days=14))}
    return moments | window
