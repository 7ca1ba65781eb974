"""What things are: names, keys, hashes, and the accounts behind names."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import variants
from scheduler.model.content import Content, Media, Poll, as_json, from_json
from scheduler.model.delivery import PlannedDelivery, delivery_name, idempotency_key
from scheduler.model.measure import Measure
from scheduler.model.media import MediaFacts
from scheduler.model.schedule import Window

FACTS = MediaFacts("a.png", "00ff", "image/png", 12, 3, 4, animated=True)
FULL = Content(
    "Здраво #СегаКажувам",
    language="mk",
    warning="violence",
    visibility="unlisted",
    media=(Media("a.png", "A stone", "me", facts=FACTS), Media("b.png", decorative=True)),
    poll=Poll(("Yes", "No"), 3600, multiple=True),
    link="https://example.org",
)


def test_a_thread_s_first_part_bears_the_plain_name():
    whole = {"campaign": "c", "post": "p", "slot": "s", "account": "a"}

    assert delivery_name(**whole) == "c/p/s/a"
    assert delivery_name(**whole, part=1) == "c/p/s/a"
    assert delivery_name(**whole, part=3) == "c/p/s/a.3"


def test_a_delivery_knows_its_thread():
    due = datetime(2027, 6, 30, tzinfo=UTC)
    delivery = PlannedDelivery("c", "p", "s", "a", "x", due, due, "UTC", FULL, part=2)

    assert (delivery.name, delivery.thread) == ("c/p/s/a.2", "c/p/s/a")


def test_an_idempotency_key_changes_with_workspace_delivery_and_generation_only():
    key = idempotency_key(workspace="w", delivery="c/p/s/a", generation=0)

    assert key == idempotency_key(workspace="w", delivery="c/p/s/a", generation=0)
    assert len(key) == 32
    others = {
        idempotency_key(workspace="v", delivery="c/p/s/a", generation=0),
        idempotency_key(workspace="w", delivery="c/p/s/b", generation=0),
        idempotency_key(workspace="w", delivery="c/p/s/a", generation=1),
    }
    assert len({key, *others}) == 4


@pytest.mark.parametrize("content", [FULL, Content(""), Content("plain")])
def test_stored_content_reads_back_as_it_was(content: Content):
    stored = json.loads(json.dumps(as_json(content)))

    assert from_json(stored) == content
    assert from_json(stored).hash == content.hash


@pytest.mark.parametrize(
    "other",
    [
        replace(FULL, text="other"),
        replace(FULL, language="en"),
        replace(FULL, warning=""),
        replace(FULL, visibility="public"),
        replace(FULL, media=FULL.media[:1]),
        replace(FULL, media=FULL.media[::-1]),
        replace(FULL, media=(replace(FULL.media[0], alt="other"), FULL.media[1])),
        replace(FULL, media=(replace(FULL.media[0], facts=replace(FACTS, sha256="0100")), FULL.media[1])),
        replace(FULL, poll=None),
        replace(FULL, poll=Poll(("Yes", "No"), 7200, multiple=True)),
        replace(FULL, link=""),
    ],
)
def test_anything_that_is_shown_changes_the_hash(other: Content):
    assert other.hash != FULL.hash


def test_groups_and_accounts_are_named_alike_and_each_account_comes_once():
    accounts = {name: Account(name, "x", "UTC") for name in ("a", "b", "c")}
    workspace = Workspace("w", "UTC", accounts=accounts, groups={"g": ("b", "a"), "h": ("b",)})

    assert [account.name for account in workspace.accounts_named(("a", "g", "c"))] == ["a", "b", "c"]
    assert workspace.groups_of("b") == ("g", "h")
    assert workspace.groups_of("c") == ()


def test_a_window_includes_both_its_ends():
    window = Window(date(2027, 6, 24), date(2027, 6, 30))

    assert date(2027, 6, 24) in window
    assert date(2027, 6, 30) in window
    assert date(2027, 7, 1) not in window


def test_a_measure_without_a_limit_always_fits():
    assert Measure(10_000, 0, "bytes").fits
    assert Measure(10_000, 0, "bytes").fullness == 0.0
    assert Measure(280, 280, "characters").fits
    assert not Measure(281, 280, "characters").fits
    assert Measure(140, 280, "characters").fullness == 0.5


def test_a_template_of_the_very_language_comes_before_one_of_its_family():
    assert variants("calls/opening.j2", "pt-br") == ("calls/opening.pt-br.j2", "calls/opening.pt.j2")
    assert variants("opening.j2", "mk") == ("opening.mk.j2",)
    assert variants("opening", "mk") == ("opening.mk",)
    assert variants("opening.j2", "") == ()


@pytest.mark.parametrize(
    ("written", "wanted", "wanted_unless_refused"),
    [("yes", True, True), ("True", True, True), ("no", False, False), ("off", False, False), ("", False, True)],
)
def test_an_account_s_setting_says_yes_or_no_in_any_of_yaml_s_words(written, wanted, wanted_unless_refused):
    account = Account("a", "x", "UTC", settings={"look": written})

    assert account.wants("look") is wanted
    assert account.wants("look", otherwise=True) is wanted_unless_refused
