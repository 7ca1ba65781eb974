"""A magazine of one's own for real: Ghost, on loopback, as `ghost-up` starts it.

What visitors are served is compared with what was written, and the two steps with their promise: a
draft that nobody sees, one change that makes it visible, and repeats of it that change nothing.
"""

import signal
import time
from dataclasses import replace

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, AuthExpired, Rejected, Transient
from scheduler.model.account import Account
from scheduler.model.delivery import Prepared, Receipt
from scheduler.publishers.articles import slug_of
from scheduler.publishers.base import Absent, Found, Surroundings, Unknown
from scheduler.publishers.ghost.key import AdminKey
from scheduler.publishers.ghost.publisher import API, Ghost
from tests.real.bluesky.between import Between
from tests.real.running import PICTURE, applied, ask, await_that, daemon, drumbeat, ready_workspace, serving
from tests.real.test_wordpress import Seen

pytestmark = pytest.mark.real

ACCOUNT = ("site", "ghost")


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def server(between):
    with serving("ghost", between) as told:
        yield told


@pytest.fixture
def keeper(server):
    """What the administration asks of its site."""

    def keeper(method, path, **what):
        token = AdminKey.read(server["GHOST_KEY"]).token(SystemClock().now())
        return ask(method, server["GHOST_URL"] + API + path, headers={"Authorization": f"Ghost {token}"}, **what)

    return keeper


@pytest.fixture
def stored(keeper):
    return lambda receipt: keeper("GET", f"/posts/{receipt.remote_id}/", params={"formats": "html"}).json()["posts"][0]


@pytest.fixture
def connect(server, tmp_path):
    def connect(key="", **settings):
        account = Account("site", "ghost", "UTC", settings={"server": server["GHOST_URL"]} | settings)
        return Ghost.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: key or server["GHOST_KEY"]))

    return connect


@pytest.fixture
def publisher(connect):
    return connect()


@pytest.fixture
def count(keeper):
    """How many articles and drafts have the post's name, or one made of it."""

    def count(draft):
        said = keeper("GET", "/posts/", params={"filter": f"slug:~^'{slug_of(draft)}'", "limit": 100})
        return len(said.json()["posts"])

    return count


# -- what visitors see -----------------------------------------------------------------


def test_an_article_has_its_title_and_paragraphs_at_the_address_we_chose(publish, post, stored):
    draft = post('Кажи не 🎗️\n\nЕдно,\nдве <b> [x] & "q" -- *a*.\n\nТри', link="https://example.org/a?b=1&c[]=2")
    receipt = publish(draft)
    kept = stored(receipt)
    article = Seen(kept["html"])
    assert (kept["title"], kept["slug"], kept["status"]) == ("Кажи не 🎗️", slug_of(draft), "published")
    assert article.words == ["Едно,", 'две <b> [x] & "q" -- *a*.', "Три", "https://example.org/a?b=1&c[]=2"]
    assert article.links == ["https://example.org/a?b=1&c[]=2"]
    page = ask("GET", receipt.url)
    assert page.status_code == 200
    assert "Кажи не" in page.text
    assert "две &lt;b&gt; [x]" in page.text


def test_a_long_text_comes_out_whole(publish, post, stored):
    assert len(Seen(stored(publish(post(f"Наслов\n\n{'збор ' * 20_000}крај")))["html"]).words[0]) == 100_004


def test_the_first_picture_stands_for_the_article_and_the_next_in_it(publish, post, stored, picture, tmp_path):
    kept = stored(publish(post("Слика", media=(replace(picture, credit="А & Б"), picture))))
    assert (kept["feature_image_alt"], kept["feature_image_caption"]) == ("Жена со мегафон", "А & Б")
    ((source, alt),) = Seen(kept["html"]).pictures
    assert alt == "Жена со мегафон"
    for url in (source, kept["feature_image"]):
        assert ask("GET", url).content == (tmp_path / "media" / PICTURE).read_bytes()


def test_a_film_stands_in_the_text_and_says_what_it_shows(publish, post, stored, film, tmp_path):
    html = stored(publish(post("Филм", media=(film,))))["html"]
    source = html.partition('<video controls src="')[2].partition('"')[0]
    assert ask("GET", source).content == (tmp_path / "media" / "a.mp4").read_bytes()
    assert 'aria-label="Жени пеат"' in html


def test_tags_are_made_where_they_are_missing(connect, post, stored):
    publisher, draft = connect(tags="Say no, #drumbeat"), post()
    kept = stored(publisher.publish(draft, publisher.prepare(draft)))
    assert [(one["name"], one["visibility"]) for one in kept["tags"]] == [
        ("Say no", "public"),
        ("#drumbeat", "internal"),
    ]


def test_a_picture_that_is_none_is_refused(connect, post, picture, tmp_path):
    (tmp_path / "media" / "a.txt").write_bytes((tmp_path / "media" / PICTURE).read_bytes())
    facts = replace(picture.facts, type="text/plain", path="a.txt")
    with pytest.raises(Rejected):
        connect().prepare(post(media=(replace(picture, file="a.txt", facts=facts),)))


# -- two steps -------------------------------------------------------------------------


def test_a_draft_is_seen_by_nobody_and_is_not_sent(publisher, post, server):
    draft = post()
    prepared = publisher.prepare(draft)
    assert ask("GET", f"{server['GHOST_URL']}/{slug_of(draft)}/").status_code == 404
    assert publisher.verify(draft, prepared, draft.due) == Absent()


def test_preparing_again_writes_the_draft_anew(connect, post, count, stored):
    draft = post()
    connect().prepare(draft)
    again = replace(draft, content=replace(draft.content, text="Поинаку"))
    prepared = connect().prepare(again)
    assert stored(connect().publish(again, prepared))["title"] == "Поинаку"
    assert count(draft) == 1


