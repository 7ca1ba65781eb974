"""One campaign, a picture, a thread and a poll, on every platform at once, in trouble: nothing lost, nothing twice."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from scheduler.app import App
from scheduler.clock import SystemClock
from scheduler.engine.alarm import JumpingAlarm, JumpingClock
from scheduler.engine.dispatcher import Engine
from scheduler.model.lifecycle import State
from scheduler.outbox.notes import Notes
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.rows import Row
from scheduler.platforms import platform_named
from scheduler.platforms.base import Feature
from scheduler.publishers.installed import installed
from scheduler.settings import Settings
from scheduler.testing.platform import Fate
from tests.cli.conftest import Desk
from tests.cli.everywhere import STANDS, Ground, Stand, dotenv, written

TROUBLE = (Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES, Fate.FAILS_AFTER_POSTING, Fate.LIMITS, Fate.TAKES)
NEEDS = {"picture": Feature.MEDIA, "story": Feature.THREAD, "question": Feature.POLL, "word": None}
CAMPAIGN = """\
campaign: everywhere
title: Everywhere at once
window: {{from: {first}, to: {last}}}
accounts: {word}
languages: [en]
late: 14d
posts:
  - post: picture
    at: {day} 09:00
    accounts: {picture}
    text: "picture on {{{{ account.name }}}}: the time is now."
    media: [{{file: drum.jpg, alt: A red drum}}]
    degrade: [alt]
  - post: story
    at: {day} 10:00
    accounts: {story}
    text: |
      story on {{{{ account.name }}}}, one.
      ---
      story on {{{{ account.name }}}}, two.
      ---
      story on {{{{ account.name }}}}, three.
  - post: question
    at: {day} 11:00
    accounts: {question}
    text: "question on {{{{ account.name }}}}: is it time?"
    poll: {{options: [Now, Tomorrow], open_for: 24h}}
  - post: word
    at: {day} 12:00
    text: "word on {{{{ account.name }}}}: it is time."
"""


ASKS_A_PERSON = {
    "apprise-room",
    "discord-hook",
    "linkedin-person",
    "mailing-list",
    "manual-clips",
    "own-webhook",
    "slack-hook",
    "telegram-channel",
}
"""The accounts on which nobody but a person can look."""


class Movement:
    """A workspace with an account everywhere, its campaign applied, and an engine that plays the day."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.clock = JumpingClock(SystemClock().now())
        self.ground = Ground(desk.root, self.clock)
        self.stands: dict[str, Stand] = {}
        self.by_hand: list[str] = []

    def gather(self) -> None:
        """Puts up every stand, and writes the workspace and the campaign."""
        self.stands = {name: put_up(self.ground) for name, put_up in STANDS.items()}
        root = self.desk.root
        (root / "drumbeat.yaml").write_text(written(self.stands), encoding="utf-8")
        (root / ".env").write_text(dotenv(self.stands), encoding="utf-8")
        (root / "media").mkdir()
        Image.new("RGB", (1080, 1080), (200, 20, 20)).save(root / "media" / "drum.jpg")
        day = datetime.now(UTC).date() + timedelta(days=2)
        said = {post: list(self.able(feature)) for post, feature in NEEDS.items()}
        text = CAMPAIGN.format(day=day, first=day - timedelta(days=1), last=day + timedelta(days=7), **said)
        self.desk.campaign.write_text(text, encoding="utf-8")

    def able(self, feature: Feature | None) -> Iterator[str]:
        """The accounts whose platform has the feature, by the way that they come."""
        for name, stand in self.stands.items():
            platform = platform_named(stand.platform)
            offered = platform.by(platform.way(stand.secrets))
            alone = offered.limits.get("media_min", 0) and feature is not Feature.MEDIA
            if (feature is None or offered.has(feature)) and not alone:
                yield name

    def app(self) -> App:
        """The program's inside, at the movement's own time."""
        return App(Settings(self.desk.root, "", "text", 8), self.clock, self.desk.root)

    def play(self) -> None:
        """The daemon's engine, from now until nothing more comes in a week."""
        app = self.app()
        with open_outbox(app.database) as outbox:
            board = app.switchboard(self.desk.root, live=lambda: set(self.stands))
            notes = Notes(app.database.parent / "tries")
            engine = Engine(outbox, board, self.clock, JumpingAlarm(self.clock), pool_size=8, notes=notes)
            week = self.clock.now() + timedelta(days=9)
            engine.run(until=lambda: engine.quiet(by=week))

    def rows(self) -> list[Row]:
        return self.app().rows()

    def seen(self, row: Row) -> int:
        """How often people see this post."""
        assert row.content is not None
        manual = self.stands[row.account].platform == "manual"
        shown = self.by_hand if manual else self.stands[row.account].seen()
        return sum(row.content.text in text for text in shown)

    def unknown(self) -> list[Row]:
        return [row for row in self.rows() if row.state is State.UNCERTAIN]

    def ask_a_person(self) -> None:
        """Somebody posts what is to be posted by hand, looks at each account, and says what became of the rest."""
        for row in self.unknown():
            if self.stands[row.account].platform == "manual":
                self.post_by_hand(row)
            elif self.seen(row):
                assert row.content is not None
                address = self.stands[row.account].address(row.content.text)
                self.say("resolve", row.name, "--sent", address, "--yes")
            else:
                self.say("resolve", row.name, "--not-sent", "--yes")
                self.say("retry", row.name, "--yes")

    def post_by_hand(self, row: Row) -> None:
        """Posts what a page says, a thread whole, and says so; a page that is done is closed."""
        if row.part == 1:
            ready = [page for page in self.stands[row.account].seen() if row.name in page]
            assert len(ready) == 1
            self.by_hand += ready
            self.say("done", row.name, "--url", "https://clips.example/1")

    def say(self, *words: str) -> None:
        said = self.desk(*words)
        assert said.code == 0, f"{words}: {said.out}{said.err}"


