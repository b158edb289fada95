"""What happens to the monitor itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from room_monitor.core.ids import (
    RoomId,
)


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
    STOOD_STILL = "stood_still"


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
