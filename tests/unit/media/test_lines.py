"""Words in lines: as large as the room allows, in as few lines as there must be, none much longer than the next."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scheduler.media.lines import Room, broken


def test_few_words_stand_in_one_line_in_the_largest_size():
    found = broken([2.0, 3.0], 0.5, Room(width=1000, height=200, largest=80, smallest=40))

    assert (found.lines, found.size, found.fits) == (((0, 1),), 80, True)


def test_words_shrink_until_they_fit():
    room = Room(width=100, height=60, largest=40, smallest=10)
    found = broken([3.0] * 4, 0.5, room)

    assert found.fits
    assert 10 < found.size < 40
    assert room.high(len(found.lines), found.size) <= 60
    assert not broken([3.0] * 4, 0.5, replace(room, smallest=found.size + 1)).fits


def test_no_word_is_wider_than_its_room():
    found = broken([10.0], 0.5, Room(width=100, height=0, largest=40, smallest=5))

    assert (found.size, found.fits) == (10, True)


def test_what_never_fits_says_so_and_is_as_small_as_it_may_be():
    found = broken([1.0] * 500, 0.3, Room(width=100, height=50, largest=40, smallest=20))

    assert (found.size, found.fits) == (20, False)


def test_lines_are_balanced():
    found = broken([1.0] * 5, 0.0, Room(width=40, height=0, largest=10, smallest=10))

    assert [len(line) for line in found.lines] == [3, 2]


def test_without_words_there_is_one_size_and_no_line():
    assert broken([], 0.3, Room(width=10, height=10, largest=5, smallest=5)).lines == ()


@given(
    st.lists(st.floats(0.1, 9), min_size=1, max_size=40),
    st.floats(0.1, 1),
    st.builds(
        Room,
        width=st.floats(20, 900),
        height=st.just(0) | st.floats(20, 900),
        largest=st.floats(20, 90),
        smallest=st.floats(5, 20),
    ),
)
def test_every_word_is_drawn_once_in_order_and_within_its_room(widths, blank, room):
    found = broken(widths, blank, room)

    assert [word for line in found.lines for word in line] == list(range(len(widths)))
    assert room.smallest <= found.size <= room.largest
    if found.fits:
        for line in found.lines:
            wide = sum(widths[word] for word in line) + blank * (len(line) - 1)
            assert wide * found.size <= room.width * 1.001
