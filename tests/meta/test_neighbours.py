"""Publishers are neighbours: what two of them need stands beside them, so that either can go without the other."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOME = "scheduler.publishers"
ENTRIES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
NAMES = {
    target.removeprefix(f"{HOME}.").split(":")[0].split(".")[0] for target in ENTRIES["drumbeat.publishers"].values()
}
PACKAGES = sorted(name for name in NAMES if (ROOT / "scheduler" / "publishers" / name).is_dir())


def imported(source: str) -> set[str]:
    """What a file imports, by whole names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


@pytest.mark.parametrize("name", PACKAGES)
def test_no_publisher_imports_its_neighbour(name: str) -> None:
    neighbours = tuple(f"{HOME}.{one}." for one in NAMES - {name})
    files = (ROOT / "scheduler" / "publishers" / name).rglob("*.py")
    found = {(path.name, one) for path in files for one in imported(path.read_text(encoding="utf-8"))}

    assert not [(file, one) for file, one in found if f"{one}.".startswith(neighbours)]


def test_who_works_with_publishers_asks_for_an_ability_and_never_for_a_name() -> None:
    home = ROOT / "scheduler"
    above = [path for path in home.rglob("*.py") if path.relative_to(home).parts[0] not in {"publishers", "testing"}]
    found = {(str(path.relative_to(home)), one) for path in above for one in imported(path.read_text(encoding="utf-8"))}
    names = tuple(f"{HOME}.{one}." for one in PACKAGES)

    assert not [(file, one) for file, one in found if f"{one}.".startswith(names)]
