"""Daylight is judged by what the sun and the sky allow, and only while the sun is up."""

from datetime import UTC, datetime
from math import radians, sin

import pytest

from room_monitor.core.evaluation import Evaluation, Reason, Verdict
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Daylight
from room_monitor.core.rules.daylight import SUN_STEP, evaluate
from room_monitor.core.site import Accuracy, Role
from sensors.quantity import Quantity
from tests.core.play import (
    AMSTERDAM,
    STEP,
    device,
    known,
    minute,
    minutes,
    reading,
    room,
)

LUX = Quantity.DAYLIGHT_ILLUMINANCE
SENSOR = device(
    Role.DAYLIGHT, interval=minutes(30), accuracy={LUX: Accuracy(relative=0.1)}
)
OUTDOOR = device(Role.OUTDOOR_DAYLIGHT)
LAMP = device(Role.LAMP)
BLIND = device(Role.BLIND)
ASKS = Daylight(low=300, at_elevation=30, min_elevation=5, outdoor_share=0.01)
NOON = datetime(2026, 6, 21, 11, 40, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 21, 23, 40, tzinfo=UTC)


def lux(value: float, at: datetime = NOON) -> Reading:
    return reading(SENSOR, LUX, value, at)


def judge(*readings: Reading, at: datetime = NOON) -> Evaluation:
    knows = known(room(SENSOR, OUTDOOR, LAMP, BLIND), *readings)
    return evaluate(ASKS, knows, SENSOR, at)


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        (340, Verdict.MET, Reason.DAYLIGHT_SEEN),
        (330, Verdict.UNKNOWN, Reason.UNDECIDED),  # at least 297
        (280, Verdict.UNKNOWN, Reason.UNDECIDED),  # at most 308
        (270, Verdict.VIOLATED, Reason.TOO_DARK),  # at most 297
    ],
)
def test_a_high_sun_asks_for_all_of_the_light(
    value: float, verdict: Verdict, reason: Reason
) -> None:
    said = lux(value)

    assert judge(said) == Evaluation(verdict, reason, NOON, NOON + SUN_STEP, said)


def test_a_lower_sun_asks_for_less_in_proportion_to_its_height() -> None:
    at = minute(0)
    height = sin(radians(AMSTERDAM.sun_elevation(at))) / sin(radians(30))
    asked = 300 * height

    assert 0.3 < height < 0.9
    assert judge(lux(asked / 1.1 * 0.999, at), at=at).reason is Reason.TOO_DARK
    assert judge(lux(asked / 1.1 * 1.001, at), at=at).reason is Reason.UNDECIDED
    assert judge(lux(asked / 0.9 * 1.001, at), at=at).reason is Reason.DAYLIGHT_SEEN


def test_at_night_nothing_is_judged() -> None:
    assert judge(lux(0, MIDNIGHT), at=MIDNIGHT) == Evaluation(
        Verdict.UNKNOWN, Reason.NOT_JUDGED_NOW, MIDNIGHT, MIDNIGHT + SUN_STEP
    )


def test_it_is_judged_from_the_height_that_is_asked_for() -> None:
    sun = AMSTERDAM.sun_elevation(NOON)
    at_limit = Daylight(low=300, at_elevation=30, min_elevation=sun, outdoor_share=0.01)
    knows = known(room(SENSOR), lux(0))

    assert evaluate(at_limit, knows, SENSOR, NOON).verdict is Verdict.VIOLATED


def test_a_sensor_that_never_spoke_shows_nothing_until_the_sun_moves() -> None:
    assert judge() == Evaluation(
        Verdict.UNKNOWN, Reason.NO_READING, NOON, NOON + SUN_STEP
    )


def test_a_reading_is_evidence_until_it_is_exactly_too_old() -> None:
    said = lux(900, NOON - minutes(60))

    assert judge(said, at=NOON - STEP).recheck_at == NOON
    assert judge(said) == Evaluation(
        Verdict.UNKNOWN, Reason.READING_TOO_OLD, NOON, NOON + SUN_STEP, said
    )


def test_a_dark_sky_asks_for_no_more_than_a_share_of_the_light_outdoors() -> None:
    cloudy = reading(OUTDOOR, LUX, 10_000, NOON)
    bright = reading(OUTDOOR, LUX, 90_000, NOON)

    assert judge(lux(120), cloudy).reason is Reason.DAYLIGHT_SEEN
    assert judge(lux(80), cloudy).reason is Reason.TOO_DARK
    assert judge(lux(120), bright).reason is Reason.TOO_DARK


def test_an_outdoor_reference_that_is_too_old_excuses_nothing() -> None:
    old = reading(OUTDOOR, LUX, 10_000, NOON - minutes(20))

    assert judge(lux(120), old).reason is Reason.TOO_DARK


def test_it_is_judged_again_when_the_outdoor_reference_is_too_old() -> None:
    cloudy = reading(OUTDOOR, LUX, 10_000, NOON - minutes(18))

    assert judge(lux(120), cloudy).recheck_at == NOON + minutes(2)


def test_within_one_step_of_the_sun_the_answer_is_the_same_whoever_looks() -> None:
    said = lux(900)
    looks = [NOON, NOON + minutes(2), NOON + SUN_STEP - STEP]

    assert len({judge(said, at=at) for at in looks}) == 1
    assert judge(said, at=NOON + SUN_STEP).recheck_at == NOON + 2 * SUN_STEP


def test_a_closed_blind_is_a_choice_and_no_breach() -> None:
    closed = reading(BLIND, Quantity.BLIND_STATE, 1, NOON)
    opened = reading(BLIND, Quantity.BLIND_STATE, 0, NOON)

    assert judge(lux(20), closed).reason is Reason.BLIND_CLOSED
    assert judge(lux(20), opened).reason is Reason.TOO_DARK


def test_a_lamp_may_pass_for_daylight() -> None:
    lit = reading(LAMP, Quantity.LAMP_STATE, 1, NOON)
    dark = reading(LAMP, Quantity.LAMP_STATE, 0, NOON)

    assert judge(lux(900), lit) == Evaluation(
        Verdict.UNKNOWN, Reason.MAY_BE_LAMP, NOON, NOON + SUN_STEP, lux(900)
    )
    assert judge(lux(900), dark).verdict is Verdict.MET


def test_what_was_seen_before_the_blind_was_opened_accuses_nobody() -> None:
    """Then the sensor last spoke through a closed blind; its next reading tells."""
    opened = reading(BLIND, Quantity.BLIND_STATE, 0, NOON)

    assert judge(lux(20, NOON - STEP), opened).reason is Reason.BLIND_CLOSED
    assert judge(lux(20, NOON), opened).reason is Reason.TOO_DARK


def test_what_was_seen_before_the_lamp_went_out_is_no_daylight_yet() -> None:
    dark = reading(LAMP, Quantity.LAMP_STATE, 0, NOON)

    assert judge(lux(900, NOON - STEP), dark).reason is Reason.MAY_BE_LAMP
    assert judge(lux(900, NOON), dark).reason is Reason.DAYLIGHT_SEEN


def test_a_lamp_does_not_excuse_a_room_that_is_dark_all_the_same() -> None:
    lit = reading(LAMP, Quantity.LAMP_STATE, 1, NOON)

    assert judge(lux(100), lit).verdict is Verdict.VIOLATED
