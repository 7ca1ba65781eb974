"""Being let in to Instagram: tokens of sixty days that are renewed late, and log-ins by either way."""

from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.errors import AuthExpired, NotSent, Transient, UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.instagram import Instagram
from scheduler.testing.emulators.facebook_login import CLIENT, SECRET
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.instagram import NAME, PAGE, InstagramServer
from scheduler.testing.emulators.instagram_tokens import CLIENT as OWN_CLIENT
from scheduler.testing.emulators.instagram_tokens import REDIRECT
from scheduler.testing.emulators.instagram_tokens import SECRET as OWN_SECRET
from tests.contract.conftest import send as sent
from tests.contract.instagram_desk import Served, instagram, patient, post, waiting


@pytest.fixture
def server(clock):
    with InstagramServer(clock) as running:
        yield running


@pytest.fixture
def paged(clock):
    with InstagramServer(clock, by_page=True) as running:
        yield running


@pytest.fixture
def root(tmp_path):
    return tmp_path


class Letting:
    """An account that logs in by the browser: what it is made of, and its publisher."""

    def __init__(self, server, root: Path, **settings):
        page = {"page": PAGE} if server.by_page else {}
        own = {"client": CLIENT if server.by_page else OWN_CLIENT, "server": server.url}
        back = {"redirect": server.consent.redirects[0] if server.by_page else REDIRECT}
        said = {**own, **back, **page, **settings}
        self.account = Account("main", "instagram", "UTC", handle=NAME, settings=said, secrets={"client_secret": "S"})
        secret = SECRET if server.by_page else OWN_SECRET
        self.around = Surroundings(root, server.clock, lambda _: secret, public=Served())
        self.root = root

    def begin(self):
        return Instagram.login(self.account, self.around)

    def connect(self):
        return Instagram.connect(self.account, self.around)

    def kept(self):
        return Credentials(self.root).read("main").values


# -- by Instagram Login ----------------------------------------------------------------------


@pytest.mark.parametrize("listed", [False, True])
def test_a_log_in_keeps_a_token_of_sixty_days(server, root, listed):
    server.app.listed = listed
    letting = Letting(server, root)
    begun = letting.begin()
    assert begun.address.startswith("https://www.instagram.com/oauth/authorize?")
    assert OWN_SECRET not in begun.address
    begun.finish(server.app.says_yes(begun.address))
    told = letting.connect().inspect()
    assert (told.works, told.handle) == (True, f"@{NAME}")
    assert told.expires_at - server.clock.now() == timedelta(days=60)
    assert sent(waiting(letting.connect(), server), post(root)).remote_id


def test_half_a_yes_is_no_log_in(server, root):
    server.app.declined = frozenset({"instagram_business_content_publish"})
    letting = Letting(server, root)
    begun = letting.begin()
    with pytest.raises(AuthExpired, match="did not grant instagram_business_content_publish"):
        begun.finish(server.app.says_yes(begun.address))
    assert not letting.kept()


def test_a_log_in_of_somebody_else_is_refused(server, root):
    first, second = (Letting(server, root).begin() for _ in range(2))
    with pytest.raises(UsageError, match="no log-in that was begun here"):
        second.finish(server.app.says_yes(first.address))


def test_before_anybody_logged_in_the_command_is_named(server, root):
    with pytest.raises(AuthExpired, match="drumbeat accounts login main"):
        Letting(server, root).connect().prepare(post(root))


def test_a_token_is_renewed_late_and_written_down_before_it_is_used(server, root):
    publisher = patient(server, root)
    sent(publisher, post(root, "one", idempotency_key="1" * 32))
    server.clock.moment += timedelta(hours=26)
    sent(publisher, post(root, "two", idempotency_key="2" * 32))
    assert server.app.renewals == 1  # whose end nobody told is renewed once, to learn it
    server.clock.moment += timedelta(days=15)
    sent(publisher, post(root, "three", idempotency_key="3" * 32))
    assert server.app.renewals == 1
    server.clock.moment += timedelta(days=10)
    sent(publisher, post(root, "four", idempotency_key="4" * 32))
    assert server.app.renewals == 2
    used = server.requests[-1].headers["authorization"].removeprefix("Bearer ")
    assert Credentials(root).read("main").values["access"] == used
    assert used != TOKEN


