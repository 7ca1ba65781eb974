"""What a killed process noted of its tries is believed where it proves something, and nowhere else."""

import errno
import json
import mmap
import os
import shutil
import sqlite3
import stat
from dataclasses import fields, replace

import pytest
from sqlalchemy import event

from scheduler.engine.steps import Steps
from scheduler.errors import StoreError
from scheduler.model.delivery import Receipt
from scheduler.model.lifecycle import Event, State
from scheduler.outbox.moments import to_us
from scheduler.outbox.notes import _BOOT, NOTHING_LEFT, Left, Notes, _body, _boot_id, _read
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.settling import Settlement
from scheduler.platforms.base import Quota
from scheduler.testing.platform import Fate
from tests.outbox.conftest import NINE

KEY = (7, "first-0")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tries"


def process(world, path, holder="first", **options):
    """A process that takes over; whoever worked before is dead."""
    world.steps.notes.end()
    world.steps = Steps(world.outbox, world.switchboard, world.clock, holder, notes=Notes(path, **options))
    world.steps.begin()
    return world.steps


def noted(path):
    """What its notes would say, were the process that keeps them killed now."""
    return _read(path.read_bytes(), path.stat(), _boot_id(_BOOT))


def claim(world, steps):
    world.clock.jump(world.outbox.next_due())
    return steps.claim(9)


def publish(world, steps):
    return [step() for step in steps.work(claim(world, steps))]


def test_an_answer_that_was_not_written_down_is_not_forgotten(world, path):
    (name,) = world.plan("opening")
    publish(world, process(world, path))

    process(world, path, "second")

    row = world.outbox.row(name)
    assert (row.state, row.receipt.url) == (State.SENT, "https://fake.example/1")
    assert world.outbox.events(name)[-1].event == Event.ACCEPT


def test_a_post_that_was_never_asked_for_goes_out_once_it_is_taken_over(world, path):
    (name,) = world.plan("opening")
    claim(world, process(world, path))

    second = process(world, path, "second")

    row = world.outbox.row(name)
    assert (row.state, row.last_error) == (State.SCHEDULED, "The process stopped just before this was sent.")
    second.dispatch()
    assert world.state(name) is State.SENT


def test_a_post_that_was_asked_for_and_not_answered_is_unknown(world, path):
    world.kind = "neither"
    (name,) = world.plan("opening")
    first = process(world, path)
    (claimed,) = claim(world, first).claimed
    first.notes.asked((claimed.n, claimed.lease))

    process(world, path, "second")

    assert world.state(name) is State.UNCERTAIN


def test_a_refusal_that_was_not_written_down_stands(world, path):
    (name,) = world.plan("opening")
    world.platform.next(Fate.REJECTS)
    publish(world, process(world, path))

    process(world, path, "second")

    assert world.state(name) is State.FAILED


def test_a_repeat_that_was_never_asked_for_stays_unknown(world, path):
    world.kind = "replays"
    (name,) = world.plan("opening")
    world.platform.next(Fate.LOSES_THE_REPLY)
    first = process(world, path)
    world.clock.jump(world.outbox.next_due())
    first.dispatch()
    assert world.state(name) is State.UNCERTAIN
    world.clock.later(minutes=1)
    looked = tuple(step() for step in first.work(first.claim(0, looks=1)))
    (repeat,) = first.claim(9, looked, looks=1).claimed
    assert repeat.repeat

    process(world, path, "second")

    assert world.state(name) is State.UNCERTAIN


def test_what_is_settled_already_is_not_settled_again(world, path):
    (name,) = world.plan("opening")
    first = process(world, path)
    results = tuple(publish(world, first))
    kept = shutil.copyfile(path, path.with_name("as-before"))
    first.claim(0, results)
    kept.replace(path)
    before = world.outbox.events(name)

    process(world, path, "second")

    assert world.outbox.events(name) == before


