"""From a scenario and devices to what is published when: pure, and always the same.

The devices of one room live the scenario; beside it all is well in the other rooms, so
that only what the scenario is about stands out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sensors.simulator.cast import SimulatedDevice, SimulationError, boxes
from sensors.simulator.player import Dated, Player
from sensors.simulator.scenario import Scenario
from sensors.simulator.scenarios.well import WELL
from sensors.simulator.steps import Act, Step, together


def play(
    scenario: Scenario,
    devices: Iterable[SimulatedDevice],
    *,
    seed: int = 0,
    room: str | None = None,
    dated: Dated | None = None,
) -> Iterator[Step]:
    """Say what happens, in the order of time, up to the end of the scenario.

    Args:
        scenario: The story.
        devices: All that shall be heard, of one room or of several.
        seed: Another seed, other noise.
        room: Whose story it is; the first room that fits if it is not given.
        dated: Dates the messages; the time of the scenario if it is not given.

    Raises:
        SimulationError: No room fits, a device it needs is missing, or a device cannot
            say anything of its role in the format of its profile.
    """
    devices = tuple(devices)
    stage = choose_room(scenario, devices, room)
    return play_rooms({stage: scenario}, devices, seed=seed, dated=dated)


def play_rooms(
    stories: Mapping[str, Scenario],
    devices: Iterable[SimulatedDevice],
    *,
    seed: int = 0,
    dated: Dated | None = None,
) -> Iterator[Step]:
    """Play several scenarios at once, each in a room of its own.

    All begin together, and a shorter one stays as it ends until the longest is over.

    Args:
        stories: A scenario for each of some rooms, at least one; beside them all is well.
        devices: All that shall be heard.
        seed: As for ``play``.
        dated: As for ``play``; the time of the first scenario if it is not given.

    Raises:
        SimulationError: As for ``play``.
    """
    devices = tuple(devices)
    for room, scenario in stories.items():
        choose_room(scenario, devices, room)
    first = next(iter(stories.values()))
    lasts = max(scenario.duration for scenario in stories.values())
    of_room = {
        room: replace(scenario, duration=lasts) for room, scenario in stories.items()
    }
    beside = replace(first, duration=lasts, curves=WELL, silences=(), acts=())

    def story_of(device: SimulatedDevice) -> Scenario:
        return of_room.get(device.room, beside)

    def dated_by_scenario(offset: timedelta) -> datetime:
        return first.starts_at + offset

    players = [
        Player(box, story_of, seed=seed, dated=dated or dated_by_scenario)
        for box in boxes(devices)
    ]
    acts = [_acts(room, scenario) for room, scenario in stories.items()]
    return together(*acts, *(player.steps() for player in players))


def _acts(room: str, scenario: Scenario) -> Iterator[Step]:
    for act in scenario.acts:
        if act.offset < scenario.duration:
            yield Step(act.offset, Act(act.deed, room, act.fields, act.ago))


def choose_room(
    scenario: Scenario, devices: Sequence[SimulatedDevice], room: str | None = None
) -> str:
    """Where a scenario would be played: the first room that fits, or the one asked for.

    Raises:
        SimulationError: None fits, or a device that is needed is missing.
    """
    kinds = {device.room: device.room_kind for device in devices}
    if room is not None and room not in kinds:
        raise SimulationError(f"there is no device in a room '{room}'")
    missing = []
    for name in [room] if room else _in_order(kinds, scenario.room_kinds):
        roles = {device.role for device in devices if device.room == name}
        lacking = [role for role in scenario.needs if role not in roles]
        if kinds[name] not in scenario.room_kinds:
            missing.append(f"room '{name}' is a {kinds[name]}")
        elif lacking:
            missing.append(f"room '{name}' has no {' and no '.join(lacking)}")
        else:
            return name
    wanted = " or ".join(scenario.room_kinds)
    raise SimulationError(
        f"scenario '{scenario.name}' is about a {wanted}: "
        + ("; ".join(missing) or "there is none")
    )


def _in_order(kinds: dict[str, str], wanted: Sequence[str]) -> Iterator[str]:
    for kind in wanted:
        yield from (name for name in kinds if kinds[name] == kind)
