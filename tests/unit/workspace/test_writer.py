"""Adding to a person's files changes nothing else in them."""

import stat

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.errors import UsageError, WorkspaceError
from scheduler.settings import read_settings, with_dotenv
from scheduler.workspace.writer import replace_file, set_secrets, set_variable, with_account, with_key

NEW = {"platform": "mastodon", "server": "https://m.example", "token": "env:NEW_TOKEN", "live": False}
BLOCK = """\
# ours
workspace: rights   # never change it
timezone: Europe/Skopje

accounts:
    # the first
    one:
        platform:   bluesky    # odd blanks stay
        handle: "rights.example"

    two: {platform: mastodon,   server: https://m.example}   # in one line

# groups follow
groups:
    feeds: [one,
            two]
"""


def added(before, after):
    """The lines that are new; every other line must still be there, in its order."""
    old, new = before.splitlines(), after.splitlines()
    for line in old:
        while new and new[0] != line:
            yield new.pop(0)
        assert new, f"lost: {line!r}"
        new.pop(0)
    yield from new


def test_an_account_is_added_below_the_others_and_nothing_else_changes():
    written = with_account(BLOCK, "new", NEW)

    assert [line for line in added(BLOCK, written) if line] == [
        "    new:",
        "        platform: mastodon",
        "        server: https://m.example",
        "        token: env:NEW_TOKEN",
        "        live: false",
    ]
    assert written.index("new:") < written.index("# groups follow")


def test_accounts_at_the_end_of_a_file_without_a_last_line_end():
    text = "workspace: a\ntimezone: UTC\naccounts:\n  one: {platform: bluesky, handle: a.example}"

    assert with_account(text, "new", NEW).startswith(f"{text}\n  new:\n    platform: mastodon\n")


@pytest.mark.parametrize("accounts", ["{}", "{one: {platform: bluesky, handle: a.example}}  # ours"])
def test_accounts_in_braces_get_one_more(accounts):
    text = f"# ours\nworkspace: a  # it\ntimezone: UTC\naccounts: {accounts}\n"

    written = with_account(text, "new", NEW)

    assert "new:" in written
    assert written.startswith("# ours\nworkspace: a  # it\n")


def test_a_name_that_is_taken_is_refused():
    with pytest.raises(UsageError, match="already"):
        with_account(BLOCK, "two", NEW)


@pytest.mark.parametrize("name", ["mastodon", "en", "Not An Id"])
def test_a_name_that_cannot_be_one_is_refused(name):
    with pytest.raises(WorkspaceError) as refused:
        with_account(BLOCK, name, NEW)

    assert refused.value.findings


def test_a_secret_written_out_is_refused():
    with pytest.raises(WorkspaceError):
        with_account(BLOCK, "new", {**NEW, "token": "canary"})


def test_a_file_with_mistakes_is_left_alone():
    with pytest.raises(WorkspaceError):
        with_account("workspace: a\naccounts: [", "new", NEW)


def test_values_that_look_like_something_else_stay_text():
    written = with_account(BLOCK, "new", {"platform": "matrix", "room": "#a:b", "handle": "yes", "server": "1.5"})

    assert "room: '#a:b'" in written
    with_account(written, "newer", NEW)


def test_a_key_of_the_file_itself_is_added_at_its_end():
    assert with_key(BLOCK, "heartbeat", "env:BEAT") == f"{BLOCK}heartbeat: env:BEAT\n"


def test_line_ends_of_windows_stay():
    windows = BLOCK.replace("\n", "\r\n")

    for written in (with_account(windows, "new", NEW), with_key(windows, "heartbeat", "env:BEAT")):
        assert written.count("\n") == written.count("\r\n")
        assert [line for line in added(windows, written) if line]


def test_the_example_workspace_takes_an_account(pytestconfig):
    text = (pytestconfig.rootpath / "drumbeat.yaml").read_text(encoding="utf-8")

    new = list(added(text, with_account(text, "new", NEW)))

    assert new[:2] == ["  new:", "    platform: mastodon"]


def test_a_variable_is_put_where_it_stands_empty_else_at_the_end():
    assert set_variable("# a\nONE=\nTWO=2\n", "ONE", "x y") == "# a\nONE='x y'\nTWO=2\n"
    assert set_variable("TWO=2", "ONE", "x") == "TWO=2\nONE=x\n"


def test_a_variable_that_is_set_is_never_replaced_and_never_shown():
    with pytest.raises(UsageError) as refused:
        set_variable("ONE=canary\n", "ONE", "other")

    assert "canary" not in refused.value.message + refused.value.mend


@example("${HOME} 'a' \\ # b")
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\x85"), min_size=1))
def test_any_secret_is_read_back_as_it_was(tmp_path_factory, value):
    root = tmp_path_factory.mktemp("env")
    set_secrets(root, {"ONE": value})

    assert with_dotenv(read_settings(workspace=root), root).secret("ONE") == value


def test_the_file_of_secrets_is_for_its_owner_only_and_keeps_its_lines(tmp_path):
    (tmp_path / ".env").write_text("# mine\nA=1\n")

    set_secrets(tmp_path, {"B": "2"})

    assert (tmp_path / ".env").read_text() == "# mine\nA=1\nB=2\n"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_replaced_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path):
    real = tmp_path / "real.yaml"
    real.write_text("a")
    real.chmod(0o640)
    (tmp_path / "link.yaml").symlink_to(real)

    replace_file(tmp_path / "link.yaml", "b")

    assert (real.read_text(), stat.S_IMODE(real.stat().st_mode)) == ("b", 0o640)
    assert (tmp_path / "link.yaml").is_symlink()
