"""What people, teams, shifts and ladders look like in the site file."""

import re
from datetime import time, timedelta
from itertools import takewhile
from typing import Annotated

from pydantic import BeforeValidator, Field

from room_monitor.core.requirements import Priority
from room_monitor.core.rota import EVERY_DAY, Rota
from room_monitor.settings.problems import did_you_mean
from room_monitor.settings.shapes import (
    Duration,
    Items,
    Shape,
    Slug,
    Text,
    word,
)

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_SHORT = {day[:3]: number for number, day in enumerate(WEEKDAYS)}
_DAYS = {day: number for number, day in enumerate(WEEKDAYS)} | _SHORT
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def _no_name(value: object) -> str:
    text = word(value)
    if len(text.split()) > 1:
        raise ValueError(
            "looks like somebody's name; write a staff number or a function, such as "
            "'staff-12': it stands in the log for ever"
        )
    return text


def _clock(value: object) -> time:
    text = word(value)
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f"'{text[:20]}' is not a time of the day; write it as 07:30")
    return time(int(found[1]), int(found[2]))


def _clock_until(value: object) -> time:
    return time(0) if value == "24:00" else _clock(value)


def _days(value: object) -> frozenset[int]:
    """``[mon, tue]``, ``mon-fri``, or both: ``[mon-wed, sun]``."""
    written = [word(each) for each in value] if isinstance(value, list) else None
    if written == []:
        raise ValueError("there is nothing in the list; write at least one")
    return frozenset(
        number
        for part in written or [word(value)]
        for number in _stretch(part.strip().lower())
    )


def _stretch(text: str) -> list[int]:
    """The days from one to another, which may lie in the next week: ``fri-mon``."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    begin, end = _weekday(first), _weekday(last if dash else first)
    after = ((begin + n) % 7 for n in range(7))
    return [*takewhile(lambda day: day != end, after), end]


def _weekday(text: str) -> int:
    if text not in _DAYS:
        close = did_you_mean(text, WEEKDAYS)
        hint = close if "did you mean" in close else f"; known are {', '.join(_SHORT)}"
        raise ValueError(f"'{text[:20]}' is not a day of the week{hint}")
    return _DAYS[text]


def _priority(value: object) -> object:
    if value == Priority.NONE:
        raise ValueError("'none' raises no alert; leave it out")
    return value


class PersonShape(Shape):
    """Somebody who can be told something."""

    id: Annotated[Slug, BeforeValidator(_no_name)]
    channels: Items
    tags: tuple[Text, ...] = ()


class TeamShape(Shape):
    """A name for several people."""

    id: Slug
    members: Items


class ShiftShape(Shape):
    """The same people at the same hours of the week."""

    id: Slug
    team: Slug | None = None
    members: Items | None = None
    days: Annotated[frozenset[int], BeforeValidator(_days)] = EVERY_DAY
    begins: Annotated[time, BeforeValidator(_clock)] = Field(alias="from")
    ends: Annotated[time, BeforeValidator(_clock_until)] = Field(alias="until")
    location: Slug | None = None


class StepShape(Shape):
    """One rung of a ladder."""

    after: Duration
    tell: Items


class LadderShape(Shape):
    """Who is told of an alert, step by step."""

    id: Slug
    rooms: Items | None = None
    priorities: frozenset[Annotated[Priority, BeforeValidator(_priority)]] | None = None
    steps: Items
    again_after: Duration


class ReachabilityShape(Shape):
    """When it is tried whether people can be reached."""

    test_before: Duration = Rota().test_before
    heard_within: Duration = Rota().heard_within


SHORTEST_ROUND = timedelta(minutes=1)
SHORTEST_SILENCE, LONGEST_SILENCE = timedelta(seconds=30), timedelta(minutes=15)
SHORTEST_NOTICE, LONGEST_NOTICE = timedelta(minutes=1), timedelta(hours=12)

ROTA_KEYS = frozenset(
    field.alias or name
    for shape in (
        PersonShape,
        TeamShape,
        ShiftShape,
        LadderShape,
        StepShape,
        ReachabilityShape,
    )
    for name, field in shape.model_fields.items()
)
