"""What a scenario is: who does what when, and how the room's quantities move.

A scenario knows rooms and devices by what they are for, never by name, so that it can be
played in any site. It says nothing of verdicts: ``shows`` tells people what to look for,
and ``requirements`` names where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sensors.quantity import Quantity
from sensors.simulator.cast import Role
from sensors.simulator.curves import Curve
from sensors.simulator.sky import Sky

Curves = Mapping[Role, Mapping[Quantity, Curve]]
Fields = Mapping[str, str | bool]


@dataclass(frozen=True, slots=True)
class Text:
    """One line in Dutch and in English."""

    nl: str
    en: str


class Deed(StrEnum):
    """What a person can do in a scenario."""

    BEGIN_STAY = "begin_stay"
    CHECK = "check"
    END_STAY = "end_stay"
    RECORD_FACT = "record_fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A person does something; it concerns the one stay in the room, if there is one.

    Attributes:
        offset: When, from the start.
        deed: What.
        fields: Its particulars: ``kind`` and ``key`` of a stay, ``fact`` and ``outcome``,
            ``contact_wished`` and ``contact_given`` of a check, ``role`` of the person.
        ago: How long before ``offset`` it happened, where it is recorded afterwards.
    """

    offset: timedelta
    deed: Deed
    fields: Fields = field(default_factory=dict)
    ago: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The devices of a role stop, and with each of them its whole box.

    Attributes:
        begins: From this offset on nothing is heard.
        ends: Until this one, or ``None`` for the rest of the scenario.
        noticed: The broker loses the connection and publishes the device's last will;
            nobody does so for a battery device behind a gateway.
    """

    role: Role
    begins: timedelta
    ends: timedelta | None = None
    noticed: bool = False

    def covers(self, offset: timedelta) -> bool:
        """Whether the device is silent at an offset."""
        return self.begins <= offset and (self.ends is None or offset < self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story of one room.

    Attributes:
        name: How it is chosen.
        title: One line for people.
        shows: What to look for, one line each.
        requirements: Ids of the requirements in which it shows.
        room_kinds: In which kinds of room it can be played, best first.
        needs: Roles without which there is nothing to see.
        starts_at: Aware UTC. Sets the sun; see ``docs/simulator.md`` for what dates the
            messages.
        duration: How long it lasts.
        latitude: Degrees north, for the sun.
        longitude: Degrees east, for the sun.
        curves: How the quantities of each role move.
        silences: Which devices stop, and when.
        acts: What people do, in the order of time.
    """

    name: str
    title: Text
    shows: tuple[Text, ...]
    requirements: tuple[str, ...] = ()
    room_kinds: tuple[str, ...] = ("safe_room",)
    needs: tuple[Role, ...] = ()
    starts_at: datetime
    duration: timedelta
    latitude: float = 52.09
    longitude: float = 5.12
    curves: Curves
    silences: tuple[Silence, ...] = ()
    acts: tuple[Planned, ...] = ()

    @property
    def sky(self) -> Sky:
        """The sky over it."""
        return Sky(self.starts_at, self.latitude, self.longitude)


def altered(curves: Curves, changes: Curves) -> Curves:
    """The same curves, some replaced."""
    return {
        role: {**curves.get(role, {}), **changes.get(role, {})}
        for role in (*curves, *(role for role in changes if role not in curves))
    }