@pytest.mark.parametrize("what", ["copied", "another boot", "no boot", "gone", "cut", "another process", "spoilt"])
def test_notes_that_may_not_be_of_this_try_prove_nothing(world, path, tmp_path, what):
    world.kind = "neither"
    (name,) = world.plan("opening")
    boot = tmp_path / "boot"
    boot.write_text("monday")
    first = process(world, path, boot=boot)
    claim(world, first)
    if what == "another process":
        first.notes.begin(4)
    if what == "copied":
        shutil.copyfile(path, tmp_path / "backup")
        (tmp_path / "backup").replace(path)
    elif what == "another boot":
        boot.write_text("tuesday")
    elif what == "no boot":
        boot.unlink()
    elif what == "gone":
        path.unlink()
    elif what == "cut":
        path.write_bytes(path.read_bytes()[:600])
    elif what == "spoilt":
        with path.open("r+b") as file:
            file.write(b"?")

    process(world, path, "second", boot=boot)

    assert world.state(name) is State.UNCERTAIN


def test_a_try_that_found_no_room_is_not_said_to_be_unasked(world, path):
    world.kind = "neither"
    names = world.plan("opening", account="main") + world.plan("closing", account="second")
    first = process(world, path)
    first.notes.begin(1)
    _, other = claim(world, first).claimed
    first.notes.asked((other.n, other.lease))

    process(world, path, "second")

    assert [world.state(name) for name in names] == [State.SCHEDULED, State.UNCERTAIN]


def restored(world, copy):
    """The queue as it was when the copy was made."""
    world.outbox.close()
    for ending in ("", "-wal", "-shm"):
        world.outbox.path.with_name(world.outbox.path.name + ending).unlink(missing_ok=True)
    shutil.copyfile(copy, world.outbox.path)
    world.outbox = open_outbox(world.outbox.path)


def test_what_a_restored_queue_believes_on_its_way_is_not_sent_again(world, path, tmp_path):
    world.kind = "neither"
    (name,) = world.plan("opening")
    first = process(world, path)
    taken = claim(world, first)
    world.outbox.copy_to(tmp_path / "copy.db")
    first.claim(0, tuple(step() for step in first.work(taken)))
    assert world.state(name) is State.SENT
    restored(world, tmp_path / "copy.db")

    process(world, path, "second").dispatch()

    assert world.state(name) is State.UNCERTAIN


def test_the_notes_of_a_process_that_lives_are_not_believed(world, path):
    world.kind = "neither"
    (name,) = world.plan("opening")
    living = process(world, path)
    claim(world, living)

    world.steps = Steps(world.outbox, world.switchboard, world.clock, "second", notes=Notes(path))
    world.steps.begin()

    assert world.state(name) is State.UNCERTAIN


def test_without_memory_for_its_notes_a_process_leaves_none(world, path, monkeypatch):
    world.kind = "neither"
    (name,) = world.plan("opening")

    def full(*_):
        raise OSError(errno.ENOMEM, "no memory")

    with monkeypatch.context() as small:
        small.setattr(mmap, "mmap", full)
        publish(world, process(world, path))
    assert not list(path.parent.glob("tries*"))

    process(world, path, "second")

    assert world.state(name) is State.UNCERTAIN


def test_an_end_that_nobody_can_write_down_does_not_keep_the_next_process_from_its_work(world, path):
    world.kind = "neither"
    (name,) = world.plan("opening")
    first = process(world, path)
    (one,) = publish(world, first)
    first.notes.ended(replace(one, receipt=None))

    process(world, path, "second")

    assert world.state(name) is State.UNCERTAIN


def test_a_claim_that_could_not_be_written_down_takes_no_room(world, path):
    world.plan("opening")
    steps = process(world, path)
    steps.notes.begin(1)
    world.clock.jump(world.outbox.next_due())

    def full(_):
        raise sqlite3.OperationalError("disk I/O error")

    event.listen(world.outbox.engine, "commit", full)
    with pytest.raises(StoreError):
        steps.claim(9)
    event.remove(world.outbox.engine, "commit", full)
    assert noted(path) == NOTHING_LEFT

    (claimed,) = steps.claim(9).claimed

    assert noted(path).never_asked == {(claimed.n, claimed.lease)}


def test_a_quota_that_the_last_try_used_up_holds_after_a_kill(world, path):
    world.switchboard.quotas = lambda _: (Quota(1, 86_400),)
    first, second = world.plan("opening", "closing")
    publish(world, process(world, path))

    process(world, path, "second").dispatch()

    assert (world.state(first), world.state(second)) == (State.SENT, State.SCHEDULED)


def ended(**said):
    made = Settlement(
        n=KEY[0],
        lease=KEY[1],
        event=Event.ACCEPT,
        at=NINE,
        delivery="c/p/once/main",
        account="main",
        attempt=1,
        due=NINE,
    )
    return replace(made, receipt=Receipt("1", "https://fake.example/1", extra={"cid": "b\u00e4"}), **said)


