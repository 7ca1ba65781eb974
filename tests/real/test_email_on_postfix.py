"""E-mail for real: Postfix, with mailboxes on disk, on loopback, as `mail-up` starts it.

What lies in the mailbox is compared with what was reviewed, its limit on a mail with what is
refused here, and a process dies while Postfix has the mail: nobody may send it again unasked.
"""

import email
import signal
import smtplib
import time
from email.policy import default
from pathlib import Path

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, Rejected, Transient
from scheduler.model.account import Account
from scheduler.model.delivery import Prepared, Strength
from scheduler.publishers.base import Doubles, Surroundings, Unknown
from scheduler.publishers.email import Email
from scheduler.publishers.email.form import mail
from tests.real.bluesky.between import Between
from tests.real.running import PICTURE, applied, await_that, daemon, drumbeat, ready_workspace, serving

pytestmark = pytest.mark.real

ACCOUNT = ("list", "email")

MOST = 1_048_576
END = "\r\n.\r\n"


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def server(between):
    with serving("mail", between) as told:
        yield told


@pytest.fixture
def box(server):
    """The list's mailbox, empty at the beginning: all mails in it, once there are as many as awaited."""
    folder = Path(server["SMTP_BOXES"]) / "list" / "new"
    for one in folder.glob("*"):
        one.unlink()

    def box(awaited=1):
        deadline = time.monotonic() + 20
        while len(files := sorted(folder.glob("*"))) < awaited:
            assert time.monotonic() < deadline, f"{len(files)} of {awaited} mails"
            time.sleep(0.05)
        return [email.message_from_bytes(one.read_bytes(), policy=default) for one in files]

    return box


@pytest.fixture
def settings(between):
    return {
        "server": f"127.0.0.1:{between.port}",
        "security": "none",
        "from": "Кажи не <writer@real.test>",
        "to": "list@real.test",
        "unsubscribe": "https://example.org/leave, mailto:leave@example.org",
        "list-id": "news.example.org",
    }


@pytest.fixture
def connect(server, settings, tmp_path):
    def connect(**other):
        account = Account("list", "email", "UTC", settings=settings | other)
        return Email.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: ""))

    return connect


@pytest.fixture
def publisher(connect):
    return connect()


def plain(arrived):
    """The plain form with the line ends that a reader's computer has."""
    return arrived.get_body(("plain",)).get_content().replace("\r\n", "\n").removesuffix("\n")


# -- what arrives ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Кажи не 👩‍👩‍👧‍👦 1 < 2 & 3 > 2",
        "Прво\n.\n.точка на почетокот\nFrom почеток\n\nтрето",
        "a" * 3000,
        "Прочитај https://example.org/a?b=c&d=e#f #СегаКажувам = =3D",
    ],
    ids=["signs", "dots", "a long line", "link"],
)
def test_a_post_arrives_once_and_as_it_was_reviewed(publish, post, box, text):
    publish(post(text))
    (arrived,) = box()
    assert plain(arrived) == text
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]


def test_its_headers_arrive_unbroken(publish, post, box):
    draft = post("Кажи не насилство\n\nа потоа", language="mk")
    receipt = publish(draft)
    (arrived,) = box()
    assert receipt.remote_id == arrived["Message-ID"] == f"<{draft.idempotency_key}.drumbeat@real.test>"
    assert receipt.strength is Strength.ACCEPTED
    assert "250" in receipt.extra["answer"]
    assert (arrived["From"], arrived["To"]) == ("Кажи не <writer@real.test>", "list@real.test")
    assert arrived["Subject"] == "Кажи не насилство"
    assert arrived["Date"].datetime == draft.created_at.replace(microsecond=0)
    assert arrived["Content-Language"] == "mk"
    assert arrived["List-Id"] == "<news.example.org>"
    assert arrived["List-Unsubscribe"] == "<https://example.org/leave>, <mailto:leave@example.org>"
    assert arrived["X-Drumbeat-Post"] == draft.idempotency_key
    assert not arrived.defects


def test_a_picture_arrives_with_its_words_in_both_forms(publish, post, box, picture, tmp_path):
    publish(post(media=(picture,)))
    (arrived,) = box()
    (image,) = [part for part in arrived.walk() if part.get_content_type() == "image/png"]
    html = arrived.get_body(("html",)).get_content()
    assert image.get_content() == (tmp_path / "media" / PICTURE).read_bytes()
    assert f"cid:{image['Content-ID'].strip('<>')}" in html
    assert 'alt="Жена со мегафон"' in html
    assert "[Жена со мегафон]" in plain(arrived)


def test_a_warning_is_the_subject_and_comes_first(publish, post, box):
    draft = post(warning="Насилство")
    publish(draft)
    (arrived,) = box()
    assert arrived["Subject"] == "Насилство"
    assert plain(arrived) == f"Насилство\n\n{draft.content.text}"


