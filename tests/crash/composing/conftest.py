"""The briefs of the unit tests, for templates that die or should."""

import importlib.util
import threading
from pathlib import Path

import pytest

_UNIT = Path(__file__).parents[2] / "unit" / "composing" / "conftest.py"
_spec = importlib.util.spec_from_file_location("unit_composing_briefs", _UNIT)
_briefs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_briefs)

brief, findings = _briefs.brief, _briefs.findings


@pytest.fixture(autouse=True)
def alone():
    """A worker is forked only where no thread runs that somebody waits for; what other tests left must end first."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(10)
            assert not thread.is_alive(), f"{thread.name} was left running"
