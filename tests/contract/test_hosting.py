"""Pictures in public: put where platforms fetch them, by names that say nothing, and taken away again."""

import json
import os
import stat
import threading
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
import requests

from scheduler.errors import AuthExpired, NotReady, RateLimited, Rejected, Transient
from scheduler.http.route import DIRECT, Route
from scheduler.media.store import folder_of, open_store
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.hosting import LEDGER, Bucket, Folder
from scheduler.model.media import stored_name
from scheduler.publishers.base import Surroundings
from scheduler.publishers.hosting import hosted
from scheduler.publishers.hosting.ledger import Ledger
from scheduler.publishers.hosting.place import Copy
from scheduler.publishers.threads import Threads
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.s3 import KEY, SECRET, S3Store
from scheduler.testing.emulators.threads import NAME, ThreadsServer
from tests.contract.conftest import having, picture

FOLDER = Folder("https://media.example.org/drumbeat", "public/media")
KEYS = {"MEDIA_KEY": KEY, "MEDIA_SECRET": SECRET}


def nothing():
    return ()


def frozen(root, name="ana.png", kind="image/png"):
    """A picture of a person, approved and in the store."""
    media = picture(root, name, kind)
    with open_store(root) as store:
        store.copy(media.facts, root / "media" / name)
    return media


@pytest.fixture
def store(clock):
    with S3Store(clock) as store:
        yield store


def bucket(store, **said):
    named = {"bucket": store.bucket, "endpoint": store.url, "key": "MEDIA_KEY", "secret": "MEDIA_SECRET"}
    return Bucket(**{**named, "prefix": "drumbeat/", **said})


@pytest.fixture
def place(request, tmp_path, clock, store):
    """The public copies at a folder, or in a bucket; and the names that lie there."""
    if request.param == "folder":
        folder = tmp_path / FOLDER.folder
        names = lambda: sorted(one.name for one in folder.glob("[!.]*"))  # noqa: E731
        return hosted(FOLDER, tmp_path, clock, KEYS.get, DIRECT), names
    names = lambda: sorted(name.removeprefix("drumbeat/") for name in store.files)  # noqa: E731
    return hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT), names


both = pytest.mark.parametrize("place", ["folder", "bucket"], indirect=True)


# -- putting it there ----------------------------------------------------------------------


@both
def test_a_file_lies_in_public_by_a_name_made_of_its_bytes(tmp_path, place):
    public, names = place
    media = frozen(tmp_path, "ana-vasileva-in-hiding.png")

    address = public.address(media)

    assert names() == [stored_name(media.facts)]
    assert stored_name(media.facts) in address
    assert "ana" not in address
    assert len(stored_name(media.facts).partition(".")[0]) == 40


@both
def test_the_same_file_is_put_there_once(tmp_path, place, store):
    public, names = place
    media = frozen(tmp_path)

    first = public.address(media)

    assert public.address(replace(media, alt="Other words")) == first
    assert len(names()) == 1
    assert store.creates <= 1


def test_whoever_asks_every_few_seconds_costs_no_look_each_time(tmp_path, clock, store):
    public = hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT)
    media = frozen(tmp_path)
    public.address(media)
    asked = len(store.requests)

    for _ in range(5):
        clock.moment += timedelta(seconds=10)
        public.address(media)
    assert len(store.requests) == asked

    public.take_away(nothing)
    public.address(media)
    assert len(store.files) == 1
    clock.moment += timedelta(minutes=3)
    store.files.clear()  # somebody tidied the bucket by hand
    public.address(media)
    assert len(store.files) == 1


@both
def test_what_was_approved_is_shown_never_what_lies_in_media_now(tmp_path, place):
    public, names = place
    media = frozen(tmp_path)
    (tmp_path / "media" / media.file).write_bytes(b"somebody else")

    public.address(media)
    (folder_of(tmp_path) / stored_name(media.facts)).unlink()
    (tmp_path / "media" / media.file).write_bytes(media.file.encode())

    with pytest.raises(Rejected, match="not in the store"):  # as after `withdraw`
        public.address(media)
    assert len(names()) == 1


