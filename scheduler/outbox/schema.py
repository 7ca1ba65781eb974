"""The outbox's tables, and the nonsense that the database itself refuses.

Moments are integers (microseconds, UTC). A delivery's state, receipt and lease are tied
together by CHECKs, the arrows between states come from `lifecycle.TRANSITIONS` by a
trigger, and history can only grow. `lane.ready_at` is the only thing the clock looks at:
it follows from the account's deliveries and its reasons to wait, and `lanes.refresh`
makes it anew in every transaction that touches either.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.engine import Connection

from scheduler.model.lifecycle import HAS_RECEIPT, TRANSITIONS, State

VERSION = 4
"""The schema that this code reads and writes; kept in `PRAGMA user_version`."""
REVISION = f"{VERSION:04d}"
"""The same, as alembic calls it."""

# `held` is "parent", too, until the part before it in its thread has a receipt, and "preparing" while what must exist
# before it (uploads, containers) is being made: the statements that write those say them.
HELD_STOPPED = "stopped"
"""Held back: a person stopped its campaign."""
HELD_WITHDRAWN = "withdrawn"
"""Held back: a person withdrew the record that it speaks of."""

metadata = MetaData()


def quoted(words: Iterable[str]) -> str:
    """A list of words as SQL literals, sorted so that the schema's text never changes by chance."""
    return ", ".join(f"'{word}'" for word in sorted(words))


def _word(name: str, default: str | None = None) -> Column[Any]:
    return Column(name, Text, nullable=False, server_default=default)


def _number(name: str, default: str | None = None) -> Column[Any]:
    return Column(name, Integer, nullable=False, server_default=text(default) if default is not None else None)


def _perhaps(name: str, kind: type[Integer] | type[Text] = Integer) -> Column[Any]:
    return Column(name, kind, nullable=True)


