"""The briefs of the unit tests, for templates that die or should."""

import importlib.util
from pathlib import Path

_UNIT = Path(__file__).parents[2] / "unit" / "composing" / "conftest.py"
_spec = importlib.util.spec_from_file_location("unit_composing_briefs", _UNIT)
_briefs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_briefs)

brief, findings = _briefs.brief, _briefs.findings
