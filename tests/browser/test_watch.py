"""`preview --watch`: what is saved in an editor is seen in the browser, where the reader was."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT

DAY = ("--day", "2027-06-30", "--at", "2027-06-23T12:00:00Z", "--files")
LONG = 60_000


@pytest.fixture
def workspace(tmp_path):
    for name in ("drumbeat.yaml", "campaigns", "templates", "media"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


@pytest.fixture
def watched(workspace):
    """The address of a running `drumbeat preview --watch` over `workspace`."""
    command = [sys.executable, "-m", "scheduler", "preview", *DAY, "--watch", "0", "--workspace", str(workspace)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        try:
            yield process.stderr.readline().split("Look at ")[1].split()[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
    assert process.returncode == 130


def test_a_saved_text_is_seen_and_the_filter_stays(watched, open_page, workspace):
    page = open_page(watched)
    inside = page.frame_locator("iframe:not(.coming)")
    inside.get_by_label("Platform").select_option("mastodon", timeout=LONG)
    template = workspace / "templates" / "posts" / "time-is-now" / "morning.mk.j2"
    template.write_text(template.read_text("utf-8").replace("Добро утро", "Предобро утро"), "utf-8")
    inside.get_by_text("Предобро утро").first.wait_for(timeout=LONG)
    assert inside.get_by_label("Platform").input_value() == "mastodon"
    assert page.locator("iframe").count() == 1
    assert "30 June 2027" in page.title()


def test_a_mistake_is_told_and_goes_when_it_is_mended(watched, open_page, workspace):
    page = open_page(watched)
    whole = (workspace / "drumbeat.yaml").read_text("utf-8")
    trouble = page.get_by_role("alert")
    page.locator("iframe:not(.coming)").wait_for(timeout=LONG)
    (workspace / "drumbeat.yaml").write_text("workspace: [", "utf-8")
    trouble.filter(has_text="drumbeat.yaml").wait_for(timeout=LONG)
    assert page.locator("iframe").count() == 1, "the last good page stays"
    (workspace / "drumbeat.yaml").write_text(whole, "utf-8")
    trouble.wait_for(state="hidden", timeout=LONG)
