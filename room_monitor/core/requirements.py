"""What a text asks, as data: who asks it, of which rooms, when, and what would show it.

A ``Requirement`` is one row of the catalogue: its source and wording, and one or more
``Ask``s. An ask is one demand with the kind of evidence that can show it. Every demand
kind has one pure function in ``rules/``.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from room_monitor.core.ids import RequirementId
from room_monitor.core.site import Role, RoomKind
from sensors.quantity import Quantity


class Label(StrEnum):
    """Whether a row is a legal demand or a figure that helps to judge an open norm."""

    LAW = "law"
    INDICATION = "indication"


class EvidenceKind(StrEnum):
    """What can show that an ask is met."""

    LIVE = "live"
    INSPECTION = "inspection"
    REGISTRATION = "registration"
    DERIVED = "derived"


class StayKind(StrEnum):
    """The kinds of stay the law knows; one stay has exactly one."""

    OWN_REQUEST = "own_request"
    REQUIRED_UNLOCKED = "required_unlocked"
    ENCLOSURE = "enclosure"
    ENCLOSURE_ELSEWHERE = "enclosure_elsewhere"


class Priority(StrEnum):
    """How urgently a breach claims a person; ``NONE`` raises no alert."""

    URGENT = "urgent"
    HIGH = "high"
    LOW = "low"
    NONE = "none"


class Proof(StrEnum):
    """Whether all asks of a requirement must be shown, or one of them is enough."""

    ALL = "all"
    ANY = "any"


OF_A_STAY = frozenset({"stay_began", "stay_ended"})
BUILT_IN = OF_A_STAY | {
    "check",
    "check_interval",
    "contact_given",
    "contact_request",
    "door_opened",
    "stay_over",
}
"""What the monitor itself knows to have happened; any other name is a recorded fact."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens to a stay or a room, and may have happened several times.

    Its name is one of ``BUILT_IN`` (``contact_given`` is a check at which there was
    contact), or that of a fact that a person records (``review``, ``extension``).

    Attributes:
        name: What happened.
        outcome: Only with this answer, or ``None`` for any. Written ``review:no``.
    """

    name: str
    outcome: bool | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``review``, ``review:yes`` or ``review:no``.

        Raises:
            ValueError: If what follows the colon is neither ``yes`` nor ``no``.
        """
        name, colon, outcome = text.partition(":")
        if colon and outcome not in ("yes", "no"):
            raise ValueError(f"'{outcome}' is neither 'yes' nor 'no'")
        return cls(name, (outcome == "yes") if colon else None)

    def __str__(self) -> str:
        if self.outcome is None:
            return self.name
        return f"{self.name}:{'yes' if self.outcome else 'no'}"


