"""Bluesky for real: the reference server (@atproto/pds) on loopback, as `bluesky-up` starts it.

What it stores is compared with what was reviewed, its view of a length with ours, and its
answers with those of our emulator, so that the other tests rest on something.
"""

import hashlib
import json
import secrets
import shutil
import signal
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, AuthExpired, Duplicate, RateLimited, Rejected
from scheduler.http.guard import Fetched
from scheduler.media.probe import probe
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Found, Surroundings
from scheduler.publishers.bluesky import Bluesky
from tests.real.bluesky.answers import PICTURE, SEEN, answers, ask
from tests.real.bluesky.between import Between
from tests.real.running import applied, await_that, daemon, drumbeat, pass_over, ready_workspace, starting

pytestmark = pytest.mark.real

ACCOUNT = ("main", "bluesky")
POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"


@dataclass(frozen=True)
class Person:
    url: str
    handle: str
    did: str
    token: str
    own_password: str
    password: str

    def records(self):
        """All posts as the server stores them, the oldest first."""
        query = {"repo": self.did, "collection": POST, "limit": 100, "reverse": "true"}
        return [one["value"] for one in ask(self.url, "com.atproto.repo.listRecords", query=query)[1]["records"]]

    def gates(self):
        """Where each gate is, and what it says."""
        query = {"repo": self.did, "collection": GATE, "limit": 100}
        return [
            (one["uri"], one["value"])
            for one in ask(self.url, "com.atproto.repo.listRecords", query=query)[1]["records"]
        ]

    def stored(self, receipt):
        query = {"repo": self.did, "collection": POST, "rkey": receipt.remote_id.rpartition("/")[2]}
        return ask(self.url, "com.atproto.repo.getRecord", query=query)[1]["value"]


@contextmanager
def serving(port, inner, **environment):
    """A server of its own, from `bluesky-up` to the end of the test."""
    with starting("bluesky", port, inner, **environment) as process:
        try:
            lines = iter(process.stdout.readline, "")
            told = dict(line.strip().split("=", 1) for line in _until("BLUESKY_URL", lines))
            if "BLUESKY_URL" not in told:
                pass_over("bluesky", process)
            yield told["BLUESKY_URL"]
        finally:
            process.terminate()


def _until(word, lines):
    for line in lines:
        yield line
        if line.startswith(word):
            return


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def server(between):
    with serving(between.port, between.inner) as url:
        yield url


@pytest.fixture
def person(server) -> Person:
    """An account with nothing posted yet, and an app password."""
    return newcomer(server)


def newcomer(url):
    name, password = f"p{secrets.token_hex(4)}.test", secrets.token_hex(8)
    told = {"handle": name, "email": f"{name}@example.org", "password": password}
    status, session = ask(url, "com.atproto.server.createAccount", told=told)
    assert status == 200, session
    token = session["accessJwt"]
    _, made = ask(url, "com.atproto.server.createAppPassword", token=token, told={"name": "drumbeat"})
    return Person(url, name, session["did"], token, password, made["password"])


@pytest.fixture
def connect(between, tmp_path):
    """The person's publisher, which reaches the server through `between`."""

    def connect(person, *, password=None, root=tmp_path, **more):
        settings = {"server": f"http://127.0.0.1:{between.port}", **more}
        account = Account("main", "bluesky", "UTC", handle=person.handle, settings=settings)
        return Bluesky.connect(account, Surroundings(root, SystemClock(), lambda _: password or person.password))

    return connect


@pytest.fixture
def publisher(connect, person):
    return connect(person)


@pytest.fixture
def publish(publisher):
    return lambda draft: publisher.publish(draft, publisher.prepare(draft))


@pytest.fixture
def post() -> Callable[..., Draft]:
    now = datetime.now(UTC)

    def post(text="The time is now.", *, key="", parent=None, root=None, **content):
        key = key or secrets.token_hex(16)
        return Draft(f"c/{key}/once/main", "main", "bluesky", Content(text, **content), key, now, now, root, parent)

    return post


