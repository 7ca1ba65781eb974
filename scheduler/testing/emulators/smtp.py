"""A mail server on loopback that keeps what it takes: STARTTLS, a login, and every kind of trouble.

It answers as Postfix and submission servers do (RFC 5321; codes seen from Postfix 3.7 on
2026-11-24). What it holds is what a mailing list would have been sent.
"""

import base64
import socketserver
import ssl
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

from scheduler.testing.platform import SLOW_SECONDS, Fate

USER, PASSWORD = "news@example.org", "correct horse"

_AFTER_DOT = {
    Fate.TAKES: b"250 2.0.0 Ok: queued as 4F1",
    Fate.ANSWERS_SLOWLY: b"250 2.0.0 Ok: queued as 4F1",
    Fate.REJECTS: b"554 5.7.1 Message content rejected",
    Fate.LOSES_THE_REPLY: b"",
    Fate.NEVER_ARRIVES: b"",
    Fate.GARBLES: b"good day to you",
}
_KEEPS = frozenset({Fate.TAKES, Fate.ANSWERS_SLOWLY, Fate.LOSES_THE_REPLY, Fate.GARBLES})


@dataclass(slots=True)
class MailServer:
    """`kept` are the mails it took, `talk` every command it heard.

    `size` is what it says to take; `silent` gives the last dot no answer.
    """

    tls: ssl.SSLContext | None = None
    implicit: bool = False
    login: bool = True
    size: int = 10_240_000
    silent: bool = False
    refused: dict[str, bytes] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)
    dots: int = 0
    port: int = 0
    fates: deque[Fate] = field(default_factory=deque)
    hang: threading.Event = field(default_factory=threading.Event)
    _server: Any = None

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hang.set()
        self.close()

    def close(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def script(self, fate: Fate) -> bool:
        """What becomes of the next mail; False for what SMTP has not (no ids, and a refusal after taking it)."""
        if fate in {Fate.NOT_READY, Fate.NO_ID, Fate.FAILS_AFTER_POSTING, Fate.REFUSES_AFTER_POSTING}:
            return False
        if fate is Fate.REFUSES:
            self.close()
        else:
            self.fates.append(fate)
        return True

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, taken apart."""
        return [BytesParser(policy=policy.default).parsebytes(one) for one in self.kept]

    @property
    def texts(self) -> list[str]:
        """The plain part of each mail, without the line end that every mail has."""
        bodies = [one.get_body(("plain",)) for one in self.mails]
        return [body.get_content().replace("\r\n", "\n").removesuffix("\n") for body in bodies if body is not None]

    def fate(self) -> Fate:
        """What becomes of the mail that is coming."""
        return self.fates[0] if self.fates else Fate.TAKES


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], owner: MailServer) -> None:
        self.owner = owner
        super().__init__(address, _Visit)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """A client that hung up is nobody's mistake."""


class _Visit(socketserver.StreamRequestHandler):
    server: _Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.owner = self.server.owner
        self.secret = self.trusted = False
        if self.owner.implicit:
            self._encrypt()
        self._say(self.owner.refused.get("hello", b"220 mail.test ESMTP"))
        with suppress(OSError, ValueError):
            while line := self.rfile.readline(4096):
                words = line.decode("utf-8", "replace").strip()
                self.owner.talk.append(words.partition(" ")[0].upper() if words.upper().startswith("AUTH") else words)
                if self._answered(words.partition(" ")[0].upper(), words) is False:
                    return

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _answered(self, verb: str, words: str) -> bool | None:
        if verb in self.owner.refused:
            return self._say(self.owner.refused[verb])
        known = {"EHLO": self._ehlo, "STARTTLS": self._starttls, "AUTH": self._auth, "MAIL": self._mail}
        if verb in known:
            return known[verb](words)
        if verb == "RCPT":
            limited = self.owner.fate() is Fate.LIMITS
            return self._say(self._spent(b"451 4.7.1 Too many mails") if limited else b"250 2.1.5 Ok")
        if verb == "DATA":
            return self._taken()
        return self._say(b"221 2.0.0 Bye") if verb == "QUIT" else self._say(b"502 5.5.2 Command not recognized")

    def _spent(self, answer: bytes) -> bytes:
        if self.owner.fates:
            self.owner.fates.popleft()
        return answer

    def _ehlo(self, _: str) -> bool | None:
        offers = [b"mail.test", f"SIZE {self.owner.size}".encode(), b"PIPELINING", b"ENHANCEDSTATUSCODES"]
        if self.owner.tls and not self.secret:
            offers.append(b"STARTTLS")
        elif self.owner.login:
            offers.append(b"AUTH PLAIN LOGIN")
        return self._say(*(b"250-" + offer for offer in offers[:-1]), b"250 " + offers[-1])

    def _starttls(self, _: str) -> bool | None:
        self._say(b"220 2.0.0 Ready to start TLS")
        self._encrypt()
        return None

    def _encrypt(self) -> None:
        assert self.owner.tls is not None
        self.request = self.connection = self.owner.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.secret = True

    def _auth(self, words: str) -> bool | None:
        if self.owner.fate() is Fate.EXPIRES:
            return self._say(self._spent(b"535 5.7.8 Username and Password not accepted"))
        parts = base64.b64decode(words.rpartition(" ")[2]).decode().split("\0")
        self.trusted = parts[1:] == [USER, PASSWORD]
        return self._say(b"235 2.7.0 Authentication successful" if self.trusted else b"535 5.7.8 Not accepted")

    def _mail(self, _: str) -> bool | None:
        if self.owner.login and not self.trusted:
            return self._say(b"530 5.7.0 Authentication required")
        return self._say(b"250 2.1.0 Ok")

    def _taken(self) -> bool | None:
        self._say(b"354 End data with <CR><LF>.<CR><LF>")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return self._after_dot(b"".join(lines))

    def _after_dot(self, mail: bytes) -> bool | None:
        self.owner.dots += 1
        fate = self.owner.fate()
        self._spent(b"")
        if fate in _KEEPS:
            self.owner.kept.append(mail)
        if fate is Fate.ANSWERS_SLOWLY:
            time.sleep(SLOW_SECONDS)
        if self.owner.silent:
            self.owner.hang.wait(10)
        return self._say(_AFTER_DOT[fate]) if _AFTER_DOT[fate] else False

    def _say(self, *lines: bytes) -> bool | None:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))
        return None
