"""Where the pages for a person lie, and how each is called: by its post and the post's key.

The name is the same for every try of one post, so that a repeat replaces its page, and another after
`drumbeat retry`, which is another post to the person. Pictures lie beside their page under its name.
"""

import re
from pathlib import Path

from scheduler.errors import UsageError
from scheduler.model.account import Account

DEFAULT = ".drumbeat/by-hand"
_TAKEN = ("", ".git", ".env", "drumbeat.yaml", "schemas", "campaigns", "templates", "media")
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 120


def folder_of(root: Path, account: Account) -> Path:
    """The folder of an account's pages: `folder:`, below the workspace or anywhere by its whole path.

    Raises `UsageError` where it would be in the way of the workspace's own files.
    """
    written = account.settings.get("folder", DEFAULT)
    folder = (root / written).resolve()
    inside = folder.relative_to(root.resolve()).parts if folder.is_relative_to(root.resolve()) else None
    own = inside is not None and (inside[:1] in {(), *((name,) for name in _TAKEN)} or inside == (".drumbeat",))
    if own:
        raise UsageError(
            f"{account.name} cannot keep its pages in {written!r}.",
            mend=f"`folder` is a folder of its own, as in `folder: to-post`; without it, {DEFAULT}.",
        )
    return folder


def base_name(delivery: str, key: str) -> str:
    """What the page of a post and its pictures are called, without an ending."""
    return f"{_ODD.sub('-', delivery)[:_LONGEST]}-{key[:12]}"


def page_name(base: str) -> str:
    """The file name of the page."""
    return f"{base}.html"


def shown(root: Path, path: Path) -> str:
    """A path as a person in the workspace reads it."""
    return str(path.relative_to(root.resolve())) if path.is_relative_to(root.resolve()) else str(path)