def laid_out(root):
    """A picture of the example workspace in this one's `media/`."""
    (root / "media").mkdir()
    return Path(shutil.copy(PICTURE, root / "media")).name


@pytest.fixture
def picture(tmp_path):
    file = laid_out(tmp_path)
    return Media(file, alt="Жена со мегафон", facts=probe(tmp_path, [file]).facts[file])


# -- what is stored --------------------------------------------------------------------


def test_a_post_is_stored_as_it_was_reviewed(person, publish, post):
    text = f"Кажи не 👩‍👩‍👧‍👦, @{person.handle}! #СегаКажувам https://example.org/a (example.org)"
    receipt = publish(post(text, language="mk"))
    stored = person.stored(receipt)
    assert stored["text"] == text
    assert stored["langs"] == ["mk"]
    covered = [
        (facet["features"][0]["$type"].partition("#")[2], text.encode()[slice(*_span(facet))].decode())
        for facet in stored["facets"]
    ]
    assert covered == [
        ("mention", f"@{person.handle}"),
        ("tag", "#СегаКажувам"),
        ("link", "https://example.org/a"),
        ("link", "example.org"),
    ]
    assert stored["facets"][0]["features"][0]["did"] == person.did


def _span(facet):
    return facet["index"]["byteStart"], facet["index"]["byteEnd"]


def test_a_picture_has_its_words_and_measures(person, publish, post, picture):
    (image,) = person.stored(publish(post(media=(picture,))))["embed"]["images"]
    assert image["alt"] == "Жена со мегафон"
    assert image["aspectRatio"] == {"width": picture.facts.width, "height": picture.facts.height}
    assert (image["image"]["mimeType"], image["image"]["size"]) == (picture.facts.type, picture.facts.bytes)


def test_a_video_is_taken_as_one(person, publish, post, tmp_path):
    boxes = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08free" * 4
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "v.mp4").write_bytes(boxes)
    facts = MediaFacts("v.mp4", hashlib.sha256(boxes).hexdigest(), "video/mp4", len(boxes))
    stored = person.stored(publish(post(media=(Media("v.mp4", alt="Марш", facts=facts),))))
    assert stored["embed"]["$type"] == "app.bsky.embed.video"
    assert (stored["embed"]["alt"], stored["embed"]["video"]["mimeType"]) == ("Марш", "video/mp4")


def test_labels_are_kept(person, connect, post, picture):
    publisher = connect(person, label="graphic-media")
    draft = post(media=(picture,))
    stored = person.stored(publisher.publish(draft, publisher.prepare(draft)))
    assert stored["labels"]["values"] == [{"val": "graphic-media"}]


def test_a_link_has_a_card_with_a_thumbnail(person, publisher, post, picture, tmp_path):
    page = b'<title>Time is now</title><meta property="og:image" content="a.png">'
    pages = {
        "https://example.org/time": ("text/html", page),
        "https://example.org/a.png": ("image/jpeg", (tmp_path / "media" / picture.file).read_bytes()),
    }
    publisher._read = lambda url, **_: Fetched(url, *pages[url])
    draft = post(link="https://example.org/time")
    card = person.stored(publisher.publish(draft, publisher.prepare(draft)))["embed"]["external"]
    assert (card["uri"], card["title"], card["description"]) == (draft.content.link, "Time is now", "")
    assert card["thumb"]["mimeType"] == "image/jpeg"


def test_a_thread_hangs_together(person, publish, post):
    first = publish(post("one"))
    second = publish(post("two", parent=first, root=first))
    said = Receipt(second.url, second.url, Strength.SAID)
    third = publish(post("three", parent=said, root=first))
    assert person.stored(second)["reply"] == {"root": dict(first.extra), "parent": dict(first.extra)}
    assert person.stored(third)["reply"] == {"root": dict(first.extra), "parent": dict(second.extra)}


