"""A feed's writer is killed again and again: its files are whole, and every entry is there once."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

from scheduler.model.account import Account
from scheduler.model.delivery import Prepared
from scheduler.publishers.base import Found, Surroundings
from scheduler.publishers.feed import Feed
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, draft

KILLS = 12
WRITER = """
import sys
from pathlib import Path
from scheduler.model.account import Account
from scheduler.model.delivery import Prepared
from scheduler.publishers.base import Surroundings
from scheduler.publishers.feed import Feed
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, draft
account = Account("site", "feed", "UTC", settings={"url": "https://example.org/feed"})
feed = Feed.connect(account, Surroundings(Path(sys.argv[1]), FixedClock(DUE), str))
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    print(number, flush=True)
    feed.publish(draft(f"post {number} " + "x" * 20_000, key=f"{number:032x}"), Prepared())
    number += 1
"""


def feed(root):
    account = Account("site", "feed", "UTC", settings={"url": "https://example.org/feed"})
    return Feed.connect(account, Surroundings(root, FixedClock(DUE), str))


def killed_after(root: Path, first: int, seconds: float) -> int:
    """Starts a writer, kills it, and returns the number of the post that it was at."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(root), str(first)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        return int(writer.stdout.read().split()[-1])


def test_a_killed_writer_leaves_whole_files_and_no_entry_twice(tmp_path):
    at = 1
    for kill in range(KILLS):
        at = killed_after(tmp_path, at, 0.001 + 0.006 * kill)
        file = tmp_path / "public" / "feed" / "feed.json"
        if file.exists():
            names = [one["id"] for one in json.loads(file.read_bytes())["items"]]
            assert len(names) == len(set(names))
        if (drawn := file.with_name("atom.xml")).exists():
            ET.parse(drawn)  # noqa: S314  # our own file
        # whatever became of it, a repeat puts it right
        feed(tmp_path).publish(draft(f"post {at} " + "x" * 20_000, key=f"{at:032x}"), Prepared())
        for number in range(1, at + 1):
            assert isinstance(feed(tmp_path).verify(draft(key=f"{number:032x}"), Prepared(), DUE), Found), number
        at += 1
