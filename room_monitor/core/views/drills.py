"""Did a drill reach people, how soon, and who could not be reached? And tests of reach?

That a page was sent says that the other side took it over, not that anybody read it: only
an acknowledgement shows that. Latencies are times that passed, also where the clock was
set meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from room_monitor.core.events import (
    AlertAcknowledged,
    AlertReturnedToNormal,
    ClockStepped,
    DrillBegan,
    Entry,
    Message,
    Paged,
    PageFailed,
    PageSent,
    ReachTested,
)
from room_monitor.core.ids import (
    AlertId,
    ChannelId,
    LadderId,
    PageId,
    PersonId,
    RoomId,
    ShiftId,
)
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Target
from room_monitor.core.views.time_line import TimeLine

DRILL_EVENTS: Final = frozenset(
    kind.__name__
    for kind in (
        *(DrillBegan, AlertAcknowledged, AlertReturnedToNormal),
        *(Paged, PageSent, PageFailed, ReachTested, ClockStepped),
    )
)
"""The names of the events that are looked at."""


class Ending(StrEnum):
    """How a drill ended."""

    ACKNOWLEDGED = "acknowledged"
    TIME = "time"
    """Its time was over, and nobody had acknowledged it."""


@dataclass(slots=True, kw_only=True)
class Tried:
    """One page of a drill or a test, and what became of it.

    Attributes:
        page: ``None`` of a test whose page is not in the log.
        person: A pseudonym; ``None`` for a bare channel.
        round: 1 for the first time through the ladder; 0 for a test.
        step: Of the ladder; 0 for the fallback and for a test.
        at: When it was queued.
        queued_after: From the raising of the drill; zero for a test.
        sent_after: From when it was queued until the other side took it over.
        failed_after: From when it was queued until it was given up.
        error: What the last attempt said.
    """

    page: PageId | None
    person: PersonId | None
    channel: ChannelId
    round: int = 0
    step: int = 0
    at: datetime
    queued_after: timedelta = timedelta(0)
    sent_after: timedelta | None = None
    failed_after: timedelta | None = None
    error: str = ""

    @property
    def target(self) -> Target:
        """Whom it was to reach."""
        return Target(person=self.person, channel=self.channel)

    @property
    def sent_at(self) -> datetime | None:
        """When the other side took it over."""
        return None if self.sent_after is None else self.at + self.sent_after

    @property
    def failed_at(self) -> datetime | None:
        """When it was given up."""
        return None if self.failed_after is None else self.at + self.failed_after


@dataclass(slots=True, kw_only=True)
class Drill:
    """One drill, on the time line.

    Attributes:
        role: In which role somebody began it.
        ladder: By which it climbed; ``None`` if only the fallback was left, or nobody.
        tried: Every page that said that somebody must look, as they were queued.
        acknowledged_after: From its raising until somebody acknowledged it.
        acknowledged_by: In which role.
        over_at: ``None`` while it goes on.
    """

    alert: AlertId
    room: RoomId | None
    priority: Priority
    role: str
    began_at: datetime
    ends_at: datetime
    ladder: LadderId | None = None
    tried: list[Tried] = field(default_factory=list)
    acknowledged_after: timedelta | None = None
    acknowledged_by: str | None = None
    over_at: datetime | None = None

    @property
    def acknowledged_at(self) -> datetime | None:
        """When somebody acknowledged it."""
        after = self.acknowledged_after
        return None if after is None else self.began_at + after

    @property
    def ending(self) -> Ending | None:
        """How it ended; ``None`` while it goes on."""
        if self.acknowledged_after is not None:
            return Ending.ACKNOWLEDGED
        return None if self.over_at is None else Ending.TIME

    @property
    def reached(self) -> bool:
        """Whether any page of it got through."""
        return any(each.sent_after is not None for each in self.tried)

    @property
    def never_reached(self) -> tuple[Target, ...]:
        """Persons, and bare channels, of whom no page got through; each once.

        Of a person who has several channels one is enough. A page that is on its way
        does not count as through.
        """
        return _never_reached(self.tried)

    def acknowledged_after_sent(self, tried: Tried) -> timedelta | None:
        """From when a page was sent until somebody, anybody, acknowledged the drill."""
        if self.acknowledged_after is None or tried.sent_after is None:
            return None
        sent = tried.queued_after + tried.sent_after
        return (
            self.acknowledged_after - sent if self.acknowledged_after >= sent else None
        )


@dataclass(slots=True, kw_only=True)
class ReachTest:
    """One time that it was tried whether the people of a shift can be reached.

    Attributes:
        begins_at: When the shift began; ``None`` if no page says so.
        tested_at: When the first page was queued, or answered.
        tried: Each person and channel.
    """

    shift: ShiftId
    begins_at: datetime | None
    tested_at: datetime
    tried: list[Tried] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether anybody of the shift was reached."""
        return any(each.sent_after is not None for each in self.tried)

    @property
    def never_reached(self) -> tuple[Target, ...]:
        """As for ``Drill``."""
        return _never_reached(self.tried)


