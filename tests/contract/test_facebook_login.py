"""Logging in to a Page: three exchanges, one Page chosen, its own token kept and the person's forgotten."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from scheduler.errors import AuthExpired, PublishError, RateLimited, Transient, UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.facebook import Facebook
from scheduler.testing.contract import draft
from scheduler.testing.emulators.facebook import OTHER, PAGE, FacebookServer
from scheduler.testing.emulators.facebook_login import CLIENT, SECRET
from scheduler.testing.emulators.graph import refused
from scheduler.testing.emulators.loopback import Answer
from tests.contract.conftest import send

BACK = "https://example.org/"
THREE = {PAGE: ("Our Page", "sayno"), OTHER: ("Another Page", "other"), "3": ("A third", "third")}


@pytest.fixture
def server(clock):
    with FacebookServer(clock) as running:
        yield running


class Desk:
    """An account of a workspace, whose person lets Drumbeat in."""

    def __init__(self, server, root, *, page="", handle="", **more):
        self.server = server
        settings = {"server": server.url, "client": CLIENT, "redirect": BACK} | ({"page": page} if page else {}) | more
        secrets = {"client_secret": "FACEBOOK_SECRET"}
        self.account = Account("main", "facebook", "UTC", handle=handle, settings=settings, secrets=secrets)
        self.around = Surroundings(root, server.clock, lambda _: SECRET)
        self.file = root / ".drumbeat" / "credentials.json"

    def publisher(self):
        return Facebook.connect(self.account, self.around)

    def log_in(self):
        login = Facebook.login(self.account, self.around)
        login.finish(self.server.consent.says_yes(login.address))
        return self

    @property
    def kept(self):
        return json.loads(self.file.read_text())["main"]


@pytest.fixture
def desk(server, tmp_path):
    return Desk(server, tmp_path)


def test_a_person_says_yes_in_the_browser_and_the_page_posts(server, desk):
    assert send(desk.log_in().publisher(), draft()).remote_id.startswith(PAGE)
    assert desk.file.stat().st_mode & 0o777 == 0o600
    report = desk.publisher().inspect()
    assert (report.works, report.scopes) == (True, server.scopes)


def test_what_is_kept_is_the_pages_own_token_which_does_not_end(server, desk, clock):
    desk.log_in()
    assert set(desk.kept) == {"client", "page", "token"}
    grant = server.tokens[desk.kept["token"]]
    assert (grant.user, grant.ends) == (PAGE, None)
    clock.moment += timedelta(days=80)
    assert desk.publisher().prepare(draft())
    kept = desk.file.read_text()
    assert not [token for token, one in server.tokens.items() if one.user != PAGE and token in kept]
    assert SECRET not in kept


def test_a_page_token_of_a_short_one_would_have_ended_with_it(server, desk, clock):
    """What befalls whoever forgets the second exchange, and the emulator knows it."""
    server.consent.answer = lambda _: server.consent._given("short", timedelta(hours=2), server.consent.grants)
    desk.log_in()
    clock.moment += timedelta(hours=3)
    with pytest.raises(AuthExpired, match="expired"):
        desk.publisher().prepare(draft())


def test_the_address_that_is_opened_holds_no_secret_and_asks_for_what_is_needed(desk):
    login = Facebook.login(desk.account, desk.around)
    parts = urlsplit(login.address)
    said = parse_qs(parts.query)
    assert (parts.hostname, parts.path) == ("www.facebook.com", "/v26.0/dialog/oauth")
    assert said["scope"] == ["pages_show_list,pages_read_engagement,pages_manage_posts"]
    assert (said["redirect_uri"], login.redirect, SECRET in login.address) == ([BACK], BACK, False)


def test_login_for_business_has_a_configuration_in_place_of_permissions(server, tmp_path):
    desk = Desk(server, tmp_path, configuration="4711")
    said = parse_qs(urlsplit(Facebook.login(desk.account, desk.around).address).query)
    assert (said["config_id"], "scope" in said) == (["4711"], False)


@pytest.mark.parametrize(
    ("came_back", "words"),
    [
        (f"{BACK}?error=access_denied&error_reason=user_denied&state=STATE", "did not let Drumbeat in: access_denied"),
        (f"{BACK}?code=c&state=another", "belongs to no log-in"),
        (f"{BACK}?code=c", "belongs to no log-in"),
        (f"{BACK}?state=STATE", "no code"),
        ("", "belongs to no log-in"),
    ],
)
def test_an_address_that_is_of_no_use_says_why(desk, came_back, words):
    login = Facebook.login(desk.account, desk.around)
    state = parse_qs(urlsplit(login.address).query)["state"][0]
    with pytest.raises(UsageError, match=words):
        login.finish(came_back.replace("STATE", state))
    assert not desk.file.exists()


def test_a_code_is_good_once(server, desk):
    login = Facebook.login(desk.account, desk.around)
    came_back = server.consent.says_yes(login.address)
    login.finish(came_back)
    before = desk.kept
    with pytest.raises(PublishError, match="has been used"):
        login.finish(came_back)
    assert desk.kept == before


# -- which Page ------------------------------------------------------------------------------


def test_of_several_pages_the_one_in_the_settings_is_taken(server, tmp_path):
    server.consent.pages = THREE
    server.consent.page_size = 1
    assert Desk(server, tmp_path, page=PAGE).log_in().kept["page"] == PAGE


def test_of_several_pages_the_handle_may_say_which(server, tmp_path):
    server.consent.pages = THREE
    assert Desk(server, tmp_path, handle="@SayNo").log_in().kept["page"] == PAGE


def test_of_several_pages_none_is_guessed_and_all_are_named(server, desk):
    server.consent.pages = THREE
    with pytest.raises(
        UsageError, match=f"several Pages: Our Page, page: {PAGE}; Another Page, page: {OTHER}"
    ) as caught:
        desk.log_in()
    assert "`page:` below main" in caught.value.mend
    assert not desk.file.exists()


def test_a_page_that_is_none_of_the_persons_is_told_with_those_that_are(server, tmp_path):
    with pytest.raises(UsageError, match=f"Page {OTHER} is not among yours: Our Page, page: {PAGE}"):
        Desk(server, tmp_path, page=OTHER).log_in()


def test_a_page_reached_through_a_portfolio_alone_is_not_posted_to_by_the_persons_token(server, desk):
    """postiz-app PR 1881: the person's token was kept in its stead, and every post was refused."""
    server.consent.by_portfolio = frozenset({PAGE})
    with pytest.raises(AuthExpired, match=r"no token for Our Page.*portfolio"):
        desk.log_in()
    assert not desk.file.exists()


