"""The page in a browser: whole without a network or scripts, fit for a phone, a sheet of paper and a screen reader."""

import re
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.conftest import DESK, PHONE, write_page

AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
POSTS = 85


def shown_texts(page):
    return [text.strip() for text in page.locator(".card .text").all_inner_texts()]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_no_barrier_of_level_aa(open_page, day, size, dark):
    found = Axe().run(open_page(day, size=size, dark=dark), options=AA)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_no_barrier_with_everything_unfolded(open_page, day):
    page = open_page(day)
    page.get_by_role("button", name="Unfold everything").click()
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", [PHONE, (320, 640), (768, 1024), DESK], ids=str)
def test_nothing_has_to_be_scrolled_sideways(open_page, day, size):
    page = open_page(day, size=size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_every_post_stands_there_without_scripts(open_page, day):
    page = open_page(day, scripts=False)
    cards = page.locator(".card")
    assert cards.count() > 0
    assert all(card.is_visible() for card in cards.all())
    assert "Добро утро од Скопје" in " ".join(shown_texts(page))


def test_the_filters_leave_what_was_asked_for(open_page, day):
    page = open_page(day)
    page.get_by_label("Platform").select_option("instagram")
    visible = [card for card in page.locator(".card").all() if card.is_visible()]
    assert visible
    assert all("p-instagram" in card.get_attribute("class") for card in visible)
    page.get_by_role("button", name="Show all").click()
    assert page.locator(".card:visible").count() == page.locator(".card").count()


def test_a_word_finds_its_posts(open_page, day):
    page = open_page(day)
    page.get_by_label("Words").fill("Скопје")
    assert 0 < page.locator(".card:visible").count() < page.locator(".card").count()


def test_the_keyboard_reaches_the_posts_at_once(open_page, day):
    page = open_page(day)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the posts"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#posts"


def test_a_folded_warning_opens_by_keyboard(open_page, day):
    page = open_page(day)
    warning = page.locator("details.cw").first
    body = warning.locator(".text").first
    assert not body.is_visible()
    warning.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert body.is_visible()


def test_arabic_runs_from_right_to_left(open_page, day):
    page = open_page(day)
    text = page.locator(".card .text:lang(ar)").first
    assert text.evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert text.evaluate("it => getComputedStyle(it).textAlign") in {"start", "right"}


def test_each_language_is_named_to_a_screen_reader(open_page, day):
    page = open_page(day)
    assert {text.get_attribute("lang") for text in page.locator(".card .text").all()} >= {"en", "mk", "es", "ar"}


def test_on_paper_nothing_stays_folded_and_no_control_is_printed(open_page, day):
    page = open_page(day)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert all(text.is_visible() for text in page.locator("details.cw .text").all())
    assert not page.locator(".filters").is_visible()


def test_on_paper_warnings_are_unfolded_without_scripts_too(open_page, day):
    page = open_page(day, scripts=False)
    page.emulate_media(media="print")
    assert all(text.is_visible() for text in page.locator("details.cw .text").all())


def test_it_prints_to_a_pdf_of_some_pages(open_page, day):
    page = open_page(day)
    pdf = page.pdf(format="A4", print_background=True)
    assert pdf.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 40


def test_light_and_dark_are_two_papers(open_page, day):
    def paper(dark):
        return open_page(day, dark=dark).evaluate("getComputedStyle(document.body).backgroundColor")

    light, dark = (sum(map(int, re.findall(r"\d+", paper(dark))[:3])) for dark in (False, True))
    assert light > 3 * 200
    assert dark < 3 * 60


def test_every_picture_can_be_seen(open_page, day):
    page = open_page(day)
    page.get_by_role("button", name="Unfold everything").click()
    pictures = page.locator(".card img")
    assert pictures.count() > 0
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("it => it.decode().then(() => it.naturalWidth)") > 0
        assert picture.get_attribute("alt") is not None


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_what_is_painted_is_a_page_and_not_a_blank(open_page, day, size, dark):
    page = open_page(day, size=size, dark=dark)
    page.locator("#posts").scroll_into_view_if_needed()
    with Image.open(BytesIO(page.screenshot())) as painted:
        colours = painted.convert("RGB").quantize(64).getcolors()
        assert painted.size == size
    paper = max(count for count, _ in colours)
    assert paper < 0.97 * size[0] * size[1]
    assert len(colours) > 8


def test_nothing_may_be_loaded_or_run_that_is_not_in_the_page(open_page, day):
    page = open_page(day)
    policy = page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


@pytest.fixture(scope="session")
def week(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page") / "week.html", "--day", "2027-06-24", "--week")


def test_a_week_has_a_heading_for_each_day(open_page, week):
    page = open_page(week)
    assert page.get_by_role("heading", name=re.compile("30 June 2027")).count() >= 1
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()