content = Table(
    "content",
    metadata,
    Column("hash", Text, primary_key=True, nullable=False),
    _word("body"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    _word("campaign"),
    _word("post"),
    _word("slot"),
    _word("account"),
    _word("platform"),
    _number("part"),
    _word("thread"),
    Column("parent_n", Integer, ForeignKey("delivery.n"), nullable=True),
    _number("due"),
    _number("expires_at"),
    _word("timezone"),
    Column("content_hash", Text, ForeignKey("content.hash"), nullable=False),
    _number("live"),
    _word("state"),
    _perhaps("lease", Text),
    _perhaps("held", Text),
    _perhaps("not_before"),
    _number("generation", "1"),
    _number("attempts", "0"),
    _perhaps("first_attempt_at"),
    _perhaps("receipt", Text),
    _number("dry_run", "0"),
    _word("cancelled_by", ""),
    _word("last_error", ""),
    _word("tags", "[]"),
    _number("seq"),
    _perhaps("lost_at"),
    _perhaps("look_at"),
    _number("looks", "0"),
    _word("record", ""),
    _number("cost", "0"),
    _perhaps("observe_at"),
    CheckConstraint(f"state in ({quoted(State)})", name="legal_state"),
    CheckConstraint(f"(state in ({quoted(HAS_RECEIPT)})) = (receipt is not null)", name="receipt_in_hand"),
    CheckConstraint("(state = 'sending') = (lease is not null)", name="lease_while_sending"),
    CheckConstraint("(state = 'cancelled') = (cancelled_by <> '')", name="cancelled_by_someone"),
    CheckConstraint("state = 'scheduled' or (held is null and not_before is null)", name="waits_while_scheduled"),
    CheckConstraint("state = 'uncertain' or (look_at is null and lost_at is null)", name="looked_for_while_uncertain"),
    CheckConstraint("held is null or held <> ''", name="held_for_a_reason"),
    CheckConstraint("part >= 1 and generation >= 1 and attempts >= 0", name="counts_from_one"),
    CheckConstraint("expires_at >= due", name="expires_after_due"),
    CheckConstraint("live in (0, 1) and dry_run in (0, 1)", name="yes_or_no"),
)

lane = Table(
    "lane",
    metadata,
    Column("account", Text, primary_key=True, nullable=False),
    _perhaps("head"),
    _perhaps("ready_at"),
    _perhaps("blocked_until"),
    _word("blocked_why", ""),
    _word("paused", ""),
    _word("paused_by", ""),
    _number("served_at", "0"),
    CheckConstraint("ready_at is null or head is not null", name="ready_with_a_head"),
    CheckConstraint("paused = '' or ready_at is null", name="paused_is_not_ready"),
    CheckConstraint("(paused = '') = (paused_by = '')", name="paused_by_someone"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("delivery", Integer, ForeignKey("delivery.n"), nullable=False),
    _number("generation"),
    _number("number"),
    _word("lease"),
    _number("dry_run"),
    _number("started_at"),
    _perhaps("ended_at"),
    _perhaps("outcome", Text),
    _word("error", ""),
    _perhaps("receipt", Text),
    CheckConstraint("(ended_at is null) = (outcome is null)", name="closed_with_an_outcome"),
    CheckConstraint("outcome is null or outcome in ('not sent', 'sent', 'unknown')", name="three_ends"),
)

history = Table(
    "event",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("delivery", Integer, ForeignKey("delivery.n"), nullable=True),
    _word("account", ""),
    _number("at"),
    _word("event"),
    _word("from_state", ""),
    _word("to_state", ""),
    _word("who"),
    _word("why", ""),
    _number("attempt", "0"),
)

prepared = Table(
    "prepared",
    metadata,
    Column("delivery", Integer, ForeignKey("delivery.n"), primary_key=True, nullable=False),
    Column("generation", Integer, primary_key=True, nullable=False),
    Column("content_hash", Text, primary_key=True, nullable=False),
    _word("body"),
    _number("made_at"),
    _perhaps("good_until"),
)

# What posts that went out, or may have, cost in thousandths: kept by triggers, whoever moves them.
spent = Table(
    "spent",
    metadata,
    Column("delivery", Integer, ForeignKey("delivery.n"), primary_key=True, nullable=False),
    Column("generation", Integer, primary_key=True, nullable=False),
    _word("account"),
    _number("at"),
    _number("amount"),
    CheckConstraint("amount > 0", name="costs_something"),
)

stop = Table(
    "stop",
    metadata,
    Column("kind", Text, primary_key=True, nullable=False),
    Column("name", Text, primary_key=True, nullable=False),
    _word("why", ""),
    _word("who"),
    _number("since"),
    CheckConstraint("kind in ('account', 'all', 'campaign')", name="stops_something"),
    CheckConstraint("(kind = 'all') = (name = '')", name="all_has_no_name"),
)

withdrawn = Table(
    "withdrawn",
    metadata,
    Column("record", Text, primary_key=True, nullable=False),
    _word("why", ""),
    _word("who"),
    _number("since"),
    CheckConstraint("record <> ''", name="withdraws_a_record"),
)

meta = Table("meta", metadata, Column("key", Text, primary_key=True, nullable=False), _word("value"))

# Alembic's own table, in its own shape: an outbox made here can be upgraded by it later.
alembic_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

_SCHEDULED = delivery.c.state == text("'scheduled'")

Index("one_in_flight", delivery.c.account, unique=True, sqlite_where=delivery.c.state == text("'sending'"))
Index(
    "lane_order",
    delivery.c.account,
    delivery.c.due,
    delivery.c.seq,
    sqlite_where=text("state = 'scheduled' AND held IS NULL"),
)
Index("lane_ready", lane.c.ready_at, lane.c.served_at, sqlite_where=text("ready_at IS NOT NULL"))
Index("delivery_expiry", delivery.c.expires_at, sqlite_where=text("state = 'scheduled'"))
Index("delivery_due", delivery.c.due, sqlite_where=text("state = 'scheduled'"))
Index("delivery_look", delivery.c.look_at, sqlite_where=text("look_at IS NOT NULL"))
Index(
    "delivery_unsettled", delivery.c.state, sqlite_where=text("state IN ('sending', 'uncertain', 'failed', 'missed')")
)
Index("delivery_thread", delivery.c.thread, delivery.c.part)
Index("delivery_campaign", delivery.c.campaign)
Index("delivery_preparing", delivery.c.account, sqlite_where=text("held = 'preparing'"))
Index("delivery_record", delivery.c.record, sqlite_where=text("record <> ''"))
Index("delivery_observe", delivery.c.observe_at, sqlite_where=text("state = 'sent' AND observe_at IS NOT NULL"))
Index("spent_account", spent.c.account, spent.c.at)
Index("attempt_delivery", attempt.c.delivery, attempt.c.number)
Index("event_delivery", history.c.delivery)
Index("event_used", history.c.account, history.c.at, sqlite_where=text("event IN ('accept', 'lose_track')"))


def arrows() -> str:
    """The legal moves as SQL row values, from the lifecycle's table."""
    pairs = sorted({(str(source), str(target)) for (source, _), target in TRANSITIONS.items()})
    return ", ".join(f"'{source}>{target}'" for source, target in pairs)


_STOPPED = "EXISTS (SELECT 1 FROM stop s WHERE s.kind = 'campaign' AND s.name = NEW.campaign)"
_WITHDRAWN = "EXISTS (SELECT 1 FROM withdrawn w WHERE w.record = NEW.record)"


def _held_back(name: str, when: str) -> str:
    """Whatever puts a delivery into the line: what a person stopped or withdrew steps out of it at once."""
    return (
        f"CREATE TRIGGER {name} AFTER {when} ON delivery WHEN NEW.state = 'scheduled' AND NEW.held IS NULL "  # noqa: S608  # our own
        f"AND ({_STOPPED} OR {_WITHDRAWN}) BEGIN UPDATE delivery SET held = CASE WHEN {_WITHDRAWN} "
        f"THEN '{HELD_WITHDRAWN}' ELSE '{HELD_STOPPED}' END WHERE n = NEW.n; END"
    )


# The words of a platform may quote the text that they refuse; with the text, they may be forgotten.
_OF_WITHDRAWN = "EXISTS (SELECT 1 FROM delivery d JOIN withdrawn w ON w.record = d.record WHERE d.n = OLD.delivery)"


_SPENT = (
    "CREATE TRIGGER spent_when_sending AFTER UPDATE OF state ON delivery "
    "WHEN NEW.state = 'sending' AND NEW.cost > 0 AND NEW.dry_run = 0 "
    "BEGIN INSERT INTO spent (delivery, generation, account, at, amount) "
    "VALUES (NEW.n, NEW.generation, NEW.account, NEW.first_attempt_at, NEW.cost) ON CONFLICT DO NOTHING; END"
)
_UNSPENT = (
    "CREATE TRIGGER unspent_when_not_sent AFTER UPDATE OF state ON delivery "
    "WHEN OLD.state IN ('sending', 'uncertain') AND NEW.state IN ('failed', 'scheduled') "
    "BEGIN DELETE FROM spent WHERE delivery = NEW.n AND generation = NEW.generation; END"
)


def _trigger(name: str, when: str, condition: str, complaint: str) -> str:
    guard = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when}{guard} BEGIN SELECT RAISE(ABORT, '{complaint}'); END"


TRIGGERS = (
    _trigger(
        "legal_arrow",
        "UPDATE OF state ON delivery",
        f"OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({arrows()})",
        "no such move",
    ),
    _trigger("born_scheduled", "INSERT ON delivery", "NEW.state <> 'scheduled'", "a delivery begins as scheduled"),
    _trigger(
        "identity_stays",
        "UPDATE OF n, name, campaign, post, slot, account, part, thread ON delivery",
        "",
        "a delivery keeps its identity",
    ),
    _trigger(
        "reviewed_text_stays",
        "UPDATE OF content_hash ON delivery",
        f"NEW.state <> 'scheduled' AND OLD.content_hash <> NEW.content_hash AND NOT {_WITHDRAWN}",
        "only what is still scheduled can be reworded",
    ),
    _trigger("delivery_stays", "DELETE ON delivery", "", "deliveries are kept"),
    _trigger("content_frozen", "UPDATE ON content", "", "content is frozen"),
    _trigger(
        "event_append_only",
        "UPDATE OF n, delivery, account, at, event, from_state, to_state, who, attempt ON event",
        "",
        "history only grows",
    ),
    _trigger(
        "event_words_stay",
        "UPDATE OF why ON event",
        f"NEW.why <> '' OR NOT {_OF_WITHDRAWN}",
        "history only grows",
    ),
    _trigger("event_kept", "DELETE ON event", "", "history only grows"),
    _trigger(
        "attempt_closed_once",
        "UPDATE OF ended_at, outcome, receipt ON attempt",
        "OLD.ended_at IS NOT NULL",
        "an attempt is closed once",
    ),
    _trigger(
        "attempt_words_stay",
        "UPDATE OF error ON attempt",
        f"OLD.ended_at IS NOT NULL AND (NEW.error <> '' OR NOT {_OF_WITHDRAWN})",
        "an attempt is closed once",
    ),
    _trigger(
        "attempt_opening_stays",
        "UPDATE OF n, delivery, generation, number, lease, dry_run, started_at ON attempt",
        "",
        "how an attempt began is history",
    ),
    _trigger("attempt_kept", "DELETE ON attempt", "", "history only grows"),
    _held_back("held_when_new", "INSERT"),
    _held_back("held_when_free", "UPDATE OF state, held, record"),
    _SPENT,
    _UNSPENT,
    _trigger("withdrawn_stays", "DELETE ON withdrawn", "", "what was withdrawn stays withdrawn"),
)


def create(connection: Connection) -> None:
    """Makes every table, index and trigger, exactly as the migrations do."""
    metadata.create_all(connection)
    for statement in TRIGGERS:
        connection.exec_driver_sql(statement)
    connection.execute(alembic_version.insert(), {"version_num": REVISION})
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
