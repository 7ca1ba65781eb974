"""Small workspaces on disk: a whole one, changed in one file by each test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.workspace.loader import Loaded, load

WORKSPACE = """\
workspace: w
timezone: Europe/Skopje
accounts:
  main: {platform: mastodon}
  other: {platform: bluesky, language: mk}
groups:
  feeds: [main, other]
"""
HEAD = """\
campaign: c
window: {from: 2027-06-24, to: 2027-06-30}
accounts: [feeds]
languages: [en, mk]
posts:
"""
POST = """\
  - post: p
    at: 2027-06-24 09:00
    text: Hello
"""


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """The files below `root`, their folders made."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


@pytest.fixture
def load_files(tmp_path: Path) -> Callable[..., Loaded]:
    """Loads a workspace of one good campaign, with these files written over it."""

    def loaded(files: dict[str, str | bytes] | None = None) -> Loaded:
        templates = {"templates/posts/known.j2": "x", "templates/cards/known.svg": "<svg/>"}
        whole = {"drumbeat.yaml": WORKSPACE, "campaigns/c.yaml": HEAD + POST, **templates}
        return load(write(tmp_path, {**whole, **(files or {})}))

    return loaded


@pytest.fixture
def load_posts(load_files: Callable[..., Loaded]) -> Callable[..., Loaded]:
    """Loads a workspace whose campaign has these posts; they begin in line 6."""

    def loaded(posts: str, **more: str) -> Loaded:
        return load_files({"campaigns/c.yaml": HEAD + posts, **more})

    return loaded
