"""A small workspace whose posts lie ahead of today, and the command to try on it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.main import run

WORKSPACE = """\
workspace: rights
timezone: Europe/Skopje
accounts:
  mastodon-main: {platform: mastodon, server: https://mastodon.example, handle: rights@mastodon.example, language: en}
  bluesky-main: {platform: bluesky, handle: rights.example, language: en}
groups:
  feeds: [mastodon-main, bluesky-main]
"""

CAMPAIGN = """\
campaign: week
title: A week
window: {{from: {first}, to: {last}}}
accounts: [feeds]
languages: [en]
hashtags: [TimeIsNow]
posts:
  - post: opening
    at: {first} 09:00
    text: |
      The week begins. {{{{ hashtags }}}}
  - post: story
    at: {second} 12:00
    text: |
      Part one.
      ---
      Part two.
  - post: closing
    at: {last} 18:00
    text: The week ends.
"""


@dataclass(frozen=True)
class Result:
    """What a call ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


class Desk:
    """A workspace on disk, and `drumbeat` in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str], first: date) -> None:
        self.root = root
        self.first = first
        self.last = first + timedelta(days=6)
        self._capsys = capsys

    @property
    def campaign(self) -> Path:
        return self.root / "campaigns" / "week.yaml"

    def write(self) -> None:
        (self.root / "campaigns").mkdir(parents=True, exist_ok=True)
        (self.root / "drumbeat.yaml").write_text(WORKSPACE, encoding="utf-8")
        second = self.first + timedelta(days=1)
        self.campaign.write_text(CAMPAIGN.format(first=self.first, second=second, last=self.last), encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        text = self.campaign.read_text(encoding="utf-8")
        assert old in text
        self.campaign.write_text(text.replace(old, new), encoding="utf-8")

    def __call__(self, command: str, *arguments: str) -> Result:
        self._capsys.readouterr()
        code = run([command, *arguments, "--workspace", str(self.root)])
        out, err = self._capsys.readouterr()
        return Result(code, out, err)

    def files(self) -> set[str]:
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*")}


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys, datetime.now(UTC).date() + timedelta(days=10))
    made.write()
    return made


@pytest.fixture
def applied(desk: Desk) -> Desk:
    assert desk("apply", "--yes").code == 0
    return desk


Settle = Callable[[str], None]
