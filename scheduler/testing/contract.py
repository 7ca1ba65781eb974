"""The contract that every publisher keeps, as a suite to subclass: ours and yours alike.

    class TestMastodon(PublisherContract):
        def bench(self, folder):
            return Bench(publisher, visible=…, script=…)

A test asks for an ability, never for a name, and skips itself where the ability is not
claimed. `script` puts the platform into a fate for the next request and returns whether it
can. What the platform shows (`visible`) is the truth that the publisher is held to.
"""

import unittest
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.errors import AuthExpired, HandedOver, MayExist, NotSent, PublishError, RateLimited, Rejected, Transient
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.publishers.base import (
    Absent,
    Capabilities,
    Doubles,
    Found,
    NamedInAdvance,
    Operation,
    Publisher,
    Refused,
    Replays,
    Unknown,
    VerifyQuality,
)
from scheduler.testing.platform import Fate

DUE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
KEY = "0" * 31 + "1"
_PROVES = (Strength.SAID, Strength.ACCEPTED, Strength.PROVEN)


@dataclass(frozen=True, slots=True)
class Bench:
    """One publisher and its platform. `visible` gives the texts shown, `script` scripts the next creating request.

    `requests` counts creating requests (None: cannot be counted); `secrets` must never be told; `media` is for
    platforms that take no post without: every post of the suite has it.
    """

    publisher: Publisher
    visible: Callable[[], Sequence[str]]
    script: Callable[[Fate], bool] = field(default=lambda _: False)
    requests: Callable[[], int] | None = None
    secrets: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()

    def draft(self, text: str = "The time is now.", *, key: str = KEY, parent: Receipt | None = None) -> Draft:
        """A small draft, with the media that posts need here."""
        made = draft(text, key=key, parent=parent)
        return replace(made, content=replace(made.content, media=self.media))


def draft(text: str = "The time is now.", *, key: str = KEY, parent: Receipt | None = None) -> Draft:
    """A small draft, all of whose facts are fixed."""
    return Draft(
        delivery="time-is-now/opening/once/main",
        account="main",
        platform="fake",
        content=Content(text, language="en"),
        idempotency_key=key,
        due=DUE,
        created_at=DUE,
        root=parent,
        parent=parent,
    )


