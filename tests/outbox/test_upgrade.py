"""`drumbeat upgrade`: an older outbox becomes one of today, or stays exactly as it was."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler import __version__
from scheduler.errors import StoreError
from scheduler.model.lifecycle import State
from scheduler.outbox.budgets import spent
from scheduler.outbox.lock import DaemonLock
from scheduler.outbox.migrate import SCRIPTS, upgrade
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.schema import VERSION
from scheduler.outbox.stops import EVERYTHING
from scheduler.outbox.trouble import Busy
from scheduler.testing.bench import outbox_in

DATA = Path(__file__).parent.parent / "data"
TOMORROW = VERSION + 1
NEXT = """
from alembic import op
revision = "{version:04d}"
down_revision = "{before:04d}"
def upgrade():
    op.execute("ALTER TABLE delivery ADD COLUMN colour TEXT NOT NULL DEFAULT 'plain'")
    op.execute("PRAGMA user_version = {said}")
    {more}
"""


@pytest.fixture
def old(tmp_path):
    """The outbox that Drumbeat 0.1 left behind: a day half done."""
    path = tmp_path / ".drumbeat" / "outbox.db"
    path.parent.mkdir()
    shutil.copyfile(DATA / "outbox-schema-1.db", path)
    return path


@pytest.fixture
def second(old):
    """What Drumbeat left behind with schema 2: a record was withdrawn, an account stopped, something prepared."""
    shutil.copyfile(DATA / "outbox-schema-2.db", old)
    return old


@pytest.fixture
def third(old):
    """What Drumbeat left behind with schema 3: a post unknown, another on a platform that charges, a paused account."""
    shutil.copyfile(DATA / "outbox-schema-3.db", old)
    return old


@pytest.fixture
def scripts(tmp_path):
    """Tomorrow's migrations: ours, and one more."""

    def make(version=TOMORROW, more=""):
        shutil.copytree(SCRIPTS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
        text = NEXT.format(version=TOMORROW, before=VERSION, said=version, more=more)
        (tmp_path / "migrations" / "versions" / f"v{TOMORROW:04d}_next.py").write_text(text)
        return tmp_path / "migrations"

    return make


def version(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_an_outbox_of_each_schema_so_far_can_be_used_after_an_upgrade(old):
    upgraded = upgrade(old)
    assert upgraded.after == VERSION
    with open_outbox(old) as outbox:
        states = outbox.states()
        assert states == {State.SENT: 2, State.SCHEDULED: 2, State.FAILED: 1, State.CANCELLED: 1}
        (failed,) = [row for row in outbox.rows() if row.state is State.FAILED]
        assert outbox.events(failed.name)[-1].why == "The server does not take this text."
        outbox.retry([failed.name], due=failed.due, at=datetime(2027, 6, 30, tzinfo=UTC), who="mira")
        assert outbox.stops() == ()
        outbox.stop([EVERYTHING], at=datetime(2027, 6, 30, tzinfo=UTC), who="mira")
        assert outbox.next_due() is None


def test_what_was_stopped_withdrawn_and_prepared_with_schema_2_still_is_after_an_upgrade(second):
    upgraded = upgrade(second)
    assert (upgraded.before, upgraded.after) == (2, VERSION)
    with open_outbox(second) as outbox:
        assert outbox.states() == {State.SENT: 4, State.SCHEDULED: 2, State.FAILED: 1, State.CANCELLED: 1}
        assert [stop.target.name for stop in outbox.stops()] == ["second"]
        assert outbox.snapshot().withdrawn == {"ana"}
        assert outbox.blank("ana") == 0
        with outbox.read() as connection:
            kept = connection.exec_driver_sql("SELECT good_until FROM prepared").scalars().all()
        assert kept == [None], "what was prepared before is good for as long as it was"


def test_what_schema_3_held_costs_nothing_until_it_is_changed(third):
    upgraded = upgrade(third)
    assert (upgraded.before, upgraded.after) == (3, VERSION)
    with open_outbox(third) as outbox:
        assert outbox.states() == {State.SENT: 1, State.UNCERTAIN: 1, State.FAILED: 1, State.SCHEDULED: 3}
        assert [lane.account for lane in outbox.lanes() if lane.paused] == ["second"]
        with outbox.read() as connection:
            assert spent(connection, "main") == 0
            assert connection.exec_driver_sql("SELECT DISTINCT cost FROM delivery").scalars().all() == [0]


@pytest.mark.parametrize("schema", range(1, VERSION))
def test_an_upgraded_outbox_has_the_shape_of_a_new_one(schema, old, tmp_path):
    shutil.copyfile(DATA / f"outbox-schema-{schema}.db", old)
    upgrade(old)
    with open_outbox(old) as was, outbox_in(tmp_path / "new") as new:
        shapes = [{name: "".join(sql.split()) for name, sql in shape} for shape in (_shape(was.path), _shape(new.path))]
    assert shapes[0] == shapes[1]


def _shape(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()


def test_an_outbox_of_today_is_left_alone(old):
    upgrade(old)
    before = old.read_bytes()
    assert upgrade(old).backup is None
    assert old.read_bytes() == before


def test_an_upgrade_keeps_the_old_file_and_all_that_was_in_it(old, scripts):
    before = old.read_bytes()
    upgraded = upgrade(old, scripts=scripts(), target=TOMORROW)
    assert (upgraded.before, upgraded.after, version(old)) == (1, TOMORROW, TOMORROW)
    assert upgraded.backup.read_bytes() == before
    assert sorted(one.name for one in old.parent.iterdir()) == ["daemon.lock", "outbox.db", "outbox.db.schema-1.bak"]
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT DISTINCT colour FROM delivery").fetchall() == [("plain",)]
        assert connection.execute("SELECT value FROM meta WHERE key = 'written_by'").fetchone() == (__version__,)


def test_a_backup_never_takes_the_place_of_another(old, scripts):
    (old.parent / "outbox.db.schema-1.bak").write_text("an older backup")
    assert upgrade(old, scripts=scripts(), target=TOMORROW).backup.name == "outbox.db.schema-1.bak.2"


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        ({"more": "raise RuntimeError('half-way')"}, RuntimeError),
        ({"version": TOMORROW + 3}, StoreError),
        ({"more": "op.execute('DROP TRIGGER event_kept'); op.execute('DELETE FROM event')"}, StoreError),
    ],
)
def test_an_upgrade_that_fails_leaves_the_old_outbox_as_it_was(old, scripts, wrong, trouble):
    before = old.read_bytes()
    with pytest.raises(trouble):
        upgrade(old, scripts=scripts(**wrong), target=TOMORROW)
    assert old.read_bytes() == before
    assert not list(old.parent.glob("*.upgrading"))


def test_no_outbox_is_upgraded_under_a_living_daemon(old, scripts):
    with DaemonLock(old.parent), pytest.raises(StoreError, match="already works"):
        upgrade(old, scripts=scripts(), target=TOMORROW)


def test_no_outbox_is_upgraded_while_someone_reads_it(old, scripts):
    upgrade(old)
    with open_outbox(old) as outbox, outbox.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar()
        with pytest.raises(Busy):
            upgrade(old, scripts=scripts(), target=TOMORROW)


@pytest.mark.parametrize(("stands", "word"), [(9, "newer"), (0, "no queue")])
def test_what_is_newer_or_no_outbox_is_refused(old, stands, word):
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(f"PRAGMA user_version = {stands}")
    with pytest.raises(StoreError, match=word):
        upgrade(old)


def test_nothing_is_upgraded_where_nothing_is(tmp_path):
    with pytest.raises(StoreError, match="no queue"):
        upgrade(tmp_path / "outbox.db")
