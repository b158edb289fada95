"""A play is pure, in the order of time, and as each device would speak."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sensors.quantity import Quantity
from sensors.simulator import (
    SCENARIOS,
    Act,
    Publish,
    Role,
    Scenario,
    SimulatedDevice,
    SimulationError,
    load,
    play,
    play_rooms,
)
from sensors.simulator.encode import FAMILIES
from sensors.simulator.scenario import Silence
from tests.sensors.simulator.stage import (
    HOUR,
    MINUTE,
    device,
    heard,
    moves,
    room,
    series,
)

ENCLOSURE = SCENARIOS["enclosure"]
CALM = replace(SCENARIOS["calm-day"], duration=HOUR)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))
def test_steps_come_in_the_order_of_time_and_within_the_scenario(
    scenario: Scenario,
) -> None:
    rooms = [*room(), *room("bedroom-7", "bedroom")]
    devices = [replace(each, interval=10 * MINUTE) for each in rooms]

    offsets = [step.offset for step in play(scenario, devices)]

    assert offsets == sorted(offsets)
    assert timedelta(0) <= offsets[0]
    assert offsets[-1] <= scenario.duration


def test_the_same_seed_plays_the_same_and_another_does_not() -> None:
    once, again = list(play(CALM, room(), seed=1)), list(play(CALM, room(), seed=1))

    assert once == again
    assert once != list(play(CALM, room(), seed=2))


@pytest.mark.parametrize("profile", FAMILIES)
@pytest.mark.parametrize("role", Role)
def test_a_device_is_heard_within_every_interval_or_refused_clearly(
    profile: str, role: Role
) -> None:
    one = device(role, profile, interval=5 * MINUTE)
    try:
        steps = list(play(CALM, [one]))
    except SimulationError as refusal:
        assert str(refusal).startswith(  # noqa: PT017 - refusing is one of two answers
            f"calm-1-{role}: a device of profile '{profile}' cannot tell what a {role}"
        )
        return
    at = sorted({step.offset for step in steps if isinstance(step.what, Publish)})
    gaps = [b - a for a, b in zip(at, [*at[1:], CALM.duration], strict=True)]

    assert len(at) >= 12
    assert max(gaps) <= 5 * MINUTE
    assert list(heard(steps, one))


def test_native_devices_speak_of_everything() -> None:
    assert {
        s.what.device for s in play(CALM, room()) if isinstance(s.what, Publish)
    } == {f"calm-1-{role}" for role in Role}


def test_a_device_comes_online_before_it_speaks() -> None:
    first, second, *_ = play(CALM, [device("climate")])

    assert isinstance(first.what, Publish)
    assert first.what.topic == "calm-1/climate/availability"
    assert (first.what.payload, first.what.retain) == (b"online", True)
    assert isinstance(second.what, Publish)
    assert not second.what.retain


def test_native_messages_are_numbered_without_gaps() -> None:
    numbers: dict[str, set[int | None]] = defaultdict(set)
    for one in room():
        for _, m in heard(play(CALM, [one]), one):
            if m.quantity is not Quantity.AVAILABILITY:
                numbers[one.id].add(m.sequence)

    for each in numbers.values():
        assert each == set(range(1, len(each) + 1))


def test_messages_are_dated_by_the_scenario_unless_told_otherwise() -> None:
    one = device("climate")
    fixed = datetime(2026, 11, 22, tzinfo=UTC)

    by_scenario = [(at, m.measured_at) for at, m in heard(play(CALM, [one]), one)]
    by_us = {
        m.measured_at for _, m in heard(play(CALM, [one], dated=lambda _: fixed), one)
    }

    assert all(
        when == CALM.starts_at + at for at, when in by_scenario if when is not None
    )
    assert by_us == {None, fixed}


def test_a_box_with_two_roles_speaks_once_for_both() -> None:
    contact = device("door_contact", topic="calm-1/door")
    lock = device("door_lock", topic="calm-1/door")
    steps = list(play(CALM, [contact, lock]))

    said = [{m.quantity for _, m in heard([step], contact)} for step in steps[1:]]

    assert said == [
        {Quantity.DOOR_CONTACT, Quantity.DOOR_LOCK, Quantity.BATTERY} for _ in said
    ]


def test_a_change_is_told_at_once() -> None:
    lock = device("door_lock", interval=10 * MINUTE)
    steps = list(play(ENCLOSURE, [lock]))

    assert moves(series(steps, lock, Quantity.DOOR_LOCK))[1:] == [
        (5 * MINUTE + 2 * SECOND, 1.0),
        (85 * MINUTE - 2 * SECOND, 0.0),
    ]


@pytest.mark.parametrize("profile", ["native", "zigbee2mqtt", "tasmota", "shelly_gen2"])
def test_a_button_is_pressed_once_in_every_family(profile: str) -> None:
    button = device("call_button", profile)
    lock = device("door_lock")
    pressed = {Quantity.CALL_BUTTON, Quantity.BUTTON_PRESS}

    presses = [
        at
        for at, m in heard(play(ENCLOSURE, [button, lock]), button)
        if m.quantity in pressed and m.value == 1
    ]

    assert presses == [45 * MINUTE]


def test_a_tap_has_a_tag() -> None:
    reader = device("presence_tap")
    taps = [
        m.tag
        for _, m in heard(play(ENCLOSURE, [reader, device("door_lock")]), reader)
        if m.quantity is Quantity.PRESENCE_TAP and m.value == 1
    ]

    assert taps == ["04A2C3D4E5F680"] * 4


def test_beside_the_scenario_all_is_well() -> None:
    devices = [*room(), *room("calm-2")]
    other = next(d for d in devices if d.id == "calm-2-door_lock")

    steps = list(play(ENCLOSURE, devices))

    assert moves(series(steps, other, Quantity.DOOR_LOCK))[0][1] == 0.0
    assert len(moves(series(steps, other, Quantity.DOOR_LOCK))) == 1
    assert {s.what.room for s in steps if isinstance(s.what, Act)} == {"calm-1"}


def test_the_room_can_be_chosen() -> None:
    steps = play(ENCLOSURE, [*room(), *room("calm-2")], room="calm-2")

    assert {s.what.room for s in steps if isinstance(s.what, Act)} == {"calm-2"}


def test_several_rooms_can_have_scenarios_of_their_own() -> None:
    outdoor = [
        device("outdoor_daylight", room=name, topic="haven/outdoor") for name in "ab"
    ]
    devices = [*room("a"), *room("b"), *outdoor, *room("c", "bedroom")]
    rooms = {"b": ENCLOSURE, "c": SCENARIOS["bedroom-lock-in"]}
    lock = next(d for d in devices if d.id == "c-door_lock")

    steps = list(play_rooms(rooms, devices))
    seen = [m.sequence for _, m in heard(steps, outdoor[0]) if m.sequence]

    assert {s.what.room for s in steps if isinstance(s.what, Act)} == {"b"}
    assert len(moves(series(steps, lock, Quantity.DOOR_LOCK))) == 3
    assert seen == list(range(1, 121))


def test_who_is_cut_off_is_announced_by_the_broker() -> None:
    one = device("climate")
    cut = replace(
        CALM,
        silences=(
            Silence(
                role=Role.CLIMATE, begins=10 * MINUTE, ends=30 * MINUTE, noticed=True
            ),
        ),
    )
    there = series(play(cut, [one]), one, Quantity.AVAILABILITY)
    silent = [
        at
        for at, _ in series(play(cut, [one]), one, Quantity.CO2)
        if 10 * MINUTE <= at < 30 * MINUTE
    ]

    assert there == [
        (timedelta(0), 1.0),
        (10 * MINUTE + 90 * SECOND, 0.0),
        (30 * MINUTE, 1.0),
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("scenario", "devices", "chosen", "why"),
    [
        (
            "enclosure",
            room("b", "bedroom"),
            None,
            "is about a safe_room: there is none",
        ),
        ("bedroom-lock-in", room(), None, "is about a bedroom: there is none"),
        ("enclosure", room(), "calm-9", "there is no device in a room 'calm-9'"),
        ("enclosure", room("b", "bedroom"), "b", "room 'b' is a bedroom"),
        ("enclosure", [device("climate")], None, "room 'calm-1' has no door_lock"),
        ("calm-day", [device("climate", "knx")], None, "profile 'knx' is not one of"),
        ("calm-day", [device("clock", "tasmota")], None, "cannot tell what a clock"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_published(
    scenario: str, devices: list[SimulatedDevice], chosen: str | None, why: str
) -> None:
    with pytest.raises(SimulationError, match=why):
        play(SCENARIOS[scenario], devices, room=chosen)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(SimulationError, match="role 'climat' is not one of climate"):
        device("climat")


def test_a_load_is_steady_numbered_and_spread_evenly() -> None:
    devices = [device("climate", room=f"calm-{n}") for n in range(4)]
    began = datetime(2026, 11, 22, tzinfo=UTC)

    steps = list(load(devices, rate=100, count=1000, dated=lambda at: began + at))

    assert [step.offset for step in steps] == [
        n * 10 * SECOND / 1000 for n in range(1000)
    ]
    for one in devices:
        co2 = [m for _, m in heard(steps, one) if m.quantity is Quantity.CO2]
        assert [m.sequence for m in co2] == list(range(1, 251))


def test_a_load_needs_numbers() -> None:
    with pytest.raises(SimulationError, match="has no numbers"):
        next(load([device("climate", "tasmota")], rate=1, count=1, dated=_never))


def _never(_: timedelta) -> datetime:
    raise AssertionError
