"""X by OAuth 2.0: let in by a browser, renewed one at a time, and no refresh token used twice."""

import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scheduler.errors import AuthExpired, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.delivery import Prepared
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.x import X
from scheduler.publishers.x.login import BACK, Begun, finish
from scheduler.publishers.x.publisher import client_of, session
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.x import NAME, XServer
from scheduler.testing.emulators.x_tokens import CLIENT, SECRET
from scheduler.testing.platform import Fate


@pytest.fixture
def server(clock):
    with XServer(clock) as running:
        yield running


class Desk:
    """An account of a workspace, whose person lets Drumbeat in."""

    def __init__(self, server, root, *, public=False):
        self.server = server
        server.grants.confidential = not public
        secrets = {} if public else {"client_secret": "X_SECRET"}
        settings = {"server": server.url, "client": CLIENT}
        self.account = Account("main", "x", "UTC", handle=NAME, settings=settings, secrets=secrets)
        self.around = Surroundings(root, server.clock, lambda _: SECRET)
        self.file = root / ".drumbeat" / "credentials.json"

    def publisher(self):
        return X.connect(self.account, self.around)

    def log_in(self, came_back=None):
        begun = Begun.by(CLIENT, BACK)
        client = client_of(self.account, self.around)
        store, http = Credentials(self.around.root), session(self.account, self.around)
        finish(begun, came_back or self.server.grants.says_yes(begun.address), client, http, store, self.server.clock)
        return self

    @property
    def kept(self):
        return json.loads(self.file.read_text())["main"]


@pytest.fixture
def desk(server, tmp_path):
    return Desk(server, tmp_path).log_in()


