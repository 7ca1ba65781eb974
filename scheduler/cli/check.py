"""`drumbeat check`: everything that is wrong, at once, each with its place and its mend."""

import click

from scheduler.app import App
from scheduler.cli.options import campaigns_argument, common
from scheduler.cli.view import colour_here, count_line, finding_json, finding_line, print_json
from scheduler.finding import Severity, has_errors
from scheduler.operations.survey import Survey
from scheduler.preview.words import counted

FILES_WRONG = 2
SOMETHING_TO_SEE = 3


@click.command(
    "check",
    epilog="Example: `drumbeat check --strict` in a pull request's CI, so that a warning stops the merge.",
)
@campaigns_argument
@click.option("--strict", is_flag=True, help="Exit with 3 on warnings too (never on notes).")
@common(look=True)
def command(app: App, *, campaigns: tuple[str, ...], strict: bool, as_json: bool) -> int:
    """Say everything that is wrong with the files: where it is, and how to mend it."""
    survey = app.survey(campaigns)
    if as_json:
        print_json(_as_json(survey))
    else:
        _show(survey)
    if has_errors(survey.findings):
        return FILES_WRONG
    warned = any(finding.severity is Severity.WARNING for finding in survey.findings)
    return SOMETHING_TO_SEE if strict and warned else 0


def _counted(survey: Survey) -> tuple[int, int]:
    posts = sum(len(campaign.posts) for campaign in survey.loaded.campaigns)
    return posts, sum(delivery.part == 1 for delivery in survey.plan.deliveries)


def _as_json(survey: Survey) -> dict[str, object]:
    posts, deliveries = _counted(survey)
    return {
        "findings": [finding_json(finding) for finding in survey.findings],
        "posts": posts,
        "deliveries": deliveries,
    }


def _show(survey: Survey) -> None:
    colour = colour_here()
    for finding in survey.findings:
        click.echo(finding_line(finding, colour=colour))
    posts, deliveries = _counted(survey)
    said = count_line(survey.findings) or "nothing to mend"
    campaigns = counted(len(survey.loaded.campaigns), "campaign")
    click.echo(f"{campaigns}, {counted(posts, 'post')} in the files, {deliveries:,} to go out from now on: {said}.")
