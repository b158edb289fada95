"""Everything that is true of one room, folded from its events and its readings."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from room_monitor.core import alert as alerts
from room_monitor.core import breach, doors
from room_monitor.core import stay as stays
from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.breach import Standing
from room_monitor.core.doors import Doors
from room_monitor.core.evaluation import (
    BehindTheDoor,
    DayTally,
    Happening,
    Heard,
    Known,
    Locking,
    StayKnown,
)
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertHeld,
    AlertRaised,
    AlertReleased,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    BrokerLost,
    CheckIntervalAgreed,
    CheckRecorded,
    ClockStepped,
    ConfigurationChanged,
    ContactRecorded,
    ContactRequested,
    CorrectionConfirmed,
    DoorMoved,
    DrillBegan,
    EvaluationFailed,
    Event,
    FactRecorded,
    GapFound,
    LateViolationFound,
    MonitorStarted,
    MonitorStopped,
    ObligationLapsed,
    OccupancySuggested,
    Paged,
    PageFailed,
    PageSent,
    Prompted,
    ReachTested,
    RecordCorrected,
    SequenceGapFound,
    StayBegan,
    StayEnded,
    TagPresented,
    TroubleFound,
    VerdictChanged,
)
from room_monitor.core.hindsight import asks_after_the_end, outlives
from room_monitor.core.ids import AlertId, DeviceId, ObligationId, StayId
from room_monitor.core.obligations import Obligation, Plan, Question, question
from room_monitor.core.readings import Reading
from room_monitor.core.site import DatedBy, Role
from room_monitor.core.stay import Happened, Stay
from sensors.quantity import Quantity

BLIND_MATTERS = timedelta(seconds=10)
"""A shorter gap explains nobody's silence: devices are allowed two intervals anyway."""

STAYS_KEPT = 20
"""How many ended stays of a room still take late entries."""

CALLS_KEPT = timedelta(hours=48)
"""How long what a sensor saw waits for a stay that is registered late."""

EMPTY: Mapping[Any, Any] = MappingProxyType({})
NEVER = datetime.max.replace(tzinfo=UTC)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

NO_DOORS = Doors()

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
        doors: When the door was closed and locked.
        sensed: What sensors saw of late that counts in a stay: calls, the door opening.
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
    doors: Doors = NO_DOORS
    sensed: Happened = EMPTY
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
            stay=_known(stay) if stay else None,
            happened=stay.happened if stay else self.happened,
            behind_the_door=self.behind_the_door,
        )

    def behind_the_door(self) -> BehindTheDoor:
        """When the door was locked, and which stays are registered."""
        return BehindTheDoor(
            lockings=self.doors.lockings,
            registered=tuple(
                Locking(each.began_at, _registered_until(each))
                for each in self.stays.values()
                if not each.void
            ),
        )

    def questions(self) -> Iterable[Question]:
        """All that is asked of the room now: always, and because of its stays."""
        yield from self.plan.always
        for stay in self.stays.values():
            for asked in self.questions_of(stay):
                if not stay.ended or self._outlives(asked):
                    yield asked

    def questions_of(self, stay: Stay) -> Iterable[Question]:
        """All that is asked because of one stay while it lasts."""
        return (question(o, stay.id) for o in self.plan.during[stay.kind])

    def questions_of_any_kind(self, stay: Stay) -> Iterable[Question]:
        """All that is or would be asked of one stay, were it of any kind."""
        asked = (o for of_kind in self.plan.during.values() for o in of_kind)
        return (question(o, stay.id) for o in {o.id: o for o in asked}.values())

    def _outlives(self, asked: Question) -> bool:
        """After a stay what had to be recorded stays asked for until it is."""
        assert asked.stay is not None
        if self.stays[asked.stay].void:
            return False
        standing = self.standings.get(asked.key)
        if asks_after_the_end(asked):
            unknown = self.stays[asked.stay].ended_at is None
            return unknown or (standing is not None and standing.breach is not None)
        return standing is not None and outlives(asked, standing.reason)


def _known(stay: Stay) -> StayKnown:
    return StayKnown(stay.id, stay.kind, stay.began_at, stay.ended_at, stay.over_at)


