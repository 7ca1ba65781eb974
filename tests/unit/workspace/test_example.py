"""The example of the format, loaded whole and compared field by field."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from scheduler.finding import Place
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import MediaSource, PollSource, Record, Source, Sources, TemplateRef
from scheduler.model.schedule import At, Cron, Every, Interval, Moment, Spread, Weekly, Window

FILE = "campaigns/time-is-now.yaml"
WORKSPACE = """\
workspace: equality-now               # goes into every idempotency key
timezone: Europe/Skopje               # the organizers' own
database: sqlite:///.drumbeat/outbox.db   # the default
accounts:
  mastodon-main:
    platform: mastodon                # its rules and its publisher
    server: https://mastodon.example
    handle: equalitynow@mastodon.example
    token: env:MASTODON_MAIN_TOKEN    # a variable's name, never the secret
    timezone: Europe/Skopje
    language: mk
    live: false
    limits: {text: 500}
  bluesky-main: {platform: bluesky, handle: equalitynow.example, language: en}
  skopje: {platform: mastodon, server: https://mastodon.example, handle: skopje@mastodon.example, language: mk}
  auckland: {platform: bluesky, handle: auckland.example, timezone: Pacific/Auckland, language: en}
groups:
  feeds: [mastodon-main, bluesky-main]
  chapters: [skopje, auckland]
mentions:
  unwomen: {x: UN_Women, mastodon: unwomen@mastodon.example}
"""
CAMPAIGN = """\
campaign: time-is-now                 # the explicit id
title: Time is now, on Social Media Day
timezone: Europe/Skopje
window: {from: 2027-06-24, to: 2027-06-30}     # both included
accounts: [feeds, chapters]
languages: [en, mk]
late: 2h
hashtags: [TimeIsNow, СегаКажувам]    # without #
vars:
  link: https://example.org/time-is-now
utm: {source: "{{ account.platform }}", campaign: time-is-now}

posts:
  - post: opening                     # the explicit id
    at: 2027-06-24 09:00
    template: opening.j2

  - post: spotlight
    records: records/activists.yaml   # beside this file
    spread: {on: 2027-06-30, from: 09:00, to: 18:00}
    template: spotlight.j2            # {{ record.name }}, {{ record.hashtags }}, …
    media:
      - file: portraits/{{ record.key }}.png    # below media/
        alt: "{{ record.alt }}"
        credit: "{{ record.credit }}"
    warning: "{{ record.warning }}"
    tags: [survivor-story]

  - post: good-morning
    at: 2027-06-30 09:00
    timezone: account
    template: morning.j2

  - post: reminder
    every: weekday 12:15
    from: 2027-06-25
    except: [2027-06-28]
    text: |
      {{ days_until('2027-06-30') }} days to go. {{ hashtags }}
    poll: {options: [Yes, No], open_for: 24h}

  - post: thread
    at: 2027-06-30 12:00
    template: thread.j2
    visibility: public
    link: "{{ vars.link }}"
    degrade: [warning, alt]
    for:
      bluesky: {template: thread-short.j2}
      mk: {template: thread.mk.j2}
"""
RECORDS = """\
- key: ada
  name: Ada
  hashtags: [One, Two]
  warning:
- {key: bo, age: 41, old: true, zip: 01000, no: '7'}
"""
TEMPLATES = (
    "opening.j2",
    "opening.mk.j2",
    "spotlight.j2",
    "morning.j2",
    "thread.j2",
    "thread-short.j2",
    "thread.mk.j2",
)


def at(line: int, column: int) -> Place:
    return Place(FILE, line, column)


@pytest.fixture
def loaded(load_files):
    templates = {f"templates/posts/{name}": name for name in TEMPLATES}
    files = {"drumbeat.yaml": WORKSPACE, FILE: CAMPAIGN, "campaigns/records/activists.yaml": RECORDS}
    good = CAMPAIGN.replace("campaign: time-is-now  ", "campaign: other  ")
    return load_files({**files, **templates, "campaigns/c.yaml": good})


@pytest.fixture
def campaign(loaded):
    return next(campaign for campaign in loaded.campaigns if campaign.id == "time-is-now")


@pytest.fixture
def posts(campaign):
    return {post.id: post for post in campaign.posts}


def test_there_is_nothing_to_say_about_it(loaded):
    assert loaded.findings == ()
    assert loaded.templates["opening.mk.j2"] == "opening.mk.j2"


def test_the_workspace_is_what_its_file_says(loaded):
    place = {"place": Place("drumbeat.yaml", 5, 3)}
    main = Account(
        name="mastodon-main",
        platform="mastodon",
        timezone="Europe/Skopje",
        handle="equalitynow@mastodon.example",
        language="mk",
        limits={"text": 500},
        settings={"server": "https://mastodon.example"},
        secrets={"token": "MASTODON_MAIN_TOKEN"},
        **place,
    )
    workspace = loaded.workspace

    assert list(workspace.accounts) == ["mastodon-main", "bluesky-main", "skopje", "auckland"]
    assert workspace.accounts["mastodon-main"] == main
    assert workspace.accounts["auckland"] == Account(
        "auckland", "bluesky", "Pacific/Auckland", "auckland.example", "en", place=Place("drumbeat.yaml", 16, 3)
    )
    assert workspace.accounts["bluesky-main"].timezone == "Europe/Skopje"
    assert workspace == Workspace(
        id="equality-now",
        timezone="Europe/Skopje",
        database="sqlite:///.drumbeat/outbox.db",
        accounts=workspace.accounts,
        groups={"feeds": ("mastodon-main", "bluesky-main"), "chapters": ("skopje", "auckland")},
        mentions={"unwomen": {"x": "UN_Women", "mastodon": "unwomen@mastodon.example"}},
        place=Place("drumbeat.yaml", 1, 1),
    )


def test_the_campaign_is_what_its_file_says(campaign):
    assert campaign.title == "Time is now, on Social Media Day"
    assert campaign.timezone == "Europe/Skopje"
    assert campaign.window == Window(date(2027, 6, 24), date(2027, 6, 30))
    assert campaign.accounts == ("feeds", "chapters")
    assert campaign.languages == ("en", "mk")
    assert campaign.late == timedelta(hours=2)
    assert campaign.sources == Sources(
        hashtags=("TimeIsNow", "СегаКажувам"), vars={"link": "https://example.org/time-is-now"}
    )
    assert campaign.utm == {
        "source": Source("{{ account.platform }}", at(11, 15)),
        "campaign": Source("time-is-now", at(11, 51)),
    }
    assert (campaign.file, campaign.place, campaign.tags) == (FILE, at(1, 1), ())
    assert [post.id for post in campaign.posts] == ["opening", "spotlight", "good-morning", "reminder", "thread"]


def test_a_single_moment_is_called_once(posts):
    opening = posts["opening"]

    assert opening.schedule == At((Moment("once", datetime.fromisoformat("2027-06-24T09:00")),))
    assert opening.sources == Sources(wording=TemplateRef("opening.j2", at(16, 15)))
    assert opening.place == at(14, 5)
    assert (opening.records, opening.timezone, opening.accounts, opening.languages) == (None, None, None, None)
    assert posts["good-morning"].timezone == "account"


def test_records_are_spread_over_a_day(posts):
    spotlight = posts["spotlight"]

    assert spotlight.schedule == Spread(date(2027, 6, 30), time(9, 0), time(18, 0))
    assert spotlight.tags == ("survivor-story",)
    assert spotlight.sources.warning == Source("{{ record.warning }}", at(26, 14))
    assert spotlight.sources.media == (
        MediaSource(
            file=Source("portraits/{{ record.key }}.png", at(23, 15)),
            alt=Source("{{ record.alt }}", at(24, 14)),
            credit=Source("{{ record.credit }}", at(25, 17)),
        ),
    )
    records = "campaigns/records/activists.yaml"
    assert spotlight.records == (
        Record("ada", {"key": "ada", "name": "Ada", "hashtags": ("One", "Two"), "warning": None}, Place(records, 1, 3)),
        Record("bo", {"key": "bo", "age": 41, "old": True, "zip": "01000", "no": "7"}, Place(records, 5, 3)),
    )


def test_a_rule_fires_on_its_days(posts):
    reminder = posts["reminder"]

    assert reminder.schedule == Every(
        Weekly(frozenset(range(5)), time(12, 15)), date(2027, 6, 25), frozenset({date(2027, 6, 28)})
    )
    assert reminder.sources.wording == Source("{{ days_until('2027-06-30') }} days to go. {{ hashtags }}\n", at(39, 7))
    assert reminder.sources.poll == PollSource((Source("Yes", at(40, 22)), Source("No", at(40, 27))), timedelta(days=1))


def test_a_post_says_what_differs_for_whom(posts):
    thread = posts["thread"]

    assert thread.sources == Sources(
        wording=TemplateRef("thread.j2", at(44, 15)),
        visibility="public",
        link=Source("{{ vars.link }}", at(46, 11)),
        degrade=frozenset({"warning", "alt"}),
    )
    assert thread.overrides == {
        "bluesky": Sources(wording=TemplateRef("thread-short.j2", at(49, 27))),
        "mk": Sources(wording=TemplateRef("thread.mk.j2", at(50, 22))),
    }


def test_every_key_of_a_post_can_be_found_again(posts):
    places = posts["spotlight"].places

    assert places["spread"] == at(20, 5)
    assert places["media.0.alt"] == at(24, 9)
    assert "every" not in places
    assert "media.1" not in places
    assert set(posts["opening"].places) == {"post", "at", "template"}


def test_no_text_of_the_model_remembers_its_file(posts, campaign):
    """What planning compares and hashes is plain text."""
    texts = [campaign.id, campaign.title, *campaign.accounts, *campaign.sources.hashtags, posts["opening"].id]
    texts += [posts["opening"].sources.wording.name, posts["reminder"].sources.wording.text, *posts["thread"].overrides]
    texts += [*campaign.sources.vars, *campaign.utm, posts["spotlight"].records[0].key]

    assert {type(text) for text in texts} == {str}


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("daily 9:00", Weekly(frozenset(range(7)), time(9, 0))),
        ("monday thursday 18:30:15", Weekly(frozenset({0, 3}), time(18, 30, 15))),
        ("2h 09:00-17:00", Interval(timedelta(hours=2), time(9, 0), time(17, 0))),
        ("90s 09:00 - 09:30", Interval(timedelta(seconds=90), time(9, 0), time(9, 30))),
        ("cron 15 12 * * 1-5", Cron("15 12 * * 1-5")),
        ("cron  0 9  * * 7", Cron("0 9 * * 7")),
    ],
)
def test_a_rule_is_read_from_words(load_posts, written, rule):
    loaded = load_posts(f"  - post: p\n    every: {written}\n    jitter: 10m\n    text: Hi\n")

    assert loaded.findings == ()
    assert loaded.campaigns[0].posts[0].schedule == Every(rule, jitter=timedelta(minutes=10))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2027-06-30 9:00", datetime.fromisoformat("2027-06-30T09:00")),
        ("2027-06-30T09:00:30", datetime.fromisoformat("2027-06-30T09:00:30")),
        ("2027-06-30 09:00+02:00", datetime(2027, 6, 30, 9, 0, tzinfo=timezone(timedelta(hours=2)))),
        ("2027-06-30 09:00 -0330", datetime(2027, 6, 30, 9, 0, tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
        ("2027-06-30T07:00Z", datetime(2027, 6, 30, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_civil_unless_an_offset_is_written(load_posts, written, moment):
    (campaign,) = load_posts(f"  - post: p\n    at: {written}\n    text: Hi\n").campaigns
    (entry,) = campaign.posts[0].schedule.moments

    assert entry.when == moment
    assert entry.when.utcoffset() == moment.utcoffset()


def test_several_moments_have_their_own_ids(load_posts):
    moments = "[{slot: noon, at: 2027-06-30 12:00}, {slot: night, at: 2027-06-30 22:00}]"
    (campaign,) = load_posts(f"  - post: p\n    at: {moments}\n    text: Hi\n").campaigns

    assert [moment.slot for moment in campaign.posts[0].schedule.moments] == ["noon", "night"]


def test_vars_are_themselves_only_where_they_are_plain(load_posts):
    values = (
        "{a: true, b: 'true', c: 12, d: '12', e: 007, f: 1.5, g: null, h: , i: -3, j: True, k: [1, x], l: ~, m: 1e3}"
    )
    (campaign,) = load_posts(f"  - post: p\n    at: 2027-06-30 12:00\n    text: Hi\n    vars: {values}\n").campaigns

    assert campaign.posts[0].sources.vars == {
        "a": True,
        "b": "true",
        "c": 12,
        "d": "12",
        "e": "007",
        "f": 1.5,
        "g": None,
        "h": None,
        "i": -3,
        "j": "True",
        "k": (1, "x"),
        "l": "~",
        "m": "1e3",
    }
