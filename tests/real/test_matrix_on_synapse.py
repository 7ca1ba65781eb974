"""Matrix for real: Synapse, the most used homeserver, on loopback, as `matrix-up` starts it.

What others in the room get is compared with what was reviewed, its limit on events with ours,
and what it does with a transaction that it has seen: within one device it is the first event,
on another a second one.
"""

import secrets
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, AuthExpired, RateLimited, Rejected
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Prepared
from scheduler.platforms import platform_named
from scheduler.publishers.base import Absent, Doubles, Found, Replays, Surroundings, Unknown
from scheduler.publishers.matrix import Matrix
from scheduler.publishers.matrix.event import MOST_BYTES, Uploaded, event, size
from tests.real.bluesky.between import Between
from tests.real.running import PICTURE, applied, ask, await_that, daemon, drumbeat, ready_workspace, serving

pytestmark = pytest.mark.real

ACCOUNT = ("room", "matrix")

CLIENT = "/_matrix/client/v3"


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def server(between):
    with serving("matrix", between) as told:
        yield told


@pytest.fixture
def read(server):
    """What another member of the room is shown."""

    def read(path, **query):
        answer = ask("GET", server["MATRIX_URL"] + path, server["MATRIX_READER_TOKEN"], params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


@pytest.fixture
def stored(read, server):
    room = quote(server["MATRIX_ROOM"])
    return lambda receipt: read(f"{CLIENT}/rooms/{room}/event/{quote(receipt.remote_id)}")["content"]


@pytest.fixture
def bodies(read, server):
    """The text of everything in the room that is still there, the newest first."""

    def bodies():
        said = read(f"{CLIENT}/rooms/{quote(server['MATRIX_ROOM'])}/messages", dir="b", limit=1000)["chunk"]
        return [one["content"]["body"] for one in said if one["type"] == "m.room.message" and one["content"]]

    return bodies


@pytest.fixture
def connect(server, tmp_path):
    def connect(token=server["MATRIX_TOKEN"], **settings):
        said = {"server": server["MATRIX_URL"], "room": "#real:real.test", "device": server["MATRIX_DEVICE"]} | settings
        account = Account("room", "matrix", "UTC", settings={name: value for name, value in said.items() if value})
        return Matrix.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: token))

    return connect


@pytest.fixture
def publisher(connect):
    return connect()


class Shown(HTMLParser):
    """The words of a formatted body, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links = "", []
        self.feed(html)

    def handle_data(self, data):
        self.words += data

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name == "href"]
        self.words += "\n" if tag == "br" else ""


# -- what is stored --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Кажи не 👩‍👩‍👧‍👦 1 < 2 & 3 > 2 <b>не</b>",
        "Прва линија\nвтора линија",
        "Прочитај https://example.org/a?b=c&d=e#f *не* _не_ `не` #СегаКажувам @writer:real.test @room",
    ],
)
def test_a_post_is_stored_as_it_was_reviewed(publish, post, stored, text):
    content = stored(publish(post(text)))
    assert content["body"] == text
    assert Shown(content["formatted_body"]).words == text


def test_a_link_in_a_text_can_be_followed(publish, post, stored):
    content = stored(publish(post("Види https://example.org/a?b=c&d=e, сега")))
    assert Shown(content["formatted_body"]).links == ["https://example.org/a?b=c&d=e"]


def test_nobody_is_notified_by_what_a_text_holds(publish, post, read, server):
    """The reader's own push rules decide that, and the server has applied them."""
    receipt = publish(post("@reader:real.test reader @room"))
    told = read(f"{CLIENT}/notifications", limit=50)["notifications"]
    mine = [one for one in told if one["event"]["event_id"] == receipt.remote_id]
    loud = {"set_tweak": "highlight"}
    assert mine
    assert not any(action in (loud, loud | {"value": True}) for one in mine for action in one["actions"])


def test_a_picture_has_the_text_as_its_caption_and_its_own_bytes(publish, post, stored, picture, server, tmp_path):
    draft = post(media=(picture,))
    content = stored(publish(draft))
    assert (content["msgtype"], content["body"]) == ("m.image", draft.content.text)
    assert content["info"] == {"mimetype": "image/png", "size": picture.facts.bytes, "w": 40, "h": 30}
    where = f"{server['MATRIX_URL']}/_matrix/client/v1/media/download/{content['url'].removeprefix('mxc://')}"
    shown = ask("GET", where, server["MATRIX_READER_TOKEN"])
    assert shown.content == (tmp_path / "media" / PICTURE).read_bytes()


def test_a_warning_keeps_the_text_out_of_the_plain_form(publish, post, stored, server):
    draft = post(warning="Насилство")
    content = stored(publish(draft))
    assert draft.content.text not in content["body"]
    assert Shown(content["formatted_body"]).words == draft.content.text
    where = content["body"].partition("(mxc://")[2].rstrip(")")
    hidden = ask(
        "GET", f"{server['MATRIX_URL']}/_matrix/client/v1/media/download/{where}", server["MATRIX_READER_TOKEN"]
    )
    assert hidden.content.decode() == draft.content.text


