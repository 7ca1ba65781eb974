"""Opening the outbox: what is refused, in which words, and what a look leaves behind."""

import os
import sqlite3
import stat
import traceback
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler import __version__
from scheduler.errors import Bug, StoreError
from scheduler.outbox.connect import _create as make
from scheduler.outbox.connect import make_folder, reading_engine, writing_engine
from scheduler.outbox.outbox import look_outbox, open_outbox
from scheduler.outbox.place import filesystem_of, outbox_path, refuse_network_share
from scheduler.outbox.trouble import Busy, DiskFull, in_words, translated
from scheduler.testing.bench import fill, outbox_in, planned

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    with outbox_in(tmp_path) as outbox:
        fill(outbox, planned("opening", NINE), at=NINE)
    return outbox.path


def altered(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def test_the_path_is_taken_from_the_workspace(tmp_path):
    assert outbox_path("sqlite:///.drumbeat/outbox.db", tmp_path) == tmp_path / ".drumbeat" / "outbox.db"
    assert outbox_path("sqlite:////var/lib/outbox.db", tmp_path) == Path("/var/lib/outbox.db")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://mira:secret@db/x", "PostgreSQL"),
        ("mysql://mira:secret@db/x", "no database"),
        ("sqlite:///:memory:", "no database"),
        ("outbox.db", "no database"),
    ],
)
def test_any_other_database_is_refused_in_plain_words_without_its_secrets(tmp_path, url, word):
    with pytest.raises(StoreError, match=word) as refused:
        outbox_path(url, tmp_path)
    assert "secret" not in str(refused.value)
    assert "sqlite:///.drumbeat/outbox.db" in refused.value.mend


def test_a_new_outbox_is_for_its_owner_only_and_knows_who_made_it(path):
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with open_outbox(path) as outbox, outbox.read() as connection:
        assert outbox.workspace == "equality-now"
        written = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'written_by'").scalar()
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert written == __version__
    assert pragmas == ["wal", 2]


def test_opening_twice_with_create_keeps_what_is_there(path):
    with open_outbox(path, create=True, workspace="other") as outbox:
        assert outbox.workspace == "equality-now"
        assert len(outbox.rows()) == 1


def test_without_create_a_missing_outbox_says_what_to_run(tmp_path):
    with pytest.raises(StoreError, match="no queue") as refused:
        open_outbox(tmp_path / ".drumbeat" / "outbox.db")
    assert refused.value.mend == "Run: drumbeat apply"
    assert not (tmp_path / ".drumbeat").exists()


def test_a_look_creates_nothing(tmp_path, path):
    assert look_outbox(tmp_path / "nowhere" / "outbox.db") is None
    before = sorted(path.parent.iterdir())
    with look_outbox(path) as outbox:
        assert len(outbox.rows()) == 1
        assert sorted(path.parent.iterdir()) == before == [path]
    assert sorted(path.parent.iterdir()) == before


def test_a_look_sees_what_a_living_writer_has_just_committed(path):
    with open_outbox(path) as outbox, look_outbox(path) as look:
        assert len(look.rows()) == 1
        fill(outbox, planned("closing", NINE), at=NINE)
        with look_outbox(path) as again:
            assert len(again.rows()) == 2


def test_a_look_cannot_write(path):
    with look_outbox(path) as look, pytest.raises(StoreError, match="cannot be written"):
        look.pause("main", at=NINE, who="mira", why="no")


def test_an_older_outbox_names_the_command_and_a_newer_one_its_version(path):
    altered(path, "PRAGMA user_version = 0")
    with pytest.raises(StoreError, match="older") as older:
        open_outbox(path)
    assert older.value.mend == "Run: drumbeat upgrade"
    altered(path, "PRAGMA user_version = 99; UPDATE meta SET value = '9.9' WHERE key = 'written_by'")
    for refuses in (open_outbox, look_outbox):
        with pytest.raises(StoreError, match=r"Drumbeat 9\.9, which is newer"):
            refuses(path)


def test_a_newer_outbox_that_does_not_say_who_wrote_it_is_still_refused_in_words(path):
    altered(path, "PRAGMA user_version = 99; DROP TABLE meta")
    with pytest.raises(StoreError, match="newer"):
        open_outbox(path)


def test_somebody_elses_database_is_no_outbox(tmp_path):
    path = tmp_path / "other.db"
    altered(path, "CREATE TABLE songs (title)")
    with pytest.raises(StoreError, match="no queue of Drumbeat"):
        open_outbox(path)


@pytest.mark.parametrize(
    "rubbish", [b"not a database at all, but long enough to be looked at" * 40, b"SQLite format 3\0" * 90]
)
def test_a_damaged_file_is_said_to_be_damaged(tmp_path, rubbish):
    path = tmp_path / "outbox.db"
    path.write_bytes(rubbish)
    for refuses in (open_outbox, look_outbox):
        with pytest.raises(StoreError, match=r"damaged|cannot be"):
            refuses(path)
    assert path.read_bytes() == rubbish


