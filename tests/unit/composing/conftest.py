"""A brief with everything said but what a test is about."""

from datetime import UTC, date, datetime

import pytest

from scheduler.composing.brief import Brief
from scheduler.composing.compose import Composer
from scheduler.finding import Place
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Record, Source, Sources
from scheduler.model.schedule import At, Moment, Window

DUE = datetime(2027, 6, 25, 10, 15, tzinfo=UTC)
MENTIONS = {"unwomen": {"x": "UN_Women", "mastodon": "unwomen@mastodon.example"}}


def text(source, line=10):
    return Source(source, Place("campaigns/a.yaml", line, 11))


def make_brief(
    wording="hello",
    *,
    platform="mastodon",
    account="main",
    language="en",
    record=None,
    hashtags=("TimeIsNow",),
    variables=None,
    utm=None,
    zone="Europe/Skopje",
    due=DUE,
    limits=None,
    **sources,
):
    wording = text(wording) if isinstance(wording, str) else wording
    made = Sources(
        wording=wording,
        **{k: text(v) if isinstance(v, str) and k in {"warning", "link"} else v for k, v in sources.items()},
    )
    post = Post("tip", At((Moment("once", DUE.replace(tzinfo=None)),)), made, place=Place("campaigns/a.yaml", 9, 5))
    campaign = Campaign(
        "time-is-now",
        "Time is now",
        zone,
        Window(date(2027, 6, 24), date(2027, 6, 30)),
        (account,),
        (language,),
        (post,),
        utm={name: text(value, 5) for name, value in (utm or {}).items()},
    )
    one = Account(account, platform, zone, f"{account}@example.org", language, limits=limits or {})
    workspace = Workspace("w", zone, accounts={account: one}, mentions=MENTIONS)
    row = Record(record.get("key", "row"), record) if record is not None else None
    return Brief(workspace, campaign, post, one, language, "once", due, zone, made, row, hashtags, variables or {})


@pytest.fixture
def brief():
    return make_brief


@pytest.fixture
def render():
    """The texts of one brief's parts; a finding fails the test."""

    def rendered(wording="hello", templates=None, **kwargs):
        (answer,) = Composer(templates or {}).compose([make_brief(wording, **kwargs)])
        assert not answer.findings, [str(finding) for finding in answer.findings]
        texts = [part.text for part in answer.parts]
        return texts[0] if len(texts) == 1 else texts

    return rendered


@pytest.fixture
def findings():
    """What is found in one brief."""

    def found(wording="hello", templates=None, **kwargs):
        (answer,) = Composer(templates or {}).compose([make_brief(wording, **kwargs)])
        return answer.findings

    return found
