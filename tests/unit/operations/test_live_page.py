"""The page that a browser follows: served to this computer alone, and made anew when a file changes."""

import http.client
import json
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from scheduler.errors import UsageError, WorkspaceError
from scheduler.finding import Place, error
from scheduler.operations.live_page import LivePage, kept, served
from scheduler.operations.watching import changes

LONG = 20.0

# each phase of a test begins with filters of its own; see `operations/watching.py`
pytestmark = pytest.mark.filterwarnings("ignore:Callback with id:RuntimeWarning")


@contextmanager
def asked(address, path, *, method="GET", host=None):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=LONG)
    try:
        connection.request(method, path, headers={"Host": host} if host else {})
        yield connection.getresponse()
    finally:
        connection.close()


@pytest.fixture
def page():
    return LivePage()


@pytest.fixture
def address(page):
    with served(page, port=0) as address:
        yield address


def test_the_page_is_served_as_it_was_made(page, address):
    page.show("<p>Ден</p>")
    with asked(address, "/page") as answer:
        assert (answer.status, answer.read().decode()) == (200, "<p>Ден</p>")
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_frame_runs_only_what_comes_from_here(address):
    for path, words in (("/", "live.js"), ("/live.js", "follow()"), ("/live.css", "iframe")):
        with asked(address, path) as answer:
            assert words in answer.read().decode()
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "example.org:8420", "[::1]:8420"])
def test_who_asks_by_another_name_reads_nothing(page, address, host):
    page.show("the plans of a whole week")
    with asked(address, "/page", host=host) as answer:
        assert answer.status == 403
        assert "week" not in answer.read().decode()


def test_localhost_is_this_computer_too(address):
    with asked(address, "/", host=f"localhost:{urlsplit(address).port}") as answer:
        assert answer.status == 200


def test_nothing_else_is_served(address):
    for path in ("/drumbeat.yaml", "/../.env", "/%2e%2e/.env", "/live.html/../.env"):
        with asked(address, path) as answer:
            assert answer.status == 404


def test_nothing_can_be_changed_from_a_browser(address):
    with asked(address, "/", method="POST") as answer:
        assert answer.status == 405


def test_who_waits_for_news_is_told_at_once(page, address):
    page.show("one")
    heard = []

    def listen():
        with asked(address, "/news?since=1") as answer:
            heard.append(json.load(answer))

    listener = threading.Thread(target=listen)
    listener.start()
    page.show("two")
    listener.join(LONG)
    assert heard == [{"version": 2, "page": 2, "trouble": ""}]


def test_without_news_the_question_ends_by_itself(page):
    page.show("one")
    assert page.news(1, seconds=0.01) == {"version": 1, "page": 1, "trouble": ""}


def test_a_taken_port_is_told_with_the_way_out(page, address):
    with pytest.raises(UsageError, match="taken") as refused, served(page, port=urlsplit(address).port):
        pass
    assert "--watch 9000" in refused.value.mend


class Enough(Exception):
    pass


def test_with_a_mistake_in_a_file_the_last_good_page_stays(page):
    wrong = WorkspaceError(
        "1 error to mend first.", [error("yaml-tab", "A tab.", place=Place("campaigns/a.yaml", 3, 1))]
    )
    made = iter([lambda: "good", wrong, lambda: "mended"])
    said, told = [], []

    def make():
        step = next(made)
        if isinstance(step, Exception):
            raise step
        return step()

    def wait():
        said.append((page.html.decode(), page.news(-1)["trouble"]))
        if len(said) == 3:
            raise Enough

    with pytest.raises(Enough):
        kept(page, make, wait, told=told.append)
    assert [html for html, _ in said] == ["good", "good", "mended"]
    assert "campaigns/a.yaml:3:1: A tab." in said[1][1]
    assert said[2][1] == ""
    assert told == [said[1][1], "All is well again."]


@pytest.fixture
def waits(tmp_path):
    """Starts to wait for a change of the workspace and answers whether it comes."""
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "drumbeat.yaml").touch()
    with changes(tmp_path) as wait:

        def follows(change, *, seconds=LONG):
            waiter = threading.Thread(target=wait, daemon=True)
            waiter.start()
            change()
            waiter.join(seconds)
            return not waiter.is_alive()

        yield follows


def test_a_saved_campaign_is_noticed(tmp_path, waits):
    assert waits(lambda: (tmp_path / "campaigns" / "a.yaml").write_text("x"))


def test_a_file_put_in_the_place_of_another_is_noticed(tmp_path, waits):
    (tmp_path / "new").write_text("x")
    assert waits(lambda: (tmp_path / "new").replace(tmp_path / "drumbeat.yaml"))


def test_a_folder_that_comes_later_is_watched_too(tmp_path, waits):
    assert waits(lambda: (tmp_path / "templates" / "posts").mkdir(parents=True))
    assert waits(lambda: (tmp_path / "templates" / "posts" / "a.j2").write_text("x"))


def test_a_folder_that_goes_and_comes_again_is_watched_again(tmp_path, waits):
    assert waits((tmp_path / "campaigns").rmdir)
    assert waits((tmp_path / "campaigns").mkdir)
    assert waits(lambda: (tmp_path / "campaigns" / "a.yaml").write_text("x"))


def test_the_queue_wakes_nobody(tmp_path, waits):
    (tmp_path / ".drumbeat").mkdir()
    assert not waits(lambda: (tmp_path / ".drumbeat" / "outbox.db").write_text("x"), seconds=0.3)