def test_a_repeat_changes_nothing_and_makes_nothing(publisher, post, count, stored):
    draft = post()
    prepared = publisher.prepare(draft)
    first = publisher.publish(draft, prepared)
    before = stored(first)["updated_at"]
    assert publisher.publish(draft, prepared) == first
    assert publisher.publish(draft, publisher.prepare(draft)) == first
    assert stored(first)["updated_at"] == before
    assert count(draft) == 1


def test_a_repeat_is_the_same_even_where_the_article_was_changed_since(publisher, post, keeper, stored):
    draft = post()
    prepared = publisher.prepare(draft)
    first = publisher.publish(draft, prepared)
    change = {"title": "Подобро", "updated_at": stored(first)["updated_at"]}
    assert keeper("PUT", f"/posts/{first.remote_id}/", json={"posts": [change]}).status_code == 200
    assert publisher.publish(draft, prepared) == first
    assert stored(first)["title"] == "Подобро"


def test_a_draft_that_somebody_changed_is_not_published_until_it_is_written_anew(publisher, post, keeper, stored):
    draft = post()
    prepared = publisher.prepare(draft)
    time.sleep(1.1)  # Ghost knows changes by the second
    change = {"title": "Друго", "updated_at": prepared.values["updated_at"]}
    path = f"/posts/{prepared.values['post']}/"
    assert keeper("PUT", path, json={"posts": [change]}).status_code == 200
    with pytest.raises(Transient):
        publisher.publish(draft, prepared)
    assert publisher.verify(draft, prepared, draft.due) == Absent()
    receipt = publisher.publish(draft, publisher.prepare(draft))
    assert stored(receipt)["title"] == draft.content.text


def test_a_draft_that_somebody_deleted_is_refused(publisher, post, keeper):
    draft = post()
    prepared = publisher.prepare(draft)
    assert keeper("DELETE", f"/posts/{prepared.values['post']}/").status_code == 204
    with pytest.raises(Rejected):
        publisher.publish(draft, prepared)
    assert publisher.verify(draft, prepared, draft.due) == Absent()


def test_what_somebody_scheduled_on_the_site_is_a_persons_to_sort_out(publisher, post, keeper):
    draft = post()
    values = publisher.prepare(draft).values
    change = {"status": "scheduled", "published_at": "2099-01-01T00:00:00.000Z", "updated_at": values["updated_at"]}
    assert keeper("PUT", f"/posts/{values['post']}/", json={"posts": [change]}).status_code == 200
    assert isinstance(publisher.verify(draft, Prepared(), draft.due), Unknown)
    with pytest.raises(Rejected, match="mail"):
        publisher.prepare(draft)


def test_a_lost_reply_is_found_out(publisher, post, between, count):
    draft = post()
    prepared = publisher.prepare(draft)
    between.swallow(f"PUT {API}/posts")
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, prepared)
    finally:
        between.pass_on()
    verdict = publisher.verify(draft, prepared, draft.due)
    assert isinstance(verdict, Found)
    assert publisher.publish(draft, prepared) == verdict.receipt
    assert ask("GET", verdict.receipt.url).status_code == 200
    assert count(draft) == 1


def test_what_is_taken_down_is_gone_and_twice_is_fine(publisher, publish, post):
    draft = post()
    receipt = publish(draft)
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert ask("GET", receipt.url).status_code == 404
    again = publish(post())
    publisher.delete(Receipt(again.url))
    assert ask("GET", again.url).status_code == 404


# -- the key ---------------------------------------------------------------------------


def test_the_account_is_known(publisher):
    report = publisher.inspect()
    assert (report.works, report.handle) == (True, "Real")
    assert report.software.startswith("Ghost 5.")


def test_a_key_that_is_not_the_sites_asks_for_a_person(connect, post, server):
    name, _, secret = server["GHOST_KEY"].partition(":")
    for key in (f"{name}:{'00' * 32}", f"{'0' * 24}:{secret}"):
        with pytest.raises(AuthExpired):
            connect(key).prepare(post())
        assert not connect(key).inspect().works


# -- the whole way ---------------------------------------------------------------------

POSTS = """\
  - {post: alone, at: "DUE", text: "Кажи не. #СегаКажувам https://example.org/a"}
  - {post: pictured, at: "DUE", text: Слика, media: [{file: PICTURE, alt: Жена}]}
  - {post: long, at: "DUE", text: "Прво\\n\\nВторо", link: "https://example.org/b"}
"""


def test_a_daemon_that_is_killed_before_the_reply_posts_everything_once(server, between, tmp_path, keeper):
    """Three posts in one second; the first reply never comes, the process dies; the next one finds out."""

    def shown():
        said = keeper("GET", "/posts/", params={"filter": "status:published", "limit": 100}).json()["posts"]
        return {one["id"]: one["title"] for one in said}

    before = shown()
    account = {"platform": "ghost", "server": server["GHOST_URL"], "key": "env:REAL_SECRET"}
    root = ready_workspace(tmp_path, "site", account, POSTS, secret=server["GHOST_KEY"], seconds=15)
    applied(root, 3)
    between.swallow('{"posts": [{"status": "published"', hold=True)
    with daemon(root) as process:
        await_that(between.swallowed.is_set, root)
        process.send_signal(signal.SIGKILL)
        process.wait()
    between.pass_on()
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"].get("sent") == 3, root)
        process.terminate()
        process.wait(30)
    made = [title for post, title in shown().items() if post not in before]
    assert sorted(made) == ["Кажи не. #СегаКажувам https://example.org/a", "Прво", "Слика"]
    assert server["GHOST_URL"] in str(drumbeat(root, "show", "alone"))
