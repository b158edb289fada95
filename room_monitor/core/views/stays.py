"""Which stays there were, how long each lasted, and whether somebody looked in in time.

How long is told twice: as people registered it, and as the door measured it. Neither
overrules the other; what they differ by is for people to explain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from room_monitor.core.events import CheckRecorded, Entry, StayBegan, StayEnded
from room_monitor.core.ids import RoomId, StayId
from room_monitor.core.requirements import StayKind
from room_monitor.core.site import Device
from room_monitor.core.views.breaches import BreachSummary, breach_summaries
from room_monitor.core.views.checks import (
    QUARTERLY,
    Blocks,
    Gap,
    Missed,
    Rhythm,
    blocks,
    gaps,
    missed_of,
)
from room_monitor.core.views.doors import Measured, measured
from room_monitor.core.views.records import (
    Correction,
    Ledger,
    Recorded,
    corrections_of,
)
from room_monitor.core.views.time_line import NONE, Stretch, TimeLine, within


@dataclass(frozen=True, slots=True, kw_only=True)
class StaySummary:
    """One stay as the log tells it. Instants are aware UTC and as they were recorded.

    Attributes:
        kind: As corrected, like ``key``, ``began_at`` and ``ended_at``.
        recorded_at: When its begin was recorded.
        ended_at: ``None`` while it is open, and where nobody knows when it ended.
        end_unknown: It is over, nobody recorded when: it has no duration.
        void: Its begin was corrected away: it never was.
        began_late: Its begin was recorded more than ``LATE_AFTER`` after it happened.
        ended_late: The same of its end.
        registered: From begin to end, in time that passed though the clock was set; so
            far, for an open stay; ``None`` where nobody knows.
        measured: How much of it the door was closed and locked; ``None`` where nothing of
            it was measured, which is not zero.
        measured_began_at: When the door was first locked for it, be it before the stay.
        measured_ended_at: When it was last locked for it, be it after the stay; ``None``
            too while it is locked.
        unseen: How much of it nobody could say whether the door was locked.
        checks: How many checks count; ``late_checks`` of them were recorded late.
        missed: How many checks were missed, as the log has it; so ``breaches``.
        missed_intervals: From when each of these was due until it was made.
        gaps: Every gap that was longer than allowed, as the records are now, on the clock
            of its end; one of which nobody knows how long it was is not among them.
        blocks: The other reading; ``None`` where it is not asked, or nobody knows.
        corrections: What was recorded otherwise before.
        lies: Begin and end on the time line of the whole log, to compare stays.
    """

    stay: StayId
    room: RoomId
    kind: StayKind
    key: str
    began_at: datetime
    recorded_at: datetime
    ended_at: datetime | None = None
    end_recorded_at: datetime | None = None
    end_unknown: bool = False
    void: bool = False
    began_late: bool = False
    ended_late: bool = False
    registered: timedelta | None = None
    measured: timedelta | None = None
    measured_began_at: datetime | None = None
    measured_ended_at: datetime | None = None
    unseen: timedelta | None = None
    checks: int = 0
    late_checks: int = 0
    missed: int = 0
    breaches: int = 0
    missed_intervals: tuple[Missed, ...] = ()
    gaps: tuple[Gap, ...] = ()
    blocks: Blocks | None = None
    corrections: tuple[Correction, ...] = ()
    lies: Stretch

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.ended_at is None and not self.end_unknown and not self.void

    @property
    def difference(self) -> timedelta | None:
        """How much longer it was measured than registered; negative if shorter."""
        if self.registered is None or self.measured is None:
            return None
        return self.measured - self.registered


STAY_EVENTS = frozenset(
    {
        *("StayBegan", "StayEnded", "CheckRecorded"),
        *("RecordCorrected", "CorrectionConfirmed"),
        *("BreachOpened", "BreachClosed", "BreachRevised", "DoorMoved"),
        *("MonitorStarted", "MonitorStopped", "GapFound", "BrokerLost"),
        *("ClockStepped", "ConfigurationChanged"),
    }
)
"""The events that are looked at; others need not be read from the store."""


def stay_summaries(
    entries: Iterable[Entry],
    now: datetime | None = None,
    devices: Mapping[RoomId, Sequence[Device]] | None = None,
    rhythm: Rhythm = QUARTERLY,
) -> list[StaySummary]:
    """All stays in the entries, in the order in which they were recorded.

    Args:
        entries: The log from its beginning, of one room or of all, and of the monitor.
        now: Up to when open stays have lasted; aware UTC. ``None`` leaves that unsaid,
            and is the instant of the last entry for what the door said.
        devices: Those that are in each room now; see ``doors.measured``.
        rhythm: How often somebody must look in.
    """
    log = sorted(entries, key=lambda entry: entry.position)
    fold = _Fold(log, now, devices or {}, rhythm)
    return [fold.summary(stay) for stay in fold.begins]


class _Fold:
    """What a log says of stays, sorted by stay."""

    def __init__(
        self,
        log: Sequence[Entry],
        now: datetime | None,
        devices: Mapping[RoomId, Sequence[Device]],
        rhythm: Rhythm,
    ) -> None:
        line = TimeLine.of(log)
        ledger = Ledger(log, line)
        rooms = {entry.position: entry.room for entry in log}
        self.begins: dict[StayId, list[Recorded]] = {}
        self._now, self._rhythm = now, rhythm
        self._rooms: dict[StayId, RoomId] = {}
        self._ends: dict[StayId, Recorded] = {}
        self._checks: dict[StayId, list[Recorded]] = {}
        self._line = line
        self._corrections = corrections_of(ledger)
        self._breaches: dict[StayId, list[BreachSummary]] = {}
        for recorded in ledger.records:
            event, room = recorded.event, rooms[recorded.position]
            if isinstance(event, StayBegan) and room is not None:
                self.begins.setdefault(event.stay, []).append(recorded)
                self._rooms[event.stay] = room
            elif isinstance(event, StayEnded):
                self._ends[event.stay] = recorded
            elif isinstance(event, CheckRecorded) and recorded.counts:
                self._checks.setdefault(event.stay, []).append(recorded)
        for breach in breach_summaries(log):
            if breach.stay is not None and not breach.withdrawn:
                self._breaches.setdefault(breach.stay, []).append(breach)
        until = now or max((e.recorded_at for e in log), default=None)
        self._doors = {
            room: measured(log, room, until, devices.get(room, ()))
            for room in set(self._rooms.values())
            if until is not None
        }

    def summary(self, stay: StayId) -> StaySummary:
        """All that is to be said of one stay."""
        told = self.begins[stay]
        began = next((r for r in reversed(told) if r.counts), None)
        void, began = began is None, began or told[-1]
        event = began.event
        assert isinstance(event, StayBegan)
        assert began.happened is not None
        # The last word on its end counts; without it the stay goes on.
        ended = self._ends.get(stay)
        ended = ended if ended is not None and ended.counts and not void else None
        over_at = ended.happened if ended else None
        checks = self._checks.get(stay, [])
        breaches = self._breaches.get(stay, [])
        missed = missed_of(breaches, self._rhythm)
        is_open = ended is None and not void
        until = self._now if is_open else over_at
        lasted = None if until is None or void else until - began.happened
        if lasted is not None and lasted < NONE:
            lasted = NONE if is_open else None
        found = self._gaps(event.kind, began, ended, checks) if not void else ()
        door = self._doors.get(self._rooms[stay])
        of_door = (
            _of_door(door, began.happened, until, now=self._now)
            if door and not void
            else _OfDoor()
        )
        return StaySummary(
            stay=stay,
            room=self._rooms[stay],
            kind=event.kind,
            key=event.key,
            began_at=event.happened_at,
            recorded_at=began.recorded_at,
            ended_at=ended.event.happened_at if ended else None,
            end_recorded_at=ended.recorded_at if ended else None,
            end_unknown=ended is not None and over_at is None,
            void=void,
            began_late=began.late,
            ended_late=ended is not None and ended.late,
            registered=lasted,
            measured=of_door.measured if lasted is not None else None,
            measured_began_at=of_door.began_at,
            measured_ended_at=of_door.ended_at,
            unseen=of_door.unseen if lasted is not None else None,
            checks=len(checks),
            late_checks=sum(check.late for check in checks),
            missed=len(missed),
            breaches=len(breaches),
            missed_intervals=tuple(missed),
            gaps=tuple(gap for gap in found if gap.missed),
            blocks=self._blocks(event.kind, began.happened, until, checks),
            corrections=self._corrections.get(stay, ()),
            lies=Stretch(began.happened, over_at),
        )

    def _gaps(
        self,
        kind: StayKind,
        began: Recorded,
        ended: Recorded | None,
        checks: Sequence[Recorded],
    ) -> tuple[Gap, ...]:
        """On the clock of the end of the stay."""
        if kind not in self._rhythm.during or began.happened is None:
            return ()
        steps = self._line.after(ended.position) if ended else NONE
        over_at = ended.happened if ended else None
        return gaps(
            began.happened - steps,
            over_at - steps if over_at else None,
            [check.happened - steps for check in checks if check.happened],
            self._rhythm.at_most,
            now=self._now if ended is None else None,
        )

    def _blocks(
        self,
        kind: StayKind,
        began_at: datetime,
        until: datetime | None,
        checks: Sequence[Recorded],
    ) -> Blocks | None:
        if kind not in self._rhythm.during or until is None:
            return None
        instants = [check.happened for check in checks if check.happened]
        return blocks(began_at, until, instants, self._rhythm.at_most)


@dataclass(frozen=True, slots=True)
class _OfDoor:
    measured: timedelta | None = None
    unseen: timedelta | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None


def _of_door(
    door: Measured, began_at: datetime, until: datetime | None, now: datetime | None
) -> _OfDoor:
    """What the door says of a stay; all instants are on the time line."""
    if until is None:
        return _of_begin(door, began_at, now)
    met = [
        locked
        for locked, lies in zip(door.locked, door.lies, strict=True)
        if within([lies], began_at, until)
    ]
    unseen = within(door.unknown, began_at, until)
    if began_at >= until or unseen >= until - began_at:
        return _OfDoor(unseen=unseen)
    return _OfDoor(
        measured=within(door.lies, began_at, until),
        unseen=unseen,
        began_at=met[0].began_at if met else None,
        ended_at=met[-1].ended_at if met else None,
    )


def _of_begin(door: Measured, began_at: datetime, now: datetime | None) -> _OfDoor:
    """Of a stay with no known end only whether the door was locked when it began."""
    for locked, lies in zip(door.locked, door.lies, strict=True):
        end = lies.ended_at or now
        if lies.began_at <= began_at and (end is None or began_at < end):
            return _OfDoor(began_at=locked.began_at)
    return _OfDoor()
