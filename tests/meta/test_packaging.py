"""What a newcomer installs: the wheel alone, in an environment that knows nothing of the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DAY = "2027-06-30"


def told(command: list[str], *, cwd: Path, home: Path) -> "subprocess.CompletedProcess[str]":
    outside = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=cwd, env=outside, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [found] = made.glob("drumbeat-*.whl")
    return found


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it; what it depends on is lent, so that no network is needed."""
    place = tmp_path_factory.mktemp("bare") / "env"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, capture_output=True)
    python = place / "bin" / "python"
    install = [python, "-m", "pip", "install", "--no-index", "--no-deps", "--quiet", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    [packages] = place.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return place / "bin" / "drumbeat"


def test_the_wheel_carries_the_example_and_the_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "scheduler/workspace/starter/example/drumbeat.yaml" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_a_bare_environment_goes_from_init_to_a_dry_run_day(bare: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    made = told([str(bare), "init", "mine", "--yes", "--timezone", "Europe/Skopje"], cwd=tmp_path, home=home)
    assert made.returncode == 0, made.stderr
    mine = tmp_path / "mine"

    for command in (["check", "--strict"], ["preview"], ["apply", "--yes"], ["rehearse"]):
        done = told([str(bare), *command], cwd=mine, home=home)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        assert str(ROOT) not in done.stdout + done.stderr

    assert "1 post" in done.stdout


def test_the_big_example_comes_with_the_wheel(bare: Path, tmp_path: Path) -> None:
    made = told([str(bare), "init", "big", "--example", "time-is-now"], cwd=tmp_path, home=tmp_path)
    assert made.returncode == 0, made.stderr

    played = told(
        [str(bare), "rehearse", "--day", DAY, "--at", "2027-06-23T12:00Z"], cwd=tmp_path / "big", home=tmp_path
    )

    assert played.returncode == 0, played.stderr
    assert "all on time" in played.stdout


def test_where_no_environment_can_be_made_make_says_what_to_install(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$2" != venv ]\n', encoding="utf-8")
    python.chmod(0o755)

    tried = told(["make", "install", f"PYTHON={python}"], cwd=tmp_path, home=tmp_path)

    assert tried.returncode == 2
    assert "sudo apt-get install -y python3-venv" in tried.stdout
    assert not (tmp_path / ".venv").exists()


def test_what_is_installed_is_pinned_by_versions_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()

    assert lines
    assert not [line for line in lines if "==" not in line or "/" in line]
