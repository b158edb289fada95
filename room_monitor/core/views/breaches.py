"""Which breaches were there, and what became of each?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    BreachClosed,
    BreachOpened,
    BreachRevised,
    ClockStepped,
    Closing,
    Entry,
    Source,
)
from room_monitor.core.ids import BreachId, ObligationId, RoomId, StayId
from room_monitor.core.requirements import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachSummary:
    """One breach as the log tells it. Aware UTC.

    Attributes:
        began_at: On the same clock as ``ended_at``: it moves with the clock while the
            breach is open (ADR 7).
        ended_at: ``None`` while it is open, and where nobody knows when it ended.
        closing: What it came to; ``None`` while it is open.
        revised: How often it was put in another light after it was over.
        recorded_at: When it was first written that there is one.
    """

    breach: BreachId
    obligation: ObligationId
    source: Source
    room: RoomId
    stay: StayId | None
    reason: Reason
    priority: Priority
    began_at: datetime
    recorded_at: datetime
    ended_at: datetime | None = None
    closing: Closing | None = None
    revised: int = 0

    @property
    def ask(self) -> str:
        """Which ask of which requirement, in any room: ``requirement/ask``."""
        parts = self.obligation.partition("@")[0].split("/")
        return "/".join(parts[1:3])

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.closing is None

    @property
    def withdrawn(self) -> bool:
        """Whether something recorded later showed that it never was one."""
        return self.closing is Closing.WITHDRAWN

    @property
    def length(self) -> timedelta | None:
        """How long it lasted; ``None`` while it is open, and if nobody knows."""
        return None if self.ended_at is None else self.ended_at - self.began_at


def breach_summaries(entries: Iterable[Entry]) -> list[BreachSummary]:
    """All breaches in the entries, in the order in which they were opened."""
    known: dict[BreachId, BreachSummary] = {}
    own_clock: set[BreachId] = set()
    for entry in entries:
        event = entry.event
        match event:
            case BreachOpened() if entry.room is not None:
                known[event.breach] = BreachSummary(
                    breach=event.breach,
                    obligation=event.obligation,
                    source=event.source,
                    room=entry.room,
                    stay=event.stay,
                    reason=event.reason,
                    priority=event.priority,
                    began_at=event.began_at,
                    recorded_at=entry.recorded_at,
                )
                seen = event.evidence
                if seen is not None and seen.at == seen.measured_at:
                    own_clock.add(event.breach)
            case BreachClosed() | BreachRevised() if event.breach in known:
                before = known[event.breach]
                known[event.breach] = replace(
                    before,
                    closing=event.closing,
                    began_at=event.began_at,
                    ended_at=event.ended_at,
                    revised=before.revised + isinstance(event, BreachRevised),
                )
            case ClockStepped(by=by):
                known |= {
                    key: replace(breach, began_at=breach.began_at + by)
                    for key, breach in known.items()
                    if breach.is_open and key not in own_clock
                }
            case _:
                pass
    return list(known.values())
