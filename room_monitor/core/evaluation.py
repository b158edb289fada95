"""A verdict with its reason and evidence, and what is known when it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from room_monitor.core.ids import DeviceId, RecordId, StayId
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import BUILT_IN, Moment, StayKind
from room_monitor.core.site import Room
from sensors.quantity import Quantity


class Verdict(StrEnum):
    """Only MET acquits; UNKNOWN never does (ADR 4)."""

    MET = "met"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a verdict is what it is."""

    # met
    WITHIN_LIMITS = "within_limits"
    HEARD_IN_TIME = "heard_in_time"
    IN_STATE = "in_state"
    RESPONDED = "responded"
    DAYLIGHT_SEEN = "daylight_seen"
    CHECKED_IN_TIME = "checked_in_time"
    DONE = "done"
    IN_TIME = "in_time"
    NOT_ASKED = "not_asked"
    REGISTERED = "registered"
    DISMISSED = "dismissed"
    # violated
    BELOW_LOW = "below_low"
    ABOVE_HIGH = "above_high"
    SILENT = "silent"
    WRONG_STATE = "wrong_state"
    NO_RESPONSE = "no_response"
    TOO_DARK = "too_dark"
    CHECK_MISSED = "check_missed"
    OVER_LIMIT = "over_limit"
    ANSWERED_NO = "answered_no"
    NOT_RECORDED = "not_recorded"
    WRONG_PERSON = "wrong_person"
    TOO_LATE = "too_late"
    TOO_OFTEN = "too_often"
    NOT_REGISTERED = "not_registered"
    # unknown
    NO_DEVICE = "no_device"
    NO_READING = "no_reading"
    READING_TOO_OLD = "reading_too_old"
    UNDECIDED = "undecided"
    AWAITING_RESPONSE = "awaiting_response"
    MAY_BE_LAMP = "may_be_lamp"
    BLIND_CLOSED = "blind_closed"
    TOO_LITTLE_OBSERVED = "too_little_observed"
    NOT_YET_RECORDED = "not_yet_recorded"
    EXPIRED = "expired"
    EVALUATION_FAILED = "evaluation_failed"
    MONITOR_BLIND = "monitor_blind"
    NOT_JUDGED_NOW = "not_judged_now"


RESOLUTION = timedelta(microseconds=1)
"""The smallest step of time: a limit that may be reached is passed one step later."""


class Evaluation(NamedTuple):
    """What one ask comes to, at an instant.

    Attributes:
        verdict: Met, violated or unknown.
        reason: Why.
        since: The instant from which this holds, dated from the fact: the reading, the
            deadline that passed, the act that was recorded.
        recheck_at: When time alone may change the answer, or ``None`` for never.
        reading: The reading that decided it, if one did.
        due_at: The limit that people must keep, if it runs: up to it all is well.
    """

    verdict: Verdict
    reason: Reason
    since: datetime
    recheck_at: datetime | None = None
    reading: Reading | None = None
    due_at: datetime | None = None


class Heard(NamedTuple):
    """The last reading of one quantity of one device.

    Attributes:
        reading: It.
        changed_at: Since when the value has been what it is.
    """

    reading: Reading
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, as far as the law asks about it.

    Attributes:
        at: When it happened.
        outcome: The answer, where it is a question.
        role: Who did it, as a role; ``None`` for what a sensor saw.
        record: The record that tells it, by which it can be corrected.
        until: When it ended, where it is about a stretch of time.
        at_most: The gap that was agreed, where it is an agreement about checks.
    """

    at: datetime
    outcome: bool | None = None
    role: str | None = None
    record: RecordId | None = None
    until: datetime | None = None
    at_most: timedelta | None = None


class DayTally(NamedTuple):
    """What one daylight sensor saw on one calendar day of the site.

    Attributes:
        day: The calendar day.
        sunlit: Seconds observed with the sun up.
        bright: Seconds of these with enough light.
        day_lux_seconds: Illuminance integrated over ``sunlit``, in lx·s.
        night: Seconds observed with the sun down.
        night_lux_seconds: Illuminance integrated over ``night``, in lx·s.
    """

    day: date
    sunlit: float = 0.0
    bright: float = 0.0
    day_lux_seconds: float = 0.0
    night: float = 0.0
    night_lux_seconds: float = 0.0


class StayKnown(NamedTuple):
    """What the rules need to know of a stay.

    Attributes:
        ended_at: When it ended, as far as that is known.
        over_at: Nothing is asked of it from here on, but what had to be recorded: its
            end, or, where nobody knows that, when it was told to be over.
    """

    id: StayId
    kind: StayKind
    began_at: datetime
    ended_at: datetime | None
    over_at: datetime | None = None


class Locking(NamedTuple):
    """A stretch of time in which the door was closed and locked, as sensors saw it.

    Attributes:
        ended_at: ``None`` while it is.
    """

    began_at: datetime
    ended_at: datetime | None


class BehindTheDoor(NamedTuple):
    """What is known of a locked door, and of the stays that explain it.

    Attributes:
        lockings: When the door was closed and locked, oldest first.
        registered: From when to when each known stay in the room is registered.
    """

    lockings: tuple[Locking, ...] = ()
    registered: tuple[Locking, ...] = ()


class Known(NamedTuple):
    """What is known about a room when a rule is asked.

    Attributes:
        room: The room, its location and devices.
        heard: Last readings per device and quantity, fresh ones only.
        last_heard: When each device was last heard from at all.
        watched_since: Since when silence counts: the monitor was not blind from here on.
        tallies: Daylight per sensor and day, oldest first.
        stay: The stay the question is about, if it is about one.
        happened: What happened, by name, oldest first: in that stay, or in the room where
            the question is not about a stay.
        behind_the_door: Tells what is known of the door; asked only by the rule that needs
            it, for most readings touch no door.
    """

    room: Room
    heard: Mapping[DeviceId, Mapping[Quantity, Heard]]
    last_heard: Mapping[DeviceId, datetime]
    watched_since: datetime
    tallies: Mapping[DeviceId, tuple[DayTally, ...]]
    stay: StayKnown | None
    happened: Mapping[str, tuple[Happening, ...]]
    behind_the_door: Callable[[], BehindTheDoor] = BehindTheDoor

    def latest(self, device: DeviceId, quantity: Quantity) -> Heard | None:
        """The last reading of a quantity of a device."""
        of_device = self.heard.get(device)
        return None if of_device is None else of_device.get(quantity)

    def of(
        self, moment: Moment, by: frozenset[str] = frozenset()
    ) -> tuple[Happening, ...]:
        """When a moment happened, oldest first.

        With ``by``, a fact counts only where it was recorded in one of these roles.
        """
        anybody = not by or moment.name in BUILT_IN
        return tuple(
            h
            for h in self.happened.get(moment.name, ())
            if (moment.outcome is None or h.outcome is moment.outcome)
            and (anybody or h.role in by)
        )


def no_reading(now: datetime) -> Evaluation:
    """Nothing was ever heard."""
    return Evaluation(Verdict.UNKNOWN, Reason.NO_READING, now)


def too_old(reading: Reading, max_age: timedelta, now: datetime) -> Evaluation | None:
    """Say so if a reading is no longer evidence; ``None`` while it is."""
    if now - reading.at < max_age:
        return None
    return Evaluation(
        Verdict.UNKNOWN,
        Reason.READING_TOO_OLD,
        reading.at + max_age,
        reading=reading,
    )
