"""What wants a second yes."""

from datetime import UTC, datetime, timedelta

from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.planning.guard import guard
from scheduler.planning.snapshot import EMPTY, Held, Snapshot

NOW = datetime(2027, 6, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def planned(slot: str = "once", *, live: bool = False, account: str = "a", part: int = 1) -> PlannedDelivery:
    return PlannedDelivery(
        "c", "opening", slot, account, "x", LATER, LATER, "UTC", Content("hello"), part=part, live=live
    )


def row(
    slot: str, *, due: datetime = LATER, state: State = State.SCHEDULED, live: bool = False, campaign: str = "c"
) -> Held:
    name = f"{campaign}/opening/{slot}/a"
    return Held(name, name, campaign, "a", 1, state, due, "hash", live)


def holding(*rows: Held) -> Snapshot:
    return Snapshot({held.name: held for held in rows})


def reasons(changes: list[Change], snapshot: Snapshot = EMPTY) -> tuple[str, ...]:
    touched = {change.name for change in changes}
    kept = tuple(name for name in snapshot.held if name not in touched)
    return guard(ChangeSet(tuple(changes), kept, (), {}, "f"), snapshot, now=NOW)


def cancelling(number: int, of: int) -> tuple[str, ...]:
    rows = [row(f"s{n}") for n in range(of)]
    return reasons([Change(Action.CANCEL, held.name, None, held) for held in rows[:number]], holding(*rows))


def change(action: Action, was: Held) -> Change:
    return Change(action, was.name, None if action is Action.CANCEL else planned("once"), was)


def test_new_posts_need_no_second_yes():
    assert reasons([Change(Action.CREATE, planned().name, planned(), None)]) == ()


def test_more_than_a_third_and_more_than_five_cancelled_need_one():
    assert cancelling(6, of=19) == ("6 of 19 queued posts would be cancelled (31 %)",)


def test_many_that_are_few_of_all_and_few_that_are_all_need_none():
    assert cancelling(6, of=20) == ()
    assert cancelling(5, of=5) == ()


def test_campaigns_that_were_not_looked_at_do_not_water_it_down():
    rows = [row(f"s{n}") for n in range(6)]
    others = [row(f"s{n}", campaign="d") for n in range(100)]
    cancels = tuple(Change(Action.CANCEL, held.name, None, held) for held in rows)

    assert len(guard(ChangeSet(cancels, (), (), {}, "f"), holding(*rows, *others), now=NOW)) == 1


def test_what_is_sent_is_not_counted_among_the_queued():
    rows = [row(f"s{n}") for n in range(6)]
    sent = [row(f"old{n}", state=State.SENT) for n in range(100)]

    assert len(reasons([Change(Action.CANCEL, held.name, None, held) for held in rows], holding(*rows, *sent))) == 1


def test_changing_what_is_due_within_five_minutes_needs_one():
    for action in (Action.MOVE, Action.REWORD, Action.CANCEL):
        soon = row("once", due=NOW + timedelta(minutes=5))
        (reason,) = reasons([change(action, soon)], holding(soon))
        assert "within five minutes" in reason
        assert soon.name in reason
    assert "cancelled" in reason


def test_changing_what_is_overdue_needs_one_too():
    overdue = row("once", due=NOW - timedelta(minutes=1))

    assert len(reasons([change(Action.REWORD, overdue)], holding(overdue))) == 1


def test_several_imminent_changes_are_one_reason():
    rows = [row(f"s{n}", due=NOW + timedelta(minutes=n)) for n in range(3)]

    (reason,) = reasons([change(Action.REWORD, held) for held in rows], holding(*rows))
    assert reason.startswith("3 posts, the first c/opening/s0/a,")


def test_changing_what_is_due_later_needs_none():
    later = row("once", due=NOW + timedelta(minutes=5, seconds=1))

    assert reasons([change(Action.REWORD, later)], holding(later)) == ()


def test_bringing_back_what_failed_just_now_is_no_imminent_change():
    failed = row("once", due=NOW - timedelta(minutes=1), state=State.FAILED)

    assert reasons([change(Action.MOVE, failed)], holding(failed)) == ()


def test_an_account_going_live_says_how_many_posts_and_the_first():
    live = [planned(slot, live=True) for slot in ("one", "two")]
    thread = planned("one", live=True, part=2)

    changes = [Change(Action.CREATE, delivery.name, delivery, None) for delivery in (*live, thread)]

    assert reasons(changes) == ("a goes live: 2 posts, the first for real on 2027-06-25 12:00 UTC (c/opening/one/a)",)


def test_queued_posts_that_turn_from_dry_to_real_need_one():
    dry, real = row("once"), row("before", state=State.SENT, live=True)

    turned = Change(Action.REWORD, dry.name, planned(live=True), dry)

    assert reasons([turned], holding(dry, real)) == (
        "a goes live: 1 post for real on 2027-06-25 12:00 UTC (c/opening/once/a)",
    )


def test_an_account_that_is_live_already_needs_none():
    real = row("before", live=True)

    assert reasons([Change(Action.CREATE, planned().name, planned(live=True), None)], holding(real)) == ()


def test_cancelled_posts_do_not_make_an_account_live():
    real = row("before", live=True, state=State.CANCELLED)

    assert len(reasons([Change(Action.CREATE, planned().name, planned(live=True), None)], holding(real))) == 1


def test_many_accounts_going_live_are_not_a_wall_of_text():
    live = [planned(live=True, account=f"a{n:03}") for n in range(100)]

    found = reasons([Change(Action.CREATE, delivery.name, delivery, None) for delivery in live])

    assert len(found) == 6
    assert found[-1].startswith("95 more accounts go live: 95 posts, the first")


def test_a_campaign_that_was_looked_at_and_kept_counts_among_the_queued():
    rows = [row(f"s{n}") for n in range(6)]
    kept = [row(f"s{n}", campaign="d") for n in range(14)]

    assert reasons([Change(Action.CANCEL, held.name, None, held) for held in rows], holding(*rows, *kept)) == ()


def test_the_reason_names_the_moment():
    soon = row("once", due=NOW + timedelta(minutes=4))

    assert reasons([change(Action.CANCEL, soon)], holding(soon)) == (
        "c/opening/once/a, due 2027-06-24 12:04 UTC, would be cancelled within five minutes of going out",
    )
