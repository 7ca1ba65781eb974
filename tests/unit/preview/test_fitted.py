"""What is made of which picture for whom, said once however many accounts get it so."""

from dataclasses import replace

from scheduler.model.content import Content, Media
from scheduler.model.media import MediaFacts, Recipe
from scheduler.preview.fitted import MOST_LINES, fitted, fitted_lines

FACTS = MediaFacts("ana.jpg", "0" * 64, "image/jpeg", 3_000_000, 4000, 3000, tagged=True)
RECIPE = Recipe("image/jpeg", 1440, 1080, 8_000_000)


def showing(days, name, recipe, file="ana.jpg"):
    media = Media(file, "A door.", facts=replace(FACTS, path=file), recipe=recipe)
    return days.one("spotlight", name, 9, Content("Hello", media=(media,)))


def test_accounts_that_get_the_same_are_named_together(days):
    same = [showing(days, name, RECIPE) for name in ("auckland", "bluesky-main")]
    other = showing(days, "x-main", replace(RECIPE, width=4000, height=3000))

    first, second = fitted([*same, other])

    assert (first.file, first.accounts) == ("ana.jpg", ("auckland", "bluesky-main"))
    assert second.accounts == ("x-main",)
    how = "scaled from 4000 x 3000 to 1440 x 1080, freed of its notes (such as place and camera)"
    assert fitted_lines([first]) == [f"media/ana.jpg is {how}: for auckland and bluesky-main"]


def test_for_programs_it_is_said_in_types_and_pixels(days):
    (one,) = fitted([showing(days, "x-main", RECIPE)])

    assert one.as_json()["made"] == {"type": "image/jpeg", "width": 1440, "height": 1080}
    assert one.as_json()["accounts"] == ["x-main"]


def test_nothing_is_said_of_what_goes_out_as_it_is_and_of_cards(days):
    card = Media("card:a.svg", facts=replace(FACTS, type="image/svg+xml"), recipe=Recipe("image/png", 1600, 900))
    shown = days.one("spotlight", "x-main", 9, Content("Hello", media=(card,)))

    assert fitted([showing(days, "x-main", None), shown]) == []


def test_no_more_than_a_dozen_are_listed(days):
    many = [showing(days, "x-main", RECIPE, file=f"{n}.jpg") for n in range(MOST_LINES + 2)]

    lines = fitted_lines(fitted(many))

    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "and 2 more: --json has them all"