@pytest.mark.parametrize(
    ("replies", "rules"), [("nobody", []), ("mentioned, following, followers", ["mention", "following", "follower"])]
)
def test_who_may_reply_is_stored_before_the_post_and_gone_with_it(person, connect, post, replies, rules):
    publisher = connect(person, replies=replies)
    draft = post()
    prepared = publisher.prepare(draft)
    ((uri, stored),) = person.gates()
    assert person.records() == []
    assert [rule["$type"] for rule in stored["allow"]] == [f"{GATE}#{rule}Rule" for rule in rules]
    assert publisher.prepare(draft) == prepared, "as often as one likes"
    receipt = publisher.publish(draft, prepared)
    assert (stored["post"], uri) == (receipt.remote_id, receipt.remote_id.replace(POST, GATE))
    second = post("two", parent=receipt, root=receipt)
    publisher.publish(second, publisher.prepare(second))
    assert len(person.gates()) == 1
    publisher.delete(receipt)
    assert person.gates() == []


# -- length ----------------------------------------------------------------------------

LENGTHS = {"cyrillic": "ж", "flag": "🇲🇰", "combined": "e\u0301", "family": "👨‍👩‍👧‍👦", "devanagari": "क्षि"}


@pytest.mark.parametrize("unit", LENGTHS.values(), ids=LENGTHS)
def test_the_server_counts_as_we_do_at_the_limit_and_one_above(person, publisher, publish, post, unit):
    most = min(300, 3000 // len(unit.encode()))
    assert person.stored(publish(post(unit * most)))["text"] == unit * most
    with pytest.raises(Rejected, match=r"graphemes|bytes"):
        publisher.prepare(post(unit * (most + 1)))
    with pytest.raises(Rejected, match="too big"):
        publisher.publish(post(unit * (most + 1)), Prepared({"mentions": {}}))
    assert len(person.records()) == 1


# -- repeats, looks, takedowns ---------------------------------------------------------


def test_asking_twice_posts_once(person, publisher, post):
    draft = post()
    first = publisher.publish(draft, publisher.prepare(draft))
    assert publisher.publish(draft, publisher.prepare(draft)) == first
    with pytest.raises(Duplicate, match="InvalidSwap"):
        publisher.publish(replace(draft, content=Content("Another text")), Prepared())
    assert [record["text"] for record in person.records()] == ["The time is now."]


def test_two_posts_may_say_the_same(person, publish, post):
    publish(post())
    publish(post())
    assert len(person.records()) == 2


def test_a_lost_reply_is_found_out(person, publisher, post, between):
    draft = post()
    prepared = publisher.prepare(draft)
    assert publisher.verify(draft, prepared, draft.due) == Absent()
    between.swallow("repo.putRecord")
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, prepared)
    finally:
        between.pass_on()
    verdict = publisher.verify(draft, prepared, draft.due)
    assert isinstance(verdict, Found)
    assert publisher.publish(draft, prepared) == verdict.receipt
    assert len(person.records()) == 1


def test_what_is_deleted_is_gone_and_twice_is_fine(person, publisher, publish, post):
    draft = post()
    receipt = publish(draft)
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert person.records() == []
    assert publisher.verify(draft, Prepared(), draft.due) == Absent()


# -- credentials -----------------------------------------------------------------------


def test_an_app_password_is_told_from_the_accounts_own(person, connect, tmp_path):
    assert connect(person).inspect().scopes == ("com.atproto.appPass",)
    report = connect(person, password=person.own_password, root=tmp_path / "other").inspect()
    assert "own password" in report.notes[1]


def test_a_session_is_renewed_and_kept(person, connect, post, tmp_path):
    connect(person).prepare(post())
    path = tmp_path / ".drumbeat" / "credentials.json"
    kept = json.loads(path.read_text())
    kept["main"]["access_ends"] = datetime.now(UTC).isoformat()
    path.write_text(json.dumps(kept))
    connect(person).prepare(post())
    renewed = json.loads(path.read_text())["main"]
    assert renewed["refresh"] != kept["main"]["refresh"]
    assert renewed["access_ends"] > kept["main"]["access_ends"]
    assert renewed["logged_in"] == kept["main"]["logged_in"], "renewed, not logged in anew"


