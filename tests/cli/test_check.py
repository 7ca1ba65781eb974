"""`check --fix`, `--explain`, `--rules`, `--format`, and what is waived."""

import os
from pathlib import Path

import pytest

from scheduler.checking.reasons import ALL
from tests.cli.conftest import Desk

TAG = '"The week ends. #timeisnow"'


def tagged(desk: Desk) -> None:
    desk.edit("text: The week ends.", f"text: {TAG}  # to the end")


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_fix_says_what_it_wrote_and_where_and_then_what_remains(desk: Desk) -> None:
    tagged(desk)
    desk.edit("The week begins. {{ hashtags }}", "The week begins.{{ hashtags }}")

    result = desk("check", "--fix", "--strict")

    lines = result.out.splitlines()
    assert lines[0] == "campaigns/week.yaml:20:27: #timeisnow -> #TimeIsNow [hashtag-case]"
    assert lines[1] == "1 mend in 1 file."
    assert "[hashtag-dead]" in lines[2]
    assert result.code == 3


def test_fix_changes_nothing_but_its_words(desk: Desk) -> None:
    tagged(desk)
    before = contents(desk.root)

    desk("check", "--fix")

    before["campaigns/week.yaml"] = before["campaigns/week.yaml"].replace(b"#timeisnow", b"#TimeIsNow")
    assert contents(desk.root) == before


def test_fix_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    tagged(desk)
    desk("check", "--fix")
    before = contents(desk.root)

    result = desk("check", "--fix", "--json")

    assert result.json["fixed"] == []
    assert contents(desk.root) == before
    assert "Nothing that --fix could mend." in desk("check", "--fix").out


def test_fix_lists_its_changes_as_json(desk: Desk) -> None:
    tagged(desk)

    found = desk("check", "--fix", "--json").json

    assert found["fixed"] == [
        {
            "rule": "hashtag-case",
            "file": "campaigns/week.yaml",
            "line": 20,
            "column": 27,
            "old": "#timeisnow",
            "new": "#TimeIsNow",
        }
    ]
    assert found["findings"] == []


def test_without_fix_a_finding_says_what_would_be_written(desk: Desk) -> None:
    tagged(desk)
    before = contents(desk.root)

    [finding] = desk("check", "--json").json["findings"]

    assert finding["fix"] == {"old": "#timeisnow", "new": "#TimeIsNow"}
    assert contents(desk.root) == before


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_fix_keeps_line_ends_and_byte_order_marks(desk: Desk, ends: str, mark: str) -> None:
    tagged(desk)
    text = mark + desk.campaign.read_text(encoding="utf-8").replace("\n", ends)
    desk.campaign.write_bytes(text.encode())

    desk("check", "--fix")

    assert desk.campaign.read_bytes() == text.replace("#timeisnow", "#TimeIsNow").encode()


def test_fix_mends_the_template_that_the_words_came_from_in_its_language(desk: Desk) -> None:
    desk.edit("text: The week ends.", "template: end.j2")
    folder = desk.root / "templates" / "posts"
    folder.mkdir(parents=True)
    (folder / "end.j2").write_text("{# #timeisnow #}The end. #timeisnow\n", encoding="utf-8")
    (folder / "end.en.j2").write_text("{# #timeisnow #}The end. #timeisnow{{ '' }}\n", encoding="utf-8")

    result = desk("check", "--fix")

    assert "templates/posts/end.en.j2:1:26: #timeisnow -> #TimeIsNow" in result.out
    assert (folder / "end.en.j2").read_text(encoding="utf-8") == "{# #timeisnow #}The end. #TimeIsNow{{ '' }}\n"
    assert (folder / "end.j2").read_text(encoding="utf-8") == "{# #timeisnow #}The end. #timeisnow\n"


def test_fix_mends_the_macro_that_the_words_came_from(desk: Desk) -> None:
    desk.edit("text: The week ends.", "template: end.j2")
    folder = desk.root / "templates" / "posts"
    (folder / "shared").mkdir(parents=True)
    (folder / "end.j2").write_text(
        "{% import 'shared/tags.j2' as tags %}The end. {{ tags.ours() }}\n", encoding="utf-8"
    )
    macro = "{% macro ours() %}#timeisnow{% endmacro %}\n"
    (folder / "shared" / "tags.j2").write_text(macro, encoding="utf-8")

    result = desk("check", "--fix")

    assert "templates/posts/shared/tags.j2:1:19: #timeisnow -> #TimeIsNow" in result.out
    assert (folder / "shared" / "tags.j2").read_text(encoding="utf-8") == macro.replace("#timeisnow", "#TimeIsNow")


