"""What surely happened to one request, told by the connection and by nothing else.

*begun*: its first byte was handed to a connected socket. *whole*: its last one was. *reused*:
the connection had carried an answer before; *soon*: just before. No
exception class carries this: "closed after the body" (the post exists) and "handshake
closed" (it cannot) are one chain in requests. A mark belongs to one request; the watchdog
may end it from its own thread, so what both touch is under the lock.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Callable


class Mark:
    """The trace of one request. `creating` says whether it makes something visible."""

    def __init__(self, *, creating: bool = False, remaining: Callable[[], float] = lambda: 0.0) -> None:
        self.creating = creating
        self.remaining = remaining
        self.begun = False
        self.whole = False
        self.reused = False
        self.soon = False
        self.expired = False
        self._ended = False
        self._line: socket.socket | None = None
        self._lock = threading.Lock()

    def hold(self, line: socket.socket) -> None:
        """Remembers the connection, so that it can be cut. It keeps a descriptor of its own.

        TLS takes the descriptor out of the socket it wraps, and a number may be given to another file as soon as
        it is closed; cutting through a duplicate reaches the right connection or none.
        """
        with self._lock:
            self._let_go()
            if self._ended:
                return
            # the family does not matter to a socket that is only ever shut down
            self._line = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0, fileno=os.dup(line.fileno()))
            if self.expired:
                self._cut()

    def expire(self) -> None:
        """Cuts the request off: its time is over. Does nothing once it has ended."""
        with self._lock:
            if not self._ended:
                self.expired = True
                self._cut()

    def end(self) -> None:
        """The request is over; from here on nothing cuts it."""
        with self._lock:
            self._ended = True
            self._let_go()

    def _cut(self) -> None:
        if self._line is not None:
            # the kernel's shutdown, not the TLS layer's: that one would let a late write leave unencrypted
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
