"""What did sensors see at the rooms, when could they see, and what did people record?

Folded once from the log, sorted by instant, so that whoever asks what happened around an
instant finds it by bisection. What stands at one instant has no order.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    CheckRecorded,
    ClockStepped,
    ConfigurationChanged,
    DoorMoved,
    Entry,
    GapFound,
    MonitorStarted,
    SequenceGapFound,
    StayBegan,
    TagPresented,
    VerdictChanged,
)
from room_monitor.core.ids import DeviceId, ObligationId, RoomId
from room_monitor.core.site import Role, Room
from room_monitor.core.views.records import Ledger
from room_monitor.core.views.sight import Sight, evolve_sight
from sensors.quantity import Quantity

TRACES = frozenset(
    {
        *("StayBegan", "CheckRecorded", "RecordCorrected"),
        *("TagPresented", "DoorMoved", "VerdictChanged"),
        *("GapFound", "BrokerLost", "MonitorStarted", "MonitorStopped"),
        *("ConfigurationChanged", "ClockStepped", "SequenceGapFound"),
    }
)
"""The events that are looked at; others need not be read from the store."""

CATCHING_UP = timedelta(minutes=2)
"""For so long after a time in which messages were lost or kept back the instant of a tap
may be that of its arrival, later than it was made."""

AT_ONCE = timedelta(seconds=2)
"""Different tags at one reader so near in time were perhaps kept and sent together."""

ALWAYS = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)

_DOORS = frozenset({Role.DOOR_CONTACT, Role.HATCH})
_SENSORS = (*sorted(_DOORS), Role.PRESENCE_TAP)
_UNHEARD = frozenset({Reason.SILENT, Reason.NO_READING, Reason.READING_TOO_OLD})


class Tap(NamedTuple):
    """A tag at a reader.

    Attributes:
        tag: Its pseudonym; ``None`` where the reader does not tell tags apart.
        dated_surely: Whether it was surely made at its instant. What arrived together
            with others, or after something was lost, may have been made before.
    """

    at: datetime
    room: RoomId
    device: DeviceId
    tag: str | None
    position: int
    dated_surely: bool = True


class Opening(NamedTuple):
    """A door or hatch from its opening to its closing.

    Attributes:
        closed_at: ``FOREVER`` while it is open.
    """

    opened_at: datetime
    closed_at: datetime
    role: Role
    position: int


class Made(NamedTuple):
    """A check that stands: nothing has taken its place.

    Attributes:
        recorded_at: When it was first recorded: a correction made later does not make
            a check a late one.
    """

    room: RoomId
    check: CheckRecorded
    position: int
    recorded_at: datetime


class Spans:
    """Stretches of time, merged, both ends inclusive."""

    def __init__(self, stretches: Iterable[tuple[datetime, datetime]]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted(stretches):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: datetime, end: datetime) -> bool:
        """Whether any of them has an instant in ``start <= at <= end``."""
        index = bisect_left(self._ends, start)
        return index < len(self._ends) and self._starts[index] <= end


NEVER = Spans(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What the log says of rooms, tags and checks.

    Attributes:
        checks: Those that stand, by instant.
        taps_in: By room, each sorted by instant.
        taps_of: By tag, each sorted by instant.
        openings: By room and device, each sorted by instant; they do not overlap.
        blind: When the monitor could not see.
        unsure: When the instants of what happened are not certain.
        unheard: When a device was silent, or not known to be there.
    """

    checks: Sequence[Made]
    taps_in: Mapping[RoomId, Sequence[Tap]]
    taps_of: Mapping[str, Sequence[Tap]]
    openings: Mapping[RoomId, Mapping[DeviceId, Sequence[Opening]]]
    blind: Spans
    unsure: Spans
    unheard: Mapping[DeviceId, Spans]

    def taps(self, room: RoomId, start: datetime, end: datetime) -> Sequence[Tap]:
        """The taps at a room in ``start <= at <= end``."""
        return within(self.taps_in.get(room, ()), start, end)

    def opened(self, room: RoomId, start: datetime, end: datetime) -> list[Opening]:
        """The openings at a room that have an instant in ``start <= at <= end``."""
        return [
            opening
            for of_device in self.openings.get(room, {}).values()
            for opening in _touching(of_device, start, end)
        ]


def within(taps: Sequence[Tap], start: datetime, end: datetime) -> Sequence[Tap]:
    """Those in ``start <= at <= end``, of taps sorted by instant."""
    low = bisect_left(taps, start, key=_at)
    return taps[low : bisect_right(taps, end, lo=low, key=_at)]


