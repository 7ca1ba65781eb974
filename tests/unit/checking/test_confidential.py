"""Tokens, keys and passwords in what would be published."""

import pytest

from scheduler.checking.confidential import secret_in
from scheduler.model.content import Media

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
    "https://discord.com/invite/abcdef",
    "token: 123456789012",
    "حان الوقت",
]


@pytest.mark.parametrize("text", SECRETS)
def test_what_opens_an_account_is_known_by_its_form(text):
    assert secret_in(f"Look: {text} ")


@pytest.mark.parametrize("text", FINE)
def test_words_about_secrets_are_none(text):
    assert secret_in(text) == ""


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