def test_a_renewal_whose_answer_is_lost_leaves_the_old_token_in_use(server, root):
    publisher = patient(server, root)
    publisher.prepare(post(root))
    server.clock.moment += timedelta(hours=26)
    server.app.loses_next = True
    assert sent(publisher, post(root, "two")).remote_id
    assert any("renew" in one for one in publisher.inspect().notes)


def test_a_token_that_ended_is_told_before_the_moment_with_what_to_do(server, root):
    letting = Letting(server, root)
    begun = letting.begin()
    begun.finish(server.app.says_yes(begun.address))
    server.clock.moment += timedelta(days=61)
    with pytest.raises(AuthExpired, match="drumbeat accounts login main"):
        letting.connect().prepare(post(root))
    assert not server.boxes


def test_another_token_in_the_environment_takes_the_place_of_what_was_kept(server, root):
    instagram(server, root).inspect()
    server.grant("another")
    instagram(server, root, keys={"token": "another"}).inspect()
    assert server.requests[-1].headers["authorization"] == "Bearer another"


def test_trouble_with_changing_the_code_keeps_nothing(server, root):
    letting = Letting(server, root)
    begun = letting.begin()
    back = server.app.says_yes(begun.address)
    server.app.loses_next = True
    with pytest.raises(NotSent) as caught:
        begun.finish(back)
    assert isinstance(caught.value, Transient)
    assert OWN_SECRET not in caught.value.message
    assert not letting.kept()


# -- by Facebook Login -----------------------------------------------------------------------


def test_a_log_in_over_a_page_keeps_the_pages_own_token(paged, root):
    letting = Letting(paged, root)
    begun = letting.begin()
    assert "instagram_content_publish" in begun.address
    begun.finish(paged.consent.says_yes(begun.address))
    assert letting.kept()["token"].startswith("pageToken")
    publisher = waiting(letting.connect(), paged)
    receipt = sent(publisher, post(root))
    publisher.delete(receipt)
    assert not paged.posts


def test_over_a_page_what_is_not_needed_may_be_left_out(paged, root):
    paged.consent.grants = tuple(one for one in paged.consent.grants if "manage" not in one)
    letting = Letting(paged, root)
    begun = letting.begin()
    begun.finish(paged.consent.says_yes(begun.address))
    assert any("no deleting" in one for one in letting.connect().inspect().notes)


def test_over_a_page_half_a_yes_is_no_log_in(paged, root):
    paged.consent.grants = tuple(one for one in paged.consent.grants if one != "instagram_basic")
    letting = Letting(paged, root)
    begun = letting.begin()
    with pytest.raises(AuthExpired, match="did not grant instagram_basic"):
        begun.finish(paged.consent.says_yes(begun.address))
    assert not letting.kept()


def test_over_a_page_nothing_is_renewed(paged, root):
    publisher = patient(paged, root)
    paged.tokens[TOKEN].ends = None
    sent(publisher, post(root, "one", idempotency_key="1" * 32))
    paged.clock.moment += timedelta(days=100)
    sent(publisher, post(root, "two", idempotency_key="2" * 32))
    assert paged.app.renewals == 0


# -- no log-in -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "secrets", "words"),
    [
        ({}, {"token": "T"}, "has a token"),
        ({"client": "1"}, {}, "no `client_secret:`"),
        ({"redirect": "https://example.org/"}, {"client_secret": "S"}, "no app to log in to"),
        ({"client": "1", "redirect": "http://127.0.0.1/"}, {"client_secret": "S"}, "https address only"),
    ],
)
def test_an_account_that_nobody_can_log_in_to_says_why(server, root, settings, secrets, words):
    account = Account("main", "instagram", "UTC", settings={"server": server.url, **settings}, secrets=secrets)
    with pytest.raises(UsageError, match=words):
        Instagram.login(account, Surroundings(root, server.clock, lambda _: "x"))
