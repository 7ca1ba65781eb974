"""What is read of a linked page: title, description, picture; a stranger's page never hurts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.http.guard import Fetched
from scheduler.publishers.cards import Card, bare_card, read_card

URL = "https://www.example.org/time/is-now/"


def card(html, kind="text/html"):
    return read_card(Fetched(URL, kind, html.encode() if isinstance(html, str) else html))


def test_a_page_is_known_by_its_open_graph():
    html = """<html><head><title>Other</title>
      <meta property="og:title" content="Time is &amp; now">
      <meta name="og:description" content="Women
         speak">
      <meta property="og:image" content="/a.png"></head><body>"""
    assert card(html) == Card("Time is & now", "Women speak", "https://www.example.org/a.png")


def test_without_it_the_next_best_stands_in():
    html = """<head><TITLE> Plain words </TITLE>
      <meta name=twitter:image content='b.png'><meta name="Description" content="d"></head>"""
    assert card(html) == Card("Plain words", "d", "https://www.example.org/time/is-now/b.png")


def test_the_first_of_each_counts_and_empty_ones_do_not():
    html = "".join(f'<meta property="og:title" content="{words}">' for words in (" ", "A", "B"))
    assert card(html).title == "A"


def test_what_stands_in_the_body_is_not_the_pages_word():
    assert (
        card("<head></head><body><meta property='og:title' content='B'><title>C</title>").title == bare_card(URL).title
    )


def test_a_base_moves_the_picture():
    html = '<base href="https://cdn.example.org/x/"><meta property="og:image" content="a.png">'
    assert card(html).picture == "https://cdn.example.org/x/a.png"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:image/png;base64,AA", "//[bad"])
def test_a_picture_is_read_from_the_web_only(address):
    assert card(f'<meta property="og:image" content="{address}">').picture == ""


@pytest.mark.parametrize(
    "page",
    [
        '<meta charset="windows-1251"><title>Кажи не</title>'.encode("windows-1251"),
        b"\xef\xbb\xbf" + "<title>Кажи не</title>".encode(),
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><title>Кажи не</title>'.encode("koi8-r"),
        '<meta charset="no-such"><title>Кажи не</title>'.encode(),
    ],
)
def test_a_page_is_read_in_its_own_charset(page):
    assert card(page).title == "Кажи не"


def test_what_is_no_page_is_called_by_its_address():
    assert card(b"%PDF-1.7", "application/pdf") == Card("example.org/time/is-now")
    assert card("").title == "example.org/time/is-now"


def test_words_are_one_line_and_not_endless():
    made = card(f'<title>{"x" * 5000}</title><meta name="description" content="a\u202eb\x07{"y" * 5000}">')
    assert len(made.title) == 300
    assert len(made.description) == 1000
    assert made.description.isprintable()


@pytest.mark.parametrize(
    "piece", ["<", "<a>", "<a ", '<a "', "<!--", "<title>", "</title", "<script></script", "<meta a='", "&"]
)
def test_a_page_made_to_be_slow_is_read_fast(piece):
    began = time.process_time()
    card(piece * (400_000 // len(piece)))
    card(f"<title>{piece * (400_000 // len(piece))}</title>")
    assert time.process_time() - began < 2


def test_what_scripts_and_comments_say_is_not_the_pages_word():
    html = """<head><!-- <title>A</title> --><script>if (a<b) "<title>B</title>"</script><title>C</title></head>"""
    assert card(html).title == "C"


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: f"<head><title>{text}<meta ".encode("utf-8", "replace"))
)
def test_no_page_makes_a_traceback(body):
    made = card(body)
    assert made.title
    assert "\n" not in made.title + made.description
