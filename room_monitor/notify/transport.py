"""What a transport is, and how it fails."""

from datetime import timedelta
from typing import Final, Protocol

from room_monitor.store import Notification

ATTEMPTS: Final = 60
"""With growing pauses, about an hour."""

PAGE_ATTEMPTS: Final = 6
"""About two minutes: a page that is not through by then counts as not heard, so that others
are told; the ladder comes round again."""

PATIENCE: Final = timedelta(seconds=10)
"""How long one attempt may take, if the transport does not say otherwise."""


class TransportError(Exception):
    """A notification could not be sent. The text of it never has a secret in it.

    Attributes:
        permanent: Trying the same again cannot help.
        retry_after: How long the other side asks to be left alone, if it does.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class Transport(Protocol):
    """One way to reach people.

    One that needs more or less time than ``PATIENCE`` says so in ``patience``, a
    ``timedelta``; one that gives up sooner than after ``ATTEMPTS``, in ``attempts``.
    """

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


def patience_of(transport: Transport) -> timedelta:
    """How long one attempt of this transport may take."""
    patience = getattr(transport, "patience", PATIENCE)
    assert isinstance(patience, timedelta)
    return patience


def attempts_of(transport: Transport) -> int:
    """After how many attempts this transport gives a notification up."""
    attempts = getattr(transport, "attempts", ATTEMPTS)
    assert isinstance(attempts, int)
    return attempts