RECORDS = {
    "people.yaml": "- key: ada  # first\n  says: 'It is #timeisnow'\n- {key: bo, says: \"No tag\"}\n",
    "people.csv": 'key;says\nada;"It is #timeisnow"\nbo;No tag\n',
}


@pytest.mark.parametrize("name", RECORDS)
def test_fix_mends_the_record_that_the_words_came_from(desk: Desk, name: str) -> None:
    folder = desk.campaign.parent / "records"
    folder.mkdir()
    (folder / name).write_text(RECORDS[name], encoding="utf-8")
    times = f"spread: {{on: {desk.last}, from: 09:00, to: 12:00}}\n    records: records/{name}"
    desk.edit(f"at: {desk.last} 18:00\n    text: The week ends.", f'{times}\n    text: "{{{{ record.says }}}}"')

    result = desk("check", "--fix")

    assert f"campaigns/records/{name}:2:" in result.out
    assert (folder / name).read_text(encoding="utf-8") == RECORDS[name].replace("#timeisnow", "#TimeIsNow")


def test_fix_mends_the_variable_that_the_words_came_from(desk: Desk) -> None:
    desk.edit("text: The week ends.", 'text: "The end. {{ vars.tag }}"\n    vars: {tag: "#timeisnow"}')

    assert "#timeisnow -> #TimeIsNow" in desk("check", "--fix").out
    assert 'vars: {tag: "#TimeIsNow"}' in desk.campaign.read_text(encoding="utf-8")


def test_what_stands_nowhere_literally_is_left_with_its_mend(desk: Desk) -> None:
    desk.edit("text: The week ends.", "text: \"The end. {{ '#time' }}isnow\"")

    result = desk("check", "--fix")

    assert "Nothing that --fix could mend." in result.out
    assert "Write #TimeIsNow. [hashtag-case]" in result.out


def test_what_is_waived_is_not_mended(desk: Desk) -> None:
    desk.edit("text: The week ends.", f"text: {TAG}\n    waive: {{hashtag-case: It is printed so}}")
    before = contents(desk.root)

    result = desk("check", "--fix", "--strict")

    assert result.code == 0
    assert "Waived: It is printed so [hashtag-case]" in result.out
    assert contents(desk.root) == before


def test_what_is_waived_shows_its_reason_everywhere(desk: Desk) -> None:
    desk.edit("text: The week ends.", f"text: {TAG}\n    waive: {{hashtag-case: It is printed so}}")

    [finding] = desk("check", "--json").json["findings"]
    assert (finding["severity"], finding["waived"]) == ("note", "It is printed so")
    assert "::notice file=" in desk("check", "--format", "github").out
    assert "Waived: It is printed so" in desk("preview", "--day", str(desk.last)).out


def test_nothing_is_written_into_a_file_whose_syntax_is_wrong(desk: Desk) -> None:
    tagged(desk)
    other = desk.campaign.with_name("other.yaml")
    other.write_text("campaign: other\ntitle: a: b\n", encoding="utf-8")
    before = other.read_bytes()

    result = desk("check", "--fix")

    assert result.code == 2
    assert "campaigns/other.yaml: nothing is written into it before its syntax is right." in result.err
    assert other.read_bytes() == before
    assert "#TimeIsNow" in desk.campaign.read_text(encoding="utf-8")


