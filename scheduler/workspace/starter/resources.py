"""The texts that `init` fills in, and the schemas that let an editor help while writing."""

import json
from collections.abc import Iterator
from pathlib import Path

_FILES = Path(__file__).resolve().parent / "files"


def text_of(name: str) -> str:
    """The text of one of the files beside this module."""
    return (_FILES / name).read_text(encoding="utf-8")


def editor_schemas(folder: str) -> Iterator[tuple[str, str]]:
    """The JSON Schemas of the two formats as files of `folder`; the hints in the YAML files name them."""
    from scheduler.workspace.schema import json_schemas  # here, because pydantic is slow to load

    for name, schema in json_schemas().items():
        yield f"{folder}/{name}.schema.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
