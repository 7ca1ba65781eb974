"""Die at every call while posts are handed to a person: each has one page, a thread whole, and one word ends it."""

import shutil
from itertools import count

import pytest

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import HandedOver
from scheduler.model.account import Account
from scheduler.model.delivery import Receipt, Strength
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import open_outbox
from scheduler.publishers.base import Surroundings
from scheduler.publishers.dryrun import DryRun
from scheduler.publishers.manual import Manual
from scheduler.testing.clocks import JumpingClock
from scheduler.testing.mortal import Died, Mortal
from tests.crash.test_enumeration import HOLDERS, LIVE, NINE, MortalNotes, template  # noqa: F401  # a fixture

SAID = Receipt("https://clips.example/1", "https://clips.example/1", Strength.SAID)


class MortalManual:
    """The publisher itself, in a process that may die before it writes a page, or right after."""

    def __init__(self, root, clock, account, mortal):
        self._hands = Manual.connect(Account(account, "manual", "UTC"), Surroundings(root, clock, str))
        self._mortal = mortal
        self.capabilities = self._hands.capabilities

    def publish(self, draft, prepared):
        self._mortal.call("before the page")
        try:
            return self._hands.publish(draft, prepared)
        except HandedOver:
            self._mortal.call("after the page")
            raise


def work(path, clock, mortal):
    """One process, from moment to moment until nothing more will come."""
    outbox = open_outbox(path)

    def hands(account):
        return MortalManual(path.parent, clock, account, mortal)

    board = Switchboard(hands, dry=DryRun(path.parent / "dry", clock), live=lambda: LIVE)
    notes = MortalNotes(path.with_suffix(".tries"), mortal)
    steps = Steps(outbox, board, clock, f"h{next(HOLDERS)}", notes=notes)
    mortal.live_in(outbox, statements=True)
    try:
        steps.begin()
        for _ in range(200):
            taken = steps.claim(9, looks=9)
            while results := tuple(step() for step in steps.work(taken)):
                taken = steps.claim(9, results, looks=9)
            following = min(filter(None, (taken.moments.ready, taken.moments.look)), default=None)
            if following is None:
                return
            clock.jump(following)
        pytest.fail("the engine never came to rest")
    finally:
        notes.end()
        outbox.engine.dispose()


def judge(path, names):
    pages = [page.read_text(encoding="utf-8") for page in (path.parent / ".drumbeat" / "by-hand").glob("*.html")]
    assert len(pages) == 2, "a post was handed over twice, or not at all"
    assert sum("thread, 1 of 2" in page and "thread, 2 of 2" in page for page in pages) == 1
    with open_outbox(path) as outbox:
        assert {outbox.row(name).state for name in names} == {State.UNCERTAIN}
        assert {row.name for row in outbox.needs_a_person()} == set(names)
        with outbox.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM attempt WHERE ended_at IS NULL").scalar() == 0
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        for name in names:
            if outbox.row(name).state is State.UNCERTAIN:
                outbox.resolve_sent(name, SAID, at=NINE, who="mira")
        assert outbox.states() == {State.SENT: 3}


def test_whoever_dies_a_person_has_each_post_once(tmp_path, template):  # noqa: F811
    for death in count(1):
        folder = tmp_path / f"{death}"
        folder.mkdir()
        path = folder / "outbox.db"
        shutil.copyfile(template[0], path)
        clock = JumpingClock(NINE)
        died = False
        for at in (death, 0):
            try:
                work(path, clock, Mortal(at))
            except Died:
                died = True
            clock.later(seconds=1)
        judge(path, template[1])
        if not died:
            break
    assert death > 40
    print(f"{death - 1} deaths")  # noqa: T201
