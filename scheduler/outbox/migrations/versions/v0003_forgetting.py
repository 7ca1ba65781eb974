"""Until when something prepared is good, what is being prepared by an index, and words that may be forgotten.

Spelled out as it was: what `schema` says today may differ, this may not.
"""
# ruff: noqa: E501  # statements as SQLite keeps them

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "ALTER TABLE prepared ADD COLUMN good_until INTEGER",
    "CREATE INDEX delivery_preparing ON delivery (account) WHERE held = 'preparing'",
    "DROP TRIGGER event_append_only",
    "DROP TRIGGER attempt_closed_once",
    """
    CREATE TRIGGER event_append_only BEFORE UPDATE OF n, delivery, account, at, event, from_state, to_state, who, attempt ON event BEGIN SELECT RAISE(ABORT, 'history only grows'); END
    """,
    """
    CREATE TRIGGER event_words_stay BEFORE UPDATE OF why ON event WHEN NEW.why <> '' OR NOT EXISTS (SELECT 1 FROM delivery d JOIN withdrawn w ON w.record = d.record WHERE d.n = OLD.delivery) BEGIN SELECT RAISE(ABORT, 'history only grows'); END
    """,
    """
    CREATE TRIGGER attempt_closed_once BEFORE UPDATE OF ended_at, outcome, receipt ON attempt WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'an attempt is closed once'); END
    """,
    """
    CREATE TRIGGER attempt_words_stay BEFORE UPDATE OF error ON attempt WHEN OLD.ended_at IS NOT NULL AND (NEW.error <> '' OR NOT EXISTS (SELECT 1 FROM delivery d JOIN withdrawn w ON w.record = d.record WHERE d.n = OLD.delivery)) BEGIN SELECT RAISE(ABORT, 'an attempt is closed once'); END
    """,
)


def upgrade() -> None:
    """Adds what schema 3 has more than schema 2."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version = 3")


def downgrade() -> None:
    """An older Drumbeat would send with what is no longer good."""
    raise NotImplementedError
