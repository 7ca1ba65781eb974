"""Tracked links."""

import pytest

from scheduler.composing.tracking import tracked

UTM = {"source": "mastodon", "campaign": "time is now"}


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("https://a.example", "https://a.example?utm_source=mastodon&utm_campaign=time%20is%20now"),
        ("https://a.example/b?c=d#e", "https://a.example/b?c=d&utm_source=mastodon&utm_campaign=time%20is%20now#e"),
        ("https://a.example/?utm_source=own", "https://a.example/?utm_source=own&utm_campaign=time%20is%20now"),
        ("https://a.example/?", "https://a.example/?utm_source=mastodon&utm_campaign=time%20is%20now"),
        (
            "https://пример.example/ж?q=ж%20a+b",
            "https://пример.example/ж?q=ж%20a+b&utm_source=mastodon&utm_campaign=time%20is%20now",
        ),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("", ""),
    ],
)
def test_a_link_gets_what_it_has_not(link, whole):
    assert tracked(link, UTM) == whole
    assert tracked(whole, UTM) == whole


def test_nothing_is_added_where_there_is_nothing_to_say():
    assert tracked("https://a.example/?a", {"source": ""}) == "https://a.example/?a"


def test_utm_is_rendered_for_the_account_and_changes_link_and_tracked_alone(render):
    template = "{{ link }} {{ vars.other|tracked }} {{ vars.other }}"
    told = {"link": "{{ vars.link }}", "utm": {"source": "{{ account.platform }}"}}
    links = {"link": "https://a.example/", "other": "https://b.example/"}
    assert render(template, variables=links, platform="x", **told) == (
        "https://a.example/?utm_source=x https://b.example/?utm_source=x https://b.example/"
    )


def test_the_card_is_the_tracked_link(brief):
    from scheduler.composing.compose import Composer

    (answer,) = Composer({}).compose([brief("a\n---\nb", link="https://a.example/", utm={"medium": "social"})])
    assert [part.link for part in answer.parts] == ["https://a.example/?utm_medium=social", ""]


def test_an_error_in_utm_stands_where_utm_is_written(findings):
    (found,) = findings("{{ link }}", link="https://a.example", utm={"source": "{{ account.plattform }}"})
    assert (found.place.line, found.path, found.mend) == (5, "utm.source", "Did you mean `account.platform`?")
