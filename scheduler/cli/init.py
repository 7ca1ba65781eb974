"""`drumbeat init`: from nothing to three posts, every line explained."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.view import at_a_terminal, print_json, say
from scheduler.clock import SystemClock
from scheduler.errors import UsageError
from scheduler.model.zones import zone, zone_names

if TYPE_CHECKING:
    from scheduler.workspace.starter.starter import StarterAccount

EXAMPLES = ("time-is-now",)
DEFAULT_NAME = "My campaign"
DEFAULT_ZONE = "Europe/Brussels"
DEFAULT_HANDLE = "me@mastodon.example"


@click.command(
    "init",
    epilog="Example: `drumbeat init my-campaign && cd my-campaign && drumbeat preview`",
)
@click.argument("directory", required=False, default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults.")
@click.option("--name", help="The organization's or campaign's name.")
@click.option("--timezone", help="The organizers' time zone, an IANA name.")
@click.option("--account", "handle", help="A Mastodon account: name@server.")
@click.option("--example", type=click.Choice(EXAMPLES), help="Write the big example workspace instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(
    directory: Path,
    *,
    yes: bool,
    name: str | None,
    timezone: str | None,
    handle: str | None,
    example: str | None,
    as_json: bool,
) -> int:
    """Start a workspace: one account in dry run, and one campaign of three posts in the next two weeks."""
    from scheduler.workspace.starter.starter import example_files, starter_files, write_files

    if example:
        files = dict(example_files())
    else:
        asked = not yes
        chosen = _ask("What is it called?", name, DEFAULT_NAME, asked=asked)
        place = _zone(_ask("In which time zone do you work?", timezone, _local_zone(), asked=asked))
        account = _account(_ask("Which Mastodon account will speak first?", handle, DEFAULT_HANDLE, asked=asked))
        today = SystemClock().now().astimezone(zone(place)).date()
        texts = starter_files(name=chosen, timezone=place, account=account, today=today)
        files = {path: text.encode() for path, text in texts.items()}
    written = write_files(directory, files)
    if as_json:
        print_json({"created": list(written.created), "kept": list(written.kept)})
        return 0
    for path in written.created:
        click.echo(f"  wrote {directory / path}")
    say("Nothing will reach anybody yet: the account is in DRY RUN.")
    say(f"Next: {'' if directory == Path() else f'cd {directory} && '}drumbeat preview")
    return 0


def _ask(question: str, given: str | None, default: str, *, asked: bool) -> str:
    if given is not None:
        return given
    if not asked:
        return default
    if not at_a_terminal():
        raise UsageError("There is nobody to ask.", mend="Say --yes, or give --name, --timezone and --account.")
    return str(click.prompt(question, default=default, err=True))


def _zone(name: str) -> str:
    zone(name)
    return name


def _local_zone() -> str:
    from tzlocal import get_localzone_name

    name = get_localzone_name() or ""
    return name if name in zone_names() and "/" in name else DEFAULT_ZONE


def _account(handle: str) -> "StarterAccount":
    from scheduler.workspace.starter.starter import StarterAccount

    name, _, server = handle.lstrip("@").partition("@")
    if not name or "." not in server:
        raise UsageError(f"{handle!r} is no Mastodon account.", mend="Write it as name@server: me@mastodon.example.")
    return StarterAccount(
        name="mastodon-main", platform="mastodon", handle=f"{name}@{server}", server=f"https://{server}"
    )
