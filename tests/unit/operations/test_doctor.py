"""What the doctor says of a machine, a queue and accounts, each with its mend."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import FixedClock, SystemClock
from scheduler.errors import Transient
from scheduler.model.account import Account, Sender, Workspace
from scheduler.operations import doctor_accounts, doctor_machine, doctor_queue
from scheduler.operations.accounts import Inspected
from scheduler.operations.doctor import Verdict, error, examine, ok
from scheduler.operations.person import computer
from scheduler.outbox.lock import DaemonLock
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.stops import EVERYTHING
from scheduler.publishers.base import AccountReport
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.emulators.loopback import Answer, Loopback

NOW = datetime(2027, 6, 30, 7, tzinfo=UTC)


def account(name="main", **said):
    said.setdefault("settings", {"server": "https://one.example"})
    return Account(name, said.pop("platform", "mastodon"), "UTC", live=said.pop("live", True), **said)


def verdicts(checkups):
    return [(one.check, one.verdict.value) for one in checkups]


def test_an_error_makes_a_visit_unhealthy_and_a_look_that_fails_is_an_error():
    def fails():
        raise Transient("Nothing answers.", mend="Wait.")
        yield

    found = examine([("one", lambda: [ok("one", "Well.")]), ("two", fails)])

    assert not found.healthy
    assert found.as_json()["checks"][1] == {
        "check": "two",
        "verdict": Verdict.ERROR,
        "message": "Nothing answers.",
        "mend": "Wait.",
        "account": "",
    }


@pytest.mark.parametrize(
    ("ahead", "verdict"), [(0, "ok"), (-1.4, "ok"), (5, "warning"), (-30, "warning"), (90, "error"), (-7200, "error")]
)
def test_a_clock_that_is_off_is_told_by_how_far(ahead, verdict):
    [found] = doctor_machine.clock([account()], lambda _: timedelta(seconds=ahead))

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

    found = list(doctor_machine.clock(accounts, lambda server: asked.append(server) or timedelta(0)))

    assert asked == ["https://bsky.social", "https://one.example"]
    assert len(found) == 2


def test_without_a_network_the_clock_is_a_warning_and_no_error():
    def offline(_):
        raise Transient("https://one.example cannot be reached: no network.")

    assert verdicts(doctor_machine.clock([account()], offline)) == [("clock", "warning")]


def test_without_a_live_account_nobody_is_asked():
    assert verdicts(doctor_machine.clock([], None)) == [("clock", "ok")]


def test_a_server_is_asked_for_its_date_whatever_else_it_answers():
    theirs = FixedClock(datetime.now(UTC) + timedelta(hours=1))
    with Loopback(lambda _: Answer(404), theirs) as server:
        ahead = doctor_machine.asker(SystemClock())(server.url)

    assert ahead == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=3))


@pytest.mark.parametrize(
    ("system", "verdict"),
    [("# version 2027c\n", "warning"), ("# version 2025b\n", "ok"), ("2027b\n", "ok"), ("nonsense\n", "ok")],
)
def test_zone_data_older_than_the_systems_are_a_warning(tmp_path, system, verdict):
    (tmp_path / "v").write_text(system)

    assert verdicts(doctor_machine.zones([tmp_path / "none", tmp_path / "v"], "2027b")) == [("zones", verdict)]


@pytest.mark.parametrize(("mode", "verdict"), [(0o600, "ok"), (0o400, "ok"), (0o644, "error"), (0o660, "error")])
def test_secrets_that_others_can_read_are_an_error(tmp_path, mode, verdict):
    (tmp_path / ".env").write_text("TOKEN=canary\n")
    (tmp_path / ".env").chmod(mode)

    [found] = doctor_machine.secrets_file(tmp_path)

    assert found.verdict == verdict
    assert "canary" not in found.message + found.mend


def test_secrets_that_git_would_take_along_are_a_warning(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".env").touch(mode=0o600)

    assert verdicts(doctor_machine.secrets_file(tmp_path)) == [("secrets", "warning")]
    (tmp_path / ".gitignore").write_text(".env\n")
    assert verdicts(doctor_machine.secrets_file(tmp_path)) == [("secrets", "ok")]


def test_a_workspace_without_secrets_or_queue_is_well(tmp_path):
    path = tmp_path / ".drumbeat" / "outbox.db"
    found = [
        *doctor_machine.secrets_file(tmp_path),
        *doctor_machine.disk(tmp_path),
        *doctor_queue.database(path),
        *doctor_queue.daemon(path, NOW),
    ]

    assert {one.verdict.value for one in found} <= {"ok", "warning"}
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def queue(tmp_path):
    outbox = outbox_in(tmp_path)
    fill(outbox, planned("opening", NOW), at=NOW - timedelta(hours=1))
    outbox.close()
    return outbox.path


def test_a_whole_queue_is_well_and_a_damaged_one_is_an_error(queue):
    assert verdicts(doctor_queue.database(queue)) == [("database", "ok"), ("database", "ok")]

    whole = queue.read_bytes()
    queue.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    found = examine([("database", lambda: doctor_queue.database(queue))])

    assert not found.healthy


def test_posts_that_wait_without_a_daemon_are_an_error(queue):
    [found] = doctor_queue.daemon(queue, NOW - timedelta(hours=1))

    assert (found.verdict, found.mend) == ("error", "Run: drumbeat daemon")


def test_a_daemon_that_goes_round_is_well_and_one_that_does_not_is_an_error(queue):
    with DaemonLock(queue.parent) as lock:
        lock.beat(NOW - timedelta(minutes=30))

        assert verdicts(doctor_queue.daemon(queue, NOW - timedelta(minutes=30))) == [("daemon", "ok")]
        assert verdicts(doctor_queue.daemon(queue, NOW - timedelta(minutes=20))) == [("daemon", "error")]


def test_something_due_that_has_not_left_is_an_error(queue):
    with DaemonLock(queue.parent) as lock:
        lock.beat(NOW + timedelta(minutes=1))

        found = list(doctor_queue.daemon(queue, NOW + timedelta(minutes=1)))

    assert verdicts(found) == [("daemon", "ok"), ("daemon", "error")]


def test_a_paused_account_is_an_error_and_a_stop_a_warning(queue):
    assert verdicts(doctor_queue.waiting(queue)) == [("paused", "ok")]

    with open_outbox(queue) as outbox:
        outbox.pause("main", at=NOW, who="engine", why="The token was revoked.")
        outbox.stop([EVERYTHING], at=NOW, who="ana", why="an earthquake")

    [paused, stopped] = doctor_queue.waiting(queue)
    assert (paused.verdict, paused.account, paused.message) == (
        "error",
        "main",
        "main is paused: The token was revoked.",
    )
    assert (stopped.check, stopped.verdict) == ("stopped", "warning")
    assert "an earthquake" in stopped.message


def test_the_doctor_says_which_computer_sends(queue):
    with open_outbox(queue) as outbox:
        ours = outbox.somebody(computer())

    def said(sender):
        return verdicts(doctor_queue.sender(Workspace("w", "UTC", sender=sender), queue))

    assert said(None) == [("sender", "ok")]
    assert said(ours) == [("sender", "ok")]
    assert said(Sender(ours.id, "another-computer")) == [("sender", "warning")]
    assert said(Sender("0" * 16, "another-computer")) == [("sender", "warning")]


def report(works=True, **said):
    return Inspected(account(**said.pop("of", {})), AccountReport(works=works, **said))


LAST = NOW + timedelta(days=20)


@pytest.mark.parametrize(
    ("expires", "verdict"),
    [(None, "ok"), (LAST + timedelta(1), "ok"), (LAST, "error"), (NOW + timedelta(2), "error")],
)
def test_a_credential_must_last_until_the_last_post_it_serves(expires, verdict):
    [found] = doctor_accounts.credentials([report(expires_at=expires)], {"main": LAST}, NOW)

    assert found.verdict == verdict
    assert (verdict == "ok") or "2027-07-20" in found.message


def test_a_credential_that_ends_within_a_week_is_a_warning_even_without_posts():
    found = doctor_accounts.credentials([report(expires_at=NOW + timedelta(2))], {}, NOW)

    assert verdicts(found) == [("credentials", "warning")]


def test_a_credential_that_does_not_work_is_an_error_where_the_account_is_live():
    live, dry = report(works=False), report(works=False, of={"live": False})

    assert verdicts(doctor_accounts.credentials([live, dry], {}, NOW)) == [
        ("credentials", "error"),
        ("credentials", "warning"),
    ]


def test_a_live_account_without_a_publisher_is_an_error():
    accounts = [account(platform="instagram"), account("dry", platform="instagram", live=False)]

    [found] = doctor_accounts.publishers(accounts, ["mastodon"])

    assert (found.verdict, found.account) == (error("", "").verdict, "main")


def test_whoever_would_not_be_told_is_named():
    workspace = Workspace("w", "UTC", notify=("ONE", "TWO"), heartbeat="BEAT")

    found = list(doctor_accounts.told(workspace, lambda _: None, lambda: {"TWO": "is not set: put it into .env"}))

    assert verdicts(found) == [("notify", "ok"), ("notify", "error"), ("heartbeat", "error")]


def test_nobody_being_told_is_a_warning():
    assert verdicts(doctor_accounts.told(Workspace("w", "UTC"), lambda _: None, dict)) == [("notify", "warning")]
