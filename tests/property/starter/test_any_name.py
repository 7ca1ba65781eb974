"""Whatever a newcomer types, the first workspace loads."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.workspace.loader import load
from scheduler.workspace.starter.starter import StarterAccount, starter_files, write_files


@given(st.text(max_size=40), st.text(max_size=30))
@example('Равенство "сега": #x', "@you@mastodon.example")
@example("{{ name }} - [a]", "- x: y")
@example("\ud800\x7f\ufeff", "\x00")
@settings(max_examples=60)
def test_any_name_and_handle_give_files_that_load(
    tmp_path_factory: pytest.TempPathFactory, name: str, handle: str
) -> None:
    folder = tmp_path_factory.mktemp("named")
    account = StarterAccount(handle=handle or "x")

    write_files(folder, starter_files(name, "Europe/Skopje", account, date(2026, 11, 24)))

    assert [str(finding) for finding in load(folder).findings] == []
