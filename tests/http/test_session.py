"""What a publisher's session sends, gives back, and keeps to itself."""

import logging
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Bug,
    Duplicate,
    PublishError,
    RateLimited,
    Rejected,
    SchedulerError,
    Transient,
    UsageError,
)
from scheduler.http.bodies import FilePart
from scheduler.http.reply import Reply
from scheduler.http.route import Route
from scheduler.http.session import HttpSession
from scheduler.http.wire import Wire

Serve = Callable[..., Any]


def session(url: str, clock: Any, **options: Any) -> HttpSession:
    return HttpSession(url, clock=clock, allow_private=True, **{"timeout_seconds": 3.0, **options})


def replies(status: str = "200 OK", body: bytes = b"{}", *headers: str) -> Callable[[Any], None]:
    def script(visit: Any) -> None:
        while visit.request():
            visit.answer(body, status, *headers)

    return script


# What is sent.


def test_a_request_carries_the_sessions_headers_and_its_own(serve: Serve, clock: Any) -> None:
    server = serve(replies())
    http = session(server.url + "/api/", clock, headers={"Authorization": "Bearer t"}, user_agent="Drumbeat/9")
    http.create("POST", "/posts", json={"text": "Здраво"}, headers={"Idempotency-Key": "k1"}, params={"a": "b c"})
    sent = server.requests[0]
    assert sent.startswith(b"POST /api/posts?a=b+c HTTP/1.1\r\n")
    for line in (b"Authorization: Bearer t", b"Idempotency-Key: k1", b"User-Agent: Drumbeat/9"):
        assert line in sent
    assert b"Content-Type: application/json" in sent


def test_a_body_is_sent_byte_for_byte(serve: Serve, clock: Any) -> None:
    """A signature covers exactly these bytes."""
    server = serve(replies())
    body = b'{"b":1, "a":"\xd0\x97"}'
    session(server.url, clock).create("POST", "", content=body, content_type="application/json")
    assert server.requests[0].endswith(b"\r\n\r\n" + body)
    assert b"Content-Type: application/json\r\n" in server.requests[0]


def test_a_form_is_sent_as_one(serve: Serve, clock: Any) -> None:
    server = serve(replies())
    session(server.url, clock).prepare("POST", "/token", form=[("media_ids[]", "1"), ("media_ids[]", "2")])
    assert server.requests[0].endswith(b"media_ids%5B%5D=1&media_ids%5B%5D=2")


def test_a_path_that_is_encoded_stays_so(serve: Serve, clock: Any) -> None:
    server = serve(replies())
    session(server.url, clock).prepare("PUT", "/rooms/%21a%3Ab%2Fc/send", json={})
    assert server.requests[0].startswith(b"PUT /rooms/%21a%3Ab%2Fc/send HTTP")


def test_a_file_is_the_body_with_its_length(serve: Serve, clock: Any, tmp_path: Path) -> None:
    server = serve(replies())
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG" * 50_000)
    session(server.url, clock).prepare("POST", "/blobs", file=picture, content_type="image/png")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == picture.read_bytes()
    assert b"Content-Length: 200000" in head
    assert b"Content-Type: image/png" in head
    assert b"chunked" not in head.lower()


def test_an_empty_file_is_an_empty_body(serve: Serve, clock: Any, tmp_path: Path) -> None:
    server = serve(replies())
    empty = tmp_path / "empty.bin"
    empty.touch()
    session(server.url, clock).prepare("POST", "/blobs", file=empty, content_type="image/png")
    assert b"Content-Length: 0" in server.requests[0]


def test_a_form_with_files_is_read_by_pythons_own_parser(serve: Serve, clock: Any, tmp_path: Path) -> None:
    from email import message_from_bytes
    from email.policy import HTTP

    server = serve(replies())
    picture = tmp_path / 'a "quoted".png'
    picture.write_bytes(b"\r\n--x\r\n" * 30_000)
    parts = ({"description": "Жена под чадор", "focus": "0,0"}, [FilePart("file", picture, "image/png")])
    session(server.url, clock).prepare("POST", "/media", parts=parts)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    form = message_from_bytes(head.partition(b"\r\n")[2] + b"\r\n\r\n" + body, policy=HTTP)
    fields = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in form.iter_parts()
    }
    assert fields == {
        "description": "Жена под чадор".encode(),
        "focus": b"0,0",
        "file": picture.read_bytes(),
    }


