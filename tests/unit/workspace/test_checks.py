"""`checks` and `waive` as the files say them, and what no rule follows."""

import jsonschema
import pytest
import yaml

from scheduler.checking.reasons import ALL
from scheduler.finding import Place, Severity
from scheduler.workspace.checks import SETTABLE, checks_schema, settings, waive_schema, waivers, weights
from scheduler.workspace.tree import Map, native
from scheduler.workspace.yaml import parse

WORKSPACE = "workspace: w\ntimezone: Europe/Skopje\naccounts: {main: {platform: mastodon}}\n"
CAMPAIGN = (
    "campaign: c\nwindow: {from: 2027-06-24, to: 2027-06-30}\naccounts: [main]\n"
    "posts:\n  - {post: p, at: 2027-06-24 09:00, text: Hello}\n"
)
CHECKS = jsonschema.Draft202012Validator(checks_schema())
WAIVE = jsonschema.Draft202012Validator(waive_schema())
P = "  - post: p\n    at: 2027-06-24 09:00\n    text: Hello\n"


def test_settings_are_read_as_a_word_or_as_a_map(load_files):
    text = f"{WORKSPACE}checks:\n  alt-missing: warning\n  template-unused: off\n"
    text += "  hashtag-many: {severity: error, most: 2}\n  quota: false\n"

    checks = load_files({"drumbeat.yaml": text, "campaigns/c.yaml": CAMPAIGN}).workspace.checks

    assert checks["alt-missing"].severity is Severity.WARNING
    assert (checks["template-unused"].off, checks["quota"].off) == (True, True)
    assert (checks["hashtag-many"].severity, checks["hashtag-many"].thresholds) == (Severity.ERROR, {"most": 2})
    assert checks["hashtag-many"].place == Place("drumbeat.yaml", 7, 3)


def test_waivers_are_read_for_a_campaign_and_for_a_post(load_files):
    text = f"{CAMPAIGN}waive: {{alt-missing: It is a logo}}\nchecks: {{quota: note}}\n"
    text = text.replace("text: Hello", "text: Hello, waive: {hashtag-dead: So it was printed}")

    [campaign] = load_files({"drumbeat.yaml": WORKSPACE, "campaigns/c.yaml": text}).campaigns

    assert campaign.waivers["alt-missing"].reason == "It is a logo"
    assert campaign.posts[0].waivers["hashtag-dead"].reason == "So it was printed"
    assert campaign.posts[0].waivers["hashtag-dead"].place == Place("campaigns/c.yaml", 5, 58)
    assert campaign.checks["quota"].severity is Severity.NOTE


BAD_CHECKS = [
    ("checks: [alt-missing]", "wrong-type", (4, 1), "rule"),
    ("checks:\n  alt-mising: off", "check-setting", (5, 3), "Did you mean `alt-missing`?"),
    ("checks:\n  zzz: off", "check-setting", (5, 3), "--rules"),
    ("checks:\n  alt-missing: warn", "check-setting", (5, 3), "Did you mean `warning`?"),
    ("checks:\n  alt-missing: loud", "check-setting", (5, 3), "off, note, warning, error"),
    ("checks:\n  alt-missing:", "check-setting", (5, 3), "off, note, warning, error"),
    ("checks:\n  alt-missing: [off]", "wrong-type", (5, 3), "off, note, warning, error"),
    ("checks:\n  alt-missing: {severity: 'false'}", "check-setting", (5, 17), "off, note"),
    ("checks:\n  text-too-long: off", "check-setting", (5, 3), "mend the posts"),
    ("checks:\n  text-too-long: {severity: warning}", "check-setting", (5, 19), "mend the posts"),
    ("checks:\n  yaml-colon: note", "check-setting", (5, 3), "mend the posts"),
    ("checks:\n  hashtag-many: {mots: 3}", "check-setting", (5, 18), "Did you mean `most`?"),
    ("checks:\n  alt-missing: {zzz: 3}", "check-setting", (5, 17), "Known here: severity"),
    ("checks:\n  hashtag-many: {most: three}", "check-setting", (5, 18), "digits"),
    ("checks:\n  hashtag-many: {most: '3'}", "check-setting", (5, 18), "digits"),
    ("checks:\n  hashtag-many: {most: -1}", "check-setting", (5, 18), "digits"),
    ("checks:\n  hashtag-many: {most: 3.5}", "check-setting", (5, 18), "digits"),
    ("checks:\n  all-caps: {acronyms: [UN]}", "check-setting", (5, 14), "Write such as"),
]