def _registered_until(stay: Stay) -> datetime | None:
    """Until when a stay explains a locked door; ``None`` while it goes on."""
    if not stay.ended:
        return None
    return stay.ended_at or stay.last_known_at


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
        case VerdictChanged() | ObligationLapsed() | Prompted():
            return _judged(state, event)
        case BreachOpened() | BreachClosed() | BreachRevised():
            return _breached(_judged(state, event), event)
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
        case (
            DrillBegan()
            | AlertAcknowledged()
            | AcknowledgementExpired()
            | AlertShelved()
            | AlertUnshelved()
            | AlertReturnedToNormal()
        ):
            alert = alerts.evolve(state.alerts.get(event.alert), event)
            until = alert.until if alert is not None and alert.until else NEVER
            return state._replace(
                alerts=_with(state.alerts, event.alert, alert),
                wake_at=min(state.wake_at, until),
            )
        case StayBegan():
            return _begin(state, event)
        case FactRecorded(stay=None):
            fact = Happening(
                event.happened_at, event.outcome, event.role, event.record, event.until
            )
            return state._replace(happened=stays.add(state.happened, event.fact, fact))
        case RecordCorrected(stay=None, corrects=wrong):
            return state._replace(happened=stays.without(state.happened, wrong))
        case ContactRecorded(stay=None) | CorrectionConfirmed(stay=None):
            return state
        case (
            StayEnded()
            | CheckRecorded()
            | CheckIntervalAgreed()
            | ContactRecorded()
            | FactRecorded()
            | RecordCorrected()
            | CorrectionConfirmed()
        ):
            assert event.stay is not None
            stay = stays.evolve(state.stays.get(event.stay), event)
            if isinstance(event, StayEnded | RecordCorrected):
                stay = stays.overheard(stay, state.sensed)
            return state._replace(stays={**state.stays, stay.id: stay})
        case ContactRequested(at=at):
            return _happens(state, "contact_request", at)
        case DoorMoved():
            moved = state._replace(doors=doors.evolve(state.doors, event))
            if event.role is Role.DOOR_CONTACT and event.state == "open":
                return _happens(moved, "door_opened", event.at)
            return moved
        case OccupancySuggested():
            return state._replace(doors=doors.evolve(state.doors, event))
        case GapFound() if event.ended_at - event.began_at >= BLIND_MATTERS:
            return state._replace(watched_since=event.ended_at)
        case MonitorStarted(at=at) if state.watched_since == NEVER:
            return state._replace(watched_since=at)
        case ConfigurationChanged() if state.plan.room.id in event.rooms:
            return state._replace(watched_since=event.at)
        case ClockStepped(by=by):
            return _shift(state, by)
        case (
            SequenceGapFound()
            | TagPresented()
            | LateViolationFound()
            | EvaluationFailed()
            | TroubleFound()
            | AlertHeld()
            | AlertReleased()
            | Paged()
            | PageSent()
            | PageFailed()
            | ReachTested()
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


def _judged(
    state: RoomState,
    event: VerdictChanged
    | ObligationLapsed
    | Prompted
    | BreachOpened
    | BreachClosed
    | BreachRevised,
) -> RoomState:
    standing = breach.evolve(state.standings.get(event.obligation), event)
    return state._replace(standings=_with(state.standings, event.obligation, standing))


def _breached(
    state: RoomState, event: BreachOpened | BreachClosed | BreachRevised
) -> RoomState:
    """A stay remembers what was violated in it, to be put right by what is told later."""
    stay = state.stays.get(stay_of(event.obligation) or StayId(""))
    if stay is None:
        return state
    return state._replace(
        stays={**state.stays, stay.id: stays.follow(stay, event)},
    )


def stay_of(key: ObligationId) -> StayId | None:
    """The stay a question is about, if it is about one."""
    _, at, stay = key.rpartition("@")
    return StayId(stay) if at else None


def _begin(state: RoomState, event: StayBegan) -> RoomState:
    """A new stay; of the ended ones for which nothing is missing the oldest is let go."""
    known = state.stays.get(event.stay)
    stay = stays.overheard(stays.evolve(known, event), state.sensed)
    if known is not None:
        return state._replace(stays={**state.stays, event.stay: stay})
    waiting = {stay_of(key) for key in state.standings}
    gone = [s.id for s in state.stays.values() if s.ended and s.id not in waiting]
    surplus = set(gone[: max(0, len(gone) - STAYS_KEPT + 1)])
    kept = {key: s for key, s in state.stays.items() if key not in surplus}
    return state._replace(stays={**kept, event.stay: stay})


def _happens(state: RoomState, name: str, at: datetime) -> RoomState:
    """Something a sensor saw counts in every stay that is open, or is told of later."""
    lately = tuple(h for h in state.sensed.get(name, ()) if h.at > at - CALLS_KEPT)
    return state._replace(
        sensed={**state.sensed, name: (*lately, Happening(at))},
        stays={
            key: stay
            if stay.ended
            else replace(stay, happened=stays.add(stay.happened, name, Happening(at)))
            for key, stay in state.stays.items()
        },
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
        stays={key: stays.shift(stay, by) for key, stay in state.stays.items()},
        alerts={key: alerts.shift(alert, by) for key, alert in state.alerts.items()},
        doors=doors.shift(state.doors, by),
        happened=stays.shift_happened(state.happened, by),
        sensed=stays.shift_happened(state.sensed, by),
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
