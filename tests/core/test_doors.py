"""A room is locked while all its doors are closed and all its locks say so."""

import pytest

from room_monitor.core.doors import LOCKINGS_KEPT, NOTHING, Doors, evolve, shift
from room_monitor.core.evaluation import Locking
from room_monitor.core.events import (
    DoorMoved,
    Evidence,
    OccupancySuggested,
    TagPresented,
)
from room_monitor.core.ids import DeviceId
from room_monitor.core.site import Role
from room_monitor.core.tags import pseudonym
from sensors.quantity import Quantity
from tests.core.play import (
    CHECKS,
    STEP,
    Story,
    begin,
    device,
    end,
    minute,
    minutes,
    reading,
    room,
)

LOCK = device(Role.DOOR_LOCK, interval=minutes(600))
SECOND_LOCK = device(Role.DOOR_LOCK, "second_lock", interval=minutes(600))
DOOR = device(Role.DOOR_CONTACT, interval=minutes(600))
CLIMATE = device(Role.CLIMATE, interval=minutes(10))
TAP = device(Role.PRESENCE_TAP)
OPEN, CLOSED, UNLOCKED, LOCKED = "open", "closed", "unlocked", "locked"


def moved(at: float, state: str, name: str = "", co2: float | None = None) -> DoorMoved:
    contact = state in (OPEN, CLOSED)
    role = Role.DOOR_CONTACT if contact else Role.DOOR_LOCK
    return DoorMoved(
        device=DeviceId(name or role.value),
        role=role,
        quantity=Quantity.DOOR_CONTACT if contact else Quantity.DOOR_LOCK,
        state=state,
        at=minute(at),
        co2_ppm=co2,
    )


def play(*events: DoorMoved | OccupancySuggested) -> Doors:
    doors = Doors()
    for event in events:
        doors = evolve(doors, event)
    return doors


def locked(*stretches: tuple[float, float | None]) -> tuple[Locking, ...]:
    return tuple(
        Locking(minute(a), None if b is None else minute(b)) for a, b in stretches
    )


TABLE = {
    "nothing was said": ([], []),
    "a closed door is not a locked one": ([moved(1, CLOSED)], []),
    "a lock alone says enough": ([moved(1, LOCKED)], [(1, None)]),
    "closed, then locked": ([moved(1, CLOSED), moved(2, LOCKED)], [(2, None)]),
    "locked, then closed": (
        [moved(0, OPEN), moved(1, LOCKED), moved(2, CLOSED)],
        [(2, None)],
    ),
    "a bolt that is out while the door is open": (
        [moved(0, OPEN), moved(1, LOCKED)],
        [],
    ),
    "unlocked again": ([moved(1, LOCKED), moved(3, UNLOCKED)], [(1, 3)]),
    "opened while the lock still says locked": (
        [moved(0, CLOSED), moved(1, LOCKED), moved(3, OPEN)],
        [(1, 3)],
    ),
    "one of two locks": ([moved(0, UNLOCKED, "second_lock"), moved(1, LOCKED)], []),
    "both of two locks": (
        [moved(0, UNLOCKED, "b"), moved(1, LOCKED), moved(2, LOCKED, "b")],
        [(2, None)],
    ),
    "twice": (
        [moved(1, LOCKED), moved(3, UNLOCKED), moved(4, LOCKED), moved(9, UNLOCKED)],
        [(1, 3), (4, 9)],
    ),
}


@pytest.mark.parametrize(("events", "stretches"), TABLE.values(), ids=TABLE)
def test_from_when_to_when_it_is_locked(
    events: list[DoorMoved], stretches: list[tuple[float, float | None]]
) -> None:
    assert play(*events).lockings == locked(*stretches)


@pytest.mark.parametrize("role", [Role.SANITARY_DOOR, Role.HATCH])
def test_other_doors_lock_nobody_in(role: Role) -> None:
    event = DoorMoved(
        device=DeviceId("other"),
        role=role,
        quantity=Quantity.DOOR_LOCK,
        state=LOCKED,
        at=minute(1),
    )

    assert play(event) == Doors()


def test_trying_the_lock_leaves_no_trace_and_half_a_minute_does() -> None:
    half_a_minute = NOTHING / minutes(1)
    just_less = (NOTHING - STEP) / minutes(1)

    assert half_a_minute == 0.5
    assert play(moved(1, LOCKED), moved(1 + just_less, UNLOCKED)).lockings == ()
    assert play(moved(1, LOCKED), moved(1.5, UNLOCKED)).lockings == locked((1, 1.5))


