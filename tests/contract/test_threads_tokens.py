"""Tokens of sixty days: a log-in by a pasted address, renewals late, once and saved first, and what ends them."""

import json
import threading
from datetime import timedelta

import pytest

from scheduler.errors import AuthExpired, Transient, UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.threads import Threads
from scheduler.testing.contract import draft
from scheduler.testing.emulators.graph import TOKEN, refused
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.threads import NAME, ThreadsServer
from scheduler.testing.emulators.threads_tokens import CLIENT, REDIRECT, SECRET
from scheduler.testing.patience import Patient

DAY = timedelta(days=1)


@pytest.fixture
def server(clock):
    with ThreadsServer(clock) as running:
        yield running


class Chapter:
    """A workspace with one account; `token` is what stands in `.env` now."""

    def __init__(self, server, root, *, token="", **settings):
        self.server, self.root, self.token = server, root, token
        secrets = {"token": "MAIN_TOKEN"} if token else {"client_secret": "MAIN_SECRET"}
        said = {"server": server.url, "client": CLIENT, "redirect": REDIRECT, **settings}
        self.account = Account("main", "threads", "UTC", handle=NAME, settings=said, secrets=secrets)
        self.around = Surroundings(root, server.clock, lambda name: self.token if name == "token" else SECRET)

    def publisher(self):
        return Threads.connect(self.account, self.around)

    def login(self):
        return Threads.login(self.account, self.around)

    def send(self, key="a"):
        def wait(length):
            self.server.clock.moment += length

        post = draft(key=key * 32)
        publisher = Patient(self.publisher(), wait)
        return publisher.publish(post, publisher.prepare(post))

    @property
    def kept(self):
        return dict(Credentials(self.root).read("main").values)

    @property
    def used(self):
        """The tokens that were shown, in order, each once."""
        headers = [one.headers.get("authorization", "") for one in self.server.requests]
        return list(dict.fromkeys(one.removeprefix("Bearer ") for one in headers if one))


@pytest.fixture
def chapter(server, tmp_path):
    return Chapter(server, tmp_path, token=TOKEN)


@pytest.fixture
def app(server, tmp_path):
    return Chapter(server, tmp_path)


# -- letting in ------------------------------------------------------------------------------


def test_a_log_in_ends_with_a_token_of_sixty_days_that_posts(app, server):
    login = app.login()
    assert login.redirect == REDIRECT
    assert SECRET not in login.address
    login.finish(server.app.says_yes(login.address))
    assert app.send().remote_id
    token = app.kept["access"]
    assert server.tokens[token].ends - server.clock.now() > timedelta(days=59)
    assert app.publisher().inspect().expires_at == server.tokens[token].ends


def test_what_is_kept_is_for_its_owner_alone_and_shows_no_app_secret(app, server):
    login = app.login()
    login.finish(server.app.says_yes(login.address))
    path = Credentials(app.root).path
    assert path.stat().st_mode & 0o777 == 0o600
    assert SECRET not in path.read_text()


@pytest.mark.parametrize(
    ("came_back", "why"),
    [
        (f"{REDIRECT}?error=access_denied&state=x", "did not let Drumbeat in"),
        (f"{REDIRECT}?code=1&state=another#_", "no log-in that was begun here"),
        (REDIRECT, "no log-in that was begun here"),
        ("nonsense", "no log-in that was begun here"),
    ],
)
def test_an_address_that_is_of_no_use_changes_nothing(app, server, came_back, why):
    with pytest.raises(UsageError, match=why):
        app.login().finish(came_back)
    assert (app.kept, server.requests) == ({}, [])


def test_an_address_without_its_code_is_asked_for_whole(app, server):
    login = app.login()
    whole = server.app.says_yes(login.address)
    state = whole.partition("state=")[2].removesuffix("#_")
    with pytest.raises(UsageError, match="no code"):
        login.finish(f"{REDIRECT}?state={state}")


def test_a_code_is_good_once_and_for_an_hour(app, server):
    login = app.login()
    came_back = server.app.says_yes(login.address)
    login.finish(came_back)
    with pytest.raises(Exception, match="verification code") as caught:
        login.finish(came_back)
    assert "CODEofNobody" not in str(caught.value)
    late = app.login()
    came_back = server.app.says_yes(late.address)
    server.clock.moment += timedelta(minutes=61)
    with pytest.raises(Exception, match="verification code"):
        late.finish(came_back)


def test_a_person_who_declines_what_is_needed_is_told_so(app, server):
    server.app.declined = frozenset({"threads_content_publish"})
    login = app.login()
    with pytest.raises(AuthExpired, match="did not grant threads_content_publish"):
        login.finish(server.app.says_yes(login.address))
    assert app.kept == {}


def test_a_person_who_declines_what_is_not_needed_is_let_in(app, server):
    server.app.declined = frozenset({"threads_manage_insights"})
    login = app.login()
    login.finish(server.app.says_yes(login.address))
    assert app.send().remote_id


def test_an_account_that_nobody_logged_in_to_asks_for_a_person(app):
    with pytest.raises(AuthExpired, match="accounts login main"):
        app.publisher().prepare(draft())


@pytest.mark.parametrize(
    ("settings", "why"),
    [({"client": ""}, "no app"), ({"redirect": "http://127.0.0.1:8723/"}, "https"), ({"redirect": ""}, "https")],
)
def test_a_log_in_needs_an_app_and_an_address_with_https(server, tmp_path, settings, why):
    with pytest.raises(UsageError, match=why):
        Chapter(server, tmp_path, **settings).login()


