"""A suite that passes everything proves nothing: broken publishers must fail it.

Each publisher here has one bug that was found in the wild, and the promise that catches it.
"""

import unittest
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.errors import Ambiguous, MayExist, NotSent, PublishError, RateLimited, Rejected, Transient
from scheduler.model.delivery import Receipt, Strength
from scheduler.publishers.base import Absent, Doubles, Found, NamedInAdvance, Replays
from scheduler.testing.contract import Bench, PublisherContract
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher, Fate, abilities
from tests.contract.conftest import picture

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


class Broken(FakePublisher):
    __slots__ = ()
    can = KINDS["looks"]

    def __init__(self, platform):
        super().__init__(platform, self.can)


class RetriesInside(Broken):
    """Tries again by itself when the reply is lost."""

    __slots__ = ()

    def publish(self, draft, prepared):
        try:
            return super().publish(draft, prepared)
        except Ambiguous:
            return super().publish(draft, prepared)


class CallsATimeoutTransient(Broken):
    __slots__ = ()

    def publish(self, draft, prepared):
        try:
            return super().publish(draft, prepared)
        except MayExist as caught:
            raise Transient(str(caught)) from caught


class CallsEverythingRejected(Broken):
    __slots__ = ()

    def publish(self, draft, prepared):
        try:
            return super().publish(draft, prepared)
        except NotSent as caught:
            raise Rejected(str(caught)) from caught


class SwallowsItsOwnStumble(Broken):
    __slots__ = ()

    def publish(self, draft, prepared):
        try:
            return super().publish(draft, prepared)
        except PublishError:
            raise
        except Exception as caught:
            raise Transient("something went wrong") from caught


class MakesUpAnId(Broken):
    __slots__ = ()

    def publish(self, draft, prepared):
        receipt = super().publish(draft, prepared)
        return receipt if receipt.remote_id else Receipt("unknown")


class PostsWhilePreparing(Broken):
    __slots__ = ()

    def prepare(self, draft):
        self.platform.show(draft)
        return super().prepare(draft)


class ClaimsToReplay(Broken):
    """The key is sent where the server does not look for it."""

    __slots__ = ()
    can = abilities(Replays(timedelta(minutes=45)))

    def _made(self, draft):
        return self.platform.show(draft)


class KeysByText(Broken):
    """Names the post by its text, so that a second post with equal words is swallowed."""

    __slots__ = ()
    can = abilities(NamedInAdvance())

    def _made(self, draft):
        known = [post for post in self.platform.posts if post.text == draft.content.text]
        return known[0] if known else self.platform.show(draft)


class KnowsThePastAsFuture(Broken):
    """Reads the limit where the reset stands: always 1970."""

    __slots__ = ()

    def publish(self, draft, prepared):
        try:
            return super().publish(draft, prepared)
        except RateLimited as caught:
            raise RateLimited("limited", retry_at=datetime(1970, 1, 1, tzinfo=UTC)) from caught


class LooksWithoutSeeing(Broken):
    __slots__ = ()

    def verify(self, draft, prepared, since):
        return Absent()


class FindsAnything(Broken):
    __slots__ = ()

    def verify(self, draft, prepared, since):
        return Found(Receipt(self.platform.posts[0].remote_id)) if self.platform.posts else Absent()


class SaysItLooksAndCannot(Broken):
    __slots__ = ()
    can = abilities(Doubles(), *KINDS["looks"].operations)


class CutsTheText(Broken):
    __slots__ = ()

    def publish(self, draft, prepared):
        from dataclasses import replace

        return super().publish(replace(draft, content=replace(draft.content, text=draft.content.text[:10])), prepared)


class GivesUpOnSlowAnswers(Broken):
    """Takes a platform under load for one that has not heard."""

    __slots__ = ()

    def publish(self, draft, prepared):
        slow = Fate.ANSWERS_SLOWLY in list(self.platform._script)[:1]
        receipt = super().publish(draft, prepared)
        if slow:
            raise Transient("it took too long")
        return receipt


class BelievesEveryRefusal(Broken):
    """A 4xx means not sent, it has read."""

    __slots__ = ()

    def publish(self, draft, prepared):
        refused = Fate.REFUSES_AFTER_POSTING in list(self.platform._script)[:1]
        try:
            return super().publish(draft, prepared)
        except Ambiguous as caught:
            raise (Rejected if refused else Ambiguous)(str(caught)) from caught


class TellsItsToken(Broken):
    __slots__ = ()

    def __repr__(self):
        return "TellsItsToken(token='s3cret')"


class CallsAnAcceptedPostProven(Broken):
    __slots__ = ()
    can = replace(KINDS["looks"], receipt=Strength.ACCEPTED)


BROKEN = {
    CallsAnAcceptedPostProven: "proves_no_more",
    RetriesInside: "exactly_one_creating_request",
    CallsATimeoutTransient: "got_lost_may_exist",
    CallsEverythingRejected: "surely_not_sent",
    SwallowsItsOwnStumble: "never_called_not_sent",
    MakesUpAnId: "without_an_id",
    PostsWhilePreparing: "preparing_shows_nothing",
    ClaimsToReplay: "a_repeat_does",
    KeysByText: "two_keys",
    KnowsThePastAsFuture: "rate_limit",
    LooksWithoutSeeing: "a_look_finds",
    FindsAnything: "never_finds",
    SaysItLooksAndCannot: "as_data",
    CutsTheText: "once_with_its_text",
    GivesUpOnSlowAnswers: "slow_answer",
    BelievesEveryRefusal: "refusal_after_posting",
    TellsItsToken: "no_secret",
}


class WantsPictures(Broken):
    """Nothing is wrong with it: its platform takes no post of words alone."""

    __slots__ = ()

    def prepare(self, draft):
        if not all(one.media for one in (draft.content, *draft.following)):
            raise Rejected("It has no picture.")
        return super().prepare(draft)


def failures(broken, folder, media=()):
    class Suite(PublisherContract):
        def bench(self, where):
            platform = FakePlatform(lambda: NINE)
            script = lambda fate: platform.next(fate) or True  # noqa: E731
            return Bench(
                broken(platform), lambda: platform.texts, script, lambda: platform.requests, ("s3cret",), media
            )

    suite, failed = Suite(), []
    for name in dir(suite):
        if name.startswith("test_"):
            try:
                getattr(suite, name)(folder)
            except unittest.SkipTest:
                continue
            except (AssertionError, PublishError):
                failed.append(name)
    return failed


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_publisher_fails_the_promise_that_it_breaks(broken, tmp_path):
    assert any(BROKEN[broken] in name for name in failures(broken, tmp_path))


def test_an_honest_publisher_fails_none(tmp_path):
    assert failures(Broken, tmp_path) == []


def test_a_publisher_that_wants_pictures_fails_none_where_the_bench_has_one(tmp_path):
    assert failures(WantsPictures, tmp_path)
    assert failures(WantsPictures, tmp_path, (picture(tmp_path),)) == []