def test_nothing_of_what_a_platform_said_stays_once_it_is_written_down(path):
    notes = Notes(path)
    notes.begin(4)
    notes.claimed([KEY])
    notes.asked(KEY)
    notes.ended(ended(why="canary"))
    assert b"canary" in path.read_bytes()

    notes.forget([ended()])

    assert b"canary" not in path.read_bytes()
    assert b"first-0" not in path.read_bytes()


def test_an_end_is_read_as_it_was_noted(path):
    notes = Notes(path)
    notes.begin(4)
    notes.claimed([KEY])
    notes.asked(KEY)
    one = ended(why="odd \ud83d words", blocked_until=NINE, paused="why", forgotten=True, look_at=NINE, not_before=NINE)
    notes.ended(one)

    assert noted(path).ended == {KEY: one}


@pytest.mark.parametrize("spoilt", [b"1e99999999999999", b"[1, 2, 3, 4, 56]"])
def test_a_moment_that_is_none_proves_nothing(path, spoilt):
    notes = Notes(path)
    notes.begin(4)
    notes.claimed([KEY])
    notes.ended(ended())
    notes.end()
    moment = str(to_us(NINE)).encode()
    path.write_bytes(path.read_bytes().replace(moment, spoilt))

    assert Notes(path).left() == NOTHING_LEFT


def test_every_word_of_an_end_but_its_traceback_is_noted():
    told = json.loads(_body(ended()))
    assert {field.name for field in fields(Settlement)} - set(told) == {"n", "lease", "error"}


@pytest.mark.parametrize("what", ["a pipe", "a link", "a folder"])
def test_what_is_no_plain_file_is_not_opened_and_not_written_through(path, tmp_path, what):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    if what == "a pipe":
        os.mkfifo(path)
    elif what == "a link":
        path.symlink_to(elsewhere)
    else:
        path.mkdir()

    notes = Notes(path)
    left = notes.left()
    notes.begin(1)
    notes.claimed([KEY])

    assert left == NOTHING_LEFT
    assert elsewhere.read_text() == "mine"
    assert path.is_dir() or noted(path).never_asked == {KEY}


def test_an_end_too_long_to_be_noted_leaves_the_try_as_asked(path):
    notes = Notes(path)
    notes.begin(4)
    notes.claimed([KEY])
    notes.asked(KEY)
    notes.ended(ended(why="long" * 1000))

    assert noted(path) == NOTHING_LEFT


def test_a_process_that_is_killed_between_any_two_bytes_has_noted_the_truth(path):
    notes = Notes(path)
    notes.begin(1)
    seen = []
    inner = notes._map

    class Watched:
        """Lets every byte be the last."""

        def __setitem__(self, where, what):
            places = range(where, where + 1) if isinstance(where, int) else range(where.start, where.stop)
            for place, byte in zip(places, [what] if isinstance(where, int) else what, strict=True):
                inner[place] = byte
                seen.append(noted(path))

    notes._map = Watched()
    ends = []
    for note in (
        lambda: notes.claimed([KEY]),
        lambda: notes.asked(KEY),
        lambda: notes.ended(ended()),
        lambda: notes.forget([ended()]),
    ):
        note()
        ends.append(len(seen))

    claimed, asked, settled, _ = ends
    assert all(left == NOTHING_LEFT for left in seen[: claimed - 1])
    assert seen[claimed - 1] == Left(frozenset({KEY}))
    assert all(left == NOTHING_LEFT for left in seen[claimed : settled - 1])
    assert asked == claimed + 1
    assert seen[settled - 1] == Left(ended={KEY: ended()})
    assert all(left == NOTHING_LEFT for left in seen[settled:])


def test_the_notes_are_readable_for_their_owner_alone(path):
    Notes(path).begin(4)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_disk_that_takes_no_notes_stops_nobody(world, tmp_path):
    (name,) = world.plan("opening")
    steps = process(world, tmp_path / "no such folder" / "tries")
    world.clock.jump(world.outbox.next_due())

    steps.dispatch()

    assert world.state(name) is State.SENT
    assert Notes(tmp_path / "no such folder" / "tries").left() == NOTHING_LEFT
