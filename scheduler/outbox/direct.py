"""The statements of the engine's round, sent to SQLite itself.

A round is some fifteen short statements, and a hundred threads want the interpreter while it
runs: what SQLAlchemy does around each took longer than the statements. The connection, its
transaction and its errors stay SQLAlchemy's (`trouble.in_words` knows both kinds), and all
that such a statement brings comes in one row, see `claiming`.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import TextClause
from sqlalchemy.engine import Connection


def _cursor(connection: Connection, statement: TextClause, asked: Mapping[str, object]) -> Any:  # noqa: ANN401  # untyped
    if connection.engine.dispatch.before_cursor_execute:  # somebody listens to every statement: not past them
        return connection.exec_driver_sql(statement.text, dict(asked))
    raw: Any = connection.connection.driver_connection
    return raw.execute(statement.text, asked)


def row(connection: Connection, statement: TextClause, asked: Mapping[str, object]) -> tuple[Any, ...]:
    """The one row that the statement answers with."""
    found: tuple[Any, ...] = _cursor(connection, statement, asked).fetchone()
    return found


def value(connection: Connection, statement: TextClause, asked: Mapping[str, object]) -> Any:  # noqa: ANN401  # as stored
    """The one value that the statement answers with."""
    return row(connection, statement, asked)[0]


def change(connection: Connection, statement: TextClause, asked: Mapping[str, object]) -> int:
    """Changes rows, and says how many."""
    changed: int = _cursor(connection, statement, asked).rowcount
    return changed
