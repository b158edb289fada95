"""From ``site.yaml`` to the rota: people, shifts, ladders, and what sounds at last."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from room_monitor.core.ids import ChannelId, LadderId, PersonId, RoomId, ShiftId
from room_monitor.core.rota import Ladder, Person, Rota, Shift, Step
from room_monitor.core.tags import pseudonyms
from room_monitor.settings.problems import Problem, did_you_mean
from room_monitor.settings.rota_checks import (
    alerts_without_a_ladder,
    ladders_in_vain,
    nobody_there,
)
from room_monitor.settings.rota_names import ON_SHIFT, Names, clashes
from room_monitor.settings.rota_shapes import (
    LONGEST_NOTICE,
    LONGEST_SILENCE,
    SHORTEST_NOTICE,
    SHORTEST_ROUND,
    SHORTEST_SILENCE,
    LadderShape,
    PersonShape,
    ReachabilityShape,
    ShiftShape,
    StepShape,
    TeamShape,
)
from room_monitor.settings.shapes import at, items, read
from room_monitor.settings.site_file import is_zone
from room_monitor.settings.yaml_source import KeyPath, Source


def read_rota(source: Source, problems: list[Problem]) -> Rota | None:
    """Read who is told, in which order, at which hour.

    Args:
        source: The site file. All of it that is about people may be left out.
        problems: To which every problem is added.

    Returns:
        The rota, empty if there is none; ``None`` after adding a problem.
    """
    before = len(problems)
    file = _File(source, problems, Names(source))
    problems.extend(clashes(source))
    people = _read_people(file)
    teams = _read_teams(file)
    shifts = _read_shifts(file, teams)
    ladders = _read_ladders(file, teams)
    fallback = _read_fallback(file)
    reachability = _read_reachability(file)
    rooms = file.names.rooms
    if len(ladders) == file.count("ladders"):
        problems.extend(alerts_without_a_ladder(source, ladders, rooms))
        problems.extend(ladders_in_vain(source, ladders, rooms))
    if len(shifts) == file.count("shifts"):
        problems.extend(nobody_there(source, shifts, ladders))
    if len(problems) > before:
        return None
    return Rota(
        people={person.id: person for person in people},
        shifts=tuple(shifts),
        ladders=tuple(ladders),
        fallback=fallback,
        test_before=reachability.test_before,
        heard_within=reachability.heard_within,
    )


@dataclass(frozen=True, slots=True)
class _File:
    source: Source
    problems: list[Problem]
    names: Names

    def tell(self, path: KeyPath, message: str) -> None:
        self.problems.append(self.source.problem(path, message))

    def count(self, key: str) -> int:
        listed = at(self.source, (key,))
        return len(listed) if isinstance(listed, list) else 0

    def each(self, path: KeyPath) -> Iterator[KeyPath]:
        return items(self.source, path, self.problems)

    def named(self, path: KeyPath, what: str, known: Collection[str]) -> list[str]:
        """The names in a list, each of them known and there once."""
        names: list[str] = []
        for place in self.each(path):
            name = at(self.source, place)
            if not isinstance(name, str):
                self.tell(place, f"must be the id of {what}")
            elif name in names:
                self.tell(place, f"'{name}' is there twice")
            elif self.is_known(place, name, what, known):
                names.append(name)
        return names

    def is_known(
        self, place: KeyPath, name: str, what: str, known: Collection[str]
    ) -> bool:
        if name in known:
            return True
        self.tell(place, f"'{name}' is not {what}{did_you_mean(name, known)}")
        return False


# --- People and teams ----------------------------------------------------------------


def _read_people(file: _File) -> list[Person]:
    people: list[Person] = []
    carried: dict[str, KeyPath] = {}
    for path in file.each(("people",)):
        shape = read(PersonShape, file.source, path, file.problems)
        channels: list[str] = []
        if at(file.source, (*path, "channels")) == []:
            message = "without one they can be told nothing; name at least one channel"
            file.tell((*path, "channels"), message)
        else:
            known = file.names.channels
            channels = file.named((*path, "channels"), "a channel", known)
        if shape is None:
            continue
        for index, tag in enumerate(shape.tags):
            place = (*path, "tags", index)
            for name in sorted(pseudonyms([tag])):
                first = carried.setdefault(name, place)
                if first[:2] != path:
                    line = file.source.line(first)
                    file.tell(place, f"somebody else carries this tag, see line {line}")
        people.append(
            Person(
                id=PersonId(shape.id),
                channels=tuple(map(ChannelId, channels)),
                tags=shape.tags,
            )
        )
    return people


def _read_teams(file: _File) -> Mapping[str, list[PersonId]]:
    """The teams that have members, by their id."""
    teams: dict[str, list[PersonId]] = {}
    for path in file.each(("teams",)):
        shape = read(TeamShape, file.source, path, file.problems)
        members = _members(file, (*path, "members"))
        if shape is not None and members:
            teams[shape.id] = members
    return teams


def _members(file: _File, path: KeyPath) -> list[PersonId]:
    if at(file.source, path) == []:
        file.tell(path, "there is nobody in it; name at least one person")
        return []
    return list(map(PersonId, file.named(path, "a person", file.names.people)))


# --- Shifts --------------------------------------------------------------------------


def _read_shifts(file: _File, teams: Mapping[str, list[PersonId]]) -> list[Shift]:
    """The shifts in which there is no mistake."""
    shifts: list[Shift] = []
    for path in file.each(("shifts",)):
        shape = read(ShiftShape, file.source, path, file.problems)
        members = _members(file, (*path, "members"))
        if shape is None:
            continue
        if (shape.team is None) == (shape.members is None):
            file.tell(path, "say who is there: either 'team' or 'members'")
        elif shape.team is not None and file.is_known(
            (*path, "team"), shape.team, "a team", file.names.teams
        ):
            members = teams.get(shape.team, [])
        zone = _zone(file, path, shape.location)
        if members and zone is not None:
            shifts.append(
                Shift(
                    id=ShiftId(shape.id),
                    members=tuple(members),
                    days=shape.days,
                    begins=shape.begins,
                    ends=shape.ends,
                    zone=zone,
                )
            )
    return shifts


def _zone(file: _File, path: KeyPath, location: str | None) -> str | None:
    """The time zone of a location, by default of the first; ``None`` if unknown.

    That a location has no time zone, or none that exists, is said where it is read.
    """
    zones = file.names.time_zones
    if location is None:
        location = next(iter(zones), None)
    elif not file.is_known((*path, "location"), location, "a location", zones):
        return None
    zone = zones.get(location or "")
    return zone if zone is not None and is_zone(zone) else None


# --- Ladders -------------------------------------------------------------------------


def _read_ladders(file: _File, teams: Mapping[str, list[PersonId]]) -> list[Ladder]:
    """The ladders in which there is no mistake."""
    ladders: list[Ladder] = []
    for path in file.each(("ladders",)):
        before = len(file.problems)
        shape = read(LadderShape, file.source, path, file.problems)
        rooms = file.named((*path, "rooms"), "a room", file.names.rooms)
        steps = _read_steps(file, (*path, "steps"), teams)
        if shape is None:
            continue
        if shape.priorities is not None and not shape.priorities:
            message = "there is nothing in the list; leave the key out to mean all"
            file.tell((*path, "priorities"), message)
        if shape.again_after < SHORTEST_ROUND:
            file.tell((*path, "again_after"), "must be 1 min or longer")
        if steps and len(file.problems) == before:
            ladders.append(
                Ladder(
                    id=LadderId(shape.id),
                    rooms=frozenset(map(RoomId, rooms)),
                    priorities=shape.priorities or frozenset(),
                    steps=tuple(steps),
                    again_after=shape.again_after,
                )
            )
    return ladders


def _read_steps(
    file: _File, path: KeyPath, teams: Mapping[str, list[PersonId]]
) -> list[Step]:
    """The steps of one ladder; all of them if nothing is wrong with it."""
    if at(file.source, path) == []:
        file.tell(path, "a ladder without steps tells nobody; write at least one")
        return []
    steps: list[Step] = []
    for place in file.each(path):
        shape = read(StepShape, file.source, place, file.problems)
        names = file.named((*place, "tell"), _TELLABLE, file.names.tellable)
        if names == [ON_SHIFT] and not file.count("shifts"):
            message = "reaches nobody at any hour: there are no shifts"
            file.tell((*place, "tell"), message)
        step = None if shape is None else _step(file, shape.after, names, teams)
        if step is None:
            continue
        if steps and step.after <= steps[-1].after:
            message = "must come later than the step before it"
            file.tell((*place, "after"), message)
        steps.append(step)
    return steps


_TELLABLE = "a person, a team or a channel"


def _step(
    file: _File,
    after: timedelta,
    names: list[str],
    teams: Mapping[str, list[PersonId]],
) -> Step | None:
    """``None`` if nobody is left of those it names."""
    persons: list[PersonId] = []
    for name in names:
        alone = [PersonId(name)] if name in file.names.people else []
        persons.extend(teams.get(name, alone))
    channels = tuple(ChannelId(name) for name in names if name in file.names.channels)
    if not persons and not channels and ON_SHIFT not in names:
        return None
    return Step(
        after=after,
        persons=tuple(dict.fromkeys(persons)),
        on_shift=ON_SHIFT in names,
        channels=channels,
    )


# --- When nobody can be reached ------------------------------------------------------


def _read_fallback(file: _File) -> tuple[ChannelId, ...]:
    path: KeyPath = ("fallback",)
    stated = at(file.source, path)
    forgotten = stated is None and path not in file.source.left_out
    if stated == [] or (forgotten and file.count("ladders")):
        file.tell(path, "say which channel sounds when nobody can be reached")
        return ()
    names = file.named(path, "a channel", file.names.channels)
    return tuple(map(ChannelId, names))


def _read_reachability(file: _File) -> ReachabilityShape:
    path: KeyPath = ("reachability",)
    shape = read(ReachabilityShape, file.source, path, file.problems)
    if shape is None:
        return ReachabilityShape()
    if not SHORTEST_SILENCE <= shape.heard_within <= LONGEST_SILENCE:
        file.tell((*path, "heard_within"), "must be between 30 s and 15 min")
    if not SHORTEST_NOTICE <= shape.test_before <= LONGEST_NOTICE:
        file.tell((*path, "test_before"), "must be between 1 min and 12 h")
    return shape