def test_a_thread_is_a_thread_to_the_server(publish, post, read, server):
    first = publish(post())
    second = publish(post(parent=first, root=first))
    third = publish(post(parent=second, root=first))
    path = f"/_matrix/client/v1/rooms/{quote(server['MATRIX_ROOM'])}/relations/{quote(first.remote_id)}/m.thread"
    assert [one["event_id"] for one in read(path)["chunk"]] == [third.remote_id, second.remote_id]


# -- length ----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["a", "ж", "👩‍👩‍👧‍👦"])
def test_a_text_at_our_limit_is_taken_whole(publish, post, stored, unit):
    most = 30_000 // len(unit.encode())
    (measure,) = platform_named("matrix").measure(unit * most)
    (more,) = platform_named("matrix").measure(unit * (most + 1))
    assert measure.value <= measure.limit < more.value
    assert stored(publish(post(unit * most)))["body"] == unit * most


def test_an_event_at_our_limit_is_taken_and_one_byte_more_is_not_sent(publisher, publish, post, stored, bodies):
    draft = post("a")
    room = MOST_BYTES - size({**event(draft, Uploaded()), "body": ""}) + _formatted(draft)
    exact = replace(draft, content=Content("a" * room))
    assert size(event(exact, Uploaded())) == MOST_BYTES
    assert stored(publish(exact))["body"] == "a" * room
    with pytest.raises(Rejected, match="60,001"):
        publisher.prepare(replace(exact, content=Content("a" * (room + 1))))


def _formatted(draft):
    """What the formatted form takes, which a long event goes without."""
    content = event(draft, Uploaded())
    return size(content) - size({name: said for name, said in content.items() if "format" not in name})


def test_what_the_server_finds_too_large_is_refused_for_good(publisher, post, server):
    draft = post("a" * 66_000)
    with pytest.raises(Rejected, match="too large"):
        publisher.publish(draft, Prepared({"room": server["MATRIX_ROOM"]}))


# -- repeats, looks, takedowns ---------------------------------------------------------


def test_asking_twice_posts_once(publisher, post, bodies):
    draft = post()
    prepared = publisher.prepare(draft)
    first = publisher.publish(draft, prepared)
    assert publisher.publish(draft, prepared) == first
    assert publisher.publish(replace(draft, content=Content("Друго")), prepared) == first
    assert bodies().count(draft.content.text) == 1
    assert isinstance(publisher.capabilities.on_repeat, Replays)


def test_two_posts_may_say_the_same(publish, post, bodies):
    text = f"Пак {secrets.token_hex(8)}"
    publish(post(text))
    publish(post(text))
    assert bodies().count(text) == 2


def test_a_new_device_doubles_and_the_publisher_refuses_it(connect, publish, post, server, bodies):
    draft = post()
    publish(draft)
    who = {"type": "m.id.user", "user": "writer"}
    told = {"type": "m.login.password", "identifier": who, "password": server["MATRIX_PASSWORD"]}
    other = ask("POST", server["MATRIX_URL"] + CLIENT + "/login", json=told).json()["access_token"]
    with pytest.raises(AuthExpired, match="belongs to the device"):
        connect(other).prepare(draft)
    careless = connect(other, device="")
    assert isinstance(careless.capabilities.on_repeat, Doubles)
    careless.publish(draft, careless.prepare(draft))
    assert bodies().count(draft.content.text) == 2, "this is why"


def test_a_post_that_was_never_sent_is_absent_even_where_another_was_taken_down(connect, post, server):
    made = ask("POST", server["MATRIX_URL"] + CLIENT + "/createRoom", server["MATRIX_TOKEN"], json={})
    publisher = connect(room=made.json()["room_id"])
    for draft in (post(), post()):
        receipt = publisher.publish(draft, publisher.prepare(draft))
    publisher.delete(receipt)
    draft = post()
    assert publisher.verify(draft, publisher.prepare(draft), draft.due) == Absent()


def test_a_lost_reply_is_found_out_and_a_repeat_is_the_same_event(publisher, post, between, bodies):
    draft = post()
    prepared = publisher.prepare(draft)
    between.swallow("send/m.room.message")
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, prepared)
    finally:
        between.pass_on()
    verdict = publisher.verify(draft, prepared, draft.due)
    assert isinstance(verdict, Found)
    assert publisher.publish(draft, prepared) == verdict.receipt
    assert bodies().count(draft.content.text) == 1


def test_what_is_deleted_is_gone_for_others_and_twice_is_fine(publisher, publish, post, stored):
    draft = post()
    receipt = publish(draft)
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert stored(receipt) == {}
    assert publisher.verify(draft, Prepared(), draft.due) == Found(receipt), "nothing may send it again"