def test_parts_of_a_thread_answer_each_other(publish, post, box):
    first = publish(post("one"))
    second = publish(post("two", parent=first, root=first))
    publish(post("three", parent=second, root=first))
    arrived = {plain(one): one for one in box(3)}
    assert arrived["two"]["In-Reply-To"] == first.remote_id
    assert arrived["three"]["In-Reply-To"] == second.remote_id
    assert arrived["three"]["References"].split() == [first.remote_id, second.remote_id]


# -- refusals and the limit ------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "meant", "said"),
    [
        ("nobody@real.test", Rejected, "550 5.1.1"),
        ("full@real.test", Rejected, "552 5.2.2"),
        ("someone@example.org", Rejected, "554 5.7.1"),
        ("busy@real.test", Transient, "450 4.3.2"),
    ],
)
def test_a_refused_address_is_for_good_or_for_now_as_the_server_says(connect, post, to, meant, said):
    with pytest.raises(meant, match=said):
        connect(to=to).publish(post(), Prepared())


def test_one_byte_above_the_servers_limit_nothing_is_sent(publisher, post, box):
    """Postfix adds lines of its own and counts them: close below its limit it refuses after the last byte."""
    start = mail(post("a"), publisher._letterhead, {})

    def hand_over(length):
        lines, rest = divmod(length - len(start), 78)
        whole = start + b"\r\n" * (rest // 2) + b"b" * (rest % 2) + (b"b" * 76 + b"\r\n") * lines
        assert len(whole) == length
        return publisher._post.hand_over("writer@real.test", "list@real.test", whole)

    assert hand_over(MOST - 2000).startswith("250")
    assert len(box()) == 1
    with pytest.raises(Rejected, match="552"):
        hand_over(MOST)
    with pytest.raises(Rejected, match="takes 1,048,576"):
        hand_over(MOST + 1)
    assert len(box()) == 1


def test_the_server_itself_refuses_one_byte_more(server, between):
    with smtplib.SMTP("127.0.0.1", between.port) as line:
        line.ehlo()
        assert line.mail("writer@real.test", [f"size={MOST}"])[0] == 250
        line.rset()
        assert line.mail("writer@real.test", [f"size={MOST + 1}"])[0] == 552


def test_the_limit_is_told_before_anything_is_sent(publisher):
    report = publisher.inspect()
    assert report.works
    assert "1,048,576" in report.notes[0]


# -- repeats and lost answers ----------------------------------------------------------


def test_the_server_doubles_and_the_publisher_knows(publisher, publish, post, box):
    """Both copies are the same bytes under one id, so that whoever reads them can tell."""
    draft = post()
    publish(draft)
    publish(draft)
    one, other = box(2)
    assert one["Message-ID"] == other["Message-ID"]
    assert [part.get_content() for part in one.iter_parts()] == [part.get_content() for part in other.iter_parts()]
    assert isinstance(publisher.capabilities.on_repeat, Doubles)


def test_a_lost_answer_is_unknown_and_stays_so(publisher, post, between, box):
    draft = post()
    between.swallow(END)
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, Prepared())
    finally:
        between.pass_on()
    (arrived,) = box()
    verdict = publisher.verify(draft, Prepared(), draft.due)
    assert isinstance(verdict, Unknown)
    assert arrived["Message-ID"] in verdict.reason


# -- the whole way ---------------------------------------------------------------------

POSTS = """\
  - {post: alone, at: "DUE", text: "Кажи не. #СегаКажувам https://example.org/a"}
  - {post: pictured, at: "DUE", text: Слика, media: [{file: PICTURE, alt: Жена со мегафон}]}
  - {post: last, at: "DUE", text: Тешко}
"""


def test_a_daemon_that_is_killed_before_the_answer_mails_nothing_twice(server, between, settings, tmp_path, box):
    """The server has the mail, the process dies: the next one asks a person, and sends only the others."""
    root = ready_workspace(tmp_path, "list", {"platform": "email"} | settings, POSTS, secret="", seconds=12)
    texts = applied(root, 3)
    between.swallow(END, hold=True)
    with daemon(root) as process:
        await_that(between.swallowed.is_set, root)
        process.send_signal(signal.SIGKILL)
        process.wait()
    between.pass_on()
    assert len(box(1)) == 1
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"] == {"sent": 2, "uncertain": 1}, root)
        (need,) = drumbeat(root, "status")["needs_a_person"]
        process.terminate()
        process.wait(30)
    assert need["message"].startswith("No reply came")
    arrived = box(3)
    shown = {plain(one).partition("\n\n[")[0] for one in arrived}
    assert (len(arrived), shown) == (3, set(texts))
