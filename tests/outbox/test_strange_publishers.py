"""Whatever a publisher hands over, the engine goes on, and a proof that a post exists is never dropped."""

from datetime import datetime, timedelta

import pytest

from scheduler.errors import MayExist, RateLimited, Rejected, Transient
from scheduler.model.delivery import Prepared, Receipt
from scheduler.model.lifecycle import State
from scheduler.publishers.base import Found, Unknown
from scheduler.testing.platform import KINDS, FakePublisher

HALF = "half \ud83d a character"


class Strange(FakePublisher):
    """Answers every call with what it was given for it: raised, or handed back."""

    __slots__ = ("answers",)

    def __init__(self, platform, kind="looks", **answers):
        super().__init__(platform, KINDS[kind])
        self.answers = answers

    def _answer(self, call):
        if isinstance(self.answers[call], BaseException):
            raise self.answers[call]
        return self.answers[call]

    def prepare(self, draft):
        return self._answer("prepare") if "prepare" in self.answers else super().prepare(draft)

    def publish(self, draft, prepared):
        return self._answer("publish") if "publish" in self.answers else super().publish(draft, prepared)

    def verify(self, draft, prepared, since):
        return self._answer("verify") if "verify" in self.answers else super().verify(draft, prepared, since)


def strange(world, **answers):
    """Two accounts post at nine; the first one's publisher is strange."""
    odd = Strange(world.platform, **answers)
    world.switchboard._resolve = lambda account: odd if account == "main" else FakePublisher(world.platform, odd_kind)
    odd_kind = KINDS["looks"]
    (name,) = world.plan("odd")
    (other,) = world.plan("sane", account="second")
    world.at_nine()
    assert world.state(other) is State.SENT
    return name


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Rejected(HALF), State.FAILED),
        (Transient(HALF), State.SCHEDULED),
        (RateLimited(HALF), State.SCHEDULED),
        (MayExist(HALF), State.UNCERTAIN),
        (ValueError(HALF), State.UNCERTAIN),
        (SystemExit(HALF), State.UNCERTAIN),
    ],
)
def test_words_with_half_a_character_are_kept_as_far_as_they_can_be(world, trouble, state):
    name = strange(world, publish=trouble)
    assert world.state(name) is state
    assert "half ? a character" in world.outbox.row(name).last_error
    assert "half ? a character" in world.outbox.attempts(name)[0].error


@pytest.mark.parametrize(
    ("receipt", "kept"),
    [
        (Receipt("7", extra={"at": datetime(2027, 6, 30)}), Receipt("7")),  # noqa: DTZ001  # as strange as may be
        (
            Receipt("7", HALF, extra={"said": HALF}),
            Receipt("7", "half ? a character", extra={"said": "half ? a character"}),
        ),
        (Receipt(7, None), Receipt("7")),
    ],
)
def test_a_receipt_is_kept_whatever_lies_beside_it(world, receipt, kept):
    name = strange(world, publish=receipt)
    assert world.state(name) is State.SENT
    assert world.outbox.row(name).receipt == kept


@pytest.mark.parametrize("verdict", [None, ValueError(HALF), Unknown(HALF)])
def test_a_look_that_tells_nothing_leaves_the_post_unknown(world, verdict):
    name = strange(world, publish=MayExist("Lost."), verify=verdict)
    world.look(minutes=1)
    assert world.state(name) is State.UNCERTAIN


def test_what_a_look_finds_is_kept_whatever_lies_beside_it(world):
    name = strange(world, publish=MayExist("Lost."), verify=Found(Receipt("7", extra={"odd": object()})))
    world.look(minutes=1)
    assert world.outbox.row(name).receipt == Receipt("7")


@pytest.mark.parametrize("prepared", [Prepared({"odd": object()}), None, ValueError(HALF)])
def test_a_preparation_that_cannot_be_kept_is_tried_again_until_the_post_is_missed(world, prepared):
    name = strange(world, kind="prepares", prepare=prepared)
    assert world.state(name) is State.SCHEDULED
    world.clock.jump(world.outbox.row(name).expires_at + timedelta(seconds=1))
    world.steps.dispatch()
    assert world.state(name) is State.MISSED


def test_a_moment_to_wait_for_without_a_zone_is_taken_as_utc(world):
    retry_at = datetime(2027, 6, 30, 7, 30)  # noqa: DTZ001  # as strange as may be
    name = strange(world, publish=RateLimited("Wait.", retry_at=retry_at))
    assert world.outbox.row(name).state is State.SCHEDULED
    assert world.outbox.lanes()[0].blocked_until.replace(tzinfo=None) == retry_at
