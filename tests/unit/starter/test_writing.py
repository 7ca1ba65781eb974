"""A new workspace is written whole or not at all, and never over somebody's work."""

import os
from pathlib import Path

import pytest

from scheduler.errors import SchedulerError, UsageError
from scheduler.workspace.starter.starter import Written, write_files

FILES = [("drumbeat.yaml", "workspace: x\n"), ("campaigns/records/a.csv", b"key\n"), (".gitignore", ".env\n")]


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_every_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    written = write_files(tmp_path / "new" / "place", FILES)

    assert written == Written(created=("drumbeat.yaml", "campaigns/records/a.csv", ".gitignore"))
    assert (tmp_path / "new/place/campaigns/records/a.csv").read_bytes() == b"key\n"


def test_what_is_there_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")

    written = write_files(tmp_path, FILES)

    assert written.kept == (".gitignore",)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_a_dangling_symlink_is_somebodys_work_too(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").symlink_to("nowhere")

    assert write_files(tmp_path, FILES).kept == (".gitignore",)


def test_a_workspace_is_not_begun_twice(tmp_path: Path) -> None:
    (tmp_path / "drumbeat.yaml").write_text("workspace: mine\n")

    with pytest.raises(UsageError, match="is a workspace already") as refusal:
        write_files(tmp_path, FILES)

    assert "drumbeat check" in refusal.value.mend
    assert everything(tmp_path) == {"drumbeat.yaml"}


def test_a_file_is_no_place_for_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="no folder"):
        write_files(tmp_path / "file", FILES)


def test_nothing_is_left_when_the_disk_refuses(tmp_path: Path) -> None:
    """A plain file stands where a folder is needed: what was written before it is taken back."""
    (tmp_path / "campaigns").write_text("a file")

    with pytest.raises(SchedulerError, match="Nothing was written"):
        write_files(tmp_path, FILES)

    assert everything(tmp_path) == {"campaigns"}


def test_folders_that_were_made_go_as_well(tmp_path: Path) -> None:
    with pytest.raises(SchedulerError):
        write_files(tmp_path / "new", [*FILES, ("x" * 300, "a name too long for any disk")])

    assert everything(tmp_path) == set()


@pytest.mark.parametrize("name", ["../outside.yaml", "/etc/outside", "links/out.txt"])
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    root, other = tmp_path / "root", tmp_path / "other"
    root.mkdir()
    other.mkdir()
    (root / "links").symlink_to(other)

    with pytest.raises(UsageError, match="leads out of"):
        write_files(root, [("drumbeat.yaml", ""), (name, "")])

    assert everything(tmp_path) == {"root", "other", "root/links"}


def test_new_files_may_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_files(tmp_path, FILES)
    finally:
        os.umask(before)

    assert (tmp_path / "drumbeat.yaml").stat().st_mode & 0o777 == 0o640