def test_a_file_that_is_gone_is_said_before_anything_is_sent(serve: Serve, clock: Any, tmp_path: Path) -> None:
    server = serve(replies())
    with pytest.raises(Rejected, match=r"gone\.png"):
        session(server.url, clock).prepare("POST", "/blobs", file=tmp_path / "gone.png")
    with pytest.raises(Rejected, match=r"gone\.png"):
        session(server.url, clock).create("POST", "/x", parts=({}, [FilePart("f", tmp_path / "gone.png")]))
    assert server.visits == []


def test_a_file_that_shrinks_while_it_is_sent_makes_no_whole_request(serve: Serve, clock: Any, tmp_path: Path) -> None:
    from scheduler.http.bodies import FileBody

    short = tmp_path / "short.bin"
    short.write_bytes(b"x" * 10)
    with pytest.raises(OSError, match="shorter"):
        list(FileBody(short, 20))


def test_a_file_that_grows_is_sent_as_long_as_was_said(tmp_path: Path) -> None:
    from scheduler.http.bodies import FileBody

    grown = tmp_path / "grown.bin"
    grown.write_bytes(b"x" * 30)
    assert b"".join(FileBody(grown, 20)) == b"x" * 20


@pytest.mark.parametrize("path", ["posts", "@evil.example/", "https://evil.example/", ".evil.example"])
def test_a_path_cannot_lead_to_another_host(clock: Any, path: str) -> None:
    with pytest.raises(Bug):
        session("https://platform.example", clock).create("POST", path)


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("https://", {}),
        ("ftp://platform.example", {}),
        ("https://[platform", {}),
        ("https://platform.example", {"Authorization": "Bearer CANARY\r\nX: y"}),
        ("https://platform.example", {"Authorization": "Bearer ЗCANARY"}),
    ],
)
def test_a_request_that_cannot_be_made_is_refused(clock: Any, url: str, headers: dict[str, str]) -> None:
    wire = Wire(clock=clock, lookup=lambda *_a, **_k: [])
    with pytest.raises((Rejected, Transient)) as caught:
        HttpSession(url, clock=clock, headers=headers, wire=wire).create("POST", "/x")
    assert "CANARY" not in str(caught.value)


def test_a_header_that_cannot_be_written_is_refused_for_good(serve: Serve, clock: Any) -> None:
    http = session(serve(replies()).url, clock, headers={"Authorization": "Bearer Здраво"})
    with pytest.raises(Rejected):
        http.create("POST", "/x")


def test_a_private_server_is_not_reached_unless_allowed(serve: Serve, clock: Any) -> None:
    server = serve(replies())
    with pytest.raises(Transient, match="public address"):
        HttpSession(server.url, clock=clock).create("POST", "/x")
    assert server.visits == []


def test_a_proxy_of_another_kind_is_refused(clock: Any) -> None:
    with pytest.raises(UsageError):
        HttpSession("https://platform.example", clock=clock, route=Route("socks5://127.0.0.1:1"))


def test_a_plain_request_goes_through_the_proxy(serve: Serve, clock: Any) -> None:
    proxy = serve(replies("200 OK", b'{"id": "1"}'))
    http = HttpSession("http://platform.example", clock=clock, route=Route(proxy.url))
    assert http.create("POST", "/posts", json={}).fields() == {"id": "1"}
    assert proxy.requests[0].startswith(b"POST http://platform.example/posts HTTP/1.1")


def test_a_proxy_may_itself_be_under_tls(serve: Serve, clock: Any, certificate: Any) -> None:
    proxy = serve(replies("200 OK", b'{"id": "1"}'), tls=certificate.server())
    http = HttpSession("http://platform.example", clock=clock, route=Route(proxy.url, str(certificate.path)))
    for _ in range(2):
        assert http.create("POST", "/posts", json={}).fields() == {"id": "1"}
    assert len(proxy.visits) == 1


def test_a_tunnel_through_the_proxy_carries_tls(serve: Serve, clock: Any, certificate: Any) -> None:
    inner = certificate.server()

    def tunnels(visit: Any) -> None:
        visit.head()
        visit.say("HTTP/1.1 200 Connection established\r\n\r\n")
        visit.line = inner.wrap_socket(visit.line, server_side=True)
        replies("200 OK", b'{"id": "1"}')(visit)

    proxy = serve(tunnels)
    http = HttpSession(
        "https://pinned.example", clock=clock, route=Route(proxy.url, str(certificate.path)), timeout_seconds=3
    )
    http.warm()
    assert http.create("POST", "/posts", json={}).fields() == {"id": "1"}
    assert len(proxy.visits) == 1


