"""What lies on the disk: other encodings, links out of the workspace, pipes, folders, unreadable files."""

import os
import subprocess
from pathlib import Path

import pytest

from scheduler.errors import WorkspaceError
from scheduler.workspace.find import find_root
from scheduler.workspace.git import tracked_env
from scheduler.workspace.limits import MAX_BYTES
from scheduler.workspace.loader import load

EVERY = "  - post: p\n    every: daily 09:00\n    text: Hi\n"


def rules(loaded):
    return [(finding.rule, finding.place.file) for finding in loaded.findings]


def test_a_campaign_in_another_encoding_is_named(load_files):
    loaded = load_files({"campaigns/c.yaml": "campaign: c\ntitle: Сега\n".encode("cp1251")})

    (finding,) = loaded.findings
    assert (finding.rule, str(finding.place)) == ("not-utf8", "campaigns/c.yaml:2:8")
    assert "UTF-8" in finding.mend


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_encodings_are_named(load_files, encoding):
    assert rules(load_files({"campaigns/c.yaml": "campaign: c\n".encode(encoding)})) == [
        ("not-utf8", "campaigns/c.yaml")
    ]


def test_a_byte_order_mark_and_windows_lines_are_read(load_files):
    text = "campaign: c\nwindow: {from: 2027-06-24, to: 2027-06-30}\naccounts: [feeds]\nposts:\n" + EVERY
    loaded = load_files({"campaigns/c.yaml": text.replace("\n", "\r\n").encode("utf-8-sig")})

    assert loaded.findings == ()
    assert loaded.campaigns[0].places["posts"].line == 4


def test_a_link_out_of_the_workspace_is_refused(load_files, tmp_path, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.yaml").write_text("- key: a\n")
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "templates/posts").mkdir(parents=True)
    (tmp_path / "campaigns/out.yaml").symlink_to(outside / "secret.yaml")
    (tmp_path / "campaigns/records").symlink_to(outside)
    (tmp_path / "templates/posts/out.j2").symlink_to(outside / "secret.yaml")

    loaded = load_files({"campaigns/b.yaml": _campaign("records: records/secret.yaml")})

    assert set(rules(loaded)) == {
        ("path-outside", "campaigns/out.yaml"),
        ("path-outside", "campaigns/records/secret.yaml"),
        ("path-outside", "templates/posts/out.j2"),
    }


def test_a_link_inside_the_workspace_is_followed(load_files, tmp_path):
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns/c.yaml").symlink_to(tmp_path / "real.yaml")

    assert load_files({"real.yaml": _campaign("tags: [a]", "x")}).findings == ()


def test_links_that_go_round_are_named(load_files, tmp_path):
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns/a.yaml").symlink_to(tmp_path / "campaigns/b.yaml")
    (tmp_path / "campaigns/b.yaml").symlink_to(tmp_path / "campaigns/a.yaml")

    assert rules(load_files()) == [("unreadable", "campaigns/a.yaml"), ("unreadable", "campaigns/b.yaml")]


def test_a_pipe_and_a_folder_are_no_campaigns(load_files, tmp_path):
    (tmp_path / "campaigns/folder.yaml").mkdir(parents=True)
    os.mkfifo(tmp_path / "campaigns/pipe.yaml")

    assert rules(load_files()) == [("unreadable", "campaigns/folder.yaml"), ("unreadable", "campaigns/pipe.yaml")]


def test_a_file_of_many_megabytes_is_not_even_opened(load_files):
    loaded = load_files({"campaigns/big.yaml": "#" * (MAX_BYTES + 1)})

    assert rules(loaded) == [("too-big", "campaigns/big.yaml")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_named(load_files, tmp_path):
    load_files()
    (tmp_path / "campaigns/c.yaml").chmod(0)

    assert rules(load(tmp_path)) == [("unreadable", "campaigns/c.yaml")]


def test_a_workspace_without_its_file_says_so(tmp_path):
    loaded = load(tmp_path)

    assert rules(loaded) == [("missing-file", "drumbeat.yaml")]
    assert loaded.workspace is None


def test_templates_are_read_by_their_name_below_their_folder(load_files):
    loaded = load_files({"templates/posts/shared/macros.j2": "m", "templates/posts/.hidden.j2": "h"})

    assert loaded.templates == {"known.j2": "x", "shared/macros.j2": "m", "card:known.svg": "<svg/>"}
    assert loaded.findings == ()


def test_a_template_for_each_language_needs_none_without(load_files):
    files = {"templates/posts/both.en.j2": "e", "templates/posts/both.mk.j2": "m", "templates/posts/one.mk.j2": "m"}

    assert load_files({**files, "campaigns/c.yaml": _template("both.j2")}).findings == ()
    regional = _template("both.j2").replace("[en, mk]", "[en-gb, mk]")
    assert load_files({**files, "campaigns/c.yaml": regional}).findings == ()
    assert rules(load_files({**files, "campaigns/c.yaml": _template("one.j2")})) == [
        ("unknown-template", "campaigns/c.yaml")
    ]


def test_the_nearest_workspace_upwards_is_found(tmp_path):
    (tmp_path / "drumbeat.yaml").write_text("")
    (tmp_path / "a/b").mkdir(parents=True)

    assert find_root(tmp_path / "a/b") == tmp_path.resolve()


def test_no_workspace_upwards_says_what_to_do(tmp_path):
    with pytest.raises(WorkspaceError) as caught:
        find_root(tmp_path)

    assert "drumbeat init" in caught.value.mend


def test_secrets_that_git_tracks_are_an_error(tmp_path):
    _git(tmp_path, "init", "-q")
    (tmp_path / ".env").write_text("A=b\n")
    assert tracked_env(tmp_path) is None

    _git(tmp_path, "add", ".env")
    finding = tracked_env(tmp_path)
    assert finding is not None
    assert (finding.rule, finding.severity, finding.place.file) == ("env-tracked", "error", ".env")
    assert "git rm --cached .env" in finding.mend


def test_without_git_there_is_nothing_to_say(tmp_path):
    assert tracked_env(tmp_path / "nowhere") is None


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True)


def _campaign(more: str, name: str = "b") -> str:
    head = f"campaign: {name}\nwindow: {{from: 2027-06-24, to: 2027-06-30}}\naccounts: [feeds]\nposts:\n"
    return f"{head}{EVERY}    {more}\n"


def _template(name: str) -> str:
    head = "campaign: b\nwindow: {from: 2027-06-24, to: 2027-06-30}\naccounts: [feeds]\nlanguages: [en, mk]\nposts:\n"
    return f"{head}  - post: p\n    every: daily 09:00\n    template: {name}\n"
