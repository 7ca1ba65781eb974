"""Dying is tried in memory where the machine has a disk of it: thousands of small databases."""

import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108  # a fresh folder is made in it


@pytest.fixture
def shm():
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)
