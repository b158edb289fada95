"""What sentences about events share: instants, who it was, and what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from room_monitor.cli.instants import local
from room_monitor.core.events import Evidence
from room_monitor.core.ids import ObligationId, RecordId

NameOf = Callable[[str], str | None]


class Acting(Protocol):
    """An event by which a person acted."""

    @property
    def role(self) -> str | None:
        """In which role."""

    @property
    def person(self) -> str | None:
        """Who, as a commitment."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How it is told.

    Attributes:
        zone: For instants.
        name_of: The text behind a commitment, if it was not erased.
        now: Of instants on the same day only the time is told.
    """

    zone: tzinfo
    name_of: NameOf
    now: datetime | None

    def at(self, at: datetime | None) -> str:
        """An instant, or that nobody knows it."""
        if at is None:
            return "nobody knows when"
        return local(at, self.zone, self.now)

    def who(self, event: Acting, remark: str | None) -> str:
        """In which role, and by name and in words as far as these were not erased."""
        name = self.name_of(event.person) if event.person else None
        text = self.name_of(remark) if remark else None
        who = f", by {name} ({event.role})" if name else f", by {event.role}"
        return who + (f": {text}" if text else "")


def what(obligation: ObligationId) -> str:
    """``requirement (ask, device)``, without the room, which stands beside it."""
    asked, _, stay = obligation.partition("@")
    _, _, rest = asked.partition("/")
    requirement, *ask = (rest or asked).split("/")
    within = ", ".join([*ask, *([f"stay {stay}"] if stay else [])])
    return f"{requirement} ({within})"


def value(evidence: Evidence | None) -> str:
    """The reading that decided it, in brackets."""
    if evidence is None:
        return ""
    return f" ({evidence.quantity.describe(round(evidence.value, 1))})"


def named(record: RecordId | None) -> str:
    """The name by which a record can be corrected, in brackets."""
    return f" [{record}]" if record else ""
