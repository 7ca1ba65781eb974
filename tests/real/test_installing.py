"""A server that cannot be installed is passed over with its reason, and within a limit; one that can, once."""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.real.running import CANNOT_BE_INSTALLED, HERE

pytestmark = pytest.mark.skipif(shutil.which("timeout") is None, reason="this machine has no `timeout`")

SCRIPT = """\
#!/usr/bin/env bash
set -euo pipefail
name=thing
usual=2599
wanted='thing==1'
install() { INSTALL; }
. "$(dirname "$0")/installing.sh"
echo "up at $port and $inner"
"""


@pytest.fixture
def start(tmp_path):
    """Runs a start script whose installation is what the test says."""
    shutil.copy(HERE / "installing.sh", tmp_path)

    def start(installation, *arguments, **environment):
        script = tmp_path / "thing-up"
        script.write_text(SCRIPT.replace("INSTALL", installation))
        script.chmod(0o755)
        told = {"DRUMBEAT_REAL_FOLDER": str(tmp_path / "real"), "DRUMBEAT_REAL_SECONDS": "20"}
        told = os.environ | told | environment
        return subprocess.run([script, *arguments], capture_output=True, text=True, env=told, check=False, timeout=60)

    return start


def left_running(words):
    """Processes whose command holds these words."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            found += [one] if words in one.read_bytes() else []
    return found


def test_what_was_installed_is_not_installed_again(start, tmp_path):
    assert start("echo once >>$real/times", "--install").returncode == 0
    done = start("echo once >>$real/times", "25990", "25991")
    assert (done.returncode, done.stdout) == (0, "up at 25990 and 25991\n")
    assert (tmp_path / "real" / "thing" / "times").read_text() == "once\n"


def test_what_cannot_be_installed_says_why(start, tmp_path):
    done = start("echo first; echo 'the registry is gone' >&2; return 3")
    assert done.returncode == CANNOT_BE_INSTALLED
    assert done.stderr.splitlines()[-1] == "thing cannot be installed: the registry is gone"
    assert done.stdout == ""
    assert (tmp_path / "real" / "thing" / "trouble").read_text() == "the registry is gone\n"


def test_it_is_not_tried_again_where_that_is_not_wanted(start, tmp_path):
    start("echo no network; false")
    done = start("touch $real/tried", DRUMBEAT_REAL_INSTALL="no")
    assert done.returncode == CANNOT_BE_INSTALLED
    assert "no network" in done.stderr
    assert not (tmp_path / "real" / "thing" / "tried").exists()


def test_an_installation_that_hangs_is_ended_with_all_that_it_started(start):
    began = time.monotonic()
    done = start("sleep 77.3 & sleep 77.3", DRUMBEAT_REAL_SECONDS="1")
    assert time.monotonic() - began < 15
    assert done.returncode == CANNOT_BE_INSTALLED
    assert "it took more than 1 seconds" in done.stderr
    assert not left_running(b"77.3")
