"""Public copies of pictures, as commands take them away: a person's picture is not public once it is taken back."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from scheduler.app import App
from scheduler.clock import FixedClock, SystemClock
from scheduler.daemon.public import PublicTidy
from scheduler.media.store import going_out
from scheduler.operations.public_copies import anything_public, unpublish
from scheduler.publishers.base import NOWHERE
from scheduler.publishers.hosting import Hosted
from scheduler.testing.emulators.s3 import KEY, SECRET, S3Store
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that
from tests.cli.test_retract import send

FOLDER = "media: {url: https://media.example.org/x, folder: public/media}\n"
CAMPAIGN = """\
campaign: voices
window: {{from: {first}, to: {last}}}
accounts: [feeds]
posts:
  - post: spotlight
    spread: {{on: {first}, from: "09:00", to: "17:00"}}
    records:
      - {{key: ana, file: ana.png}}
      - {{key: emma, file: emma.png}}
    text: "{{{{ record.key }}}} speaks."
    media: [{{file: "{{{{ record.file }}}}", alt: "A woman at a window"}}]
"""


def draw(root: Path, name: str, colour: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(stream, "PNG")
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(stream.getvalue())


@pytest.fixture
def store() -> Iterator[S3Store]:
    with S3Store(SystemClock()) as store:
        yield store


def bucket(store: S3Store) -> str:
    where = f"{{bucket: {store.bucket}, endpoint: '{store.url}'}}"
    return f"media: {{s3: {where}, key: env:MEDIA_KEY, secret: env:MEDIA_SECRET}}\n"


def ready(desk: Desk, said: str) -> Desk:
    """Two people's stories in the queue, and somewhere public for their pictures."""
    (desk.root / "drumbeat.yaml").write_text((desk.root / "drumbeat.yaml").read_text() + said)
    (desk.root / ".env").write_text(f"MEDIA_KEY={KEY}\nMEDIA_SECRET={SECRET}\n")
    draw(desk.root, "ana.png", "teal")
    draw(desk.root, "emma.png", "plum")
    text = CAMPAIGN.format(first=desk.first, last=desk.last)
    (desk.root / "campaigns" / "voices.yaml").write_text(text, encoding="utf-8")
    assert desk("apply", "--yes").code == 0
    return desk


@pytest.fixture(params=["folder", "bucket"])
def voices(request: pytest.FixtureRequest, desk: Desk, store: S3Store) -> Desk:
    return ready(desk, FOLDER if request.param == "folder" else bucket(store))


def public(desk: Desk, store: S3Store) -> list[str]:
    folder = [path.name for path in (desk.root / "public" / "media").glob("[!.]*")]
    return sorted({*folder, *store.files})


def app_of(desk: Desk) -> App:
    return App.open(workspace=desk.root)


def publish(desk: Desk, *keys: str) -> None:
    """What a publisher does in `prepare`: asks for the address of each file of a record's posts."""
    app = app_of(desk)
    contents = {row.content for row in app.rows() if row.record in keys and row.content}
    for one in contents:
        for media in going_out(app.root, one).media:
            app.hosted().address(media)


def test_a_withdrawn_persons_picture_is_public_no_more(voices: Desk, store: S3Store) -> None:
    publish(voices, "ana")
    assert len(public(voices, store)) == 1

    assert voices("withdraw", "ana", "--yes").code == 0

    assert public(voices, store) == []
    assert (voices.root / ".drumbeat" / "public.json").read_text() == "[]"


def test_a_picture_that_is_out_goes_with_its_post(voices: Desk, store: S3Store) -> None:
    publish(voices, "ana")
    send(voices, 8)

    assert voices("retract", "spotlight/ana/bluesky", "--yes").code == 0

    assert public(voices, store) == []


def test_what_is_cancelled_is_public_no_more(voices: Desk, store: S3Store) -> None:
    publish(voices, "ana")

    assert voices("cancel", "spotlight/ana/mastodon", "spotlight/ana/bluesky", "--yes").code == 0

    assert public(voices, store) == []


def test_what_cannot_be_taken_away_is_said_until_it_is_gone(desk: Desk, store: S3Store) -> None:
    voices = ready(desk, bucket(store))
    publish(voices, "ana")
    store.key = "AKIANEW"

    told = voices("withdraw", "ana", "--yes")
    assert told.code == 1
    assert "still public" in told.out
    assert "InvalidAccessKeyId" in told.out
    assert SECRET not in told.out + told.err  # which the store says back
    again = voices("withdraw", "ana", "--yes", "--json")
    assert (again.code, len(again.json["public"])) == (1, 1)

    store.key = KEY
    last = voices("withdraw", "ana", "--yes", "--json")
    assert (last.code, last.json["public"], public(voices, store)) == (0, [], [])


def test_cancelling_says_what_it_leaves_beside_json_too(desk: Desk, store: S3Store) -> None:
    voices = ready(desk, bucket(store))
    publish(voices, "ana")
    store.key = "AKIANEW"

    told = voices("cancel", "spotlight/ana/mastodon", "spotlight/ana/bluesky", "--yes", "--json")

    assert len(told.json["changed"]) == 2
    assert "still public" in told.err


def test_a_picture_can_be_withdrawn_with_broken_files(desk: Desk, store: S3Store) -> None:
    voices = ready(desk, FOLDER)
    publish(voices, "ana")
    (voices.root / "drumbeat.yaml").write_text("workspace: rights\naccounts: none\n")

    voices("withdraw", "ana", "--yes")

    assert public(voices, store) == []


