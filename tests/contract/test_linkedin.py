"""LinkedIn: little text, files before the moment, and a lost answer that is looked for where looking is granted."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Duplicate,
    NotReady,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.model.account import Account
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.publishers.base import Absent, Found, Operation, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.linkedin import LinkedIn
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.linkedin import AUTHOR, MEMBER, NAME, ORGANIZATION, PAGE, LinkedInServer
from scheduler.testing.emulators.linkedin_rules import refused
from scheduler.testing.emulators.linkedin_tokens import ACCESS_LASTS, CLIENT, PAGE_TOKEN, SECRET, TOKEN, Access
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.platform import Fate
from tests.contract.conftest import Hands, having, picture, send
from tests.contract.linkedin_desk import (
    A_DAY,
    BOTH,
    LINK,
    LITTLE,
    SIGNS,
    asked,
    clock_end,
    page,
    person,
    receipt_of,
)


@pytest.fixture
def server(clock):
    with LinkedInServer(clock) as running:
        yield running


class _LinkedInContract(PublisherContract):
    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def test_a_reply_goes_below_its_parent(self, tmp_path):
        """There are no threads here: a second part is refused before anything is asked."""
        bench = self.bench(tmp_path)
        with pytest.raises(Rejected, match="no threads"):
            bench.publisher.prepare(draft("two", parent=Receipt("urn:li:share:1")))


class TestAPerson(_LinkedInContract):
    """Against a server that answers as the documentation says."""

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(LinkedInServer(FixedClock(DUE)))
        publisher = person(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (TOKEN,))


class TestAnOrganization(_LinkedInContract):
    """The same, and it may be read."""

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(LinkedInServer(FixedClock(DUE)))
        publisher = page(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (PAGE_TOKEN,))


# -- who speaks ------------------------------------------------------------------------------


@BOTH
def test_a_post_says_whose_it_is_in_which_version_and_to_whom(server, kind):
    receipt = send(kind(server), having(Content("Good morning", language="en")))
    said = server.posts[0]["said"]
    assert said == {
        "author": AUTHOR if kind is person else PAGE,
        "commentary": "Good morning",
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    assert receipt == Receipt(
        server.posts[0]["id"], f"https://www.linkedin.com/feed/update/{server.posts[0]['id']}/", Strength.ACCEPTED
    )
    [request] = asked(server, "POST", "/rest/posts")
    assert request.headers["linkedin-version"] == "202609"
    assert request.headers["x-restli-protocol-version"] == "2.0.0"


def test_a_person_may_speak_to_connections_alone_and_an_organization_may_not(server):
    send(person(server, reshares="no"), having(Content("for us", visibility="followers")))
    assert (server.posts[0]["visibility"], server.posts[0]["isReshareDisabledByAuthor"]) == ("CONNECTIONS", True)
    with pytest.raises(Rejected, match="no visibility `followers`"):
        page(server).prepare(having(Content("for us", visibility="followers")))
    with pytest.raises(Rejected, match="no visibility `unlisted`"):
        person(server).prepare(having(Content("for us", visibility="unlisted")))


@BOTH
def test_the_token_is_tried_once_a_day_and_not_with_every_post(server, clock, kind):
    publisher = kind(server)
    for number in range(3):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    looks = {person: "/v2/userinfo", page: "/rest/organizationAcls"}[kind]
    assert len(asked(server, "GET", looks)) == 1
    clock.moment += timedelta(days=1)
    publisher.prepare(draft())
    assert len(asked(server, "GET", looks)) == 2


@BOTH
def test_not_being_able_to_try_the_token_is_no_reason_not_to_post(server, clock, kind):
    publisher = kind(server)
    looks = {person: "/v2/userinfo", page: "/rest/organizationAcls"}[kind]
    publisher.prepare(draft())
    clock.moment += timedelta(days=1)
    server.also = lambda one: Answer(503, b"") if one.path == looks else None
    assert send(publisher, draft()).remote_id


def test_a_person_who_is_not_known_yet_waits(server):
    server.also = lambda one: Answer(503, b"") if one.path == "/v2/userinfo" else None
    with pytest.raises(Transient):
        person(server).prepare(draft())


@BOTH
def test_a_token_that_ended_is_met_before_the_moment(server, clock, kind):
    clock.moment += ACCESS_LASTS
    with pytest.raises(AuthExpired, match="revoked"):
        kind(server).prepare(draft())
    assert server.creates == 0


def test_a_token_that_does_not_say_whose_it_is_can_post_nothing_and_says_why(server):
    server.grants.access[TOKEN] = Access(("w_member_social",), clock_end(server))
    with pytest.raises(AuthExpired) as caught:
        person(server).prepare(draft())
    assert "openid" in caught.value.mend


def test_a_page_whose_roles_nobody_may_ask_for_posts_all_the_same(server):
    server.grants.access[PAGE_TOKEN] = Access(("w_organization_social",), clock_end(server))
    assert send(page(server), draft()).remote_id


@BOTH
def test_it_publishes_nothing_that_was_not_prepared(server, kind):
    with pytest.raises(Transient, match="not prepared"):
        kind(server).publish(draft(), Prepared())
    assert server.creates == 0


# -- refusals --------------------------------------------------------------------------------


@BOTH
def test_a_duplicate_names_the_post_that_linkedin_has(server, kind):
    publisher, post = kind(server), draft()
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(publisher, post)
    with pytest.raises(Duplicate, match=r"It names https://www\.linkedin\.com/feed/update/urn:li:share:73") as caught:
        send(publisher, post)
    assert caught.value.remote_id == server.posts[0]["id"]
    verdict = publisher.verify(post, publisher.prepare(post), DUE)
    if kind is page:
        assert verdict == Found(replace(receipt_of(server.posts[0]), strength=Strength.PROVEN))
    else:
        assert isinstance(verdict, Unknown)
        assert f"please look at https://www.linkedin.com/feed/update/{server.posts[0]['id']}/" in verdict.reason


def test_a_post_that_the_list_does_not_show_yet_is_found_by_the_refusal_that_names_it(server):
    server.lists_after = timedelta(minutes=5)
    publisher, post = page(server), draft()
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(publisher, post)
    with pytest.raises(Duplicate):
        send(publisher, post)
    verdict = publisher.verify(post, publisher.prepare(post), DUE)
    assert verdict == Found(replace(receipt_of(server.posts[0]), strength=Strength.PROVEN))


def test_a_refusal_that_names_an_older_post_finds_nothing(server, clock):
    server.remembers = timedelta(days=1)
    publisher = page(server)
    send(publisher, draft())
    clock.moment += timedelta(hours=2)
    again = draft(key="b" * 32)
    with pytest.raises(Duplicate):
        send(publisher, again)
    verdict = publisher.verify(again, publisher.prepare(again), clock.moment)
    assert isinstance(verdict, Unknown)
    assert server.posts[0]["id"] in verdict.reason


def test_a_duplicate_of_a_post_that_is_gone_is_no_proof_of_anything(server):
    """Composio issue 2710: deleted, sent again, refused with a urn that nobody can read."""
    publisher = page(server)
    publisher.delete(send(publisher, draft()))
    again = draft(key="b" * 32)
    with pytest.raises(Duplicate):
        send(publisher, again)
    verdict = publisher.verify(again, publisher.prepare(again), DUE)
    assert isinstance(verdict, Unknown)
    assert "but not since when" in verdict.reason


def test_ten_minutes_later_it_doubles(server, clock):
    publisher = page(server)
    send(publisher, draft())
    clock.moment += timedelta(minutes=11)
    send(publisher, draft(key="b" * 32))
    assert len(server.texts) == 2


@BOTH
def test_a_quota_ends_at_midnight_of_utc(server, clock, kind):
    publisher = kind(server)
    server.daily = 1 if kind is person else 2  # a page's token is tried by a call that counts
    send(publisher, draft("one"))
    with pytest.raises(RateLimited) as caught:
        send(publisher, draft("two", key="b" * 32))
    assert caught.value.retry_at == datetime(2027, 7, 1, tzinfo=UTC)
    clock.moment = caught.value.retry_at
    assert send(publisher, draft("later")).remote_id


def test_a_limit_that_says_when_is_taken_at_its_word(server, clock):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(429, {"message": "slow down"}, {"Retry-After": "30"})
    with pytest.raises(RateLimited) as caught:
        publisher.publish(post, prepared)
    assert caught.value.retry_at == clock.moment + timedelta(seconds=30)


@BOTH
def test_a_version_that_ended_pauses_the_account_and_fails_no_post(server, kind):
    assert send(kind(server, version="202606"), draft()).remote_id
    with pytest.raises(AuthExpired, match="no longer speaks this version") as caught:
        send(kind(server, version="202605"), draft(key="b" * 32))
    assert "`version:`" in caught.value.mend


ANSWERS = [
    (400, "INVALID_URN_ID", Rejected, Rejected, Transient),
    (400, "MEDIA_ASSET_WAITING_UPLOAD", NotReady, NotReady, Transient),
    (400, "VERSION_MISSING", AuthExpired, AuthExpired, AuthExpired),
    (401, "REVOKED_ACCESS_TOKEN", AuthExpired, AuthExpired, AuthExpired),
    (403, "ACCESS_DENIED", AuthExpired, AuthExpired, Transient),
    (404, "RESOURCE_NOT_FOUND", AuthExpired, AuthExpired, Transient),
    (409, "CONFLICT", Ambiguous, Transient, Transient),
    (413, "TOO_LARGE", Rejected, Rejected, Transient),
    (422, "FIELD_LENGTH_TOO_LONG", Rejected, Rejected, Transient),
    (422, "DUPLICATE_POST", Duplicate, Rejected, Transient),
    (426, "NONEXISTENT_VERSION", AuthExpired, AuthExpired, AuthExpired),
    (429, "TOO_MANY_REQUESTS", RateLimited, RateLimited, RateLimited),
    (500, "INTERNAL", Ambiguous, Transient, Transient),
    (503, "SERVICE_UNAVAILABLE", Ambiguous, Transient, Transient),
    (504, "GATEWAY_TIMEOUT", Ambiguous, Transient, Transient),
    (999, "Request denied", Ambiguous, Transient, Transient),
]


@pytest.mark.parametrize(("status", "code", "created", "prepared", "looked"), ANSWERS)
def test_each_error_means_one_thing_at_each_step(server, status, code, created, prepared, looked):
    publisher, post = page(server), draft()
    ready = publisher.prepare(post)
    server.also = lambda _: refused(status, code, f"{code} it says")
    raised = []
    way = publisher._way
    for ask in (
        lambda: publisher.publish(post, ready),
        lambda: way.prepare("POST", "/rest/images?action=initializeUpload", json={}),
        lambda: way.read("/rest/posts"),
    ):
        with pytest.raises(PublishError) as caught:
            ask()
        raised.append(type(caught.value))
    wanted = (created, prepared, looked)
    assert all(issubclass(one, other) for one, other in zip(raised, wanted, strict=True)), raised
    assert "x-li-uuid AAYemulatedOfNobody" in caught.value.message or status in {413, 500, 503, 504, 999}


def test_an_older_error_body_is_read_as_well(server):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    old = {"message": "Content is a duplicate of urn:li:share:7130000000000000001", "status": 422}
    server.also = lambda _: Answer(422, {**old, "serviceErrorCode": 105})
    with pytest.raises(Duplicate) as caught:
        publisher.publish(post, prepared)
    assert caught.value.remote_id == "urn:li:share:7130000000000000001"


@pytest.mark.parametrize("status", [400, 403, 405, 418])
def test_a_gateways_page_is_no_answer_of_linkedins(server, status):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(status, b"<html>Bad</html>")
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)


@pytest.mark.parametrize("found", ["", "urn:li:activity:1", "7300000000000000000", "urn:li:share:"])
def test_an_id_that_is_none_is_no_post(server, found):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(201, b"", {"x-restli-id": found})
    with pytest.raises(Ambiguous, match="names no post"):
        publisher.publish(post, prepared)


@pytest.mark.parametrize("status", [400, 401, 403, 422, 429, 500])
def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, status):
    publisher, post = page(server, client=CLIENT), draft()
    prepared = publisher.prepare(post)

    def echo(one):
        return refused(status, "ECHO", f"{dict(one.headers)} {one.body.decode()}")

    server.also = echo
    told = []
    for ask in (lambda: publisher.publish(post, prepared), lambda: publisher.prepare(having(Content("x", link=LINK)))):
        try:
            ask()
        except PublishError as caught:
            told += [caught.message, caught.mend]
    told += [publisher.verify(post, prepared, DUE).reason, *publisher_notes(publisher)]
    assert not [secret for secret in (PAGE_TOKEN, SECRET) if secret in " ".join(told)]


def publisher_notes(publisher):
    try:
        return publisher.inspect().notes
    except PublishError as caught:
        return (caught.message,)


# -- looking ---------------------------------------------------------------------------------


def test_what_it_promises_depends_on_who_speaks(server):
    one, other, old = (each.capabilities for each in (person(server), page(server), person(server, look="yes")))
    assert (one.verify, Operation.VERIFY in one.operations, Operation.METRICS in one.operations) == (
        VerifyQuality.NONE,
        False,
        False,
    )
    assert (other.verify, Operation.METRICS in other.operations) == (VerifyQuality.TIMELINE, True)
    assert (old.verify, Operation.METRICS in old.operations) == (VerifyQuality.TIMELINE, False)


def test_of_a_persons_post_nobody_can_say_and_the_place_to_look_is_told(server):
    verdict = person(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "https://www.linkedin.com/in/our-name/recent-activity/all/" in verdict.reason
    assert server.door.requests == []
    assert "the account on linkedin.com" in person(server, handle="").verify(draft(), Prepared(), DUE).reason


@pytest.mark.parametrize(
    "text",
    [
        SIGNS,
        "#TimeIsNow with @[Devtestco](urn:li:organization:2414183) at https://example.org/a_b?c_d=(1)",
        "Кажи не.\n\n— Ана 🎉",
        "a\\nb {hashtag|#|no} @[nobody](here)",
    ],
)
def test_a_post_is_found_however_linkedin_gives_it_back(server, text):
    publisher, post = page(server), having(Content(text))
    prepared = publisher.prepare(post)
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)
    verdict = publisher.verify(post, prepared, DUE)
    assert verdict == Found(replace(receipt_of(server.posts[0]), strength=Strength.PROVEN))


def test_a_post_is_found_by_its_pictures_and_its_poll(server, tmp_path):
    publisher = page(server, tmp_path)
    contents = (
        Content("one", media=(picture(tmp_path),)),
        Content("Will you come?", poll=Poll(("Yes", "No"), A_DAY)),
        Content("Will you go?", poll=Poll(("Yes", "No"), A_DAY)),
        Content("Read", link="https://nowhere.invalid/a"),
    )
    posts = [having(content, idempotency_key=f"{number:032x}") for number, content in enumerate(contents)]
    for post in posts:
        send(publisher, post)
    for post, made in zip(posts, server.posts, strict=True):
        assert publisher.verify(post, publisher.prepare(post), DUE).receipt.remote_id == made["id"]


@pytest.mark.parametrize(
    ("state", "strength"), [("PUBLISHED", Strength.PROVEN), ("PUBLISH_REQUESTED", Strength.ACCEPTED)]
)
def test_a_look_says_how_much_is_proved(server, state, strength):
    server.state = state
    publisher, post = page(server), draft()
    send(publisher, post)
    assert publisher.verify(post, publisher.prepare(post), DUE).receipt.strength is strength


def test_a_post_that_linkedin_took_and_could_not_show_is_for_a_person(server):
    server.state = "PUBLISH_FAILED"
    publisher, post = page(server), draft()
    send(publisher, post)
    verdict = publisher.verify(post, publisher.prepare(post), DUE)
    assert isinstance(verdict, Unknown)
    assert "PUBLISH_FAILED" in verdict.reason


def test_a_post_that_was_cut_is_neither_found_nor_absent(server):
    publisher = page(server)
    publisher._way.create("/rest/posts", json={**LITTLE, "author": PAGE, "commentary": "x" * 50 + " (and so on)"})
    verdict = publisher.verify(having(Content("x" * 50 + " (and so on)")), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "like this one" in verdict.reason


def test_two_that_are_alike_prove_nothing(server, clock):
    publisher = page(server)
    send(publisher, draft())
    clock.moment += timedelta(minutes=11)
    send(publisher, draft(key="b" * 32))
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)


def test_what_was_posted_before_the_try_is_another(server, clock):
    publisher = page(server)
    send(publisher, draft())
    clock.moment += timedelta(minutes=30)
    assert publisher.verify(draft(key="b" * 32), Prepared(), clock.moment) == Absent()


def test_a_long_list_is_read_on_and_an_endless_one_proves_nothing(server):
    server.daily = 1000
    publisher = page(server)
    send(publisher, draft("the one"))
    for number in range(60):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    assert isinstance(publisher.verify(draft("the one"), Prepared(), DUE), Found)
    for number in range(60, 120):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    assert isinstance(publisher.verify(draft("the one"), Prepared(), DUE), Unknown)


def test_an_older_post_that_was_changed_lately_hides_nothing(server, clock):
    publisher = page(server)
    send(publisher, draft("old"))
    clock.moment += timedelta(hours=1)
    since = clock.moment
    send(publisher, draft("new", key="b" * 32))
    clock.moment += timedelta(minutes=1)
    server.posts[0]["lastModifiedAt"] = int(clock.moment.timestamp() * 1000)
    assert isinstance(publisher.verify(draft("new"), Prepared(), since), Found)
    assert publisher.verify(draft("old"), Prepared(), since) == Absent()


def test_a_server_whose_clock_is_behind_hides_nothing(server, clock):
    ahead = Hands(clock.moment + timedelta(minutes=4))
    publisher, post = page(server, clock=ahead), draft()
    receipt = send(publisher, post)
    verdict = publisher.verify(post, publisher.prepare(post), ahead.moment)
    assert verdict == Found(replace(receipt, strength=Strength.PROVEN))


@pytest.mark.parametrize("said", [{}, {"elements": [{}]}, {"elements": {}}, [], {"elements": [{"id": "x"}]}])
def test_half_a_list_proves_nothing(server, said):
    server.also = lambda one: Answer(200, said) if one.path == "/rest/posts" else None
    assert isinstance(page(server).verify(draft(), Prepared(), DUE), Unknown)


def test_a_page_that_may_not_be_read_is_for_a_person(server):
    server.grants.access[PAGE_TOKEN] = Access(("w_organization_social",), clock_end(server))
    verdict = page(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert f"https://www.linkedin.com/company/{ORGANIZATION}/posts/" in verdict.reason


# -- afterwards ------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    "address",
    [
        "https://www.linkedin.com/feed/update/urn:li:share:{}/?x=1",
        "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A{}",
        "https://www.linkedin.com/posts/our-name_time-is-now-share-{}-AbCd/",
    ],
)
def test_an_address_that_a_person_gave_is_as_good_as_an_id(server, kind, address):
    publisher = kind(server)
    send(publisher, draft())
    publisher.delete(Receipt(address.format(server.posts[0]["id"].rpartition(":")[2])))
    assert server.texts == []


def test_an_address_that_names_no_post_is_for_a_person(server):
    with pytest.raises(Rejected, match="not known"):
        page(server).delete(Receipt("https://www.linkedin.com/posts/our-name_now-activity-7300000000000000001-abcd"))
    assert server.door.requests == []


def test_what_linkedin_does_not_know_was_not_proved_to_be_deleted(server):
    """A post that is gone gets 204, so 404 may hide a 403."""
    publisher = page(server)
    receipt = send(publisher, draft())
    server.also = lambda _: refused(404, "RESOURCE_NOT_FOUND", "No such post")
    with pytest.raises(Rejected, match="Is it this account's"):
        publisher.delete(receipt)


def test_counts_are_those_of_the_post_and_zero_where_nothing_was_done(server, tmp_path, clock):
    publisher = page(server, tmp_path)
    receipt = send(publisher, draft())
    assert set(publisher.metrics(receipt).counts.values()) == {0}
    server.activity[receipt.remote_id] = {"likeCount": 3, "impressionCount": 120}
    counts = publisher.metrics(receipt).counts
    assert (counts["likeCount"], counts["impressionCount"], counts["clickCount"]) == (3, 120, 0)
    with pytest.raises(Rejected, match="approved apps alone"):
        person(server).metrics(receipt)


def test_a_person_learns_whose_token_it_is_and_how_to_learn_its_end(server):
    report = person(server).inspect()
    assert (report.works, report.expires_at, report.scopes) == (True, None, ())
    assert report.notes[0] == f"It is the token of {NAME}."
    assert any("`client`, `client_secret`" in note for note in report.notes)


@BOTH
def test_where_the_app_is_named_the_end_and_the_scopes_are_known(server, kind):
    report = kind(server, client=CLIENT).inspect()
    assert (report.works, report.expires_at) == (True, DUE + ACCESS_LASTS)
    assert ("w_member_social" if kind is person else "w_organization_social") in report.scopes


def test_a_token_that_may_not_post_does_not_work(server):
    server.grants.access[TOKEN] = Access(("openid", "profile"), clock_end(server))
    report = person(server, client=CLIENT).inspect()
    assert not report.works
    assert "lacks w_member_social" in " ".join(report.notes)


def test_an_organization_learns_by_which_role_it_may_speak(server):
    server.roles = ("ANALYST", "CONTENT_ADMIN")
    assert page(server).inspect().notes[0] == f"It may post on the page {ORGANIZATION}, as CONTENT_ADMIN."


def test_a_person_without_a_role_on_the_page_does_not_work(server):
    server.roles = ("ANALYST",)
    report = page(server).inspect()
    assert not report.works
    assert "ADMINISTRATOR" in " ".join(report.notes)


def test_a_dead_token_does_not_work_and_says_so(server, clock):
    clock.moment += ACCESS_LASTS
    for publisher in (person(server), page(server), person(server, client=CLIENT)):
        assert not publisher.inspect().works


@pytest.mark.parametrize(
    ("version", "told"), [("202611", ""), ("202609", "9 months old"), ("202606", "may end any day")]
)
def test_an_old_version_is_told_before_it_ends(server, version, told):
    notes = " ".join(person(server, version=version).inspect().notes)
    assert told in notes
    assert bool(told) == ("months old" in notes)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"version": "2026-09"}, "is no month"),
        ({"version": "202613"}, "is no month"),
        ({"organization": "us"}, "no number"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(server, settings, words):
    with pytest.raises(UsageError, match=words):
        person(server, **settings)


def test_linkedin_itself_is_the_usual_server_and_a_urn_is_a_number_too(server):
    around = Surroundings(Path(), FixedClock(DUE), lambda _: TOKEN)
    urn = {"organization": f"urn:li:organization:{ORGANIZATION}"}
    publisher = LinkedIn.connect(Account("main", "linkedin", "UTC", settings=urn, secrets={"token": "T"}), around)
    assert publisher._way.http.source == "https://api.linkedin.com"
    assert publisher._author == PAGE
    assert MEMBER in AUTHOR
