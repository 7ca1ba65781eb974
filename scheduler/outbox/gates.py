"""What keeps a delivery from leaving because a person said so, as conditions of SQL.

Every statement that may lead to a byte leaving has them in its `WHERE`, beside state and
expiry: a stop that is committed acts on the next claim, whoever makes it and whatever
memory believes. They speak of a row of `delivery` by that name.
"""

STOPPED = """EXISTS (SELECT 1 FROM stop s WHERE s.kind = 'all'
    OR (s.kind = 'account' AND s.name = delivery.account) OR (s.kind = 'campaign' AND s.name = delivery.campaign))"""
"""Its account, its campaign or everything was stopped."""

WITHDRAWN = "EXISTS (SELECT 1 FROM withdrawn w WHERE w.record = delivery.record)"
"""The record that it speaks of was withdrawn."""

OPEN = f"NOT {STOPPED} AND NOT {WITHDRAWN}"
"""Nobody said no."""

LANE_STOPPED = "EXISTS (SELECT 1 FROM stop s WHERE s.kind = 'all' OR (s.kind = 'account' AND s.name = lane.account))"
"""The whole line of an account waits (of a row of `lane`)."""
