"""A workspace that breaks every rule once, each found in the line and column that a writer has to change."""

import io
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from scheduler.checking.rules import RULES
from scheduler.cli.main import run

BROKEN = Path(__file__).parents[1] / "data" / "every-rule"
BEFORE = "2027-05-01T00:00:00Z"
PLACES = {
    "duplicate-refused": "campaigns/accounts.yaml:13:5",
    "duplicate-text": "campaigns/accounts.yaml:19:5",
    "min-gap": "campaigns/accounts.yaml:24:5",
    "rate": "campaigns/accounts.yaml:27:5",
    "image-text": "campaigns/cards.yaml:9:32",
    "contrast": "campaigns/cards.yaml:13:12",
    "card-overflow": "campaigns/cards.yaml:18:7",
    "card-glyph": "campaigns/cards.yaml:23:12",
    "card-font": "campaigns/cards.yaml:27:12",
    "text-too-long": "campaigns/limits.yaml:9:5",
    "text-refused": "campaigns/limits.yaml:16:5",
    "entity-count": "campaigns/limits.yaml:20:5",
    "text-empty": "campaigns/limits.yaml:23:5",
    "warning-too-long": "campaigns/limits.yaml:28:5",
    "media-count": "campaigns/limits.yaml:33:5",
    "media-needed": "campaigns/limits.yaml:37:5",
    "link-hidden": "campaigns/limits.yaml:45:5",
    "poll-options": "campaigns/limits.yaml:50:12",
    "poll-option-length": "campaigns/limits.yaml:54:30",
    "poll-duration": "campaigns/limits.yaml:60:7",
    "poll-question": "campaigns/limits.yaml:64:5",
    "poll-beside": "campaigns/limits.yaml:73:5",
    "alt-missing": "campaigns/pictures.yaml:9:13",
    "alt-too-long": "campaigns/pictures.yaml:14:31",
    "alt-prefix": "campaigns/pictures.yaml:18:31",
    "alt-poor": "campaigns/pictures.yaml:22:31",
    "alt-length": "campaigns/pictures.yaml:28:9",
    "media-bytes": "campaigns/pictures.yaml:36:14",
    "media-pixels": "campaigns/pictures.yaml:41:14",
    "media-length": "campaigns/pictures.yaml:46:14",
    "media-refused": "campaigns/pictures.yaml:51:14",
    "media-moving": "campaigns/pictures.yaml:56:14",
    "media-mixed": "campaigns/pictures.yaml:62:10",
    "media-ratio": "campaigns/pictures.yaml:67:14",
    "media-cropped": "campaigns/pictures.yaml:79:10",
    "hashtag-dead": "campaigns/words.yaml:9:5",
    "hashtag-embargo": "campaigns/words.yaml:12:5",
    "hashtag-case": "campaigns/words.yaml:15:5",
    "hashtag-many": "campaigns/words.yaml:18:5",
    "emoji-position": "campaigns/words.yaml:21:5",
    "emoji-count": "campaigns/words.yaml:24:5",
    "emoji-as-bullet": "campaigns/words.yaml:27:5",
    "emoji-glued": "campaigns/words.yaml:32:5",
    "fancy-unicode": "campaigns/words.yaml:35:5",
    "all-caps": "campaigns/words.yaml:38:5",
    "link-text": "campaigns/words.yaml:41:5",
    "link-internal": "campaigns/words.yaml:44:5",
    "mixed-script": "campaigns/words.yaml:47:5",
    "bidi-control": "campaigns/words.yaml:50:5",
    "secret-in-text": "campaigns/words.yaml:53:5",
    "relative-time": "campaigns/words.yaml:56:5",
    "relative-time-apart": "campaigns/words.yaml:60:5",
    "language-missing": "campaigns/words.yaml:63:5",
    "language-tag": "campaigns/words.yaml:68:5",
    "ascii-art": "campaigns/words.yaml:71:5",
    "link-last": "campaigns/words.yaml:74:5",
    "link-unmeant": "campaigns/words.yaml:78:5",
    "quota": "drumbeat.yaml:8:3",
    "budget": "drumbeat.yaml:7:3",
    "link-price": "drumbeat.yaml:18:3",
    "media-address": "drumbeat.yaml:17:3",
    "unknown-setting": "drumbeat.yaml:19:3",
    "handle-address": "drumbeat.yaml:20:3",
    "template-unused": "templates/posts/unused.j2:1:1",
    "secret-in-source": "templates/posts/unused.j2:1:1",
}