class PublisherContract:
    """Subclass it, say how to make a bench, and every promise of a publisher is tried."""

    def bench(self, folder: Path) -> Bench:
        """A fresh publisher on a fresh platform; `folder` is yours to use."""
        raise NotImplementedError

    # -- what it says of itself --------------------------------------------------------

    def test_it_says_what_it_can_do_as_data(self, tmp_path: Path) -> None:
        """Named, with a deadline, and no ability that contradicts another."""
        can = self.bench(tmp_path).publisher.capabilities
        assert isinstance(can, Capabilities)
        assert can.platform
        assert 0 < can.timeout <= 120
        looks = Operation.VERIFY in can.operations
        assert looks == (can.verify is not VerifyQuality.NONE), "VERIFY and the quality of verify say the same"
        if isinstance(can.on_repeat, Replays):
            assert can.on_repeat.window > timedelta(seconds=can.timeout), "a window shorter than a request is none"

    def test_it_tells_no_secret(self, tmp_path: Path) -> None:
        """Neither it nor its errors contain a credential."""
        bench = self.bench(tmp_path)
        told = repr(bench.publisher) + str(vars(type(bench.publisher)))
        if bench.script(Fate.EXPIRES):
            told += repr(_raised(bench, bench.draft()))
        for secret in bench.secrets:
            assert secret not in told

    # -- preparing ---------------------------------------------------------------------

    def test_preparing_shows_nothing_and_can_be_repeated(self, tmp_path: Path) -> None:
        """A crash after `prepare` is never an unknown."""
        bench = self.bench(tmp_path)
        first, second = bench.publisher.prepare(bench.draft()), bench.publisher.prepare(bench.draft())
        assert isinstance(first, Prepared)
        assert isinstance(second, Prepared)
        assert list(bench.visible()) == []

    # -- publishing --------------------------------------------------------------------

    def test_what_it_published_is_there_once_with_its_text(self, tmp_path: Path) -> None:
        """And the receipt has an id."""
        bench = self.bench(tmp_path)
        receipt = _publish(bench, bench.draft("Good morning, Скопје 🌍"))
        assert receipt.remote_id
        assert list(bench.visible()) == ["Good morning, Скопје 🌍"]

    def test_a_receipt_proves_no_more_than_the_capabilities_say(self, tmp_path: Path) -> None:
        """What only accepts a post must not be called proof of it: people are told which it is."""
        bench = self.bench(tmp_path)
        most = _PROVES.index(bench.publisher.capabilities.receipt)
        assert _PROVES.index(_publish(bench, bench.draft()).strength) <= most

    def test_it_makes_exactly_one_creating_request(self, tmp_path: Path) -> None:
        """In luck and in every kind of trouble: who retries inside doubles outside."""
        bench = self.bench(tmp_path)
        if bench.requests is None:
            raise unittest.SkipTest("creating requests cannot be counted here")
        for number, fate in enumerate(Fate):
            if bench.script(fate):
                before = bench.requests()
                _raised(bench, bench.draft(key=f"{number:032x}"))
                assert bench.requests() - before <= 1, f"{fate}: more than one creating request"

    def test_two_keys_are_two_posts_even_with_one_text(self, tmp_path: Path) -> None:
        """The key decides what a repeat is, never the text."""
        bench = self.bench(tmp_path)
        if isinstance(bench.publisher.capabilities.on_repeat, Refused):
            raise unittest.SkipTest("this platform refuses equal texts")
        first, second = _publish(bench, bench.draft(key="a" * 32)), _publish(bench, bench.draft(key="b" * 32))
        assert first.remote_id != second.remote_id
        assert len(bench.visible()) == 2

    def test_a_repeat_does_what_the_capabilities_say(self, tmp_path: Path) -> None:
        """The engine repeats where this says that it is safe, so it must be true."""
        bench = self.bench(tmp_path)
        repeat = bench.publisher.capabilities.on_repeat
        first = _publish(bench, bench.draft())
        if isinstance(repeat, NamedInAdvance | Replays):
            assert _publish(bench, bench.draft()).remote_id == first.remote_id
            assert len(bench.visible()) == 1
        elif isinstance(repeat, Refused):
            assert isinstance(_raised(bench, bench.draft()), MayExist), "refused as a duplicate means: it may exist"
            assert len(bench.visible()) == 1
        elif isinstance(repeat, Doubles):
            _publish(bench, bench.draft())
            assert len(bench.visible()) == 2, "it does better than it says; say so in its capabilities"

    def test_what_a_person_is_given_is_there_once_its_thread_whole_and_is_never_called_sent(
        self, tmp_path: Path
    ) -> None:
        """For those who only hand a post to a person: a repeat is the same post to them, another key another."""
        bench = self.bench(tmp_path)
        rest = tuple(Content(text, media=bench.media) for text in ("two", "three"))
        thread = replace(bench.draft("one"), following=rest)
        if not isinstance(_raised(bench, thread), HandedOver):
            raise unittest.SkipTest("this publisher posts by itself")
        assert isinstance(_raised(bench, thread), HandedOver)
        assert list(bench.visible()) == ["one", "two", "three"]
        assert isinstance(_raised(bench, bench.draft("one", key="b" * 32)), HandedOver)
        assert sorted(bench.visible()) == ["one", "one", "three", "two"]

    def test_a_reply_goes_below_its_parent(self, tmp_path: Path) -> None:
        """A thread's next part gets the receipt of the one before."""
        bench = self.bench(tmp_path)
        parent = _publish(bench, bench.draft("one", key="a" * 32))
        _publish(bench, bench.draft("two", key="b" * 32, parent=parent))
        assert list(bench.visible()) == ["one", "two"]

    # -- trouble -----------------------------------------------------------------------

    def _scripted(self, folder: Path, fate: Fate) -> Bench:
        bench = self.bench(folder)
        if not bench.script(fate):
            raise unittest.SkipTest(f"this platform never {fate.value}")
        return bench

    def test_a_refused_connection_is_surely_not_sent_and_may_work_later(self, tmp_path: Path) -> None:
        """Nothing left the machine."""
        bench = self._scripted(tmp_path, Fate.REFUSES)
        assert isinstance(_raised(bench, bench.draft()), Transient)
        assert list(bench.visible()) == []

    def test_a_rate_limit_says_when_to_come_back_if_the_platform_does(self, tmp_path: Path) -> None:
        """An aware moment, or none; never one that is long past."""
        bench = self._scripted(tmp_path, Fate.LIMITS)
        raised = _raised(bench, bench.draft())
        assert isinstance(raised, RateLimited)
        assert raised.retry_at is None or raised.retry_at.tzinfo is not None
        assert raised.retry_at is None or raised.retry_at.year > 2000
        assert list(bench.visible()) == []

    def test_an_expired_credential_asks_for_a_person(self, tmp_path: Path) -> None:
        """And is no rejection: the text is fine."""
        bench = self._scripted(tmp_path, Fate.EXPIRES)
        assert isinstance(_raised(bench, bench.draft()), AuthExpired)
        assert list(bench.visible()) == []

    def test_a_rejected_text_is_never_tried_again(self, tmp_path: Path) -> None:
        """It will not be taken later either."""
        bench = self._scripted(tmp_path, Fate.REJECTS)
        assert isinstance(_raised(bench, bench.draft()), Rejected)
        assert list(bench.visible()) == []

    def test_a_reply_that_got_lost_may_exist(self, tmp_path: Path) -> None:
        """The one mistake that doubles posts is to call this "not sent"."""
        for fate in (Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES):
            bench = self.bench(tmp_path / fate.name)
            if bench.script(fate):
                assert isinstance(_raised(bench, bench.draft()), MayExist), fate

    def test_a_slow_answer_is_waited_for(self, tmp_path: Path) -> None:
        """A platform under load is no platform in trouble."""
        bench = self._scripted(tmp_path, Fate.ANSWERS_SLOWLY)
        assert _publish(bench, bench.draft()).remote_id
        assert list(bench.visible()) == ["The time is now."]

    def test_a_refusal_after_posting_is_never_called_not_sent(self, tmp_path: Path) -> None:
        """Some platforms make the post, then answer 4xx; who knows such a one looks first."""
        bench = self._scripted(tmp_path, Fate.REFUSES_AFTER_POSTING)
        assert isinstance(_raised(bench, bench.draft()), MayExist)
        assert len(bench.visible()) == 1

    def test_whatever_fails_after_posting_is_never_called_not_sent(self, tmp_path: Path) -> None:
        """Not even what the publisher itself stumbles over."""
        bench = self._scripted(tmp_path, Fate.FAILS_AFTER_POSTING)
        assert not isinstance(_raised(bench, bench.draft()), NotSent)
        assert len(bench.visible()) == 1

    def test_an_answer_without_an_id_is_no_proof(self, tmp_path: Path) -> None:
        """A 2xx that names no post: silently dropped, or made, who knows."""
        bench = self._scripted(tmp_path, Fate.NO_ID)
        try:
            receipt = _publish(bench, bench.draft())
        except MayExist:
            return
        assert not receipt.remote_id, "an id was made up"

    # -- looking -----------------------------------------------------------------------

    def test_a_look_finds_what_was_published(self, tmp_path: Path) -> None:
        """By the same identity, with the same receipt; a look may prove more than the answer did, or less."""
        bench = self._looking(tmp_path)
        receipt = _publish(bench, bench.draft())
        verdict = bench.publisher.verify(bench.draft(), bench.publisher.prepare(bench.draft()), DUE)
        assert isinstance(verdict, Found)
        assert replace(verdict.receipt, extra={}, strength=receipt.strength) == replace(receipt, extra={})

    def test_a_look_never_finds_what_was_never_published(self, tmp_path: Path) -> None:
        """Absent, or unknown with a reason; never a guess."""
        bench = self._looking(tmp_path)
        _publish(bench, bench.draft("another", key="a" * 32))
        verdict = bench.publisher.verify(bench.draft(key="b" * 32), Prepared(), DUE)
        assert isinstance(verdict, Absent | Unknown)
        if bench.publisher.capabilities.verify is VerifyQuality.EXACT:
            assert isinstance(verdict, Absent)

    def test_a_look_after_a_lost_reply_never_says_that_it_is_not_there(self, tmp_path: Path) -> None:
        """The post landed; calling it absent would double it."""
        bench = self._looking(tmp_path)
        if not bench.script(Fate.LOSES_THE_REPLY):
            raise unittest.SkipTest("this platform never loses a reply")
        _raised(bench, bench.draft())
        verdict = bench.publisher.verify(bench.draft(), bench.publisher.prepare(bench.draft()), DUE)
        assert isinstance(verdict, Found | Unknown)

    def _looking(self, folder: Path) -> Bench:
        bench = self.bench(folder)
        if Operation.VERIFY not in bench.publisher.capabilities.operations:
            raise unittest.SkipTest("this platform does not let us look")
        return bench

    # -- afterwards --------------------------------------------------------------------

    def test_deleting_takes_the_post_away_and_twice_is_fine(self, tmp_path: Path) -> None:
        """What is gone already is gone."""
        bench = self.bench(tmp_path)
        if Operation.DELETE not in bench.publisher.capabilities.operations:
            raise unittest.SkipTest("nothing can be deleted here")
        receipt = _publish(bench, bench.draft())
        bench.publisher.delete(receipt)
        bench.publisher.delete(receipt)
        assert list(bench.visible()) == []

    def test_what_is_counted_of_a_post_is_numbers(self, tmp_path: Path) -> None:
        """By the platform's own words, none below zero."""
        bench = self.bench(tmp_path)
        if Operation.METRICS not in bench.publisher.capabilities.operations:
            raise unittest.SkipTest("nothing is counted here")
        receipt = _publish(bench, bench.draft())
        try:
            counts = bench.publisher.metrics(receipt).counts
        except Rejected:
            raise unittest.SkipTest("this server counts nothing") from None
        assert all(word and isinstance(number, int) and number >= 0 for word, number in counts.items())

    def test_an_account_can_be_inspected(self, tmp_path: Path) -> None:
        """Whether it works is said in plain fields."""
        bench = self.bench(tmp_path)
        if Operation.INSPECT not in bench.publisher.capabilities.operations:
            raise unittest.SkipTest("this publisher cannot inspect")
        assert bench.publisher.inspect().works


def _publish(bench: Bench, what: Draft) -> Receipt:
    prepared = bench.publisher.prepare(what)
    try:
        return bench.publisher.publish(what, prepared)
    except HandedOver:
        raise unittest.SkipTest("a person posts it, and says when it is out") from None


def _raised(bench: Bench, what: Draft) -> Exception | None:
    """What publishing raises; only `PublishError` may leave a publisher on purpose."""
    try:
        _publish(bench, what)
    except PublishError as caught:
        return caught
    except Exception as caught:  # noqa: BLE001  # the engine counts it as unknown
        return caught
    return None
