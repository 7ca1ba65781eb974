"""Records in YAML and CSV: divided as people's programs divide them, and every wrong row named."""

import pytest

POST = "  - post: p\n    every: daily 09:00\n    text: Hi\n    records: records/people.{}\n"
FILE = "campaigns/records/people.csv"


@pytest.fixture
def load_table(load_posts):
    def loaded(content: str | bytes, ending: str = "csv"):
        return load_posts(POST.format(ending), **{f"campaigns/records/people.{ending}": content})

    return loaded


@pytest.mark.parametrize("divider", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_however_it_was_saved(load_table, divider, start, end):
    rows = ["key|name|age", "ada|Ада|36", 'bo|"B|o ""x"""|']
    loaded = load_table(start + end.join(rows).replace("|", divider).encode())

    assert loaded.findings == ()
    records = loaded.campaigns[0].posts[0].records
    assert [dict(record.values) for record in records] == [
        {"key": "ada", "name": "Ада", "age": 36},
        {"key": "bo", "name": f'B{divider}o "x"', "age": None},
    ]
    assert records[1].place.line == 3


def test_cells_are_themselves_only_where_they_are_plain(load_table):
    loaded = load_table('key,a,b,c,d,e\nx,true,"true",007,"",1.5\n')

    assert loaded.campaigns[0].posts[0].records[0].values == {
        "key": "x",
        "a": True,
        "b": "true",
        "c": "007",
        "d": "",
        "e": 1.5,
    }


def test_a_cell_may_hold_lines(load_table):
    loaded = load_table('key,text\na,"one\ntwo"\nb,three\n')

    records = loaded.campaigns[0].posts[0].records
    assert records[0].values["text"] == "one\ntwo"
    assert records[1].place.line == 4


def test_empty_lines_say_nothing(load_table):
    assert len(load_table("key,a\n\nx,1\n\n").campaigns[0].posts[0].records) == 1


BAD = [
    ("key,name\na,Ada,x\n", "wrong-csv", 2, 1, "quotes around"),
    ("key,name\na\n", "wrong-csv", 2, 1, "add what is missing"),
    ("name,age\nAda,3\n", "missing-key", 1, 1, "column `key`"),
    ("key,a,a\nx,1,2\n", "duplicate-key", 1, 7, "own name"),
    ("key,,a\nx,1,2\n", "wrong-csv", 1, 5, "Name it"),
    ("key,a\nx,1\nx,2\n", "duplicate-id", 3, 1, "its own key"),
    ("key,a\n,1\n", "missing-key", 2, 1, "key"),
    ("key,a\nX Y,1\n", "wrong-id", 2, 1, "small letters"),
    ('key,a\nx,"1\n', "wrong-csv", 2, 3, "Close the quote"),
    ('key,a\nx,"1" 2\n', "wrong-csv", 2, 3, "Close the quote"),
    ("", "missing-key", 1, 1, "column `key`"),
    ("key,a\n", "no-records", 2, 1, "Add one"),
    ("key;name\nx;Зоја\n".encode("cp1251"), "not-utf8", 2, 3, "Save as CSV UTF-8"),
    ("key,a\nx,1\n".encode("utf-16"), "not-utf8", 1, 1, "Save as CSV UTF-8"),
    ("key,a\nx,1\n".encode("utf-16-le"), "not-utf8", 0, 0, "Save as CSV UTF-8"),
]


@pytest.mark.parametrize(("content", "rule", "line", "column", "mend"), BAD)
def test_a_wrong_table_is_named_with_its_place_and_its_mend(load_table, content, rule, line, column, mend):
    (finding,) = load_table(content).findings

    assert (finding.rule, finding.place.file, finding.place.line, finding.place.column) == (rule, FILE, line, column)
    assert mend in finding.mend


def test_a_record_file_in_yaml_must_be_a_list(load_table):
    (finding,) = load_table("key: a\n", "yaml").findings

    assert (finding.rule, finding.place.line) == ("wrong-type", 1)
    assert "- key" in finding.mend


def test_a_trap_in_a_record_file_is_named_there(load_table):
    (finding,) = load_table("- key: a\n  name: Ada #TimeIsNow\n", "yml").findings

    assert (finding.rule, str(finding.place)) == ("yaml-hashtag", "campaigns/records/people.yml:2:9")


def test_a_file_that_two_posts_name_is_complained_about_once(load_posts):
    posts = POST.format("csv") + POST.format("csv").replace("post: p", "post: q")

    assert len(load_posts(posts, **{FILE: "key\nX\n"}).findings) == 1


def test_records_that_no_post_names_are_told(load_posts):
    files = {
        FILE: "key\nada\n",
        "campaigns/records/old/people.yaml": "- key: ada\n",
        "campaigns/records/README.md": "Notes",
        "campaigns/records/.draft.csv": "key\nx\n",
        "campaigns/people.csv": "key\nx\n",
    }
    (finding,) = load_posts(POST.format("csv"), **files).findings

    assert (finding.rule, finding.severity.value) == ("record-unused", "note")
    assert str(finding.place) == "campaigns/records/old/people.yaml:1:1"
