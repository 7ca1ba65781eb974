"""Pictures in public for real: moto's S3 on loopback, as `s3-up` starts it, and botocore's word on our signatures.

The store checks signatures and rights with botocore's own signer. It does not look at the time of
a signed address, nor at the hash of a body: these have only our emulator.
"""

import subprocess
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import AuthExpired, Transient
from scheduler.http.route import DIRECT
from scheduler.media.store import open_store
from scheduler.model.account import Account, Workspace
from scheduler.model.hosting import Bucket
from scheduler.model.media import stored_name
from scheduler.operations.doctor.public import public_pictures, reader
from scheduler.publishers.hosting import hosted
from tests.real.bluesky.between import Between
from tests.real.running import HERE, ask, serving

pytestmark = pytest.mark.real

ACCOUNT = ("main", "threads")
SIGN = HERE / "s3" / "sign.py"


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def store(between):
    with serving("s3", between) as told:
        yield told


@pytest.fixture
def strict(store):
    """From now on the store checks who asks; afterwards it believes everybody."""
    ask("POST", f"{store['S3_URL']}/moto-api/reset-auth", data="0")
    yield store
    ask("POST", f"{store['S3_URL']}/moto-api/reset-auth", data="inf")


@pytest.fixture
def shown(picture, tmp_path):
    """A picture that was approved."""
    with open_store(tmp_path) as store:
        store.copy(picture.facts, tmp_path / "media" / picture.file)
    return picture


@pytest.fixture
def place(store, tmp_path):
    def place(bucket="pictures", *, key="", secret="", **said):
        keys = {"K": key or store["S3_KEY"], "S": secret or store["S3_SECRET"]}
        said = {"prefix": "drumbeat/", "endpoint": store["S3_URL"]} | said
        return hosted(Bucket(bucket, key="K", secret="S", **said), tmp_path, SystemClock(), keys.get, DIRECT)

    return place


def at(store, bucket, name):
    return f"{store['S3_URL']}/{bucket}/drumbeat/{name}"


def parts(address):
    """An address without regard to how its query is ordered."""
    return urlsplit(address)[:3], parse_qs(urlsplit(address).query)


# -- a store that checks -------------------------------------------------------------------


def test_our_signatures_are_taken_for_uploads_looks_and_deletes(strict, place, shown):
    public = place()

    public.address(shown)
    public.address(shown)  # a look says that it is there
    assert public.remove(stored_name(shown.facts)) == ""
    assert public.remove(stored_name(shown.facts)) == ""


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"key": "AKIAOTHER"}, "InvalidAccessKeyId"),
        ({"bucket": "locked"}, "AccessDenied"),
        ({"prefix": "elsewhere/"}, "AccessDenied"),
    ],
)
def test_a_key_that_is_wrong_or_may_not_is_told_by_the_stores_own_code(strict, place, shown, said, code):
    with pytest.raises(AuthExpired, match=code) as caught:
        place(**said).address(shown)
    assert strict["S3_SECRET"] not in caught.value.message + caught.value.mend


# -- what is there -------------------------------------------------------------------------


def test_a_picture_is_read_at_its_signed_address_with_its_type_and_at_no_other(store, place, shown):
    address = place(signed_for=timedelta(hours=1)).address(shown)

    answer = ask("GET", address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, shown.facts.type)
    assert len(answer.content) == shown.facts.bytes
    assert ask("GET", address.partition("?")[0]).status_code == 403


def test_a_bucket_that_everybody_can_read_needs_no_signature(store, place, shown):
    address = place("open", public=f"{store['S3_URL']}/open").address(shown)

    assert address == at(store, "open", stored_name(shown.facts))
    assert ask("GET", address).status_code == 200


def test_an_address_is_signed_as_botocore_signs_it(store, place, shown):
    address = place(signed_for=timedelta(hours=3), region="eu-central-1").address(shown)

    stamp = address.partition("X-Amz-Date=")[2].partition("&")[0]
    command = [store["S3_PYTHON"], "-c", SIGN.read_text(), address.partition("?")[0], "eu-central-1", "10800", stamp]
    keys = f"{store['S3_KEY']} {store['S3_SECRET']}"
    signed = subprocess.run(command, input=keys, capture_output=True, text=True, check=True).stdout.strip()
    assert parts(address) == parts(signed)


def test_a_bucket_that_is_not_there_is_named(store, place, shown):
    with pytest.raises(AuthExpired, match="Bucket missing-one is not in region us-east-1"):
        place("missing-one").address(shown)


def test_what_is_taken_away_is_gone(store, place, shown):
    public = place()
    address = public.address(shown)

    assert public.take_away(lambda: ()) == ()

    assert ask("GET", address).status_code == 404


def test_a_lost_answer_is_asked_again_and_the_copy_is_there_once(store, between, place, shown):
    public = place()
    between.swallow("PUT /pictures")
    with pytest.raises(Transient):
        public.address(shown)
    between.pass_on()

    assert ask("GET", public.address(shown)).status_code == 200
    assert [one.name for one in public.copies()] == [stored_name(shown.facts)]


def test_the_doctor_puts_a_picture_there_reads_it_and_takes_it_away(store, place):
    clock = SystemClock()
    said = Bucket("open", store["S3_URL"], "K", "S", prefix="drumbeat/", public=f"{store['S3_URL']}/open")
    workspace, account = Workspace("w", "UTC", media=said), Account("main", "threads", "UTC", live=True)

    [found] = public_pictures(
        workspace, [account], lambda: place("open", public=said.public), reader(clock, DIRECT), clock.now()
    )

    assert "A test picture was put there, shown, and is gone" in found.message