def test_an_app_password_that_was_taken_back_asks_for_a_person(person, connect, post, tmp_path):
    connect(person).prepare(post())
    status, _ = ask(person.url, "com.atproto.server.revokeAppPassword", token=person.token, told={"name": "drumbeat"})
    assert status == 200
    path = tmp_path / ".drumbeat" / "credentials.json"
    kept = json.loads(path.read_text())
    kept["main"]["access_ends"] = datetime.now(UTC).isoformat()
    path.write_text(json.dumps(kept))
    with pytest.raises(AuthExpired, match="Invalid identifier or password"):
        connect(person).prepare(post())


def test_too_many_log_ins_say_until_when(between, post, tmp_path):
    inner = Between()
    with serving(inner.port, inner.inner, BLUESKY_LIMITS="1") as url:
        person = newcomer(url)
        account = Account("main", "bluesky", "UTC", handle=person.handle, settings={"server": url})

        def log_in_again_and_again():
            for n in range(40):
                surroundings = Surroundings(tmp_path / str(n), SystemClock(), lambda _: person.password)
                Bluesky.connect(account, surroundings)._sessions.current()

        with pytest.raises(RateLimited, match="Too many log-ins") as caught:
            log_in_again_and_again()
        wait = caught.value.retry_at - datetime.now(UTC)
        assert timedelta() < wait <= timedelta(minutes=5, seconds=1)
    inner.close()


# -- the emulator ----------------------------------------------------------------------


def test_the_server_answers_as_the_emulator_is_held_to(person):
    assert answers(person.url, person.did, person.handle, person.password) == SEEN


# -- the whole way ---------------------------------------------------------------------

CAMPAIGN_FIRST = "Кажи не. #СегаКажувам https://example.org/a"
POSTS = """\
  - {post: alone, at: "DUE", text: "Кажи не. #СегаКажувам https://example.org/a"}
  - {post: pictured, at: "DUE", text: Слика, media: [{file: PICTURE, alt: Жена со мегафон}]}
  - post: thread
    at: "DUE"
    text: |
      Прво
      ---
      Второ
      ---
      Трето
"""


@pytest.fixture
def workspace(tmp_path, person, between):
    """A workspace whose one account is live, with five posts due in `seconds`."""

    def workspace(seconds):
        server = f"http://127.0.0.1:{between.port}"
        settings = {"platform": "bluesky", "handle": person.handle, "server": server, "password": "env:REAL_SECRET"}
        return ready_workspace(tmp_path, "main", settings, POSTS, secret=person.password, seconds=seconds)

    return workspace


@pytest.mark.parametrize("arrives", [True, False], ids=["the reply is lost", "the request is lost"])
def test_a_daemon_that_is_killed_in_between_posts_everything_once(person, workspace, between, arrives):
    """Five posts in one second; the first is on its way when the process dies; the next one finds out."""
    root = workspace(12)
    texts = applied(root, 5)
    if arrives:
        between.swallow("repo.putRecord", hold=True)
    else:
        between.keep("repo.putRecord")
    with daemon(root) as process:
        await_that(between.swallowed.is_set, root)
        process.send_signal(signal.SIGKILL)
        process.wait()
    between.pass_on()
    assert len(person.records()) == int(arrives)
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"].get("sent") == 5, root)
        process.terminate()
        process.wait(30)
    assert sorted(record["text"] for record in person.records()) == sorted(texts)


def test_an_account_is_inspected_and_tried_from_the_command_line(person, workspace):
    root = workspace(3600)
    (inspected,) = drumbeat(root, "accounts", "inspect")["accounts"]
    assert (inspected["works"], inspected["handle"], inspected["troubles"]) == (True, person.handle, [])
    tried = drumbeat(root, "accounts", "test", "main", "--yes")
    assert "error" not in tried, tried
    assert person.records() == []
    assert "accessJwt" not in json.dumps(tried)


def test_what_is_taken_down_is_gone_from_the_server(person, workspace):
    root = workspace(12)
    applied(root, 5)
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"].get("sent") == 5, root)
        process.terminate()
        process.wait(30)
    assert len(person.records()) == 5
    drumbeat(root, "retract", "now/thread/once/main", "--yes")
    assert {record["text"] for record in person.records()} == {"Слика", CAMPAIGN_FIRST}
