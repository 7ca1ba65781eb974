"""Outages, each with its stated outcome: the table is in docs/organizers/failures.md.

The network for an hour, a credential for an hour, the days on which clocks change, and a
wall clock that is set wrong: with the real engine, on a clock that jumps.
"""

import itertools
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.app import App
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import Transient
from scheduler.model.account import Account
from scheduler.model.campaign import Campaign, Post, Source, Sources
from scheduler.model.lifecycle import State
from scheduler.model.schedule import Every, Weekly, Window
from scheduler.operations.needs import needs
from scheduler.planning.slots import slots
from scheduler.publishers.base import Surroundings
from scheduler.publishers.bluesky import Bluesky
from scheduler.settings import Settings
from scheduler.testing.bench import fill, planned
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.emulators.bluesky import HANDLE, PASSWORD, PUT, BlueskyServer
from scheduler.testing.platform import FakePublisher

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Unplugged(FakePublisher):
    """Cannot reach its platform from nine to ten o'clock."""

    __slots__ = ("tried",)

    def __init__(self, platform, capabilities):
        super().__init__(platform, capabilities)
        self.tried = []

    def publish(self, draft, prepared):
        self.tried.append(draft.delivery)
        if NINE <= self.platform.now() < NINE + HOUR:
            raise Transient("The network is unreachable.")
        return super().publish(draft, prepared)


def work(world, on_beat=lambda _: None, until=None):
    """The engine, until nothing comes up any more, or until a moment."""
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock), on_beat=on_beat)
    engine.run(until=lambda: engine.quiet(by=until))
    return engine


def sent_at(world, name):
    return next(post.at for post in world.platform.posts if post.text.startswith(f"{name},"))


# -- the network -----------------------------------------------------------------------


@pytest.fixture
def unplugged(world):
    """Posts on two accounts fall due every ten minutes while the network is down; some of them would not keep."""
    publisher = Unplugged(world.platform, world.publisher("main").capabilities)
    world.switchboard = Switchboard(lambda _: publisher, dry=world.dry, live=lambda: world.live)
    for account in ("main", "second"):
        world.plan("joke", account=account, late=timedelta(minutes=20))
        for minutes in range(0, 60, 10):
            world.plan(f"appeal-{minutes:02}", account=account, due=NINE + minutes * MINUTE)
        world.plan("aside", account=account, due=NINE + 15 * MINUTE, late=timedelta(minutes=20))
        world.plan("evening", account=account, due=NINE + 9 * HOUR)
    return publisher


def test_without_a_network_for_an_hour_what_may_be_late_leaves_afterwards_in_order(world, unplugged):
    work(world)
    assert world.states() == {"sent": 14, "missed": 4}
    appeals = [f"appeal-{minutes:02}, 1 of 1" for minutes in range(0, 60, 10)]
    for account in ("main", "second"):
        shown = [post for post in world.platform.posts if post.account == account]
        assert [post.text for post in shown] == [*appeals, "evening, 1 of 1"]
        assert all(NINE + HOUR <= post.at <= NINE + HOUR + 5 * MINUTE for post in shown[:-1])
        assert shown[-1].at == NINE + 9 * HOUR


def test_without_a_network_each_try_is_a_row_and_there_are_few(world, unplugged):
    work(world)
    (first, *_) = [row for row in world.outbox.rows() if row.post == "appeal-00"]
    tries = world.outbox.attempts(first.name)
    assert {one.outcome for one in tries[:-1]} == {"not sent"}
    assert tries[-1].outcome == "sent"
    assert all(later.started_at - one.started_at >= timedelta(seconds=0.5) for one, later in itertools.pairwise(tries))
    held = Counter(name for name in unplugged.tried)
    assert held[first.name] == len(tries)
    assert sum(held.values()) < 200, "an hour and sixteen posts, without a flood"


def test_what_the_network_made_too_late_says_why_and_how_to_send_it(world, unplugged):
    work(world, until=NINE + HOUR)
    late = [row for row in world.outbox.rows() if row.state is State.MISSED]
    assert sorted(row.post for row in late) == ["aside", "aside", "joke", "joke"]
    for row in late:
        assert "network is unreachable" in world.outbox.events(row.name)[-1].why
        assert world.outbox.row(row.name).last_error
    for one in needs(late, {}):
        assert one.choices == (f"drumbeat retry {one.delivery} --at WHEN",)
        assert "network is unreachable" in one.message


