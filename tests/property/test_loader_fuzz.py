"""Whatever lies in the files, loading ends: with findings, in time, within bounds, and never in a traceback."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.finding import Finding
from scheduler.workspace.loader import Loaded, load
from scheduler.workspace.tree import native
from scheduler.workspace.yaml import parse

WORKSPACE = """\
workspace: w
timezone: Europe/Skopje
accounts:
  main: {platform: mastodon, server: https://m.example, token: env:T, live: false, limits: {text: 500}}
  other: {platform: bluesky, timezone: Pacific/Auckland, language: mk}
groups: {feeds: [main, other]}
mentions: {un: {x: UN, mastodon: un@m.example}}
"""
CAMPAIGN = """\
campaign: c
title: Time is now
window: {from: 2027-06-24, to: 2027-06-30}
accounts: [feeds]
languages: [en, mk]
late: 2h
hashtags: [TimeIsNow, СегаКажувам]
vars: {link: https://example.org, n: 3}
utm: {source: "{{ account.platform }}"}
posts:
  - post: one
    at: 2027-06-24 09:00
    template: known.j2
    for: {mk: {text: "Здраво: {{ hashtags }}"}, bluesky: {split: true}}
  - post: two
    records: records/people.csv
    spread: {on: 2027-06-30, from: 09:00, to: 18:00}
    text: |
      {{ record.name }} 😀
    media:
      - file: "{{ record.key }}.png"
        alt: x
  - post: three
    every: weekday 12:15
    from: 2027-06-25
    except: [2027-06-28]
    jitter: 10m
    poll: {options: [Yes, No], open_for: 24h}
    text: "Hi"
  - post: four
    at: [{slot: a, at: 2027-06-30 12:00}, {slot: b, at: "2027-06-30T12:00Z"}]
    text: Hi
"""
VALUES = native(parse(CAMPAIGN, "c").root)
TABLE = 'key;name;alt\nada;"Ада; x";1\nbo;;"two\nlines"\n'
FILES = {
    "drumbeat.yaml": WORKSPACE,
    "campaigns/c.yaml": CAMPAIGN,
    "campaigns/records/people.csv": TABLE,
    "templates/posts/known.j2": "x",
}
SPICES = [
    *"@%&*!|>?:-#{}[],'\"`~\\\n\t\r\0",
    " #tag",
    ": ",
    "{{ ",
    "\u00a0",
    "“",
    "”",
    "\u2028",
    "\ufeff",
    "---\n",
    "<<: ",
    "&a ",
    "*a",
    "!!binary ",
    "- ",
    "  ",
    "null",
    "\x07",
    "\U0001f600",
    "9" * 400,
    "../",
    "env:",
    "[" * 60,
]
MUTATION = st.tuples(st.integers(0, 2000), st.integers(0, 40), st.sampled_from(SPICES) | st.text(max_size=5))
KEYS = """
campaign title window accounts languages late hashtags vars utm posts post at every spread from to on except jitter
timezone records text template media file alt poll options open_for visibility degrade for split warning link tags
key slot mk main feeds workspace groups mentions platform
"""
WORDS = st.sampled_from(KEYS.split())
LEAVES = st.sampled_from(
    [
        "2027-06-30",
        "2027-06-30 09:00",
        "09:00",
        "daily 09:00",
        "2h",
        "c",
        "mk",
        "account",
        "known.j2",
        "true",
        "records/x",
    ]
) | st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
TREES = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(WORDS, below, max_size=6),
    max_leaves=25,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def look(root: Path, name: str, content: bytes) -> Loaded:
    """The good workspace with one file replaced, loaded within two seconds."""
    for file, text in FILES.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted = content if file == name else text.encode()
        if not path.exists() or path.read_bytes() != wanted:
            path.write_bytes(wanted)
    begun = time.process_time()
    loaded = load(root)
    assert time.process_time() - begun < 2
    assert all(isinstance(finding, Finding) and finding.message and str(finding) for finding in loaded.findings)
    assert all(finding.mend for finding in loaded.findings)
    return loaded


def stirred(text: str, changes: list[tuple[int, int, str]]) -> bytes:
    for start, length, spice in changes:
        begin = start % (len(text) + 1)
        text = text[:begin] + spice + text[begin + length :]
    return text.encode("utf-8", "surrogatepass")


def test_the_workspace_that_is_stirred_is_good(root):
    assert look(root, "", b"").findings == ()


@given(name=st.sampled_from(sorted(FILES)), content=st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_refused_in_words(root, name, content):
    look(root, name, content)


@given(name=st.sampled_from(sorted(FILES)), changes=st.lists(MUTATION, min_size=1, max_size=3))
@settings(max_examples=150)
def test_any_slip_of_the_hand_is_answered_in_words(root, name, changes):
    loaded = look(root, name, stirred(FILES[name], changes))

    if not any(finding.severity == "error" for finding in loaded.findings):
        assert loaded.workspace is not None


@given(name=st.sampled_from(["drumbeat.yaml", "campaigns/c.yaml"]), tree=TREES)
@settings(max_examples=100)
def test_any_shape_is_answered_in_words(root, name, tree):
    look(root, name, yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"))


@given(key=st.sampled_from(sorted(VALUES)), tree=TREES)
@settings(max_examples=100)
def test_any_value_of_any_key_is_answered_in_words(root, key, tree):
    whole = {**VALUES, key: tree}

    look(
        root,
        "campaigns/c.yaml",
        yaml.safe_dump(whole, allow_unicode=True, default_flow_style=None).encode("utf-8", "replace"),
    )


@given(text=st.text(alphabet=st.sampled_from("ab:- \n#@*&!|>{}[]'\",%`?\t\u00a0“”é"), max_size=60))
@settings(max_examples=300)
def test_any_line_noise_has_places_inside_the_text(text):
    lines = text.count("\n") + 2

    assert all(0 < finding.place.line <= lines for finding in parse(text, "f").findings)


FLOODS = {
    "keys": "".join(f"k{number}: x\n" for number in range(120_000)),
    "entries": "- a\n" * 900_000,
    "brackets": "[" * 3_000_000,
    "twins": "a: b\n" * 700_000,
    "posts": CAMPAIGN + "  - {}\n" * 19_000,
    "texts": "a: " + "x" * 3_900_000,
    "quotes": "a: '" + "x'" * 1_000_000,
    "signs": "".join(f"k{number}: @x\n" for number in range(100_000)),
    "aliases": "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 9)}]\n" for n in range(30)),
}


@pytest.mark.parametrize("flood", sorted(FLOODS))
def test_a_flood_is_refused_in_time(root, flood):
    assert look(root, "campaigns/c.yaml", FLOODS[flood].encode()).findings


@pytest.mark.parametrize("row", ["x,1\n", "\n", '"\n', ",", "X\n"])
def test_a_flood_of_cells_is_refused_in_time(root, row):
    assert look(root, "campaigns/records/people.csv", ("key,a\n" + row * (3_900_000 // len(row))).encode()).findings


MEASURED = """
import resource, sys
from pathlib import Path
from scheduler.workspace.loader import load
load(Path(sys.argv[1]))
status = Path("/proc/self/status")
if status.exists():  # what getrusage says on Linux includes the memory of whoever started us
    print(int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("flood", ["keys", "posts", "texts", "signs"])
def test_a_flood_is_refused_within_200_megabytes(root, flood):
    look(root, "campaigns/c.yaml", FLOODS[flood].encode())
    said = subprocess.run([sys.executable, "-c", MEASURED, str(root)], capture_output=True, check=True, text=True)

    assert float(said.stdout) < 200_000_000
