"""An account to look at, and what a look said in short."""

from datetime import UTC, datetime

from scheduler.model.account import Account

NOW = datetime(2027, 6, 30, 7, tzinfo=UTC)


def account(name="main", **said):
    said.setdefault("settings", {"server": "https://one.example"})
    return Account(name, said.pop("platform", "mastodon"), "UTC", live=said.pop("live", True), **said)


def verdicts(checkups):
    return [(one.check, one.verdict.value) for one in checkups]
