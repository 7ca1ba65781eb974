"""What a review shows: changes by day and post, old and new words, conflicts with their commands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.model.content import Content, Poll
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action, Change, ChangeSet, Conflict
from scheduler.planning.snapshot import Held
from scheduler.preview.changes import render_changes, summary
from scheduler.preview.worddiff import word_diff

NOW = datetime(2027, 6, 1, tzinfo=UTC)


def held(delivery, **differences):
    content = differences.pop("content", delivery.content)
    row = Held(
        name=delivery.name,
        thread=delivery.thread,
        campaign=delivery.campaign,
        account=delivery.account,
        part=delivery.part,
        state=State.SCHEDULED,
        due=delivery.due,
        content_hash=content.hash if content else "another",
        live=delivery.live,
        content=content,
    )
    return replace(row, **differences)


def change(action, planned, was=None, **more):
    return Change(action, (planned or was).name, planned, was, **more)


def changes_of(days):
    """Every kind of change of the hand-made day."""
    auckland, mastodon, bluesky, bird, spotlight, call, _, poll, first, second, bogota = days.whole()
    older = replace(
        spotlight.content, text="Ana reads what they would not print. @UN_Women", warning="", media=(), language="mk"
    )
    asked = replace(poll.content, poll=Poll(("Pay", "Time"), 3600))
    return ChangeSet(
        changes=(
            change(Action.CREATE, auckland),
            change(Action.CREATE, mastodon),
            change(Action.CREATE, bluesky),
            change(Action.MOVE, bird, held(bird, due=bird.due - timedelta(hours=4))),
            change(Action.MOVE, bogota, held(bogota, due=bogota.due - timedelta(days=1)), reopens=True),
            change(Action.REWORD, spotlight, held(spotlight, content=older)),
            change(Action.REWORD, poll, held(poll, content=asked)),
            change(Action.REWORD, call, held(call, content=None)),
            change(Action.REWORD, first, held(first, live=False)),
            Change(Action.CANCEL, second.name, None, held(second)),
        ),
        kept=("a", "b"),
        conflicts=(
            Conflict(
                "time-is-now/call/once/bogota", "It was sent with another text.", ("drumbeat show x",), None, held(call)
            ),
        ),
        notes={"time-is-now/late/once/x-main": "not sent, and due is past", "a/b/c/d": "not sent, and due is past"},
        fingerprint="0" * 64,
    )


def test_a_review_looks_like_this(days, golden):
    golden("changes", render_changes(changes_of(days), reader_zone="Europe/Skopje"))


def test_colour_adds_nothing_to_the_words_of_a_review(days):
    import re

    coloured = render_changes(changes_of(days), reader_zone="Europe/Skopje", colour=True)

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_changes(changes_of(days), reader_zone="Europe/Skopje")


def test_a_ready_command_stays_on_one_line_to_be_copied(days):
    command = "drumbeat resolve " + "a" * 200 + " --sent URL"
    conflict = Conflict("a/b/c/d", "Look.", (command,), None, held(days.whole()[0]))
    text = render_changes(ChangeSet((), (), (conflict,), {}, ""), reader_zone="UTC", console_width=60)

    assert command in [line.strip() for line in text.splitlines()]


def test_what_the_queue_alone_holds_is_shown_on_its_slots_clock(days):
    auckland = days.whole()[0]
    gone = ChangeSet((Change(Action.CANCEL, auckland.name, None, held(auckland)),), (), (), {}, "")

    text = render_changes(gone, reader_zone="Europe/Skopje", zones={auckland.name: "Pacific/Auckland"})

    assert "- cancelled 09:00 Wed (UTC+12), 23:00 Tue 29 Jun here" in text


def test_nothing_to_change_is_one_line():
    assert render_changes(ChangeSet((), ("a",), (), {}, ""), reader_zone="UTC") == (
        "Nothing to change: 1 kept as they are.\n"
    )
    assert summary(ChangeSet((), (), (), {}, "")) == "Nothing to change."


def test_words_that_changed_together_are_shown_together():
    pieces = word_diff("Ana reads what they would not print.", "Ana reads what nobody dared to print.")

    assert "".join(map(str, pieces)) == "Ana reads what [-they would not-]{+nobody dared to+} print."


def test_a_long_stretch_that_stayed_is_shortened():
    same = "word " * 100

    assert len("".join(map(str, word_diff(same + "old", same + "new")))) < 80


def test_texts_of_many_thousand_words_are_compared_whole():
    pieces = word_diff("a " * 5000, "b " * 5000)

    assert [piece.sign for piece in pieces] == ["-", "+"]


texts = st.text(alphabet="ab \n.#", max_size=40)


@given(texts, texts)
def test_old_and_new_can_be_read_back_out_of_a_difference(old, new):
    pieces = word_diff(old, new)

    if old == new:
        assert pieces == ()
    else:
        assert "".join(piece.text for piece in pieces if piece.sign != "+") == old
        assert "".join(piece.text for piece in pieces if piece.sign != "-") == new


def test_a_content_with_other_words_only_has_no_other_difference(days):
    first = days.whole()[0]
    text = render_changes(
        ChangeSet((change(Action.REWORD, first, held(first, content=Content("Old", "en"))),), (), (), {}, ""),
        reader_zone="Pacific/Auckland",
    )

    assert "[-Old-]" in text
    assert "->" not in text


def test_a_post_that_may_only_be_later_than_before_says_so(days):
    first = days.whole()[0]
    was = held(first, expires_at=first.due + timedelta(minutes=15))

    text = render_changes(ChangeSet((change(Action.MOVE, first, was),), (), (), {}, ""), reader_zone="UTC")

    assert "may be up to 2 h late now" in text


def test_pictures_taken_out_replaced_or_described_anew_are_told(days):
    spotlight = days.whole()[4]
    ana, line, clip = spotlight.content.media
    old = replace(
        spotlight.content,
        media=(replace(ana, alt="A woman."), line, replace(clip, facts=None), replace(clip, file="gone.mp4")),
    )
    review = ChangeSet((change(Action.REWORD, spotlight, held(spotlight, content=old)),), (), (), {}, "")

    text = render_changes(review, reader_zone="Europe/Skopje")

    assert "picture taken out: gone.mp4" in text
    assert "picture replaced: clip.mp4" in text
    assert "words of portraits/ana.png: A woman. -> A woman reads from a sheet of paper." in text