def test_a_person_without_a_page_is_told_so(server, desk):
    server.consent.pages = {}
    with pytest.raises(UsageError, match="no Page of yours"):
        desk.log_in()


def test_a_role_that_may_not_post_is_told_at_once(server, desk):
    listed = server.consent.accounts

    def moderates(grant, query):
        said = listed(grant, query)
        return {**said, "data": [{**one, "tasks": ["MODERATE"]} for one in said["data"]]}

    server.consent.accounts = moderates
    with pytest.raises(AuthExpired, match="CREATE_CONTENT"):
        desk.log_in()


@pytest.mark.parametrize("lacking", ["pages_show_list", "pages_read_engagement", "pages_manage_posts"])
def test_half_a_yes_is_told_at_once(server, desk, lacking):
    server.consent.grants = tuple(one for one in server.consent.grants if one != lacking)
    with pytest.raises(AuthExpired, match=f"did not grant {lacking}"):
        desk.log_in()
    assert not desk.file.exists()


# -- trouble ---------------------------------------------------------------------------------


def test_a_wrong_secret_is_no_page_and_told_nowhere(server, desk):
    desk.around = replace(desk.around, secret=lambda _: "another-secret-of-nobody")
    with pytest.raises(PublishError, match="client secret") as caught:
        desk.log_in()
    assert "another-secret-of-nobody" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 500])
@pytest.mark.parametrize("path", ["access_token", "accounts", "permissions"])
def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, desk, path, status):
    heard = []

    def echo(one):
        heard.append(one.headers.get("authorization", "").removeprefix("Bearer "))
        told = f"{dict(one.query)} {dict(one.headers)}"
        return refused(1, told, status=status) if one.path.endswith(path) else None

    server.also = echo
    with pytest.raises(PublishError) as caught:
        desk.log_in()
    assert not [
        one for one in (SECRET, *filter(None, heard)) if one in caught.value.message + str(caught.value.__cause__)
    ]


@pytest.mark.parametrize("said", [{}, {"access_token": ""}, {"access_token": 7}, []])
def test_an_exchange_that_gives_no_token_is_none(server, desk, said):
    server.also = lambda one: Answer(200, said) if one.path.endswith("access_token") else None
    with pytest.raises(Transient):
        desk.log_in()


def test_a_token_that_is_not_the_pages_is_not_kept(server, desk):
    server.also = lambda one: Answer(200, {"id": "1"}) if one.path.endswith("/me") else None
    with pytest.raises(AuthExpired, match="not that Page's own"):
        desk.log_in()
    assert not desk.file.exists()


def test_a_limit_at_the_log_in_is_told_as_one(server, desk):
    server.also = lambda one: refused(4, "(#4) limit", status=403) if one.path.endswith("accounts") else None
    with pytest.raises(RateLimited):
        desk.log_in()


def test_without_a_log_in_the_command_for_it_is_told(desk):
    with pytest.raises(AuthExpired, match="drumbeat accounts login main"):
        desk.publisher().prepare(draft())
    assert "drumbeat accounts login main" in desk.publisher().inspect().notes[0]


def test_another_page_or_another_app_is_another_log_in(desk):
    desk.log_in()
    for other in ({"page": OTHER}, {"client": "1"}):
        account = replace(desk.account, settings={**desk.account.settings, **other})
        with pytest.raises(AuthExpired, match="Nobody has logged in"):
            Facebook.connect(account, desk.around).prepare(draft())


def test_a_log_in_anew_is_used_by_the_next_publisher(server, desk):
    desk.log_in()
    server.tokens[desk.kept["token"]].dead = 460
    with pytest.raises(AuthExpired, match="password"):
        desk.publisher().prepare(draft())
    assert desk.log_in().publisher().prepare(draft())


@pytest.mark.parametrize(
    ("settings", "secrets", "words"),
    [
        ({"redirect": BACK}, {"client_secret": "S"}, "has no app"),
        ({"client": CLIENT, "redirect": "http://localhost/"}, {"client_secret": "S"}, "https address"),
        ({"client": CLIENT}, {"client_secret": "S"}, "https address"),
        ({"client": CLIENT, "page": PAGE}, {"token": "T"}, "has a token"),
    ],
)
def test_an_account_that_nobody_can_log_in_to_says_why(server, desk, settings, secrets, words):
    account = replace(desk.account, settings=settings, secrets=secrets)
    with pytest.raises(UsageError, match=words):
        Facebook.login(account, desk.around)
