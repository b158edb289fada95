"""Whoever is told over HTTP, for the time of a test: keeps what it gets, answers at will.

To TLS where none was expected it answers as most servers do: in HTTP.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

_HANDSHAKE = b"\x16"  # with which TLS begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered to one request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request; the names of headers in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """One HTTP server.

    Attributes:
        answers: What it answers, one after the other; then 200 for ever.
        hangs: It reads, and never answers.
        received: What it was told.
    """

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.hangs = False
        self.received: list[Received] = []
        self.port = 0

    def answer_to(self, _got: Received) -> Answer:
        """What is answered to a request."""
        return self.answers.pop(0) if self.answers else Answer()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._answer(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        start = await reader.readexactly(1)
        if start == _HANDSHAKE:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        got = Received(method=method, path=path, headers=headers, body=body)
        self.received.append(got)
        if self.hangs:
            await reader.read()  # until the other side has had enough
            return
        answer = self.answer_to(got)
        told = {
            "Content-Length": str(len(answer.body)),
            "Connection": "close",
            **answer.headers,
        }
        writer.write(
            f"HTTP/1.1 {answer.status} So it is\r\n".encode()
            + "".join(f"{name}: {value}\r\n" for name, value in told.items()).encode()
            + b"\r\n"
            + answer.body
        )
        await writer.drain()


@asynccontextmanager
async def receiving(
    *answers: Answer, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Listen on this machine, on a port of its own."""
    receiver = Receiver(*answers)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()