def traces(
    entries: Iterable[Entry],
    rooms: Mapping[RoomId, Room],
    *,
    blind_since: datetime | None = None,
) -> Traces:
    """Fold the log.

    Args:
        entries: Of all rooms and of the monitor itself, from the beginning of the log;
            those of the kinds in ``TRACES`` are enough.
        rooms: By their id, with the devices that are there now.
        blind_since: Since when the monitor cannot see now, where the log does not say so
            yet; aware UTC.
    """
    log = sorted(entries, key=lambda entry: entry.position)
    blind = _blind(log)
    if blind_since is not None:
        blind.append((blind_since, FOREVER))
    steps = [
        (e.recorded_at - abs(e.event.by), e.recorded_at + abs(e.event.by))
        for e in log
        if isinstance(e.event, ClockStepped)
    ]
    unsure = Spans(
        (start, FOREVER if end > FOREVER - CATCHING_UP else end + CATCHING_UP)
        for start, end in (*blind, *steps)
    )
    taps = _taps(log, unsure)
    by_room: dict[RoomId, list[Tap]] = defaultdict(list)
    by_tag: dict[str, list[Tap]] = defaultdict(list)
    for tap in taps:
        by_room[tap.room].append(tap)
        if tap.tag is not None:
            by_tag[tap.tag].append(tap)
    openings = _openings(log)
    return Traces(
        checks=_standing(log),
        taps_in=by_room,
        taps_of=by_tag,
        openings=openings,
        blind=Spans(blind),
        unsure=unsure,
        unheard=_unheard(log, rooms),
    )


# --- The parts of the fold --------------------------------------------------------------


def _blind(log: Sequence[Entry]) -> list[tuple[datetime, datetime]]:
    """When the monitor could not see, the time before it first watched included."""
    found: list[tuple[datetime, datetime]] = []
    sight = Sight()
    started = False
    for entry in log:
        sight = evolve_sight(sight, entry)
        match entry.event:
            case GapFound(began_at=began_at, ended_at=ended_at):
                found.append((began_at, ended_at))
            case MonitorStarted(at=at) if not started:
                found.append((ALWAYS, at))
                started = True
            case _:
                pass
    if sight.blind_since is not None:
        found.append((sight.blind_since, FOREVER))
    return found


def _taps(log: Sequence[Entry], unsure: Spans) -> list[Tap]:
    """All taps, by instant, each with whether it is dated surely."""
    lost = _lost(log)
    of_device: dict[DeviceId, list[Tap]] = defaultdict(list)
    for entry in log:
        event, room = entry.event, entry.room
        if isinstance(event, TagPresented) and room is not None:
            tap = Tap(event.at, room, event.device, event.tag, entry.position)
            of_device[event.device].append(tap)
    found = []
    for device, taps in of_device.items():
        taps.sort(key=lambda tap: (tap.at, tap.tag or ""))
        for burst in _bursts(taps):
            alone = len({tap.tag for tap in burst}) == 1
            found += [
                tap._replace(
                    dated_surely=alone
                    and not unsure.touch(tap.at, tap.at)
                    and not lost.get(device, NEVER).touch(tap.at, tap.at)
                )
                for tap in burst
            ]
    return sorted(found, key=lambda tap: (tap.at, tap.room, tap.device, tap.tag or ""))


def _bursts(taps: Sequence[Tap]) -> Iterator[Sequence[Tap]]:
    """Cut taps in order wherever the next does not come at once."""
    start = 0
    for index, (one, other) in enumerate(pairwise(taps), 1):
        if other.at - one.at > AT_ONCE:
            yield taps[start:index]
            start = index
    yield taps[start:]


def _lost(log: Sequence[Entry]) -> Mapping[DeviceId, Spans]:
    """When a device lost messages, and for a while after."""
    found: dict[DeviceId, list[tuple[datetime, datetime]]] = defaultdict(list)
    for entry in log:
        if isinstance(entry.event, SequenceGapFound):
            at = entry.event.at
            found[entry.event.device].append((at - CATCHING_UP, at + CATCHING_UP))
    return {device: Spans(stretches) for device, stretches in found.items()}


