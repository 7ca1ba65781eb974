"""Reading what strangers name: shape, addresses, redirects and bounds."""

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import NotSent, Rejected, Transient
from scheduler.http.guard import fetch, may_ask

Serve = Callable[..., Any]


def page(body: bytes = b"<title>Hello</title>", status: str = "200 OK", *headers: str) -> Callable[[Any], None]:
    return lambda visit: (visit.request(), visit.answer(body, status, *headers))


def leads_to(address: str) -> Callable[..., Any]:
    def lookup(_host: str, port: int, **_: Any) -> Any:
        lookup.asked += 1  # type: ignore[attr-defined]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    lookup.asked = 0  # type: ignore[attr-defined]
    return lookup


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://me@example.org/",
        "https://me:secret@example.org/",
        "https://example.org:8080/",
        "https://example.org:22/",
        "https://example.org:99999/",
        "https://[::1",
        "https://localhost/",
        "https://router/",
        "https://printer.local/",
        "https://vault.internal/",
        "https://app.localhost./",
        "https://example.org\\@evil.example/",
        "https://example.org/a b",
        "https://example.org/\r\nHost: x",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_an_address_of_the_wrong_shape_is_not_asked(url: str) -> None:
    assert not may_ask(url)
    with pytest.raises(Rejected):
        fetch(url, lookup=leads_to("127.0.0.1"))


@pytest.mark.parametrize(
    "url", ["https://example.org/", "http://example.org:80/a?b=c#d", "https://срма.мк/", "https://[2606:4700::1111]/"]
)
def test_an_address_of_the_right_shape_may_be_asked(url: str) -> None:
    assert may_ask(url)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.1", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "10.0.0.1"],
)
def test_a_literal_address_inside_is_not_reached(host: str) -> None:
    with pytest.raises(Transient, match="could not be read"):
        fetch(f"http://{host}/", timeout=2)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "fd00:ec2::254", "224.0.0.1", "::ffff:10.0.0.1"])
def test_a_name_that_leads_inside_is_not_reached_and_not_told(address: str) -> None:
    with pytest.raises(NotSent) as caught:
        fetch("https://rebound.example/", lookup=leads_to(address))
    assert address not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_page_is_read_with_its_type(serve: Serve) -> None:
    server = serve(page(b"<p>", "200 OK", "Content-Type: Text/HTML; charset=utf-8"))
    fetched = fetch(server.url + "/a", allow_private=True)
    assert (fetched.url, fetched.type, fetched.body) == (server.url + "/a", "text/html", b"<p>")


def test_nothing_but_the_address_is_told_to_the_server(serve: Serve) -> None:
    server = serve(page())
    fetch(server.url + "/a", allow_private=True)
    names = {line.partition(b":")[0].lower() for line in server.requests[0].splitlines()[1:] if line}
    assert names == {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}


def test_a_name_is_looked_up_once_and_kept_in_host_and_certificate(serve: Serve, certificate: Any) -> None:
    named: list[str] = []
    context = certificate.server()
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    server = serve(page(), tls=context)
    lookup = leads_to("127.0.0.1")
    fetch(
        f"https://pinned.example:{server.port}/", allow_private=True, lookup=lookup, ca=str(certificate.path), timeout=3
    )
    assert lookup.asked == 1  # type: ignore[attr-defined]
    assert named == ["pinned.example"]
    assert f"Host: pinned.example:{server.port}".encode() in server.requests[0]


def test_redirects_are_followed_hop_by_hop(serve: Serve) -> None:
    def script(visit: Any) -> None:
        head = visit.request()
        if b"/last" in head:
            visit.answer(b"here")
        else:
            visit.answer(b"", "302 Found", "Location: /last")

    server = serve(script)
    fetched = fetch(server.url + "/first", allow_private=True)
    assert (fetched.url, fetched.body) == (server.url + "/last", b"here")


def test_each_hop_takes_a_connection_of_its_own(serve: Serve) -> None:
    """So that its name is resolved and judged anew, and no server that is closing is asked."""

    def script(visit: Any) -> None:
        while head := visit.request():
            last = b"/last" in head
            visit.answer(b"here", "200 OK" if last else "302 Found", "Location: /last", "Connection: keep-alive")

    server = serve(script)
    assert fetch(server.url + "/first", allow_private=True).body == b"here"
    assert len(server.visits) == 2


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://224.0.0.1/",
        "file:///etc/passwd",
        "//me@127.0.0.1/",
        "http://[bad/",
        "",
    ],
)
def test_a_redirect_is_judged_like_an_address(serve: Serve, status: str, target: str) -> None:
    server = serve(page(b"", status, f"Location: {target}"))
    with pytest.raises(NotSent):
        fetch(server.url, allow_private=True, timeout=2)
    assert len(server.requests) == 1


def test_redirects_without_end_come_to_one(serve: Serve) -> None:
    server = serve(page(b"", "302 Found", "Location: /again"))
    with pytest.raises(Rejected, match="on and on"):
        fetch(server.url, allow_private=True)
    assert len(server.requests) == 6


def test_a_redirect_never_leaves_tls(serve: Serve, certificate: Any) -> None:
    plain = serve(page())
    server = serve(page(b"", "302 Found", f"Location: {plain.url}/"), tls=certificate.server())
    with pytest.raises(Rejected):
        fetch(server.url, allow_private=True, ca=str(certificate.path), timeout=3)
    assert plain.requests == []


def test_a_page_is_read_no_further_than_was_allowed(serve: Serve) -> None:
    with pytest.raises(Rejected, match="too long"):
        fetch(serve(page(b"x" * 100_001)).url, allow_private=True, limit_bytes=100_000)
    assert len(fetch(serve(page(b"x" * 100_000)).url, allow_private=True, limit_bytes=100_000).body) == 100_000


def test_all_hops_share_one_deadline(serve: Serve) -> None:
    def slow(visit: Any) -> None:
        visit.request()
        visit.closing.wait(0.15)
        visit.answer(b"", "302 Found", "Location: /again")

    began = time.monotonic()
    with pytest.raises(Transient):
        fetch(serve(slow).url, allow_private=True, timeout=0.4)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", Rejected),
        ("401 Unauthorized", Rejected),
        ("429 Too Many", Transient),
        ("500 Oops", Transient),
        ("503 Busy", Transient),
        ("304 Same", Rejected),
    ],
)
def test_a_page_that_cannot_be_read_is_gone_or_busy(serve: Serve, status: str, error: Any) -> None:
    with pytest.raises(error):
        fetch(serve(page(b"", status)).url, allow_private=True)


@given(st.text(max_size=60))
def test_no_address_makes_a_traceback(text: str) -> None:
    for url in (text, f"http://{text}/", f"https://127.0.0.1{text}"):
        with pytest.raises(NotSent):
            fetch(url, lookup=leads_to("127.0.0.1"), timeout=1)
