"""Which contents still need their files: of whatever may go out, and of what a person may send again."""

import json
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.engine import Connection

from scheduler.model.content import Content, from_json
from scheduler.model.lifecycle import State
from scheduler.outbox.moments import to_us
from scheduler.outbox.schema import content, delivery, withdrawn

_GOES_OUT = (State.SCHEDULED, State.SENDING, State.UNCERTAIN)
_MAY_GO_AGAIN = (State.FAILED, State.MISSED)


def contents_with_files(connection: Connection, *, since: datetime) -> list[Content]:
    """Those with files that may still go out; of what failed or was missed only what was due from `since` on."""
    wanted = select(delivery.c.content_hash).where(
        or_(
            delivery.c.state.in_(_GOES_OUT),
            and_(delivery.c.state.in_(_MAY_GO_AGAIN), delivery.c.due >= to_us(since)),
        )
    )
    return _with_files(connection, wanted)


def contents_on_their_way(connection: Connection, *, until: datetime) -> list[Content]:
    """Those with files that a platform may be told of now: due by `until`, on its way or unknown; none withdrawn."""
    wanted = select(delivery.c.content_hash).where(
        delivery.c.state.in_(_GOES_OUT),
        delivery.c.due <= to_us(until),
        delivery.c.record.not_in(select(withdrawn.c.record)),
    )
    return _with_files(connection, wanted)


def _with_files(connection: Connection, wanted: Select[tuple[str]]) -> list[Content]:
    filed = func.json_array_length(content.c.body, "$.media") > 0
    found = connection.execute(select(content.c.body).where(content.c.hash.in_(wanted), filed)).scalars()
    return [from_json(json.loads(body)) for body in found]
