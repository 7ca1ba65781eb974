"""The proxy and the certificates that the settings name are those that a publisher uses."""

import ssl

import pytest
import trustme

from scheduler.app import App
from scheduler.errors import UsageError
from scheduler.http.route import Route
from scheduler.publishers.nostr.relay import Relay
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE
from scheduler.testing.emulators.nostr import NostrRelay
from tests.contract.tunnel import Tunnel

KEY = "01" * 32


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def relay(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "relay.example.org").configure_cert(context)
    with NostrRelay(tls=context) as running:
        yield running


@pytest.fixture
def root(authority, tmp_path):
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return tmp_path


@pytest.fixture
def app(root, relay, monkeypatch):
    """The app of a workspace whose `.env` says what the test wants."""
    for name in ("DRUMBEAT_PROXY", "DRUMBEAT_CA_FILE"):
        monkeypatch.delenv(name, raising=False)

    def app(*lines):
        (root / "drumbeat.yaml").write_text(
            "workspace: w\ntimezone: UTC\naccounts:\n"
            f"  note: {{platform: nostr, relays: '{relay.url}', key: env:KEY}}\n"
        )
        (root / ".env").write_text("\n".join([f"KEY={KEY}", *lines, ""]))
        return App.open(workspace=root)

    return app


def test_a_relay_is_believed_by_the_certificates_that_the_settings_name(app):
    assert app("DRUMBEAT_CA_FILE=authority.pem").publisher("note").inspect().works
    report = app().publisher("note").inspect()
    assert not report.works
    assert "certificate" in report.notes[0]


def test_a_proxy_and_certificates_that_cannot_be_meant_stop_before_anything_leaves(app):
    with pytest.raises(UsageError, match="DRUMBEAT_CA_FILE"):
        app("DRUMBEAT_CA_FILE=none.pem").publisher("note")
    with pytest.raises(UsageError, match="DRUMBEAT_PROXY"):
        app("DRUMBEAT_PROXY=socks5://127.0.0.1:1").publisher("note")


def test_the_environment_of_other_programs_is_not_read(app, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert app("DRUMBEAT_CA_FILE=authority.pem").publisher("note").inspect().works


def test_a_public_relay_is_reached_through_the_proxy(root, relay):
    tunnel = Tunnel(relay.port)
    out = Route(tunnel.url, str(root / "authority.pem"))
    Relay(f"wss://relay.example.org:{relay.port}", FixedClock(DUE), route=out).reach()
    tunnel.close()
    assert tunnel.asked == [f"relay.example.org:{relay.port}"]


def test_a_way_that_changes_while_the_daemon_runs_is_taken(app, root):
    """The daemon asks for its publishers anew when `.env` changes; the way is read with it."""
    running = app()
    assert running.route == Route()
    with (root / ".env").open("a") as env:
        env.write("DRUMBEAT_PROXY=http://127.0.0.1:3128\nDRUMBEAT_CA_FILE=authority.pem\n")
    assert running.route == Route("http://127.0.0.1:3128", str(root / "authority.pem"))