# What comes back.


def test_find_gives_nothing_where_there_is_nothing(serve: Serve, clock: Any) -> None:
    def script(visit: Any) -> None:
        while head := visit.request():
            visit.answer(
                b'{"id": "1"}', {b"/here": "200 OK", b"/gone": "410 Gone"}.get(head.split()[1], "404 Not Found")
            )

    http = session(serve(script).url, clock)
    assert http.find("/absent") is None
    assert http.find("/gone") is None
    found = http.find("/here")
    assert found is not None
    assert found.fields() == {"id": "1"}


def test_a_status_that_is_fine_here_is_given_back(serve: Serve, clock: Any) -> None:
    """Deleting what is gone already is fine."""
    http = session(serve(replies("404 Not Found")).url, clock)
    assert http.prepare("DELETE", "/posts/1", accept={404}).status == 404


def test_an_adapter_knows_better(serve: Serve, clock: Any) -> None:
    def sort(reply: Reply) -> PublishError | None:
        return Duplicate(reply.sentence()) if reply.said().get("error") == "InvalidSwap" else None

    body = b'{"error": "InvalidSwap", "message": "Record was at bafy"}'
    http = session(serve(replies("400 Bad Request", body)).url, clock, sort=sort)
    with pytest.raises(Duplicate, match="InvalidSwap · Record was at bafy"):
        http.create("POST", "/posts", json={})
    with pytest.raises(Rejected):
        http.create("POST", "/posts", json={}, sort=None)


def test_an_adapter_may_refuse_a_good_status(serve: Serve, clock: Any) -> None:
    def sort(reply: Reply) -> PublishError | None:
        return None if reply.said().get("ok") else Rejected(reply.sentence())

    http = session(serve(replies("200 OK", b'{"ok": false, "error": "channel_not_found"}')).url, clock, sort=sort)
    with pytest.raises(Rejected, match="channel_not_found"):
        http.create("POST", "/posts", json={})


def test_the_statuses_of_a_dead_credential_are_told(serve: Serve, clock: Any) -> None:
    http = session(serve(replies("403 Forbidden")).url, clock, auth={401, 403})
    with pytest.raises(AuthExpired):
        http.read("/me")
    with pytest.raises(AuthExpired):
        http.create("POST", "/posts", json={})
    with pytest.raises(Rejected):
        http.create("POST", "/posts", json={}, auth={401})


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Retry-After: 60",), b"{}"),
        (("X-RateLimit-Reset: 2027-06-30T12:01:00.000000Z",), b"{}"),
        (("RateLimit-Reset: 1814356860",), b"{}"),
        ((), b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 60000}'),
        ((), b'{"retry_after": 60.0}'),
    ],
)
def test_a_limit_says_when_it_ends(serve: Serve, clock: Any, headers: tuple[str, ...], body: bytes) -> None:
    http = session(serve(replies("429 Too Many Requests", body, *headers)).url, clock)
    with pytest.raises(RateLimited) as caught:
        http.create("POST", "/posts", json={})
    assert caught.value.retry_at == clock.now() + timedelta(minutes=1)


def test_a_server_that_rests_says_until_when(serve: Serve, clock: Any) -> None:
    http = session(serve(replies("503 Service Unavailable", b"", "Retry-After: 60")).url, clock)
    with pytest.raises(RateLimited) as caught:
        http.prepare("POST", "/media", json={})
    assert caught.value.retry_at == clock.now() + timedelta(minutes=1)
    with pytest.raises(Ambiguous):
        http.create("POST", "/posts", json={})


def test_an_answer_without_what_was_asked_for_is_garbled(serve: Serve, clock: Any) -> None:
    http = session(serve(replies("200 OK", b"[]")).url, clock)
    with pytest.raises(Ambiguous, match="JSON object"):
        http.create("POST", "/posts", json={}).fields()
    assert isinstance(http.create("POST", "/posts", json={}).garbled("it has no id"), Ambiguous)
    assert isinstance(http.read("/posts").garbled("it has no id"), Transient)
    assert http.read("/posts").json() == []
    assert http.read("/posts").said() == {}


def test_headers_of_an_answer_are_found_in_any_case(serve: Serve, clock: Any) -> None:
    reply = session(serve(replies("200 OK", b"{}", "DPoP-Nonce: n1")).url, clock).read("/me")
    assert reply.headers["dpop-nonce"] == "n1"


