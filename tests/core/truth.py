"""What must be in the log of a night, worked out from what people told and nothing else.

An oracle: it reads from the log what people recorded and what was opened, closed and paged,
and none of the code that judges. All its instants are those of a clock nobody can set: a
step of the wall clock is taken off as it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    CheckRecorded,
    ClockStepped,
    Closing,
    ContactRecorded,
    ContactRequested,
    DoorMoved,
    Entry,
    Event,
    FactRecorded,
    Message,
    Paged,
    RecordCorrected,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import AlertId, BreachId, DeviceId, RecordId, RoomId, StayId
from room_monitor.core.requirements import Priority, StayKind
from room_monitor.core.site import Role

QUARTER = timedelta(minutes=15)
ANSWERED_WITHIN = timedelta(minutes=5)
LOCKED_WITHOUT_A_WORD = timedelta(minutes=2)
DISMISSED_FOR = timedelta(hours=1)
PATIENCE = timedelta(seconds=5)
"""How long after its instant somebody must have been told at the latest."""

ENCLOSED = (StayKind.ENCLOSURE, StayKind.ENCLOSURE_ELSEWHERE)
CARE_WORKERS = frozenset({"staff", "behavioural_scientist"})
"""Roles in which looking in is a check."""

MISSED = "check-every-quarter/gap"
UNANSWERED = "stay-contact/answer"
SUSPECTED = "enclosure-registered/door"
CANNOT_WAIT = (MISSED, UNANSWERED, SUSPECTED)


class Gap(NamedTuple):
    """From when to when nobody looked in though somebody had to.

    Attributes:
        ended: ``None`` while it goes on, and where nobody knows.
    """

    began: datetime
    ended: datetime | None
    over: bool

    def __repr__(self) -> str:
        if not self.over:
            return f"{clock(self.began)} on"
        return f"{clock(self.began)} to {clock(self.ended)}"


class Look(NamedTuple):
    """Somebody says that they looked in."""

    at: datetime
    role: str
    record: RecordId | None


class Said(NamedTuple):
    """The end of a stay, as it was told; ``at`` is ``None`` where nobody knew."""

    at: datetime | None
    told: datetime
    record: RecordId | None


def clock(at: datetime | None) -> str:
    """An instant, as people write it down."""
    return "?" if at is None else f"{at:%d %H:%M:%S}"


@dataclass
class Told:
    """One stay, as people told it."""

    room: RoomId
    begins: list[tuple[datetime, StayKind, RecordId | None]] = field(
        default_factory=list
    )
    ends: list[Said] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    asked: list[Look] = field(default_factory=list)
    answered: list[Look] = field(default_factory=list)
    wrong: set[RecordId | None] = field(default_factory=set)

    @property
    def void(self) -> bool:
        """It never was."""
        return self.begins[-1][2] in self.wrong

    @property
    def began(self) -> datetime:
        return self.begins[-1][0]

    @property
    def kind(self) -> StayKind:
        return self.begins[-1][1]

    @property
    def end(self) -> Said | None:
        """What holds of its end: a time that somebody knew, else that it is over."""
        right = [each for each in self.ends if each.record not in self.wrong]
        known = [each for each in right if each.at is not None]
        return next(reversed(known or right), None)

    @property
    def over(self) -> datetime | None:
        """Since when nothing is asked in it any more."""
        return self.end and (self.end.at or self.end.told)

    def counting(self) -> list[datetime]:
        """When somebody whose looking counts looked in, in order."""
        return sorted(
            each.at
            for each in self.looks
            if each.record not in self.wrong and each.role in CARE_WORKERS
        )

    def gaps(self, now: datetime) -> list[Gap]:
        """Every stretch of more than a quarter of an hour between two looks."""
        if self.void or self.kind not in ENCLOSED:
            return []
        over = self.over
        until = now if over is None else over
        seen = [at for at in self.counting() if at <= min(now, until)]
        looks = [self.began, *seen]
        found = [
            Gap(one + QUARTER, other, over=True)
            for one, other in pairwise(looks)
            if other - one > QUARTER
        ]
        if until - looks[-1] > QUARTER:
            ended = self.end.at if self.end else None
            found.append(Gap(looks[-1] + QUARTER, ended, over=over is not None))
        return found

    def waiting_since(self, calls: list[datetime], now: datetime) -> datetime | None:
        """Since when the young person has asked for contact and nobody came."""
        if self.void or self.over is not None:
            return None
        asked = [e.at for e in self.asked if e.record not in self.wrong]
        asked += [at for at in calls if at >= self.began]
        answers = [e.at for e in self.answered if e.record not in self.wrong]
        last = max((at for at in answers if at <= now), default=None)
        pending = [at for at in asked if last is None or at > last]
        return min(pending, default=None)


@dataclass
class Breach:
    """A line of the ledger, folded from the log."""

    obligation: str
    priority: Priority
    began: datetime
    ended: datetime | None = None
    closing: Closing | None = None


@dataclass
class Door:
    """What contact and lock of a room said, and when all of them said: locked."""

    says: dict[DeviceId, tuple[Role, bool]] = field(default_factory=dict)
    locked_since: datetime | None = None
    locked: list[tuple[datetime, datetime]] = field(default_factory=list)
    dismissed: list[tuple[datetime, RecordId | None]] = field(default_factory=list)

    def stretches(self, now: datetime) -> list[tuple[datetime, datetime, bool]]:
        """From when to when it was locked, and whether it still is."""
        past = [(begin, end, False) for begin, end in self.locked]
        if self.locked_since is None:
            return past
        return [*past, (self.locked_since, now, True)]


class Truth:
    """Folds the log into what must be in it.

    Attributes:
        offset: By how much the wall clock was set since the beginning.
        stays: As they were told.
        ledger: Breaches, by name.
        due: By when somebody must be told (again) of an alert that cannot wait.
        checks: How many checks stand in the log.
    """

    def __init__(self, round_: timedelta) -> None:
        self.offset = timedelta(0)
        self.stays: dict[StayId, Told] = {}
        self.calls: dict[RoomId, list[datetime]] = {}
        self.doors: dict[RoomId, Door] = {}
        self.wrong: set[RecordId] = set()
        self.ledger: dict[BreachId, Breach] = {}
        self.alerts: dict[AlertId, BreachId] = {}
        self.due: dict[AlertId, datetime] = {}
        self.taken_on: set[AlertId] = set()
        self.checks = 0
        self._round = round_

    def at(self, wall: datetime) -> datetime:
        """What the clock nobody can set says."""
        return wall - self.offset

    # --- Reading the log ----------------------------------------------------------------

    def read(self, entry: Entry) -> None:
        """Enter what one entry says."""
        event, room, now = entry.event, entry.room, self.at(entry.recorded_at)
        if isinstance(event, ClockStepped):
            self.offset += event.by
            return
        if room is not None:
            self._of_people(event, room)
            self._of_sensors(event, room)
        self._of_breaches(event)
        self._of_pages(event, now)

    def _of_people(self, event: Event, room: RoomId) -> None:
        match event:
            case StayBegan():
                told = self.stays.setdefault(event.stay, Told(room))
                began = self.at(event.happened_at)
                told.begins.append((began, event.kind, event.record))
            case StayEnded():
                at = event.happened_at and self.at(event.happened_at)
                known = event.told_at or event.happened_at
                assert known is not None, "an unknown end says when it was told"
                end = Said(at, self.at(known), event.record)
                self.stays[event.stay].ends.append(end)
            case CheckRecorded():
                self.checks += 1
                look = Look(self.at(event.happened_at), event.role, event.record)
                self.stays[event.stay].looks.append(look)
                if event.contact_given:
                    self.stays[event.stay].answered.append(look)
            case ContactRecorded(stay=stay) if stay is not None:
                told = self.stays[stay]
                look = Look(self.at(event.happened_at), event.role, event.record)
                (told.answered if event.given else told.asked).append(look)
            case FactRecorded(fact="no_enclosure", outcome=True, stay=None):
                door = self.doors.setdefault(room, Door())
                door.dismissed.append((self.at(event.happened_at), event.record))
            case FactRecorded(fact="contact_answered", outcome=True, stay=stay) if (
                stay is not None and event.role in CARE_WORKERS
            ):
                look = Look(self.at(event.happened_at), event.role, event.record)
                self.stays[stay].answered.append(look)
            case RecordCorrected(stay=None):
                self.wrong.add(event.corrects)
            case RecordCorrected(stay=stay):
                assert stay is not None
                self.stays[stay].wrong.add(event.corrects)
            case _:
                pass

    def _of_sensors(self, event: Event, room: RoomId) -> None:
        match event:
            case ContactRequested():
                self.calls.setdefault(room, []).append(self.at(event.at))
            case DoorMoved(role=Role.DOOR_CONTACT | Role.DOOR_LOCK):
                door = self.doors.setdefault(room, Door())
                shut = event.state in ("closed", "locked")
                door.says[event.device] = (event.role, shut)
                locks = [s for role, s in door.says.values() if role is Role.DOOR_LOCK]
                is_locked = bool(locks) and all(s for _, s in door.says.values())
                at = self.at(event.at)
                if is_locked and door.locked_since is None:
                    door.locked_since = at
                elif not is_locked and door.locked_since is not None:
                    door.locked.append((door.locked_since, at))
                    door.locked_since = None
            case _:
                pass

    def _of_breaches(self, event: Event) -> None:
        match event:
            case BreachOpened():
                assert event.breach not in self.ledger, f"{event.breach} opened twice"
                self.ledger[event.breach] = Breach(
                    event.obligation, event.priority, self.at(event.began_at)
                )
            case BreachClosed() | BreachRevised():
                line = self.ledger[event.breach]
                was_open = line.closing is None
                assert was_open is isinstance(event, BreachClosed), (
                    f"{event.breach} was {'open' if was_open else 'closed'} already"
                )
                line.closing = event.closing
                line.ended = event.ended_at and self.at(event.ended_at)
            case _:
                pass

    def _of_pages(self, event: Event, now: datetime) -> None:
        match event:
            case AlertRaised() if event.obligation.split("@")[0].endswith(CANNOT_WAIT):
                self.alerts[event.alert] = event.breach
                self.due[event.alert] = now
                self.taken_on.discard(event.alert)
            case AlertRaised():
                self.alerts[event.alert] = event.breach
            case Paged(message=Message.ALERT, alert=alert) if alert in self.due:
                self.due[alert] = now + self._round
                self.taken_on.discard(alert)
            case AlertAcknowledged(alert=alert) if alert in self.due:
                self.due[alert] = now + QUARTER
                self.taken_on.add(alert)
            case AlertShelved(alert=alert) | AlertUnshelved(alert=alert):
                assert alert not in self.due, "what cannot wait was put aside"
            case AlertReturnedToNormal(alert=alert):
                self.due.pop(alert, None)
            case _:
                pass

    # --- What must be -------------------------------------------------------------------

    def nobody_waits(self, wall: datetime, *, awake: bool) -> None:
        """Before a turn: whoever had to be told by now was, unless nobody was awake."""
        now = self.at(wall)
        for alert, due in self.due.items():
            assert not awake or now <= due + PATIENCE, (
                f"{self.alerts[alert]} should have been paged by {clock(due)}, "
                f"and it is {clock(now)}"
            )
            self.due[alert] = max(due, now) if not awake else due

    def in_ledger(self, obligation: str) -> list[Gap]:
        """What the log says of an obligation, but for what was withdrawn."""
        return sorted(
            Gap(line.began, line.ended, over=line.closing is not None)
            for line in self.ledger.values()
            if line.obligation == obligation and line.closing is not Closing.WITHDRAWN
        )

    @property
    def open(self) -> Iterator[tuple[BreachId, Breach]]:
        """Breaches that go on."""
        return ((n, line) for n, line in self.ledger.items() if line.closing is None)

    def locked_unexplained(self, room: RoomId, now: datetime) -> datetime | None:
        """Since when it was locked for too long without anybody saying why."""
        door = self.doors.get(room)
        if door is None:
            return None
        said = [at for at, record in door.dismissed if record not in self.wrong]
        for begin, end, goes_on in door.stretches(now):
            for since, until in self._unregistered(room, begin, end):
                dismissals = [at for at in said if since <= at <= now]
                suspect = since
                if dismissals:
                    if not (goes_on and until == end):
                        continue
                    suspect = max(dismissals) + DISMISSED_FOR
                if until > suspect + LOCKED_WITHOUT_A_WORD:
                    return suspect
        return None

    def _unregistered(
        self, room: RoomId, begin: datetime, end: datetime
    ) -> list[tuple[datetime, datetime]]:
        """What is left of a stretch outside the stays that were told."""
        left = [(begin, end)]
        for told in self.stays.values():
            if told.room != room or told.void:
                continue
            until = None
            if told.end is not None:
                known = [e.at for e in (*told.looks, *told.asked, *told.answered)]
                calls = [at for at in self.calls.get(room, ()) if at >= told.began]
                until = told.end.at or max([told.began, *known, *calls])
            left = [
                piece
                for since, to in left
                for piece in (
                    (since, min(to, told.began)),
                    (to if until is None else max(since, until), to),
                )
                if piece[0] < piece[1]
            ]
        return left
