"""What listening asks of those it serves."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from room_monitor.draft import Arrival
from room_monitor.store import Refusal

T = TypeVar("T")


class Hearing(Protocol):
    """What of the engine is needed here."""

    def offer(self, arrival: Arrival) -> None:
        """Hand in a message."""
        ...

    async def sees(self) -> None:
        """Everything that was said until now has been heard."""
        ...

    async def forget_deliveries(self) -> None:
        """The broker began a new session."""
        ...

    async def blinded(self) -> None:
        """The broker is away."""
        ...

    async def chore(self, work: Callable[[], T]) -> T:
        """Let the store do something between two turns."""
        ...


class Counting(Protocol):
    """What of the store is needed here."""

    def save_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Add counts to those that are kept."""
        ...
