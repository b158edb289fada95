"""Everything that is true of one room, folded from its events and its readings."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from room_monitor.core import alert as alerts
from room_monitor.core import breach
from room_monitor.core import stay as stays
from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.breach import Standing
from room_monitor.core.evaluation import (
    DayTally,
    Happening,
    Heard,
    Known,
    StayKnown,
    Verdict,
)
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    BrokerLost,
    CheckRecorded,
    ClockStepped,
    ConfigurationChanged,
    ContactRequested,
    DoorMoved,
    EvaluationFailed,
    Event,
    FactRecorded,
    GapFound,
    LateViolationFound,
    MonitorStarted,
    MonitorStopped,
    ObligationLapsed,
    SequenceGapFound,
    StayBegan,
    StayEnded,
    VerdictChanged,
)
from room_monitor.core.ids import AlertId, DeviceId, ObligationId, StayId
from room_monitor.core.obligations import Obligation, Plan, Question, question
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import DoneBy
from room_monitor.core.site import DatedBy, Role
from room_monitor.core.stay import Happened, Stay
from sensors.quantity import Quantity

BLIND_MATTERS = timedelta(seconds=10)
"""A shorter gap explains nobody's silence: devices are allowed two intervals anyway."""

STAYS_KEPT = 20
"""How many ended stays of a room still take late entries."""

EMPTY: Mapping[Any, Any] = MappingProxyType({})
NEVER = datetime.max.replace(tzinfo=UTC)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

K = TypeVar("K")
V = TypeVar("V")


class RoomState(NamedTuple):
    """All that is true of a room now. Give it to ``take``, ``advance`` or ``act``.

    Attributes:
        plan: What is asked of the room.
        heard: Last fresh reading per device and quantity.
        last_heard: When each device last said anything.
        sequences: The last message number of each device that numbers them.
        watched_since: Since when silence counts; ``NEVER`` before the first start.
        tallies: Daylight per sensor and day.
        stays: Open stays, and the last ended ones.
        happened: What people recorded of the room itself.
        standings: How each obligation stands.
        alerts: Alerts that still need somebody.
        rechecks: When each question must be asked again at the latest; computed, not
            remembered. Asking earlier does no harm.
        wake_at: No deadline lies before this instant; computed, not remembered.
        people_judged_at: Up to when demands on people were judged; computed, not
            remembered.
    """

    plan: Plan
    watched_since: datetime = NEVER
    heard: Mapping[DeviceId, Mapping[Quantity, Heard]] = EMPTY
    last_heard: Mapping[DeviceId, datetime] = EMPTY
    sequences: Mapping[DeviceId, int] = EMPTY
    tallies: Mapping[DeviceId, tuple[DayTally, ...]] = EMPTY
    stays: Mapping[StayId, Stay] = EMPTY
    happened: Happened = EMPTY
    standings: Mapping[ObligationId, Standing] = EMPTY
    alerts: Mapping[AlertId, Alert] = EMPTY
    rechecks: Mapping[ObligationId, datetime] = EMPTY
    wake_at: datetime = NEVER
    people_judged_at: datetime = LONG_AGO

    def latest(self, device: DeviceId, quantity: Quantity) -> Heard | None:
        """The last fresh reading of a quantity of a device."""
        return self.heard.get(device, {}).get(quantity)

    def known(self, stay_id: StayId | None) -> Known:
        """What a rule may know, for a question about the room or about one stay."""
        stay = self.stays[stay_id] if stay_id is not None else None
        return Known(
            room=self.plan.room,
            heard=self.heard,
            last_heard=self.last_heard,
            watched_since=self.watched_since,
            tallies=self.tallies,
            stay=StayKnown(stay.id, stay.kind, stay.began_at, stay.ended_at)
            if stay
            else None,
            happened=stay.happened if stay else self.happened,
        )

    def questions(self) -> Iterable[Question]:
        """All that is asked of the room now: always, and because of its stays."""
        yield from self.plan.always
        for stay in self.stays.values():
            for obligation in self.plan.during[stay.kind]:
                asked = question(obligation, stay.id)
                if not stay.ended or self._still_missing(asked):
                    yield asked

    def _still_missing(self, asked: Question) -> bool:
        """After a stay what had to be recorded stays asked for until it is."""
        standing = self.standings.get(asked.key)
        return (
            isinstance(asked.obligation.ask.demand, DoneBy)
            and standing is not None
            and standing.verdict is not Verdict.MET
        )