@pytest.fixture
def bluesky(world):
    """The real publisher, on a server whose clock is the world's."""
    with BlueskyServer(world.clock) as server:
        account = Account("main", "bluesky", "UTC", handle=HANDLE, settings={"server": server.url})
        made = Bluesky.connect(account, Surroundings(world.folder, world.clock, lambda _: PASSWORD))
        world.switchboard = Switchboard(lambda _: made, dry=world.dry, live=lambda: world.live)
        yield server


def test_a_real_publisher_comes_through_an_hour_without_its_server(world, bluesky):
    for minutes in range(0, 60, 20):
        world.plan(f"appeal-{minutes:02}", due=NINE + minutes * MINUTE)
    (joke,) = world.plan("joke", due=NINE + 5 * MINUTE, late=timedelta(minutes=20))

    turns = [(NINE - 2 * MINUTE, bluesky.door.refuse), (NINE + HOUR, bluesky.door.open)]

    def plug(now):
        if turns and now >= turns[0][0]:
            turns.pop(0)[1]()

    work(world, on_beat=plug)
    # all are overdue, and whichever is prepared first goes first
    assert sorted(bluesky.texts) == [f"appeal-{minutes:02}, 1 of 1" for minutes in range(0, 60, 20)]
    assert world.state(joke) is State.MISSED
    assert "127.0.0.1" in world.outbox.row(joke).last_error
    assert bluesky.calls(PUT) == 3


# -- the credential --------------------------------------------------------------------

WORKSPACE = """\
workspace: equality-now
timezone: UTC
accounts:
  main: {{platform: bluesky, handle: {handle}, server: "{url}", password: env:MAIN_PASSWORD, language: en, live: true}}
"""


@pytest.fixture
def credential(world):
    """A workspace on disk whose app password is in `.env`, and its server."""
    with BlueskyServer(world.clock) as server:
        (world.folder / "drumbeat.yaml").write_text(WORKSPACE.format(handle=HANDLE, url=server.url))
        (world.folder / ".env").write_text(f"MAIN_PASSWORD={PASSWORD}\n")
        app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
        world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})
        yield server


def test_a_credential_that_was_taken_back_for_an_hour_pauses_and_a_resume_sends_what_may_be_late(world, credential):
    for minutes in range(0, 60, 10):
        world.plan(f"appeal-{minutes:02}", due=NINE + minutes * MINUTE)
    (joke,) = world.plan("joke", due=NINE + 5 * MINUTE, late=timedelta(minutes=20))
    world.plan("before", due=NINE - 30 * MINUTE)
    for minutes in range(-60, 90, 5):
        world.plan(f"tick-{minutes}", account="second", live=False, due=NINE + minutes * MINUTE)
    seen = []

    def taken_back():
        credential.password = "taken-back-made-anew"
        credential.forget_tokens()

    def mended():
        seen.append((credential.calls("com.atproto.server.createSession"), credential.texts, world.state(joke)))
        (world.folder / ".env").write_text("MAIN_PASSWORD=taken-back-made-anew\n")

    def resumed():
        seen.append(credential.texts)
        assert len(world.outbox.resume(["main"], at=world.clock.now(), who="person")) == 1

    coming = [(NINE - 10 * MINUTE, taken_back), (NINE + HOUR, mended), (NINE + 70 * MINUTE, resumed)]

    def live(now):
        if coming and now >= coming[0][0]:
            coming.pop(0)[1]()

    work(world, on_beat=live)
    (log_ins, *rest), at_resume = seen
    assert log_ins <= 3, "nobody knocks for an hour"
    assert rest == [["before, 1 of 1"], State.MISSED]
    assert "Invalid identifier or password" in world.outbox.events(joke)[-1].why
    assert at_resume == ["before, 1 of 1"], "a mended secret alone sends nothing: a person says when"
    # all are overdue, and whichever is prepared first goes first
    assert sorted(credential.texts[1:]) == [f"appeal-{minutes:02}, 1 of 1" for minutes in range(0, 60, 10)]
    assert credential.calls(PUT) == 7
    whys = [event.why for row in world.outbox.rows() for event in world.outbox.events(row.name)]
    assert not any(PASSWORD in why for why in whys)


# -- the days on which clocks change ---------------------------------------------------

EVERY_DAY = frozenset(range(7))


def published(world, zone, window, *times):
    """What an account posts that has a post at each of these civil times, every day: slot to moment."""
    found = {}
    for at in times:
        post = Post(f"at-{at:%H%M}", Every(Weekly(EVERY_DAY, at)), Sources(wording=Source("tip")))
        campaign = Campaign("c", "C", zone, window, ("main",), ("en",), (post,))
        for slot in slots(post, campaign, zone).slots:
            found[f"{post.id}/{slot.id}"] = slot.due
            one = planned(post.id, slot.due, slot=slot.id, text=f"{post.id}/{slot.id}")
            fill(world.outbox, one, at=world.clock.now())
    work(world)
    assert sorted((post.text, post.at) for post in world.platform.posts) == sorted(found.items())
    return found


