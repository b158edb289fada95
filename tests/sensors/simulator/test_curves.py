"""A curve says the same value for the same offset, and a plausible one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sensors.quantity import SPECS, Quantity
from sensors.simulator.air import Air
from sensors.simulator.curves import (
    Constant,
    Daylight,
    Dimmed,
    Line,
    Presses,
    Steps,
    Sum,
    changes,
)
from sensors.simulator.noise import SPREADS, deviation, measured
from sensors.simulator.sky import Sky
from tests.sensors.simulator.stage import HOUR, MINUTE

SECOND = timedelta(seconds=1)
START = timedelta(0)
JUNE = Sky(datetime(2026, 6, 21, 0, 0, tzinfo=UTC), 52.09, 5.12)
DECEMBER = Sky(datetime(2026, 12, 21, 0, 0, tzinfo=UTC), 52.09, 5.12)


def test_a_line_is_straight_between_its_points_and_level_outside() -> None:
    line = Line(((HOUR, 24.0), (5 * HOUR, 32.0)))

    values = [line.value(n * HOUR, JUNE) for n in (0, 1, 2, 5, 9)]

    assert values == [24.0, 24.0, 26.0, 32.0, 32.0]


def test_a_step_holds_from_its_point_on() -> None:
    steps = Steps(((START, 0.0), (HOUR, 1.0)))

    assert [steps.value(at, JUNE) for at in (START, HOUR - SECOND, HOUR)] == [0, 0, 1]
    assert list(changes(steps)) == [HOUR]


def test_a_press_lasts_a_second_and_says_whose_tag_it_is() -> None:
    presses = Presses(((MINUTE, "04A2"),))

    assert [presses.value(MINUTE + n * SECOND, JUNE) for n in (-1, 0, 1)] == [0, 1, 0]
    assert presses.tag(MINUTE) == "04A2"
    assert list(changes(presses)) == [MINUTE, MINUTE + SECOND]


def test_curves_add_up_and_are_dimmed() -> None:
    both = Sum((Constant(300.0), Dimmed(Constant(1000.0), Constant(0.05))))

    assert both.value(START, JUNE) == 350.0


@pytest.mark.parametrize("points", [(), ((HOUR, 1.0), (HOUR, 2.0))])
def test_points_must_ascend(points: tuple[tuple[timedelta, float], ...]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        Steps(points)


# Utrecht; the elevations are those of an almanac, to about a degree.
@pytest.mark.parametrize(
    ("sky", "hour", "elevation"),
    [(JUNE, 11.7, 61.3), (DECEMBER, 11.6, 14.5), (JUNE, 3.3, 0.0), (JUNE, 23.7, -14.5)],
)
def test_the_sun_stands_where_it_should(
    sky: Sky, hour: float, elevation: float
) -> None:
    assert sky.elevation(hour * HOUR) == pytest.approx(elevation, abs=1.5)


def test_noon_is_bright_and_midnight_is_dark() -> None:
    outside = Daylight(1.0)

    assert 80_000 < outside.value(11.7 * HOUR, JUNE) < 110_000
    assert 10_000 < outside.value(11.6 * HOUR, DECEMBER) < 25_000
    assert outside.value(START, DECEMBER) < 1


def test_daylight_has_no_jumps() -> None:
    values = [Daylight(1.0).value(n * MINUTE, JUNE) for n in range(24 * 60)]

    assert max(abs(b - a) for a, b in pairwise(values)) < 600


# The figures of ΔC = G/Q: one person at 20 L/h, outdoors 420 ppm.
@pytest.mark.parametrize(
    ("flow", "steady"), [(12 * 3.6, 883), (7 * 3.6, 1214), (3.44 * 3.6, 2035)]
)
def test_the_air_settles_where_the_mass_balance_says(
    flow: float, steady: float
) -> None:
    air = Air(people=((START, 1.0),), flow=((START, flow),))

    assert air.value(48 * HOUR, JUNE) == pytest.approx(steady, abs=1)


def test_without_air_one_person_adds_800_ppm_an_hour() -> None:
    air = Air(people=((START, 1.0),), flow=((START, 0.0),), start=500.0)

    assert air.value(2 * HOUR, JUNE) == pytest.approx(2100)


def test_co2_falls_once_the_vent_works_again() -> None:
    air = Air(
        people=((START, 1.0),), flow=((START, 0.0), (2 * HOUR, 45.0)), start=900.0
    )

    assert air.value(2 * HOUR, JUNE) == pytest.approx(2500)
    assert air.value(4 * HOUR, JUNE) == pytest.approx(864 + 1636 * 0.0273, abs=5)


@pytest.mark.parametrize("quantity", SPREADS)
def test_a_sensor_never_leaves_what_is_possible(quantity: Quantity) -> None:
    spec = SPECS[quantity]

    assert spec.admits(measured(quantity, spec.low, "a"))
    assert spec.admits(measured(quantity, spec.high, "a"))


def test_the_same_key_deviates_the_same() -> None:
    drawn = [deviation(f"key {n}") for n in range(2000)]

    assert drawn == [deviation(f"key {n}") for n in range(2000)]
    assert abs(sum(drawn) / len(drawn)) < 0.05
    assert all(-1 <= each <= 1 for each in drawn)


def test_no_air_is_no_air_whatever_the_noise() -> None:
    assert measured(Quantity.AIR_FLOW, 0.0, "x") == 0.0
