"""How many may be connected at once: one too many is closed at once, so that whoever comes tries again."""

import asyncio
from collections.abc import Callable


class Connections:
    """Makes protocols as `make` does, as long as there is room for `at_most` open ones."""

    def __init__(self, make: Callable[[], asyncio.Protocol], at_most: int) -> None:
        self._make, self._at_most = make, at_most
        self.open = 0

    def __call__(self) -> asyncio.Protocol:
        return _Counted(self)

    def enter(self) -> asyncio.Protocol | None:
        """The protocol of a new connection; None: there is no room."""
        if self.open >= self._at_most:
            return None
        self.open += 1
        return self._make()

    def leave(self) -> None:
        """One has closed."""
        self.open -= 1


class _Counted(asyncio.Protocol):
    """Counted from the moment when it is connected, which is when it is known that it will also be closed."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._inner: asyncio.Protocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._inner = self._connections.enter()
        if self._inner is None:
            transport.close()
        else:
            self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._inner is not None:
            self._connections.leave()
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner is not None:
            self._inner.resume_writing()
