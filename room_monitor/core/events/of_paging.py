"""Who is told of an alert."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from room_monitor.core.ids import (
    AlertId,
    ChannelId,
    LadderId,
    ObligationId,
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


class Message(StrEnum):
    """What a person is told."""

    ALERT = "alert"
    """Somebody must look."""
    PROMPT = "prompt"
    """A limit is near; nothing is wrong yet."""
    TAKEN_ON = "taken_on"
    """Somebody else took it on."""
    OVER = "over"
    """It is over."""
    REACH_TEST = "reach_test"
    """Only a test, before a shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A person, or a channel by itself, is to be told something.

    Attributes:
        page: The name of this page; what became of it carries the same name.
        message: What they are told.
        alert: Of which alert; null for a prompt and for a test.
        obligation: What a prompt is about.
        due_at: The limit a prompt is about; of a test, when the shift begins.
        ladder: By which ladder, also where they are told how it went on; null where the
            fallback was used.
        round: 1 for the first time through the ladder.
        step: 1 for its first step; 0 for the fallback.
        person: The pseudonym of who is told; null for a bare channel.
        shift: Whose members are tested.
        drill: It is only a drill.
    """

    page: PageId
    message: Message
    channel: ChannelId
    at: datetime
    alert: AlertId | None = None
    obligation: ObligationId | None = None
    due_at: datetime | None = None
    ladder: LadderId | None = None
    round: int = 0
    step: int = 0
    person: PersonId | None = None
    shift: ShiftId | None = None
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSent:
    """The other side took a page over.

    Attributes:
        attempts: How often it was tried.
    """

    page: PageId
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
