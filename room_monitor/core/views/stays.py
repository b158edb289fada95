"""Which stays there were."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    BreachClosed,
    BreachOpened,
    CheckRecorded,
    Closing,
    Entry,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import BreachId, RoomId, StayId
from room_monitor.core.requirements import (
    StayKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaySummary:
    """One stay as the log tells it.

    Attributes:
        ended_at: ``None`` while it is open, and where nobody knows when it ended.
        end_unknown: It is over, nobody recorded when: it has no duration.
        missed: How many check intervals were missed.
        recorded_at: When its begin was recorded.
    """

    stay: StayId
    room: RoomId
    kind: StayKind
    key: str
    began_at: datetime
    recorded_at: datetime
    ended_at: datetime | None = None
    end_unknown: bool = False
    checks: int = 0
    missed: int = 0
    breaches: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.ended_at is None and not self.end_unknown


STAY_EVENTS = frozenset(
    {"StayBegan", "StayEnded", "CheckRecorded", "BreachOpened", "BreachClosed"}
)


def stay_summaries(entries: Iterable[Entry]) -> list[StaySummary]:
    """All stays in the entries, in the order in which they were recorded."""
    stays: dict[StayId, StaySummary] = {}
    breaches: dict[BreachId, BreachOpened] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, StayBegan) and entry.room is not None:
            stays[event.stay] = StaySummary(
                stay=event.stay,
                room=entry.room,
                kind=event.kind,
                key=event.key,
                began_at=event.happened_at,
                recorded_at=entry.recorded_at,
            )
        elif isinstance(event, StayEnded | CheckRecorded | BreachOpened):
            known = stays.get(event.stay) if event.stay is not None else None
            if known is not None:
                stays[known.stay] = _told(known, event)
            if isinstance(event, BreachOpened):
                breaches[event.breach] = event
        elif isinstance(event, BreachClosed) and event.closing is Closing.WITHDRAWN:
            opened = breaches.get(event.breach)
            known = stays.get(opened.stay) if opened and opened.stay else None
            if opened is not None and known is not None:
                stays[known.stay] = _counted(known, opened, -1)
    return list(stays.values())


def _told(
    known: StaySummary, event: StayEnded | CheckRecorded | BreachOpened
) -> StaySummary:
    match event:
        case StayEnded(happened_at=at):
            return replace(known, ended_at=at, end_unknown=at is None)
        case CheckRecorded():
            return replace(known, checks=known.checks + 1)
        case BreachOpened():
            return _counted(known, event, 1)


def _counted(known: StaySummary, opened: BreachOpened, by: int) -> StaySummary:
    """One breach more, or one less because it never was one."""
    missed = by if opened.reason is Reason.CHECK_MISSED else 0
    return replace(known, missed=known.missed + missed, breaches=known.breaches + by)
