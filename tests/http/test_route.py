"""The way out: a proxy's tunnel for what speaks no HTTP, the believed certificates, and what the settings may mean."""

import base64
from pathlib import Path

import pytest

from scheduler.errors import UsageError
from scheduler.http.route import ProxyRefuses, Route, checked_route

TARGET = ("mail.example.org", 465)


def through(proxy_url):
    return Route(proxy_url).connected(*TARGET, seconds=3, own_network=False)


def test_a_tunnel_carries_what_comes_after_its_head(serve):
    proxy = serve(
        lambda visit: (visit.head(), visit.say("HTTP/1.1 200 OK\r\nVia: it\r\n\r\n220 hello\r\n"), visit.hang())
    )
    with through(proxy.url) as line:
        assert line.recv(100) == b"220 hello\r\n"


def test_the_proxy_alone_hears_the_name_and_its_own_login(serve):
    heard = []
    proxy = serve(lambda visit: (heard.append(visit.head()), visit.say("HTTP/1.1 200 OK\r\n\r\n")))
    through(proxy.url.replace("://", "://me:p%40ss@")).close()
    first, host, login = heard[0].split(b"\r\n")[:3]
    assert first == b"CONNECT mail.example.org:465 HTTP/1.1"
    assert host == b"Host: mail.example.org:465"
    assert base64.b64decode(login.rpartition(b" ")[2]) == b"me:p@ss"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("HTTP/1.1 407 Who are you\r\n\r\n", "407"),
        ("HTTP/1.1 403 No\r\n\r\n", "403"),
        ("nonsense\r\n\r\n", "nothing that can be read"),
        ("HTTP/1.1 200 OK\r\n", "hung up"),
        ("", "hung up"),
        ("x" * 20_000, "hung up"),
    ],
)
def test_a_proxy_that_opens_no_way_says_so(serve, answer, said):
    proxy = serve(lambda visit: (visit.head(), visit.say(answer), visit.line.close()))
    with pytest.raises(OSError, match=said) as caught:
        through(proxy.url.replace("://", "://me:CANARY@"))
    assert "CANARY" not in repr(caught.value)


def test_ones_own_network_is_reached_without_the_proxy(serve):
    proxy, server = serve(lambda visit: visit.hang()), serve(lambda visit: visit.say("220 hello\r\n"))
    with Route(proxy.url).connected("127.0.0.1", server.port, seconds=3, own_network=True) as line:
        assert line.recv(100) == b"220 hello\r\n"
    assert proxy.visits == []
    assert Route(proxy.url).proxy_to(own_network=True) is None


def test_a_proxy_under_tls_is_for_http_alone(serve):
    proxy = serve(lambda visit: visit.hang())
    with pytest.raises(ProxyRefuses, match="begins with http://"):
        through(proxy.url.replace("http:", "https:"))


@pytest.mark.parametrize(
    "proxy", ["socks5://x:1", "proxy.example:3128", "http://", "http://me:CANARY@x:port", "http://x:0"]
)
def test_what_is_no_proxys_address_is_refused_and_not_repeated(proxy):
    with pytest.raises(UsageError, match="DRUMBEAT_PROXY") as caught:
        checked_route(proxy, "")
    assert "CANARY" not in str(caught.value)


def test_a_file_without_certificates_is_refused_by_name(tmp_path: Path):
    with pytest.raises(UsageError, match=r"DRUMBEAT_CA_FILE.*no such file"):
        checked_route("", str(tmp_path / "none.pem"))
    (tmp_path / "empty.pem").write_text("nothing\n")
    with pytest.raises(UsageError, match="holds no certificate"):
        checked_route("", str(tmp_path / "empty.pem"))


def test_a_proxys_address_is_in_no_repr():
    assert "CANARY" not in repr(Route("http://me:CANARY@proxy:1"))
    assert checked_route("http://proxy.example:3128", "").proxy == "http://proxy.example:3128"
