"""A publisher that a stranger wrote in an afternoon, as the documentation says, in a package of its own.

It is built and installed by pip where nothing else is, without a network; whatever is said of it is
said by processes that were only told where that is.
"""

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "developers" / "publisher.md"
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "my-package"
version = "1.0"
dependencies = ["drumbeat"]

"""
WORKSPACE = """\
workspace: rights
timezone: UTC
accounts:
  ours: {platform: lemmy, language: en, live: true}
"""
CAMPAIGN = """\
campaign: week
window: {{from: {day}, to: {day}}}
accounts: [ours]
languages: [en]
posts:
  - post: opening
    at: {day} 09:00
    text: The week begins.
"""


def blocks(language):
    """The page's blocks in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


[CONTRACT, GUIDE], [ENTRY_POINTS] = blocks("python"), blocks("toml")


def its_own(text):
    """What the page says to copy, under the stranger's names."""
    moved = text.replace("from scheduler.publishers.dryrun import DryRun", "from my_package.mine import Mine")
    return re.sub(r"\bDryRun\b", "Mine", moved).replace('platform="dry-run"', 'platform="lemmy"')


def told(*command, site=None, cwd, typed=""):
    """What a process ends with that knows Drumbeat, and the stranger's package only where `site` is given."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8", "PIP_NO_INPUT": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, [site, ROOT] if site else [ROOT]))
    whole = [sys.executable, *map(str, command)]
    given = {"input": typed, "capture_output": True, "text": True}
    return subprocess.run(whole, cwd=cwd, env=environment, check=False, timeout=120, **given)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where the stranger's package is installed, and nothing else."""
    package, place = tmp_path_factory.mktemp("package"), tmp_path_factory.mktemp("site")
    (package / "pyproject.toml").write_text(PROJECT + ENTRY_POINTS, encoding="utf-8")
    (package / "my_package").mkdir()
    (package / "my_package" / "__init__.py").touch()
    copied = its_own((ROOT / "scheduler" / "publishers" / "dryrun.py").read_text(encoding="utf-8"))
    whole = f"{copied}\n\n{GUIDE}\n\nMine.guide = GUIDE\n"
    (package / "my_package" / "mine.py").write_text(whole, encoding="utf-8")
    rules = (ROOT / "scheduler" / "platforms" / "rules" / "manual.py").read_text(encoding="utf-8")
    (package / "my_package" / "rules.py").write_text(rules.replace('"manual"', '"lemmy"'), encoding="utf-8")
    install = ["pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    done = told("-m", *install, "--no-build-isolation", "--target", place, package, cwd=package)
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "drumbeat.yaml").write_text(WORKSPACE, encoding="utf-8")
    (tmp_path / "campaigns").mkdir()
    written = CAMPAIGN.format(day=date.today() + timedelta(days=9))  # noqa: DTZ011  # any day ahead
    (tmp_path / "campaigns" / "week.yaml").write_text(written, encoding="utf-8")
    return tmp_path


def test_a_strangers_publisher_is_found_where_its_package_is_installed_and_only_there(site, tmp_path):
    ask = "from scheduler.publishers.installed import installed; print(*installed())"

    assert "lemmy" not in told("-c", ask, cwd=tmp_path).stdout.split()
    assert set(told("-c", ask, site=site, cwd=tmp_path).stdout.split()) >= {"lemmy", "mastodon", "bluesky"}


def test_a_strangers_publisher_keeps_the_contract(site, tmp_path):
    (tmp_path / "test_mine.py").write_text(its_own(CONTRACT), encoding="utf-8")

    done = told("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py", site=site, cwd=tmp_path)

    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed, done.stdout
    assert int(passed[1]) >= 10


def test_a_strangers_publisher_that_posts_twice_does_not_keep_it(site, tmp_path):
    forgetful = "\n\nMine._catch_up = lambda self: self._keys.clear()\n"
    (tmp_path / "test_mine.py").write_text(its_own(CONTRACT) + forgetful, encoding="utf-8")

    done = told("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py", site=site, cwd=tmp_path)

    assert done.returncode == 1, done.stdout
    assert "test_a_repeat_does_what_the_capabilities_say" in done.stdout


def test_an_account_goes_live_with_a_strangers_publisher_and_not_without_it(site, workspace):
    without = told("-m", "scheduler", "check", "--json", cwd=workspace)
    with_it = told("-m", "scheduler", "check", "--json", site=site, cwd=workspace)

    assert without.returncode != 0, without.stdout
    assert "ours" in without.stdout
    assert with_it.returncode == 0, with_it.stdout + with_it.stderr

    seen = told("-m", "scheduler", "accounts", "inspect", "--json", site=site, cwd=workspace)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "Dry run: posts are written to a file" in json.dumps(json.loads(seen.stdout))


def test_an_account_is_added_by_a_strangers_guide_and_not_without_it(site, workspace):
    said = ("--name", "new", "--server", "https://lemmy.example", "--secret-stdin")
    add = ("-m", "scheduler", "accounts", "add", "lemmy", *said)

    without = told(*add, cwd=workspace)
    with_it = told(*add, site=site, cwd=workspace, typed="canary\n")

    assert without.returncode == 2
    assert with_it.returncode == 0, with_it.stdout + with_it.stderr
    written = (workspace / "drumbeat.yaml").read_text(encoding="utf-8")
    assert "  new:\n    platform: lemmy\n    server: https://lemmy.example\n    token: env:NEW_TOKEN\n" in written
    assert (workspace / ".env").read_text(encoding="utf-8") == "NEW_TOKEN=canary\n"


def test_two_packages_that_speak_for_one_platform_are_both_named_and_neither_is_taken(
    site, workspace, tmp_path_factory
):
    """Which of them would get the credential must not depend on the order of folders."""
    rival = tmp_path_factory.mktemp("rival")
    (rival / "other_package-2.0.dist-info").mkdir()
    (rival / "other_package-2.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: other-package\nVersion: 2.0\n"
    )
    (rival / "other_package-2.0.dist-info" / "entry_points.txt").write_text(
        "[drumbeat.publishers]\nlemmy = other_package.mine:Mine\n"
    )
    both = os.pathsep.join(map(str, (rival, site)))

    for command in (("accounts", "inspect"), ("accounts", "test", "ours", "--yes")):
        said = told("-m", "scheduler", *command, site=both, cwd=workspace)
        assert said.returncode != 0
        words = said.stdout + said.stderr
        assert "2 publishers for lemmy are installed, by my-package and other-package." in words
        assert "pip uninstall" in words
    assert "dry-run.jsonl" not in {path.name for path in workspace.rglob("*")}
