"""A picture on Threads, by the daemon: in public before its moment, fetched from there, gone with the person."""

from datetime import UTC, datetime, timedelta

from scheduler.clock import SystemClock
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.s3 import KEY, SECRET, S3Store
from scheduler.testing.emulators.threads import NAME, ThreadsServer
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that, running
from tests.cli.test_public_copies import draw

EVERYBODY = "https://pictures.example.org"
WORKSPACE = """\
workspace: rights
timezone: UTC
accounts:
  threads-main: {{platform: threads, server: '{threads}', handle: {name}, token: env:TOKEN, language: en, live: true}}
media:
  s3: {{bucket: {bucket}, endpoint: '{store}', public: '{everybody}'}}
  key: env:MEDIA_KEY
  secret: env:MEDIA_SECRET
"""
CAMPAIGN = """\
campaign: now
window: {{from: {first}, to: {last}}}
accounts: [threads-main]
languages: [en]
posts:
  - post: spotlight
    at: [{{slot: ana, at: "{due}"}}]
    records: [{{key: ana, file: ana-vasileva.png}}]
    text: "{{{{ record.key }}}} speaks."
    media: [{{file: "{{{{ record.file }}}}", alt: "A woman at a window"}}]
"""


def test_a_picture_is_public_for_its_post_and_gone_with_the_person(desk: Desk) -> None:
    clock = SystemClock()
    with ThreadsServer(clock) as threads, S3Store(clock) as store:
        said = {"threads": threads.url, "name": NAME, "bucket": store.bucket, "store": store.url}
        (desk.root / "drumbeat.yaml").write_text(WORKSPACE.format(**said, everybody=EVERYBODY))
        (desk.root / ".env").write_text(f"TOKEN={TOKEN}\nMEDIA_KEY={KEY}\nMEDIA_SECRET={SECRET}\n")
        (desk.root / ".env").chmod(0o600)
        draw(desk.root, "ana-vasileva.png", "teal")
        due = (datetime.now(UTC) + timedelta(seconds=15)).replace(microsecond=0)
        days = {"first": due.date() - timedelta(days=1), "last": due.date() + timedelta(days=1)}
        desk.campaign.unlink()
        (desk.root / "campaigns" / "now.yaml").write_text(CAMPAIGN.format(due=f"{due:%Y-%m-%dT%H:%M:%SZ}", **days))
        assert desk("apply", "--yes", "--force").code == 0
        assert store.files == {}

        with running(desk.root) as daemon:
            await_that(lambda: bool(store.files), "the picture")
            assert datetime.now(UTC) < due
            daemon.says(" sent now/spotlight/ana/threads-main")

        [name] = store.files
        [box] = threads.boxes.values()
        assert box.asked["image_url"] == f"{EVERYBODY}/{name}"
        assert store.files[name].body == (desk.root / "media" / "ana-vasileva.png").read_bytes()

        assert desk("withdraw", "ana", "--yes").code == 0
        assert store.files == {}
