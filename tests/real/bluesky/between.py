"""Stands between a client and a server on loopback, and can swallow a reply, or the request itself."""

import contextlib
import socket
import threading


class Between:
    """Passes everything on from `port` to `inner`.

    `swallow(words)`: whoever asks for these gets no answer; `keep(words)`: the server never hears of it.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        with socket.create_server(("127.0.0.1", 0)) as spare:
            self.inner = spare.getsockname()[1]
        self.swallowed = threading.Event()
        self.hold = False
        self._words = b""
        self._kept = b""
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self, words: str | bytes, *, hold: bool = False) -> None:
        """From now on; `hold` keeps such a connection open in silence, else it ends."""
        self._words, self.hold = words.encode() if isinstance(words, str) else words, hold
        self.swallowed.clear()

    def keep(self, words: str) -> None:
        """From now on, what asks for these goes no further, and its connection stays open in silence."""
        self._kept = words.encode()
        self.swallowed.clear()

    def pass_on(self) -> None:
        """Swallows and keeps nothing any more."""
        self._words = self._kept = b""

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self.inner)) as server:
            asked = [b""]
            back = threading.Thread(target=self._answers, args=(server, client, asked), daemon=True)
            back.start()
            while piece := client.recv(65536):
                asked[0] = (asked[0] + piece)[-200_000:]
                if self._kept and self._kept in asked[0]:
                    self.swallowed.set()
                    continue
                server.sendall(piece)
            server.shutdown(socket.SHUT_WR)
            back.join(30)

    def _answers(self, server: socket.socket, client: socket.socket, asked: list[bytes]) -> None:
        with contextlib.suppress(OSError):
            while piece := server.recv(65536):
                if self._words and self._words in asked[0]:
                    self.swallowed.set()
                    if not self.hold:
                        client.shutdown(socket.SHUT_RDWR)
                        return
                    continue
                asked[0] = b""
                client.sendall(piece)
            client.shutdown(socket.SHUT_WR)
