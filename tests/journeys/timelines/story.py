"""How a timeline is written down.

One line for each thing that happens, its time in hours and minutes after the timeline
begins (``26:30`` is half past two in the next night, if it began at midnight):

    0:00   begins enclosure                          a stay of this kind begins
    0:05   told_duration yes by staff                a person records a fact, in a role
    0:05   told_duration yes by staff, at -0:03      ... of something that was earlier
    0:14   check                                     a care worker looks in
    0:14   check with contact                        ... and there is contact
    0:20   climate co2 1250 ppm                      the device in this role reports this
    0:20   every_device battery 90 %                 all devices of the room do
    3:01   nothing                                   time passes up to here
    3:00   agrees every 5 min                        to look in more often is agreed on
    3:05   ends                                      the stay ends
    3:05   ends, unknown when                        ... and nobody knows since when
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.requirements import StayKind
from room_monitor.core.site import Role, RoomKind
from room_monitor.settings.units import read_duration, read_quantity
from sensors.quantity import Quantity

UTRECHT = ZoneInfo("Europe/Amsterdam")
A_MONDAY = "2026-03-02 09:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What happens, and what the requirement comes to at its end.

    Attributes:
        says: The case in words.
        verdict: Of the requirement as a whole.
        reason: That of the first ask that decides.
        breach: When the breach began, as a time of the story; ``None`` where there is
            none.
        story: What happens, a line each.
        on: When it begins, in Utrecht.
        room: In which kind of room; ``None`` for the safe room if the row applies there,
            else the first kind it applies to.
    """

    says: str
    verdict: Verdict
    reason: Reason
    breach: str | None = None
    story: str
    on: str = A_MONDAY
    room: RoomKind | None = None

    @property
    def began_at(self) -> datetime:
        """Aware UTC."""
        return datetime.fromisoformat(self.on).replace(tzinfo=UTRECHT).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """A verdict that a requirement cannot have, and why."""

    verdict: Verdict
    why: str


def met(says: str, reason: Reason, story: str, *, on: str = A_MONDAY) -> Timeline:
    """A case in which the requirement is met."""
    return Timeline(says=says, verdict=Verdict.MET, reason=reason, story=story, on=on)


def violated(
    says: str,
    reason: Reason,
    story: str,
    *,
    breach: str,
    on: str = A_MONDAY,
    room: RoomKind | None = None,
) -> Timeline:
    """A case in which it is violated, with the begin of the breach."""
    return Timeline(
        says=says,
        verdict=Verdict.VIOLATED,
        reason=reason,
        story=story,
        breach=breach,
        on=on,
        room=room,
    )


def not_yet(says: str, reason: Reason, story: str, *, on: str = A_MONDAY) -> Timeline:
    """A case in which it is violated, and not for long enough to be a breach."""
    return Timeline(
        says=says, verdict=Verdict.VIOLATED, reason=reason, story=story, on=on
    )


def unknown(says: str, reason: Reason, story: str, *, on: str = A_MONDAY) -> Timeline:
    """A case in which nothing shows whether it is met."""
    return Timeline(
        says=says, verdict=Verdict.UNKNOWN, reason=reason, story=story, on=on
    )


# --- Reading the lines ---------------------------------------------------------------


class Begins(NamedTuple):
    kind: StayKind


class Ends(NamedTuple):
    known: bool = True


class Agrees(NamedTuple):
    at_most: timedelta


class Checks(NamedTuple):
    with_contact: bool


class Records(NamedTuple):
    fact: str
    outcome: bool
    role: str
    earlier: timedelta | None


class Reports(NamedTuple):
    role: Role | None
    quantity: Quantity
    value: float


class Nothing(NamedTuple):
    pass


Deed = Begins | Ends | Agrees | Checks | Records | Reports | Nothing


def steps(story: str) -> Iterator[tuple[timedelta, Deed]]:
    """What happens and when, counted from the begin of the story."""
    for line in filter(None, map(str.strip, story.splitlines())):
        time, words = line.split(maxsplit=1)
        yield span(time), _deed(words)


def span(time: str) -> timedelta:
    """Read ``2:05``, ``-0:03`` or ``0:10:30``."""
    parts = [int(part) for part in time.removeprefix("-").split(":")]
    hours, minutes, seconds = (*parts, 0)[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if time.startswith("-") else length


def after(days: int, time: str = "0:00") -> str:
    """A time of a later day, as it is written in a story."""
    hours, _, rest = time.partition(":")
    return f"{days * 24 + int(hours)}:{rest}"


_FACT = re.compile(r"(\w+) (yes|no) by (\w+)(?:, at (\S+))?")


def _deed(words: str) -> Deed:
    match words.split():
        case ["nothing"]:
            return Nothing()
        case ["ends"]:
            return Ends()
        case ["ends,", "unknown", "when"]:
            return Ends(known=False)
        case ["agrees", "every", number, unit]:
            return Agrees(read_duration(f"{number} {unit}"))
        case ["begins", kind]:
            return Begins(StayKind(kind))
        case ["check", *contact]:
            return Checks(contact == ["with", "contact"])
    if fact := _FACT.fullmatch(words):
        name, answer, role, earlier = fact.groups()
        return Records(name, answer == "yes", role, span(earlier) if earlier else None)
    who, what, value = words.split(maxsplit=2)
    quantity = Quantity(what)
    return Reports(
        None if who == "every_device" else Role(who),
        quantity,
        float(quantity.states.index(value))
        if quantity.states
        else read_quantity(value, quantity),
    )
