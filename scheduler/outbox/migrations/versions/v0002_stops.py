"""What a person stopped or withdrew, and which record a delivery speaks of.

Spelled out as it was: what `schema` says today may differ, this may not.
"""
# ruff: noqa: E501  # statements as SQLite keeps them

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE delivery ADD COLUMN record TEXT DEFAULT '' NOT NULL",
    """
    CREATE TABLE stop (
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        why TEXT DEFAULT '' NOT NULL,
        who TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (kind, name),
        CONSTRAINT stops_something CHECK (kind in ('account', 'all', 'campaign')),
        CONSTRAINT all_has_no_name CHECK ((kind = 'all') = (name = ''))
    )
    """,
    """
    CREATE TABLE withdrawn (
        record TEXT NOT NULL,
        why TEXT DEFAULT '' NOT NULL,
        who TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (record),
        CONSTRAINT withdraws_a_record CHECK (record <> '')
    )
    """,
    "CREATE INDEX delivery_record ON delivery (record) WHERE record <> ''",
    "CREATE INDEX event_used ON event (account, at) WHERE event IN ('accept', 'lose_track')",
    "DROP TRIGGER reviewed_text_stays",
    """
    CREATE TRIGGER reviewed_text_stays BEFORE UPDATE OF content_hash ON delivery WHEN NEW.state <> 'scheduled' AND OLD.content_hash <> NEW.content_hash AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.record = NEW.record) BEGIN SELECT RAISE(ABORT, 'only what is still scheduled can be reworded'); END
    """,
    """
    CREATE TRIGGER held_when_new AFTER INSERT ON delivery WHEN NEW.state = 'scheduled' AND NEW.held IS NULL AND (EXISTS (SELECT 1 FROM stop s WHERE s.kind = 'campaign' AND s.name = NEW.campaign) OR EXISTS (SELECT 1 FROM withdrawn w WHERE w.record = NEW.record)) BEGIN UPDATE delivery SET held = CASE WHEN EXISTS (SELECT 1 FROM withdrawn w WHERE w.record = NEW.record) THEN 'withdrawn' ELSE 'stopped' END WHERE n = NEW.n; END
    """,
    """
    CREATE TRIGGER held_when_free AFTER UPDATE OF state, held, record ON delivery WHEN NEW.state = 'scheduled' AND NEW.held IS NULL AND (EXISTS (SELECT 1 FROM stop s WHERE s.kind = 'campaign' AND s.name = NEW.campaign) OR EXISTS (SELECT 1 FROM withdrawn w WHERE w.record = NEW.record)) BEGIN UPDATE delivery SET held = CASE WHEN EXISTS (SELECT 1 FROM withdrawn w WHERE w.record = NEW.record) THEN 'withdrawn' ELSE 'stopped' END WHERE n = NEW.n; END
    """,
    """
    CREATE TRIGGER withdrawn_stays BEFORE DELETE ON withdrawn BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays withdrawn'); END
    """,
)


def upgrade() -> None:
    """Adds what schema 2 has more than schema 1."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version = 2")


def downgrade() -> None:
    """An older Drumbeat would not know what was stopped, and would send it."""
    raise NotImplementedError
