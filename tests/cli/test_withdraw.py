"""`withdraw` as a person runs it."""

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_retract import send

CAMPAIGN = """\
campaign: voices
title: Voices
window: {{from: {first}, to: {last}}}
accounts: [feeds]
languages: [en]
posts:
  - post: spotlight
    spread: {{on: {first}, from: "09:00", to: "17:00"}}
    records:
      - key: ana
        name: Ana Vasileva
      - key: emma
        name: Emma Watson
    text: "{{{{ record.name }}}} speaks."
"""


@pytest.fixture
def voices(desk: Desk) -> Desk:
    path = desk.root / "campaigns" / "voices.yaml"
    path.write_text(CAMPAIGN.format(first=desk.first, last=desk.last), encoding="utf-8")
    assert desk("apply", "--yes").code == 0
    return desk


def kept(desk: Desk) -> bytes:
    return b"".join(path.read_bytes() for path in (desk.root / ".drumbeat").iterdir() if path.is_file())


def test_everything_that_speaks_of_a_person_is_taken_back_for_ever(voices: Desk) -> None:
    with_first = send(voices, 8)
    assert with_first.posts == []
    assert b"Ana Vasileva" in kept(voices)
    done = voices("withdraw", "ana", "--yes", "--why", "consent withdrawn")
    assert done.code == 0
    assert "2 posts taken down" in done.out
    assert "campaigns/voices.yaml:" in done.out
    assert b"Ana Vasileva" not in kept(voices)
    plan = voices("plan", "--json").json
    assert plan["changes"] == []
    assert [finding["rule"] for finding in plan["findings"] if "withdrawn" in finding["rule"]] == ["record-withdrawn"]
    voices.campaign.with_name("voices.yaml").write_text(
        voices.campaign.with_name("voices.yaml").read_text().replace("speaks", "spoke"), encoding="utf-8"
    )
    changes = voices("plan", "--json").json["changes"]
    assert {change["delivery"] for change in changes} == {
        "voices/spotlight/emma/mastodon-main",
        "voices/spotlight/emma/bluesky-main",
    }
    assert voices("apply", "--yes").code == 0
    assert voices("show", "spotlight/ana/bluesky", "--json").json["parts"][0]["text"] == ""


def test_what_is_queued_is_cancelled_and_others_keep_their_moments(voices: Desk) -> None:
    before = voices("show", "spotlight/emma/bluesky", "--json").json["due"]
    found = voices("withdraw", "ana", "--yes", "--json").json
    assert len(found["cancelled"]) == 2
    assert voices("apply", "--yes").code == 0
    assert voices("show", "spotlight/emma/bluesky", "--json").json["due"] == before
    assert voices("show", "spotlight/ana/bluesky", "--json").json["state"] == "cancelled"
    assert voices("retry", "spotlight/ana/bluesky", "--yes").code == 1
    assert voices("withdraw", "ana", "--yes").code == 0


def test_what_cannot_be_taken_down_is_listed_with_its_link_until_it_is(voices: Desk) -> None:
    send(voices, 8, live=True)
    left = voices("withdraw", "ana", "--yes")
    assert left.code == 1
    assert left.out.count("https://fake.example/") == 2
    assert b"Ana Vasileva" not in kept(voices)
    for account in ("mastodon-main", "bluesky-main"):
        assert voices("retract", f"voices/spotlight/ana/{account}", "--by-hand", "--yes").code == 0
    assert voices("withdraw", "ana", "--yes").code == 0


def test_a_record_can_be_withdrawn_before_anything_is_applied_and_with_broken_files(voices: Desk) -> None:
    asked = voices("withdraw", "emma")
    assert asked.code == 4
    assert voices("withdraw", "emm", "--yes").code == 2
    voices.campaign.write_text("posts: {", encoding="utf-8")
    assert voices("withdraw", "emma", "--yes").code == 0
