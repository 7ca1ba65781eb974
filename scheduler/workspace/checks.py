"""`checks` and `waive`: how the rules weigh here, and where one does not bind.

Read from the tree, because what may stand in an entry hangs on the rule that is its key. A
word that no rule follows is an error with its place: a rule that somebody believes to have
turned off, and did not, would be worse than no setting at all.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.checking.reasons import ALL, REASONS, may_set
from scheduler.checking.rules import DEFAULTS, RULES
from scheduler.checking.settings import Threshold
from scheduler.finding import Finding, Place, Severity, error
from scheduler.model.checks import CheckSetting, Waiver
from scheduler.workspace.languages import suggest
from scheduler.workspace.tree import Items, Map, Node, Scalar, Steps, dotted, locate
from scheduler.workspace.values import shown

OFF = "off"
WEIGHTS = (OFF, *reversed(Severity))
"""From nothing to what stops a plan."""
_LIST = "`drumbeat check --rules` lists them all."
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_RULES = {rule.id: rule for rule in RULES}
SETTABLE = tuple(name for name in ALL if may_set(name))
LISTED = (*SETTABLE, *(rule.id for rule in RULES if rule.fixed and rule.thresholds))


@dataclass(slots=True)
class _Reading:
    """One file's tree, and what is wrong with its settings so far."""

    root: Node
    file: str
    found: list[Finding] = field(default_factory=list)

    def wrong(self, rule: str, message: str, mend: str, steps: Steps) -> None:
        place, path = self.place(steps), dotted(self.root, steps)
        self.found.append(error(rule, message, mend=mend, place=place, path=path))

    def place(self, steps: Steps) -> Place:
        return locate(self.root, steps, self.file)


def settings(node: Node | None, root: Node, steps: Steps, file: str) -> tuple[dict[str, CheckSetting], list[Finding]]:
    """What `checks` at `steps` of a file sets, by rule, and what is wrong with it."""
    reading, read = _Reading(root, file), {}
    for name, value in _entries(node, steps, reading):
        if _known(name, (*steps, name), reading):
            read[name] = _setting(name, value, (*steps, name), reading)
    return read, reading.found


def waivers(node: Node | None, root: Node, steps: Steps, file: str) -> tuple[dict[str, Waiver], list[Finding]]:
    """What `waive` at `steps` of a file lets pass, by rule, and what is wrong with it."""
    reading, read = _Reading(root, file), {}
    for name, value in _entries(node, steps, reading):
        here = (*steps, name)
        if not _known(name, here, reading):
            continue
        if not may_set(name):
            reading.wrong("check-setting", f"`{name}` cannot be waived: {_why_not(name)}", "Mend the post.", here)
        elif not isinstance(value, Scalar) or not value.strip() or value.empty:
            mend = f'Write why, in words: `{name}: "The tag is the campaign\'s own"`.'
            reading.wrong("waiver-reason", f"There is no reason here for waiving `{name}`.", mend, here)
        else:
            read[name] = Waiver(" ".join(value.split()), reading.place(here))
    return read, reading.found


def wrong(tree: Map, file: str) -> list[Finding]:
    """What is wrong with every `checks` and `waive` of a campaign file."""
    found = [*settings(tree.get("checks"), tree, ("checks",), file)[1]]
    found += waivers(tree.get("waive"), tree, ("waive",), file)[1]
    posts = tree.get("posts")
    for at, post in enumerate(posts if isinstance(posts, Items) else ()):
        if isinstance(post, Map) and "waive" in post:
            found += waivers(post["waive"], tree, ("posts", at, "waive"), file)[1]
    return found


def _entries(node: Node | None, steps: Steps, reading: _Reading) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Map):
        yield from ((str(name), value) for name, value in node.items())
    elif node is not None:
        mend = "Write `rule: …` lines below it, indented."
        reading.wrong("wrong-type", "Keys with values belong here.", mend, steps)


def _known(name: str, steps: Steps, reading: _Reading) -> bool:
    if name not in ALL:
        reading.wrong("check-setting", f"There is no rule `{shown(name)}`.", suggest(name, SETTABLE) or _LIST, steps)
    return name in ALL


