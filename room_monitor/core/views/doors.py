"""When was the door of a room closed and locked, as far as it was measured?

Nobody can leave while every contact of the room says closed and every lock says locked. A
room with a contact alone is not measured, for a closed door is not a locked one: that is
"not measured", never zero. So is the time before every device has spoken.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from room_monitor.core.events import (
    ConfigurationChanged,
    DoorMoved,
    Entry,
    MonitorStarted,
)
from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.site import DatedBy, Device, Role
from room_monitor.core.state import BLIND_MATTERS
from room_monitor.core.views.sight import blind_stretches
from room_monitor.core.views.time_line import NONE, Stretch, TimeLine, merged, within
from sensors.quantity import Quantity

DOORS = frozenset({Role.DOOR_CONTACT, Role.DOOR_LOCK})
"""Whose word counts: not the hatch, and not the sanitary room."""

SHUT = {Quantity.DOOR_CONTACT: "closed", Quantity.DOOR_LOCK: "locked"}
"""What each quantity says of a door that nobody can pass."""

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A time in which the door was closed and locked. Aware UTC.

    Attributes:
        began_at: On the clock of its end, so that ``ended_at - began_at`` is the time that
            passed though the clock was set in between.
        ended_at: ``None`` while it goes on.
        unseen: How much of it fell in a time in which nothing could be seen.
        began_unsure: How long before ``began_at`` it may have begun: what the door said
            first after a gap may have been so for longer.
        ended_unsure: How long before ``ended_at`` it may have ended.
    """

    began_at: datetime
    ended_at: datetime | None
    unseen: timedelta
    began_unsure: timedelta = NONE
    ended_unsure: timedelta = NONE


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured of the door of a room.

    Attributes:
        locked: Each time it was closed and locked, in order.
        lies: The same on the time line.
        unknown: On the time line, when nobody could say whether it was.
    """

    locked: tuple[Locked, ...]
    lies: tuple[Stretch, ...]
    unknown: tuple[Stretch, ...]


def locked_intervals(
    entries: Iterable[Entry],
    room: RoomId,
    now: datetime,
    devices: Iterable[Device] = (),
) -> tuple[Locked, ...]:
    """Each time the door of a room was closed and locked; as for ``measured``."""
    return measured(entries, room, now, devices).locked


def measured(
    entries: Iterable[Entry],
    room: RoomId,
    now: datetime,
    devices: Iterable[Device] = (),
) -> Measured:
    """Fold what the log says of the door of a room.

    Args:
        entries: The log of the room and of the monitor itself, from its beginning.
        room: Which room.
        now: Up to when what goes on has gone on. Aware UTC.
        devices: Those that are in the room now. Of another one the last word counts until
            the room was next configured; with none given nothing is known to be gone. A
            device that speaks at intervals would have spoken of an earlier change: what
            it says later after a gap than it may be silent is sure.
    """
    log = tuple(e for e in entries if e.room in (None, room))
    line = TimeLine.of(log)
    blind = blind_stretches(log, line, now)
    voices = _voices(log, room, line, blind, {d.id: d for d in devices})
    found = list(_found(tuple(_pieces(voices)), voices, blind, now))
    unknown = [(p.began_at, min(p.ended_at, now)) for p in _pieces(voices) if p.unknown]
    return Measured(
        locked=tuple(locked for locked, _ in found),
        lies=tuple(stretch for _, stretch in found),
        unknown=tuple(merged([*unknown, *_ended(blind)])),
    )


def _ended(stretches: Iterable[Stretch]) -> Iterator[tuple[datetime, datetime]]:
    return ((s.began_at, s.ended_at) for s in stretches if s.ended_at is not None)


# --- What each device said -------------------------------------------------------------


class _Word(NamedTuple):
    """A device said that the door is shut, or that it is not.

    Attributes:
        at: When, on the time line.
        shut: Closed, or locked.
        earliest: Since when it may have been so.
        moved: By how much the clock was set since then.
    """

    at: datetime
    shut: bool
    earliest: datetime
    moved: timedelta


@dataclass(frozen=True, slots=True)
class _Voice:
    """All that one device said of one quantity, in order, while it was in the room."""

    quantity: Quantity
    words: tuple[_Word, ...]
    there_from: datetime
    there_until: datetime

    def is_there(self, at: datetime) -> bool:
        return self.there_from <= at < self.there_until

    def said(self, at: datetime) -> bool | None:
        """Whether it had said that the door is shut; ``None`` before its first word."""
        number = bisect_right(self.words, at, key=lambda word: word.at)
        return self.words[number - 1].shut if number else None

    def sure(self, at: datetime) -> bool | None:
        """The same, and ``None`` too while what it said next may have been so already."""
        number = bisect_right(self.words, at, key=lambda word: word.at)
        if number < len(self.words) and self.words[number].earliest <= at:
            return None
        return self.words[number - 1].shut if number else None


def _voices(
    log: Sequence[Entry],
    room: RoomId,
    line: TimeLine,
    blind: Sequence[Stretch],
    devices: Mapping[DeviceId, Device],
) -> list[_Voice]:
    told: dict[tuple[DeviceId, Quantity], list[tuple[datetime, bool, timedelta]]] = {}
    configured: list[datetime] = []
    for entry in log:
        event = entry.event
        if (isinstance(event, MonitorStarted) and not configured) or (
            isinstance(event, ConfigurationChanged) and room in event.rooms
        ):
            configured.append(line.move(event.at, entry.position))
        elif (
            isinstance(event, DoorMoved)
            and event.role in DOORS
            and event.quantity in SHUT
        ):
            # A device that dates its own words has a clock of its own, which did not step.
            steps = entry.position if not _dates(event.device, devices) else None
            moved = NONE if steps is None else line.after(steps)
            word = (event.at + moved, event.state == SHUT[event.quantity], moved)
            told.setdefault((event.device, event.quantity), []).append(word)
    first = min((words[0][0] for words in told.values()), default=BEGINNING)
    gaps = [
        (began_at, ended_at)
        for began_at, ended_at in _ended(blind)
        if ended_at - began_at >= BLIND_MATTERS
    ]
    voices = []
    for (name, quantity), words in told.items():
        words.sort(key=lambda word: word[0])
        began_at = max((c for c in configured if c <= words[0][0]), default=first)
        gone_at = min((c for c in configured if c > words[-1][0]), default=END)
        device = devices.get(name)
        voices.append(
            _Voice(
                quantity,
                tuple(_words(words, gaps, device, began_at)),
                began_at,
                gone_at if devices and device is None else END,
            )
        )
    return voices


def _dates(device: DeviceId, devices: Mapping[DeviceId, Device]) -> bool:
    return device in devices and devices[device].dated_by is DatedBy.DEVICE


def _words(
    told: Iterable[tuple[datetime, bool, timedelta]],
    gaps: Sequence[tuple[datetime, datetime]],
    device: Device | None,
    since: datetime,
) -> Iterator[_Word]:
    """Its words, each with the instant since when it may have been so."""
    own_clock = device is not None and device.dated_by is DatedBy.DEVICE
    first = True
    for at, shut, moved in told:
        earliest = since if first else at
        if not first and not own_clock:
            later = [gap for gap in gaps if gap[1] > since]
            earliest = max(since, _unseen_since(at, later, device))
        yield _Word(at, shut, min(at, earliest), moved)
        since, first = at, False


def _unseen_since(
    at: datetime, gaps: Sequence[tuple[datetime, datetime]], device: Device | None
) -> datetime:
    """Since when a device may have wanted to say what it said at ``at``."""
    number = bisect_left(gaps, (at, at))
    for began_at, ended_at in reversed(gaps[:number]):
        if device is not None and at - ended_at > device.silent_after:
            break
        at = began_at
    return at


# --- What that comes to ----------------------------------------------------------------


class _Piece(NamedTuple):
    """A time in which no device said anything else, and what that comes to.

    Attributes:
        shut: The door was closed and locked, as far as it was told.
        unknown: Nobody could say whether it was.
        perhaps: It may have been.
        surely: It was, whatever was said after it.
    """

    began_at: datetime
    ended_at: datetime
    shut: bool
    unknown: bool
    perhaps: bool
    surely: bool


def _pieces(voices: Sequence[_Voice]) -> Iterator[_Piece]:
    edges = {BEGINNING, END}
    for voice in voices:
        edges |= {voice.there_from, voice.there_until}
        edges |= {at for word in voice.words for at in (word.at, word.earliest)}
    for began_at, ended_at in pairwise(sorted(edges)):
        there = [voice for voice in voices if voice.is_there(began_at)]
        measures = any(voice.quantity is Quantity.DOOR_LOCK for voice in there)
        said = [voice.said(began_at) for voice in there]
        sure = [voice.sure(began_at) for voice in there]
        yield _Piece(
            began_at,
            ended_at,
            shut=measures and all(said),
            unknown=not measures or (None in said and False not in said),
            perhaps=measures and False not in sure,
            surely=measures and all(sure),
        )


def _found(
    pieces: Sequence[_Piece],
    voices: Sequence[_Voice],
    blind: Sequence[Stretch],
    now: datetime,
) -> Iterator[tuple[Locked, Stretch]]:
    moved = {word.at: word.moved for voice in voices for word in voice.words}
    first = 0
    while first < len(pieces):
        last = first
        while last < len(pieces) and pieces[last].shut:
            last += 1
        if last > first and pieces[first].began_at <= now:
            began_at, ended_at = pieces[first].began_at, pieces[last - 1].ended_at
            over = ended_at < END
            until = ended_at if over else now
            steps = moved.get(ended_at, NONE)
            yield (
                Locked(
                    began_at=began_at - steps,
                    ended_at=ended_at - steps if over else None,
                    unseen=within(blind, began_at, until),
                    began_unsure=began_at - _may_have_begun_at(pieces, first),
                    ended_unsure=ended_at - _may_have_ended_at(pieces, first, last)
                    if over
                    else NONE,
                ),
                Stretch(began_at, ended_at if over else None),
            )
        first = last + 1


def _may_have_begun_at(pieces: Sequence[_Piece], first: int) -> datetime:
    number = first
    while number > 0 and pieces[number - 1].perhaps and not pieces[number - 1].shut:
        number -= 1
    return pieces[number].began_at


def _may_have_ended_at(pieces: Sequence[_Piece], first: int, last: int) -> datetime:
    number = last
    while number > first and not pieces[number - 1].surely:
        number -= 1
    return pieces[number].began_at
