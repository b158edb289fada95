"""Which questions can a reading change, now or at the instant it tells of?"""

from collections.abc import Iterable

from room_monitor.core.evaluation import Heard, Verdict
from room_monitor.core.events import (
    Evidence,
    LateViolationFound,
    RoomEvent,
)
from room_monitor.core.judging import (
    evaluate,
)
from room_monitor.core.obligations import Question, question
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import (
    AtMostTimes,
    DaylightShare,
    Demand,
    HeardFrom,
    WithinLimit,
)
from room_monitor.core.state import RoomState
from sensors.quantity import Quantity


def touched(state: RoomState, reading: Reading) -> list[Question]:
    """The questions whose answer a reading can change."""
    device, quantity = reading.device, reading.quantity
    asked = list(state.plan.touched(device, quantity))
    moment = _SENSED.get(quantity)
    for stay in state.stays.values():
        if not stay.ended:
            asked += (
                question(o, stay.id)
                for o in state.plan.touched_in_stays(device, quantity)
                if stay.kind in o.requirement.applies.during
            )
            asked += (
                question(o, stay.id)
                for o in state.plan.during[stay.kind]
                if moment is not None and _asks_about(o.ask.demand, moment)
            )
    if quantity is Quantity.DAYLIGHT_ILLUMINANCE and _ends_a_day(state, reading):
        asked += (
            q
            for q in state.plan.always
            if isinstance(q.obligation.ask.demand, DaylightShare)
            and q.obligation.device is state.plan.devices[device]
        )
    if reading.at < state.last_heard.get(device, reading.at):
        # The device spoke later than this: how long it is silent does not change.
        return [q for q in asked if not isinstance(q.obligation.ask.demand, HeardFrom)]
    return asked


_SENSED = {
    Quantity.CALL_BUTTON: "contact_request",
    Quantity.DOOR_CONTACT: "door_opened",
}
"""Quantities that can start or stop the clock of a limit (see ``Moment``)."""


def _ends_a_day(state: RoomState, reading: Reading) -> bool:
    """Whether it tells how long the last light of a day that is over was seen."""
    before = state.latest(reading.device, reading.quantity)
    if before is None:
        return False
    zone = state.plan.room.location.zone
    return (
        before.reading.at.astimezone(zone).date() != reading.at.astimezone(zone).date()
    )


def _asks_about(demand: Demand, name: str) -> bool:
    """Whether what a sensor saw counts for a demand on people; never for a check."""
    match demand:
        case WithinLimit():
            moments = (demand.since, *demand.until, demand.extended_by)
            return any(m is not None and m.name == name for m in moments)
        case AtMostTimes():
            return demand.moment.name == name
        case _:
            return False


def late_violations(state: RoomState, reading: Reading) -> list[RoomEvent]:
    """Judge a reading that came out of order, for the instant it tells of."""
    then = state._replace(
        heard={
            **state.heard,
            reading.device: {
                **state.heard.get(reading.device, {}),
                reading.quantity: Heard(reading, reading.at),
            },
        }
    )
    found: list[RoomEvent] = []
    for asked in _touched_then(state, reading):
        standing = state.standings.get(asked.key)
        suspected_since = standing.suspected_since if standing else None
        if suspected_since is not None and suspected_since <= reading.at:
            continue
        finding, _ = evaluate(asked, then.known(asked.stay), reading.at)
        if finding.verdict is Verdict.VIOLATED and finding.reading is reading:
            found.append(
                LateViolationFound(
                    obligation=asked.key,
                    source=asked.obligation.source,
                    reason=finding.reason,
                    at=reading.at,
                    evidence=Evidence.of(reading._replace(late=True)),
                )
            )
    return found


def _touched_then(state: RoomState, reading: Reading) -> Iterable[Question]:
    """The questions that were asked at the instant a late reading tells of."""
    device, quantity, at = reading.device, reading.quantity, reading.at
    yield from (
        q for q in state.plan.touched(device, quantity) if q.obligation.in_force(at)
    )
    for stay in state.stays.values():
        if stay.began_at <= at and not stay.over_by(at):
            yield from (
                question(o, stay.id)
                for o in state.plan.touched_in_stays(device, quantity)
                if stay.kind in o.requirement.applies.during and o.in_force(at)
            )
