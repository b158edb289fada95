"""No number without its unit; the usual other units are converted, others refused."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.site import Accuracy
from room_monitor.settings.units import (
    read_accuracy,
    read_duration,
    read_quantity,
    read_share,
)
from sensors.quantity import SPECS, Quantity

MEASURED = sorted(q for q in Quantity if not q.states and q.unit)


@pytest.mark.parametrize(
    ("text", "quantity", "value"),
    [
        ("27 °C", Quantity.AIR_TEMPERATURE, 27.0),
        ("27°C", Quantity.AIR_TEMPERATURE, 27.0),
        ("-5 °C", Quantity.AIR_TEMPERATURE, -5.0),
        ("−5 °C", Quantity.AIR_TEMPERATURE, -5.0),
        ("68 °F", Quantity.AIR_TEMPERATURE, 20.0),
        ("293.15 K", Quantity.AIR_TEMPERATURE, 20.0),
        ("1.2 klx", Quantity.ILLUMINANCE, 1200.0),
        ("1200 ppm", Quantity.CO2, 1200.0),
        ("12 dm³/s", Quantity.AIR_FLOW, 43.2),
        ("12 l/s", Quantity.AIR_FLOW, 43.2),
        ("0.01 m³/s", Quantity.AIR_FLOW, 36.0),
        ("-1 min", Quantity.CLOCK_OFFSET, -60.0),
        ("40 %", Quantity.RELATIVE_HUMIDITY, 40.0),
        ("60", Quantity.LINK_QUALITY, 60.0),  # the one quantity that has no unit
    ],
)
def test_units_in_use_are_converted(
    text: str, quantity: Quantity, value: float
) -> None:
    assert read_quantity(text, quantity) == value


@pytest.mark.parametrize(
    ("text", "quantity", "message"),
    [
        (
            "27 lx",
            Quantity.AIR_TEMPERATURE,
            "27 lx is not a temperature; write '27 °C'",
        ),
        ("27", Quantity.AIR_TEMPERATURE, "27 has no unit; write '27 °C'"),
        ("mild", Quantity.AIR_TEMPERATURE, "'mild' is not a number with a unit"),
        ("1.800 mg/m³", Quantity.CO2, "1.800 mg/m³ is not a concentration"),
        ("nan ppm", Quantity.CO2, "'nan ppm' is not a number with a unit"),
        ("1e3 ppm", Quantity.CO2, "1e3 ppm is not a concentration; write '1 ppm'"),
        ("1,200 ppm", Quantity.CO2, "with a point, not a comma"),
        ("50000 ppm", Quantity.CO2, "co2 lies between 200 and 40000 ppm"),
        ("", Quantity.CO2, "'' is not a number with a unit"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(
    text: str, quantity: Quantity, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_quantity(text, quantity)


@given(st.sampled_from(MEASURED), st.data())
def test_a_value_in_the_unit_of_its_quantity_is_read_as_it_is_written(
    quantity: Quantity, draw: st.DataObject
) -> None:
    spec = SPECS[quantity]
    value = draw.draw(st.integers(int(spec.low), int(spec.high)))

    assert read_quantity(f"{value} {quantity.unit}", quantity) == value


@given(st.integers(-40, 85))
def test_fahrenheit_and_kelvin_agree_with_celsius(celsius: int) -> None:
    fahrenheit = f"{celsius * 9 / 5 + 32:.1f} °F"
    kelvin = f"{celsius + 273.15:.2f} K"

    for text in (fahrenheit, kelvin):
        assert read_quantity(text, Quantity.AIR_TEMPERATURE) == pytest.approx(celsius)


def test_a_difference_has_no_zero_point() -> None:
    quantity = Quantity.AIR_TEMPERATURE

    assert read_quantity("9 °F", quantity, difference=True) == 5.0
    assert read_quantity("2 K", quantity, difference=True) == 2.0


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("15 min", timedelta(minutes=15)),
        ("15min", timedelta(minutes=15)),
        ("1.5 h", timedelta(minutes=90)),
        ("500 ms", timedelta(milliseconds=500)),
        ("0 s", timedelta(0)),
        ("14 d", timedelta(days=14)),
        ("2 weeks", timedelta(days=14)),
        ("6 months", timedelta(days=183)),
        ("12 months", timedelta(days=365)),
        ("13 months", timedelta(days=396)),
        ("20 years", timedelta(days=7300)),
    ],
)
def test_durations(text: str, duration: timedelta) -> None:
    assert read_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["15", "15 m", "-1 s", "a while", "1e9 years", "99999999999 years", "1:30 h"],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|not a number|less than|longer"):
        read_duration(text)


@given(st.integers(0, 10_000), st.sampled_from(("s", "min", "h", "d")))
def test_longer_units_are_longer(number: int, unit: str) -> None:
    order = ("ms", "s", "min", "h", "d", "weeks", "months", "years")
    longer = order[order.index(unit) + 1]

    assert read_duration(f"{number} {unit}") <= read_duration(f"{number} {longer}")


@pytest.mark.parametrize(
    ("text", "quantity", "accuracy"),
    [
        ("30 ppm + 3 %", Quantity.CO2, Accuracy(30, 0.03)),
        ("±30 ppm + 3 %", Quantity.CO2, Accuracy(30, 0.03)),
        ("5 %", Quantity.ILLUMINANCE, Accuracy(0, 0.05)),
        ("0.9 °F", Quantity.AIR_TEMPERATURE, Accuracy(0.5, 0)),
        # Of what is in percent itself, a percentage is points.
        ("2 %", Quantity.RELATIVE_HUMIDITY, Accuracy(2, 0)),
        ("2 % of value", Quantity.RELATIVE_HUMIDITY, Accuracy(0, 0.02)),
        ("1 % + 2 % of value", Quantity.RELATIVE_HUMIDITY, Accuracy(1, 0.02)),
    ],
)
def test_accuracy_as_data_sheets_give_it(
    text: str, quantity: Quantity, accuracy: Accuracy
) -> None:
    assert read_accuracy(text, quantity) == accuracy


def test_the_published_accuracy_of_a_common_co2_sensor() -> None:
    assert read_accuracy("30 ppm + 3 %", Quantity.CO2).of(1200) == pytest.approx(66)


def test_a_share_is_written_in_percent() -> None:
    assert read_share("50 %") == 0.5
    with pytest.raises(ValueError, match="write '50 %'"):
        read_share("0.5")


@given(st.text(), st.sampled_from(sorted(Quantity)))
def test_whatever_is_written_is_read_or_refused(text: str, quantity: Quantity) -> None:
    for read in (
        lambda: read_duration(text),
        lambda: read_share(text),
        lambda: read_accuracy(text, quantity),
    ):
        with suppress(ValueError):
            read()
