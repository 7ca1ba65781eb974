"""The kinds of field that the two formats are made of: how each is read, and its JSON Schema.

A field's reader takes the node as it stands in the file; its schema is what an editor is
told. Editors read an unquoted `2027` as a number, so wherever text is wanted a number or
`true` is as good: the schemas say so.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from scheduler.finding import Place
from scheduler.model.campaign import ACCOUNT_ZONE, Source, TemplateRef, Value
from scheduler.model.schedule import Cron, Interval, Weekly
from scheduler.platforms import PLATFORMS as RULES
from scheduler.workspace import cadence, values
from scheduler.workspace.files import strays
from scheduler.workspace.languages import LANGUAGE, is_language, suggest
from scheduler.workspace.tree import Node, Scalar, native
from scheduler.workspace.values import shown, wrong

PLATFORMS = tuple(RULES)
LIMITS = [
    "text",
    "bytes",
    "url",
    "caption",
    "warning",
    "media",
    "media_min",
    "media_bytes",
    "media_pixels",
    "media_width",
    "media_height",
    "media_sides",
    "moving_bytes",
    "video_bytes",
    "video_seconds",
    "video_seconds_min",
    "ratio_min",
    "ratio_max",
    "alt",
    "poll_options",
    "poll_option",
    "poll_min",
    "poll_max",
    "poll_question",
    "poll_text",
    "hashtag",
    "hashtags",
    "mentions",
    "cashtags",
    "links",
    "languages",
]
"""What `limits` of an account may override; a test holds every platform's own limits to these words."""
VISIBILITIES = ("public", "unlisted", "followers")
DEGRADABLE = ("warning", "alt", "poll", "language", "visibility")

TEXT = {"type": ["string", "number", "boolean"]}
OPTIONAL_TEXT = {"type": ["string", "number", "boolean", "null"]}


SECRET_OPTION = "[Tt]oken|[Pp]assw|[Ss]ecret|(^|[_-])(key|auth)($|[_-])"  # noqa: S105
"""Options whose value is a secret, as an editor is told; `secrets.py` has the last word."""
VARIABLE = {"type": "string", "pattern": "^env:[A-Za-z_][A-Za-z0-9_]*$"}


def pattern(expression: str, *, numbers: bool = False) -> dict[str, Any]:
    """The schema of a text of this form."""
    kinds: Any = ["string", "integer", "boolean"] if numbers else "string"
    return {"type": kinds, "pattern": f"^(?:{expression})$"}


def choice(*words: str, what: str) -> Callable[[object], str]:
    """A reader for one of `words`, `what` being what they are."""

    def read(node: object) -> str:
        value = values.text(node, words[0])
        if value not in words:
            mend = suggest(value, words) or f"Write one of: {', '.join(words)}."
            wrong("wrong-value", f"`{shown(value)}` is not a {what}.", mend)
        return value

    return read


def _place(node: object, info: ValidationInfo) -> Place:
    file = info.context["file"] if info.context else ""
    return Place(file, node.line, node.column) if isinstance(node, Scalar) else Place(file)


def _source(node: object, info: ValidationInfo) -> Source:
    return Source(values.text(node), _place(node, info))


def _optional_source(node: object, info: ValidationInfo) -> Source:
    if isinstance(node, Scalar) and node.empty:
        return Source("", _place(node, info))
    return _source(node, info)


def _template(node: object, info: ValidationInfo) -> TemplateRef:
    name = values.text(node, "opening.j2")
    if not name:
        wrong("wrong-type", "No template is named here.", "Write a file below templates/posts/: opening.j2.")
    if strays(name):
        wrong("path-outside", f"`{shown(name)}` leads out of templates/posts/.", "Name a file below templates/posts/.")
    return TemplateRef(name, _place(node, info))


def is_drawing(name: str) -> bool:
    """Whether `name` is that of an SVG file in a folder, wherever that is."""
    return name.lower().endswith(".svg") and not strays(name)


def _card(node: object, info: ValidationInfo) -> TemplateRef:
    if isinstance(node, Scalar) and node.empty:
        return TemplateRef("", _place(node, info))
    name = values.text(node, "spotlight.svg")
    if name and not is_drawing(name):
        wrong("wrong-card", f"`{shown(name)}` is no card.", "Name an SVG file below templates/cards/: spotlight.svg.")
    return TemplateRef(name, _place(node, info))


def _media_file(node: object, info: ValidationInfo) -> Source:
    source = _source(node, info)
    if not source.text:
        wrong("wrong-type", "No file is named here.", "Write a file below media/: portrait.png.")
    if strays(source.text) and "{{" not in source.text and "{%" not in source.text:
        wrong("path-outside", f"`{shown(source.text)}` leads out of media/.", "Name a file below media/.")
    return source


def _hashtag(node: object) -> str:
    value = values.text(node, "TimeIsNow").strip()
    if value.startswith("#"):
        wrong(
            "wrong-hashtag", f"`{shown(value)}` has a # of its own.", f"Write it without #: {shown(value.lstrip('#'))}."
        )
    if not any(character.isalnum() for character in value):
        wrong("wrong-hashtag", "This hashtag has no letter.", "Write a word: TimeIsNow.")
    return value


