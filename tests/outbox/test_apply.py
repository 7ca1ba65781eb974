"""A reviewed change set becomes rows: all of it or nothing, in one short transaction."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from scheduler.errors import Bug, PlanRefused
from scheduler.model.content import Content
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.testing.bench import apply, planned
from scheduler.testing.platform import Fate

HOUR = timedelta(hours=1)


def change(world, action, delivery, *, reopens=False):
    was = world.outbox.snapshot().held.get(delivery.name)
    return Change(action, delivery.name, None if action is Action.CANCEL else delivery, was, reopens)


def applied(world, *changes):
    return apply(world.outbox, changes, at=world.clock.now())


def the(world, name):
    """The delivery as the files had it."""
    row = world.outbox.row(name)
    parts = planned(row.post, row.due, account=row.account, parts=3)
    return replace(parts[row.part - 1], content=row.content)


def test_what_is_applied_can_be_read_back_whole(world):
    names = world.plan("opening", parts=2)
    rows = world.outbox.rows()
    assert [row.name for row in rows] == names
    first = rows[0]
    assert (first.campaign, first.post, first.slot, first.account, first.platform) == (
        "time-is-now",
        "opening",
        "once",
        "main",
        "mastodon",
    )
    assert first.content.text == "opening, 1 of 2"
    assert first.content.hash == first.content_hash
    assert (first.timezone, first.live, first.dry_run, first.state) == ("Europe/Skopje", True, False, State.SCHEDULED)
    assert (rows[0].held, rows[1].held) == ("", "parent")
    assert world.outbox.snapshot().held[names[1]].thread == names[0]


def test_the_snapshot_can_leave_content_out_and_keep_to_campaigns(world):
    (name,) = world.plan("opening")
    held = world.outbox.snapshot(with_content=False).held[name]
    assert (held.content, held.content_hash) == (None, world.outbox.row(name).content_hash)
    assert world.outbox.snapshot(["other"]).held == {}
    assert list(world.outbox.snapshot(["time-is-now"]).held) == [name]


def test_a_move_changes_the_moment_and_the_clock_follows(world):
    (name,) = world.plan("opening")
    later = replace(the(world, name), due=world.outbox.row(name).due + HOUR)
    later = replace(later, expires_at=later.due + HOUR)
    counts = applied(world, change(world, Action.MOVE, later))
    assert (counts.moved, counts.created) == (1, 0)
    assert world.outbox.next_due() == later.due
    assert world.outbox.events(name)[-1].why == "was due 2027-06-30T07:00:00Z"


def test_a_reword_changes_the_text_that_will_be_sent(world):
    (name,) = world.plan("opening")
    counts = applied(world, change(world, Action.REWORD, replace(the(world, name), content=Content("better"))))
    assert counts.reworded == 1
    world.at_nine()
    assert world.platform.texts == ["better"]


def test_a_cancel_by_a_plan_can_be_undone_by_a_plan(world):
    (name,) = world.plan("opening")
    delivery = the(world, name)
    assert applied(world, change(world, Action.CANCEL, delivery)).cancelled == 1
    row = world.outbox.row(name)
    assert (row.state, row.cancelled_by) == (State.CANCELLED, "plan")
    assert world.outbox.next_due() is None
    applied(world, change(world, Action.CREATE, delivery, reopens=True))
    row = world.outbox.row(name)
    assert (row.state, row.generation, row.cancelled_by) == (State.SCHEDULED, 2, "")
    assert world.outbox.events(name)[-1].event == "reopen"
    world.at_nine()
    assert world.state(name) is State.SENT


def test_a_thread_can_grow_and_shrink_before_it_begins(world):
    one, _two = world.plan("thread", parts=2)
    third = planned("thread", world.outbox.row(one).due, parts=3)[2]
    applied(world, change(world, Action.CREATE, third))
    assert world.outbox.row(third.name).held == "parent"
    applied(world, change(world, Action.CANCEL, the(world, third.name)))
    world.at_nine()
    assert world.states() == {"sent": 2, "cancelled": 1}


def test_a_stale_plan_is_refused_and_nothing_is_written(world):
    (name,) = world.plan("opening")
    reviewed = ChangeSet((change(world, Action.CANCEL, the(world, name)),), (), (), {}, "reviewed")
    moved_on = replace(reviewed, fingerprint="moved on")
    with pytest.raises(PlanRefused, match="changed since") as refused:
        world.outbox.apply(reviewed, rediff=lambda *_: moved_on, at=world.clock.now(), who="mira")
    assert "drumbeat plan" in refused.value.mend
    assert world.state(name) is State.SCHEDULED
    assert [event.event for event in world.outbox.events(name)] == ["create"]


def test_the_diff_inside_the_transaction_sees_what_the_outbox_holds_now(world):
    (name,) = world.plan("opening")
    seen = []
    nothing = ChangeSet((), ("kept",), (), {}, "nothing")

    def rediff(snapshot, threads):
        seen.append(snapshot.held[name].state)
        return nothing

    counts = world.outbox.apply(nothing, rediff=rediff, at=world.clock.now(), who="mira")
    assert seen == [State.SCHEDULED]
    assert (counts.kept, counts.fingerprint) == (1, "nothing")


def test_a_change_that_does_not_fit_the_rows_is_our_bug_and_changes_nothing(world):
    (name,) = world.plan("opening")
    delivery = the(world, name)
    world.platform.next(Fate.TAKES)
    world.at_nine()
    extra = planned("extra", delivery.due)[0]
    with pytest.raises(Bug, match="where the diff saw them"):
        applied(world, change(world, Action.CREATE, extra), change(world, Action.CANCEL, delivery))
    assert world.outbox.row(extra.name) is None


def test_a_plan_brings_back_what_failed_with_its_new_words(world):
    (name,) = world.plan("opening")
    delivery = the(world, name)
    world.platform.next(Fate.REJECTS)
    world.at_nine()
    ahead = replace(delivery, content=Content("shorter"), due=delivery.due + HOUR, expires_at=delivery.due + 2 * HOUR)
    applied(world, change(world, Action.REWORD, ahead, reopens=True))
    world.at_nine(hours=1)
    row = world.outbox.row(name)
    assert (row.state, row.generation, row.attempts) == (State.SENT, 2, 1)


def test_applying_a_day_of_thousands_holds_the_lock_for_less_than_a_blink(world):
    many = [one for n in range(2000) for one in planned("p", later(world), slot=f"s{n}")]
    statements = []
    event.listen(world.outbox.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = applied(world, *(Change(Action.CREATE, one.name, one, None) for one in many))
    assert counts.created == 2000
    assert counts.lock_seconds > 0
    assert len(statements) < 30  # however many rows: on an idle machine a tenth of a second
    assert [event.event for event in world.outbox.events(many[-1].name)] == ["create"]


def later(world):
    return world.clock.now() + HOUR


def test_find_takes_any_part_of_a_name_and_prefers_the_whole(world):
    one, two = world.plan("thread", parts=2)
    assert world.outbox.find("thread") == (one, two)
    assert world.outbox.find(one) == (one,)
    assert world.outbox.find("nothing") == ()


def test_the_next_post_is_the_head_of_the_line_that_is_ready_first(world):
    (name,) = world.plan("opening")
    assert world.outbox.next_row().name == name
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="quiet")
    assert world.outbox.next_row() is None


def test_rows_can_be_asked_for_by_day_account_state_and_thread(world):
    from scheduler.outbox.snapshot import Wanted

    one, two = world.plan("thread", parts=2)
    (other,) = world.plan("closing", account="second", due=world.outbox.row(one).due + HOUR)
    names = lambda **wanted: [row.name for row in world.outbox.rows(Wanted(**wanted), with_content=False)]  # noqa: E731
    assert names(accounts=["second"]) == [other]
    assert names(threads=[one]) == [one, two]
    assert names(campaigns=["time-is-now"], states=[State.SCHEDULED]) == [one, two, other]
    assert names(since=world.outbox.row(other).due) == [other]
    assert names(until=world.outbox.row(other).due) == [one, two]
    assert world.outbox.rows(with_content=False)[0].content is None


def test_a_change_of_nothing_is_our_bug(world):
    with pytest.raises(Bug, match="says nothing of it"):
        applied(world, Change(Action.CREATE, "time-is-now/ghost/once/main", None, None))


def test_a_move_to_nowhere_is_our_bug(world):
    (name,) = world.plan("opening")
    with pytest.raises(Bug, match="nothing is planned"):
        applied(world, Change(Action.MOVE, name, None, world.outbox.snapshot().held[name]))
