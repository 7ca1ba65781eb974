"""Any text, on the page of whoever posts by hand: it stands there to the character, and nothing of it acts."""

import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.model.content import Content
from scheduler.publishers.html import clean
from scheduler.publishers.manual.sheet import Part, Sheet, page

BOX = re.compile(r"<h3>Text</h3><pre[^>]*>\n(.*?)</pre>", re.DOTALL)
OURS = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "section", "pre", "script"}
DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)


class Tags(HTMLParser):
    """The elements of a page."""

    def __init__(self):
        super().__init__()
        self.names = []

    def handle_starttag(self, tag, attrs):
        del attrs
        self.names.append(tag)


def drawn(text):
    return page(Sheet("a/b/once/c", "c", text, DUE, [Part(Content(text, language="en"), ())])).decode()


@given(st.text(min_size=1))
@example("\n</pre><script>alert(1)</script>")
@example("&lt;&amp;#10;")
@example("\r\n\r")
def test_a_text_stands_in_its_box_to_the_character(text):
    (found,) = BOX.findall(drawn(text)) or [""]
    assert unescape(found) == clean(text)


@given(st.text(alphabet=st.characters() | st.sampled_from("<>\"'&/=! script"), min_size=1))
def test_no_text_brings_an_element_of_its_own(text):
    tags = Tags()
    tags.feed(drawn(text))
    assert set(tags.names) <= OURS
    assert tags.names.count("script") == 1