@pytest.fixture
def closed():
    """A process that lets nobody else read what it writes, as the shipped systemd unit has it."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_a_served_copy_can_be_read_by_the_web_server_and_is_not_for_git(tmp_path, clock, closed):
    public = hosted(FOLDER, tmp_path, clock, KEYS.get, DIRECT)
    media = frozen(tmp_path)

    address = public.address(media)

    name = stored_name(media.facts)
    copy = tmp_path / FOLDER.folder / name
    assert address == f"https://media.example.org/drumbeat/{name}"
    assert copy.read_bytes() == media.file.encode()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o644
    assert [stat.S_IMODE(one.stat().st_mode) for one in (copy.parent, copy.parent.parent)] == [0o755, 0o755]
    assert stat.S_IMODE((tmp_path / ".drumbeat").stat().st_mode) == 0o700
    assert (copy.parent / ".gitignore").read_text() == "*\n"


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path, clock):
    (tmp_path / "public").write_text("in the way")

    with pytest.raises(Transient, match="public/media cannot be written"):
        hosted(FOLDER, tmp_path, clock, KEYS.get, DIRECT).address(frozen(tmp_path))


def test_a_folder_that_leads_out_of_the_workspace_is_not_used(tmp_path, clock):
    root, outside = tmp_path / "workspace", tmp_path / "elsewhere"
    root.mkdir()
    outside.mkdir()
    (root / "public").symlink_to(outside)

    with pytest.raises(Transient, match="leads out"):
        hosted(FOLDER, root, clock, KEYS.get, DIRECT).address(frozen(root))
    assert list(outside.iterdir()) == []


def test_an_upload_says_its_type_and_carries_the_hash_of_its_bytes(tmp_path, clock, store):
    media = frozen(tmp_path, "ana.jpg", "image/jpeg")

    hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT).address(media)

    [found] = store.files.values()
    assert (found.type, found.body) == ("image/jpeg", b"ana.jpg")
    upload = store.requests[-1]
    assert upload.headers["x-amz-content-sha256"] == sha256(b"ana.jpg").hexdigest()
    assert "x-amz-acl" not in upload.headers  # rights are the bucket's own


# -- addresses of a bucket -----------------------------------------------------------------


def test_a_signed_address_can_be_read_until_its_time_is_over(tmp_path, clock, store):
    public = hosted(bucket(store, signed_for=timedelta(hours=2)), tmp_path, clock, KEYS.get, DIRECT)
    address = public.address(frozen(tmp_path))

    fetched = requests.get(address, timeout=5)
    assert (fetched.status_code, fetched.content, fetched.headers["content-type"]) == (200, b"ana.png", "image/png")
    assert requests.get(address.partition("?")[0], timeout=5).status_code == 403
    clock.moment += timedelta(hours=2)
    assert requests.get(address, timeout=5).status_code == 403


def test_where_everybody_may_read_the_address_needs_no_signature(tmp_path, clock, store):
    store.open_to_all = True
    said = bucket(store, public=f"{store.url}/{store.bucket}")

    address = hosted(said, tmp_path, clock, KEYS.get, DIRECT).address(frozen(tmp_path))

    assert "?" not in address
    assert requests.get(address, timeout=5).content == b"ana.png"


def test_no_secret_is_in_an_address(tmp_path, clock, store):
    assert SECRET not in hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT).address(frozen(tmp_path))


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("https://s3.example", "/pictures/drumbeat/a.jpg"),
        ("https://s3.example/store", "/store/pictures/drumbeat/a.jpg"),
        ("https://pictures.s3.example", "/drumbeat/a.jpg"),
        ("https://pictures-of-us.s3.example", "/pictures/drumbeat/a.jpg"),
    ],
)
def test_a_bucket_in_the_hosts_name_is_not_said_twice(tmp_path, clock, store, endpoint, path):
    place = hosted(bucket(store, endpoint=endpoint), tmp_path, clock, KEYS.get, DIRECT).place

    assert place.address("a.jpg").partition("?")[0] == endpoint.removesuffix("/store") + path


# -- when a store says no ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("InvalidAccessKeyId", AuthExpired, "refused"),
        ("SignatureDoesNotMatch", AuthExpired, "refused"),
        ("ExpiredToken", AuthExpired, "refused"),
        ("AccessDenied", AuthExpired, "may not do that in bucket pictures"),
        ("NoSuchBucket", AuthExpired, "is not in region us-east-1"),
        ("AuthorizationHeaderMalformed", AuthExpired, "is not in region us-east-1"),
        ("RequestTimeTooSkewed", Transient, "clock is off"),
        ("XAmzContentSHA256Mismatch", Transient, "did not arrive whole"),
        ("EntityTooLarge", Rejected, "400"),
    ],
)
def test_what_a_store_says_becomes_what_a_person_can_do(tmp_path, clock, store, code, kind, said):
    store.troubles = [code, code]  # the look first, then the upload, which is told why

    with pytest.raises(kind, match=said) as caught:
        hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT).address(frozen(tmp_path))
    assert SECRET not in f"{caught.value.message} {caught.value.mend}"
    assert KEY not in f"{caught.value.message} {caught.value.mend}"


def test_a_store_that_is_busy_is_asked_later(tmp_path, clock, store):
    store.troubles = ["SlowDown"]

    with pytest.raises((Transient, RateLimited)):
        hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT).address(frozen(tmp_path))


def test_a_store_that_is_away_is_asked_later(tmp_path, clock, store):
    public = hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT)
    store.door.refuse()

    with pytest.raises(Transient, match="cannot be reached"):
        public.address(frozen(tmp_path))


@pytest.mark.parametrize(
    ("keys", "missing"), [({}, "MEDIA_KEY"), ({"MEDIA_KEY": KEY}, "MEDIA_SECRET"), ({"MEDIA_SECRET": "x"}, "MEDIA_KEY")]
)
def test_a_key_that_is_not_set_is_named(tmp_path, clock, store, keys, missing):
    with pytest.raises(AuthExpired, match=f"{missing} of `media:` is not set"):
        hosted(bucket(store), tmp_path, clock, keys.get, DIRECT).address(frozen(tmp_path))
    assert store.requests == []


def test_another_key_another_region_and_a_clock_that_is_off_are_told_apart(tmp_path, clock, store):
    media = frozen(tmp_path)

    def told(keys=KEYS, **said):
        with pytest.raises((AuthExpired, Transient)) as caught:
            hosted(bucket(store, **said), tmp_path, clock, keys.get, DIRECT).address(media)
        return caught.value.message

    assert "InvalidAccessKeyId" in told(KEYS | {"MEDIA_KEY": "AKIAOTHER"})
    assert "SignatureDoesNotMatch" in told(KEYS | {"MEDIA_SECRET": "other"})
    assert "AuthorizationHeaderMalformed" in told(region="eu-central-1")
    assert "NoSuchBucket" in told(bucket="others")


def test_a_store_outside_is_reached_through_the_proxy_only(tmp_path, clock, store):
    said = bucket(store, endpoint="https://s3.example")

    with pytest.raises(Transient, match=r"https://s3\.example cannot be reached"):
        hosted(said, tmp_path, clock, KEYS.get, Route(proxy="http://127.0.0.1:9")).address(frozen(tmp_path))


# -- taking it away ------------------------------------------------------------------------


@both
def test_what_nobody_needs_goes_and_what_is_needed_stays(tmp_path, place):
    public, names = place
    ana, emma = frozen(tmp_path, "ana.png"), frozen(tmp_path, "emma.png")
    public.address(ana)
    public.address(emma)

    assert public.take_away(lambda: {stored_name(emma.facts)}) == ()

    assert names() == [stored_name(emma.facts)]
    assert [one.name for one in public.copies()] == [stored_name(emma.facts)]


@both
def test_what_was_asked_for_lately_stays_for_its_day(tmp_path, place, clock):
    public, names = place
    public.address(frozen(tmp_path))

    public.take_away(nothing, before=clock.now())
    assert len(names()) == 1
    clock.moment += timedelta(hours=25)
    public.take_away(nothing, before=clock.now() - timedelta(days=1))
    assert names() == []


@both
def test_taking_away_what_is_gone_is_fine(tmp_path, place):
    public, names = place
    media = frozen(tmp_path)
    public.address(media)

    assert public.remove(stored_name(media.facts)) == ""
    assert public.remove(stored_name(media.facts)) == ""
    assert (names(), public.copies()) == ([], ())


@both
def test_an_upload_under_way_takes_itself_away_when_it_is_taken_back_meanwhile(tmp_path, place, monkeypatch):
    public, names = place
    put = public.place.put

    def slow(copy):
        taker = threading.Thread(target=public.take_away, args=(nothing,))
        taker.start()
        taker.join()
        put(copy)

    monkeypatch.setattr(public.place, "put", slow)
    with pytest.raises(Transient, match="taken away while"):
        public.address(frozen(tmp_path))
    assert names() == []


def test_nothing_is_put_anywhere_that_the_ledger_does_not_know(tmp_path, clock, store):
    public = hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT)
    store.troubles = ["NoSuchKey", "SlowDown"]
    media = frozen(tmp_path)

    with pytest.raises((Transient, RateLimited)):
        public.address(media)

    assert [one.name for one in public.copies()] == [stored_name(media.facts)]


def test_what_cannot_be_taken_away_is_said_and_tried_again(tmp_path, clock, store):
    public = hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT)
    public.address(frozen(tmp_path))
    store.troubles = ["AccessDenied"]

    [left] = public.take_away(nothing)
    assert "may still lie in bucket" in left
    assert public.take_away(nothing) == ()
    assert store.files == {}


@both
def test_what_somebody_died_over_taking_away_goes_with_the_next_round(tmp_path, place, clock):
    public, names = place
    media = frozen(tmp_path)
    public.address(media)
    [kept] = public.copies()
    Ledger(tmp_path).goes(kept.where, kept.name)

    public.take_away(nothing, before=clock.now() - timedelta(days=1))

    assert (names(), public.copies()) == ([], ())


def test_a_folder_of_before_is_emptied_and_a_bucket_of_before_is_named(tmp_path, clock, store):
    ana, emma = frozen(tmp_path, "ana.png"), frozen(tmp_path, "emma.png")
    hosted(FOLDER, tmp_path, clock, KEYS.get, DIRECT).address(ana)
    hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT).address(emma)

    [left] = hosted(None, tmp_path, clock, KEYS.get, DIRECT).take_away(nothing)

    assert stored_name(emma.facts) in left
    assert "does not name any more" in left
    assert not (tmp_path / FOLDER.folder / stored_name(ana.facts)).exists()


def test_a_workspace_without_a_place_puts_nothing_anywhere(tmp_path, clock):
    with pytest.raises(Rejected, match="no `media:`"):
        hosted(None, tmp_path, clock, KEYS.get, DIRECT).address(frozen(tmp_path))


# -- the ledger ----------------------------------------------------------------------------


def test_the_ledger_holds_no_words_of_anybody(tmp_path, clock):
    hosted(FOLDER, tmp_path, clock, KEYS.get, DIRECT).address(frozen(tmp_path, "ana-vasileva.png"))

    written = tmp_path.joinpath(*LEDGER).read_text()
    assert "ana" not in written
    assert len(json.loads(written)) == 1


def test_many_at_once_forget_nothing(tmp_path, clock):
    ledger = Ledger(tmp_path)
    names = [f"{number:040x}.jpg" for number in range(24)]
    askers = [threading.Thread(target=ledger.ask, args=("folder public/media", one, clock.now())) for one in names]

    for one in askers:
        one.start()
    for one in askers:
        one.join()

    assert sorted(one.name for one in ledger.copies()) == names


def test_what_is_asked_for_again_while_it_goes_stays_known(tmp_path, clock):
    ledger = Ledger(tmp_path)
    ledger.ask("folder a", "x.jpg", clock.now())
    ledger.goes("folder a", "x.jpg")
    assert not ledger.stands("folder a", "x.jpg")

    ledger.ask("folder a", "x.jpg", clock.now())
    ledger.gone("folder a", "x.jpg")

    assert ledger.stands("folder a", "x.jpg")


def test_a_ledger_that_cannot_be_read_lets_nothing_out_and_is_said(tmp_path, clock):
    public = hosted(FOLDER, tmp_path, clock, KEYS.get, DIRECT)
    media = frozen(tmp_path)
    tmp_path.joinpath(*LEDGER).write_text("[1")

    with pytest.raises(Transient, match="cannot be read"):
        public.address(media)
    [left] = public.take_away(nothing)
    assert "cannot be read" in left
    assert not (tmp_path / FOLDER.folder).exists()


def test_a_big_upload_has_more_time(tmp_path, clock, store):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0" * 3_000_000)
    digest = sha256(film.read_bytes()).hexdigest()

    hosted(bucket(store), tmp_path, clock, KEYS.get, DIRECT).put(Copy("f.mp4", film, "video/mp4", digest, 3_000_000))

    assert len(store.files["drumbeat/f.mp4"].body) == 3_000_000


# -- whoever fetches -----------------------------------------------------------------------


def test_threads_is_told_an_address_at_which_the_approved_picture_lies(tmp_path, clock, store):
    said = bucket(store, public="https://pictures.example.org")
    public = hosted(said, tmp_path, clock, KEYS.get, DIRECT)
    media = frozen(tmp_path, "ana.png"), frozen(tmp_path, "emma.png")

    with ThreadsServer(clock) as server:
        account = Account(
            "main", "threads", "UTC", handle=NAME, settings={"server": server.url}, secrets={"token": "T"}
        )
        publisher = Threads.connect(account, Surroundings(tmp_path, clock, lambda _: TOKEN, public=public))
        post = having(Content("Two women", media=media))
        with pytest.raises(NotReady):
            publisher.prepare(post)
        told = [box.asked["image_url"] for box in server.boxes.values() if "image_url" in box.asked]

    names = [address.removeprefix("https://pictures.example.org/") for address in told]
    assert [store.files[name].body for name in names] == [b"ana.png", b"emma.png"]
    assert {store.files[name].type for name in names} == {"image/png"}
