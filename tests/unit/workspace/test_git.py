"""Which commit the files are of, where there is git."""

import subprocess
from pathlib import Path

import pytest

from scheduler.workspace.git import head

WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *WHO, *arguments], check=True, capture_output=True)


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "week.yaml").write_text("campaign: week\n", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "Write the week — в среда")
    return tmp_path


def test_the_commit_has_its_short_id_and_its_subject(committed: Path) -> None:
    found = head(committed)

    assert found is not None
    assert 7 <= len(found.id) <= 40
    assert (found.subject, found.changed) == ("Write the week — в среда", False)


@pytest.mark.parametrize("path", ["campaigns/week.yaml", "campaigns/new.yaml"])
def test_a_file_that_differs_is_said(committed: Path, path: str) -> None:
    (committed / path).write_text("campaign: other\n", encoding="utf-8")

    found = head(committed)

    assert found is not None
    assert found.changed


def test_files_that_decide_no_post_do_not_count(committed: Path) -> None:
    (committed / "notes.txt").write_text("later", encoding="utf-8")

    found = head(committed)

    assert found is not None
    assert not found.changed


def test_without_git_or_without_a_commit_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert head(tmp_path) is None

    git(tmp_path, "init", "--quiet")
    assert head(tmp_path) is None

    monkeypatch.setenv("PATH", "")
    assert head(tmp_path) is None
