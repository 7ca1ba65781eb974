"""Words for those who do not see a picture: needless ones, poor ones, too many."""

import pytest

from scheduler.finding import Replacement, Severity
from scheduler.model.content import Media


def picture(alt: str, file: str = "march.jpg") -> dict[str, tuple[Media, ...]]:
    return {"media": (Media(file, alt),)}


@pytest.mark.parametrize(
    ("language", "alt"),
    [
        ("en", "Image of women with candles"),
        ("en", "A picture showing a clock"),
        ("en", "the Photo of a door"),
        ("mk", "Слика на часовник"),
        ("mk", "На сликата се гледа часовник"),
        ("es", "Imagen de una mano levantada"),
        ("es", "Una foto del reloj"),
        ("fr", "Photo d'une horloge"),
        ("fr", "L’image montrant une horloge"),
        ("de", "Bild von einer Uhr"),
        ("de", "Das Foto zeigt eine Uhr"),
        ("pt", "Imagem da praça"),
        ("ar", "صورة لساعة على الحائط"),
        ("ru", "На фото часы"),
        ("ru", "Изображение часов"),
        ("sq", "Foto e një ore"),
        ("mk", "Image of a clock"),
        ("", "Слика на часовник"),
    ],
)
def test_an_alternative_text_need_not_say_that_it_is_one(look, language, alt):
    (finding,) = look("alt-prefix", language=language, **picture(alt))

    assert finding.severity is Severity.WARNING
    assert "media/march.jpg" in finding.message


@pytest.mark.parametrize(
    ("language", "alt"),
    [
        ("en", "Imagery of the moon in a book"),
        ("en", "Photographers before the court"),
        ("en", "Screenshot of the letter, signed by seven women"),
        ("en", "Picture this: a city without cars"),
        ("en", "Poster: Time is now"),
        ("mk", "Сликарка пред платно"),
        ("mk", "Фотографот пред судот"),
        ("es", "Imaginación de una niña"),
        ("es", "Fotógrafas en la plaza"),
        ("fr", "Photographe devant la mairie"),
        ("de", "Bildschirm mit einer Uhr"),
        ("de", "Bilder an einer Wand"),
        ("pt", "Fotógrafa na praça"),
        ("ar", "ساعة على الحائط"),
        ("ar", "صورة جماعية للمشاركات"),
        ("ru", "Часы на стене"),
        ("sq", "Fotografe para gjykatës"),
    ],
)
def test_words_that_begin_alike_are_left_alone(look, language, alt):
    assert look("alt-prefix", language=language, **picture(alt)) == []


@pytest.mark.parametrize(
    ("language", "alt", "better"),
    [
        ("en", "An image of women with candles", "Women with candles"),
        ("mk", "Слика на часовник", "Часовник"),
        ("es", "Una imagen de una mano", "Una mano"),
        ("fr", "Photo d’une horloge", "Une horloge"),
    ],
)
def test_what_can_stand_alone_is_offered_without_its_beginning(look, language, alt, better):
    (finding,) = look("alt-prefix", language=language, **picture(alt))

    assert finding.fix == Replacement(alt, better)


@pytest.mark.parametrize(
    ("language", "alt"),
    [("de", "Bild von einer Uhr"), ("ru", "Изображение часов"), ("es", "Foto del reloj"), ("en", "Image of ")],
)
def test_what_would_need_another_case_or_article_is_for_its_writer(look, language, alt):
    assert [finding.fix for finding in look("alt-prefix", language=language, **picture(alt))] == [None]


@pytest.mark.parametrize(
    "alt",
    [
        "IMG_2041.jpg",
        "march.jpg",
        "DSC00123",
        "PXL_20270630_090000",
        "image",
        "Image 1",
        "photo.",
        "[image]",
        "TODO",
        "слика",
        "Слика 2",
        "imagen",
        "صورة",
        "изображение",
        "...",
        "-",
        "♥",
    ],
)
def test_a_files_name_or_a_stub_is_an_error(look, alt):
    (finding,) = look("alt-poor", **picture(alt))

    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "alt",
    [
        "A red door",
        "2027",
        "Часовник",
        "Imagen de una puerta",
        "باب",
        "The file march.jpg on a screen",
        "Logo of UN Women",
        "Door",
    ],
)
def test_few_words_are_words(look, alt):
    assert look("alt-poor", **picture(alt, "red-door.jpg")) == []


def test_a_files_stem_is_poor_only_where_nobody_would_say_it(look):
    assert look("alt-poor", **picture("door", "door.jpg")) == []
    assert len(look("alt-poor", **picture("march-2027_final", "march-2027_final.jpg"))) == 1


def test_the_posts_text_over_again_describes_no_picture(look):
    (finding,) = look(
        "alt-poor", "No to violence,\nno to discrimination.", **picture("No to violence, no to discrimination.")
    )

    assert "over again" in finding.message


def test_a_card_may_say_what_the_text_says(look):
    text = "No to violence, no to discrimination."

    assert look("alt-poor", text, **picture(text, "card:quote.svg")) == []
    assert look("alt-poor", "Time is now", **picture("Time is now")) == []


def test_a_decorative_picture_and_one_without_words_are_not_poor(look):
    assert look("alt-poor", **picture("")) == []


def test_long_alternative_texts_are_told_from_a_length_that_can_be_set(look):
    assert look("alt-length", **picture("a" * 250)) == []
    assert [one.severity for one in look("alt-length", **picture("a" * 251))] == [Severity.NOTE]
    assert len(look("alt-length", checks={"most": 100}, **picture("a" * 101))) == 1


def test_what_the_platform_refuses_for_its_length_is_said_once(look):
    assert look("alt-length", **picture("a" * 1501)) == []
    assert len(look("alt-too-long", **picture("a" * 1501))) == 1


@pytest.mark.parametrize(
    ("platform", "file", "told"), [("linkedin", "a.mp4", 0), ("linkedin", "a.png", 1), ("x", "a.mp4", 1)]
)
def test_no_words_are_missed_where_nobody_could_read_them(look, platform, file, told):
    assert len(look("alt-missing", platform=platform, **picture("", file))) == told
