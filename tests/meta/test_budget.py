"""Small on purpose: the size of functions and files, held by measure."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2] / "scheduler"
FILE_STOP = 400
FUNCTION_STOP = 50
FUNCTION_P95 = 30
FUNCTION_MEDIAN = 9


def sources() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if "migrations/versions" not in path.as_posix())


def functions() -> Iterator[tuple[str, int]]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", body_lines(node)


def body_lines(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_is_longer_than_the_stop() -> None:
    long = {str(path): count for path in sources() if (count := len(path.read_text().splitlines())) > FILE_STOP}
    assert not long


def test_no_function_is_longer_than_the_stop() -> None:
    assert not [(name, lines) for name, lines in functions() if lines > FUNCTION_STOP]


def test_functions_are_short_as_a_rule() -> None:
    sizes = sorted(lines for _, lines in functions())
    assert sizes[int(len(sizes) * 0.95)] <= FUNCTION_P95
    assert median(sizes) <= FUNCTION_MEDIAN
