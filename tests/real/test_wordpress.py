"""A site of one's own for real: WordPress, on loopback, as `wordpress-up` starts it.

What visitors see is compared with what was written, pictures with their files; a name that is
taken gets `-2`, and what became of a lost answer is found out, be it in the trash.
"""

import signal
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, AuthExpired, Rejected
from scheduler.model.account import Account
from scheduler.model.content import Media
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.articles import slug_of
from scheduler.publishers.base import Absent, Found, Surroundings, Unknown
from scheduler.publishers.wordpress import WordPress
from tests.real.bluesky.between import Between
from tests.real.running import PICTURE, applied, ask, await_that, daemon, drumbeat, ready_workspace, serving

pytestmark = pytest.mark.real

ACCOUNT = ("site", "wordpress")

API = "/wp-json/wp/v2"


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def server(between):
    with serving("wordpress", between) as told:
        yield told


@pytest.fixture
def keeper(server):
    """What the site's administrator asks of it."""
    pair = b64encode(f"keeper:{server['WORDPRESS_KEEPER']}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}"}
    return lambda method, path, **what: ask(
        method, server["WORDPRESS_URL"] + API + path, headers=headers, **what
    ).json()


class Seen(HTMLParser):
    """An article as a visitor sees it: its words by paragraph, links, and pictures with what is said of them."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.pictures = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag in {"p", "br", "figcaption"}:
            self.words.append("")
        if tag == "a":
            self.links.append(told["href"])
        if tag == "img":
            self.pictures.append((told["src"], told["alt"]))

    def handle_data(self, text):
        if self.words:
            self.words[-1] += text.strip("\n")


@pytest.fixture
def seen(server):
    """What anybody is shown of a post, without logging in."""

    def seen(receipt):
        answer = ask("GET", f"{server['WORDPRESS_URL']}{API}/posts/{receipt.remote_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return seen


@pytest.fixture
def connect(server, tmp_path):
    def connect(who="writer", password="", at="", **settings):
        said = {"server": at or server["WORDPRESS_URL"], "user": who} | settings
        account = Account("site", "wordpress", "UTC", settings=said)
        secret = password or server[f"WORDPRESS_{who.upper()}"]
        return WordPress.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: secret))

    return connect


@pytest.fixture
def publisher(connect):
    return connect()


@pytest.fixture
def count(keeper):
    """How many articles there are whose address begins with the post's name, whatever their state."""

    def count(draft):
        names = ",".join(slug_of(draft) + more for more in ("", "-2", "-3", "__trashed"))
        return len(keeper("GET", "/posts", params={"slug": names, "status": "any,trash"}))

    return count


# -- what visitors see -----------------------------------------------------------------


def test_an_article_has_its_title_and_paragraphs_at_the_address_we_chose(publish, post, seen, server):
    draft = post("Кажи не 🎗️\n\nЕдно,\nдве.\n\nТри #СегаКажувам", link="https://example.org/a?b=1&c=2")
    receipt = publish(draft)
    shown = seen(receipt)
    article = Seen(shown["content"]["rendered"])
    assert (shown["title"]["rendered"], shown["slug"], shown["status"]) == ("Кажи не 🎗️", slug_of(draft), "publish")
    assert article.words == ["Едно,", "две.", "Три #СегаКажувам", "https://example.org/a?b=1&c=2"]
    assert article.links == ["https://example.org/a?b=1&c=2"]
    page = ask("GET", receipt.url)
    assert page.status_code == 200
    assert "Кажи не" in page.text


def test_nothing_in_a_text_is_run_or_taken_for_markup(publish, post, seen):
    text = "5 < 6 & [gallery]\n\n[caption]a[/caption] <b>b</b> <script>c</script> &amp; <!-- wp:html --> \\n [15]"
    shown = seen(publish(post(text)))
    assert Seen(f"<p>{shown['title']['rendered']}").words == ["5 < 6 & [gallery]"]
    assert Seen(shown["content"]["rendered"]).words == [text.partition("\n\n")[2].replace("--", "–")], "its dashes"


def test_a_link_with_brackets_and_a_long_text_come_out_whole(publish, post, seen):
    shown = seen(publish(post(f"Title\n\n{'збор ' * 20_000}крај https://example.org/?a[]=1&b=(2)")))
    article = Seen(shown["content"]["rendered"])
    assert article.links == ["https://example.org/?a[]=1&b=(2)"]
    assert len(article.words[0]) == 100_000 + len("крај https://example.org/?a[]=1&b=(2)")


