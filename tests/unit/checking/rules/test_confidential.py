"""Tokens, keys and passwords in what would be published."""

from datetime import UTC, datetime

import pytest

from scheduler.checking.case import Whole
from scheduler.checking.rules.confidential import in_sources, secret_in
from scheduler.finding import Place
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign, Post, Record, Sources
from scheduler.model.content import Content, Media
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.schedule import At, Window
from scheduler.planning.plan import Plan

DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)

RANDOM = "a8Kd0Qz7Lm2Xv9Rt4Yw1"
SECRETS = [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----",
    "AKIA" + "Z7XQ2LMN4PRS6TUV",
    "ghp_" + RANDOM + RANDOM,
    "github_pat_" + RANDOM * 3,
    "glpat-" + RANDOM,
    "xoxb-" + "123456789012-" + RANDOM,
    "AIza" + RANDOM + "Bc3De5Fg7Hi9Jk1",
    "sk_live_" + RANDOM,
    "1234567890:" + "AAF" + RANDOM + "-q8Kd0Qz7Lm2",
    "nsec1" + "q8k3" * 14 + "p9",
    "EAA" + RANDOM * 4,
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + RANDOM,
    "https://discord.com/api/webhooks/1234567890/" + RANDOM + RANDOM,
    "https://hooks.slack.com/services/T0" + "000000/B0000000/" + RANDOM,
    "postgresql://ana:geheim@db.example.org/queue",
    f"token={RANDOM}",
    f'"api_key": "{RANDOM}"',
    f"https://example.org/?access_token={RANDOM}",
    f"password: {RANDOM}",
]
FINE = [
    "Never give your password to anybody.",
    "password: remember",
    "The token of our love: friendship",
    "https://example.org/help?utm_source=mastodon&utm_campaign=time-is-now",
    "https://example.org/a/1234567890:abc",
    "sayno@mastodon.example",
    "https://example.org/@sayno",
    "#TimeIsNow #СегаКажувам",
    "secret: everybody-knows-that-already",
    "At 12:30: AAF",
    "Zoom, password: WomensDay2027Skopje",
    "The token=1a1a1a1a1a1a1a1a of the game",
    "https://discord.com/invite/abcdef",
    "token: 123456789012",
    "حان الوقت",
]


@pytest.mark.parametrize("text", SECRETS)
def test_what_opens_an_account_is_known_by_its_form(text):
    assert secret_in(f"Look: {text} ") is not None


@pytest.mark.parametrize("text", FINE)
def test_words_about_secrets_are_none(text):
    assert secret_in(text) is None


def test_a_finding_never_repeats_the_secret(look):
    (finding,) = look("secret-in-text", f"token={RANDOM}")

    assert RANDOM not in str(finding)


def test_every_text_and_the_link_are_looked_at(look):
    secret = SECRETS[2]
    found = look("secret-in-text", warning=secret, media=(Media("a.png", secret),), link=f"https://x.org/?k={secret}")

    assert [one.message.partition(" stands in ")[2] for one in found] == [
        "the warning.",
        "the alternative text of media/a.png.",
        "the link.",
    ]


def test_nobody_can_turn_it_off(look):
    assert len(look("secret-in-text", SECRETS[0], checks={})) == 1


def whole(templates: dict[str, str], *, shown: str = "", values: dict[str, str] | None = None) -> Whole:
    record = Record("ana", {"key": "ana", **(values or {})}, Place("campaigns/records/a.yaml", 2, 3))
    post = Post("p", At(()), Sources(vars=values), records=(record,), place=Place("campaigns/c.yaml", 7, 3))
    campaign = Campaign("c", "C", "UTC", Window(DUE.date(), DUE.date()), (), ("en",), (post,), file="campaigns/c.yaml")
    plan = Plan((PlannedDelivery("c", "p", "once", "m", "mastodon", DUE, DUE, "UTC", Content(shown)),))
    return Whole(plan, Workspace("w", "UTC"), (campaign,), templates)


def test_a_secret_that_no_post_shows_is_found_in_its_template():
    (remark,) = in_sources(whole({"a.j2": f"{{# {SECRETS[2]} #}}Hello", "card:b.svg": "<svg/>"}))

    assert (remark.what, remark.file) == (
        "A key of Amazon Web Services stands in this template.",
        "templates/posts/a.j2",
    )


def test_variables_and_records_are_looked_at_with_their_names():
    found = list(in_sources(whole({}, values={"token": RANDOM, "name": RANDOM, "password": "remember"})))

    assert [remark.what for remark in found] == [
        "A password or token stands in the variable `token`.",
        "A password or token stands in `token` of ana.",
    ]
    assert [str(remark.place) for remark in found] == ["campaigns/c.yaml:7:3", "campaigns/records/a.yaml:2:3"]


def test_what_a_post_shows_is_told_there_and_not_twice():
    assert list(in_sources(whole({"a.j2": SECRETS[2]}, shown=f"Look: {SECRETS[2]}"))) == []
