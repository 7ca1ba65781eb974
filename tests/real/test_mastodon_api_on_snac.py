"""Mastodon's client API for real: snac, a small fediverse server, on loopback, as `snac-up` starts it.

It knows no idempotency keys, refuses hardly anything and has no limits, so what is proved here is that
posts arrive as they were reviewed, and that a reply that is lost makes no second post. Refusals,
202 for media and rate limits have only our emulator.
"""

import signal

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, Rejected
from scheduler.model.account import Account
from scheduler.model.content import Poll
from scheduler.platforms import platform_named
from scheduler.publishers.base import Absent, Doubles, Found, Surroundings
from scheduler.publishers.mastodon import Mastodon
from tests.real.bluesky.between import Between
from tests.real.running import PICTURE, applied, ask, await_that, daemon, drumbeat, ready_workspace, serving

pytestmark = pytest.mark.real

ACCOUNT = ("main", "mastodon")


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def server(between):
    with serving("snac", between) as told:
        yield told


@pytest.fixture
def look(server):
    """Reads what the server holds, by the plainest means."""
    return lambda path, **query: ask("GET", server["MASTODON_URL"] + path, server["MASTODON_TOKEN"], params=query)


@pytest.fixture
def stored(look):
    return lambda receipt: look(f"/api/v1/statuses/{receipt.remote_id}").json()


@pytest.fixture
def text_in(look):
    """The text as the server keeps it."""
    return lambda status: look(f"/api/v1/statuses/{status['id']}/source").json()["text"]


@pytest.fixture
def timeline(look):
    """The account's posts, the newest first."""

    def timeline():
        me = look("/api/v1/accounts/verify_credentials").json()["id"]
        return look(f"/api/v1/accounts/{me}/statuses", limit=40).json()

    return timeline


@pytest.fixture
def publisher(server, tmp_path):
    account = Account("main", "mastodon", "UTC", settings={"server": server["MASTODON_URL"]})
    return Mastodon.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: server["MASTODON_TOKEN"]))


# -- what is stored --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Кажи не 👩‍👩‍👧‍👦 1 < 2 & 3 > 2",
        "Прва линија\nвтора линија\n\nнов став",
        "Прочитај https://example.org/a?b=c&d=e#f (и кажи) #СегаКажувам",
        "*ѕвезди* _црти_ `код` ~~не~~",
    ],
)
def test_a_post_is_stored_as_it_was_reviewed(publish, post, stored, text_in, text):
    assert text_in(stored(publish(post(text)))) == text


def test_what_it_shows_of_signs_is_its_own(publish, post, stored):
    """The text is kept as it is, and shown with formatting: the account's notes say so."""
    shown = stored(publish(post("*ѕвезди* ~~не~~ <b>да</b>")))["content"]
    assert shown.startswith("<i>ѕвезди</i> <s>не</s> <b>да</b>")


def test_a_picture_has_its_words(publish, post, stored, picture, tmp_path):
    (attached,) = stored(publish(post(media=(picture,))))["media_attachments"]
    assert (attached["description"], attached["type"]) == ("Жена со мегафон", "image")
    shown = ask("GET", attached["url"])
    assert shown.content == (tmp_path / "media" / PICTURE).read_bytes()


def test_a_warning_hides_the_text(publish, post, stored):
    status = stored(publish(post(warning="Насилство")))
    assert (status["spoiler_text"], status["sensitive"]) == ("Насилство", True)


@pytest.mark.parametrize(("ours", "theirs"), [("public", "public"), ("unlisted", "unlisted"), ("followers", "private")])
def test_a_post_is_seen_by_whom_it_is_meant_for(publish, post, stored, ours, theirs):
    assert stored(publish(post(visibility=ours)))["visibility"] == theirs


def test_a_language_is_no_hindrance(publish, post, stored, text_in):
    """snac keeps none; that is its own business."""
    draft = post(language="mk")
    assert text_in(stored(publish(draft))) == draft.content.text


def test_a_thread_hangs_together(publish, post, stored):
    first = publish(post())
    second = publish(post(parent=first, root=first))
    third = publish(post(parent=second, root=first))
    assert stored(second)["in_reply_to_id"] == first.remote_id
    assert stored(third)["in_reply_to_id"] == second.remote_id


def test_a_link_leads_to_the_post(publish, post):
    draft = post()
    receipt = publish(draft)
    page = ask("GET", receipt.url)
    assert page.status_code == 200
    assert draft.content.text in page.text


def test_a_poll_is_refused_here_since_the_server_would_leave_it_out(publisher, post, server, timeline):
    """It answers that all is well and keeps a question without its answers."""
    told = {"status": "Ќе дојдеш?", "poll": {"options": ["Да", "Не"], "expires_in": 3600}}
    made = ask("POST", server["MASTODON_URL"] + "/api/v1/statuses", server["MASTODON_TOKEN"], json=told)
    assert (made.status_code, made.json()["poll"]) == (200, None)
    before = timeline()
    with pytest.raises(Rejected, match="snac has no polls"):
        publisher.prepare(post(poll=Poll(("Да", "Не"), open_for=3600)))
    assert timeline() == before