def test_a_picture_stays_for_a_post_within_the_hour_unless_it_is_withdrawn(voices: Desk, store: S3Store) -> None:
    app = app_of(voices)
    publish(voices, "ana", "emma")
    soon = min(row.due for row in app.rows() if row.record == "ana") - timedelta(minutes=30)
    with app.queue() as outbox:
        assert unpublish(outbox, app.root, app.hosted, now=soon) == ()
        assert len(public(voices, store)) == 1
        outbox.withdraw("ana", [], at=soon, who="person", why="")
        assert unpublish(outbox, app.root, app.hosted, now=soon) == ()
    assert public(voices, store) == []


def test_the_daemon_takes_away_what_nobody_asked_for_in_a_day(voices: Desk, store: S3Store) -> None:
    publish(voices, "ana")
    for hours, left in ((23, 1), (25, 0)):
        app = replace(app_of(voices), clock=FixedClock(datetime.now(UTC) + timedelta(hours=hours)))
        store.clock = app.clock
        with app.queue() as outbox:
            PublicTidy(app, outbox, pytest.fail).round()
        assert len(public(voices, store)) == left


def test_a_round_of_the_daemon_keeps_nobody_waiting(voices: Desk, store: S3Store) -> None:
    publish(voices, "ana")
    app = replace(app_of(voices), clock=FixedClock(datetime.now(UTC) + timedelta(hours=25)))
    store.clock = app.clock
    with app.queue() as outbox:
        tidy = PublicTidy(app, outbox, pytest.fail)
        tidy()
        tidy()
        await_that(lambda: public(voices, store) == [], "the copies to go")
        await_that(lambda: all(one.name != "public-copies" for one in threading.enumerate()), "the round to end")


def test_the_daemon_says_what_it_cannot_take_away(desk: Desk, store: S3Store) -> None:
    voices = ready(desk, bucket(store))
    publish(voices, "ana")
    store.key = "AKIANEW"
    app = replace(app_of(voices), clock=FixedClock(datetime.now(UTC) + timedelta(hours=25)))
    said: list[str] = []
    with app.queue() as outbox:
        PublicTidy(app, outbox, said.append).round()
    assert said[0].startswith(f"Still public: {next(iter(store.files))}")


def test_a_publisher_is_given_the_public_place(voices: Desk) -> None:
    (_, around) = app_of(voices)._around("mastodon-main")
    assert isinstance(around.public, Hosted)


def test_without_a_place_a_publisher_is_given_none_and_nothing_is_written(desk: Desk) -> None:
    assert desk("apply", "--yes").code == 0
    (_, around) = app_of(desk)._around("mastodon-main")
    assert around.public is NOWHERE
    assert desk("cancel", "week/opening/once/bluesky-main", "--yes").code == 0
    assert not anything_public(desk.root)


def test_the_doctor_tries_the_place_of_a_live_account(desk: Desk, store: S3Store) -> None:
    store.open_to_all = True
    account = "  threads-main: {platform: threads, server: 'http://127.0.0.1:9', token: env:TOKEN, live: true}\n"
    text = (desk.root / "drumbeat.yaml").read_text().replace("groups:\n", f"{account}groups:\n")
    (desk.root / "drumbeat.yaml").write_text(text)
    (desk.root / ".env").write_text(f"TOKEN=t\nMEDIA_KEY={KEY}\n")
    (desk.root / ".env").chmod(0o600)

    def told() -> list[tuple[str, str]]:
        found = desk("doctor", "--json").json["checks"]
        return [(one["verdict"], f"{one['message']} {one['mend']}") for one in found if one["check"] == "media"]

    [(verdict, said)] = told()
    assert (verdict, "has no `media:`: threads-main can send none" in said) == ("warning", True)

    (desk.root / "drumbeat.yaml").write_text(text + bucket(store))
    [(verdict, said)] = told()
    assert (verdict, "MEDIA_SECRET of `media:` is not set" in said) == ("error", True)

    (desk.root / ".env").write_text(f"TOKEN=t\nMEDIA_KEY={KEY}\nMEDIA_SECRET={SECRET}\n")
    [(verdict, said)] = told()
    assert (verdict, "shown, and is gone" in said) == ("warning", True)  # it works, on loopback
    assert store.files == {}
    written = b"".join(path.read_bytes() for path in (desk.root / ".drumbeat").iterdir() if path.is_file())
    assert not any(secret.encode() in written for secret in (KEY, SECRET))


def test_check_refuses_a_picture_that_nobody_could_fetch(desk: Desk, store: S3Store) -> None:
    text = (desk.root / "drumbeat.yaml").read_text()
    account = "  threads-main: {platform: threads, language: en, token: env:TOKEN, live: true}\n"
    text = text.replace("groups:\n", f"{account}groups:\n").replace("feeds: [", "feeds: [threads-main, ")
    (desk.root / "drumbeat.yaml").write_text(text)
    draw(desk.root, "ana.png", "teal")
    draw(desk.root, "emma.png", "plum")
    (desk.root / "campaigns" / "voices.yaml").write_text(CAMPAIGN.format(first=desk.first, last=desk.last))

    found = desk("check", "--json")
    [finding] = [one for one in found.json["findings"] if one["severity"] == "error"]
    assert (found.code, finding["rule"], finding["file"], finding["line"]) == (2, "media-address", "drumbeat.yaml", 6)

    (desk.root / "drumbeat.yaml").write_text(text + bucket(store))
    assert desk("check").code == 0
