"""What LinkedIn makes of a post, and what it refuses: pure functions, on which its emulator stands.

Little text is read sign by sign: a reserved one that is neither escaped nor part of an element ends what
people see, and the answer is 201 all the same. A mention whose name is not the entity's own becomes text.
Hashtags come back as templates. Written from Microsoft Learn (Posts API, little text, polls, errors, as of
2026-01 to 2026-09) and the issues that the publisher names; nothing here was seen live.
"""

import re
from collections.abc import Mapping
from typing import Any

from scheduler.testing.emulators.loopback import Answer

MOST, MOST_ALT, MOST_QUESTION, MOST_OPTION = 3000, 4086, 140, 30
RESERVED = set("\\|{}@[]()<>#*_~")
DURATIONS = {"ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS"}
NEEDED = {"author", "commentary", "visibility", "distribution", "lifecycleState"}
KNOWN = NEEDED | {"content", "isReshareDisabledByAuthor", "reshareContext"}
KINDS = {"media", "multiImage", "article", "poll"}
_TEMPLATE = re.compile(r"\{hashtag\|\\?[#＃]\|((?:\\.|[^}\\])+)\}")
_MENTION = re.compile(r"@\[((?:\\.|[^\]\\])+)\]\((urn:li:(?:person|organization):[^)]+)\)")
_HASHTAG = re.compile(r"[#＃](\w+)")


class Refusal(Exception):
    """Something that is answered with an error, and made nothing."""

    def __init__(self, status: int, code: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.answer = refused(status, code, message, **more)


def refused(status: int, code: str, message: str, **more: object) -> Answer:
    """An error as the newer body has it, with the number that support asks for."""
    said = {"status": status, "code": code, "message": message, **more}
    return Answer(status, said, {"x-li-uuid": "AAYemulatedOfNobody==", "x-li-fabric": "prod-emulated"})


def inputs(code: str, description: str) -> dict[str, Any]:
    """The part of an error that is about single fields."""
    entry = {"code": code, "description": description, "input": {"inputPath": {"fieldPath": "commentary"}}}
    return {"errorDetailType": "com.linkedin.common.error.BadRequest", "errorDetails": {"inputErrors": [entry]}}


def read(commentary: str, names: Mapping[str, str]) -> tuple[str, str]:
    """What people see of a little text, and how it is given back. `names` are those of entities, by urn."""
    seen, kept, at = [], [], 0
    while at < len(commentary):
        step = _step(commentary, at, names)
        if step is None:
            break
        length, shown, stored = step
        seen.append(shown)
        kept.append(stored)
        at += length
    return "".join(seen), "".join(kept)


def _step(text: str, at: int, names: Mapping[str, str]) -> tuple[int, str, str] | None:
    """The next element: how long it is, what people see, how it is given back; None where the text ends here."""
    sign = text[at]
    if sign == "\\" and text[at + 1 : at + 2] in RESERVED:
        return 2, text[at + 1], text[at : at + 2]
    if found := _TEMPLATE.match(text, at):
        word = _bare(found[1])
        return len(found[0]), f"#{word}", f"{{hashtag|\\#|{found[1]}}}"
    if found := _MENTION.match(text, at):
        name = _bare(found[1])
        known = names.get(found[2]) == name
        return len(found[0]), name, found[0] if known else found[1]
    if found := _HASHTAG.match(text, at):
        return len(found[0]), found[0], f"{{hashtag|\\#|{found[1]}}}"
    return None if sign in RESERVED else (1, sign, sign)


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def check_fields(said: Any) -> None:  # noqa: ANN401  # whatever was sent
    """Raises `Refusal` for what is no post."""
    if not isinstance(said, dict) or said.keys() - KNOWN or NEEDED - said.keys():
        wrong = sorted((said.keys() ^ KNOWN) if isinstance(said, dict) else NEEDED)
        raise Refusal(422, "INVALID_REQUEST", f"Field Value validation failed in REQUEST_BODY: {wrong}")
    if said["lifecycleState"] != "PUBLISHED":
        raise Refusal(400, "INVALID_VALUE_FOR_FIELD", "The only lifecycleState accepted at creation is PUBLISHED")
    allowed = {"PUBLIC", "CONNECTIONS", "LOGGED_IN"}
    if ":organization:" in said["author"]:
        allowed = {"PUBLIC"}
    if said["visibility"] not in allowed:
        raise Refusal(400, "INVALID_VALUE_FOR_FIELD", f"visibility {said['visibility']} is not allowed")


def check_text(shown: str) -> None:
    """Raises `Refusal` for a text that is too long."""
    if len(shown) > MOST:
        words = f"commentary: length {len(shown)} exceeds the maximum {MOST}"
        raise Refusal(422, "FIELD_LENGTH_TOO_LONG", words, **inputs("FIELD_LENGTH_TOO_LONG", words))


def check_content(content: Mapping[str, Any]) -> None:
    """Raises `Refusal` for what cannot be shown."""
    if len(content) != 1 or content.keys() - KINDS:
        raise Refusal(400, "INVALID_CONTENT", "content is a union of one member")
    [(kind, said)] = content.items()
    wrong = ""
    if kind == "multiImage":
        wrong = "" if 2 <= len(said["images"]) <= 20 else "images: from 2 to 20"
    elif kind == "article":
        wrong = "" if said.get("source") and said.get("title") else "article: source and title"
    elif kind == "poll":
        wrong = _wrong_poll(said)
    if wrong or any(len(one.get("altText", "")) > MOST_ALT for one in files(content)):
        raise Refusal(422, "INVALID_CONTENT", f"Field Value validation failed in REQUEST_BODY: {wrong or 'altText'}")


def _wrong_poll(said: Mapping[str, Any]) -> str:
    options = [one["text"] for one in said["options"]]
    fits = 2 <= len(options) <= 4 and all(0 < len(one) <= MOST_OPTION for one in options)
    lasts = said["settings"]["duration"] in DURATIONS
    return "" if fits and lasts and 0 < len(said["question"]) <= MOST_QUESTION else "poll"


def files(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files that a content names."""
    if "multiImage" in content:
        return list(content["multiImage"]["images"])
    return [content["media"]] if "media" in content else []
