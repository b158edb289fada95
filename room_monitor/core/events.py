"""Everything that can stand in the log: facts, in the past tense, never edited.

The log keeps each event with its position, the room it belongs to (none for the monitor
itself) and the instant it was recorded. Instants inside an event say when the thing
happened. All are aware UTC. No event carries personal data: who acted is a role, and
``person`` and ``remark`` are salted commitments whose text lives in an erasable table.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    DeviceId,
    ObligationId,
    RequirementId,
    RoomId,
    StayId,
)
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Label, Priority, StayKind
from room_monitor.core.site import Role
from sensors.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The reading that decided something, kept with the decision.

    Attributes:
        value: In ``unit``; for states the number of the state.
        unit: That of the quantity.
        at: The instant it is evidence of.
        received_at: Our clock when it came in.
        measured_at: The device's own time, if it told one.
        sequence: The device's own message number, if it sends one.
        late: It told of the past when it came.
    """

    device: DeviceId
    quantity: Quantity
    value: float
    unit: str
    at: datetime
    received_at: datetime
    measured_at: datetime | None = None
    sequence: int | None = None
    late: bool = False

    @classmethod
    def of(cls, reading: Reading) -> "Evidence":
        """Keep what matters of a reading."""
        return cls(
            device=reading.device,
            quantity=reading.quantity,
            value=reading.value,
            unit=reading.quantity.unit,
            at=reading.at,
            received_at=reading.received_at,
            measured_at=reading.measured_at,
            sequence=reading.sequence,
            late=reading.late,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a verdict rests on in the catalogue: carried by every verdict.

    Attributes:
        citation: The article, in short.
        label: Whether it is law or an indication.
    """

    requirement: RequirementId
    citation: str
    label: Label
    catalogue: str


# --- The monitor itself --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorStarted:
    """The monitor began to watch.

    Attributes:
        version: Of the program.
    """

    at: datetime
    version: str
    configuration: str
    catalogue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorStopped:
    """The monitor was asked to stop, and did."""


class Blindness(StrEnum):
    """Why nothing could be seen."""

    NOT_RUNNING = "not_running"
    KILLED = "killed"
    BROKER_AWAY = "broker_away"
    STORE_AWAY = "store_away"


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFound:
    """Between two instants the monitor could not see; verdicts of that time are unknown.

    Attributes:
        cause: Why it could not.
    """

    cause: Blindness
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerLost:
    """The connection to the broker was lost, or the probe no longer comes back."""

    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped:
    """The wall clock moved by ``by`` more than time passed; running limits move with it.

    Attributes:
        by: Forwards; negative if it was set back.
        reading_row: The last reading in the journal that was dated before the step.
    """

    by: timedelta
    reading_row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationChanged:
    """Other rooms, devices or requirements from here on.

    Attributes:
        at: When they came into force.
        configuration: Hash of all files in use.
        catalogue: Version and hash of the requirements.
        rooms: Where what is watched has changed; silence is counted anew there.
        changes: One line each, for people: what was added, removed or changed.
    """

    at: datetime
    configuration: str
    catalogue: str
    rooms: tuple[RoomId, ...]
    changes: tuple[str, ...]


# --- What a room shows ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChanged:
    """An obligation is judged otherwise than before.

    Attributes:
        verdict: Only ``met`` acquits.
        since: Since when that holds, dated from the fact.
    """

    obligation: ObligationId
    source: Source
    verdict: Verdict
    reason: Reason
    since: datetime
    stay: StayId | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachOpened:
    """An obligation was violated for longer than its dwell time."""

    breach: BreachId
    obligation: ObligationId
    source: Source
    priority: Priority
    reason: Reason
    began_at: datetime
    stay: StayId | None = None
    evidence: Evidence | None = None


class Closing(StrEnum):
    """Why a breach is over."""

    MET = "met"
    LAPSED = "lapsed"
    """The obligation no longer applies (the stay ended, the configuration changed)."""
    WITHDRAWN = "withdrawn"
    """What was recorded or arrived later shows that it never was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachClosed:
    """A breach is over. ``ended_at`` is never before ``began_at``.

    Attributes:
        closing: Why it is over.
    """

    breach: BreachId
    obligation: ObligationId
    closing: Closing
    began_at: datetime
    ended_at: datetime
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationLapsed:
    """An obligation applies no longer; nothing is said of it from here on."""

    obligation: ObligationId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LateViolationFound:
    """A back-filled reading shows a violation at an instant already judged otherwise."""

    obligation: ObligationId
    source: Source
    reason: Reason
    at: datetime
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFailed:
    """A rule raised: its obligation is unknown, the others go on.

    Attributes:
        error: What was raised, for whoever mends it.
    """

    obligation: ObligationId
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorMoved:
    """A door, hatch or lock reported another state than before.

    Attributes:
        state: In which state it is now, in the words of the quantity.
    """

    device: DeviceId
    role: Role
    quantity: Quantity
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRequested:
    """The young person pressed the call button."""

    device: DeviceId
    at: datetime
    stay: StayId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceGapFound:
    """A device's own message numbers skipped: messages were lost on the way.

    Attributes:
        after: The number of the last message before the gap.
        before: The number of the first message after it.
    """

    device: DeviceId
    after: int
    before: int
    at: datetime


# --- What people do ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StayBegan:
    """A stay of one kind began in a room.

    Attributes:
        kind: One of the four kinds of stay.
        key: The facility's pseudonymous key of the young person; never a name.
    """

    stay: StayId
    kind: StayKind
    key: str
    happened_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayEnded:
    """A stay ended.

    Attributes:
        happened_at: When; null where nobody knows.
    """

    stay: StayId
    happened_at: datetime | None
    role: str
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecorded:
    """A care worker looked in. Only a person makes one of these.

    Attributes:
        contact_wished: Whether the young person wished contact, if it was said.
        contact_given: Whether there was contact, if it was said.
    """

    stay: StayId
    happened_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None
    contact_wished: bool | None = None
    contact_given: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded:
    """A person recorded an inspection, or a fact of a stay.

    Attributes:
        fact: Its name in the catalogue.
        outcome: The answer; "yes" is what the requirement asks.
    """

    fact: str
    outcome: bool
    happened_at: datetime
    role: str
    stay: StayId | None = None
    person: str | None = None
    remark: str | None = None


# --- Alerts --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """A person must look at a breach."""

    alert: AlertId
    breach: BreachId
    obligation: ObligationId
    requirement: RequirementId
    priority: Priority
    reason: Reason
    began_at: datetime
    stay: StayId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged:
    """A person took it on. The breach stays open."""

    alert: AlertId
    role: str
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReturnedToNormal:
    """The breach behind the alert is over."""

    alert: AlertId
    at: datetime


BreachEvent = (
    VerdictChanged
    | BreachOpened
    | BreachClosed
    | ObligationLapsed
    | LateViolationFound
    | EvaluationFailed
)
SensedEvent = DoorMoved | ContactRequested | SequenceGapFound
StayEvent = StayBegan | StayEnded | CheckRecorded | FactRecorded
AlertEvent = AlertRaised | AlertAcknowledged | AlertReturnedToNormal
MonitorEvent = (
    MonitorStarted
    | MonitorStopped
    | GapFound
    | BrokerLost
    | ClockStepped
    | ConfigurationChanged
)
RoomEvent = BreachEvent | SensedEvent | StayEvent | AlertEvent
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
