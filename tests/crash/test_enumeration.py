"""Die at every call, all calls: whatever later processes find, no post is doubled or forgotten.

A thread of two and a lone post on another account are worked by a process that dies at its
nth call: any commit and what follows it, any step of the publisher, any note of a try, and for one
kind any single statement sent to the outbox. A second process takes over, in half of the cases dies
as well, and a last one works until all is quiet. `make crash` dies at every statement on all. Each
post costs something, and the budgets hold just what all of them cost: whatever is paid twice would be missed.
"""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.model.delivery import idempotency_key
from scheduler.model.lifecycle import State
from scheduler.outbox.notes import Notes
from scheduler.outbox.outbox import open_outbox
from scheduler.planning.budgets import EVER, Budget
from scheduler.platforms.rules.x import PRICES
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.clocks import JumpingClock
from scheduler.testing.mortal import Died, Mortal
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher, Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
FATES = (Fate.TAKES, Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.REFUSES)
LIVE = ("main", "second")
BUDGETS = {"main": Budget(2 * PRICES.post, "USD"), "second": Budget(PRICES.post, "USD")}
HOLDERS = count()
EVERYTHING = os.environ.get("DRUMBEAT_CRASH") == "all"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An outbox with a thread and a lone post, closed, so that each case begins with a plain copy."""
    folder = tmp_path_factory.mktemp("template")
    outbox = outbox_in(folder)
    posts = planned("thread", NINE, parts=2) + planned("lone", NINE, account="second")
    fill(outbox, [replace(one, platform="x") for one in posts], at=NINE)
    names = [row.name for row in outbox.rows()]
    outbox.close()
    return outbox.path, names


class MortalNotes(Notes):
    """Notes of a process that may die before each of them, or right after."""

    def __init__(self, path, mortal):
        super().__init__(path)
        self.mortal = mortal

    def claimed(self, keys):
        self.mortal.call("before a claim is noted")
        super().claimed(keys)
        self.mortal.call("after a claim was noted")

    def asked(self, key):
        self.mortal.call("before it is noted as asked")
        super().asked(key)
        self.mortal.call("after it was noted as asked")

    def ended(self, one):
        self.mortal.call("before its end is noted")
        super().ended(one)
        self.mortal.call("after its end was noted")

    def forget(self, settled):
        self.mortal.call("before notes are forgotten")
        super().forget(settled)


class Process:
    """One process that works the outbox, and may die doing so."""

    def __init__(self, path, platform, clock, kind, mortal, statements):
        self.outbox = open_outbox(path)
        self.clock = clock
        platform.watch = mortal.call
        dry = DryRun(path.parent / "dry-run.jsonl", clock)
        switchboard = Switchboard(
            lambda _: FakePublisher(platform, KINDS[kind]), dry=dry, live=lambda: LIVE, budgets=lambda: BUDGETS
        )
        notes = MortalNotes(path.with_suffix(".tries"), mortal)
        self.steps = Steps(self.outbox, switchboard, clock, f"p{next(HOLDERS)}", notes=notes)
        mortal.live_in(self.outbox, statements=statements)

    def work(self):
        """Works from moment to moment until nothing more will come."""
        self.steps.begin()
        for _ in range(200):
            taken = self.steps.claim(9, looks=9)
            while results := tuple(step() for step in self.steps.work(taken)):
                taken = self.steps.claim(9, results, looks=9)
            coming = taken.moments
            following = min(filter(None, (coming.ready, coming.look, coming.ahead)), default=None)
            if following is None:
                return
            self.clock.jump(following)
        pytest.fail("the engine never came to rest")


def live_and_die(path, template, kind, fate, deaths, statements):
    """One case: processes that die at their nth calls, and a last one that lives. Says who died."""
    shutil.copyfile(template[0], path)
    clock = JumpingClock(NINE)
    platform = FakePlatform(clock.now)
    platform.next(fate)
    died = []
    for death in (*deaths, 0):
        process = Process(path, platform, clock, kind, Mortal(death), statements)
        try:
            process.work()
        except Died:
            died.append(death)
        finally:
            process.steps.notes.end()
            process.outbox.engine.dispose()
        clock.later(seconds=1)
    return platform, died


def judge(path, platform, kind, names):
    """No post twice; none forgotten; unknown only where nobody can look and nothing can be repeated."""
    left_to_a_person = 0
    with open_outbox(path) as outbox:
        for name in names:
            row = outbox.row(name)
            shown = platform.shown(idempotency_key(workspace="equality-now", delivery=name, generation=1))
            assert len(shown) <= 1, f"{name} was doubled"
            if row.state is State.SENT:
                assert len(shown) == 1, f"{name} is believed sent and is not there"
            elif kind == "neither":
                held = row.held == "parent"
                assert row.state is State.UNCERTAIN or held, f"{name} is {row.state}"
                assert held or outbox.needs_a_person()
                left_to_a_person += 1
            else:
                pytest.fail(f"{name} was forgotten: {row.state}, {row.last_error}")
        assert_consistent(outbox)
        assert_paid_once(outbox, names)
    return left_to_a_person


def assert_paid_once(outbox, names):
    """What went out, or may have, was paid once, and nothing else was."""
    gone = [outbox.row(name).account for name in names if outbox.row(name).state is not State.SCHEDULED]
    for account in LIVE:
        assert outbox.spent(account, since=EVER) == gone.count(account) * PRICES.post


def assert_consistent(outbox):
    """Every try is closed, and every lane is what its deliveries make it."""
    with outbox.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attempt WHERE ended_at IS NULL").scalar() == 0
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("SELECT count(*) FROM lane WHERE ready_at IS NOT NULL").scalar() == 0


def enumerate_deaths(folder, template, kind, *, statements, again=(), fates=FATES):
    """Every case of one kind of platform: how many there were, and how often something was left to a person."""
    cases = people = 0
    for fate in fates:
        for death in count(1):
            path = folder / f"{fate.name}-{death}.db"
            platform, died = live_and_die(path, template, kind, fate, (death, *again), statements)
            people += judge(path, platform, kind, template[1]) > 0
            path.unlink()
            path.with_suffix(".tries").unlink()
            if death not in died[:1]:
                break
            cases += 1
    return cases, people


def told(kind, cases, people, what):
    print(f"{kind}: died at each of {cases} {what}; {people} times something was left to a person")  # noqa: T201
    assert cases > 50
    assert kind == "neither" or people == 0


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_call_is_the_last_no_post_is_doubled_or_forgotten(shm, template, kind):
    told(kind, *enumerate_deaths(shm, template, kind, statements=EVERYTHING), "calls")


@pytest.mark.parametrize("again", [1, 4])
def test_dying_again_while_taking_over_doubles_nothing_either(shm, template, again):
    told("looks", *enumerate_deaths(shm, template, "looks", statements=False, again=(again,)), "calls, and again")


def test_dying_between_two_statements_leaves_the_transaction_undone(shm, template):
    fates = FATES if EVERYTHING else (Fate.LOSES_THE_REPLY,)
    told("looks", *enumerate_deaths(shm, template, "looks", statements=True, fates=fates), "statements")
