"""The emulated LinkedIn refuses what the pages say that LinkedIn refuses: a lenient one would prove nothing."""

import pytest
import requests

from scheduler.testing.emulators.linkedin import AUTHOR, PAGE, LinkedInServer
from scheduler.testing.emulators.linkedin_rules import read
from scheduler.testing.emulators.linkedin_tokens import PAGE_TOKEN, TOKEN
from tests.contract.conftest import Hands
from tests.contract.linkedin_desk import LITTLE

SPOKEN = {"LinkedIn-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}
PERSON, PAGES = ({"Authorization": f"Bearer {token}", **SPOKEN} for token in (TOKEN, PAGE_TOKEN))
POST = {**LITTLE, "commentary": "Good morning"}
POLL = {"question": "?", "options": [{"text": "a"}, {"text": "b"}], "settings": {"duration": "ONE_DAY"}}


@pytest.fixture
def server():
    with LinkedInServer(Hands()) as running:
        yield running


@pytest.fixture
def ask(server):
    with requests.Session() as http:
        http.trust_env = False

        def ask(method, path, headers, **more):
            return http.request(method, server.url + path, headers=headers, timeout=5, **more)

        yield ask


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({**SPOKEN, "Authorization": "Bearer x"}, 401, "REVOKED_ACCESS_TOKEN"),
        ({"Authorization": f"Bearer {TOKEN}"}, 400, "VERSION_MISSING"),
        ({**PERSON, "LinkedIn-Version": "202605"}, 426, "NONEXISTENT_VERSION"),
        ({**PERSON, "LinkedIn-Version": "202801"}, 426, "NONEXISTENT_VERSION"),
        ({**PERSON, "X-Restli-Protocol-Version": "1.0.0"}, 400, "PROTOCOL_VERSION"),
    ],
)
def test_who_speaks_wrongly_is_not_heard(ask, server, headers, status, code):
    reply = ask("POST", "/rest/posts", headers, json=POST)
    assert (reply.status_code, reply.json()["code"], server.texts) == (status, code, [])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"author": PAGE}, 403),
        ({"author": "urn:li:person:another"}, 403),
        ({"lifecycleState": "DRAFT"}, 400),
        ({"visibility": "FRIENDS"}, 400),
        ({"text": "hello"}, 422),
        ({"commentary": "x" * 3001}, 422),
        ({"content": {}}, 400),
        ({"content": {"poll": POLL, "article": {"source": "x", "title": "y"}}}, 400),
        ({"content": {"article": {"source": "x"}}}, 422),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:1"}]}}}, 422),
        ({"content": {"media": {"id": "urn:li:image:1"}}}, 400),
        ({"content": {"poll": {**POLL, "settings": {"duration": "TWO_DAYS"}}}}, 422),
        ({"content": {"poll": {**POLL, "question": "?" * 141}}}, 422),
    ],
)
def test_a_post_that_is_none_is_refused(ask, server, change, status):
    assert ask("POST", "/rest/posts", PERSON, json={**POST, **change}).status_code == status
    assert server.texts == []


def test_an_organization_has_no_connections(ask):
    said = {**POST, "author": PAGE, "visibility": "CONNECTIONS"}
    assert ask("POST", "/rest/posts", PAGES, json=said).status_code == 400


def test_a_post_is_told_by_a_header_alone(ask):
    reply = ask("POST", "/rest/posts", PERSON, json=POST)
    assert (reply.status_code, reply.content) == (201, b"")
    assert reply.headers["x-restli-id"].startswith("urn:li:share:")


def test_escapes_do_not_count(ask):
    said = {**POST, "commentary": "\\(" * 3000}
    assert ask("POST", "/rest/posts", PERSON, json=said).status_code == 201


def test_a_person_reads_nothing_and_a_finder_names_itself(ask):
    asked = "/rest/posts?q=author&author=urn%3Ali%3Aorganization%3A2414183&sortBy=LAST_MODIFIED"
    assert ask("GET", asked, {**PERSON, "X-RestLi-Method": "FINDER"}).status_code == 403
    assert ask("GET", asked, PAGES).status_code == 400
    assert ask("GET", asked, {**PAGES, "X-RestLi-Method": "FINDER"}).json()["elements"] == []


def test_pictures_want_the_token_and_videos_want_none(ask):
    owner = {"initializeUploadRequest": {"owner": AUTHOR, "fileSizeBytes": 3}}
    image = ask("POST", "/rest/images?action=initializeUpload", PERSON, json=owner).json()["value"]
    where = "/" + image["uploadUrl"].split("/", 3)[3]
    assert ask("PUT", where, {}, data=b"abc").status_code == 401
    assert ask("PUT", where, PERSON, data=b"abc").status_code == 201
    film = ask("POST", "/rest/videos?action=initializeUpload", PERSON, json=owner).json()["value"]
    where = "/" + film["uploadInstructions"][0]["uploadUrl"].split("/", 3)[3]
    assert ask("PUT", where, PERSON, data=b"abc").status_code == 400
    finish = {"finalizeUploadRequest": {"video": film["video"], "uploadToken": "", "uploadedPartIds": []}}
    assert ask("POST", "/rest/videos?action=finalizeUpload", PERSON, json=finish).status_code == 400
    named = ask("PUT", where, {}, data=b"abc").headers["ETag"]
    finish["finalizeUploadRequest"]["uploadedPartIds"] = [named]
    assert ask("POST", "/rest/videos?action=finalizeUpload", PERSON, json=finish).status_code == 200


def test_a_file_of_another_is_not_shown(ask):
    owner = {"initializeUploadRequest": {"owner": PAGE}}
    image = ask("POST", "/rest/images?action=initializeUpload", PERSON, json=owner).json()["value"]["image"]
    said = {**POST, "content": {"media": {"id": image}}}
    assert ask("POST", "/rest/posts", PERSON, json=said).json()["code"] == "INVALID_URN_ID"


def test_counts_want_bare_brackets_around_an_encoded_urn(ask):
    path = "/rest/organizationalEntityShareStatistics?q=organizationalEntity"
    path += "&organizationalEntity=urn%3Ali%3Aorganization%3A2414183&shares="
    assert ask("GET", f"{path}List(urn%3Ali%3Ashare%3A1)", PAGES).json() == {"elements": []}
    assert ask("GET", f"{path}List(urn:li:share:1)", PAGES).status_code == 400
    assert ask("GET", f"{path}%4Cist%28urn%3Ali%3Ashare%3A1%29", PAGES).status_code == 400


@pytest.mark.parametrize(
    ("little", "shown", "kept"),
    [
        ("a (b)", "a ", "a "),
        (r"a \(b\)", "a (b)", r"a \(b\)"),
        ("#tag and {hashtag|#|two}", "#tag and #two", r"{hashtag|\#|tag} and {hashtag|\#|two}"),
        ("@[Ana](urn:li:person:1) @[ana](urn:li:person:1)", "Ana ana", "@[Ana](urn:li:person:1) ana"),
        ("a # b", "a ", "a "),
        ("a \\n", "a ", "a "),
    ],
)
def test_little_text_is_read_sign_by_sign(little, shown, kept):
    assert read(little, {"urn:li:person:1": "Ana"}) == (shown, kept)
