"""Whatever happens in whatever order: every trouble is told once, no incident twice within an hour."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from scheduler.operations.incidents import LONGEST_SECONDS, QUIET_SECONDS, SILENT_SECONDS, Incidents, Kind, Trouble
from scheduler.outbox.rows import EventRow

NOW = datetime(2027, 6, 30, 7, tzinfo=UTC)
TROUBLES = st.tuples(st.integers(0, 1200), st.sampled_from(["a", "b"]), st.sampled_from([Kind.FAILED, Kind.MISSED]))


def played(steps):
    """Adds each trouble after its pause and asks whenever something is due; the moments and notices in order."""
    incidents, now, told = Incidents("w"), 0.0, []

    def until(moment):
        while (due := incidents.next_due()) is not None and due <= moment:
            told.extend((due, notice) for notice in incidents.due(due))
        return moment

    for number, (pause, account, kind) in enumerate(steps):
        now = until(now + pause)
        incidents.add(Trouble(kind, account, f"c/p/{number}/{account}"), now)
    until(now + SILENT_SECONDS + LONGEST_SECONDS)
    return told


@given(st.lists(TROUBLES, max_size=40))
def test_every_trouble_is_in_exactly_one_notice_and_an_hour_lies_between_two_of_a_kind(steps):
    told = played(steps)

    counted = sum(int(notice.title.split(": ")[1].split()[0]) for _, notice in told)
    assert counted == len(steps)
    last = {}
    for moment, notice in told:
        key = notice.title.split(": ")[1].split(" ", 1)[1].replace("posts", "post")
        assert moment - last.get(key, -SILENT_SECONDS) >= SILENT_SECONDS
        last[key] = moment


@given(st.lists(TROUBLES, min_size=1, max_size=40))
def test_the_first_of_a_kind_is_told_within_ten_minutes_of_its_beginning(steps):
    first, *_ = played(steps)

    assert QUIET_SECONDS <= first[0] - steps[0][0] <= LONGEST_SECONDS


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20), st.text(max_size=50)), max_size=10))
def test_no_event_of_any_shape_breaks_the_listener(shapes):
    incidents = Incidents("w")
    for event, account, why in shapes:
        incidents.hear(EventRow(at=NOW, event=event, who="x", why=why, delivery=account, account=account), 0.0)

    assert incidents.due(LONGEST_SECONDS) == []
