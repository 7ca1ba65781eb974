"""`drumbeat schema`: what the files may say, for editors, and what templates may use."""

import json
from dataclasses import asdict

import click

FORMATS = ("campaign", "workspace")


@click.command(
    "schema",
    epilog="Example: `drumbeat schema campaign > campaign.schema.json`, and name it in your editor's YAML settings.",
)
@click.argument("which", required=False, type=click.Choice(FORMATS))
@click.option("--templates", is_flag=True, help="List the variables, functions and filters of templates.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(which: str | None, *, templates: bool, as_json: bool) -> int:
    """Print the JSON Schema of campaign files (or of drumbeat.yaml), or what templates may use."""
    if templates:
        _templates(as_json=as_json)
        return 0
    from scheduler.workspace.schema import json_schemas

    schemas = json_schemas()
    shown = schemas if which is None and as_json else schemas[which or "campaign"]
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _templates(*, as_json: bool) -> None:
    from scheduler.composing.reference import template_reference

    entries = template_reference()
    if as_json:
        click.echo(json.dumps({"templates": [asdict(entry) for entry in entries]}, ensure_ascii=False, indent=2))
        return
    for entry in entries:
        click.echo(f"{entry.signature}\n    {entry.kind}: {entry.meaning}\n    {entry.example}")