def box(name: bytes, body: bytes = b"") -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + name + body


def film(seconds: int) -> bytes:
    """An MP4 that says how long it runs, and shows nothing."""
    header = bytes(12) + (1).to_bytes(4, "big") + seconds.to_bytes(4, "big") + bytes(80)
    return box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", box(b"mvhd", header)) + box(b"mdat", b"\1" * 400)


def picture(kind: str, *colours: str, size: tuple[int, int] = (20, 20)) -> bytes:
    stream = io.BytesIO()
    first, *others = [Image.new("RGB", size, colour) for colour in colours]
    first.save(stream, kind, **({"save_all": True, "append_images": others} if others else {}))
    return stream.getvalue()


MEDIA = {
    "still.png": picture("PNG", "grey", size=(400, 300)),
    "tall.png": picture("PNG", "grey", size=(500, 2000)),
    "wide.png": picture("PNG", "grey", size=(900, 600)),
    "moving.gif": picture("GIF", "red", "blue"),
    "film.mp4": film(600),
    "short.mp4": film(5),
    "film.webm": b"\x1a\x45\xdf\xa3\x42\x82\x84webm" + bytes(200),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place: Path = tmp_path_factory.mktemp("broken") / "workspace"
    shutil.copytree(BROKEN, place)
    (place / "media").mkdir()
    for name, content in MEDIA.items():
        (place / "media" / name).write_bytes(content)
    return place


def checked(workspace: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = run(["check", "--workspace", str(workspace), "--at", BEFORE, *arguments])
    return code, capsys.readouterr().out


def test_each_rule_is_broken_once_and_found_where_it_is_broken(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = checked(workspace, capsys, "--json")

    found = sorted((one["rule"], f"{one['file']}:{one['line']}:{one['column']}") for one in json.loads(out)["findings"])
    assert found == sorted(PLACES.items())
    assert code == 2


def test_no_rule_is_left_out() -> None:
    assert {rule.id for rule in RULES} - set(PLACES) == set(), "break it in tests/data/every-rule"


def test_each_weighs_what_its_row_says(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = checked(workspace, capsys, "--json")

    weights = {one["rule"]: one["severity"] for one in json.loads(out)["findings"]}
    assert weights == {rule.id: rule.severity.value for rule in RULES}


def test_each_is_told_to_people_and_to_github(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = checked(workspace, capsys)
    _, commands = checked(workspace, capsys, "--format", "github")

    for rule, place in PLACES.items():
        file, line, column = place.split(":")
        assert any(one.startswith(f"{place}: ") and one.endswith(f"[{rule}]") for one in text.splitlines())
        assert f" file={file},line={line},col={column},title={rule}::" in commands


def test_what_fix_can_mend_is_gone_afterwards_and_nothing_else(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = shutil.copytree(workspace, tmp_path / "fixed")
    offered = {one["rule"] for one in json.loads(checked(place, capsys, "--json")[1])["findings"] if one["fix"]}

    found = json.loads(checked(place, capsys, "--fix", "--json")[1])

    mended = {change["rule"] for change in found["fixed"]}
    assert mended == offered
    assert {one["rule"] for one in found["findings"]} == set(PLACES) - mended
    again = json.loads(checked(place, capsys, "--fix", "--json")[1])
    assert (again["fixed"], again["findings"]) == ([], found["findings"])


def test_every_rule_that_says_it_can_be_mended_offers_a_mend_here(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(checked(workspace, capsys, "--json")[1])["findings"]

    assert {one["rule"] for one in found if one["fix"]} == {rule.id for rule in RULES if rule.fix}
