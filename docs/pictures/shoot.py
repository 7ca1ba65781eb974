# ruff: noqa: INP001 (run as a file, imported by nobody)
"""Takes the documentation's pictures of the page, from the page itself.

`make pictures` writes them: the example's Social Media Day as `drumbeat preview --html` makes
it, in Debian's Chromium. Nothing in them is drawn by hand, so none can promise too much.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from scheduler.cli.main import run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DAY = ("--day", "2027-06-30", "--at", "2027-06-23T12:00:00Z", "--files")
NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file, the window's pixels, light or dark, and how the id of what is shown begins."""

    name: str
    size: tuple[int, int]
    dark: bool = False
    at: str = ""
    scale: float = 1.0


SHOTS = (
    Shot("day.png", (1200, 900)),
    Shot("day-dark.png", (1200, 900), dark=True, at="time-is-now/spotlight/tarana-burke"),
    Shot("day-phone.png", (390, 844), at="time-is-now/closing-call", scale=1.5),
)


def main() -> None:
    """Write every picture; ends with 1 where there is no Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        sys.exit("Install Chromium first: sudo apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "day.html"
        run(["preview", *DAY, "--html", str(page), "--workspace", str(ROOT)])
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            take(browser, page, shot)
        browser.close()


def take(browser: Browser, page: Path, shot: Shot) -> None:
    """Write one picture."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.dark else "light",
        device_scale_factor=shot.scale,
        reduced_motion="reduce",
    )
    window = context.new_page()
    window.goto(page.as_uri())
    if shot.at:
        card = window.locator(f'.card[id^="{shot.at}"]').first
        card.evaluate("it => { it.scrollIntoView({block: 'start'}); scrollBy(0, -24) }")
        window.wait_for_timeout(300)
    save(window.screenshot(), HERE / shot.name)
    context.close()


def save(picture: bytes, path: Path) -> None:
    """Write it in 256 colours: a third of the bytes, and nobody sees the difference."""
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
