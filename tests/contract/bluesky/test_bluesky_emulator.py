"""The emulated server answers as the reference server was seen to: the other tests rest on it."""

from scheduler.clock import SystemClock
from scheduler.testing.emulators.bluesky import DID, HANDLE, PASSWORD, BlueskyServer
from tests.real.bluesky.answers import SEEN, answers


def test_the_emulator_answers_as_the_server_did():
    with BlueskyServer(SystemClock()) as server:
        assert answers(server.url, DID, HANDLE, PASSWORD) == SEEN
