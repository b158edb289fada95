"""The socket on which a running monitor listens for what people do.

``control.sock`` lies in its state folder; only accounts that may write there can act. One
request and one answer a connection, each a line of JSON.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from room_monitor.control.perform import perform
from room_monitor.control.request import Answer, Do, Request, flaw
from room_monitor.engine import Engine
from room_monitor.settings import Settings
from room_monitor.store.codec import dumps, loads

SOCKET = "control.sock"
MAX_LINE = 64 * 1024


async def serve(
    engine: Engine,
    now: Callable[[], datetime],
    folder: Path,
    status: Callable[[], Mapping[str, str]],
    settings: Callable[[], Settings | None] = lambda: None,
) -> None:
    """Answer requests on the socket in ``folder`` until cancelled.

    Raises:
        OSError: No socket can be made there.
    """

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            try:
                line = await asyncio.wait_for(reader.readline(), timeout=10)
                request: Request = loads(line, Request)
            except (ValueError, RecursionError) as error:
                reply = Answer(error=f"this is no request: {error}")
            else:
                if request.do is Do.STATUS:
                    reply = Answer(status=status())
                else:
                    reply = await perform(engine, request, now(), settings())
            writer.write(dumps(reply, Answer) + b"\n")
            await writer.drain()
        except (TimeoutError, ConnectionError):
            # Whoever asked has gone. What was recorded stands, and asking again shows it.
            return
        finally:
            writer.close()

    with _socket_in(folder) as path:
        path.unlink(missing_ok=True)
        mask = os.umask(0o117)
        try:
            server = await asyncio.start_unix_server(answer, path=path, limit=MAX_LINE)
        finally:
            os.umask(mask)
        try:
            async with server:
                await server.serve_forever()
        finally:
            path.unlink(missing_ok=True)


async def ask(folder: Path, request: Request) -> Answer | None:
    """Ask the monitor that runs on a state folder; ``None`` if none is running."""
    if (why := flaw(request)) is not None:
        return Answer(error=why)
    try:
        with _socket_in(folder) as path:
            reader, writer = await asyncio.open_unix_connection(path, limit=2**24)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    line = b""
    with contextlib.suppress(ConnectionError):
        writer.write(dumps(request, Request) + b"\n")
        line = await reader.readline()
    writer.close()
    if not line.endswith(b"\n"):
        return Answer(error="the monitor went away before it answered; look at status")
    answer: Answer = loads(line, Answer)
    return answer


@contextlib.contextmanager
def _socket_in(folder: Path) -> Iterator[Path]:
    """A short path of the socket: the whole one may be longer than unix(7) allows."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{opened}") / SOCKET
    finally:
        os.close(opened)
