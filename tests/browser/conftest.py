"""Chromium, without a screen and without a network, and the pages that it is shown.

Playwright writes a file (`path=`) in a thread that lives as long as the process, and tests of the composer in the
same process want no such thread: take the bytes it returns instead.
"""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scheduler.cli.main import run

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",  # tests run as root on build machines; nothing but our own files is opened
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
ROOT = Path(__file__).parents[2]
AT = datetime(2027, 6, 23, 12, tzinfo=UTC)
PHONE, DESK = (390, 844), (1280, 900)


@pytest.fixture(scope="session")
def browser():
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is installed here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser):
    """Opens a file in a window of its own; what the page complains of or asks the network for fails the test."""
    contexts, complaints, asked = [], [], []

    def opened(path: Path | str, *, size=DESK, dark=False, scripts=True) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path if isinstance(path, str) else path.as_uri())
        return page

    yield opened
    left = [thread.name for thread in threading.enumerate() if not thread.daemon and thread.name.startswith("asyncio")]
    assert not left, "a file was written by Playwright itself"
    for context in contexts:
        context.close()
    assert not complaints
    assert all(url.startswith(("file:", "data:", "http://127.0.0.1:")) for url in asked), asked


def write_page(path: Path, *options: str, workspace: Path = ROOT) -> Path:
    """The page as `drumbeat preview --html` writes it."""
    call = ["preview", "--html", str(path), "--files", "--workspace", str(workspace), *options]
    assert run(call) == 0
    return path


@pytest.fixture(scope="session")
def day(tmp_path_factory):
    """Social Media Day of the example workspace."""
    path = tmp_path_factory.mktemp("page") / "day.html"
    return write_page(path, "--day", "2027-06-30", "--at", AT.isoformat())