def hear(state: RoomState, reading: Reading) -> RoomState:
    """Remember a fresh reading."""
    device, quantity = reading.device, reading.quantity
    of_device = state.heard.get(device, {})
    before = of_device.get(quantity)
    if before is not None and (
        reading.at < before.reading.at or reading.repeats(before.reading)
    ):
        return state
    same = before is not None and before.reading.value == reading.value
    changed_at = before.changed_at if same and before else reading.at
    of_device = {**of_device, quantity: Heard(reading, changed_at)}
    last_heard, sequences = state.last_heard, state.sequences
    last = last_heard.get(device)
    if last is None or reading.at >= last:
        if not _said_by_others(reading):
            last_heard = {**last_heard, device: reading.at}
        if reading.sequence is not None:
            sequences = {**sequences, device: reading.sequence}
    state = state._replace(
        heard={**state.heard, device: of_device},
        last_heard=last_heard,
        sequences=sequences,
    )
    if before is not None and quantity is Quantity.DAYLIGHT_ILLUMINANCE:
        return _tally(state, before.reading, reading.at)
    return state


def evolve(state: RoomState, event: Event) -> RoomState:
    """Say what is true of the room after ``event``, of this room or of the monitor."""
    match event:
        case VerdictChanged() | BreachOpened() | BreachClosed() | ObligationLapsed():
            standing = breach.evolve(state.standings.get(event.obligation), event)
            return state._replace(
                standings=_with(state.standings, event.obligation, standing)
            )
        case AlertRaised():
            # What came and went before, unseen, is in the log; now it is this one.
            alerts_known = {
                key: alert
                for key, alert in state.alerts.items()
                if alert.obligation != event.obligation
                or alert.state is not AlertState.RETURNED
            }
            raised = alerts.evolve(None, event)
            return state._replace(alerts=_with(alerts_known, event.alert, raised))
        case AlertAcknowledged() | AlertReturnedToNormal():
            alert = alerts.evolve(state.alerts.get(event.alert), event)
            return state._replace(alerts=_with(state.alerts, event.alert, alert))
        case StayBegan():
            return _begin(state, event)
        case FactRecorded(stay=None):
            fact = Happening(event.happened_at, event.outcome, event.role)
            return state._replace(happened=stays.add(state.happened, event.fact, fact))
        case StayEnded() | CheckRecorded() | FactRecorded():
            assert event.stay is not None
            stay = stays.evolve(state.stays.get(event.stay), event)
            return state._replace(stays={**state.stays, stay.id: stay})
        case ContactRequested(at=at):
            return _happens_in_stays(state, "contact_request", at)
        case DoorMoved(role=Role.DOOR_CONTACT, state="open", at=at):
            return _happens_in_stays(state, "door_opened", at)
        case GapFound() if event.ended_at - event.began_at >= BLIND_MATTERS:
            return state._replace(watched_since=event.ended_at)
        case MonitorStarted(at=at) if state.watched_since == NEVER:
            return state._replace(watched_since=at)
        case ConfigurationChanged() if state.plan.room.id in event.rooms:
            return state._replace(watched_since=event.at)
        case ClockStepped(by=by):
            return _shift(state, by)
        case (
            DoorMoved()
            | SequenceGapFound()
            | LateViolationFound()
            | EvaluationFailed()
            | MonitorStarted()
            | MonitorStopped()
            | BrokerLost()
            | GapFound()
            | ConfigurationChanged()
        ):
            return state


def _said_by_others(reading: Reading) -> bool:
    """Whether the broker or a gateway says that the device is gone (a last will)."""
    return reading.quantity is Quantity.AVAILABILITY and not reading.value


# --- The parts of the fold -----------------------------------------------------------


