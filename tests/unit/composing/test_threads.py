"""A thread's parts."""

import pytest

from scheduler.composing.threads import divided, sentences


def test_a_line_of_dashes_divides(render):
    assert render("one\n---\ntwo\n  ---  \nthree") == ["one", "two", "three"]
    assert divided("one\r\n---\r\ntwo") == ["one", "two"]
    assert divided("one\n----\ntwo\n--- x") == ["one\n----\ntwo\n--- x"]


def test_empty_parts_are_left_out(render):
    assert render("---\none\n---\n\n---\ntwo\n---\n") == ["one", "two"]
    assert divided("---") == [""]


def test_a_loop_may_make_the_parts(render):
    assert render("{% for n in [1, 2] %}\n---\npart {{ n }}\n{% endfor %}") == ["part 1", "part 2"]


def test_a_part_prints_its_number(render, findings):
    assert render("a {{ part.number }}/{{ part.count }}\n---\nb {{ part.number }}/{{ part.count }}") == [
        "a 1/2",
        "b 2/2",
    ]
    assert render("a {{ part.number ~ '/' ~ part.count }}\n---\nb") == ["a 1/2", "b"]
    assert "only be printed" in findings("{% if part.number == 1 %}a{% endif %}")[0].message
    assert "only be printed" in findings("{% if part.count > 1 %}a{% endif %}")[0].message


def test_media_poll_and_link_belong_to_the_first_part_and_the_warning_to_all(brief):
    from datetime import timedelta

    from scheduler.composing.compose import Composer
    from scheduler.model.campaign import MediaSource, PollSource, Source

    made = brief(
        "one\n---\ntwo",
        warning="violence",
        link="https://example.org",
        visibility="unlisted",
        media=(MediaSource(Source("a.png"), Source("A door"), Source("Ana")),),
        poll=PollSource((Source("Yes"), Source("No")), timedelta(hours=24)),
    )
    (answer,) = Composer({}).compose([made])
    first, second = answer.parts
    assert (first.media[0].file, first.media[0].alt, first.media[0].credit) == ("a.png", "A door", "Ana")
    assert (first.poll.options, first.poll.open_for) == (("Yes", "No"), 86_400)
    assert first.link == "https://example.org"
    assert (second.media, second.poll, second.link) == ((), None, "")
    assert {part.warning for part in answer.parts} == {"violence"}
    assert {part.visibility for part in answer.parts} == {"unlisted"}
    assert {part.language for part in answer.parts} == {"en"}


def test_a_platform_without_threads_takes_one_part(findings, render):
    (found,) = findings("one\n---\ntwo", platform="linkedin")
    assert found.rule == "thread-unsupported"
    assert "LinkedIn has no threads, and this post has 2 parts" in found.message
    assert render("one\n---\n", platform="linkedin") == "one"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One is here. Two is there! Three? Yes…", ["One is here. ", "Two is there! ", "Three? ", "Yes…"]),
        ("Кажи сега. Сега! Кога?", ["Кажи сега. ", "Сега! ", "Кога?"]),
        ("هل تسمع؟ نعم. انتهى۔", ["هل تسمع؟ ", "نعم. ", "انتهى۔"]),
        ("声を上げた。今だ！本当？はい", ["声を上げた。", "今だ！", "本当？", "はい"]),
        ("कहो। अभी।", ["कहो। ", "अभी।"]),
        ("He said “now.” She went.", ["He said “now.” ", "She went."]),
        ("At 3.5 km, see a.example.org today. Then go.", ["At 3.5 km, see a.example.org today. ", "Then go."]),
        ("Dr. Ana and J. Smith came. They spoke.", ["Dr. Ana and J. Smith came. ", "They spoke."]),
        ("Tell us, e.g. where. Then go.", ["Tell us, e.g. where. ", "Then go."]),
        ("It was 5 p.m. and dark. Then.", ["It was 5 p.m. and dark. ", "Then."]),
        ("First line\nsecond line\n\nthird", ["First line\n", "second line\n\n", "third"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences_end_where_readers_see_it(text, parts):
    assert sentences(text) == parts


def test_split_packs_whole_sentences_and_numbers_them(render):
    text = "Sentence one is here. Sentence two is there. And a third one! Is there a fourth? Yes."
    parts = render(text, split=True, limits={"text": 50})
    assert parts == ["Sentence one is here. Sentence two is there. 1/2", "And a third one! Is there a fourth? Yes. 2/2"]


def test_split_leaves_alone_what_fits(render):
    assert render("One. Two.", split=True) == "One. Two."
    assert render("One. Two." * 400, split=True, platform="email") == "One. Two." * 400


def test_split_numbers_by_hand_divided_parts_too(render):
    assert render("One.\n---\nTwo.", split=True) == ["One. 1/2", "Two. 2/2"]


def test_a_sentence_longer_than_a_part_is_split_between_words(render):
    parts = render("word " * 40, split=True, limits={"text": 50})
    assert all(len(part) <= 50 for part in parts)
    assert "word" * 2 not in "".join(parts)
    assert sum(part.count("word") for part in parts) == 40


def test_a_word_longer_than_a_part_is_split_between_graphemes(render):
    parts = render("é" * 120, split=True, limits={"text": 50})
    assert [part.count("é") for part in parts] == [46, 46, 28]


def test_a_hundred_parts_are_numbered_within_the_limit(render):
    parts = render("Twenty letters here. " * 100, split=True, limits={"text": 30})
    assert len(parts) == 100
    assert parts[99] == "Twenty letters here. 100/100"
    assert all(len(part) <= 30 for part in parts)


def test_more_parts_than_anybody_reads_are_refused(findings):
    (found,) = findings("Twenty letters here. " * 101, split=True, limits={"text": 30})
    assert (found.rule, found.path, found.place.line) == ("thread-too-long", "posts.tip.text", 10)
    assert findings("a\n---\n" * 101)[0].rule == "thread-too-long"


def test_paragraphs_stay_paragraphs_within_a_part(render):
    parts = render("One one one.\n\nTwo two two.\n\nThree three three.", split=True, limits={"text": 40})
    assert parts == ["One one one.\n\nTwo two two. 1/2", "Three three three. 2/2"]
