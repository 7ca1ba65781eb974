"""JSON Schemas as an editor wants them: short, and with nothing Python in them."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMED = frozenset({"properties", "$defs", "patternProperties"})


def editor_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The JSON Schema of a format: what its reader accepts, as far as a schema can say it."""
    return {"$schema": DIALECT, "title": title, **_polish(model.model_json_schema())}


def _polish(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Without pydantic's titles, and without the `null` that optional fields have in Python but not in a file."""
    whole = {word: _below(word, value) for word, value in schema.items() if word not in {"title", "default"}}
    if isinstance(schema.get("default"), str | bool) and not str(schema["default"]).startswith("P"):
        whole["default"] = schema["default"]
    if "patternProperties" in whole and "properties" not in whole:
        whole.setdefault("additionalProperties", False)
    choices = [choice for choice in whole.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del whole["anyOf"]
        return {**choices[0], **whole}
    return whole


def _below(word: str, value: object) -> Any:  # noqa: ANN401
    """What stands behind a word of a schema, polished where it is a schema itself."""
    if word in _NAMED and isinstance(value, Mapping):
        return {name: _polish(schema) for name, schema in value.items()}
    if isinstance(value, Mapping):
        return _polish(value)
    if isinstance(value, list):
        return [_polish(entry) if isinstance(entry, Mapping) else entry for entry in value]
    return value
