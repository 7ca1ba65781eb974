"""What a newcomer finds after `drumbeat init`."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from scheduler.checking.check import check_plan
from scheduler.composing.compose import Composer
from scheduler.errors import UsageError
from scheduler.finding import Severity
from scheduler.planning.plan import Plan, plan
from scheduler.platforms import PLATFORMS
from scheduler.workspace.loader import Loaded, load
from scheduler.workspace.starter.starter import StarterAccount, starter_files, write_files

TODAY = date(2026, 11, 24)
NOW = datetime.combine(TODAY, time(23, 30), UTC)


def begun(folder: Path, name: str = "Equality", *, account: StarterAccount | None = None) -> Loaded:
    write_files(folder, starter_files(name, "Europe/Skopje", account or StarterAccount(), TODAY))
    return load(folder)


def planned(loaded: Loaded) -> Plan:
    assert loaded.workspace
    return plan(loaded.workspace, loaded.campaigns, now=NOW, compose=Composer(loaded.templates).compose)


def test_it_has_one_account_and_three_posts_in_the_next_two_weeks(tmp_path: Path) -> None:
    loaded = begun(tmp_path)

    deliveries = planned(loaded).deliveries

    assert loaded.workspace
    assert list(loaded.workspace.accounts) == ["main"]
    assert [delivery.post for delivery in deliveries] == ["hello", "why", "join"]
    assert all(0 < (delivery.due.date() - TODAY).days <= 14 for delivery in deliveries)


def test_nobody_is_reached_by_it(tmp_path: Path) -> None:
    assert not any(delivery.live for delivery in planned(begun(tmp_path)).deliveries)


@pytest.mark.parametrize("platform", [name for name, rules in PLATFORMS.items() if not rules.limits.get("media_min")])
def test_every_platform_that_takes_text_finds_nothing_wrong_with_it(tmp_path: Path, platform: str) -> None:
    loaded = begun(tmp_path, account=StarterAccount(platform=platform, handle="someone", server=""))
    assert loaded.workspace
    result = planned(loaded)

    found = [*loaded.findings, *result.findings]
    found += check_plan(result, loaded.workspace, loaded.campaigns, loaded.templates)

    assert [str(finding) for finding in found if finding.severity is not Severity.NOTE] == []


def test_a_platform_of_pictures_is_refused_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="without a picture") as refusal:
        starter_files("x", "UTC", StarterAccount(platform="instagram"), TODAY)

    assert "another account" in refusal.value.mend


@pytest.mark.parametrize("file", ["drumbeat.yaml", "campaigns/first-steps.yaml"])
def test_every_line_is_explained(file: str) -> None:
    """A line says what it is for, or belongs to a text."""
    lines = starter_files("Equality", "Europe/Skopje", StarterAccount(), TODAY)[file].splitlines()

    assert [line for line in lines if line.strip() and not line.startswith("      ") and "# " not in line] == []


def test_editors_are_told_where_the_schemas_are() -> None:
    files = starter_files("Equality", "Europe/Skopje", StarterAccount(), TODAY)

    for file in ("drumbeat.yaml", "campaigns/first-steps.yaml"):
        hint = re.match(r"# yaml-language-server: \$schema=(\S+)\n", files[file])
        assert hint
        named = (Path("/root") / file).parent / hint[1]
        assert str(named.resolve().relative_to("/root")) in files


def test_secrets_and_records_stay_out_of_git() -> None:
    files = starter_files("Equality", "Europe/Skopje", StarterAccount(), TODAY)

    assert {".env", ".drumbeat/"} <= set(files[".gitignore"].splitlines())


def test_the_variable_that_holds_the_token_is_in_the_example_of_env() -> None:
    files = starter_files("Equality", "Europe/Skopje", StarterAccount(name="Skopje branch"), TODAY)

    assert "token: env:SKOPJE_BRANCH_TOKEN" in files["drumbeat.yaml"]
    assert "\nSKOPJE_BRANCH_TOKEN=\n" in files[".env.example"]