def _setting(name: str, value: Node, steps: Steps, reading: _Reading) -> CheckSetting:
    place = reading.place(steps)
    if not isinstance(value, Map):
        return _weight(name, value, steps, reading, CheckSetting(place=place))
    thresholds: dict[str, int | str] = {}
    made = CheckSetting(thresholds=thresholds, place=place)
    for key, inner in value.items():
        here = (*steps, str(key))
        if key == "severity":
            made = _weight(name, inner, here, reading, made)
        elif (own := DEFAULTS.get(name, {}).get(key)) is None:
            _no_threshold(name, str(key), here, reading)
        elif (number := _threshold(name, str(key), inner, own, here, reading)) is not None:
            thresholds[str(key)] = number
    return made


def _weight(name: str, value: Node, steps: Steps, reading: _Reading, made: CheckSetting) -> CheckSetting:
    """`made` with the severity that `value` is a word for."""
    if not isinstance(value, Scalar):
        reading.wrong("wrong-type", "One word belongs here.", f"Write one of: {', '.join(WEIGHTS)}.", steps)
        return made
    word = OFF if value == "false" and not value.quoted else str(value)
    if word not in WEIGHTS:
        mend = suggest(word, WEIGHTS) or f"Write one of: {', '.join(WEIGHTS)}."
        reading.wrong("check-setting", f"`{shown(word)}` is no severity.", mend, steps)
    elif word not in weights(name):
        message = f"`{name}` cannot be less than {weights(name)[0]}: {_why_not(name)}"
        reading.wrong("check-setting", message, "Take this away, and mend the posts.", steps)
    elif word == OFF:
        return CheckSetting(None, off=True, thresholds=made.thresholds, place=made.place)
    else:
        return CheckSetting(Severity(word), thresholds=made.thresholds, place=made.place)
    return made


def weights(name: str) -> tuple[str, ...]:
    """The severities that the finding `name` may be given, the least first."""
    if may_set(name):
        return WEIGHTS
    own = _RULES[name].severity if name in _RULES else Severity.ERROR
    return WEIGHTS[WEIGHTS.index(own) :]


def _why_not(name: str) -> str:
    if name in REASONS:
        return "it is a mistake in the files."
    reason = _RULES[name].reason
    return reason[:1].lower() + reason[1:]


def _no_threshold(name: str, key: str, steps: Steps, reading: _Reading) -> None:
    known = ("severity", *DEFAULTS.get(name, {}))
    mend = suggest(key, known) or f"Known here: {', '.join(known)}."
    reading.wrong("check-setting", f"`{name}` has no `{shown(key)}`.", mend, steps)


def _threshold(name: str, key: str, value: Node, own: Threshold, steps: Steps, reading: _Reading) -> int | str | None:
    if isinstance(own.default, str):
        if isinstance(value, Scalar) and not value.empty and value.strip():
            return str(value)
        reading.wrong("check-setting", f"`{key}` of `{name}` is a text.", f"Write such as: {own.default}.", steps)
        return None
    if isinstance(value, Scalar) and not value.quoted and _NUMBER.fullmatch(value) and int(value) >= own.least:
        return int(value)
    message = f"`{key}` of `{name}` is a whole number from {own.least:,} on."
    reading.wrong("check-setting", message, f"Write it in digits: {own.default}.", steps)
    return None


def checks_schema() -> dict[str, Any]:
    """The JSON Schema of `checks`: every rule that may be set, with its thresholds."""
    return _closed({name: _entry_schema(name) for name in LISTED})


def waive_schema() -> dict[str, Any]:
    """The JSON Schema of `waive`: a reason for each rule that may be waived."""
    reason = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
    return _closed({name: {**reason, "description": _reason(name)} for name in SETTABLE})


def _entry_schema(name: str) -> dict[str, Any]:
    words: dict[str, Any] = {"enum": [*weights(name), *([False] if OFF in weights(name) else [])]}
    own = {key: _threshold_schema(one) for key, one in DEFAULTS.get(name, {}).items()}
    return {"anyOf": [words, _closed({"severity": words, **own})], "description": _reason(name)}


def _reason(name: str) -> str:
    return REASONS[name].reason if name in REASONS else _RULES[name].reason


def _threshold_schema(own: Threshold) -> dict[str, Any]:
    if isinstance(own.default, str):
        return {"type": "string", "pattern": r"\S", "description": own.means, "default": own.default}
    return {"type": "integer", "minimum": own.least, "description": own.means, "default": own.default}


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}
