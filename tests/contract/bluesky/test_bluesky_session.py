"""The session: one log-in for a long time, renewed ahead of the moment, never another account's."""

import json
import threading

import pytest

from scheduler.errors import AuthExpired, RateLimited, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.bluesky import Bluesky
from scheduler.testing.emulators.bluesky import HANDLE, PASSWORD, PUT

LOGIN = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"


def kept(tmp_path):
    return json.loads((tmp_path / ".drumbeat" / "credentials.json").read_text())["main"]


def test_many_posts_are_one_log_in(server, publish, post):
    for n in range(5):
        publish(post(f"post {n}"))
    assert server.calls(LOGIN) == 1
    assert server.calls(REFRESH) == 0


def test_a_new_process_goes_on_with_the_session_that_is_kept(server, connect, publish, post):
    publish(post("one"))
    other = connect()
    other.publish(post("two"), other.prepare(post("two")))
    assert server.calls(LOGIN) == 1


def test_threads_that_all_need_a_session_log_in_once(server, publisher, post):
    threads = [threading.Thread(target=publisher.prepare, args=(post(f"post {n}"),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.calls(LOGIN) == 1


def test_a_token_that_would_end_soon_is_renewed_before_the_moment(server, clock, publisher, publish, post, tmp_path):
    publish(post("one"))
    before = kept(tmp_path)
    clock.turn(minutes=95)
    prepared = publisher.prepare(post("two"))
    assert (server.calls(LOGIN), server.calls(REFRESH)) == (1, 1)
    assert kept(tmp_path)["access"] != before["access"]
    asked = len(server.requests)
    publisher.publish(post("two"), prepared)
    assert len(server.requests) == asked + 1, "at the moment only the creating request leaves"


def test_a_connection_is_opened_ahead_and_asks_nothing(server, publisher, post):
    publisher.prepare(post())
    asked = len(server.requests)
    publisher.warm()
    assert len(server.requests) == asked
    server.door.refuse()
    with pytest.raises(Transient):
        publisher.warm()


def test_a_token_that_ended_is_renewed_even_at_the_moment(server, clock, publisher, post):
    prepared = publisher.prepare(post())
    clock.turn(hours=3)
    publisher.publish(post(), prepared)
    assert server.calls(REFRESH) == 1
    assert server.texts == ["The time is now."]


def test_the_server_may_find_a_token_too_old_before_we_do(server, publisher, post):
    """An expired token is a 400 there: nothing was made, and the next try has a new one."""
    prepared = publisher.prepare(post())
    server.refuse(PUT, 400, "ExpiredToken")
    with pytest.raises(Transient, match="ExpiredToken"):
        publisher.publish(post(), prepared)
    assert server.texts == []
    publisher.publish(post(), prepared)
    assert (server.calls(LOGIN), server.calls(REFRESH)) == (1, 1)


def test_while_preparing_an_old_token_is_replaced_at_once(server, publisher, post):
    publisher.prepare(post())
    server.refuse("com.atproto.server.getSession", 400, "ExpiredToken")
    publisher.prepare(post())
    assert server.calls(REFRESH) == 1


def test_a_session_that_lay_idle_for_months_is_a_new_log_in(server, clock, publish, post):
    publish(post("one"))
    clock.turn(days=100)
    publish(post("two", at=clock.now()))
    assert server.calls(LOGIN) == 2


def test_a_server_that_forgot_its_key_is_logged_in_to_anew(server, clock, publish, post):
    publish(post("one"))
    server.forget_tokens()
    clock.turn(hours=1)
    publish(post("two"))
    assert server.calls(LOGIN) == 2
    assert server.texts == ["one", "two"]


def test_fresh_tokens_that_are_never_taken_ask_for_a_person_instead_of_more_log_ins(server, publisher, post):
    server.refuse("com.atproto.server.getSession", 400, "InvalidToken")
    with pytest.raises(AuthExpired, match="InvalidToken"):
        publisher.prepare(post())
    assert server.calls(LOGIN) == 1


def test_a_wrong_password_asks_for_a_person_and_says_what_to_do(server, connect, post):
    with pytest.raises(AuthExpired, match="Invalid identifier or password") as caught:
        connect("wrong-pass-word").prepare(post())
    assert "app password" in caught.value.mend
    assert "wrong-pass-word" not in str(caught.value)
    assert server.calls(LOGIN) == 1


def test_a_second_factor_asks_for_an_app_password(server, publisher, post):
    server.refuse(LOGIN, 401, "AuthFactorTokenRequired")
    with pytest.raises(AuthExpired) as caught:
        publisher.prepare(post())
    assert "app password" in caught.value.mend


def test_too_many_log_ins_wait_as_long_as_the_server_says(server, clock, publisher, post):
    server.refuse(LOGIN, 429, "RateLimitExceeded")
    with pytest.raises(RateLimited, match="Too many log-ins") as caught:
        publisher.prepare(post())
    assert (caught.value.retry_at - clock.now()).total_seconds() == 300


def test_another_password_is_another_session(server, connect, publish, post):
    """A session never outlives what a person set: else a post could leave by an earlier account."""
    publish(post("one"))
    server.password = "new-pass-word-here"
    other = connect("new-pass-word-here")
    other.prepare(post("two"))
    assert server.calls(LOGIN) == 2


def test_a_password_that_was_taken_back_is_noticed_when_the_session_ends(server, clock, publish, post):
    publish(post("one"))
    server.password = "changed"
    server.forget_tokens()
    clock.turn(hours=1)
    with pytest.raises(AuthExpired):
        publish(post("two"))


def test_an_account_that_is_taken_down_is_said(server, publisher, post):
    server.refuse("com.atproto.server.getSession", 401, "AccountTakedown", "Account has been taken down")
    with pytest.raises(AuthExpired, match="taken down"):
        publisher.prepare(post())


def test_a_session_that_is_not_whole_is_not_kept(server, publisher, post, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "_on_createSession", lambda _: {"did": "did:plc:x", "handle": HANDLE})
    with pytest.raises(Transient, match="not whole"):
        publisher.prepare(post())
    assert not (tmp_path / ".drumbeat" / "credentials.json").exists()


def test_an_account_that_is_not_active_is_said(server, publisher, post, monkeypatch):
    session = server._session()
    monkeypatch.setattr(server, "_on_createSession", lambda _: session | {"active": False, "status": "deactivated"})
    with pytest.raises(AuthExpired, match="deactivated"):
        publisher.prepare(post())


def test_a_token_that_does_not_say_when_it_ends_is_used_for_an_hour(server, clock, publisher, post, monkeypatch):
    session = server._session()
    for name in ("accessJwt", "refreshJwt"):
        server._tokens[f"opaque-{name}"] = server._tokens[session[name]]
        session[name] = f"opaque-{name}"
    monkeypatch.setattr(server, "_on_createSession", lambda _: session)
    publisher.prepare(post())
    clock.turn(minutes=45)
    publisher.prepare(post())
    assert server.calls(REFRESH) == 1


def test_what_is_kept_for_another_release_is_not_used(server, publish, post, tmp_path):
    publish(post("one"))
    path = tmp_path / ".drumbeat" / "credentials.json"
    odd = json.loads(path.read_text())
    odd["main"].pop("access_ends")
    path.write_text(json.dumps(odd))
    publish(post("two"))
    assert server.calls(LOGIN) == 2


def test_the_accounts_own_server_is_asked_once_it_is_known(server, publisher, post, tmp_path):
    publisher.prepare(post())
    assert kept(tmp_path)["pds"] == server.url


def test_no_token_and_no_password_is_told(server, publisher, publish, post, tmp_path):
    publish(post())
    values = kept(tmp_path)
    secrets = [PASSWORD, values["access"], values["refresh"], values["seed"]]
    server.refuse(PUT, 400, "InvalidRequest", f"you sent {values['access']}")
    with pytest.raises(Rejected) as caught:
        publisher.publish(post("two"), publisher.prepare(post("two")))
    told = repr(publisher) + repr(publisher._sessions._known) + repr(publisher._login) + repr(caught.value.__dict__)
    assert not [secret for secret in secrets if secret in told]


@pytest.mark.parametrize(
    ("settings", "handle", "says"),
    [
        ({}, "", "has no handle"),
        ({"label": "spicy"}, HANDLE, "is no label"),
        ({"server": "http://pds.example"}, HANDLE, "http"),
    ],
)
def test_what_drumbeat_yaml_must_say_is_said_before_anything_leaves(clock, tmp_path, settings, handle, says):
    account = Account("main", "bluesky", "UTC", handle=handle, settings=settings)
    with pytest.raises(UsageError, match=says):
        Bluesky.connect(account, Surroundings(tmp_path, clock, lambda _: PASSWORD))


def test_a_missing_password_is_said_by_who_hands_it_out(server, clock, tmp_path, post):
    def secret(option):
        raise AuthExpired(f"main has no {option}.")

    account = Account("main", "bluesky", "UTC", handle=HANDLE, settings={"server": server.url})
    with pytest.raises(AuthExpired, match="main has no password"):
        Bluesky.connect(account, Surroundings(tmp_path, clock, secret)).prepare(post())