class TestXByTokens(PublisherContract):
    """Against a server that answers as the documentation says."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(XServer(FixedClock(DUE)))
        desk = Desk(server, folder).log_in()
        secrets = (SECRET, desk.kept["access"], desk.kept["refresh"])
        return Bench(desk.publisher(), lambda: server.texts, server.script, lambda: server.creates, secrets)


# -- letting it in ---------------------------------------------------------------------------


@pytest.mark.parametrize("public", [False, True])
def test_a_person_says_yes_in_the_browser_and_the_account_posts(server, tmp_path, public):
    desk = Desk(server, tmp_path, public=public).log_in()
    assert desk.file.stat().st_mode & 0o777 == 0o600
    report = desk.publisher().inspect()
    assert (report.works, "tweet.write" in report.scopes) == (True, True)
    desk.publisher().publish(draft(), Prepared())
    assert len(server.texts) == 1
    assert SECRET not in desk.file.read_text()


def test_the_address_that_is_opened_holds_no_secret_and_asks_for_what_is_needed(server, tmp_path):
    begun = Begun.by(CLIENT, BACK)
    said = parse_qs(urlsplit(begun.address).query)
    assert said["scope"] == ["tweet.read tweet.write users.read media.write offline.access"]
    assert begun.verifier not in begun.address
    assert begun.verifier not in repr(begun)


@pytest.mark.parametrize(
    ("came_back", "words"),
    [
        (f"{BACK}?error=access_denied&state=STATE", "did not let Drumbeat in: access_denied"),
        (f"{BACK}?code=c&state=another", "belongs to no log-in"),
        (f"{BACK}?code=c", "belongs to no log-in"),
        (f"{BACK}?state=STATE", "no code"),
    ],
)
def test_an_address_that_is_of_no_use_says_why(came_back, words):
    begun = Begun.by(CLIENT, BACK)
    with pytest.raises(UsageError, match=words):
        begun.code(came_back.replace("STATE", begun.state))


def test_a_code_is_good_for_half_a_minute_and_for_who_began_only(server, tmp_path, clock):
    desk = Desk(server, tmp_path)
    client, store = client_of(desk.account, desk.around), Credentials(tmp_path)
    late, stolen = Begun.by(CLIENT, BACK), Begun.by(CLIENT, BACK)
    came_back = server.grants.says_yes(stolen.address)
    thief = replace(stolen, verifier="guessed" * 8)
    with pytest.raises(AuthExpired, match="token was invalid"):
        finish(thief, came_back, client, session(desk.account, desk.around), store, clock)
    came_back = server.grants.says_yes(late.address)
    clock.moment += timedelta(seconds=31)
    with pytest.raises(AuthExpired):
        finish(late, came_back, client, session(desk.account, desk.around), store, clock)
    assert not desk.file.exists()


def test_a_grant_that_may_not_write_is_told_at_once(server, tmp_path):
    server.grants.scope = "tweet.read users.read offline.access"
    with pytest.raises(AuthExpired, match=r"did not grant tweet\.write"):
        Desk(server, tmp_path).log_in()


def test_without_a_log_in_the_command_for_it_is_told(server, tmp_path):
    with pytest.raises(AuthExpired, match="drumbeat accounts login main"):
        Desk(server, tmp_path).publisher().prepare(draft())


# -- renewing --------------------------------------------------------------------------------


def test_nothing_is_renewed_before_it_is_needed(server, desk, clock):
    clock.moment += timedelta(minutes=100)
    desk.publisher().prepare(draft())
    assert server.grants.renewals == 0
    clock.moment += timedelta(minutes=20)
    desk.publisher().prepare(draft())
    assert server.grants.renewals == 1


def test_many_at_once_and_other_processes_use_one_refresh_token_once(server, desk, clock):
    clock.moment += timedelta(hours=3)
    one, other = desk.publisher(), desk.publisher()  # each with a memory of its own, as two processes have
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: (one if at % 2 else other).inspect().works, range(8)))
    assert all(found)
    assert server.grants.renewals == 1


def test_a_new_pair_is_on_the_disk_before_it_is_used(server, desk, clock):
    used = []

    def watch(request):
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.path == "/2/users/me":
            used.append((bearer, desk.kept["access"], "asked" in desk.kept))
        if request.path == "/2/oauth2/token":
            assert desk.kept["asked"] == clock.moment.isoformat()

    server.also = watch
    clock.moment += timedelta(hours=3)
    desk.publisher().prepare(draft())
    assert len(used) == 1
    assert used[0] == (desk.kept["access"], desk.kept["access"], False)


def test_where_nothing_can_be_kept_nothing_is_renewed(server, desk, clock):
    clock.moment += timedelta(hours=3)
    publisher, folder = desk.publisher(), desk.file.parent
    desk.file.unlink()
    desk.log_in()
    clock.moment += timedelta(hours=3)
    before = dict(server.grants.live)
    beside = folder / "in the way"
    desk.file.rename(beside)
    desk.file.mkdir()
    with pytest.raises(Transient):
        publisher.prepare(draft())
    assert (server.grants.live, server.grants.renewals) == (before, 0)


def test_a_renewal_whose_answer_got_lost_is_told_when_it_turns_out(server, desk, clock):
    clock.moment += timedelta(hours=3)
    server.grants.loses_next = True
    with pytest.raises(Transient):
        desk.publisher().prepare(draft())
    with pytest.raises(AuthExpired, match=r"answer to a renewal .* was lost.*drumbeat accounts login main"):
        desk.publisher().prepare(draft())
    assert desk.log_in().publisher().prepare(draft())


def test_a_renewal_that_never_arrived_costs_nothing(server, desk, clock):
    clock.moment += timedelta(hours=3)
    server.door.refuse()
    with pytest.raises(Transient):
        desk.publisher().prepare(draft())
    server.door.open()
    assert desk.publisher().prepare(draft())


# -- tokens that end early -------------------------------------------------------------------


def test_a_token_that_ends_early_is_renewed_and_the_look_repeated(server, desk, clock):
    clock.moment += timedelta(hours=1)
    server.grants.access.clear()
    assert desk.publisher().prepare(draft())
    assert server.grants.renewals == 1


def test_a_post_that_meets_a_dead_token_is_one_request_and_goes_the_next_time(server, desk, clock):
    publisher, post = desk.publisher(), draft()
    prepared = publisher.prepare(post)
    clock.moment += timedelta(hours=1)
    server.script(Fate.EXPIRES)
    with pytest.raises(Transient, match="renewed"):
        publisher.publish(post, prepared)
    assert server.creates == 1
    assert publisher.publish(post, prepared).remote_id
    assert server.grants.renewals == 1


def test_a_log_in_that_was_taken_back_is_for_a_person(server, desk, clock):
    server.grants.kill()
    clock.moment += timedelta(hours=1)
    with pytest.raises(AuthExpired, match="drumbeat accounts login main") as caught:
        desk.publisher().prepare(draft())
    assert desk.kept["refresh"] not in str(caught.value)


def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, desk, clock):
    before = dict(desk.kept)

    def echo(request):
        said = {"error": "invalid_request", "error_description": f"{request.body.decode()} {dict(request.headers)}"}
        return Answer(400, said) if request.path == "/2/oauth2/token" else None

    server.also = echo
    clock.moment += timedelta(hours=3)
    with pytest.raises(AuthExpired) as caught:
        desk.publisher().prepare(draft())
    pair = b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    assert not [one for one in (before["refresh"], before["access"], SECRET, pair) if one in caught.value.message]


def test_another_client_is_another_log_in(server, desk):
    account = replace(desk.account, settings={**desk.account.settings, "client": "another"})
    with pytest.raises(AuthExpired, match="Nobody has logged in"):
        X.connect(account, desk.around).prepare(draft())
