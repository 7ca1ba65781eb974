"""`drumbeat measure`: count a text as each platform counts it, one or a stream of them."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

import click

from scheduler.errors import UsageError
from scheduler.model.measure import Entity
from scheduler.platforms import PLATFORMS
from scheduler.platforms.measuring import Measured, measured


@click.command(
    "measure",
    epilog="Example: `drumbeat measure --platform x 'Time is now. #TimeIsNow https://example.org'`",
)
@click.argument("text", required=False)
@click.option("--platform", "platforms", multiple=True, help="Count as this platform does; all, where none is named.")
@click.option("--warning", default="", help="A content warning, where the platform counts it in.")
@click.option(
    "--jsonl", type=click.File("r", encoding="utf-8"), is_flag=False, flag_value="-", help="Read lines of JSON."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(text: str | None, *, platforms: tuple[str, ...], warning: str, jsonl: TextIO | None, as_json: bool) -> int:
    """Count a text as each platform counts it, and name its links, mentions and hashtags.

    With --jsonl, a line in is {"id", "text", "platform", "warning"?}, a line out is its measure.
    """
    if jsonl is not None:
        for line in _measured_lines(jsonl):
            click.echo(line)
        return 0
    if text is None:
        raise UsageError("There is no text to measure.", mend="Give it in quotes, or lines of JSON with --jsonl.")
    results = [(name, measured(text, name, warning)) for name in platforms or PLATFORMS]
    if as_json:
        click.echo(
            json.dumps({"measures": [as_line(None, name, result) for name, result in results]}, ensure_ascii=False)
        )
        return 0
    for name, result in results:
        limit = f"/{result.limit}" if result.limit else ""
        click.echo(
            f"{name:<10} {result.length}{limit} {result.unit}{'' if result.valid else '  too long or not valid'}"
        )
    return 0


def _measured_lines(lines: TextIO) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            entry = _entry(line, number)
            result = measured(entry["text"], entry["platform"], entry.get("warning") or "")
            yield json.dumps(as_line(entry.get("id"), entry["platform"], result), ensure_ascii=False)


def _entry(line: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("text", "platform")):
        raise UsageError(f"Line {number} is no measure.", mend='Write {"id": 1, "text": "…", "platform": "x"}.')
    return entry


def as_line(identity: object, platform: str, result: Measured) -> dict[str, Any]:
    """One measure as plain JSON; entities' places count code points."""
    return {
        "id": identity,
        "platform": platform,
        "length": result.length,
        "limit": result.limit,
        "unit": result.unit,
        "valid": result.valid,
        "measures": [
            {"value": measure.value, "limit": measure.limit, "unit": measure.unit} for measure in result.measures
        ],
        "urls": [_entity(entity) for entity in result.entities.urls],
        "mentions": [_entity(entity) for entity in result.entities.mentions],
        "hashtags": [_entity(entity) for entity in result.entities.hashtags],
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {"text": entity.text, "start": entity.start, "end": entity.end}