def test_fix_writes_nothing_outside_the_workspace(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "week.yaml"
    tagged(desk)
    outside.write_bytes(desk.campaign.read_bytes())
    desk.campaign.unlink()
    desk.campaign.symlink_to(outside)
    before = outside.read_bytes()

    result = desk("check", "--fix")

    assert "[path-outside]" in result.out
    assert outside.read_bytes() == before


def test_a_file_that_cannot_be_written_is_named_and_what_was_written_before_is_told(desk: Desk) -> None:
    tagged(desk)
    desk.edit("text: |\n      The week begins. {{ hashtags }}", "template: begin.j2")
    template = desk.root / "templates" / "posts" / "begin.j2"
    template.parent.mkdir(parents=True)
    template.write_text("It begins. #timeisnow\n", encoding="utf-8")
    in_the_way = desk.campaign.with_name(f".week.yaml.{os.getpid()}.new")
    in_the_way.touch()
    before = desk.campaign.read_bytes()

    result = desk("check", "--fix")

    assert result.code == 1
    assert "week.yaml cannot be written" in result.err
    assert "templates/posts/begin.j2:1:12: #timeisnow -> #TimeIsNow" in result.err
    assert desk.campaign.read_bytes() == before


def test_github_is_told_each_finding_with_its_place(desk: Desk) -> None:
    desk.edit("The week begins. {{ hashtags }}", "The week begins.{{ hashtags }}")

    result = desk("check", "--format", "github", "--strict")

    assert result.code == 3
    lines = [line for line in result.out.splitlines() if "title=hashtag-dead" in line]
    place = "::warning file=campaigns/week.yaml,line=10,col=5,title=hashtag-dead::posts.opening.text: On "
    assert lines
    assert all(line.startswith(place) for line in lines)


def test_the_place_for_github_is_seen_from_where_check_was_called(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.edit("The week begins. {{ hashtags }}", "The week begins.{{ hashtags }}")
    monkeypatch.chdir(desk.root.parent)

    assert f"file={desk.root.name}/campaigns/week.yaml,line=10" in desk("check", "--format", "github").out


def test_nothing_that_a_writer_wrote_can_begin_a_command_of_github(desk: Desk) -> None:
    desk.edit("accounts: [feeds]", 'accounts: ["50% off:\\n::error::mine, too\\r\\x1b[31m"]')

    lines = desk("check", "--format", "github").out.splitlines()

    assert [line for line in lines if line.startswith("::error::")] == []
    assert sum(line.startswith("::") for line in lines) == len(lines) - 1
    assert any("50%25 off" in line for line in lines)
    assert "\x1b" not in "".join(lines)


def test_json_may_be_asked_for_in_two_ways_but_not_against_each_other(desk: Desk) -> None:
    assert desk("check", "--format", "json").json == desk("check", "--json").json
    assert desk("check", "--format", "text").out == desk("check").out
    assert desk("check", "--json", "--format", "github").code == 2


def test_explain_tells_what_why_who_and_how_to_set_it(desk: Desk) -> None:
    said = desk("check", "--explain", "hashtag-many").out

    for words in ("hashtag-many: note", "Why:", "Source:", "Not so:", "But so:", "`most`", "checks:", "waive:"):
        assert words in said
    assert "hashtag-many: {severity: warning, most: " in said


def test_explain_says_what_cannot_be_turned_off(desk: Desk) -> None:
    said = desk("check", "--explain", "text-too-long").out

    assert "It cannot be turned off or waived." in said
    assert "waive:" not in said


def test_explain_says_whether_fix_mends_it(desk: Desk) -> None:
    assert "`drumbeat check --fix`" in desk("check", "--explain", "hashtag-case").out
    assert "by hand" in desk("check", "--explain", "alt-missing").out


@pytest.mark.parametrize("name", ALL)
def test_every_finding_there_is_can_be_explained(desk: Desk, name: str) -> None:
    text, found = desk("check", "--explain", name), desk("check", "--explain", name, "--json")

    assert (text.code, found.code) == (0, 0)
    assert text.out.startswith(f"{name}: ")
    assert found.json["reason"].endswith(".")


def test_an_unknown_rule_is_told_with_the_nearest(desk: Desk) -> None:
    result = desk("check", "--explain", "hastag-dead")

    assert result.code == 2
    assert "Did you mean `hashtag-dead`?" in result.err


def test_rules_are_explained_where_there_is_no_workspace(desk: Desk) -> None:
    (desk.root / "drumbeat.yaml").unlink()

    assert desk("check", "--explain", "alt-missing").code == 0


def test_every_rule_is_listed_with_its_weight_and_reason(desk: Desk) -> None:
    listed, bare = desk("check", "--rules").out, desk("check", "--explain").out

    assert listed == bare
    assert [line.split()[0] for line in listed.splitlines()] == list(ALL)
    assert [rule["rule"] for rule in desk("check", "--rules", "--json").json["rules"]] == list(ALL)


def test_one_mistake_in_two_texts_is_found_in_both_and_mended_at_once(desk: Desk) -> None:
    tagged(desk)
    desk.edit("# to the end", "# to the end\n    for: {bluesky: {text: 'It ends. #timeisnow'}}")

    found = desk("check", "--json").json["findings"]
    fixed = desk("check", "--fix", "--json").json["fixed"]

    assert [one["path"] for one in found] == ["posts.closing.text", "posts.closing.for.bluesky.text"]
    assert [(one["line"], one["column"]) for one in fixed] == [(20, 27), (21, 37)]
