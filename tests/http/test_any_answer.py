"""Whatever a server says, a creating request ends in one of the known ways."""

import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, AuthExpired, PublishError, RateLimited, Rejected, Transient
from scheduler.http.session import HttpSession

PIECES = [
    b"HTTP/1.1 ",
    b"HTTP/1.0 ",
    b"200 OK",
    b"204 No Content",
    b"404 Not Found",
    b"429 Too Many",
    b"500 Oops",
    b"101 Switching",
    b"100 Continue",
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"Content-Length: 2",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip",
    b"Content-Encoding: gzip",
    b"Content-Encoding: deflate, br, gzip",
    b"Location: http://[bad",
    b"Set-Cookie: a=b; Domain=.; Expires=never",
    b"Retry-After: 99999999999999999999",
    b"Connection: close",
    b"{}",
    b'{"error": ["x"], "message": {"a": 1}}',
    b"2\r\n{}\r\n0\r\n\r\n",
    b"ffffffffffffffffffff\r\n",
    b"\x1f\x8b\x08",
    b"\x00\xff\xfe",
    b" : ",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=14).map(b"".join)


class Parrot:
    """Takes a request, says what it was told to say, and hangs up."""

    def __init__(self) -> None:
        self.words = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.talk, daemon=True)
        self.thread.start()

    def talk(self) -> None:
        while True:
            line, _ = self.listener.accept()
            with line:
                if line.recv(65536) == b"":
                    return
                line.sendall(self.words)


@pytest.fixture(scope="module")
def parrot() -> Iterator[Parrot]:
    parrot = Parrot()
    yield parrot
    with socket.create_connection(parrot.listener.getsockname()):
        pass
    parrot.thread.join(2)
    parrot.listener.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_any_answer_ends_in_a_known_way(parrot: Parrot, words: bytes) -> None:
    parrot.words = words
    assert_known(parrot, words)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["200 OK", "422 Unprocessable", "500 Oops"]), TEXTS)
def test_any_answer_after_a_good_head_ends_in_a_known_way(parrot: Parrot, status: str, words: bytes) -> None:
    parrot.words = f"HTTP/1.1 {status}\r\n".encode() + words
    assert_known(parrot, parrot.words)


def assert_known(parrot: Parrot, words: bytes) -> None:
    error = end_of(parrot.url)
    assert type(error) in {type(None), Ambiguous, Rejected, AuthExpired, RateLimited, Transient}
    # only two statuses prove by themselves that nothing was made
    assert not isinstance(error, Transient) or "407" in str(error) or "425" in str(error)
    assert not isinstance(error, Rejected) or b" 4" in words or b" 3" in words


def end_of(url: str) -> PublishError | None:
    http = HttpSession(url, clock=SystemClock(), allow_private=True, timeout_seconds=2)
    try:
        http.create("POST", "/posts", json={"text": "hello"}, limit_bytes=100_000).fields()
    except PublishError as error:
        return error
    finally:
        http.close()
    return None
