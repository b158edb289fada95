"""What a profile reads stands in its documentation."""

from pathlib import Path

import pytest

from sensors.profiles import PROFILES, shelly_gen2, tasmota, zigbee2mqtt
from sensors.quantity import SPECS, Quantity

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text()


@pytest.mark.parametrize(
    "key",
    [
        *PROFILES,
        *zigbee2mqtt.TABLE,
        *zigbee2mqtt.READERS,
        *tasmota.TABLE,
        *tasmota.TAG_READERS,
        *shelly_gen2.TABLE,
        *shelly_gen2.PRESSES,
    ],
)
def test_every_key_that_is_read_is_documented(key: str) -> None:
    assert f"`{key}" in PAGE


@pytest.mark.parametrize("quantity", Quantity)
def test_every_quantity_of_the_native_format_is_documented(quantity: Quantity) -> None:
    line = next(line for line in PAGE.splitlines() if f"`{quantity.value}`" in line)

    for state in SPECS[quantity].states:
        assert f"`{state}`" in line
