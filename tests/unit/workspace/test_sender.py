"""The queue that sends is written into drumbeat.yaml, and nothing else in the file changes."""

import pytest

from scheduler.errors import WorkspaceError
from scheduler.model.account import Sender
from scheduler.workspace.loader import load_workspace
from scheduler.workspace.sender import with_sender, write_sender

PLAIN = """\
# Whose posts these are.
workspace: rights   # never change it
timezone: Europe/Skopje

accounts:
  # the loud one
  mastodon-main: {platform: mastodon, server: "https://mastodon.example", live: true}
"""
BEFORE = Sender("aaaa", "old-laptop")
NOW = Sender("0123", "new-server")


def read(root):
    workspace, _ = load_workspace(root)
    return workspace


@pytest.mark.parametrize(
    "behind",
    [
        "",
        "groups:\n  all: [mastodon-main]\n",
        "# the end\n",
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        "",
        "sender: {id: aaaa, computer: old-laptop}\n",
        "sender:\n  id: aaaa\n  computer: old-laptop\n",
        "sender:\n  id: aaaa\n\n",
    ],
)
def test_one_key_is_written_and_every_other_line_stays(tmp_path, written, behind):
    path = tmp_path / "drumbeat.yaml"
    path.write_text(PLAIN + written + behind, encoding="utf-8")
    path.chmod(0o640)
    write_sender(tmp_path, NOW)
    text = path.read_text(encoding="utf-8")
    assert read(tmp_path).sender == NOW
    assert text.startswith(PLAIN)
    assert all(line in text for line in behind.splitlines())
    assert text.count("sender:") == 1
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["drumbeat.yaml"]


def test_writing_twice_is_writing_once():
    once = with_sender(PLAIN, NOW)
    assert with_sender(once, NOW) == once
    assert with_sender(with_sender(PLAIN, BEFORE), NOW) == once


def test_a_file_with_mistakes_is_left_alone(tmp_path):
    path = tmp_path / "drumbeat.yaml"
    path.write_text("workspace: [", encoding="utf-8")
    with pytest.raises(WorkspaceError):
        write_sender(tmp_path, NOW)
    assert path.read_text(encoding="utf-8") == "workspace: ["


def test_an_id_that_looks_like_a_number_stays_a_word(tmp_path):
    (tmp_path / "drumbeat.yaml").write_text(PLAIN, encoding="utf-8")
    for word in ("00001111", "1e10", "123", "true"):
        write_sender(tmp_path, Sender(word, word))
        assert read(tmp_path).sender == Sender(word, word)
