"""What the log makes of stories that were told, in time that passed since they began."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from room_monitor.control import Answer
from room_monitor.core.events import (
    AlertRaised,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    ClockStepped,
    Closing,
    Entry,
    Event,
    Prompted,
)
from room_monitor.core.ids import BreachId, RoomId
from room_monitor.core.requirements import Catalogue
from room_monitor.core.state import RoomState
from room_monitor.core.views import stay_summaries
from room_monitor.core.views.checks import rhythm_of
from room_monitor.core.views.stays import StaySummary

MICROSECOND = timedelta(microseconds=1)

E = TypeVar("E", bound=Event)


class Found(NamedTuple):
    """A breach as the log tells it in the end, in time that passed.

    Attributes:
        ask: ``requirement/ask``.
        ended: ``None`` while it is open, and where nobody knows.
        closing: ``None`` while it is open.
        told: When it was first written down.
        alerted: An alert was raised for it.
    """

    ask: str
    began: timedelta
    ended: timedelta | None
    closing: Closing | None
    told: timedelta
    alerted: bool


@dataclass
class Told:
    """What came of the stories.

    Attributes:
        answers: What each line was answered, by room.
        rooms: As they are in the end.
        now: The clock in the end.
    """

    began_at: datetime
    now: datetime
    entries: Sequence[Entry]
    rooms: Mapping[RoomId, RoomState]
    answers: Mapping[str, list[tuple[str, Answer]]]
    catalogue: Catalogue
    _steps: list[tuple[int, timedelta]] = field(init=False)
    _found: dict[str, list[Found]] = field(init=False)

    def __post_init__(self) -> None:
        self._steps = [
            (entry.position, entry.event.by)
            for entry in self.entries
            if isinstance(entry.event, ClockStepped)
        ]
        self._found = _breaches(self.entries, self._passed)

    def _passed(self, at: datetime, position: int) -> timedelta:
        """How much time had passed at an instant in the entry at a position."""
        moved = sum((by for step, by in self._steps if step < position), timedelta(0))
        return at - moved - self.began_at

    def breaches(self, name: str, *asks: str) -> list[str]:
        """The breaches that stand: ``ask from..to``, from when to when.

        Args:
            name: Of the story.
            asks: Which requirements or ``requirement/ask``; none for all that are asked
                of a stay or of its door.
        """
        return [
            f"{each.ask} {clock(each.began)}..{_or_nothing(each.ended)}"
            for each in self.found(name)
            if each.closing is not Closing.WITHDRAWN
            and (not asks or any(ask in _names(each.ask) for ask in asks))
        ]

    def found(self, name: str) -> list[Found]:
        """Every breach, also those that were withdrawn."""
        return sorted(self._found.get(name, []), key=lambda f: (f.began, f.ask))

    def withdrawn(self, name: str, *asks: str) -> list[str]:
        """Those that turned out never to have been."""
        return [
            f"{each.ask} {clock(each.began)}"
            for each in self.found(name)
            if each.closing is Closing.WITHDRAWN
            and (not asks or any(ask in _names(each.ask) for ask in asks))
        ]

    def refused(self, name: str) -> list[str]:
        """What was not recorded, and why."""
        return [
            f"{line}: {answer.error}"
            for line, answer in self.answers.get(name, [])
            if answer.error is not None
        ]

    def events(self, name: str, kind: type[E]) -> list[tuple[timedelta, E]]:
        """The events of a kind in the room, and when they were written."""
        return [
            (self._passed(entry.recorded_at, entry.position), entry.event)
            for entry in self.entries
            if entry.room == name and isinstance(entry.event, kind)
        ]

    def prompts(self, name: str, ask: str) -> list[tuple[timedelta, timedelta]]:
        """When somebody was reminded, and of which limit."""
        return [
            (
                self._passed(entry.event.at, entry.position),
                self._passed(entry.event.due_at, entry.position),
            )
            for entry in self.entries
            if entry.room == name
            and isinstance(entry.event, Prompted)
            and ask in _names(_ask(entry.event.obligation))
        ]

    def stay(self, name: str) -> StaySummary:
        """The only stay of a story, as people see it."""
        (stay,) = self.stays(name)
        return stay

    def stays(self, name: str) -> list[StaySummary]:
        """All stays of a story."""
        log = [entry for entry in self.entries if entry.room in (None, name)]
        devices = {room: state.plan.room.devices for room, state in self.rooms.items()}
        return stay_summaries(log, self.now, devices, rhythm_of(self.catalogue))


def clock(passed: timedelta) -> str:
    """Write a time as the stories have it."""
    sign = "-" if passed < timedelta(0) else ""
    seconds, micro = divmod(abs(passed) // MICROSECOND, 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    tail = f":{seconds:02}" if seconds or micro else ""
    tail += f".{micro:06}".rstrip("0") if micro else ""
    return f"{sign}{hours}:{minutes:02}{tail}"


def _or_nothing(passed: timedelta | None) -> str:
    return "" if passed is None else clock(passed)


def listed(text: str) -> list[str]:
    """A table of breaches, as ``Told.breaches`` has them: one a line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line]


def by_time(breaches: Iterable[str]) -> list[str]:
    """In the order of ``Told.breaches``."""
    return sorted(breaches, key=lambda b: (span(b.split()[1].split("..")[0]), b))


def span(time: str) -> timedelta:
    """Read ``0:15``, ``-0:03``, ``2:59:59`` or ``0:15:00.000001``."""
    hours, minutes, *seconds = time.removeprefix("-").split(":")
    length = timedelta(hours=int(hours), minutes=int(minutes))
    if seconds:
        whole, _, fraction = seconds[0].partition(".")
        micro = int(fraction.ljust(6, "0")) if fraction else 0
        length += timedelta(seconds=int(whole), microseconds=micro)
    return -length if time.startswith("-") else length


def _ask(obligation: str) -> str:
    """``requirement/ask`` of ``room/requirement/ask[/device][@stay]``."""
    return "/".join(obligation.partition("@")[0].split("/")[1:3])


def _names(ask: str) -> tuple[str, str]:
    return ask, ask.partition("/")[0]


def _is_about_a_stay(obligation: str) -> bool:
    return "@" in obligation or _names(_ask(obligation))[1] in OF_DOORS


OF_DOORS = {"enclosure-registered", "bedroom-not-locked"}


def _breaches(
    entries: Iterable[Entry], passed: Callable[[datetime, int], timedelta]
) -> dict[str, list[Found]]:
    known: dict[BreachId, Found] = {}
    room_of: dict[BreachId, str] = {}
    alerted: set[BreachId] = set()
    for entry in entries:
        event, where = entry.event, entry.position
        if isinstance(event, AlertRaised):
            alerted.add(event.breach)
        elif isinstance(event, BreachOpened) and _is_about_a_stay(event.obligation):
            assert event.breach not in known, "each breach is opened once"
            room_of[event.breach] = entry.room or ""
            known[event.breach] = Found(
                _ask(event.obligation),
                passed(event.began_at, where),
                None,
                None,
                passed(entry.recorded_at, where),
                alerted=False,
            )
        elif isinstance(event, BreachClosed | BreachRevised) and event.breach in known:
            before = known[event.breach]
            assert passed(event.began_at, where) == before.began, "it has one begin"
            known[event.breach] = before._replace(
                closing=event.closing,
                ended=passed(event.ended_at, where) if event.ended_at else None,
            )
    found: dict[str, list[Found]] = {}
    for breach, each in known.items():
        found.setdefault(room_of[breach], []).append(
            each._replace(alerted=breach in alerted)
        )
    return found
