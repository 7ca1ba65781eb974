"""What the doctor says of accounts: publishers, credentials, and who is told."""

from datetime import timedelta

import pytest

from scheduler.model.account import Workspace
from scheduler.operations.accounts import Inspected
from scheduler.operations.doctor import error
from scheduler.operations.doctor.accounts import credentials, publishers, told
from scheduler.publishers.base import AccountReport
from tests.unit.operations.doctor.conftest import NOW, account, verdicts


def report(works=True, **said):
    return Inspected(account(**said.pop("of", {})), AccountReport(works=works, **said))


LAST = NOW + timedelta(days=20)


@pytest.mark.parametrize(
    ("expires", "verdict"),
    [(None, "ok"), (LAST + timedelta(1), "ok"), (LAST, "error"), (NOW + timedelta(2), "error")],
)
def test_a_credential_must_last_until_the_last_post_it_serves(expires, verdict):
    [found] = credentials([report(expires_at=expires)], {"main": LAST}, NOW)

    assert found.verdict == verdict
    assert (verdict == "ok") or "2027-07-20" in found.message


def test_a_credential_that_ends_within_a_week_is_a_warning_even_without_posts():
    found = credentials([report(expires_at=NOW + timedelta(2))], {}, NOW)

    assert verdicts(found) == [("credentials", "warning")]


def test_a_credential_that_does_not_work_is_an_error_where_the_account_is_live():
    live, dry = report(works=False), report(works=False, of={"live": False})

    assert verdicts(credentials([live, dry], {}, NOW)) == [
        ("credentials", "error"),
        ("credentials", "warning"),
    ]


def test_a_live_account_without_a_publisher_is_an_error():
    accounts = [account(platform="instagram"), account("dry", platform="instagram", live=False)]

    [found] = publishers(accounts, ["mastodon"])

    assert (found.verdict, found.account) == (error("", "").verdict, "main")


def test_whoever_would_not_be_told_is_named():
    workspace = Workspace("w", "UTC", notify=("ONE", "TWO"), heartbeat="BEAT")

    found = list(told(workspace, lambda _: None, lambda: {"TWO": "is not set: put it into .env"}))

    assert verdicts(found) == [("notify", "ok"), ("notify", "error"), ("heartbeat", "error")]


def test_nobody_being_told_is_a_warning():
    assert verdicts(told(Workspace("w", "UTC"), lambda _: None, dict)) == [("notify", "warning")]
