"""The options that every command shares, and the one way to an `App`."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from scheduler.app import App
from scheduler.cli.view import failure_json, print_json, progress
from scheduler.errors import SchedulerError

Command = Callable[..., Any]

workspace_option = click.option(
    "--workspace",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The workspace; else the nearest directory upwards with a drumbeat.yaml.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
_AT = click.option("--at", metavar="INSTANT", help="Look as if it were this moment (2027-06-30T07:00:00Z).")


def with_app(*, look: bool = False) -> Callable[[Command], Command]:
    """Gives the command its `App` first, and `as_json`; a pure `look` takes `--at` as well.

    Where JSON was asked for, a failure is told in JSON too.
    """

    def decorate(function: Command) -> Command:
        @functools.wraps(function)
        def command(*, workspace: Path | None, as_json: bool, at: str | None = None, **rest: Any) -> Any:  # noqa: ANN401
            try:
                return function(App.open(workspace=workspace, at=at, progress=progress), as_json=as_json, **rest)
            except SchedulerError as failure:
                if as_json:
                    print_json(failure_json(failure))
                raise

        return _JSON(workspace_option(_AT(command) if look else command))

    return decorate


def campaigns_argument(function: Command) -> Command:
    """The campaigns to speak of; none means all."""
    return click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")(function)
