"""What a server says back, without what it was told."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.http.scrub import scrub, secrets_of

TOKEN = "tok-CANARY/1+2=="


@pytest.mark.parametrize("spelling", [TOKEN, quote(TOKEN, safe=""), json.dumps(TOKEN)[1:-1]])
def test_a_secret_is_struck_out_in_every_spelling(spelling: str) -> None:
    assert "CANARY" not in scrub(f"token {spelling} is invalid", {TOKEN})


def test_what_is_said_becomes_one_short_printable_line() -> None:
    line = scrub("a\nb\x1b[31mc\u202e" + "x" * 500, ())
    assert line.startswith("a b [31mc")
    assert len(line) <= 200
    assert line.isprintable()


def test_secrets_of_a_request_are_its_headers_address_and_named_fields() -> None:
    found = secrets_of(
        "https://user:pa55word@platform.example/hooks/SEGMENT-CANARY?key=QUERY%2DCANARY&x=1",
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "User-Agent": "Drumbeat/1"},
        {"identifier": "me", "password": "PASS-CANARY", "deep": [{"refresh_token": "DEEP-CANARY"}]},
        None,
    )
    assert {TOKEN, "pa55word", "SEGMENT-CANARY", "QUERY-CANARY", "QUERY%2DCANARY", "PASS-CANARY"} <= found
    assert "DEEP-CANARY" in found
    assert not {"application/json", "Drumbeat/1", "me"} & found


@given(st.text(min_size=4), st.text(), st.text())
def test_no_secret_of_a_line_survives(secret: str, before: str, after: str) -> None:
    assert scrub(before + secret + after, {secret}).count(secret) <= (1 if secret in "[hidden]" else 0)