@pytest.fixture
def new_year(world):
    world.clock.step(days=-(world.clock.now() - datetime(2027, 1, 1, tzinfo=UTC)).days)


@pytest.mark.usefixtures("new_year")
def test_on_a_day_with_a_gap_each_slot_leaves_once_and_what_fell_in_leaves_right_after_it(world):
    """On 28 March 2027 in Skopje, two o'clock is three o'clock: 01:00 UTC."""
    window = Window(date(2027, 3, 27), date(2027, 3, 29))
    shown = published(world, "Europe/Skopje", window, time(1, 30), time(2, 30), time(3, 30))
    assert len(shown) == 9
    moments = {text: f"{at:%d %H:%M}" for text, at in shown.items() if "03-28" in text}
    assert moments == {
        "at-0130/2027-03-28": "28 00:30",
        "at-0230/2027-03-28": "28 01:00",
        "at-0330/2027-03-28": "28 01:30",
    }


@pytest.mark.usefixtures("new_year")
def test_on_a_day_with_a_fold_each_slot_leaves_once_at_the_first_of_the_two(world):
    """On 31 October 2027 in Skopje, the hour from two to three comes twice, first from 00:00 UTC."""
    window = Window(date(2027, 10, 30), date(2027, 11, 1))
    shown = published(world, "Europe/Skopje", window, time(1, 30), time(2, 30), time(3, 30))
    assert len(shown) == 9
    moments = {text: f"{at:%d %H:%M}" for text, at in shown.items() if "10-31" in text}
    assert moments == {
        "at-0130/2027-10-31": "30 23:30",
        "at-0230/2027-10-31": "31 00:30",
        "at-0330/2027-10-31": "31 02:30",
    }


@pytest.mark.usefixtures("new_year")
@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("America/New_York", date(2027, 3, 14)),
        ("America/New_York", date(2027, 11, 7)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
        ("Australia/Lord_Howe", date(2027, 10, 3)),
        ("Pacific/Chatham", date(2027, 9, 26)),
    ],
)
def test_the_nights_around_a_change_are_published_one_by_one_in_every_kind_of_zone(world, zone, night):
    window = Window(night - timedelta(days=3), night + timedelta(days=3))
    shown = published(world, zone, window, time(1, 45), time(2, 15), time(2, 45), time(3, 15))
    assert len(shown) == 28


# -- a wall clock that is set wrong ----------------------------------------------------


def stepped(world, **span):
    """A beat at which the wall clock steps by a span, once, at nine."""
    left = [span]

    def step(now):
        if now >= NINE and left:
            world.clock.step(**left.pop())

    return step


def every_ten_minutes(world):
    moments = {f"post-{minutes:03}": NINE + minutes * MINUTE for minutes in range(-50, 130, 10)}
    for name, due in moments.items():
        world.plan(name, due=due, late=timedelta(minutes=35))
    return moments


def test_a_clock_that_is_set_back_an_hour_sends_nothing_early_and_nothing_twice(world):
    moments = every_ten_minutes(world)
    work(world, on_beat=stepped(world, hours=-1))
    assert [post.text for post in world.platform.posts] == [f"{name}, 1 of 1" for name in moments]
    assert {name: sent_at(world, name) for name in moments} == moments


def test_a_clock_that_is_set_forward_an_hour_sends_what_may_be_late_at_once_and_once(world):
    moments = every_ten_minutes(world)
    work(world, on_beat=stepped(world, hours=1))
    late = {name for name, due in moments.items() if NINE <= due < NINE + 25 * MINUTE}
    assert {row.post for row in world.outbox.rows() if row.state is State.MISSED} == late
    left = [name for name in moments if name not in late]
    assert [post.text for post in world.platform.posts] == [f"{name}, 1 of 1" for name in left]
    for name in left:
        skipped = NINE <= moments[name] <= NINE + HOUR
        assert sent_at(world, name) == (NINE + HOUR if skipped else moments[name])


def test_a_clock_that_is_set_back_during_a_retry_waits_and_posts_once(world):
    (name,) = world.plan("opening")
    world.platform.next("refuses the connection")
    world.at_nine()
    again = world.outbox.row(name).not_before
    world.clock.step(hours=-1)
    world.steps.dispatch()
    assert world.platform.posts == []
    work(world)
    (post,) = world.platform.posts
    assert post.at == again