def test_a_page_of_rubbish_in_the_middle_is_met_in_words(path):
    body = bytearray(path.read_bytes())
    body[4096 * 2 : 4096 * 20] = b"\xff" * (4096 * 18)
    path.write_bytes(body)
    with pytest.raises(StoreError), open_outbox(path) as outbox:
        outbox.rows()


def test_a_locked_outbox_is_busy_and_the_busy_pass(path):
    with open_outbox(path, busy_seconds=0.01) as outbox, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="in use"):
            outbox.pause("main", at=NINE, who="mira", why="no")
        other.execute("ROLLBACK")
        assert outbox.pause("main", at=NINE, who="mira", why="yes")


def fill_up(outbox):
    """As if the disk had no page left."""
    with outbox.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(2000):
            connection.exec_driver_sql("INSERT INTO content VALUES (?, ?)", (str(number), "x" * 500))


def test_a_full_disk_is_said_and_nothing_is_half_written(path):
    with open_outbox(path) as outbox:
        with pytest.raises(DiskFull, match="full"):
            fill_up(outbox)
        with outbox.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM content").scalar() == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be"):
        open_outbox(tmp_path / ".drumbeat" / "outbox.db", create=True)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be made"):
        make_folder(tmp_path / "file" / ".drumbeat")


def test_a_folder_of_someone_elses_choice_keeps_its_rights(tmp_path):
    shared = tmp_path / "var"
    shared.mkdir(mode=0o755)
    make_folder(shared)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (sqlite3.SQLITE_BUSY, "in use"),
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_IOERR, "cannot be used"),
    ],
)
def test_every_trouble_has_words_and_a_mend(code, word):
    caught = sqlite3.OperationalError("whatever SQLite says")
    caught.sqlite_errorcode = code | 0x100  # extended codes keep the plain one in their low byte
    told = translated(caught, Path("outbox.db"))
    assert word in str(told)
    assert told.mend


def test_a_broken_rule_of_ours_is_a_bug():
    assert isinstance(translated(sqlite3.IntegrityError("CHECK"), Path("x")), Bug)
    with pytest.raises(StoreError, match="cannot be used"), in_words(Path("x")):
        raise sqlite3.OperationalError("no code at all")


MOUNTS = "rootfs / ext4 rw 0 0\nhost:/vol /home/mira/My\\040Share nfs4 rw 0 0\n"


def test_a_network_share_is_refused_by_name(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    with pytest.raises(StoreError, match="network share \\(nfs4\\)"):
        refuse_network_share(Path("/home/mira/My Share/outbox.db"), mounts)
    refuse_network_share(Path("/home/mira/outbox.db"), mounts)


def test_where_it_cannot_be_told_nothing_is_refused(tmp_path):
    refuse_network_share(tmp_path, tmp_path / "no-such-file")
    assert filesystem_of(tmp_path, tmp_path / "no-such-file") == ""
    (tmp_path / "empty").write_text("")
    assert filesystem_of(tmp_path, tmp_path / "empty") == ""


def test_a_copy_is_whole_while_others_write(path, tmp_path):
    with open_outbox(path) as outbox:
        fill(outbox, planned("closing", NINE), at=NINE)
        outbox.copy_to(tmp_path / "copy.db")
        with open_outbox(tmp_path / "copy.db") as copy:
            assert [row.name for row in copy.rows()] == [row.name for row in outbox.rows()]
            assert copy.workspace == "equality-now"
            assert copy.next_due() == outbox.next_due()


def test_another_connections_commit_changes_the_version(path):
    with open_outbox(path) as outbox, open_outbox(path) as other:
        before = outbox.data_version()
        assert outbox.data_version() == before
        other.pause("main", at=NINE, who="mira", why="x")
        assert outbox.data_version() != before


def test_a_naive_moment_never_reaches_the_outbox(path):
    with open_outbox(path) as outbox, pytest.raises(Bug, match="naive"):
        outbox.pause("main", at=NINE.replace(tzinfo=None), who="mira", why="x")


def test_what_was_written_never_stands_in_an_error(path):
    unsaid = "what nobody may read"
    with open_outbox(path) as outbox, pytest.raises(Bug) as caught, outbox.write() as connection:
        connection.exec_driver_sql("INSERT INTO content VALUES (?, NULL)", (unsaid,))
    assert unsaid not in "".join(traceback.format_exception(caught.value))


def test_a_look_at_what_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(StoreError, match="no queue"):
        reading_engine(tmp_path / "outbox.db")


def test_of_two_that_create_at_once_the_second_finds_it_made(path):
    engine = writing_engine(path, create=True)
    make(engine, "another")
    engine.dispose()
    with open_outbox(path) as outbox:
        assert outbox.workspace == "equality-now"