# --- The demands ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinRange:
    """Each device of the role keeps the quantity between two limits.

    Attributes:
        role: Which devices are judged, each by itself.
        quantity: Both limits are in ``quantity.unit``.
        low: The lowest allowed value, or ``None``.
        high: The highest allowed value, or ``None``.
        max_age: How old a reading may be and still be evidence; ``None`` for twice the
            device's interval.
    """

    role: Role
    quantity: Quantity
    low: float | None = None
    high: float | None = None
    max_age: timedelta | None = None

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a range needs at least one limit")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardFrom:
    """Each device of the role (``None``: each device) is heard from in time.

    Attributes:
        max_age: How long it may be silent; ``None`` for twice the device's interval.
    """

    role: Role | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaysInState:
    """Each device of the role reports this state, and no other.

    Attributes:
        state: The number of the state in ``quantity.states``.
        max_age: As for ``WithinRange``.
    """

    role: Role
    quantity: Quantity
    state: float
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Responds:
    """When one thing is set, another follows: the fan is on, so air flows.

    Exactly one of ``low``/``high`` (a fixed answer) or ``tolerance`` (the answer comes up
    to the value set, less the tolerance) says what following means.

    Attributes:
        role: The devices that set; each is judged by itself.
        quantity: What is set.
        state: Judge only while it is in this state; ``None`` for always.
        answer_role: The devices that should follow; the one heard last speaks for them.
        answer: What should follow, in its own unit.
        low: The answer is at least this.
        high: The answer is at most this.
        tolerance: The answer is at least the value set minus this, in ``answer.unit``.
        within: How long following may take, from the instant it was set.
        max_age: As for ``WithinRange``, for the answer.
    """

    role: Role
    quantity: Quantity
    state: float | None = None
    answer_role: Role
    answer: Quantity
    low: float | None = None
    high: float | None = None
    tolerance: float | None = None
    within: timedelta
    max_age: timedelta | None = None

    def __post_init__(self) -> None:
        fixed = self.low is not None or self.high is not None
        if fixed == (self.tolerance is not None):
            raise ValueError("say what following means: low/high, or tolerance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Daylight:
    """Daylight reaches the room as the sun and the sky allow. Judged only by day.

    Attributes:
        role: The daylight sensors, each judged by itself.
        low: Illuminance asked for, in lx, when the sun stands at ``at_elevation``; for a
            lower sun in proportion to the sine of its elevation.
        at_elevation: Degrees above the horizon.
        min_elevation: Not judged while the sun is lower than this, in degrees.
        outdoor_share: With an outdoor reference, no more is asked than this fraction of
            the illuminance outdoors.
        max_age: As for ``WithinRange``.
    """

    role: Role = Role.DAYLIGHT
    low: float
    at_elevation: float
    min_elevation: float
    outdoor_share: float
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaylightShare:
    """Over many days there is enough daylight for enough of the daylight hours.

    Attributes:
        role: The daylight sensors, each judged by itself.
        low: Illuminance that counts as enough, in lx.
        share: The fraction of the daylight hours that must reach it.
        window: Over how long, in whole days.
        day_night_ratio: Mean daytime illuminance over mean night-time illuminance; below
            this the sensor may be seeing a lamp.
        min_elevation: The sun is up when it is higher than this, in degrees.
        min_coverage: The fraction of the daylight hours of the window that must have been
            observed before anything is said.
    """

    role: Role = Role.DAYLIGHT
    low: float
    share: float
    window: timedelta
    day_night_ratio: float
    min_elevation: float
    min_coverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedEvery:
    """A person does it again before this long has passed, from the start of the stay.

    Attributes:
        fact: What is repeated: ``check``, or a fact that is recorded; an answer "no" says
            that it was not done.
        at_most: The longest gap that is allowed, both ends of the stay included.
        by: Who may do it (role names); empty for anybody.
        agreed: Only a shorter gap counts that was agreed for the stay.
    """

    fact: str = "check"
    at_most: timedelta
    by: frozenset[str] = frozenset()
    agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinLimit:
    """After one thing, another happens within a time.

    Attributes:
        since: What starts the clock; the first one that has not been answered counts.
        until: What stops it; any one of them.
        at_most: How long it may take.
        extended_by: A moment that lengthens the limit, once, by ``extension``, if it
            happens before the limit is over.
        extension: By how much.
        by: Who may record the facts in ``until`` and ``extended_by`` (role names); empty
            for anybody. What is built in counts whoever did it.
    """

    since: Moment
    until: tuple[Moment, ...]
    at_most: timedelta
    extended_by: Moment | None = None
    extension: timedelta = timedelta(0)
    by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneBy:
    """A person has established something and recorded the answer.

    Attributes:
        fact: The name under which it is recorded; the answer "yes" is what is asked.
        by: Who may establish it (role names); empty for anybody. A "no" counts whoever
            recorded it.
        valid_for: How long the answer holds; ``None`` for as long as the stay.
        due: How long after the start of the stay it must be there; ``None``: no deadline,
            absence is "not shown".
        before_start: It must have happened before the stay began.
    """

    fact: str
    by: frozenset[str] = frozenset()
    valid_for: timedelta | None = None
    due: timedelta | None = None
    before_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMostTimes:
    """Something happens no more often than this during a stay.

    Attributes:
        moment: What is counted.
        times: The highest number that is allowed; 0 forbids it.
        by: Counted only when recorded in one of these roles; empty for all.
        except_by: Not counted when recorded in one of these roles.
    """

    moment: Moment
    times: int
    by: frozenset[str] = frozenset()
    except_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredWhenLocked:
    """A door that is closed and locked has a stay registered with it.

    What was locked without one stays a violation, also after the door is open again, until
    a stay is registered for that time, or somebody says why it was no enclosure.

    Attributes:
        longer_than: A shorter time says nothing.
        dismissed_by: The fact by which somebody says that it was no enclosure.
        dismissed_for: While the door stays locked, how long that holds.
    """

    longer_than: timedelta
    dismissed_by: str
    dismissed_for: timedelta


Demand = (
    WithinRange
    | HeardFrom
    | StaysInState
    | Responds
    | Daylight
    | DaylightShare
    | CheckedEvery
    | WithinLimit
    | DoneBy
    | AtMostTimes
    | RegisteredWhenLocked
)


def facts_of(demand: Demand) -> frozenset[str]:
    """The names of the facts whose recording can answer a demand."""
    return happenings_of(demand) - BUILT_IN


def happenings_of(demand: Demand) -> frozenset[str]:
    """The names of all that happens in a stay on which the answer to a demand rests."""
    match demand:
        case DoneBy(fact=fact):
            return frozenset({fact})
        case CheckedEvery(fact=fact):
            return frozenset({fact, "check_interval"})
        case WithinLimit() as asks:
            moments = (asks.since, *asks.until, asks.extended_by)
            return frozenset(m.name for m in moments if m is not None)
        case AtMostTimes(moment=moment):
            return frozenset({moment.name})
        case RegisteredWhenLocked(dismissed_by=fact):
            return frozenset({fact})
        case _:
            return frozenset()


# --- The catalogue -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """Where and when a requirement applies.

    Attributes:
        rooms: The kinds of room.
        during: Only during a stay of one of these kinds; empty for always.
    """

    rooms: frozenset[RoomKind]
    during: frozenset[StayKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One demand of a requirement, with what can show it.

    Attributes:
        key: Unique within its requirement; part of the obligation's id.
        evidence: What can show it.
        demand: What is asked.
        dwell: How long it must be violated before that is a breach.
        priority: How urgently a breach claims a person.
        warn_before: How long before its limit somebody is reminded at the latest.
        warn_spread: Up to this much earlier, otherwise each time, so that what comes is
            not predictable; both zero for no reminder.
        acknowledged_for: How long an acknowledgement of its alert lasts; ``None`` for one
            interval of checks, and ``alert.ACKNOWLEDGED_FOR`` for anything else.
        insistent: Its alert is never held back, grouped or put aside.
        inhibited_by: While an alert of one of these requirements is open in the room, its
            own only follows from it and pages nobody.
    """

    key: str
    evidence: EvidenceKind
    demand: Demand
    dwell: timedelta = timedelta(0)
    priority: Priority = Priority.NONE
    warn_before: timedelta = timedelta(0)
    warn_spread: timedelta = timedelta(0)
    acknowledged_for: timedelta | None = None
    insistent: bool = False
    inhibited_by: frozenset[RequirementId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One row of the catalogue.

    Attributes:
        id: Unique in the catalogue, as in the law tables.
        label: A legal demand, or an indication (never called a legal limit).
        citation: The article, or the source of the figure.
        link: Deep link to the text, empty where there is none.
        supports: For an indication, the requirement it helps to judge.
        nl: Short wording of our own, Dutch.
        en: Short wording of our own, English.
        applies: Where and when.
        asks: What would show it.
        proof: Whether all asks are needed or one is enough.
        valid_from: First day (inclusive) on which it applies.
        valid_until: Last day (inclusive), or ``None``.
    """

    id: RequirementId
    label: Label
    citation: str
    link: str
    supports: RequirementId | None = None
    nl: str
    en: str
    applies: Applies
    asks: tuple[Ask, ...]
    proof: Proof = Proof.ALL
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All requirements in use.

    Attributes:
        version: As the files state it.
        hash: SHA-256 of the canonical content, hexadecimal.
    """

    version: str
    hash: str
    requirements: tuple[Requirement, ...] = field(default=())

    @property
    def stamp(self) -> str:
        """What every verdict carries: version and the start of the hash."""
        return f"{self.version}+{self.hash[:12]}"