def test_a_picture_has_its_words_and_its_own_bytes(publish, post, seen, keeper, picture, tmp_path):
    receipt = publish(post("Слика", media=(replace(picture, credit="А & Б"),)))
    ((source, alt),) = Seen(seen(receipt)["content"]["rendered"]).pictures
    assert alt == "Жена со мегафон"
    assert ask("GET", source).content == (tmp_path / "media" / PICTURE).read_bytes()
    stored = keeper("GET", f"/media/{receipt.extra['files'][0]}", params={"context": "edit"})
    assert (stored["alt_text"], stored["caption"]["raw"]) == ("Жена со мегафон", "А &amp; Б")


def test_a_film_stands_in_the_text_and_says_what_it_shows(publish, post, seen, film, tmp_path):
    html = seen(publish(post("Филм", media=(film,))))["content"]["rendered"]
    source = html.partition('<video controls src="')[2].partition('"')[0]
    assert ask("GET", source).content == (tmp_path / "media" / "a.mp4").read_bytes()
    assert 'aria-label="Жени пеат"' in html


def test_the_first_picture_may_stand_for_the_article(connect, post, seen, picture):
    publisher = connect(featured="yes")
    draft = post("Слика", media=(picture,))
    receipt = publisher.publish(draft, publisher.prepare(draft))
    assert seen(receipt)["featured_media"] == receipt.extra["files"][0]
    assert Seen(seen(receipt)["content"]["rendered"]).pictures == []


def test_preparing_again_uploads_nothing_again(connect, post, picture):
    draft = post("Слика", media=(picture,))
    assert connect().prepare(draft) == connect().prepare(draft)


def test_a_file_that_the_site_does_not_take_is_refused_for_good(connect, post, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.svg").write_bytes(b"<svg/>")
    facts = MediaFacts("a.svg", sha256(b"<svg/>").hexdigest(), "image/svg+xml", 6)
    with pytest.raises(Rejected, match="does not take a file"):
        connect().prepare(post("Слика", media=(Media("a.svg", facts=facts),)))


def test_categories_are_looked_up_and_a_missing_one_is_told(connect, post, seen, keeper):
    publisher, draft = connect(categories="say-no"), post()
    receipt = publisher.publish(draft, publisher.prepare(draft))
    (category,) = keeper("GET", "/categories", params={"slug": "say-no"})
    assert seen(receipt)["categories"] == [category["id"]]
    with pytest.raises(AuthExpired, match="no 'nothing'"):
        connect(categories="nothing").prepare(draft)


# -- repeats, looks, takedowns ---------------------------------------------------------


def test_a_repeat_makes_a_second_article_which_a_look_tells(publisher, publish, post, count):
    draft = post()
    first, second = publish(draft), publish(draft)
    assert count(draft) == 2
    assert second.url.rstrip("/").endswith("-2")
    verdict = publisher.verify(draft, Prepared(), draft.due)
    assert isinstance(verdict, Unknown)
    assert second.url in verdict.reason
    publisher.delete(second)
    assert publisher.verify(draft, Prepared(), draft.due) == Found(first)


def test_a_lost_reply_is_found_out(publisher, post, between, count):
    draft = post()
    prepared = publisher.prepare(draft)
    between.swallow(f"POST {API}/posts")
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, prepared)
    finally:
        between.pass_on()
    verdict = publisher.verify(draft, prepared, draft.due)
    assert isinstance(verdict, Found)
    assert ask("GET", verdict.receipt.url).status_code == 200
    assert count(draft) == 1


def test_what_was_never_sent_is_absent(publisher, post):
    assert publisher.verify(post(), Prepared(), post().due) == Absent()


def test_what_lies_in_the_trash_is_never_called_absent(publisher, publish, post, keeper):
    draft = post()
    keeper("DELETE", f"/posts/{publish(draft).remote_id}")
    verdict = publisher.verify(draft, Prepared(), draft.due)
    assert isinstance(verdict, Unknown)
    assert "trash" in verdict.reason


def test_what_is_taken_down_is_gone_with_its_file_and_twice_is_fine(publisher, publish, post, seen, keeper, picture):
    draft = post("Слика", media=(picture,))
    receipt = publish(draft)
    ((source, _),) = Seen(seen(receipt)["content"]["rendered"]).pictures
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert ask("GET", receipt.url).status_code == 404
    assert not ask("GET", source).headers["Content-Type"].startswith("image/"), "WordPress leads to what is similar"
    assert keeper("GET", f"/media/{receipt.extra['files'][0]}")["data"]["status"] == 404
    assert publisher.verify(draft, Prepared(), draft.due) == Absent()