def drills(entries: Iterable[Entry]) -> list[Drill]:
    """Every drill, the last one first.

    Args:
        entries: The log from its beginning; of it only ``DRILL_EVENTS`` matter.
    """
    log = sorted(entries, key=lambda entry: entry.position)
    line = TimeLine.of(log)
    found: dict[AlertId, Drill] = {}
    pages: dict[PageId, Tried] = {}
    for entry in log:
        event = entry.event
        at = line.move(entry.recorded_at, entry.position)
        match event:
            case DrillBegan():
                found[event.alert] = _begun(entry, event, line)
            case Paged(message=Message.ALERT, alert=alert) if alert in found:
                drill = found[alert]
                drill.ladder = drill.ladder or event.ladder
                tried = _tried(event, line.move(event.at, entry.position))
                tried.queued_after = tried.at - drill.began_at
                drill.tried.append(tried)
                pages[event.page] = tried
            case PageSent() | PageFailed() if event.page in pages:
                _deliver(pages[event.page], event, line.move(event.at, entry.position))
            case AlertAcknowledged() | AlertReturnedToNormal() if event.alert in found:
                told = event.at and line.move(event.at, entry.position)
                _end(found[event.alert], event, told or at)
            case _:
                pass
    return list(reversed(found.values()))


def reach_tests(entries: Iterable[Entry]) -> list[ReachTest]:
    """The last test of each shift that was ever tested, by the name of the shift.

    Args:
        entries: As for ``drills``.
    """
    log = sorted(entries, key=lambda entry: entry.position)
    line = TimeLine.of(log)
    last: dict[ShiftId, ReachTest] = {}
    pages: dict[PageId, Tried] = {}
    for entry in log:
        event = entry.event
        match event:
            case Paged(message=Message.REACH_TEST, shift=shift) if shift is not None:
                at = line.move(event.at, entry.position)
                begins_at = event.due_at and line.move(event.due_at, entry.position)
                test = last.get(shift)
                if test is None or test.begins_at != begins_at:
                    test = last[shift] = ReachTest(
                        shift=shift, begins_at=begins_at, tested_at=at
                    )
                pages[event.page] = _tried(event, at)
                test.tried.append(pages[event.page])
            case PageSent() | PageFailed() if event.page in pages:
                _deliver(pages[event.page], event, line.move(event.at, entry.position))
            case ReachTested():
                _report(last, event, line.move(event.at, entry.position))
            case _:
                pass
    return [last[shift] for shift in sorted(last)]


def _begun(entry: Entry, event: DrillBegan, line: TimeLine) -> Drill:
    return Drill(
        alert=event.alert,
        room=entry.room,
        priority=event.priority,
        role=event.role,
        began_at=line.move(event.began_at, entry.position),
        ends_at=line.move(event.ends_at, entry.position),
    )


def _tried(event: Paged, at: datetime) -> Tried:
    return Tried(
        page=event.page,
        person=event.person,
        channel=event.channel,
        round=event.round,
        step=event.step,
        at=at,
    )


def _deliver(tried: Tried, event: PageSent | PageFailed, at: datetime) -> None:
    if isinstance(event, PageSent):
        tried.sent_after, tried.failed_after, tried.error = at - tried.at, None, ""
    elif tried.sent_after is None:
        tried.failed_after, tried.error = at - tried.at, event.error


def _end(
    drill: Drill, event: AlertAcknowledged | AlertReturnedToNormal, at: datetime
) -> None:
    """It is over; what is told of it after that changes nothing."""
    if drill.over_at is not None:
        return
    drill.over_at = at
    if isinstance(event, AlertAcknowledged):
        drill.acknowledged_after = at - drill.began_at
        drill.acknowledged_by = event.role


def _report(last: dict[ShiftId, ReachTest], event: ReachTested, at: datetime) -> None:
    """What a test came to, where its page does not tell it already."""
    test = last.get(event.shift)
    if test is None:
        test = last[event.shift] = ReachTest(
            shift=event.shift, begins_at=None, tested_at=at
        )
    target = Target(person=event.person, channel=event.channel)
    tried = next((each for each in test.tried if each.target == target), None)
    if tried is None or (test.begins_at is None and _decided(tried)):
        tried = Tried(page=None, person=event.person, channel=event.channel, at=at)
        test.tried = [each for each in test.tried if each.target != target]
        test.tried.append(tried)
    if _decided(tried):
        return
    if event.reached:
        tried.sent_after = at - tried.at
    else:
        tried.failed_after, tried.error = at - tried.at, event.error


def _decided(tried: Tried) -> bool:
    return tried.sent_after is not None or tried.failed_after is not None


def _never_reached(tried: Iterable[Tried]) -> tuple[Target, ...]:
    every = list(tried)
    through = [each for each in every if each.sent_after is not None]
    persons = {each.person for each in through if each.person is not None}
    bare = {each.channel for each in through if each.person is None}
    missed: dict[object, Target] = {}
    for each in every:
        if each.person is None and each.channel not in bare:
            missed.setdefault(each.channel, each.target)
        elif each.person is not None and each.person not in persons:
            missed.setdefault(each.person, each.target)
    return tuple(missed.values())
