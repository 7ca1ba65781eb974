"""Shortening to what the platform still allows."""

import pytest

from scheduler.platforms import platform_named

WORDS = "Survivors told what had happened to them, and the whole country listened at last. " * 10


def lengths(text, platform, **kwargs):
    return platform_named(platform).measure(text, **kwargs)


@pytest.mark.parametrize("platform", ["mastodon", "bluesky", "x", "threads", "telegram"])
def test_a_story_is_shortened_to_the_last_word_that_fits(render, platform):
    text = render(
        "{{ record.name }}: {{ record.story|fit }}\n\n{{ hashtags }}",
        platform=platform,
        record={"name": "Ana", "story": WORDS},
    )
    assert text.startswith("Ana: Survivors told")
    assert text.endswith("\n\n#TimeIsNow")
    assert all(measure.fits for measure in lengths(text, platform))
    if "…" in text:
        head, _, tail = text.partition("…")
        following = WORDS[len(head) - len("Ana: ") :].lstrip(".,").split()[0]
        assert not all(measure.fits for measure in lengths(f"{head} {following}…{tail}", platform))
        assert WORDS[len(head) - len("Ana: ")] in " .,"


def test_what_fits_stays_whole(render):
    assert render("{{ 'short'|fit }} {{ hashtags }}") == "short #TimeIsNow"
    assert render("{{ record.story|fit }}", platform="email", record={"story": WORDS}) == WORDS.strip()


def test_the_accounts_own_limit_counts(render):
    assert (
        render("{{ record.story|fit }}", record={"story": WORDS}, limits={"text": 40})
        == "Survivors told what had happened to…"
    )


def test_the_warning_is_part_of_a_mastodon_post(render):
    told = {"record": {"story": WORDS}, "limits": {"text": 60}}
    assert len(render("{{ record.story|fit }}", warning="x" * 30, **told)) <= 30
    assert len(render("{{ record.story|fit }}", **told)) > 45


def test_a_warning_that_became_the_first_line_counts(render):
    text = render(
        "{{ record.story|fit }}",
        platform="bluesky",
        warning="Sexual violence",
        degrade=frozenset({"warning"}),
        record={"story": WORDS},
    )
    assert text.startswith("Sexual violence\n\nSurvivors")
    assert 290 < len(text) <= 300


def test_links_count_as_the_platform_counts_them(render):
    story = "Read https://example.org/" + "a" * 200 + " and then go on reading all of the rest of this. "
    text = render("{{ record.story|fit }}", record={"story": story * 3}, limits={"text": 60})
    assert text == "Read https://example.org/" + "a" * 200 + " and then go on reading all of…"


def test_nothing_is_cut_inside_a_link_a_hashtag_or_a_mention(render):
    for entity in ("https://example.org/a-long-address", "#AVeryLongHashtagIndeed", "@averylongname"):
        text = render(
            "{{ record.story|fit }}", record={"story": f"word {entity} word"}, platform="x", limits={"text": 12}
        )
        assert text == "word…"


def test_an_ellipsis_keeps_clear_of_a_link(render):
    text = render(
        "{{ record.story|fit }}",
        record={"story": "See https://example.org/a and so much more to read"},
        limits={"text": 33},
    )
    assert text == "See https://example.org/a and…"
    text = render(
        "{{ record.story|fit }}", record={"story": "See https://example.org/a indeedindeedindeed"}, limits={"text": 33}
    )
    assert text == "See https://example.org/a …"


def test_a_word_too_long_is_cut_between_graphemes(render):
    family = "👩‍👩‍👧‍👦"
    text = render("{{ record.story|fit }}", platform="bluesky", record={"story": family * 400})
    assert text == family * (len(text) // len(family)) + "…"


def test_scripts_without_blanks_are_cut_between_letters(render):
    text = render("{{ record.story|fit }} #今", platform="x", record={"story": "声を上げた人たちの物語" * 30})
    assert text.endswith("… #今")
    assert 275 < lengths(text, "x")[0].value <= 280


def test_of_two_the_last_gives_way_first(render):
    record = {"a": "one two three four", "b": "five six seven eight"}
    assert (
        render("{{ record.a|fit }} / {{ record.b|fit }}", record=record, limits={"text": 32})
        == "one two three four / five six…"
    )
    assert render("{{ record.a|fit }} / {{ record.b|fit }}", record=record, limits={"text": 14}) == "one two… /"


def test_where_nothing_fits_nothing_is_left(render):
    assert render("{{ 'aaaa bbbb'|fit }}#TimeIsNow", limits={"text": 10}) == "#TimeIsNow"


def test_fit_works_in_macros_sets_and_every_part(render):
    macro = (
        "{% macro m(t) %}«{{ t|fit }}»{% endmacro %}{{ m(record.story) }}\n---\n{% set s = record.story|fit %}{{ s }}"
    )
    first, second = render(macro, record={"story": WORDS}, limits={"text": 40})
    assert first == "«Survivors told what had happened to…»"
    assert second == "Survivors told what had happened to…"


@pytest.mark.parametrize(
    "template", ["{{ 'a'|fit|upper }}", "{{ 'a'|fit ~ 'b' }}", "{{ 'a'|fit + 'b' }}", "{{ ['a'|fit]|join }}"]
)
def test_fit_comes_last(findings, template):
    assert "`fit` must come last" in findings(template)[0].message


def test_fit_in_a_short_field_leaves_it_whole(render, brief):
    from scheduler.composing.compose import Composer

    (answer,) = Composer({}).compose([brief("a", warning="{{ 'violence'|fit }}")])
    assert answer.parts[0].warning == "violence"
