"""What goes into the store and comes out of it. All instants are aware UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from room_monitor.core.events import Event
from room_monitor.core.ids import AlertId, RoomId
from room_monitor.core.readings import Reading


class Head(NamedTuple):
    """Where the log ends.

    Attributes:
        position: That of the last entry; 0 for an empty log.
        hash: That of the last entry; the genesis value for an empty log.
    """

    position: int
    hash: bytes


class Delivery(NamedTuple):
    """One MQTT message whose content is committed, to recognise its redelivery.

    Attributes:
        packet: The packet identifier, 1 to 65,535.
        digest: A hash of topic and payload.
    """

    packet: int
    digest: bytes


class Sealed(NamedTuple):
    """A text of which only the commitment stands in the log.

    Attributes:
        salt: Random bytes, so that the text cannot be guessed from the commitment.
        text: The name or the remark.
    """

    salt: bytes
    text: str


class NotificationState(StrEnum):
    """How far a notification is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    """Given up; a failed attempt that will be repeated leaves it queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to be told to one channel.

    Attributes:
        id: Chosen by the caller, unique; queueing the same id again changes nothing.
        transport: The name of the transport that must send it.
        body: What to tell, as JSON.
        due_at: Not to be attempted before this instant.
        attempts: How often it was tried.
        error: What the last attempt said, if it failed.
    """

    id: str
    alert: AlertId
    room: RoomId | None
    transport: str
    body: str
    queued_at: datetime
    due_at: datetime
    state: NotificationState = NotificationState.QUEUED
    attempts: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one attempt to send a notification.

    Attributes:
        state: ``QUEUED`` to try again at ``due_at``, or what is final.
        due_at: When to try again; ignored where the state is final.
        error: What went wrong, if anything did.
    """

    notification: str
    state: NotificationState
    at: datetime
    due_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Everything that one group of turns writes, in one transaction.

    Attributes:
        after: The position of the log's head the caller believes in.
        recorded_at: Our clock, read once; also recorded as "was alive then".
        events: What happened, with the room it happened in (``None``: the monitor).
        readings: To be journalled, in the order they were heard.
        deliveries: The messages these readings came in.
        notifications: To be queued.
        attempts: What became of earlier notifications.
        texts: By commitment, the texts behind ``person`` and ``remark``.
    """

    after: int
    recorded_at: datetime
    events: Sequence[tuple[RoomId | None, Event]] = ()
    readings: Sequence[Reading] = ()
    deliveries: Sequence[Delivery] = ()
    notifications: Sequence[Notification] = ()
    attempts: Sequence[Attempt] = ()
    texts: Mapping[str, Sealed] = field(default_factory=dict)


class Committed(NamedTuple):
    """What a turn came to; once this is returned it survives a loss of power.

    Attributes:
        head: Where the log ends now.
        stored: How many readings were new; the others were stored before.
        reading_row: The row of the newest reading in the journal, 0 for none.
    """

    head: Head
    stored: int
    reading_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of all rooms at one place in log and journal. Contents are opaque.

    Attributes:
        position: The last log entry it contains.
        reading_row: The last row of the readings journal it contains.
        configuration: Hash of the configuration it was made under.
        format: Version of the code that wrote ``rooms``; who reads must know it.
        taken_at: Our clock.
        rooms: One state a room.
        monitor: What belongs to no room.
    """

    position: int
    reading_row: int
    configuration: str
    format: int
    taken_at: datetime
    rooms: Mapping[RoomId, bytes]
    monitor: bytes = b""


class RefusalKind(StrEnum):
    """What was refused."""

    DEVICE = "device"
    """A known device sent something that is no reading."""
    TOPIC = "topic"
    """Something was published where no known device lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Messages that were refused, counted per device or per topic.

    Attributes:
        name: The id of the device, or the topic.
        count: How many; when saved, how many more.
        first_at: When the first of them came.
        last_at: When the last of them came.
        reason: Why the last was refused.
        shape: What the last payload looked like, without its values.
    """

    kind: RefusalKind
    name: str
    count: int
    first_at: datetime
    last_at: datetime
    reason: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The texts that were in use under one hash."""

    hash: str
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Point:
    """What one device said of one quantity in a stretch of time.

    Attributes:
        at: Where the stretch begins.
        count: How many readings; the values are in ``quantity.unit``.
    """

    at: datetime
    count: int
    low: float
    high: float
    mean: float
    last: float