def test_the_limit_that_it_states_is_ours_to_keep(publisher, publish, post, stored, text_in):
    """It takes a text of that length whole, and, unlike Mastodon, a longer one as well; we count one too many."""
    most = publisher.inspect().limits["text"]
    measure = platform_named("mastodon").measure
    assert all(one.fits for one in measure("ж" * most, limits={"text": most}))
    assert text_in(stored(publish(post("ж" * most)))) == "ж" * most
    assert not all(one.fits for one in measure("ж" * (most + 1), limits={"text": most}))
    assert text_in(stored(publish(post("ж" * (most + 1))))) == "ж" * (most + 1)


# -- repeats, looks, takedowns ---------------------------------------------------------


def test_the_server_doubles_and_the_publisher_knows(publisher, publish, post, timeline, text_in):
    """Its answer to a key that it has seen is a second post, so nothing may repeat by itself."""
    draft = post()
    publish(draft)
    publish(draft)
    assert [text_in(status) for status in timeline()].count(draft.content.text) == 2
    assert isinstance(publisher.capabilities.on_repeat, Doubles)
    assert not publisher.capabilities.repeat_is_safe(draft.due, draft.due)


def test_a_lost_reply_is_found_out(publisher, post, between, timeline):
    draft = post("Кажи не\n\n1 < 2 https://example.org/lost #Кажи")
    prepared = publisher.prepare(draft)
    between.swallow("POST /api/v1/statuses")
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, prepared)
    finally:
        between.pass_on()
    verdict = publisher.verify(draft, prepared, draft.due)
    assert isinstance(verdict, Found)
    assert verdict.receipt.remote_id == timeline()[0]["id"]


def test_a_lost_reply_about_a_picture_is_found_out(publisher, post, between, picture, timeline):
    draft = post(media=(picture,), warning="Насилство")
    prepared = publisher.prepare(draft)
    between.swallow("POST /api/v1/statuses")
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, prepared)
    finally:
        between.pass_on()
    verdict = publisher.verify(draft, prepared, draft.due)
    assert isinstance(verdict, Found)
    assert verdict.receipt.remote_id == timeline()[0]["id"]


def test_what_a_look_does_not_see_is_not_called_absent(publisher, post):
    """Its timelines make no such promise."""
    draft = post()
    assert not isinstance(publisher.verify(draft, publisher.prepare(draft), draft.due), Found | Absent)


def test_two_posts_of_one_text_are_not_told_apart(publisher, publish, post):
    draft = post()
    publish(draft)
    publish(draft)
    assert not isinstance(publisher.verify(draft, publisher.prepare(draft), draft.due), Found | Absent)


def test_what_is_deleted_is_gone_and_twice_is_fine(publisher, publish, post, look):
    receipt = publish(post())
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert look(f"/api/v1/statuses/{receipt.remote_id}").status_code == 404


def test_the_account_is_known(publisher):
    report = publisher.inspect()
    assert report.works
    assert report.handle.startswith("writer@127.0.0.1")
    assert report.software.startswith("snac 2.")


# -- the whole way ---------------------------------------------------------------------

POSTS = """\
  - {post: alone, at: "DUE", text: "Кажи не. #СегаКажувам https://example.org/a"}
  - {post: pictured, at: "DUE", text: Слика, media: [{file: PICTURE, alt: Жена со мегафон}]}
  - {post: warned, at: "DUE", text: Тешко, warning: Насилство}
  - post: thread
    at: "DUE"
    text: |
      Прво
      ---
      Второ
      ---
      Трето
"""


def test_a_daemon_that_is_killed_before_the_reply_posts_everything_once(server, between, tmp_path, timeline, text_in):
    """Six posts in one second; the first reply never comes, the process dies; the next one looks, and finds it."""
    before = {status["id"] for status in timeline()}
    account = {"platform": "mastodon", "server": server["MASTODON_URL"], "token": "env:REAL_SECRET"}
    root = ready_workspace(tmp_path, "main", account, POSTS, secret=server["MASTODON_TOKEN"], seconds=12)
    texts = applied(root, 6)
    between.swallow("POST /api/v1/statuses", hold=True)
    with daemon(root) as process:
        await_that(between.swallowed.is_set, root)
        process.send_signal(signal.SIGKILL)
        process.wait()
    between.pass_on()
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"].get("sent") == 6, root)
        process.terminate()
        process.wait(30)
    made = [status for status in timeline() if status["id"] not in before]
    assert sorted(text_in(status) for status in made) == sorted(texts)
    shown = drumbeat(root, "show", "warned")
    assert any(status["url"] in str(shown) for status in made if status["spoiler_text"] == "Насилство")