def test_an_article_is_taken_down_by_the_address_that_a_person_gave(publisher, publish, post):
    receipt = publish(post())
    publisher.delete(Receipt(receipt.url))
    assert ask("GET", receipt.url).status_code == 404


def test_comments_are_counted(publisher, publish, post, keeper):
    receipt = publish(post())
    keeper("POST", "/comments", json={"post": int(receipt.remote_id), "content": "Да!"})
    assert publisher.metrics(receipt).counts == {"comments": 1}


# -- who may -----------------------------------------------------------------------------


def test_who_may_not_publish_is_met_before_the_moment_and_makes_nothing(connect, publisher, post, count):
    guest, draft = connect("guest"), post()
    with pytest.raises(AuthExpired, match="lacks the right to publish posts"):
        guest.prepare(draft)
    assert not guest.inspect().works
    with pytest.raises(AuthExpired, match="not allowed to publish"):
        guest.publish(draft, publisher.prepare(draft))
    assert count(draft) == 0


def test_a_post_that_an_editor_takes_back_is_still_found_and_no_longer_proven(publisher, publish, post, keeper):
    draft = post()
    receipt = publish(draft)
    keeper("POST", f"/posts/{receipt.remote_id}", json={"status": "pending"})
    verdict = publisher.verify(draft, Prepared(), draft.due)
    assert isinstance(verdict, Found)
    assert (verdict.receipt.remote_id, verdict.receipt.strength) == (receipt.remote_id, Strength.ACCEPTED)


def test_a_wrong_password_asks_for_a_person_and_never_finds_anything_absent(connect, publisher, post):
    wrong, draft = connect(password="nothing of the kind"), post()
    with pytest.raises(AuthExpired):
        wrong.prepare(draft)
    assert not wrong.inspect().works
    with pytest.raises(AuthExpired):
        wrong.publish(draft, publisher.prepare(draft))


def test_the_account_is_known_and_one_that_may_do_everything_is_said(connect, publisher):
    report = publisher.inspect()
    assert (report.works, report.handle, report.scopes, report.notes) == (True, "writer", ("author",), ())
    assert "everything on the site" in connect("keeper").inspect().notes[0]


def test_a_site_with_plain_addresses_works_the_same(connect, post):
    inner = Between()
    with serving("wordpress", inner, WORDPRESS_PLAIN="1") as plain:
        publisher = connect(password=plain["WORDPRESS_WRITER"], at=plain["WORDPRESS_URL"])
        draft = post("Кажи не", link="https://example.org/")
        prepared = publisher.prepare(draft)
        assert prepared.values["api"] == "/?rest_route="
        receipt = publisher.publish(draft, prepared)
        assert "?p=" in receipt.url
        assert publisher.verify(draft, prepared, draft.due) == Found(receipt)
        publisher.delete(Receipt(receipt.url))
        assert publisher.verify(draft, prepared, draft.due) == Absent()
    inner.close()


# -- the whole way ---------------------------------------------------------------------

POSTS = """\
  - {post: alone, at: "DUE", text: "Кажи не. #СегаКажувам https://example.org/a"}
  - {post: pictured, at: "DUE", text: Слика, media: [{file: PICTURE, alt: Жена}]}
  - {post: long, at: "DUE", text: "Прво\\n\\nВторо", link: "https://example.org/b"}
"""


def test_a_daemon_that_is_killed_before_the_reply_posts_everything_once(server, between, tmp_path, keeper):
    """Three posts in one second; the first reply never comes, the process dies; the next one finds out."""
    before = {one["id"] for one in keeper("GET", "/posts", params={"per_page": 100, "status": "any"})}
    account = {
        "platform": "wordpress",
        "server": server["WORDPRESS_URL"],
        "user": "writer",
        "password": "env:REAL_SECRET",
    }
    root = ready_workspace(tmp_path, "site", account, POSTS, secret=server["WORDPRESS_WRITER"], seconds=15)
    applied(root, 3)
    between.swallow(f"POST {API}/posts", hold=True)
    with daemon(root) as process:
        await_that(between.swallowed.is_set, root)
        process.send_signal(signal.SIGKILL)
        process.wait()
    between.pass_on()
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"].get("sent") == 3, root)
        process.terminate()
        process.wait(30)
    made = [
        one for one in keeper("GET", "/posts", params={"per_page": 100, "status": "any"}) if one["id"] not in before
    ]
    titles = ["Кажи не. #СегаКажувам https://example.org/a", "Прво", "Слика"]
    assert sorted(one["title"]["rendered"] for one in made) == titles
    assert server["WORDPRESS_URL"] in str(drumbeat(root, "show", "alone"))
