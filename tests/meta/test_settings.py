"""`.env.example` and the settings are the same list, and a secret stays out of every print."""

from pathlib import Path

import pytest

from scheduler.errors import UsageError
from scheduler.settings import VARIABLES, read_settings, with_dotenv

ROOT = Path(__file__).parents[2]


def test_the_example_names_every_setting_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = [line.lstrip("# ").partition("=")[0::2] for line in text.splitlines() if "DRUMBEAT_" in line]

    assert named == [(variable.name, variable.default) for variable in VARIABLES]


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DRUMBEAT_WORKERS=3\nTOKEN=inside\nOTHER=only-here\n", encoding="utf-8")
    monkeypatch.setenv("TOKEN", "outside")

    settings = with_dotenv(read_settings(workspace=tmp_path), tmp_path)

    assert settings.workers == 3
    assert settings.secret("TOKEN") == "outside"
    assert settings.secret("OTHER") == "only-here"
    assert settings.secret("NOBODY_SET_THIS") is None


def test_a_secret_is_in_no_repr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "canary-4711")

    assert "canary-4711" not in repr(read_settings(workspace=tmp_path))


@pytest.mark.parametrize(
    ("variable", "value"), [("DRUMBEAT_WORKERS", "many"), ("DRUMBEAT_WORKERS", "0"), ("DRUMBEAT_LOG_FORMAT", "xml")]
)
def test_a_setting_that_cannot_be_meant_is_refused_by_name(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(UsageError, match=variable):
        read_settings(workspace=None)
