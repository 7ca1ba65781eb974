"""The reader and the JSON Schema of a campaign judge any post alike, as far as a schema can judge."""

import jsonschema
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.workspace import checks, combinations, schema, translate
from scheduler.workspace.tree import Node, native
from scheduler.workspace.yaml import parse

BEYOND_A_SCHEMA = {
    "wrong-date",
    "wrong-time",
    "wrong-zone",
    "wrong-every",
    "wrong-language",
    "duplicate-id",
    "path-outside",
}
"""What a calendar, a list of zones or the other posts decide."""

HEAD = {
    "campaign": "c",
    "window": {"from": "2027-06-24", "to": "2027-06-30"},
    "accounts": ["feeds"],
    "languages": ["en"],
}
KEYS = [info.alias or name for name, info in schema.PostEntry.model_fields.items() if name != "records"]
GOOD = {
    "post": ["p", 7, True],
    "at": ["2027-06-24 09:00", "2027-06-24T9:00Z", [{"slot": "a", "at": "2027-06-24 09:00"}]],
    "every": ["daily 09:00", "2h 09:00-17:00", "cron 15 12 * * 1-5"],
    "spread": [{"on": "2027-06-24", "from": "09:00", "to": "18:00"}],
    "text": ["Hi", 5, True, 1.5],
    "template": ["a.j2"],
    "late": ["2h", "90s"],
    "media": [[{"file": "a.png", "alt": None}], []],
    "card": ["a.svg", None, "", {"template": "b/c.SVG", "alt": 7, "decorative": True}],
    "poll": [{"options": ["a", 2], "open_for": "2h"}, {"options": ["a", "b"], "multiple": "true"}],
    "for": [{"mk": {"text": "x"}}, {}],
    "split": [True, "false"],
    "visibility": ["public"],
    "degrade": [["alt", "poll"]],
    "hashtags": [["A", 2027, True]],
    "vars": [{"a": None, "b": [1]}],
    "except": [["2027-06-25"]],
    "from": ["2027-06-25"],
    "jitter": ["10m"],
    "timezone": ["account", "UTC"],
    "waive": [{"alt-missing": "It is a logo"}, {}, {"hashtag-dead": 5}],
}
ANY = st.recursive(
    st.sampled_from(["", "x", "A b", "#a", "2h", "true", "2027-06-24", "09:00", None, True, 0, 7, 1.5]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "file", "slot", "template", "alt-missing", "text-empty", "zz"]), below, max_size=3
        )
    ),
    max_leaves=5,
)


@st.composite
def posts(draw):
    """A post that is good, but for at most two keys."""
    when, what = draw(st.sampled_from(["at", "every"])), draw(st.sampled_from(["text", "template"]))
    chosen = {"post", when, what, *draw(st.sets(st.sampled_from(sorted(GOOD)), max_size=3))}
    post = {key: draw(st.sampled_from(GOOD[key])) for key in sorted(chosen)}
    for key in draw(st.lists(st.sampled_from([*KEYS, "zz"]), max_size=2)):
        post[key] = draw(ANY)
    return post


def as_an_editor_sees(node: Node):
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(entry) for key, entry in value.items()}
        return [plain(entry) for entry in value] if isinstance(value, tuple) else value

    return plain(native(node))


VALIDATOR = jsonschema.Draft202012Validator(schema.json_schemas()["campaign"])


@given(post=posts())
@settings(max_examples=300)
def test_reader_and_schema_judge_alike(post):
    text = yaml.safe_dump({**HEAD, "posts": [post]}, default_flow_style=None, allow_unicode=True)
    parsed = parse(text, "f")
    _, found = translate.read(schema.CampaignFile, parsed.root, "f")
    more = [*combinations.disagreements(parsed.root, "f"), *checks.wrong(parsed.root, "f")]
    refused = {finding.rule for finding in [*found, *more]} - BEYOND_A_SCHEMA
    problems = [problem.message for problem in VALIDATOR.iter_errors(as_an_editor_sees(parsed.root))]

    if not found:
        assert bool(problems) == bool(refused)
    if refused:
        assert problems