@pytest.fixture
def movement(desk: Desk) -> Iterator[Movement]:
    made = Movement(desk)
    with made.ground.open:
        made.gather()
        yield made


def test_there_is_a_stand_for_every_publisher() -> None:
    made = {name.split("-")[0] for name in STANDS}
    known = {"mailing": "email", "own": "webhook"}
    assert {known.get(name, name) for name in made} | {"feed"} == set(installed()) - {"dry-run"}


def test_every_account_is_looked_at_and_works(movement: Movement) -> None:
    looked = movement.desk("accounts", "inspect", "--json")

    assert looked.code == 0, looked.out + looked.err
    assert {one["account"]: one["works"] for one in looked.json["accounts"]} == dict.fromkeys(STANDS, True)


@pytest.mark.parametrize("seed", range(2))
def test_one_campaign_goes_out_everywhere_once_whatever_happens(movement: Movement, seed: int) -> None:
    chance = random.Random(seed)
    assert movement.desk("check").code == 0
    applied = movement.desk("apply", "--yes", "--force")
    assert applied.code == 0, applied.out + applied.err
    for stand in movement.stands.values():
        for fate in chance.choices(TROUBLE, k=5):
            stand.script(fate)

    movement.play()

    assert {row.account for row in movement.unknown()} <= ASKS_A_PERSON
    assert all(movement.seen(row) == 1 for row in movement.rows() if row.state is State.SENT)
    assert all(movement.seen(row) <= 1 for row in movement.rows())
    while movement.unknown():
        movement.ask_a_person()
        movement.play()
    assert {row.name: (row.state, movement.seen(row)) for row in movement.rows()} == {
        row.name: (State.SENT, 1) for row in movement.rows()
    }


def test_no_secret_of_any_platform_is_told_or_kept(movement: Movement) -> None:
    movement.say("apply", "--yes", "--force")
    for stand in movement.stands.values():
        for fate in (Fate.EXPIRES, Fate.REJECTS, Fate.GARBLES, Fate.LOSES_THE_REPLY):
            stand.script(fate)
    movement.play()

    told = [
        movement.desk(*words)
        for words in (
            ("status", "--json"),
            ("status",),
            ("accounts", "inspect", "--json"),
            ("doctor", "--json"),
            ("plan", "--json"),
            *(("show", row.name, "--json") for row in movement.rows()),
        )
    ]

    said = "".join(one.out + one.err for one in told).encode()
    own = {movement.desk.root / ".env", movement.desk.root / ".drumbeat" / "credentials.json"}
    files = [path for path in movement.desk.root.rglob("*") if path.is_file() and path not in own]
    assert "outbox.db" in {path.name for path in files}
    kept = b"".join(path.read_bytes() for path in files)
    for name, stand in movement.stands.items():
        for option, secret in stand.secrets.items():
            assert secret.encode() not in said, f"{option} of {name} is told"
            assert secret.encode() not in kept, f"{option} of {name} is kept"
