"""The table of design and documents, walked whole."""

from itertools import product

import pytest

from scheduler.errors import Bug
from scheduler.model.lifecycle import HAS_RECEIPT, TRANSITIONS, Event, State, next_state

ARROWS = {
    "scheduled claim sending",
    "scheduled refuse failed",
    "scheduled cancel cancelled",
    "scheduled expire missed",
    "sending accept sent",
    "sending postpone scheduled",
    "sending refuse failed",
    "sending lose_track uncertain",
    "sending hand_over uncertain",
    "uncertain accept sent",
    "uncertain postpone scheduled",
    "uncertain refuse failed",
    "failed reopen scheduled",
    "missed reopen scheduled",
    "cancelled reopen scheduled",
    "retracted reopen scheduled",
    "sent retract retracted",
}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_pair_of_state_and_event_leads_where_the_table_says_or_nowhere(state: State, event: Event):
    arrows = [arrow.split()[2] for arrow in ARROWS if arrow.split()[:2] == [state, event]]
    if arrows:
        assert next_state(state, event) == State(arrows[0])
    else:
        with pytest.raises(Bug, match=f"{state} cannot {event}"):
            next_state(state, event)


def test_the_table_has_no_other_arrows():
    assert {f"{state} {event} {to}" for (state, event), to in TRANSITIONS.items()} == ARROWS


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        TRANSITIONS[State.SENT, Event.CLAIM] = State.SENDING  # type: ignore[index]


def test_every_state_can_be_reached():
    assert set(TRANSITIONS.values()) == set(State)


def test_a_receipt_comes_with_accept_only_and_goes_with_reopen_only():
    for (state, event), to in TRANSITIONS.items():
        gains, loses = state not in HAS_RECEIPT and to in HAS_RECEIPT, state in HAS_RECEIPT and to not in HAS_RECEIPT
        assert not gains or event is Event.ACCEPT
        assert not loses or event is Event.REOPEN


def test_what_is_in_flight_never_returns_to_the_queue_but_by_proof():
    ways_back = {
        event
        for (state, event), to in TRANSITIONS.items()
        if state in (State.SENDING, State.UNCERTAIN) and to is State.SCHEDULED
    }

    assert ways_back == {Event.POSTPONE}
