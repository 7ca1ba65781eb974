"""Every way a request can end: what the wire saw of it, and the error that follows."""

import gzip
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from scheduler.errors import Ambiguous, AuthExpired, NotSent, PublishError, RateLimited, Rejected, Transient
from scheduler.http.route import Route
from scheduler.http.session import HttpSession
from scheduler.http.wire import Wire

Serve = Callable[..., Any]
BIG = b"x" * 30_000_000
SHORT = 0.2
# generous to a busy machine, and far from what a test without a deadline would take
SOON = 2.5


def session(url: str, clock: Any, **options: Any) -> HttpSession:
    return HttpSession(url, clock=clock, **{"allow_private": True, "timeout_seconds": 3.0, **options})


def ends_with(http: HttpSession, body: bytes = b'{"text": "hello"}', path: str = "/posts") -> type[PublishError]:
    with pytest.raises(PublishError) as caught:
        http.create("POST", path, content=body)
    http.close()
    return caught.type


def marks(url: str, clock: Any, body: bytes = b"{}", seconds: float = 3.0) -> tuple[bool, bool]:
    """What the wire saw: (begun, whole)."""
    import requests

    wire = Wire(clock=clock, allow_private=True)
    outcome = wire.exchange(requests.Request("POST", url, data=body).prepare(), seconds=seconds, creating=True)
    wire.close()
    return outcome.begun, outcome.whole


# Never begun: proved not sent.


def test_a_refused_connection_was_never_begun(clock: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert ends_with(session(url, clock)) is Transient
    assert marks(url, clock) == (False, False)


def test_a_name_that_is_not_found_was_never_begun(clock: Any) -> None:
    def lookup(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    http = session("http://nowhere.example", clock, wire=Wire(clock=clock, lookup=lookup))
    assert ends_with(http) is Transient


def test_a_name_that_is_looked_up_for_ever_ends_at_the_deadline(clock: Any) -> None:
    stop = threading.Event()

    def lookup(*_: Any, **__: Any) -> Any:
        stop.wait(10)
        return []

    http = session("http://slow.example", clock, wire=Wire(clock=clock, lookup=lookup), timeout_seconds=SHORT)
    began = time.monotonic()
    assert ends_with(http) is Transient
    stop.set()
    assert time.monotonic() - began < SOON


def test_a_connection_that_nobody_takes_was_never_begun(clock: Any) -> None:
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        time.sleep(0.05)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert ends_with(session(url, clock, timeout_seconds=SHORT)) in {Transient, Ambiguous}
        begun, _ = marks(url, clock, seconds=SHORT)
        # where a system takes the connection in spite of a full line, it was begun and stays unanswered
        assert ends_with(session(url, clock, timeout_seconds=SHORT)) is (Ambiguous if begun else Transient)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_was_never_begun(clock: Any, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert (
        ends_with(session(f"{scheme}://platform.example", clock, allow_private=False, route=Route(proxy))) is Transient
    )


def test_a_tunnel_that_a_proxy_denies_was_never_begun(serve: Serve, clock: Any) -> None:
    server = serve(lambda visit: (visit.request(), visit.answer(b"", "407 Proxy Authentication Required")))
    assert (
        ends_with(session("https://platform.example", clock, allow_private=False, route=Route(server.url))) is Transient
    )
    assert server.requests[0].startswith(b"CONNECT platform.example:443")


def test_a_tunnel_that_opens_and_dies_was_never_begun(serve: Serve, clock: Any) -> None:
    server = serve(lambda visit: (visit.request(), visit.say("HTTP/1.1 200 OK\r\n\r\n")))
    assert (
        ends_with(session("https://platform.example", clock, allow_private=False, route=Route(server.url))) is Transient
    )


def test_a_handshake_that_hangs_was_never_begun(serve: Serve, clock: Any) -> None:
    server = serve(lambda visit: visit.hang())
    url = server.url.replace("http:", "https:")
    began = time.monotonic()
    assert ends_with(session(url, clock, timeout_seconds=SHORT)) is Transient
    assert time.monotonic() - began < SOON
    assert marks(url, clock, seconds=SHORT) == (False, False)


def test_a_handshake_that_dribbles_ends_at_the_deadline(serve: Serve, clock: Any) -> None:
    def dribble(visit: Any) -> None:
        # the beginning of a long record, byte by byte
        for byte in b"\x16\x03\x03\x40\x00" + b"\x02" * 200:
            visit.say(bytes([byte]))
            if visit.closing.wait(0.05):
                return

    url = serve(dribble).url.replace("http:", "https:")
    began = time.monotonic()
    assert ends_with(session(url, clock, timeout_seconds=SHORT)) is Transient
    assert time.monotonic() - began < SOON


def test_a_handshake_that_is_closed_was_never_begun(serve: Serve, clock: Any) -> None:
    url = serve(lambda visit: visit.line.recv(1)).url.replace("http:", "https:")
    assert ends_with(session(url, clock)) is Transient
    assert marks(url, clock) == (False, False)


def test_a_handshake_that_is_reset_was_never_begun(serve: Serve, clock: Any) -> None:
    url = serve(lambda visit: (visit.line.recv(1), visit.reset())).url.replace("http:", "https:")
    assert ends_with(session(url, clock)) is Transient


def test_a_certificate_that_nobody_vouches_for_was_never_begun(serve: Serve, clock: Any, certificate: Any) -> None:
    server = serve(lambda visit: (visit.request(), visit.answer()), tls=certificate.server())
    assert ends_with(session(server.url, clock)) is Transient
    assert server.requests == []


def test_a_certificate_for_another_name_was_never_begun(serve: Serve, clock: Any, certificate: Any) -> None:
    server = serve(lambda visit: (visit.request(), visit.answer()), tls=certificate.server())
    lookup = leads_to("127.0.0.1")
    wire = Wire(clock=clock, allow_private=True, ca=str(certificate.path), lookup=lookup)
    assert ends_with(session(f"https://other.example:{server.port}", clock, wire=wire)) is Transient
    assert server.requests == []


@pytest.mark.parametrize("spare", [0, 1], ids=["no socket", "none for the watchdog"])
def test_a_machine_without_descriptors_has_begun_nothing(clock: Any, spare: int) -> None:
    import resource

    with socket.create_server(("127.0.0.1", 0)) as listener:
        http = session(f"http://127.0.0.1:{listener.getsockname()[1]}", clock)
        with socket.socket() as probe:
            free = probe.fileno()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free + spare, hard))
        try:
            with pytest.raises(Transient, match="too many files"):
                http.create("POST", "/posts", content=b"{}")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_name_with_several_addresses_is_tried_one_after_another(serve: Serve, clock: Any) -> None:
    server = serve(lambda visit: (visit.request(), visit.answer()))
    wire = Wire(clock=clock, allow_private=True, lookup=leads_to("127.0.0.2", "127.0.0.1"))
    assert session(f"http://two.example:{server.port}", clock, wire=wire).create("POST", "/", content=b"").status == 200


def leads_to(*addresses: str) -> Callable[..., Any]:
    def lookup(_host: str, port: int, **_: Any) -> Any:
        return [
            (socket.AF_INET6 if ":" in text else socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port))
            for text in addresses
        ]

    return lookup