def test_the_last_stretches_are_remembered() -> None:
    moves = [
        moved(2 * n + (state == UNLOCKED), state)
        for n in range(LOCKINGS_KEPT + 7)
        for state in (LOCKED, UNLOCKED)
    ]
    kept = play(*moves).lockings

    assert len(kept) == LOCKINGS_KEPT
    assert kept[0] == Locking(minute(14), minute(15))


def test_a_step_of_the_clock_moves_them_all() -> None:
    doors = play(moved(1, LOCKED), moved(3, UNLOCKED), moved(4, LOCKED))

    assert shift(doors, minutes(-60)).lockings == locked((-59, -57), (-56, None))


# --- In a room ------------------------------------------------------------------------


def lock(story: Story, value: float, at: float) -> list[object]:
    return list(story.hears(reading(LOCK, Quantity.DOOR_LOCK, value, minute(at))))


def co2(story: Story, value: float, at: float) -> list[object]:
    return list(story.hears(reading(CLIMATE, Quantity.CO2, value, minute(at))))


def suggested(from_ppm: float, locked_at: float, value: float, at: float) -> object:
    return OccupancySuggested(
        locked_at=minute(locked_at),
        from_ppm=from_ppm,
        evidence=Evidence.of(reading(CLIMATE, Quantity.CO2, value, minute(at))),
    )


def test_what_moves_is_said_once_with_the_air_when_it_was_locked() -> None:
    story = Story(room(LOCK, DOOR, CLIMATE))
    co2(story, 600, 0)
    story.hears(reading(DOOR, Quantity.DOOR_CONTACT, 0, minute(0.5)))

    assert lock(story, 1, 1) == [moved(1, LOCKED, co2=600)]
    assert lock(story, 1, 2) == []
    assert lock(story, 0, 3) == [moved(3, UNLOCKED)]
    assert story.state.doors.lockings == locked((1, 3))


@pytest.mark.parametrize(("at", "ppm"), [(19.9, 600.0), (20, None)])
def test_air_that_was_measured_too_long_ago_says_nothing(
    at: float, ppm: float | None
) -> None:
    story = Story(room(LOCK, CLIMATE))
    co2(story, 600, 0)

    assert lock(story, 1, at) == [moved(at, LOCKED, co2=ppm)]
    assert co2(story, 2000, at + 1) == (
        [suggested(600, at, 2000, at + 1)] if ppm else []
    )


@pytest.mark.parametrize(("value", "said"), [(749.9, False), (750, True), (900, True)])
def test_air_that_rises_behind_a_locked_door_is_a_hint_and_no_proof(
    value: float, *, said: bool
) -> None:
    story = Story(room(LOCK, CLIMATE))
    co2(story, 600, 0)
    lock(story, 1, 1)

    assert co2(story, value, 9) == ([suggested(600, 1, value, 9)] if said else [])
    assert story.ledger.lines == {}
    assert story.state.alerts == {}


def test_it_is_said_once_per_locking() -> None:
    story = Story(room(LOCK, CLIMATE))
    co2(story, 600, 0)
    lock(story, 1, 1)
    assert co2(story, 800, 5) == [suggested(600, 1, 800, 5)]
    assert co2(story, 900, 8) == []
    lock(story, 0, 10)
    assert co2(story, 1500, 12) == []
    lock(story, 1, 14)

    assert co2(story, 1600, 16) == []
    assert co2(story, 1650, 18) == [suggested(1500, 14, 1650, 18)]


def test_it_is_not_said_of_a_stay_that_is_registered_nor_of_an_open_door() -> None:
    story = Story(room(LOCK, CLIMATE), CHECKS)
    co2(story, 600, 0)
    assert co2(story, 900, 1) == []
    story.does(begin(2), minute(2))
    lock(story, 1, 2)
    assert co2(story, 1200, 9) == []
    story.does(end(12), minute(12))

    assert co2(story, 1300, 13) == [suggested(900, 2, 1300, 13)]


def test_a_tag_is_told_by_its_pseudonym_and_is_no_check() -> None:
    story = Story(room(TAP), CHECKS)
    story.does(begin(0), minute(0))
    tapped = reading(TAP, Quantity.PRESENCE_TAP, 1, minute(5))

    assert story.hears(tapped._replace(tag="04:a2:2b")) == [
        TagPresented(device=TAP.id, at=minute(5), tag=pseudonym("04:a2:2b"))
    ]
    assert story.hears(tapped._replace(at=minute(6), received_at=minute(6))) == [
        TagPresented(device=TAP.id, at=minute(6), tag=None)
    ]
    assert "04:a2:2b" not in repr(story.events)
    story.waits(minute(16))
    assert len(story.ledger.open) == 1
