"""Who is told of an alert."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from room_monitor.core.ids import (
    AlertId,
    ChannelId,
    LadderId,
    PageId,
    PersonId,
    ShiftId,
)


class Holding(StrEnum):
    """Why an alert pages nobody of its own."""

    GROUPED = "grouped"
    INHIBITED = "inhibited"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHeld:
    """Another alert tells of the same, so this one pages nobody for now.

    Attributes:
        under: The alert that pages for both.
        holding: Why.
    """

    alert: AlertId
    under: AlertId
    holding: Holding
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReleased:
    """The alert it was held under is over, and it is not: it pages for itself."""

    alert: AlertId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A person, or a channel by itself, is to be told of an alert.

    Attributes:
        page: The name of this page; what became of it carries the same name.
        ladder: Which ladder; null where the fallback was used.
        round: 1 for the first time through the ladder.
        step: 1 for its first step; 0 for the fallback.
        person: The pseudonym of who is told; null for a bare channel.
        drill: It is only a drill.
    """

    page: PageId
    alert: AlertId
    ladder: LadderId | None
    round: int
    step: int
    person: PersonId | None
    channel: ChannelId
    at: datetime
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSent:
    """The other side took a page over.

    Attributes:
        attempts: How often it was tried.
    """

    page: PageId
    alert: AlertId
    channel: ChannelId
    at: datetime
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailed:
    """A page did not get through, and is no longer tried.

    Attributes:
        attempts: How often it was tried.
        error: What the last attempt said, without secrets.
    """

    page: PageId
    alert: AlertId
    channel: ChannelId
    at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachTested:
    """Before a shift it was tried whether a person can be reached.

    Attributes:
        reached: The other side took the test message over.
        error: Why not.
    """

    shift: ShiftId
    person: PersonId
    channel: ChannelId
    at: datetime
    reached: bool
    error: str = ""
