"""Whatever a file holds, a mend changes the words it is for, twice nothing more, and never anything else."""

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.finding import Replacement
from scheduler.workspace.mending import Edit, mended, source

WORDS = st.sampled_from(
    ["#timeisnow", "now", " ", "\n", ": ", "é", "'", '"', "{{ x }}", "\u200b", "a", ",", ";", "#", "\\"]
)
TEXTS = st.lists(WORDS, max_size=8).map("".join)
SWAPS = st.builds(
    Replacement,
    st.sampled_from(["#timeisnow", "now", "\u200b", "é", "a", "'", ": "]),
    st.sampled_from(["#TimeIsNow", "", "then", "b: c", '"', "\n", "e", "# x", ", "]),
)
STYLES = st.sampled_from([None, "'", '"', "|", ">"])


def dumped(values: list[str], style: str | None) -> str:
    return yaml.safe_dump(
        {"posts": [{"text": value} for value in values]}, allow_unicode=True, default_style=style, width=40
    )


def told(text: str):
    before = source("f.yaml", text)
    return None if before is None else [(span.path, span.value) for span in before.spans]


@given(values=st.lists(TEXTS, min_size=1, max_size=4), style=STYLES, swap=SWAPS, ends=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=400)
def test_a_yaml_file_says_the_same_in_every_other_place(values, style, swap, ends):
    text = dumped(values, style).replace("\n", ends)
    before = source("f.yaml", text)
    assume(before is not None and any(span.path == ("posts", 0, "text") for span in before.spans))

    after, places = mended(before, [Edit(("posts", 0, "text"), swap)])

    others = [one for one in told(text) if one[0] != ("posts", 0, "text")]
    assert [one for one in told(after.text) if one[0] != ("posts", 0, "text")] == others
    assert bool(places) == (after.text != text) or swap.old == swap.new
    if places:
        assert swap.new in dict(told(after.text))["posts", 0, "text"]
    twice, _ = mended(after, [Edit(("posts", 0, "text"), swap)])
    assert swap.old in swap.new or swap.old in after.text or twice.text == after.text


@given(text=st.text(max_size=200), swap=SWAPS, name=st.sampled_from(["f.yaml", "f.csv", "f.j2"]))
@settings(max_examples=400)
def test_no_file_makes_a_traceback(text, swap, name):
    before = source(name, text)
    if before is not None:
        edits = [Edit(span.path, swap, template) for span in before.spans for template in (True, False)]
        after, _ = mended(before, edits[:6])
        assert source(name, after.text) is not None


@given(rows=st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=4), swap=SWAPS)
@settings(max_examples=300)
def test_a_table_keeps_every_other_cell(rows, swap):
    cells = ['"' + cell.replace('"', '""') + '"' for row in rows for cell in row]
    lines = [f"k{at // 2},{cells[at]},{cells[at + 1]}" for at in range(0, len(cells), 2)]
    text = "key,one,two\n" + "\n".join(lines) + "\n"
    before = source("f.csv", text)
    assume(before is not None)

    after, _ = mended(before, [Edit((0, "one"), swap)])

    again = source("f.csv", after.text)
    assert again is not None
    changed = {(0, "one")}
    assert [(s.path, s.value) for s in again.spans if s.path not in changed] == [
        (s.path, s.value) for s in before.spans if s.path not in changed
    ]
