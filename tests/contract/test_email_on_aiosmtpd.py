"""Logging in to a mail server that other people wrote (aiosmtpd), encrypted by certificates of a throw-away authority.

STARTTLS and TLS from the first byte, a right login and a wrong one, a server that wants encryption or a
login and gets none, certificates that nobody vouches for, and the same through a proxy.
"""

import socket
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from scheduler.errors import AuthExpired, Rejected, Transient
from scheduler.http.route import Route
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.email import Email
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, draft
from tests.contract.conftest import send
from tests.contract.tunnel import Tunnel

# it counts STARTTLS alone as encryption, so for TLS from the first byte it is told to ask for none, and warns
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

USER, PASSWORD = "writer@example.org", "correct horse"
SECURITIES = ["starttls", "tls"]


@dataclass
class Taken:
    """What the server was given, and whether the line was encrypted by then."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(envelope.content)
        self.encrypted.append(server.transport.get_extra_info("cipher") is not None)
        return "250 Taken"


def lets_in(_server, _session, _envelope, mechanism, said):
    login = (said.login, said.password) if mechanism in {"LOGIN", "PLAIN"} else ()
    return AuthResult(success=login == (USER.encode(), PASSWORD.encode()), handled=False)


@contextmanager
def serving(certificate, *, security="starttls", **more):
    """The server, which wants encryption and a login, until the block is over."""
    with socket.create_server(("127.0.0.1", 0)) as spare:
        taken = Taken(spare.getsockname()[1])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    ways = {
        "starttls": {"tls_context": context, "require_starttls": True},
        "tls": {"ssl_context": context, "auth_require_tls": False},
        "none": {"auth_require_tls": False},
    }
    login = {"authenticator": lets_in, "auth_required": True}
    running = Controller(taken, "127.0.0.1", taken.port, **ways[security], **(login | more))
    running.start()
    try:
        yield taken
    finally:
        running.stop()


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.issue_cert("127.0.0.1", "mail.example.org")


@pytest.fixture
def route(authority, tmp_path):
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return Route(ca=str(tmp_path / "authority.pem"))


def email(server, route, *, password=PASSWORD, user=USER, security="starttls", host="127.0.0.1"):
    said = {"server": f"{host}:{server.port}", "from": USER, "to": "list@example.org", "security": security}
    said |= {"user": user} if user else {}
    secrets = {"password": "NAME"} if user else {}
    account = Account("list", "email", "UTC", settings=said, secrets=secrets)
    return Email.connect(account, Surroundings(Path(), FixedClock(DUE), lambda _: password, route))


def refused_as_not_trusted():
    return pytest.raises(Transient, match="its certificate is not trusted")


@pytest.mark.parametrize("security", SECURITIES)
def test_a_mail_goes_over_an_encrypted_line_with_a_login(certificate, route, security):
    with serving(certificate, security=security) as server:
        receipt = send(email(server, route, security=security), draft())
    assert receipt.extra["answer"].startswith("250 Taken")
    assert server.encrypted == [True]
    assert message_from_bytes(server.mails[0], policy=default)["Message-ID"] == receipt.remote_id


@pytest.mark.parametrize("security", SECURITIES)
def test_a_wrong_password_is_a_persons_to_mend_and_is_said_nowhere(certificate, route, security):
    with serving(certificate, security=security) as server:
        with pytest.raises(AuthExpired, match=r"127\.0\.0\.1 does not take the login: 535") as caught:
            send(email(server, route, password="CANARY-wrong", security=security), draft())
        with pytest.raises(AuthExpired):
            email(server, route, password="CANARY-wrong", security=security).inspect()
    assert "CANARY" not in str(caught.value)
    assert server.mails == []


def test_the_login_is_tried_at_inspect(certificate, route):
    with serving(certificate) as server:
        assert email(server, route).inspect().works
    assert server.mails == []


@pytest.mark.parametrize("security", SECURITIES)
def test_a_certificate_of_an_unknown_authority_is_not_trusted(certificate, tmp_path, security):
    trustme.CA().cert_pem.write_to_path(tmp_path / "another.pem")
    believing = Route(ca=str(tmp_path / "another.pem"))
    with serving(certificate, security=security) as server, refused_as_not_trusted():
        send(email(server, believing, security=security), draft())
    assert server.mails == []


@pytest.mark.parametrize("security", SECURITIES)
def test_a_certificate_for_another_name_is_not_trusted(authority, route, security):
    with serving(authority.issue_cert("other.example.org"), security=security) as server, refused_as_not_trusted():
        send(email(server, route, security=security), draft())
    assert server.mails == []


def test_a_server_that_wants_encryption_is_not_spoken_to_without(certificate, route):
    with serving(certificate) as server, pytest.raises((AuthExpired, Rejected), match="530"):
        send(email(server, route, security="none", user=""), draft())
    assert server.mails == []


def test_a_server_that_offers_no_encryption_gets_no_password(certificate, route):
    with serving(certificate, security="none") as server, pytest.raises(Transient, match="offers no encryption"):
        send(email(server, route), draft())
    assert server.mails == []


def test_a_server_that_wants_a_login_and_gets_none_waits_for_a_person(certificate, route):
    with serving(certificate) as server, pytest.raises(AuthExpired, match="530"):
        send(email(server, route, user=""), draft())
    assert server.mails == []


# -- through a proxy ---------------------------------------------------------------------


@pytest.mark.parametrize("security", SECURITIES)
def test_a_public_mail_server_is_reached_through_the_proxy(certificate, route, security):
    """Its name is resolved by the proxy alone, and the certificate must still be its own."""
    with serving(certificate, security=security) as server:
        tunnel = Tunnel(server.port)
        out = Route(tunnel.url, route.ca)
        send(email(server, out, security=security, host="mail.example.org"), draft())
        with pytest.raises(Transient, match="certificate is not trusted"):
            send(email(server, out, security=security, host="other.example.org"), draft())
        tunnel.close()
    assert len(server.mails) == 1
    assert tunnel.asked == [f"mail.example.org:{server.port}", f"other.example.org:{server.port}"]
