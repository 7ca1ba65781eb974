"""Every publisher that we ship, and the fake platform itself, keeps the contract."""

from datetime import UTC, datetime

import pytest

from scheduler.publishers.base import Doubles, Operation, Refused, Replays, VerifyQuality
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import Bench, PublisherContract
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher, abilities

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


def texts_in(path):
    import json

    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


class TestDryRun(PublisherContract):
    """The stand-in of every account that is not live."""

    def bench(self, folder):
        path = folder / ".drumbeat" / "dry-run.jsonl"
        return Bench(DryRun(path, FixedClock(NINE)), visible=lambda: texts_in(path))


class FakeContract(PublisherContract):
    kind = "looks"

    def bench(self, folder):
        platform = FakePlatform(lambda: NINE)

        def script(fate):
            platform.next(fate)
            return True

        publisher = FakePublisher(platform, KINDS[self.kind])
        return Bench(publisher, lambda: platform.texts, script, lambda: platform.requests, secrets=("s3cret",))


class TestOneThatReplays(FakeContract):
    kind = "replays"


class TestOneThatLooks(FakeContract):
    kind = "looks"


class TestOneThatNames(FakeContract):
    kind = "names"


class TestOneThatRefuses(FakeContract):
    kind = "refuses"


class TestOneThatPrepares(FakeContract):
    kind = "prepares"


class TestOneThatCanDoNeither(FakeContract):
    kind = "neither"


class TestOneThatDeletes(FakeContract):
    def bench(self, folder):
        made = super().bench(folder)
        can = abilities(Doubles(), Operation.VERIFY, Operation.DELETE, Operation.INSPECT, verify=VerifyQuality.EXACT)
        made.publisher.capabilities = can
        return made


def test_what_a_repeat_does_decides_whether_one_is_safe():
    from datetime import timedelta

    replays = abilities(Replays(timedelta(minutes=45)))
    assert replays.repeat_is_safe(NINE, NINE + timedelta(minutes=44))
    assert not replays.repeat_is_safe(NINE, NINE + timedelta(minutes=44, seconds=50))
    assert not replays.repeat_is_safe(None, NINE)
    assert not abilities(Doubles()).repeat_is_safe(NINE, NINE)
    assert not abilities(Refused()).repeat_is_safe(NINE, NINE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_whether_repeating_can_ever_help(kind):
    assert KINDS[kind].repeats_safely == (kind in ("replays", "names"))
