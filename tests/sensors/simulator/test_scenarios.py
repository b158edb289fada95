"""Each scenario shows what it promises, in the values that the monitor reads."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensors.quantity import Quantity
from sensors.simulator import SCENARIOS, Act, Deed, Scenario, play
from tests.sensors.simulator.stage import HOUR, MINUTE, moves, room, series

ROOT = Path(__file__).parents[3]
NAMES = [
    *("calm-day", "hot-afternoon", "dead-door-contact", "blocked-vent"),
    *("clock-after-dst", "enclosure", "bedroom-lock-in"),
]


def values(name: str, role: str, quantity: Quantity) -> list[tuple[timedelta, float]]:
    scenario = SCENARIOS[name]
    one, *others = sorted(
        room("here", scenario.room_kinds[0]), key=lambda device: device.role != role
    )
    devices = [one, *(other for other in others if other.role in scenario.needs)]
    return series(play(scenario, devices), one, quantity)


def near(found: list[tuple[timedelta, float]], at: timedelta) -> float:
    return min(found, key=lambda each: abs(each[0] - at))[1]


def acts(name: str) -> list[tuple[timedelta, Act]]:
    steps = play(SCENARIOS[name], room())
    return [(step.offset, step.what) for step in steps if isinstance(step.what, Act)]


def test_the_scenarios_are_those_that_are_documented() -> None:
    document = (ROOT / "docs/simulator.md").read_text("utf-8")

    assert list(SCENARIOS) == NAMES
    assert re.findall(r"^\| `([a-z-]+)` \|", document, re.MULTILINE) == NAMES


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=NAMES)
def test_a_scenario_says_what_to_look_for_in_both_languages(scenario: Scenario) -> None:
    for text in (scenario.title, *scenario.shows):
        assert text.nl
        assert text.en
    offsets = [act.offset for act in scenario.acts]
    assert offsets == sorted(offsets)
    assert all(at < scenario.duration for at in offsets)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=NAMES)
def test_requirements_and_facts_that_a_scenario_names_are_in_the_catalogue(
    scenario: Scenario,
) -> None:
    files = (ROOT / "config/requirements").glob("*.yaml")
    text = "\n".join(path.read_text("utf-8") for path in files)
    requirements = set(re.findall(r"^\s*- id: ([a-z0-9-]+)", text, re.MULTILINE))
    facts = set(re.findall(r"^\s*- name: ([a-z0-9_]+)", text, re.MULTILINE))

    named = {act.fields["fact"] for act in scenario.acts if "fact" in act.fields}
    assert set(scenario.requirements) <= requirements
    assert named <= facts


def test_a_calm_day_has_light_by_day_and_co2_only_with_somebody() -> None:
    light = values("calm-day", "daylight", Quantity.DAYLIGHT_ILLUMINANCE)
    co2 = values("calm-day", "climate", Quantity.CO2)

    assert near(light, 13 * HOUR) > 1000
    assert near(light, 1 * HOUR) < 5
    assert near(co2, 9 * HOUR) < 450
    assert 600 < near(co2, 10.7 * HOUR) < 950
    assert max(value for _, value in co2) < 950


def test_a_hot_afternoon_rises_from_24_to_31_degrees() -> None:
    warmth = values("hot-afternoon", "climate", Quantity.AIR_TEMPERATURE)

    assert near(warmth, timedelta(0)) == pytest.approx(24, abs=0.2)
    assert near(warmth, 4 * HOUR) == pytest.approx(31, abs=0.2)
    assert moves(values("hot-afternoon", "thermostat", Quantity.CONTROL_LOCKOUT))[
        1:
    ] == [
        (3 * HOUR, 1.0),
        (4 * HOUR, 0.0),
    ]


def test_behind_a_closed_blind_it_is_dark() -> None:
    light = values("hot-afternoon", "daylight", Quantity.DAYLIGHT_ILLUMINANCE)

    assert near(light, HOUR) > 1000
    assert near(light, 2 * HOUR) < 200


def test_a_dead_door_contact_runs_down_falls_silent_and_says_no_goodbye() -> None:
    battery = values("dead-door-contact", "door_contact", Quantity.BATTERY)
    there = values("dead-door-contact", "door_contact", Quantity.AVAILABILITY)
    at = [at for at, _ in battery]

    assert battery[0][1] == 9
    assert near(battery, 2 * HOUR - MINUTE) == 1
    assert [a for a in at if 2 * HOUR <= a < 3.5 * HOUR] == []
    assert battery[-1][1] == 100
    assert there == [(timedelta(0), 1.0)]


def test_behind_a_blocked_vent_co2_rises_to_2500() -> None:
    co2 = values("blocked-vent", "climate", Quantity.CO2)
    flow = values("blocked-vent", "ventilation", Quantity.AIR_FLOW)
    fan = values("blocked-vent", "ventilation", Quantity.FAN_STATE)

    assert 700 < near(co2, HOUR) < 883
    assert near(co2, 3.25 * HOUR) == pytest.approx(2500, abs=80)
    assert near(co2, 4 * HOUR) < 1500
    assert {value for at, value in flow if HOUR < at < 3.25 * HOUR} == {0.0}
    assert {value for _, value in fan} == {1.0}


def test_a_clock_is_an_hour_off_from_the_change_on() -> None:
    offsets = values("clock-after-dst", "clock", Quantity.CLOCK_OFFSET)
    wrong = [at for at, value in offsets if value > 60]

    assert SCENARIOS["clock-after-dst"].starts_at + wrong[0] == datetime(
        2026, 10, 25, 1, 0, tzinfo=UTC
    )
    assert near(offsets, 2 * HOUR) == pytest.approx(3600, abs=1)
    assert wrong[-1] < 7.5 * HOUR


def test_an_enclosure_has_its_checks_and_its_half_hour_without_one() -> None:
    begin = 5 * MINUTE
    of = {
        deed: [
            (at - begin) / MINUTE for at, act in acts("enclosure") if act.deed is deed
        ]
        for deed in Deed
    }
    answered = [
        (at - begin) / MINUTE
        for at, act in acts("enclosure")
        if act.fields.get("fact") == "contact_answered"
    ]

    assert of[Deed.BEGIN_STAY] == [0]
    assert of[Deed.CHECK] == [12, 25, 38, 61, 73]
    assert of[Deed.END_STAY] == [80]
    assert answered == [44]


def test_a_check_without_a_tap_is_among_them() -> None:
    taps = values("enclosure", "presence_tap", Quantity.PRESENCE_TAP)

    assert len([at for at, value in taps if value]) == 4


def test_a_bedroom_is_locked_for_35_minutes_and_nobody_records_it() -> None:
    lock = values("bedroom-lock-in", "door_lock", Quantity.DOOR_LOCK)
    contact = values("bedroom-lock-in", "door_contact", Quantity.DOOR_CONTACT)

    assert moves(lock)[1:] == [(30 * MINUTE, 1.0), (65 * MINUTE, 0.0)]
    assert near(contact, 40 * MINUTE) == 0.0
    assert SCENARIOS["bedroom-lock-in"].acts == ()
