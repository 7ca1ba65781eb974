"""A withdrawn record never goes out again, whatever comes later, and its text is forgotten."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.errors import NotInHand, Rejected
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action
from scheduler.planning.diff import WITHDRAWN, diff
from scheduler.planning.differ import Differ
from scheduler.planning.plan import Plan
from scheduler.publishers.dryrun import forget
from scheduler.testing.bench import fill, planned
from scheduler.testing.platform import KINDS, FakePublisher, Fate

SECRET = "Ana Vasileva tells her story"


def about(world, *posts, record="ana", due=None, **said):
    """Posts that speak of a record, in the outbox."""
    due = due or world.clock.now() + timedelta(hours=1)
    parts = [replace(one, record=record) for post in posts for one in planned(post, due, **said)]
    fill(world.outbox, parts, at=world.clock.now())
    return parts


def withdraw(world, key="ana", names=()):
    return world.outbox.withdraw(key, names, at=world.clock.now(), who="mira", why="consent withdrawn")


def apply(world, parts):
    """What a later apply of files that still hold the record does."""

    rediff = Differ(Plan(tuple(parts)), campaigns=None, now=world.clock.now())
    changes = rediff(world.outbox.snapshot())
    world.outbox.apply(changes, rediff=rediff, at=world.clock.now(), who="mira")
    return changes


def test_what_is_queued_of_the_record_is_cancelled_and_nothing_else(world):
    mine = about(world, "spotlight", "second", parts=2)
    (other,) = about(world, "other", record="emma")
    withdraw(world)
    assert {world.state(one.name) for one in mine} == {State.CANCELLED}
    assert world.outbox.events(mine[0].name)[-1].why == "consent withdrawn"
    world.at_nine()
    assert (world.platform.texts, world.state(other.name)) == ([other.content.text], State.SENT)


def test_it_survives_every_later_apply(world):
    parts = about(world, "spotlight")
    withdraw(world)
    changes = apply(world, [*parts, *[replace(one, post="new") for one in parts]])
    assert changes.changes == ()
    assert set(changes.notes.values()) == {WITHDRAWN}
    moved = [
        replace(one, due=one.due + timedelta(hours=1), expires_at=one.expires_at + timedelta(hours=1)) for one in parts
    ]
    assert apply(world, moved).changes == ()
    assert apply(world, []).changes == ()
    world.at_nine(hours=2)
    assert world.platform.requests == 0


def test_an_apply_that_was_reviewed_before_writes_nothing_of_it(world):
    parts = [replace(one, record="ana") for one in planned("spotlight", world.clock.now() + timedelta(hours=1))]
    other = planned("other", world.clock.now() + timedelta(hours=1))
    reviewed = diff(Plan((*parts, *other)), world.outbox.snapshot(), campaigns=None, now=world.clock.now())
    assert {change.action for change in reviewed.changes} == {Action.CREATE}
    withdraw(world)
    changes = apply(world, [*parts, *other])
    assert [change.name for change in changes.changes] == [other[0].name]


def test_even_a_row_that_gets_into_the_queue_is_not_sent(world):
    withdraw(world)
    (part,) = about(world, "spotlight")
    with world.outbox.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER held_when_free")
        connection.exec_driver_sql("UPDATE delivery SET held = NULL")
        connection.exec_driver_sql("UPDATE lane SET head = 1, ready_at = 0")
    world.at_nine()
    assert (world.platform.requests, world.state(part.name)) == (0, State.SCHEDULED)


@pytest.mark.parametrize("fate", [Fate.REFUSES, Fate.NEVER_ARRIVES])
def test_what_was_on_its_way_is_not_tried_again(world, fate):
    (part,) = about(world, "spotlight")
    world.platform.next(fate)
    world.clock.jump(world.outbox.next_due())
    taken = world.steps.claim(1)
    withdraw(world)
    world.steps.claim(1, tuple(step() for step in world.steps.work(taken)))
    for _ in range(5):
        world.look(minutes=2)
        world.steps.dispatch()
    assert world.platform.requests == 1
    assert world.outbox.row(part.name).held == "withdrawn"
    withdraw(world)
    assert world.state(part.name) is State.CANCELLED


def test_nobody_brings_it_back(world):
    parts = about(world, "spotlight")
    withdraw(world)
    now = world.clock.now()
    with pytest.raises(NotInHand, match="ana was withdrawn"):
        world.outbox.retry([parts[0].name], due=now, at=now, who="mira")
    with pytest.raises(NotInHand, match="ana was withdrawn"):
        world.outbox.resend(parts, due=now, at=now, who="mira")


def test_what_was_queued_before_records_were_kept_is_known_by_the_files(world):
    one, two = world.plan("old", parts=2)
    withdraw(world, names=[two])
    assert (world.state(one), world.state(two)) == (State.CANCELLED, State.CANCELLED)
    assert world.outbox.row(one).record == "ana"


def test_the_texts_are_gone_from_the_queues_file_and_the_others_stay(world):
    about(world, "spotlight", text=SECRET)
    (shared,) = about(world, "shared", text="The same for all")
    (other,) = about(world, "other", record="emma", text="The same for all")
    world.at_nine()
    withdraw(world)
    assert world.outbox.blank("ana") == 0
    assert {row.content.text for row in world.outbox.rows() if row.record == "ana"} == {""}
    assert world.outbox.row(other.name).content.text == "The same for all"
    assert world.state(shared.name) is State.SENT
    assert world.outbox.row(shared.name).receipt is not None
    kept = b"".join(path.read_bytes() for path in world.outbox.path.parent.glob("outbox.db*"))
    assert SECRET.encode() not in kept
    assert b"The same for all" in kept


def test_earlier_wordings_are_forgotten_too(world):
    parts = about(world, "spotlight", text=SECRET)
    apply(world, [replace(one, content=replace(one.content, text="Someone tells her story")) for one in parts])
    withdraw(world)
    world.outbox.blank("ana")
    kept = b"".join(path.read_bytes() for path in world.outbox.path.parent.glob("outbox.db*"))
    assert b"tells her story" not in kept


def test_what_is_unknown_keeps_its_text_until_it_is_found(world):
    (part,) = about(world, "spotlight", text=SECRET)
    world.platform.next(Fate.LOSES_THE_REPLY)
    world.at_nine()
    withdraw(world)
    assert world.outbox.blank("ana") == 1
    assert world.outbox.row(part.name).content.text == SECRET
    world.look(minutes=2)
    assert world.state(part.name) is State.SENT
    assert world.outbox.blank("ana") == 0


class Quoting(FakePublisher):
    """Refuses everything in the words that it was given."""

    def publish(self, draft, prepared):
        raise Rejected(f"Not taken: {draft.content.text}")


def test_the_platforms_own_words_are_forgotten_too(world):
    (part,) = about(world, "spotlight", text=SECRET)
    (other,) = about(world, "other", record="emma", text="Emma speaks")
    world.switchboard._known["main"] = Quoting(world.platform, KINDS["looks"])
    world.at_nine()
    withdraw(world)
    world.outbox.blank("ana")
    assert [attempt.error for attempt in world.outbox.attempts(part.name)] == [""]
    assert [attempt.error for attempt in world.outbox.attempts(other.name)] == ["Not taken: Emma speaks"]
    assert [(event.event, event.why) for event in world.outbox.events(part.name)][-1] == ("refuse", "")
    kept = b"".join(path.read_bytes() for path in world.outbox.path.parent.glob("outbox.db*"))
    assert SECRET.encode() not in kept


def test_nothing_else_may_blank_the_history(world):
    (part,) = about(world, "spotlight", text=SECRET)
    world.platform.next(Fate.REJECTS)
    world.at_nine()
    with closing(sqlite3.connect(world.outbox.path)) as connection:
        for table, column, complaint in (("attempt", "error", "closed once"), ("event", "why", "only grows")):
            with pytest.raises(sqlite3.IntegrityError, match=complaint):
                connection.execute(f"UPDATE {table} SET {column} = ''")
    withdraw(world)
    with closing(sqlite3.connect(world.outbox.path)) as connection:
        for table, column, complaint in (("attempt", "error", "closed once"), ("event", "why", "only grows")):
            with pytest.raises(sqlite3.IntegrityError, match=complaint):
                connection.execute(f"UPDATE {table} SET {column} = 'another'")
    assert world.outbox.attempts(part.name)[0].error


def test_nothing_is_blanked_that_was_not_withdrawn(world):
    (part,) = about(world, "spotlight", text=SECRET)
    assert world.outbox.blank("ana") == 0
    assert world.outbox.row(part.name).content.text == SECRET


def test_a_withdrawal_is_for_ever_and_keeps_its_first_reason(world):
    withdraw(world)
    world.outbox.withdraw("ana", at=world.clock.now(), who="tarana", why="another")
    with closing(sqlite3.connect(world.outbox.path)) as connection:
        assert connection.execute("SELECT record, who, why FROM withdrawn").fetchall() == [
            ("ana", "mira", "consent withdrawn")
        ]
        with pytest.raises(sqlite3.IntegrityError, match="stays withdrawn"):
            connection.execute("DELETE FROM withdrawn")


def test_the_dry_runs_file_forgets_in_place_while_it_is_in_use(world):
    (part,) = about(world, "spotlight", text=f"{SECRET} “žena”", live=False)
    about(world, "other", record="emma", text="Emma speaks", live=False)
    world.at_nine()
    path = world.folder / ".drumbeat" / "dry-run.jsonl"
    size = path.stat().st_size
    assert forget(path, {part.name}) == 1
    assert forget(path, {part.name}) == 0
    assert path.stat().st_size == size
    assert SECRET.encode() not in path.read_bytes()
    assert b"Emma speaks" in path.read_bytes()
    about(world, "third", record="emma", text="One more", live=False, due=world.clock.now())
    world.steps.dispatch()
    assert len(path.read_bytes().splitlines()) == 3
    assert world.outbox.states() == {State.SENT: 3}


def test_what_is_being_prepared_meanwhile_is_forgotten_as_well(world):
    world.kind = "prepares"
    about(world, "spotlight", due=world.clock.now())
    taken = world.steps.claim(9)
    assert taken.to_prepare
    withdraw(world)
    world.outbox.blank("ana")
    world.steps.claim(9, tuple(step() for step in world.steps.work(taken)))
    with closing(sqlite3.connect(world.outbox.path)) as connection:
        assert connection.execute("SELECT count(*) FROM prepared").fetchone() == (0,)
