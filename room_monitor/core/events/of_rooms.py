"""What a room shows: verdicts, breaches, and what sensors saw."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events.evidence import Evidence, Source
from room_monitor.core.ids import (
    BreachId,
    DeviceId,
    ObligationId,
    StayId,
)
from room_monitor.core.requirements import Priority
from room_monitor.core.site import Role
from sensors.quantity import Quantity


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
        ended_at: Null where nobody knows: the stay it belongs to has an unknown end.
    """

    breach: BreachId
    obligation: ObligationId
    closing: Closing
    began_at: datetime
    ended_at: datetime | None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRevised:
    """What was recorded later puts a breach that was over in another light.

    Attributes:
        closing: What it comes to now; null where it is open again.
        ended_at: As for ``BreachClosed``; null as well where it is open again.
    """

    breach: BreachId
    obligation: ObligationId
    closing: Closing | None
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompted:
    """Somebody was reminded before a limit is reached.

    Attributes:
        due_at: The limit; never before ``at``.
        lead: How long before the limit; varies from one check to the next.
    """

    obligation: ObligationId
    source: Source
    due_at: datetime
    lead: timedelta
    at: datetime
    stay: StayId | None = None


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
        co2_ppm: CO₂ in the room, where the door was locked by this and it was measured.
    """

    device: DeviceId
    role: Role
    quantity: Quantity
    state: str
    at: datetime
    co2_ppm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRequested:
    """The young person pressed the call button."""

    device: DeviceId
    at: datetime
    stay: StayId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPresented:
    """A tag was held to the reader at a room, or its button was pressed.

    It corroborates a check that a person records; it is none.

    Attributes:
        tag: A pseudonym of the tag: the first half of a hash of what the reader sent.
            Null where the reader does not tell tags apart.
    """

    device: DeviceId
    at: datetime
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupancySuggested:
    """CO₂ rose behind a locked door while no stay was registered: a hint, no proof.

    Attributes:
        locked_at: Since when the door was closed and locked.
        from_ppm: CO₂ when it was locked.
        evidence: The reading by which it had risen.
    """

    locked_at: datetime
    from_ppm: float
    evidence: Evidence


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
