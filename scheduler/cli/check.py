"""`drumbeat check`: everything that is wrong, at once, each with its place and its mend."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import campaigns_argument, with_app
from scheduler.cli.view import colour_here, count_line, finding_json, finding_line, print_json
from scheduler.errors import UsageError
from scheduler.finding import Severity, has_errors
from scheduler.operations.survey import Survey
from scheduler.preview.fitted import fitted, fitted_lines
from scheduler.preview.visible import visible
from scheduler.preview.words import counted

if TYPE_CHECKING:
    from scheduler.operations.fix import Change

FILES_WRONG = 2
SOMETHING_TO_SEE = 3
FORMATS = ("text", "json", "github")
LIST = "-"


@click.command(
    "check",
    epilog="Example: `drumbeat check --strict` in a pull request's CI, so that a warning stops the merge.",
)
@campaigns_argument
@click.option("--strict", is_flag=True, help="Exit with 3 on warnings too (never on notes).")
@click.option("--fix", is_flag=True, help="Write the mends that need no judgement into the files, and say which.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="How to print: for people, programs, or GitHub.")
@click.option(
    "--explain", metavar="RULE", is_flag=False, flag_value=LIST, help="Say what a rule is for, and how to set it."
)
@click.option("--rules", is_flag=True, help="List every rule there is.")
@with_app(look=True)
def command(
    app: App,
    *,
    campaigns: tuple[str, ...],
    strict: bool,
    fix: bool,
    form: str | None,
    explain: str | None,
    rules: bool,
    as_json: bool,
) -> int:
    """Say everything that is wrong with the files: where it is, and how to mend it."""
    form = _form(form, as_json=as_json)
    if explain is not None or rules:
        _explain(LIST if rules else explain, as_json=form == "json")
        return 0
    if fix:
        from scheduler.cli.fixing import fix_files

        changes, survey = fix_files(app, campaigns)
    else:
        changes, survey = None, app.survey(campaigns)
    _print(form, app, survey, changes)
    if has_errors(survey.findings):
        return FILES_WRONG
    warned = any(finding.severity is Severity.WARNING for finding in survey.findings)
    return SOMETHING_TO_SEE if strict and warned else 0


def _form(form: str | None, *, as_json: bool) -> str:
    if as_json and form not in {None, "json"}:
        raise UsageError(f"--json and --format {form} cannot both be.", mend="Keep one of them.")
    return "json" if as_json else form or "text"


def _explain(name: str | None, *, as_json: bool) -> None:
    from scheduler.cli.explaining import explain, list_rules

    if name in {None, LIST}:
        list_rules(as_json=as_json)
    else:
        explain(str(name), as_json=as_json)


def _counted(survey: Survey) -> tuple[int, int]:
    posts = sum(len(campaign.posts) for campaign in survey.loaded.campaigns)
    return posts, sum(delivery.part == 1 for delivery in survey.plan.deliveries)


def _print(form: str, app: App, survey: Survey, changes: "list[Change] | None") -> None:
    """The findings in the form asked for; `changes` are what `--fix` wrote, None where it was not asked."""
    if form == "json":
        print_json(_as_json(survey, changes))
        return
    if changes is not None:
        from scheduler.cli.fixing import change_lines

        click.echo("\n".join(change_lines(changes)))
    if form == "github":
        from scheduler.cli.annotations import annotation, seen_from

        folder = seen_from(app.start, app.root)
        for finding in survey.findings:
            click.echo(annotation(finding, folder))
    else:
        colour = colour_here()
        for finding in survey.findings:
            click.echo(finding_line(finding, colour=colour))
        for line in fitted_lines(fitted(survey.plan.deliveries)):
            click.echo(visible(line))
    click.echo(_summary(survey))


def _as_json(survey: Survey, changes: "list[Change] | None") -> dict[str, object]:
    posts, deliveries = _counted(survey)
    fixed = {} if changes is None else {"fixed": [change.as_json() for change in changes]}
    findings = [finding_json(finding) for finding in survey.findings]
    media = [one.as_json() for one in fitted(survey.plan.deliveries)]
    return {**fixed, "findings": findings, "posts": posts, "deliveries": deliveries, "media": media}


def _summary(survey: Survey) -> str:
    posts, deliveries = _counted(survey)
    said = count_line(survey.findings) or "nothing to mend"
    campaigns = counted(len(survey.loaded.campaigns), "campaign")
    return f"{campaigns}, {counted(posts, 'post')} in the files, {deliveries:,} to go out from now on: {said}."
