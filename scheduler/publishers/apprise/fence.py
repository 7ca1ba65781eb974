"""What may leave the process that sends through Apprise, and whether anything of a post did.

Apprise answers yes or no, and its no proves nothing: the service may have the post. So the process itself
notes every byte that is written to a socket. No byte is the one proof that nothing was begun; it holds as
long as what sends is Python's sockets, which `child` sees to. And each connection is judged by the very
address that it goes to, as an audit event of the interpreter, which no plugin can go around: a name that
is looked up twice leads nobody inside. Where there is a proxy, nothing leaves past it.
"""

import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from scheduler.http.addresses import may_connect

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_OTHER_WAYS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"})
_WRITES = ("send", "sendall", "sendto", "sendmsg", "write")
_FAMILIES = frozenset({socket.AF_INET, socket.AF_INET6})


class Fenced(OSError):
    """This process may not go there. It says not where."""


@dataclass(slots=True)
class Fence:
    """Where this process may go. `begun`: a byte was written; `stopped`: it was kept from going somewhere."""

    own_network: bool
    proxy: tuple[str, int] | None = None
    begun: bool = False
    stopped: bool = False

    def raise_it(self) -> None:
        """From now on, for the rest of this process: it is never taken down again."""
        for kind in (socket.socket, ssl.SSLSocket):
            for name in _WRITES:
                if hasattr(kind, name):
                    setattr(kind, name, self._noting(getattr(kind, name)))
        sys.addaudithook(self._judge)

    def _noting(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def noted(line: Any, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # whatever sockets take
            # else it is a pair of this process's own: nothing is let out to another family
            self.begun = self.begun or line.family in _FAMILIES
            return write(line, *arguments, **named)

        return noted

    def _judge(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _OTHER_WAYS:
            self._stop()
        if event in _CONNECTING and not self._allows(arguments[0], arguments[1]):
            self._stop()

    def _stop(self) -> None:
        self.stopped = True
        raise Fenced("this process may not go there")

    def _allows(self, line: Any, address: Any) -> bool:  # noqa: ANN401  # as the interpreter hands them over
        if address is None:  # on a connected line, which was judged
            return True
        if line.family not in _FAMILIES or not isinstance(address, tuple):
            return False
        host, port = str(address[0]), int(address[1])
        if self.proxy is not None:
            return self._leads_to_proxy(host, port)
        return all(may_connect(one, allow_private=self.own_network) for one in _addresses(host, port))

    def _leads_to_proxy(self, host: str, port: int) -> bool:
        assert self.proxy is not None  # noqa: S101  # asked only where there is one
        name, at = self.proxy
        return port == at and (host == name or host in _addresses(name, at))


def _addresses(host: str, port: int) -> list[str]:
    """The address itself, or all that a name has: a name is judged by every one of them."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port)] or ["0.0.0.0"]  # noqa: S104  # refused
    return [host]
