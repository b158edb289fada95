"""Tells the service manager how it goes: sd_notify(3), in the few lines that it takes.

One datagram a message, to the socket in ``$NOTIFY_SOCKET``. Without it nothing happens.
"""

import contextlib
import os
import socket
from collections.abc import Mapping
from datetime import timedelta
from typing import Self

from room_monitor.clock import machine_microseconds


class Systemd:
    """The service manager that started us, if one did.

    Attributes:
        watchdog: Within which time it must hear of us; ``None`` if it does not ask.
    """

    def __init__(self, address: str | None, watchdog: timedelta | None = None) -> None:
        self.watchdog = watchdog if address else None
        self._address = address and _address(address)

    @classmethod
    def of(cls, environment: Mapping[str, str], process: int) -> Self:
        """As the environment of a process says."""
        watchdog: timedelta | None = None
        microseconds = environment.get("WATCHDOG_USEC", "")
        if microseconds.isdecimal() and int(microseconds) > 0:
            watchdog = timedelta(microseconds=int(microseconds))
        if environment.get("WATCHDOG_PID", str(process)) != str(process):
            watchdog = None  # it is meant for another
        return cls(environment.get("NOTIFY_SOCKET"), watchdog)

    @classmethod
    def here(cls) -> Self:
        """As the environment of this process says."""
        return cls.of(os.environ, os.getpid())

    def ready(self, status: str) -> None:
        """We watch."""
        self._tell("READY=1", f"STATUS={_line(status)}")

    def status(self, status: str) -> None:
        """How it goes, for ``systemctl status``."""
        self._tell(f"STATUS={_line(status)}")

    def alive(self) -> None:
        """We live."""
        self._tell("WATCHDOG=1")

    def reloading(self) -> None:
        """We read our files again; ``ready`` says that it is done."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={machine_microseconds()}")

    def stopping(self) -> None:
        """We are about to end."""
        self._tell("STOPPING=1", "STATUS=stopping")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        # If nobody listens, or not fast enough, there is nothing that we could do: the
        # service manager draws its own conclusions.
        with (
            contextlib.suppress(OSError),
            socket.socket(
                socket.AF_UNIX,
                socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
            ) as out,
        ):
            out.sendto("\n".join(lines).encode(), self._address)


def _address(text: str) -> str | None:
    if text.startswith("@"):
        return "\0" + text[1:]  # the abstract namespace of unix(7)
    return text if text.startswith("/") else None


def _line(text: str) -> str:
    return " ".join(text.split())
