"""What posts cost, a ledger of what was spent, and when to look again at what was only accepted.

Spelled out as it was: what `schema` says today may differ, this may not. What was queued before counts
as free until it is changed: no platform that charges had a publisher then.
"""
# ruff: noqa: E501  # statements as SQLite keeps them

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "ALTER TABLE delivery ADD COLUMN cost INTEGER DEFAULT 0 NOT NULL",
    "ALTER TABLE delivery ADD COLUMN observe_at INTEGER",
    """
    CREATE TABLE spent (
        delivery INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        account TEXT NOT NULL,
        at INTEGER NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (delivery, generation),
        CONSTRAINT costs_something CHECK (amount > 0),
        FOREIGN KEY(delivery) REFERENCES delivery (n)
    )
    """,
    "CREATE INDEX spent_account ON spent (account, at)",
    "CREATE INDEX delivery_observe ON delivery (observe_at) WHERE state = 'sent' AND observe_at IS NOT NULL",
    """
    CREATE TRIGGER spent_when_sending AFTER UPDATE OF state ON delivery WHEN NEW.state = 'sending' AND NEW.cost > 0 AND NEW.dry_run = 0 BEGIN INSERT INTO spent (delivery, generation, account, at, amount) VALUES (NEW.n, NEW.generation, NEW.account, NEW.first_attempt_at, NEW.cost) ON CONFLICT DO NOTHING; END
    """,
    """
    CREATE TRIGGER unspent_when_not_sent AFTER UPDATE OF state ON delivery WHEN OLD.state IN ('sending', 'uncertain') AND NEW.state IN ('failed', 'scheduled') BEGIN DELETE FROM spent WHERE delivery = NEW.n AND generation = NEW.generation; END
    """,
)


def upgrade() -> None:
    """Adds what schema 4 has more than schema 3."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version = 4")


def downgrade() -> None:
    """An older Drumbeat would spend more than was allowed."""
    raise NotImplementedError