def _with(known: Mapping[K, V], key: K, value: V | None) -> Mapping[K, V]:
    """The mapping with one entry replaced, or without it for ``None``."""
    if value is None:
        return {k: v for k, v in known.items() if k != key}
    return {**known, key: value}


def _begin(state: RoomState, event: StayBegan) -> RoomState:
    """A new stay; of the ended ones for which nothing is missing the oldest is let go."""
    waiting = {key.rpartition("@")[2] for key in state.standings if "@" in key}
    gone = [s.id for s in state.stays.values() if s.ended and s.id not in waiting]
    surplus = set(gone[: max(0, len(gone) - STAYS_KEPT + 1)])
    kept = {key: s for key, s in state.stays.items() if key not in surplus}
    return state._replace(stays={**kept, event.stay: stays.evolve(None, event)})


def _happens_in_stays(state: RoomState, name: str, at: datetime) -> RoomState:
    """Something a sensor saw counts in every stay that is open."""
    return state._replace(
        stays={
            key: stay
            if stay.ended
            else replace(stay, happened=stays.add(stay.happened, name, Happening(at)))
            for key, stay in state.stays.items()
        }
    )


def _shift(state: RoomState, by: timedelta) -> RoomState:
    """Move running instants with the wall clock, so that what has elapsed stays true.

    A device that dates its own readings has a clock of its own, which did not step. All
    deadlines are computed anew.
    """
    own_clock = {
        d.id for d in state.plan.devices.values() if d.dated_by is DatedBy.DEVICE
    }
    dated_by_device = {
        o.id
        for o in (*(q.obligation for q in state.plan.always), *_during(state.plan))
        if o.device is not None and o.device.id in own_clock
    }
    return state._replace(
        watched_since=state.watched_since + by
        if state.watched_since != NEVER
        else NEVER,
        heard={
            device: of_device if device in own_clock else _shift_heard(of_device, by)
            for device, of_device in state.heard.items()
        },
        last_heard={
            device: at if device in own_clock else at + by
            for device, at in state.last_heard.items()
        },
        stays={
            key: stay if stay.ended else stays.shift(stay, by)
            for key, stay in state.stays.items()
        },
        standings={
            key: standing
            if (key.rpartition("@")[0] or key) in dated_by_device
            else breach.shift(standing, by)
            for key, standing in state.standings.items()
        },
        rechecks=EMPTY,
        wake_at=LONG_AGO,
        people_judged_at=LONG_AGO,
    )


def _during(plan: Plan) -> Iterable[Obligation]:
    return (o for obligations in plan.during.values() for o in obligations)


def _shift_heard(
    of_device: Mapping[Quantity, Heard], by: timedelta
) -> Mapping[Quantity, Heard]:
    return {
        quantity: Heard(
            heard.reading._replace(at=heard.reading.at + by), heard.changed_at + by
        )
        for quantity, heard in of_device.items()
    }


def _tally(state: RoomState, before: Reading, until: datetime) -> RoomState:
    """Add the time from one daylight reading to the next, to the day it began on."""
    asks = state.plan.daylight
    device = state.plan.devices.get(before.device)
    if asks is None or device is None or device.role is not asks.role:
        return state
    location = state.plan.room.location
    day = before.at.astimezone(location.zone).date()
    seconds = min(until - before.at, device.silent_after).total_seconds()
    tallies = state.tallies.get(device.id, ())
    today = tallies[-1] if tallies and tallies[-1].day == day else DayTally(day)
    if location.sun_elevation(before.at) > asks.min_elevation:
        today = today._replace(
            sunlit=today.sunlit + seconds,
            bright=today.bright + (seconds if before.value >= asks.low else 0.0),
            day_lux_seconds=today.day_lux_seconds + before.value * seconds,
        )
    else:
        today = today._replace(
            night=today.night + seconds,
            night_lux_seconds=today.night_lux_seconds + before.value * seconds,
        )
    kept = [t for t in tallies if day - asks.window <= t.day < day]
    return state._replace(tallies={**state.tallies, device.id: (*kept, today)})
