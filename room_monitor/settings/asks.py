"""What an ask of the catalogue looks like, one shape for each kind of demand.

The shapes carry the names of the demands in ``core.requirements``; a shape reads the
units and refuses what no device could ever answer.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator

from room_monitor.core.requirements import (
    AtMostTimes,
    CheckedEvery,
    Daylight,
    DaylightShare,
    Demand,
    DoneBy,
    EvidenceKind,
    HeardFrom,
    Moment,
    Priority,
    RegisteredWhenLocked,
    Responds,
    StaysInState,
    WithinLimit,
    WithinRange,
)
from room_monitor.core.site import Role
from room_monitor.settings.problems import did_you_mean
from room_monitor.settings.roles import PEOPLE, answerable
from room_monitor.settings.shapes import (
    Count,
    Duration,
    Elevation,
    FactName,
    Flag,
    Ratio,
    Shape,
    Share,
    Slug,
    word,
)
from room_monitor.settings.units import read_quantity
from sensors.quantity import Quantity


def _moment(value: object) -> Moment:
    return Moment.parse(word(value))


def _limit(
    value: object, quantity: object, *, difference: bool = False
) -> float | None:
    """A limit in the unit of its quantity; ``None`` if that is unknown itself."""
    if not isinstance(quantity, Quantity):
        return None
    if quantity.states:
        raise ValueError(f"'{quantity}' has states, not limits; use 'stays_in_state'")
    return read_quantity(word(value), quantity, difference=difference)


def _state(value: object, quantity: object) -> float | None:
    """The number of a state; ``None`` if its quantity is unknown itself."""
    if not isinstance(quantity, Quantity):
        return None
    name = word(value)
    if not quantity.states:
        raise ValueError(f"'{quantity}' is measured and has no states; use limits")
    if name not in quantity.states:
        raise ValueError(
            f"'{name}' is not a state of '{quantity}'"
            + did_you_mean(name, quantity.states)
        )
    return float(quantity.states.index(name))


def _people(names: frozenset[str]) -> frozenset[str]:
    for name in sorted(names - frozenset(PEOPLE)):
        raise ValueError(f"'{name}' is nobody's role" + did_you_mean(name, PEOPLE))
    return names


MomentName = Annotated[Moment, BeforeValidator(_moment)]
People = Annotated[frozenset[str], AfterValidator(_people)]


class AskShape(Shape):
    """What every ask has; the rest is the demand's."""

    asks: ClassVar[type[Any]]
    key: Slug
    evidence: EvidenceKind
    kind: str
    dwell: Duration = timedelta(0)
    priority: Priority = Priority.NONE
    warn_before: Duration = timedelta(0)
    warn_spread: Duration = timedelta(0)
    acknowledged_for: Duration | None = None
    insistent: Flag = False
    inhibited_by: frozenset[Slug] = frozenset()

    def demand(self) -> Demand:
        """The demand.

        Raises:
            ValueError: If its parts contradict each other.
        """
        own = {
            name: getattr(self, name)
            for name in type(self).model_fields
            if name not in AskShape.model_fields
        }
        demand: Demand = self.asks(**own)
        return demand


