"""What became of each alert of a room, and did it need anybody to act?

The log never says why a person did what they did. What it does say is how a breach ended
and what was recorded meanwhile, so whether an alert *needed action* is known in some cases
and not in others (``Ground``). Whoever claims more than that has guessed.

    it needed action    something was done, and the log shows that it ended by that, or
                        somebody had taken it on before it ended
    it needed none      it ended by itself and nobody did anything, or it never was
    nobody can know     it goes on; it no longer applied; it ended while it was put aside;
                        somebody was there, and nothing says whether they did something

A check that was recorded meanwhile proves nothing about an alert of a device: checks are
made every quarter of an hour anyway. So it makes the answer unknown, not a yes.

Of all instants it is told where they lie on the time line, on the last clock: the time
between two of them is the time that passed.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, get_args

from room_monitor.core.evaluation import Reason
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
    BreachRevised,
    ClockStepped,
    Closing,
    DoorMoved,
    DrillBegan,
    Entry,
    Holding,
    RecordCorrected,
)
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    DeviceId,
    ObligationId,
    RequirementId,
    RoomId,
    StayId,
)
from room_monitor.core.requirements import Priority
from room_monitor.core.views.records import Ledger, Told
from room_monitor.core.views.time_line import TimeLine
from sensors.quantity import Quantity


class Needed(StrEnum):
    """Whether an alert needed somebody to act."""

    ACTION = "action"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Ground(StrEnum):
    """Why it is held that an alert needed somebody, or not, or why nobody can know."""

    RECORDED = "recorded"
    """What a person recorded ended it: a check, contact, a fact, the begin or end of a
    stay. Of an alert of a device that is never held."""
    BY_HAND = "by_hand"
    """A door, hatch, lock or locked control was moved, and that ended it."""
    TAKEN_ON = "taken_on"
    """Somebody took it on, and then it ended. What they did is not recorded."""
    PUT_RIGHT = "put_right"
    """A late entry or correction showed that it never was: only the record was amiss."""
    BY_ITSELF = "by_itself"
    """It ended, nobody had taken it on, and nothing was recorded there meanwhile."""
    NEVER_WAS = "never_was"
    """Readings that came later show that it never was."""
    OPEN = "open"
    """It is not over."""
    OTHERWISE = "otherwise"
    """It no longer applied: the settings changed, or the stay ended; or nobody knows."""
    PUT_ASIDE = "put_aside"
    """It ended after somebody had put it aside, and nobody had taken it on."""
    SOMEBODY_THERE = "somebody_there"
    """It ended by itself, but something was recorded there meanwhile."""


NEEDED: Final[Mapping[Ground, Needed]] = {
    Ground.RECORDED: Needed.ACTION,
    Ground.BY_HAND: Needed.ACTION,
    Ground.TAKEN_ON: Needed.ACTION,
    Ground.PUT_RIGHT: Needed.ACTION,
    Ground.BY_ITSELF: Needed.NOTHING,
    Ground.NEVER_WAS: Needed.NOTHING,
    Ground.OPEN: Needed.UNKNOWN,
    Ground.OTHERWISE: Needed.UNKNOWN,
    Ground.PUT_ASIDE: Needed.UNKNOWN,
    Ground.SOMEBODY_THERE: Needed.UNKNOWN,
}

_UNHEARD = frozenset({Reason.SILENT, Reason.NO_READING, Reason.READING_TOO_OLD})
_GATEWAY = "gateway/"


@dataclass(slots=True, kw_only=True)
class Life:
    """One alert from its raising to its end; one that is raised anew is another.

    Attributes:
        source: The obligation behind it, whichever the stay.
        device: The device that the obligation is about, if it is about one.
        gateway: The gateway of a device that fell silent, if the site file names one.
        raised_at: When it was recorded; the breach may have begun earlier.
        claimed_at: Since when it claims somebody: as it was raised, or, if it was held at
            first, as it was released.
        taken_at: When somebody first took it on or put it aside while it was open.
        over_at: When it was recorded that it is over; ``None`` while it is not.
        came_back: How often an acknowledgement ran out, so that it was raised again.
        held: Why it pages nobody, if another tells of the same up to its end.
        ground: Of whether it needed somebody.
    """

    alert: AlertId
    breach: BreachId
    room: RoomId
    source: ObligationId
    requirement: RequirementId
    priority: Priority
    reason: Reason
    stay: StayId | None
    device: DeviceId | None
    gateway: str | None
    raised_at: datetime
    claimed_at: datetime
    taken_at: datetime | None = None
    acknowledged: bool = False
    shelved: bool = False
    over_at: datetime | None = None
    came_back: int = 0
    held: Holding | None = None
    ground: Ground = Ground.OPEN

    @property
    def is_open(self) -> bool:
        """Whether what is behind it goes on."""
        return self.over_at is None

    @property
    def needed(self) -> Needed:
        """Whether it needed somebody to act."""
        return NEEDED[self.ground]

    @property
    def waited(self) -> timedelta | None:
        """From when it claimed somebody until it was taken on or put aside."""
        if self.taken_at is None:
            return None
        return max(timedelta(0), self.taken_at - self.claimed_at)

    def lasted(self, now: datetime) -> timedelta:
        """How long it was open, up to ``now`` (on the time line) if it still is."""
        return (self.over_at or now) - self.raised_at


_Changed = (
    AlertRaised
    | AlertHeld
    | AlertReleased
    | AlertAcknowledged
    | AcknowledgementExpired
    | AlertShelved
    | AlertUnshelved
    | AlertReturnedToNormal
)
_Closed = BreachClosed | BreachRevised

LIFE_EVENTS: Final = frozenset(
    kind.__name__
    for kind in get_args(
        _Changed
        | _Closed
        | Told
        | RecordCorrected
        | DoorMoved
        | DrillBegan
        | ClockStepped
    )
)
"""The names of the events that are looked at."""

_ORDER: Final[Mapping[type[_Changed], int]] = {
    AcknowledgementExpired: 1,
    AlertUnshelved: 2,
    AlertAcknowledged: 3,
    AlertShelved: 4,
    AlertHeld: 5,
    AlertReleased: 6,
    AlertReturnedToNormal: 7,
}


def alert_lives(entries: Iterable[Entry], line: TimeLine | None = None) -> list[Life]:
    """Every alert of a room, in the order in which they were raised; no drills.

    In which order entries of one instant stand makes no difference.

    Args:
        entries: The log from its beginning; of it only ``LIFE_EVENTS`` matter.
        line: Its time line, if it is known already.
    """
    log = sorted(entries, key=lambda entry: entry.position)
    line = line or TimeLine.of(log)
    drills = {e.event.alert for e in log if isinstance(e.event, DrillBegan)}
    ledger = Ledger(log, line)
    lives = _Lives(line, _Presence.of(log, ledger))
    matters = (
        entry
        for entry in log
        if type(entry.event).__name__ in LIFE_EVENTS
        and getattr(entry.event, "alert", None) not in drills
    )
    for _, turn in groupby(matters, key=lambda entry: entry.recorded_at):
        lives.take(_Turn.of(list(turn), ledger))
    return lives.found


# --- What people recorded ----------------------------------------------------------------


@dataclass(slots=True)
class _Presence:
    """When somebody recorded something, by room, and by room and stay; sorted."""

    of_room: dict[RoomId, list[datetime]]
    of_stay: dict[tuple[RoomId, StayId | None], list[datetime]]

    @classmethod
    def of(cls, log: Iterable[Entry], ledger: Ledger) -> "_Presence":
        rooms = {entry.position: entry.room for entry in log}
        of_room: dict[RoomId, list[datetime]] = defaultdict(list)
        of_stay: dict[tuple[RoomId, StayId | None], list[datetime]] = defaultdict(list)
        for each in ledger.records:
            room = rooms.get(each.position)
            if each.counts and each.happened is not None and room is not None:
                of_room[room].append(each.happened)
                of_stay[room, each.event.stay].append(each.happened)
        for instants in (*of_room.values(), *of_stay.values()):
            instants.sort()
        return cls(of_room, of_stay)

    def during(self, life: Life, until: datetime) -> bool:
        """Whether anything happened in its stay or room, from its raising on."""
        if life.stay is None:
            found = [self.of_room.get(life.room, [])]
        else:
            keys = (life.room, life.stay), (life.room, None)
            found = [self.of_stay.get(key, []) for key in keys]
        for instants in found:
            first = bisect_left(instants, life.raised_at)
            if first < len(instants) and instants[first] <= until:
                return True
        return False


# --- One turn after the other ------------------------------------------------------------


@dataclass(slots=True)
class _Turn:
    """What was recorded at one instant.

    Attributes:
        at: The first of its entries, for the time line.
        recorded: Where a person recorded something that counts.
        moved: Doors, hatches and locks that moved.
    """

    at: Entry
    changes: list[_Changed] = field(default_factory=list)
    rooms: dict[AlertId, RoomId] = field(default_factory=dict)
    closed: dict[BreachId, _Closed] = field(default_factory=dict)
    recorded: set[tuple[RoomId | None, StayId | None]] = field(default_factory=set)
    moved: set[DeviceId] = field(default_factory=set)

    @classmethod
    def of(cls, entries: Sequence[Entry], ledger: Ledger) -> "_Turn":
        turn = cls(entries[0])
        for entry in entries:
            match entry.event:
                case BreachClosed() | BreachRevised() as event:
                    turn.closed[event.breach] = event
                case DoorMoved(device=device):
                    turn.moved.add(device)
                case RecordCorrected() as event:
                    if ledger.counts(event.record):
                        turn.recorded.add((entry.room, event.stay))
                case _ if isinstance(entry.event, Told):
                    if ledger.counts(entry.event.record):
                        turn.recorded.add((entry.room, entry.event.stay))
                case _ if isinstance(entry.event, _Changed):
                    turn.changes.append(entry.event)
                    if entry.room is not None:
                        turn.rooms[entry.event.alert] = entry.room
                case _:
                    pass
        return turn

    def recorded_for(self, life: Life) -> bool:
        """Whether a person recorded something in its stay or room."""
        if life.stay is None:
            return any(room == life.room for room, _ in self.recorded)
        about = {(life.room, life.stay), (life.room, None)}
        return not about.isdisjoint(self.recorded)


class _Lives:
    """The lives as far as the log was read."""

    def __init__(self, line: TimeLine, presence: _Presence) -> None:
        self.found: list[Life] = []
        self._line = line
        self._presence = presence
        self._last: dict[AlertId, Life] = {}
        self._of_breach: dict[BreachId, Life] = {}

    def take(self, turn: _Turn) -> None:
        """Go on with what was recorded at one instant."""
        at = self._line.move(turn.at.recorded_at, turn.at.position)
        for event in sorted(turn.changes, key=self._order):
            self._change(event, at, turn)
        for breach, closed in turn.closed.items():
            life = self._of_breach.get(breach)
            if life is not None and closed.closing is Closing.WITHDRAWN:
                _withdraw(life, turn)

    def _order(self, event: _Changed) -> tuple[str, int]:
        """An alert that is open ends before it is raised anew; others begin first."""
        life = self._last.get(event.alert)
        is_open = life is not None and life.is_open
        if isinstance(event, AlertRaised):
            return event.alert, 8 if is_open else 0
        if is_open and isinstance(event, AlertReleased) and life and life.held:
            return event.alert, _ORDER[AlertHeld] - 1  # held again, under another
        return event.alert, _ORDER[type(event)]

    def _change(self, event: _Changed, at: datetime, turn: _Turn) -> None:
        life = self._last.get(event.alert)
        if isinstance(event, AlertRaised):
            room = turn.rooms.get(event.alert)
            if room is not None and (life is None or not life.is_open):
                self._begin(event, room, at)
            return
        if life is None or not life.is_open:
            return
        match event:
            case AlertAcknowledged():
                life.acknowledged = True
                life.taken_at = life.taken_at or at
            case AlertShelved():
                life.shelved = True
                life.taken_at = life.taken_at or at
            case AcknowledgementExpired():
                life.came_back += 1
            case AlertHeld(holding=holding):
                life.held = holding
            case AlertReleased():
                life.held, life.claimed_at = None, at
            case AlertReturnedToNormal():
                life.over_at = at
                life.ground = _ground(life, turn, self._presence, at)
            case AlertUnshelved():
                pass

    def _begin(self, event: AlertRaised, room: RoomId, at: datetime) -> None:
        source = ObligationId(event.obligation.partition("@")[0])
        device = "/".join(source.split("/")[3:])
        of_gateway = event.group.startswith(_GATEWAY)
        life = Life(
            alert=event.alert,
            breach=event.breach,
            room=room,
            source=source,
            requirement=event.requirement,
            priority=event.priority,
            reason=event.reason,
            stay=event.stay,
            device=DeviceId(device) if device else None,
            gateway=event.group.removeprefix(_GATEWAY) if of_gateway else None,
            raised_at=at,
            claimed_at=at,
        )
        self.found.append(life)
        self._last[event.alert] = life
        self._of_breach[event.breach] = life


def _ground(life: Life, turn: _Turn, presence: _Presence, at: datetime) -> Ground:
    """How an alert that ends now is to be understood; see the head of this module."""
    closed = turn.closed.get(life.breach)
    recorded = turn.recorded_for(life) and life.device is None
    if closed is None or closed.closing is not Closing.MET:
        lapsed = closed is not None and closed.closing is Closing.LAPSED
        return Ground.RECORDED if lapsed and recorded else Ground.OTHERWISE
    if recorded:
        return Ground.RECORDED
    if _by_hand(life, closed, turn):
        return Ground.BY_HAND
    if life.acknowledged:
        return Ground.TAKEN_ON
    if life.shelved:
        return Ground.PUT_ASIDE
    if presence.during(life, at):
        return Ground.SOMEBODY_THERE
    return Ground.BY_ITSELF


def _by_hand(life: Life, closed: _Closed, turn: _Turn) -> bool:
    evidence = closed.evidence if isinstance(closed, BreachClosed) else None
    if evidence is None or life.reason in _UNHEARD:
        return False
    return (
        evidence.device in turn.moved or evidence.quantity is Quantity.CONTROL_LOCKOUT
    )


def _withdraw(life: Life, turn: _Turn) -> None:
    """What came later shows that it never was; a record that ended it stays one."""
    if turn.recorded_for(life):
        if life.needed is not Needed.ACTION:
            life.ground = Ground.PUT_RIGHT
    else:
        life.ground = Ground.NEVER_WAS
