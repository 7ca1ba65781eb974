"""A brief with everything said but what a property is about."""

from datetime import UTC, date, datetime

import pytest

from scheduler.composing.brief import Brief
from scheduler.finding import Place
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Record, Source, Sources
from scheduler.model.schedule import At, Moment, Window

DUE = datetime(2027, 6, 25, 10, 15, tzinfo=UTC)


def make_brief(wording, *, platform="mastodon", account="main", language="en", record=None, variables=None, **sources):
    limits = sources.pop("limits", {})
    made = Sources(wording=Source(wording, Place("campaigns/a.yaml", 10, 11)), **sources)
    post = Post("tip", At((Moment("once", DUE.replace(tzinfo=None)),)), made, place=Place("campaigns/a.yaml", 9, 5))
    window = Window(date(2027, 6, 24), date(2027, 6, 30))
    campaign = Campaign("time-is-now", "Time is now", "Europe/Skopje", window, (account,), (language,), (post,))
    one = Account(account, platform, "Europe/Skopje", f"{account}@example.org", language, limits=limits)
    workspace = Workspace("w", "Europe/Skopje", accounts={account: one})
    row = Record("row", {"key": "row", **record}) if record is not None else None
    tags, given = ("TimeIsNow", "сега кажувам"), variables or {}
    return Brief(workspace, campaign, post, one, language, "once", DUE, "Europe/Skopje", made, row, tags, given)


@pytest.fixture(scope="session")
def brief():
    return make_brief
