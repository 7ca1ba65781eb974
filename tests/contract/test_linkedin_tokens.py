"""LinkedIn by a log-in: let in by a browser, renewed where the app may, and its end known where it may not."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scheduler.errors import AuthExpired, PublishError, RateLimited, Transient, UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.linkedin import LinkedIn
from scheduler.publishers.linkedin.login import BACK
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.linkedin import AUTHOR, ORGANIZATION, PAGE, LinkedInServer
from scheduler.testing.emulators.linkedin_tokens import ACCESS_LASTS, CLIENT, REFRESH_LASTS, SECRET
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.platform import Fate
from tests.contract.conftest import send


@pytest.fixture
def server(clock):
    with LinkedInServer(clock) as running:
        yield running


class Desk:
    """An account of a workspace, whose person lets Drumbeat in."""

    def __init__(self, server, root, **settings):
        self.server = server
        said = {"server": server.url, "client": CLIENT, **settings}
        self.account = Account("main", "linkedin", "UTC", settings=said, secrets={"client_secret": "LINKEDIN_SECRET"})
        self.around = Surroundings(root, server.clock, lambda _: SECRET)
        self.file = root / ".drumbeat" / "credentials.json"

    def publisher(self):
        return LinkedIn.connect(self.account, self.around)

    def begin(self):
        return LinkedIn.login(self.account, self.around)

    def log_in(self):
        begun = self.begin()
        begun.finish(self.server.grants.says_yes(begun.address))
        return self

    @property
    def kept(self):
        return json.loads(self.file.read_text())["main"]


@pytest.fixture
def desk(server, tmp_path):
    """A person's, of an app that nothing is renewed for."""
    return Desk(server, tmp_path).log_in()


@pytest.fixture
def partner(server, tmp_path):
    """An organization's, of an app that may renew."""
    server.grants.partner = True
    return Desk(server, tmp_path, organization=ORGANIZATION).log_in()


