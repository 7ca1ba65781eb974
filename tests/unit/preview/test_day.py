"""A day in the terminal, as a person reads it."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.model.content import Content
from scheduler.model.lifecycle import State
from scheduler.operations import outlook
from scheduler.preview.paint import cells
from scheduler.preview.terminal import render_day
from scheduler.preview.timeline import timeline
from scheduler.preview.view import ShownPart, as_json, view_of_parts
from scheduler.preview.words import STATE_WORDS, counted, dry_run_line, duration, listed, live_line, state_words

DAY = date(2027, 6, 30)
INNER = re.compile(r"(?i)\b(deliver(y|ies)|outbox|lanes?|leases?|snapshots?|fingerprints?|scheduled|uncertain)\b")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def views_of_plan(deliveries, accounts):
    """What is shown where the queue is empty."""
    return outlook.views(deliveries, [], {account.name: account for account in accounts})


def draw(days, views=None, findings=(), zone="Europe/Skopje", **options):
    shown = views_of_plan(days.whole(), days.accounts) if views is None else views
    return render_day(DAY, shown, findings, reader_zone=zone, workspace=days.workspace, **options)


def held(days, delivery, state, *, url="", dry_run=False, files=None):
    return view_of_parts(
        [ShownPart(delivery.name, state, delivery.content, url)],
        days.workspace.accounts[delivery.account],
        due=delivery.due,
        timezone=delivery.timezone,
        live=delivery.live,
        dry_run=dry_run,
        files=files,
    )


def test_a_day_looks_like_this(days, golden):
    golden("day", draw(days, findings=days.findings()))


def test_a_day_with_a_card_for_each_account_looks_like_this(days, golden):
    golden("day-full", draw(days, full=True))


def test_a_day_on_a_narrow_terminal_stays_within_it(days, golden):
    text = draw(days, findings=days.findings(), console_width=60)

    golden("day-narrow", text)
    assert max(cells(line) for line in text.splitlines()) <= 60


def test_a_day_in_the_middle_of_it_looks_like_this(days, golden):
    first, second, third, fourth = days.whole()[:4]
    files = views_of_plan([days.changed(second, content=Content("Good morning at last!", "en"))], days.accounts)[0]
    later = views_of_plan([days.changed(fourth, due=fourth.due + timedelta(hours=3))], days.accounts)[0]
    views = [
        held(days, first, State.SENT, dry_run=True),
        held(days, second, State.SCHEDULED, files=files),
        held(days, third, State.UNCERTAIN),
        held(days, fourth, State.SENT, url="https://x.example/1"),
        held(days, days.whole()[4], State.MISSED),
        held(days, days.changed(fourth, post="closing"), State.SCHEDULED, files=later),
    ]

    golden("day-under-way", draw(days, views))


def test_a_day_without_posts_says_so(days):
    assert draw(days, []) == ("Wednesday 30 June 2027 · equality-now · times in Europe/Skopje\nNo posts on this day.\n")


def test_a_day_on_which_the_clocks_change_says_so(days):
    text = render_day(
        date(2027, 3, 28), [], [], reader_zone="Europe/Skopje", workspace=days.workspace, console_width=120
    )

    assert "where the clocks go forward 1 h on this day" in text


def test_colour_says_nothing_that_the_words_do_not(days):
    plain, coloured = draw(days), draw(days, colour=True)

    assert "\x1b" not in plain
    assert "\x1b[4;36mhttps://example.org/time-is-now\x1b[0m" in coloured
    without = ESCAPE.sub("", coloured).splitlines()
    assert set(without) <= set(plain.splitlines())


def test_what_a_contributor_wrote_never_reaches_the_terminal_as_a_command(days):
    for colour in (False, True):
        text = ESCAPE.sub("", draw(days, colour=colour))
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "\u202e" not in text
        assert "␛[31mred[U+202E]" in text


def test_nobody_reads_our_inner_words(days):
    views = [held(days, days.whole()[0], state) for state in State]

    assert not INNER.search(draw(days, findings=days.findings(), full=True))
    assert not INNER.search(draw(days, views))


def test_right_to_left_lines_are_closed_in_themselves(days):
    lines = [line for line in draw(days).splitlines() if "الوقت" in line]

    assert lines
    assert all(line.count("\u2068") == line.count("\u2069") == 1 for line in lines)


def test_every_post_of_the_day_is_on_exactly_one_card(days):
    views = views_of_plan(days.whole(), days.accounts)

    for full in (False, True):
        shown = [view for moment in timeline(views, full=full) for card in moment.cards for view in card.views]
        assert sorted(view.delivery for view in shown) == sorted(view.delivery for view in views)


def test_the_state_of_a_thread_is_that_of_its_first_part_not_sent(days):
    whole = days.workspace.accounts["x-main"]

    def thread(*states):
        parts = [ShownPart(f"c/p/once/x-main.{at}", state, Content("Hello")) for at, state in enumerate(states)]
        return view_of_parts(parts, whole, due=datetime(2027, 6, 30, tzinfo=UTC), timezone="UTC", live=True)

    assert thread(State.SENT, State.SENT).state == State.SENT
    assert thread(State.SENT, State.UNCERTAIN, State.SCHEDULED).state == State.UNCERTAIN
    assert thread("planned", "planned").state == "planned"


def test_a_view_as_json_has_the_shape_that_outsiders_rely_on(days):
    thread = next(view for view in views_of_plan(days.whole(), days.accounts) if "thread" in view.delivery)
    spotlight = next(view for view in views_of_plan(days.whole(), days.accounts) if "spotlight" in view.delivery)

    shown = json.loads(json.dumps(as_json(thread)))

    assert set(shown) == {
        *("delivery", "state", "due", "local", "timezone", "account"),
        *("platform", "language", "live", "parts", "tags"),
    }
    assert shown["delivery"] == "time-is-now/thread/once/x-main"
    assert (shown["state"], shown["live"]) == ("planned", True)
    assert (shown["due"], shown["local"]) == ("2027-06-30T12:30:30Z", "2027-06-30T14:30:30+02:00")
    assert [part["delivery"] for part in shown["parts"]] == [shown["delivery"], shown["delivery"] + ".2"]
    first = shown["parts"][0]
    assert (first["length"], first["limit"]) == (295, 280)
    assert first["measures"][0] == {"value": 295, "limit": 280, "unit": first["unit"]}
    media = as_json(spotlight)["parts"][0]["media"][0]
    assert media["file"] == "portraits/ana.png"
    assert media["credit"] == "Drawn for this campaign"


def test_what_the_queue_holds_otherwise_is_marked_in_json(days):
    first = days.whole()[0]
    files = views_of_plan([first], days.accounts)[0]

    shown = as_json(held(days, first, State.SENT, url="https://a.example/1", dry_run=True, files=files))

    assert shown["dry_run"] is True
    assert shown["applied_differs"] is True
    assert shown["files"]["delivery"] == first.name
    assert shown["parts"][0]["remote_url"] == "https://a.example/1"


def test_every_state_has_words():
    assert set(STATE_WORDS) == set(State)
    assert state_words(State.SENT, dry_run=True) == "dry run, reached nobody"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 s"), (1200, "20 min"), (7200, "2 h"), (3900, "1 h 05"), (86_400, "24 h"), (259_200, "3 days")],
)
def test_durations_are_said_as_people_say_them(seconds, words):
    assert duration(seconds) == words


def test_a_dry_run_is_said_with_the_number_that_reach_nobody():
    assert dry_run_line({}) == live_line({}) == ""
    assert dry_run_line({"mastodon-main": 41}) == "mastodon-main is in DRY RUN: 41 posts will reach nobody"
    assert dry_run_line({"a": 1, "b": 2}) == "a and b are in DRY RUN: 3 posts will reach nobody"
    assert live_line({"a": 1}) == "LIVE: 1 post goes out for real, on a"
    assert listed(list("abcde")) == "a, b, c and 2 more"
    assert counted(1200, "post") == "1,200 posts"


def test_texts_that_differ_in_their_tracked_link_alone_share_a_card_that_shows_each_link(days):
    def tracked(name):
        link = f"https://example.org/?utm_source={name}"
        return days.one("call", name, 9, Content(f"Now. {link}", "en", link=link))

    views = views_of_plan([tracked("bluesky-main"), tracked("x-main")], days.accounts)

    for colour in (False, True):
        text = ESCAPE.sub("", draw(days, views, colour=colour))
        assert text.count("Now.") == 1
        assert "link card for each its own link, as below" in text
        assert "bluesky 49/300 · x 28/280" in text
        for name in ("bluesky-main", "x-main"):
            assert f"links     https://example.org/?utm_source={name} (on {name})" in text
    assert draw(days, views, full=True).count("Now.") == 2


def test_texts_that_link_to_different_pages_never_share_a_card(days):
    def linked(name):
        return days.one("call", name, 9, Content(f"Now. https://example.org/?page={name}", "en"))

    assert draw(days, views_of_plan([linked("bluesky-main"), linked("x-main")], days.accounts)).count("Now.") == 2


def test_a_text_is_called_the_same_only_where_it_was_shown_to_the_letter(days):
    def tracked(name, at):
        return days.one("call", name, at, Content(f"Now. https://example.org/?utm_source={name}", "en"))

    views = views_of_plan([tracked("bluesky-main", 9), tracked("x-main", 10), tracked("x-main", 11)], days.accounts)
    again = [card.again for moment in timeline(views) for card in moment.cards]

    assert again[:2] == [None, None]


def test_a_zone_with_half_an_hour_is_said_with_it(days):
    assert "(UTC+5:30)" in draw(days, zone="Asia/Kolkata")
    assert "(UTC)" in draw(days, zone="UTC")