def _openings(
    log: Sequence[Entry],
) -> Mapping[RoomId, Mapping[DeviceId, Sequence[Opening]]]:
    moves: dict[tuple[RoomId, DeviceId], list[tuple[DoorMoved, int]]]
    moves = defaultdict(list)
    for entry in log:
        event = entry.event
        if (
            isinstance(event, DoorMoved)
            and entry.room is not None
            and event.role in _DOORS
            and event.quantity is Quantity.DOOR_CONTACT
        ):
            moves[entry.room, event.device].append((event, entry.position))
    found: dict[RoomId, dict[DeviceId, list[Opening]]] = defaultdict(dict)
    for (room, device), of_device in moves.items():
        found[room][device] = _of_one_door(of_device)
    return found


def _of_one_door(moves: list[tuple[DoorMoved, int]]) -> list[Opening]:
    """Openings in order.  What moved both ways at one instant is as it was before."""
    found: list[Opening] = []
    since: Opening | None = None
    for at, together in groupby(
        sorted(moves, key=lambda move: move[0].at), key=lambda move: move[0].at
    ):
        group = list(together)
        states = {move.state for move, _ in group}
        opened = next((m for m in group if m[0].state == "open"), None)
        if since is not None and "closed" in states:
            found.append(since._replace(closed_at=at))
            since = None if opened is None else Opening(at, FOREVER, *_named(opened))
        elif since is None and opened is not None:
            since = Opening(at, FOREVER, *_named(opened))
            if "closed" in states:
                found.append(since._replace(closed_at=at))
                since = None
    return found if since is None else [*found, since]


def _named(move: tuple[DoorMoved, int]) -> tuple[Role, int]:
    return move[0].role, move[1]


def _touching(
    openings: Sequence[Opening], start: datetime, end: datetime
) -> Sequence[Opening]:
    low = bisect_left(openings, start, key=lambda opening: opening.closed_at)
    high = bisect_right(openings, end, key=lambda opening: opening.opened_at)
    return openings[low:high]


def _unheard(
    log: Sequence[Entry], rooms: Mapping[RoomId, Room]
) -> Mapping[DeviceId, Spans]:
    """When nobody can say that a device would have seen something.

    A device that was found silent may have died right after it was last heard, so the
    time that it was given counts as well. Before the last change of its room a device
    counts as there only from its first trace on.
    """
    changed_at = dict.fromkeys(rooms, ALWAYS)
    first_trace: dict[DeviceId, datetime] = {}
    verdicts: dict[ObligationId, list[tuple[datetime, Reason]]] = defaultdict(list)
    for entry in log:
        match entry.event:
            case ConfigurationChanged(at=at, rooms=changed):
                changed_at.update(dict.fromkeys(changed, at))
            case TagPresented(device=device, at=at) | DoorMoved(device=device, at=at):
                first_trace[device] = min(at, first_trace.get(device, at))
            case VerdictChanged(obligation=key, since=since, reason=reason):
                verdicts[key].append((since, reason))
            case _:
                pass
    of_device: dict[str, list[list[tuple[datetime, Reason]]]] = defaultdict(list)
    for key, changes in verdicts.items():
        of_device[key.partition("@")[0].rpartition("/")[2]].append(changes)
    return {
        device.id: Spans(
            [
                (ALWAYS, min(changed_at[room.id], first_trace.get(device.id, FOREVER))),
                *(
                    stretch
                    for changes in of_device.get(device.id, ())
                    for stretch in _while_unheard(changes, device.silent_after)
                ),
            ]
        )
        for room in rooms.values()
        for role in _SENSORS
        for device in room.devices_in(role)
    }


def _while_unheard(
    changes: list[tuple[datetime, Reason]], silent_after: timedelta
) -> list[tuple[datetime, datetime]]:
    changes.sort()
    ends = [*(since for since, _ in changes[1:]), FOREVER]
    return [
        (since - silent_after if reason is Reason.SILENT else since, end)
        for (since, reason), end in zip(changes, ends, strict=True)
        if reason in _UNHEARD
    ]


def _standing(log: Sequence[Entry]) -> list[Made]:
    """The checks that count. A stay that never was had none."""
    records = Ledger(log).records
    begins = [
        (r.event.stay, r.counts) for r in records if isinstance(r.event, StayBegan)
    ]
    real = {stay for stay, counts in begins if counts}
    never_were = {stay for stay, _ in begins} - real
    room_of = {entry.position: entry.room for entry in log}
    found = [
        Made(room, record.event, record.position, record.recorded_at)
        for record in records
        if isinstance(record.event, CheckRecorded)
        and record.counts
        and record.event.stay not in never_were
        and (room := room_of[record.position]) is not None
    ]
    return sorted(found, key=lambda made: (made.check.happened_at, made.position))


def _at(tap: Tap) -> datetime:
    return tap.at
