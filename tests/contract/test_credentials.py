"""What platforms rotate: kept for its owner only, replaced whole, renewed by one at a time."""

import json
import multiprocessing
import os
import threading

import pytest

from scheduler.errors import AuthExpired, Transient
from scheduler.publishers.credentials import Credentials


@pytest.fixture
def credentials(tmp_path):
    return Credentials(tmp_path)


def test_nothing_is_kept_at_first_and_looking_creates_nothing(credentials, tmp_path):
    assert not credentials.read("main")
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_is_read_again_by_anyone_and_the_others_stay(credentials, tmp_path):
    credentials.keep("main", {"refresh": "s3cret"})
    credentials.keep("other", {"refresh": "0th3r"})
    credentials.keep("main", {"refresh": "n3w"})
    again = Credentials(tmp_path)
    assert again.read("main").values == {"refresh": "n3w"}
    assert again.read("other").values == {"refresh": "0th3r"}
    again.keep("main", {})
    assert not credentials.read("main")


def test_only_the_owner_can_read_it(credentials, tmp_path):
    credentials.keep("main", {"refresh": "s3cret"})
    credentials.path.chmod(0o644)
    credentials.keep("main", {"refresh": "n3w"})
    assert credentials.path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".drumbeat").stat().st_mode & 0o777 == 0o700
    assert not list((tmp_path / ".drumbeat").glob("*.new"))


def test_no_value_shows_itself(credentials):
    credentials.keep("main", {"refresh": "s3cret"})
    assert "s3cret" not in repr(credentials) + repr(credentials.read("main"))


@pytest.mark.parametrize("written", ["", "no json", "[]", '"x"'])
def test_a_broken_file_asks_for_a_person(credentials, written):
    credentials.keep("main", {"refresh": "s3cret"})
    credentials.path.write_text(written)
    with pytest.raises(AuthExpired, match="broken") as caught:
        credentials.read("main")
    assert "Move it away" in caught.value.mend


def test_an_odd_entry_counts_as_none(credentials):
    credentials.keep("main", {"refresh": "s3cret"})
    credentials.path.write_text(json.dumps({"main": "odd", "other": {"n": 1}}))
    assert not credentials.read("main")
    assert credentials.read("other").values == {"n": "1"}


def test_where_it_cannot_be_written_nothing_is_lost(credentials, monkeypatch):
    credentials.keep("main", {"refresh": "old"})

    def full(_):
        raise OSError(28, "no room on the disk")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Transient, match="no room"):
        credentials.keep("main", {"refresh": "new"})
    monkeypatch.undo()
    assert credentials.read("main").values == {"refresh": "old"}
    assert not list(credentials.path.parent.glob("*.new"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / ".drumbeat").write_text("a file in its place")
    with pytest.raises(Transient, match="cannot be"):
        Credentials(tmp_path).keep("main", {"a": "b"})


def _renew(root, times):
    credentials = Credentials(root)
    for _ in range(times):
        with credentials.renewing("main") as kept:
            credentials.keep("main", {"n": str(int(kept.values.get("n", "0")) + 1)})
        credentials.keep(f"account-{os.getpid()}", {"pid": "x"})


def test_threads_and_processes_renew_one_after_the_other(tmp_path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_renew, args=(tmp_path, 20)) for _ in range(2)]
    threads = [threading.Thread(target=_renew, args=(tmp_path, 20)) for _ in range(3)]
    for one in (*processes, *threads):
        one.start()
    for one in (*processes, *threads):
        one.join()
    assert [process.exitcode for process in processes] == [0, 0]
    everyone = json.loads(Credentials(tmp_path).path.read_text())
    assert everyone["main"] == {"n": "100"}
    assert len(everyone) == 4
