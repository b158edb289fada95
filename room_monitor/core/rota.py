"""Who is told, in which order, at which hour?

A ``Ladder`` says who is told of an alert and after how long the next ones are; a
``Shift`` says who is there at which hours of the wall clock. All instants, in and out,
are aware UTC; only a shift knows a time zone.

In the night in which the clock is set back a time that comes twice means the first one;
when it is set forward a time that does not come means the moment of the jump. So a shift
ends at the very instant at which the one that adjoins it begins, also in those nights.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from room_monitor.core.ids import ChannelId, LadderId, PersonId, RoomId, ShiftId
from room_monitor.core.requirements import Priority

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be told something.

    Attributes:
        id: A pseudonym, such as a staff number or a function; it stands in the log.
            Never a name.
        channels: All of them are used at once; the order is that in which they are told.
        tags: The NFC tags they carry, as they are written in the site file; under which
            names these stand in the log is known to ``core.tags.pseudonyms``.
    """

    id: PersonId
    channels: tuple[ChannelId, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The same people at the same hours of the week.

    Attributes:
        members: Who is there, in the order in which they are told.
        days: On which days it begins: 0 is Monday, 6 is Sunday.
        begins: The first moment, on the wall clock in ``zone``.
        ends: The first moment after it, on the wall clock in ``zone``; the next day if
            it is not later than ``begins``, so that equal times are a whole day.
        zone: IANA name of the time zone, e.g. ``Europe/Amsterdam``.
    """

    id: ShiftId
    members: tuple[PersonId, ...]
    days: frozenset[int] = EVERY_DAY
    begins: time
    ends: time
    zone: str

    def __post_init__(self) -> None:
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError(f"shift {self.id}: days are some of 0 to 6")
        if not self.members:
            raise ValueError(f"shift {self.id}: nobody is on it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung: who is told when nobody has acknowledged by then.

    Attributes:
        after: Counted from the raising of the alert, or from the beginning of the round.
        persons: They are told, whether on shift or not.
        on_shift: Whether everybody on shift at that moment is told as well.
        channels: What sounds whoever is there, such as a siren.
    """

    after: timedelta
    persons: tuple[PersonId, ...] = ()
    on_shift: bool = False
    channels: tuple[ChannelId, ...] = ()

    def __post_init__(self) -> None:
        if self.after < timedelta(0):
            raise ValueError("a step cannot come before the alert")
        if not (self.persons or self.on_shift or self.channels):
            raise ValueError("a step tells somebody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Who is told of an alert, step by step, for as long as nobody acknowledges it.

    Attributes:
        rooms: For alerts in these rooms; empty for all.
        priorities: For alerts of these priorities; empty for all.
        steps: In rising ``after``; at least one.
        again_after: How long after the last step it begins anew.
    """

    id: LadderId
    rooms: frozenset[RoomId] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    steps: tuple[Step, ...]
    again_after: timedelta

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError(f"ladder {self.id}: there are no steps")
        if any(one.after >= other.after for one, other in pairwise(self.steps)):
            raise ValueError(f"ladder {self.id}: each step comes later than the last")
        if self.again_after <= timedelta(0):
            raise ValueError(f"ladder {self.id}: it cannot begin anew at once")

    @property
    def round(self) -> timedelta:
        """From the beginning of one round to that of the next.

        Round ``n``, counted from 0, begins ``n`` times this long after the alert.
        """
        return self.steps[-1].after + self.again_after

    def fits(self, room: RoomId, priority: Priority) -> bool:
        """Whether it is for alerts of this priority in this room."""
        return (not self.rooms or room in self.rooms) and (
            not self.priorities or priority in self.priorities
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Everybody who can be told, when they are there, and in which order they are told.

    Attributes:
        people: By their id.
        shifts: In the order of the file, which is the order of telling.
        ladders: In the order of the file; the first that fits is used.
        fallback: What sounds when nobody can be reached.
        test_before: How long before a shift begins it is tried whether its members can
            be reached.
        heard_within: If none of the pages of an alert got through for this long, nobody is
            reached.
    """

    people: Mapping[PersonId, Person] = field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    fallback: tuple[ChannelId, ...] = ()
    test_before: timedelta = timedelta(minutes=15)
    heard_within: timedelta = timedelta(minutes=2)

    def __post_init__(self) -> None:
        named = {person for shift in self.shifts for person in shift.members}
        for ladder in self.ladders:
            named.update(person for step in ladder.steps for person in step.persons)
        if unknown := sorted(named - self.people.keys()):
            raise ValueError(f"nobody knows {', '.join(unknown)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One channel that is told something.

    Attributes:
        person: Whom it reaches; ``None`` for a channel that is nobody's, as a siren.
    """

    person: PersonId | None
    channel: ChannelId


# --- At an instant -------------------------------------------------------------------


def shifts_at(rota: Rota, at: datetime) -> tuple[Shift, ...]:
    """The shifts that are on duty at an instant (aware UTC), in the order of the rota."""
    return tuple(shift for shift in rota.shifts if shift_bounds(shift, at) is not None)


def on_shift(rota: Rota, at: datetime) -> tuple[PersonId, ...]:
    """Who is on shift at an instant (aware UTC): each once, in the order of the rota."""
    members = (person for shift in shifts_at(rota, at) for person in shift.members)
    return tuple(dict.fromkeys(members))


def ladder_for(rota: Rota, room: RoomId, priority: Priority) -> Ladder | None:
    """The ladder for an alert: the first that fits, or ``None``."""
    fitting = (ladder for ladder in rota.ladders if ladder.fits(room, priority))
    return next(fitting, None)


def targets(rota: Rota, step: Step, at: datetime) -> tuple[Target, ...]:
    """What a step tells at an instant (aware UTC), each channel once.

    First the persons it names, then whoever is on shift, then its bare channels. A
    channel that is several people's is told as that of the first of them.
    """
    persons = (*step.persons, *(on_shift(rota, at) if step.on_shift else ()))
    found: dict[ChannelId, PersonId | None] = {}
    for person in persons:
        for channel in rota.people[person].channels:
            found.setdefault(channel, person)
    for channel in step.channels:
        found.setdefault(channel, None)
    return tuple(Target(person=who, channel=channel) for channel, who in found.items())


def next_tests(
    rota: Rota, after: datetime
) -> tuple[datetime, tuple[Shift, ...]] | None:
    """When it must next be tried whether people can be reached, and for which shifts.

    Args:
        rota: Whose shifts; ``test_before`` each of them begins it is tried.
        after: Aware UTC; the answer is later than this.

    Returns:
        The instant (aware UTC) with the shifts in the order of the rota, or ``None`` if
        there are no shifts.
    """
    due: dict[datetime, list[Shift]] = {}
    for shift in rota.shifts:
        begin = _next_begin(shift, after + rota.test_before)
        due.setdefault(begin - rota.test_before, []).append(shift)
    if not due:
        return None
    at = min(due)
    return at, tuple(due[at])


# --- When a shift is on duty ---------------------------------------------------------


def shift_bounds(shift: Shift, at: datetime) -> tuple[datetime, datetime] | None:
    """The occurrence of a shift that is on duty at an instant (aware UTC), if one is.

    Returns:
        Its first moment and the first moment after it, aware UTC.
    """
    day = at.astimezone(ZoneInfo(shift.zone)).date()
    for begin, end in _occurrences(shift, day - DAY):
        if begin > at:
            break
        if at < end:
            return begin, end
    return None


def occurrences(
    shift: Shift, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The occurrences of a shift that have a moment between two instants, in order.

    Args:
        shift: Which shift.
        start: Aware UTC; an occurrence that ends by then is left out.
        end: Aware UTC; an occurrence that begins then or later is left out.

    Yields:
        The first moment and the first moment after it, aware UTC; never cut off at
        ``start`` or ``end``.
    """
    day = start.astimezone(ZoneInfo(shift.zone)).date()
    for begun, ended in _occurrences(shift, day - DAY):
        if begun >= end:
            return
        if ended > start:
            yield begun, ended


def gaps(
    shifts: Iterable[Shift], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """When nobody is on shift between two instants (aware UTC), in order."""
    duties = sorted(each for shift in shifts for each in occurrences(shift, start, end))
    covered_until = start
    for begun, ended in duties:
        if begun > covered_until:
            yield covered_until, begun
        covered_until = max(covered_until, ended)
    if covered_until < end:
        yield covered_until, end


def _next_begin(shift: Shift, after: datetime) -> datetime:
    """The first moment, later than ``after``, at which a shift begins."""
    day = after.astimezone(ZoneInfo(shift.zone)).date()
    return next(begin for begin, _ in _occurrences(shift, day - DAY) if begin > after)


def _occurrences(shift: Shift, first: date) -> Iterator[tuple[datetime, datetime]]:
    """Without end: every occurrence that begins on ``first`` or later, in order.

    One that lies wholly within an hour that does not come has no moment, and is no
    occurrence.
    """
    day = first
    overnight = DAY if shift.ends <= shift.begins else timedelta(0)
    while True:
        if day.weekday() in shift.days:
            begin = _instant(day, shift.begins, shift.zone)
            end = _instant(day + overnight, shift.ends, shift.zone)
            if begin < end:
                yield begin, end
        day += DAY


@lru_cache(maxsize=4096)
def _instant(day: date, wall: time, zone: str) -> datetime:
    """The instant (UTC) at which the clock on the wall comes to show a time.

    It never runs backwards: what is later on the wall is never earlier in UTC.
    """
    local = datetime.combine(day, wall, ZoneInfo(zone))
    instant = local.astimezone(UTC)
    shown = instant.astimezone(local.tzinfo)
    if shown.replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _jump(instant, ZoneInfo(zone), local.replace(fold=1).astimezone(UTC))


def _jump(late: datetime, zone: ZoneInfo, early: datetime) -> datetime:
    """The moment after ``early`` and up to ``late`` at which the clock is set forward."""
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
