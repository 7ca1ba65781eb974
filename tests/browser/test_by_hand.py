"""The page for whoever posts by hand, in a browser: one click takes the whole text, with scripts and without."""

from dataclasses import replace
from hashlib import sha256

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from scheduler.errors import HandedOver
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Surroundings
from scheduler.publishers.manual import Manual
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, draft
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_page import AA

TEXT = 'Six women, one day.\n\nThey posted, "and" <b>things</b>  changed.\n  Скопје 🌍 \u200fשלום'


@pytest.fixture
def sheet(tmp_path):
    (tmp_path / "media").mkdir()
    file = tmp_path / "media" / "ana.png"
    Image.new("RGB", (800, 600), (180, 30, 60)).save(file)
    facts = MediaFacts("ana.png", sha256(file.read_bytes()).hexdigest(), "image/png", file.stat().st_size, 800, 600)
    media = Media("ana.png", alt="Ana reads.", facts=facts)
    content = Content(TEXT, language="en", warning="Violence", media=(media,), link="https://day.example/?a=1&b=2")
    account = Account("clips", "manual", "Europe/Skopje", settings={"where": "TikTok, account @say_no"})
    post = replace(draft(), content=content, following=(Content("Part two.", language="en"),))
    with pytest.raises(HandedOver):
        Manual.connect(account, Surroundings(tmp_path, FixedClock(DUE), str)).publish(post, Prepared())
    (page,) = (tmp_path / ".drumbeat" / "by-hand").glob("*.html")
    return page


def box(page, name, nth=0):
    return page.locator(f'h3:text-is("{name}") + pre').nth(nth)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Text", TEXT),
        ("Link", "https://day.example/?a=1&b=2"),
        ("Alternative text", "Ana reads."),
        ("Warning, to stand before it", "Violence"),
    ],
)
def test_one_click_selects_the_whole_of_a_box_and_nothing_else(open_page, sheet, scripts, name, text):
    page = open_page(sheet, scripts=scripts)
    box(page, name).click()
    if scripts:
        assert page.evaluate("getSelection().toString()").strip("\n") == text
    else:
        page.keyboard.press("ControlOrMeta+c")
        other = open_page(sheet)
        other.context.grant_permissions(["clipboard-read", "clipboard-write"])
        assert other.evaluate("navigator.clipboard.readText()").strip("\n") == text


def test_with_scripts_the_same_click_copies_to_the_character(open_page, sheet):
    page = open_page(sheet)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box(page, "Text").click()
    page.locator("pre.copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == TEXT


def test_the_picture_shows_and_lies_beside_the_page(open_page, sheet):
    page = open_page(sheet)
    assert page.locator("img").evaluate("image => image.naturalWidth") == 800


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_no_barrier_of_level_aa(open_page, sheet, size, dark):
    page = open_page(sheet, size=size, dark=dark)
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
