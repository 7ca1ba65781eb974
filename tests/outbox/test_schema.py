"""The database refuses nonsense by itself, and both ways of making it make the same."""

import re

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from scheduler.outbox import schema
from scheduler.outbox.migrate import SCRIPTS


def shape(connection: Connection) -> dict[str, str]:
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: re.sub(r"\s+", " ", sql).replace("( ", "(").replace(" )", ")").strip() for name, sql in found}


def migrated(path):
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine


def test_the_migrations_and_the_code_make_the_same_database(tmp_path):
    with migrated(tmp_path / "by-migration.db").connect() as connection:
        by_migration = shape(connection)
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    with create_engine("sqlite://").begin() as connection:
        schema.create(connection)
        assert shape(connection) == by_migration
    assert version == schema.VERSION
    assert revision == schema.REVISION