def test_from_another_device_a_deleted_post_is_no_proof_of_anything(connect, publisher, publish, post, server):
    draft = post()
    publisher.delete(publish(draft))
    who = {"type": "m.id.user", "user": "writer"}
    told = {"type": "m.login.password", "identifier": who, "password": server["MATRIX_PASSWORD"]}
    other = ask("POST", server["MATRIX_URL"] + CLIENT + "/login", json=told).json()["access_token"]
    assert isinstance(connect(other, device="").verify(draft, Prepared(), draft.due), Unknown)


def test_what_others_make_of_a_post_is_counted_and_its_own_next_part_is_not(publisher, publish, post, server):
    first = publish(post())
    publish(post(parent=first, root=first))

    def say(kind, content):
        path = f"{CLIENT}/rooms/{quote(server['MATRIX_ROOM'])}/send/{kind}/{secrets.token_hex(8)}"
        said = ask("PUT", server["MATRIX_URL"] + path, server["MATRIX_READER_TOKEN"], json=content)
        assert said.status_code == 200, said.text

    about = {"event_id": first.remote_id}
    say("m.reaction", {"m.relates_to": about | {"rel_type": "m.annotation", "key": "👍"}})
    say("m.room.message", {"msgtype": "m.text", "body": "Да!", "m.relates_to": about | {"rel_type": "m.thread"}})
    assert publisher.metrics(first).counts == {"reactions": 1, "answers": 1}


# -- credentials and rooms -------------------------------------------------------------


def test_the_account_is_known(publisher):
    report = publisher.inspect()
    assert (report.works, report.handle) == (True, "@writer:real.test")
    assert report.limits["media_bytes"] > 1_000_000


def test_a_wrong_token_asks_for_a_person(connect, post):
    with pytest.raises(AuthExpired):
        connect("no-such-token").prepare(post())


def test_a_room_that_is_not_there_or_not_ours_asks_for_a_person(connect, post):
    for room in ("#nowhere:real.test", "!nowhere:real.test"):
        with pytest.raises(AuthExpired):
            connect(room=room).prepare(post())


def test_an_encrypted_room_asks_for_a_person(connect, post, server):
    state = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    made = ask(
        "POST",
        server["MATRIX_URL"] + CLIENT + "/createRoom",
        server["MATRIX_TOKEN"],
        json={"initial_state": [state]},
    )
    with pytest.raises(AuthExpired, match="encrypted"):
        connect(room=made.json()["room_id"]).prepare(post())


def test_too_many_posts_say_until_when(post, tmp_path):
    inner = Between()
    with serving("matrix", inner, MATRIX_LIMITS="1") as server:
        said = {"server": server["MATRIX_URL"], "room": server["MATRIX_ROOM"], "device": server["MATRIX_DEVICE"]}
        account = Account("room", "matrix", "UTC", settings=said)
        publisher = Matrix.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: server["MATRIX_TOKEN"]))

        def post_again_and_again():
            for _ in range(30):
                publisher.publish(post(), Prepared({"room": server["MATRIX_ROOM"]}))

        with pytest.raises(RateLimited) as caught:
            post_again_and_again()
        wait = caught.value.retry_at - datetime.now(UTC)
        assert timedelta() < wait <= timedelta(seconds=10)
    inner.close()


# -- the whole way ---------------------------------------------------------------------

POSTS = """\
  - {post: alone, at: "DUE", text: "Кажи не. #СегаКажувам https://example.org/a"}
  - {post: pictured, degrade: [alt], at: "DUE", text: Слика, media: [{file: PICTURE, alt: Жена}]}
  - post: thread
    at: "DUE"
    text: |
      Прво
      ---
      Второ
      ---
      Трето
"""


@pytest.mark.parametrize("device", ["DRUMBEAT", ""], ids=["with a device", "without a device"])
def test_a_daemon_that_is_killed_before_the_reply_posts_everything_once(server, between, tmp_path, bodies, device):
    """Five posts in one second; the first reply never comes, the process dies; the next one finds out."""
    before = bodies()
    account = {
        "platform": "matrix",
        "server": server["MATRIX_URL"],
        "room": "#real:real.test",
        "token": "env:REAL_SECRET",
    }
    account |= {"device": device} if device else {}
    root = ready_workspace(tmp_path, "room", account, POSTS, secret=server["MATRIX_TOKEN"], seconds=12)
    texts = applied(root, 5)
    between.swallow("send/m.room.message", hold=True)
    with daemon(root) as process:
        await_that(between.swallowed.is_set, root)
        process.send_signal(signal.SIGKILL)
        process.wait()
    between.pass_on()
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"].get("sent") == 5, root)
        process.terminate()
        process.wait(30)
    made = bodies()
    assert sorted(made[: len(made) - len(before)]) == sorted(texts)
    assert "https://matrix.to/#/" in str(drumbeat(root, "show", "alone"))
