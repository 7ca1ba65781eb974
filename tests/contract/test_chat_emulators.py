"""The emulators of the chat platforms keep the traps that clients fell into, asked as plainly as can be."""

import json
from http.client import HTTPConnection

import pytest

from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE
from scheduler.testing.emulators import discord, slack, telegram

CLOCK = FixedClock(DUE)


def ask(server, method, path, said=None, **headers):
    """Status and answer of one request, as JSON where it is."""
    line = HTTPConnection("127.0.0.1", server.door.port, timeout=10)
    try:
        body = json.dumps(said) if said is not None else None
        told = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        line.request(method, path, body, told)
        answer = line.getresponse()
        whole = answer.read()
    finally:
        line.close()
    try:
        return answer.status, json.loads(whole)
    except ValueError:
        return answer.status, whole.decode()


# -- Telegram --------------------------------------------------------------------------------


@pytest.fixture
def bot():
    with telegram.TelegramServer(CLOCK) as running:
        yield lambda method, **said: ask(running, "POST", f"/bot{telegram.TOKEN}/{method}", said)


def sent(bot, **said):
    return bot("sendMessage", chat_id="@our_channel", **said)


def test_telegram_counts_code_points_after_trimming(bot):
    assert sent(bot, text=f"  {'🎉' * 4096}\n")[0] == 200
    assert sent(bot, text="🎉" * 4097) == (
        400,
        {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"},
    )
    assert sent(bot, text=" \n ")[1]["description"] == "Bad Request: message text is empty"


def test_telegram_counts_entities_in_utf_16_units_and_minds_no_more_than_a_hundred(bot):
    reaches = {"type": "bold", "offset": 0, "length": 2}
    assert sent(bot, text="🎉", entities=[reaches] * 120)[1]["result"]["entities"] == [reaches] * 100
    assert sent(bot, text="🎉", entities=[{**reaches, "length": 3}])[0] == 400


def test_telegram_tells_a_limit_in_the_body_alone(bot):
    for _ in range(20):
        assert sent(bot, text="a")[0] == 200
    status, said = sent(bot, text="a")
    assert (status, said["parameters"]) == (429, {"retry_after": 60})


@pytest.mark.parametrize(("path", "status"), [("/bot1:AA/getMe", 401), ("/botnone/getMe", 404), ("/getMe", 404)])
def test_telegram_has_the_token_in_the_path(path, status):
    with telegram.TelegramServer(CLOCK) as running:
        assert ask(running, "GET", path)[0] == status


def test_telegram_lets_nobody_read_what_was_posted(bot):
    assert bot("getUpdates")[0] == 404
    assert bot("getMessage", message_id=812)[0] == 404


def test_telegrams_albums_have_two_files_at_least_and_no_gif(bot):
    one = {"type": "photo", "media": "attach://a"}
    assert bot("sendMediaGroup", chat_id="@our_channel", media=[one])[0] == 400
    assert bot("sendMediaGroup", chat_id="@our_channel", media=[one, {**one, "type": "animation"}])[0] == 400


def test_telegrams_polls_in_channels_are_anonymous(bot):
    poll = {"chat_id": "@our_channel", "question": "?", "options": [{"text": "Yes"}]}
    assert bot("sendPoll", **poll)[0] == 200
    assert bot("sendPoll", **poll, is_anonymous=False)[0] == 400
    assert bot("sendPoll", **poll, open_period=4)[0] == 400


# -- Discord ---------------------------------------------------------------------------------


@pytest.fixture
def guild():
    with discord.DiscordServer(CLOCK) as running:
        yield running


HOOK = f"/api/v10/webhooks/{discord.HOOK}/{discord.HOOK_TOKEN}"
MESSAGES = f"/api/v10/channels/{discord.CHANNEL}/messages"
AS_BOT = {"User_Agent": "DiscordBot (test, 1)", "Authorization": f"Bot {discord.TOKEN}"}
AS_HOOK = {"User_Agent": "DiscordBot (test, 1)"}


def test_discords_webhooks_answer_without_an_id_unless_they_wait(guild):
    assert ask(guild, "POST", HOOK, {"content": "a"}, **AS_HOOK) == (204, "")
    assert ask(guild, "POST", f"{HOOK}?wait=true", {"content": "a"}, **AS_HOOK)[1]["id"]


def test_discord_wakes_whom_a_text_names_unless_it_is_told_not_to(guild):
    text = "@everyone <@1> <@&2>"
    ask(guild, "POST", HOOK, {"content": text}, **AS_HOOK)
    assert guild.notified == ["<@1>"]
    ask(guild, "POST", MESSAGES, {"content": text}, **AS_BOT)
    assert guild.notified == ["<@1>", "<@1>", "<@&2>", "@everyone"]
    ask(guild, "POST", MESSAGES, {"content": text, "allowed_mentions": {"parse": []}}, **AS_BOT)
    assert len(guild.notified) == 4


def test_discord_knows_a_bots_nonce_and_no_webhooks(guild):
    same = {"content": "a", "nonce": "n", "enforce_nonce": True}
    assert (
        ask(guild, "POST", MESSAGES, same, **AS_BOT)[1]["id"] == ask(guild, "POST", MESSAGES, same, **AS_BOT)[1]["id"]
    )
    first = ask(guild, "POST", f"{HOOK}?wait=true", same, **AS_HOOK)[1]["id"]
    assert ask(guild, "POST", f"{HOOK}?wait=true", same, **AS_HOOK)[1]["id"] != first
    assert ask(guild, "POST", MESSAGES, {**same, "enforce_nonce": False}, **AS_BOT)[1]["id"] != first
    assert len(guild.messages) == 4


def test_discord_shows_an_empty_list_to_who_may_not_read(guild):
    ask(guild, "POST", MESSAGES, {"content": "a"}, **AS_BOT)
    guild.reads_history = False
    assert ask(guild, "GET", MESSAGES, **AS_BOT) == (200, [])


def test_discord_wants_a_client_that_says_what_it_is(guild):
    assert ask(guild, "GET", HOOK, User_Agent="python-requests")[1]["code"] == 40333


@pytest.mark.parametrize(
    ("said", "code"),
    [({"content": "🎉" * 2001}, 50035), ({"content": " \n"}, 50006), ({"content": "a", "nonce": "n" * 26}, 50035)],
)
def test_discord_refuses_with_a_code(guild, said, code):
    assert ask(guild, "POST", MESSAGES, {"content": f" {'🎉' * 2000} "}, **AS_BOT)[0] == 200
    status, answer = ask(guild, "POST", MESSAGES, said, **AS_BOT)
    assert (status, answer["code"]) == (400, code)


# -- Slack -----------------------------------------------------------------------------------


@pytest.fixture
def team():
    with slack.SlackServer(CLOCK) as running:
        yield running


def api(team, method, **said):
    return ask(team, "POST", f"/api/{method}", said, Authorization=f"Bearer {slack.TOKEN}")


def posted(team, **said):
    return api(team, "chat.postMessage", channel=slack.CHANNEL, **said)


def test_slack_says_no_with_status_200(team):
    assert ask(team, "POST", "/api/auth.test", {}) == (200, {"ok": False, "error": "invalid_auth"})
    assert posted(team) == (200, {"ok": False, "error": "no_text"})
    team.member = False
    assert posted(team, text="a")[1]["error"] == "not_in_channel"


def test_slack_splits_a_long_text_and_cuts_a_longer_one_and_is_ok_with_both(team):
    assert posted(team, text="a" * 9000)[1]["ok"]
    assert len(team.messages) == 3
    answer = posted(team, text="a" * 41_000)[1]
    assert (answer["ok"], answer["warning"]) == (True, "message_truncated")
    assert sum(len(one["text"]) for one in team.messages[3:]) == 40_000


def test_slack_shows_what_messages_carry_to_who_asks_and_may(team):
    posted(team, text="a", metadata={"event_type": "x", "event_payload": {"key": "k"}})
    read = {"channel": slack.CHANNEL, "include_all_metadata": "true"}
    assert "metadata" in api(team, "conversations.history", **read)[1]["messages"][0]
    assert "metadata" not in api(team, "conversations.history", channel=slack.CHANNEL)[1]["messages"][0]
    team.scopes = ("channels:history",)
    assert "metadata" not in api(team, "conversations.history", **read)[1]["messages"][0]


def test_slacks_answers_in_a_thread_are_not_in_the_channels_history(team):
    root = posted(team, text="a")[1]["ts"]
    posted(team, text="b", thread_ts=root)
    assert [one["text"] for one in api(team, "conversations.history", channel=slack.CHANNEL)[1]["messages"]] == ["a"]
    thread = api(team, "conversations.replies", channel=slack.CHANNEL, ts=root)[1]["messages"]
    assert [one["text"] for one in thread] == ["a", "b"]


def test_a_slack_webhook_says_ok_and_no_more(team):
    assert ask(team, "POST", slack.HOOK, {"text": "a"}) == (200, "ok")
    assert ask(team, "POST", slack.HOOK, {}) == (400, "no_text")
    assert ask(team, "POST", "/services/T/B/another", {"text": "a"})[0] == 404
