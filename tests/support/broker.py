"""A real Mosquitto on a private loopback port, to be stopped, killed and restarted.

It has nothing to do with a broker that the system may run: its configuration, its port
and its store are its own, in a directory of its own.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.authority import Authority

HOST = "127.0.0.1"
_READY_WITHIN = 10.0  # seconds
_PATH = os.pathsep.join(
    [os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"]
)


class BrokerFailedError(Exception):
    """The broker did not start or stop; the message ends with its own last words."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who may connect, and to which topics.

    Attributes:
        name: User name.
        password: In clear; the broker gets only its hash.
        writes: Topic filters it may publish to.
        reads: Topic filters it may subscribe to.
    """

    name: str
    password: str
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


def find(program: str = "mosquitto") -> str | None:
    """Where the program is, also outside an ordinary user's PATH."""
    return shutil.which(program, path=_PATH)


class Broker:
    """One Mosquitto and its store.

    With accounts nobody gets in without a password, and nobody may do more than the
    account says; without them everybody may do everything.  With an authority it speaks
    TLS only.

    Attributes:
        host: Always loopback.
        port: The same one after every start.
        log: What the broker says, over all its lives.
        authority: Who signed its certificate, if it speaks TLS.
    """

    host = HOST

    def __init__(
        self,
        directory: Path,
        *,
        accounts: Sequence[Account] = (),
        authority: Authority | None = None,
        durable: bool = True,
        port: int | None = None,
    ) -> None:
        """Write the configuration; nothing is started yet.

        Args:
            directory: Its own; made if it is missing.
            accounts: Who may do what.
            authority: Signs its certificate.
            durable: Save on every change, so that SIGKILL loses nothing; costs speed.
            port: A free one is looked for if not given.
        """
        self.port = port or _free_port()
        self.authority = authority
        self.log = directory / "broker.log"
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        (directory / "store").mkdir(parents=True, exist_ok=True)
        self._configuration = directory / "mosquitto.conf"
        self._configuration.write_text(
            "\n".join(self._settings(accounts, durable=durable)) + "\n"
        )

    def start(self) -> Self:
        """Start it and wait until it accepts connections.

        Raises:
            BrokerFailedError: It ended, or did not listen in time.
        """
        if self.is_running:
            return self
        program = find()
        if program is None:
            raise BrokerFailedError("mosquitto is not installed")
        _check_free(self.port)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-c", str(self._configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests to handle
            )
        atexit.register(self.kill)
        self._wait_until_ready(self._process)
        return self

    def stop(self) -> None:
        """Ask it to end (SIGTERM): it saves its store and goes."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once (SIGKILL): what it has not saved is gone."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it again, with the same port and store."""
        self.stop()
        self.start()

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The id of its process."""
        if self._process is None:
            raise BrokerFailedError("it is not running")
        return self._process.pid

    def __enter__(self) -> Self:
        """Start it."""
        return self.start()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """End it, whatever happened."""
        self.kill()

    def _settings(self, accounts: Sequence[Account], *, durable: bool) -> list[str]:
        lines = [
            f"listener {self.port} {HOST}",
            "persistence true",
            f"persistence_location {self._directory / 'store'}/",
            "persistent_client_expiration 1d",
            "max_queued_messages 0",
            "max_inflight_messages 5000",
            "set_tcp_nodelay true",
            "log_dest stderr",
            "log_type error",
            "log_type warning",
            "log_type notice",
            "connection_messages true",
        ]
        if durable:
            lines += ["autosave_on_changes true", "autosave_interval 1"]
        if os.geteuid() == 0:
            # Else it becomes the user of the system's service, who may not read this.
            lines.append("user root")
        if self.authority is not None:
            server = self.authority.sign_server()
            lines += [
                f"certfile {server.certificate}",
                f"keyfile {server.key}",
                "tls_version tlsv1.2",
            ]
        if not accounts:
            return [*lines, "allow_anonymous true"]
        return [
            *lines,
            "allow_anonymous false",
            f"password_file {self._write_passwords(accounts)}",
            f"acl_file {self._write_access(accounts)}",
        ]

    def _write_passwords(self, accounts: Sequence[Account]) -> Path:
        program = find("mosquitto_passwd")
        if program is None:
            raise BrokerFailedError("mosquitto_passwd is not installed")
        path = self._directory / "passwords"
        path.touch(mode=0o600)
        for account in accounts:
            subprocess.run(
                [program, "-b", str(path), account.name, account.password],
                check=True,
                capture_output=True,
            )
        return path

    def _write_access(self, accounts: Sequence[Account]) -> Path:
        path = self._directory / "access"
        path.touch(mode=0o600)
        path.write_text(
            "\n".join(
                line
                for account in accounts
                for line in (
                    f"user {account.name}",
                    *(f"topic write {topic}" for topic in account.writes),
                    *(f"topic read {topic}" for topic in account.reads),
                    "",
                )
            )
        )
        return path

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        give_up_at = time.monotonic() + _READY_WITHIN
        while time.monotonic() < give_up_at:
            if process.poll() is not None:
                raise BrokerFailedError(f"it ended at once: {self._last_words()}")
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        self.kill()
        raise BrokerFailedError(f"it does not listen: {self._last_words()}")

    def _end(self, by: signal.Signals) -> None:
        atexit.unregister(self.kill)
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(by)
        try:
            process.wait(_READY_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise BrokerFailedError(f"it did not end: {self._last_words()}") from None

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])


def _check_free(port: int) -> None:
    """Else we would take another server's answer for that of our broker."""
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((HOST, port))
        except OSError as error:
            raise BrokerFailedError(f"port {port}: {error.strerror}") from error


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        port: int = asked.getsockname()[1]
        return port
