"""How long a day's page and its terminal preview take, from files to the last letter.

    python benchmarks/page.py [--posts 5000]

The page of 5,000 posts on 500 accounts of five platforms in three zones, once with one text for all accounts
and once with a text of each account's own, is to take under 5 s; the terminal preview of 60 posts under 1 s.
Ends with 1 where a figure is missed. Processor seconds are told too, as other programs run beside.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ACCOUNTS = 500
SECONDS, FEW_SECONDS = 5.0, 1.0
PLATFORMS = ("mastodon", "bluesky", "facebook", "threads", "telegram")
ZONES = ("Europe/Skopje", "Africa/Cairo", "America/Bogota")
ALIKE, OWN = "We say no, together.", "{{ account.name }} says no."


def workspace(folder: Path, *, posts: int, accounts: int, text: str) -> None:
    """Files of a day on which each account posts as often as the others, once every few minutes."""
    names = [f"chapter-{at:03}" for at in range(accounts)]
    lines = [
        f"  {name}: {{platform: {PLATFORMS[at % 5]}, timezone: {ZONES[at % 3]}, language: en}}"
        for at, name in enumerate(names)
    ]
    (folder / "campaigns").mkdir()
    (folder / "drumbeat.yaml").write_text(
        "workspace: big\ntimezone: Europe/Skopje\naccounts:\n" + "\n".join(lines) + "\n"
        f"groups:\n  all: [{', '.join(names)}]\n"
    )
    times = (divmod(9 * 60 + 11 * at, 60) for at in range(posts // accounts))
    written = [
        f"  - post: p{at}\n    at: 2027-06-30 {hour:02}:{minute:02}\n    text: |\n      {text} This is number {at}.\n"
        "      https://example.org/time-is-now\n"
        for at, (hour, minute) in enumerate(times)
    ]
    (folder / "campaigns" / "day.yaml").write_text(
        "campaign: day\nwindow: {from: 2027-06-30, to: 2027-06-30}\naccounts: [all]\nlanguages: [en]\nposts:\n"
        + "".join(written)
    )


def timed(folder: Path, *options: str) -> tuple[float, float]:
    """Seconds on the clock and of the processor that one call of the command takes."""
    import resource

    call = [sys.executable, "-m", "scheduler", "preview", "--workspace", str(folder), "--day", "2027-06-30"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*call, "--at", "2027-06-29T12:00:00Z", *options], check=True, capture_output=True)
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(what: str, *options: str, posts: int, accounts: int, text: str) -> float:
    """Measure one workspace and print; the seconds on the clock."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace(folder, posts=posts, accounts=accounts, text=text)
        page = folder / "day.html"
        took, processor = timed(folder, *(option.format(page=page) for option in options))
        size = f", {page.stat().st_size / 1_000_000:.1f} MB" if page.exists() else ""
    print(f"{what} of {posts:,} posts on {accounts} accounts: {took:.2f} s, processor {processor:.2f} s{size}")
    return took


def main() -> None:
    """Measure and print; ends with 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=5_000)
    posts = parser.parse_args().posts
    page = ("--html", "{page}")
    alike = measured("the page, one text for all,", *page, posts=posts, accounts=ACCOUNTS, text=ALIKE)
    own = measured("the page, a text for each,", *page, posts=posts, accounts=ACCOUNTS, text=OWN)
    few = measured("the terminal preview", posts=60, accounts=10, text=OWN)
    sys.exit(max(alike, own) > SECONDS or few > FEW_SECONDS)


if __name__ == "__main__":
    main()
