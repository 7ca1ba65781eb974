"""The JSON Schemas and the reader are one: what the reader takes, an editor does not underline."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from scheduler.platforms import PLATFORMS as RULES
from scheduler.workspace.fields import LIMITS, PLATFORMS
from scheduler.workspace.loader import load
from scheduler.workspace.schema import json_schemas
from scheduler.workspace.tree import native
from scheduler.workspace.yaml import parse

EXAMPLES = Path(__file__).parents[3]
SAMPLES = [
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\n",
    "post: 2027\nat: 2027-06-30T09:00:30+02:00\ntext: 2027\n",
    "post: p\nat: [{slot: 1, at: 2027-06-30 9:00}]\ntext: true\nwarning:\nlink: null\n",
    "post: p\nevery: daily 9:00\nfrom: 2027-06-25\nexcept: [2027-06-26]\njitter: 10m\ntext: Hi\ntimezone: account\n",
    "post: p\nevery: monday thursday 18:30\ntemplate: known.j2\naccounts: [main]\nlanguages: [mk]\nlate: 90s\n",
    "post: p\nevery: 2h 09:00-17:00\nrecords: [{key: a, x: [1, {y: z}]}]\ntext: Hi\ntags: [1, two]\n",
    "post: p\nspread: {on: 2027-06-30, from: 9:00, to: 18:00:30}\nrecords: [{key: 1}]\ntext: Hi\n",
    "post: p\nevery: cron 15 12 * * 1-5\ntext: Hi\npoll: {options: [Yes, 2], open_for: 3d, multiple: true}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nmedia: [{file: a.png, alt: b, credit: c}, {file: d, decorative: true}]\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ncard: known.svg\nfor: {mk: {card: }}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ncard: {template: known.svg, alt: b, credit: c, decorative: false}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nsplit: false\nvisibility: unlisted\ndegrade: [warning, alt, poll]\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nhashtags: [A, time is now, 2027]\nvars: {a: [1, true], b: {c: null}}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nfor: {main: {text: Ho}, mk: {template: known.j2, hashtags: []}}\n",
]
STRUCTURAL = {
    "unknown-key",
    "missing-key",
    "wrong-type",
    "wrong-value",
    "wrong-duration",
    "wrong-id",
    "not-both",
    "when-it-goes-out",
    "what-it-says",
    "jitter-with-at",
    "only-with-every",
    "spread-without-records",
    "records-with-at",
    "wrong-card",
}
BAD = [
    "post: p\nat: 2027-06-30 09:00\n",
    "post: p\ntext: Hi\n",
    "post: p\nat: 2027-06-30 09:00\nevery: daily 09:00\ntext: Hi\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ntemplate: known.j2\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nevry: x\n",
    "post: P P\nat: 2027-06-30 09:00\ntext: Hi\n",
    "at: 2027-06-30 09:00\ntext: Hi\n",
    "post: p\nat: []\ntext: Hi\n",
    "post: p\nat: [{slot: a}]\ntext: Hi\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\njitter: 10m\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nfrom: 2027-06-25\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nrecords: [{key: a}]\n",
    "post: p\nspread: {on: 2027-06-30, from: 9:00, to: 18:00}\ntext: Hi\n",
    "post: p\nat: 2027-06-30 09:00\ntext: [Hi]\n",
    "post: p\nat: 2027-06-30 09:00\ntext:\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nsplit: perhaps\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nvisibility: privat\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ndegrade: alt\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nlate: 2 hours\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nmedia: [{alt: x}]\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ncard: portrait.png\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ncard: [known.svg]\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ncard: {alt: b}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\ncard: {template: known.svg, file: a.png}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nfor: {mk: {card: ../known.svg}}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\npoll: {options: [a]}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nfor: {mk: {text: a, template: known.j2}}\n",
    "post: p\nat: 2027-06-30 09:00\ntext: Hi\nfor: {mk: {post: a}}\n",
    "post: p\nevery: daily 09:00\ntext: Hi\nrecords: {key: a}\n",
]


def plain(value):
    """The tree as an editor's YAML reader hands it to its schema."""
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, tuple) else value


def campaign_of(post: str) -> str:
    lines = "".join(f"    {line}\n" for line in post.splitlines())
    head = "campaign: c\nwindow: {from: 2027-06-24, to: 2027-06-30}\naccounts: [feeds]\nlanguages: [en, mk]\nposts:\n"
    return f"{head}  -\n{lines}"


@cache
def validator(which: str) -> jsonschema.Draft202012Validator:
    schema = json_schemas()[which]
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def accepts(which: str, text: str) -> bool:
    return validator(which).is_valid(plain(native(parse(text, "f").root)))


@pytest.mark.parametrize("post", SAMPLES)
def test_what_the_reader_takes_the_schema_takes(load_files, post):
    text = campaign_of(post)

    assert load_files({"campaigns/c.yaml": text}).findings == ()
    assert list(validator("campaign").iter_errors(plain(native(parse(text, "f").root)))) == []


@pytest.mark.parametrize("post", BAD)
def test_what_the_schema_refuses_the_reader_refuses(load_files, post):
    text = campaign_of(post)

    assert {finding.rule for finding in load_files({"campaigns/c.yaml": text}).findings} & STRUCTURAL
    assert not accepts("campaign", text)


@pytest.mark.parametrize("name", ["drumbeat.yaml", *sorted(p.name for p in (EXAMPLES / "campaigns").glob("*.yaml"))])
def test_the_shipped_files_are_taken(name):
    which = "workspace" if name == "drumbeat.yaml" else "campaign"
    path = EXAMPLES / name if which == "workspace" else EXAMPLES / "campaigns" / name

    assert accepts(which, path.read_text())
    assert [str(finding) for finding in load(EXAMPLES).findings if finding.place.file.endswith(name)] == []


@pytest.mark.parametrize(
    ("account", "taken"),
    [
        ("{platform: x, token: env:A, live: false, limits: {text: 500}, channel: 7}", True),
        ("{platform: x, token: hunter2}", False),
        ("{platform: x, app_password: hunter2}", False),
        ("{platform: x, app_password: env:A}", True),
        ("{platform: y}", False),
        ("{handle: y}", False),
        ("{platform: x, limits: {text: 0}}", False),
        ("{platform: x, channel: [a]}", False),
    ],
)
def test_accounts_are_taken_by_both_or_by_none(load_files, account, taken):
    accounts = f"accounts:\n  main: {account}\n  other: {{platform: x}}\n"
    text = f"workspace: w\ntimezone: UTC\n{accounts}groups: {{feeds: [main]}}\n"

    assert (load_files({"drumbeat.yaml": text}).findings == ()) == taken
    assert accepts("workspace", text) == taken


def test_every_key_is_described():
    for schema in json_schemas().values():
        shapes = [schema, *schema["$defs"].values()]
        bare = [key for shape in shapes for key, field in shape["properties"].items() if "description" not in field]
        assert bare == []


def test_every_platform_can_be_named_and_its_limits_overridden():
    named = """mastodon bluesky x threads facebook instagram linkedin telegram discord slack matrix nostr wordpress
        ghost webhook feed email apprise manual"""
    overridable = {limit for platform in RULES.values() for limit in platform.limits}

    assert set(named.split()) <= set(PLATFORMS)
    assert overridable <= set(LIMITS)
