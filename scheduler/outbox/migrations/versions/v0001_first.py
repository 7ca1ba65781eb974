"""The first schema, spelled out as it was: what `schema` says today may differ, this may not."""
# ruff: noqa: E501  # statements as SQLite keeps them

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE content (
        hash TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (hash)
    )
    """,
    """
    CREATE TABLE lane (
        account TEXT NOT NULL,
        head INTEGER,
        ready_at INTEGER,
        blocked_until INTEGER,
        blocked_why TEXT DEFAULT '' NOT NULL,
        paused TEXT DEFAULT '' NOT NULL,
        paused_by TEXT DEFAULT '' NOT NULL,
        served_at INTEGER DEFAULT 0 NOT NULL,
        PRIMARY KEY (account),
        CONSTRAINT ready_with_a_head CHECK (ready_at is null or head is not null),
        CONSTRAINT paused_is_not_ready CHECK (paused = '' or ready_at is null),
        CONSTRAINT paused_by_someone CHECK ((paused = '') = (paused_by = ''))
    )
    """,
    """
    CREATE TABLE meta (
        "key" TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE delivery (
        n INTEGER NOT NULL,
        name TEXT NOT NULL,
        campaign TEXT NOT NULL,
        post TEXT NOT NULL,
        slot TEXT NOT NULL,
        account TEXT NOT NULL,
        platform TEXT NOT NULL,
        part INTEGER NOT NULL,
        thread TEXT NOT NULL,
        parent_n INTEGER,
        due INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        timezone TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        live INTEGER NOT NULL,
        state TEXT NOT NULL,
        lease TEXT,
        held TEXT,
        not_before INTEGER,
        generation INTEGER DEFAULT 1 NOT NULL,
        attempts INTEGER DEFAULT 0 NOT NULL,
        first_attempt_at INTEGER,
        receipt TEXT,
        dry_run INTEGER DEFAULT 0 NOT NULL,
        cancelled_by TEXT DEFAULT '' NOT NULL,
        last_error TEXT DEFAULT '' NOT NULL,
        tags TEXT DEFAULT '[]' NOT NULL,
        seq INTEGER NOT NULL,
        lost_at INTEGER,
        look_at INTEGER,
        looks INTEGER DEFAULT 0 NOT NULL,
        PRIMARY KEY (n),
        CONSTRAINT legal_state CHECK (state in ('cancelled', 'failed', 'missed', 'retracted', 'scheduled', 'sending', 'sent', 'uncertain')),
        CONSTRAINT receipt_in_hand CHECK ((state in ('retracted', 'sent')) = (receipt is not null)),
        CONSTRAINT lease_while_sending CHECK ((state = 'sending') = (lease is not null)),
        CONSTRAINT cancelled_by_someone CHECK ((state = 'cancelled') = (cancelled_by <> '')),
        CONSTRAINT waits_while_scheduled CHECK (state = 'scheduled' or (held is null and not_before is null)),
        CONSTRAINT looked_for_while_uncertain CHECK (state = 'uncertain' or (look_at is null and lost_at is null)),
        CONSTRAINT held_for_a_reason CHECK (held is null or held <> ''),
        CONSTRAINT counts_from_one CHECK (part >= 1 and generation >= 1 and attempts >= 0),
        CONSTRAINT expires_after_due CHECK (expires_at >= due),
        CONSTRAINT yes_or_no CHECK (live in (0, 1) and dry_run in (0, 1)),
        UNIQUE (name),
        FOREIGN KEY(parent_n) REFERENCES delivery (n),
        FOREIGN KEY(content_hash) REFERENCES content (hash)
    )
    """,
    """
    CREATE TABLE attempt (
        n INTEGER NOT NULL,
        delivery INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        number INTEGER NOT NULL,
        lease TEXT NOT NULL,
        dry_run INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        outcome TEXT,
        error TEXT DEFAULT '' NOT NULL,
        receipt TEXT,
        PRIMARY KEY (n),
        CONSTRAINT closed_with_an_outcome CHECK ((ended_at is null) = (outcome is null)),
        CONSTRAINT three_ends CHECK (outcome is null or outcome in ('not sent', 'sent', 'unknown')),
        FOREIGN KEY(delivery) REFERENCES delivery (n)
    )
    """,
    """
    CREATE TABLE event (
        n INTEGER NOT NULL,
        delivery INTEGER,
        account TEXT DEFAULT '' NOT NULL,
        at INTEGER NOT NULL,
        event TEXT NOT NULL,
        from_state TEXT DEFAULT '' NOT NULL,
        to_state TEXT DEFAULT '' NOT NULL,
        who TEXT NOT NULL,
        why TEXT DEFAULT '' NOT NULL,
        attempt INTEGER DEFAULT 0 NOT NULL,
        PRIMARY KEY (n),
        FOREIGN KEY(delivery) REFERENCES delivery (n)
    )
    """,
    """
    CREATE TABLE prepared (
        delivery INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        body TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        PRIMARY KEY (delivery, generation, content_hash),
        FOREIGN KEY(delivery) REFERENCES delivery (n)
    )
    """,
    """
    CREATE INDEX lane_ready ON lane (ready_at, served_at) WHERE ready_at IS NOT NULL
    """,
    """
    CREATE INDEX delivery_expiry ON delivery (expires_at) WHERE state = 'scheduled'
    """,
    """
    CREATE INDEX delivery_unsettled ON delivery (state) WHERE state IN ('sending', 'uncertain', 'failed', 'missed')
    """,
    """
    CREATE INDEX delivery_campaign ON delivery (campaign)
    """,
    """
    CREATE UNIQUE INDEX one_in_flight ON delivery (account) WHERE state = 'sending'
    """,
    """
    CREATE INDEX delivery_look ON delivery (look_at) WHERE look_at IS NOT NULL
    """,
    """
    CREATE INDEX lane_order ON delivery (account, due, seq) WHERE state = 'scheduled' AND held IS NULL
    """,
    """
    CREATE INDEX delivery_due ON delivery (due) WHERE state = 'scheduled'
    """,
    """
    CREATE INDEX delivery_thread ON delivery (thread, part)
    """,
    """
    CREATE INDEX attempt_delivery ON attempt (delivery, number)
    """,
    """
    CREATE INDEX event_delivery ON event (delivery)
    """,
    """
    CREATE TRIGGER legal_arrow BEFORE UPDATE OF state ON delivery WHEN OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ('cancelled>scheduled', 'failed>scheduled', 'missed>scheduled', 'retracted>scheduled', 'scheduled>cancelled', 'scheduled>failed', 'scheduled>missed', 'scheduled>sending', 'sending>failed', 'sending>scheduled', 'sending>sent', 'sending>uncertain', 'sent>retracted', 'uncertain>failed', 'uncertain>scheduled', 'uncertain>sent') BEGIN SELECT RAISE(ABORT, 'no such move'); END
    """,
    """
    CREATE TRIGGER born_scheduled BEFORE INSERT ON delivery WHEN NEW.state <> 'scheduled' BEGIN SELECT RAISE(ABORT, 'a delivery begins as scheduled'); END
    """,
    """
    CREATE TRIGGER identity_stays BEFORE UPDATE OF n, name, campaign, post, slot, account, part, thread ON delivery BEGIN SELECT RAISE(ABORT, 'a delivery keeps its identity'); END
    """,
    """
    CREATE TRIGGER reviewed_text_stays BEFORE UPDATE OF content_hash ON delivery WHEN NEW.state <> 'scheduled' AND OLD.content_hash <> NEW.content_hash BEGIN SELECT RAISE(ABORT, 'only what is still scheduled can be reworded'); END
    """,
    """
    CREATE TRIGGER delivery_stays BEFORE DELETE ON delivery BEGIN SELECT RAISE(ABORT, 'deliveries are kept'); END
    """,
    """
    CREATE TRIGGER content_frozen BEFORE UPDATE ON content BEGIN SELECT RAISE(ABORT, 'content is frozen'); END
    """,
    """
    CREATE TRIGGER event_append_only BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'history only grows'); END
    """,
    """
    CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'history only grows'); END
    """,
    """
    CREATE TRIGGER attempt_closed_once BEFORE UPDATE ON attempt WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'an attempt is closed once'); END
    """,
    """
    CREATE TRIGGER attempt_opening_stays BEFORE UPDATE OF n, delivery, generation, number, lease, dry_run, started_at ON attempt BEGIN SELECT RAISE(ABORT, 'how an attempt began is history'); END
    """,
    """
    CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'history only grows'); END
    """,
)


def upgrade() -> None:
    """Makes every table, index and trigger of schema 1."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version = 1")


def downgrade() -> None:
    """There is nothing before the first."""
    raise NotImplementedError  # pragma: no cover
