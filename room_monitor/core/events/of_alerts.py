"""The life of an alert."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from room_monitor.core.evaluation import Reason
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    ObligationId,
    RequirementId,
    StayId,
)
from room_monitor.core.requirements import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """A person must look at a breach.

    Attributes:
        group: What it has in common with others (a gateway), so that one page is enough;
            empty for nothing.
        insistent: It is never held back, grouped or shelved: a missed check, a contact
            request, a suspected enclosure.
        inhibited_by: While an alert of one of these requirements is open in the room,
            this one only follows from it and pages nobody.
    """

    alert: AlertId
    breach: BreachId
    obligation: ObligationId
    requirement: RequirementId
    priority: Priority
    reason: Reason
    began_at: datetime
    stay: StayId | None = None
    group: str = ""
    insistent: bool = False
    inhibited_by: tuple[RequirementId, ...] = ()


class Trouble(StrEnum):
    """What can be wrong with the monitor itself."""

    BROKER_AWAY = "broker_away"
    STORE_AWAY = "store_away"
    SCHEDULER_LATE = "scheduler_late"
    TRANSPORT_STUCK = "transport_stuck"
    NOBODY_REACHABLE = "nobody_reachable"
    CLOCK_UNSURE = "clock_unsure"
    ENGINE_STUCK = "engine_stuck"
    DISK_NEARLY_FULL = "disk_nearly_full"
    MEMORY_HIGH = "memory_high"
    HEARTBEAT_MISSED = "heartbeat_missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleFound:
    """Something is wrong with the monitor itself, and a person must mend it.

    Attributes:
        trouble: What is wrong.
        subject: What it is about: a channel, a ladder; empty for the only one of its kind.
        detail: For whoever mends it; no secrets, no personal data.
    """

    alert: AlertId
    trouble: Trouble
    subject: str
    detail: str
    priority: Priority
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillBegan:
    """Somebody tries whether an alert of this room reaches people. No breach is behind it.

    Attributes:
        ends_at: When it is over, also if nobody answers.
    """

    alert: AlertId
    priority: Priority
    began_at: datetime
    ends_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged:
    """A person took it on. The breach stays open.

    Attributes:
        at: When.
        expires_at: If the breach is still open then, people are paged again.
    """

    alert: AlertId
    role: str
    person: str | None = None
    remark: str | None = None
    at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementExpired:
    """Whoever took it on did not end it in time: it is raised again."""

    alert: AlertId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertShelved:
    """A person put it aside for a while.

    Attributes:
        until: When it comes back by itself.
        person: Who answers for it.
        remark: Why.
    """

    alert: AlertId
    at: datetime
    until: datetime
    role: str
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUnshelved:
    """It is no longer put aside.

    Attributes:
        role: In which role somebody took it back; null when its time was over.
    """

    alert: AlertId
    at: datetime
    role: str | None = None
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReturnedToNormal:
    """What the alert is about is over."""

    alert: AlertId
    at: datetime
