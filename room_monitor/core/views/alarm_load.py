"""How often were people claimed, by what, and how often was anything needed of them?

Per occurrence of a shift, or per calendar day where there are no shifts. It is about
rooms, devices and requirements, never about a person: who took an alert on is not looked
at. What counts as an alert that needed action is said in ``alert_lives``.

In none of these figures: drills and tests of reach; alerts that were held because another
told of the same (counted apart); troubles of the monitor itself (counted apart). An alert
counts where it began to claim people.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import Final, Generic, NamedTuple, TypeVar

from room_monitor.core.events import (
    BrokerLost,
    DrillBegan,
    Entry,
    GapFound,
    Message,
    MonitorStarted,
    MonitorStopped,
    Paged,
    PageFailed,
    PageSent,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import PageId, PersonId, RoomId, ShiftId
from room_monitor.core.rota import Shift, gaps, occurrences
from room_monitor.core.views.alarm_figures import (
    LEAST_FOR_A_SHARE,
    Figures,
    Pages,
    figures_of,
)
from room_monitor.core.views.alarm_sources import (
    Flapping,
    Source,
    flapping_of,
    sources_of,
    stale_of,
)
from room_monitor.core.views.alert_lives import LIFE_EVENTS, Life, alert_lives
from room_monitor.core.views.sight import blind_stretches
from room_monitor.core.views.time_line import Stretch, TimeLine, within

LOAD_EVENTS: Final = LIFE_EVENTS | {
    kind.__name__
    for kind in (
        *(Paged, PageSent, PageFailed, TroubleFound),
        *(MonitorStarted, MonitorStopped, GapFound, BrokerLost),
    )
}
"""The names of the events that are looked at; others need not be read from the store."""


T = TypeVar("T")


# --- What is told ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One occurrence of a shift, one day, or a time in which nobody was on shift.

    Attributes:
        shift: Which shift; ``None`` for a day, and where nobody was on shift.
        began_at: On the time line; not before the period.
        ended_at: Not after it.
        whole: It lies wholly within the period.
        troubles: How many troubles of the monitor itself were found.
        blind: For how long of it the monitor heard nothing: few alerts say little then.
    """

    shift: ShiftId | None
    began_at: datetime
    ended_at: datetime
    whole: bool
    figures: Figures
    pages: Pages
    troubles: int
    blind: timedelta

    @property
    def counts(self) -> bool:
        """Whether it says how many alerts are usual: all of it, not half of it blind."""
        return self.whole and 2 * self.blind <= self.ended_at - self.began_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftLoad:
    """All occurrences of a shift together.

    Attributes:
        shift: ``None`` where nobody was on shift, and where there are no shifts.
        counted: How many occurrences lie wholly within the period, the monitor having
            seen for at least half of each.
        usual: The median of the alerts in those; ``None`` of too few.
        most: The most alerts in one of the occurrences.
    """

    shift: ShiftId | None
    slots: tuple[Slot, ...]
    figures: Figures
    pages: Pages
    counted: int
    usual: float | None
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLoad:
    """The load of a period, from ``since`` up to ``until``, both on the time line.

    Attributes:
        by_shift: Whether there are shifts; else it is told by the day.
        shifts: In the order of the rota; what lies outside all of them last. An alert in
            two shifts at once counts in both.
        sources: Of each kind those with the most alerts that needed nothing first.
        stale: Open for longer than ``STALE_AFTER``: of the period, and all still open.
        troubles: Of the monitor itself, by what was wrong.
        drills: How many there were; they are in no figure.
    """

    since: datetime
    until: datetime
    room: RoomId | None
    by_shift: bool
    total: Figures
    pages: Pages
    rooms: Mapping[RoomId, Figures]
    shifts: tuple[ShiftLoad, ...]
    sources: tuple[Source, ...]
    flapping: tuple[Flapping, ...]
    stale: tuple[Life, ...]
    troubles: Mapping[Trouble, int]
    drills: int
    blind: timedelta


# --- The fold ----------------------------------------------------------------------------


def alarm_load(
    entries: Iterable[Entry],
    shifts: Sequence[Shift],
    zone: str,
    *,
    since: datetime,
    now: datetime,
    room: RoomId | None = None,
) -> AlarmLoad:
    """Count what claimed people in a period.

    Args:
        entries: The log from its beginning (``LOAD_EVENTS``); what came before the period
            says what an alert in it is.
        shifts: Those of the rota, as it is now; also of the past.
        zone: IANA name, for calendar days where there are no shifts.
        since: Aware UTC; if the monitor was first started later, that is meant.
        now: Aware UTC; the end of the period.
        room: Only what is about this room.
    """
    log = sorted(entries, key=lambda entry: entry.position)
    line = TimeLine.of(log)
    since = max(since, _first_started(log, line) or since)
    every = alert_lives(log, line)
    if room is not None:
        every = [life for life in every if life.room == room]
    told = _told(log, line, room)
    lives = _between(_sorted(every, lambda life: life.claimed_at), since, now)
    pages = _between(_sorted(told.pages, lambda page: page.at), since, now)
    troubles = _between(_sorted(told.troubles, lambda found: found.at), since, now)
    blind = blind_stretches((e for e in log if e.room is None), line, now)
    of_rooms = defaultdict(list)
    for life in lives.items:
        of_rooms[life.room].append(life)
    return AlarmLoad(
        since=since,
        until=now,
        room=room,
        by_shift=bool(shifts),
        total=figures_of(lives.items),
        pages=_pages(pages.items),
        rooms={key: figures_of(of_rooms[key]) for key in sorted(of_rooms)},
        shifts=tuple(
            _shift_load(shift, bounds, _Load(lives, pages, troubles, blind))
            for shift, bounds in _bounds(shifts, zone, since, now)
        ),
        sources=sources_of(lives.items),
        flapping=flapping_of(lives.items),
        stale=stale_of(every, since, now),
        troubles=dict(sorted(Counter(t.trouble for t in troubles.items).items())),
        drills=sum(since <= at < now for at in told.drills),
        blind=within(blind, since, now),
    )


