"""`drumbeat doctor` on a workspace on disk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import FixedClock
from scheduler.testing.emulators.loopback import Answer, Loopback
from tests.cli.conftest import Desk


def test_a_workspace_at_rest_is_healthy_and_stays_as_it_is(desk: Desk) -> None:
    before = desk.files()

    result = desk("doctor", "--json")

    assert (result.code, result.json["healthy"]) == (0, True)
    checks = {one["check"] for one in result.json["checks"]}
    assert checks == {
        "files",
        "clock",
        "publishers",
        "credentials",
        "notify",
        "secrets",
        "zones",
        "disk",
        "database",
        "daemon",
        "sender",
    }
    assert all(one["message"] for one in result.json["checks"])
    assert desk.files() == before


def test_posts_without_a_daemon_and_a_readable_secret_end_with_one(applied: Desk) -> None:
    (applied.root / ".env").write_text("TOKEN=canary-99\n")
    (applied.root / ".env").chmod(0o644)

    result = applied("doctor")

    assert result.code == 1
    assert "error   daemon: " in result.out
    assert "Run: chmod 600" in result.out
    assert "canary-99" not in result.out + result.err


def test_files_that_cannot_be_read_do_not_stop_the_rest(desk: Desk) -> None:
    (desk.root / "drumbeat.yaml").write_text("workspace: rights\naccounts: none\n")

    result = desk("doctor", "--json")

    verdicts = {one["check"]: one["verdict"] for one in result.json["checks"]}
    assert (result.code, verdicts["files"], verdicts["disk"]) == (1, "error", "ok")


@pytest.fixture
def tomorrow() -> Iterator[Loopback]:
    """A server that takes no token, and lives a day ahead."""
    with Loopback(lambda _: Answer(401, {"error": "no"}), FixedClock(datetime.now(UTC) + timedelta(days=1))) as server:
        yield server


def test_a_named_account_is_looked_at_although_it_is_not_live(desk: Desk, tomorrow: Loopback) -> None:
    path = desk.root / "drumbeat.yaml"
    mended = path.read_text().replace("https://mastodon.example", tomorrow.url)
    path.write_text(mended.replace("platform: mastodon,", "platform: mastodon, token: env:TOKEN,"))
    (desk.root / ".env").write_text("TOKEN=canary-99\n")
    (desk.root / ".env").chmod(0o600)

    result = desk("doctor", "mastodon-main")

    assert result.code == 1
    assert f"error   clock: This clock is 86,400 s behind that of {tomorrow.url}." in result.out.replace(
        "86,399", "86,400"
    )
    assert "warning credentials: mastodon-main: " in result.out
    assert "canary-99" not in result.out + result.err
