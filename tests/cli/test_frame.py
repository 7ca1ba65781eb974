"""What holds of every command: help with an example, one way to fail, and a quick start."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli.main import COMMANDS, run
from tests.cli.conftest import Desk

WITHOUT_JSON_OBJECT = {"daemon", "run"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_is_for_and_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0

    out = capsys.readouterr().out
    assert "Example:" in out
    assert "--json" in out


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {command} " in out for command in COMMANDS)


def test_help_loads_none_of_the_heavy_libraries() -> None:
    heavy = {"apscheduler", "sqlalchemy", "pydantic", "rich", "PIL", "jinja2", "babel", "yaml", "requests", "alembic"}
    code = f"""
import sys
from scheduler.cli.main import run
run(["--help"])
loaded = {heavy!r} & set(sys.modules)
sys.exit(f"loaded {{loaded}}" if loaded else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_daemon_loads_no_templates_no_migrations_and_no_pictures() -> None:
    heavy = {"jinja2", "ruamel", "alembic", "PIL", "rich", "babel"}
    code = f"import sys, scheduler.cli.daemon, scheduler.daemon.run; print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_command_that_is_none_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chekc"]) == 2
    assert "Did you mean check?" in capsys.readouterr().err


def test_alone_it_says_where_you_are_and_the_one_next_command(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.root / "campaigns")

    assert run([]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert lines[0] == f"Workspace rights in {desk.root}"
    assert lines[-1] == "Next: drumbeat preview, then drumbeat apply"


def test_outside_a_workspace_it_points_to_init(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run([]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Next: drumbeat init"
    assert run(["check"]) == 2


def test_no_colour_and_no_boxes_without_a_terminal(desk: Desk) -> None:
    for command in (("check",), ("preview",), ("plan",)):
        out = desk(*command).out
        assert "\x1b" not in out
        assert not set(out) & set("│┃─━╭╮╰╯█")


def test_no_color_is_obeyed_on_a_terminal(desk: Desk) -> None:
    assert b"\x1b[" in _on_a_terminal(desk, {})
    assert b"\x1b[" not in _on_a_terminal(desk, {"NO_COLOR": "1"})


def _on_a_terminal(desk: Desk, extra: dict[str, str]) -> bytes:
    master, slave = pty.openpty()
    outside = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", **extra}
    command = [sys.executable, "-m", "scheduler", "preview", "--workspace", str(desk.root)]
    with subprocess.Popen(command, stdout=slave, stderr=slave, stdin=slave, env=outside) as process:
        os.close(slave)
        seen = b""
        while chunk := _chunk(master):
            seen += chunk
        process.wait()
    os.close(master)
    return seen


def _chunk(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_init_asks_three_things_and_what_it_writes_checks_clean(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "scheduler", "init", str(tmp_path / "new")]
    with subprocess.Popen(command, stdout=slave, stderr=slave, stdin=slave) as process:
        os.close(slave)
        os.write(master, "Равенство сега\nEurope/Skopje\nravenstvo@mastodon.example\n".encode())
        seen = b""
        while chunk := _chunk(master):
            seen += chunk
        assert process.wait() == 0, seen
    os.close(master)

    assert seen.count(b"?") >= 3
    assert run(["check", "--strict", "--workspace", str(tmp_path / "new")]) == 0
    assert "workspace: ravenstvo-sega" in (tmp_path / "new" / "drumbeat.yaml").read_text(encoding="utf-8")
    assert ".env" in (tmp_path / "new" / ".gitignore").read_text(encoding="utf-8").split()


def test_init_without_anybody_to_ask_wants_a_yes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path)]) == 2
    assert "--yes" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_init_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "drumbeat.yaml").write_text("workspace: mine\n", encoding="utf-8")

    assert run(["init", str(tmp_path), "--yes"]) == 2
    assert (tmp_path / "drumbeat.yaml").read_text(encoding="utf-8") == "workspace: mine\n"


def test_schemas_and_the_words_of_templates_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "campaign"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"
    assert run(["schema", "--templates"]) == 0
    assert "days_until" in capsys.readouterr().out


def test_a_text_is_measured_as_each_platform_counts_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "--platform", "x", "Time is now https://example.org/a-very-long-path-indeed"]) == 0
    assert "x          35/280 weighted characters" in capsys.readouterr().out


def test_lines_are_measured_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "lines"
    lines.write_text('{"id": 7, "text": "Сега #СегаКажувам", "platform": "mastodon"}\n', encoding="utf-8")

    assert run(["measure", "--jsonl", str(lines)]) == 0

    measured = json.loads(capsys.readouterr().out)
    assert measured["id"] == 7
    assert measured["length"] == 17
    assert measured["hashtags"] == [{"text": "#СегаКажувам", "start": 5, "end": 17}]
    assert measured["valid"] is True


def test_a_line_that_is_no_measure_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "lines"
    lines.write_text('{"id": 7, "text": 3}\n', encoding="utf-8")

    assert run(["measure", "--jsonl", str(lines)]) == 2
    assert "Line 1" in capsys.readouterr().err
