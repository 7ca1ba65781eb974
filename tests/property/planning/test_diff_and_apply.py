"""After `apply` there is nothing left to do, whatever the outbox held before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import Event, State, next_state
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.planning.diff import diff, fingerprint
from scheduler.planning.guard import guard
from scheduler.planning.plan import Plan
from scheduler.planning.snapshot import EMPTY, Held, Snapshot

NOW = datetime(2027, 6, 24, 12, tzinfo=UTC)
LATE = timedelta(hours=2)
LEFT = (State.SENDING, State.UNCERTAIN, State.SENT)

names = st.tuples(st.sampled_from("cd"), st.sampled_from(["p", "q"]), st.sampled_from("ab"))
dues = st.sampled_from([-3, -1, 0, 1, 24]).map(lambda hours: NOW + timedelta(hours=hours))
contents = st.sampled_from(["one", "two"]).map(Content)


def threads() -> st.SearchStrategy[list[PlannedDelivery]]:
    return st.builds(
        lambda name, due, texts, live: [
            PlannedDelivery(name[0], name[1], "once", name[2], "x", due, due + LATE, "UTC", text, part=part, live=live)
            for part, text in enumerate(texts, start=1)
        ],
        names,
        dues,
        st.lists(contents, min_size=1, max_size=3),
        st.booleans(),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    drawn = draw(st.lists(threads(), max_size=5, unique_by=lambda parts: parts[0].name))
    return Plan(tuple(delivery for parts in drawn for delivery in parts))


@st.composite
def outboxes(draw: st.DrawFn) -> Snapshot:
    rows: dict[str, Held] = {}
    for delivery in draw(plans()).deliveries:
        state = draw(st.sampled_from(State))
        by = draw(st.sampled_from(["plan", "person"])) if state is State.CANCELLED else ""
        rows[delivery.name] = row(delivery, state, by)
    return Snapshot(rows)


def row(delivery: PlannedDelivery, state: State, by: str = "") -> Held:
    return Held(
        delivery.name,
        delivery.thread,
        delivery.campaign,
        delivery.account,
        delivery.part,
        state,
        delivery.due,
        delivery.content.hash,
        delivery.live,
        by,
        delivery.content,
        delivery.expires_at,
    )


def applied(changes: ChangeSet, snapshot: Snapshot) -> Snapshot:
    """What the outbox holds after `changes`, by moves that the lifecycle allows and no others."""
    return Snapshot({**snapshot.held, **{change.name: after(change) for change in changes.changes}})


def after(change: Change) -> Held:
    if change.action is Action.CANCEL:
        assert change.was is not None
        return replace(change.was, state=next_state(change.was.state, Event.CANCEL), cancelled_by="plan")
    assert change.planned is not None
    state = change.was.state if change.was else State.SCHEDULED
    if change.reopens:
        state = next_state(state, Event.REOPEN)
    assert state is State.SCHEDULED
    return row(change.planned, state)


scopes = st.sampled_from([None, frozenset("c"), frozenset("cd"), frozenset()])


@settings(max_examples=200)
@given(plans(), outboxes(), scopes)
def test_after_apply_nothing_is_left_to_change(plan: Plan, snapshot: Snapshot, scope: frozenset[str] | None):
    changes = diff(plan, snapshot, campaigns=scope, now=NOW)
    again = diff(plan, applied(changes, snapshot), campaigns=scope, now=NOW)

    assert not again
    assert again.fingerprint == fingerprint(())
    assert again.conflicts == changes.conflicts


@settings(max_examples=200)
@given(plans(), outboxes(), scopes)
def test_what_has_left_and_what_a_person_took_out_is_never_touched(
    plan: Plan, snapshot: Snapshot, scope: frozenset[str] | None
):
    changes = diff(plan, snapshot, campaigns=scope, now=NOW)
    touched = {change.name for change in changes.changes}

    frozen = {held.thread for held in snapshot.held.values() if held.state in LEFT or held.cancelled_by == "person"}
    assert not any(name.split(".")[0] in frozen for name in touched)
    assert not any(held.name in touched for held in snapshot.held.values() if held.state is State.RETRACTED)
    assert not touched & set(changes.kept)


@settings(max_examples=200)
@given(plans(), outboxes())
def test_nothing_comes_to_stand_at_a_moment_already_past(plan: Plan, snapshot: Snapshot):
    for change in diff(plan, snapshot, campaigns=None, now=NOW).changes:
        stays = change.planned and change.was and change.was.due == change.planned.due and not change.reopens
        assert change.action is Action.CANCEL or stays or (change.planned and change.planned.due >= NOW)


@settings(max_examples=200)
@given(plans(), outboxes())
def test_everything_held_is_accounted_for(plan: Plan, snapshot: Snapshot):
    changes = diff(plan, snapshot, campaigns=None, now=NOW)

    told = {change.name for change in changes.changes} | set(changes.kept)
    conflicting = {conflict.held.thread for conflict in changes.conflicts}
    for held in snapshot.held.values():
        gone = held.state in (State.CANCELLED, State.RETRACTED)
        assert gone or held.name in told or held.thread in conflicting


@settings(max_examples=200)
@given(plans(), outboxes())
def test_what_is_kept_and_sent_meanwhile_does_not_stale_a_review(plan: Plan, snapshot: Snapshot):
    before = diff(plan, snapshot, campaigns=None, now=NOW)
    alone = {name for name in before.kept if not any(other.startswith(name + ".") for other in snapshot.held)}
    sent = {
        name: replace(held, state=State.SENT)
        for name, held in snapshot.held.items()
        if name in alone and held.part == 1 and held.state is State.SCHEDULED and name not in before.notes
    }

    assert diff(plan, Snapshot({**snapshot.held, **sent}), campaigns=None, now=NOW).fingerprint == before.fingerprint


@settings(max_examples=100)
@given(plans(), outboxes())
def test_the_guard_has_an_answer_to_everything(plan: Plan, snapshot: Snapshot):
    changes = diff(plan, snapshot, campaigns=None, now=NOW)

    assert all(isinstance(reason, str) for reason in guard(changes, snapshot, now=NOW))
    assert guard(diff(plan, applied(changes, snapshot), campaigns=None, now=NOW), snapshot, now=NOW) == ()


@given(plans())
def test_order_of_the_plan_does_not_matter(plan: Plan):
    turned = Plan(tuple(reversed(plan.deliveries)))

    assert diff(plan, EMPTY, campaigns=None, now=NOW) == diff(turned, EMPTY, campaigns=None, now=NOW)
