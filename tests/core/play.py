"""Rooms, catalogues and timelines in code, for the tests of the core.

A ``Story`` plays a timeline against one room and, after every step, looks whether the
promises hold that hold always: replay equals live state; deciding twice changes nothing; no
deadline outlives its instant; an alert is there exactly while somebody is needed; each
breach is opened once, and what a stay remembers of it is what the log says; and what the
log says of people in a stay is what follows from all that is known of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from room_monitor.core import judging, monitor
from room_monitor.core.alert import AlertState, alert_id
from room_monitor.core.evaluation import (
    DayTally,
    Happening,
    Heard,
    Known,
    StayKnown,
)
from room_monitor.core.events import (
    CheckRecorded,
    ClockStepped,
    Event,
    FactRecorded,
    RecordCorrected,
    StayBegan,
    StayEnded,
    StayEvent,
)
from room_monitor.core.ids import (
    AlertId,
    DeviceId,
    LocationId,
    RecordId,
    RequirementId,
    RoomId,
    StayId,
)
from room_monitor.core.judging import Turn
from room_monitor.core.monitor import Told
from room_monitor.core.obligations import plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import (
    Applies,
    Ask,
    Catalogue,
    CheckedEvery,
    Demand,
    EvidenceKind,
    Label,
    Priority,
    Requirement,
    StayKind,
)
from room_monitor.core.rules import OF_DEVICES
from room_monitor.core.site import (
    Accuracy,
    BuildingFunction,
    DatedBy,
    Device,
    Location,
    Role,
    Room,
    RoomKind,
)
from room_monitor.core.state import RoomState, evolve, hear
from room_monitor.core.stay import Correction, Rejected
from sensors.quantity import Quantity
from tests.core.promises import Claims, Ledger

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEP = timedelta(microseconds=1)
ROOM = RoomId("calm-1")
STAY = StayId("s1")
AMSTERDAM = Location(
    id=LocationId("north"),
    name="North",
    latitude=52.37,
    longitude=4.9,
    time_zone="Europe/Amsterdam",
)


def minute(number: float) -> datetime:
    """So many minutes after the story began."""
    return START + timedelta(minutes=number)


def minutes(number: float) -> timedelta:
    """So long."""
    return timedelta(minutes=number)


def device(
    role: Role,
    name: str = "",
    *,
    interval: timedelta = minutes(10),
    accuracy: Mapping[Quantity, Accuracy] | None = None,
    dated_by: DatedBy = DatedBy.ARRIVAL,
    lacks: frozenset[Quantity] = frozenset(),
) -> Device:
    """A device that reports every ten minutes unless told otherwise."""
    return Device(
        id=DeviceId(name or role.value),
        name=name or role.value,
        role=role,
        profile="native",
        topic=f"test/{name or role.value}",
        interval=interval,
        accuracy=accuracy or {},
        dated_by=dated_by,
        lacks=lacks,
    )


def room(*devices: Device, kind: RoomKind = RoomKind.SAFE_ROOM) -> Room:
    """A room near Amsterdam."""
    return Room(
        id=ROOM,
        name="Calm 1",
        kind=kind,
        building_function=BuildingFunction.CARE,
        location=AMSTERDAM,
        devices=devices,
    )


def requirement(
    demand: Demand,
    *,
    name: str = "asked",
    during: Iterable[StayKind] = (),
    dwell: timedelta = minutes(0),
    priority: Priority = Priority.HIGH,
    warn_before: timedelta = minutes(0),
    warn_spread: timedelta = minutes(0),
    acknowledged_for: timedelta | None = None,
    insistent: bool = False,
    valid_from: date = date(2024, 1, 1),
    valid_until: date | None = None,
    rooms: Iterable[RoomKind] = (RoomKind.SAFE_ROOM,),
) -> Requirement:
    """A requirement with one ask, whose key is ``it``."""
    of_devices = type(demand) in OF_DEVICES
    return Requirement(
        id=RequirementId(name),
        label=Label.LAW,
        citation="Art. 1",
        link="",
        nl="gevraagd",
        en="asked",
        applies=Applies(rooms=frozenset(rooms), during=frozenset(during)),
        asks=(
            Ask(
                key="it",
                evidence=EvidenceKind.LIVE if of_devices else EvidenceKind.REGISTRATION,
                demand=demand,
                dwell=dwell,
                priority=priority,
                warn_before=warn_before,
                warn_spread=warn_spread,
                acknowledged_for=acknowledged_for,
                insistent=insistent,
            ),
        ),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def catalogue(*requirements: Requirement) -> Catalogue:
    """These requirements, as version 1."""
    return Catalogue(version="1", hash="0123456789abcdef", requirements=requirements)


CHECKS = requirement(
    CheckedEvery(at_most=minutes(15)),
    name="checks",
    during=[StayKind.ENCLOSURE],
    priority=Priority.URGENT,
)


def reading(
    of: Device,
    quantity: Quantity,
    value: float,
    at: datetime,
    *,
    sequence: int | None = None,
    retained: bool = False,
    received_at: datetime | None = None,
) -> Reading:
    """What a device of the room says."""
    return Reading(
        room=ROOM,
        device=of.id,
        quantity=quantity,
        value=value,
        at=at,
        received_at=received_at or at,
        measured_at=at if of.dated_by is DatedBy.DEVICE else None,
        sequence=sequence,
        retained=retained,
    )


def known(
    in_room: Room,
    *readings: Reading,
    changed_at: datetime | None = None,
    watched_since: datetime = START,
    stay: StayKnown | None = None,
    happened: Mapping[str, tuple[Happening, ...]] | None = None,
    tallies: Mapping[DeviceId, tuple[DayTally, ...]] | None = None,
) -> Known:
    """What a rule may know when these readings were heard."""
    heard: dict[DeviceId, dict[Quantity, Heard]] = {}
    last_heard: dict[DeviceId, datetime] = {}
    for each in readings:
        of_device = heard.setdefault(each.device, {})
        of_device[each.quantity] = Heard(each, changed_at or each.at)
        last_heard[each.device] = each.at
    return Known(
        room=in_room,
        heard=heard,
        last_heard=last_heard,
        watched_since=watched_since,
        tallies=tallies or {},
        stay=stay,
        happened=happened or {},
    )


def enclosure(*, ended_at: datetime | None = None) -> StayKnown:
    """An enclosure that began at minute 0, as the rules know it."""
    return StayKnown(STAY, StayKind.ENCLOSURE, START, ended_at)


def begin(
    at: float,
    kind: StayKind = StayKind.ENCLOSURE,
    stay: StayId = STAY,
    *,
    record: str | None = None,
) -> StayBegan:
    """A stay begins at a minute."""
    return StayBegan(
        stay=stay,
        kind=kind,
        key="k-17",
        happened_at=minute(at),
        role="care_worker",
        record=_record(record),
    )


def end(
    at: float | None, stay: StayId = STAY, *, record: str | None = None
) -> StayEnded:
    """A stay ends at a minute, or nobody knows when."""
    return StayEnded(
        stay=stay,
        happened_at=None if at is None else minute(at),
        role="care_worker",
        record=_record(record),
    )


def check(
    at: float,
    *,
    stay: StayId = STAY,
    contact_given: bool | None = None,
    record: str | None = None,
) -> CheckRecorded:
    """A care worker looked in at a minute."""
    return CheckRecorded(
        stay=stay,
        happened_at=minute(at),
        role="care_worker",
        contact_given=contact_given,
        record=_record(record),
    )


def fact(
    name: str,
    at: float,
    *,
    outcome: bool = True,
    stay: StayId | None = STAY,
    role: str = "care_worker",
    record: str | None = None,
) -> FactRecorded:
    """A person records a fact of a stay, or of the room."""
    return FactRecorded(
        fact=name,
        outcome=outcome,
        happened_at=minute(at),
        role=role,
        stay=stay,
        record=_record(record),
    )


def correction(
    wrong: str,
    instead: StayEvent | None = None,
    *,
    at: float,
    stay: StayId | None = STAY,
) -> Correction:
    """A record is replaced by another, or by nothing, at a minute."""
    corrected = RecordCorrected(
        record=RecordId(f"not-{wrong}"),
        corrects=RecordId(wrong),
        instead=getattr(instead, "record", None),
        at=minute(at),
        role="lead",
        stay=stay,
    )
    return Correction(instead, corrected)


def _record(name: str | None) -> RecordId | None:
    return None if name is None else RecordId(name)


class Story:
    """One room and what happens to it, looked over after every step."""

    def __init__(
        self,
        in_room: Room,
        *requirements: Requirement,
        at: datetime = START,
        looked_over: bool = True,
    ) -> None:
        began = RoomState(
            plan=plan(in_room, catalogue(*requirements)), watched_since=at
        )
        self.events: list[Event] = []
        self.ledger = Ledger()
        self.claims = Claims()
        self.looked_over = looked_over
        self.replayed = began
        self.state = began
        self._enter(monitor.judge_all(began, at), at)

    def hears(self, heard: Reading, *, seeing: bool = True) -> Sequence[Event]:
        """A reading comes in; the events it makes."""
        turn = monitor.take(self.state, heard, seeing=seeing)
        if not heard.retained and heard.device in self.state.plan.devices:
            self.replayed = hear(self.replayed, heard)
        return self._enter(turn)

    def waits(self, until: datetime, *, seeing: bool = True) -> Sequence[Event]:
        """Time passes; the events that makes."""
        turn = monitor.advance(self.state, until, seeing=seeing)
        return self._enter(turn, until if seeing else None)

    def does(
        self, command: Told, at: datetime, *, seeing: bool = True
    ) -> Sequence[Event]:
        """A person does something possible; the events it makes."""
        turn = monitor.act(self.state, command, at, seeing=seeing)
        assert not isinstance(turn, Rejected), turn.reason
        events = self._enter(turn, at if seeing else None)
        if self.looked_over:
            self._the_log_says_what_is_known(at)
        return events

    def is_refused(self, command: Told, at: datetime) -> str:
        """A person says something that cannot be true; why not."""
        answer = monitor.act(self.state, command, at)
        assert isinstance(answer, Rejected)
        return answer.reason

    def happens(self, event: Event, at: datetime) -> Sequence[Event]:
        """Something happens to the monitor itself, and everything is asked again."""
        if isinstance(event, ClockStepped):
            self.ledger.shift(event.by, self.state.stays)
        self.state = evolve(self.state, event)
        self.replayed = evolve(self.replayed, event)
        self.events.append(event)
        return self._enter(monitor.judge_all(self.state, at), at)

    def is_replanned(
        self, in_room: Room, *requirements: Requirement, at: datetime
    ) -> Sequence[Event]:
        """Other devices or requirements come into force."""
        new = plan(in_room, catalogue(*requirements))
        self.state = self.state._replace(plan=new)
        self.replayed = self.replayed._replace(plan=new)
        return self._enter(monitor.judge_all(self.state, at), at)

    def of(self, *kinds: type[Event]) -> list[Event]:
        """All events of these kinds so far."""
        return [event for event in self.events if isinstance(event, kinds)]

    def spans(self) -> list[tuple[str, datetime, datetime | None]]:
        """Breach, begin and end of every breach that is over and was not withdrawn."""
        over = [e for e in self.ledger.lines.values() if e.closing is not None]
        return [
            (each.obligation, each.began_at, each.ended_at)
            for each in over
            if each.closing != "withdrawn"
        ]

    def _enter(self, turn: Turn, now: datetime | None = None) -> Sequence[Event]:
        for event in turn.events:
            self.ledger.read(event)
        self.state = turn.state
        self.events += turn.events
        if not self.looked_over:
            return turn.events
        for event in turn.events:
            alert = self.replayed.alerts.get(getattr(event, "alert", AlertId("")))
            states = (AlertState.ACKNOWLEDGED, AlertState.SHELVED)
            taken_on = alert is not None and alert.state in states
            self.claims.read(event, taken_on=taken_on)
            self.replayed = evolve(self.replayed, event)
        assert remembered(self.replayed) == remembered(self.state)
        if now is not None:
            self._nothing_is_left_to_decide(now)
        self._breaches_are_what_the_log_says()
        self._alerts_follow_breaches()
        return turn.events

    def _nothing_is_left_to_decide(self, now: datetime) -> None:
        assert self.state.wake_at > now
        again = monitor.advance(self.state, now)
        assert again == Turn(self.state, [])
        everything = monitor.judge_all(self.state, now)
        assert everything.events == []
        assert remembered(everything.state) == remembered(self.state)

    def _the_log_says_what_is_known(self, now: datetime) -> None:
        """Judged again from the begin, nothing in the log of any stay must change."""
        for stay in self.state.stays.values():
            assert judging.put_right(self.state, stay, now) == []

    def _breaches_are_what_the_log_says(self) -> None:
        stand = {s.breach for s in self.state.standings.values() if s.breach}
        kept = {None, *self.state.stays}
        lines = self.ledger.lines
        assert stand == {n for n in self.ledger.open if lines[n].stay in kept}
        for stay in self.state.stays.values():
            remembers = {
                key: {
                    (each.breach, each.began_at, each.closing, each.ended_at)
                    for each in breaches
                }
                for key, breaches in stay.breaches.items()
            }
            assert remembers == {
                key: {
                    (name, line.began_at, line.closing, line.ended_at)
                    for name, line in known
                }
                for key, known in self.ledger.of(stay.id).items()
            }

    def _alerts_follow_breaches(self) -> None:
        """There while the breach is open, and after it until somebody has looked."""
        claims = {
            alert_id(name)
            for name in self.ledger.open
            if self.ledger.lines[name].priority is not Priority.NONE
        }
        by_state: dict[bool, set[AlertId]] = {True: set(), False: set()}
        for alert in self.state.alerts.values():
            if not alert.drill:
                by_state[alert.state is AlertState.RETURNED].add(alert.id)
        assert by_state[False] == claims == self.claims.standing
        # One that came and went unseen gives way to the next of the same obligation.
        assert by_state[True] <= self.claims.unseen
        drills = {alert.id for alert in self.state.alerts.values() if alert.drill}
        assert drills == self.claims.drills


def remembered(state: RoomState) -> RoomState:
    """A state without what is computed and not remembered."""
    blank = RoomState(plan=state.plan)
    return state._replace(
        rechecks=blank.rechecks,
        wake_at=blank.wake_at,
        people_judged_at=blank.people_judged_at,
    )