def test_an_account_with_a_token_in_env_is_not_logged_in_to(chapter):
    with pytest.raises(UsageError, match="nobody logs in"):
        chapter.login()


# -- renewing --------------------------------------------------------------------------------


def test_a_token_that_has_time_is_not_renewed(chapter, server):
    server.clock.moment += 2 * DAY
    chapter.publisher().inspect()
    renewed = server.app.renewals
    server.clock.moment += 15 * DAY
    chapter.send("b")
    assert server.app.renewals == renewed


def test_an_account_that_posts_once_a_month_never_needs_a_person(chapter, server):
    for number in range(12):
        assert chapter.send(f"{number:x}").remote_id
        server.clock.moment += 31 * DAY


def test_a_token_from_env_is_renewed_before_its_end_and_kept(chapter, server):
    chapter.publisher().inspect()
    server.clock.moment += 46 * DAY
    chapter.send()
    assert server.app.renewals == 1
    assert chapter.kept["access"] == chapter.used[-1] != TOKEN
    assert TOKEN not in json.dumps(chapter.kept)
    server.clock.moment += 50 * DAY
    chapter.send("b")
    assert server.app.renewals == 2


def test_one_whose_end_is_not_known_is_renewed_as_soon_as_that_may_work(chapter, server):
    server.tokens[TOKEN].made = server.clock.now()
    chapter.send()
    assert server.app.renewals == 0
    server.clock.moment += timedelta(hours=26)
    chapter.send("b")
    assert server.app.renewals == 1


def test_a_renewal_that_fails_leaves_the_old_token_in_use_and_is_tried_again_later(chapter, server):
    chapter.publisher().inspect()
    server.clock.moment += 46 * DAY
    server.also = lambda one: refused(2, "down", status=500) if one.path == "/refresh_access_token" else None
    for key in "ab":
        assert chapter.send(key).remote_id
    assert len(server.asked("GET", "/refresh_access_token")) == 1
    assert "could not be renewed" in " ".join(chapter.publisher().inspect().notes)
    server.also = lambda _: None
    server.clock.moment += timedelta(hours=7)
    chapter.send("c")
    assert server.app.renewals == 1
    assert "could not be renewed" not in " ".join(chapter.publisher().inspect().notes)


def test_a_renewal_whose_answer_is_lost_costs_nothing_but_a_note(chapter, server):
    chapter.publisher().inspect()
    server.clock.moment += 46 * DAY
    lost = [Answer(cut=True)] * 2
    server.also = lambda one: lost.pop() if lost and one.path == "/refresh_access_token" else None
    assert chapter.send().remote_id
    assert chapter.kept["access"] == TOKEN
    assert chapter.kept["trouble"]


def test_a_private_profile_posts_to_the_end_of_its_token_and_then_says_why_no_more(chapter, server):
    server.app.private = True
    chapter.publisher().inspect()
    server.clock.moment += 50 * DAY
    assert chapter.send().remote_id
    assert "private" in chapter.kept["trouble"]
    server.clock.moment += 10 * DAY
    with pytest.raises(AuthExpired, match="has ended") as caught:
        chapter.publisher().prepare(draft())
    assert "private" in caught.value.message
    assert "into .env" in caught.value.message
    assert TOKEN not in caught.value.message


def test_many_processes_renew_once(chapter, server):
    chapter.publisher().inspect()
    server.clock.moment += 46 * DAY
    found = []
    publishers = [chapter.publisher() for _ in range(6)]
    threads = [threading.Thread(target=lambda one=one: found.append(one.inspect().works)) for one in publishers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 6
    assert server.app.renewals == 1


def test_a_new_token_in_env_replaces_what_came_of_the_old_one(chapter, server):
    chapter.publisher().inspect()
    server.clock.moment += 46 * DAY
    chapter.send()
    server.grant("anotherTokenOfNobody")
    chapter.token = "anotherTokenOfNobody"
    chapter.send("b")
    assert chapter.used[-1] == "anotherTokenOfNobody"


def test_a_renewed_token_is_on_the_disk_before_it_is_used(chapter, server):
    chapter.publisher().inspect()
    server.clock.moment += 46 * DAY
    seen = []

    def look(request):
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        seen.append(not shown or shown == chapter.kept.get("access"))

    server.also = look
    chapter.send()
    assert len(seen) > 3
    assert all(seen)


def test_what_is_kept_and_cannot_be_read_is_asked_of_a_person(app, server):
    login = app.login()
    login.finish(server.app.says_yes(login.address))
    Credentials(app.root).keep("main", {"access": "x", "source": "login", "made": "yesterday"})
    with pytest.raises(AuthExpired, match="Nobody has logged in"):
        app.publisher().prepare(draft())


def test_a_server_that_echoes_a_renewal_tells_no_token(chapter, server):
    chapter.publisher().inspect()
    server.clock.moment += 46 * DAY
    server.also = lambda one: refused(1, one.target) if one.path == "/refresh_access_token" else None
    publisher = chapter.publisher()
    told = " ".join(publisher.inspect().notes)
    assert "could not be renewed" in told
    assert TOKEN not in told + json.dumps({name: text for name, text in chapter.kept.items() if name != "access"})


def test_trouble_at_the_log_in_is_told_without_the_apps_secret(app, server):
    login = app.login()
    came_back = server.app.says_yes(login.address)
    server.also = lambda one: refused(2, f"{one.body.decode()} {one.target}", status=500)
    with pytest.raises(Transient) as caught:
        login.finish(came_back)
    assert SECRET not in caught.value.message