def _language(node: object) -> str:
    value = values.text(node, "mk")
    if not is_language(value):
        wrong("wrong-language", f"`{shown(value)}` is not a language's code.", "Write its code: en, mk, es, ar, pt-BR.")
    return value


def _post_zone(node: object) -> str:
    value = values.text(node, "Europe/Skopje")
    return value if value == ACCOUNT_ZONE else values.zone_of(value)


def _variable(node: object) -> str:
    """The name of the variable that holds a secret; what stands there instead is never repeated."""
    value = values.text(node, "env:NAME")
    if not value.startswith("env:"):
        mend = "Write env:NAME here, and NAME=… in .env."
        wrong("secret-in-file", "An address such as this is a secret, and others read this file.", mend)
    name = value.removeprefix("env:")
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name):
        wrong("wrong-secret", "This names no variable behind env:.", "Write env:NAME, as in env:NOTIFY_EMAIL.")
    return name


def _value(node: object) -> Value:
    return native(node)  # type: ignore[arg-type]


def _name(node: object) -> str:
    return values.text(node)


def _raw(node: object) -> Node:
    return node  # type: ignore[return-value]


Id = Annotated[str, PlainValidator(values.identifier), WithJsonSchema(pattern(values.ID, numbers=True))]
Text = Annotated[str, PlainValidator(_name), WithJsonSchema(TEXT)]
Language = Annotated[str, PlainValidator(_language), WithJsonSchema(pattern(LANGUAGE))]
Zone = Annotated[str, PlainValidator(values.zone), WithJsonSchema(pattern(r"[A-Za-z0-9_+/-]+"))]
PostZone = Annotated[str, PlainValidator(_post_zone), WithJsonSchema(pattern(r"[A-Za-z0-9_+/-]+"))]
Hashtag = Annotated[str, PlainValidator(_hashtag), WithJsonSchema({**TEXT, "pattern": "^[^#].*"})]
Flag = Annotated[bool, PlainValidator(values.flag), WithJsonSchema({"enum": [True, False, "true", "false"]})]
WHOLE = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[1-9][0-9]{0,14}$"}]}
Whole = Annotated[int, PlainValidator(values.whole), WithJsonSchema(WHOLE)]
Day = Annotated[date, PlainValidator(values.day), WithJsonSchema(pattern(values.DAY))]
Clock = Annotated[time, PlainValidator(values.clock), WithJsonSchema(pattern(values.CLOCK))]
CivilMoment = Annotated[
    datetime,
    PlainValidator(values.moment),
    WithJsonSchema(pattern(rf"{values.DAY}[ T]+{values.CLOCK}\s?{values.OFFSET}?")),
]
Length = Annotated[timedelta, PlainValidator(values.duration), WithJsonSchema(pattern(values.LENGTH))]
Rule = Annotated[
    Weekly | Interval | Cron,
    PlainValidator(cadence.every),
    WithJsonSchema({"type": "string", "pattern": cadence.PATTERN}),
]
Wording = Annotated[Source, PlainValidator(_source), WithJsonSchema(TEXT)]
OptionalWording = Annotated[Source, PlainValidator(_optional_source), WithJsonSchema(OPTIONAL_TEXT)]
Template = Annotated[TemplateRef, PlainValidator(_template), WithJsonSchema({**TEXT, "minLength": 1})]
MediaFile = Annotated[Source, PlainValidator(_media_file), WithJsonSchema({**TEXT, "minLength": 1})]
Card = Annotated[
    TemplateRef,
    PlainValidator(_card),
    WithJsonSchema({"type": ["string", "null"], "pattern": r"^$|^(?!\.\./|.*/\.\./)[^/~\\].*\.[Ss][Vv][Gg]$"}),
]


def keyed(words: Iterable[str], value: dict[str, Any]) -> WithJsonSchema:
    """The schema of a map whose keys are among `words`, so that an editor offers them and marks any other."""
    return WithJsonSchema({"type": "object", "properties": dict.fromkeys(words, value), "additionalProperties": False})


Platform = Annotated[
    str, PlainValidator(choice(*PLATFORMS, what="platform")), WithJsonSchema({"enum": list(PLATFORMS)})
]
Limit = Annotated[str, PlainValidator(choice(*LIMITS, what="limit")), WithJsonSchema({"enum": LIMITS})]
Visibility = Annotated[
    str, PlainValidator(choice(*VISIBILITIES, what="visibility")), WithJsonSchema({"enum": list(VISIBILITIES)})
]
Degradable = Annotated[
    str,
    PlainValidator(choice(*DEGRADABLE, what="thing that can be degraded")),
    WithJsonSchema({"enum": list(DEGRADABLE)}),
]
AnyValue = Annotated[object, PlainValidator(_value), WithJsonSchema({})]
Variable = Annotated[str, PlainValidator(_variable), WithJsonSchema(VARIABLE)]
Secret = Annotated[Node, PlainValidator(_raw), WithJsonSchema(VARIABLE)]
Raw = Annotated[object, PlainValidator(_raw), WithJsonSchema({})]