# What is kept to itself.

CANARIES = {
    "header": "CANARY-header-0123",
    "own header": "CANARY-own-0123",
    "userinfo": "CANARY-user-0123",
    "path": "CANARY-path-0123",
    "query": "CANARY-query-0123",
    "param": "CANARY-param+/0123==",
    "field": "CANARY-field-0123",
    "told": "CANARY-told-0123",
}


def ask_with_canaries(url: str, clock: Any, how: str, **options: Any) -> SchedulerError:
    secret = url.replace("://", f"://{CANARIES['userinfo']}@") + f"/hooks/{CANARIES['path']}"
    http = session(
        secret, clock, headers={"Authorization": f"Bearer {CANARIES['header']}"}, secrets=[CANARIES["told"]], **options
    )
    asked: Any = {
        "params": {"access_token": CANARIES["param"]},
        "json": {"password": CANARIES["field"]},
        "headers": {"X-Own": CANARIES["own header"]},
    }
    with pytest.raises(SchedulerError) as caught:
        getattr(http, how)("POST", f"/x?key={CANARIES['query']}", **asked).fields()
    return caught.value


def echoes(status: str) -> Callable[[Any], None]:
    """Says everything back it was told, as some servers do."""

    def script(visit: Any) -> None:
        import json
        from urllib.parse import unquote

        while visit.request():
            text = visit.requests[-1].decode() + unquote(visit.requests[-1].decode()) + CANARIES["told"]
            lines = sorted(text.splitlines(), key=lambda line: "CANARY" not in line)
            visit.answer(json.dumps({"error": " ".join(lines)}).encode(), status)

    return script


def says_garbage(visit: Any) -> None:
    visit.request()
    visit.say("HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 0\r\n\r\n")


def hangs_up(visit: Any) -> None:
    visit.request()


def cannot_be_verified(visit: Any) -> None:
    visit.line.recv(1)


def assert_silent(error: SchedulerError, told: str) -> None:
    texts = [str(error), repr(error), error.mend, told, "".join(traceback.format_exception(error))]
    link: BaseException | None = error
    while link is not None:
        texts += [str(link), repr(link), repr(vars(link))]
        link = link.__context__
    assert "CANARY" not in "\n".join(texts)


@pytest.mark.parametrize("how", ["create", "prepare"])
@pytest.mark.parametrize(
    "script",
    [*(echoes(status) for status in ("200 OK", "302 F", "401 U", "422 U", "429 T", "500 I")), says_garbage, hangs_up],
    ids=["200", "302", "401", "422", "429", "500", "garbage", "hangs up"],
)
def test_no_error_holds_a_secret(
    serve: Serve, clock: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], script: Any, how: str
) -> None:
    caplog.set_level(logging.DEBUG)
    sort = None if script in {says_garbage, hangs_up} else lambda reply: Rejected(reply.sentence())
    error = ask_with_canaries(serve(script).url, clock, how, sort=sort)
    assert_silent(error, caplog.text + "".join(capfd.readouterr()))


def test_no_error_of_a_connection_holds_a_secret(
    serve: Serve, clock: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    url = serve(cannot_be_verified).url.replace("http:", "https:")
    for address in (url, "http://127.0.0.1:1", "http://[bad", "http://nowhere\x00.example"):
        error = ask_with_canaries(address, clock, "create", timeout_seconds=1.0)
        assert_silent(error, caplog.text + "".join(capfd.readouterr()))


def test_no_repr_holds_a_secret(serve: Serve, clock: Any) -> None:
    http = session(serve(echoes("200 OK")).url + "/CANARY", clock, headers={"Authorization": "CANARY"})
    assert "CANARY" not in repr(http) + repr(http.read("/me?x=CANARY"))


def test_a_proxys_password_is_told_to_nobody_but_the_proxy(serve: Serve, clock: Any) -> None:
    proxy = serve(lambda visit: (visit.request(), visit.answer(b"", "407 Proxy Authentication Required")))
    secret = proxy.url.replace("://", "://me:CANARY-proxy@")
    for scheme in ("http", "https"):
        http = HttpSession(f"{scheme}://platform.example", clock=clock, route=Route(secret), timeout_seconds=3)
        with pytest.raises(Transient) as caught:
            http.create("POST", "/x", json={})
        assert_silent(caught.value, "")