class TestByALogIn(PublisherContract):
    """Against a server that answers as the documentation says."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(LinkedInServer(FixedClock(DUE)))
        server.grants.partner = True
        desk = Desk(server, folder, organization=ORGANIZATION).log_in()
        secrets = (SECRET, desk.kept["access"], desk.kept["refresh"])
        return Bench(desk.publisher(), lambda: server.texts, server.script, lambda: server.creates, secrets)

    def test_a_reply_goes_below_its_parent(self, tmp_path):
        """There are none."""
        pytest.skip("LinkedIn has no threads")


# -- letting it in ---------------------------------------------------------------------------


@pytest.mark.parametrize(("settings", "author"), [({}, AUTHOR), ({"organization": ORGANIZATION}, PAGE)])
def test_a_person_says_yes_in_the_browser_and_the_account_posts(server, tmp_path, settings, author):
    desk = Desk(server, tmp_path, **settings).log_in()
    assert desk.file.stat().st_mode & 0o777 == 0o600
    send(desk.publisher(), draft())
    assert server.posts[0]["author"] == author
    assert SECRET not in desk.file.read_text()


def test_the_address_that_is_opened_holds_no_secret_and_asks_for_what_is_needed(server, tmp_path):
    begun = Desk(server, tmp_path).begin()
    said = parse_qs(urlsplit(begun.address).query)
    assert begun.address.startswith("https://www.linkedin.com/oauth/v2/authorization?")
    assert said["scope"] == ["openid profile w_member_social"]
    assert SECRET not in begun.address
    for_a_page = Desk(server, tmp_path, organization=ORGANIZATION).begin()
    assert "w_organization_social+r_organization_social" in for_a_page.address
    own = Desk(server, tmp_path, scopes="w_member_social, r_member_social").begin()
    assert parse_qs(urlsplit(own.address).query)["scope"] == ["w_member_social r_member_social"]


def test_another_address_may_be_the_one_that_the_portal_takes(server, tmp_path):
    server.grants.redirects = ("https://example.org/linkedin",)
    desk = Desk(server, tmp_path, redirect="https://example.org/linkedin")
    assert desk.begin().redirect == "https://example.org/linkedin"
    assert desk.log_in().kept["access"]


@pytest.mark.parametrize(
    ("came_back", "words"),
    [
        (f"{BACK}?error=user_cancelled_login&error_description=The+user+cancelled&state=STATE", "The user cancelled"),
        (f"{BACK}?error=user_cancelled_authorize&state=STATE", "user_cancelled_authorize"),
        (f"{BACK}?code=c&state=another", "belongs to no log-in"),
        (f"{BACK}?code=c", "belongs to no log-in"),
        (f"{BACK}?state=STATE", "no code"),
    ],
)
def test_an_address_that_is_of_no_use_says_why(server, tmp_path, came_back, words):
    begun = Desk(server, tmp_path).begin()
    state = parse_qs(urlsplit(begun.address).query)["state"][0]
    with pytest.raises(UsageError, match=words):
        begun.finish(came_back.replace("STATE", state))
    assert server.door.requests == []


def test_a_code_is_good_for_half_an_hour(server, tmp_path, clock):
    desk = Desk(server, tmp_path)
    begun = desk.begin()
    came_back = server.grants.says_yes(begun.address)
    clock.moment += timedelta(minutes=31)
    with pytest.raises(AuthExpired, match="does not match authorization code"):
        begun.finish(came_back)
    assert not desk.file.exists()


def test_a_grant_that_may_not_post_is_told_at_once(server, tmp_path):
    server.grants.withheld = frozenset({"w_member_social"})
    with pytest.raises(AuthExpired, match="did not grant w_member_social"):
        Desk(server, tmp_path).log_in()


@pytest.mark.parametrize("secrets", [{"token": "T"}, {"token": "T", "client_secret": "S"}])
def test_an_account_with_a_token_is_not_logged_in_to(server, tmp_path, secrets):
    settings = {"client": CLIENT} if "client_secret" in secrets else {}
    account = Account("main", "linkedin", "UTC", settings=settings, secrets=secrets)
    with pytest.raises(UsageError, match="has a token"):
        LinkedIn.login(account, Surroundings(tmp_path, server.clock, lambda _: SECRET))


@pytest.mark.parametrize(("settings", "secrets"), [({}, {}), ({"client": CLIENT}, {}), ({}, {"client_secret": "S"})])
def test_an_account_without_an_app_is_told_what_it_lacks(server, tmp_path, settings, secrets):
    account = Account("main", "linkedin", "UTC", settings=settings, secrets=secrets)
    with pytest.raises(UsageError, match="names no app"):
        LinkedIn.login(account, Surroundings(tmp_path, server.clock, lambda _: SECRET))


def test_without_a_log_in_the_command_for_it_is_told(server, tmp_path):
    with pytest.raises(AuthExpired, match="drumbeat accounts login main"):
        Desk(server, tmp_path).publisher().prepare(draft())
    assert not Desk(server, tmp_path).publisher().inspect().works


def test_another_client_is_another_log_in(server, tmp_path, desk):
    other = Desk(server, tmp_path, client="another")
    with pytest.raises(AuthExpired, match="Nobody has logged in"):
        other.publisher().prepare(draft())


# -- sixty days ------------------------------------------------------------------------------


def test_the_end_of_a_log_in_is_known_and_then_a_person_is_asked(server, desk, clock):
    report = desk.publisher().inspect()
    assert (report.works, report.expires_at) == (True, DUE + ACCESS_LASTS)
    assert report.scopes == ("openid", "profile", "w_member_social")
    clock.moment += ACCESS_LASTS - timedelta(minutes=1)
    assert desk.publisher().prepare(draft())
    clock.moment += timedelta(minutes=1)
    before = len(server.door.requests)
    with pytest.raises(AuthExpired, match=r"log-in of 2027-06-30 has ended: run `drumbeat accounts login main`"):
        desk.publisher().prepare(draft())
    assert len(server.door.requests) == before
    assert desk.log_in().publisher().prepare(draft())


def test_what_is_taken_back_early_is_for_a_person_too(server, desk, clock):
    publisher = desk.publisher()
    publisher.prepare(draft())
    clock.moment += timedelta(days=2)
    server.grants.kill()
    with pytest.raises(AuthExpired, match="revoked"):
        publisher.prepare(draft())


# -- renewing --------------------------------------------------------------------------------


def test_nothing_is_renewed_before_it_is_needed_and_the_last_day_stays(server, partner, clock):
    last = DUE + REFRESH_LASTS
    assert partner.publisher().inspect().expires_at == last
    clock.moment += ACCESS_LASTS - timedelta(minutes=11)
    partner.publisher().prepare(draft())
    assert server.grants.renewals == 0
    clock.moment += timedelta(minutes=2)
    partner.publisher().prepare(draft())
    assert server.grants.renewals == 1
    assert partner.publisher().inspect().expires_at == last


def test_many_at_once_and_other_processes_renew_once(server, partner, clock):
    clock.moment += ACCESS_LASTS
    one, other = partner.publisher(), partner.publisher()  # each with a memory of its own, as two processes have
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: bool((one if at % 2 else other).prepare(draft())), range(8)))
    assert all(found)
    assert server.grants.renewals == 1


def test_a_new_token_is_on_the_disk_before_it_is_used(server, partner, clock):
    used = []

    def watch(request):
        if request.path.startswith("/rest/"):
            used.append(request.headers["authorization"].removeprefix("Bearer ") == partner.kept["access"])

    server.also = watch
    clock.moment += ACCESS_LASTS
    partner.publisher().prepare(draft())
    assert used == [True]


def test_a_renewal_whose_answer_got_lost_is_asked_for_again(server, partner, clock):
    """Unlike X's, a refresh token of LinkedIn's may be shown twice."""
    clock.moment += ACCESS_LASTS
    server.grants.loses_next = True
    publisher = partner.publisher()
    try:
        publisher.prepare(draft())
    except Transient:
        assert publisher.prepare(draft())
    assert partner.kept["access"] in server.grants.access


def test_where_nothing_can_be_kept_the_old_log_in_stays(server, partner, clock):
    clock.moment += ACCESS_LASTS
    publisher = partner.publisher()
    partner.file.rename(partner.file.with_name("in the way"))
    partner.file.mkdir()
    with pytest.raises(Transient):
        publisher.prepare(draft())
    assert server.grants.renewals == 0


def test_a_year_later_nothing_can_be_renewed_any_more(server, partner, clock):
    clock.moment += REFRESH_LASTS
    with pytest.raises(AuthExpired, match=r"invalid, expired.*Run `drumbeat accounts login main`"):
        partner.publisher().prepare(draft())


def test_a_token_that_ends_early_is_renewed_and_the_look_repeated(server, partner, clock):
    clock.moment += timedelta(days=3)
    server.grants.access.clear()
    assert partner.publisher().prepare(draft())
    assert server.grants.renewals == 1


def test_a_post_that_meets_a_dead_token_is_one_request_and_goes_the_next_time(server, partner, clock):
    publisher, post = partner.publisher(), draft()
    prepared = publisher.prepare(post)
    clock.moment += timedelta(hours=1)
    server.script(Fate.EXPIRES)
    with pytest.raises(Transient, match="renewed"):
        publisher.publish(post, prepared)
    assert server.creates == 1
    assert publisher.publish(post, prepared).remote_id
    assert server.grants.renewals == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(500, b""), Transient),
        (Answer(429, {}), RateLimited),
        (Answer(200, {"token_type": "Bearer"}), Transient),
        (Answer(200, b"<html>"), Transient),
        (Answer(401, {"error": "invalid_client"}), AuthExpired),
    ],
)
def test_a_renewal_that_goes_wrong_keeps_what_there_was(server, partner, clock, answer, error):
    before = partner.kept
    clock.moment += ACCESS_LASTS
    server.also = lambda one: answer if one.path == "/oauth/v2/accessToken" else None
    with pytest.raises(error):
        partner.publisher().prepare(draft())
    assert partner.kept == before


def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, partner, clock):
    before = partner.kept

    def echo(request):
        said = {"error": "invalid_request", "error_description": f"{request.body.decode()} {dict(request.headers)}"}
        return Answer(400, said) if request.path.startswith("/oauth/") else None

    server.also = echo
    clock.moment += ACCESS_LASTS
    with pytest.raises(PublishError) as caught:
        partner.publisher().prepare(draft())
    told = caught.value.message + caught.value.mend
    assert not [one for one in (before["refresh"], before["access"], SECRET) if one in told]


def test_a_renewal_that_says_little_leaves_the_rest_as_it_was(server, partner, clock):
    before = partner.kept
    clock.moment += ACCESS_LASTS
    said = {"access_token": "AQotherOfNobody", "expires_in": 3600}
    server.also = lambda one: Answer(200, said) if one.path == "/oauth/v2/accessToken" else None
    with pytest.raises(AuthExpired):
        partner.publisher().prepare(draft())  # the server does not know it
    after = partner.kept
    assert after["access"] == "AQotherOfNobody"
    assert [after[name] for name in ("refresh", "refresh_ends", "scopes")] == [
        before[name] for name in ("refresh", "refresh_ends", "scopes")
    ]


GARBAGE = [
    {"access_token": 5},
    {"access_token": ""},
    {"access_token": "AQ", "expires_in": 10**30, "refresh_token_expires_in": 10**30, "refresh_token": 7},
    {"access_token": "AQ", "expires_in": -5, "scope": ["w_member_social"]},
    {"access_token": "AQ\ud800", "expires_in": True, "scope": 5},
    [],
    None,
]


@pytest.mark.parametrize("said", GARBAGE)
def test_whatever_the_token_server_says_there_is_no_traceback(server, partner, tmp_path, clock, said):
    clock.moment += ACCESS_LASTS
    server.also = lambda one: Answer(200, json.dumps(said).encode()) if one.path == "/oauth/v2/accessToken" else None
    for step in (lambda: partner.publisher().prepare(draft()), Desk(server, tmp_path / "other").log_in):
        with suppress(PublishError):  # anything else is a traceback
            step()
