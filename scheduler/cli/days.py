"""Which days a preview shows: one, the seven from it, or all of a campaign."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from scheduler.app import App
from scheduler.cli.view import say
from scheduler.errors import UsageError

if TYPE_CHECKING:
    from scheduler.operations.extent import Extent
    from scheduler.operations.survey import Survey
    from scheduler.preview.view import DeliveryView

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Days:
    """What a person typed."""

    day: str | None = None
    week: bool = False
    campaign: str = ""


def days_options(function: Command) -> Command:
    """Gives the command `days`, as typed with `--day`, `--week` and `--campaign`."""

    @functools.wraps(function)
    def command(*arguments: Any, day: str | None, week: bool, campaign: str, **rest: Any) -> Any:  # noqa: ANN401
        return function(*arguments, days=Days(day, week, campaign), **rest)

    for option in (
        click.option("--campaign", metavar="ID", default="", help="Only this campaign; without --day, all its days."),
        click.option("--week", is_flag=True, help="The seven days that begin with the day."),
        click.option(
            "--day", metavar="DATE", help="The day to show (2027-06-30, or today); else today or the next with posts."
        ),
    ):
        command = option(command)
    return command


def asked_for(app: App, survey: "Survey", shown: "Sequence[DeliveryView]", days: Days) -> "Extent":
    """The days that are meant. Raises `UsageError` for an unknown campaign, or one together with no day of its own."""
    from scheduler.operations.extent import Extent
    from scheduler.preview.page.sheet import Scope

    known = sorted({*(one.id for one in survey.loaded.campaigns), *(view.campaign for view in shown)})
    if days.campaign and days.campaign not in known:
        raise UsageError(f"There is no campaign {days.campaign!r}.", mend=f"There are: {', '.join(known)}.")
    mine = [view for view in shown if days.campaign in {"", view.campaign}]
    scope = Scope.WEEK if days.week else Scope.CAMPAIGN if days.campaign and not days.day else Scope.DAY
    day = chosen_day(app, survey, mine, days.day, told=scope is not Scope.CAMPAIGN)
    return Extent(day, scope, days.campaign)


def chosen_day(
    app: App, survey: "Survey", shown: "Sequence[DeliveryView]", asked: str | None, *, told: bool = True
) -> date:
    """The day asked for; else today where it has posts, or the next that has, and then it is said."""
    from scheduler.model.zones import zone
    from scheduler.operations.moments import read_day
    from scheduler.operations.outlook import first_day

    timezone = survey.workspace.timezone
    today = app.clock.now().astimezone(zone(timezone)).date()
    if asked:
        return read_day(asked, today=today)
    chosen = first_day(shown, now=app.clock.now(), timezone=timezone)
    if chosen != today and told:
        say(f"No posts today, {today}: this is the next day that has some.")
    return chosen
