"""What happens in the demo. Limits are the law's: what takes longer began before.

Devices keep what they measured while nobody listens, and the people of the demo enter
what they did before it began. So in an enclosure that began fourteen minutes and fifty
seconds ago the first check is missed ten seconds from now, at the law's own limit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from room_monitor.cli.demo.site import CALM, CHECKED, DEAD, HOT, INTERVAL, LOCKED, VENT
from room_monitor.control import Do, Request
from room_monitor.core.requirements import DoneBy, EvidenceKind, StayKind
from room_monitor.core.state import RoomState
from sensors.quantity import Quantity
from sensors.simulator import Publish, SimulatedDevice, Step, play, together
from sensors.simulator.air import Air
from sensors.simulator.cast import Role
from sensors.simulator.curves import (
    MINUTE,
    SECOND,
    Constant,
    Curve,
    Presses,
    Steps,
    states,
)
from sensors.simulator.scenario import Curves, Scenario, Silence, Text, altered
from sensors.simulator.scenarios.well import FULL_FLOW, START, WELL

NOW = 35 * MINUTE
"""How long before the demo its devices began to keep what they measured."""

_Q = Quantity
_LOCK, _CONTACT = Quantity.DOOR_LOCK, Quantity.DOOR_CONTACT
_SEALED: dict[Quantity, Curve] = {
    _Q.CO2: Air(people=((START, 1.0),), flow=((START, 3.0),))
}

# After half an hour the warmth is a breach, after five minutes the missing air: both soon.
_WARM_AT = NOW + 12 * SECOND - 30 * MINUTE
_WARMTH = Steps(
    (
        (START, 25.2),
        (_WARM_AT, 27.8),
        (_WARM_AT + 10 * MINUTE, 28.6),
        (_WARM_AT + 25 * MINUTE, 29.2),
    )
)
_BLOCKED_AT = NOW + 8 * SECOND - 5 * MINUTE
_FLOW = Steps(((START, FULL_FLOW), (_BLOCKED_AT, 0.0)))

_CURVES: dict[str, Curves] = {
    CALM: WELL,
    HOT: altered(
        WELL,
        {
            Role.CLIMATE: {
                _Q.AIR_TEMPERATURE: _WARMTH,
                _Q.RELATIVE_HUMIDITY: Constant(38.0),
            },
            Role.THERMOSTAT: {
                _Q.AIR_TEMPERATURE: _WARMTH,
                _Q.CONTROL_LOCKOUT: states(
                    _Q.CONTROL_LOCKOUT,
                    (START, "free"),
                    (NOW - 8 * MINUTE, "locked_out"),
                ),
            },
        },
    ),
    VENT: altered(
        WELL,
        {
            Role.VENTILATION: {
                _Q.FAN_STATE: Constant(1.0),
                _Q.AIR_FLOW: _FLOW,
            },
            Role.CLIMATE: _SEALED,
        },
    ),
    CHECKED: altered(
        WELL,
        {
            Role.DOOR_LOCK: {_LOCK: Constant(1.0)},
            Role.CALL_BUTTON: {_Q.CALL_BUTTON: Presses(((NOW + 7 * SECOND, None),))},
        },
    ),
    LOCKED: altered(
        WELL,
        {
            Role.DOOR_LOCK: {
                _LOCK: states(
                    _LOCK,
                    (START, "unlocked"),
                    (NOW + 4 * SECOND, "locked"),
                    (NOW + 24 * SECOND, "unlocked"),
                )
            }
        },
    ),
    DEAD: WELL,
}
_SILENCES = {DEAD: (Silence(role=Role.DOOR_LOCK, begins=NOW + 2 * SECOND),)}
_KEPT = {
    f"{HOT}-climate",
    f"{HOT}-thermostat",
    f"{VENT}-ventilation",
    f"{VENT}-climate",
}
"""The devices whose past makes a breach now."""


class Deed(NamedTuple):
    """Somebody does something.

    Attributes:
        offset: When, from the begin of the demo.
        request: What; with ``at`` if it is entered later than it happened.
        on_alert: Of this requirement, instead of the request's target.
    """

    offset: timedelta
    request: Request
    on_alert: str | None = None


def steps(
    devices: Sequence[SimulatedDevice], began_at: datetime, lasts: timedelta
) -> Iterator[Step]:
    """What the devices say, from ``NOW`` before the demo until its end."""
    first = began_at - NOW
    said = together(
        *(
            play(
                _scenario(room, curves, first, NOW + lasts),
                [device for device in devices if device.room == room],
                room=room,
                dated=lambda offset: first + offset,
            )
            for room, curves in _CURVES.items()
        )
    )
    return (step for step in said if step.offset >= NOW - INTERVAL or _matters(step))


def _matters(step: Step) -> bool:
    """Whether what a device kept from before the demo changes anything in it."""
    return isinstance(step.what, Publish) and step.what.device in _KEPT


def _scenario(
    room: str, curves: Curves, starts_at: datetime, duration: timedelta
) -> Scenario:
    return Scenario(
        name=room,
        title=Text(nl=room, en=room),
        shows=(),
        room_kinds=("safe_room", "bedroom"),
        starts_at=starts_at,
        duration=duration,
        curves=curves,
        silences=_SILENCES.get(room, ()),
    )


def past_deeds(rooms: Sequence[RoomState], now: datetime) -> Iterator[Request]:
    """What people did before the demo and enter now: inspections, and an enclosure."""
    for room in rooms:
        for requirement in room.plan.requirements:
            for ask in requirement.asks:
                if ask.evidence is EvidenceKind.INSPECTION and isinstance(
                    ask.demand, DoneBy
                ):
                    yield Request(
                        do=Do.RECORD,
                        target=room.plan.room.id,
                        fact=ask.demand.fact,
                        outcome=True,
                        role=min(ask.demand.by, default="staff"),
                        at=now - timedelta(days=30),
                        of_room=True,
                    )
    began_at = now - timedelta(minutes=14, seconds=50)
    act = Request(do=Do.BEGIN_STAY, target=CHECKED, role="staff", at=began_at)
    yield replace(act, kind=StayKind.ENCLOSURE, key="demo-1")
    for fact in (
        "told_duration",
        "aged_12_or_older",
        "emergency",
        "no_lighter_alternative",
        "proportionate",
        "expected_effective",
        "purpose_named",
        "in_plan_or_emergency",
        "belongings_offered",
    ):
        at = began_at - MINUTE if fact == "told_duration" else began_at + MINUTE
        yield replace(act, do=Do.RECORD, fact=fact, outcome=True, at=at)


DEEDS = (
    Deed(
        18 * SECOND,
        Request(do=Do.ACKNOWLEDGE, role="staff", person="A. Demo", remark="On my way"),
        on_alert="check-every-quarter",
    ),
    Deed(
        21 * SECOND,
        Request(
            do=Do.CHECK_IN,
            target=CHECKED,
            role="staff",
            person="A. Demo",
            contact_wished=True,
            contact_given=True,
        ),
    ),
)
"""What people do during the demo, in the order of time."""
