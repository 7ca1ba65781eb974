"""What pydantic says about a file, said to a person: a rule, a place, a sentence and a mend."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from scheduler.finding import Finding, Place, error
from scheduler.workspace.languages import nearest, suggest
from scheduler.workspace.limits import MAX_FINDINGS
from scheduler.workspace.tree import Items, Map, Node, dotted, locate

Steps = tuple[str | int, ...]
_BLOCK = "Write `key: value` lines below it, indented."


Entry = TypeVar("Entry", bound=BaseModel)


def read(model: type[Entry], root: Node, file: str) -> tuple[Entry | None, list[Finding]]:
    """The file as its model, or None and a finding for everything that is wrong with it."""
    try:
        return model.model_validate(root, context={"file": file}), []
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        misspelled = {_meant(entry, model) for entry in errors[:MAX_FINDINGS] if entry["type"] == "extra_forbidden"}
        telling = [entry for entry in errors[:MAX_FINDINGS] if entry["loc"] not in misspelled]
        found = [_finding(entry, model, root, file) for entry in telling]
        return None, found if len(errors) <= MAX_FINDINGS else [*found, _more(len(errors) - MAX_FINDINGS, file)]


def _more(number: int, file: str) -> Finding:
    message = f"There are {number} more like these in this file."
    return error("too-many", message, mend="Mend these first.", place=Place(file))


def _meant(entry: Mapping[str, Any], model: type[BaseModel]) -> Steps:
    """The key that a misspelled one stands for; it is then not missing."""
    *above, last = entry["loc"]
    return (*above, nearest(str(last), _known(model, tuple(above))))


def _finding(entry: Mapping[str, Any], model: type[BaseModel], root: Node, file: str) -> Finding:
    steps = _steps(root, entry["loc"])
    rule, message, mend = _said(entry, model)
    return error(rule, message, mend=mend, place=locate(root, steps, file), path=dotted(root, steps))


def _steps(root: Node, location: Iterable[str | int]) -> Steps:
    """Pydantic's location without what is no step of the file (a union's tags, `[key]`)."""
    steps: list[str | int] = []
    node: Node | None = root
    for step in location:
        below = _below(node, step)
        if below is not None:
            node = below
            steps.append(step)
    return tuple(steps)


def _below(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Map) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, Items) and isinstance(step, int) and step < len(node):
        return node[step]
    return None


def _said(entry: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str, str]:
    """Rule, message and mend of one of pydantic's errors."""
    kind, context, last = entry["type"], entry.get("ctx", {}), str(entry["loc"][-1])
    if "said" in context:
        return kind, context["said"], context["mend"]
    if kind == "missing":
        return "missing-key", f"`{last}` is missing.", f"Add `{last}:`, {_description(model, entry['loc'])}"
    if kind == "extra_forbidden":
        known = _known(model, entry["loc"][:-1])
        mend = suggest(last, known) or f"Known here: {', '.join(known)}."
        return "unknown-key", f"There is no key `{last}` here.", mend
    if kind == "too_short":
        return "wrong-type", f"At least {context.get('min_length', 1)} are needed here.", "Add what is missing."
    return "wrong-type", "Keys with values belong here.", _BLOCK


def _field(model: type[BaseModel], step: str | int) -> FieldInfo | None:
    return next((info for name, info in model.model_fields.items() if (info.alias or name) == step), None)


def _models(annotation: object) -> list[type[BaseModel]]:
    """The models that a field's annotation holds, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _models(inner)]


def _model_at(model: type[BaseModel], location: Steps) -> type[BaseModel]:
    """The model that speaks where `location` leads."""
    for step in location:
        field = _field(model, step)
        below = _models(field.annotation) if field else []
        model = below[0] if below else model
    return model


def _known(model: type[BaseModel], location: Steps) -> list[str]:
    return [info.alias or name for name, info in _model_at(model, location).model_fields.items()]


def _description(model: type[BaseModel], location: Steps) -> str:
    field = _field(_model_at(model, location[:-1]), location[-1])
    said = (field.description or "") if field else ""
    return said[:1].lower() + said[1:]
