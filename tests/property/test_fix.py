"""`check --fix` on whole workspaces of any words: it ends, changes its words alone, and nothing the second time."""

import re
import tempfile
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.operations.fix import Change, fix
from scheduler.operations.survey import Survey, survey
from scheduler.workspace.spans import csv_spans, yaml_spans

NOW = datetime(2027, 6, 1, tzinfo=UTC)
WORKSPACE = "workspace: w\ntimezone: Etc/UTC\naccounts: {main: {platform: mastodon, language: en}}\n"
PIECES = st.sampled_from(
    [
        *(
            "#timeisnow",
            "#TimeIsNow",
            "(#timeisnow)",
            "word✊",
            "✊",
            "1️⃣ ",
            "𝗻𝗲𝘃𝗲𝗿",
            "ｎｅｖｅｒ",
            "#We\u200bWalk",
            "#МeToo",
        ),
        *(
            " ",
            "\n",
            "\n\n",
            ": ",
            " #",
            "'",
            '"',
            "{{ vars.x }}",
            "{# #timeisnow #}",
            "{{ record.x }}",
            "é",
            "e\u0301",
        ),
        *(
            "Image of a wall",
            "https://example.org/\u200b",
            "a\u0336b\u0336c\u0336",
            "\u202e",
            "\r",
            "---",
            "\t",
            "\ufeff",
        ),
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=7).map("".join)
STYLES = st.sampled_from([None, "'", '"', "|", ">"])


def written(values: object, style: str | None) -> str:
    return yaml.safe_dump(values, allow_unicode=True, default_style=style, sort_keys=False, width=60)


def build(root: Path, text: str, alt: str, other: str, style: str | None, ends: str) -> None:
    """One post in place, one of a template, and a table of records behind both."""
    posts = [
        {
            "post": "a",
            "spread": {"on": "2027-06-20", "from": "09:00", "to": "12:00"},
            "text": text,
            "vars": {"x": other},
        },
        {"post": "b", "every": "daily 15:00", "template": "b.j2", "warning": alt, "vars": {"x": "y"}},
    ]
    campaign = {
        "campaign": "c",
        "window": {"from": "2027-06-20", "to": "2027-06-21"},
        "accounts": ["main"],
        "hashtags": ["TimeIsNow"],
        "posts": [{**post, "records": "r.csv"} for post in posts],
    }
    table = f'key,x\none,"{other.replace(chr(34), chr(34) * 2)}"\ntwo,plain\n'
    for name, content in (
        ("drumbeat.yaml", WORKSPACE),
        ("campaigns/c.yaml", written(campaign, style)),
        ("campaigns/r.csv", table),
        ("templates/posts/b.j2", f"{text}\n"),
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.replace("\n", ends).encode("utf-8", "replace"))


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def lines(text: bytes) -> list[str]:
    return re.split("\r\n|\n|\r", text.decode())


def letters(line: str) -> str:
    """What a line says, however it is written."""
    plain = unicodedata.normalize("NFKC", line.replace("М", "M")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@given(text=TEXTS, alt=TEXTS, other=TEXTS, style=STYLES, ends=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_fix_ends_and_the_second_time_it_changes_nothing(
    text: str, alt: str, other: str, style: str | None, ends: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        build(root, text, alt, other, style, ends)
        before = contents(root)

        def look() -> Survey:
            return survey(root, at=NOW)

        changes: list[Change] = []
        again: list[Change] = []
        fix(look, changes)
        after = contents(root)
        fix(look, again)

        assert set(after) == set(before)
        touched = {name for name in before if before[name] != after[name]}
        assert touched == {change.place.file for change in changes}
        for name in touched:
            named = {change.place.line for change in changes if change.place.file == name}
            pairs = list(zip(lines(before[name]), lines(after[name]), strict=True))
            assert {at for at, (was, now) in enumerate(pairs, start=1) if was != now} <= named
            assert [(letters(was), letters(now)) for was, now in pairs if letters(was) != letters(now)] == []
        assert (again, contents(root)) == ([], after)
        ways = [span.path for span in yaml_spans(before["campaigns/c.yaml"].decode())] if touched else []
        assert not ways or ways == [span.path for span in yaml_spans(after["campaigns/c.yaml"].decode())]
        assert not touched or len(csv_spans(after["campaigns/r.csv"].decode())) == 4
