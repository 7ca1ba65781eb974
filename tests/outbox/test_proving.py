"""Between a review and its apply the queue moves on: what makes no difference is no reason to refuse."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from scheduler.errors import PlanRefused
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.proving import prove
from scheduler.planning.differ import Differ
from scheduler.planning.plan import Plan
from scheduler.planning.snapshot import EMPTY
from scheduler.testing.bench import planned
from scheduler.testing.platform import Fate
from tests.outbox.conftest import NINE

HOUR = timedelta(hours=1)
WHOLE = ("SCAN delivery", "SCAN d ", "SCAN e ", "SCAN content")


class Review:
    """Files beside the queue, compared at one moment; and how often and how much was compared again."""

    def __init__(self, world, *posts):
        self.world = world
        self.differ = Differ(Plan(tuple(posts)), campaigns=None, now=world.clock.now())
        seen = world.outbox.snapshot(with_content=False)
        self.mark, self.changes = seen.mark, self.differ(seen)
        self.compared = []

    def __call__(self, snapshot, threads):
        self.compared.append(threads if threads is None else set(threads))
        return self.differ(snapshot, threads)

    def apply(self, mark=None):
        mark = self.mark if mark is None else mark
        return self.world.outbox.apply(self.changes, rediff=self, at=self.world.clock.now(), who="mira", mark=mark)


def files(post, **said):
    due = said.pop("due", NINE + 3 * HOUR)
    return planned(post, due, account=said.pop("account", post), **said)


@pytest.fixture
def queued(world):
    """A post due at nine, two later ones, and a thread."""
    parts = [*files("main", due=NINE), *files("second"), *files("third", parts=2)]
    Review(world, *parts).apply()
    return parts


@pytest.fixture
def just_before_the_lock(world):
    """What another process does after the proof and before the write lock is taken."""
    doings = []

    def meddle(_connection, _cursor, statement, *_):
        if statement.startswith("CREATE TEMP TABLE") and doings:
            doings.pop()()

    event.listen(world.outbox.engine, "before_cursor_execute", meddle)
    return doings


def cancelled(world, name):
    with open_outbox(world.outbox.path) as other:
        other.cancel([name], at=world.clock.now(), who="mira")


def test_where_nothing_moved_nothing_is_compared_again(world, queued):
    review = Review(world, *queued, *files("new"))
    assert review.apply().created == 1
    assert review.compared == []


def test_what_the_daemon_sends_meanwhile_does_not_stale_a_review(world, queued):
    review = Review(world, *queued, *files("new"))
    world.at_nine()
    assert review.apply().created == 1
    assert review.compared == [{queued[0].name}], "only what moved, and that once"
    assert world.state(queued[0].name) is State.SENT


def test_even_what_is_sent_before_the_lock_is_taken_does_not(world, queued, just_before_the_lock):
    review = Review(world, *queued, *files("new"))
    just_before_the_lock.append(world.at_nine)
    assert review.apply().created == 1
    assert review.compared == [{queued[0].name}]


def test_what_a_person_cancels_before_the_lock_is_taken_is_not_reworded(world, queued, just_before_the_lock):
    second = queued[1]
    review = Review(world, queued[0], *files("second", text="better"), *queued[2:], *files("new"))
    just_before_the_lock.append(lambda: cancelled(world, second.name))
    with pytest.raises(PlanRefused, match="changed since"):
        review.apply()
    assert world.state(second.name) is State.CANCELLED
    assert world.outbox.row(files("new")[0].name) is None


def test_what_is_sent_after_the_review_is_not_reworded(world, queued):
    review = Review(world, *files("main", due=NINE, text="better"), *queued[1:])
    world.at_nine()
    with pytest.raises(PlanRefused):
        review.apply()
    assert world.platform.texts == ["main, 1 of 1"]


def test_what_failed_meanwhile_comes_back_as_was_reviewed(world, queued, just_before_the_lock):
    """Reworded and moved ahead: it failed in between, and the same change brings it back."""
    review = Review(world, *files("main", due=NINE + 2 * HOUR, text="shorter"), *queued[1:], *files("new"))
    world.platform.next(Fate.REJECTS)
    just_before_the_lock.append(world.at_nine)
    assert review.apply().reworded == 1
    row = world.outbox.row(queued[0].name)
    assert (row.state, row.generation, row.content.text) == (State.SCHEDULED, 2, "shorter")
    assert world.outbox.events(row.name)[-1].event == "reopen"


def test_what_another_apply_created_meanwhile_is_refused(world, queued, just_before_the_lock):
    new = files("new")
    review = Review(world, *queued, *new)
    just_before_the_lock.append(Review(world, *queued, *new).apply)
    with pytest.raises(PlanRefused):
        review.apply()
    assert len(world.outbox.events(new[0].name)) == 1


def test_a_record_withdrawn_since_is_looked_for_everywhere(world, queued):
    about = [replace(one, record="ana") for one in files("new")]
    review = Review(world, *queued, *about)
    world.outbox.withdraw("ana", at=world.clock.now(), who="mira")
    with pytest.raises(PlanRefused):
        review.apply()
    assert review.compared == [None]
    assert world.outbox.row(about[0].name) is None


def test_a_record_withdrawn_in_the_very_moment_stops_the_apply(world, queued, just_before_the_lock):
    about = [replace(one, record="ana") for one in files("new")]
    review = Review(world, *queued, *about)
    just_before_the_lock.append(lambda: world.outbox.withdraw("ana", at=world.clock.now(), who="mira"))
    with pytest.raises(PlanRefused):
        review.apply()
    assert world.outbox.row(about[0].name) is None


def test_the_mark_of_another_queue_is_not_believed(world, queued, tmp_path):
    """A backup was put back after the review, and went on: its history has other ends."""
    review = Review(world, *files("main", due=NINE, text="better"), *queued[1:])
    other = review.mark.replace(":create:", ":accept:")
    assert review.apply(mark=other).reworded == 1
    assert review.compared == [None], "everything was compared again"


def test_a_review_of_no_queue_is_compared_with_the_one_that_is_there_by_now(world, queued):
    differ = Differ(Plan(tuple(queued)), campaigns=None, now=world.clock.now())
    with world.outbox.read() as connection, pytest.raises(PlanRefused):
        prove(connection, differ(EMPTY), differ, EMPTY.mark)


def test_a_thread_that_began_is_frozen_for_an_apply_that_would_lengthen_it(world, queued, just_before_the_lock):
    longer = files("third", parts=3)
    review = Review(
        world,
        *queued[:2],
        *[replace(one, content=was.content) for one, was in zip(longer, [*queued[2:], longer[2]], strict=True)],
    )
    assert [change.name for change in review.changes.changes] == [longer[2].name]
    world.clock.jump(NINE + 3 * HOUR)
    just_before_the_lock.append(world.steps.dispatch)
    with pytest.raises(PlanRefused):
        review.apply()


def test_nothing_is_left_for_the_next_apply_of_the_same_process(world, queued):
    for post in ("new", "newer"):
        with pytest.raises(PlanRefused):
            Review(world, *queued, *files(post)).world.outbox.apply(
                Review(world, *queued, *files(post)).changes,
                rediff=lambda *_: Review(world, *queued).changes,
                at=world.clock.now(),
                who="mira",
            )
    assert Review(world, *queued, *files("newest")).apply().created == 1
    assert len(world.outbox.rows()) == len(queued) + 1


def test_no_statement_under_the_lock_reads_all_that_waits(world, queued):
    read = []

    def look(connection, _cursor, statement, parameters, *_):
        # to insert parts before the part that they follow would have every row of the queue looked at: see below
        if statement.split()[0] in ("SELECT", "UPDATE", "WITH"):
            asked = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            read.extend((row[3], statement) for row in asked if row[3].startswith(WHOLE))

    review = Review(world, *files("main", due=NINE, text="better"), *queued[2:], *files("new", parts=2))
    world.outbox.cancel([queued[2].name], at=world.clock.now(), who="mira")
    event.listen(world.outbox.engine, "before_cursor_execute", look)
    assert review.apply().created == 2
    assert read == []


def test_a_long_thread_is_written_from_its_first_part_on(world, queued):
    """By name `….10` comes before `….2`; a part must not be written before the one that it follows."""
    parts = files("new", account="main", parts=12)
    Review(world, *queued, *parts).apply()
    tied = "SELECT d.part, p.part, d.held FROM delivery d LEFT JOIN delivery p ON p.n = d.parent_n WHERE d.post = 'new'"
    with world.outbox.read() as connection:
        written = sorted(tuple(row) for row in connection.exec_driver_sql(tied))
    assert written == [(1, None, None), *((part, part - 1, "parent") for part in range(2, 13))]
    world.at_nine(hours=3)
    assert world.platform.texts[-1] == "new, 12 of 12"


def test_the_end_of_the_history_names_the_moment(world, queued):
    with closing(sqlite3.connect(world.outbox.path)) as connection:
        (last,) = connection.execute("SELECT max(n) FROM event").fetchone()
    assert world.outbox.snapshot().mark.startswith(f"{last}:")
