"""What every test lives by: no network but loopback, one hypothesis profile."""

import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("drumbeat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("drumbeat")

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches out fails, whatever it meant to reach."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and not host.startswith(LOOPBACK):
            pytest.fail(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
