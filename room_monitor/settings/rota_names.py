"""Which ids stand for whom: people, teams and channels, and the places of the site.

They are taken from what was written, so that somebody whose entry has a mistake in it is
not unknown everywhere else as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from room_monitor.settings.problems import Problem
from room_monitor.settings.shapes import at
from room_monitor.settings.yaml_source import KeyPath, Source

ON_SHIFT = "on-shift"
_ONE_OF = {"people": "a person", "teams": "a team", "channels": "a channel"}


@dataclass(frozen=True)
class Names:
    """The ids in one site file."""

    source: Source

    @cached_property
    def people(self) -> frozenset[str]:
        """Of ``people``."""
        return self._ids("people")

    @cached_property
    def teams(self) -> frozenset[str]:
        """Of ``teams``."""
        return self._ids("teams")

    @cached_property
    def channels(self) -> frozenset[str]:
        """Of ``channels``."""
        return self._ids("channels")

    @cached_property
    def time_zones(self) -> Mapping[str, str | None]:
        """Of the locations, in the order of the file, as they were written."""
        zones: dict[str, str | None] = {}
        for place, name in written(self.source, ("locations",)):
            zone = at(self.source, (*place[:-1], "time_zone"))
            zones.setdefault(name, zone if isinstance(zone, str) else None)
        return zones

    @cached_property
    def rooms(self) -> tuple[str, ...]:
        """Of the locations, which stand among the rooms, and of the rooms."""
        listed = at(self.source, ("locations",))
        found = [name for _, name in written(self.source, ("locations",))]
        for index in range(len(listed) if isinstance(listed, list) else 0):
            rooms = written(self.source, ("locations", index, "rooms"))
            found.extend(name for _, name in rooms)
        return tuple(dict.fromkeys(found))

    @property
    def tellable(self) -> frozenset[str]:
        """What ``tell`` may name."""
        return frozenset({ON_SHIFT, *self.people, *self.teams, *self.channels})

    def _ids(self, *path: str | int) -> frozenset[str]:
        return frozenset(name for _, name in written(self.source, path))


def written(source: Source, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """The ids of the items of a list, with their places, as they were written."""
    listed = at(source, path)
    for index in range(len(listed) if isinstance(listed, list) else 0):
        place = (*path, index, "id")
        name = at(source, place)
        if isinstance(name, str):
            yield place, name


def clashes(source: Source) -> Iterator[Problem]:
    """Ids used twice; those that ``tell`` may name are all different.

    That two channels have one id is said where channels are read.
    """
    for key in ("shifts", "ladders"):
        yield from _doubled(source, {key: key})
    yield from _doubled(source, _ONE_OF)


def _doubled(source: Source, keys: Mapping[str, str]) -> Iterator[Problem]:
    first: dict[str, tuple[str, KeyPath]] = {}
    for key in keys:
        for place, name in written(source, (key,)):
            if name == ON_SHIFT and key in _ONE_OF:
                message = f"'{ON_SHIFT}' means whoever is on shift; take another id"
                yield source.problem(place, message)
                continue
            kind, before = first.setdefault(name, (key, place))
            line = source.line(before)
            if kind != key:
                message = (
                    f"'{name}' is {keys[kind]} already, on line {line}; 'tell' names "
                    "people, teams and channels, so their ids differ"
                )
                yield source.problem(place, message)
            elif before != place and key != "channels":
                message = f"'{name}' is used twice; the first is on line {line}"
                yield source.problem(place, message)
