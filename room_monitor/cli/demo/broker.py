"""The demo's own broker: Mosquitto where there is one, else one that comes with Python."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from iotcore.broker import Broker as PythonBroker

from room_monitor.cli.errors import Failure

HOST = "127.0.0.1"
READY_WITHIN = timedelta(seconds=10)
_LARGEST = 1 << 20
_SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin")


class Running(NamedTuple):
    """A broker that listens.

    Attributes:
        port: On the loopback address.
        protocol: As the site file writes it.
        name: For people.
    """

    port: int
    protocol: str
    name: str


@contextmanager
def broker(folder: Path, port: int | None) -> Iterator[Running]:
    """A broker for as long as it is needed.

    Args:
        folder: Where it may write.
        port: ``None`` for any that is free.

    Raises:
        Failure: It cannot be started.
    """
    chosen = _free_port(port)
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS])
    program = shutil.which("mosquitto", path=path)
    if program is not None:
        with _mosquitto(program, folder, chosen):
            yield Running(chosen, "5", "Mosquitto")
    else:
        with _python_broker(chosen):
            yield Running(chosen, "3.1.1", "iotcore, as there is no Mosquitto")


@contextmanager
def _mosquitto(program: str, folder: Path, port: int) -> Iterator[None]:
    lines = [f"listener {port} {HOST}", "allow_anonymous true", "log_type error"]
    if os.geteuid() == 0:
        lines.append("user root")  # else it becomes a user who may not read this
    settings = folder / "mosquitto.conf"
    settings.write_text("\n".join(lines) + "\n")
    process = subprocess.Popen(  # noqa: S603 - found on the PATH, arguments are ours
        [program, "-c", str(settings)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us: the broker goes last
    )
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    pause = 0.02
    for _ in range(int(READY_WITHIN.total_seconds() / pause)):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            try:
                process.wait(pause)
            except subprocess.TimeoutExpired:
                continue
            raise Failure(f"the broker ended at once on port {port}") from None
        else:
            return
    raise Failure(f"the broker does not listen on port {port}")


@contextmanager
def _python_broker(port: int) -> Iterator[None]:
    own = PythonBroker(port=port, listen=HOST, max_payload_size=_LARGEST)
    # Ctrl-C is for us: the broker, which inherits this, goes last.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        own.start()
    except (OSError, RuntimeError) as error:
        raise Failure(f"the broker cannot be started: {error}") from error
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield
    finally:
        own.stop()


def _free_port(wanted: int | None) -> int:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((HOST, wanted or 0))
        except OSError as error:
            message = f"port {wanted}: {str(error.strerror).lower()}; choose another"
            raise Failure(message) from None
        port: int = asked.getsockname()[1]
        return port
