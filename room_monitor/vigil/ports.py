"""What keeping watch asks of those it watches, and of who is told."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol

from room_monitor.core.events import Trouble
from room_monitor.core.requirements import Priority


class Watched(Protocol):
    """What of the engine is watched."""

    @property
    def turns(self) -> int:
        """How many turns it took."""
        ...

    @property
    def attempts(self) -> int:
        """How often it tried to write something."""
        ...

    @property
    def trouble(self) -> str | None:
        """What is wrong with the store; ``None`` if nothing is."""
        ...

    def stood_still(self, began_at: datetime) -> None:
        """The whole process stood still since then (aware UTC), until now."""
        ...


class Reports(Protocol):
    """Where troubles are told, so that they stand in the log and people are paged.

    The answer comes once that is durable. While the store is away they may take for ever:
    nothing here waits for them.
    """

    def trouble_found(
        self, trouble: Trouble, subject: str, detail: str, priority: Priority
    ) -> Awaitable[object]:
        """Something is wrong.

        Args:
            trouble: What.
            subject: With what of its kind; empty for the only one.
            detail: For whoever mends it; no secrets, no personal data.
            priority: How much of a hurry there is.
        """
        ...

    def trouble_over(self, trouble: Trouble, subject: str) -> Awaitable[object]:
        """It is right again."""
        ...


class Health(Protocol):
    """What of a transport is watched."""

    @property
    def name(self) -> str:
        """Which transport."""
        ...

    @property
    def failing_since(self) -> datetime | None:
        """Since when nothing gets through; ``None`` if something does."""
        ...
