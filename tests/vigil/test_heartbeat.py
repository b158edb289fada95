"""The address outside is pinged, and is told to nobody else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from room_monitor.settings.values import Heartbeat
from room_monitor.vigil.heartbeat import Pings

SECRET = "0b6f-secret"


class Receiver(HTTPServer):
    """A real receiver on a private port."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, bytes]] = []
        self.answer = 200
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/ping/{SECRET}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def _hear(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.command, self.path, body))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = _hear  # noqa: N815 - the names are http.server's

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()


@pytest.fixture
def url_file(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


def put(url_file: Path, text: str) -> None:
    url_file.write_bytes(text.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("method", "heard"),
    [("get", ("GET", b"")), ("post", ("POST", b"room-monitor: running"))],
)
async def test_a_ping_arrives(
    url_file: Path,
    method: str,
    heard: tuple[str, bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    with receiving() as receiver:
        put(url_file, receiver.url + "\n")
        pings = Pings()
        await pings.send(Heartbeat(url_file=url_file, method=method))
        await pings.close()

    assert [(verb, body) for verb, _, body in receiver.heard] == [heard]
    assert receiver.heard[0][1].endswith(SECRET)
    assert pings.trouble is None
    assert SECRET not in caplog.text


async def test_a_ping_that_does_not_arrive_is_counted_and_its_address_never_told(
    url_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pings, heartbeat = Pings(), Heartbeat(url_file=url_file)
    troubles: list[str | None] = []

    async def send() -> None:
        await pings.send(heartbeat)
        troubles.append(pings.trouble)

    await send()
    for text in (f"ftp://{SECRET}", f"http://127.0.0.1:1/{SECRET}", "\udcff"):
        put(url_file, text)
        await send()
    with receiving() as receiver:
        receiver.answer = 404
        put(url_file, receiver.url)
        await send()
        assert pings.missed == 5
        receiver.answer = 200
        await send()
    await pings.close()

    assert troubles == [
        "the file with the address cannot be read",
        "the file with the address holds not a web address; write it as https://host/path",
        "failed: ConnectError",
        "the file with the address cannot be read",
        "the answer was HTTP 404",
        None,
    ]
    assert pings.missed == 0
    assert SECRET not in caplog.text
