"""Which publisher takes which post."""

import pytest

from scheduler.engine.switchboard import Switchboard
from scheduler.errors import UsageError
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher


def publisher(kind="looks"):
    return FakePublisher(FakePlatform(lambda: None), KINDS[kind])


def test_a_publisher_is_built_once_an_account_and_anew_when_forgotten():
    built = []
    switchboard = Switchboard(lambda account: built.append(account) or publisher(), dry=publisher())
    first = switchboard.publisher("main", dry=False)
    assert switchboard.publisher("main", dry=False) is first
    switchboard.forget("main")
    assert switchboard.publisher("main", dry=False) is not first
    assert built == ["main", "main"]


def test_the_dry_run_publisher_stands_in_and_nothing_else_is_built():
    dry = publisher()
    switchboard = Switchboard(pytest.fail, dry=dry)
    assert switchboard.publisher("main", dry=True) is dry
    assert switchboard.live() == frozenset()


def test_who_is_live_is_asked_each_time():
    live = {"main"}
    switchboard = Switchboard(lambda _: publisher(), dry=publisher(), live=lambda: live)
    assert switchboard.live() == {"main"}
    live.clear()
    assert switchboard.live() == frozenset()


def test_a_publisher_that_cannot_be_built_prepares_nothing_and_is_not_tried_at_every_claim():
    tried = []

    def resolve(account):
        tried.append(account)
        raise UsageError("not installed")

    switchboard = Switchboard(resolve, dry=publisher())
    assert switchboard.preparing(["main"]) == switchboard.preparing(["main"]) == frozenset()
    assert tried == ["main"]


def test_another_stamp_means_other_publishers_and_another_try_for_broken_ones():
    stamp, able = [1], []

    def resolve(account):
        if account not in able:
            raise UsageError("no token")
        return publisher("prepares")

    switchboard = Switchboard(resolve, dry=publisher(), stamp=lambda: stamp[0])
    able.append("main")
    first = switchboard.publisher("main", dry=False)
    assert switchboard.preparing(["main", "second"]) == {"main"}
    able.append("second")
    assert switchboard.preparing(["second"]) == frozenset()
    stamp[0] = 2
    assert switchboard.preparing(["second"]) == {"second"}
    assert switchboard.publisher("main", dry=False) is not first


def test_a_publisher_that_can_be_built_again_prepares_again():
    answers = [UsageError("no token"), publisher("prepares")]

    def resolve(_):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    switchboard = Switchboard(resolve, dry=publisher())
    assert switchboard.preparing(["main"]) == frozenset()
    switchboard.publisher("main", dry=False)
    assert switchboard.preparing(["main"]) == {"main"}


def test_who_prepares_is_asked_again_only_when_something_changed():
    asked = []
    switchboard = Switchboard(lambda account: asked.append(account) or publisher("prepares"), dry=publisher())
    accounts = {"main", "second"}
    for _ in range(3):
        assert switchboard.preparing(accounts) == {"main", "second"}
    assert sorted(asked) == ["main", "second"]
    switchboard.forget("main")
    accounts.discard("second")
    assert switchboard.preparing(accounts) == {"main"}
    assert sorted(asked) == ["main", "main", "second"]
