"""What drumbeat.yaml and campaigns set and waive, over all that is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler.checking import check_plan
from scheduler.finding import Finding, Place, Severity, error, note, warning
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Source, Sources
from scheduler.model.checks import CheckSetting, Waiver
from scheduler.model.content import Content, Media
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.schedule import At, Moment, Window
from scheduler.planning.plan import Plan

DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)
FILE = "campaigns/c.yaml"
OFF = CheckSetting(off=True)
NOTE, WARNING, ERROR = CheckSetting(Severity.NOTE), CheckSetting(Severity.WARNING), CheckSetting(Severity.ERROR)
WAIVED = {"alt-missing": Waiver("A logo", Place(FILE, 7, 3))}
BARE = Content("Hello", "en", media=(Media("a.png"),))
MANY = Content(" ".join(f"#Tag{number}" for number in range(4)), "en")
LONG = Content("a" * 501, "en")


def post(name: str = "p", **more) -> Post:
    at = At((Moment("once", datetime(2027, 6, 30, 9)),))  # noqa: DTZ001 - civil time
    return Post(name, at, Sources(wording=Source("x")), place=Place(FILE, 9, 3), **more)


def campaign(*posts: Post, name: str = "c", **more) -> Campaign:
    window = Window(DUE.date(), DUE.date())
    return Campaign(name, name, "UTC", window, ("main",), ("en",), posts or (post(),), file=FILE, **more)


def planned(content: Content, name: str = "p", of: str = "c") -> PlannedDelivery:
    return PlannedDelivery(of, name, "once", "main", "mastodon", DUE, DUE + timedelta(hours=2), "UTC", content)


def check(
    content: Content,
    *campaigns: Campaign,
    checks: dict[str, CheckSetting] | None = None,
    found: tuple[Finding, ...] = (),
    plan: Plan | None = None,
) -> dict[str, Finding]:
    workspace = Workspace("w", "UTC", accounts={"main": Account("main", "mastodon", "UTC")}, checks=checks or {})
    looked = check_plan(plan or Plan((planned(content),)), workspace, campaigns or (campaign(),), {}, found)
    return {finding.rule: finding for finding in looked}


def test_a_rule_weighs_its_own_weight_where_nobody_says_otherwise():
    assert check(BARE)["alt-missing"].severity is Severity.ERROR


def test_drumbeat_yaml_makes_a_rule_lighter():
    assert check(BARE, checks={"alt-missing": NOTE})["alt-missing"].severity is Severity.NOTE


def test_a_rule_that_is_off_says_nothing():
    assert "alt-missing" not in check(BARE, checks={"alt-missing": OFF})


def test_the_campaigns_word_beats_that_of_drumbeat_yaml():
    found = check(BARE, campaign(checks={"alt-missing": WARNING}), checks={"alt-missing": OFF})

    assert found["alt-missing"].severity is Severity.WARNING


def test_a_campaign_that_sets_a_threshold_keeps_the_severity_of_drumbeat_yaml():
    own = campaign(checks={"hashtag-many": CheckSetting(thresholds={"most": 2})})

    found = check(MANY, own, checks={"hashtag-many": ERROR})

    assert found["hashtag-many"].severity is Severity.ERROR
    assert "hashtag-many" not in check(MANY, checks={"hashtag-many": ERROR})


def test_a_threshold_of_another_kind_counts_for_nothing():
    assert "hashtag-many" not in check(MANY, checks={"hashtag-many": CheckSetting(thresholds={"most": "two"})})


def test_what_a_platform_refuses_cannot_be_turned_off():
    assert check(LONG, checks={"text-too-long": OFF})["text-too-long"].severity is Severity.ERROR


def test_what_a_platform_refuses_cannot_be_waived():
    waived = campaign(post(waivers={"text-too-long": Waiver("I like it long")}))

    assert check(LONG, waived)["text-too-long"].waived == ""


def test_what_a_post_waives_becomes_a_note_that_keeps_its_reason():
    found = check(BARE, campaign(post(waivers=WAIVED)))

    assert (found["alt-missing"].severity, found["alt-missing"].waived) == (Severity.NOTE, "A logo")
    assert "waiver-unused" not in found


def test_what_a_campaign_waives_is_waived_in_each_of_its_posts():
    assert check(BARE, campaign(waivers=WAIVED))["alt-missing"].waived == "A logo"


def test_the_posts_own_reason_is_told_before_that_of_its_campaign():
    found = check(BARE, campaign(post(waivers={"alt-missing": Waiver("A stamp")}), waivers=WAIVED))

    assert found["alt-missing"].waived == "A stamp"


def test_another_campaign_waives_nothing_here():
    assert check(BARE, campaign(), campaign(name="d", waivers=WAIVED))["alt-missing"].waived == ""


def test_a_waiver_that_waives_nothing_is_told_at_its_place():
    unused = check(Content("Hello", "en"), campaign(post(waivers=WAIVED)))["waiver-unused"]

    assert (unused.severity, unused.place) == (Severity.NOTE, Place(FILE, 7, 3))
    assert unused.path == "posts.p.waive.alt-missing"
    assert "alt-missing" in unused.message


def test_a_waiver_of_a_campaign_that_waives_nothing_is_told():
    assert check(Content("Hello", "en"), campaign(waivers=WAIVED))["waiver-unused"].path == "waive.alt-missing"


def test_a_waiver_for_what_was_not_looked_at_is_left_alone():
    past = note("slot-past", "Over.", place=Place(FILE, 10, 5), path="posts.p.at")
    nothing = Plan(())

    assert "waiver-unused" not in check(BARE, campaign(post(waivers=WAIVED)), plan=nothing)
    assert "waiver-unused" not in check(BARE, campaign(post(), post("q"), waivers=WAIVED), plan=nothing)
    assert "waiver-unused" not in check(Content("Hi"), campaign(post(waivers=WAIVED)), found=(past,))


def test_findings_of_the_files_are_weighed_by_their_place():
    found = (note("language-fallback", "English it is.", place=Place(FILE, 9, 3), path="posts.p.languages"),)

    assert "language-fallback" not in check(BARE, campaign(checks={"language-fallback": OFF}), found=found)
    assert check(BARE, checks={"language-fallback": WARNING}, found=found)["language-fallback"].severity == "warning"
    waived = campaign(post(waivers={"language-fallback": Waiver("They read it")}))
    assert check(BARE, waived, found=found)["language-fallback"].waived == "They read it"


def test_a_mistake_in_a_file_stays_an_error():
    found = (error("yaml-colon", "A colon.", place=Place(FILE, 1, 1)),)

    assert check(BARE, checks={"yaml-colon": OFF}, found=found)["yaml-colon"].severity is Severity.ERROR


def test_what_is_about_the_whole_workspace_is_set_in_drumbeat_yaml():
    found = (warning("record-unused", "Nobody.", place=Place("campaigns/records/a.yaml", 1, 1)),)

    assert "record-unused" not in check(BARE, checks={"record-unused": OFF}, found=found)


def test_one_mistake_of_many_accounts_stays_one_finding_when_it_is_waived():
    names = [f"m{number}" for number in range(40)]
    accounts = {name: Account(name, "mastodon", "UTC") for name in names}
    plan = Plan(tuple(replace(planned(BARE), account=name) for name in names))
    waived = campaign(post(waivers=WAIVED))

    found = [one for one in check_plan(plan, Workspace("w", "UTC", accounts=accounts), [waived], {}) if one.waived]

    assert len(found) == 1
    assert "37 more" in found[0].message
