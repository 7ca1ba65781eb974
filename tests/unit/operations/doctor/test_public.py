"""The doctor tries the public place: put there, fetched, the right type, and gone again."""

import http.server
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from scheduler.clock import FixedClock, SystemClock
from scheduler.errors import Transient
from scheduler.http.route import DIRECT
from scheduler.media.picture import look_at
from scheduler.model.account import Account, Workspace
from scheduler.model.hosting import Folder
from scheduler.operations.doctor.public import Served, _test_picture, public_pictures, reader
from scheduler.publishers.hosting import hosted
from scheduler.testing.emulators.loopback import Answer, Loopback
from tests.contract.conftest import picture

NOW = datetime(2027, 6, 30, 7, tzinfo=UTC)
CLOCK = FixedClock(NOW)
PLACE = Folder("https://media.example.org/x", "public/media")


def account(platform="threads", **said):
    return Account("main", platform, "UTC", live=said.pop("live", True))


def looked(root, read, *, place=PLACE, accounts=None, clock=CLOCK):
    workspace = Workspace("w", "UTC", media=place)
    return list(
        public_pictures(
            workspace, accounts or [account()], lambda: hosted(place, root, clock, {}.get, DIRECT), read, clock.now()
        )
    )


def shown_from(root, *, kind="image/jpeg"):
    """A web server that shows the folder."""

    def read(address):
        path = root / "public" / "media" / address.rpartition("/")[2]
        return Served(kind, path.read_bytes()) if path.exists() else None

    return read


def test_a_place_that_works_is_well_and_left_as_it_was(tmp_path):
    [found] = looked(tmp_path, shown_from(tmp_path))

    assert found.verdict == "ok"
    assert "media.example.org showed it as image/jpeg" in found.message
    assert list((tmp_path / "public" / "media").glob("[!.]*")) == []
    assert hosted(PLACE, tmp_path, CLOCK, {}.get, DIRECT).copies() == ()


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda _: None, "shows nothing"),
        (lambda _: Served("image/jpeg", b"<h1>Hello</h1>"), "shows something else"),
    ],
)
def test_a_picture_that_is_not_shown_is_an_error_and_taken_away(tmp_path, read, said):
    [found] = looked(tmp_path, read)

    assert (found.verdict, said in found.message) == ("error", True)
    assert list((tmp_path / "public" / "media").glob("[!.]*")) == []


def test_a_wrong_type_is_an_error_because_platforms_refuse_it(tmp_path):
    [found] = looked(tmp_path, shown_from(tmp_path, kind="application/octet-stream"))
    assert (found.verdict, "application/octet-stream" in found.message) == ("error", True)


def test_a_cache_that_keeps_what_was_taken_away_is_an_error(tmp_path):
    kept = {}

    def cached(address):
        return kept.setdefault(address, shown_from(tmp_path)(address))

    [found] = looked(tmp_path, cached)
    assert (found.verdict, "still shows it" in found.message) == ("error", True)


def test_a_place_that_cannot_be_written_or_reached_is_an_error(tmp_path):
    def away(_):
        raise Transient("https://media.example.org cannot be reached: no address.")

    [found] = looked(tmp_path, away)
    assert (found.verdict, "cannot be reached" in found.message, bool(found.mend)) == ("error", True, True)

    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "public").write_text("in the way")
    [found] = looked(tmp_path / "other", away)
    assert (found.verdict, "cannot be written" in found.message) == ("error", True)


def test_where_nobody_fetches_nothing_is_tried(tmp_path):
    assert looked(tmp_path, pytest.fail, accounts=[account("mastodon")]) == []
    assert looked(tmp_path, pytest.fail, place=None, accounts=[account("mastodon")]) == []
    assert list(tmp_path.iterdir()) == []


def test_an_account_that_could_send_no_picture_is_named(tmp_path):
    [found] = looked(tmp_path, pytest.fail, place=None)
    assert (found.verdict, found.account) == ("warning", "main")
    assert "has no `media:`" in found.message


def test_copies_that_should_have_gone_are_told(tmp_path):
    (tmp_path / "work").mkdir()
    path = picture(tmp_path).file
    place = hosted(PLACE, tmp_path, FixedClock(NOW - timedelta(days=3)), {}.get, DIRECT)
    file = tmp_path / "media" / path
    place.put(_test_picture(tmp_path / "work", NOW - timedelta(days=3)))

    [old, _] = looked(tmp_path, shown_from(tmp_path))
    assert (old.verdict, "older than two days" in old.message) == ("warning", True)
    assert file.exists()


def test_the_test_picture_is_a_whole_one_and_never_the_same(tmp_path):
    first = _test_picture(tmp_path, NOW)
    seen = look_at(first.path, "image/jpeg")
    second = _test_picture(tmp_path, NOW + timedelta(seconds=1))

    assert (seen.width, seen.height) == (1, 1)
    assert first.name != second.name


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def served(tmp_path: Path):
    """The workspace's folder shown by a web server that nobody here wrote."""
    folder = tmp_path / "public" / "media"
    folder.mkdir(parents=True)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_real_web_server_is_read_as_a_platform_would(tmp_path, served):
    clock = SystemClock()
    [found] = looked(tmp_path, reader(clock, DIRECT), place=Folder(served), clock=clock)

    assert found.verdict == "warning"  # it works, and is in one's own network
    assert "shown, and is gone" in found.message


def test_a_redirect_is_not_followed(tmp_path):
    clock = SystemClock()
    with Loopback(lambda _: Answer(302, b"", {"Location": "https://login.example/"}), clock) as door:
        [found] = looked(tmp_path, reader(clock, DIRECT), place=Folder(door.url), clock=clock)

    assert found.verdict == "error"
    assert "https://login.example" in found.message
