"""The dry-run publisher's file: one whole line a post, whatever happens to the process or the disk."""

import json
import os
import threading
from datetime import UTC, datetime

import pytest

from scheduler.errors import Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared, Receipt
from scheduler.publishers.base import Absent, Found, Surroundings
from scheduler.publishers.dryrun import DryRun
from scheduler.publishers.installed import installed, publisher_for
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import draft

NOW = datetime(2027, 6, 30, 7, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".drumbeat" / "dry-run.jsonl"


def dry(path):
    return DryRun(path, FixedClock(NOW))


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_says_all_that_would_have_been_sent(path):
    from dataclasses import replace

    post = replace(draft(), content=Content("Време е", media=(Media("a.png", alt="a drawing", credit="Mira"),)))
    receipt = dry(path).publish(post, Prepared())
    (line,) = lines(path)
    assert line["at"] == "2027-06-30T07:00:00.123456Z"
    assert line["due"] == "2027-06-30T07:00:00Z"
    assert (line["delivery"], line["account"], line["platform"]) == (post.delivery, "main", "fake")
    assert line["text"] == "Време е"
    assert line["media"] == [{"file": "a.png", "alt": "a drawing", "credit": "Mira"}]
    assert line["idempotency_key"] == post.idempotency_key
    assert receipt.dry_run
    assert path.stat().st_mode & 0o077 == 0


def test_another_process_finds_the_line_and_adds_none(path):
    first = dry(path).publish(draft(), Prepared())
    again = dry(path)
    assert again.verify(draft(), Prepared(), NOW) == Found(first)
    assert again.publish(draft(), Prepared()) == first
    assert len(lines(path)) == 1


def test_a_torn_line_is_closed_off_and_counts_as_nothing(path):
    dry(path).publish(draft("one", key="a" * 32), Prepared())
    with path.open("ab") as file:
        file.write(b'{"idempotency_key": "' + b"b" * 32)
    again = dry(path)
    assert again.verify(draft(key="b" * 32), Prepared(), NOW) == Absent()
    again.publish(draft("two", key="b" * 32), Prepared())
    whole = path.read_bytes().splitlines()
    assert json.loads(whole[-1])["text"] == "two"
    assert isinstance(dry(path).verify(draft(key="b" * 32), Prepared(), NOW), Found)


def test_lines_of_others_and_odd_lines_are_passed_over(path):
    path.parent.mkdir()
    path.write_text('[]\n\n{"text": "no key"}\nnot json\n')
    publisher = dry(path)
    publisher.publish(draft(), Prepared())
    assert isinstance(publisher.verify(draft(), Prepared(), NOW), Found)


def test_a_file_that_was_begun_anew_is_read_anew(path):
    publisher = dry(path)
    publisher.publish(draft(), Prepared())
    path.write_text("")
    assert publisher.verify(draft(), Prepared(), NOW) == Absent()
    path.unlink()
    assert publisher.verify(draft(), Prepared(), NOW) == Absent()
    publisher.publish(draft(), Prepared())
    assert len(lines(path)) == 1


def test_where_it_cannot_write_nothing_was_sent(path):
    path.mkdir(parents=True)
    with pytest.raises(Transient, match="cannot be written"):
        dry(path).publish(draft(), Prepared())


def test_a_disk_that_takes_half_a_line_is_put_back(path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, line: write(file, line[:10]))
    with pytest.raises(Transient, match="no room"):
        dry(path).publish(draft(), Prepared())
    assert path.read_bytes() == b""


def test_many_threads_write_whole_lines(path):
    publisher = dry(path)
    threads = [
        threading.Thread(target=publisher.publish, args=(draft("x" * 5000, key=f"{n:032x}"), Prepared()))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({line["idempotency_key"] for line in lines(path)}) == 20


def test_a_dry_run_reached_nobody(path):
    publisher = dry(path)
    assert publisher.metrics(Receipt("x")).counts == {}
    assert "reach nobody" in publisher.inspect().notes[0]
    with pytest.raises(Rejected, match="nothing to take back"):
        publisher.delete(Receipt("x"))


def test_publishers_are_found_by_the_platform_that_an_account_names(tmp_path):
    surroundings = Surroundings(tmp_path, FixedClock(NOW), lambda option: option)
    assert "dry-run" in installed()
    found = publisher_for(Account("main", "dry-run", "UTC"), surroundings)
    found.publish(draft(), Prepared())
    assert (tmp_path / ".drumbeat" / "dry-run.jsonl").exists()
    with pytest.raises(UsageError, match="No publisher for nowhere is installed") as missing:
        publisher_for(Account("main", "nowhere", "UTC"), surroundings)
    assert "live: false" in missing.value.mend


def test_a_publisher_that_does_not_load_is_said(tmp_path, monkeypatch):
    from importlib.metadata import EntryPoint

    from scheduler.publishers import installed as module

    broken = EntryPoint("broken", "no_such_module:Thing", module.GROUP)
    monkeypatch.setattr(module, "entry_points", lambda **_: [broken])
    with pytest.raises(UsageError, match="does not load"):
        publisher_for(Account("main", "broken", "UTC"), Surroundings(tmp_path, FixedClock(NOW), str))
