"""A profile says under which topics everything that a device publishes arrives."""

from sensors.profiles import PROFILES


def test_a_native_device_speaks_on_its_base_topic() -> None:
    assert PROFILES["native"].filters("home/safe-room/climate") == (
        "home/safe-room/climate",
        "home/safe-room/climate/availability",
    )


def test_a_zigbee_device_speaks_on_its_friendly_name() -> None:
    assert PROFILES["zigbee2mqtt"].filters("zigbee2mqtt/door") == (
        "zigbee2mqtt/door",
        "zigbee2mqtt/door/availability",
    )


def test_a_tasmota_device_has_its_prefix_before_or_after_its_topic() -> None:
    assert PROFILES["tasmota"].filters("plug") == (
        "tele/plug/SENSOR",
        "tele/plug/STATE",
        "tele/plug/LWT",
        "stat/plug/+",
        "plug/tele/SENSOR",
        "plug/tele/STATE",
        "plug/tele/LWT",
        "plug/stat/+",
    )


def test_a_full_topic_of_tasmota_may_be_written_out() -> None:
    assert PROFILES["tasmota"].filters("care/%prefix%/plug/") == (
        "care/tele/plug/SENSOR",
        "care/tele/plug/STATE",
        "care/tele/plug/LWT",
        "care/stat/plug/+",
    )


def test_a_shelly_speaks_under_its_prefix() -> None:
    assert PROFILES["shelly_gen2"].filters("care/valve") == (
        "care/valve/online",
        "care/valve/status/+",
        "care/valve/events/rpc",
    )
