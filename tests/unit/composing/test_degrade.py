"""What becomes of what a platform cannot show."""

from dataclasses import replace
from datetime import timedelta

from scheduler.composing.compose import Composer
from scheduler.model.campaign import MediaSource, PollSource, Source

POLL = PollSource((Source("Yes"), Source("No")), timedelta(hours=24))
PICTURES = (MediaSource(Source("a.png"), Source("A door")), MediaSource(Source("b.png"), Source("A window")))


def first(brief):
    (answer,) = Composer({}).compose([brief])
    assert not answer.findings, answer.findings
    return answer.parts[0]


def test_a_warning_becomes_the_first_line_of_every_part(render, findings):
    assert render("one\n---\ntwo", platform="bluesky", warning="violence", degrade=frozenset({"warning"})) == [
        "violence\n\none",
        "violence\n\ntwo",
    ]
    (found,) = findings("one", platform="bluesky", warning="violence")
    assert found.rule == "unsupported-warning"
    assert "`degrade: [warning]`" in found.mend


def test_a_warning_that_was_moved_is_gone_and_one_that_is_shown_stays(brief):
    kept = first(brief("a", warning="violence", degrade=frozenset({"warning"})))
    moved = first(brief("a", platform="x", warning="violence", degrade=frozenset({"warning"})))
    assert (kept.text, kept.warning) == ("a", "violence")
    assert (moved.text, moved.warning) == ("violence\n\na", "")


def test_an_empty_warning_is_none(render):
    assert render("a", platform="bluesky", warning="{{ record.warning }}", record={"warning": None}) == "a"


def test_alternative_text_becomes_the_last_lines_of_the_first_part(render, findings):
    told = {"platform": "telegram", "media": PICTURES}
    assert render("one\n---\ntwo", degrade=frozenset({"alt"}), **told) == ["one\n\nA door\nA window", "two"]
    (found,) = findings("one", **told)
    assert found.rule == "unsupported-alt"


def test_the_words_of_a_video_are_not_lost_where_only_pictures_have_some(render, findings):
    film = (MediaSource(Source("a.MP4"), Source("A march")),)
    (found,) = findings("one", platform="linkedin", media=film)
    assert (found.rule, found.message) == ("unsupported-alt", "LinkedIn has no alternative text of videos, on main.")
    assert render("one", platform="linkedin", media=film, degrade=frozenset({"alt"})) == "one\n\nA march"
    assert findings("one", platform="linkedin", media=PICTURES) == ()
    assert render("one", platform="linkedin", media=PICTURES, degrade=frozenset({"alt"})) == "one"


def test_what_a_weaker_way_lacks_is_refused_for_that_account_alone(brief):
    by_app = brief("see", platform="slack", media=PICTURES)
    by_webhook = replace(by_app, account=replace(by_app.account, name="hook", secrets={"webhook": "HOOK"}))
    whole, refused = Composer({}).compose([by_app, by_webhook])
    assert (len(whole.parts[0].media), whole.findings) == (2, ())
    assert [(one.rule, one.message) for one in refused.findings] == [
        ("unsupported-media", "Slack by a webhook has no pictures, on hook.")
    ]


def test_an_organization_has_no_circle_of_its_own(brief):
    """`ways` go by settings as well, and take the visibilities with the feature."""
    person = brief("one", platform="linkedin", visibility="followers")
    page = replace(person, account=replace(person.account, name="page", settings={"organization": "123"}))
    whole, refused = Composer({}).compose([person, page])
    assert whole.parts[0].visibility == "followers"
    assert [(one.rule, one.message) for one in refused.findings] == [
        ("unsupported-visibility", "LinkedIn by an organization has no visibility `followers`, on page.")
    ]


def test_a_poll_becomes_a_list(render, findings):
    assert render("Will you?", platform="bluesky", poll=POLL, degrade=frozenset({"poll"})) == "Will you?\n\n- Yes\n- No"
    (found,) = findings("Will you?", platform="bluesky", poll=POLL)
    assert found.rule == "unsupported-poll"


def test_visibility_that_a_platform_lacks_is_left_out_or_refused(brief, findings):
    assert (
        first(brief("a", platform="bluesky", visibility="unlisted", degrade=frozenset({"visibility"}))).visibility == ""
    )
    assert first(brief("a", visibility="unlisted")).visibility == "unlisted"
    assert first(brief("a", platform="bluesky", visibility="public")).visibility in {"", "public"}
    (found,) = findings("a", platform="bluesky", visibility="followers")
    assert found.rule == "unsupported-visibility"


def test_a_language_is_a_tag_and_never_an_error(brief):
    assert first(brief("a", platform="x", language="mk")).language == "mk"
    assert first(brief("a", platform="x", language="mk", degrade=frozenset({"language"}))).language == ""
    assert first(brief("a", language="mk", degrade=frozenset({"language"}))).language == "mk"


def test_everything_that_is_lacking_is_said_at_once(findings):
    rules = {
        found.rule
        for found in findings("a", platform="apprise", warning="w", poll=POLL, media=PICTURES, visibility="unlisted")
    }
    assert rules == {"unsupported-warning", "unsupported-poll", "unsupported-alt", "unsupported-visibility"}


def test_a_picture_without_a_file_is_not_there(brief):
    media = (MediaSource(Source("{{ record.photo }}"), Source("{{ record.name }}")),)
    assert first(brief("a", media=media, record={"photo": None, "name": "Ana"})).media == ()


def test_a_card_that_cannot_be_shown_is_said_unless_the_text_has_the_link(findings, render):
    (found,) = findings("a", platform="instagram", link="https://example.org/a")
    assert (found.rule, found.severity) == ("link-not-shown", "note")
    assert render("a {{ link }}", platform="instagram", link="https://example.org/a") == "a https://example.org/a"
