"""One mail handed to one SMTP server, and whether it could have been taken.

Until the dot that ends the mail has begun to leave, the server has nothing; from its first
byte until the answer, nobody can know (RFC 1047 tells of the duplicates that come of it).
That moment is marked here, byte by byte, and no exception's class decides anything. Codes
by RFC 5321 section 4.2, RFC 4954 (logging in) and RFC 3463 (enhanced codes), as of 2026-11.
"""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from scheduler.errors import Ambiguous, AuthExpired, NotSent, PublishError, RateLimited, Rejected, Transient
from scheduler.http.route import DIRECT, Route
from scheduler.http.scrub import scrub
from scheduler.http.watchdog import shared_watchdog

STEP_SECONDS = 20.0
_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server and how to talk to it. `security` is `starttls`, `tls` or `none`; `seconds` bounds it all."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    own_network: bool = False
    hello: str = "localhost"
    seconds: float = 120.0
    route: Route = DIRECT

    def hand_over(self, sender: str, to: str, mail: bytes) -> str:
        """Hands the mail to the server and returns what it said to it, one line. The only try.

        Raises `Transient`, `RateLimited`, `AuthExpired` or `Rejected` where the server surely has not taken it, and
        `Ambiguous` from the first byte of the final dot on until an answer that can be read.
        """
        with self._line() as line:
            if (most := line.most_bytes()) and len(mail) > most:
                raise Rejected(f"The mail has {len(mail):,} bytes; {self.host} takes {most:,}.")
            with self._not_sent():
                self._expect(line.mail(sender, [f"size={len(mail)}"] if line.has_extn("size") else []), "the sender")
                self._expect(line.rcpt(to), "the address it goes to")
                self._expect(line.docmd("data"), "the mail")
                line.send(_DOT.sub(b"..", mail if mail.endswith(b"\r\n") else mail + b"\r\n"))
            return self._answered(*self._ended(line))

    def most_bytes(self) -> int:
        """Logs in, sends nothing, logs out: how many bytes the server takes of a mail (0: not said)."""
        with self._line() as line:
            return line.most_bytes()

    # -- the last byte -------------------------------------------------------------------

    def _ended(self, line: "_Line") -> tuple[int, bytes]:
        """From here on the mail may exist, whatever goes wrong."""
        try:
            line.send(b".\r\n")
            return line.getreply()
        except (OSError, smtplib.SMTPException) as caught:
            raise Ambiguous(f"{self.host} had the whole mail, and its answer is lost: {self._why(caught)}.") from caught

    def _answered(self, code: int, said: bytes) -> str:
        if 200 <= code < 300:
            return f"{code} {self._told(said)}"
        if 400 <= code < 600:
            raise self._sorted(code, said, "the mail")
        raise Ambiguous(f"{self.host} had the whole mail, and its answer cannot be read.")

    # -- until then ----------------------------------------------------------------------

    @contextmanager
    def _line(self) -> "Iterator[_Line]":
        """A line to the server, encrypted and logged in; ended by the watchdog when the time is over."""
        line = _Line(self)
        deadline = shared_watchdog().watch(self.seconds, line.hang_up)
        line.left = lambda: shared_watchdog().remaining(deadline)
        try:
            with self._not_sent():
                self._open(line)
            yield line
        finally:
            line.bye()

    def _open(self, line: "_Line") -> None:
        self._welcome(line.connect(self.host, self.port))
        self._welcome(line.ehlo())
        if self.security == "starttls":
            if not line.has_extn("starttls"):
                raise Transient(f"{self.host} offers no encryption (STARTTLS); nothing was sent.")
            self._welcome(line.starttls(context=self.route.context()))
            self._welcome(line.ehlo())
        if self.user:
            self._log_in(line)

    def _log_in(self, line: "_Line") -> None:
        try:
            line.login(self.user, self.password)
        except smtplib.SMTPNotSupportedError:
            raise AuthExpired(f"{self.host} lets nobody log in here; is it the right port?") from None
        except smtplib.SMTPAuthenticationError as caught:
            said = caught.smtp_error
            raise self._sorted(caught.smtp_code, said if isinstance(said, bytes) else b"", "the login") from None

    @contextmanager
    def _not_sent(self) -> Iterator[None]:
        """Whatever goes wrong in here, the server has no mail."""
        try:
            yield
        except PublishError:
            raise
        except (OSError, smtplib.SMTPException, ValueError) as caught:
            raise Transient(f"{self.host} cannot be reached: {self._why(caught)}.") from caught

    def _welcome(self, answer: tuple[int, bytes]) -> None:
        """A server that turns us away at the door refuses no text: the account waits for a person."""
        code, said = answer
        if 500 <= code < 600:
            raise AuthExpired(self._sentence(code, said, "us"))
        self._expect(answer, "us")

    def _expect(self, answer: tuple[int, bytes], what: str) -> None:
        code, said = answer
        if not 200 <= code < 400:
            raise self._sorted(code, said, what)

    def _sorted(self, code: int, said: bytes, what: str) -> NotSent:
        """What a refusal means: the login's own codes, "too many" (4.7.x), else for now (4xx) or for ever (5xx)."""
        sentence = self._sentence(code, said, what)
        if code in {530, 534, 535, 538} or (what == "the login" and code >= 500):
            return AuthExpired(sentence)
        if 400 <= code < 500 and said.startswith(b"4.7."):
            return RateLimited(sentence)
        return Rejected(sentence) if 500 <= code < 600 else Transient(sentence)

    def _sentence(self, code: int, said: bytes, what: str) -> str:
        if code < 0:
            return f"{self.host} hung up, or says nothing that can be read."
        return f"{self.host} does not take {what}: {code} {self._told(said)}".rstrip()

    def _told(self, said: bytes | str) -> str:
        """A server's words on one line, without the login that it may say back as it was sent (RFC 4954)."""
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        plain = (self.password, f"\0{self.user}\0{self.password}") if self.password else ()
        return scrub(words, {*plain, *(b64encode(one.encode()).decode() for one in plain)})

    def _why(self, caught: Exception) -> str:
        if isinstance(caught, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({caught.verify_message})"
        if isinstance(caught, TimeoutError):
            return "it took too long"
        if isinstance(caught, smtplib.SMTPResponseException):
            return f"{caught.smtp_code} {self._told(caught.smtp_error)}"
        if isinstance(caught, OSError) and caught.strerror:
            return caught.strerror.lower()
        return self._told(str(caught)).rstrip(".") or type(caught).__name__


class _Line(smtplib.SMTP):
    """A connection to judged addresses only, every step of which ends in time."""

    def __init__(self, post: Post) -> None:
        super().__init__(local_hostname=post.hello, timeout=STEP_SECONDS)
        self._host = post.host  # whom the certificate behind STARTTLS must name
        self._post = post
        self.left: Callable[[], float] = lambda: STEP_SECONDS

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # called by `connect`
        post = self._post
        line = post.route.connected(host, port, seconds=timeout, own_network=post.own_network)
        return post.route.context().wrap_socket(line, server_hostname=host) if post.security == "tls" else line

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer, waited for as long as there is time."""
        if self.sock:
            self.sock.settimeout(max(0.01, self.left()))
        return super().getreply()

    def most_bytes(self) -> int:
        """The server's SIZE (RFC 1870); 0 where it says none."""
        size = str(self.esmtp_features.get("size", "")).split()
        return int(size[0]) if size and size[0].isdigit() else 0

    def hang_up(self) -> None:
        """Ends the connection under whoever waits on it."""
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def bye(self) -> None:
        """Says good-bye without waiting for an answer; what was settled stays settled."""
        with suppress(OSError, smtplib.SMTPException):
            if self.sock:
                self.sock.settimeout(1.0)
                self.putcmd("quit")
        with suppress(OSError, smtplib.SMTPException):
            self.close()
