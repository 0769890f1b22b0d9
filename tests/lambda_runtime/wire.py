"""A way to a server that can be cut, and that can swallow what is sent: what a frozen sandbox finds when it thaws."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class Wire:
    """Forwards connections, and notes what clients sent. `is_dead`: nothing is forwarded, on new connections neither."""

    def __init__(self, listener: socket.socket, server: tuple[str, int]) -> None:
        self._listener, self._server = listener, server
        self._open: list[tuple[socket.socket, socket.socket]] = []
        self._lost: set[socket.socket] = set()
        self.is_dead = False
        self.sent: list[bytes] = []
        self.connections = 0
        self.url = "http://{}:{}".format(*listener.getsockname())
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    def cut(self) -> None:
        """Close all connections at the client's end, as a server does with idle ones."""
        for ends in self._open:
            for end in ends:
                with contextlib.suppress(OSError):  # it is closed already
                    end.shutdown(socket.SHUT_RDWR)

    def lose(self) -> None:
        """Forget all connections without a word, as a gateway between does: what is sent on them gets no reply."""
        self._lost.update(end for ends in self._open for end in ends)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed: the end
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._server)
                self.connections += 1
                self._open.append((near, far))
                for ends in ((near, far, self.sent), (far, near, [])):
                    ends[1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    threading.Thread(target=self._forward, args=ends, name="wire", daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, noted: list[bytes]) -> None:
        with contextlib.suppress(OSError):  # one end is closed: so is the other, below
            while data := source.recv(65536):
                noted.append(data)
                if not self.is_dead and source not in self._lost:
                    sink.sendall(data)
        if source not in self._lost:
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)


@contextmanager
def to(url: str) -> Iterator[Wire]:
    """Lead to a server, until the end of the block."""
    parts = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(listener, (parts.hostname or "", parts.port or 80))
        try:
            yield wire
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            wire.cut()
            for ends in wire._open:
                for end in ends:
                    end.close()