# Begun, and no answer: the post may exist.


def closes_unread(visit: Any) -> None:
    visit.line.recv(1, socket.MSG_PEEK)


def resets_at_once(visit: Any) -> None:
    visit.reset()


def closes_after_the_headers(visit: Any) -> None:
    visit.head()


def closes_after_the_body(visit: Any) -> None:
    visit.request()


def resets_after_the_body(visit: Any) -> None:
    visit.request()
    visit.reset()


def resets_amid_its_headers(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\nContent-Len")
    visit.reset()


def closes_amid_its_headers(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\nContent-Len")


def resets_amid_its_body(visit: Any) -> None:
    visit.request()
    visit.say('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id"')
    visit.reset()


def truncates_its_body(visit: Any) -> None:
    visit.request()
    visit.say('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": "1"}')


def truncates_its_chunks(visit: Any) -> None:
    visit.request()
    visit.say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{"id": "1"}\r\n')


def talks_garbage(visit: Any) -> None:
    visit.request()
    visit.say("\x16\x03 what?\r\n\r\n")


def says_an_endless_header(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 70_000, "\r\n\r\n{}")


def says_two_lengths(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}    ")


def says_too_many_headers(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\n", "X-A: b\r\n" * 200, "\r\n{}")


def packs_badly(visit: Any) -> None:
    visit.request()
    visit.answer(b"this is not gzip", "200 OK", "Content-Encoding: gzip")


def fails_inside(visit: Any) -> None:
    visit.request()
    visit.answer(b"<h1>Oops</h1>", "500 Internal Server Error")


def says_early_hints_only(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 103 Early Hints\r\n\r\n")


LOSING = [
    closes_unread,
    closes_after_the_headers,
    closes_after_the_body,
    resets_after_the_body,
    resets_amid_its_headers,
    closes_amid_its_headers,
    resets_amid_its_body,
    truncates_its_body,
    truncates_its_chunks,
    talks_garbage,
    says_an_endless_header,
    says_two_lengths,
    says_too_many_headers,
    packs_badly,
    fails_inside,
    says_early_hints_only,
]


@pytest.mark.parametrize("script", LOSING, ids=lambda script: script.__name__)
def test_a_request_that_was_taken_and_not_answered_may_have_been_done(serve: Serve, clock: Any, script: Any) -> None:
    assert ends_with(session(serve(script).url, clock)) is Ambiguous


@pytest.mark.parametrize("script", [*LOSING, resets_at_once], ids=lambda script: script.__name__)
def test_the_same_trouble_in_preparing_made_nothing(serve: Serve, clock: Any, script: Any) -> None:
    http = session(serve(script).url, clock)
    with pytest.raises(Transient):
        http.prepare("POST", "/media", content=b"{}")
    with pytest.raises(Transient):
        http.read("/posts")
    with pytest.raises(Transient):
        http.find("/posts/1")


# a TLS socket cannot be peeked into
@pytest.mark.parametrize("script", [*LOSING[1:], resets_at_once], ids=lambda script: script.__name__)
def test_the_same_trouble_under_tls_is_the_same(serve: Serve, clock: Any, certificate: Any, script: Any) -> None:
    server = serve(script, tls=certificate.server())
    http = session(server.url, clock, route=Route(ca=str(certificate.path)))
    assert ends_with(http) is Ambiguous


@pytest.mark.parametrize("body", [b"{}", BIG], ids=["small", "big"])
def test_a_reset_at_once_is_sorted_by_what_the_wire_saw(serve: Serve, clock: Any, body: bytes) -> None:
    """The reset may be seen while connecting or while writing; only the mark can tell."""
    wire = Wire(clock=clock, allow_private=True)
    seen: list[bool] = []
    exchange = wire.exchange

    def watched(*args: Any, **kwargs: Any) -> Any:
        outcome = exchange(*args, **kwargs)
        seen.append(outcome.begun)
        return outcome

    wire.exchange = watched  # type: ignore[method-assign]
    error = ends_with(session(serve(resets_at_once).url, clock, wire=wire), body)
    assert error is (Ambiguous if seen == [True] else Transient)


def test_a_big_body_that_is_not_read_to_its_end_may_have_been_taken(serve: Serve, clock: Any) -> None:
    url = serve(closes_after_the_headers).url
    assert ends_with(session(url, clock), BIG) is Ambiguous
    assert marks(url, clock, BIG) == (True, False)


def test_a_server_that_never_reads_holds_nobody(serve: Serve, clock: Any) -> None:
    url = serve(lambda visit: visit.hang()).url
    began = time.monotonic()
    assert ends_with(session(url, clock, timeout_seconds=SHORT), BIG) is Ambiguous
    assert time.monotonic() - began < SOON
    assert marks(url, clock, BIG, SHORT) == (True, False)


def test_a_server_that_hangs_after_the_body_may_have_done_it(serve: Serve, clock: Any) -> None:
    url = serve(lambda visit: (visit.request(), visit.hang())).url
    began = time.monotonic()
    assert ends_with(session(url, clock, timeout_seconds=SHORT)) is Ambiguous
    assert time.monotonic() - began < SOON
    assert marks(url, clock, seconds=SHORT) == (True, True)


def dribbles_its_head(visit: Any) -> None:
    visit.request()
    for byte in b"HTTP/1.1 200 OK\r\nX-Filler: " + b"x" * 400:
        visit.say(bytes([byte]))
        if visit.closing.wait(0.05):
            return


def dribbles_its_body(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
    for _ in range(400):
        visit.say(" ")
        if visit.closing.wait(0.05):
            return


def dribbles_without_a_length(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}")
    for _ in range(400):
        visit.say(" ")
        if visit.closing.wait(0.05):
            return


@pytest.mark.parametrize("script", [dribbles_its_head, dribbles_its_body, dribbles_without_a_length])
def test_a_server_that_dribbles_is_cut_off_at_the_deadline(serve: Serve, clock: Any, script: Any) -> None:
    began = time.monotonic()
    assert ends_with(session(serve(script).url, clock, timeout_seconds=SHORT)) is Ambiguous
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("script", [dribbles_its_head, dribbles_without_a_length])
def test_a_connection_that_is_used_again_is_cut_off_as_well(serve: Serve, clock: Any, script: Any) -> None:
    server = serve(lambda visit: (visit.request(), visit.answer(), script(visit)))
    http = session(server.url, clock, timeout_seconds=SHORT)
    http.create("POST", "/posts", content=b"{}", timeout_seconds=3)
    began = time.monotonic()
    assert ends_with(http) is Ambiguous
    assert time.monotonic() - began < SOON
    assert len(server.visits) == 1


@pytest.mark.parametrize("script", [dribbles_its_head, dribbles_its_body])
def test_a_server_that_dribbles_under_tls_is_cut_off_too(
    serve: Serve, clock: Any, certificate: Any, script: Any
) -> None:
    server = serve(script, tls=certificate.server())
    began = time.monotonic()
    http = session(server.url, clock, timeout_seconds=0.6, route=Route(ca=str(certificate.path)))
    assert ends_with(http) is Ambiguous
    assert time.monotonic() - began < SOON


def test_an_answer_without_end_is_not_read_to_it(serve: Serve, clock: Any) -> None:
    def floods(visit: Any) -> None:
        visit.request()
        visit.say("HTTP/1.1 200 OK\r\n\r\n")
        while not visit.closing.is_set():
            visit.say(b" " * 65536)

    http = session(serve(floods).url, clock)
    with pytest.raises(Ambiguous):
        http.create("POST", "/posts", content=b"{}", limit_bytes=1_000_000)
    with pytest.raises(Transient):
        http.read("/posts", limit_bytes=1_000_000)


def test_a_packed_answer_counts_by_what_it_unpacks_to(serve: Serve, clock: Any) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    server = serve(lambda visit: (visit.request(), visit.answer(bomb, "200 OK", "Content-Encoding: gzip")))
    with pytest.raises(Ambiguous):
        session(server.url, clock).create("POST", "/posts", content=b"{}", limit_bytes=1_000_000)


# A whole answer decides.


def replies(status: str, body: bytes = b"{}", *headers: str) -> Callable[[Any], None]:
    def script(visit: Any) -> None:
        while visit.request():
            visit.answer(body, status, *headers)

    return script


@pytest.mark.parametrize(
    ("status", "created", "prepared", "read"),
    [
        ("301 Moved", Rejected, Rejected, Transient),
        ("302 Found", Rejected, Rejected, Transient),
        ("400 Bad Request", Rejected, Rejected, Transient),
        ("401 Unauthorized", AuthExpired, AuthExpired, AuthExpired),
        ("403 Forbidden", Rejected, Rejected, Transient),
        ("404 Not Found", Rejected, Rejected, Transient),
        ("407 Proxy Authentication Required", Transient, Transient, Transient),
        ("408 Request Timeout", Ambiguous, Transient, Transient),
        ("409 Conflict", Rejected, Rejected, Transient),
        ("410 Gone", Rejected, Rejected, Transient),
        ("413 Content Too Large", Rejected, Rejected, Transient),
        ("422 Unprocessable", Rejected, Rejected, Transient),
        ("425 Too Early", Transient, Transient, Transient),
        ("429 Too Many Requests", RateLimited, RateLimited, RateLimited),
        ("499 Odd", Rejected, Rejected, Transient),
        ("500 Internal Server Error", Ambiguous, Transient, Transient),
        ("502 Bad Gateway", Ambiguous, Transient, Transient),
        ("503 Service Unavailable", Ambiguous, Transient, Transient),
        ("504 Gateway Timeout", Ambiguous, Transient, Transient),
        ("599 Odd", Ambiguous, Transient, Transient),
        ("999 Denied", Ambiguous, Transient, Transient),
    ],
)
def test_a_status_means_what_the_purpose_of_the_request_makes_of_it(
    serve: Serve, clock: Any, status: str, created: Any, prepared: Any, read: Any
) -> None:
    http = session(serve(replies(status)).url, clock)
    assert ends_with(http) is created
    with pytest.raises(PublishError) as caught:
        http.prepare("POST", "/media", content=b"{}")
    assert caught.type is prepared
    with pytest.raises(PublishError) as caught:
        http.read("/posts")
    assert caught.type is read
    assert issubclass(prepared, NotSent)
    assert issubclass(read, NotSent)


def test_a_refusal_before_the_body_was_sent_is_heard(serve: Serve, clock: Any) -> None:
    def refuses_early(visit: Any) -> None:
        visit.head()
        visit.answer(b'{"error": "too big"}', "413 Content Too Large", "Connection: close")
        visit.line.shutdown(socket.SHUT_WR)
        time.sleep(0.05)
        visit.reset()

    assert ends_with(session(serve(refuses_early).url, clock), BIG) is Rejected


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("422 Unprocessable", Rejected),
        ("401 Unauthorized", AuthExpired),
        ("429 Too Many", RateLimited),
        ("500 Oops", Ambiguous),
    ],
)
def test_a_refusal_decides_though_its_body_breaks_off(serve: Serve, clock: Any, status: str, error: Any) -> None:
    def breaks_off(visit: Any) -> None:
        visit.request()
        visit.say(f"HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\n{{")

    assert ends_with(session(serve(breaks_off).url, clock)) is error


def test_who_judges_by_bodies_does_not_judge_by_half_of_one(serve: Serve, clock: Any) -> None:
    def breaks_off(visit: Any) -> None:
        visit.request()
        visit.say('HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{"error": "Inva')

    assert ends_with(session(serve(breaks_off).url, clock, sort=lambda _reply: None)) is Ambiguous


def test_a_redirect_is_not_followed(serve: Serve, clock: Any) -> None:
    server = serve(replies("302 Found", b"", "Location: /elsewhere"))
    assert ends_with(session(server.url, clock)) is Rejected
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["http://[bad", "//", "gopher://x", "\x00"])
def test_a_redirect_to_nonsense_is_a_redirect(serve: Serve, clock: Any, location: str) -> None:
    assert ends_with(session(serve(replies("302 Found", b"", f"Location: {location}")).url, clock)) is Rejected


@pytest.mark.parametrize("body", [b"", b"OK", b"<html>", b"\xff", b'{"id": ', b"[" * 100_000])
def test_an_answer_that_cannot_be_understood_is_no_proof(serve: Serve, clock: Any, body: bytes) -> None:
    http = session(serve(replies("200 OK", body)).url, clock)
    with pytest.raises(Ambiguous):
        http.create("POST", "/posts", content=b"{}").json()
    with pytest.raises(Transient):
        http.read("/posts").json()


def test_a_request_is_never_sent_again(serve: Serve, clock: Any) -> None:
    server = serve(closes_after_the_body)
    ends_with(session(server.url, clock))
    assert len(server.visits) == 1


def test_no_cookie_is_kept(serve: Serve, clock: Any) -> None:
    server = serve(replies("200 OK", b"{}", "Set-Cookie: session=abc; Path=/"))
    http = session(server.url, clock)
    http.create("POST", "/posts", content=b"{}")
    http.create("POST", "/posts", content=b"{}")
    assert b"session=abc" not in b"".join(server.requests)


def test_the_environment_is_not_asked_for_a_proxy(serve: Serve, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert session(serve(replies("200 OK")).url, clock).create("POST", "/posts", content=b"{}").status == 200


# Connections that are kept.


def test_posts_close_together_share_a_connection(serve: Serve, clock: Any) -> None:
    server = serve(replies("200 OK"))
    http = session(server.url, clock)
    for _ in range(3):
        http.create("POST", "/posts", content=b"{}")
        clock.turn(1.9)
    assert len(server.visits) == 1


def test_a_post_does_not_leave_on_a_connection_that_was_idle(serve: Serve, clock: Any) -> None:
    server = serve(replies("200 OK"))
    http = session(server.url, clock)
    http.create("POST", "/posts", content=b"{}")
    clock.turn(2.1)
    http.create("POST", "/posts", content=b"{}")
    assert len(server.visits) == 2


def test_a_look_may_use_a_connection_that_was_idle(serve: Serve, clock: Any) -> None:
    server = serve(replies("200 OK"))
    http = session(server.url, clock)
    http.read("/posts")
    clock.turn(60)
    http.read("/posts")
    assert len(server.visits) == 1


def test_a_machine_that_slept_does_not_take_its_connections_for_fresh(serve: Serve, clock: Any) -> None:
    """The monotonic clock stands still while a laptop sleeps; the wall clock does not."""
    server = serve(replies("200 OK"))
    http = session(server.url, clock)
    http.create("POST", "/posts", content=b"{}")
    clock.turn(3600)
    clock.seconds -= 3599
    http.create("POST", "/posts", content=b"{}")
    assert len(server.visits) == 2


def test_a_connection_that_the_server_closed_is_not_used_again(serve: Serve, clock: Any) -> None:
    def once(visit: Any) -> None:
        visit.request()
        visit.answer()

    server = serve(once)
    http = session(server.url, clock)
    http.create("POST", "/posts", content=b"{}")
    server.visits[0].line.close()
    time.sleep(0.05)
    assert http.create("POST", "/posts", content=b"{}").status == 200
    assert len(server.visits) == 2


@pytest.mark.parametrize("end", [closes_after_the_body, resets_after_the_body])
def test_a_connection_closed_while_the_next_post_travels_loses_the_answer(serve: Serve, clock: Any, end: Any) -> None:
    def closes_on_the_second(visit: Any) -> None:
        visit.request()
        visit.answer()
        end(visit)

    http = session(serve(closes_on_the_second).url, clock)
    http.create("POST", "/posts", content=b"{}")
    assert ends_with(http) is Ambiguous


def test_a_connection_opened_ahead_carries_the_post(serve: Serve, clock: Any) -> None:
    server = serve(replies("200 OK"))
    http = session(server.url, clock)
    http.warm()
    clock.turn(2.5)
    http.create("POST", "/posts", content=b"{}")
    assert len(server.visits) == 1


def test_a_connection_opened_ahead_and_forgotten_does_not(serve: Serve, clock: Any) -> None:
    server = serve(replies("200 OK"))
    http = session(server.url, clock)
    http.warm()
    clock.turn(6)
    http.create("POST", "/posts", content=b"{}")
    assert len(server.visits) == 2


def test_opening_ahead_replaces_what_will_be_too_old(serve: Serve, clock: Any) -> None:
    server = serve(replies("200 OK"))
    http = session(server.url, clock)
    http.create("POST", "/posts", content=b"{}")
    clock.turn(1)
    http.warm()
    time.sleep(0.05)
    assert len(server.visits) == 2
    clock.turn(2)
    http.create("POST", "/posts", content=b"{}")
    assert len(server.visits) == 2


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_a_handshake_made_ahead_is_not_made_again(serve: Serve, clock: Any, certificate: Any, version: str) -> None:
    """Under TLS 1.3 tickets wait unread on such a connection, which looks as if the server had closed."""
    import ssl

    context = certificate.server()
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
    server = serve(replies("200 OK"), tls=context)
    http = session(server.url, clock, route=Route(ca=str(certificate.path)))
    http.warm()
    time.sleep(0.1)
    http.create("POST", "/posts", content=b"{}")
    http.create("POST", "/posts", content=b"{}")
    assert len(server.visits) == 1


def test_a_warm_connection_that_the_server_closed_is_opened_anew(serve: Serve, clock: Any, certificate: Any) -> None:
    def hangs_up_first(visit: Any) -> None:
        if visit.number:
            visit.request()
            visit.answer()

    server = serve(hangs_up_first, tls=certificate.server())
    http = session(server.url, clock, route=Route(ca=str(certificate.path)))
    http.warm()
    time.sleep(0.1)
    assert http.create("POST", "/posts", content=b"{}").status == 200


def test_a_server_that_cannot_be_reached_ahead_is_said_so(clock: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(Transient, match="refused"):
        session(url, clock).warm()


def test_many_threads_do_not_mix_up_their_marks(serve: Serve, clock: Any) -> None:
    """One account's session used by several threads: each sees the end of its own request."""

    def by_path(visit: Any) -> None:
        while head := visit.request():
            if b"/bad" in head:
                return
            visit.answer()

    http = session(serve(by_path).url, clock)
    ends: dict[int, str] = {}

    def ask(number: int) -> None:
        try:
            http.create("POST", "/bad" if number % 2 else "/good", content=b"{}")
            ends[number] = "sent"
        except PublishError as error:
            ends[number] = type(error).__name__

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == {number: "Ambiguous" if number % 2 else "sent" for number in range(20)}