def _first_started(log: Iterable[Entry], line: TimeLine) -> datetime | None:
    """Before the monitor was ever started nothing was quiet: nobody listened."""
    started = (entry for entry in log if isinstance(entry.event, MonitorStarted))
    moved = (line.move(entry.recorded_at, entry.position) for entry in started)
    return next(moved, None)


# --- Pages, troubles, drills -------------------------------------------------------------


@dataclass(slots=True)
class _Page:
    at: datetime
    message: Message
    failed: bool = False


class _Found(NamedTuple):
    at: datetime
    trouble: Trouble


@dataclass(slots=True)
class _Told:
    pages: list[_Page]
    troubles: list[_Found]
    drills: list[datetime]


def _told(log: Iterable[Entry], line: TimeLine, room: RoomId | None) -> _Told:
    """Pages about rooms, troubles of the monitor, and when there were drills."""
    pages: dict[PageId, _Page] = {}
    failed: set[PageId] = set()
    told = _Told([], [], [])
    for entry in log:
        event = entry.event
        at = line.move(entry.recorded_at, entry.position)
        match event:
            case DrillBegan() if room in {None, entry.room}:
                told.drills.append(at)
            case TroubleFound() if room is None:
                told.troubles.append(_Found(at, event.trouble))
            case Paged() if (
                not event.drill
                and event.message is not Message.REACH_TEST
                and entry.room is not None
                and room in {None, entry.room}
            ):
                pages[event.page] = _Page(at, event.message)
            case PageFailed():
                failed.add(event.page)
            case _:
                pass
    for page in failed & pages.keys():
        pages[page].failed = True
    told.pages = list(pages.values())
    return told


def _pages(pages: Iterable[_Page]) -> Pages:
    every = list(pages)
    kinds = Counter(page.message for page in every)
    return Pages(
        alerts=kinds[Message.ALERT],
        prompts=kinds[Message.PROMPT],
        others=kinds[Message.TAKEN_ON] + kinds[Message.OVER],
        failed=sum(page.failed for page in every),
    )


# --- Per shift ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sorted(Generic[T]):
    """Things with the instants by which they are sorted."""

    items: Sequence[T]
    instants: Sequence[datetime]

    def between(self, began_at: datetime, ended_at: datetime) -> Sequence[T]:
        first = bisect_left(self.instants, began_at)
        return self.items[first : bisect_left(self.instants, ended_at)]


def _sorted(items: Iterable[T], instant: Callable[[T], datetime]) -> _Sorted[T]:
    known = sorted(items, key=instant)
    return _Sorted(known, [instant(each) for each in known])


def _between(known: _Sorted[T], since: datetime, now: datetime) -> _Sorted[T]:
    first = bisect_left(known.instants, since)
    last = bisect_left(known.instants, now)
    return _Sorted(known.items[first:last], known.instants[first:last])


class _Load(NamedTuple):
    lives: _Sorted[Life]
    pages: _Sorted[_Page]
    troubles: _Sorted[_Found]
    blind: Sequence[Stretch]


_Bounds = Sequence[tuple[datetime, datetime, bool]]


def _bounds(
    shifts: Sequence[Shift], zone: str, since: datetime, now: datetime
) -> Iterable[tuple[ShiftId | None, _Bounds]]:
    """The occurrences within the period, and what lies outside all of them."""

    def cut(occurring: Iterable[tuple[datetime, datetime]]) -> _Bounds:
        return [
            (max(begin, since), min(end, now), since <= begin and end <= now)
            for begin, end in occurring
        ]

    if since >= now:
        return
    for shift in shifts:
        yield shift.id, cut(occurrences(shift, since, now))
    if shifts:
        outside = cut(gaps(shifts, since, now))
        if outside:
            yield None, outside
        return
    yield None, cut(occurrences(_days(zone), since, now))


def _days(zone: str) -> Shift:
    """Calendar days, as a shift that begins and ends at midnight; nobody is on it."""
    return Shift(
        id=ShiftId("day"),
        members=(PersonId(""),),
        begins=time(0),
        ends=time(0),
        zone=zone,
    )


def _shift_load(shift: ShiftId | None, bounds: _Bounds, load: _Load) -> ShiftLoad:
    slots = tuple(
        Slot(
            shift=shift,
            began_at=begin,
            ended_at=end,
            whole=whole,
            figures=figures_of(load.lives.between(begin, end)),
            pages=_pages(load.pages.between(begin, end)),
            troubles=len(load.troubles.between(begin, end)),
            blind=within(load.blind, begin, end),
        )
        for begin, end, whole in bounds
    )
    counts = [slot.figures.alerts for slot in slots if slot.counts]
    return ShiftLoad(
        shift=shift,
        slots=slots,
        figures=figures_of(
            life for begin, end, _ in bounds for life in load.lives.between(begin, end)
        ),
        pages=_pages(
            page for begin, end, _ in bounds for page in load.pages.between(begin, end)
        ),
        counted=len(counts),
        usual=float(median(counts)) if len(counts) >= LEAST_FOR_A_SHARE else None,
        most=max((slot.figures.alerts for slot in slots), default=0),
    )
