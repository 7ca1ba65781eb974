"""Where figures go beside the terminal: one JSON file, from which the tables' plot is drawn.

Each benchmark replaces its own section, so a part can be measured again. `docs/pictures/plot.py`
draws `docs/pictures/benchmarks.json`, a copy of what was measured for the documentation.
"""

import json
from pathlib import Path
from typing import Any

FILE = Path("build/bench/results.json")


def keep(section: str, figures: Any) -> None:  # noqa: ANN401  # whatever JSON holds
    """Writes a section, and leaves the others as they are."""
    held = json.loads(FILE.read_text()) if FILE.exists() else {}
    held[section] = figures
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n")
