"""A quantity has one unit, one range, and words for people."""

import pytest

from sensors.quantity import SPECS, Quantity


def test_every_quantity_has_a_specification() -> None:
    assert set(SPECS) == set(Quantity)


@pytest.mark.parametrize(
    ("quantity", "value", "text"),
    [
        (Quantity.CO2, 812.0, "812 ppm"),
        (Quantity.AIR_TEMPERATURE, -2.5, "-2.5 °C"),
        (Quantity.LINK_QUALITY, -61.0, "-61"),
        (Quantity.DOOR_LOCK, 1.0, "locked"),
        (Quantity.DOOR_CONTACT, 0.0, "closed"),
    ],
)
def test_a_value_is_written_for_people(
    quantity: Quantity, value: float, text: str
) -> None:
    assert quantity.describe(value) == text


@pytest.mark.parametrize("quantity", Quantity)
def test_nothing_that_is_not_a_number_is_admitted(quantity: Quantity) -> None:
    spec = SPECS[quantity]

    assert spec.admits(spec.low)
    assert spec.admits(spec.high)
    assert not any(map(spec.admits, (float("nan"), float("inf"), float("-inf"))))


@pytest.mark.parametrize("quantity", [q for q in Quantity if q.states])
def test_between_two_states_there_is_nothing(quantity: Quantity) -> None:
    assert not SPECS[quantity].admits(0.5)
