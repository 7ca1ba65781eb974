"""What is wrong in a campaign file is said with its rule, its place and its mend."""

import pytest

P = "  - post: p\n"
AT = "    at: 2027-06-24 09:00\n"
TEXT = "    text: Hello\n"

BAD = [
    # a post's keys
    (f"{P}{AT}{TEXT}    evry: daily 09:00\n", "unknown-key", 9, 5, "every"),
    (f"{P}{AT}{TEXT}    zzz: 1\n", "unknown-key", 9, 5, "Known here"),
    (f"{AT.replace('    ', '  - ', 1)}{TEXT}", "missing-key", 6, 5, "Add `post:`"),
    (f"{P}{AT}{TEXT}    text: Again\n", "duplicate-key", 9, 5, "Keep one"),
    (f"{P}{AT}{TEXT}{P}{AT}{TEXT}", "duplicate-id", 9, 5, "its own id"),
    (f"  - post: Große Post\n{AT}{TEXT}", "wrong-id", 6, 5, "gro-e-post"),
    (f"  - post:\n{AT}{TEXT}", "wrong-type", 6, 5, "Write a value"),
    (f"{P}{AT}    txt: Hello\n", "unknown-key", 8, 5, "text"),
    ("  - just text\n", "wrong-type", 6, 5, "key: value"),
    # when
    (f"{P}{TEXT}", "when-it-goes-out", 6, 5, "at"),
    (f"{P}{AT}    every: daily 09:00\n{TEXT}", "not-both", 8, 5, "Keep one"),
    (f"{P}    at: 2027-06-31 09:00\n{TEXT}", "wrong-date", 7, 5, "30 days"),
    (f"{P}    at: 2027-13-01 09:00\n{TEXT}", "wrong-date", 7, 5, "2027-06-30"),
    (f"{P}    at: 30.06.2027 09:00\n{TEXT}", "wrong-date", 7, 5, "2027-06-30"),
    (f"{P}    at: 2027-06-24\n{TEXT}", "wrong-time", 7, 5, "2027-06-24 09:00"),
    (f"{P}    at: 09:00\n{TEXT}", "wrong-date", 7, 5, "Write both"),
    (f"{P}    at: 2027-06-24 24:00\n{TEXT}", "wrong-time", 7, 5, "24 hours"),
    (f"{P}    at: 2027-06-24 9am\n{TEXT}", "wrong-time", 7, 5, "24 hours"),
    (f"{P}    at: 2027-06-24 09:00+99:00\n{TEXT}", "wrong-time", 7, 5, "+02:00"),
    (f"{P}    at: []\n{TEXT}", "wrong-type", 7, 5, "at least one"),
    (f"{P}    at: {{slot: a}}\n{TEXT}", "wrong-type", 7, 5, "quotes"),
    (
        f"{P}    at: [{{slot: a, at: 2027-06-24 09:00}}, {{slot: a, at: 2027-06-25 09:00}}]\n{TEXT}",
        "duplicate-id",
        7,
        44,
        "",
    ),
    (f"{P}    at: [{{slot: a, at: nine}}]\n{TEXT}", "wrong-date", 7, 20, "2027-06-30"),
    (f"{P}    at: [{{at: 2027-06-24 09:00}}]\n{TEXT}", "missing-key", 7, 10, "slot"),
    (f"{P}    every: weekdays 12:15\n{TEXT}", "wrong-every", 7, 5, "weekday"),
    (f"{P}    every: mon 12:15\n{TEXT}", "wrong-every", 7, 5, "monday"),
    (f"{P}    every: weekday\n{TEXT}", "wrong-every", 7, 5, "weekday 09:00"),
    (f"{P}    every: daily 25:00\n{TEXT}", "wrong-time", 7, 5, "24 hours"),
    (f"{P}    every: 2h\n{TEXT}", "wrong-every", 7, 5, "2h 09:00-17:00"),
    (f"{P}    every: 2h 17:00-09:00\n{TEXT}", "wrong-every", 7, 5, "earlier"),
    (f"{P}    every: cron 15 12 * *\n{TEXT}", "wrong-every", 7, 5, "cron 15 12"),
    (f"{P}    every: cron 99 12 * * 1-5\n{TEXT}", "wrong-every", 7, 5, "cron 15 12"),
    (f"{P}{AT}    jitter: 10m\n{TEXT}", "jitter-with-at", 8, 5, "Take `jitter` away"),
    (f"{P}    every: daily 09:00\n    jitter: 10 min\n{TEXT}", "wrong-duration", 8, 5, "90s, 15m"),
    (f"{P}    every: daily 09:00\n    jitter: 0s\n{TEXT}", "wrong-duration", 8, 5, "90s, 15m"),
    (f"{P}{AT}    from: 2027-06-25\n{TEXT}", "only-with-every", 8, 5, "every"),
    (f"{P}{AT}    except: [2027-06-25]\n{TEXT}", "only-with-every", 8, 5, "every"),
    (f"{P}    every: daily 09:00\n    except: 2027-06-25\n{TEXT}", "wrong-type", 8, 5, "[one, two]"),
    (f"{P}    every: daily 09:00\n    except: [25 June]\n{TEXT}", "wrong-date", 8, 14, "2027-06-30"),
    (f"{P}    spread: {{on: 2027-06-30, from: 09:00, to: 18:00}}\n{TEXT}", "spread-without-records", 7, 5, "records"),
    (f"{P}    spread: {{on: 2027-06-30, from: 09:00}}\n    records: [{{key: a}}]\n{TEXT}", "missing-key", 7, 5, "to"),
    (
        f"{P}    spread: {{on: 2027-06-30, from: 18:00, to: 09:00}}\n    records: [{{key: a}}]\n{TEXT}",
        "wrong-time",
        7,
        43,
        "earlier",
    ),
    (f"{P}{AT}    timezone: Europe/Skopie\n{TEXT}", "wrong-zone", 8, 5, "Europe/Skopje"),
    (f"{P}{AT}    timezone: ../../etc/passwd\n{TEXT}", "wrong-zone", 8, 5, "Continent/City"),
    (f"{P}{AT}    late: two hours\n{TEXT}", "wrong-duration", 8, 5, "2h"),
    # what
    (f"{P}{AT}", "what-it-says", 6, 5, "template"),
    (f"{P}{AT}{TEXT}    template: known.j2\n", "not-both", 9, 5, "Keep one"),
    (f"{P}{AT}    template: knwon.j2\n", "unknown-template", 8, 15, "known.j2"),
    (f"{P}{AT}    template: ../../.env\n", "path-outside", 8, 5, "templates/posts"),
    (f"{P}{AT}    text: [a, b]\n", "wrong-type", 8, 5, "one value"),
    (f"{P}{AT}{TEXT}    media: {{file: a.png}}\n", "wrong-type", 9, 5, "`- `"),
    (f"{P}{AT}{TEXT}    media:\n      - file: ../secret.png\n", "path-outside", 10, 9, "media/"),
    (f"{P}{AT}{TEXT}    media:\n      - file: /etc/passwd\n", "path-outside", 10, 9, "media/"),
    (f"{P}{AT}{TEXT}    media:\n      - fil: a.png\n", "unknown-key", 10, 9, "file"),
    (f"{P}{AT}{TEXT}    card: portrait.png\n", "wrong-card", 9, 5, "spotlight.svg"),
    (f"{P}{AT}{TEXT}    card: ../../known.svg\n", "wrong-card", 9, 5, "templates/cards/"),
    (f"{P}{AT}{TEXT}    card: knwon.svg\n", "unknown-card", 9, 11, "known.svg"),
    (f"{P}{AT}{TEXT}    card: {{template: other/quote.svg}}\n", "unknown-card", 9, 22, "Write templates/cards/"),
    (f"{P}{AT}{TEXT}    for: {{mk: {{card: knwon.svg}}}}\n", "unknown-card", 9, 22, "known.svg"),
    (f"{P}{AT}{TEXT}    card: {{alt: Now}}\n", "missing-key", 9, 5, "template"),
    (f"{P}{AT}{TEXT}    card: {{template: known.svg, al: Now}}\n", "unknown-key", 9, 33, "alt"),
    (f"{P}{AT}{TEXT}    poll: {{options: [Yes]}}\n", "wrong-type", 9, 12, "Add"),
    (f"{P}{AT}{TEXT}    poll: {{options: [Yes, No], open_for: long}}\n", "wrong-duration", 9, 32, "2h"),
    (f"{P}{AT}{TEXT}    visibility: privat\n", "wrong-value", 9, 5, "public"),
    (f"{P}{AT}{TEXT}    degrade: [warnings]\n", "wrong-value", 9, 15, "warning"),
    (f"{P}{AT}{TEXT}    split: yes\n", "wrong-type", 9, 5, "true or false"),
    (f'{P}{AT}{TEXT}    hashtags: ["#TimeIsNow"]\n', "wrong-hashtag", 9, 16, "without #: TimeIsNow"),
    (f"{P}{AT}{TEXT}    hashtags: TimeIsNow\n", "wrong-type", 9, 5, "[one, two]"),
    # for whom
    (f"{P}{AT}{TEXT}    accounts: [mian]\n", "unknown-account", 9, 16, "main"),
    (f"{P}{AT}{TEXT}    accounts: []\n", "wrong-type", 9, 5, "Name at least one"),
    (f"{P}{AT}{TEXT}    languages: [english]\n", "wrong-language", 9, 17, "en, mk"),
    (f"{P}{AT}{TEXT}    for: {{mastodn: {{text: Hi}}}}\n", "unknown-for", 9, 11, "mastodon"),
    (f"{P}{AT}{TEXT}    for: {{mk: {{at: x}}}}\n", "unknown-key", 9, 16, "Known here"),
    (f"{P}{AT}{TEXT}    for: {{mk: {{text: a, template: known.j2}}}}\n", "not-both", 9, 11, "Keep one"),
    (f"{P}{AT}{TEXT}    for: {{mk: {{template: no.j2}}}}\n", "unknown-template", 9, 26, "known.j2"),
    # records
    (f"{P}{AT}{TEXT}    records: [{{key: a}}]\n", "records-with-at", 9, 5, "spread"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: [{{name: a}}]\n", "missing-key", 9, 15, "key: ada"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: [{{key: a}}, {{key: a}}]\n", "duplicate-id", 9, 31, "its own key"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: [{{key: A b}}]\n", "wrong-id", 9, 21, "small letters"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: []\n", "no-records", 9, 14, "Add one"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: records/none.yaml\n", "missing-file", 9, 5, "beside"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: ../drumbeat.yaml\n", "path-outside", 9, 5, "campaigns/"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: records/people.xlsx\n", "wrong-file", 9, 5, ".csv"),
    (f"{P}    every: daily 09:00\n{TEXT}    records: {{key: a}}\n", "wrong-type", 9, 5, "list"),
]


@pytest.mark.parametrize(("posts", "rule", "line", "column", "mend"), BAD)
def test_a_wrong_post_is_named_once_with_its_place_and_its_mend(load_posts, posts, rule, line, column, mend):
    findings = load_posts(posts).findings

    said = [(finding.rule, finding.place.line, finding.place.column) for finding in findings]
    assert said == [(rule, line, column)]
    assert findings[0].place.file == "campaigns/c.yaml"
    assert mend.lower() in findings[0].mend.lower()


HEADS = [
    ("campaign: c\n", "", "missing-key", 1, 1, "Add `campaign:`"),
    ("window: {from: 2027-06-24, to: 2027-06-30}\n", "", "missing-key", 1, 1, "Add `window:`"),
    ("to: 2027-06-30", "to: 2027-06-20", "wrong-window", 2, 1, "Exchange"),
    ("to: 2027-06-30", "til: 2027-06-30", "unknown-key", 2, 28, "to"),
    ("accounts: [feeds]", "accounts: [fed]", "unknown-account", 3, 12, "feeds"),
    ("accounts: [feeds]", "acounts: [feeds]", "unknown-key", 3, 1, "accounts"),
    ("languages: [en, mk]", "languages: [en, Macedonian]", "wrong-language", 4, 17, "mk"),
    ("languages: [en, mk]", "languages: [en, mk]\nlate: -2h", "wrong-duration", 5, 1, "2h"),
    ("languages: [en, mk]", "languages: [en, mk]\ntimezone: CET+9", "wrong-zone", 5, 1, ""),
    ("languages: [en, mk]", "languages: [en, mk]\nutm: {sorce: x}", "unknown-key", 5, 7, "source"),
    ("languages: [en, mk]", "languages: [en, mk]\nvars: [a]", "wrong-type", 5, 1, "key: value"),
]


@pytest.mark.parametrize(("old", "new", "rule", "line", "column", "mend"), HEADS)
def test_a_wrong_campaign_key_is_named_with_its_place_and_its_mend(load_files, old, new, rule, line, column, mend):
    from_head = "campaign: c\nwindow: {from: 2027-06-24, to: 2027-06-30}\naccounts: [feeds]\nlanguages: [en, mk]\n"
    text = f"{from_head.replace(old, new)}posts:\n{P}{AT}{TEXT}"

    findings = [finding for finding in load_files({"campaigns/c.yaml": text}).findings if finding.rule == rule]

    assert [(finding.place.line, finding.place.column) for finding in findings] == [(line, column)]
    assert mend.lower() in findings[0].mend.lower()


def test_a_path_names_posts_by_their_id(load_posts):
    findings = load_posts(f"  - post: tip\n    every: wekday 12:15\n{TEXT}").findings

    assert str(findings[0]).startswith("campaigns/c.yaml:7:5: posts.tip.every: ")


def test_everything_wrong_is_said_at_once(load_files):
    """Four files, a mistake in each, and two in one."""
    found = load_files(
        {
            "drumbeat.yaml": "workspace: w\ntimezone: Mars/Base\naccounts: {main: {platform: mastodn}}\n",
            "campaigns/a.yaml": "campaign: [\n",
            "campaigns/b.yml": "campaign: B\nposts: [{post: x}]\n",
            "templates/posts/bad.j2": b"\xff\xfe",
        }
    ).findings

    said = {(finding.rule, finding.place.file) for finding in found}
    assert {
        ("wrong-zone", "drumbeat.yaml"),
        ("wrong-value", "drumbeat.yaml"),
        ("yaml-syntax", "campaigns/a.yaml"),
        ("wrong-id", "campaigns/b.yml"),
        ("missing-key", "campaigns/b.yml"),
        ("when-it-goes-out", "campaigns/b.yml"),
        ("not-utf8", "templates/posts/bad.j2"),
    } <= said


def test_unknown_accounts_are_not_listed_where_the_workspace_itself_is_wrong(load_files):
    found = load_files({"drumbeat.yaml": "workspace: W\n"}).findings

    assert {finding.place.file for finding in found} == {"drumbeat.yaml"}


def test_two_files_of_one_campaign_name_each_other(load_files, load_posts):
    text = "campaign: c\n"
    found = load_files({"campaigns/z.yaml": text}).findings

    twice = next(finding for finding in found if finding.rule == "duplicate-id")
    assert twice.place.file == "campaigns/z.yaml"
    assert "campaigns/c.yaml" in twice.message


def test_a_language_that_no_post_is_written_in_is_worth_a_look(load_posts):
    found = load_posts(f"{P}{AT}{TEXT}    for: {{de: {{text: Hallo}}}}\n").findings

    assert [(finding.rule, finding.severity) for finding in found] == [("unused-override", "warning")]


def test_a_language_may_not_be_called_as_an_account(load_files):
    workspace = "workspace: w\ntimezone: UTC\naccounts: {nah: {platform: x}}\n"
    head = "campaign: c\nwindow: {from: 2027-06-24, to: 2027-06-30}\naccounts: [nah]\nlanguages: [en, nah]\nposts:\n"
    found = load_files({"drumbeat.yaml": workspace, "campaigns/c.yaml": f"{head}{P}{AT}{TEXT}"}).findings

    assert [(finding.rule, str(finding.place)) for finding in found] == [("taken-name", "campaigns/c.yaml:4:17")]


def test_a_campaign_with_an_error_is_left_out_and_the_others_stay(load_files):
    loaded = load_files({"campaigns/bad.yaml": "campaign: bad\n"})

    assert [campaign.id for campaign in loaded.campaigns] == ["c"]
