"""What the doctor says of a machine: its clock, its zone data, and who may read the secrets."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import FixedClock, SystemClock
from scheduler.errors import Transient
from scheduler.operations.doctor.machine import asker, clock, secrets_file, zones
from scheduler.testing.emulators.loopback import Answer, Loopback
from tests.unit.operations.doctor.conftest import account, verdicts


@pytest.mark.parametrize(
    ("ahead", "verdict"), [(0, "ok"), (-1.4, "ok"), (5, "warning"), (-30, "warning"), (90, "error"), (-7200, "error")]
)
def test_a_clock_that_is_off_is_told_by_how_far(ahead, verdict):
    [found] = clock([account()], lambda _: timedelta(seconds=ahead))

    assert found.verdict == verdict
    assert (f"{abs(ahead):,.0f} s" in found.message) is (verdict != "ok")


def test_servers_are_asked_once_each_and_only_those_of_the_accounts_that_are_looked_at():
    asked = []
    accounts = [
        account(),
        account("second"),
        account("sky", platform="bluesky", settings={}),
        account("f", platform="feed"),
    ]

    found = list(clock(accounts, lambda server: asked.append(server) or timedelta(0)))

    assert asked == ["https://bsky.social", "https://one.example"]
    assert len(found) == 2


def test_without_a_network_the_clock_is_a_warning_and_no_error():
    def offline(_):
        raise Transient("https://one.example cannot be reached: no network.")

    assert verdicts(clock([account()], offline)) == [("clock", "warning")]


def test_without_a_live_account_nobody_is_asked():
    assert verdicts(clock([], None)) == [("clock", "ok")]


def test_a_server_is_asked_for_its_date_whatever_else_it_answers():
    theirs = FixedClock(datetime.now(UTC) + timedelta(hours=1))
    with Loopback(lambda _: Answer(404), theirs) as server:
        ahead = asker(SystemClock())(server.url)

    assert ahead == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=3))


@pytest.mark.parametrize(
    ("system", "verdict"),
    [("# version 2027c\n", "warning"), ("# version 2025b\n", "ok"), ("2027b\n", "ok"), ("nonsense\n", "ok")],
)
def test_zone_data_older_than_the_systems_are_a_warning(tmp_path, system, verdict):
    (tmp_path / "v").write_text(system)

    assert verdicts(zones([tmp_path / "none", tmp_path / "v"], "2027b")) == [("zones", verdict)]


@pytest.mark.parametrize(("mode", "verdict"), [(0o600, "ok"), (0o400, "ok"), (0o644, "error"), (0o660, "error")])
def test_secrets_that_others_can_read_are_an_error(tmp_path, mode, verdict):
    (tmp_path / ".env").write_text("TOKEN=canary\n")
    (tmp_path / ".env").chmod(mode)

    [found] = secrets_file(tmp_path)

    assert found.verdict == verdict
    assert "canary" not in found.message + found.mend


def test_secrets_that_git_would_take_along_are_a_warning(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".env").touch(mode=0o600)

    assert verdicts(secrets_file(tmp_path)) == [("secrets", "warning")]
    (tmp_path / ".gitignore").write_text(".env\n")
    assert verdicts(secrets_file(tmp_path)) == [("secrets", "ok")]
