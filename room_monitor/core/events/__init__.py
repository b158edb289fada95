"""Everything that can stand in the log: facts, in the past tense, never edited.

The log keeps each event with its position, the room it belongs to (none for the monitor
itself) and the instant it was recorded. Instants inside an event say when the thing
happened. All are aware UTC. No event carries personal data: who acted is a role, and
``person`` and ``remark`` are salted commitments whose text lives in an erasable table.
"""

from dataclasses import dataclass
from datetime import datetime

from room_monitor.core.events.evidence import (
    Evidence,
    Source,
)
from room_monitor.core.events.of_alerts import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    DrillBegan,
    Trouble,
    TroubleFound,
)
from room_monitor.core.events.of_monitor import (
    Blindness,
    BrokerLost,
    ClockStepped,
    ConfigurationChanged,
    GapFound,
    MonitorStarted,
    MonitorStopped,
)
from room_monitor.core.events.of_paging import (
    AlertHeld,
    AlertReleased,
    Holding,
    Message,
    Paged,
    PageFailed,
    PageSent,
    ReachTested,
)
from room_monitor.core.events.of_people import (
    CheckIntervalAgreed,
    CheckRecorded,
    Condition,
    ContactRecorded,
    CorrectionConfirmed,
    FactRecorded,
    Mood,
    Need,
    RecordCorrected,
    StayBegan,
    StayEnded,
)
from room_monitor.core.events.of_rooms import (
    BreachClosed,
    BreachOpened,
    BreachRevised,
    Closing,
    ContactRequested,
    DoorMoved,
    EvaluationFailed,
    LateViolationFound,
    ObligationLapsed,
    OccupancySuggested,
    Prompted,
    SequenceGapFound,
    TagPresented,
    VerdictChanged,
)
from room_monitor.core.ids import RoomId

__all__ = [
    "AcknowledgementExpired",
    "AlertAcknowledged",
    "AlertEvent",
    "AlertHeld",
    "AlertRaised",
    "AlertReleased",
    "AlertReturnedToNormal",
    "AlertShelved",
    "AlertUnshelved",
    "Blindness",
    "BreachClosed",
    "BreachEvent",
    "BreachOpened",
    "BreachRevised",
    "BrokerLost",
    "CheckIntervalAgreed",
    "CheckRecorded",
    "ClockStepped",
    "Closing",
    "Condition",
    "ConfigurationChanged",
    "ContactRecorded",
    "ContactRequested",
    "CorrectionConfirmed",
    "DoorMoved",
    "DrillBegan",
    "Entry",
    "EvaluationFailed",
    "Event",
    "Evidence",
    "FactRecorded",
    "GapFound",
    "Holding",
    "LateViolationFound",
    "Message",
    "MonitorEvent",
    "MonitorStarted",
    "MonitorStopped",
    "Mood",
    "Need",
    "ObligationLapsed",
    "OccupancySuggested",
    "PageFailed",
    "PageSent",
    "Paged",
    "PagingEvent",
    "Prompted",
    "ReachTested",
    "RecordCorrected",
    "RoomEvent",
    "SensedEvent",
    "SequenceGapFound",
    "Source",
    "StayBegan",
    "StayEnded",
    "StayEvent",
    "TagPresented",
    "Trouble",
    "TroubleFound",
    "VerdictChanged",
]

BreachEvent = (
    VerdictChanged
    | BreachOpened
    | BreachClosed
    | BreachRevised
    | Prompted
    | ObligationLapsed
    | LateViolationFound
    | EvaluationFailed
)
SensedEvent = (
    DoorMoved | ContactRequested | TagPresented | OccupancySuggested | SequenceGapFound
)
StayEvent = (
    StayBegan
    | StayEnded
    | CheckRecorded
    | CheckIntervalAgreed
    | ContactRecorded
    | FactRecorded
    | RecordCorrected
    | CorrectionConfirmed
)
AlertEvent = (
    AlertRaised
    | DrillBegan
    | TroubleFound
    | AlertAcknowledged
    | AcknowledgementExpired
    | AlertShelved
    | AlertUnshelved
    | AlertReturnedToNormal
)
PagingEvent = AlertHeld | AlertReleased | Paged | PageSent | PageFailed | ReachTested
MonitorEvent = (
    MonitorStarted
    | MonitorStopped
    | GapFound
    | BrokerLost
    | ClockStepped
    | ConfigurationChanged
)
RoomEvent = BreachEvent | SensedEvent | StayEvent | AlertEvent | PagingEvent
Event = RoomEvent | MonitorEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event where it stands in the log.

    Attributes:
        position: 1 for the first; no number is left out.
        recorded_at: Our clock when it was written.
        room: Where, or ``None`` for the monitor itself.
        event: What.
        hash: SHA-256 over the entry before and this one.
    """

    position: int
    recorded_at: datetime
    room: RoomId | None
    event: Event
    hash: bytes
