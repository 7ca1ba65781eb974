"""The diff table, cell by cell, and the rules for threads."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.errors import Bug
from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.planning.diff import diff, fingerprint
from scheduler.planning.plan import Plan
from scheduler.planning.snapshot import EMPTY, Held, Snapshot

NOW = datetime(2027, 6, 24, 12, tzinfo=UTC)
AHEAD, BEHIND = NOW + timedelta(days=1), NOW - timedelta(hours=1)
HOUR = timedelta(hours=1)
NAME = "c/opening/once/a"


def post(
    text: str = "hello",
    *,
    due: datetime = AHEAD,
    part: int = 1,
    live: bool = False,
    slot: str = "once",
    campaign: str = "c",
    late: timedelta = 2 * HOUR,
) -> PlannedDelivery:
    return PlannedDelivery(
        campaign, "opening", slot, "a", "x", due, due + late, "UTC", Content(text), part=part, live=live
    )


def thread(*texts: str, due: datetime = AHEAD) -> list[PlannedDelivery]:
    return [post(text, part=part, due=due) for part, text in enumerate(texts, start=1)]


def held(planned: PlannedDelivery, state: State = State.SCHEDULED, by: str = "") -> Held:
    return Held(
        planned.name,
        planned.thread,
        planned.campaign,
        planned.account,
        planned.part,
        state,
        planned.due,
        planned.content.hash,
        planned.live,
        by,
        planned.content,
        planned.expires_at,
    )


def outbox(*rows: Held) -> Snapshot:
    return Snapshot({row.name: row for row in rows})


def compared(
    planned: Iterable[PlannedDelivery],
    rows: Iterable[Held] = (),
    campaigns: frozenset[str] | None = None,
) -> ChangeSet:
    return diff(Plan(tuple(planned)), outbox(*rows), campaigns=campaigns, now=NOW)


def actions(changes: ChangeSet) -> list[tuple[str, str]]:
    return [(str(change.action), change.name) for change in changes.changes]


# scheduled


def test_what_the_outbox_lacks_is_created():
    changes = compared([post()])

    assert changes.changes == (Change(Action.CREATE, NAME, post(), None),)


def test_what_is_as_the_files_say_is_kept():
    changes = compared([post()], [held(post())])

    assert not changes
    assert changes.kept == (NAME,)


def test_a_new_time_is_a_move():
    assert actions(compared([post(due=AHEAD + HOUR)], [held(post())])) == [("move", NAME)]


def test_new_words_are_a_reword_and_so_are_new_words_at_a_new_time():
    assert actions(compared([post("other")], [held(post())])) == [("reword", NAME)]
    assert actions(compared([post("other", due=AHEAD + HOUR)], [held(post())])) == [("reword", NAME)]


def test_an_account_that_goes_live_rewords_what_is_queued():
    assert actions(compared([post(live=True)], [held(post())])) == [("reword", NAME)]


def test_a_longer_late_is_a_move_because_the_post_may_leave_later():
    assert actions(compared([post(late=5 * HOUR)], [held(post())])) == [("move", NAME)]
    assert not compared([post(late=5 * HOUR)], [replace(held(post()), expires_at=None)])


def test_what_is_gone_from_the_files_is_cancelled():
    changes = compared([], [held(post())])

    assert changes.changes == (Change(Action.CANCEL, NAME, None, held(post())),)


def test_with_campaigns_named_only_theirs_are_looked_at():
    other = post(campaign="d")

    assert actions(compared([post()], [held(other)], frozenset({"c"}))) == [("create", NAME)]
    assert actions(compared([post(), other], [], frozenset({"d"}))) == [("create", other.name)]


def test_a_campaign_gone_from_the_files_is_cancelled_by_a_bare_apply_only():
    gone = held(post(campaign="gone"))

    assert actions(compared([], [gone])) == [("cancel", gone.name)]
    assert not compared([], [gone], frozenset({"c"}))


def test_nothing_is_created_at_a_moment_already_past():
    changes = compared([post(due=BEHIND)])

    assert not changes
    assert changes.kept == ()
    assert "past" in changes.notes[NAME]


def test_nothing_is_moved_to_a_moment_already_past():
    changes = compared([post("other", due=BEHIND)], [held(post())])

    assert not changes
    assert changes.kept == (NAME,)
    assert "past" in changes.notes[NAME]


def test_what_is_overdue_but_not_too_late_is_still_reworded():
    overdue = post(due=BEHIND)

    assert actions(compared([post("other", due=BEHIND)], [held(overdue)])) == [("reword", NAME)]


def test_what_is_too_late_to_leave_is_not_reworded():
    late = NOW - 3 * HOUR

    assert not compared([post("other", due=late)], [held(post(due=late))])


def test_what_is_overdue_can_still_be_moved_ahead_and_cancelled():
    overdue = held(post(due=BEHIND))

    assert actions(compared([post()], [overdue])) == [("move", NAME)]
    assert actions(compared([], [overdue])) == [("cancel", NAME)]


# cancelled, retracted


def test_what_a_plan_cancelled_comes_back_with_the_files():
    was = held(post(), State.CANCELLED, "plan")

    assert compared([post()], [was]).changes == (Change(Action.CREATE, NAME, post(), was, reopens=True),)
    assert actions(compared([post("other")], [was])) == [("create", NAME)]
    assert compared([], [was]) == compared([])


def test_what_a_plan_cancelled_does_not_come_back_into_the_past():
    assert not compared([post(due=BEHIND)], [held(post(due=BEHIND), State.CANCELLED, "plan")])


@pytest.mark.parametrize("state", [State.CANCELLED, State.RETRACTED])
def test_what_a_person_took_out_stays_out(state: State):
    was = held(post(), state, "person")

    assert compared([post()], [was]).kept == (NAME,)
    assert compared([post()], [was]).notes == {}
    assert not compared([post("other")], [was])
    assert "drumbeat retry" in compared([post("other")], [was]).notes[NAME]
    assert compared([], [was]) == compared([])


# failed, missed


@pytest.mark.parametrize("state", [State.FAILED, State.MISSED])
def test_what_failed_is_kept_while_the_files_say_the_same(state: State):
    assert compared([post()], [held(post(), state)]).kept == (NAME,)
    assert compared([], [held(post(), state)]).kept == (NAME,)


@pytest.mark.parametrize("state", [State.FAILED, State.MISSED])
def test_what_failed_comes_back_when_the_files_ask_for_it_ahead(state: State):
    was = held(post(due=BEHIND), state)

    assert compared([post()], [was]).changes == (Change(Action.MOVE, NAME, post(), was, reopens=True),)
    assert actions(compared([post("other")], [was])) == [("reword", NAME)]


def test_what_failed_before_its_time_comes_back_reworded():
    changes = compared([post("shorter")], [held(post(), State.FAILED)])

    assert [(change.action, change.reopens) for change in changes.changes] == [(Action.REWORD, True)]


@pytest.mark.parametrize("state", [State.FAILED, State.MISSED])
def test_what_failed_stays_with_a_note_when_its_time_is_past(state: State):
    changes = compared([post("other", due=BEHIND)], [held(post(due=BEHIND), state)])

    assert not changes
    assert changes.kept == (NAME,)
    assert "drumbeat retry --at WHEN" in changes.notes[NAME]


# sending, uncertain, sent

LEFT = [State.SENDING, State.UNCERTAIN, State.SENT]


@pytest.mark.parametrize("state", LEFT)
def test_what_has_left_is_kept_when_the_files_agree_or_are_gone(state: State):
    assert compared([post()], [held(post(), state)]).kept == (NAME,)
    assert compared([], [held(post(), state)]).kept == (NAME,)


@pytest.mark.parametrize(
    ("state", "choice"),
    [
        (State.SENDING, "drumbeat plan"),
        (State.UNCERTAIN, f"drumbeat resolve {NAME} --not-sent"),
        (State.SENT, f"drumbeat show {NAME}"),
    ],
)
def test_what_has_left_and_reads_otherwise_is_a_conflict_with_its_choices(state: State, choice: str):
    changes = compared([post("other")], [held(post(), state)])
    (conflict,) = changes.conflicts

    assert not changes
    assert changes.kept == ()
    assert (conflict.name, conflict.planned, conflict.held) == (NAME, post("other"), held(post(), state))
    assert any(offered.startswith(choice) for offered in conflict.choices)


def test_a_changed_time_alone_is_no_conflict_for_what_is_sent():
    changes = compared([post(due=AHEAD)], [held(post(due=BEHIND), State.SENT)])

    assert changes.conflicts == ()
    assert changes.kept == (NAME,)


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN])
def test_a_changed_time_is_a_conflict_for_what_may_or_may_not_have_left(state: State):
    assert len(compared([post(due=AHEAD)], [held(post(due=BEHIND), state)]).conflicts) == 1


def test_an_account_that_goes_live_is_no_conflict_with_what_was_sent_dry():
    assert compared([post(live=True)], [held(post(), State.SENT)]).kept == (NAME,)


# threads


def test_a_thread_is_created_moved_and_cancelled_whole():
    parts = thread("one", "two", "three")
    rows = [held(part) for part in parts]
    names = [part.name for part in parts]

    assert names == [NAME, f"{NAME}.2", f"{NAME}.3"]
    assert actions(compared(parts)) == [("create", name) for name in names]
    assert actions(compared(thread("one", "two", "three", due=AHEAD + HOUR), rows)) == [("move", n) for n in names]
    assert actions(compared([], rows)) == [("cancel", name) for name in names]


def test_a_thread_that_is_still_queued_grows_and_shrinks():
    rows = [held(part) for part in thread("one", "two")]

    assert actions(compared(thread("one", "2", "three"), rows)) == [("reword", f"{NAME}.2"), ("create", f"{NAME}.3")]
    assert actions(compared(thread("one"), rows)) == [("cancel", f"{NAME}.2")]


def test_a_part_that_a_plan_cancelled_is_created_again_when_the_thread_grows_again():
    rows = [held(post("one")), held(post("two", part=2), State.CANCELLED, "plan")]
    changes = compared(thread("one", "two"), rows)

    assert [(change.action, change.name, change.reopens) for change in changes.changes] == [
        (Action.CREATE, f"{NAME}.2", True)
    ]
    assert compared(thread("one"), rows).kept == (NAME,)


def test_an_overdue_thread_does_not_grow_into_the_past():
    rows = [held(part) for part in thread("one", due=BEHIND)]

    assert not compared(thread("one", "two", due=BEHIND), rows)


@pytest.mark.parametrize("state", LEFT)
def test_a_thread_of_which_one_part_has_left_is_frozen_whole(state: State):
    rows = [held(post("one"), state), held(post("two", part=2))]

    reworded, grown, shrunk = (
        compared(thread(*texts), rows) for texts in (("one", "2"), ("one", "two", "three"), ("one",))
    )
    for changes in (reworded, grown, shrunk):
        assert not changes
        assert len(changes.conflicts) == 1
    assert reworded.conflicts[0].name == f"{NAME}.2"
    assert NAME in reworded.conflicts[0].choices[0] or state is State.SENDING
    assert "of the same thread" in reworded.conflicts[0].message
    assert grown.conflicts[0].planned == post("three", part=3)
    assert shrunk.conflicts[0].planned is None
    assert compared([], rows).kept == (NAME, f"{NAME}.2")


def test_the_rest_of_a_thread_that_began_keeps_its_time():
    rows = [held(post("one"), State.SENT), held(post("two", part=2))]
    changes = compared(thread("one", "two", due=AHEAD + HOUR), rows)

    assert not changes
    assert changes.conflicts == ()
    assert "the rest stays queued" in changes.notes[NAME]


def test_a_thread_that_failed_comes_back_together():
    rows = [held(post("one"), State.FAILED), held(post("two", part=2)), held(post("three", part=3), State.MISSED)]
    changes = compared(thread("uno", "two", "three"), rows)

    assert [(change.action, change.name, change.reopens) for change in changes.changes] == [
        (Action.REWORD, NAME, True),
        (Action.MOVE, f"{NAME}.3", True),
    ]


def test_a_failed_part_that_the_thread_no_longer_has_is_kept():
    rows = [held(post("one")), held(post("two", part=2), State.FAILED), held(post("three", part=3))]

    changes = compared(thread("one"), rows)

    assert actions(changes) == [("cancel", f"{NAME}.3")]
    assert changes.kept == (NAME, f"{NAME}.2")


def test_a_thread_frozen_by_a_failure_is_kept_whole_when_it_is_gone_from_the_files():
    rows = [held(post("one"), State.FAILED), held(post("two", part=2))]

    assert compared([], rows).kept == (NAME, f"{NAME}.2")
    assert "`drumbeat cancel` stops it" in compared([], rows).notes[NAME]


# the fingerprint


def test_the_fingerprint_covers_the_changes_and_nothing_else():
    plain = compared([post()])
    beside_something_kept = compared([post(), post(slot="two")], [held(post(slot="two"))])
    beside_a_conflict = compared([post(), post("x", slot="two")], [held(post(slot="two"), State.SENT)])

    assert plain.fingerprint == beside_something_kept.fingerprint == beside_a_conflict.fingerprint
    assert len(plain.fingerprint) == 16


@pytest.mark.parametrize(
    "other",
    [post("other"), post(due=AHEAD + HOUR), post(live=True), post(slot="two")],
    ids=["content", "due", "live", "identity"],
)
def test_the_fingerprint_is_another_for_any_other_change(other: PlannedDelivery):
    assert compared([post()]).fingerprint != compared([other]).fingerprint


def test_the_fingerprint_tells_a_cancel_from_a_create():
    assert compared([post()]).fingerprint != compared([], [held(post())]).fingerprint


def test_the_fingerprint_does_not_depend_on_order():
    changes = compared([post(), post(slot="two")]).changes

    assert fingerprint(changes) == fingerprint(reversed(changes))


def test_a_change_of_nothing_is_our_own_mistake():
    with pytest.raises(Bug):
        fingerprint([Change(Action.CANCEL, NAME, None, None)])


def test_changes_are_in_the_order_of_the_day():
    changes = compared([post(slot="late", due=AHEAD + HOUR), post(slot="early")])

    assert [change.name for change in changes.changes] == ["c/opening/early/a", "c/opening/late/a"]


def test_an_empty_plan_on_an_empty_outbox_is_nothing():
    assert not diff(Plan(()), EMPTY, campaigns=None, now=NOW)


def test_accounts_share_a_content_and_it_is_hashed_for_both():
    shared = Content("hello")
    both = [replace(post(slot=slot), content=shared) for slot in ("one", "two")]

    assert actions(compared(both)) == [("create", "c/opening/one/a"), ("create", "c/opening/two/a")]


def test_what_is_due_this_very_moment_is_not_past():
    assert actions(compared([post(due=NOW)])) == [("create", NAME)]
    assert actions(compared([post(due=NOW)], [held(post())])) == [("move", NAME)]


def test_what_expires_this_very_moment_is_too_late_to_be_reworded():
    due = NOW - 2 * HOUR

    assert not compared([post("other", due=due)], [held(post(due=due))])
    assert compared([post("other", due=due)], [held(post(due=due))]).notes


def test_a_conflict_is_told_once_and_not_noted_as_well():
    rows = [held(post("one"), State.SENT), held(post("two", part=2))]

    assert compared(thread("uno", "two", due=AHEAD + HOUR), rows).notes == {}