@pytest.mark.parametrize(("text", "rule", "place", "mend"), BAD_CHECKS)
def test_a_setting_that_no_rule_follows_is_an_error_with_its_place(load_files, text, rule, place, mend):
    loaded = load_files({"drumbeat.yaml": f"{WORKSPACE.rstrip()}\n{text}\n".replace("\n\n", "\n")})

    [finding] = [one for one in loaded.findings if one.place.file == "drumbeat.yaml"]
    assert (finding.rule, finding.severity) == (rule, Severity.ERROR)
    assert (finding.place.line, finding.place.column) == place
    assert mend in finding.mend
    assert loaded.workspace is None


BAD_WAIVERS = [
    ("    waive: yes please\n", "wrong-type", (9, 5)),
    ("    waive: {alt-mising: It is a logo}\n", "check-setting", (9, 13)),
    ("    waive: {text-too-long: It is a poem}\n", "check-setting", (9, 13)),
    ("    waive: {yaml-colon: I like it}\n", "check-setting", (9, 13)),
    ("    waive: {alt-missing: ''}\n", "waiver-reason", (9, 13)),
    ("    waive: {alt-missing: }\n", "waiver-reason", (9, 13)),
    ("    waive: {alt-missing: '  '}\n", "waiver-reason", (9, 13)),
    ("    waive: {alt-missing: [a, b]}\n", "waiver-reason", (9, 13)),
]


@pytest.mark.parametrize(("text", "rule", "place"), BAD_WAIVERS)
def test_a_waiver_without_a_rule_or_a_reason_is_an_error_with_its_place(load_posts, text, rule, place):
    loaded = load_posts(P + text)

    [finding] = loaded.findings
    assert (finding.rule, finding.severity) == (rule, Severity.ERROR)
    assert (finding.place.line, finding.place.column) == place
    assert finding.path.startswith("posts.p.waive")


def test_the_other_posts_are_still_looked_at(load_posts):
    loaded = load_posts(f"{P}    waive: {{zzz: why}}\n{P.replace('post: p', 'post: q')}")

    assert [post.id for campaign in loaded.campaigns for post in campaign.posts] == ["q"]


def test_a_secret_looking_rule_name_is_not_repeated_whole(load_posts):
    [finding] = load_posts(f"{P}    waive: {{{'x' * 400}: why}}\n").findings

    assert len(finding.message) < 120


@pytest.mark.parametrize("name", ALL)
def test_reader_and_schema_agree_on_every_severity_of_every_finding(name):
    for word in ("off", "note", "warning", "error", "zzz"):
        root = parse(f"checks: {{{name}: {{severity: {word}}}}}\n", "f").root
        assert isinstance(root, Map)
        _, found = settings(root["checks"], root, ("checks",), "f")
        schema_knows = CHECKS.is_valid({name: {"severity": word}})
        assert schema_knows <= (not found)
        assert (not found) == (word in weights(name))
        if name in SETTABLE:
            assert schema_knows == (not found)


@pytest.mark.parametrize("name", SETTABLE)
def test_everything_that_may_be_set_may_be_waived(name):
    root = parse(f"waive: {{{name}: why}}\n", "f").root
    assert isinstance(root, Map)
    read, found = waivers(root["waive"], root, ("waive",), "f")

    assert not found
    assert read[name].reason == "why"
    assert WAIVE.is_valid({name: "why"})


def test_an_editor_is_told_of_thresholds_and_refuses_others():
    validator = CHECKS

    assert validator.is_valid(yaml.safe_load("hashtag-many: {most: 2, severity: warning}"))
    assert validator.is_valid(yaml.safe_load("hashtag-many: off"))  # false to YAML 1.1
    assert not validator.is_valid({"hashtag-many": {"most": "two"}})
    assert not validator.is_valid({"hashtag-many": {"mots": 2}})
    assert not validator.is_valid({"text-too-long": "off"})
    assert "hashtag-many" in native(parse("{hashtag-many: off}", "f").root)
