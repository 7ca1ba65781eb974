"""What an editor with a YAML language server says: nothing of good files, and the mistake of each bad one at its key.

`check-jsonschema` reads YAML and the schemas as editors do (ECMAScript's regular expressions
among it). Each bad file says in its first line at which key an editor has to speak, and of what.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from scheduler.workspace.schema import json_schemas

HERE = Path(__file__).parent / "editor"
GOOD, BAD = sorted((HERE / "good").glob("*.yaml")), sorted((HERE / "bad").glob("*.yaml"))


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """What is said of all files of a format: by file, the key and the words of each mistake."""
    folder = tmp_path_factory.mktemp("schemas")

    @cache
    def said(which):
        schema = folder / f"{which}.json"
        schema.write_text(json.dumps(json_schemas()[which]))
        files = [str(path) for path in (*GOOD, *BAD) if path.name.startswith(which)]
        command = [sys.executable, "-m", "check_jsonschema", "-o", "json", "--schemafile", str(schema), *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        found = {}
        for error in json.loads(done.stdout)["errors"]:
            nearest = (error, error.get("best_match"), error.get("best_deep_match"))
            words = [(one["path"], one["message"]) for one in nearest if one]
            found.setdefault(Path(error["filename"]).name, []).extend(words)
        return found

    return said


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_an_editor_says_nothing_of_a_good_file(told, path):
    assert told(path.name.partition("-")[0]).get(path.name, []) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_an_editor_marks_the_mistake_of_a_bad_file(told, path):
    key, _, what = path.read_text().splitlines()[0].removeprefix("# ").partition(": ")
    found = told(path.name.partition("-")[0]).get(path.name, [])

    assert any(place == key and what in words for place, words in found), found
