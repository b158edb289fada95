"""What a transport is, and how it fails."""

from typing import Protocol

from room_monitor.store import Notification


class TransportError(Exception):
    """A notification could not be sent.

    Attributes:
        permanent: Trying the same again cannot help.
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Transport(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str:
        """Under which notifications are queued for it."""
        ...

    async def send(self, notification: Notification) -> None:
        """Send one, and return once the other side has it.

        Raises:
            TransportError: If it did not arrive.
        """
        ...
