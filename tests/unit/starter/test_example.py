"""The example workspace, as `drumbeat init --example time-is-now` writes it."""

from pathlib import Path

from scheduler.workspace.loader import load
from scheduler.workspace.starter.starter import example_files, write_files

ROOT = Path(__file__).resolve().parents[3]


def test_what_is_written_is_the_shipped_workspace(tmp_path: Path) -> None:
    write_files(tmp_path, example_files())

    ours, theirs = load(ROOT), load(tmp_path)

    assert theirs.findings == ours.findings == ()
    assert theirs.campaigns == ours.campaigns
    assert theirs.templates == ours.templates


def test_nothing_but_a_workspace_is_written() -> None:
    """No secrets, no records of a daemon, no source code, whatever lies in the checkout."""
    tops = {name.partition("/")[0] for name, _ in example_files()}

    assert tops == {"drumbeat.yaml", ".env.example", ".gitignore", "campaigns", "templates", "media", "docs"}


def test_editors_find_the_schemas_that_its_hints_name() -> None:
    files = dict(example_files())

    assert files["campaigns/time-is-now.yaml"].startswith(
        b"# yaml-language-server: $schema=../docs/schemas/campaign.schema.json\n"
    )
    assert "docs/schemas/campaign.schema.json" in files


def test_pictures_come_with_their_licence() -> None:
    assert b"CC0-1.0" in dict(example_files())["media/LICENSE"]