class _WithinRange(AskShape):
    asks = WithinRange
    role: Role
    quantity: Quantity
    low: float | None = None
    high: float | None = None
    max_age: Duration | None = None

    @field_validator("quantity")
    @classmethod
    def _told(cls, quantity: Quantity, info: ValidationInfo) -> Quantity:
        return answerable(quantity, info.data.get("role"))

    @field_validator("low", "high", mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> float | None:
        return _limit(value, info.data.get("quantity"))


class _HeardFrom(AskShape):
    asks = HeardFrom
    role: Role | None = None
    max_age: Duration | None = None


class _StaysInState(AskShape):
    asks = StaysInState
    role: Role
    quantity: Quantity
    state: float
    max_age: Duration | None = None

    @field_validator("quantity")
    @classmethod
    def _told(cls, quantity: Quantity, info: ValidationInfo) -> Quantity:
        return answerable(quantity, info.data.get("role"))

    @field_validator("state", mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> float:
        return _state(value, info.data.get("quantity")) or 0.0


class _Responds(AskShape):
    asks = Responds
    role: Role
    quantity: Quantity
    state: float | None = None
    answer_role: Role
    answer: Quantity
    low: float | None = None
    high: float | None = None
    tolerance: float | None = None
    within: Duration
    max_age: Duration | None = None

    @field_validator("quantity")
    @classmethod
    def _told(cls, quantity: Quantity, info: ValidationInfo) -> Quantity:
        return answerable(quantity, info.data.get("role"))

    @field_validator("answer")
    @classmethod
    def _answered(cls, answer: Quantity, info: ValidationInfo) -> Quantity:
        return answerable(answer, info.data.get("answer_role"))

    @field_validator("state", mode="before")
    @classmethod
    def _set(cls, value: object, info: ValidationInfo) -> float | None:
        return _state(value, info.data.get("quantity"))

    @field_validator("low", "high", mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> float | None:
        return _limit(value, info.data.get("answer"))

    @field_validator("tolerance", mode="before")
    @classmethod
    def _less(cls, value: object, info: ValidationInfo) -> float | None:
        return _limit(value, info.data.get("answer"), difference=True)


def _lux(value: object) -> float:
    return read_quantity(word(value), Quantity.DAYLIGHT_ILLUMINANCE)


Lux = Annotated[float, BeforeValidator(_lux)]


class _Daylight(AskShape):
    asks = Daylight
    role: Role = Role.DAYLIGHT
    low: Lux
    at_elevation: Elevation
    min_elevation: Elevation
    outdoor_share: Share
    max_age: Duration | None = None


class _DaylightShare(AskShape):
    asks = DaylightShare
    role: Role = Role.DAYLIGHT
    low: Lux
    share: Share
    window: Duration
    day_night_ratio: Ratio
    min_elevation: Elevation
    min_coverage: Share

    @field_validator("window")
    @classmethod
    def _days(cls, window: timedelta) -> timedelta:
        if window < timedelta(days=1) or window % timedelta(days=1):
            raise ValueError("must be whole days: '14 d'")
        return window


class _CheckedEvery(AskShape):
    asks = CheckedEvery
    fact: FactName = "check"
    at_most: Duration
    by: People = frozenset()
    agreed: Flag = False


class _WithinLimit(AskShape):
    asks = WithinLimit
    since: MomentName
    until: tuple[MomentName, ...]
    at_most: Duration
    extended_by: MomentName | None = None
    extension: Duration = timedelta(0)
    by: People = frozenset()

    @field_validator("until", mode="after")
    @classmethod
    def _some(cls, until: tuple[Moment, ...]) -> tuple[Moment, ...]:
        if not until:
            raise ValueError("there is none; say what stops the clock")
        return until


class _DoneBy(AskShape):
    asks = DoneBy
    fact: FactName
    by: People = frozenset()
    valid_for: Duration | None = None
    due: Duration | None = None
    before_start: Flag = False


class _AtMostTimes(AskShape):
    asks = AtMostTimes
    moment: MomentName
    times: Count
    by: People = frozenset()
    except_by: People = frozenset()


class _RegisteredWhenLocked(AskShape):
    asks = RegisteredWhenLocked
    longer_than: Duration
    dismissed_by: FactName
    dismissed_for: Duration


ASKS: Mapping[str, type[AskShape]] = MappingProxyType(
    {
        "at_most_times": _AtMostTimes,
        "checked_every": _CheckedEvery,
        "daylight": _Daylight,
        "daylight_share": _DaylightShare,
        "done_by": _DoneBy,
        "heard_from": _HeardFrom,
        "registered_when_locked": _RegisteredWhenLocked,
        "responds": _Responds,
        "stays_in_state": _StaysInState,
        "within_limit": _WithinLimit,
        "within_range": _WithinRange,
    }
)
